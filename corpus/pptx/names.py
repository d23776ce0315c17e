"""Names in the XML of presentations, and the relations between their parts."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.zipped import Element, Zipped, parse_xml, resolved

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = {  # the strict form of the format, whose names differ
    b"http://purl.oclc.org/ooxml/drawingml/main": A,
    b"http://purl.oclc.org/ooxml/presentationml/main": P,
    b"http://purl.oclc.org/ooxml/drawingml/chart": C,
    b"http://purl.oclc.org/ooxml/drawingml/diagram": D,
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file with what it names: by id, and by the end of the kind of a relation."""

    root: Element
    by_id: dict[str, str]
    by_kind: dict[str, str]


def part(files: Zipped, path: str) -> Part | None:
    """A part with its relations inside the file; None where there is none. Raises UnreadableError."""
    data = files.get(path)
    if data is None:
        return None
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual[1:-1].encode())
    folder, _, name = path.rpartition("/")
    relations = files.xml(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    by_id: dict[str, str] = {}
    by_kind: dict[str, str] = {}
    for relation in relations if relations is not None else ():
        if relation.get("TargetMode") != "External":  # nothing outside of the file is read
            target = resolved(path, str(relation.get("Target")))
            by_id[str(relation.get("Id"))] = target
            by_kind.setdefault(str(relation.get("Type")).rpartition("/")[2], target)
    return Part(parse_xml(data, f"{files.source}: {path!r} in it"), by_id, by_kind)


def whole(text: str | None, otherwise: int, most: int = 1_000_000) -> int:
    """A number that is written in digits, at most `most`; another one where there is none."""
    return min(int(text), most) if text and text.isdecimal() and len(text) < 10 else otherwise
