"""A report as Markdown: the tables alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.comparison import Comparison
from eval.report.sections import Section


def markdown(found: Iterable[Section]) -> str:
    """Tables of means with intervals, and of comparisons, under a heading for each dataset."""
    return "\n\n".join(_section(section) for section in found) + "\n"


def _section(section: Section) -> str:
    counts = sorted({len(r.scored) for r in section.results.values()})
    parts = [f"## {section.dataset}", f"{' or '.join(map(str, counts))} questions.", means(section)]
    parts += [_comparison(comparison) for comparison in section.comparisons]
    if section.why_not:
        parts.append(f"Not compared: {section.why_not}.")
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


def grid(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
