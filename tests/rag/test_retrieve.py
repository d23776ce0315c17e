from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import PassageConfig
from corpus.records import Span, covered
from index.records import Filters
from index.testing import exact_search
from rag.fuse import FusionConfig, Weights, candidates, min_max, spread
from rag.records import Question, Ranking
from rag.retrieve import retrieve
from rag.search import gather, seek
from rag.testing import Collection, FavouriteWord

_TEXTS = {
    "gas.md": "---\ntype: report\nauthor: Leyla Quliyeva\nissued: 2021\n---\n"
    "# Gas\n\nThe gas field lies under the sea.\n\n## Pipes\n\nA pipeline brings gas to the coast.\n",
    "wine.md": "---\ntype: book\nauthor: [Ana Beridze, Tomas Weiss]\nissued: 2019-05\n---\n"
    "# Wine\n\nThe cellar holds wine in clay jars.\n\n## Jars\n\nThe jars are buried to the neck.\n",
    "rail.txt": "The railway crosses the mountains by seven tunnels.\n",
}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """120 sections of a passage each."""
    made = Collection(tmp_path_factory.mktemp("many"))
    made.add({"many.md": "".join(f"# Part {n}\n\nStation {n} has {n % 7} clocks.\n\n" for n in range(120))})
    yield made
    made.close()


def _texts(ranking: Ranking) -> list[str]:
    return [ranked.stored.passage.text for ranked in ranking.passages]


def _sources(ranking: Ranking) -> set[str]:
    return {ranked.stored.source for ranked in ranking.passages}


def test_scores_are_the_weighted_sum_of_exact_signals(collection: Collection) -> None:
    """Compared by value with engines run by hand over every passage of the collection."""
    collection.add(_TEXTS)
    tools, question = collection.tools(), Question("Where is the gas pipeline?")
    index, asked = tools.snapshot, tools.encoder.embed_question(question.text)
    keys = np.sort(index.dense(asked.vector, 100).keys)
    stored = index.passages(keys.tolist())
    vectors = tools.encoder.encode_passages([stored[int(key)].passage.embedded for key in keys])
    hits = exact_search(keys, vectors, asked.vector, len(keys))
    terms = index.terms(question.text)
    rarity = dict(zip(terms, index.rarity(terms), strict=True))
    lexical = spread(index.lexical(terms, 100), keys) / (2.2 * sum(rarity.values()))
    counts = [2, 2, 2, 2 + rarity["gas"], 2 + rarity["pipelin"]]  # where, is, the, gas, pipeline
    maxima = index.late_tokens(asked.tokens, keys).maxima()
    late = np.average(maxima, axis=1, weights=counts)
    weights = Weights(dense=0.5, lexical=3, late=1, common=2)
    fused = min_max(0.5 * spread(hits, keys) + 3 * lexical + late)
    order = np.lexsort((keys, -fused))

    ranking = retrieve(question, tools, FusionConfig(weights=weights))

    assert [ranked.stored.key for ranked in ranking.passages] == keys[order].tolist()
    assert [ranked.score for ranked in ranking.passages] == pytest.approx(fused[order].tolist(), abs=1e-5)
    for name, signal in {"dense": spread(hits, keys), "lexical": lexical, "late": late}.items():
        told = [ranked.signals[name] for ranked in ranking.passages]
        assert told == pytest.approx(signal[order].tolist(), abs=1e-4)
    assert ranking.cosine == pytest.approx(float(hits.scores[0]), abs=1e-5)


def test_a_candidate_of_one_engine_has_the_exact_signals_of_the_others(collection: Collection) -> None:
    """Keys 2 and 6 are nearest in meaning, 7 and 1 in words."""
    delta = f"The delta {'is wide and ' * 9}old."
    collection.add({f"{n}.txt": f"Rivers {n} flow." for n in range(6)} | {"x.txt": delta})
    tools, question = collection.tools(), Question("rivers delta flow", 1)
    index, vector = tools.snapshot, tools.encoder.encode_question(question.text)
    terms = index.terms(question.text)
    keys = candidates(index.dense(vector, 2), index.lexical(terms, 2))
    assert keys.tolist() == [1, 2, 6, 7]
    cosines = dict(zip(keys.tolist(), index.cosine(vector, keys).tolist(), strict=True))
    bm25 = dict(
        zip(index.lexical(terms, 9).keys.tolist(), index.lexical(terms, 9).scores.tolist(), strict=True)
    )

    found = gather(seek(question, tools.encoder.embed_question(question.text), index, 1.0), index, 2)

    assert found.keys.tolist() == [1, 2, 6, 7]
    assert found.signals["dense"].tolist() == pytest.approx([cosines[key] for key in (1, 2, 6, 7)], abs=1e-6)
    most = 2.2 * float(index.rarity(terms).sum())
    lexical = [bm25[key] / most for key in (1, 2, 6, 7)]
    assert found.signals["lexical"].tolist() == pytest.approx(lexical, abs=1e-6)


