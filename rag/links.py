"""Links in what a language model writes: those alone stay that stand so in a source."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOP = "com|org|net|edu|gov|io|ai|app|dev|co|info|biz|me|ru|cn|uk|de|fr|xyz|site|top|example|test|local"
# What a client may turn into a link, or fetch.
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,30}:/{1,3}[^\s<>\"'»”)\]]*"
    r"|\b(?:javascript|data|vbscript|mailto|file|tel|sms|blob|about):[^\s<>\"'»”)\]]+"
    r"|(?<![\w/])//[^\s<>\"'»”)\]/]+\.[^\s<>\"'»”)\]]+"
    r"|\bwww\.[^\s<>\"'»”)\]]+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/[^\s<>\"'»”)\]]*"
    rf"|\b(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_TOP})\b(?::\d+)?"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:/[^\s<>\"'»”)\]]*)?"
    r"|[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}",
    re.IGNORECASE,
)
_END = ".,;:!?"


def links(text: str) -> list[str]:
    """Everything in a text that a client may turn into a link, or fetch."""
    return [found[0].rstrip(_END) for found in _LINK.finditer(text)]


def foreign_links(text: str, sources: Sequence[str]) -> list[str]:
    """Links of a text that stand in none of the sources, to the letter and whole."""
    found = links(text)
    known = {link for source in sources for link in links(source)} if found else set()
    return [link for link in found if link not in known]
