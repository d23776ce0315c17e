from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.fold import Reading
from corpus.load import load, reading
from corpus.passages import PassageConfig, split
from corpus.records import Document, Locator, Page, Passage, Span, Structure
from index.errors import NotFoundError
from index.records import StoredPassage
from index.testing import HashEncoder
from rag.cite import cite, cite_spans
from rag.errors import CiteError
from rag.records import Citation, Question, Verdict, Verification
from rag.retrieve import retrieve
from rag.testing import Collection, Texts, stored_passage

_SIZES = PassageConfig(max_tokens=40, overlap_tokens=12, max_header_tokens=10)
_TWO_SPANS = "# Sea\n\nThe coast[^1] is long.\n\n[^1]: See the atlas.\n\nThe harbour is deep. Ships wait.\n"


def _document(text: str, name: str = "a.md") -> Document:
    return load(text.encode(), name)


def _passages(document: Document) -> tuple[Passage, ...]:
    return split(document, HashEncoder().count_tokens, _SIZES)


def _cite_sentence(text: str, beginning: str, name: str = "a.md") -> Citation:
    """The citation of the sentence that begins so."""
    document = _document(text, name)
    for passage in _passages(document):
        for start, end in passage.sentences:
            if passage.text[start:end].startswith(beginning):
                return cite(Texts(document), stored_passage(passage, document.version), start, end)
    raise AssertionError(f"no sentence begins with {beginning!r}")


def test_a_citation_points_at_the_exact_characters() -> None:
    text = "# Gas\n\nThe field is old. It was found in 1999 by a\ngeologist. Others came later.\n"
    cited = _cite_sentence(text, "It was")
    assert cited.spans == (Span(25, 61),)
    assert cited.quote == ("It was found in 1999 by a\ngeologist.",)
    assert text[25:61] == cited.quote[0]


def test_prefix_and_suffix_are_the_32_characters_around() -> None:
    text = "Before this sentence stand many other words. Here it is. Behind it stand many more words.\n"
    cited = _cite_sentence(text, "Here", "a.txt")
    assert cited.prefix == "sentence stand many other words. "[-32:]
    assert cited.suffix == " Behind it stand many more words"


def test_at_the_borders_of_a_document_prefix_and_suffix_are_shorter() -> None:
    cited = _cite_sentence("Short. Here it is.", "Here", "a.txt")
    assert (cited.prefix, cited.quote, cited.suffix) == ("Short. ", ("Here it is.",), "")


def test_a_passage_around_a_footnote_is_cited_without_the_footnote() -> None:
    document = _document(_TWO_SPANS)
    passage = next(p for p in _passages(document) if len(p.spans) == 2)
    cited = cite(Texts(document), stored_passage(passage, document.version))
    assert cited.spans == passage.spans
    assert cited.quote == ("Sea\n\nThe coast[^1] is long.", "The harbour is deep. Ships wait.")
    assert cited.verification == Verification(Verdict.NORMALIZED, ("white space", "markup"))


def test_a_range_across_a_footnote_is_clipped_to_both_sides_of_it() -> None:
    document = _document(_TWO_SPANS)
    passage = next(p for p in _passages(document) if len(p.spans) == 2)
    start, end = passage.text.index("coast"), passage.text.index(" Ships")
    cited = cite(Texts(document), stored_passage(passage, document.version), start, end)
    assert cited.quote == ("coast[^1] is long.", "The harbour is deep.")
    assert (cited.prefix, cited.suffix) == ("# Sea\n\nThe ", " Ships wait.\n")


def test_a_range_on_one_side_of_a_footnote_is_one_span() -> None:
    assert _cite_sentence(_TWO_SPANS, "The harbour").quote == ("The harbour is deep.",)


def test_the_id_says_version_and_places() -> None:
    document = _document(_TWO_SPANS)
    passage = next(p for p in _passages(document) if len(p.spans) == 2)
    cited = cite(Texts(document), stored_passage(passage, document.version))
    assert cited.id == f"cit_{document.version[:16]}_2-29.53-85"


def test_the_id_is_the_same_in_another_index_beside_other_documents(tmp_path: Path) -> None:
    def ids(folder: Path, *names: str) -> list[str]:
        collection = Collection(folder)
        for name in names:
            collection.add({name: f"# Sea\n\nThe coast of {name} is long. The harbour is deep.\n"})
        found = retrieve(Question("coast b.md"), collection.tools()).passages
        cited = [
            cite(collection.store, ranked.stored).id for ranked in found if ranked.stored.source == "b.md"
        ]
        collection.close()
        return cited

    assert ids(tmp_path / "one", "b.md") == ids(tmp_path / "other", "a.md", "b.md", "c.md") != []


