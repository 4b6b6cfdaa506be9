"""Replies in the shapes that language models write: what is shown, checked, cited and refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering.layout import laid_out, paired
from rag.answering.telling import Telling
from rag.models.embedding import Embedder
from rag.models.prompts import REFUSAL
from rag.schema import Answer, Article, Checked, Hit, Part, Restarted, Scope, Token
from tests.unit.building import article, hit

ROOT = Path(__file__).parents[3]
FORMS = ROOT.parent / "shared" / "model" / "forms.jsonl"
WRITTEN = ROOT.parent / "shared" / "bench" / "written" / "written.dev.jsonl"
REPLIES = [
    json.loads(line)
    for line in (ROOT / "tests/fixtures/replies.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def made(title: str, outlet: str, day: date, text: str, comment: str = "") -> list[Hit]:
    whole = f"{text}\n\n{comment}" if comment else text
    parts = (Part("body", 0, len(text)), Part("comment", len(text) + 2, len(whole)))
    source = article(
        whole, path=title, title=title, outlet=outlet, published=day, parts=parts if comment else ()
    )
    found = [hit(source, 0, len(text), header=title)]
    return [*found, hit(source, len(text) + 2, kind="comment", header=title)] if comment else found


HITS = [
    *made(
        "Storm closes Tarn Pass", "The Fell Courier", date(2021, 5, 3),
        "The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six "
        "hours. Roads chief Ilse Brandt said “nobody should drive up tonight”.",
    ),
    *made(
        "Tarn Pass open again", "Lakeside Post", date(2021, 5, 5),
        "The Tarn Pass was opened to lorries on Tuesday evening after ploughs cleared the snow. "
        "Drivers need chains until Thursday, the county said.",
    ),
    *made(
        "What the snow cost", "Lakeside Post", date(2021, 5, 9),
        "Clearing the snow from the Tarn Pass cost the county 18,000 crowns, its treasurer Olaf "
        "Merrin said. The council had set aside 12,000 crowns for the whole winter.",
        "They close the pass every spring and nobody ever asks the farmers. "
        "Put the money into a tunnel.",
    ),
    *made(
        "Bakery prize goes to Lindow", "The Fell Courier", date(2021, 6, 9),
        "The bakery of Jonas Lindow won the golden loaf for its rye bread on Friday. "
        "The jury of seven praised the crust.",
    ),
    *made(
        "Farmers cut off for two days", "The Fell Courier", date(2021, 5, 6),
        "Eleven farms above the pass were cut off for two days. Farmer Runa Hald said her goats "
        "had eaten the last of the hay.",
    ),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a reply, and the passages (from 1) that its sentences are credited with."""

    answer: Answer
    shown: str
    sentences: list[list[Any]]


def told(
    pieces: Iterable[str],
    embedder: Embedder | None = None,
    question: str = "What happened?",
    hits: Sequence[Hit] = HITS,
    refusal: str = REFUSAL,
) -> Told:
    telling = Telling(hits, question, refusal, embedder)
    events = [event for piece in pieces for event in telling.feed(piece)]
    events += telling.finish()
    begins = [at for at, event in enumerate(events, start=1) if isinstance(event, Restarted)]
    events = events[max(begins, default=0) :]
    blank = Answer(
        question, question, "answered", "", (), (), tuple(hits), (), "t:m", scope=Scope(9, 9)
    )
    answer = telling.answer(blank)
    checked = [event.sentence for event in events if isinstance(event, Checked)]
    assert checked == list(answer.sentences)
    at = {c.number: [h.passage.id for h in hits].index(c.passage.id) + 1 for c in answer.citations}
    fresh = [c for event in events if isinstance(event, Token) for c in event.citations]
    assert [c.number for c in fresh] == [c.number for c in answer.citations]
    shown = "".join(event.text for event in events if isinstance(event, Token))
    return Told(answer, shown, [[s.text, [at[n] for n in s.citations]] for s in answer.sentences])


@pytest.mark.parametrize(("language", "support"), [("de", "supported"), (None, "unsupported")])
def test_too_short_an_answer_is_read_in_the_language_of_its_question(
    language: str | None, support: str
) -> None:
    telling = Telling(HITS, language=language)
    _ = [*telling.feed("Genau 18.000 [3]."), *telling.finish()]
    assert [item.support for item in telling.sentences] == [support]


# --- the replies of the fixture


@pytest.mark.parametrize("reply", REPLIES, ids=[item["id"] for item in REPLIES])
def test_a_reply_is_shown_and_credited(reply: dict[str, Any], embedder: Embedder) -> None:
    got = told([reply["reply"]], embedder, reply["question"])
    assert got.answer.status == reply["status"]
    assert got.shown == got.answer.text == reply["text"]
    assert got.sentences == reply["sentences"]


