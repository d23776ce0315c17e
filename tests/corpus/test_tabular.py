"""Rows as documents: from JSON Lines and CSV, with the fields of their records."""

from __future__ import annotations

import pytest

from corpus.errors import UnreadableError
from corpus.tabular import Columns, RowText, rows


def made(text: str, suffix: str, columns: Columns) -> list[RowText]:
    return list(rows(text.encode(), f"x{suffix}", suffix, columns))


def test_each_line_of_json_with_a_text_is_a_document() -> None:
    text = '{"id": 7, "body": "Water.", "title": "On", "date": "2019-03", "n": 1}\n\n{"id": "b", "body": ""}'
    assert made(text, ".jsonl", Columns("body", "id")) == [
        RowText("7", "Water.", {"title": "On", "issued": "2019-03"})
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_each_row_of_a_table_is_a_document(mark: str) -> None:
    text = f'\ufeffbody{mark}Author\r\n"Water{mark}\r\nand ""land"".""{mark}"{mark}Ann Lee\r\n'
    assert made(text, ".csv", Columns("body")) == [
        RowText("1", f'Water{mark}\r\nand "land"."{mark}', {"author": [{"literal": "Ann Lee"}]})
    ]


def test_what_does_not_fit_a_field_of_the_record_is_left_out() -> None:
    text = '{"body": "Water.", "date": "soon", "publisher": "House"}'
    assert made(text, ".jsonl", Columns("body"))[0].metadata == {"publisher": "House"}


@pytest.mark.parametrize(
    ("text", "suffix", "columns", "why"),
    [
        ('{"text": "a"}', ".jsonl", Columns("body"), "row 1 has no field 'body'; it has 'text'"),
        ('{"body": "a"}\n{', ".jsonl", Columns("body"), "line 2 is not JSON"),
        ("[1]", ".jsonl", Columns("body"), "line 1 is not an object"),
        ("[" * 100_000, ".jsonl", Columns("body"), "line 1 is not JSON"),
        ('{"body": ' + "[" * 900 + "]" * 900 + "}", ".jsonl", Columns("body"), "row 1 is nested too deeply"),
        ("body,id\na,1\nb,1\n", ".csv", Columns("body", "id"), "row 2: its 'id' is that of another row"),
        ("body,id\na,\n", ".csv", Columns("body", "id"), "row 1: its 'id' is empty"),
        ('body,id\n"a,1\nb,2\n', ".csv", Columns("body"), "row 1: no table can be read"),
        (
            'body,id\n"' + "a\n" * 5_000_000,
            ".csv",
            Columns("body"),
            "row 1: no table can be read (field larger",
        ),
        (
            "body" + ",c" * 5_000 + "\na\n",
            ".csv",
            Columns("body"),
            "5,001 columns, but at most 5,000 are read",
        ),
        ('"\n",' * 5_000 + "body\na\n", ".csv", Columns("body"), "5,001 columns, but at most 5,000 are read"),
        ("body,id\n" + "," * 9_000_000, ".csv", Columns("body"), "line 2 is longer than the 8,388,608"),
        ("c," * 30 + "d\na\n", ".csv", Columns("body"), "row 1 has no field 'body'; it has 'c'"),
        ("body\n" + "a\n" * 250_001, ".csv", Columns("body"), "more than 250,000 rows; split"),
        ('{"body": [' + "[]," * 3_000_000 + "[]]}", ".jsonl", Columns("body"), "line 1 has 9,000,"),
        ("body,id\na,1,2\n", ".csv", Columns("body"), "row 1 has more fields than the first line has"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(text: str, suffix: str, columns: Columns, why: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        made(text, suffix, columns)
    assert str(raised.value).startswith(f"x{suffix}: {why}")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_a_table_end_as_any_system_ends_them(end: str) -> None:
    text = f'body,id{end}Water,1{end}{end}"La{end}nd",2'
    assert [row.text for row in made(text, ".csv", Columns("body"))] == ["Water", f"La{end}nd"]


def test_rows_may_be_shorter_than_the_first_line() -> None:
    assert [row.text for row in made("title,body,id\nA\nB,Water,7\n", ".csv", Columns("body"))] == ["Water"]


def test_a_field_of_the_record_that_is_a_text_is_left_out() -> None:
    text = '{"body": "Water.", "title": "' + "a" * 20_000 + '", "publisher": "House"}'
    assert made(text, ".jsonl", Columns("body"))[0].metadata == {"publisher": "House"}
