"""Who may ask: by the key of a site and the origin of the page, and within which limits."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.requests import Request

from api.errors import OriginDeniedError, SitesError, UnauthorisedError
from api.limits import Limits
from api.origins import foreign
from api.sites import Site, Sites
from index.errors import NotFoundError

_log = logging.getLogger(__name__)
_SAFE = frozenset({"GET", "HEAD"})
_LONGEST = 100  # characters of a key that are looked at


class Admission:
    """Lets in our own pages and programs, and the pages of sites; counts what they ask."""

    def __init__(
        self, sites: Sites, own: str = "", per_minute: int = 0, limits: Limits | None = None
    ) -> None:
        """`own` is our own origin to whoever asks through a proxy, empty where it is what the request says.

        `per_minute` limits the questions from an address that name no site; 0 does not.
        """
        self.sites = sites
        self._own = own
        self._per_minute = per_minute
        self._limits = limits or Limits()

    def allow(self, origin: str) -> bool:
        """Whether any site lets in pages of an origin; none does where the sites cannot be read."""
        try:
            return self.sites.allow(origin)
        except SitesError as error:
            _log.error("no page of another origin is let in: %s", error)
            return False

    def site(self, request: Request, key: str | None) -> Site | None:
        """The site that a request is made for; None where it names none, which pages of others must.

        Raises UnauthorisedError, OriginDeniedError, SitesError.
        """
        outside = self.outside(request)
        if key is None:
            if outside is not None:
                raise OriginDeniedError("pages of other origins ask with the key of a site that lets them in")
            return None
        try:
            site = self.sites.find(key[:_LONGEST])
        except NotFoundError:
            raise UnauthorisedError("there is no site of this key here") from None
        if outside is not None and not site.allows(outside):
            raise OriginDeniedError("the site of this key does not let in pages of this origin")
        return site

    def outside(self, request: Request) -> str | None:
        """The origin of the page of others that sent a request, `null` where it does not say; None for ours.

        What a browser gets without telling an origin (a link, a picture) no page can read.
        """
        origin = request.headers.get("origin")
        headers = dict(request.scope["headers"])
        if (self._own and origin == self._own) or not foreign(headers, request.headers.get("host", "")):
            return None
        return None if origin is None and request.method in _SAFE else origin or "null"

    def ask(self, request: Request, key: str | None) -> Site | None:
        """Let a question in, and count it. Raises what `site` does, and RateLimitedError."""
        site = self.site(request, key)
        if site:
            self._limits.ask(site, address(request))
        else:
            self.knock(request)
        return site

    def knock(self, request: Request) -> None:
        """Count what is asked without a site, where that is limited. Raises RateLimitedError."""
        if self._per_minute:
            self._limits.knock(address(request), self._per_minute)

    def read(self, request: Request, key: str | None) -> Site | None:
        """Let somebody look something up, and count it where it is for a site. Raises as `ask` does."""
        site = self.site(request, key)
        if site:
            self._limits.read(site, address(request))
        return site

    def search(self, request: Request, key: str | None) -> None:
        """Let in the search beside a question that is counted itself. Raises as `ask` does."""
        if not self.read(request, key) and self._per_minute:
            self._limits.glance(address(request), self._per_minute)

    def spend(self, site: Site | None) -> Callable[[], None]:
        """Count an answer that is to be written; call what is returned once it is.

        Raises BudgetError, OverloadedError.
        """
        return self._limits.spend(site) if site else _nothing


def address(request: Request) -> str:
    """Where a request comes from, as far as our own proxies know."""
    return request.client.host if request.client else ""


def _nothing() -> None:
    """Nothing was counted."""