def test_a_citation_of_a_replaced_version_still_reads_what_it_read(collection: Collection) -> None:
    collection.add({"a.txt": "The bridge is open."})
    stored = retrieve(Question("bridge"), collection.tools()).passages[0].stored
    before = cite(collection.store, stored)
    collection.add({"a.txt": "The bridge was closed for ever."})
    assert cite(collection.store, stored) == before
    assert before.quote == ("The bridge is open.",)


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("The gas flows west.", None),
        ("The gas costs 5 € — or “less”; see § 3.", None),
        ("The gas-fired plant - a big one - is old.", None),
        ("The gas\nflows west.", ("white space",)),
        ("The gas\r\nflows west.", ("white space",)),
        ("The gas  flows\twest.", ("white space",)),
        ("The gas\u00a0flows west.", ("white space",)),
        ("The gas, the war -\nlong over - ended.", ("white space",)),
        ("The gas of Azer-\nbaijan flows.", ("hyphens",)),
        ("The gas of Azer-\r\nbaijan flows.", ("hyphens",)),
        ("The Euro-\nAtlantic gas flows.", ("hyphens",)),
        ("The gas of Azer\u00adbaijan flows.", ("hyphens",)),
        ("The gas\u2011fired plant is old.", ("hyphens",)),
        ("The gas of Azer-\nbaijan flows\nwest.", ("white space", "hyphens")),
        ("The **gas** flows west.", ("markup",)),
        ("The **gas\u2011fired** plant is old.", ("hyphens", "markup")),
        ("The gas[^1] flows.\n\n[^1]: Note.", ("markup",)),
        ("The [gas](https://example.org/a-b) flows.", ("markup",)),
        ("The gas &amp; the oil flow.", ("markup",)),
        ("The g<i>a</i>s flows.", ("markup",)),
        ("The gas **of\nAzer-\nbaijan** flows.", ("white space", "hyphens", "markup")),
    ],
)
def test_the_verdict_is_exact_or_names_what_was_folded_away(text: str, folds: tuple[str, ...] | None) -> None:
    expected = Verification(Verdict.NORMALIZED, folds) if folds else Verification(Verdict.EXACT)
    assert _cite_sentence(text, "The").verification == expected


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("The coast is long.\n\nThe harbour is deep.\n", ("white space",)),
        ("The coast is long.\n\n[^1]: See the atlas.\n\nThe harbour is deep.\n", ("white space",)),
        ("The coast:\n\n- is long\n- is rocky\n", ("white space", "markup")),
        ("The coast:\n\n| Sand | 63 |\n|---|---|\n| Rock | 5 |\n", ("white space", "markup")),
    ],
)
def test_the_verdict_of_a_passage_tells_what_was_folded_between_its_blocks(
    text: str, folds: tuple[str, ...]
) -> None:
    """The hyphens of bullets and rules are markup."""
    document = _document(text)
    passage = _passages(document)[0]
    assert cite(Texts(document), stored_passage(passage, document.version)).verification == Verification(
        Verdict.NORMALIZED, folds
    )


