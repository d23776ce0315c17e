"""Archives: their regular files, within limits, and none that leads out."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest

from corpus import archives, zipped
from corpus.archives import files, is_archive
from corpus.errors import UnreadableError

Pack = Callable[[Mapping[str, bytes]], bytes]
UNSAFE = ["../up.txt", "/etc/passwd", "a/../../up.txt", "C:\\up.txt", "..\\up.txt", "\\\\host\\up.txt"]


def as_zip(inside: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in inside.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_tar(inside: Mapping[str, bytes], *more: tarfile.TarInfo, packed: str = "gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packed}") as archive:  # type: ignore[call-overload]
        for name, data in inside.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in more:
            archive.addfile(info)
    return out.getvalue()


@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_the_files_of_an_archive_come_with_their_paths(pack: Pack) -> None:
    inside = {"a.txt": b"A", "b/c.txt": b"C"}
    assert list(files(pack(inside), "x")) == list(inside.items())


@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_names_that_lead_out_are_passed_over(pack: Pack) -> None:
    data = pack({**dict.fromkeys(UNSAFE, b"up"), "in.txt": b"in"})
    assert list(files(data, "x")) == [("in.txt", b"in")]


def test_links_and_devices_are_passed_over() -> None:
    link, device = tarfile.TarInfo("link.txt"), tarfile.TarInfo("device.txt")
    link.type, link.linkname, device.type = tarfile.SYMTYPE, "/etc/passwd", tarfile.CHRTYPE
    assert list(files(as_tar({"in.txt": b"in"}, link, device), "x")) == [("in.txt", b"in")]


def test_what_blows_up_is_refused_before_it_does() -> None:
    with pytest.raises(UnreadableError, match=r"x: it unpacks to .* times its size"):
        list(files(as_zip({"a.txt": b"\0" * 20_000_000}), "x"))


@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_too_much_is_refused(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (archives, zipped):
        monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    with pytest.raises(UnreadableError, match=r"more than|at most"):
        list(files(pack({f"{n}.txt": b"x" for n in range(3)}), "x"))


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
@pytest.mark.parametrize("packed", ["", "gz", "bz2", "xz"])
def test_a_name_without_end_is_refused(kind: bytes, packed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(archives, "MOST_ENTRIES", 10)
    out, info = io.BytesIO(), tarfile.TarInfo("name")
    info.type, info.size = kind, 3_000_000
    with tarfile.open(fileobj=out, mode=f"w:{packed}") as archive:  # type: ignore[call-overload]
        archive.addfile(info, io.BytesIO(b"x" * info.size))
    with pytest.raises(UnreadableError, match=r"x: more than 10 files or 0 MB in it"):
        list(files(out.getvalue(), "x"))


@pytest.mark.parametrize("packed", ["", "gz", "bz2", "xz"])
def test_any_packing_of_a_tar_is_read(packed: str) -> None:
    assert list(files(as_tar({"a.txt": b"A" * 9999}, packed=packed), "x")) == [("a.txt", b"A" * 9999)]


def test_a_damaged_file_packed_by_lzma_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", b"some words " * 50)
    data = bytearray(out.getvalue())
    start = data.index(b"a.txt") + len("a.txt") + 9  # behind what tells how it was packed
    data[start : start + 20] = b"\xff" * 20
    with pytest.raises(UnreadableError, match=r"x: 'a.txt' in it cannot be unpacked"):
        list(files(bytes(data), "x"))


@pytest.mark.parametrize(
    "data",
    [b"PK\3\4 and no more", as_tar({"a": b"A" * 9999})[:60], b"nothing"],
    ids=["the beginning of a zip", "the beginning of a tar", "text"],
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"x: (?:a damaged zip|no archive that can be read)"):
        list(files(data, "x"))


def test_names_tell_archives() -> None:
    assert [name for name in ("a.ZIP", "a.tar.gz", "a.tgz", "a.gz", "a.txt") if is_archive(name)] == [
        "a.ZIP",
        "a.tar.gz",
        "a.tgz",
    ]
