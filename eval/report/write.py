"""Writing a report, in the form that the name of the file says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from eval.errors import EvaluationError
from eval.lines import read_text
from eval.report.markdown import markdown
from eval.report.sections import sections
from eval.results import Results
from eval.runs import write_whole

BEGIN, END = "<!-- results -->", "<!-- /results -->"  # in Markdown, what stands around them is kept


def write_report(named: Sequence[tuple[str, Results]], path: Path, by: str | None = None) -> None:
    """One file with all of it: .html, .md or .json; `by` is the measure that pictures go by.

    A Markdown file that is there with the two marks is kept but for what stands between them. Raises
    EvaluationError.
    """
    form = path.suffix.lower()
    if form not in (".html", ".md", ".json"):
        raise EvaluationError(f"{path}: a report is written as .html, .md or .json")
    if by and not any(by in r.measures for _, r in named):
        there = ", ".join(dict.fromkeys(name for _, r in named for name in r.measures))
        raise EvaluationError(f"no measure {by!r} in these results; there are {there}")
    found = sections(named, by)
    if form == ".html":
        from eval.report.page import page

        text = page(found)
    elif form == ".md":
        text = _between_marks(path, markdown(found))
    else:
        told = {
            "results": {name: r.to_json() for name, r in named},
            "comparisons": [c.to_json() for section in found for c in section.comparisons],
        }
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_whole(path, text)


def _between_marks(path: Path, text: str) -> str:
    held = read_text(path) if path.exists() else ""
    front, begin, rest = held.partition(BEGIN)
    _, end, back = rest.partition(END)
    return f"{front}{begin}\n\n{text}\n{end}{back}" if begin and end else text
