import pytest

from corpus.structure.names import bare, canonical, full_names, groups, in_full, is_name, people, same


@pytest.mark.parametrize(
    "name",
    [
        "Ann Lee",
        "J. R. Holm",
        "Ludwig van der Berg",
        "Seán O’Neill",
        "María José García Ruiz",
        "Əli Həsənov",
        "Dr. Ann Lee",
        "Jean-Luc Moreau",
        "Иван Петров",
        "Theresa May",
    ],
)
def test_full_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "Ann",
        "The Harbour",
        "Energy Security",
        "Foreign Policy",
        "ann lee",
        "Ann Lee sails",
        "Table of Contents",
        "May 2021",
        "South Harbour",
        "Ann Lee?",
        "J. R.",
        "Oslo University",
        "",
        "von Berg",
    ],
)
def test_what_is_no_full_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr. Ann Kovács", "Ann Kovacs"),
        ("A. Kovács", "Ann Kovács"),
        ("Ann Petrov", "Ann Petrovov"),
        ("Ann Valin", "Ann Velin"),
        ("Ann B. Lee", "Ann Lee"),
        ("ANN LEE", "Ann Lee"),
    ],
)
def test_one_person(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann Lee", "Tom Lee"), ("Ann Meyer", "Ann Beyer"), ("Ann Lee", "Ann Leo"), ("Lee", "Ann Lee")],
)
def test_two_people(one: str, other: str) -> None:
    assert not same(one, other)


def test_a_list_of_names() -> None:
    assert people("Ann Lee, Dr. Bo Ruiz and Cy Fox") == ("Ann Lee", "Bo Ruiz", "Cy Fox")
    assert people("Ann Lee and others") == ()


def test_names_are_bare_without_titles_markup_and_degrees() -> None:
    assert bare("*Prof. Dr. Ann Lee, Ph.D.*") == "Ann Lee"


def test_full_names_in_running_text() -> None:
    text = "Today Ann Lee met Mr. Bo Ruiz, and the Harbour Council (with Cy de Witt) heard “Dag Holm’s” plan."
    assert full_names(text) == ["Ann Lee", "Bo Ruiz", "Cy de Witt", "Dag Holm"]


def test_a_surname_in_full() -> None:
    assert in_full("Lee", "Yesterday President Lee spoke; Ann Lee answered, so did Tom Leeson.") == [
        "Ann Lee"
    ]


def test_the_form_that_stands_most_often_is_canonical() -> None:
    assert groups(["Ann Petrov", "Bo Ruiz", "Ann Petrovov"]) == [["Ann Petrov", "Ann Petrovov"], ["Bo Ruiz"]]
    assert canonical(["Ann Petrovov", "Ann Petrov"], "Ann Petrov. Ann Petrovov. Ann Petrov.") == "Ann Petrov"
