"""A folder in the form of TREC: `collection*` (or `docs*`, `corpus*`), `topics*` (or `queries*`), `qrels*`.

Collections and topics are SGML (`<DOC>`, `<top>`), JSON lines (`id` or `_id`; `contents` or `text`; `title`)
or lines of id, tab, text; the collection may be a folder of such files. Judgements have four columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from eval.beir import judge
from eval.benchmark import Benchmark, Entry, checked
from eval.errors import EvaluationError
from eval.lines import Faults, columns, lines, objects, read_text
from eval.records import GoldQuestion

_COLLECTION, _TOPICS, _QRELS = ("collection", "docs", "corpus"), ("topics", "queries"), ("qrels",)
_DOC = re.compile(r"<doc>(.*?)</doc>", re.DOTALL | re.IGNORECASE)
_DOCNO = re.compile(r"<docno>\s*(.*?)\s*</docno>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<(title|headline|head)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:number:)?\s*([^\s<]+)", re.IGNORECASE)
_ASKED = re.compile(r"<title>\s*(?:topic:)?\s*([^<]*)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def is_trec(folder: Path) -> bool:
    """Whether a folder has topics, judgements and a collection."""
    return all(_named(folder, names) for names in (_COLLECTION, _TOPICS, _QRELS))


def read_trec(folder: Path) -> Benchmark:
    """The judged questions and all documents; EvaluationError with all faults at once."""
    faults = Faults(str(folder))
    entries: dict[str, Entry] = {}
    place = _one(folder, _COLLECTION)
    for path in sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]:
        for entry in _entries(path, faults):
            if entries.setdefault(entry.id, entry) is not entry:
                faults.add(f"{path.name}: document {entry.id} stands twice")
    asked: dict[str, str] = {}
    topics = _one(folder, _TOPICS)
    for id_, text in _topics(topics, faults):
        if asked.setdefault(id_, text) is not text:
            faults.add(f"{topics.name}: topic {id_} stands twice")
    qrels: dict[str, dict[str, int]] = {}
    path = _one(folder, _QRELS)
    for number, (id_, _, document, grade) in columns(read_text(path), f"{path.name} ", [4], faults):
        judge(qrels, id_, document, grade, f"{path.name} line {number}", faults)
    questions = tuple(GoldQuestion(id_, text, kind="") for id_, text in asked.items() if id_ in qrels)
    return checked(Benchmark(folder.resolve().name, entries, questions, qrels), faults)


def _named(folder: Path, names: tuple[str, ...]) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.name.lower().startswith(names))


def _one(folder: Path, names: tuple[str, ...]) -> Path:
    found = _named(folder, names)
    if len(found) > 1:
        there = ", ".join(path.name for path in found)
        raise EvaluationError(f"{folder}: expected one of {names[0]}*, found {there}; leave one there")
    return found[0]


def _entries(path: Path, faults: Faults) -> Iterator[Entry]:
    text = read_text(path)
    if path.suffix == ".jsonl":
        yield from _json_entries(path, text, faults)
    elif _DOC.search(text):
        yield from _sgml_entries(path, text, faults)
    else:
        for _, (id_, body) in _tabbed(path, text, faults):
            yield Entry(id_, body)


def _json_entries(path: Path, text: str, faults: Faults) -> Iterator[Entry]:
    for number, row in objects(text, f"{path.name} ", faults):
        id_, body = row.get("_id", row.get("id")), row.get("contents", row.get("text"))
        if id_ in (None, "") or not isinstance(body, str):
            faults.add(f"{path.name} line {number}: no id or no text")
        else:
            yield Entry(str(id_), body, str(row.get("title") or ""))


def _sgml_entries(path: Path, text: str, faults: Faults) -> Iterator[Entry]:
    for found in _DOC.finditer(text):
        inside = found[1]
        number, title = _DOCNO.search(inside), _TITLE.search(inside)
        if number:
            body = _TITLE.sub("", _DOCNO.sub("", inside), count=1)
            yield Entry(number[1], _plain(body), _plain(title[2]) if title else "")
        else:
            line = text.count("\n", 0, found.start()) + 1
            faults.add(f"{path.name} line {line}: a document without <DOCNO>")


def _topics(path: Path, faults: Faults) -> Iterator[tuple[str, str]]:
    text = read_text(path)
    if not _TOP.search(text):
        for _, (id_, asked) in _tabbed(path, text, faults):
            yield id_, asked
        return
    for found in _TOP.finditer(text):
        number, asked_in = _NUMBER.search(found[1]), _ASKED.search(found[1])
        if number and asked_in and asked_in[1].strip():
            yield number[1], " ".join(asked_in[1].split())
        else:
            line = text.count("\n", 0, found.start()) + 1
            faults.add(f"{path.name} line {line}: a topic without <num> or <title>")


def _tabbed(path: Path, text: str, faults: Faults) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, line in lines(text):
        id_, tab, body = line.partition("\t")
        if tab and id_.strip() and body.strip():
            yield number, (id_.strip(), body.strip())
        else:
            faults.add(f"{path.name} line {number}: expected an id, a tab and a text")


def _plain(markup: str) -> str:
    return _TAG.sub(" ", markup).strip()
