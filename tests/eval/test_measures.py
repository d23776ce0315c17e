"""Every measure against an example worked by hand."""

from __future__ import annotations

import pytest

from corpus.records import Span
from eval.measures import (
    area_under_roc,
    contains_answer,
    first_hit,
    hit,
    normalize_answer,
    recall,
    reciprocal,
    within,
)
from eval.sets import Evidence, GoldQuestion
from rag.testing import passage_at


def _asked(*evidence: tuple[str, int, int], or_else: tuple[tuple[str, int, int], ...] = ()) -> GoldQuestion:
    """A question with evidence spans and alternatives, each (version, start, end)."""
    spans, others = (
        tuple(Evidence(version, Span(start, end)) for version, start, end in places)
        for places in (evidence, or_else)
    )
    return GoldQuestion("q1", "Who?", "factoid", ("Nobody",), spans, others)


class TestFirstHit:
    def test_is_the_rank_of_the_first_passage_that_covers_half_a_span(self) -> None:
        """[100, 120) is half covered by [110, 200) and not quite by [111, 200)."""
        asked = _asked(("v", 100, 120))
        assert first_hit(asked, [passage_at("v", (111, 200)), passage_at("v", (110, 200))]) == 2

    def test_is_none_without_one(self) -> None:
        assert (
            first_hit(_asked(("v", 100, 120)), [passage_at("v", (0, 109)), passage_at("v", (111, 130))])
            is None
        )
        assert first_hit(_asked(("v", 100, 120)), []) is None

    def test_the_same_place_of_another_document_is_none(self) -> None:
        assert first_hit(_asked(("v", 100, 120)), [passage_at("w", (100, 120))]) is None

    def test_each_of_several_evidence_spans_will_do(self) -> None:
        assert first_hit(_asked(("v", 0, 9), ("w", 50, 60)), [passage_at("w", (50, 60))]) == 1

    def test_so_will_an_alternative(self) -> None:
        asked = _asked(("v", 0, 9), or_else=(("w", 50, 60),))
        assert first_hit(asked, [passage_at("w", (70, 80)), passage_at("w", (50, 60))]) == 2

    def test_the_spans_of_a_passage_cover_together(self) -> None:
        """Six of twenty characters, and four more behind a footnote."""
        assert first_hit(_asked(("v", 100, 120)), [passage_at("v", (90, 106), (116, 130))]) == 1

    def test_passages_do_not_cover_together(self) -> None:
        """Two passages hold nine characters each: no passage alone is a hit."""
        ranked = [passage_at("v", (0, 109)), passage_at("v", (111, 200))]
        assert first_hit(_asked(("v", 100, 120)), ranked) is None


@pytest.mark.parametrize(
    ("rank", "k", "expected"), [(1, 1, 1), (2, 1, 0), (5, 5, 1), (6, 5, 0), (None, 5, 0)]
)
def test_hit_at_k_is_whether_the_first_hit_is_among_the_first_k(
    rank: int | None, k: int, expected: float
) -> None:
    assert hit(rank, k) == expected


@pytest.mark.parametrize(("rank", "expected"), [(1, 1), (2, 0.5), (4, 0.25), (10, 0.1), (11, 0), (None, 0)])
def test_rr_at_10_is_one_over_the_rank_of_the_first_hit(rank: int | None, expected: float) -> None:
    assert reciprocal(rank) == expected


class TestRecall:
    def test_is_the_share_of_evidence_spans_that_are_found(self) -> None:
        asked = _asked(("v", 0, 10), ("v", 50, 60), ("w", 0, 10), ("w", 50, 60))
        ranked = [passage_at("v", (0, 10)), passage_at("w", (55, 90)), passage_at("w", (20, 40))]
        assert recall(asked, ranked) == 0.5

    def test_passages_cover_a_span_together(self) -> None:
        """Three characters in front, two behind: half of ten. One less is not enough."""
        asked = _asked(("v", 100, 110))
        assert recall(asked, [passage_at("v", (0, 103)), passage_at("v", (108, 200))]) == 1
        assert recall(asked, [passage_at("v", (0, 102)), passage_at("v", (108, 200))]) == 0

    def test_what_two_passages_both_cover_counts_once(self) -> None:
        assert recall(_asked(("v", 100, 110)), [passage_at("v", (0, 103)), passage_at("v", (50, 103))]) == 0

    def test_an_alternative_stands_for_a_span_that_was_not_found(self) -> None:
        asked = _asked(("v", 0, 10), ("v", 50, 60), or_else=(("w", 0, 10),))
        assert recall(asked, [passage_at("w", (0, 10))]) == 0.5
        assert recall(asked, [passage_at("w", (0, 10)), passage_at("v", (50, 60))]) == 1

    def test_more_than_everything_is_everything(self) -> None:
        asked = _asked(("v", 0, 10), or_else=(("v", 50, 60), ("w", 0, 10)))
        assert recall(asked, [passage_at("v", (0, 60)), passage_at("w", (0, 10))]) == 1

    def test_of_nothing_is_nothing(self) -> None:
        assert recall(_asked(("v", 0, 10)), []) == 0


class TestWithin:
    def test_takes_passages_while_they_fit(self) -> None:
        ranked = [passage_at("v", (n * 1000, (n + 1) * 1000)) for n in range(5)]
        assert within(ranked) == ranked[:3]

    def test_stops_at_the_first_that_does_not_fit_though_a_later_one_would(self) -> None:
        ranked = [passage_at("v", (0, 1000)), passage_at("v", (1000, 3001)), passage_at("v", (4000, 4100))]
        assert within(ranked) == ranked[:1]

    def test_takes_one_however_long(self) -> None:
        ranked = [passage_at("v", (0, 9000)), passage_at("v", (9000, 9001))]
        assert within(ranked) == ranked[:1]

    def test_counts_the_characters_of_all_spans_but_not_those_between(self) -> None:
        ranked = [passage_at("v", (0, 10), (5000, 5010)), passage_at("v", (20, 30))]
        assert within(ranked, 30) == ranked
        assert within(ranked, 29) == ranked[:1]

    def test_of_nothing_is_nothing(self) -> None:
        assert within([]) == []


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
    ("positive", "negative", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1),
        ([0.1, 0.2], [0.9, 0.8], 0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.5], [0.5, 0.1], 0.875),  # three pairs won, one tied
        ([0.3, 0.7, 0.7], [0.7, 0.5], 0.5),  # two pairs won, two tied, two lost
        ([], [0.5], None),
        ([0.5], [], None),
    ],
)
def test_area_under_roc_is_the_share_of_pairs_in_order_with_ties_half(
    positive: list[float], negative: list[float], area: float | None
) -> None:
    assert area_under_roc(positive, negative) == area
