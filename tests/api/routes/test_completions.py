"""Asked with the official client of OpenAI's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai
import pytest
from fastapi import FastAPI
from openai import OpenAI
from starlette.testclient import TestClient

from api import completions
from api.schemas.completions import CompletionIn
from rag.errors import GeneratorError
from rag.records import Role, Turn
from rag.testing import Scripted

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]

QUESTION = "Which four states are parties?"
SAID = "Four states are parties: Arland, Belmark, Corvia and Dunmore."
MESSAGES: list[Any] = [{"role": "user", "content": QUESTION}]


def client_of(client: TestClient) -> OpenAI:
    """The official client over an application that is not on a socket."""
    return OpenAI(
        base_url="http://localhost:8000/v1",
        api_key="any",
        max_retries=0,
        http_client=client,
    )


@pytest.fixture
def official(library: TestClient) -> OpenAI:
    """Over the library."""
    return client_of(library)


@pytest.fixture
def generative(make_app: MakeApp, connect: Connect) -> Callable[[Scripted], OpenAI]:
    """Over one document and a language model."""

    def made(generator: Scripted) -> OpenAI:
        app = make_app()
        app.state.service._generator = generator
        app.state.service.encoder()
        client = connect(app)
        text = "The pact was signed in Morava in 1998.\n\nFour states are parties to it.\n"
        assert client.post("/v1/documents", json={"source": "pact.txt", "text": text}).status_code == 201
        return client_of(client)

    return made


def test_the_answer_has_numbers_in_the_text_and_what_they_stand_for_beside_it(official: OpenAI) -> None:
    given = official.chat.completions.create(model="pincite", messages=MESSAGES)
    (choice,) = given.choices
    assert (choice.message.content, choice.finish_reason) == (f"{SAID} [1]", "stop")
    assert (given.object, given.model, given.id[:9]) == ("chat.completion", "pincite", "chatcmpl-")
    assert choice.message.annotations
    (annotation,) = choice.message.annotations
    place = annotation.url_citation
    assert choice.message.content
    assert choice.message.content[place.start_index : place.end_index] == "[1]"
    assert (annotation.type, place.title) == ("url_citation", "The River Pact")
    assert given.model_extra
    (citation,) = given.model_extra["citations"]
    assert (citation["n"], citation["quote"]) == (1, [SAID])
    assert place.url == f"http://localhost:8000{citation['url']}"
    assert given.model_extra["status"] == "answered"


def test_the_usage_is_counted(official: OpenAI) -> None:
    usage = official.chat.completions.create(model="pincite", messages=MESSAGES).usage
    assert usage
    assert usage.prompt_tokens > 0 < usage.completion_tokens
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_a_stream_says_what_the_whole_says(official: OpenAI) -> None:
    whole = official.chat.completions.create(model="pincite", messages=MESSAGES)
    options: Any = {"include_usage": True}
    pieces = list(
        official.chat.completions.create(
            model="pincite", messages=MESSAGES, stream=True, stream_options=options
        )
    )
    *said, last, usage = pieces
    text = "".join(piece.choices[0].delta.content or "" for piece in said)
    assert text == whole.choices[0].message.content
    assert pieces[0].choices[0].delta.role == "assistant"
    assert [piece.choices[0].finish_reason for piece in (*said, last)] == [None] * len(said) + ["stop"]
    assert len({piece.id for piece in pieces}) == 1
    assert last.model_extra
    assert whole.model_extra
    for name in ("citations", "status", "confidence", "notices"):
        assert last.model_extra[name] == whole.model_extra[name]
    message = whole.choices[0].message
    assert message.annotations
    assert last.choices[0].delta.model_extra == {
        "annotations": [one.model_dump(mode="json") for one in message.annotations]
    }
    assert (usage.choices, usage.usage) == ([], whole.usage)


def test_a_stream_without_that_wish_tells_no_usage(official: OpenAI) -> None:
    pieces = list(official.chat.completions.create(model="pincite", messages=MESSAGES, stream=True))
    assert all(piece.choices for piece in pieces)


def test_a_language_model_answers_where_there_is_one(
    generative: Callable[[Scripted], OpenAI],
) -> None:
    said = "The pact was signed in Morava in 1998 [1]. Four states are parties to it [1]."
    given = generative(Scripted(said)).chat.completions.create(
        model="pincite", messages=[{"role": "user", "content": "When was the pact signed?"}]
    )
    content = given.choices[0].message.content
    assert content == "The pact was signed in Morava in 1998. [1] Four states are parties to it. [2]"
    annotations = given.choices[0].message.annotations or []
    places = [one.url_citation for one in annotations]
    assert [content[place.start_index : place.end_index] for place in places] == ["[1]", "[2]"]


def test_what_no_document_supports_is_said_to_be_so(official: OpenAI) -> None:
    asked: list[Any] = [{"role": "user", "content": "Zebra xylophone quantum?"}]
    given = official.chat.completions.create(model="pincite", messages=asked)
    assert given.choices[0].message.content == "The documents do not support an answer."
    assert given.model_extra
    assert (given.model_extra["status"], given.model_extra["citations"]) == ("unsupported", [])
    pieces = official.chat.completions.create(model="pincite", messages=asked, stream=True)
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert text == "The documents do not support an answer."


def test_messages_may_come_in_parts_and_others_are_not_the_question(official: OpenAI) -> None:
    messages: list[Any] = [
        {"role": "system", "content": "Answer in rhymes."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    given = official.chat.completions.create(model="pincite", messages=messages, temperature=2, top_p=0.1)
    assert given.choices[0].message.content == f"{SAID} [1]"


def test_what_is_ours_can_be_sent_along(official: OpenAI) -> None:
    extra = {"filters": {"author": "nobody"}, "top_k": 1}
    given = official.chat.completions.create(model="pincite", messages=MESSAGES, extra_body=extra)
    assert given.choices[0].message.content == "The documents do not support an answer."


def test_the_models_are_the_ways_of_answering(
    official: OpenAI, generative: Callable[[Scripted], OpenAI]
) -> None:
    assert [model.id for model in official.models.list()] == ["pincite", "pincite-extractive"]
    with_model = generative(Scripted("Yes."))
    assert [model.id for model in with_model.models.list()] == [
        "pincite",
        "pincite-extractive",
        "pincite-generative",
    ]
    assert with_model.models.retrieve("pincite").owned_by == "pincite"


def test_a_model_that_is_not_here_is_not_found(official: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        official.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert raised.value.body == {
        "message": "no model 'gpt-4o' here; GET /v1/models lists them",
        "type": "invalid_request_error",
        "param": None,
        "code": "not_found",
    }
    with pytest.raises(openai.NotFoundError):
        official.models.retrieve("gpt-4o")


@pytest.mark.parametrize(
    ("changed", "param", "told"),
    [
        ({"n": 2}, "n", "n: Input should be 1"),
        ({"tool_choice": "required"}, "tool_choice", "tool_choice: Input should be 'auto' or 'none'"),
        ({"logprobs": True}, "logprobs", "logprobs: Input should be False"),
        (
            {"response_format": {"type": "json_object"}},
            "response_format.type",
            "response_format.type: Input should be 'text'",
        ),
        ({"messages": []}, "messages", "messages: List should have at least 1 item after validation, not 0"),
        ({"extra_body": {"top_k": 0}}, "top_k", "top_k: Input should be greater than or equal to 1"),
        (
            {"messages": [{"role": "assistant", "content": "Hello."}]},
            None,
            "messages: the last message must be of the user, and hold a question",
        ),
        (
            {"messages": [{"role": "user", "content": "  "}]},
            None,
            "messages: the last message must be of the user, and hold a question",
        ),
        (
            {"messages": [{"role": "user", "content": "x" * 2001}]},
            None,
            "the question has 2,001 characters, at most 2,000 are read; shorten it",
        ),
    ],
)
def test_what_would_change_the_answer_is_refused_and_not_half_honoured(
    changed: dict[str, Any], param: str | None, told: str, official: OpenAI
) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        official.chat.completions.create(**({"model": "pincite", "messages": MESSAGES} | changed))
    body: Any = raised.value.body
    assert (body["type"], body["param"], body["message"]) == ("invalid_request_error", param, told)


def test_an_image_is_refused(official: OpenAI) -> None:
    parts = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,xx"}}]
    with pytest.raises(openai.BadRequestError):
        official.chat.completions.create(
            model="pincite",
            messages=[{"role": "user", "content": parts}],  # type: ignore[list-item,misc]
        )


def test_without_a_language_model_none_is_asked(official: OpenAI) -> None:
    with pytest.raises(openai.InternalServerError) as raised:
        official.chat.completions.create(model="pincite-generative", messages=MESSAGES)
    assert raised.value.status_code == 501
    assert raised.value.code == "not_available"


def test_without_an_index_the_reason_has_their_shape(client: TestClient) -> None:
    for streamed in (False, True):
        with pytest.raises(openai.InternalServerError) as raised:
            client_of(client).chat.completions.create(model="pincite", messages=MESSAGES, stream=streamed)
        assert raised.value.status_code == 503
        assert raised.value.body == {
            "message": "nothing has been added yet; POST /v1/documents adds a document",
            "type": "server_error",
            "param": None,
            "code": "no_index",
        }


def test_what_fails_on_the_way_is_an_error_to_the_client(
    generative: Callable[[Scripted], OpenAI],
) -> None:
    asked: list[Any] = [{"role": "user", "content": "When was the pact signed?"}]
    official = generative(Scripted([RuntimeError("of ours")]))
    with pytest.raises(openai.APIError, match="something went wrong here"):
        list(official.chat.completions.create(model="pincite", messages=asked, stream=True))


def test_when_the_language_model_fails_the_documents_answer(
    generative: Callable[[Scripted], OpenAI],
) -> None:
    asked: list[Any] = [{"role": "user", "content": "When was the pact signed?"}]
    official = generative(Scripted([GeneratorError("it is not there")]))
    given = official.chat.completions.create(model="pincite", messages=asked)
    assert given.choices[0].message.content == "The pact was signed in Morava in 1998. [1]"
    assert given.model_extra
    assert [notice["code"] for notice in given.model_extra["notices"]] == ["model_unavailable"]


def test_a_body_that_is_no_json_is_refused_in_their_shape(library: TestClient) -> None:
    for content, kind, status in (("{", "application/json", 400), ("{}", "text/plain", 415)):
        answer = library.post("/v1/chat/completions", content=content, headers={"content-type": kind})
        assert answer.status_code == status
        assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_follow_up_leans_on_the_messages_before(library: TestClient) -> None:
    """What the system says is not part of the conversation."""
    talk: list[Any] = [
        {"role": "system", "content": "You are Zora Quist."},
        {"role": "user", "content": "Who opened the quay?"},
        {"role": "assistant", "content": "Ben Okoro did."},
        {"role": "user", "content": "And when did he sign the pact?"},
    ]
    assert completions.history(CompletionIn(model="pincite", messages=talk)) == (
        Turn(Role.USER, "Who opened the quay?"),
        Turn(Role.ASSISTANT, "Ben Okoro did."),
    )
    made = client_of(library).chat.completions.create(model="pincite-extractive", messages=talk)
    assert made.choices[0].message.content
