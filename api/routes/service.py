"""What routes share: how they reach the service, and what bodies they take."""

from typing import Annotated

from fastapi import Depends, Request

from api.admission import Admission
from api.conversations import Conversations
from api.errors import MediaTypeError
from api.service import Service


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _loaded(request: Request) -> Service:
    service = await _service(request)
    service.require_encoder()
    return service


async def _admission(request: Request) -> Admission:
    admission: Admission = request.app.state.admission
    return admission


async def _conversations(request: Request) -> Conversations:
    conversations: Conversations = request.app.state.conversations
    return conversations


AnyService = Annotated[Service, Depends(_service)]
LoadedService = Annotated[Service, Depends(_loaded)]
TheAdmission = Annotated[Admission, Depends(_admission)]
TheConversations = Annotated[Conversations, Depends(_conversations)]


async def takes_a_turn(request: Request, admission: TheAdmission) -> None:
    """A dependency of routes where work is done for whoever names no site."""
    admission.knock(request)


def content_type(request: Request) -> str:
    """The media type of a body, without parameters; empty where none is given."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def takes_json(request: Request) -> None:
    """A dependency of routes whose body is JSON."""
    if (kind := content_type(request)) != "application/json":
        raise MediaTypeError(f"Content-Type is {kind or 'missing'}; send application/json")
