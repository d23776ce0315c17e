"""Options that verbs share, and the service they make. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.service import Service
    from api.settings import Settings

EXIT_USAGE = 2  # 0 is done, 1 found wanting
EXIT_DATA = 3  # data or environment


def _date(value: str | None) -> str | None:
    from api.dates import is_date

    if value and not is_date(value):
        raise typer.BadParameter(f"expected YYYY, YYYY-MM or YYYY-MM-DD, found {value!r}")
    return value


def _named(values: list[str] | None) -> list[str] | None:
    """A part of a name is enough, so that nothing at all would be a part of every one."""
    if values and not all(value.strip() for value in values):
        raise typer.BadParameter("expected a name, found none; leave the option out to look everywhere")
    return values


class Form(StrEnum):
    """How references are given: `rag.export.Format`, which is too heavy to import here, and JSON."""

    JSON = "json"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    CHICAGO = "chicago"
    APA = "apa"
    MLA = "mla"


class How(StrEnum):
    """How an answer is wanted: `api.service.Mode`, which is too heavy to import here."""

    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"


def _bibliography(value: Form | None) -> Form | None:
    if value is Form.JSON:
        raise typer.BadParameter("json is no form of a bibliography; --json prints all of the answer as JSON")
    return value


Bibliography = Annotated[
    Form | None,
    typer.Option(callback=_bibliography, help="Add the references of the answer in this form."),
]
Answer = Annotated[
    How | None,
    typer.Option(help="By the language model, or by sentences of the documents; without it, what is set up."),
]
Data = Annotated[
    Path | None, typer.Option("--data", help="Data folder (PINCITE_DATA).", show_default=".pincite/data")
]
Include = Annotated[
    list[str] | None,
    typer.Option("--include", help="Of folders and archives, only files like this: '*.pdf', 'reports/*'."),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Of folders and archives, no files like this: 'drafts/*'."),
]
Late = Annotated[
    str | None,
    typer.Option(
        "--late",
        help="How much to keep of tokens (PINCITE_LATE): off, small, default or full.",
        show_default="what the index keeps, else default",
    ),
]
Risk = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="Answer where the chance of an unsupported answer is at most this (PINCITE_RISK)."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
TopK = Annotated[int, typer.Option("--top-k", "-k", min=1, max=100, help="How many passages.")]
Author = Annotated[
    list[str] | None,
    typer.Option(callback=_named, help="Only passages of this author (repeat for any of several)."),
]
Section = Annotated[
    list[str] | None, typer.Option(callback=_named, help="Only sections with this in their title.")
]
Speaker = Annotated[list[str] | None, typer.Option(callback=_named, help="Only what this person says.")]
Document = Annotated[list[str] | None, typer.Option(callback=_named, help="Only this document (id or name).")]
From = Annotated[
    str | None,
    typer.Option("--from", callback=_date, help="Only documents of this date or later (YYYY[-MM[-DD]])."),
]
To = Annotated[
    str | None, typer.Option("--to", callback=_date, help="Only documents of this date or earlier.")
]


def settings(data: Path | None = None, **flags: object) -> Settings:
    """The settings of this call."""
    from api.settings import read_settings

    return read_settings(os.environ, None, data=data, **flags)


def service(data: Path | None = None, **flags: object) -> Service:
    """The service of this call."""
    from api.service import Service

    return Service(settings(data, **flags))
