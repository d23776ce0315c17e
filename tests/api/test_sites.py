from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from api.errors import OriginError, SitesError
from api.sites import FILE, Site, Sites
from index.errors import BusyError, NotFoundError


def test_a_site_is_found_by_its_key_until_it_is_removed(tmp_path: Path) -> None:
    sites = Sites(tmp_path)
    made = sites.add("Docs", ["https://docs.example:443/", "https://docs.example"], per_day=5)
    assert made == Site(made.key, "Docs", ("https://docs.example",), made.added, per_day=5)
    assert sites.find(made.key) == made
    assert sites.remove(made.key) == made
    with pytest.raises(NotFoundError, match=f"no site {made.key} here"):
        sites.find(made.key)


def test_keys_are_public_unlike_and_hard_to_guess(tmp_path: Path) -> None:
    keys = {Sites(tmp_path).add("Docs", ()).key for _ in range(20)}
    assert len(keys) == 20
    assert all(key.startswith("pk_") and len(key) == 27 for key in keys)


def test_a_change_by_another_process_is_seen_at_once(tmp_path: Path) -> None:
    serving, typing = Sites(tmp_path), Sites(tmp_path)
    assert serving.all() == ()
    first = typing.add("One", ())
    assert serving.all() == (first,)
    second = typing.add("Two", ())
    assert serving.all() == (first, second)
    typing.remove(first.key)
    assert serving.all() == (second,)


def test_sites_that_are_added_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda n: Sites(tmp_path).add(f"Site {n}", ()), range(24)))
    assert set(Sites(tmp_path).all()) == made


def test_an_origin_is_let_in_by_any_site_that_names_it(tmp_path: Path) -> None:
    sites = Sites(tmp_path)
    sites.add("None", ())
    sites.add("Docs", ["https://docs.example"])
    assert sites.allow("https://docs.example")
    assert not sites.allow("https://evil.example")


def test_a_change_waits_for_nobody_for_ever(tmp_path: Path) -> None:
    with FileLock(tmp_path / "sites.lock"), pytest.raises(BusyError, match="by another process; try again"):
        Sites(tmp_path, patience_s=0).add("Docs", ())


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 101])
def test_a_name_is_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(SitesError, match="a name is a line of 1 to 100 characters"):
        Sites(tmp_path).add(name, ())


@pytest.mark.parametrize("number", [0, -1, 1_000_001])
def test_a_limit_is_a_number_within_bounds(number: int, tmp_path: Path) -> None:
    with pytest.raises(SitesError, match=r"per_minute is .*; it must be 1 to 1,000,000"):
        Sites(tmp_path).add("Docs", (), per_minute=number)


def test_nothing_is_written_for_a_site_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(OriginError):
        Sites(tmp_path).add("Docs", ["docs.example"])
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"sites": 7}',
        '{"sites": [{"key": "pk_1"}]}',
        json.dumps({"sites": [{"key": "pk_1", "name": "Docs", "origins": ["*"]}]}),
        json.dumps({"sites": [{"key": "pk_1", "name": "Docs", "origins": [], "per_day": "many"}]}),
        json.dumps({"sites": [{"key": "pk_1", "name": "Docs", "origins": [], "colour": "red"}]}),
    ],
)
def test_a_file_that_was_spoilt_opens_nothing_and_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SitesError):
        Sites(tmp_path).all()
    with pytest.raises(SitesError):
        Sites(tmp_path).add("Docs", ())
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


def test_origins_that_were_written_by_hand_are_read_as_browsers_send_them(tmp_path: Path) -> None:
    told = {"key": "pk_1", "name": "Docs", "origins": ["HTTPS://Docs.Example:443"]}
    (tmp_path / FILE).write_text(json.dumps({"sites": [told]}), encoding="utf-8")
    assert Sites(tmp_path).find("pk_1").origins == ("https://docs.example",)
