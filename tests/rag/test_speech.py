from __future__ import annotations

import pytest

from rag.speech import Attribution, attribution


def of(text: str, part: str) -> Attribution:
    start = text.index(part)
    return attribution(text, start, start + len(part))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Rain fell. As Dr. Ada Lind, head of the mill, pointed out, “the river is low.” It was.",
            "Ada Lind",
        ),
        ('Rain fell. Ada Lind said: "the river is low." It was.', "Ada Lind"),
        ("“the river is low,” said Ada Lind. It rained.", "Ada Lind"),
        ("“the river is low,” Ada Lind added.", "Ada Lind"),
        ("According to Ada Lind, “the river is low.”", "Ada Lind"),
        ("Ada Lind told Ben Okoro that “the river is low.”", "Ada Lind"),
        ("Ada Lind spoke long, and said so. “Look,” he went on, “the river is low.”", "Ada Lind"),
        ('Ben asked: "Why?" Ada Lind answered: "Because the river is low."', "Ada Lind"),
    ],
)
def test_whoever_is_quoted_is_named_first(text: str, name: str) -> None:
    told = of(text, "the river is low")
    assert told.quoted
    assert told.names[0].endswith(name)


def test_what_is_reported_has_a_speaker_too() -> None:
    told = of("Ben left. Ada Lind noted that the river is low. It rained.", "the river is low")
    assert told == Attribution(("Ada Lind",), quoted=False)


def test_what_nobody_is_said_to_have_said_has_none() -> None:
    assert of("Ada Lind left. The river is low in May.", "The river is low") == Attribution((), quoted=False)
    assert of("It is a “balanced river” now.", "balanced river") == Attribution((), quoted=True)


def test_the_person_told_is_not_the_one_who_speaks() -> None:
    assert "Ben Okoro" not in of("Ada Lind told Ben Okoro that “the river is low.”", "river is low").names


def test_a_long_paragraph_is_looked_at_from_near() -> None:
    long = "Rain fell on the hill. " * 300
    near = f'{long}Ada Lind said: "{"It rains. " * 40}the river is low." {long}'
    assert of(near, "the river is low") == Attribution(("Ada Lind",), quoted=True)
    far = f'Ada Lind said: "{"It rains. " * 400}the river is low." {long}'
    assert of(far, "the river is low").quoted


def test_a_place_behind_the_closing_mark_is_not_quoted() -> None:
    text = "Ada Lind said “so be it” and the river rose."
    assert not of(text, "and the river rose").quoted


def test_who_is_named_on_the_way_to_the_speaker_is_none() -> None:
    text = "After Carl Voss had left the hall, Ada Lind said: “The river is low.”"
    assert of(text, "The river is low") == Attribution(("Ada Lind",), quoted=True)
    text = "After Carl Voss had left the hall, he said: “The river is low.”"
    assert of(text, "The river is low").names == ("Carl Voss",)
    text = "Ada Lind met Carl Voss, who later said: “The river is low.”"
    assert of(text, "The river is low").names == ("Carl Voss",)
