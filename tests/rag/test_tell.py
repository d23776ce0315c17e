"""Questions that the structure of documents answers: rankings that it leads, claims that it tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.records import Filters
from rag.answer import AnswerConfig, answer
from rag.confidence import ConfidenceConfig
from rag.records import Question, Reply, Status
from rag.testing import Collection

REPORT = (
    "# Ports and Roads\n\n## I. Harbours of the coast\n\n*By Ann Lee*\n\n"
    "The harbour of Poti is shallow.[^1] It was dug by hand.[^2] Wine was its trade.\n\n"
    "## II. Roads of the hills\n\n*By Bo Ruiz and Cleo Dunn*\n\nThe road climbs to the pass.[^3]\n\n"
    "[^1]: Pilot Book of the Black Sea, p. 4.\n[^2]: Ibid.\n[^3]: Survey of Roads, 1931.\n"
)
TALK = "".join(
    f"Q: {question}\n\nA: {reply}\n\n"
    for question, reply in (
        ("Is the ferry late again this week?", "The ferry is never late, whatever people tell you."),
        ("Who paints the ferry every spring?", "The ferry is painted by its own crew in March."),
    )
)
ALWAYS = AnswerConfig(confidence=ConfidenceConfig(risk=1.0))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    made = Collection(tmp_path_factory.mktemp("library"))
    made.add({"report.md": REPORT, "talk.txt": TALK, "other.md": "# Wine\n\nThe wine trade is old.\n"})
    yield made
    made.close()


def ask(library: Collection, text: str, config: AnswerConfig | None = None) -> Reply:
    return answer(Question(text), library.tools(), library.store, config)


def claims(reply: Reply) -> list[str]:
    return [claim.text for claim in reply.answer.claims] if reply.answer else []


@pytest.mark.parametrize(
    ("question", "told", "quote"),
    [
        (
            "Who wrote the chapter on harbours?",
            "“I. Harbours of the coast” is by Ann Lee.",
            "Harbours of the coast\n\n*By Ann Lee",
        ),
        (
            "Which authors contributed the part about roads?",
            "“II. Roads of the hills” is by Bo Ruiz and Cleo Dunn.",
            "Roads of the hills\n\n*By Bo Ruiz and Cleo Dunn",
        ),
    ],
)
def test_the_author_of_a_part_is_told_and_its_byline_cited(
    library: Collection, question: str, told: str, quote: str
) -> None:
    reply = ask(library, question)
    assert reply.status is Status.ANSWERED
    assert reply.answer
    (claim,), (citation,) = reply.answer.claims, reply.answer.citations
    assert (claim.text, claim.verbatim) == (told, False)
    assert quote in "".join(citation.quote)
    assert reply.ranking.passages[0].signals["structure"] == 1.0


def test_the_author_of_what_stands_in_a_part_is_the_parts(library: Collection) -> None:
    assert claims(ask(library, "Who wrote the section that calls Poti shallow?")) == [
        "“I. Harbours of the coast” is by Ann Lee."
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Which minister contributed to the harbours in this article?",
        "Who is responsible for harbours in part of Georgia?",
        "Which president wrote the introduction of the law on roads?",
        "Who wrote the introduction of the law on roads and railways?",
    ],
)
def test_who_did_something_else_is_not_told_from_bylines(library: Collection, question: str) -> None:
    assert all("is by" not in claim for claim in claims(ask(library, question, ALWAYS)))


def test_a_part_that_nobody_signs_has_no_author(library: Collection) -> None:
    reply = ask(library, "Who wrote the chapter on wine?", ALWAYS)
    assert all("is by" not in claim for claim in claims(reply))


def test_a_note_is_told_by_its_number(library: Collection) -> None:
    reply = ask(library, "What does footnote 3 cite?")
    assert claims(reply) == ["Note 3: Survey of Roads, 1931."]
    assert reply.answer
    assert reply.answer.citations[0].quote == ("Survey of Roads, 1931.",)


def test_an_ibid_is_told_with_what_it_stands_for(library: Collection) -> None:
    assert claims(ask(library, "What does note 2 refer to?")) == [
        "Note 2: Ibid.",
        "Note 1: Pilot Book of the Black Sea, p. 4.",
    ]


def test_a_number_that_no_note_has_is_an_abstention(library: Collection) -> None:
    reply = ask(library, "What does footnote 99 say of the harbour of Poti?")
    assert (reply.status, reply.answer, reply.confidence) == (Status.UNSUPPORTED, None, 0.05)


def test_the_source_of_a_claim_is_the_note_of_its_own_sentence(library: Collection) -> None:
    reply = ask(library, "What source backs that the harbour of Poti is shallow?", ALWAYS)
    assert claims(reply) == [
        "The harbour of Poti is shallow.",
        "Note 1: Pilot Book of the Black Sea, p. 4.",
    ]


def test_the_notes_of_the_best_passage_follow_it_where_a_source_is_asked_for(library: Collection) -> None:
    ranked = ask(library, "Which source says that Poti is a shallow harbour?").ranking.passages
    body = next(r.rank for r in ranked if "Poti" in r.stored.passage.text)
    assert [r.stored.passage.note for r in ranked[body : body + 2]] == ["1", "2"]


ALMANACS = {
    "sea.md": "# Seas\n\nIt froze.[^1] It broke.[^2] It thawed.[^3]\n\n"
    "[^1]: Ibid.\n\n[^2]: Ibid., p. 3.\n\n[^3]: Sea Book.\n",
    "hill.md": "# Hills\n\nSnow fell.[^1] Rain fell.[^2] Hail fell.[^3]\n\n"
    "[^1]: Hill Book.\n\n[^2]: Hill Book.\n\n[^3]: Ibid.\n",
}


@pytest.fixture(scope="module")
def almanacs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    made = Collection(tmp_path_factory.mktemp("almanacs"))
    made.add(ALMANACS)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Which source backs that it broke?",
            ["It froze. It broke.", "Note 2: Ibid., p. 3.", "Note 1: Ibid."],
        ),
        ("Which source backs that rain fell?", ["Rain fell.", "Note 2: Hill Book."]),
        ("Which source backs that hail fell?", ["Hail fell.", "Note 3: Ibid.", "Note 2: Hill Book."]),
    ],
)
def test_a_note_that_says_the_same_or_a_part_of_it_is_another_one(
    almanacs: Collection, question: str, told: list[str]
) -> None:
    assert claims(ask(almanacs, question, ALWAYS)) == told


def test_notes_of_one_number_in_several_documents_are_told_apart(almanacs: Collection) -> None:
    assert sorted(claims(ask(almanacs, "What does note 3 say?"))) == [
        "Note 2 of “Hills”: Hill Book.",
        "Note 3 of “Hills”: Ibid.",
        "Note 3 of “Seas”: Sea Book.",
    ]


def test_who_said_something_is_told_with_it(library: Collection) -> None:
    (first, *_) = claims(ask(library, "Who says that the ferry is never late?", ALWAYS))
    assert first == "According to A, in “talk.txt”: The ferry is never late, whatever people tell you."


def test_a_sentence_is_left_as_it_is_where_nobody_asks_who(library: Collection) -> None:
    (first, *_) = claims(ask(library, "Is the ferry never late?", ALWAYS))
    assert first == "The ferry is never late, whatever people tell you."


def test_filters_hold_for_what_structure_leads(library: Collection) -> None:
    wine = next(row.id for row in library.store.documents() if row.source == "other.md")
    question = Question("Who wrote the chapter on harbours?", filters=Filters(document_id=(wine,)))
    reply = answer(question, library.tools(), library.store, ALWAYS)
    assert {r.stored.source for r in reply.ranking.passages} == {"other.md"}


def test_a_note_that_is_published_after_the_index_was_opened_is_left_out(collection: Collection) -> None:
    collection.add({"mill.md": "# Mill\n\nThe mill stands here.[^3]\n\n[^3]: Archive of mills, p. 4.\n"})
    before = collection.tools()
    collection.add({"barn.md": "# Barn\n\nThe barn stands here.[^3]\n\n[^3]: Ledger of barns, p. 9.\n"})
    reply = answer(Question("What does footnote 3 say?"), before, collection.store)
    assert claims(reply) == ["Note 3: Archive of mills, p. 4."]
