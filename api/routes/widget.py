"""The widget as pages load it: `/w/{version}/pincite.js` and its words, `/w/{version}/l/{lang}.json`."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.snippets import MAJOR
from api.version import VERSION
from api.widget.build import built, strings

router = APIRouter(prefix="/w", tags=["widget"])
_KEPT = {  # a version never changes; what its first number alone names does
    VERSION: "public, max-age=31536000, immutable",
    MAJOR: "public, max-age=3600",
}


@router.get("/{version}/pincite.js", response_class=Response)
def script(version: str, request: Request) -> Response:
    """The widget: of this server's version, or of whichever has its first number."""
    return _file(request, version, built().js, "text/javascript")


@router.get("/{version}/l/{lang}.json", response_class=Response)
def words(version: str, lang: str, request: Request) -> Response:
    """The words of the widget in a language, by its code."""
    told = strings(lang) if lang.isascii() and lang.replace("-", "").isalnum() else None
    if told is None:
        raise HTTPException(404, f"no words in {lang[:40]} here")
    return _file(request, version, told, "application/json")


def _file(request: Request, version: str, content: bytes, kind: str) -> Response:
    if version not in _KEPT:
        raise HTTPException(404, f"no version {version[:40]} of the widget here; this server has {VERSION}")
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {
        "Cache-Control": _KEPT[version],
        "Cross-Origin-Resource-Policy": "cross-origin",  # pages of other origins are what it is for
        "ETag": tag,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = _compressed(content), "gzip"
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


@cache
def _compressed(content: bytes) -> bytes:
    """Compressed once: of one script and as many languages as there are."""
    return gzip.compress(content, 9, mtime=0)
