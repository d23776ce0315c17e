"""What `/v1/chat/completions` takes and gives, in the shapes of OpenAI's API.

Fields that only tune a language model (temperature, top_p, max_tokens, …) are taken and change nothing: what
is said is what the documents say. Fields that would change the form of an answer are refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.answers import NoticeOut
from api.schemas.citations import CitationOut
from api.schemas.fields import MAX_TOP_K
from api.schemas.searches import FiltersIn

_MOST_MESSAGES = 200
_MOST_CHARACTERS = 200_000  # of a message


class _Taken(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class TextPart(_Taken):
    """A part of a message; pictures and sounds are not read."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=_MOST_CHARACTERS)]


class MessageIn(_Taken):
    """A message; those of the system and of tools are not looked at."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=_MOST_CHARACTERS)] | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """All of its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(_Taken):
    """Whether the last piece of a stream tells the usage."""

    include_usage: bool = False


class ResponseFormat(_Taken):
    """Text is the only one."""

    type: Literal["text"] = "text"


class CompletionIn(_Taken):
    """A conversation whose last question is answered; `filters` and `top_k` are ours (`extra_body`)."""

    model: str
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=_MOST_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    response_format: ResponseFormat | None = None
    tool_choice: Literal["auto", "none"] | None = None
    logprobs: Literal[False] | None = None
    filters: FiltersIn = FiltersIn()
    top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K)] = 10


class UrlCitation(BaseModel):
    """Where a marker stands in the text, in code points, and where it leads."""

    start_index: int
    end_index: int
    url: str
    title: str


class AnnotationOut(BaseModel):
    """A marker in the text."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class MessageOut(BaseModel):
    """The answer, with the numbers of its citations in brackets."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[AnnotationOut]


class Choice(BaseModel):
    """The only one."""

    index: Literal[0] = 0
    message: MessageOut
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Tokens of the question and of the answer, as our encoder counts them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionOut(BaseModel):
    """An answer in the shape of OpenAI's API; from `citations` on the fields are ours."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    citations: list[CitationOut]
    status: Literal["answered", "unsupported"]
    confidence: float
    notices: list[NoticeOut]


class ModelOut(BaseModel):
    """A way of answering."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["pincite"] = "pincite"


class ModelList(BaseModel):
    """The ways of answering that are set up here."""

    object: Literal["list"] = "list"
    data: list[ModelOut]


class ErrorDetail(BaseModel):
    """An error as OpenAI's clients read it."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorOut(BaseModel):
    """An error as OpenAI's clients read it."""

    error: ErrorDetail
