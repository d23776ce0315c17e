"""The index package's branch of the error tree (see `corpus/errors.py`).

StorageError                 the data folder cannot be used as asked
├── NoIndexError             nothing has been added yet
├── BusyError                another process is writing
├── DamagedError             files that fail their checksums, or a store that fails its own check
├── EncoderMismatchError     the index was made by another encoder
├── LateMismatchError        the index keeps tokens otherwise than is configured
└── NotFoundError            an id that is not here
    └── GoneError            what was removed: the message says what it was
EncoderError                 the encoder cannot be loaded, or is not what it should be
"""

from corpus.errors import PinciteError


class StorageError(PinciteError):
    """The data folder cannot be used as asked."""

    code = "storage_error"


class NoIndexError(StorageError):
    """Nothing has been added to this data folder yet."""

    code = "no_index"


class BusyError(StorageError):
    """Another process is writing to this data folder."""

    code = "index_busy"


class DamagedError(StorageError):
    """A file that fails its checksum."""

    code = "index_damaged"


class EncoderMismatchError(StorageError):
    """The index was made by another encoder than the one configured."""

    code = "encoder_mismatch"


class LateMismatchError(StorageError):
    """The index keeps the codes of tokens otherwise than is configured."""

    code = "late_mismatch"


class NotFoundError(StorageError):
    """A document, passage or version that is not in this index."""

    code = "not_found"


class GoneError(NotFoundError):
    """A document that was removed, or a place in one."""

    code = "gone"


class EncoderError(PinciteError):
    """The encoder cannot be loaded, or its weights are not the expected ones."""

    code = "encoder_unavailable"
