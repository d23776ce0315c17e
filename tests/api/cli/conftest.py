"""The command line in this process, over the fake encoder, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.__main__ import main
from api.cli import options
from api.service import Service
from index.testing import HashEncoder

TOWER = """---
title: The Tower
author: Ada Lind
issued: 2021
type: report
---
# The Tower

## History

The tower was built in 1905.[^1] It is red.

[^1]: Archive of Morava.
"""


@dataclass(frozen=True)
class Done:
    """What a call of the command line came to."""

    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with two documents."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "tower.md").write_text(TOWER, encoding="utf-8")
    (folder / "quay.txt").write_text("The quay is 900 metres long.\n", encoding="utf-8")
    return folder


@pytest.fixture
def pincite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Pincite]:
    """Run a verb; the data folder is `tmp_path / "data"`."""
    with ExitStack() as stack:

        def service(data: Path | None = None, **flags: object) -> Service:
            made = Service(options.settings(data, **flags), lambda _: HashEncoder(), patience_s=0)
            stack.callback(made.close)
            return made

        def run(*arguments: str | Path) -> Done:
            with pytest.raises(SystemExit) as ended:
                main([str(argument) for argument in arguments])
            out, err = capsys.readouterr()
            assert isinstance(ended.value.code, int)
            return Done(ended.value.code, out, err)

        monkeypatch.setattr(options, "service", service)
        monkeypatch.setenv("PINCITE_DATA", str(tmp_path / "data"))
        for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"):
            monkeypatch.delenv(name, raising=False)  # no language model of whoever runs the tests
        monkeypatch.chdir(tmp_path)  # no pincite.toml of whoever runs the tests
        yield run
