import pytest

from corpus.fold import fold
from corpus.records import Person
from corpus.structure.bylines import Found, Place, detect
from corpus.structure.contents import detect as detect_contents
from corpus.structure.headings import detect as detect_headings
from corpus.structure.headings import sections
from corpus.structure.rows import rows

PROSE = "The harbour lay still under the snow, and nobody had come down to the quay since the morning.\n"


def found(text: str) -> Found:
    all_rows = rows(text)
    contents = detect_contents(all_rows).contents
    heads = detect_headings(all_rows, contents=contents).headings
    made = sections(heads, fold(text, markdown=False), len(text), [table.span for table in contents])
    return detect(text, all_rows, made, contents)


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Lee",
        "*By Ann Lee*",
        "*Ann Lee*",
        "by Dr. Ann Lee",
        "Author: Ann Lee",
        "By Ann Lee, University of Oslo",
        "Written by Ann Lee",
        "BY ANN LEE",
    ],
)
def test_a_line_that_says_so_names_the_author(line: str) -> None:
    text = f"I. Harbours\n\n{line}\n\n{PROSE}\nII. Roads\n\n{PROSE}"
    result = found(text)
    assert [tuple(n.title() for n in names) for names in result.authors] == [("Ann Lee",), ()]
    (byline,) = result.bylines
    assert byline.place is Place.HEADING
    assert text[byline.span.start : byline.span.end] == line


def test_two_authors() -> None:
    assert found(f"I. Harbours\n\nBy Ann Lee and Bo Ruiz\n\n{PROSE}\nII. Roads\n\n{PROSE}").authors[0] == (
        "Ann Lee",
        "Bo Ruiz",
    )


def test_a_name_alone_counts_where_the_table_of_contents_confirms_it() -> None:
    text = (
        f"Contents\n\nI. Harbours (Ann Lee)\t3\nII. Roads\t9\n\n"
        f"I. Harbours\n\nAnn Lee\n\n{PROSE}\nII. Roads\n\n{PROSE}"
    )
    assert found(text).authors == (("Ann Lee",), ())


def test_a_name_alone_that_nothing_confirms_is_noted_and_left() -> None:
    result = found(f"I. Harbours\n\nEastern Shore\n\n{PROSE}\nII. Roads\n\nCaspian Dawn\n\n{PROSE}")
    assert result.bylines == ()
    assert result.notes[-1] == "'Caspian Dawn' under 'Roads' may be its author: nothing confirms it"


@pytest.mark.parametrize(
    ("elsewhere", "authors"), [("", ()), ("Buenos Aires wrote to us.\n", ("Buenos Aires",))]
)
def test_a_name_that_only_its_own_section_says_again_is_what_the_section_is_about(
    elsewhere: str, authors: tuple[str, ...]
) -> None:
    text = f"I. South\n\nBuenos Aires\n\n{PROSE}Buenos Aires froze.\n\nII. Roads\n\n{PROSE}{elsewhere}"
    assert found(text).authors == (authors, ())


def test_the_table_of_contents_names_authors_that_the_section_does_not() -> None:
    text = (
        f"Contents\n\nI. Harbours (Ann Lee)\t3\nII. Roads\t9\n\nI. Harbours\n\n{PROSE}\nII. Roads\n\n{PROSE}"
    )
    result = found(text)
    assert result.authors == (("Ann Lee",), ())
    assert result.bylines[0].place is Place.CONTENTS


def test_subsections_have_the_authors_of_their_section() -> None:
    text = (
        f"I. Harbours\n\nBy Ann Lee\n\n{PROSE}\n1. *Old*\n\n"
        f"{PROSE}\n2. *New*\n\n{PROSE}\nII. Roads\n\n{PROSE}"
    )
    assert found(text).authors == (("Ann Lee",), ("Ann Lee",), ("Ann Lee",), ())


@pytest.mark.parametrize(
    "end", ["Ann Lee", "Ann Lee\n\nDirector of the Port", "— Ann Lee", "*Ann Lee*\nOslo, May 2021"]
)
def test_a_foreword_is_signed_at_its_end(end: str) -> None:
    result = found(f"Foreword\n\n{PROSE}\n{PROSE}\n{end}\n\nI. Harbours\n\n{PROSE}\nII. Roads\n\n{PROSE}")
    assert result.authors == (("Ann Lee",), (), ())
    assert result.bylines[0].place is Place.SIGNATURE


def test_spellings_of_one_name_are_folded_to_the_one_that_stands_most_often() -> None:
    text = (
        "Contributors\n\nDr. Ann Kovacs is a pilot. She sails.\n\nBo Petrov, engineer, builds.\n\n"
        "Contents\n\nI. Harbours (Ann Kovacz)\t3\nII. Roads (Bo Petrovov)\t9\n\n"
        f"I. Harbours\n\nAnn Kovacs\n\n{PROSE}\nII. Roads\n\n"
        f"Bo Petrov\n\n{PROSE}As Petrovov writes, so it is.\n"
    )
    result = found(text)
    assert result.contributors == ("Ann Kovacs", "Bo Petrov")
    assert result.authors == ((), ("Ann Kovacs",), ("Bo Petrov",))
    assert result.people == (
        Person("Ann Kovacs", ("Ann Kovacz",)),
        Person("Bo Petrov", ("Bo Petrovov", "Petrovov")),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"I. Harbours\n\nAnn Lee came down to the quay.\n\n{PROSE}\nII. Roads\n\n{PROSE}",
        f"I. Harbours\n\nBy the sea there is a wall.\n\n{PROSE}\nII. Roads\n\n{PROSE}",
        f"I. Harbours\n\n{PROSE}\nThe Harbour Council\n\nII. Roads\n\n{PROSE}",
        (
            f"I. Harbours\n\n{PROSE}\nAnn Lee\n\nII. Roads\n\n{PROSE}"
        ),  # nothing says that she wrote and not: is shown
        f"Foreword\n\n{PROSE}\nOslo, May 2021\n\nI. Harbours\n\n{PROSE}\nII. Roads\n\n{PROSE}",
        PROSE,
        "",
    ],
)
def test_what_is_no_byline(text: str) -> None:
    assert found(text).bylines == ()