@pytest.mark.parametrize("reply", REPLIES, ids=[item["id"] for item in REPLIES])
def test_a_reply_cut_into_letters_is_the_same(reply: dict[str, Any], embedder: Embedder) -> None:
    whole = told([reply["reply"]], embedder, reply["question"])
    assert told(reply["reply"], embedder, reply["question"]) == whole


@pytest.mark.parametrize("reply", REPLIES, ids=[item["id"] for item in REPLIES])
def test_each_sentence_is_found_again_where_it_is_shown(
    reply: dict[str, Any], embedder: Embedder
) -> None:
    answer = told([reply["reply"]], embedder, reply["question"]).answer
    found = [
        sentence for _, sentence in paired(laid_out(answer.text), answer.sentences) if sentence
    ]
    assert found == list(answer.sentences)


def test_the_model_s_own_verdict_is_never_shown(embedder: Embedder) -> None:
    for reply in REPLIES:
        shown = told([reply["reply"]], embedder, reply["question"]).shown
        assert "NOT_IN_ARTICLES" not in shown
        assert "PARTLY" not in shown


@pytest.mark.parametrize(
    ("reply", "status", "shown"),
    [
        ("PARTLY PARTLY It closed [1].", "answered", "It closed [1]."),
        ("PARTLY\nNOT_IN_ARTICLES It closed [1].", "answered", "It closed [1]."),
        ("NOT_IN_ARTICLES [1]", "not_in_articles", REFUSAL),
        ("I'm sorry, but I can't help with that.", "not_in_articles", REFUSAL),
        ("NOT_IN_ARTICLES PARTLY It closed [1].", "not_in_articles", "It closed [1]."),
        ("It closed [1]. PARTLY The rest is open.", "answered", "It closed [1]. The rest is open."),
        ("- It closed [1].\n- PARTLY: why.", "answered", "- It closed [1].\n- why."),
        ("It was PARTLY closed [1].", "answered", "It was PARTLY closed [1]."),
        ("So. PARTLY CLOUDY it is [1].", "answered", "So. PARTLY CLOUDY it is [1]."),
    ],
)
def test_a_verdict_counts_once_and_where_it_begins_the_reply(
    reply: str, status: str, shown: str
) -> None:
    answer = told([reply]).answer
    assert (answer.status, answer.text) == (status, shown)


# --- the forms that were collected

# The passages each sentence is credited with; None: a refusal.
CREDITED: dict[str, list[tuple[int, ...]] | None] = {
    "a01": [(1,)], "a02": [(1,)], "a03": [(1,), (3,)], "a04": [(1, 2, 5)] * 3,
    "a05": [(2,), (1,), ()], "a06": [(1,), (2,)], "a07": [(1,), (2,)], "a08": [(1,), (8,)],
    "a09": [(1, 5), (1, 5)], "a10": None, "a11": [(2,)], "a12": None, "a13": [(2,), (7,)],
    "a14": [(1,), (1,)], "a15": [(1,)], "a17": [(1,)], "b01": [(1,)], "b02": [(8,), (6,)],
    "b03": [(3,), (2,)], "b04": [(1,)], "b06": [(1, 7)], "b07": None, "b08": [(5,), (2,), (2,)],
    "b09": [(1, 3, 4, 5, 6)], "b11": None, "b12": [(1,)], "c01": [(1, 2, 3)], "c05": [(2,)] * 3,
    "c06": [(1, 2), (3,)], "c12": None, "c13": [(8,), (8,)],
}  # fmt: skip


def test_the_collected_forms(embedder: Embedder) -> None:
    if not FORMS.is_file():
        pytest.skip(f"{FORMS} is not here")
    rows = [json.loads(line) for line in FORMS.read_text(encoding="utf-8").splitlines()]
    got = {}
    for row in rows:
        hits = [_collected(number, item) for number, item in enumerate(row["passages"])]
        whole = told([row["reply"]], embedder, row["question"], hits)
        assert told(row["reply"], embedder, row["question"], hits) == whole
        declined = whole.answer.status == "not_in_articles"
        got[row["id"]] = None if declined else [tuple(numbers) for _, numbers in whole.sentences]
        assert whole.answer.dropped_markers == ()
        assert not any(sign in whole.shown for sign in ("【", "<sup", "†", "\\[", "Sources", "```"))
    assert got == CREDITED


def test_the_labelled_answers_are_split_and_credited_as_people_did(embedder: Embedder) -> None:
    if not WRITTEN.is_file():
        pytest.skip(f"{WRITTEN} is not here")
    left_out = []
    for row in map(json.loads, WRITTEN.read_text(encoding="utf-8").splitlines()):
        hits = [_collected(number, item) for number, item in enumerate(row["passages"])]
        got = told([row["answer"]], embedder, row["question"], hits)
        assert got.answer.status == "answered"
        wanted = [[item["text"], item["citations"]] for item in row["sentences"]]
        assert [item for item in wanted if item in got.sentences] == got.sentences
        left_out += [text for text, _ in wanted if text not in dict(got.sentences)]
    assert all("the passages" in text.casefold() for text in left_out)


