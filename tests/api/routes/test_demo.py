from __future__ import annotations

import pytest
from starlette.testclient import TestClient

NAMES = ("/demo", "/demo/hostile", "/demo/strict")


@pytest.mark.parametrize("path", NAMES)
def test_a_page_holds_the_widget_with_the_key_that_was_asked_for(client: TestClient, path: str) -> None:
    page = client.get(f"{path}?site=pk_one-2")
    assert page.status_code == 200
    assert '<pincite-chat site="pk_one-2"></pincite-chat>' in page.text
    assert '<script async src="/w/0/pincite.js"></script>' in page.text
    assert '<a href="/s/pk_one-2">' in page.text


@pytest.mark.parametrize("path", NAMES)
def test_what_is_no_key_is_left_out(client: TestClient, path: str) -> None:
    page = client.get(path, params={"site": 'pk_"><script>alert(1)</script>'})
    assert ("<pincite-chat></pincite-chat>" in page.text, "alert" in page.text) == (True, False)


@pytest.mark.parametrize("path", NAMES)
def test_a_page_asks_nobody_to_index_it_and_allows_nothing_but_its_own(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-robots-tag"] == "noindex"
    assert headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; connect-src 'self'"
    )
    assert "unsafe" not in headers["content-security-policy"]


def test_the_strict_page_forbids_styles_and_text_as_markup(client: TestClient) -> None:
    policy = client.get("/demo/strict").headers["content-security-policy"]
    assert ("style-src" in policy, "require-trusted-types-for 'script'" in policy) == (False, True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("plain.css", "text/css"), ("hostile.css", "text/css"), ("hostile.js", "text/javascript")],
)
def test_the_files_of_the_pages_are_served(client: TestClient, name: str, kind: str) -> None:
    served = client.get(f"/demo/{name}")
    assert (served.status_code, served.headers["content-type"].partition(";")[0]) == (200, kind)


@pytest.mark.parametrize("name", ["plain", "plain.html", "else", "..%2f..%2fapp.py"])
def test_there_are_no_other_pages(client: TestClient, name: str) -> None:
    assert client.get(f"/demo/{name}").status_code == 404
