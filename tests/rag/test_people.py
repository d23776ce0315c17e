from __future__ import annotations

import pytest

from rag.people import same_person


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("Lind", "Ada Lind"),
        ("A. Lind", "Ada Lind"),
        ("Lind, Ada", "Ada Lind"),
        ("Ada Maria Lind", "Ada Lind"),
        ("Prime Minister Lind", "Ada Lind"),
        ("Dr. Ada Lind", "LIND"),
        ("Cəfər Hacıyev", "Jafar Hajiyev"),
        ("Aliev", "Ilham Aliyev"),
        ("Müller", "Jana Muller"),
        ("Ada Lind", "President of Arland Ada Lind"),
        ("AIR Center", "Center of Analysis of International Relations (AIR Center)"),
    ],
)
def test_one_person_may_be_named_in_many_ways(claimed: str, known: str) -> None:
    assert same_person(claimed, known)


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("Heydar Aliyev", "Ilham Aliyev"),
        ("B. Lind", "Ada Lind"),
        ("Ada", "Ada Lind"),
        ("Lindgren", "Ada Lind"),
        ("Hajizada", "Hikmat Hajiyev"),
        ("Baku", "Baku Dialogues"),
        ("the President", "President Ada Lind"),
        ("", "Ada Lind"),
        ("123", "Ada Lind"),
    ],
)
def test_other_people_are_other_people(claimed: str, known: str) -> None:
    assert not same_person(claimed, known)
