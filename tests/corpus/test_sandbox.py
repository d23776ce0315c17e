"""A file that kills, hangs or bloats its parser costs that file alone; and a parser can harm nobody."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript, Scribe
from corpus.media import PDF
from corpus.pdf.loader import read
from corpus.records import BlockKind
from corpus.sandbox import Limits, Sandbox
from corpus.testing import Text, typeset

# A parser that does what its file says, and then gives a manuscript that holds what it found.
PARSER = """
import ctypes, sys
from corpus import loaders
from corpus.manuscript import Scribe
from corpus.records import BlockKind
libc = ctypes.CDLL(None, use_errno=True)
def read(data, source, kind, recognise=False):
    names = {"found": "nothing", "libc": libc, "ctypes": ctypes}
    exec(data.decode(), names)
    scribe = Scribe()
    scribe.page()
    scribe.block(BlockKind.PARAGRAPH, str(names["found"]))
    return scribe.finish()
loaders.read_text, loaders.prepare = read, lambda: None
from corpus.confined import main
main()
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter of calls is Linux's")
Run = Callable[..., str]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Have a parser do something, within limits; what it found, or why its file is refused."""
    with ExitStack() as stack:
        made: dict[Limits, Sandbox] = {}

        def told(code: str, source: str = "x", **limits: float) -> str:
            wanted = Limits(**limits)  # type: ignore[arg-type]
            if wanted not in made:
                made[wanted] = Sandbox(1, wanted, (sys.executable, "-I", "-c", PARSER))
                stack.callback(made[wanted].close)
            try:
                return made[wanted].read(code.encode(), source, PDF).text
            except UnreadableError as error:
                return str(error).removesuffix(
                    "; only this file is refused. Open it, save it anew and add that"
                )

        yield told


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os._exit(3)", "x: its parser ended by itself (exit status 3)"),
        ("import os; os.abort()", "x: its parser crashed (SIGABRT), for want of memory perhaps"),
        ("import ctypes; ctypes.string_at(0)", "x: its parser crashed (SIGSEGV), for want of memory perhaps"),
        ("def f(): f()\nf()", "x: its parser finds it nested too deeply"),
        ("found = 1 / 0", "x: its parser failed (ZeroDivisionError: division by zero)"),
        ("from corpus.errors import UnreadableError; raise UnreadableError('x: no text')", "x: no text"),
        ("import os; os.write(3, b'nonsense\\n')", "x: its parser gave an answer that is none"),
        ("import os; os.write(3, b'{\"size\": -1}\\n')", "x: its parser gave an answer that is none"),
        ("found = 'x' * 10; found = ''", "x: its parser failed (AssertionError: a block without text)"),
    ],
)
def test_what_a_file_does_to_its_parser_is_told_and_costs_it_alone(run: Run, code: str, why: str) -> None:
    assert run(code) == why
    assert run(f"found = 'good, after {len(code)}'") == f"good, after {len(code)}"


def test_a_parser_that_computes_for_ever_is_ended(run: Run) -> None:
    told = run("while True: pass", cpu_s=0.2, cpu_s_per_mb=0)
    assert told in (
        "x: its parser took more than 0 s of processor time",
        "x: its parser was not done after 0 s",
    )


def test_a_parser_that_waits_for_ever_is_ended(run: Run) -> None:
    told = run("import time; time.sleep(60)", cpu_s=0.2, cpu_s_per_mb=0)
    assert told == "x: its parser was not done after 0 s"


def test_a_parser_that_wants_memory_without_end_is_refused_it(run: Run) -> None:
    told = run("found = [bytearray(1 << 20) for n in range(1000)]", memory_bytes=400 * 2**20)
    assert told == "x: its parser needs more than 400 MB of memory"


def test_a_document_that_swells_is_refused(run: Run) -> None:
    assert run("found = 'x' * 2**21", output_bytes=2**20) == "x: its parser makes more than 1 MB of it"


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "open('/tmp/pincite-was-here', 'w')",
        "import os; os.remove('/tmp/pincite-was-here')",
        "import os; os.kill(os.getppid(), 9)",
    ],
)
def test_python_refuses_a_parser_what_it_has_no_use_for(run: Run, code: str) -> None:
    assert "its parser failed (PermissionError: " in run(code)


@LINUX
@pytest.mark.parametrize(
    "call",
    [
        "socket(2, 1, 0)",
        "open(b'/tmp/pincite-was-here', 0o101, 0o600)",
        "open(b'/dev/null', 1)",
        "unlink(b'/tmp/pincite-was-here')",
        "rename(b'/tmp/pincite-was-here', b'/tmp/x')",
        "kill(1, 0)",
        "execv(b'/bin/true', None)",
        "process_vm_readv(1, None, 0, None, 0, 0)",
        "process_vm_writev(1, None, 0, None, 0, 0)",
    ],
)
def test_the_kernel_refuses_native_code_the_same(run: Run, call: str) -> None:
    assert run(f"libc.{call}; found = ctypes.get_errno()") == "1"  # EPERM


def test_a_parser_may_read_files() -> None:
    sandbox = Sandbox(1, command=(sys.executable, "-I", "-c", PARSER))
    try:
        made = sandbox.read(b"import corpus.confined as c; found = open(c.__file__).read(3)", "x", PDF)
    finally:
        sandbox.close()
    assert made.text == '"""'


def test_a_parser_sees_no_secrets_and_no_engines(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_WRITE_TOKEN", "secret")
    seen = run("import os; found = sorted(os.environ)", source="y", cpu_s=14)
    assert "PINCITE_WRITE_TOKEN" not in seen
    engines = ("torch", "faiss", "numpy", "sentence_transformers", "sqlite3", "langchain_text_splitters")
    assert run(f"import sys; found = [e for e in {engines} if e in sys.modules]") == "[]"


def test_a_file_that_broke_its_parser_is_not_tried_again(run: Run) -> None:
    code = "import os; os._exit(4)"
    assert run(code, source="one") == "one: its parser ended by itself (exit status 4)"
    before = run("import os; found = os.getpid()", source="a")
    assert run(code, source="two") == "two: its parser ended by itself (exit status 4)"
    assert run("import os; found = os.getpid()  # again", source="a") == before  # no process was lost


def test_one_process_reads_many_files(run: Run) -> None:
    assert len({run(f"import os; found = os.getpid()  # {n}") for n in range(5)}) == 1


def test_no_process_for_a_parser_is_said(run: Run) -> None:
    sandbox = Sandbox(1, command=(sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(
        UnreadableError, match=r"x: no process for its parser \(ended by itself \(exit status 7\)\)"
    ):
        sandbox.read(b"data", "x", PDF)


def test_a_pdf_is_read_and_drawn_as_in_this_process() -> None:
    data = typeset([Text(BlockKind.PARAGRAPH, "The pact was signed in Morava.")]).data
    sandbox = Sandbox(1)
    try:
        assert sandbox.read(data, "x", PDF) == read(data, "x")
        drawn = sandbox.picture(data, "x", 0, 200)
        with pytest.raises(UnreadableError, match="x: no page 2; it has 1"):
            sandbox.picture(data, "x", 1, 200)
    finally:
        sandbox.close()
    assert drawn.startswith(b"\x89PNG")


def test_what_comes_back_is_checked_for_what_it_is() -> None:
    scribe = Scribe()
    scribe.page()
    scribe.block(BlockKind.PARAGRAPH, "text")
    good = scribe.finish().dump()
    for bad in (b"{}", b"[]", good.replace(b'"blocks":[[', b'"blocks":[[7,'), b"\xff"):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Manuscript.parse(bad)
