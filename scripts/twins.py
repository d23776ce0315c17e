"""How well documents of nearly the same text are noticed: seeded edits of the sample documents, as a table.

    python scripts/twins.py

Each edit of each sample is compared with all samples, as `pincite add` does it, but for the embedding.
"""

from __future__ import annotations

import hashlib
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import as_file, files
from itertools import combinations
from pathlib import Path

from corpus.load import load, reading
from corpus.records import BlockKind
from corpus.sources import Selection, walk_folder
from corpus.testing import Layout, Text, typeset
from corpus.testing_markup import as_page, as_word
from index.codes import LateMode, TokenCodec
from index.records import EncoderIdentity
from index.staging import Staging
from index.twins import Likeness

_ENCODER = EncoderIdentity("none", "none", 8, 256, "none")
_CODEC = TokenCodec(LateMode.OFF, 0)
_MEASURE = 62  # characters of a line
_PAGE = 40  # lines of a page
Edit = Callable[[str, random.Random], tuple[str, bytes]]


def main() -> None:
    """Print the table."""
    with as_file(files("corpus").joinpath("samples")) as folder:
        documents = [load(file.read().data, file.name) for file in walk_folder(folder, Selection())]
    texts = {document.source: reading(document).text for document in documents}
    with tempfile.TemporaryDirectory() as data:
        store = Staging.open(Path(data))
        falsely = sum(bool(_stage(store, name, text)) for name, text in texts.items())
        pairs = len(list(combinations(texts, 2)))
        print(
            f"{len(texts)} samples, {sum(map(len, texts.values())):,} characters; "
            f"{falsely} of {pairs} pairs of them are told to be alike\n"
        )
        print("| edit | documents | noticed | as | share told | others named |")
        print("|---|---|---|---|---|---|")
        for what, edit in EDITS.items():
            _row(store, what, edit, texts)
        store.close()


def _stage(store: Staging, name: str, text: str) -> int:
    """Add a sample; how many of those before it is told to be like."""
    document = load(text.encode(), f"{name}.txt")
    compared = store.compared(name, text)
    store.stage(name, None, document, (), "", {}, _ENCODER, _CODEC, None, compared)
    return len(compared.twins)


def _row(store: Staging, what: str, edit: Edit, texts: dict[str, str]) -> None:
    found, kinds, shares, others = 0, dict.fromkeys(Likeness, 0), list[float](), 0
    for name, text in texts.items():
        chance = random.Random(hashlib.sha256(f"{what}{name}".encode()).hexdigest())
        suffix, data = edit(text, chance)
        read = reading(load(data, f"edited{suffix}")).text
        twins = store.compared("edited", read).twins
        others += sum(twin.document_id != name for twin in twins)
        for twin in twins:
            if twin.document_id == name:
                found += 1
                kinds[twin.likeness] += 1
                shares.append(twin.share)
    told = ", ".join(f"{n} {kind.value}" for kind, n in kinds.items() if n)
    between = f"{min(shares):.2f}–{max(shares):.2f}" if shares else "–"
    print(f"| {what} | {len(texts)} | {found} | {told or '–'} | {between} | {others} |", flush=True)


def _paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n") if part.strip()]


def _wrapped(text: str) -> Iterator[str]:
    """Lines of a narrow page, words cut at their ends."""
    for paragraph in _paragraphs(text):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) < _MEASURE:
                line = f"{line} {word}".strip()
            elif len(word) > 7 and word.isalpha() and len(line) + 4 < _MEASURE:
                yield f"{line} {word[:3]}-"
                line = word[3:]
            else:
                yield line
                line = word
        yield line
        yield ""


def reformatted(text: str, _: random.Random) -> tuple[str, bytes]:
    """As Markdown of other marks and line ends."""
    return ".md", "\r\n\r\n".join(f"> {part}" for part in _paragraphs(text)).encode()


def furnished(text: str, _: random.Random) -> tuple[str, bytes]:
    """As a text file of pages: words cut at line ends, running heads and numbers."""
    lines = list(_wrapped(text))
    pages = [lines[i : i + _PAGE] for i in range(0, len(lines), _PAGE)]
    told = (f"The Collected Papers\n\n{chr(10).join(page)}\n\n{n}" for n, page in enumerate(pages, 1))
    return ".txt", "\f".join(told).encode()


def _blocks(text: str) -> list[Text]:
    return [Text(BlockKind.PARAGRAPH, part) for part in _paragraphs(text)]


def page(text: str, _: random.Random) -> tuple[str, bytes]:
    """With menus around it."""
    return ".html", as_page(_blocks(text))


def word(text: str, _: random.Random) -> tuple[str, bytes]:
    """As python-docx writes it."""
    return ".docx", as_word(_blocks(text))


def printed(text: str, _: random.Random) -> tuple[str, bytes]:
    """Typeset in two columns, words cut at line ends."""
    return ".pdf", typeset(_blocks(text), layout=Layout(head="Collected Papers", columns=2)).data


def changed(share: float) -> Edit:
    """So many of the sentences with their words in another order."""

    def edit(text: str, chance: random.Random) -> tuple[str, bytes]:
        parts = [text[start:end] for start, end in _sentences(text)]
        for n in chance.sample(range(len(parts)), round(share * len(parts))):
            words = parts[n].split()
            chance.shuffle(words)
            parts[n] = " ".join(words)
        return ".txt", " ".join(parts).encode()

    return edit


def _sentences(text: str) -> Sequence[tuple[int, int]]:
    ends = [match.end() for match in re.finditer(r"[.!?:]\s+|\n+", text)] + [len(text)]
    return [(a, b) for a, b in zip([0, *ends], ends, strict=False) if text[a:b].strip()]


def chapter(share: float) -> Edit:
    """So much of it in one piece."""

    def edit(text: str, chance: random.Random) -> tuple[str, bytes]:
        words = text.split(" ")
        size = round(share * len(words))
        start = chance.randrange(len(words) - size)
        return ".txt", " ".join(words[start : start + size]).encode()

    return edit


EDITS: dict[str, Edit] = {
    "other marks and line ends": reformatted,
    "hyphens, running heads, page numbers": furnished,
    "as a web page with menus": page,
    "as a Word document": word,
    "as a PDF of two columns": printed,
    "5 % of the sentences changed": changed(0.05),
    "10 %": changed(0.1),
    "20 %": changed(0.2),
    "40 %": changed(0.4),
    "60 %": changed(0.6),
    "all of them": changed(1.0),
    "a third of it": chapter(1 / 3),
    "a tenth of it": chapter(0.1),
}


if __name__ == "__main__":
    main()
