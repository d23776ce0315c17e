"""Which loader reads which kind of file; each is imported when its first file comes."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from corpus.errors import ScanError, UnreadableError
from corpus.manuscript import Manuscript
from corpus.media import DOCX, EML, EPUB, HTML, ODP, ODS, ODT, OLE, PDF, PPTX, RTF, SRT, VTT, XLSX, ZIP
from corpus.zipped import Zipped

_SAVE_AS = {  # what is not read, and what to do
    XLSX: "a workbook; save its sheet as CSV and add that with --text-field",
    ODS: "a spreadsheet; save its sheet as CSV and add that with --text-field",
    ODP: "a presentation of OpenDocument; save it as PPTX",
    OLE: "a file of Office before 2007, or one with a password; save it as DOCX or PPTX, without a password",
    ZIP: "a zip that is no document; `pincite add` takes its files where it is called .zip",
}

_LOADERS = {
    HTML: "corpus.web.loader",
    DOCX: "corpus.docx.loader",
    EPUB: "corpus.epub.loader",
    ODT: "corpus.odt.loader",
    RTF: "corpus.rtf.loader",
    PPTX: "corpus.pptx.loader",
    EML: "corpus.mail.loader",
    VTT: "corpus.subtitles",
    SRT: "corpus.subtitles",
}


class Loader(Protocol):
    """A module that reads a kind of file."""

    def read(self, data: bytes, source: str) -> Manuscript:
        """The manuscript of a file. Raises UnreadableError."""


def read(data: bytes, source: str, kind: str) -> Manuscript:
    """What the loader of a media type makes of a file, text in pictures included. Raises UnreadableError."""
    try:
        return read_text(data, source, kind)
    except ScanError:
        return read_text(data, source, kind, recognise=True)


def read_text(data: bytes, source: str, kind: str, *, recognise: bool = False) -> Manuscript:
    """The same without the text in pictures, unless it is to be recognised.

    Raises UnreadableError; ScanError where there is something to recognise, and somebody who can.
    """
    if kind == PDF:
        from corpus.pdf.loader import read as read_pdf

        return read_pdf(data, source, recognise=recognise)
    if kind in _LOADERS:
        loader: Loader = import_module(_LOADERS[kind])
        return loader.read(data, source)
    if kind == ZIP:
        Zipped(data, source)  # a damaged one is no archive to take apart either
    if kind in _SAVE_AS:
        raise UnreadableError(f"{source}: {_SAVE_AS[kind]}")
    raise UnreadableError(f"{source}: {kind} is not read here; save it as text, Markdown, HTML, DOCX or PDF")


def prepare() -> None:
    """Import what most files need, in a process that reads nothing else."""
    for module in ("corpus.pdf.loader", "corpus.pdf.pictures", *_LOADERS.values()):
        import_module(module)