_WORDS = """
gas Baku long-term U.S. 5,000 «тест» naïve & * _ ** `code` $5 [x] (see) e\u0301 Azer\u00adbaijan co\u2011op
&amp; &nbsp; <b>bold</b> **strong** _soft_ [link](http://x.org) note[^1] note[^n] \u200bzero 1. # | \U0001f30d
"""
_words = st.sampled_from(_WORDS.split())
_line = st.lists(_words, min_size=1, max_size=9).map(" ".join)
_end = st.sampled_from([".", "?", "!", "", ":", " -", "-", "\u00ad", "…”"])
_sentence = st.builds(lambda line, end: line.strip() + end, _line, _end)
_break = st.sampled_from([" ", "\n", "\r\n", "  \n", "-\n", " \n\t"])
_prose = st.lists(st.tuples(_sentence, _break), min_size=1, max_size=4).map(
    lambda ps: "".join(a + b for a, b in ps)
)
_block = st.one_of(
    _prose,
    _line.map(lambda line: f"## {line}"),
    _line.map(lambda line: f"{line}\n====="),
    st.lists(_sentence, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(_sentence, min_size=1, max_size=3).map(lambda items: "\n".join(f"> {item}" for item in items)),
    st.lists(_line, min_size=2, max_size=3).map(lambda rows: "\n".join(f"| {row} | 1 |" for row in rows)),
    st.builds(lambda n, note: f"[^{n}]: {note}", st.sampled_from("1n"), _prose),
    _prose.map(lambda code: f"```\n{code}\n```"),
    _line.map(lambda line: f"<!-- {line} -->"),
    st.just("---"),
)
_markdown = st.lists(_block, min_size=1, max_size=8).map(lambda blocks: "\n\n".join(blocks) + "\n")


_HYPHENS_AND_SPACE = re.compile(r"[\s\u00ad\u2010\u2011-]+")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _stands(document: Document, whole: Reading, cited: Citation) -> str:
    return "".join(whole.text[whole.position(s.start) : whole.position(s.end)] for s in cited.spans)


def _cited(document: Document) -> list[tuple[str, StoredPassage, Citation]]:
    """All sentences and whole passages of a document with their citations."""
    store, found = Texts(document), []
    for passage in _passages(document):
        stored = stored_passage(passage, document.version)
        for start, end in passage.sentences:
            found.append((passage.text[start:end], stored, cite(store, stored, start, end)))
        found.append((passage.text, stored, cite(store, stored)))
    return found


@given(_markdown)
@settings(deadline=None, max_examples=100)
def test_whatever_the_document_every_citation_of_every_sentence_holds(text: str) -> None:
    document = _document("Begin. " + text)
    whole = reading(document)
    for claim, stored, cited in _cited(document):
        assert cited.quote == tuple(document.text[span.start : span.end] for span in cited.spans)
        assert all(any(s.overlap(own) == len(s) > 0 for own in stored.passage.spans) for s in cited.spans)
        assert _squeezed(_stands(document, whole, cited)) == _squeezed(claim)
        exact = cited.verification.verdict is Verdict.EXACT
        assert exact == ("".join(cited.quote) == claim)
        assert exact != bool(cited.verification.folds)
        first, last = cited.spans[0].start, cited.spans[-1].end
        assert cited.prefix == document.text[:first][-32:]
        assert cited.suffix == document.text[last:][:32]


@given(_markdown)
@settings(deadline=None, max_examples=50)
def test_whatever_the_document_no_fold_is_hidden(text: str) -> None:
    """Without markup, letters and marks are the same; with white space alone, so are words and hyphens."""
    document = _document("Begin. " + text)
    for claim, _, cited in _cited(document):
        quote, folds = " ".join(cited.quote), cited.verification.folds
        if "markup" not in folds:
            assert _HYPHENS_AND_SPACE.sub("", quote) == _HYPHENS_AND_SPACE.sub("", claim)
        if folds == ("white space",):
            assert quote.split() == claim.split()


# --- any spans --------------------------------------------------------------------------------------


@given(_markdown)
@settings(deadline=None, max_examples=60)
def test_whatever_the_document_spans_are_cited_as_the_passage_cites_them(text: str) -> None:
    document = _document("Begin. " + text)
    found = _cited(document)
    store = Texts(document, passages=list({stored.passage.id: stored for _, stored, _ in found}.values()))
    for _, _, cited in found:
        again = cite_spans(store, document.version, cited.spans)
        assert (again.id, again.spans, again.quote) == (cited.id, cited.spans, cited.quote)
        assert (again.prefix, again.suffix) == (cited.prefix, cited.suffix)
        assert again.verification == cited.verification


def _shelved(text: str, name: str = "a.md") -> tuple[Document, Texts]:
    document = _document(text, name)
    passages = [stored_passage(passage, document.version) for passage in _passages(document)]
    return document, Texts(document, passages=passages)


_LONG = " ".join(f"Sentence number {n} of the long paragraph." for n in range(20))


def test_spans_over_two_passages_are_cited_whole_under_the_one_that_holds_most() -> None:
    document, store = _shelved(_LONG)
    start, end = _LONG.index("number 2 "), _LONG.index("number 9 ")
    cited = cite_spans(store, document.version, [Span(start, end)])
    assert cited.quote == (_LONG[start:end],)
    assert cited.verification == Verification(Verdict.EXACT)
    held = [sum(s.overlap(cited.spans[0]) for s in p.spans) for p in _passages(document)]
    assert sum(map(bool, held)) > 1
    assert cited.stored.passage.ordinal == held.index(max(held))


def test_of_two_passages_that_hold_it_whole_the_first_is_named() -> None:
    document, store = _shelved(_LONG)
    holders = [p for p in _passages(document) if "number 3 " in p.text]
    start = _LONG.index("number 3 ")
    cited = cite_spans(store, document.version, [Span(start, start + 8)])
    assert len(holders) == 2
    assert cited.stored.passage.id == holders[0].id


def test_a_line_end_between_passages_is_told() -> None:
    text = _LONG.replace(" Sentence", "\nSentence")
    document, store = _shelved(text)
    start, end = text.index("number 2 "), text.index("number 9 ")
    cited = cite_spans(store, document.version, [Span(start, end)])
    assert cited.verification == Verification(Verdict.NORMALIZED, ("white space",))


def _interview() -> tuple[Document, Texts]:
    text = "Ada: The harbour is deep.\n\nBen: The coast is long.\n"
    document = _document(text, "a.txt")
    places = (("Ada", 1, text.index("The harbour")), ("Ben", 2, text.index("The coast")))
    passages = []
    for speaker, turn, start in places:
        end = text.index(".", start) + 1
        locator = Locator(section=("Part", speaker), pages=(str(turn),), speaker=speaker, turn=turn)
        at = split(_document(text[start:end], "part.txt"), HashEncoder().count_tokens, _SIZES)[0]
        passages.append(replace(at, spans=(Span(start, end),), runs=((0, start),), locator=locator))
    pages = (Page(0, "1", 0, 27), Page(1, "2", 27, len(text)))
    document = replace(document, structure=Structure(pages=pages))
    stored = [stored_passage(passage, document.version) for passage in passages]
    return document, Texts(document, passages=stored)


def test_what_two_people_say_is_nobodys_and_stands_in_what_both_sections_share() -> None:
    document, store = _interview()
    cited = cite_spans(store, document.version, [Span(9, 16), Span(36, 41)])
    assert cited.quote == ("harbour", "coast")
    assert cited.locator == Locator(section=("Part",), pages=("1", "2"), page_indices=(0, 1))


def test_what_one_says_is_located_as_the_passage_is() -> None:
    document, store = _interview()
    cited = cite_spans(store, document.version, [Span(9, 16)])
    assert cited.locator == Locator(
        section=("Part", "Ada"), pages=("1",), speaker="Ada", turn=1, page_indices=(0,)
    )


def test_of_a_passage_on_two_pages_a_sentence_is_on_its_own_page_alone() -> None:
    document = _document("The harbour is deep.\nThe coast is long.", "a.txt")
    pages = (Page(0, "14", 0, 21), Page(1, None, 21, 39))
    document = replace(document, structure=replace(document.structure, pages=pages))
    (passage,) = _passages(document)
    stored = stored_passage(passage, document.version)
    assert passage.locator.pages == ("14",)
    assert cite(Texts(document), stored).locator.pages == ("14",)
    assert cite(Texts(document), stored, 0, 20).locator.pages == ("14",)
    assert cite(Texts(document), stored, 21).locator.pages == ()  # that page has no label: none is better


@pytest.mark.parametrize(
    ("spans", "why"),
    [
        ([], "nothing to cite: spans must hold one character at least"),
        ([Span(5, 5)], "nothing to cite"),
        ([Span(30, 9000)], "spans 30-9000 end behind the text, which has 86 characters"),
        ([Span(20, 30), Span(2, 9)], "spans 20-30, 2-9 overlap or are out of order; give them in reading"),
        ([Span(2, 9), Span(8, 12)], "spans 2-9, 8-12 overlap"),
        ([Span(29, 31)], "no passage stands at 29-31"),
    ],
)
def test_spans_that_nothing_can_be_cited_at_are_refused(spans: list[Span], why: str) -> None:
    document, store = _shelved(_TWO_SPANS)
    with pytest.raises(CiteError, match=re.escape(why)):
        cite_spans(store, document.version, spans)


def test_a_version_that_is_not_here_is_not_found(collection: Collection) -> None:
    collection.add({"a.txt": "The bridge is open."})
    with pytest.raises(NotFoundError, match="no version 00ff in this index"):
        cite_spans(collection.store, "00ff", [Span(0, 3)])


def test_spans_of_the_store_are_cited_in_current_and_replaced_versions(collection: Collection) -> None:
    collection.add({"a.txt": "The bridge is open."})
    old = collection.store.documents()[0].version
    collection.add({"a.txt": "The bridge was closed for ever."})
    new = collection.store.documents()[0].version
    cited = [cite_spans(collection.store, version, [Span(4, 10)]) for version in (old, new)]
    assert [(c.quote, c.stored.superseded) for c in cited] == [(("bridge",), True), (("bridge",), False)]
