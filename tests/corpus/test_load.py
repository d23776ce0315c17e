from __future__ import annotations

import hashlib

import pytest

from corpus.bibliography import parse
from corpus.errors import MetadataError, UnreadableError
from corpus.load import load, reading
from corpus.media import MARKDOWN, PLAIN, media_type
from corpus.records import Block, BlockKind, Document, Record, Section, Span, Structure


def test_a_text_becomes_a_document() -> None:
    data = b"FIRST PART\r\n\r\nSome text."
    assert load(data, "a/b.txt") == Document(
        source="a/b.txt",
        version=hashlib.sha256(data).hexdigest(),
        media_type=PLAIN,
        text="FIRST PART\r\n\r\nSome text.",
        record=Record({"title": "First Part"}, {"title": Span(0, 10)}),
        structure=Structure(
            blocks=(
                Block(BlockKind.HEADING, Span(0, 10), 1),
                Block(BlockKind.PARAGRAPH, Span(14, 24)),
            ),
            sections=(Section(0, None, 1, None, "FIRST PART", (), Span(0, 10), Span(0, 24)),),
        ),
    )


def test_the_canonical_text_is_the_file_character_for_character() -> None:
    text = "---\ntitle: x\n---\n# **A**\r\r\r\nb\x0c&amp; <!-- c --> \u00ad" + 100 * "d" + "\x00\n"
    assert load(text.encode(), "a.md").text == text


def test_the_version_is_of_the_bytes_not_of_the_text() -> None:
    assert load(b"text", "a.txt").version != load("text".encode("utf-16"), "a.txt").version


@pytest.mark.parametrize(
    ("source", "expected"),
    [("a.md", MARKDOWN), ("a.MARKDOWN", MARKDOWN), ("a.txt", PLAIN), ("a.text", PLAIN), ("README", PLAIN)],
)
def test_the_name_tells_the_media_type(source: str, expected: str) -> None:
    assert media_type(source) == load(b"text", source).media_type == expected


def test_a_media_type_that_was_said_wins() -> None:
    assert reading(load(b"# Title", "a.txt", as_type=MARKDOWN)).text == "Title"


def test_metadata_wins_over_front_matter_and_that_over_the_first_heading() -> None:
    data = b"---\ntitle: Front\ntype: book\n---\n# Heading\n"
    assert load(b"# Heading\n", "a.md").record.title == "Heading"
    assert load(data, "a.md").record == Record({"title": "Front", "type": "book"})
    assert load(data, "a.md", {"title": "Side"}).record == Record({"title": "Side", "type": "book"})


def test_a_title_that_the_text_gives_is_supported_by_its_heading() -> None:
    assert load(b"x\n\n# Later", "a.md").record.title is None
    assert load(b"## Second level", "a.md").record.title is None
    assert load(b"# Same", "a.md", {"title": "Same"}).record.support == {"title": Span(0, 6)}


def test_what_a_text_says_of_itself_fills_what_metadata_leaves_open() -> None:
    text = "THE HARBOUR IN WINTER\n\nBy Ann Lee\n\nOslo, 4 May 2019\n\nThe harbour lay still under the snow."
    document = load(text.encode(), "a.txt", {"issued": "2020"})
    assert document.record.csl == {
        "title": "The Harbour in Winter",
        "author": [{"literal": "Ann Lee"}],
        "issued": "2020",
        "publisher-place": "Oslo",
    }
    told = {name: text[span.start : span.end] for name, span in document.record.support.items()}
    assert told == {"title": "THE HARBOUR IN WINTER", "author": "By Ann Lee", "publisher-place": "Oslo"}


def test_what_is_not_sure_of_a_field_is_noted_unless_metadata_gives_the_field() -> None:
    text = b"Harbours\n\nOslo, 4 May 2019\n\nOslo, 7 June 2020\n\nThe harbour lay still under the snow."
    doubt = "two dates in the first lines, 2019-05-04 and 2020-06-07: the first was taken"
    assert load(text, "a.txt").structure.notes == (doubt,)
    assert load(text, "a.txt", {"issued": "2021"}).structure.notes == ()


def test_plain_text_has_no_front_matter() -> None:
    assert load(b"---\ntitle: x\n---\n", "a.txt").record.title is None


def test_front_matter_and_comments_are_furniture() -> None:
    document = load(b"---\na: b\n---\nOne <!-- two\n\nthree --> four <!-- open", "a.md")
    assert document.structure.furniture == (Span(0, 13), Span(17, 36))
    assert reading(document).text == "One four <!-- open"


def test_a_comment_in_fenced_code_is_text() -> None:
    document = load(b"```html\n<!-- kept -->\n```\n<!-- gone -->\n", "a.md")
    assert reading(document).text == "<!-- kept -->"


def test_what_the_decoder_was_not_sure_of_is_noted() -> None:
    notes = ("not UTF-8 (byte 3); read as Windows-1252, accents may be wrong",)
    assert load(b"caf\xe9", "a.txt").structure.notes == notes


@pytest.mark.parametrize(
    "text",
    ["---\ntitle: x\n---\n", "<!-- only this -->", "---\n\n* * *\n", "\u00a0\u2003\n", "[^1]\n\n\u00ad"],
)
def test_a_document_without_words_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        load(text.encode(), "a.md")
    assert str(refused.value) == "a.md: only metadata, comments, rules and marks; there is nothing to add"


def test_faulty_front_matter_refuses_the_document_by_name() -> None:
    with pytest.raises(MetadataError) as refused:
        load(b"---\ndate: yesterday\n---\nText", "a.md")
    expected = "a.md (front matter): date: expected YYYY, YYYY-MM or YYYY-MM-DD, found 'yesterday'"
    assert str(refused.value) == expected


def test_an_over_large_document_is_refused() -> None:
    with pytest.raises(UnreadableError, match="4 bytes, but at most 3 are read"):
        load(b"text", "a.txt", max_bytes=3)


def test_names_read_as_people_sign() -> None:
    fields = parse("author: [{family: Curie, given: Marie}, AIR Center]", "a")
    assert load(b"text", "a.txt", fields).record.authors == ("Marie Curie", "AIR Center")
