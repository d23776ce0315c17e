"""Which loader reads which kind of file; each is imported when its first file comes."""

from __future__ import annotations

from corpus.errors import ScanError, UnreadableError
from corpus.manuscript import Manuscript
from corpus.media import DOCX, EPUB, HTML, PDF, SRT, VTT, ZIP


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
    if kind == HTML:
        from corpus.web.loader import read as read_web

        return read_web(data, source)
    if kind == DOCX:
        from corpus.docx.loader import read as read_docx

        return read_docx(data, source)
    if kind == EPUB:
        from corpus.epub.loader import read as read_epub

        return read_epub(data, source)
    if kind in (VTT, SRT):
        from corpus.subtitles import read as read_subtitles

        return read_subtitles(data, source)
    if kind == ZIP:
        raise UnreadableError(
            f"{source}: a zip that is no document; `pincite add` takes its files where it is called .zip"
        )
    raise UnreadableError(f"{source}: {kind} is not read here; save it as text, Markdown, HTML, DOCX or PDF")


def prepare() -> None:
    """Import what most files need, in a process that reads nothing else."""
    from corpus.docx.loader import read as read_docx  # noqa: F401
    from corpus.epub.loader import read as read_epub  # noqa: F401
    from corpus.pdf.loader import read  # noqa: F401
    from corpus.pdf.pictures import picture  # noqa: F401
    from corpus.web.loader import read as read_web  # noqa: F401
