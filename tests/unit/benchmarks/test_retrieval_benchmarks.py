"""The rules by which the retrieval benchmarks count, and the excerpts they make."""

import json
import lzma
import math
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.retrieval import scoring
from benchmarks.retrieval.data import Asked, Data, Source, first_copies, load_multihop, load_news
from benchmarks.retrieval.excerpts import Excerpt, alter, excerpts
from benchmarks.retrieval.running import cell, table
from benchmarks.retrieval.runs import Returned, Run, ask_all, read_run, write_run
from benchmarks.retrieval.scoring import folded, holds, interval, mcnemar, ranking, read

RANKINGS = [["x", "a", "y", "b"], ["c"], ["x", "y"], []]
GOLD = [frozenset("ab"), frozenset("c"), frozenset("d"), frozenset("e")]


def gain(ranks: Sequence[int]) -> float:
    return sum(1 / math.log2(1 + rank) for rank in ranks)


def test_rankings_are_judged_as_by_hand() -> None:
    pytest.importorskip("ir_measures", reason="needs pip install ir-measures")
    values = scoring.judge(RANKINGS, GOLD)
    assert values["hit@1"] == [0, 1, 0, 0]
    assert values["hit@3"] == [1, 1, 0, 0]
    assert values["mrr@10"] == [1 / 2, 1, 0, 0]
    assert values["ndcg@10"] == pytest.approx([gain([2, 4]) / gain([1, 2]), 1, 0, 0])


def test_only_the_first_ten_count() -> None:
    pytest.importorskip("ir_measures", reason="needs pip install ir-measures")
    late = [[*"0123456789", "a"]]
    values = scoring.judge(late, [frozenset("a")])
    assert {name: each[0] for name, each in values.items()} == dict.fromkeys(values, 0.0)


def test_recall_is_the_share_of_gold_found() -> None:
    pytest.importorskip("ir_measures", reason="needs pip install ir-measures")
    values = scoring.judge(RANKINGS, GOLD, {"recall@2": "R@2", "recall@4": "R@4"})
    assert values == {"recall@2": [0.5, 1, 0, 0], "recall@4": [1, 1, 0, 0]}


def test_an_article_stands_where_its_first_passage_does() -> None:
    copies = {"a": "a", "b": "b", "copy of a": "a"}
    assert ranking(["b", "copy of a", "b", "a"], copies) == ["b", "a"]


def test_copies_are_articles_of_one_text() -> None:
    articles = [Source("1", "One", "A ferry\nsank."), Source("2", "Two", "A ferry sank. ")]
    assert first_copies(articles) == {"1": "1", "2": "1"}


@pytest.mark.parametrize(
    ("text", "answer", "found"),
    [
        ("In 1925 it sank.", "25", False),
        ("About 25% sank.", "25%", True),
        ("The city’s mayor", "citys mayor", True),
        ("Beyoncé sang.", "beyonce", True),
        ("New\nYork", "new york", True),
        ("Newer York", "new york", False),
        ("Nothing", "—", False),
    ],
)
def test_an_answer_stands_in_a_text_as_whole_words(text: str, answer: str, found: bool) -> None:
    assert holds(text, [answer]) is found


def test_texts_are_judged_in_rank_order_up_to_the_budget() -> None:
    texts = [["no", "it was Oman", "no"], ["x" * 3999, "Oman"], ["x" * 3995, "Oman"]]
    values = scoring.judge_texts(texts, [("Oman",)] * 3)
    assert values["answer@1"] == [0, 0, 0]
    assert values["answer@3"] == [1, 1, 1]
    assert values["answer in 4,000"] == [1, 0, 1]
    assert read(["ab", "cd"], 4) == "ab\nc"


def test_mcnemar_is_the_binomial_test_of_the_pairs_that_differ() -> None:
    ours, theirs = [1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0]
    assert mcnemar(ours, theirs) == pytest.approx(2 * 0.5**5)
    assert mcnemar(ours, ours) == 1
    assert mcnemar([1, 0], [0, 1]) == 1


def test_the_best_peer_is_the_one_with_the_fewest_misses() -> None:
    peers = {"good": {"hit@1": [1.0, 1, 0, 0]}, "bad": {"hit@1": [1.0, 0, 0, 0]}}
    got = scoring.against_best("hit@1", {"hit@1": [1.0, 1, 1, 0]}, peers)
    assert (got["best peer"], got["ratio"], got["misses"]) == ("good", 0.5, 1)
    assert 0 <= got["interval"][0] <= 0.5 <= got["interval"][1]


@pytest.mark.parametrize(("ours", "ratio"), [([1.0, 1.0], 1.0), ([1.0, 0.0], math.inf)])
def test_a_peer_without_misses(ours: list[float], ratio: float) -> None:
    got = scoring.against_best("hit@1", {"hit@1": ours}, {"best": {"hit@1": [1.0, 1.0]}})
    assert got["ratio"] == ratio


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=30))
def test_the_interval_holds_the_mean(values: list[float]) -> None:
    low, high = interval(values)
    assert 0 <= low <= round(sum(values) / len(values), 4) <= high <= 1


