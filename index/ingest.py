"""Adding, synchronising and removing documents: stage one by one, then publish all at once.

An ingest that is interrupted at any moment goes on where it stopped: what was staged is not done
again, and what was published stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from corpus import loaders
from corpus.decode import check_size
from corpus.errors import CorpusError
from corpus.invariants import verify
from corpus.load import Parse, load, reading, version, written
from corpus.media import TEXTS, told
from corpus.passages import PassageConfig, split
from corpus.records import Document, Passage
from corpus.sources import FileSource, Selection, Source, walk_folder
from index import generation
from index.codes import LateMode, TokenCodec, TokenCodes
from index.errors import BusyError, NotFoundError, StorageError
from index.heap import give_back
from index.plan import Change, Outcome, Plan, is_gone
from index.protocols import Encoder
from index.records import Original
from index.staging import Embedded, Staging, embedding_key
from index.twins import Compared

_PIPELINE = 3  # raise it when loading or splitting changes: documents are then processed again
_BATCH_PASSAGES = 128  # embedded together: enough to sort by length, little to lose when interrupted
LOCK = "lock"

Seen = Callable[[Outcome], None]


def _nobody(_outcome: Outcome) -> None:
    """The default listener."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document that waits for its vectors."""

    outcome: Outcome
    location: str | None
    document: Document
    passages: tuple[Passage, ...]
    recipe: str
    original: Original | None = None


