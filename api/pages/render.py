"""Templates to pages, and the files that pages load: all from this server, named by what they hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

_FILES = {
    "tokens.css": "text/css",
    "reader.css": "text/css",
    "page.css": "text/css",
    "icon.svg": "image/svg+xml",
    "reader.js": "text/javascript",
    "waiting.js": "text/javascript",
}
# Modules by where they lie in this package; those of the widget are its own sources.
MODULES = (
    "pages/static/home.js",
    "pages/static/checked.js",
    "widget/src/answer.js",
    "widget/src/client.js",
    "widget/src/dom.js",
    "widget/src/markdown.js",
    "widget/src/natives.js",
    "widget/src/points.js",
    "widget/src/render.js",
    "widget/src/sse.js",
)
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a page may do beyond being read: send forms to us, and stand in frames of these origins."""

    forms: bool = False
    framed_by: tuple[str, ...] = ()
    kept: bool = True  # by caches, to be asked for again; else by nobody

    @property
    def headers(self) -> dict[str, str]:
        """As headers. Where no referrer is sent, a form does not tell the origin that it comes from."""
        directives = (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            f"form-action {quoted('self' if self.forms else 'none')}",
            f"frame-ancestors {' '.join(self.framed_by) or quoted('none')}",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
        return {
            **_HEADERS,
            "Content-Security-Policy": "; ".join(directives),
            "Referrer-Policy": "same-origin" if self.forms else "no-referrer",
            "Cache-Control": "no-cache" if self.kept else "no-store",
        }


def quoted(word: str) -> str:
    """A keyword of a policy."""
    return f"'{word}'"


_READ = Policy()


def page(template: str, status: int = 200, /, policy: Policy = _READ, **values: Any) -> HTMLResponse:
    """A template filled with values, which are escaped; its policy lets it load our own files alone."""
    text = _environment().get_template(template).render(values)
    headers = policy.headers | ({"Retry-After": "2"} if status == 503 else {})
    return HTMLResponse(text, status, headers)


@cache
def static(name: str) -> tuple[bytes, str] | None:
    """A file by its public name, with its media type; None when there is none."""
    own = next((own for own in _FILES if public(own) == name), None)
    return (_read(own), _FILES[own]) if own else None


@cache
def bundle() -> str:
    """The public name of all modules together: they load each other by where they lie."""
    return f"m{hashlib.sha256(b''.join(map(_module, MODULES))).hexdigest()[:12]}"


def script(version: str, name: str) -> bytes | None:
    """A module of the bundle with this public name; None when there is none."""
    return _module(name) if version == bundle() and name in MODULES else None


@cache
def _module(name: str) -> bytes:
    return files("api").joinpath(*name.split("/")).read_bytes()


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
    made.globals["module"] = lambda name: f"/static/{bundle()}/{name}"
    made.globals["modules"] = lambda: MODULES[1:]
    return made
