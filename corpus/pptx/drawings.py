"""Charts and diagrams of a slide as text: a chart's values as a table, a diagram's texts in their order."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.pptx.names import A, C, D, whole
from corpus.zipped import Element

_MOST_VALUES = 2_000  # of a chart; more are measurements, which nobody reads there
_LONGEST = 300  # characters of a value


def chart(root: Element) -> tuple[str, list[list[str]]]:
    """The title of a chart, and its values: a row with the names of series, then one for each category."""
    title = " ".join("".join(_texts(found)) for found in root.iterfind(f"{C}chart/{C}title"))
    names: list[str] = []
    columns: list[dict[int, str]] = []
    categories: dict[int, str] = {}
    for series in root.iter(C + "ser"):
        names.append(next(iter(_points(series.find(C + "tx")).values()), ""))
        for place in ("cat", "xVal"):
            categories = categories or _points(series.find(C + place))
        columns.append(_points(series.find(C + "val")) or _points(series.find(C + "yVal")))
    at = sorted({n for column in (categories, *columns) for n in column})
    if not columns or len(at) * (len(columns) + 1) > _MOST_VALUES:
        return " ".join(title.split()), []
    rows = [[categories.get(n, ""), *(column.get(n, "") for column in columns)] for n in at]
    return " ".join(title.split()), [["", *names], *rows]


def diagram(root: Element) -> Iterator[str]:
    """The texts of a diagram, from its top down."""
    texts: dict[str, str] = {}
    tops: list[str] = []
    for point in root.iter(D + "pt"):
        name = str(point.get("modelId"))
        if point.get("type") == "doc":
            tops.append(name)
        elif point.get("type") in (None, "node", "asst"):
            texts[name] = " ".join(" ".join(_texts(found)) for found in point.iterchildren(D + "t"))
    below: dict[str, list[tuple[int, str]]] = {}
    for line in root.iter(D + "cxn"):
        if line.get("type") in (None, "parOf"):
            order = whole(line.get("srcOrd"), 0)
            below.setdefault(str(line.get("srcId")), []).append((order, str(line.get("destId"))))
    waiting, seen = [*reversed([*tops, *texts])], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if text := " ".join(texts.get(name, "").split()):
            yield text
        waiting += [under for _, under in sorted(below.get(name, ()), reverse=True)]


def _points(place: Element | None) -> dict[int, str]:
    """The values that a chart keeps of its data, by their places."""
    points: dict[int, str] = {}
    for found in place.iter(C + "pt") if place is not None else ():
        value = found.find(C + "v")
        text = " ".join((value.text or "").split()) if value is not None else ""
        if text and len(text) <= _LONGEST:
            points.setdefault(whole(found.get("idx"), 0), text)
    if not points and place is not None and (single := place.find(C + "v")) is not None and single.text:
        points[0] = " ".join(single.text.split())
    return points


def _texts(holder: Element) -> Iterator[str]:
    """The words of each paragraph."""
    for paragraph in holder.iter(A + "p"):
        yield "".join(str(text.text or "") for text in paragraph.iter(A + "t"))
