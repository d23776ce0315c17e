"""`pincite add` of addresses, from a server of this machine, which counts as this network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from api.testing_web import Answer, FakeSite, respond


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]
PAGE = (
    b"<!doctype html><title>The Quay</title><h1>The Quay</h1><p>The quay of Belmark is 900 metres long.</p>"
)


@pytest.fixture
def pages() -> dict[str, bytes | Answer]:
    """What the server serves; tests may change it."""
    return {"/quay": respond(PAGE, "text/html"), "/a.md": respond(b"# A\n\nThe tower was built in 1905.\n")}


@pytest.fixture
def site(pages: dict[str, bytes | Answer], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its address."""
    with FakeSite(pages) as served:
        monkeypatch.setenv("PINCITE_URL_PORTS", str(served.port))
        yield f"http://127.0.0.1:{served.port}"


def changes(done: Done) -> list[tuple[str, str]]:
    return [(outcome["change"], outcome["source"]) for outcome in json.loads(done.out)]


def shown(pincite: Pincite, name: str) -> Any:
    return json.loads(pincite("show", name, "--json").out)["record"]


def test_an_address_of_this_network_is_refused_and_the_others_are_added(
    pincite: Pincite, docs: Path, site: str
) -> None:
    done = pincite("add", f"{site}/quay", docs / "quay.txt")
    assert done.status == 1
    assert [line.split()[:2] for line in done.out.splitlines()[-3:]] == [
        ["added", "1"],
        ["refused", "1"],
        ["all", "2"],
    ]
    assert (
        f"refused  {site}/quay: 127.0.0.1 is no address of the public internet; nothing was asked there"
        in (done.out)
    )


def test_addresses_and_files_are_added_together(pincite: Pincite, docs: Path, site: str) -> None:
    done = pincite("add", f"{site}/quay", docs / "quay.txt", f"{site}/a.md", "--allow-private", "--json")
    assert done.status == 0
    assert changes(done) == [("added", "quay.txt"), ("added", "127.0.0.1/quay"), ("added", "127.0.0.1/a.md")]


def test_a_document_of_the_web_says_where_it_is_and_when_it_was_read(pincite: Pincite, site: str) -> None:
    pincite("add", f"{site}/quay", "--allow-private")
    record = shown(pincite, f"{site}/quay")
    assert (record["title"], record["URL"]) == ("The Quay", f"{site}/quay")
    assert record["accessed"] == datetime.now(UTC).date().isoformat()


def test_the_same_address_again_is_the_same_document(
    pincite: Pincite, site: str, pages: dict[str, bytes | Answer]
) -> None:
    add = ("add", f"{site}/quay", "--allow-private", "--json")
    assert changes(pincite(*add)) == [("added", "127.0.0.1/quay")]
    assert changes(pincite(*add)) == [("unchanged", "127.0.0.1/quay")]
    pages["/quay"] = respond(PAGE.replace(b"900", b"950"), "text/html")
    assert changes(pincite(*add)) == [("changed", "127.0.0.1/quay")]
    assert len(json.loads(pincite("list", "--json").out)) == 1


def test_a_file_of_the_same_content_does_not_take_the_place_of_the_address(
    pincite: Pincite, site: str, tmp_path: Path
) -> None:
    pincite("add", f"{site}/quay", "--allow-private")
    (tmp_path / "copy.html").write_bytes(PAGE)
    assert changes(pincite("add", "copy.html", "--json")) == [("duplicate", "copy.html")]
    assert shown(pincite, f"{site}/quay")["URL"] == f"{site}/quay"


def test_a_folder_that_is_synchronised_leaves_addresses_alone(
    pincite: Pincite, docs: Path, site: str
) -> None:
    pincite("add", f"{site}/quay", "--allow-private")
    assert changes(pincite("sync", docs, "--json")) == [("added", "quay.txt"), ("added", "tower.md")]


def test_an_address_is_removed_by_itself(pincite: Pincite, site: str) -> None:
    pincite("add", f"{site}/quay", f"{site}/a.md", "--allow-private")
    assert pincite("rm", f"{site}/quay").status == 0
    assert [row["source"] for row in json.loads(pincite("list", "--json").out)] == ["127.0.0.1/a.md"]


def test_what_is_gone_from_the_web_stays_in_the_index(
    pincite: Pincite, site: str, pages: dict[str, bytes | Answer]
) -> None:
    pincite("add", f"{site}/quay", "--allow-private")
    del pages["/quay"]
    done = pincite("add", f"{site}/quay", "--allow-private")
    assert "404 Not Found: nothing is there; check the address" in done.out
    assert shown(pincite, f"{site}/quay")["title"] == "The Quay"


def test_a_list_names_files_and_addresses(pincite: Pincite, docs: Path, site: str, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(f"# to read\n\n{site}/quay\n  docs/quay.txt\n{site}/quay\n", "utf-8")
    done = pincite("add", "--from", "list.txt", "--allow-private", "--json")
    assert changes(done) == [("added", "quay.txt"), ("added", "127.0.0.1/quay")]


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher"])
def test_another_scheme_is_refused_as_an_address(scheme: str, pincite: Pincite) -> None:
    done = pincite("add", f"{scheme}:///etc/passwd")
    assert done.status == 1
    assert "only addresses that begin with https:// or http:// are fetched" in done.out


def test_nothing_to_add_is_a_fault_of_the_call(pincite: Pincite) -> None:
    assert pincite("add").status == 2


def test_standard_input_cannot_be_a_list_and_a_document(pincite: Pincite) -> None:
    assert pincite("add", "-", "--from", "-").status == 2