def test_ranks_count_from_1_and_scores_fall(collection: Collection) -> None:
    collection.add(_TEXTS)
    passages = retrieve(Question("gas under the sea"), collection.tools()).passages
    scores = [ranked.score for ranked in passages]
    assert [ranked.rank for ranked in passages] == [1, 2, 3, 4, 5]
    assert scores == sorted(scores, reverse=True)
    assert passages[0].stored.passage.text == "Gas\nThe gas field lies under the sea."


def test_every_signal_is_told(collection: Collection) -> None:
    collection.add(_TEXTS)
    for ranked in retrieve(Question("gas under the sea"), collection.tools()).passages:
        assert set(ranked.signals) == {"dense", "lexical", "late"}
        assert -1 <= ranked.signals["dense"] <= 1
        assert 0 <= ranked.signals["lexical"] <= 1


def test_a_ranking_tells_terms_with_their_rarity_and_its_generation(collection: Collection) -> None:
    """Of five passages two say gas, one railway, none elephants: ln(1 + (5 - n + .5) / (n + .5))."""
    collection.add(_TEXTS)
    ranking = retrieve(Question("Is there gas on the railway, elephants?"), collection.tools())
    assert dict(ranking.terms) == pytest.approx({"gas": 0.8755, "railway": 1.3863, "eleph": 2.4849}, abs=1e-4)
    assert ranking.generation == 1


def test_the_same_question_gets_the_same_ranking(many: Collection) -> None:
    first, second = (retrieve(Question("station clocks", 50), many.tools()) for _ in range(2))
    assert [(r.stored.key, r.score) for r in first.passages] == [
        (r.stored.key, r.score) for r in second.passages
    ]


def test_equal_passages_come_in_the_order_in_which_they_were_added(collection: Collection) -> None:
    collection.add({f"{name}.txt": "A bell rings twice." + "\n" * i for i, name in enumerate("cab")})
    (ranked,) = retrieve(Question("bell"), collection.tools()).passages
    assert [stored.source for stored in (ranked.stored, *ranked.also_in)] == ["c.txt", "a.txt", "b.txt"]


@pytest.mark.parametrize("top_k", [1, 2, 9, 50, 99, 100])
def test_as_many_passages_as_are_wanted(many: Collection, top_k: int) -> None:
    assert len(retrieve(Question("station clocks", top_k), many.tools()).passages) == top_k


def test_fewer_passages_are_the_first_of_more(many: Collection) -> None:
    more = _texts(retrieve(Question("three clocks", 120), many.tools(), FusionConfig(depth=9)))
    for top_k in (1, 4, 5, 10, 40, 100):
        few = _texts(retrieve(Question("three clocks", top_k), many.tools(), FusionConfig(depth=9)))
        assert few == more[:top_k]
    assert len(set(more)) == 120


def test_all_there_are_when_more_are_wanted(collection: Collection) -> None:
    collection.add(_TEXTS)
    assert len(retrieve(Question("wine", 100), collection.tools()).passages) == 5


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(document_id=("wine.md",)), {"wine.md"}),
        (Filters(document_id=("wine.md", "rail.txt")), {"wine.md", "rail.txt"}),
        (Filters(type=("report",)), {"gas.md"}),
        (Filters(author=("beridze",)), {"wine.md"}),
        (Filters(section=("pipes",)), {"gas.md"}),
        (Filters(date_from="2020"), {"gas.md"}),
        (Filters(date_to="2020"), {"wine.md"}),
        (Filters(author=("Weiss",), type=("report",)), set()),
        (Filters(document_id=("nobody.md",)), set()),
    ],
)
def test_only_what_passes_the_filters_is_found(
    collection: Collection, filters: Filters, found: set[str]
) -> None:
    collection.add(_TEXTS)
    assert _sources(retrieve(Question("gas pipeline", filters=filters), collection.tools())) == found


def test_filters_find_what_would_otherwise_be_beyond_the_candidates(many: Collection) -> None:
    """Each of the 120 sections says 'station': one of them, asked for by name, is found whatever its rank."""
    filters = Filters(section=("Part 117",))
    assert _texts(retrieve(Question("station 3", 1, filters), many.tools())) == [
        "Part 117\nStation 117 has 5 clocks."
    ]


@pytest.mark.parametrize("text", ["zzyzx qwertz", "what is the", "ядро"])
def test_a_question_without_any_known_term_is_ranked_by_meaning_alone(
    collection: Collection, text: str
) -> None:
    collection.add(_TEXTS)
    ranking = retrieve(Question(text), collection.tools())
    assert len(ranking.passages) == 5
    assert {ranked.signals["lexical"] for ranked in ranking.passages} == {0.0}
    told = max(ranked.signals["dense"] for ranked in ranking.passages)
    assert told == pytest.approx(ranking.cosine, abs=1e-4)


