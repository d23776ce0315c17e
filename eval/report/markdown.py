"""A report as Markdown: the tables alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eval.comparison import Comparison
from eval.report.sections import Section

_OVERVIEW = ("nDCG@10", "R@100", "AP", "RR@10", "P@1", "hit@5", "recall@3000ch", "answer")


def markdown(found: Sequence[Section], measures: Sequence[str] = ()) -> str:
    """An overview, then means with intervals, comparisons and costs by dataset, then how they came about.

    The overview has `measures`, else those that are told most often.
    """
    parts = [
        _overview(found, measures or _OVERVIEW),
        *(_section(section) for section in found),
        _origin(found),
    ]
    return "\n\n".join(parts) + "\n"


def _overview(found: Iterable[Section], measures: Sequence[str]) -> str:
    rows = []
    for section in found:
        for label, row in section.means().items():
            ends = section.results[label].intervals()
            cells = [f"{row[name]:.3f}" if name in row else "" for name in measures]
            if measures[0] in row:
                cells[0] += " ({:.3f} to {:.3f})".format(*ends[measures[0]])
            rows.append([section.dataset, str(len(section.results[label].scored)), label, *cells])
    return grid(["dataset", "questions", "system", *measures], rows)


def _origin(found: Iterable[Section]) -> str:
    """Machines, versions and commands, each told once."""
    made = [r.manifest for section in found for r in section.results.values()]
    told = {
        "Processor": [str(m.get("machine", {}).get("processor", "")) for m in made],
        "Encoder": [_encoder(m.get("encoder") or {}) for m in made],
        "Versions": [", ".join(f"{n} {v}" for n, v in m.get("versions", {}).items()) for m in made],
        "Code": [str(m.get("code", "")) for m in made],
        "Seed": [str(m.get("seed", "")) for m in made],
    }
    lines = [f"* {name}: {'; '.join(dict.fromkeys(filter(None, said)))}" for name, said in told.items()]
    return "\n".join(["## How these came about", "", *lines])


def _encoder(fields: Mapping[str, Any]) -> str:
    return f"{fields['model']} in {fields['precision']}" if "model" in fields else ""  # peers load their own


def _section(section: Section) -> str:
    counts = sorted({len(r.scored) for r in section.results.values()})
    parts = [f"## {section.dataset}", f"{' or '.join(map(str, counts))} questions.", means(section)]
    parts += [_comparison(comparison) for comparison in section.comparisons]
    if section.why_not:
        parts.append(f"Not compared: {section.why_not}.")
    if any(r.cost for r in section.results.values()):
        parts.append(f"### Cost\n\n{_costs(section)}")
    return "\n\n".join(parts)


def means(section: Section, measures: Sequence[str] | None = None) -> str:
    """Means with their 95 % intervals: a row a measure, a column a system."""
    table, ends = section.means(), {label: r.intervals() for label, r in section.results.items()}
    rows = []
    for name in measures or section.measures:
        cells = [
            f"{row[name]:.4f} ({ends[label][name][0]:.3f} to {ends[label][name][1]:.3f})"
            if name in row
            else ""
            for label, row in table.items()
        ]
        rows.append([name, *cells])
    return grid(["measure", *section.results], rows)


def _comparison(comparison: Comparison) -> str:
    rows = [
        [
            d.measure,
            f"**{d.difference:+.4f}**" if d.significant else f"{d.difference:+.4f}",
            f"{d.low:+.4f} to {d.high:+.4f}",
            f"{d.p:.4f}",
            f"{d.adjusted:.4f}",
            f"{d.wins} / {d.ties} / {d.losses}",
        ]
        for d in comparison.differences
    ]
    columns = ["measure", "difference", "95 % interval", "p", "p (Holm)", "wins / ties / losses"]
    title = f"### {comparison.system} against {comparison.baseline} (bold: p (Holm) under .05)"
    return f"{title}\n\n{grid(columns, rows)}"


def _costs(section: Section) -> str:
    """What indexing and a question took, and what was held; empty where it is not known."""
    rows = []
    for label, results in section.results.items():
        cost = results.cost
        total = cost.get("latency_ms", {}).get("total", {})
        figures = [
            _figure(cost.get("passages")),
            _figure(cost.get("index_s"), 1),
            _figure(cost.get("passages_s")),
            _figure(cost.get("bytes_a_passage")),
            *(_figure(total.get(p), 1) for p in ("p50", "p95", "p99")),
            _figure(cost.get("resident_mb")),
            _figure(results.manifest.get("load"), 1),
        ]
        rows.append([label, *figures])
    columns = ["passages", "indexed in s", "passages a second", "bytes a passage", "p50 ms", "p95 ms"]
    return grid(["system", *columns, "p99 ms", "MB resident", "load"], rows)


def _figure(value: float | None, places: int = 0) -> str:
    return "" if value is None else f"{value:,.{places}f}"


def grid(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