WORDS = [f"word{at}" for at in range(400)]


def articles() -> Data:
    """Three articles, the last a copy of the first within more text."""
    texts = [" ".join(WORDS[:200]), " ".join(WORDS[200:]), " ".join(["More,", *WORDS[:200]])]
    made = tuple(Source(f"a{at}", "Headline", text) for at, text in enumerate(texts))
    return Data(made, (), first_copies(made))


def test_excerpts_are_in_the_text_and_known_in_every_article() -> None:
    data = articles()
    texts = {item.id: item.text for item in data.articles}
    for item in excerpts(data, 30):
        assert texts[item.article_id][item.start : item.end] == item.words
        assert item.article_id in item.gold
        assert item.gold == {key for key, text in texts.items() if item.words in text}
        assert 25 <= len(item.words.split()) <= 40


def test_one_seed_makes_one_set_of_excerpts() -> None:
    assert excerpts(articles(), 5) == excerpts(articles(), 5)
    assert excerpts(articles(), 5) != excerpts(articles(), 5, seed=12)


PUNCTUATED = "“Well–known,” she said – ‘fine’ ... don't A.B. won’t stop the last-word —".split()


@given(st.lists(st.sampled_from(PUNCTUATED), min_size=3), st.randoms(use_true_random=False))
def test_altering_keeps_the_words_at_the_edges(inner: list[str], chance: random.Random) -> None:
    words = " ".join(["“Well–known,”", *inner, "won’t."])
    altered = alter(words, chance)
    assert altered != words
    before, after = folded(words).split(), folded(altered).split()
    assert (before[0], before[-1]) == (after[0], after[-1])
    assert set(after) <= set(before)


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    results = ((Returned("a", "One\u2028line"), Returned("b", "")), ())
    file = tmp_path / "runs" / "run.jsonl"
    write_run(file, Run(results, {"key": "k"}))
    assert read_run(file, "k") == Run(results, {"key": "k"})
    assert read_run(file, "another") is None
    assert read_run(tmp_path / "none.jsonl", "k") is None


def test_texts_that_are_not_read_are_not_kept(tmp_path: Path) -> None:
    long = tuple(Returned(f"{at}", "x" * 500) for at in range(20))
    write_run(tmp_path / "run", Run((long,), {"key": "k"}))
    kept = read_run(tmp_path / "run", "k")
    assert kept is not None
    assert [bool(item.text) for item in kept.results[0]] == [True] * 10 + [False] * 10


def test_more_is_asked_for_where_ten_articles_are_not_reached() -> None:
    def ask(question: str, k: int) -> list[Returned]:
        return [Returned(str(at // 10), "") for at in range(k)]

    (got,) = ask_all(ask, [Asked("q", "?", frozenset())], depth=20, wider=200).results
    assert list(dict.fromkeys(item.article_id for item in got)) == [str(at) for at in range(20)]


def test_tables_are_markdown() -> None:
    assert table(["a", "b"], [[0.5, None], [1.0, 3]]).split("\n") == [
        "| a | b |",
        "| --- | --- |",
        "| .500 | – |",
        "| 1.000 | 3 |",
    ]
    assert cell(12.5) == "12"


def test_a_part_of_the_news_keeps_every_gold_article(tmp_path: Path) -> None:
    rows = [{"id": f"a{at}", "title": "T", "text": f"text {at}"} for at in range(20)]
    with lzma.open(tmp_path / "articles.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    question = {"id": "q", "question": "?", "answers": ["x"], "articles": ["a19", "a3"]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    data = load_news(tmp_path, articles=5, questions=1)
    assert len(data.articles) == 5
    assert data.questions[0].gold <= {item.id for item in data.articles}
    assert load_news(tmp_path).key != data.key


def test_excerpts_of_the_real_articles(shared: Path) -> None:
    folder = shared / "bench" / "news2025"
    if not folder.is_dir():
        pytest.skip("needs the data set ../shared/bench/news2025")
    data = load_news(folder, articles=300, questions=20)
    texts = {item.id: item.text for item in data.articles}
    made: list[Excerpt] = excerpts(data, 40)
    for item in made:
        assert " ".join(texts[item.article_id][item.start : item.end].split()) == item.words
        before, after = folded(item.words).split(), folded(item.altered).split()
        assert (before[0], before[-1]) == (after[0], after[-1])


def test_the_facts_and_questions_agree(shared: Path) -> None:
    folder = shared / "bench" / "multihop"
    if not folder.is_dir():
        pytest.skip("needs the data set ../shared/bench/multihop")
    data = load_multihop(folder)
    known = {item.id for item in data.articles}
    assert all(question.gold <= known for question in data.questions)
    assert {q.type for q in data.questions if not q.gold} == {"null_query"}
