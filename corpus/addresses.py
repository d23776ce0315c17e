"""Addresses of the web, as records hold them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_address(address: str) -> bool:
    """Whether an address is a whole one of the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", address)
