"""The command line put together; each verb imports what it needs when it runs."""

from __future__ import annotations

import typer

from api.cli import ask, bench, chat, check, cite, documents, evaluate, quotes, serve, sites, structure

app = typer.Typer(
    name="pincite",
    help="Ask your documents; every answer is pinned to the exact characters it rests on.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich's help costs a tenth of a second
    pretty_exceptions_enable=False,
)
app.command()(documents.add)
app.command()(documents.sync)
app.command("list")(documents.list_)
app.command()(documents.show)
app.command()(documents.rm)
app.command()(ask.search)
app.command("ask")(ask.ask)
app.command()(chat.chat)
app.command("cite")(cite.cite)
app.add_typer(quotes.app, name="quote")
app.command()(check.check)
evaluate.app.command()(structure.structure)
app.add_typer(evaluate.app, name="eval")
app.command()(bench.bench)
app.command()(evaluate.demo)
app.command("serve")(serve.serve)
app.add_typer(sites.site, name="site")
app.command()(sites.widget)
app.command()(serve.mcp)
app.command()(serve.doctor)
app.command()(serve.rebuild)
app.command()(serve.config)
app.command()(serve.version)
