"""A report as one HTML page: nothing is loaded from anywhere, and it suits a light and a dark screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eval.report import charts
from eval.report.sections import Section
from eval.results import Results


def page(found: Sequence[Section]) -> str:
    """The whole page; every text of a document or a question is escaped."""
    environment = Environment(
        loader=PackageLoader("eval.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        sections=[_section(section, number) for number, section in enumerate(found, 1)],
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def _section(section: Section, number: int) -> dict[str, object]:
    drawn = [
        (charts.distinct(svg, f"s{number}c{i}"), caption)
        for i, (svg, caption) in enumerate(_figures(section))
    ]
    return {
        "section": section,
        "means": section.means(),
        "ends": {label: r.intervals() for label, r in section.results.items()},
        "best": _best(section),
        "colours": charts.colours(list(section.results)),
        "figures": [(Markup(svg), caption) for svg, caption in drawn],  # noqa: S704 - of ours
        "abstentions": {label: _trust(r) for label, r in section.results.items() if _trust(r)},
        "failures": section.failures(),
        "costs": {label: r.cost for label, r in section.results.items() if r.cost},
    }


def _best(section: Section) -> dict[str, float]:
    table = section.means()
    return {name: max(row[name] for row in table.values() if name in row) for name in section.measures}


def _trust(results: Results) -> dict[str, float]:
    if not any(q.verdict for q in results.questions):
        return {}
    return {name: value for name, value in results.abstention().items() if value is not None}


def _figures(section: Section) -> list[tuple[str, str]]:
    found = []
    palette = charts.colours(list(section.results))
    if section.measures:
        ends = {label: r.intervals() for label, r in section.results.items()}
        found.append((charts.bars(section.means(), ends, palette), "Means with 95 % bootstrap intervals"))
    if kinds := section.kinds():
        systems = list(section.results)
        found.append(
            (charts.heat(kinds, systems, section.by_kind()), f"{section.primary} by kind of question")
        )
        for label, table in section.by_measure().items():
            drawn = charts.heat(kinds, section.measures, table)
            found.append((drawn, f"{label}: every measure by kind of question"))
    if changes := section.changes():
        baseline = next(iter(section.results))
        drawn = charts.differences(changes, baseline, section.primary, palette)
        found.append((drawn, "Question by question: right of zero crossing, the system is worse"))
    if risks := section.risks():
        found.append((charts.risks(risks, palette), "Risk and coverage: lower is better"))
        found.append(
            (charts.reliabilities(section.bins(), palette), "Reliability: what a confidence is worth")
        )
    if totals := section.totals():
        found.append((charts.latencies(totals, palette), "Time for a question, encoding included"))
    return found
