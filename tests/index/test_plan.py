from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from corpus.sources import Source
from index.plan import Change, Known, Outcome, Plan, is_gone

SETTINGS = {"max_tokens": 160}


def version(data: bytes) -> str:
    return sha256(data).hexdigest()


def at(path: Path, data: bytes = b"Alpha", **metadata: str) -> Source:
    """A file as it was read."""
    path.write_bytes(data)
    return Source(path.name, data, str(path), metadata)


def known(plan: Plan, source: Source) -> Known:
    return Known("doc_1", source.name, source.location, version(source.data), plan.recipe(source))


def plan_with(source: Source) -> Plan:
    """A plan that knows one document."""
    return Plan([known(Plan([], SETTINGS), source)], SETTINGS)


def test_a_new_source_is_added_under_the_address_of_its_content(tmp_path: Path) -> None:
    source = at(tmp_path / "a.txt")
    expected = Outcome(Change.ADDED, "a.txt", f"doc_{version(b'Alpha')[:16]}")
    assert Plan([], SETTINGS).is_news(source)
    assert Plan([], SETTINGS).decide(source) == expected


def test_the_same_again_is_unchanged(tmp_path: Path) -> None:
    source = at(tmp_path / "a.txt")
    plan = plan_with(source)
    assert not plan.is_news(source)
    assert plan.decide(source) == Outcome(Change.UNCHANGED, "a.txt", "doc_1")


@pytest.mark.parametrize("settings", [SETTINGS, {"max_tokens": 80}])
@pytest.mark.parametrize("metadata", [{}, {"title": "Title"}])
@pytest.mark.parametrize("data", [b"Alpha", b"Beta"])
def test_other_bytes_metadata_or_settings_are_a_change(
    tmp_path: Path, settings: dict[str, object], metadata: dict[str, str], data: bytes
) -> None:
    before = known(Plan([], SETTINGS), at(tmp_path / "a.txt"))
    outcome = Plan([before], settings).decide(at(tmp_path / "a.txt", data, **metadata))
    same = (settings, metadata, data) == (SETTINGS, {}, b"Alpha")
    assert outcome == Outcome(Change.UNCHANGED if same else Change.CHANGED, "a.txt", "doc_1")


def test_a_file_that_went_and_came_elsewhere_is_renamed(tmp_path: Path) -> None:
    plan = plan_with(at(tmp_path / "a.txt"))
    (tmp_path / "a.txt").unlink()
    moved = at(tmp_path / "b.txt")
    assert plan.decide(moved) == Outcome(Change.RENAMED, "b.txt", "doc_1", detail="was a.txt")
    assert plan.decide(moved) == Outcome(Change.UNCHANGED, "b.txt", "doc_1")


def test_a_file_that_moved_and_got_other_metadata_is_a_change_of_the_same_document(tmp_path: Path) -> None:
    plan = plan_with(at(tmp_path / "a.txt"))
    (tmp_path / "a.txt").unlink()
    assert plan.decide(at(tmp_path / "b.txt", title="T")) == Outcome(Change.CHANGED, "b.txt", "doc_1")


def test_a_second_file_of_the_same_content_is_a_duplicate(tmp_path: Path) -> None:
    plan = plan_with(at(tmp_path / "a.txt"))
    expected = Outcome(Change.DUPLICATE, "b.txt", "doc_1", detail="same content as a.txt")
    assert plan.decide(at(tmp_path / "b.txt")) == expected


@pytest.mark.parametrize("first", ["file", "sent"])
def test_what_was_sent_and_lies_in_a_file_too_is_a_duplicate(tmp_path: Path, first: str) -> None:
    file, sent = at(tmp_path / "a.txt"), Source("sent.txt", b"Alpha")
    before, after = (file, sent) if first == "file" else (sent, file)
    assert plan_with(before).decide(after).change is Change.DUPLICATE


def test_a_copy_whose_original_was_then_edited_is_a_document_of_its_own(tmp_path: Path) -> None:
    """Whichever of the two is read first."""
    plan = plan_with(at(tmp_path / "b.txt"))
    copy, edited = at(tmp_path / "a.txt"), at(tmp_path / "b.txt", b"Beta")
    assert [plan.decide(source).change for source in (copy, edited)] == [Change.ADDED, Change.CHANGED]
    assert [plan.decide(source).change for source in (copy, edited)] == [Change.UNCHANGED] * 2


def test_two_new_files_of_the_same_content_are_one_document(tmp_path: Path) -> None:
    plan = Plan([], SETTINGS)
    changes = [plan.decide(at(tmp_path / name)).change for name in ("a.txt", "b.txt")]
    assert changes == [Change.ADDED, Change.DUPLICATE]


def test_a_named_document_is_changed_wherever_the_bytes_come_from(tmp_path: Path) -> None:
    plan = plan_with(at(tmp_path / "a.txt"))
    source = Source("new.txt", b"Beta", None, document_id="doc_1")
    assert plan.decide(source) == Outcome(Change.CHANGED, "new.txt", "doc_1")


def test_what_a_document_was_before_it_changed_is_news(tmp_path: Path) -> None:
    """Its former content, and the place where it lay, are another document's."""
    plan = plan_with(at(tmp_path / "a.txt"))
    plan.decide(Source("sent.txt", b"Beta", None, document_id="doc_1"))
    assert plan.decide(Source("again.txt", b"Alpha")).change is Change.ADDED
    assert plan.decide(at(tmp_path / "a.txt", b"Gamma")).change is Change.ADDED


def test_an_address_that_another_document_has_is_numbered() -> None:
    """A document keeps the address of its first version; its second may free the content for another."""
    base = f"doc_{version(b'Alpha')[:16]}"
    taken = [Known(base, "a", None, "v2", "r"), Known(f"{base}-2", "b", None, "v3", "r")]
    assert Plan(taken, SETTINGS).decide(Source("c", b"Alpha")).document_id == f"{base}-3"


def test_deciding_whether_it_is_news_changes_nothing(tmp_path: Path) -> None:
    plan, source = Plan([], SETTINGS), at(tmp_path / "a.txt")
    assert [plan.is_news(source) for _ in range(2)] == [True, True]
    assert plan.decide(source).change is Change.ADDED


def test_a_recipe_is_the_same_on_every_machine_and_differs_by_media_type() -> None:
    plan = Plan([], SETTINGS)
    recipe = plan.recipe(Source("a", b"x", metadata={"b": "1", "a": "2"}))
    assert recipe == plan.recipe(Source("other", b"y", "/z", {"a": "2", "b": "1"})) == "9a8efb8c01302198"
    assert recipe != plan.recipe(Source("a", b"x", metadata={"b": "1", "a": "2"}, media_type="text/markdown"))


def test_a_file_is_gone_when_it_is_not_there_or_something_else_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    gone = {name: is_gone(str(tmp_path / name)) for name in ("file", "folder", "none", "file/below")}
    assert gone == {"file": False, "folder": True, "none": True, "file/below": True}


def test_a_file_that_cannot_be_looked_at_is_not_taken_for_gone(tmp_path: Path) -> None:
    assert not is_gone(str(tmp_path / ("x" * 300)))
