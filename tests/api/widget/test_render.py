"""The Markdown of answers as nodes: what is allowed, what stays, and how much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.testing_browser import Visitor

PAYLOADS = [
    json.loads(line)
    for line in Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith('"')
]
MIXED = (
    "**a** b\n\n- c\n- d\n\n1. e\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n\n> q\n\n# h\n\nend"
)


def run(blank: Visitor, body: str, given: object = None) -> Any:
    """What a function of the page returns; `it` are the probes."""
    code = f"async (given) => {{ const it = await import('/probes.js'); {body} }}"
    return blank.page.evaluate(code, given)


def html(blank: Visitor, text: str) -> str:
    told: str = run(blank, "return it.whole(given).innerHTML;", text)
    return told.replace(' dir="auto"', "")


def measured(blank: Visitor, text: str) -> dict[str, Any]:
    told: dict[str, Any] = run(blank, "return it.measured(given);", text)
    return told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("a **b** _c_ `d`", '<p>a <strong>b</strong> <em>c</em> <code part="code">d</code></p>'),
        ("snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"),
        ("# A\n\n## B", "<h3>A</h3><h4>B</h4>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("![a cat](http://x.example/c.png)", "<p>[image: a cat]</p>"),
        (r"\*not\* \[a\](b)", "<p>*not* [a](b)</p>"),
    ],
)
def test_the_subset_of_markdown(blank: Visitor, text: str, expected: str) -> None:
    assert html(blank, text) == expected


def test_a_table_and_code_scroll_in_regions_of_their_own(blank: Visitor) -> None:
    body = """return [...it.whole(given).querySelectorAll('[role=region]')].map((region) =>
        [region.tabIndex, region.ariaLabel, region.textContent]);"""
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx [1]\n```"
    assert run(blank, body, text) == [[0, "Table", "ab12"], [0, "Code", "x [1]"]]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[text](https://a.example/b)", [["https://a.example/b", "text"]]),
        ("<https://a.example/b>", [["https://a.example/b", "https://a.example/b"]]),
        ("see https://a.example/b.", [["https://a.example/b", "https://a.example/b"]]),
        ("[mail](mailto:a@b.example)", [["mailto:a@b.example", "mail"]]),
        ("[x](javascript:alert(1)) [y](data:text/html,x) [z](ftp://a.example) [w](/local)", []),
    ],
)
def test_links_lead_to_pages_and_mail_alone(blank: Visitor, text: str, links: list[list[str]]) -> None:
    body = "return it.links(it.whole(given));"
    assert run(blank, body, text) == links


def test_a_link_that_says_another_address_shows_where_it_leads(blank: Visitor) -> None:
    assert "(evil.example)" in html(blank, "[https://good.example](https://evil.example/x)")


def test_a_link_cannot_hide_where_it_leads_by_running_backwards(blank: Visitor) -> None:
    assert "\u202e" not in html(blank, "[\u202egro.elpmaxe](https://evil.example/x)")


def test_no_payload_makes_an_element_an_attribute_or_a_link_that_is_not_ours(blank: Visitor) -> None:
    """While it comes, a character at a time, and at its end."""
    body = """
    const found = [];
    for (const payload of given) {
      const paper = it.paper();
      for (const one of payload) {
        paper.say(one);
        found.push(...it.strange(paper.root).map((what) => [payload, what]));
      }
      paper.cite(1);
      paper.end();
      found.push(...it.strange(paper.root).map((what) => [payload, what]));
    }
    return found;"""
    assert len(PAYLOADS) >= 150
    assert run(blank, body, PAYLOADS) == []


def test_an_answer_is_the_same_however_it_came(blank: Visitor) -> None:
    """Whole, and by pieces of 1, 3, 7 characters, with citations among them."""
    body = """
    const found = [];
    for (const payload of given) {
      const said = [...`Before. ${payload}`];
      const shown = [said.length, 1, 3, 7].map((size) => {
        const paper = it.paper();
        for (let at = 0; at < said.length; at += size) paper.say(said.slice(at, at + size).join(''));
        paper.cite(1);
        paper.say(' After.\\n\\nEnd.');
        paper.end();
        return paper.root.innerHTML;
      });
      if (new Set(shown).size > 1) found.push([payload, ...new Set(shown)]);
    }
    return found;"""
    assert run(blank, body, [MIXED, *PAYLOADS]) == []


@pytest.mark.parametrize(
    "around",
    [
        "**bold**{}",
        "- item{}\n- two",
        "| a | b |\n|---|---|\n| c{} | d |",
        "## Title{}",
        "> said{}",
        "end{}.",
        "[l](https://a.example){}",
    ],
)
def test_a_marker_made_once_stays_the_same_node_to_the_end(blank: Visitor, around: str) -> None:
    body = """
    const [before, after] = given, paper = it.paper();
    for (const one of before) paper.say(one);
    paper.cite(1);
    const marker = paper.root.querySelector('button');
    for (const one of `${after}\\n\\nAnd **more** of it.\\n\\n- x\\n- y\\n\\nEnd.`) paper.say(one);
    paper.end();
    return [marker.isConnected, paper.root.querySelectorAll('button').length];"""
    assert run(blank, body, around.split("{}")) == [True, 1]


def test_finished_blocks_are_never_touched_again(blank: Visitor) -> None:
    body = """
    const paper = it.paper();
    paper.say('First paragraph.\\n\\nSecond begins');
    const first = paper.root.firstChild, seen = new MutationObserver(() => {});
    seen.observe(first, { childList: true, characterData: true, attributes: true, subtree: true });
    for (let n = 0; n < 200; n++) paper.say(' word\\n\\n- and **item**');
    paper.end();
    return [seen.takeRecords().length, first.isConnected];"""
    assert run(blank, body) == [0, True]


@pytest.mark.parametrize(
    ("text", "name", "most"),
    [
        ("> " * 40 + "x", "depth", 6),
        ("\n".join("  " * n + "- x" for n in range(40)), "depth", 6),
        ("a **b** " * 20_000, "nodes", 2300),
        ("- x\n" * 20_000, "nodes", 2300),
        ("|a" * 13 + "|\n" + "|-" * 13 + "|\n" + "|x" * 13 + "|", "tables", 0),
        ("|a|b|\n|-|-|\n" + "|x|y|\n" * 60, "tables", 0),
    ],
)
def test_there_is_a_most_of_everything(blank: Visitor, text: str, name: str, most: int) -> None:
    assert measured(blank, text)[name] <= most


def test_what_is_beyond_the_limit_is_still_there_as_text(blank: Visitor) -> None:
    told = measured(blank, "word **bold** " * 10_000)
    assert told["length"] >= 10_000 * len("word bold ") - 1


@pytest.mark.parametrize(
    "text",
    [
        "*" * 50_000,
        "_" * 50_000,
        "`" * 50_000,
        "[" * 50_000,
        "![" * 25_000,
        "<" * 50_000,
        "(" * 50_000,
        "|" * 50_000,
        "> " * 25_000,
        "- " * 25_000,
        "# " * 25_000,
        "\\" * 50_000,
        "[a](" * 12_000,
        "[](" * 16_000 + ")",
        "**a*" * 12_000,
        "*a **b " * 7_000,
        "`a``b" * 10_000,
        "http://" * 7_000,
        "https://a.example/" + "." * 40_000,
        " " * 50_000 + "x",
        "\n" * 50_000,
        "-" * 50_000,
        "- - " * 12_000 + "x",
        "|-" * 25_000,
        "|a\n" * 16_000,
        "1. " * 16_000,
        "a\u0301" * 25_000,
        "x" * 1_000_000,
    ],
    ids=lambda text: f"{text[:7]!r}x{len(text)}",
)
def test_no_text_takes_long(blank: Visitor, text: str) -> None:
    """A generous bound: of these none takes over 50 ms on a quiet machine."""
    assert measured(blank, text)["took"] < 500
