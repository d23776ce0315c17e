from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from api.sites import Sites
from api.version import VERSION
from api.widget.build import built


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


def of(done: Done) -> Any:
    """What was printed as JSON, by a verb that succeeded."""
    assert (done.status, done.err) == (0, "")
    return json.loads(done.out)


def test_a_site_is_added_listed_and_removed(pincite: Pincite, tmp_path: Path) -> None:
    limits = ("--per-minute", "30", "--per-address", "6", "--per-day", "500", "--at-once", "4")
    made = of(pincite("site", "add", "Docs", "--origin", "https://docs.example:443", *limits, "--json"))
    assert {name: made[name] for name in made if name not in ("key", "added")} == {
        "name": "Docs",
        "origins": ["https://docs.example"],
        "per_minute": 30,
        "per_address": 6,
        "per_day": 500,
        "at_once": 4,
    }
    assert of(pincite("site", "list", "--json")) == [made]
    assert Sites(tmp_path / "data").find(made["key"]).name == "Docs"
    assert of(pincite("site", "rm", made["key"], "--json")) == made
    assert of(pincite("site", "list", "--json")) == []


def test_people_read_the_key_and_who_may_ask(pincite: Pincite) -> None:
    added = pincite("site", "add", "[red]Docs[/red]", "--origin", "https://*.docs.example")
    key = added.out.split()[0]
    assert added.out == f"{key}  [red]Docs[/red]: https://*.docs.example\n"
    assert pincite("site", "add", "Here").out.endswith("  Here: pages of this server alone\n")
    head, docs, here = pincite("site", "list").out.splitlines()
    assert head.split() == [
        "key",
        "name",
        "origins",
        "a",
        "minute",
        "an",
        "address",
        "a",
        "day",
        "at",
        "once",
    ]
    assert docs.split() == [key, "[red]Docs[/red]", "https://*.docs.example", "60", "12", "2000", "8"]
    assert here.split()[1] == "Here"
    assert pincite("site", "rm", key).out == f"removed {key}  [red]Docs[/red]\n"


@pytest.mark.parametrize("origin", ["docs.example", "*", "https://docs.example/path", "https://*.example"])
def test_what_is_no_origin_is_refused_and_nothing_is_added(origin: str, pincite: Pincite) -> None:
    done = pincite("site", "add", "Docs", "--origin", "https://ok.example", "--origin", origin)
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith(f"pincite: {origin!r} ")
    assert of(pincite("site", "list", "--json")) == []


def test_a_key_that_there_is_not_is_told(pincite: Pincite) -> None:
    done = pincite("site", "rm", "pk_none")
    assert (done.status, done.out) == (3, "")
    assert done.err == "pincite: no site pk_none here; `pincite site list` shows those there are\n"


@pytest.mark.parametrize("option", ["--per-minute", "--per-address", "--per-day", "--at-once"])
def test_a_limit_of_nothing_is_refused(option: str, pincite: Pincite) -> None:
    assert pincite("site", "add", "Docs", option, "0").status == 2


def test_a_file_that_was_spoilt_is_named(pincite: Pincite, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sites.json").write_text("{", encoding="utf-8")
    done = pincite("site", "list")
    assert (done.status, done.out) == (3, "")
    assert "sites.json is not what `pincite site add` writes" in done.err


def test_documents_and_sites_share_a_folder(pincite: Pincite, docs: Path) -> None:
    """Whichever comes first."""
    made = of(pincite("site", "add", "Docs", "--json"))
    pincite("add", docs)
    assert pincite("doctor").status == 0
    assert pincite("rebuild").status == 0
    assert of(pincite("site", "list", "--json")) == [made]


@pytest.mark.parametrize("option", ["--author", "--section", "--speaker"])
def test_a_filter_that_names_nothing_is_refused(option: str, pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    done = pincite("search", "quay", option, "")
    assert (done.status, done.out) == (2, "")
    assert "expected a name, found none" in " ".join(done.err.split())


@pytest.mark.parametrize("date", ["1990-99-99", "2021-02-29"])
def test_a_date_that_no_calendar_has_is_refused(date: str, pincite: Pincite) -> None:
    done = pincite("search", "quay", "--from", date)
    assert (done.status, done.out) == (2, "")
    assert "expected YYYY, YYYY-MM or YYYY-MM-DD" in " ".join(done.err.split())


def test_the_widget_is_printed_with_its_hash_and_without(pincite: Pincite) -> None:
    key = of(pincite("site", "add", "Docs", "--json"))["key"]
    printed = of(pincite("widget", "--url", "https://ask.example/", "--json"))
    integrity = built().integrity
    assert printed == {
        "version": VERSION,
        "integrity": integrity,
        "pinned": f'<script async src="https://ask.example/w/{VERSION}/pincite.js" crossorigin="anonymous"\n'
        f'        integrity="{integrity}" data-site="{key}"></script>',
        "moving": f'<script async src="https://ask.example/w/0/pincite.js" data-site="{key}"></script>',
        "fallback": f'<noscript><a href="https://ask.example/s/{key}">Docs</a></noscript>',
        "policy": "script-src https://ask.example; connect-src https://ask.example",
    }
    shown = pincite("widget", "--url", "https://ask.example/").out
    for name in ("pinned", "moving", "fallback", "policy"):
        assert printed[name] in shown


def test_a_name_breaks_out_of_no_snippet(pincite: Pincite) -> None:
    pincite("site", "add", '"><script>alert(1)</script>')
    fallback = of(pincite("widget", "--json"))["fallback"]
    assert fallback.endswith(">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</a></noscript>")


def test_of_several_sites_one_is_chosen(pincite: Pincite) -> None:
    none = pincite("widget")
    assert (none.status, none.out) == (3, "")
    assert none.err == "pincite: no site here; `pincite site add NAME --origin https://…` adds one\n"
    keys = [of(pincite("site", "add", name, "--json"))["key"] for name in ("One", "Two")]
    assert pincite("widget").err == "pincite: 2 sites here; choose one with --site KEY\n"
    assert keys[1] in of(pincite("widget", "--site", keys[1], "--json"))["moving"]
    assert pincite("widget", "--site", "pk_none").status == 3


@pytest.mark.parametrize("url", ["ask.example", "ftp://ask.example", "javascript:alert(1)", 'https://a"b'])
def test_an_address_that_no_page_can_load_from_is_refused(url: str, pincite: Pincite) -> None:
    pincite("site", "add", "Docs")
    done = pincite("widget", "--url", url)
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("pincite: the address of this server is ")
