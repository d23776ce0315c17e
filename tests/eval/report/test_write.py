from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.report.sections import sections
from eval.report.write import write_report
from eval.results import Results, Verdict
from eval.testing import results_of

Named = list[tuple[str, Results]]
_SAID = {"a": Verdict("It is <gold>.", True, 0.9, True), "b": Verdict("", False, 0.2, False)}
_OLD = {"a": {"AP": 0.5, "P@1": 0.0}, "b": {"AP": 0.25, "P@1": 1.0}, "c": {"AP": 1.0, "P@1": 1.0}}
_NEW = {"a": {"AP": 1.0, "P@1": 1.0}, "b": {"AP": 0.0, "P@1": 1.0}, "c": {"AP": 1.0, "P@1": 1.0}}


@pytest.fixture
def results() -> Named:
    return [("old.json", results_of("old", _OLD)), ("new.json", results_of("new", _NEW, verdicts=_SAID))]


class _Page(HTMLParser):
    """What a browser would load, the ids, and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        self.ids += [named["id"] or ""] if "id" in named else []
        links = [named.get(name) or "" for name in ("src", "href", "xlink:href")]
        self.loaded += [link for link in links if link and not link.startswith("#")]

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(results: Named, path: Path, by: str | None = None) -> tuple[_Page, str]:
    write_report(results, path, by)
    html = path.read_text(encoding="utf-8")
    return _Page(html), html


def test_a_page_loads_nothing_and_has_no_id_twice(results: Named, tmp_path: Path) -> None:
    page, html = _page(results, tmp_path / "r.html")
    assert page.loaded == []
    assert len(set(page.ids)) == len(page.ids)
    assert re.findall(r"url\((?!#)", html) == []
    referred = set(re.findall(r'url\(#([^)]+)|href="#([^"]+)', html))
    assert {a or b for a, b in referred} <= set(page.ids)


def test_a_page_shows_figures_comparisons_and_failures(results: Named, tmp_path: Path) -> None:
    page, _ = _page(results, tmp_path / "r.html")
    assert (
        page.tags.count("svg") == 8
    )  # bars, kinds, kinds of each system, differences, risk, reliability, latency
    for said in ("0.5833", "new against old", "What of b <b>?", "found by new", "Abstained", "AURC"):
        assert said in page.text
    assert "mark" in page.tags
    assert "b" not in page.tags  # questions are text, not markup


def test_kinds_of_question_are_shown_by_measure(results: Named) -> None:
    [section] = sections(results)
    assert section.kinds() == ["even", "odd"]
    assert section.by_measure() == {
        "old": [[0.75, 0.5], [0.25, 1.0]],
        "new": [[1.0, 1.0], [0.0, 1.0]],
    }


def test_what_a_system_was_not_measured_by_stays_empty() -> None:
    bare = results_of("bare", {"a": {"AP": 0.5}, "b": {"AP": 0.25}})
    [section] = sections([("old", results_of("old", _OLD)), ("bare", bare)])
    assert section.by_measure()["bare"] == [[0.5, None], [0.25, None]]


def test_charts_of_two_datasets_share_no_id(results: Named, tmp_path: Path) -> None:
    other = [
        (f"other-{name}", replace(r, manifest={**r.manifest, "dataset": "other", "system": f"{r.system}er"}))
        for name, r in results
    ]
    page, _ = _page([*results, *other], tmp_path / "r.html")
    assert len(set(page.ids)) == len(page.ids)


def test_charts_take_the_colours_of_the_page(results: Named, tmp_path: Path) -> None:
    _, html = _page(results, tmp_path / "r.html")
    assert "currentColor" in html
    assert "#010203" not in html
    assert "prefers-color-scheme: dark" in html


def test_failures_go_by_the_measure_that_is_asked_for(results: Named, tmp_path: Path) -> None:
    page, _ = _page(results, tmp_path / "r.html", "P@1")
    assert "old: 1 questions with P@1 under .5" in " ".join(page.text.split())
    with pytest.raises(EvaluationError, match="no measure 'EM' in these results; there are AP, P@1"):
        write_report(results, tmp_path / "x.html", "EM")


def test_results_that_cannot_be_compared_are_shown_side_by_side(tmp_path: Path) -> None:
    odd = [("old", results_of("old", _OLD)), ("new", results_of("new", _NEW, checksum="d" * 64))]
    page, _ = _page(odd, tmp_path / "r.html")
    assert "Not compared: cannot be compared: old is of tiny" in " ".join(page.text.split())


def test_markdown_has_the_tables(results: Named, tmp_path: Path) -> None:
    write_report(results, tmp_path / "r.md")
    lines = (tmp_path / "r.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("| dataset | questions | system | nDCG@10 |")
    assert lines[2].startswith("| tiny | 3 | old |")
    assert "| measure | old | new |" in lines
    assert any(line.startswith("| AP | 0.5833 (") for line in lines)
    assert "### new against old (bold: p (Holm) under .05)" in lines


def test_what_stands_around_the_marks_in_markdown_is_kept(results: Named, tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    path.write_text("# Ours\n\n<!-- results -->\nold\n<!-- /results -->\n\nThe end.\n", encoding="utf-8")
    write_report(results, path)
    first = path.read_text(encoding="utf-8")
    assert first.startswith("# Ours\n\n<!-- results -->\n\n| dataset |")
    assert first.endswith("<!-- /results -->\n\nThe end.\n")
    assert "old\n<!--" not in first
    write_report(results, path)
    assert path.read_text(encoding="utf-8") == first


def test_the_same_results_twice_are_refused(results: Named, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"the same results twice among old\.json, old\.json"):
        write_report([results[0], results[0]], tmp_path / "r.md")


def test_json_has_everything(results: Named, tmp_path: Path) -> None:
    write_report(results, tmp_path / "r.json")
    body = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert body["results"] == {label: json.loads(json.dumps(r.to_json())) for label, r in results}
    assert [c["system"] for c in body["comparisons"]] == ["new"]


def test_another_form_is_refused(results: Named, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"a report is written as \.html, \.md or \.json"):
        write_report(results, tmp_path / "r.pdf")


@pytest.mark.parametrize(
    ("encoder", "said"),
    [
        ({"model": "m", "precision": "float32"}, "* Encoder: m in float32"),
        ({"weights": "w"}, "* Encoder: "),
        (None, "* Encoder: "),
    ],
)
def test_markdown_tells_the_encoder_as_far_as_it_is_known(
    encoder: dict[str, str] | None, said: str, tmp_path: Path
) -> None:
    made = results_of("old", _OLD)
    write_report([("old", replace(made, manifest={**made.manifest, "encoder": encoder}))], tmp_path / "r.md")
    assert said in (tmp_path / "r.md").read_text(encoding="utf-8").splitlines()


def _cost(results: Results) -> Results:
    latency = {"total": {"p50": 1.25, "p95": 2.0, "p99": 1234.5}}
    cost = {
        "passages": 2750,
        "index_s": 61.04,
        "passages_s": 45.1,
        "latency_ms": latency,
        "resident_mb": 870.2,
    }
    return replace(results, cost=cost, manifest={**results.manifest, "load": 2.5})


def test_markdown_tells_what_it_cost_as_far_as_that_is_known(results: Named, tmp_path: Path) -> None:
    (name, old), new = results
    write_report([(name, _cost(old)), new], tmp_path / "r.md")
    lines = (tmp_path / "r.md").read_text(encoding="utf-8").splitlines()
    assert "### Cost" in lines
    assert "| old | 2,750 | 61.0 | 45 |  | 1.2 | 2.0 | 1,234.5 | 870 | 2.5 |" in lines
    assert "| new | 3 |  |  |  |  |  |  |  |  |" in lines


def test_nothing_but_the_measures_that_are_asked_for_is_told(results: Named, tmp_path: Path) -> None:
    write_report(results, tmp_path / "r.md", measures=["P@1"])
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "| dataset | questions | system | P@1 |"
    assert text.splitlines()[2].startswith("| tiny | 3 | old | 0.667 (")
    assert "AP" not in text
    with pytest.raises(EvaluationError, match="no measure 'F1' in these results; there are AP, P@1"):
        write_report(results, tmp_path / "x.md", measures=["AP", "F1"])


def test_a_page_may_have_several_places_for_results(results: Named, tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    places = [f"<!-- results{name} -->\n{{}}\n<!-- /results -->" for name in ("", ": one", ": two")]
    path.write_text("\n".join(place.format("kept") for place in places), encoding="utf-8")
    write_report(results, path, mark="one")
    front, written, back = path.read_text(encoding="utf-8").split("<!-- results")[1:]
    assert (front, back) == (" -->\nkept\n<!-- /results -->\n", ": two -->\nkept\n<!-- /results -->")
    assert written.startswith(": one -->\n\n| dataset |")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("r.md", r"no <!-- results: one --> with <!-- /results --> behind it"),
        ("r.html", "only Markdown has marks, found 'one'"),
    ],
)
def test_a_place_that_is_not_there_is_refused(results: Named, tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        write_report(results, tmp_path / name, mark="one")
    assert list(tmp_path.iterdir()) == []
