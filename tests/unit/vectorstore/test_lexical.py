"""BM25 alone: what a query means, and what the note beside the index is for."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import StoreUnavailable
from rag.schema import Kind, Passage
from vectorstore.lexical import LexicalIndex

TEXTS = {
    "a:0": "The central bank raised interest rates on Tuesday.",
    "a:1": "Interest in gardening rose; nobody raised an objection.",
    "b:0": "Rates, rates, rates: the bank speaks of nothing else.",
    "b:1": "Zürich café owners don't mind the U.S. economy's 3.5% growth.",
    "c:0": "The the the of and to be or not to be.",
}


def passage(id_: str, text: str, *, header: str = "", kind: Kind = "body") -> Passage:
    article, number = id_.split(":")
    return Passage(id_, article, int(number), 0, len(text), text, header, kind)


@pytest.fixture
def words(tmp_path: Path) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "lexical")
    index.add(passage(id_, text) for id_, text in TEXTS.items())
    index.commit("id", 1)
    return index


def found(index: LexicalIndex, query: str, k: int = 10) -> list[str]:
    return [id_ for id_, _ in index.search(query, k)]


def test_more_of_the_words_ranks_higher(words: LexicalIndex) -> None:
    assert found(words, "Did the bank raise interest rates?") == ["a:0", "b:0", "a:1"]


def test_scores_are_bm25(words: LexicalIndex) -> None:
    """One term in one of five passages, by the formula: idf * tf * (k1 + 1) / (tf + norm)."""
    lengths = [8, 8, 9, 14, 11]  # words of each passage, stop words included
    idf = math.log(1 + (5 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 8 / (sum(lengths) / 5))
    assert words.search("gardening", 5) == [
        ("a:1", pytest.approx(idf * 2.2 / (1 + norm), rel=1e-4))
    ]


def test_an_article_is_held_against_the_length_of_articles(words: LexicalIndex) -> None:
    """The same formula with three articles, of 16, 23 and 11 words."""
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 16 / (50 / 3))
    assert words.articles("gardening", 5) == [
        ("a", pytest.approx(idf * 2.2 / (1 + norm), rel=1e-4))
    ]
    assert [id_ for id_, _ in words.articles("bank rates", 5)] == ["b", "a"]
    assert words.articles("bank rates", 5, {"a"})[0][0] == "a"
    words.delete(["a"])
    words.commit("id", 2)
    assert words.articles("gardening", 5) == []


def test_a_rarer_word_tells_more(words: LexicalIndex) -> None:
    rarity = words.rarity(words.words("gardening interest rates nowhere"))
    assert rarity["garden"] > rarity["interest"] == rarity["rate"]
    assert rarity["nowher"] == max(rarity.values())
    assert words.words("The rates and the RATE") == ["rate", "rate"]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("RATES", "b:0"),
        ("objections", "a:1"),
        ("zürich", "b:1"),
        ("don’t mind", "b:1"),
        ("3.5%", "b:1"),
        ('bank AND "rates" OR (speaks:', "b:0"),
        ("gardening~2^5 [a TO z] NOT *", "a:1"),
        ("text:gardening -gardening", "a:1"),
    ],
)
def test_a_query_is_words_not_a_language(words: LexicalIndex, query: str, best: str) -> None:
    assert found(words, query)[0] == best


@pytest.mark.parametrize("query", ["", "  ", "?!… «»", "the of and", "*", "to be or not to be"])
def test_nothing_to_look_for_finds_nothing(words: LexicalIndex, query: str) -> None:
    assert found(words, query) == []


@given(query=st.text(max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_fails(words: LexicalIndex, query: str) -> None:
    scores = [score for _, score in words.search(query.encode("utf-8", "replace").decode(), 3)]
    assert scores == sorted(scores, reverse=True)


def test_a_pasted_page_is_a_query(words: LexicalIndex) -> None:
    assert "a:1" in found(words, "gardening " * 500 + " ".join(f"w{n}" for n in range(5000)))


def test_the_header_counts(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([passage("a:0", "It rose again.", header="Inflation, Reuters, 2 May 2024")])
    index.commit("id", 1)
    assert found(index, "inflation may") == ["a:0"]


def test_filters_do_not_touch_the_score(words: LexicalIndex) -> None:
    everything = dict(words.search("bank rates", 10))
    assert words.search("bank rates", 10, {"b", "unknown"}) == [("b:0", everything["b:0"])]
    assert words.search("bank rates", 10, kinds=("comment",)) == []
    assert words.search("bank rates", 10, kinds=("comment", "body")) == list(everything.items())


def test_deleting_takes_an_article_with_all_its_passages(words: LexicalIndex) -> None:
    words.delete(["a", "unknown"])
    assert "a:0" in found(words, "interest rates")  # not before the commit
    words.commit("id", 2)
    assert found(words, "interest rates") == ["b:0"]


def test_the_note_says_which_state_it_is(words: LexicalIndex) -> None:
    assert words.is_at("id", 1)
    assert not words.is_at("id", 2)
    assert not words.is_at("other", 1)
    words.add([passage("d:0", "Not committed.")])
    words.release()
    again = LexicalIndex(words.folder)
    assert again.is_at("id", 1)
    assert found(again, "committed") == []


def test_a_rebuild_replaces_everything(words: LexicalIndex) -> None:
    reader = LexicalIndex(words.folder)
    words.rebuild([passage("z:0", "Only this.")], "id", 7)
    assert found(words, "only") == ["z:0"]
    assert found(words, "bank") == []
    reader.reload()
    assert found(reader, "only") == ["z:0"]
    assert reader.is_at("id", 7)


def test_a_missing_index_finds_nothing(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "none")
    assert found(index, "bank") == []
    assert not index.is_at("id", 0)
    assert not (tmp_path / "none").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    index = LexicalIndex(tmp_path / "file" / "lexical")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        index.add([passage("a:0", "text")])
