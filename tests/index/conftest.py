"""A data folder with a folder of documents beside it, and the fake encoder that counts what it embeds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.passages import passage_id
from corpus.records import Document, Locator, Passage, Record, Span, Structure
from corpus.sources import FileSource, Source, walk
from index.codes import LateMode, TokenCodec, TokenCodes
from index.ingest import Ingest
from index.plan import Change, Outcome
from index.reader import Reader
from index.staging import Embedded, Staging, embedding_key
from index.testing import HashEncoder

MEMORY = Path("/dev/shm")
# As long as each other in tokens, so that documents of as many sentences are of as many passages.
WORDS = ("river", "treaty", "border", "energy", "museum", "market", "forest", "bridge", "school", "garden")


@dataclass
class Desk:
    """Everything that a test of the index has in front of it."""

    folder: Path
    encoder: HashEncoder = field(default_factory=HashEncoder)
    open_readers: ExitStack = field(default_factory=ExitStack)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def docs(self) -> Path:
        return self.folder / "docs"

    def write(self, name: str, text: str) -> Path:
        """A file in the folder of documents."""
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @staticmethod
    def prose(seed: int, sentences: int = 12) -> str:
        """Paragraphs of made-up sentences, each document's its own."""
        chance = random.Random(seed)
        lines = [
            f"The {chance.choice(WORDS)} of place {seed} met the {chance.choice(WORDS)} number {n} in spring."
            for n in range(sentences)
        ]
        return "\n\n".join(" ".join(lines[i : i + 4]) for i in range(0, sentences, 4)) + "\n"

    def writer(
        self, *, lock_timeout_s: float = 10, few_passages: int = 5_000, late: LateMode | None = None
    ) -> Ingest:
        return Ingest(
            self.data,
            lambda: self.encoder,
            lock_timeout_s=lock_timeout_s,
            few_passages=few_passages,
            late=late,
        )

    def reader(self) -> Reader:
        """An open index, closed with the test."""
        reader = Reader(self.data)
        self.open_readers.callback(reader.close)
        return reader

    def add(self, *sources: Source | FileSource) -> list[Outcome]:
        """Add what is given, else all the files."""
        with self.writer() as ingest:
            return ingest.add(sources or walk([self.docs]))

    def sync(self, *, dry_run: bool = False) -> dict[str, Change]:
        with self.writer() as ingest:
            return {o.source: o.change for o in ingest.sync(self.docs, dry_run=dry_run)}

    def remove(self, *ids: str) -> None:
        with self.writer() as ingest:
            ingest.remove(ids)

    def texts(self) -> dict[str, str]:
        """The published documents: canonical texts by source."""
        store = self.reader().store
        return {row.source: store.text(row.version) for row in store.documents()}

    def found(self, question: str, k: int = 10) -> tuple[list[str], list[str]]:
        """Ids of the passages that the dense and the lexical search find."""
        index = self.reader().snapshot()
        dense = index.dense(self.encoder.encode_question(question), k)
        lexical = index.lexical(index.terms(question), k)
        stored = index.passages([*dense.keys.tolist(), *lexical.keys.tolist()])
        return (
            [stored[key].passage.id for key in dense.keys.tolist()],
            [stored[key].passage.id for key in lexical.keys.tolist()],
        )


@dataclass
class Shelf:
    """A store that is written by hand: documents of given passages, without files, loaders or engines."""

    store: Staging
    encoder: HashEncoder = field(default_factory=HashEncoder)
    codec: TokenCodec = field(default=TokenCodec(LateMode.OFF, 0))

    def stage(
        self,
        id_: str,
        *texts: str,
        location: str | None = None,
        locator: Locator | None = None,
        **csl: object,
    ) -> tuple[Passage, ...]:
        """A document whose canonical text is the given passages, one a line."""
        whole = "\n".join(texts)
        version = sha256(whole.encode()).hexdigest()
        document = Document(f"{id_}.txt", version, "text/plain", whole, Record(csl), Structure())
        passages: list[Passage] = []
        start = 0
        for ordinal, text in enumerate(texts):
            span = Span(start, start + len(text))
            passages.append(
                Passage(
                    passage_id(version, [span]),
                    ordinal,
                    (span,),
                    text,
                    ((0, start),),
                    (),
                    "",
                    locator or Locator(),
                )
            )
            start = span.end + 1
        kept = self.codec if self.codec.keeps else None
        embedded = {
            embedding_key(text): Embedded(e.vector, TokenCodes.of(text, e, kept) if kept else None)
            for text, e in zip(texts, self.encoder.embed_passages(texts), strict=True)
        }
        self.store.stage(
            id_, location, document, passages, "recipe", embedded, self.encoder.identity, self.codec
        )
        return tuple(passages)

    def publish(self) -> None:
        self.store.publish(self.store.generation() + 1, "digest")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is room: most of the time of these tests is waiting for a disk.

    What they show is in which order things are written; a killed process loses nothing of either.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30:
        with TemporaryDirectory(prefix="pincite-", dir=MEMORY) as name:
            yield Path(name)
    else:
        yield tmp_path


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty store, open for writing."""
    store = Staging.open(tmp_path)
    yield Shelf(store)
    store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty data folder and an empty folder of documents."""
    desk = Desk(tmp_path)
    desk.docs.mkdir()
    with desk.open_readers:
        yield desk
