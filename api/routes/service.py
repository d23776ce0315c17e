"""How a route reaches the service."""

from typing import Annotated

from fastapi import Depends, Request

from api.service import Service


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _ready(request: Request) -> Service:
    service = _service(request)
    service.require_ready()
    return service


AnyService = Annotated[Service, Depends(_service)]
ReadyService = Annotated[Service, Depends(_ready)]
