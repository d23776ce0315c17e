"""Every measure against an example worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Span
from eval.records import Evidence, GoldQuestion, Hit
from eval.spans import first_hit, hit_at, omega, overlaps, recall, reciprocal, size, union, within


def _at(document: str, *spans: tuple[int, int]) -> Hit:
    """A passage that stands at spans of a document."""
    return Hit(document, tuple(Span(*span) for span in spans))


def _asked(*evidence: tuple[str, int, int], or_else: tuple[tuple[str, int, int], ...] = ()) -> GoldQuestion:
    """A question with evidence spans and alternatives, each (document, start, end)."""
    spans, others = (
        tuple(Evidence(document, Span(start, end)) for document, start, end in places)
        for places in (evidence, or_else)
    )
    return GoldQuestion("q1", "Who?", "factoid", ("Nobody",), spans, others)


class TestFirstHit:
    def test_is_the_rank_of_the_first_passage_that_covers_half_a_span(self) -> None:
        """[100, 120) is half covered by [110, 200) and not quite by [111, 200)."""
        asked = _asked(("v", 100, 120))
        assert first_hit(asked, [_at("v", (111, 200)), _at("v", (110, 200))]) == 2

    def test_is_none_without_one(self) -> None:
        assert first_hit(_asked(("v", 100, 120)), [_at("v", (0, 109)), _at("v", (111, 130))]) is None
        assert first_hit(_asked(("v", 100, 120)), []) is None

    def test_the_same_place_of_another_document_is_none(self) -> None:
        assert first_hit(_asked(("v", 100, 120)), [_at("w", (100, 120))]) is None

    def test_each_of_several_evidence_spans_will_do(self) -> None:
        assert first_hit(_asked(("v", 0, 9), ("w", 50, 60)), [_at("w", (50, 60))]) == 1

    def test_so_will_an_alternative(self) -> None:
        asked = _asked(("v", 0, 9), or_else=(("w", 50, 60),))
        assert first_hit(asked, [_at("w", (70, 80)), _at("w", (50, 60))]) == 2

    def test_the_spans_of_a_passage_cover_together(self) -> None:
        """Six of twenty characters, and four more behind a footnote."""
        assert first_hit(_asked(("v", 100, 120)), [_at("v", (90, 106), (116, 130))]) == 1

    def test_passages_do_not_cover_together(self) -> None:
        """Two passages hold nine characters each: no passage alone is a hit."""
        ranked = [_at("v", (0, 109)), _at("v", (111, 200))]
        assert first_hit(_asked(("v", 100, 120)), ranked) is None


@pytest.mark.parametrize(
    ("rank", "k", "expected"), [(1, 1, 1), (2, 1, 0), (5, 5, 1), (6, 5, 0), (None, 5, 0)]
)
def test_hit_at_k_is_whether_the_first_hit_is_among_the_first_k(
    rank: int | None, k: int, expected: float
) -> None:
    assert hit_at(rank, k) == expected


@pytest.mark.parametrize(("rank", "expected"), [(1, 1), (2, 0.5), (4, 0.25), (10, 0.1), (11, 0), (None, 0)])
def test_rr_at_10_is_one_over_the_rank_of_the_first_hit(rank: int | None, expected: float) -> None:
    assert reciprocal(rank) == expected


class TestRecall:
    def test_is_the_share_of_evidence_spans_that_are_found(self) -> None:
        asked = _asked(("v", 0, 10), ("v", 50, 60), ("w", 0, 10), ("w", 50, 60))
        ranked = [_at("v", (0, 10)), _at("w", (55, 90)), _at("w", (20, 40))]
        assert recall(asked, ranked) == 0.5

    def test_passages_cover_a_span_together(self) -> None:
        """Three characters in front, two behind: half of ten. One less is not enough."""
        asked = _asked(("v", 100, 110))
        assert recall(asked, [_at("v", (0, 103)), _at("v", (108, 200))]) == 1
        assert recall(asked, [_at("v", (0, 102)), _at("v", (108, 200))]) == 0

    def test_what_two_passages_both_cover_counts_once(self) -> None:
        assert recall(_asked(("v", 100, 110)), [_at("v", (0, 103)), _at("v", (50, 103))]) == 0

    def test_an_alternative_stands_for_a_span_that_was_not_found(self) -> None:
        asked = _asked(("v", 0, 10), ("v", 50, 60), or_else=(("w", 0, 10),))
        assert recall(asked, [_at("w", (0, 10))]) == 0.5
        assert recall(asked, [_at("w", (0, 10)), _at("v", (50, 60))]) == 1

    def test_more_than_everything_is_everything(self) -> None:
        asked = _asked(("v", 0, 10), or_else=(("v", 50, 60), ("w", 0, 10)))
        assert recall(asked, [_at("v", (0, 60)), _at("w", (0, 10))]) == 1

    def test_of_nothing_is_nothing(self) -> None:
        assert recall(_asked(("v", 0, 10)), []) == 0


class TestWithin:
    def test_takes_passages_while_they_fit(self) -> None:
        ranked = [_at("v", (n * 1000, (n + 1) * 1000)) for n in range(5)]
        assert within(ranked) == ranked[:3]

    def test_stops_at_the_first_that_does_not_fit_though_a_later_one_would(self) -> None:
        ranked = [_at("v", (0, 1000)), _at("v", (1000, 3001)), _at("v", (4000, 4100))]
        assert within(ranked) == ranked[:1]

    def test_takes_one_however_long(self) -> None:
        ranked = [_at("v", (0, 9000)), _at("v", (9000, 9001))]
        assert within(ranked) == ranked[:1]

    def test_counts_the_characters_of_all_spans_but_not_those_between(self) -> None:
        ranked = [_at("v", (0, 10), (5000, 5010)), _at("v", (20, 30))]
        assert within(ranked, 30) == ranked
        assert within(ranked, 29) == ranked[:1]

    def test_of_nothing_is_nothing(self) -> None:
        assert within([]) == []


class TestOverlaps:
    def test_of_two_passages_that_share_characters(self) -> None:
        """Relevant: 40. Passages of 30 and 30 characters hold 10 and 20 of them, 5 of those twice."""
        asked = _asked(("v", 20, 30), ("v", 50, 80))
        ranked = [_at("v", (20, 35), (45, 60)), _at("v", (55, 85))]
        covered, retrieved = 10 + 30, 30 + 30
        assert overlaps(asked, ranked) == (covered / 40, covered / retrieved, covered / (retrieved + 0))

    def test_what_is_missed_counts_in_the_union(self) -> None:
        asked = _asked(("v", 0, 10), ("w", 0, 30))
        assert overlaps(asked, [_at("v", (5, 25))]) == (5 / 40, 5 / 20, 5 / (20 + 35))

    def test_a_passage_found_twice_is_retrieved_twice_and_covers_once(self) -> None:
        assert overlaps(_asked(("v", 0, 10)), [_at("v", (0, 10)), _at("v", (0, 10))]) == (1, 10 / 20, 10 / 20)

    def test_evidence_spans_that_overlap_count_once(self) -> None:
        assert overlaps(_asked(("v", 0, 10), ("v", 5, 20)), [_at("v", (0, 10))]) == (0.5, 1, 10 / 20)

    def test_of_nothing_found_are_nothing(self) -> None:
        assert overlaps(_asked(("v", 0, 10)), []) == (0, 0, 0)

    def test_another_document_costs_precision(self) -> None:
        assert overlaps(_asked(("v", 0, 10)), [_at("v", (0, 10)), _at("w", (0, 30))]) == (1, 10 / 40, 10 / 40)


class TestCopies:
    """A passage that is shown for others of its text."""

    def test_a_copy_is_a_hit_at_the_rank_of_the_passage_that_names_it(self) -> None:
        shown = replace(_at("v", (0, 20)), copies=(_at("w", (100, 120)),))
        assert first_hit(_asked(("w", 100, 120)), [_at("u", (0, 9)), shown]) == 2
        assert recall(_asked(("w", 100, 120), ("v", 0, 20)), [shown]) == 1

    def test_a_copy_takes_no_room_of_the_reader(self) -> None:
        shown = replace(_at("v", (0, 20)), copies=(_at("w", (0, 20)),))
        assert within([shown, _at("v", (50, 60))], 30) == [shown, _at("v", (50, 60))]

    def test_a_copy_with_evidence_counts_as_if_it_were_shown(self) -> None:
        shown = replace(_at("v", (0, 30)), copies=(_at("w", (100, 120)), _at("u", (0, 90))))
        asked = _asked(("w", 110, 125))
        assert overlaps(asked, [shown]) == overlaps(asked, [_at("w", (100, 120))]) == (10 / 15, 0.5, 10 / 25)

    def test_evidence_in_both_is_covered_in_both_and_retrieved_in_both(self) -> None:
        shown = replace(_at("v", (0, 20)), copies=(_at("w", (100, 120)),))
        assert overlaps(_asked(("v", 0, 10), ("w", 100, 110)), [shown]) == (1, 20 / 40, 20 / 40)

    def test_copies_without_evidence_cost_nothing(self) -> None:
        shown = replace(_at("v", (0, 20)), copies=(_at("w", (100, 120)),))
        assert overlaps(_asked(("u", 0, 10)), [shown]) == (0, 0, 0)
        assert overlaps(_asked(("v", 0, 10)), [shown]) == (1, 0.5, 0.5)


class TestOmega:
    def test_is_the_precision_of_all_passages_that_touch_evidence(self) -> None:
        """Two of three passages touch it and hold 50 characters, 30 of them relevant."""
        passages = [_at("v", (0, 20)), _at("v", (20, 40)), _at("v", (40, 70))]
        assert omega(_asked(("v", 30, 60)), passages) == 30 / 50

    def test_passages_that_overlap_count_their_characters_once(self) -> None:
        assert omega(_asked(("v", 10, 20)), [_at("v", (0, 15)), _at("v", (10, 30))]) == 10 / 30

    def test_evidence_that_is_in_no_passage_counts_against_it(self) -> None:
        assert omega(_asked(("v", 0, 10), ("v", 50, 60)), [_at("v", (0, 10))]) == 10 / 20

    def test_passages_side_by_side_do_not_touch(self) -> None:
        assert omega(_asked(("v", 10, 20)), [_at("v", (10, 20)), _at("v", (20, 30))]) == 1

    def test_without_passages_is_nothing(self) -> None:
        assert omega(_asked(("v", 10, 20)), []) == 0


_spans = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda t: Span(t[0], t[0] + t[1])))


@given(_spans)
@settings(deadline=None)
def test_a_union_covers_the_same_characters_once(spans: list[Span]) -> None:
    merged = union(spans)
    assert {c for s in merged for c in range(s.start, s.end)} == {
        c for s in spans for c in range(s.start, s.end)
    }
    assert size(merged) == len({c for s in spans for c in range(s.start, s.end)})


@given(_spans.filter(bool), _spans)
@settings(deadline=None)
def test_overlaps_agree_with_counting_characters_one_by_one(wanted: list[Span], found: list[Span]) -> None:
    asked = _asked(*(("v", s.start, s.end) for s in wanted))
    ranked = [Hit("v", (s,)) for s in found]
    relevant = {c for s in wanted for c in range(s.start, s.end)}
    came = [c for s in found for c in range(s.start, s.end)]
    both = len(relevant & set(came))
    expected = (
        both / len(relevant),
        both / len(came) if came else 0,
        both / (len(came) + len(relevant) - both),
    )
    assert overlaps(asked, ranked) == pytest.approx(expected)
