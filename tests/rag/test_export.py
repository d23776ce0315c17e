from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from rag import styles
from rag.errors import StyleError
from rag.export import Format, export
from rag.reference import Reference
from rag.styles import Style, formatted

REPORT: dict[str, Any] = {
    "id": "lind2021river",
    "type": "report",
    "title": "The River Pact",
    "author": [{"family": "Lind", "given": "Ada"}, {"family": "Okoro", "given": "Ben"}],
    "publisher": "Institute of Rivers",
    "issued": {"date-parts": [[2021, 5]]},
    "URL": "http://x.org/d/1",
}
CHAPTER: dict[str, Any] = {
    "id": "diaz2021upstream",
    "type": "chapter",
    "title": "Upstream",
    "container-title": "The Rivers",
    "author": [{"family": "Diaz", "given": "Cora"}],
    "publisher": "Institute of Rivers",
    "issued": {"date-parts": [[2021]]},
    "URL": "http://x.org/d/2",
}
TALK: dict[str, Any] = {
    "id": "lind2020deep",
    "type": "interview",
    "title": "Deep Water",
    "author": [{"family": "Lind", "given": "Ada"}],
    "interviewer": [{"literal": "Ben Okoro"}],
    "container-title": "The Journal",
    "issued": {"date-parts": [[2020, 8]]},
    "URL": "http://x.org/d/3",
}
PLACES = [
    Reference(REPORT, pages=("14", "15"), url="http://x.org/d/1#c=1-2"),
    Reference(CHAPTER, section="2. Rapids, and 3 more – a list", url="http://x.org/d/2#c=3-4"),
    Reference(TALK, voice="The Journal, turn 3", url="http://x.org/d/3#c=5-6"),
]


def test_chicago_gives_a_bibliography_and_notes_with_the_place() -> None:
    assert export(PLACES, Format.CHICAGO) == (
        "Diaz, Cora. “Upstream.” In The Rivers. Institute of Rivers, 2021. http://x.org/d/2.\n"
        "Lind, Ada. “Deep Water.” Interview by Ben Okoro. The Journal, August 2020. http://x.org/d/3.\n"
        "Lind, Ada, and Ben Okoro. The River Pact. Institute of Rivers, 2021. http://x.org/d/1.\n"
        "\n"
        "[1] Ada Lind and Ben Okoro, The River Pact (Institute of Rivers, 2021), 14–15, http://x.org/d/1.\n"
        "http://x.org/d/1#c=1-2\n"
        "[2] Cora Diaz, “Upstream,” in The Rivers (Institute of Rivers, 2021), "
        "sec. “2. Rapids, and 3 more – a list,” http://x.org/d/2.\n"
        "http://x.org/d/2#c=3-4\n"
        "[3] Ada Lind, “Deep Water,” interview by Ben Okoro, The Journal, August 2020, "
        "The Journal, turn 3, http://x.org/d/3.\n"
        "http://x.org/d/3#c=5-6\n"
    )


def test_apa_gives_a_list_and_mentions_with_the_place() -> None:
    assert export(PLACES, Format.APA) == (
        "Diaz, C. (2021). Upstream. In The Rivers. Institute of Rivers. http://x.org/d/2\n"
        "Lind, A. (2020, August). Deep Water (Ben Okoro, Interviewer). The Journal. http://x.org/d/3\n"
        "Lind, A., & Okoro, B. (2021). The River Pact. Institute of Rivers. http://x.org/d/1\n"
        "\n"
        "[1] (Lind & Okoro, 2021, pp. 14–15)\n"
        "http://x.org/d/1#c=1-2\n"
        "[2] (Diaz, 2021, Section “2. Rapids, and 3 more – a list”)\n"
        "http://x.org/d/2#c=3-4\n"
        "[3] (Lind, 2020, The Journal, turn 3)\n"
        "http://x.org/d/3#c=5-6\n"
    )


def test_mla_gives_works_cited_and_mentions_with_the_place() -> None:
    assert export(PLACES[1:2], Format.MLA) == (
        "Diaz, Cora. “Upstream.” The Rivers, Institute of Rivers, 2021, http://x.org/d/2.\n"
        "\n"
        "(Diaz, sec. “2. Rapids, and 3 more – a list”)\n"
        "http://x.org/d/2#c=3-4\n"
    )


