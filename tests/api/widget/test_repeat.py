"""A connection that breaks costs nothing twice: asked again, the service gives the answer that it has."""

from __future__ import annotations

from collections.abc import Callable

from api.testing_browser import Visitor
from api.testing_script import Said, Source, narrative
from api.testing_stream import Behaviour, Exchange

Visit = Callable[..., Visitor]
Site = Callable[..., str]
QUAY = Source("The quay", "The quay is long. Of granite.", "The quay is long.")


class Service:
    """Answers each key once, and keeps what it said; the first reader loses the connection."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.made = 0

    def behave(self) -> Behaviour:
        def answer(exchange: Exchange) -> None:
            key, known = exchange.seen.json()["idempotency_key"], len(self.kept)
            if key not in self.kept:
                self.made += 1
                story = narrative((Said("The quay is long.", (1,)),), (QUAY,), id_=f"ans_{self.made}")
                self.kept[key] = b"".join(story)
            exchange.start()
            exchange.send(self.kept[key] if known == len(self.kept) else self.kept[key][:900])
            if known != len(self.kept):
                exchange.drop()

        return answer


def test_a_question_asked_again_has_the_same_answer_which_was_made_once(visit: Visit, site: Site) -> None:
    service = Service()
    visitor = visit(site(service.behave()), mode="inline")
    visitor.page.evaluate(
        """() => { window.ids = [];
        document.addEventListener('pincite-answer', (e) => ids.push(e.detail.id)); }"""
    )
    visitor.ask("Where?")
    visitor.part("retry").click()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    assert (service.made, visitor.page.evaluate("() => ids.at(-1)")) == (1, "ans_1")


def test_another_question_is_another_answer(visit: Visit, site: Site) -> None:
    service = Service()
    visitor = visit(site(service.behave()), mode="inline")
    visitor.ask("Where?")
    visitor.ask("And why?")
    assert service.made == 2
