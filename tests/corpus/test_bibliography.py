from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.bibliography import front_matter, parse, record
from corpus.errors import MetadataError
from corpus.records import Record, Span


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("publisher:\nISBN: ~\nnote: null", {}),
        ("title: ' A title '\ntype: report", {"title": "A title", "type": "report"}),
        ("title: >\n  A folded\n  title", {"title": "A folded title"}),
        ("author: A. Author", {"author": [{"literal": "A. Author"}]}),
        (
            "authors: [A. Author, {family: B, given: C}]",
            {"author": [{"literal": "A. Author"}, {"family": "B", "given": "C"}]},
        ),
        ("date: 2022", {"issued": "2022"}),
        ("issued: 2022-05-17", {"issued": "2022-05-17"}),
        ("issued: 2022-05-17T10:30:00Z", {"issued": "2022-05-17"}),
        ("issued: 2022-05-17 10:30", {"issued": "2022-05-17"}),
        ("issued: {date-parts: [[2022, 5]]}", {"issued": "2022-05"}),
        (
            "lang: az\nurl: http://a.b\ntags: [a, b]",
            {"language": "az", "URL": "http://a.b", "keyword": ["a", "b"]},
        ),
        ("menu: {main: {weight: 3}}", {"menu": {"main": {"weight": "3"}}}),
    ],
)
def test_yaml_becomes_csl_fields(text: str, fields: dict[str, Any]) -> None:
    assert parse(text, "a.meta.yaml") == fields


def test_values_stay_as_they_were_written() -> None:
    """YAML would read a number, a Boolean, an octal and a time."""
    text = "volume: 1.10\ntitle: No\nISBN: 0306406152\npage: 12:30"
    assert parse(text, "a") == {"volume": "1.10", "title": "No", "ISBN": "0306406152", "page": "12:30"}


def test_json_is_read_too_with_its_escapes() -> None:
    fields = {"title": "Bakı 😀 “x”", "issued": {"date-parts": [[2022, 5, 17]]}, "volume": 3, "note": None}
    expected = {"title": "Bakı 😀 “x”", "issued": "2022-05-17", "volume": "3"}
    assert parse(json.dumps(fields), "a") == expected
    assert parse(json.dumps(fields, ensure_ascii=False), "a") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just text", "a.meta.yaml: expected fields such as 'title: …', found text"),
        ("[a, b]", "a.meta.yaml: expected fields such as 'title: …', found a list"),
        ("title: [a, b]", "a.meta.yaml: title: expected text, found a list"),
        ("language: {a: b}", "a.meta.yaml: language: expected text, found fields"),
        (
            "date: May 2022\nauthor: [{}]\ntitle: x\neditor: ''",
            "a.meta.yaml: date: expected YYYY, YYYY-MM or YYYY-MM-DD, found 'May 2022'; "
            "author: expected a name, or given and family names; "
            "editor: expected a name, or given and family names",
        ),
        ("issued: 2022-13", "a.meta.yaml: issued: expected YYYY, YYYY-MM or YYYY-MM-DD, found '2022-13'"),
        ("issued: {date-parts: [x]}", "a.meta.yaml: issued: date-parts is not a list of numbers"),
        ('title: "\\ud83d"', "a.meta.yaml: title: half a surrogate pair, which is no character"),
        (
            "a: &x [1]\nb: *x",
            "a.meta.yaml: not valid YAML: aliases are not allowed in metadata; mend it or remove it",
        ),
        ("[" * 600, "a.meta.yaml: YAML nested too deeply; keep the fields flat"),
        (
            "title: a: b",
            "a.meta.yaml: not valid YAML: mapping values are not allowed here in "
            '"<unicode string>", line 1, column 9: title: a: b ^; mend it or remove it',
        ),
    ],
)
def test_faults_are_named_all_at_once(text: str, message: str) -> None:
    with pytest.raises(MetadataError) as refused:
        parse(text, "a.meta.yaml")
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["'unclosed", "\ttitle: x", "? [x]\n: y", "a: b: c", "\x01: y"])
def test_what_is_not_yaml_says_where(text: str) -> None:
    with pytest.raises(MetadataError, match=r"^a\.meta\.yaml: not valid YAML: .*; mend it or remove it$"):
        parse(text, "a.meta.yaml")


def test_tags_of_yaml_change_nothing() -> None:
    text = "a: !!int b\nc: =\n<<: d\ne: !!python/object:os.system f"
    assert parse(text, "a") == {"a": "b", "c": "=", "<<": "d", "e": "f"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_is_read_with_its_span(end: str) -> None:
    head = f"---{end}title: x{end}note: |{end}  a{end}  b{end}...{end}"
    assert front_matter(head + "Text", "a.md") == ({"title": "x", "note": "a\nb"}, Span(0, len(head)))


@pytest.mark.parametrize(
    "text",
    [
        "Text",
        "\n---\ntitle: x\n---\n",
        "---\n\nA rule above.\n\n---\n",
        "---\ntitle: never closed\n",
        "----\na: b\n---\n",
    ],
)
def test_what_is_not_front_matter_is_text(text: str) -> None:
    assert front_matter(text, "a.md") == ({}, None)


def test_empty_front_matter_is_front_matter() -> None:
    assert front_matter("---\n---\nText", "a.md") == ({}, Span(0, 8))


def test_front_matter_that_is_not_yaml_names_its_document() -> None:
    with pytest.raises(MetadataError, match=r"^a\.md \(front matter\): expected fields"):
        front_matter("---\nOnly prose.\n---\n", "a.md")


def test_of_several_sources_the_later_wins() -> None:
    assert record({"title": "a", "type": "b"}, {"title": "c"}, {"title": "d", "language": "e"}) == Record(
        {"title": "d", "type": "b", "language": "e"}
    )
