"""A language model behind somebody else's OpenAI-compatible server: `transformers serve`, on this machine.

The model is made here by hand: it knows which word follows which, and says one sentence whatever it is asked.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import httpx2
import pytest

from api.endpoint import Endpoint, EndpointConfig
from rag.answer import answer
from rag.errors import GeneratorError
from rag.generate import generate
from rag.records import Message, MessageRole, Outcome, Question, Reply
from rag.testing import Collection

pytestmark = pytest.mark.slow

WORDS = ["The", "pact", "was", "signed", "at", "Morava", "in", "1998", "[1]", "."]
SAID = "The pact was signed at Morava in 1998 [1] ."
SIZE = 64  # of the model: a direction for each token


def make_model(folder: Path) -> None:
    """A Llama whose layers do nothing, and whose output tells the next word."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    vocabulary = ["<unk>", "<assistant>", *WORDS, "<end>"]
    inside = Tokenizer(models.WordLevel({word: n for n, word in enumerate(vocabulary)}, unk_token="<unk>"))
    inside.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inside,
        unk_token="<unk>",
        eos_token="<end>",
        pad_token="<end>",
        additional_special_tokens=["<assistant>"],
    )
    tokenizer.chat_template = "{% for m in messages %}{{ m['content'] }} {% endfor %}<assistant>"
    tokenizer.save_pretrained(folder)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(vocabulary),
            hidden_size=SIZE,
            intermediate_size=SIZE,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=32_768,
            eos_token_id=len(vocabulary) - 1,
            pad_token_id=len(vocabulary) - 1,
            bos_token_id=None,
            tie_word_embeddings=False,
        )
    )
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "layernorm" not in name and "norm" not in name:
                weights.zero_()
        for n in range(len(vocabulary)):
            model.model.embed_tokens.weight[n, n] = 1.0
            model.lm_head.weight[min(n + 1, len(vocabulary) - 1), n] = 10.0
    model.save_pretrained(folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, subprocess.Popen[bytes]]]:
    """The address of the server, the name of its model, and its process."""
    pytest.importorskip("accelerate", reason="the server needs it: pip install -e '.[dev]'")
    folder = tmp_path_factory.mktemp("model")
    make_model(folder)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from transformers.cli.transformers import main; main()"
    arguments = [str(folder), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    with (tmp_path_factory.mktemp("log") / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "serve", *arguments], stdout=log, stderr=log, env=environment
        )
        try:
            for _ in range(240):
                try:
                    if httpx2.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                        break
                except httpx2.HTTPError:
                    assert process.poll() is None, Path(log.name).read_text(encoding="utf-8")
                sleep(0.5)
            yield f"http://127.0.0.1:{port}/v1", str(folder), process
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait(20)


@pytest.fixture
def endpoint(server: tuple[str, str, object]) -> Iterator[Endpoint]:
    """With patience, for a busy machine."""
    made = Endpoint(EndpointConfig(server[0], model=server[1], timeout_s=120, tries=1))
    yield made
    made.close()


def ask(endpoint: Endpoint) -> list[str]:
    messages = [Message(MessageRole.SYSTEM, "Be brief."), Message(MessageRole.USER, "When was it signed?")]
    return list(endpoint.generate(messages, Event()))


def test_its_answer_is_read_piece_by_piece(endpoint: Endpoint) -> None:
    pieces = ask(endpoint)
    assert "".join(pieces).split() == SAID.split()
    assert len(pieces) > 3


def test_a_question_is_answered_with_it(endpoint: Endpoint, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "data")
    collection.add({"pact.txt": "The pact was signed at Morava in 1998.\n", "b.txt": "It rains a lot.\n"})
    tools = collection.tools()
    before = answer(Question("When was the pact signed?"), tools, collection.store)
    *_, reply = generate(before, tools, collection.store, endpoint)
    collection.close()
    assert isinstance(reply, Reply)
    assert reply.answer
    assert reply.answer.text == "The pact was signed at Morava in 1998."
    assert reply.generation
    assert reply.generation.outcome is Outcome.ANSWERED


def test_when_it_hangs_we_do_not(server: tuple[str, str, subprocess.Popen[bytes]]) -> None:
    url, name, process = server
    endpoint = Endpoint(EndpointConfig(url, model=name, timeout_s=1, tries=1))
    process.send_signal(signal.SIGSTOP)
    start = monotonic()
    try:
        with pytest.raises(GeneratorError, match="did not answer in time"):
            ask(endpoint)
        assert 0.9 < monotonic() - start < 3
    finally:
        process.send_signal(signal.SIGCONT)
        endpoint.close()
