"""An OpenDocument text to a manuscript."""

from __future__ import annotations

from dataclasses import replace

from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript
from corpus.odt.body import Reader
from corpus.odt.names import DC, META, OFFICE
from corpus.odt.numbering import Numbering
from corpus.odt.styles import Styles
from corpus.pdf.metadata import Claims
from corpus.properties import claims, record
from corpus.zipped import Element, Zipped

_MANIFEST = "META-INF/manifest.xml"


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of an OpenDocument text. Raises UnreadableError."""
    files = Zipped(data, source)
    _refuse_encrypted(files)
    content = files.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}text") if content is not None else None
    if body is None:
        raise UnreadableError(
            f"{source}: an OpenDocument file without a text; open it with its program and save it as ODT"
        )
    styles = files.xml("styles.xml")
    reader = Reader(Styles(styles, content), Numbering(styles, content))
    made = reader.read(body)
    said, doubts = record(made, reader.titled, _claims(files.xml("meta.xml")))
    return replace(made, record=said, doubts=(*made.doubts, *doubts))


def _refuse_encrypted(files: Zipped) -> None:
    """Raise UnreadableError where a password is needed: the parts are encrypted one by one, not the zip."""
    manifest = files.xml(_MANIFEST)
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise UnreadableError(f"{files.source}: encrypted; save it without a password")


def _claims(meta: Element | None) -> Claims:
    """What the file claims: the first author, not who saved it last."""
    if meta is None:
        return Claims()
    titles = [element.text or "" for element in meta.iter(DC + "title")]
    authors = [element.text or "" for element in meta.iter(META + "initial-creator")]
    return claims(titles, authors or [element.text or "" for element in meta.iter(DC + "creator")])
