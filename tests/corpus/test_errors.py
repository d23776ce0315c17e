from __future__ import annotations

import re

import pytest

from corpus import errors
from corpus.errors import CorpusError, MetadataError, PinciteError, ProvenanceError, UnreadableError


def test_the_tree_is_as_drawn() -> None:
    """Each error of this file stands in the docstring under the one it inherits from."""
    drawn = re.findall(r"^([│├└─ ]*)(\w+)", errors.__doc__ or "", re.MULTILINE)
    depths = {name: len(lead) // 4 for lead, name in drawn}
    classes = [PinciteError, CorpusError, UnreadableError, MetadataError, ProvenanceError]
    assert {cls.__name__: len(cls.__mro__) - len(PinciteError.__mro__) for cls in classes} == {
        cls.__name__: depths[cls.__name__] for cls in classes
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PinciteError, "error"),
        (CorpusError, "document_refused"),
        (UnreadableError, "document_unreadable"),
        (MetadataError, "metadata_invalid"),
        (ProvenanceError, "provenance_broken"),
    ],
)
def test_codes_are_stable(error: type[PinciteError], code: str) -> None:
    assert error.code == code
