"""What goes into a page to have the widget on it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from api import links
from api.errors import SettingsError
from api.origins import own
from api.sites import Site
from api.version import VERSION
from api.widget.build import built

MAJOR = VERSION.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Snippets:
    """HTML to choose from, and what a page's content security policy must let through.

    `pinned` loads this version, checked by its hash; `moving` whatever version the server has.
    """

    version: str
    integrity: str
    pinned: str
    moving: str
    fallback: str
    policy: str


def snippets(site: Site, base: str) -> Snippets:
    """The snippets of a site; `base` is where readers reach this server. Raises SettingsError."""
    origin = own(base)
    if not origin:
        raise SettingsError(f"the address of this server is {base!r}; give one like https://ask.example.org")
    integrity, page = built().integrity, escape(base + links.hosted(site.key))
    key = f'data-site="{escape(site.key)}"'
    return Snippets(
        version=VERSION,
        integrity=integrity,
        pinned=(
            f'<script async src="{escape(base + links.script(VERSION))}" crossorigin="anonymous"\n'
            f'        integrity="{integrity}" {key}></script>'
        ),
        moving=f'<script async src="{escape(base + links.script(MAJOR))}" {key}></script>',
        fallback=f'<noscript><a href="{page}">{escape(site.name)}</a></noscript>',
        policy=f"script-src {origin}; connect-src {origin}",
    )
