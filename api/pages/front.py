"""Whose page it is: the service's own, or that of a site; and what every page about the collection shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.pages.render import Policy
from api.service import Service
from index.errors import NoIndexError
from index.facets import Facets, Value
from index.listing import Heading, headings

_SUGGESTED = 6
_MOST = 10  # values of a facet to choose from with a click; others are typed
_OFFERED = 200  # values offered while typing


@dataclass(frozen=True, slots=True)
class Front:
    """A page's name and address; `site` is the public key of the site that it belongs to, if any."""

    name: str = "Pincite"
    home: str = "/"
    site: str = ""
    framed_by: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        """The path where quotations are verified."""
        return f"{self.home.rstrip('/')}/quote"

    def policy(self, *, kept: bool = True) -> Policy:
        """What its pages may do."""
        return Policy(forms=True, framed_by=self.framed_by, kept=kept)


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet in a form: some of its values with a box each, the chosen ones among them, others to type."""

    field: str
    name: str
    values: tuple[Value, ...]
    offered: tuple[Value, ...]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Collection:
    """What there is to ask about; `missing` where there is no index."""

    facets: Facets = field(default_factory=Facets)
    passages: int = 0
    headings: tuple[Heading, ...] = ()
    missing: bool = False

    @classmethod
    def of(cls, service: Service) -> Collection:
        """As it is now."""
        try:
            reader = service.reader()
            found = {heading.title: heading for heading in headings(reader.store, 2 * _SUGGESTED)}
            suggested = tuple(found.values())[:_SUGGESTED]  # documents may be called alike
            return cls(service.facets(), len(reader.snapshot()), suggested)
        except NoIndexError:
            return cls(missing=True)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to ask about."""
        return not self.facets.documents

    def choices(self, chosen: dict[str, tuple[str, ...]]) -> list[Choice]:
        """The facets that tell documents apart, and those that something is chosen of."""
        facets = self.facets
        known = (
            ("type", "Type", facets.types),
            ("author", "Author", facets.authors),
            ("speaker", "Speaker", facets.speakers),
        )
        return [
            _choice(field, name, values, chosen.get(field, ()))
            for field, name, values in known
            if len(values) > 1 or chosen.get(field) or (field == "speaker" and values)
        ]


def _choice(field: str, name: str, values: tuple[Value, ...], chosen: tuple[str, ...]) -> Choice:
    counted = {value.value: value for value in values}
    first = [counted.get(value, Value(value, 0)) for value in chosen]
    shown = [*first, *(value for value in values[:_MOST] if value.value not in chosen)]
    offered = values[_MOST : _MOST + _OFFERED] if len(values) > _MOST else ()
    return Choice(field, name, tuple(shown), offered, frozenset(chosen))
