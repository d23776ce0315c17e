"""What a page may say about its widget: where it stands, what opens it, what it shows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest

from api.testing_browser import Visitor, host_page, snippet
from api.testing_script import Said, Source
from api.testing_stream import Scripted
from api.widget.build import built

Visit = Callable[..., Visitor]
Site = Callable[..., str]
MODES = {"launcher": (1, 0), "panel": (0, 0), "inline": (0, 1)}


def element(api: Scripted, key: str, attributes: str, inside: str = "") -> str:
    script = f'<script async src="{api.url}/w/0/pincite.js" crossorigin="anonymous"></script>'
    return f'<pincite-chat site="{key}" {attributes}>{inside}</pincite-chat>{script}'


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_says_what_stands_there_before_anything_is_asked(visit: Visit, site: Site, mode: str) -> None:
    visitor = visit(site(), mode=mode)
    visitor.page.evaluate("() => Pincite.ready")
    seen = [visitor.part(name).locator("visible=true").count() for name in ("launcher", "panel")]
    assert tuple(seen) == MODES[mode]


def test_a_panel_is_opened_by_the_page_alone(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="panel")
    visitor.page.evaluate("() => Pincite.ready")
    visitor.do("open")
    assert visitor.part("input").evaluate("(input) => input.getRootNode().activeElement === input")
    visitor.page.keyboard.press("Escape")
    assert not visitor.part("panel").is_visible()


def test_a_panel_in_the_page_takes_part_in_its_flow(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline")
    visitor.ask("Where?")
    assert visitor.state() == "complete"
    visitor.page.keyboard.press("Escape")
    assert visitor.part("panel").is_visible()


def test_a_hotkey_opens_and_closes_it_but_not_while_something_is_written(visit: Visit, site: Site) -> None:
    visitor = visit(site(), hotkey="Alt+/", body="<input id=own>")
    assert visitor.part("launcher").get_attribute("aria-keyshortcuts") == "Alt+/"
    panel, keys = visitor.part("panel"), visitor.page.keyboard
    visitor.page.locator("#own").focus()
    keys.press("Alt+/")
    assert panel.count() == 0
    visitor.page.locator("#own").blur()
    keys.press("Alt+/")
    assert panel.is_visible()
    visitor.part("close").focus()
    keys.press("Alt+/")
    assert not panel.is_visible()


def test_a_citation_of_the_page_that_is_read_is_highlighted_in_it(
    visit: Visit, site: Site, api: Scripted, pages: Scripted
) -> None:
    quote, path = "The 😀 door is red and heavy.", "/read/door"
    told = Source("A page", f"Before. {quote} After.", quote, original=f"{pages.url}{path}#door")
    key = site(said=(Said("Red.", (1,)),), sources=(told,))
    body = "<p>Before. The 😀 door\n is <b>red</b> and heavy. After.</p>"
    pages.put(path, host_page(snippet(api.url, key, highlight_here=""), body))
    visitor = visit(key).go(f"{pages.url}{path}")
    visitor.ask("Which colour?")
    visitor.part("citation").click()
    visitor.part("citation-popover").locator(".main").click()
    shown = "() => [...CSS.highlights.get('pincite')].map((one) => one.toString().replace(/\\s+/g, ' '))"
    assert visitor.page.evaluate(shown) == [quote]
    assert not visitor.part("viewer").is_visible()


def test_only_the_conversation_is_printed(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.ask("Where?")
    visitor.page.emulate_media(media="print")
    parts = ("question", "answer", "citation", "source", "composer", "close", "launcher", "feedback")
    seen = [name for name in parts if visitor.part(name).first.is_visible()]
    assert seen == ["question", "answer", "citation", "source"]
    assert visitor.part("log").evaluate("(log) => getComputedStyle(log).overflowY") == "visible"


@pytest.mark.parametrize(
    "missing",
    ["delete HTMLElement.prototype.popover", "CSS.supports = () => false"],
    ids=["popovers", "colours"],
)
def test_a_browser_that_lacks_something_gets_a_link(
    visit: Visit, site: Site, api: Scripted, missing: str
) -> None:
    key = site()
    visitor = visit(key, head=f"<script>{missing}</script>", waits=False)
    link = visitor.page.get_by_role("link", name="Ask the documentation")
    link.wait_for()
    assert link.get_attribute("href") == f"{api.url}/s/{key}"
    assert visitor.page.locator("pincite-chat").count() == 0


@pytest.mark.parametrize("given", ["", "0", "-5", "1.5", "Infinity", "many"])
def test_a_number_that_is_none_is_as_it_comes(visit: Visit, site: Site, given: str) -> None:
    visitor = visit(site(), mode="inline", max_length=given, stall_ms=given)
    told = "(chat) => [chat.maxLength, chat.stallMs]"
    assert visitor.page.locator("pincite-chat").evaluate(told) == ["2000", "20000"]
    assert visitor.part("input").get_attribute("maxlength") == "2000"


def test_a_number_is_what_is_given(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline", max_length="5")
    visitor.do("ask", "Where is it?")
    visitor.idle()
    assert visitor.part("question").locator("p").inner_text() == "Where"


def test_what_is_called_before_it_is_ready_is_done_then(visit: Visit, site: Site) -> None:
    key = site(said=(Said("Long.", (1,)),))
    visitor = visit(key, mode="panel")
    told = visitor.page.evaluate(
        """async (site) => { const chat = document.createElement('pincite-chat');
        Object.assign(chat, { site, mode: 'inline', persist: 'none' });
        chat.ask('Where?');
        const before = [chat.export(), chat.export('json')];
        document.body.append(chat);
        chat.ask('And why?', { send: false });
        await chat.idle;
        const typed = chat.shadowRoot.querySelector("textarea").value;
        return [...before, chat.export().split("\\n")[0], typed]; }""",
        key,
    )
    assert told == ["", "[]", "Where?", "And why?"]


def test_feedback_is_told_to_the_page_which_may_refuse_it(visit: Visit, site: Site) -> None:
    visitor = visit(site(id_="ans_7"))
    visitor.page.evaluate(
        """() => { window.told = []; addEventListener('pincite-feedback', (event) => {
        told.push(event.detail); if (event.detail.helpful === false) event.preventDefault(); }); }"""
    )
    answer = visitor.ask("Where?")
    answer.get_by_role("button", name="Not helpful").click()
    answer.get_by_role("button", name="Helpful", exact=True).click()
    visitor.part("citation").first.click()
    visitor.part("citation-popover").get_by_role("button", name="Report wrong source").first.click()
    assert visitor.page.evaluate("() => told") == [
        {"id": "ans_7", "kind": "answer", "helpful": False},
        {"id": "ans_7", "kind": "answer", "helpful": True},
        {"id": "ans_7", "kind": "source", "n": 1},
    ]
    pressed = answer.locator("[aria-pressed]").evaluate_all("(all) => all.map((one) => one.ariaPressed)")
    assert pressed == ["true", "false"]


def test_a_page_puts_its_own_things_into_the_slots(visit: Visit, site: Site, api: Scripted) -> None:
    names = ("launcher", "greeting", "empty", "footer")
    inside = "".join(f'<button slot="{name}">My {name}</button>' for name in names)
    visitor = visit("", embedded=element(api, site(), "", inside))
    visitor.page.get_by_role("button", name="My launcher").click()
    seen = [name for name in names if visitor.page.get_by_text(f"My {name}").is_visible()]
    assert seen == ["greeting", "empty", "footer"]
    visitor.page.keyboard.press("Escape")
    assert visitor.page.evaluate("() => document.activeElement.textContent") == "My launcher"


def test_the_hash_that_the_build_tells_lets_its_file_in_from_another_origin(
    visit: Visit, site: Site, api: Scripted
) -> None:
    digest = base64.b64encode(hashlib.sha384(built().js).digest()).decode()
    assert built().integrity == f"sha384-{digest}"
    source = f'src="{api.url}/w/0/pincite.js"'
    script = f'<script async {source} crossorigin="anonymous" integrity="{built().integrity}"'
    visitor = visit("", embedded=f'{script} data-site="{site()}"></script>')
    visitor.ask("Where?")
    assert visitor.state() == "complete"