class Ingest:
    """The one writer of a data folder. Use as a context manager: the lock is held inside."""

    def __init__(
        self,
        data: Path,
        encoder: Callable[[], Encoder],
        passages: PassageConfig | None = None,
        *,
        lock_timeout_s: float = 10,
        few_passages: int = generation.FEW_PASSAGES,
        recipe: str = "",
        late: LateMode | None = None,
        parse: Parse = loaders.read,
    ) -> None:
        """`late` is what is kept of tokens; None for what the index keeps, or the default in a new one.

        `recipe` is whatever else documents are made by: when it changes, all are processed again. `parse`
        reads the files that are no text.
        """
        self._data = data
        self._load_encoder = encoder
        self._encoder: Encoder | None = None
        self._config = passages or PassageConfig()
        self._lock = FileLock(data / LOCK, timeout=lock_timeout_s)
        self._few_passages = few_passages
        self._recipe = {"recipe": recipe} if recipe else {}
        self._late = late
        self._parse = parse
        self._store: Staging | None = None
        self._sketched = False

    def __enter__(self) -> Ingest:
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise BusyError(
                f"{self._data}: another pincite is writing here; wait for it to end, or use another --data"
            ) from error
        except OSError as error:
            raise StorageError(
                f"{self._data}: cannot be written to ({error.strerror}); check the folder's permissions, "
                "or use another --data"
            ) from error
        try:
            self._store = Staging.open(self._data)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._store:
                self._store.close()
        finally:
            self._store = None
            self._lock.release()
            give_back()  # of a server, which lives on

    @property
    def store(self) -> Staging:
        """The store, while the lock is held."""
        assert self._store is not None, "use Ingest as a context manager"
        return self._store

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded when first needed."""
        if self._encoder is None:
            self._encoder = self._load_encoder()
        return self._encoder

    def add(self, sources: Iterable[Source | FileSource], seen: Seen = _nobody) -> list[Outcome]:
        """Stage sources and publish them; a source that is refused does not stop the others.

        `seen` hears of every outcome as it is known. But for the new name of a file, nothing is visible
        before this returns.
        """
        outcomes = list(self._stage_all(sources, seen))
        self.publish()
        return outcomes

    def sync(
        self,
        root: Path,
        *,
        dry_run: bool = False,
        seen: Seen = _nobody,
        selection: Selection | None = None,
        settled: Callable[[FileSource], bool] = lambda _: False,
    ) -> list[Outcome]:
        """Make the index hold what a folder holds: added, changed, renamed and deleted files.

        Documents from elsewhere are left alone, and those of files that `selection` passes over but that are
        still there. `dry_run` says what would change and changes nothing. Files that are `settled` when
        their turn comes are known to be as they were: they are not read.
        """
        files = (file for file in list(walk_folder(root, selection or Selection())) if not settled(file))
        outcomes = list(self._dry(files, seen) if dry_run else self._stage_all(files, seen))
        kept = {outcome.document_id for outcome in outcomes}
        top = root.resolve()
        gone = [
            Outcome(Change.REMOVED, known.source, known.id, characters=known.characters)
            for known in self.store.known()
            if known.location
            and known.id not in kept
            and Path(known.location).is_relative_to(top)
            and is_gone(known.location)
        ]
        if not dry_run:
            self.store.remove([outcome.document_id or "" for outcome in gone])
            self.publish()
        for outcome in gone:
            seen(outcome)
        return outcomes + gone

    def remove(self, ids: Sequence[str]) -> None:
        """Remove documents; when this returns they are gone from every search.

        Raises NotFoundError, and removes nothing, when one of them is not here.
        """
        present = self.store.present()
        if missing := [id_ for id_ in ids if id_ not in present]:
            raise NotFoundError(
                f"no document {', '.join(missing)} in this index; `pincite list` shows what is"
            )
        self.store.remove(ids)
        self.publish()

    def publish(self, *, force: bool = False, fresh: bool = False) -> int:
        """Publish what is staged, and sweep what nobody reads any more.

        Returns the number of the generation that is current then.
        """
        current = self.store.generation()
        if force or self.store.pending():
            identity = self.store.encoder() or self._checked_encoder().identity
            few = None if fresh else self._few_passages
            digest = generation.build(self._data, self.store, current + 1, identity, few_passages=few)
            self.store.publish(current + 1, digest)
            current += 1
        generation.collect(self._data, current)
        return current

    def rebuild(self) -> int:
        """A new generation from the store alone, without the model and without the old one.

        Raises LateMismatchError when tokens should be kept otherwise: that takes the model.
        """
        self._check_late()
        return self.publish(force=True, fresh=True)

    def reencode(self, seen: Seen = _nobody) -> int:
        """Split and embed everything again with the encoder configured, then publish."""
        self._record()
        for known in self.store.known():
            document = self.store.next_document(known.id)
            passages = split(document, self.encoder.count_tokens, self._fitted())
            verify(document, passages)
            outcome = Outcome(
                Change.CHANGED, known.source, known.id, len(passages), characters=len(document.text)
            )
            self._flush([_Prepared(outcome, known.location, document, passages, known.recipe)], seen)
        return self.rebuild()

    def _plan(self) -> Plan:
        return Plan(self.store.known(), {"pipeline": _PIPELINE, **asdict(self._config), **self._recipe})

    def _checked_encoder(self) -> Encoder:
        """The encoder, if it is the one that the index was made by."""
        recorded = self.store.encoder()
        if recorded is None:
            self._record()
        else:
            generation.check_encoder(recorded, self.encoder.identity, self._data)
        return self.encoder

    def _check_late(self) -> None:
        if self.store.encoder():
            generation.check_late(self.store.codec(), self._late, self._data)

    def _record(self) -> None:
        """Remember what makes the vectors from now on, and what keeps those of tokens."""
        kept = self.store.codec().mode if self.store.encoder() else LateMode.DEFAULT
        self.store.set_encoder(self.encoder.identity)
        self.store.set_codec(TokenCodec(self._late or kept, self.encoder.token_dimension))

    def _stage_all(self, sources: Iterable[Source | FileSource], seen: Seen) -> Iterator[Outcome]:
        self._check_late()
        plan = self._plan()
        waiting: list[_Prepared] = []
        for source in sources:
            done = self._prepare(source, plan)
            if isinstance(done, Outcome):
                seen(done)
                yield done
                continue
            waiting.append(done)
            if sum(len(item.passages) for item in waiting) >= _BATCH_PASSAGES:
                yield from self._flush(waiting, seen)
                waiting = []
        yield from self._flush(waiting, seen)

    def _dry(self, files: Iterable[FileSource], seen: Seen) -> Iterator[Outcome]:
        plan = self._plan()
        for file in files:
            try:
                source = file.read()
                characters = len(self._loaded(source)[0].text) if plan.is_news(source) else 0
                outcome = plan.decide(source, characters)
            except CorpusError as error:
                outcome = Outcome(Change.REFUSED, file.name, detail=str(error))
            seen(outcome)
            yield outcome

    def _prepare(self, given: Source | FileSource, plan: Plan) -> Outcome | _Prepared:
        """Read, decide, split and check one source."""
        try:
            source = given.read() if isinstance(given, FileSource) else given
            document = original = None
            if plan.is_news(source):
                document, original = self._loaded(source)
                passages = split(document, self._checked_encoder().count_tokens, self._fitted())
                verify(document, passages)
        except CorpusError as error:
            return Outcome(Change.REFUSED, given.name, detail=str(error))
        outcome = plan.decide(source, len(document.text) if document else 0)
        if document is None:
            if outcome.change is Change.RENAMED:
                self.store.rename(outcome.document_id or "", source.name, source.location)
            return outcome
        outcome = replace(outcome, passages=len(passages), notes=document.structure.notes)
        return _Prepared(outcome, source.location, document, passages, plan.recipe(source), original)

    def _loaded(self, source: Source) -> tuple[Document, Original | None]:
        """A document, and the file that it was read from where that is no text.

        What a file was read as stays: of a version that is here, the same text, whatever loaders do since.
        """
        check_size(source.data, source.name)
        sha256 = version(source.data)
        kind, known = source.media_type or told(source.data, source.name), self.store.media_type(sha256)
        if known and (known in TEXTS) != (kind in TEXTS):
            kind = known
        if kind in TEXTS:
            return load(source.data, source.name, source.metadata, as_type=kind), None
        manuscript = self.store.manuscript(sha256) or self._parse(source.data, source.name, kind)
        document = written(manuscript, source.name, sha256, kind, source.metadata)
        return document, Original(source.data, manuscript)

    def _fitted(self) -> PassageConfig:
        """Passages that the encoder reads whole: with the header and two special tokens."""
        room = self.encoder.identity.max_tokens - 2
        header = min(self._config.max_header_tokens, room // 4)
        tokens = min(self._config.max_tokens, room - header)
        return replace(self._config, max_header_tokens=header, max_tokens=tokens)

    def _flush(self, waiting: Sequence[_Prepared], seen: Seen) -> list[Outcome]:
        """Embed what is new in the documents that wait, compare each with the others, and stage it whole."""
        texts = {embedding_key(p.embedded): p.embedded for item in waiting for p in item.passages}
        codec = self.store.codec()
        embedded = self._embed(texts, codec)
        outcomes: list[Outcome] = []
        for item in waiting:
            compared = self._compared(item)
            keys = {embedding_key(passage.embedded) for passage in item.passages} & embedded.keys()
            self.store.stage(
                item.outcome.document_id or "",
                item.location,
                item.document,
                item.passages,
                item.recipe,
                {key: embedded[key] for key in keys},
                self.encoder.identity,
                codec,
                item.original,
                compared,
            )
            like = str(compared.twins[0]) if compared.twins else None
            outcomes.append(replace(item.outcome, twins=compared.twins, detail=like))
            seen(outcomes[-1])
        return outcomes

    def _compared(self, item: _Prepared) -> Compared:
        """What a document is to the others, those that an earlier pincite added included."""
        if not self._sketched:
            self.store.sketch_missing()
            self._sketched = True
        return self.store.compared(item.outcome.document_id or "", reading(item.document).text)

    def _embed(self, texts: Mapping[bytes, str], codec: TokenCodec) -> dict[bytes, Embedded]:
        """What is to be kept of the texts that the store does not have."""
        if not texts:
            return {}
        held = self.store.embedded(list(texts), self.encoder.identity, codec)
        missing = [key for key in texts if key not in held]
        made: list[Embedded] = []
        for start in range(0, len(missing), _BATCH_PASSAGES):
            part = [texts[key] for key in missing[start : start + _BATCH_PASSAGES]]
            if not codec.keeps:
                made += map(Embedded, self.encoder.encode_passages(part))
                continue
            for text, embedding in zip(part, self.encoder.embed_passages(part), strict=True):
                made.append(Embedded(embedding.vector, TokenCodes.of(text, embedding, codec)))
        return dict(zip(missing, made, strict=True))
