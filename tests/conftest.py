"""Fixtures of all rooms."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from index.encoder import SentenceEncoder

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports huggingface_hub: tests need no network


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The real default encoder, in float32 so that its figures are the same on every processor."""
    from index.encoder import EncoderConfig, load_encoder
    from index.records import Precision

    return load_encoder(EncoderConfig(precision=Precision.FLOAT32))
