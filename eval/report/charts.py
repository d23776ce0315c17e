"""Charts as SVG that is put into a page: text and lines take the page's colours, so they suit any theme."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.calibration import Bin

Palette = Mapping[str, str]  # system -> colour

_INK, _FAINT = "#010203", "#040506"  # stand for the page's colours until the SVG is written
_COLOURS = ("#4c8bf5", "#f0932b", "#2fa866", "#d1477a", "#8e6cd8", "#7a8899")  # readable on light and dark
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _FAINT,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": _FAINT,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
}
_REFERRED = re.compile(r'(?:url\(#|href="#)([^)"]+)')
_ID = re.compile(r' id="([^"]+)"')


def colours(systems: Sequence[str]) -> dict[str, str]:
    """The colour of each system, the same in all charts."""
    return {system: _COLOURS[i % len(_COLOURS)] for i, system in enumerate(systems)}


def bars(
    means: Mapping[str, Mapping[str, float]],
    ends: Mapping[str, Mapping[str, tuple[float, float]]],
    palette: Palette,
) -> str:
    """Means of measures side by side for each system, with their intervals."""
    measures = list(dict.fromkeys(name for row in means.values() for name in row))

    def draw(axes: Axes) -> None:
        width = 0.8 / len(means)
        for i, (system, row) in enumerate(means.items()):
            names = [name for name in measures if name in row]
            x = np.asarray([measures.index(name) for name in names]) - 0.4 + (i + 0.5) * width
            y = np.asarray([row[name] for name in names])
            spread = np.asarray(
                [[y[j] - ends[system][n][0], ends[system][n][1] - y[j]] for j, n in enumerate(names)]
            )
            axes.bar(x, y, width * 0.92, color=palette[system], label=system)
            axes.errorbar(x, y, np.maximum(spread.T, 0), fmt="none", ecolor=_INK, elinewidth=0.8, capsize=1.5)
        axes.set_xticks(range(len(measures)), measures, rotation=35, ha="right")
        axes.set_ylim(0, 1)
        axes.grid(axis="y", alpha=0.4)
        _legend(axes)

    return _svg("bars", draw, (max(6.0, 0.62 * len(measures) + 1.5), 3.6))


def heat(rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]]) -> str:
    """Means by kind of question, a row each, and measure or system; what was not measured stays empty."""

    def draw(axes: Axes) -> None:
        table = np.asarray([[np.nan if v is None else v for v in row] for row in values], np.float64)
        axes.pcolormesh(np.ma.masked_invalid(table), cmap="RdYlGn", vmin=-0.25, vmax=1.35, edgecolors="none")
        for i, j in np.ndindex(table.shape):
            if not np.isnan(table[i, j]):
                axes.text(
                    j + 0.5,
                    i + 0.5,
                    f"{table[i, j]:.2f}",
                    ha="center",
                    va="center",
                    color="#111111",
                    fontsize=9,
                )
        axes.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=25, ha="right")
        axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
        axes.invert_yaxis()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    return _svg(
        "heat", draw, (1.8 + (0.95 if len(columns) < 9 else 0.6) * len(columns), 0.9 + 0.32 * len(rows))
    )


def differences(changes: Mapping[str, Sequence[float]], baseline: str, measure: str, palette: Palette) -> str:
    """Each question's difference to the baseline, sorted: how many gain, how many lose, and how much."""

    def draw(axes: Axes) -> None:
        for system, values in changes.items():
            ordered = np.sort(np.asarray(values))[::-1]
            share = np.linspace(0, 100, len(ordered)) if len(ordered) > 1 else np.zeros(len(ordered))
            axes.step(share, ordered, where="mid", color=palette[system], label=f"{system} − {baseline}")
            axes.fill_between(share, ordered, 0, step="mid", color=palette[system], alpha=0.15)
        axes.axhline(0, color=_INK, linewidth=0.8)
        axes.set_xlabel("% of questions, best first")
        axes.set_ylabel(f"difference in {measure}")
        axes.set_ylim(-1.05, 1.05)
        axes.grid(alpha=0.4)
        _legend(axes)

    return _svg("differences", draw, (6.0, 3.2))


def risks(curves: Mapping[str, Sequence[tuple[float, float]]], palette: Palette) -> str:
    """The share of wrong answers if only the surest questions are answered, for each coverage."""

    def draw(axes: Axes) -> None:
        for system, curve in curves.items():
            coverage, risk = zip(*curve, strict=True)
            axes.plot(coverage, risk, color=palette[system], label=system, linewidth=1.6)
        _unit_square(axes, "coverage: share of questions answered", "risk: share of those without support")

    return _svg("risks", draw, (4.6, 3.4))


def reliabilities(bins: Mapping[str, Sequence[Bin]], palette: Palette) -> str:
    """How often a confidence is right; on the diagonal it means what it says."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle="--")
        for system, found in bins.items():
            x, y = [b.confidence for b in found], [b.accuracy for b in found]
            sizes = [12 + 260 * b.count / sum(b.count for b in found) for b in found]
            axes.plot(x, y, color=palette[system], linewidth=1.2, alpha=0.7)
            axes.scatter(x, y, sizes, color=palette[system], label=system, alpha=0.85)
        _unit_square(axes, "confidence", "share that was supported")

    return _svg("reliabilities", draw, (4.6, 3.4))


def latencies(totals: Mapping[str, Sequence[float]], palette: Palette) -> str:
    """The share of questions that were done within so many milliseconds."""

    def draw(axes: Axes) -> None:
        for system, ms in totals.items():
            ordered = np.sort(np.asarray(ms))
            axes.step(
                ordered, np.arange(1, len(ordered) + 1) / len(ordered), color=palette[system], label=system
            )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.set_ylim(0, 1)
        axes.set_xlabel("milliseconds")
        axes.set_ylabel("share of questions done")
        axes.grid(alpha=0.4)
        _legend(axes)

    return _svg("latencies", draw, (6.0, 3.2))


def distinct(svg: str, prefix: str) -> str:
    """A chart with its ids, and what refers to them, behind a prefix: charts that are alike have the same."""
    svg = _ID.sub(lambda found: f' id="{prefix}-{found[1]}"', svg)
    return _REFERRED.sub(lambda found: found[0].replace(found[1], f"{prefix}-{found[1]}"), svg)


def _unit_square(axes: Axes, x: str, y: str) -> None:
    """Two shares, one against the other."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(alpha=0.4)
    _legend(axes)


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.16), ncols=4, fontsize=9, borderaxespad=0)


def _svg(name: str, draw: Callable[[Axes], None], size: tuple[float, float]) -> str:
    """A drawing as an `svg` element; `size` in inches."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor").replace(_FAINT, "var(--line)")
    kept = set(_REFERRED.findall(svg))
    svg = _ID.sub(lambda found: found[0] if found[1] in kept else "", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
