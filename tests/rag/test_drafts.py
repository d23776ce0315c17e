from __future__ import annotations

import pytest

from corpus.errors import UnreadableError
from rag.drafts import MAX_DRAFT, Checked, CheckedQuote, QuoteStatus, check_draft
from rag.errors import QuoteError
from rag.records import Verdict
from rag.support import SupportStatus
from rag.testing import Collection


def check(shelf: Collection, text: str, *, markdown: bool = True) -> Checked:
    return check_draft(text, shelf.reader.snapshot(), shelf.store, markdown=markdown)


def quote(shelf: Collection, text: str) -> CheckedQuote:
    (one,) = check(shelf, text).quotes
    return one


@pytest.mark.parametrize(
    "marks", ["“{}”", '"{}"', "«{}»", "„{}“", "‘{}’", "> {}", "> {}\n> — Ben Okoro", "- “{}”"]
)
def test_quotations_of_all_kinds_are_verified(shelf: Collection, marks: str) -> None:
    one = quote(shelf, f"An introduction.\n\n{marks.format('The river has fed all four towns')}\n")
    assert (one.text, one.status) == ("The river has fed all four towns", QuoteStatus.RIGHT)


def test_offsets_are_those_of_the_draft(shelf: Collection) -> None:
    text = "# Title\n\nHe says *so*: “The river has fed\nall four towns”.\n"
    one = quote(shelf, text)
    assert text[one.start : one.end] == one.text == "The river has fed\nall four towns"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ben Okoro said: “I have never seen it dry.”", Verdict.EXACT),
        ("“I have never seen it dry,” said Okoro.", Verdict.NORMALIZED),
        ("“I have never seen it dry,” said Ada Lind.", Verdict.MISATTRIBUTED),
        ("“I have never seen it dry” (Okoro 2019).", Verdict.EXACT),
        ("“I have never seen it dry” (Lindgren 2019, p. 4).", Verdict.MISATTRIBUTED),
        ("> I have never seen it dry.\n> — Ada Lind, miller", Verdict.MISATTRIBUTED),
        ("“I have never seen it dry” (Ada Lind).", Verdict.MISATTRIBUTED),
        ("“I have never seen it dry.” — Ben Okoro", Verdict.EXACT),
        ("“I have often seen it dry, and the towns knew.”", Verdict.NOT_FOUND),
        ("“The river has fed all five towns for a thousand years.”", Verdict.FUZZY),
    ],
)
def test_what_a_draft_says_of_a_quotation_is_held_against_it(
    shelf: Collection, text: str, verdict: Verdict
) -> None:
    one = quote(shelf, text)
    assert one.verified is not None
    assert one.verified.verdict is verdict
    assert (one.status is QuoteStatus.RIGHT) == (verdict in (Verdict.EXACT, Verdict.NORMALIZED))


def test_a_word_in_quotation_marks_is_too_short_to_be_wrong(shelf: Collection) -> None:
    checked = check(shelf, "The so-called “bridge” was there.")
    assert [(q.status, q.verified) for q in checked.quotes] == [(QuoteStatus.TOO_SHORT, None)]
    assert not checked.wrong


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("The dam will cost forty million crowns and drown three villages.", SupportStatus.VERBATIM),
        ("The dam will cost fifty million crowns and drown three villages.", SupportStatus.CONTRADICTED),
        ("The dam will not cost forty million crowns and drown three villages.", SupportStatus.CONTRADICTED),
        ("Forty million crowns is what that dam will cost, and it drowns villages.", SupportStatus.SUPPORTED),
        ("In 1987 the dam will cost many crowns, and drown some villages.", SupportStatus.PARTLY),
        ("Penguins live on ice and eat little else than krill.", SupportStatus.UNSUPPORTED),
    ],
)
def test_each_statement_is_held_against_its_best_support(
    shelf: Collection, sentence: str, status: SupportStatus
) -> None:
    (one,) = check(shelf, f"# Title\n\n{sentence}\n").sentences
    assert (one.text, one.support.status) == (sentence, status)
    assert (one.support.citation is None) == (status is SupportStatus.UNSUPPORTED)


def test_a_number_that_is_not_there_is_named(shelf: Collection) -> None:
    (one,) = check(shelf, "In 1987 the dam will cost many crowns, and drown some villages.").sentences
    assert one.support.missing[0] == "1987"


def test_questions_headings_and_frames_of_quotations_state_nothing(shelf: Collection) -> None:
    text = (
        "# What the river is worth to the towns\n\nIs the river of any use to all the towns?\n\n"
        "As the keeper of the mill once put it, “I have never seen it dry.”\n"
    )
    assert check(shelf, text).sentences == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Okoro said “I have never seen it dry.”", False),
        ("Lind said “I have never seen it dry.”", True),
        ("The dam will cost fifty million crowns and drown three villages.", True),
        ("Penguins live on ice and eat little else than krill.", False),
    ],
)
def test_a_draft_is_wrong_when_a_quotation_is_or_a_sentence_contradicts(
    shelf: Collection, text: str, wrong: bool
) -> None:
    assert check(shelf, text).wrong is wrong


def test_plain_text_has_no_markup(shelf: Collection) -> None:
    (one,) = check(shelf, "Prose. “The *river* has fed all four towns”.", markdown=False).quotes
    assert one.text == "The *river* has fed all four towns"


def test_a_draft_without_words_and_one_too_long_are_refused(shelf: Collection) -> None:
    with pytest.raises(UnreadableError):
        check(shelf, "   \n")
    with pytest.raises(QuoteError, match="200,001 characters, 200,000 at most"):
        check(shelf, "x" * (MAX_DRAFT + 1))


@pytest.mark.parametrize(
    "frame",
    ["“{}” (Lind 2020, 1vi).", "“{}” (p. 1vi).", "“{}” (Lind 1٣٤٥, 3).", f"{'Aaa ' * 150}said: “{{}}”"],
)
def test_what_only_looks_like_a_reference_claims_nothing(shelf: Collection, frame: str) -> None:
    one = quote(shelf, frame.format("I have never seen it dry."))
    assert (one.status, one.claim.page, one.claim.speaker) == (QuoteStatus.RIGHT, None, None)
