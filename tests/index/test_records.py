from __future__ import annotations

from dataclasses import replace

import pytest

from index.records import EncoderIdentity, Filters, Precision

IDENTITY = EncoderIdentity("some/model", "ab" * 32, 384, 256, "mean", "query: ", "passage: ")


def test_an_identity_survives_json() -> None:
    low = replace(IDENTITY, precision=Precision.BFLOAT16)
    assert EncoderIdentity.from_json(low.to_json()) == low


@pytest.mark.parametrize(
    "other",
    [
        replace(IDENTITY, weights="cd" * 32),
        replace(IDENTITY, dimension=256),
        replace(IDENTITY, max_tokens=512),
        replace(IDENTITY, pooling="cls"),
        replace(IDENTITY, query_prefix=""),
        replace(IDENTITY, passage_prefix=""),
    ],
)
def test_whatever_changes_a_vector_changes_the_fingerprint(other: EncoderIdentity) -> None:
    assert other.fingerprint != IDENTITY.fingerprint


@pytest.mark.parametrize(
    "other", [replace(IDENTITY, model="/a/folder"), replace(IDENTITY, precision=Precision.BFLOAT16)]
)
def test_a_moved_folder_and_the_precision_leave_the_fingerprint_as_it_is(other: EncoderIdentity) -> None:
    assert other.fingerprint == IDENTITY.fingerprint


def test_filters_are_true_when_any_is_set() -> None:
    assert not Filters()
    assert Filters(author=("A",))
    assert Filters(date_to="2020")
