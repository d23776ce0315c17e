import pytest

from corpus.records import Span
from corpus.structure.casing import Casing


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("THE QUAYS OF PORTO", "", "The Quays of Porto"),
        ("THE QUAYS OF PORTO", "It was called The quays of Porto then.", "The quays of Porto"),
        ("THE PORT'S QUAYS", "See The port’s quays.", "The port's quays"),  # its own apostrophe
        ("THE UNECE AND PORTS", "The UNECE met. The UNECE left.", "The UNECE and Ports"),
        ("The quays", "THE QUAYS", "The quays"),
        ("İZMİR AND ITS QUAYS", "In İzmir and its quays.", "İzmir and its quays"),
    ],
)
def test_a_title_in_capitals_is_written_as_the_text_writes_it(title: str, text: str, expected: str) -> None:
    assert Casing(f"{title}\n\n{text}").cased(title) == expected


def test_words_are_found_whatever_their_case_from_a_place_on() -> None:
    text = "İİ The Quay. THE QUAY, the quay’s; the quai."
    assert list(Casing(text).places("the quay")) == [Span(3, 11), Span(13, 21), Span(23, 31)]
    assert list(Casing(text).places("the quay's", 5)) == [Span(23, 33)]
