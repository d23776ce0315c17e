from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.records import Span
from rag.backing import Backing, Doubt, backing
from rag.records import Question
from rag.retrieve import retrieve
from rag.testing import Collection

PACT = """# The River Pact

## Origins

The pact was signed in Morava in 1998, after six years of talks. It governs the use of water.
The Republic of Ebal did not sign it. Its text stands at https://pact.example/text for all to read.

## Parties

Four states are parties to the pact: Arland, Belmark, Corvia and Dunmore. Observers of the lower valley
attend each second year. Ada Lind, the first secretary, said that “nobody has left the table since”.
"""
PORTS = "# Harbours\n\nThe harbour of Belmark opened in 1905. Its cranes lift 1,400 tonnes.\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A pact and a harbour."""
    made = Collection(tmp_path_factory.mktemp("backing"))
    made.add({"pact.md": PACT, "ports.md": PORTS})
    yield made
    made.close()


def hold(shelf: Collection, sentence: str, question: str = "When was the pact signed?") -> Backing | Doubt:
    tools = shelf.tools()
    ranking = retrieve(Question(question), tools)
    return backing(sentence, [r.stored for r in ranking.passages], ranking.terms, tools)


@pytest.mark.parametrize(
    ("sentence", "reads"),
    [
        (
            "The pact was signed in Morava in 1998, after six years of talks.",
            ["The pact was signed in Morava in 1998, after six years of talks."],
        ),
        ("It governs the use of water.", ["It governs the use of water."]),
        ("It governs the use of water!", ["It governs the use of water."]),
    ],
)
def test_what_stands_there_is_backed_verbatim(sentence: str, reads: list[str], shelf: Collection) -> None:
    found = hold(shelf, sentence)
    assert isinstance(found, Backing)
    assert found.verbatim
    assert [place.stored.passage.text[place.start : place.end] for place in found.places] == reads


@pytest.mark.parametrize(
    "sentence",
    [
        "The pact was signed in 1998 in Morava.",
        "After talks of 6 years the pact was signed in Morava in 1998.",
        "The parties to the pact are Arland, Belmark, Corvia and Dunmore.",
        "Ebal did not sign the pact.",
        "The cranes of the harbour of Belmark lift 1400 tonnes.",
        "Ada Lind said that “nobody has left the table”.",
        "The text of the pact stands at https://pact.example/text.",
    ],
)
def test_a_paraphrase_with_the_same_words_is_backed(sentence: str, shelf: Collection) -> None:
    found = hold(shelf, sentence)
    assert isinstance(found, Backing)
    assert not found.verbatim


@pytest.mark.parametrize(
    ("sentence", "doubt"),
    [
        ("", Doubt.EMPTY),
        ("It is that.", Doubt.EMPTY),
        ("Yes, it is.", Doubt.WORDS),
        ("The pact was written by clerks in a castle.", Doubt.WORDS),
        ("The pact was signed in Morava in 1999.", Doubt.NUMBER),
        ("The pact was signed in Morava after seven years of talks.", Doubt.NUMBER),
        ("Five states are parties to the pact.", Doubt.NUMBER),
        ("The pact was signed by Bertram in Morava in 1998.", Doubt.NAME),
        ("The parties to the pact are Arland, Belmark, Corvia and Freedonia.", Doubt.NAME),
        ("The pact was not signed in Morava in 1998.", Doubt.NEGATION),
        ("The Republic of Ebal did sign it.", Doubt.NEGATION),
        ("Ada Lind said that “everybody has left the table since”.", Doubt.QUOTATION),
        ("The pact was signed in Morava in 1998, see https://evil.example/?q=pact.", Doubt.LINK),
        ("The pact was signed in Morava in 1998 (pact.example).", Doubt.LINK),
    ],
)
def test_what_differs_in_a_thing_that_counts_is_not_backed(
    sentence: str, doubt: Doubt, shelf: Collection
) -> None:
    assert hold(shelf, sentence) is doubt


@pytest.mark.parametrize(
    ("sentence", "question", "backed"),
    [
        ("In 1998.", "When was the pact signed in Morava?", True),
        ("In 1905.", "When was the pact signed in Morava?", False),
        ("In 1905.", "When did the harbour of Belmark open?", True),
    ],
)
def test_a_short_sentence_must_be_of_what_is_asked(
    sentence: str, question: str, *, backed: bool, shelf: Collection
) -> None:
    assert isinstance(hold(shelf, sentence, question), Backing) is backed


def test_a_sentence_may_rest_on_two_passages(shelf: Collection) -> None:
    found = hold(shelf, "The pact was signed in Morava in 1998, and the harbour of Belmark opened in 1905.")
    assert isinstance(found, Backing)
    assert sorted(place.stored.source for place in found.places) == ["pact.md", "ports.md"]


def test_without_passages_nothing_is_backed(shelf: Collection) -> None:
    assert backing("The pact was signed.", [], {}, shelf.tools()) is Doubt.EMPTY


def test_a_part_of_a_sentence_that_is_denied_is_not_verbatim(shelf: Collection) -> None:
    assert hold(shelf, "The Republic of Ebal sign it.") is Doubt.NEGATION


def test_places_are_ranges_of_the_passage(shelf: Collection) -> None:
    found = hold(shelf, "It governs the use of water.")
    assert isinstance(found, Backing)
    (place,) = found.places
    assert Span(place.start, place.end) == Span(*place.stored.passage.sentences[1])
