"""The widget's one file: small, closed, the same each time, and without a door for what an answer holds."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest

from api.version import VERSION
from api.widget.build import LANGUAGES, built, order, sources, strings

LIMIT = 20_000  # bytes, compressed
SINKS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser|createContextualFragment"
    r"|\beval\b|\bFunction\(|setHTML|setAttribute\(\"style|cssText|\.on[a-z]+\s*=(?!=)|importScripts|\bimport\("
)
# The plural forms of CLDR, as Intl.PluralRules names them.
FORMS = {
    "az": {"one", "other"},
    "de": {"one", "other"},
    "en": {"one", "other"},
    "es": {"one", "many", "other"},
    "fr": {"one", "many", "other"},
    "ru": {"one", "few", "many", "other"},
    "tr": {"one", "other"},
}


def table(lang: str) -> dict[str, Any]:
    found = strings(lang)
    assert found is not None
    loaded: dict[str, Any] = json.loads(found)
    return loaded


def fields(said: str | dict[str, str]) -> list[set[str | None]]:
    forms = said.values() if isinstance(said, dict) else [said]
    return [{name for _, name, _, _ in Formatter().parse(form) if name} for form in forms]


def test_the_file_is_within_its_budget() -> None:
    size = len(gzip.compress(built().js, 9, mtime=0))
    assert built().gzip_size == size
    assert size <= LIMIT


def test_the_hash_is_that_of_the_bytes() -> None:
    digest = base64.b64encode(hashlib.sha384(built().js).digest()).decode()
    assert built().integrity == f"sha384-{digest}"


def test_the_same_sources_give_the_same_bytes() -> None:
    first = built().js
    built.cache_clear()
    assert built().js == first


def test_no_module_is_left_in_the_file() -> None:
    assert not re.findall(rb"^\s*(?:import|export)\b", built().js, re.MULTILINE)
    assert b"/*" not in built().js
    assert built().js.startswith(b"(()=>{")


def test_the_file_names_its_version() -> None:
    assert f'"{VERSION}"'.encode() in built().js


def test_modules_come_after_what_they_import() -> None:
    written = dict(sources())
    names = order()
    for at, name in enumerate(names):
        assert set(re.findall(r'from "\./([a-z]+\.js)"', written[name])) <= set(names[:at])


def test_every_module_is_in_the_file() -> None:
    assert set(order()) | {"context.js"} == {name for name, _ in sources() if name.endswith(".js")}


@pytest.mark.parametrize("name", [name for name, _ in sources()])
def test_no_source_reads_text_as_code_or_markup(name: str) -> None:
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", dict(sources())[name], flags=re.DOTALL | re.MULTILINE)
    assert not re.findall(SINKS, code)


def test_the_file_does_not_either() -> None:
    assert not re.findall(SINKS, built().js.decode())


@pytest.mark.parametrize(
    "code", ["a.innerHTML = b", "el.onclick = f", 'x.setAttribute("style", y)', "eval(x)", "new Function(x)"]
)
def test_the_search_for_sinks_finds_them(code: str) -> None:
    assert re.findall(SINKS, code)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_says_what_english_says(lang: str) -> None:
    english, theirs = table("en"), table(lang)
    assert list(theirs) == list(english)
    for key, said in theirs.items():
        assert isinstance(said, dict) == isinstance(english[key], dict), key
        assert all(found == fields(english[key])[0] for found in fields(said)), key
        assert all(form.strip() for form in (said.values() if isinstance(said, dict) else [said])), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plurals_have_the_forms_of_their_language(lang: str) -> None:
    assert {frozenset(said) for said in table(lang).values() if isinstance(said, dict)} == {
        frozenset(FORMS[lang])
    }


def test_a_language_that_we_do_not_have_is_none() -> None:
    assert strings("xx") is None
    assert strings("../en") is None


def test_every_word_is_used() -> None:
    code = "".join(text for name, text in sources() if name.endswith(".js"))
    spoken = set(re.findall(r'\bt\(\s*"(\w+)"', code)) | set(re.findall(r'"(\w+)"', code))
    spoken |= {"reading", "writing"}  # stages, which the service names
    families = {"error_", "notice_", "verdict_", "mark_", "check_"}
    assert all(key in spoken or any(key.startswith(one) for one in families) for key in table("en"))


def test_no_host_is_named_by_what_npm_installs() -> None:
    lock = files("api").joinpath("widget", "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
