"""The widget and the page around it do not disturb each other, whatever the page is like."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest

from api.testing_browser import Visitor
from api.testing_stream import Scripted

Visit = Callable[..., Visitor]
Site = Callable[..., str]
DEMO = files("api").joinpath("pages", "demo")
STYLES = {
    "shouting": DEMO.joinpath("hostile.css").read_text(encoding="utf-8"),
    "a moved body": "body { transform: scale(.8) translateY(40px); filter: blur(0.4px); perspective: 100px }",
    "a reset": "* { all: unset !important }",
    "hidden buttons": "button, dialog, [popover], div, section"
    " { display: none !important; visibility: hidden }",
    "tiny print": "html { font-size: 5px !important } * { max-width: 40px !important }",
    "a layer over all": "body::after { content: ''; position: fixed; inset: 0; z-index: 2147483647 }",
}
LOOK = """() => { const of = (name) => getComputedStyle(__part(name));
    const { width, height, bottom, right } = __part('panel').getBoundingClientRect();
    const panel = of('panel'), input = of('input');
    const place = [width, height, innerHeight - bottom, innerWidth - right].map(Math.round);
    return place.concat([panel.color, panel.fontSize, panel.letterSpacing, panel.textTransform,
        input.opacity, input.display, of('close').display]); }"""


@pytest.mark.parametrize("name", STYLES)
def test_no_style_of_the_page_changes_it(visit: Visit, site: Site, name: str) -> None:
    plain = visit(site()).open()
    styled = visit(site(), head=f"<style>{STYLES[name]}</style>").open()
    assert styled.page.evaluate(LOOK) == plain.page.evaluate(LOOK)
    styled.ask("Where?")
    styled.part("citation").first.click()
    assert styled.part("citation-popover").locator("mark").first.is_visible()


PAGE = """() => [...document.querySelectorAll('html, body, main, main *')].map((element) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const { x, y, width, height } = box, names = 'color fontSize overflow position margin cursor userSelect '
        + 'backgroundColor transform';
    const told = names.split(' ').map((name) => style[name]);
    return [element.localName, x, y, width, height, ...told].join(); })"""


def test_nothing_of_the_page_changes(visit: Visit, site: Site) -> None:
    """Neither by the widget standing there nor by its being open: sizes, places, styles, globals."""
    body = (
        "<p>One <a href=#a>link</a></p><button>b</button><mark>m</mark><table><tr><td>t</table>"
        "<dialog>d</dialog>" * 8
    )
    without = visit("pk_none", embedded="<i></i>", body=body, waits=False)
    visitor = visit(site(), body=body)
    before = visitor.page.evaluate(PAGE)
    visitor.ask("Where?")
    assert before == without.page.evaluate(PAGE)
    assert visitor.page.evaluate(PAGE) == before
    names = "() => Object.keys(window).filter((name) => !name.startsWith('__'))"
    assert set(visitor.page.evaluate(names)) - set(without.page.evaluate(names)) == {"Pincite"}


def test_loading_it_shifts_nothing(visit: Visit, site: Site) -> None:
    head = """<script>window.shift = 0;
        new PerformanceObserver((all) => all.getEntries().forEach((one) => { shift += one.value; }))
        .observe({ type: 'layout-shift', buffered: true });</script>"""
    visitor = visit(site(), head=head)
    visitor.part("launcher").wait_for()
    assert visitor.page.evaluate("() => window.shift") == 0


def test_a_script_that_changes_the_language_does_not_change_it(
    visit: Visit, site: Site, api: Scripted
) -> None:
    script = DEMO.joinpath("hostile.js").read_text(encoding="utf-8")
    key = site()
    visitor = visit(key, head=f"<script>{script}</script>")
    answer = visitor.ask("Where?")
    assert visitor.state() == "complete"
    assert answer.locator("[part~=citation]").count() == 4
    assert "by every" not in answer.inner_text()
    (asked,) = api.asked(key)
    assert asked.json()["question"] == "Where?"


def test_a_script_that_listens_to_fetch_later_hears_nothing(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.page.evaluate(
        """() => { window.heard = []; const own = fetch;
        window.fetch = (...all) => { heard.push(all); return own(...all); };
        JSON.stringify = (one) => { heard.push(one); return '{}'; }; }"""
    )
    visitor.ask("Where?")
    assert (visitor.state(), visitor.page.evaluate("() => heard")) == ("complete", [])


@pytest.mark.parametrize("page", ["quirks", "frame", "modal"])
def test_odd_pages_are_pages_too(visit: Visit, site: Site, api: Scripted, pages: Scripted, page: str) -> None:
    key = site()
    visitor = visit(key, body="<dialog id=d>Mine</dialog>" if page == "modal" else "")
    if page == "quirks":
        html = f'<title>x</title><p>x<script async src="{api.url}/w/0/pincite.js" data-site="{key}"></script>'
        visitor.go(pages.put(f"/quirks/{key}", html))
        assert visitor.page.evaluate("() => document.compatMode") == "BackCompat"
    if page == "frame":
        inner = pages.url + f"/host/{key}/1"
        outer = pages.put(
            f"/outer/{key}",
            f'<!doctype html><html lang=en><title>x</title><iframe src="{inner}" width=900 height=700>',
        )
        visitor.page.goto(outer)
        frame = visitor.page.frame_locator("iframe")
        frame.locator("[part~=launcher]").click()
        frame.locator("[part~=input]").fill("Where?")
        frame.locator("[part~=input]").press("Enter")
        frame.locator("[part~=answer][data-state=complete]").wait_for()
        return
    visitor.ask("Where?")
    assert visitor.state() == "complete"
    if page == "modal":
        visitor.page.evaluate("() => document.getElementById('d').showModal()")
        visitor.page.evaluate("() => document.getElementById('d').close()")
        assert visitor.part("panel").is_visible()


def test_two_widgets_on_a_page_do_not_mix(visit: Visit, site: Site, api: Scripted) -> None:
    one, other = site(), site()
    sites = {"one": one, "two": other}.items()
    body = "".join(f'<pincite-chat id={id_} site="{key}" mode=inline></pincite-chat>' for id_, key in sites)
    visitor = visit(one, body=body)
    assert visitor.page.locator("pincite-chat").count() == 2
    visitor.page.evaluate(
        "async () => { const chat = document.getElementById('two'); chat.ask('Where?'); await chat.idle; }"
    )
    assert visitor.page.locator("#one [part~=answer]").count() == 0
    assert visitor.page.locator("#two [part~=answer]").get_attribute("data-state") == "complete"
    assert (len(api.asked(one)), len(api.asked(other))) == (0, 1)


def test_taking_it_away_takes_its_listeners_along(visit: Visit, site: Site) -> None:
    """Counted in the page: what is added to window and document is removed again."""
    head = """<script>window.listeners = 0;
        const steps = [['add', 1], ['remove', -1]];
        for (const target of [Window.prototype, Document.prototype]) for (const [name, step] of steps) {
            const own = EventTarget.prototype[`${name}EventListener`];
            target[`${name}EventListener`] = function (...all) {
                const gone = all[2]?.signal;
                if (this === window || this === document) {
                    listeners += step;
                    gone?.addEventListener('abort', () => { listeners -= 1; }, { once: true });
                }
                return own.apply(this, all); };
        }</script>"""
    visitor = visit(site(), head=head).open()
    again = """() => { const chat = document.querySelector('pincite-chat');
        const home = chat.parentNode, counts = [];
        for (let n = 0; n < 50; n++) { chat.remove(); counts.push(listeners); home.append(chat); }
        return [...new Set(counts)].length; }"""
    assert visitor.page.evaluate(again) == 1


def test_it_stands_at_the_other_edge_in_pages_that_run_from_right_to_left(visit: Visit, site: Site) -> None:
    place = """() => { const { left, right } = __part('panel').getBoundingClientRect();
        return left < innerWidth - right; }"""
    left = visit(site()).open().page.evaluate(place)
    right = (
        visit(site(), lang="ar", head="<script>document.documentElement.dir = 'rtl'</script>")
        .open()
        .page.evaluate(place)
    )
    assert (left, right) == (False, True)
