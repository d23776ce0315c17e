"""Writing a report, in the form that the name of the file says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from eval.errors import EvaluationError
from eval.report.markdown import markdown
from eval.report.sections import sections
from eval.results import Results
from eval.runs import write_whole


def write_report(results: Mapping[str, Results], path: Path, by: str | None = None) -> None:
    """One file with all of it: .html, .md or .json. Raises EvaluationError."""
    form = path.suffix.lower()
    if form not in (".html", ".md", ".json"):
        raise EvaluationError(f"{path}: a report is written as .html, .md or .json")
    if by and not any(by in r.measures for r in results.values()):
        there = ", ".join(dict.fromkeys(name for r in results.values() for name in r.measures))
        raise EvaluationError(f"no measure {by!r} in these results; there are {there}")
    found = sections(results, by)
    if form == ".html":
        from eval.report.page import page

        text = page(found)
    elif form == ".md":
        text = markdown(found)
    else:
        told = {
            "results": {label: r.to_json() for label, r in results.items()},
            "comparisons": [c.to_json() for section in found for c in section.comparisons],
        }
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_whole(path, text)
