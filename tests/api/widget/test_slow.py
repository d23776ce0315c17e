"""On a slow line and a slow machine: still soon there, and never in the way. The bounds are generous."""

from __future__ import annotations

from collections.abc import Callable

from api.testing_browser import Visitor
from api.testing_script import Said, Source, narrative
from api.testing_stream import streams

Visit = Callable[..., Visitor]
Site = Callable[..., str]
QUAY = Source("The quay", "The quay is long. Of granite.", "The quay is long.")
LONG = narrative(
    tuple(Said(f"word **{n}** and more of it. ", (1,) if n % 20 == 0 else ()) for n in range(600)), (QUAY,)
)
WATCH = """() => { window.tasks = [];
    const note = (all) => all.getEntries().forEach((task) => tasks.push(task.duration));
    new PerformanceObserver(note).observe({ type: 'longtask' }); }"""


def test_a_long_answer_never_holds_a_slow_machine_up(visit: Visit, site: Site) -> None:
    """Four times slower; the bound is one that a busy machine meets as well."""
    visitor = visit(site(streams(LONG, pause_s=0.001)), mode="inline").open()
    visitor.page.context.new_cdp_session(visitor.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    visitor.page.evaluate(WATCH)
    visitor.ask("Where?")
    assert visitor.state() == "complete"
    assert max(visitor.page.evaluate("() => tasks"), default=0) < 1000


def test_a_slow_line_has_the_first_words_soon(visit: Visit, site: Site) -> None:
    """400 ms there and back, 50 kB/s."""
    visitor = visit(site(streams(LONG[:60], pause_s=0.05)), mode="inline").open()
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", slow)
    visitor.page.evaluate(
        """() => { window.first = 0;
        const begun = performance.now();
        const look = () => {
            if (first || !__part('answer')?.textContent.includes('word')) return;
            first = performance.now() - begun; };
        const all = { childList: true, characterData: true, subtree: true };
        new MutationObserver(look).observe(__root(), all); }"""
    )
    visitor.ask("Where?")
    assert 0 < visitor.page.evaluate("() => first") < 5000


def test_what_is_forgotten_is_let_go(visit: Visit, site: Site) -> None:
    """Two hundred turns and a clearing leave no more nodes than ten."""
    visitor = visit(
        site(streams(narrative((Said("Short.", (1,)),), (QUAY,)))), mode="inline", persist="none"
    ).open()
    turns = """async (count) => { const chat = document.querySelector('pincite-chat');
        for (let n = 0; n < count; n++) { chat.ask('Where?'); await chat.idle; }
        chat.clear(); await chat.idle; }"""
    session = visitor.page.context.new_cdp_session(visitor.page)

    def nodes() -> float:
        session.send("HeapProfiler.collectGarbage")
        counters = session.send("Memory.getDOMCounters")
        return float(counters["nodes"])

    visitor.page.evaluate(turns, 10)
    few = nodes()
    visitor.page.evaluate(turns, 200)
    assert nodes() < few + 200
