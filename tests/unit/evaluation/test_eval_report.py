"""The report: a documented form, byte-equal but for its times, and a page that runs nothing."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from rag.errors import QuestionsError
from rag.evaluation.changes import changes
from rag.evaluation.report import as_json, load_report, report, scores, tokens
from rag.evaluation.report_html import as_html
from rag.evaluation.table import text
from tests.unit.evaluation.made import (
    GIVEN,
    REFUSED,
    cited,
    declined,
    failed,
    made,
    outcome,
    said,
    shown,
)

ROOT = Path(__file__).parents[3]
EVIL = "<script>alert(1)</script><img src='http://x.invalid/' onerror=alert(2)>"


def without_times(whole: dict[str, Any]) -> str:
    return as_json({key: value for key, value in whole.items() if key != "times"})


def test_two_runs_differ_in_times_alone() -> None:
    first, second = outcome(seconds=0.1), outcome(seconds=7.0)
    one, other = report([first], {"a": 1}), report([second], {"a": 1})
    assert without_times(one) == without_times(other)
    assert one["times"] != other["times"]


def test_every_key_is_documented() -> None:
    documented = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    whole = made(outcome(), declined())
    keys = {*whole, *whole["summary"], *whole["questions"][0], *whole["questions"][0]["got"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in documented] == []
    figures = whole["summary"]["figures"]
    assert [name for name in figures if f"`{name}`" not in documented] == []


def test_a_pair_of_numbers_takes_one_line() -> None:
    whole = made(outcome(answer="so [\n 1,\n 2\n]"))
    lines = as_json(whole)
    assert '"right": [1.0, 1.0]' in lines
    assert json.loads(lines) == whole


def test_scores_hold_no_word_of_an_article() -> None:
    words = "the secret words of the article"
    item = outcome(
        GIVEN, answer=words, citations=(cited(quote=words),), hits=(shown(text=words),),
        sentences=(said(words),),
    )  # fmt: skip
    assert words in as_json(made(item))
    assert words not in as_json(scores(made(item)))
    assert "so it is" not in as_json(scores(made(item)))  # the evidence


def test_a_report_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    whole = made(outcome(), failed(), declined())
    file.write_text(as_json(whole), encoding="utf-8")
    assert load_report(file) == whole


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("{", "it is not JSON"),
        ('{"summary": {}}', "is no report; make one: byline eval"),
        ('{"format": "byline-evaluation", "version": 99}', "of version 99; this byline reads 1"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: str | None, words: str) -> None:
    file = tmp_path / "r.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(QuestionsError) as raised:
        load_report(file)
    assert words in str(raised.value)


def test_tokens_and_their_cost() -> None:
    items = [
        outcome(tokens={"input": 1000, "output": 50}), outcome(tokens={"input": 500, "output": 50}),
        outcome(),
    ]  # fmt: skip
    assert tokens(items, (2.0, 10.0)) == {
        "questions": 2, "input": 1500, "output": 100, "cost": 0.004,
    }  # fmt: skip
    assert tokens([outcome()], (2.0, 10.0)) is None
    whole = report(items[:1], {}, price=(2.0, 10.0))
    assert "tokens: 1,000 read, 50 written, cost 0.0025" in text(whole)


def test_the_table_names_what_went_wrong() -> None:
    lines = text(made(outcome(), outcome(answer="No. [1]"), declined(), outcome(REFUSED), failed()))
    assert "answered right 1 of 3, declined right 1 of 2, failed 1" in lines
    assert "wrong words (1)\n  1  Why?\n    “so it is” was found at rank 1." in lines
    assert "→ No. [1]" in lines
    assert "should have abstained (1)" in lines
    assert "failed (1)\n  4  Why?\n    the model was silent" in lines


def test_nothing_of_an_article_or_question_is_run() -> None:
    question = replace(
        GIVEN, question=EVIL, type=EVIL, must_contain=((EVIL,),), evidence=(EVIL,), answers=(EVIL,)
    )
    items = [
        outcome(
            question, answer=EVIL, citations=(cited(file=EVIL, quote=EVIL, speaker=EVIL),),
            hits=(shown(EVIL, text=EVIL),), notes=(EVIL,), asked=EVIL, judge="wrong",
            judge_reason=EVIL, sentences=(said(EVIL, 1, support="partial", reasons=(EVIL,)),),
        ),
        declined(answer=EVIL),
        replace(failed(), got=replace(failed().got, error=EVIL)),
    ]  # fmt: skip
    whole = made(*items, settings={"llm": EVIL, "threshold": 0.2}, model=EVIL)
    page = as_html(whole, changes(made(outcome(), failed(), declined()), whole), [EVIL])
    root = html.document_fromstring(page)
    assert len(root.findall(".//script")) == 1
    assert root.findall(".//img") == []
    assert [a for node in root.iter() for a in node.attrib if str(a).startswith("on")] == []
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy[0].startswith("default-src 'none'")
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert "<mark>&lt;script&gt;" in page


def test_the_page_has_a_row_for_each_question_and_the_plots() -> None:
    items = (outcome(), declined(), failed(), outcome(answer="No."), outcome(REFUSED, chance=0.7))
    root = html.document_fromstring(as_html(made(*items, settings={"threshold": 0.2})))
    rows = root.xpath("//details[contains(@class, 'q ')]")
    assert [row.get("data-reason") for row in rows] == [
        "right", "right", "failed", "wrong words", "should have abstained",
    ]  # fmt: skip
    assert len(root.xpath("//figure//svg")) == 5
    assert {mark.text for mark in root.xpath("//details//mark")} == {"so"}


def test_a_report_of_one_question_has_a_page_too() -> None:
    for item in (outcome(), declined(), failed()):
        assert "<h1>Evaluation</h1>" in as_html(made(item))
