"""Extracts as an answer's text, from made-up articles."""

from datetime import date

from rag.answering.candidates import Extract
from rag.answering.disagreement import Stated, Value
from rag.answering.extractive import each_source, extract
from rag.answering.fact import Fact
from rag.answering.generate import Writing
from rag.answering.writer import reported, told
from rag.schema import Answer, Checked, Event, Scope, Token
from tests.unit.building import article, hit, query

BLANK = Answer("Q?", "Q?", "answered", "", (), (), (), (), "extractive", scope=Scope(2, 2))


def said(words: str, outlet: str, day: int, score: float = 1.0, origin: str = "") -> Extract:
    text = f"{words} It rained."
    source = article(text, path=f"{outlet}.txt", outlet=outlet, published=date(2024, 3, day))
    return Extract(hit(source, origin=origin), 0, len(words), 1, score, 0.5)


def run(writing: Writing) -> tuple[list[Event], Answer]:
    events: list[Event] = []
    try:
        while True:
            events.append(next(writing))
    except StopIteration as stop:
        return events, stop.value


def test_words_are_verbatim_with_source_and_number_and_stream_as_they_end_up() -> None:
    extracts = [said("The quay was shut on Friday.", "Echo", 4), said("It opened.", "Sun", 5)]
    events, answer = run(reported(BLANK, query("Q?"), extracts))
    assert answer.text == (
        "Echo, 4 March 2024: The quay was shut on Friday. [1]\n\nSun, 5 March 2024: It opened. [2]"
    )
    assert "".join(e.text for e in events if isinstance(e, Token)) == answer.text
    assert tuple(e.sentence for e in events if isinstance(e, Checked)) == answer.sentences
    assert [c.quote for c in answer.citations] == ["The quay was shut on Friday.", "It opened."]
    assert {s.support for s in answer.sentences} == {"supported"}


def test_an_articles_own_markers_are_no_citations() -> None:
    _, answer = run(reported(BLANK, query("Q?"), [said("The quay [7] was shut.", "Echo", 4)]))
    assert answer.text.count("[") == 1
    assert answer.text.endswith("[1]")


def test_differing_sources_come_first_side_by_side() -> None:
    few, many = said("8 ships lay there.", "Echo", 4), said("17 ships lay there.", "Sun", 5)
    stated = [Stated(few, Value("8", (8, 8))), Stated(many, Value("17", (17, 17)))]
    _, answer = run(reported(BLANK, query("How many ships lay there?"), [many], stated))
    first = answer.sentences[0]
    assert first.text == (
        "The articles give different figures for ships: 8 (Echo, 4 March 2024); "
        "17 (Sun, 5 March 2024, the newest)."
    )
    assert (first.citations, first.support) == ((1, 2), "supported")
    assert [c.article.outlet for c in answer.citations] == ["Echo", "Sun"]
    assert answer.disagreements[0].sides[1].newest


def test_a_fact_about_articles_cites_each_once() -> None:
    item = said("By Ada Roe.", "Echo", 4)
    _, answer = run(told(BLANK, [Fact("One article.", ((item.hit, 0, 10),), is_known=True)]))
    assert answer.text == "One article. [1]"
    assert answer.citations[0].quote == "By Ada Roe"


def test_a_question_over_articles_gets_each_source_once_by_date() -> None:
    ranked = [
        said("The Sun said the quay was shut.", "Sun", 9, 2.0),
        said("A copy said the quay was shut.", "Copy", 1, 1.8, "wire"),
        said("The wire said the quay was shut.", "Wire", 2, 1.6, "wire"),
        said("The Echo said the quay was shut.", "Echo", 4, 1.0),
        said("Something else.", "Star", 3, -3.0),
    ]
    found = extract(query("What do the articles say about the quay?"), ranked, most=3)
    assert [item.hit.article.outlet for item in found] == ["Copy", "Echo", "Sun"]
    assert each_source([], most=3) == []


def test_a_question_of_fact_gets_what_is_nearly_as_good_as_the_best() -> None:
    ranked = [said("The quay was shut.", "Sun", 9, 2.0), said("It rained there.", "Sky", 9, 0.2)]
    assert extract(query("When was it shut?"), ranked, most=3) == ranked[:1]
