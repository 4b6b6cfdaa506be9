"""What could not be checked, and what a model judged, is said wherever an answer is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lxml import html

from rag.checking.support import OTHER_LANGUAGE
from rag.export import footnotes
from rag.export.contract import answer_json
from rag.export.verdicts import label, remark
from rag.schema import Answer, Sentence
from rag.web.conversation import Exchange
from rag.web.html import answers, clipboard
from tests.unit.building import hit, model_answer

UNCHECKED = f"({OTHER_LANGUAGE})"

BASE = "https://news.example"  # of permalinks


def told(**changes: object) -> Answer:
    got = model_answer("Es kostete 9 [1]. Er ging [1].", [hit("It cost 9. He left.")])
    first, second = got.sentences
    first = replace(first, support="supported", reasons=(OTHER_LANGUAGE,), **changes)  # type: ignore[arg-type]
    return replace(got, sentences=(first, replace(second, support="supported")))


def printed(answer: Answer, form: str) -> str:
    return footnotes.printed([answer], form, date(2024, 3, 4), BASE).decode()


def shown(answer: Answer) -> html.HtmlElement:
    return html.fragment_fromstring(answers.turn(Exchange("x", answer=answer), 1), "main")


def test_what_was_not_checked_is_said_of_its_sentence_alone() -> None:
    answer = told()
    page = shown(answer)
    assert [item.text_content() for item in page.find_class("why")] == [OTHER_LANGUAGE]
    assert not page.xpath("//*[contains(@class, 'partial') or contains(@class, 'unsupported')]")
    assert (
        "1 of 2 sentences backed by sources · 1 not checked, in another language"
        in page.text_content()
    )
    assert clipboard.copied(answer).plain.count(UNCHECKED) == 1
    assert printed(answer, ".md").count(f"*{UNCHECKED}*") == 1
    assert printed(answer, ".html").count(UNCHECKED) == 1
    first, second = answer_json(answer, BASE)["sentences"]
    assert (first["support"], first["reasons"]) == ("supported", [OTHER_LANGUAGE])
    assert (second["reasons"], second["judged_by"]) == ([], "rules")


def test_a_models_verdict_is_labelled_as_its_own() -> None:
    answer = told(judged_by="t:m")
    (why,) = shown(answer).find_class("why")
    assert why.text_content() == f"Backed by its sources, says t:m {OTHER_LANGUAGE}"
    assert "(backed by its sources, says t:m: " in clipboard.copied(answer).plain
    assert f"backed by its sources, says t:m: {OTHER_LANGUAGE}" in printed(answer, ".html")
    assert answer_json(answer, BASE)["sentences"][0]["judged_by"] == "t:m"


def test_a_sentence_that_cites_nothing_is_said_to_be_without_a_source() -> None:
    assert remark(Sentence("It cost 9.", (), "unsupported", ("no citation",))) == (
        "without a source: no citation"
    )
    assert label(Sentence("It cost 9.", (1,), "unsupported")) == "not backed by its sources"
    assert label(Sentence("It cost 9.", (), "supported")) == ""
