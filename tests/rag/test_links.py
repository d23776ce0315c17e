from __future__ import annotations

import pytest

from rag.links import foreign_links, links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/b?c=d#e.", ["https://a.example/b?c=d#e"]),
        ("See (HTTP://A.EXAMPLE).", ["HTTP://A.EXAMPLE"]),
        ("See www.a.example, now", ["www.a.example"]),
        ("See a.example/b now", ["a.example/b"]),
        ("See evil.com now", ["evil.com"]),
        ("See //a.example/b now", ["//a.example/b"]),
        ("Ask javascript:alert(1", ["javascript:alert(1"]),
        ("Ask data:text/html,x", ["data:text/html,x"]),
        ("Ask mailto:a@b.example", ["mailto:a@b.example"]),
        ("Ask a.b@c.example", ["a.b@c.example"]),
        ("Ask 10.0.0.1:80/x", ["10.0.0.1:80/x"]),
        ("Ask file:///etc/passwd", ["file:///etc/passwd"]),
        ("In the U.S. and e.g. in 1998.It rose by 3.5 in the end.", []),
        ("Note: it is so; and/or not. 12/1998", []),
    ],
)
def test_what_a_client_may_link_is_found(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_a_link_that_stands_in_a_source_is_not_foreign() -> None:
    assert foreign_links("See https://a.example/b.", ["It is at https://a.example/b, says he."]) == []


@pytest.mark.parametrize("link", ["https://a.example/b?q=me", "https://a.example/", "https://a.example/bc"])
def test_a_link_that_differs_from_the_source_is_foreign(link: str) -> None:
    assert foreign_links(f"See {link} now", ["It is at https://a.example/b, says he."]) == [link]
