"""The api package's branch of the error tree (see `corpus/errors.py`)."""

from corpus.errors import CorpusError, PinciteError


class SettingsError(PinciteError):
    """A flag, environment variable or file with a value that does not fit."""

    code = "settings_invalid"


class NotReadyError(PinciteError):
    """The index or the encoder is not loaded (yet)."""

    code = "not_ready"


class RequestError(PinciteError):
    """A request that is well-formed HTTP but cannot be served as it stands."""

    code = "request_invalid"


class UrlError(CorpusError):
    """A document on the web that is not fetched: its address, its server or what it sends does not fit."""

    code = "url_refused"


class UrlSourcesOffError(PinciteError):
    """A client asks to fetch an address, which nobody has allowed here."""

    code = "url_sources_off"


class MediaTypeError(RequestError):
    """A body of a content type that the route does not take."""

    code = "media_type_unsupported"


class UnsupportedError(PinciteError):
    """Something that the contract names and this installation is not set up for."""

    code = "not_available"


class ConflictError(PinciteError):
    """A request that contradicts one made before under the same key."""

    code = "idempotency_conflict"


class OverloadedError(PinciteError):
    """More is asked at once than is answered at once."""

    code = "overloaded"


class SitesError(PinciteError):
    """Sites that cannot be read, or one that cannot be."""

    code = "sites_invalid"


class OriginError(SitesError, ValueError):
    """What is given as the origin of pages and is none."""

    code = "origin_invalid"


class UnauthorisedError(PinciteError):
    """The key of a site that there is not."""

    code = "unauthorised"


class OriginDeniedError(PinciteError):
    """A page of an origin that may not ask."""

    code = "origin_denied"


class LimitError(PinciteError):
    """More was asked than may be; it may be again in `retry_after_s` seconds."""

    code = "limited"

    def __init__(self, message: str, retry_after_s: int = 60) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimitedError(LimitError):
    """More is asked in a minute than may be."""

    code = "rate_limited"


class BudgetError(LimitError):
    """More was asked today than may be."""

    code = "budget"
