"""Writing a report, in the form that the name of the file says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.errors import EvaluationError
from eval.lines import read_text
from eval.report.markdown import markdown
from eval.report.sections import sections
from eval.results import Results
from eval.runs import write_whole

END = "<!-- /results -->"  # in Markdown, what stands around the marks is kept


def begin(mark: str | None) -> str:
    """The mark that results are written behind; a page may have several, each with a name."""
    return f"<!-- results: {mark} -->" if mark else "<!-- results -->"


def write_report(
    named: Sequence[tuple[str, Results]],
    path: Path,
    by: str | None = None,
    *,
    measures: Sequence[str] = (),
    mark: str | None = None,
) -> None:
    """One file with all of it: .html, .md or .json; `by` is the measure that pictures go by.

    With `measures`, nothing but these is told. A Markdown file that is there with the two marks is kept but
    for what stands between them; `mark` says which, where it has several. Raises EvaluationError.
    """
    form = path.suffix.lower()
    if form not in (".html", ".md", ".json"):
        raise EvaluationError(f"{path}: a report is written as .html, .md or .json")
    there = list(dict.fromkeys(name for _, r in named for name in r.measures))
    if unknown := [name for name in (*measures, *filter(None, [by])) if name not in there]:
        names = ", ".join(map(repr, unknown))
        raise EvaluationError(f"no measure {names} in these results; there are {', '.join(there)}")
    if mark and form != ".md":
        raise EvaluationError(f"{path}: only Markdown has marks, found {mark!r}")
    if measures:
        named = [(name, _only(results, measures)) for name, results in named]
    found = sections(named, by)
    if form == ".html":
        from eval.report.page import page

        text = page(found)
    elif form == ".md":
        text = _between_marks(path, markdown(found, measures), mark)
    else:
        told = {
            "results": {name: r.to_json() for name, r in named},
            "comparisons": [c.to_json() for section in found for c in section.comparisons],
        }
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_whole(path, text)


def _only(results: Results, measures: Sequence[str]) -> Results:
    """Results as if nothing but some measures had been taken, in the order in which they are named."""
    kept = [
        replace(q, values={name: q.values[name] for name in measures if name in q.values})
        for q in results.questions
    ]
    return replace(results, questions=tuple(kept))


def _between_marks(path: Path, text: str, mark: str | None) -> str:
    held = read_text(path) if path.exists() else ""
    front, first, rest = held.partition(begin(mark))
    _, last, back = rest.partition(END)
    if first and last:
        return f"{front}{first}\n\n{text}\n{last}{back}"
    if mark:
        raise EvaluationError(f"{path}: no {begin(mark)} with {END} behind it; put both where results belong")
    return text
