from __future__ import annotations

from random import Random

import pytest

from eval import damage
from eval.quotations import DAMAGES
from rag.compare import Changed, Side, compare
from rag.quotation import Quotation
from rag.tokens import tokens

TEXT = (
    "On 9 November 2020 the three leaders, among them Ada Lind, signed a long-awaited statement which was "
    "expected to end the war; it is not clear whether the parties will keep to all of its articles."
)


@pytest.mark.parametrize("kind", sorted(DAMAGES))
def test_equal_seeds_do_equal_damage_and_some(kind: str) -> None:
    spoil, _ = DAMAGES[kind]
    once, again = (spoil(Random(5), TEXT) for _ in range(2))
    assert once == again
    assert once
    assert once != TEXT


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (damage.number, Changed.NUMBER),
        (damage.date, Changed.DATE),
        (damage.negation, Changed.NEGATION),
        (damage.name, Changed.NAME),
    ],
)
def test_changes_of_meaning_touch_what_they_say(spoil: damage.Damage, kind: Changed) -> None:
    for seed in range(20):
        spoilt = spoil(Random(seed), TEXT) or ""
        ours = tokens(spoilt)
        result = compare(Side(spoilt, ours), Side(TEXT, tokens(TEXT)), [False] * len(ours), {})
        assert {change.kind for change in result.changes} == {kind}


@pytest.mark.parametrize("spoil", [damage.ocr, damage.typing, damage.dropped, damage.swapped])
def test_slips_touch_a_tenth_of_the_letters_or_little_more(spoil: damage.Damage) -> None:
    for seed in range(20):
        spoilt = spoil(Random(seed), TEXT) or ""
        assert sum(a != b for a, b in zip(sorted(TEXT), sorted(spoilt), strict=False)) < len(TEXT)
        assert abs(len(spoilt) - len(TEXT)) <= 0.15 * len(TEXT)


@pytest.mark.parametrize("spoil", [damage.number, damage.date, damage.negation, damage.name, damage.dropped])
def test_what_offers_nothing_is_not_damaged(spoil: damage.Damage) -> None:
    assert spoil(Random(1), "small words again and again"[:11]) is None


def test_an_ellipsis_hides_no_negation() -> None:
    for seed in range(60):
        spoilt = damage.ellipsis(Random(seed), TEXT)
        assert spoilt is None or " not " in spoilt
        assert spoilt is None or len(Quotation.of(spoilt).segments) == 2
