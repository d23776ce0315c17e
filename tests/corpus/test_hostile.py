"""Files that are made to do harm: each is read or refused with its reason, soon, and the next one is read."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest

from corpus.errors import UnreadableError
from corpus.media import told
from corpus.sandbox import Sandbox
from corpus.testing_hostile import harmless, hostile
from corpus.testing_hostile_office import harmless_office
from corpus.testing_markup import repacked

FILES = hostile()
WORD, BOOK, PAGE = harmless()
OFFICE = harmless_office()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(1)
    yield made
    made.close()


def outcome_of(sandbox: Sandbox, data: bytes, name: str = "x.html") -> str:
    """`read`, or why not; a text that is no file of the kinds under test is `text`."""
    kind = told(data, name)
    if kind.startswith("text/plain"):
        return "text"
    try:
        made = sandbox.read(data, "x", kind)
    except UnreadableError as error:
        return str(error)
    assert "root:" not in made.text
    return "read" if made.text else "no words"


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 120


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_with_its_reason(name: str, sandbox: Sandbox) -> None:
    data, expected = FILES[name]
    start = time.monotonic()
    outcome = outcome_of(sandbox, data, "x.eml" if name.startswith("mail") else "x.html")
    assert time.monotonic() - start < 30
    assert "its parser" not in outcome
    if expected:
        assert any(words in outcome for words in expected.split("|")), outcome
    assert outcome_of(sandbox, PAGE) == "read"


def mutated(data: bytes, seed: int) -> bytes:
    """A file with bytes changed, cut out or repeated."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(made)), chance.randint(1, 40)
        change = chance.randrange(3)
        if change == 0:
            made[at] = chance.randrange(256)
        elif change == 1 and len(made) > 2 * size:
            del made[at : at + size]
        else:
            made[at:at] = made[at : at + size]
    return bytes(made)


def inside_out(data: bytes, seed: int) -> bytes:
    """A zip one of whose files is mutated, so that what is in it is looked at."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = sorted(name for name in file.namelist() if name.endswith(("xml", "opf", "rels")))
        name = names[seed % len(names)]
        return repacked(data, {name: mutated(file.read(name), seed)})


Mutate = Callable[[bytes, int], bytes]
MUTATED: dict[str, tuple[bytes, Mutate]] = {
    "page": (PAGE, mutated),
    "word": (WORD, mutated),
    "word inside": (WORD, inside_out),
    "book": (BOOK, mutated),
    "book inside": (BOOK, inside_out),
    "text": (OFFICE.text, mutated),
    "text inside": (OFFICE.text, inside_out),
    "rich text": (OFFICE.rtf, mutated),
    "slides": (OFFICE.slides, mutated),
    "slides inside": (OFFICE.slides, inside_out),
    "mail": (OFFICE.mail, mutated),
}


def unexplained(sandbox: Sandbox, kind: str, seeds: range) -> list[tuple[int, str]]:
    data, mutate = MUTATED[kind]
    name = "x.eml" if kind == "mail" else "x.html"
    told_of = ((seed, outcome_of(sandbox, mutate(data, seed), name)) for seed in seeds)
    return [(seed, outcome) for seed, outcome in told_of if "its parser" in outcome]


@pytest.mark.parametrize("kind", MUTATED)
def test_mutated_files_are_read_or_refused_with_their_reason(kind: str, sandbox: Sandbox) -> None:
    assert unexplained(sandbox, kind, range(20)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", MUTATED)
def test_thousands_of_mutated_files_are_read_or_refused(kind: str, sandbox: Sandbox) -> None:
    assert unexplained(sandbox, kind, range(1_000, 4_000)) == []
