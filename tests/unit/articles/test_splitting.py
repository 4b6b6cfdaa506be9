import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.articles.splitting import HEADER_TOKENS, Limits, split
from rag.models.embedding import Embedder
from rag.schema import Article, Part


def article(text: str, parts: tuple[Part, ...] = (), title: str | None = "A title") -> Article:
    return Article("a" * 16, "a.txt", title, None, None, None, None, text, parts)


def token_starts(text: str) -> list[int]:
    """A stand-in for the encoder's tokenizer: words, cut into pieces of four letters."""
    return [at for m in re.finditer(r"\S+", text) for at in range(m.start(), m.end(), 4)]


WORDS = st.text(alphabet="abc é漢😀.\r\n\u00a0\u2028“”’-", max_size=400)


@given(WORDS)
@example("word " * 20_000)
@example("x" * 100_000)
@example("One. Two.\r\nThree\u00a0four")
def test_every_passage_is_the_slice_it_says(text: str) -> None:
    limits = Limits(words=12, overlap_sentences=1, tokens=40)
    whole = article(text)
    passages = split(whole, token_starts, limits)
    covered = 0
    for number, passage in enumerate(passages):
        assert whole.text[passage.start : passage.end] == passage.text
        assert passage.number == number
        assert passage.text == passage.text.strip() != ""
        assert len(passage.text.split()) <= limits.words
        assert len(token_starts(passage.indexed_text)) + 2 <= limits.tokens
        assert text[covered : passage.start].strip() == ""  # nothing is left out
        covered = max(covered, passage.end)
    assert text[covered:].strip() == ""
    assert len({passage.id for passage in passages}) == len(passages)


def test_passages_end_at_sentence_ends_and_overlap_by_a_sentence() -> None:
    text = " ".join(f"Sentence number {n} has exactly seven words." for n in range(12))
    passages = split(article(text), token_starts, Limits(words=22, overlap_sentences=1))
    assert all(passage.text.endswith("words.") for passage in passages)
    for before, after in zip(passages, passages[1:], strict=False):
        assert before.text.endswith(after.text[: after.text.index(".") + 1])


def test_a_passage_never_crosses_from_the_article_into_its_comments() -> None:
    text = "The body says so.\n\nA reader says no."
    parts = (Part("body", 0, 17), Part("comment", 19, 36))
    kinds = [(p.text, p.kind) for p in split(article(text, parts), token_starts, Limits())]
    assert kinds == [("The body says so.", "body"), ("A reader says no.", "comment")]


def test_a_very_long_headline_leaves_room_for_text() -> None:
    passages = split(article("Some text.", title="word " * 500), token_starts, Limits(tokens=256))
    assert len(token_starts(passages[0].header)) <= HEADER_TOKENS
    assert passages[0].text == "Some text."


def test_the_passage_that_begins_with_the_headline_does_not_say_it_twice() -> None:
    text = "Ferry Sunk\n\n" + " ".join(f"Sentence {n} has five words." for n in range(40))
    item = replace(article(text, title="Ferry sunk"), author="Ada Fenwick")
    first, *others = split(item, token_starts, Limits(words=50))
    assert first.indexed_text.casefold().count("ferry sunk") == 1
    assert first.header == "Ada Fenwick"
    assert others
    assert {passage.header for passage in others} == {"Ferry sunk. Ada Fenwick"}


@pytest.mark.parametrize("text", ["word " * 3000, "a1-" * 5000, "漢字" * 3000, "Ж" * 9000])
def test_no_passage_is_longer_than_the_encoder_reads(text: str) -> None:
    embedder = Embedder()
    limits = Limits(words=200, tokens=embedder.max_tokens)
    for passage in split(article(text), embedder.token_starts, limits):
        assert len(embedder.token_starts(passage.indexed_text)) + 2 <= embedder.max_tokens
