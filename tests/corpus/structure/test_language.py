import pytest

from corpus.structure.language import language


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "en",
            (
                "The harbour was still, and it was not for the "
                "men of the town to say that the ice is in the way. "
            ),
        ),
        (
            "de",
            "Der Hafen war still, und es ist nicht die Sache der Leute, mit dem Eis auf eine Art zu reden. ",
        ),
        ("fr", "Le port est calme et les gens de la ville ne sont pas dans une maison qui est sur le quai. "),
        (
            "es",
            "El puerto no es de la gente que vive en una casa con los barcos, y por la noche se va al mar. ",
        ),
        (
            "az",
            (
                "Liman sakit idi və bu şəhər üçün bir gün daha "
                "gözləmək lazım olan bütün gəmilər ilə o da bilir ki. "
            ),
        ),
    ],
)
def test_small_words_tell_the_language(code: str, text: str) -> None:
    assert language(text * 4) == code


@pytest.mark.parametrize("text", ["", "12 34 56", "Harbour Quay Mole Pier " * 50])
def test_a_text_without_them_has_none(text: str) -> None:
    assert language(text) is None
