"""Fixtures of all rooms."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings

from corpus.sources import walk
from rag.testing import Collection

if TYPE_CHECKING:
    from index.encoder import SentenceEncoder

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports huggingface_hub: tests need no network

settings.register_profile("patient", deadline=None)  # on a busy machine an example may take its time
settings.load_profile("patient")


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The real default encoder, in float32 so that its figures are the same on every processor."""
    import torch

    from index.encoder import EncoderConfig, load_encoder
    from index.records import Precision

    torch.set_num_threads(1)  # on a busy machine, threads that wait for each other take fifty times as long
    return load_encoder(EncoderConfig(precision=Precision.FLOAT32))


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, encoder: SentenceEncoder) -> Iterator[Collection]:
    """The sample documents, indexed with the real encoder, once for all processes. Not to be changed."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    collection, done = Collection(shared / "samples", encoder), shared / "samples.done"
    with FileLock(shared / "samples.lock"):
        if not done.exists():
            with as_file(files("corpus").joinpath("samples")) as folder:
                collection.add(walk([folder]))
            done.touch()
    yield collection
    collection.close()
