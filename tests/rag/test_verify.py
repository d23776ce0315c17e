from __future__ import annotations

import pytest

from rag.claims import Claim
from rag.errors import QuoteError
from rag.records import Verdict
from rag.testing import Collection
from rag.verify import Verified, verify_quote


def check(shelf: Collection, text: str, **claimed: str) -> Verified:
    return verify_quote(text, Claim(**claimed), shelf.reader.snapshot(), shelf.store)


FED = "The river has fed all four towns for a thousand years."
BREAD = "owns the bread of the valley"
GRIND = "Mills grind the corn of the valley"


@pytest.mark.parametrize(
    ("text", "field", "given"),
    [
        (FED, "speaker", "Okoro"),
        (FED, "speaker", "B. Okoro"),
        (FED, "speaker", "Ben Okoro, keeper of the mill"[:9]),
        (FED, "author", "Okoro, Ben"),
        (BREAD, "speaker", "Voss"),
        (GRIND, "speaker", "Dora Maar"),
        (GRIND, "author", "D. Maar"),
        (GRIND, "document", "state of the mills"),
        (GRIND, "document", "State of Mills"),
        (GRIND, "document", "papers/state-of-mills.md"),
        (GRIND, "document", "The Sate of the Mils"),
        (GRIND, "date", "2021"),
        (GRIND, "date", "March 2021"),
        (FED, "date", "2019-05-17"),
    ],
)
def test_a_claim_may_be_given_loosely(shelf: Collection, text: str, field: str, given: str) -> None:
    verified = check(shelf, text, **{field: given})
    assert verified.claimed[field].agrees is True
    assert verified.verdict is Verdict.EXACT


@pytest.mark.parametrize(
    ("text", "field", "given", "found"),
    [
        (FED, "speaker", "Ada Lind", "Ben Okoro"),
        (FED, "speaker", "Carl Voss", "Ben Okoro"),
        (BREAD, "speaker", "Ben Okoro", "Carl Voss"),
        (GRIND, "speaker", "Ben Okoro", "Dora Maar"),
        (GRIND, "author", "Eva Maar", "Dora Maar"),
        (GRIND, "document", "talk", "The State of the Mills"),
        (GRIND, "document", "Moby Dick", "The State of the Mills"),
        (GRIND, "date", "2020", "2021"),
        (FED, "date", "2019-06", "2019-05"),
    ],
)
def test_words_of_somebody_or_somewhere_else_are_misattributed(
    shelf: Collection, text: str, field: str, given: str, found: str
) -> None:
    verified = check(shelf, text, **{field: given})
    assert (verified.verdict, verified.claimed[field].found) == (Verdict.MISATTRIBUTED, found)
    assert verified.claimed[field].agrees is False
    assert found in verified.why
    assert verified.found is not None


def test_what_the_document_does_not_tell_is_said_and_not_held_against_it(shelf: Collection) -> None:
    verified = check(shelf, GRIND, page="14")
    assert (verified.verdict, verified.claimed["page"].agrees) == (Verdict.EXACT, None)
    assert "The document does not tell the page." in verified.why


def test_of_several_places_the_one_that_fits_the_claim_counts(shelf: Collection) -> None:
    for speaker in ("Okoro", "Dora Maar"):
        verified = check(shelf, "I keep to what I said.", speaker=speaker)
        assert (verified.verdict is not Verdict.MISATTRIBUTED, verified.places) == (True, 2)
    assert check(shelf, "I keep to what I said.", speaker="Lind").verdict is Verdict.MISATTRIBUTED


def test_other_words_by_the_right_speaker_are_fuzzy_and_by_the_wrong_one_misattributed(
    shelf: Collection,
) -> None:
    text = FED.replace("thousand", "hundred")
    assert check(shelf, text, speaker="Okoro").verdict is Verdict.FUZZY
    verified = check(shelf, text, speaker="Lind")
    assert verified.verdict is Verdict.MISATTRIBUTED
    assert "number: 'hundred' instead of 'thousand'" in verified.why


def test_what_stands_nowhere_is_not_found(shelf: Collection) -> None:
    verified = check(shelf, "The moon is made of green cheese.", document="Lunar Notes")
    assert (verified.verdict, verified.found, verified.score) == (Verdict.NOT_FOUND, None, 0.0)
    assert verified.why == (
        "Nothing like it stands in the 2 documents of this collection. "
        "No document here is called 'Lunar Notes'."
    )


def test_few_words_in_many_places_call_for_caution(tmp_path_factory: pytest.TempPathFactory) -> None:
    collection = Collection(tmp_path_factory.mktemp("many"))
    collection.add(
        {f"{n}.md": f"Paper {n}.\n\nThe towns of the valley have mill number {n}." for n in range(5)}
    )
    verified = check(collection, "the towns of the valley")
    assert (verified.places, verified.caution) == (5, "common")
    assert "So few words that stand in 5 places do not tell where they were taken from." in verified.why
    collection.close()


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ({"date": "soon"}, "names no year; give 2021"),
        ({"page": "somewhere"}, "names no page; give 14"),
        ({"speaker": " "}, "the speaker claimed is empty"),
        ({"author": "x" * 501}, "the author claimed has 501 characters; 500 at most"),
    ],
)
def test_a_claim_that_says_nothing_is_refused(claimed: dict[str, str], told: str) -> None:
    with pytest.raises(QuoteError, match=told):
        Claim(**claimed)


def test_words_of_two_speakers_are_nobodys_alone(shelf: Collection) -> None:
    both = "runs through today? … I have never seen it dry."
    for speaker in ("Ben Okoro", "Ada Lind", "Carl Voss"):
        verified = check(shelf, both, speaker=speaker)
        assert verified.verdict is Verdict.MISATTRIBUTED
        assert verified.claimed["speaker"].found == "Ada Lind and Ben Okoro"


def test_the_document_claimed_is_looked_into_however_many_others_say_the_same(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    collection = Collection(tmp_path_factory.mktemp("boilerplate"))
    said = "The views in this volume are those of the authors alone."
    collection.add({f"{n:03}.md": f"# Paper {n:03}\n\n{said}" for n in range(130)})
    verdicts = {check(collection, said, document=f"Paper {n:03}").verdict for n in range(0, 130, 7)}
    assert verdicts == {Verdict.EXACT}
    collection.close()
