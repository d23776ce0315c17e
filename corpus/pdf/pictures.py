"""Pages of a PDF as pictures."""

from __future__ import annotations

import struct
import zlib

import pypdfium2

from corpus.errors import UnreadableError
from corpus.pdf.loader import opened

MAX_PIXELS = 6_000_000  # of one picture: 24 MB while it is drawn
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2


def picture(data: bytes, source: str, page: int, width: int) -> bytes:
    """A page, counted from 0, as PNG: so many pixels across, or fewer where it is very long.

    Raises UnreadableError, also for a page that is not there.
    """
    document = opened(data, source)
    try:
        if not 0 <= page < len(document):
            raise UnreadableError(f"{source}: no page {page + 1}; it has {len(document)}")
        drawn = document[page]
        across, down = drawn.get_size()
        scale = min(width / across, (MAX_PIXELS / (across * down)) ** 0.5)
        bitmap = drawn.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=False)
        return _png(bitmap)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"{source}: page {page + 1} cannot be drawn: {error}") from error
    finally:
        document.close()


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """A bitmap as PNG (ISO/IEC 15948), eight bits a channel, each row as it is."""
    channels = bitmap.n_channels
    assert channels in (1, 3), channels
    wide = bitmap.width * channels
    rows = memoryview(bitmap.buffer).cast("B")
    raw = b"".join(
        b"\0" + rows[y * bitmap.stride : y * bitmap.stride + wide].tobytes() for y in range(bitmap.height)
    )
    kind = _GREY if channels == 1 else _RGB
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, kind, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b""))
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
