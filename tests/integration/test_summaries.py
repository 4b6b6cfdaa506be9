"""Summaries, timelines and comparisons over the sample articles, with the bundled models."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.answering.evidence import Evidence, gather
from rag.resources import Resources
from rag.retrieval.finding import found_for, understand
from rag.retrieval.intent import Intent
from tests import samples


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with samples.opened(tmp_path_factory.mktemp("sample") / "index") as opened:
        yield opened


def asked(question: str, intent: Intent, resources: Resources) -> Evidence:
    query = replace(understand(question, resources), intent=intent, parts=())
    return gather(query, found_for(query, resources), resources)


def test_an_article_is_summarised_from_the_whole_of_it(resources: Resources) -> None:
    found = asked("Summarise the Freight & Fairway article", "summary", resources)

    assert found.settled
    assert {item.hit.article.outlet for item in found.extracts} == {"Freight & Fairway"}
    assert 4 <= len(found.extracts) <= 7
    assert [item.start for item in found.extracts] == sorted(item.start for item in found.extracts)
    for item in found.extracts:
        assert item.hit.passage.kind == "body"
        assert item.hit.passage.start <= item.start < item.end <= item.hit.passage.end


def test_what_an_author_argues_comes_from_her_column(resources: Resources) -> None:
    found = asked("What are the main arguments of Cordelia Wynstrake?", "summary", resources)

    assert {item.hit.article.author for item in found.extracts} == {"Cordelia Wynstrake"}
    assert any("flatter itself" in item.words for item in found.extracts)
    assert not any("appears on Saturdays" in item.words for item in found.extracts)


def test_a_topic_is_told_by_its_sources_in_order_of_time(resources: Resources) -> None:
    found = asked("What happened in the strike?", "summary", resources)

    days = [day for item in found.extracts if (day := item.hit.article.published)]
    assert days == sorted(days)
    assert len(days) >= 4
    assert len({item.source for item in found.extracts}) == len(found.extracts) <= 7


def test_of_what_no_article_is_about_there_is_no_summary(resources: Resources) -> None:
    assert not asked("Summarise the news about Madagascar", "summary", resources).settled


def test_a_timeline_has_a_line_an_event_by_its_own_date(resources: Resources) -> None:
    found = asked("Timeline of the strike", "timeline", resources)

    lines = [fact.text for fact in found.facts]
    assert 3 <= len(lines) <= 12
    assert all(re.match(r"(?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4}: ", line) for line in lines)
    first = next(line for line in lines if line.startswith("4 March 2024: "))
    assert "switched off its last crane" in first
    march = next(n for n, line in enumerate(lines) if line.startswith("9 March 2024: "))
    settled = next(n for n, line in enumerate(lines) if line.startswith("4 April 2024: "))
    assert march < settled
    for fact in found.facts:
        hit, start, end = fact.places[0]
        assert " ".join(hit.article.text[start:end].split())[-20:] == fact.text[-20:]


def test_both_sides_are_told_and_labelled(resources: Resources) -> None:
    question = "Compare what the Chamber of Commerce and Professor Dellmore say about the cost"
    found = asked(question, "comparison", resources)

    told = [fact.text for fact in found.facts]
    assert any("Chamber of Commerce" in text and "340 million" in text for text in told)
    assert any(text.startswith("Ishaan Dellmore, in ") and "145 million" in text for text in told)


def test_a_side_that_says_nothing_is_named(resources: Resources) -> None:
    question = "Compare what Marit Oldane and the Queen of Sheba say about strike pay"
    found = asked(question, "comparison", resources)

    assert any(
        fact.text.startswith("Of “Queen of Sheba” I found no sentence") for fact in found.facts
    )
