"""Verbs about pages that may ask: site add, site list, site rm, and the snippet for them: widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from api.sites import Site, Sites

site = typer.Typer(
    help="Sites: pages of other origins that may ask, each with a public key and limits of its own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_MOST = 1_000_000


@site.command()
def add(
    name: Annotated[str, typer.Argument(help="What to call it, for people.")],
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Whose pages may ask: https://docs.example, https://*.docs.example for one label "
            "(repeat for several); without, the server's own pages alone.",
        ),
    ] = None,
    per_minute: Annotated[
        int | None, typer.Option(min=1, max=_MOST, help="Questions a minute.", show_default="60")
    ] = None,
    per_address: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST, help="Questions a minute from one address.", show_default="12"),
    ] = None,
    per_day: Annotated[
        int | None, typer.Option(min=1, max=_MOST, help="Questions a day.", show_default="2000")
    ] = None,
    at_once: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST, help="Answers that are written at once.", show_default="8"),
    ] = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Add a site, and print its key; a server that runs lets it in at once."""
    from dataclasses import asdict

    from api.cli import terminal

    limits = {
        "per_minute": per_minute,
        "per_address": per_address,
        "per_day": per_day,
        "at_once": at_once,
    }
    given = {limit: number for limit, number in limits.items() if number is not None}
    made = _sites(data).add(name, origin or (), **given)
    if as_json:
        terminal.print_json(asdict(made))
    else:
        terminal.out.print(f"{made.key}  {terminal.safe(made.name)}: {terminal.safe(_who(made))}")


@site.command("list")
def list_(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """List the sites."""
    from dataclasses import asdict

    from api.cli import terminal

    sites = _sites(data).all()
    if as_json:
        terminal.print_json([asdict(one) for one in sites])
        return
    rows = [
        (one.key, one.name, _who(one), *map(str, (one.per_minute, one.per_address, one.per_day, one.at_once)))
        for one in sites
    ]
    columns = ("key", "name", "origins", "a minute", "an address", "a day", "at once")
    terminal.out.print(terminal.table(columns, rows, right=columns[3:]))


@site.command()
def rm(
    key: Annotated[str, typer.Argument(help="The key of a site.")],
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Remove a site; its key opens nothing from now on."""
    from dataclasses import asdict

    from api.cli import terminal

    gone = _sites(data).remove(key)
    if as_json:
        terminal.print_json(asdict(gone))
    else:
        terminal.out.print(f"removed {gone.key}  {terminal.safe(gone.name)}")


def widget(
    site_key: Annotated[
        str | None, typer.Option("--site", metavar="KEY", help="Whose; where there is one, that one.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Where readers reach this server (PINCITE_PUBLIC_URL).")
    ] = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Print what to put into a page: the chat widget, and a link for those without scripts."""
    from dataclasses import asdict

    from api.cli import terminal
    from api.links import public
    from api.snippets import snippets

    chosen = options.settings(data, public_url=url)
    found = snippets(_one(_sites(data), site_key), public(chosen))
    if as_json:
        terminal.print_json(asdict(found))
        return
    for title, snippet in (
        ("This version and no other, checked by the browser", found.pinned),
        ("Whatever version the server has", found.moving),
        ("For readers without scripts, behind either", found.fallback),
    ):
        terminal.out.print(f"[dim]{title}:[/dim]")
        terminal.print_snippet(f"{snippet}\n\n")
    terminal.out.print(
        f"[dim]A page with a content security policy needs:[/dim] {terminal.safe(found.policy)}"
    )


def _one(sites: Sites, key: str | None) -> Site:
    from api.errors import SitesError

    if key:
        return sites.find(key)
    known = sites.all()
    if len(known) != 1:
        what = "no site here; `pincite site add NAME --origin https://…` adds one"
        raise SitesError(f"{len(known)} sites here; choose one with --site KEY" if known else what)
    return known[0]


def _sites(data: options.Data) -> Sites:
    from api.sites import Sites

    return Sites(options.settings(data).data)


def _who(made: Site) -> str:
    return ", ".join(made.origins) or "pages of this server alone"
