"""Every measure against an example worked by hand."""

from __future__ import annotations

import pytest

from corpus.records import Span
from eval.answers import (
    citation_coverage,
    citation_precision,
    citation_recall,
    contains_answer,
    exact_match,
    exactness,
    normalize_answer,
    squad_tokens,
    token_f1,
    touches,
)
from eval.records import Cited, Evidence, Given, GoldQuestion


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Answer", "answer"),
        ("an apple a day, the tree", "apple day tree"),
        ("theory of another atom", "theory of another atom"),
        ("  much \n\t space\u00a0here ", "much space here"),
        ("“Over 50%” — or more…", "over 50 or more"),
        ("$3,000", "3 000"),
        ("€3.5 bn", "3 5 bn"),
        ("U.S.-led", "u s led"),
        ("Aliyev’s", "aliyev s"),
        ("Aliyev's", "aliyev s"),
        ("44‐day", "44 day"),
        ("44\u2011day", "44 day"),
        ("gas/oil", "gas oil"),
        ("m³", "m3"),
        ("ﬁeld", "field"),
        ("Türkiye", "türkiye"),
        ("The — the", ""),
    ],
)
def test_answers_are_compared_without_case_punctuation_articles_and_extra_space(
    text: str, normal: str
) -> None:
    assert normalize_answer(text) == normal


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("It was founded in 1999, in Baku.", ["1999"], True),
        ("It was founded in Baku.", ["1998", "Baku"], True),
        ("It flows to THE South", ["the south"], True),
        ("About 50 percent.", ["50%"], True),
        ("About 50% of it.", ["50 %"], True),
        ("It cost 19990 manat.", ["1999"], False),
        ("The Bakuvian way.", ["Baku"], False),
        ("The Baku–Tbilisi road", ["Baku-Tbilisi"], True),
        ("", ["Baku"], False),
        ("Anything.", [], False),
        ("Anything.", ["the", "…"], False),
    ],
)
def test_an_accepted_answer_is_contained_as_whole_words(
    text: str, answers: list[str], expected: bool
) -> None:
    assert contains_answer(text, answers) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Answer", ["answer"]),
        ("gas/oil", ["gasoil"]),  # as SQuAD has it: signs go without a space
        ("U.S.-led", ["usled"]),
        ("an apple a day", ["apple", "day"]),
        ("50%", ["50"]),
        ("Aliyev’s", ["aliyev’s"]),  # not an ASCII sign
        ("the — the", ["—"]),
    ],
)
def test_squad_compares_words_without_ascii_signs_and_articles(text: str, words: list[str]) -> None:
    assert squad_tokens(text) == words


@pytest.mark.parametrize(
    ("text", "answers", "em", "f1"),
    [
        ("The Baku Process.", ["Baku process"], 1, 1),
        ("in Baku", ["Baku"], 0, 2 / 3),  # one word of two, one of one
        ("the red harbour of Baku", ["harbour", "Baku harbour"], 0, 2 * 2 / (4 + 2)),
        ("one two two", ["two two two"], 0, 2 * 2 / (3 + 3)),
        ("", ["Baku"], 0, 0),
        ("", [""], 1, 1),
        ("the", ["a"], 1, 1),
        ("Baku", [], 0, 0),
    ],
)
def test_exact_match_and_f1_are_those_of_the_answer_that_fits_best(
    text: str, answers: list[str], em: float, f1: float
) -> None:
    assert [exact_match(text, answers), token_f1(text, answers)] == pytest.approx([em, f1])


def _asked(*evidence: tuple[str, int, int], or_else: tuple[tuple[str, int, int], ...] = ()) -> GoldQuestion:
    spans, others = (
        tuple(Evidence(document, Span(start, end)) for document, start, end in places)
        for places in (evidence, or_else)
    )
    return GoldQuestion("q1", "Who?", "factoid", ("Nobody",), spans, others)


def _given(*cited: tuple[str, int, int], claims: tuple[tuple[int, ...], ...] | None = None) -> Given:
    """An answer of one claim a citation, unless told otherwise."""
    citations = tuple(Cited(document, (Span(start, end),), True) for document, start, end in cited)
    return Given("…", True, 0.5, claims or tuple((i,) for i in range(len(cited))), citations)


class TestCitations:
    def test_precision_is_the_share_of_citations_that_rest_on_gold(self) -> None:
        """One shares half of the evidence, one too little of either, one stands in another document."""
        given = _given(("v", 105, 140), ("v", 0, 104), ("w", 100, 110))
        assert citation_precision(_asked(("v", 100, 110)), given) == 1 / 3

    def test_a_long_gold_span_is_rested_on_by_half_of_a_short_citation(self) -> None:
        assert citation_precision(_asked(("v", 100, 900)), _given(("v", 90, 110))) == 1
        assert citation_precision(_asked(("v", 100, 900)), _given(("v", 88, 110))) == 10 / 22 * 0

    def test_recall_is_the_share_of_claims_with_a_citation_that_rests_on_gold(self) -> None:
        given = _given(("v", 100, 110), ("v", 0, 9), claims=((0, 1), (1,), (), (0,)))
        assert citation_recall(_asked(("v", 100, 110)), given) == 2 / 4

    def test_coverage_is_the_share_of_evidence_that_citations_hold_by_half_together(self) -> None:
        asked = _asked(("v", 100, 110), ("v", 200, 210), ("w", 0, 10))
        given = _given(("v", 0, 103), ("v", 108, 204), ("w", 0, 4))
        assert citation_coverage(asked, given) == 1 / 3

    def test_an_alternative_stands_in_for_evidence_that_is_not_cited(self) -> None:
        asked = _asked(("v", 0, 10), or_else=(("w", 0, 10),))
        given = _given(("w", 0, 10))
        assert (citation_coverage(asked, given), citation_precision(asked, given)) == (1, 1)

    def test_an_abstention_cites_nothing(self) -> None:
        asked, nothing = _asked(("v", 0, 10)), Given("", False, 0.1)
        assert citation_precision(asked, nothing) == citation_recall(asked, nothing) == 0
        assert citation_coverage(asked, nothing) == 0


def test_exactness_is_the_share_of_quotes_that_stand_there_to_the_letter() -> None:
    cited = [Cited("v", (Span(0, 1),), exact) for exact in (True, False, True, True)]
    assert exactness(Given("…", True, 0.5, (), tuple(cited))) == 0.75
    assert exactness(Given("", False, 0.5)) == 1


@pytest.mark.parametrize(
    ("cited", "touched"),
    [
        ((("v", 0, 5), ("v", 18, 30)), 1.0),
        ((("v", 0, 10),), 0.0),
        ((("w", 10, 20),), 0.0),
        ((("w", 41, 42),), 1.0),
        ((), 0.0),
    ],
)
def test_one_character_of_a_span_that_answers_is_a_touch(
    cited: tuple[tuple[str, int, int], ...], touched: float
) -> None:
    assert touches(_asked(("v", 10, 20), or_else=(("w", 40, 50),)), _given(*cited)) == touched
