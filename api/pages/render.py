"""Templates to pages, and the files that pages load: all from this server, named by what they hold."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

_FILES = {"reader.css": "text/css", "reader.js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-cache",
}


def page(template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A template filled with values, which are escaped; its policy lets it load our own files alone."""
    text = _environment().get_template(template).render(values)
    return HTMLResponse(text, status, _HEADERS)


@cache
def static(name: str) -> tuple[bytes, str] | None:
    """A file by its public name, with its media type; None when there is none."""
    own = next((own for own in _FILES if public(own) == name), None)
    return (_read(own), _FILES[own]) if own else None


@cache
def public(own: str) -> str:
    """The public name of a file: another one for other contents, so that it may be kept for ever."""
    stem, _, ending = own.rpartition(".")
    return f"{stem}.{hashlib.sha256(_read(own)).hexdigest()[:12]}.{ending}"


def _read(own: str) -> bytes:
    return files("api").joinpath("pages", "static", own).read_bytes()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("api", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["file"] = lambda own: f"/static/{public(own)}"
    return made