def _collected(number: int, given: dict[str, Any]) -> Hit:
    day = None if given["published"] in (None, "None") else date.fromisoformat(given["published"])
    source = Article(
        f"p{number}", given["title"], given["title"], None, given["outlet"], day, None,
        given["text"], (Part(given["kind"], 0, len(given["text"])),),
    )  # fmt: skip
    return hit(source, kind=given["kind"], header=given["title"] or "")


def test_what_only_looks_like_a_source_in_parentheses_stays() -> None:
    for aside in ("(3 May)", "(Tarn Pass)", "(May 2021)", "(the snow)", "(on Friday)"):
        got = told([f"The pass was closed {aside}."])
        assert got.shown == f"The pass was closed {aside}."


# --- refusals


def test_a_bare_refusal_is_shown_in_byline_s_words(embedder: Embedder) -> None:
    limited = f"{REFUSAL} Searched 1 of 9 articles."
    for reply in ("NOT_IN_ARTICLES", "I could not find that in the passages."):
        got = told([reply], embedder, refusal=limited)
        assert (got.answer.status, got.shown, got.sentences) == ("not_in_articles", limited, [])


def test_the_parts_of_a_refusal_that_cite_are_kept(embedder: Embedder) -> None:
    tail = "The golden loaf went to the bakery of Jonas Lindow [5]."
    by_words = told([f"The articles do not say who won the regatta. {tail}"], embedder)
    by_verdict = told([f"NOT_IN_ARTICLES\n{tail}"], embedder)
    assert (by_words.answer.status, by_verdict.answer.status) == ("answered", "not_in_articles")
    assert by_words.sentences == by_verdict.sentences == [[tail.replace(" [5]", ""), [5]]]
    assert [s.support for s in by_words.answer.sentences] == ["supported"]


@pytest.mark.parametrize(
    "reply",
    [
        "The minister did not answer [1].",
        "The police report does not name the driver [1].",
        "The articles say that he did not resign.",
        "No one was hurt [1].",
        "18,000 crowns.",
        "Jonas Lindow.",
        "It was not Brandt who closed the pass.",
        "“I could not find it in the articles,” she said [1].",
    ],
)
def test_what_is_denied_in_the_world_is_no_refusal(reply: str, embedder: Embedder) -> None:
    got = told([reply], embedder)
    assert got.answer.status == "answered"
    assert len(got.sentences) == 1


def test_nothing_but_courtesy_is_no_answer() -> None:
    telling = Telling(HITS)
    assert list(telling.feed("Let me know if you need more.\n\n---\n")) == []
    assert list(telling.finish()) == []
    assert telling.empty


# --- cut anywhere

PIECE = st.sampled_from(
    [
        "The pass was closed", " at noon", ". ", "! ", "? ", ": ", "\n", "\n\n", " [1]", " (1)",
        " (2).", "^1", "^[2]", "[Source 3]", "\\[4\\]", "<sup>5</sup>", "<sup>", "</sup>",
        "【1†source】", "[", "]", "(", ")", "passage 2", "passages 1 and 3", " 3,112", "[1](#x)",
        "(#y)", "²", "^", "- ", "* ", "1. ", "| ", " |", "|---|---|\n", "**", "## ", "> ",
        "```\n", "---\n", "<br>", "&amp;", "Sources:\n", "References: ", "Quellen",
        "[^1]: Storm closes Tarn Pass\n", "(Source: ", "Lakeside Post", "Tarn Pass open again",
        "NOT_IN_ARTICLES", "PARTLY", REFUSAL, "The articles do not say who won.",
        "Let me know if you need more.", "Sure!", "Here is a summary:",
        "Die Artikel beantworten diese Frage nicht.", "港は閉鎖された。", "“", "”", '"', "<think>",
        "</think>", "a", "I", "Not stated", " and ", ", ", "\ue001", "<answer>",
    ]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECE, max_size=25), st.data())
def test_the_result_does_not_depend_on_where_the_stream_is_cut(
    parts: list[str], data: st.DataObject
) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = told([text])
    assert told(pieces) == whole
    assert told(text) == whole
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in whole.answer.text)


@given(st.lists(PIECE, max_size=25))
def test_sentences_stand_where_they_are_shown_and_cite_what_is_there(parts: list[str]) -> None:
    answer = told(["".join(parts)]).answer
    assert bool(paired(laid_out(answer.text), answer.sentences)) or not answer.sentences
    numbers = [item.number for item in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for item in answer.citations:
        assert item.article.text[item.quote_start : item.quote_end] == item.quote
        assert f"[{item.number}]" in answer.text


def test_thinking_aloud_begins_the_answer_anew() -> None:
    assert told(["Perhaps [2]. Or [3].</think>The pass was closed [1]."]).sentences == [
        ["The pass was closed.", [1]]
    ]
