"""Events out of bytes, however these are cut."""

from __future__ import annotations

from typing import Any

import pytest

from api.testing_browser import Visitor

PLAIN = (
    ': ping\n\nevent: delta\ndata: {"text": "Käse 😀 北京"}\n\n'
    "id: 7\nretry: 5\nevent: cite\ndata: one\ndata: two\n\n"
    "data\n\ndata:no space\n\nevent: empty\n\ndata:  two spaces\n\n"
)
TOLD = [
    ["delta", '{"text": "Käse 😀 北京"}'],
    ["cite", "one\ntwo"],
    ["message", ""],
    ["message", "no space"],
    ["message", " two spaces"],
]


def run(blank: Visitor, body: str, given: object = None) -> Any:
    """What a function of the page returns; `it` are the probes."""
    code = f"async (given) => {{ const it = await import('/probes.js'); {body} }}"
    return blank.page.evaluate(code, given)


def read(blank: Visitor, data: bytes, *sizes: int) -> list[list[list[str]]]:
    body = "return Promise.all(given[1].map((size) => it.told(it.stream(Uint8Array.from(given[0]), size))));"
    told: list[list[list[str]]] = run(blank, body, [list(data), list(sizes)])
    return told


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_events_are_the_same_however_their_bytes_are_cut_and_lines_end(blank: Visitor, end: str) -> None:
    data = PLAIN.replace("\n", end).encode()
    sizes = (len(data), *range(1, 40))
    assert read(blank, data, *sizes) == [TOLD] * len(sizes)


def test_an_event_cut_at_every_byte_is_whole(blank: Visitor) -> None:
    body = """
    const all = new Set(), bytes = Uint8Array.from(given);
    for (let cut = 0; cut <= bytes.length; cut++) {
      all.add(String(await it.told(it.parted(bytes.slice(0, cut), bytes.slice(cut)))));
    }
    return [...all];"""
    assert run(blank, body, list('event: delta\r\ndata: "é😀"\r\n\r\n'.encode())) == ['delta,"é😀"']


def test_an_event_that_the_end_cuts_off_is_left_out(blank: Visitor) -> None:
    assert read(blank, b"data: whole\n\ndata: cut", 1000) == [[["message", "whole"]]]


def test_broken_utf_8_becomes_replacement_characters_and_nothing_worse(blank: Visitor) -> None:
    assert read(blank, b"data: a\xff\xc3b\n\n", 1, 1000) == [[["message", "a\ufffd\ufffdb"]]] * 2


def test_a_reader_who_leaves_cancels_the_stream(blank: Visitor) -> None:
    body = """
    const { events } = await import('/src/sse.js');
    let cancelled = false;
    const bytes = new TextEncoder().encode('data: x\\n\\n');
    for await (const _ of events(it.stream(bytes, 9, { cancel() { cancelled = true; } }))) break;
    await Promise.resolve();
    return cancelled;"""
    assert run(blank, body) is True


def test_a_line_of_a_megabyte_is_read_in_good_time(blank: Visitor) -> None:
    body = """
    const line = new TextEncoder().encode(`data: ${'x'.repeat(1 << 20)}\\n\\n`), from = performance.now();
    const [[, data]] = await it.told(it.stream(line, 16384));
    return [data.length, performance.now() - from];"""
    size, took_ms = run(blank, body)
    assert size == 1 << 20
    assert took_ms < 1000
