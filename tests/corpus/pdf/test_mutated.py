"""PDFs that something damaged: read, or refused with a reason; never a crash, never an error without one."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from corpus.errors import UnreadableError
from corpus.load import load
from corpus.media import PDF
from corpus.records import BlockKind
from corpus.sandbox import Sandbox
from corpus.testing import Layout, Text, typeset

FEW, MANY = 60, 3_000
_TOKEN = re.compile(rb"\d+|/[A-Za-z]+|obj|endobj|stream|endstream|<<|>>|xref|trailer")


def original() -> bytes:
    """A PDF of two pages with a note and a table of objects that is not compressed."""
    blocks = [
        Text(BlockKind.HEADING, "Rivers", 1),
        Text(
            BlockKind.PARAGRAPH, "The pact was signed in Morava.[^1] " + "It governs the use of water. " * 60
        ),
        Text(BlockKind.HEADING, "Parties", 2),
        Text(BlockKind.PARAGRAPH, "Four states are parties to it. " * 60),
    ]
    return typeset(blocks, {"1": "Archive of Morava."}, Layout(columns=2, head="Rivers")).data


def mutated(data: bytes, seed: int) -> bytes:
    """The same with some damage: bits, runs, cut ends, and tokens put for others."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(made))
        kind = chance.randrange(7)
        if kind == 0:
            made[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del made[at : at + chance.randrange(1, 400)]
        elif kind == 2:
            made[at:at] = made[(start := chance.randrange(len(made))) : start + chance.randrange(1, 400)]
        elif kind == 3:
            made[at : at + 8] = chance.randbytes(8)
        elif kind == 4:
            del made[max(200, at) :]
        else:  # a number, a name or a keyword of the file for another
            tokens = list(_TOKEN.finditer(bytes(made)))
            if tokens:
                one, other = chance.choice(tokens), chance.choice(tokens)
                grown = (
                    other.group() if kind == 5 else str(chance.choice((0, -1, 2**31, 10**9, 65_536))).encode()
                )
                made[one.start() : one.end()] = grown
        if not made:
            return b"%PDF-1.4"
    return bytes(made)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One process for all, as long as it lives."""
    made = Sandbox(1)
    yield made
    made.close()


def outcome(sandbox: Sandbox, data: bytes) -> str:
    """How a mutant ends: read, refused by its loader, or otherwise, in words; any other error is raised."""
    try:
        load(data, "x.pdf", as_type=PDF, parse=sandbox.read)
    except UnreadableError as error:
        why = str(error)
        return why if "its parser" in why or not why.startswith("x.pdf: ") else "refused"
    return "read"


def outcomes(sandbox: Sandbox, many: int) -> Counter[str]:
    data = original()
    return Counter(outcome(sandbox, mutated(data, seed)) for seed in range(many))


def test_damaged_pdfs_are_read_or_refused_with_a_reason(sandbox: Sandbox) -> None:
    found = outcomes(sandbox, FEW)
    assert set(found) == {"read", "refused"}
    assert found["read"] > FEW // 4


@pytest.mark.slow
def test_three_thousand_damaged_pdfs_are_read_or_refused_with_a_reason(sandbox: Sandbox) -> None:
    assert set(outcomes(sandbox, MANY)) == {"read", "refused"}
