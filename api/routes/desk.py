"""What the hosted pages do with what they are asked: who may, what becomes of it, what the page says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.admission import Admission
from api.answers import Answers
from api.conversations import Conversations, said
from api.pages import home, quotation
from api.pages.answered import Result, answered, sources
from api.pages.asked import Asked, Pairs, Part, Quoted
from api.pages.front import Collection, Front
from api.pages.home import Trouble
from api.problems import told
from api.quotes import verdict
from api.routes.query import answers_of
from api.routes.service import AnyService, TheAdmission, TheConversations
from api.schemas.answers import QueryOut
from api.service import Service
from api.sites import Site
from corpus.errors import PinciteError
from index.errors import NotFoundError
from rag.records import Question, Reply

_TITLES = {
    402: "No more questions today",
    404: "No longer here",
    422: "That cannot be asked",
    429: "A moment, please",
    503: "Not ready yet",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes what one request asks, for the service itself or for a site."""

    request: Request
    service: Service
    admission: Admission
    conversations: Conversations
    answers: Answers

    def front(self, key: str) -> Front:
        """The page of a site. Raises NotFoundError, OriginDeniedError, SitesError."""
        try:
            found = self.admission.sites.find(key[:100])
        except NotFoundError:
            raise NotFoundError(
                "there is no page of this key here; ask whoever gave you its address"
            ) from None
        self.admission.site(self.request, found.key)
        return Front(found.name, f"/s/{found.key}", found.key, found.origins)

    async def ask(self, front: Front, given: Pairs) -> Response:
        """The page for what a form or an address asks."""
        asked = Asked.read(given)
        collection = await run_in_threadpool(Collection.of, self.service)
        if collection.missing or collection.empty:
            return home.show(front, collection, asked, status=503 if collection.missing else 200)
        try:
            if asked.part is Part.SOURCES:
                return await self._retell(front, collection, asked)
            if asked.question:
                return await self._answer(front, collection, asked)
            self.service.require_encoder()
            return home.show(front, collection, asked)
        except PinciteError as error:
            trouble, status = self._trouble(error)
            return home.show(front, collection, asked, trouble=trouble, status=status)

    async def verify(self, front: Front, given: Pairs) -> Response:
        """The page for a quotation."""
        quoted = Quoted.read(given)
        collection = await run_in_threadpool(Collection.of, self.service)
        if not quoted.text:
            return quotation.show(front, collection, quoted)
        self._be_visited()
        try:
            self._count(front)
            found = await run_in_threadpool(self.service.verify_quote, quoted.text, quoted.claim())
            return quotation.show(front, collection, quoted, verdict(found))
        except PinciteError as error:
            trouble, status = self._trouble(error)
            return quotation.show(front, collection, quoted, trouble=trouble, status=status)

    async def _answer(self, front: Front, collection: Collection, asked: Asked) -> Response:
        self._be_visited()
        self.service.require_encoder()
        question = asked.checked()
        if asked.part is Part.PASSAGES:  # of a question that is answered, and counted, elsewhere
            self.admission.search(self.request, front.site or None)
            if self.conversations.site(asked.conversation) == front.site:
                _, turns = self.conversations.resume(asked.conversation, front.site)
                question = replace(question, history=turns)
            result = await run_in_threadpool(answered, self.service, question, wanted=False)
            return home.show(front, collection, asked, result)
        written = self.admission.spend(self._count(front))
        try:
            result = await run_in_threadpool(self._conversed, front, asked, question)
        finally:
            written()
        self.answers.keep(result.answer.id, result.answer.model_dump_json(), front.site)
        return home.show(front, collection, asked, result)

    def _conversed(self, front: Front, asked: Asked, question: Question) -> Result:
        """An answer in its conversation, which it is remembered in."""
        token, turns = self.conversations.resume(asked.conversation or None, front.site)

        def heard(reply: Reply) -> None:
            if text := said(reply):
                self.conversations.remember(token, asked.question, text)

        result = answered(self.service, replace(question, history=turns), heard)
        result.answer.conversation = token
        return result

    async def _retell(self, front: Front, collection: Collection, asked: Asked) -> Response:
        """The page of an answer that was given lately, without the passages that it does not cite."""
        self.admission.read(self.request, front.site or None)
        found = QueryOut.model_validate_json(self.answers.find(asked.answer, front.site))
        cited = await run_in_threadpool(lambda: sources(found, self.service.reader().store))
        return home.show(front, collection, asked.asking(found.question), Result(found, cited))

    def _count(self, front: Front) -> Site | None:
        return self.admission.ask(self.request, front.site or None)

    def _trouble(self, error: PinciteError) -> tuple[Trouble, int]:
        status, detail = told(self.request, error)
        title = _TITLES.get(status, "That did not work")
        first = detail.partition(" ")[0]  # an id keeps its small letters
        sentence = (detail[:1].upper() if first.isalpha() else detail[:1]) + detail[1:].rstrip(".") + "."
        return Trouble(title, sentence, passing=status == 503), status

    def _be_visited(self) -> None:
        """Do no work for an address that a page of others loads as a picture, or that is fetched ahead."""
        headers = self.request.headers
        elsewhere = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        loaded = elsewhere and headers.get("sec-fetch-mode", "") != "navigate"
        if loaded or "prefetch" in headers.get("sec-purpose", ""):
            raise HTTPException(403, "This page answers when it is visited.")


async def _desk(
    request: Request, service: AnyService, admission: TheAdmission, conversations: TheConversations
) -> Desk:
    return Desk(request, service, admission, conversations, answers_of(request))


TheDesk = Annotated[Desk, Depends(_desk)]
