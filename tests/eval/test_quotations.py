from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from eval.errors import EvaluationError
from eval.quotations import DANGEROUS, INVENTED, SHORTEST, Case, generate
from index.readings import ReadDocument
from rag.records import Verdict
from rag.testing import Collection

REPORT = """# The report

## Rivers

In 1998 the four states signed the Morava pact, which governs the use of water and has not been changed by
any of them since. President Ada Lind called it “the bread of the valley” when she visited the dam
in June 2004.

The dam itself was opened in March 1921; its walls, which the engineer Ben Okoro designed, rise to
90 metres and
hold the water of two long winters. It is the oldest of the seven dams that stand in the mountains
of Arland.
"""
TALK = """A TALK

In May 2019 Ada Lind talked with Ben Okoro about the seven dams of Arland.

Lind:
What is the river worth to the four towns that it runs through, and who pays for the dams that hold
its water?

Okoro:
The river has fed all four towns for a thousand years, and nobody has ever paid for it; the dams
were built by
the miners of the north in the bad winters, when there was no other work for them in the whole of Arland.

Lind:
Was there a plan to build an eighth one, as the mayor of the second town had announced in the last winter?

Okoro:
There was one, and it would have drowned three villages and the road to the harbour that my father built.
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ReadDocument]]:
    collection = Collection(tmp_path_factory.mktemp("documents"))
    collection.add({"report.md": REPORT, "talk.txt": TALK})
    snapshot = collection.reader.snapshot()
    yield [snapshot.read(document) for document in snapshot.quotes.documents]
    collection.close()


@pytest.fixture(scope="module")
def cases(documents: list[ReadDocument]) -> list[Case]:
    return generate(documents, 270)


def read_of(documents: Sequence[ReadDocument], case: Case) -> str:
    """The characters that a case was cut from."""
    text = {read.stored.document.version: read.stored.document.text for read in documents}
    place = case.places[0]
    return " ".join(text[place.version][span.start : span.end] for span in place.spans)


def test_equal_seeds_are_equal_cases(documents: list[ReadDocument]) -> None:
    assert generate(documents, 60, seed=3) == generate(documents, 60, seed=3)
    assert generate(documents, 60, seed=3) != generate(documents, 60, seed=4)


def test_all_kinds_take_turns_but_those_that_the_documents_do_not_offer(cases: list[Case]) -> None:
    counts = Counter(case.kind for case in cases)
    assert len(counts) >= 23
    assert set(counts) & {"page break", "notes inside"} == set()
    assert max(counts.values()) - min(counts.values()) <= 1


def test_a_verbatim_case_is_what_stands_at_its_place(
    cases: list[Case], documents: list[ReadDocument]
) -> None:
    for case in cases:
        if case.kind == "verbatim":
            assert case.text == read_of(documents, case)
            assert case.verdicts == {Verdict.EXACT}


def test_a_dangerous_case_never_passes_as_the_same_words(cases: list[Case]) -> None:
    for case in cases:
        if case.kind in DANGEROUS:
            assert not case.verdicts & {Verdict.EXACT, Verdict.NORMALIZED}
        assert (case.kind in INVENTED) == (not case.places)


def test_what_is_invented_stands_nowhere(cases: list[Case], documents: list[ReadDocument]) -> None:
    everything = "".join("".join(read.reading.text.split()) for read in documents)
    assert all("".join(c.text.split()) not in everything for c in cases if c.kind in INVENTED)


def test_an_ellipsis_leaves_its_words_out_of_the_place(
    cases: list[Case], documents: list[ReadDocument]
) -> None:
    for case in cases:
        if case.kind == "ellipsis":
            read = "".join(read_of(documents, case).split())
            assert read == "".join(
                part
                for part in "".join(case.text.split())
                .replace("[", "")
                .replace("]", "")
                .replace("…", "...")
                .split("...")
            )


def test_a_wrong_speaker_is_not_the_one_who_speaks(cases: list[Case]) -> None:
    claimed = {case.claim.speaker for case in cases if case.kind == "wrong speaker"}
    assert claimed
    assert all(case.claim.speaker for case in cases if case.kind == "wrong speaker")


def test_true_quotations_are_long_enough_to_measure(cases: list[Case]) -> None:
    assert all(len(case.text) >= SHORTEST for case in cases if case.kind in ("verbatim", "as it reads"))


def test_documents_with_nothing_to_quote_are_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    collection = Collection(tmp_path_factory.mktemp("poor"))
    collection.add({"a.txt": "Few words."})
    snapshot = collection.reader.snapshot()
    read = [snapshot.read(document) for document in snapshot.quotes.documents]
    with pytest.raises(EvaluationError, match="no paragraph that is long enough to quote"):
        generate(read, 10)
    collection.close()
