"""Three made-up pages with the widget of this server: a plain one, one that fights back, a strict one."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from api.snippets import MAJOR

router = APIRouter(prefix="/demo", tags=["pages"], default_response_class=HTMLResponse)
_OWN = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
_POLICIES = {
    "plain": f"{_OWN}; style-src 'self'; img-src data:; frame-ancestors 'self'",
    "hostile": f"{_OWN}; style-src 'self'; img-src data:; frame-ancestors 'self'",
    "strict": f"{_OWN}; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}
_FILES = {"plain.css": "text/css", "hostile.css": "text/css", "hostile.js": "text/javascript"}
_HEADERS = {"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex", "Cache-Control": "no-cache"}
_KEY = re.compile(r"pk_[A-Za-z0-9_-]{1,100}")


@router.get("")
async def plain(site: str = "") -> Response:
    """A page like any other."""
    return _page("plain", site)


@router.get("/{name}")
async def other(name: str, site: str = "") -> Response:
    """One of the other pages, or a file that they load."""
    if name in _FILES:
        return Response(_read(name), media_type=_FILES[name], headers=_HEADERS)
    if name not in _POLICIES or name == "plain":
        raise HTTPException(404, "there are /demo, /demo/hostile and /demo/strict")
    return _page(name, site)


def _page(name: str, site: str) -> Response:
    """A page for a site key, which stands in it as data; what is no key is left out."""
    key = site if _KEY.fullmatch(site) else ""
    values = {"site": key, "page": f"/s/{key}" if key else "/", "channel": MAJOR}
    text = _environment().get_template(f"{name}.html").render(values)
    return HTMLResponse(text, headers={"Content-Security-Policy": _POLICIES[name], **_HEADERS})


def _read(name: str) -> bytes:
    return files("api").joinpath("pages", "demo", name).read_bytes()


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("api", "pages/demo"), autoescape=True, undefined=StrictUndefined)
