"""The error tree of Pincite; every message says what was asked, what was found and what to do.

PinciteError                        root: catch this to catch everything of ours
├── CorpusError                     a document that cannot be taken in
│   ├── UnreadableError             not text: empty, binary, too large, undecodable
│   │   └── ScanError               pages that are pictures, whose text can be recognised
│   ├── MetadataError               front matter or sidecar that is not what it claims
│   └── ProvenanceError             a passage that does not stand where it says
├── StorageError, EncoderError      (index/errors.py) the store, the engines, the encoder
└── AskError, CiteError, StyleError (rag/errors.py) what cannot be asked, cited, formatted
"""


class PinciteError(Exception):
    """Root of everything that Pincite raises on purpose."""

    code = "error"


class CorpusError(PinciteError):
    """A document that cannot be taken in; the message names it."""

    code = "document_refused"


class UnreadableError(CorpusError):
    """The bytes are not a text that this program can read."""

    code = "document_unreadable"


class ScanError(UnreadableError):
    """Pages of a file are pictures; reading them takes so much longer that it has to be asked for."""

    code = "document_scanned"

    def __init__(self, message: str, pages: int = 0) -> None:
        super().__init__(message)
        self.pages = pages


class MetadataError(CorpusError):
    """Front matter or a sidecar that is not valid YAML, or not the fields it should hold."""

    code = "metadata_invalid"


class ProvenanceError(CorpusError):
    """A passage differs from the canonical text it claims to stand in: our defect, never the document's."""

    code = "provenance_broken"
