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
