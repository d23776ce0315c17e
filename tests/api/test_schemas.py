"""Requests at, over and under their limits, through the routes that take them."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import inf, nan

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

ReadProblem = Callable[[Response], tuple[int, str, str]]
PATHS = pytest.mark.parametrize("path", ["/v1/query", "/v1/search"])
JSON = {"content-type": "application/json"}


@PATHS
@pytest.mark.parametrize(
    "fields",
    [
        {"question": "q"},
        {"question": "q" * 2_000},
        {"question": "𝄞" * 2_000},
        {"top_k": 1},
        {"top_k": 100},
        {"filters": {}},
        {
            "filters": {
                "author": "Lind",
                "document_id": ["a", "b"],
                "date_from": "2021",
                "date_to": "2021-05-31",
            }
        },
        {"filters": {"author": ["a" * 500] * 100}},
        {"filters": {"date_from": None}},
    ],
    ids=lambda fields: json.dumps(fields)[:60],
)
def test_requests_within_the_limits_are_answered(
    path: str, fields: dict[str, object], library: TestClient
) -> None:
    assert library.post(path, json={"question": "harbour"} | fields).status_code == 200


def body(**fields: object) -> str:
    return json.dumps({"question": "q"} | fields)


UNICODE = "Input should be a valid string, unable to parse raw data as a unicode string"
PATTERN = "String should match pattern '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$'"
NO_NAME = "a part of a name is enough, but this is none; leave it out to look everywhere"
OBJECT = "body: Input should be a valid dictionary or object to extract fields from"
REFUSED = {
    '{"top_k": 3}': "question: Field required",
    body(question=""): "question: String should have at least 1 character",
    body(question="q" * 2_001): "question: String should have at most 2000 characters",
    body(question=7): "question: Input should be a valid string",
    body(question=None): "question: Input should be a valid string",
    body(question=["q"]): "question: Input should be a valid string",
    body(question="\ud800"): f"question: {UNICODE}",
    body(top_k=0): "top_k: Input should be greater than or equal to 1",
    body(top_k=-1): "top_k: Input should be greater than or equal to 1",
    body(top_k=101): "top_k: Input should be less than or equal to 100",
    body(top_k=2**63): "top_k: Input should be less than or equal to 100",
    body(top_k=1e308): "top_k: Input should be a valid integer",
    body(top_k=5.0): "top_k: Input should be a valid integer",
    body(top_k="5"): "top_k: Input should be a valid integer",
    body(top_k=True): "top_k: Input should be a valid integer",
    body(top_k=None): "top_k: Input should be a valid integer",
    body(top_k=nan): "top_k: Input should be a valid integer",
    body(top_k=inf): "top_k: Input should be a valid integer",
    body(colour="red"): "colour: Extra inputs are not permitted",
    body(filters={"colour": "red"}): "filters.colour: Extra inputs are not permitted",
    body(filters={"author": 7}): "filters.author: Input should be a valid list",
    body(filters={"author": [7]}): "filters.author.0: Input should be a valid string",
    body(filters={"author": "a" * 501}): "filters.author.0: String should have at most 500 characters",
    body(filters={"author": ["a"] * 101}): "filters.author: List should have at most 100 items after "
    "validation, not 101",
    body(filters={"author": "\udfff"}): f"filters.author.0: {UNICODE}",
    body(filters={"date_from": "21"}): f"filters.date_from: {PATTERN}",
    body(filters={"date_to": "2021\n"}): f"filters.date_to: {PATTERN}",
    body(filters={"date_from": "1990-99-99"}): "filters.date_from: no calendar has 1990-99-99; give YYYY, "
    "YYYY-MM or YYYY-MM-DD",
    body(filters={"date_to": "2021-02-29"}): "filters.date_to: no calendar has 2021-02-29; give YYYY, "
    "YYYY-MM or YYYY-MM-DD",
    body(
        filters={"date_to": "0000"}
    ): "filters.date_to: no calendar has 0000; give YYYY, YYYY-MM or YYYY-MM-DD",
    body(filters={"author": [""]}): f"filters.author.0: {NO_NAME}",
    body(filters={"section": " \t"}): f"filters.section.0: {NO_NAME}",
    body(filters={"date_to": "\u0662\u0660\u0662\u0661"}): f"filters.date_to: {PATTERN}",
    "[]": OBJECT,
    '"q"': OBJECT,
    "null": OBJECT,
    "": "body: Field required",
    "{": "body: not valid JSON: Expecting property name enclosed in double quotes",
    "question=q": "body: not valid JSON: Expecting value",
}


@PATHS
@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body[:60])
def test_requests_beyond_the_limits_are_refused_with_the_reason(
    path: str, body: str, library: TestClient, read_problem: ReadProblem
) -> None:
    status, code, detail = read_problem(library.post(path, content=body, headers=JSON))
    assert (status, code) == (422, "request_invalid")
    assert detail == REFUSED[body]


@PATHS
@pytest.mark.parametrize("body", ["[" * 100_000, f'{{"question": "q", "top_k": {"1" * 5000}}}', "\udcff"])
def test_bodies_that_no_parser_takes_are_refused(
    path: str, body: str, library: TestClient, read_problem: ReadProblem
) -> None:
    answer = library.post(path, content=body.encode("utf-8", "surrogateescape"), headers=JSON)
    assert read_problem(answer)[0] in (400, 422)


@PATHS
def test_a_field_whose_name_is_no_text_is_refused(
    path: str, library: TestClient, read_problem: ReadProblem
) -> None:
    answer = library.post(path, content='{"question": "q", "\\ud800": 1}', headers=JSON)
    assert read_problem(answer)[:2] == (422, "request_invalid")


@PATHS
def test_a_question_of_white_space_is_refused(
    path: str, library: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(library.post(path, json={"question": " \n\t"})) == (
        422,
        "question_invalid",
        "the question is empty; ask with at least one word",
    )


def test_search_takes_no_fields_of_query(library: TestClient, read_problem: ReadProblem) -> None:
    body = {"question": "q", "history": [], "answer": "none", "stream": False}
    told = "; ".join(f"{name}: Extra inputs are not permitted" for name in ("history", "answer", "stream"))
    assert read_problem(library.post("/v1/search", json=body)) == (422, "request_invalid", told)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"answer": "poem"}, "answer: Input should be 'extractive', 'generative' or 'none'"),
        ({"stream": "yes"}, "stream: Input should be a valid boolean"),
        (
            {"history": [{"role": "system", "content": ""}]},
            "history.0.role: Input should be 'user' or 'assistant'",
        ),
        ({"history": [{"role": "user"}]}, "history.0.content: Field required"),
        (
            {"history": [{"role": "user", "content": "c" * 20_001}]},
            "history.0.content: String should have at most 20000 characters",
        ),
        (
            {"history": [{"role": "user", "content": "c"}] * 101},
            "history: List should have at most 100 items after validation, not 101",
        ),
    ],
)
def test_fields_of_query_have_their_limits(
    fields: dict[str, object], fault: str, library: TestClient, read_problem: ReadProblem
) -> None:
    answer = library.post("/v1/query", json={"question": "q"} | fields)
    assert read_problem(answer) == (422, "request_invalid", fault)


def test_a_history_at_its_limits_is_taken(library: TestClient) -> None:
    history = [{"role": role, "content": "c" * 20_000} for role in ("user", "assistant")] * 50
    assert library.post("/v1/query", json={"question": "q", "history": history}).status_code == 200


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=9), below, max_size=3),
    max_leaves=6,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        name: ANY_JSON | likely
        for name, likely in {
            "question": st.text(st.characters(), max_size=50),
            "top_k": st.integers(-2, 103),
            "filters": st.dictionaries(st.sampled_from(["author", "type", "date_to", "section"]), ANY_JSON),
            "answer": st.sampled_from(["none", "extractive", "generative"]),
            "stream": st.booleans(),
        }.items()
    },
)


@settings(deadline=None, max_examples=150)
@given(body=ANY_JSON | FIELDS)
def test_whatever_is_asked_there_is_an_answer_or_a_problem(body: object, library: TestClient) -> None:
    answer = library.post("/v1/query", content=json.dumps(body), headers=JSON)
    assert answer.status_code in (200, 400, 422, 501), answer.text
    streamed = isinstance(body, dict) and body.get("stream") is True
    told = "text/event-stream; charset=utf-8" if streamed else "application/json"
    kind = told if answer.status_code == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