def test_what_overlaps_a_better_passage_by_more_than_half_is_not_shown(tmp_path: Path) -> None:
    """Passages of three sentences, each repeating two of the one before."""
    overlapping = Collection(tmp_path, passages=PassageConfig(max_tokens=18, overlap_tokens=12))
    overlapping.add({"a.txt": " ".join(f"Ship {n} sails to harbour {n}." for n in range(20))})
    every = overlapping.reader.snapshot()
    shown = [ranked.stored for ranked in retrieve(Question("ship 7", 100), overlapping.tools()).passages]
    overlapping.close()

    def mostly_in(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
        return sum(covered(other, span) for span in one) > sum(map(len, one)) / 2

    assert 0 < len(shown) < len(every)
    for rank, stored in enumerate(shown):
        assert not any(mostly_in(stored.passage.spans, better.passage.spans) for better in shown[:rank])


def test_the_better_one_of_two_that_overlap_is_kept(tmp_path: Path) -> None:
    overlapping = Collection(tmp_path, passages=PassageConfig(max_tokens=18, overlap_tokens=12))
    overlapping.add({"a.txt": " ".join(f"Ship {n} sails to harbour {n}." for n in range(20))})
    best = retrieve(Question("Ship 7 sails"), overlapping.tools(FavouriteWord("Ship 11 sails"))).passages[0]
    overlapping.close()
    assert "Ship 11 sails" in best.stored.passage.text


def test_overlaps_make_room_for_other_passages(tmp_path: Path) -> None:
    """Two passages of one text are mostly the same; the second place goes to another text."""
    overlapping = Collection(tmp_path, passages=PassageConfig(max_tokens=18, overlap_tokens=12))
    overlapping.add(
        {
            "a.txt": "Gold is mined here. Gold is sold here. Gold is melted here. Gold is hidden here.",
            "b.txt": "Copper is mined elsewhere.",
        }
    )
    ranking = retrieve(Question("gold here", 2), overlapping.tools())
    overlapping.close()
    assert [ranked.stored.source for ranked in ranking.passages] == ["a.txt", "b.txt"]
    assert [ranked.rank for ranked in ranking.passages] == [1, 2]


def test_a_removed_document_is_gone(collection: Collection) -> None:
    collection.add(_TEXTS)
    before = collection.tools()
    assert "wine.md" in _sources(retrieve(Question("wine"), before))
    collection.remove("wine.md")
    assert _sources(retrieve(Question("wine"), collection.tools())) == {"gas.md", "rail.txt"}
    assert _sources(retrieve(Question("wine"), before)) == {"gas.md", "rail.txt"}, (
        "seen by a question under way"
    )


def test_an_emptied_collection_ranks_nothing(collection: Collection) -> None:
    collection.add({"rail.txt": _TEXTS["rail.txt"]})
    collection.remove("rail.txt")
    ranking = retrieve(Question("railway"), collection.tools())
    assert (ranking.passages, ranking.cosine) == ((), 0.0)


def test_a_rescorer_decides_the_order_and_its_score_is_a_signal(collection: Collection) -> None:
    collection.add({f"{n}.txt": f"Ducks swim: {'quack ' * n}." for n in (1, 4, 2)} | {"x.txt": "Ducks fly."})
    ranking = retrieve(Question("ducks swim"), collection.tools(FavouriteWord("quack")))
    assert [(r.stored.source, r.score, r.signals["favourite"]) for r in ranking.passages] == [
        ("4.txt", 4.0, 4.0),
        ("2.txt", 2.0, 2.0),
        ("1.txt", 1.0, 1.0),
        ("x.txt", 0.0, 0.0),
    ]


def test_what_a_rescorer_finds_equal_stays_as_it_was_ranked(collection: Collection) -> None:
    collection.add({"b.txt": "A heron stands.", "a.txt": "A heron stands still.", "c.txt": "A heron."})
    fused = retrieve(Question("still"), collection.tools())
    ranking = retrieve(Question("still"), collection.tools(FavouriteWord("heron")))
    assert _texts(ranking) == _texts(fused)
    assert _texts(ranking)[0] == "A heron stands still."


def test_a_rescorer_looks_at_the_same_passages_however_few_are_wanted(many: Collection) -> None:
    tools = many.tools(FavouriteWord("6"))
    few, more = (_texts(retrieve(Question("station clocks", top_k), tools)) for top_k in (1, 100))
    assert few == more[:1]


def test_what_a_rescorer_did_not_look_at_comes_after_what_it_did(many: Collection) -> None:
    config = FusionConfig(rescored=7)
    fused = _texts(retrieve(Question("station clocks", 30), many.tools(), config))
    ranking = retrieve(Question("station clocks", 30), many.tools(FavouriteWord("6")), config)
    assert set(_texts(ranking)[:7]) == set(fused[:7])
    assert _texts(ranking)[7:] == fused[7:]
    scores = [ranked.score for ranked in ranking.passages]
    assert scores == sorted(scores, reverse=True)
    assert ["favourite" in ranked.signals for ranked in ranking.passages] == [True] * 7 + [False] * 23


def test_stages_are_timed(collection: Collection) -> None:
    collection.add(_TEXTS)
    plain = retrieve(Question("wine"), collection.tools())
    rescored = retrieve(Question("wine"), collection.tools(FavouriteWord("wine")))
    assert list(plain.timings_ms) == ["encode", "search", "total"]
    assert list(rescored.timings_ms) == ["encode", "search", "rescore", "total"]
