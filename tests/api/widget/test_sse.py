"""Events out of bytes, however these are cut."""

from __future__ import annotations

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
READ = """async ([bytes, sizes]) => {
    const { events } = await import('/src/sse.js');
    const whole = Uint8Array.from(bytes), all = [];
    for (const size of sizes) {
        const stream = new ReadableStream({ start(c) {
            for (let at = 0; at < whole.length; at += size) c.enqueue(whole.slice(at, at + size));
            c.close(); } });
        const got = [];
        for await (const { event, data } of events(stream)) got.push([event, data]);
        all.push(got);
    }
    return all; }"""


def read(blank: Visitor, data: bytes, *sizes: int) -> list[list[list[str]]]:
    told: list[list[list[str]]] = blank.page.evaluate(READ, [list(data), list(sizes)])
    return told


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_events_are_the_same_however_their_bytes_are_cut_and_lines_end(blank: Visitor, end: str) -> None:
    data = PLAIN.replace("\n", end).encode()
    sizes = (len(data), *range(1, 40))
    assert read(blank, data, *sizes) == [TOLD] * len(sizes)


def test_an_event_cut_at_every_byte_is_whole(blank: Visitor) -> None:
    data = 'event: delta\r\ndata: "é😀"\r\n\r\n'.encode()
    code = """async (bytes) => {
        const { events } = await import('/src/sse.js');
        const all = new Set();
        for (let cut = 0; cut <= bytes.length; cut++) {
            const parts = [bytes.slice(0, cut), bytes.slice(cut)].map((p) => Uint8Array.from(p));
            const stream = new ReadableStream({ start(c) { parts.forEach((p) => c.enqueue(p)); c.close(); } });
            const got = [];
            for await (const one of events(stream)) got.push(one.event + ' ' + one.data);
            all.add(got.join('|'));
        }
        return [...all]; }"""
    assert blank.page.evaluate(code, list(data)) == ['delta "é😀"']


def test_an_event_that_the_end_cuts_off_is_left_out(blank: Visitor) -> None:
    assert read(blank, b"data: whole\n\ndata: cut", 1000) == [[["message", "whole"]]]


def test_broken_utf_8_becomes_replacement_characters_and_nothing_worse(blank: Visitor) -> None:
    assert read(blank, b"data: a\xff\xc3b\n\n", 1, 1000) == [[["message", "a\ufffd\ufffdb"]]] * 2


def test_a_reader_who_leaves_cancels_the_stream(blank: Visitor) -> None:
    code = """async () => {
        const { events } = await import('/src/sse.js');
        let cancelled = false;
        const stream = new ReadableStream({
            start(c) { c.enqueue(new TextEncoder().encode('data: x\\n\\n')); }, cancel() { cancelled = true; } });
        for await (const _ of events(stream)) break;
        await Promise.resolve();
        return cancelled; }"""
    assert blank.page.evaluate(code) is True


def test_a_line_of_a_megabyte_is_read_in_good_time(blank: Visitor) -> None:
    code = """async () => {
        const { events } = await import('/src/sse.js');
        const line = new TextEncoder().encode('data: ' + 'x'.repeat(1 << 20) + '\\n\\n'), t = performance.now();
        const stream = new ReadableStream({ start(c) {
            for (let at = 0; at < line.length; at += 16384) c.enqueue(line.slice(at, at + 16384));
            c.close(); } });
        let size = 0;
        for await (const { data } of events(stream)) size += data.length;
        return [size, performance.now() - t]; }"""
    size, took_ms = blank.page.evaluate(code)
    assert size == 1 << 20
    assert took_ms < 1000
