from __future__ import annotations

import numpy as np

from index.testing import HashEncoder, exact_search


def test_the_hash_encoder_gives_the_same_vectors_everywhere() -> None:
    first, second = HashEncoder(), HashEncoder()
    assert first.identity == second.identity
    np.testing.assert_array_equal(first.encode_question("One two"), second.encode_question("one, TWO!"))


def test_texts_that_share_words_are_nearer() -> None:
    encoder = HashEncoder()
    gas, pipe, moon = encoder.encode_passages(["gas pipeline opened", "the gas pipeline", "moon landing"])
    assert gas @ pipe > 0.4 > abs(gas @ moon)


def test_vectors_have_unit_length_even_without_a_word() -> None:
    vectors = HashEncoder(dimension=8).encode_passages(["words", "", "😀 …"])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


def test_another_seed_is_another_encoder() -> None:
    assert HashEncoder().identity.fingerprint != HashEncoder(seed="b").identity.fingerprint


def test_what_was_embedded_is_counted_and_questions_are_not() -> None:
    encoder = HashEncoder()
    encoder.encode_passages(["a", "b"])
    encoder.encode_question("c")
    assert encoder.encode_passages([]).shape == (0, 64)
    assert encoder.encoded == 2


def test_the_tokens_of_the_hash_encoder_are_its_words() -> None:
    encoder = HashEncoder(dimension=8)
    embedding = encoder.embed_question("Gas, gas: oil")
    np.testing.assert_array_equal(embedding.vector, encoder.encode_question("Gas, gas: oil"))
    assert embedding.starts.tolist() == [0, 5, 10]
    np.testing.assert_allclose(embedding.tokens[0], encoder.encode_question("gas"), rtol=1e-6)
    np.testing.assert_array_equal(embedding.tokens[0], embedding.tokens[1])
    assert encoder.embed_question("…").tokens.shape == (0, 8)


def test_a_hash_encoder_may_be_without_tokens() -> None:
    encoder = HashEncoder(tokens=False)
    assert encoder.token_dimension == 0
    assert [e.tokens.shape for e in encoder.embed_passages(["one", "two"])] == [(0, 0)] * 2


def test_long_words_count_as_several_tokens() -> None:
    assert HashEncoder().count_tokens(["", "one two", "incomprehensibilities"]) == [0, 2, 4]


def test_exact_search_ranks_by_inner_product_and_breaks_ties_by_key() -> None:
    vectors = np.asarray([[1, 0], [0, 1], [0, 1], [0.6, 0.8]], np.float32)
    hits = exact_search(np.asarray([4, 3, 2, 1]), vectors, np.asarray([0, 1], np.float32), 3)
    assert hits.keys.tolist() == [2, 3, 1]
    np.testing.assert_allclose(hits.scores, [1, 1, 0.8])
