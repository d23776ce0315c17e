"""What became of the sources of `add` and `sync`: a line each, the refusals by their reasons, the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from api import listing
from api.cli import terminal
from index.plan import Change, Outcome

_LISTED = 20  # sources of one kind
_REASONS, _NAMED = 10, 3  # reasons, and sources that are named for each
_ORDER = (
    Change.ADDED,
    Change.CHANGED,
    Change.RENAMED,
    Change.REMOVED,
    Change.DUPLICATE,
    Change.UNCHANGED,
    Change.REFUSED,
    Change.PASSED_OVER,
)
_STYLE = {Change.REFUSED: "red", Change.REMOVED: "yellow", Change.ADDED: "green", Change.CHANGED: "green"}
_NEAR = "  alike with another"


def show(outcomes: Sequence[Outcome], verb: str, *, dry_run: bool = False) -> None:
    """Print what became of sources, long lists in part, then how many and how long they are of each kind.

    `verb` is what was called, by which the whole is had.
    """
    shortened = False
    for change in _ORDER:
        own = [outcome for outcome in outcomes if outcome.change is change]
        if change is Change.REFUSED:
            shortened |= _refusals(own)
        elif change is Change.PASSED_OVER:
            _passed_over(own)
        elif change is not Change.UNCHANGED:
            shortened |= _lines(change, own)
    if shortened:
        terminal.out.print(f"[dim]`pincite {verb} … --json` lists all[/dim]")
    _sums(outcomes, dry_run=dry_run)


def _lines(change: Change, outcomes: Sequence[Outcome]) -> bool:
    """A line for each source, those that there is something to say of first; whether some are left out."""
    telling = sorted(outcomes, key=lambda outcome: not (outcome.detail or outcome.notes))
    kept = {id(outcome) for outcome in telling[:_LISTED]}
    colour = _STYLE.get(change, "cyan")
    for outcome in outcomes:
        if id(outcome) not in kept:
            continue
        plural = "" if outcome.passages == 1 else "s"
        passages = f" ({outcome.passages} passage{plural})" if outcome.passages else ""
        detail = f": {outcome.detail}" if outcome.detail else ""
        told = terminal.safe(outcome.source + passages + detail)
        terminal.out.print(f"[{colour}]{change.value:>9}[/{colour}]  {told}")
        for note in outcome.notes:
            terminal.out.print(f"           [yellow]note[/yellow] {terminal.safe(note)}")
    if more := len(outcomes) - len(kept):
        terminal.out.print(f"[{colour}]{change.value:>9}[/{colour}]  [dim]and {more:,} more[/dim]")
    return more > 0


def _refusals(outcomes: Sequence[Outcome]) -> bool:
    """Each reason with the sources that were refused for it, the most frequent first."""
    by_reason: dict[str, list[str]] = {}
    for outcome in outcomes:
        by_reason.setdefault(_reason(outcome), []).append(outcome.source)
    reasons = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    for reason, sources in reasons[:_REASONS]:
        terminal.out.print(
            f"[red]  refused[/red]  {terminal.safe(', '.join(_some(sources)))}: {terminal.safe(reason)}"
        )
    rest = reasons[_REASONS:]
    if rest:
        count = sum(len(sources) for _, sources in rest)
        terminal.out.print(f"[red]  refused[/red]  [dim]and {count:,} more for other reasons[/dim]")
    return bool(rest) or any(len(sources) > _NAMED + 1 for sources in by_reason.values())


def _passed_over(outcomes: Sequence[Outcome]) -> None:
    """Kinds of files that were not looked at, the most frequent first."""
    kinds = Counter(PurePosixPath(outcome.source).suffix or "no suffix" for outcome in outcomes)
    most = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    if most:
        told = ", ".join(f"{kind} ({count:,})" for kind, count in most[:_REASONS])
        more = " and other kinds" if len(kinds) > _REASONS else ""
        terminal.out.print(f"   passed  {terminal.safe(told + more)}: {outcomes[0].detail}")


def _reason(outcome: Outcome) -> str:
    """Why a source was refused, without its name, which the message of an error begins with."""
    reason = outcome.detail or "no reason is known"
    names = (outcome.source, outcome.source.rpartition("/")[2])
    return next((reason[len(name) + 2 :] for name in names if reason.startswith(f"{name}: ")), reason)


def _some(sources: Sequence[str]) -> Iterator[str]:
    most = len(sources) if len(sources) <= _NAMED + 1 else _NAMED  # `and 1 more` is no shorter than a name
    yield from sources[:most]
    if more := len(sources) - most:
        yield f"and {more:,} more"


def _sums(outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    """How many of each kind, and of how many characters; of what is refused nobody knows."""
    rows: list[tuple[str, str, str]] = []
    for change in _ORDER:
        own = [outcome for outcome in outcomes if outcome.change is change]
        if own:
            rows.append(_row(change.value, own))
        if like := [outcome for outcome in own if outcome.twins]:
            rows.append(_row(_NEAR, like))
    if len(outcomes) > 1:
        rows.append(_row("all", outcomes))
    if not rows:
        terminal.out.print("nothing to do")
        return
    head = "would be" if dry_run else "outcome"
    terminal.out.print()
    terminal.out.print(terminal.table((head, "files", "characters"), rows, right=("files", "characters")))


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    characters = sum(outcome.characters for outcome in outcomes)
    return name, f"{len(outcomes):,}", f"{characters:,}" if characters else "\N{EN DASH}"


def plain(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Outcomes as plain values; the id is null where there is no document."""
    return [
        listing.change(outcome).model_dump(mode="json") | {"id": outcome.document_id} for outcome in outcomes
    ]
