"""What is copied can be passed on: numbers, references, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from api.testing_browser import Visitor
from api.testing_script import Said, Source
from api.testing_stream import Scripted

Visit = Callable[..., Visitor]
Site = Callable[..., str]
LEAVE = {"permissions": ["clipboard-read", "clipboard-write"]}
READ = """async (kind) => { const [item] = await navigator.clipboard.read();
    return (await item.getType(kind)).text(); }"""


def test_a_copied_answer_has_its_numbers_and_a_list_of_references(
    visit: Visit, site: Site, api: Scripted
) -> None:
    visitor = visit(site(), mode="inline", context=LEAVE)
    answer = visitor.ask("Where?")
    answer.get_by_role("button", name=re.compile("^copy", re.I)).first.click()
    visitor.page.wait_for_function(
        "() => navigator.clipboard.readText().then((text) => text.includes('[1]'))"
    )
    text = visitor.page.evaluate(READ, "text/plain")
    body, _, references = text.partition("\n\n")
    assert (
        body == "The harbour of Belmark opened in 1905.[1] The quay is **900 metres** long.[2][1] "
        "And the café opened.[3]"
    )
    assert [line[:3] for line in references.splitlines()] == ["[1]", "[2]", "[3]"]
    assert f"Harbour rules, Rules › Opening. {api.url}/p/cit_1" in references
    html = visitor.page.evaluate(READ, "text/html")
    assert "900 metres</strong>" in html
    assert f'href="{api.url}/p/cit_1"' in html
    assert not re.search(r"<(button|script|svg|img)|\son\w+=|style=", html)


def test_a_copied_citation_holds_the_words_and_where_they_stand(
    visit: Visit, site: Site, api: Scripted
) -> None:
    visitor = visit(site(), mode="inline", context=LEAVE)
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    visitor.part("citation-popover").get_by_role("button", name=re.compile("copy", re.I)).first.click()
    visitor.page.wait_for_function(
        "() => navigator.clipboard.readText().then((text) => text.includes('1905'))"
    )
    assert visitor.page.evaluate("() => navigator.clipboard.readText()") == (
        f"“The harbour of Belmark opened in 1905.” Harbour rules, Rules › Opening. {api.url}/p/cit_1"
    )


def test_a_quotation_over_two_lines_is_one_line_in_its_card_and_when_it_is_copied(
    visit: Visit, site: Site
) -> None:
    source = Source("Quay", "It took four years\nto build. It is long.", "It took four years\nto build.")
    visitor = visit(site(sources=(source,), said=(Said("Four.", (1,)),)), mode="inline", context=LEAVE)
    visitor.ask("How long?")
    visitor.part("citation").first.click()
    card = visitor.part("citation-popover")
    assert card.locator("mark").inner_text() == "It took four years to build."
    card.get_by_role("button", name=re.compile("copy", re.I)).first.click()
    visitor.page.wait_for_function("() => navigator.clipboard.readText().then((text) => text.length > 20)")
    copied = visitor.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("“It took four years to build.” Quay. ")


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_conversation_can_be_taken_along(visit: Visit, site: Site, form: str) -> None:
    visitor = visit(site(), mode="inline")
    visitor.ask("Where?")
    told = visitor.do("export", form)
    text = told if isinstance(told, str) else str(told)
    assert "Where?" in text
    assert "The harbour of Belmark opened in 1905." in text
