"""Verbs about the installation: serve, mcp, doctor, rebuild, config, version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options

if TYPE_CHECKING:
    from api.service import Service


_LAST_REQUESTS_S = 5  # a request that is still being sent by then does not keep the server from ending


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="0 picks a free one.", show_default="8000")] = None,
    data: options.Data = None,
) -> None:
    """Serve the HTTP API."""
    import logging
    import socket

    import uvicorn

    from api.app import create_app
    from api.cli import terminal
    from api.errors import SettingsError

    chosen = options.settings(data, host=host, port=port)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells of each request to a language model
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((chosen.host, chosen.port))
        listener.listen()  # whoever reads the address may connect at once
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"cannot listen on {chosen.host}:{chosen.port}: {error.strerror}; "
            "choose another with --host and --port (0 picks a free one)"
        ) from error
    name = f"[{chosen.host}]" if family == socket.AF_INET6 else chosen.host
    terminal.out.print(f"Pincite on http://{name}:{listener.getsockname()[1]}", soft_wrap=True)
    server = uvicorn.Config(
        create_app(chosen),
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # it would believe whoever connects from this machine; see api/proxies.py
        http="h11",  # httptools would take a head of any length into memory, and a second Host
        timeout_graceful_shutdown=_LAST_REQUESTS_S,
    )
    uvicorn.Server(server).run(sockets=[listener])


def mcp(data: options.Data = None) -> None:
    """Serve tools to an agent over standard input and output (Model Context Protocol)."""
    import logging
    from threading import Thread

    from api.mcp_server import mcp_server

    # Standard output is the protocol's; whatever else there is to say goes to standard error.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    service = options.service(data)
    Thread(target=service.warm, daemon=True, name="warm").start()
    try:
        mcp_server(service).run("stdio")
    finally:
        service.close()


def doctor(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """Check the installation and the index, file by file. Exit status 1 when something is wrong."""
    from api.cli import terminal

    report = _examine(options.service(data))
    if as_json:
        terminal.print_json(report)
    else:
        for name, value in report.items():
            terminal.out.print(f"[dim]{name:>14}[/dim]  {terminal.safe(str(value))}")
    if report["index"] != "ok" or "missing" in (report["encoder"], report["reranker"]):
        raise typer.Exit(1)


def _examine(service: Service) -> dict[str, Any]:
    import platform

    from api.version import VERSION
    from corpus.errors import PinciteError
    from index.doctor import examine
    from index.hardware import describe

    report: dict[str, Any] = {
        "pincite": VERSION,
        "python": platform.python_version(),
        "processor": describe(),
        "data": str(service.data),
    }
    try:
        report |= examine(service.data)
    except PinciteError as error:
        report["index"] = str(error)
    try:
        encoder = service.encoder()
        identity = encoder.identity
        report["encoder"] = f"{identity.model}, {identity.dimension} dimensions, {identity.precision.value}"
        if not encoder.token_dimension:
            report["encoder"] += "; it makes no vectors of tokens: late interaction is off"
    except PinciteError as error:
        report["encoder"] = "missing"
        report["encoder error"] = str(error)
    try:
        report["reranker"] = service.settings.reranker if service.reranker() else "none"
    except PinciteError as error:
        report["reranker"] = "missing"
        report["reranker error"] = str(error)
    return report


def rebuild(
    reencode: Annotated[
        bool, typer.Option("--reencode", help="Embed everything again, with the encoder configured.")
    ] = False,
    late: options.Late = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Build the index again from the store, without the model; or embed everything anew."""
    from api.cli import terminal

    with terminal.progress("embedding") as advance, options.service(data, late=late).writer() as ingest:
        number = ingest.reencode(lambda _: advance(1)) if reencode else ingest.rebuild()
    if as_json:
        terminal.print_json({"generation": number})
    else:
        terminal.out.print(f"generation {number} is published")


def config(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """Print the effective settings, secrets masked."""
    from api.cli import terminal
    from api.settings import effective

    values = effective(options.settings(data))
    if as_json:
        terminal.print_json(values)
    else:
        for name, value in values.items():
            terminal.out.print(f"{name} = {terminal.safe(str(value))}")


def version(as_json: options.AsJson = False) -> None:
    """Print the version."""
    from api.version import VERSION

    typer.echo(f'{{"version": "{VERSION}"}}' if as_json else VERSION)
