"""The verb `eval fit`: weights of the ranking, chosen across collections."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.bench import CACHE

if TYPE_CHECKING:
    from eval.benchmark import Benchmark
    from eval.fit import Fit, Worth
    from rag.fuse import Weights


def fit(
    datasets: Annotated[list[str], typer.Argument(metavar="DATASET...", help="Two or more, as for `bench`.")],
    each: Annotated[int, typer.Option(min=1, metavar="N", help="Ask only each Nth question.")] = 1,
    documents: Annotated[
        Path | None, typer.Option(help="Where the documents of an evaluation set lie.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the file of weights there.")] = None,
    cache: Annotated[Path, typer.Option(help="Folder for indexes, which are kept.")] = CACHE,
    as_json: options.AsJson = False,
) -> None:
    """Choose the weights of the ranking across collections, each left out once; show how they carry over."""
    from dataclasses import asdict

    from api.cli import terminal
    from eval.benchmark import sampled
    from eval.datasets import read_dataset
    from eval.errors import EvaluationError
    from eval.fit import fit as choose
    from eval.fit import save

    if len(datasets) < 2:
        raise EvaluationError(f"weights fitted on {datasets[0]} alone would fit it alone; name two or more")
    read = [read_dataset(name, documents=None if name == "samples" else documents) for name in datasets]
    found = choose([_worth(one, sampled(one, each), cache) for one in read])
    if out:
        save(found, out, f"pincite {shlex.join(sys.argv[1:])}")
    if as_json:
        folds = [
            {
                "collection": fold.worth.name,
                "measure": fold.worth.measure,
                "questions": fold.worth.questions,
                "chosen by the others": asdict(fold.chosen),
                "with that": fold.value,
                "with the weights of all": fold.shipped,
                "best with hindsight": fold.best,
            }
            for fold in found.folds
        ]
        terminal.print_json({"weights": asdict(found.weights), "carried": found.carried, "folds": folds})
    else:
        _show(found)


def _worth(benchmark: Benchmark, asked: Benchmark, cache: Path) -> Worth:
    """The rules on one collection, over an index that is built when it is not there."""
    from api.cli import terminal
    from eval.bench import Task
    from eval.fit import worth
    from eval.indexing import Unit, index_key
    from eval.workbench import opened
    from index.encoder import weights_of

    model = options.settings().embedder
    task = Task(asked, cache / "results", Unit.PASSAGES)
    key = index_key(benchmark, task.unit, model, weights_of(model))
    folder = cache / benchmark.name / f"{task.unit}-{key}"
    service = options.service(folder / "index")
    with (
        terminal.progress(f"{benchmark.name}: indexing", len(benchmark.entries)) as advance,
        opened(task, folder, service.encoder, seen=lambda: advance(1)) as bench,
        terminal.progress(benchmark.name, len(asked.questions)) as step,
    ):
        found = worth(bench, advance=lambda: step(1))
        bench.questions.save()
        return found


def _show(found: Fit) -> None:
    from api.cli import terminal

    rows = [
        (
            fold.worth.name,
            fold.worth.measure,
            str(fold.worth.questions),
            _told(fold.chosen),
            f"{fold.value:.4f}",
            f"{fold.shipped:.4f}",
            f"{fold.best:.4f}",
        )
        for fold in found.folds
    ]
    columns = (
        "collection",
        "measure",
        "questions",
        "chosen by the others",
        "with that",
        "with all",
        "at best",
    )
    terminal.out.print(terminal.table(columns, rows, right=columns[4:]))
    terminal.out.print(f"weights of all: {_told(found.weights)}; carried over: {found.carried:.4f}")


def _told(weights: Weights) -> str:
    added = f"{weights.dense:g} dense + {weights.lexical:g} lexical + {weights.late:g} late"
    return f"{added}, common {weights.common:g}"