def test_a_speaker_on_a_known_page_is_told_behind_it() -> None:
    place = Reference(TALK, pages=("9",), voice="The Journal, turn 3")
    assert formatted([place], Style.APA).mentions == ("(Lind, 2020, p. 9, The Journal, turn 3)",)


def test_a_note_is_told_by_its_number() -> None:
    places = [Reference(TALK, pages=("9",), note="16"), Reference(TALK, section="Tides", note="2")]
    assert formatted([*places, Reference(TALK, note="3")], Style.APA).mentions == (
        "(Lind, 2020, p. 9, n. 16)",
        "(Lind, 2020, Section “Tides,” n. 2)",
        "(Lind, 2020, n. 3)",
    )


def test_nothing_in_a_title_is_markup() -> None:
    title = "Oil <b>& gas</b> *now* $x$ [^1] @lind2021 {braces} “quoted”"
    made = formatted([Reference(REPORT | {"title": title}, section="<i>a</i> *b*")], Style.MLA)
    assert "Oil <b>& Gas</b> *Now* $x$ [^1] @Lind2021 {Braces} “Quoted”" in made.entries[0]
    assert made.mentions == ("(Lind and Okoro, sec. “<i>a</i> *b*”)",)


def test_a_work_without_author_and_date_is_told_by_its_title() -> None:
    made = formatted([Reference({"id": "x", "type": "document", "title": "Tides", "URL": "u"})], Style.MLA)
    assert (made.entries, made.mentions) == (("“Tides.” u.",), ("(“Tides”)",))


def test_a_work_that_is_cited_twice_has_one_entry_with_both_places() -> None:
    twice = [PLACES[0], Reference(REPORT, pages=("20",), url="v")]
    (work,) = json.loads(export(twice, Format.CSL_JSON))
    assert work == REPORT | {"note": "Cited: pp. 14–15 http://x.org/d/1#c=1-2; p. 20 v"}
    assert export(twice, Format.BIBTEX).count("@techreport") == 1
    assert export(twice, Format.RIS).count("TY  - ") == 1
    assert "[2] (Lind & Okoro, 2021, p. 20)" in export(twice, Format.APA)


def test_different_works_with_one_key_are_told_apart() -> None:
    others = [Reference(REPORT | {"publisher": f"House {n}"}) for n in range(28)]
    keys = [work["id"] for work in json.loads(export(others, Format.CSL_JSON))]
    assert keys[:3] + keys[25:] == [
        "lind2021river",
        "lind2021riverb",
        "lind2021riverc",
        "lind2021riverz",
        "lind2021river27",
        "lind2021river28",
    ]
    assert len(set(keys)) == 28


def test_where_pandoc_is_missing_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypandoc

    def nowhere() -> str:
        raise OSError("No pandoc was found")

    monkeypatch.setattr(pypandoc, "get_pandoc_path", nowhere)
    styles._program.cache_clear()
    with pytest.raises(StyleError, match="install it: pip install pypandoc_binary"):
        export(PLACES, Format.APA)
    styles._program.cache_clear()


def test_where_pandoc_fails_its_words_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "pandoc"
    broken.write_text("#!/bin/sh\necho out of memory >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(styles, "_program", lambda: str(broken))
    with pytest.raises(StyleError, match="pandoc failed: out of memory"):
        export(PLACES, Format.APA)


def test_every_style_is_shipped_with_its_licence() -> None:
    shipped = files("rag").joinpath("csl")
    notice = shipped.joinpath("NOTICE").read_text(encoding="utf-8")
    for style in Style:
        text = shipped.joinpath(f"{style.value}.csl").read_text(encoding="utf-8")
        (link,) = (line for line in text.splitlines() if "<rights" in line)
        assert 'license="http://creativecommons.org/licenses/by-sa/3.0/"' in link
        assert f"  {style.value}.csl" in notice
    assert "creativecommons.org/licenses/by-sa/3.0/" in notice
