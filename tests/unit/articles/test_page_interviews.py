"""Interviews on web pages whose answers carry no name."""

from __future__ import annotations

import pytest

from rag.articles.files import read_data
from rag.speakers.attribution import speaker

INTRO = "Tove Brandt has led the harbour of Kolvik since 2019. Mira Olsen met her at the quay."
ONE = "Tove Brandt has led the harbour of Kolvik since 2019, and she wants to stay there for long."
TWO = "No, we have not signed any contract, and we shall not sign one before the autumn comes."
MORE = "The cranes are old, the basin is shallow, and the town has no money left for either."
ASKED = ("Have you signed the contract?", "Will you resign if the town says no?")
FORMS = ["<p><b>{}</b></p><p>", "<p><strong>{}</strong></p><p>", "<h3>{}</h3><p>",
         "<p><strong>{}</strong><br>"]  # fmt: skip


def who(body: str, words: str) -> str | None:
    page = f"<html><body><article><h1>No contract yet</h1>{body}</article></body></html>"
    (article,) = read_data(page.encode(), ".html", "a.html").articles
    start = article.text.index(words)
    assert "⍟" not in article.text
    return speaker(article, start, start + len(words))


def interview(intro: str, form: str) -> str:
    first, second = (form.format(question) for question in ASKED)
    return f"<p>{intro}</p>{first}{TWO}</p><p>{MORE}</p>{second}I will not. {MORE[::-1]}.</p>"


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_the_one_who_is_introduced(form: str) -> None:
    body = interview(ONE, form)
    assert who(body, TWO) == "Tove Brandt"
    assert who(body, MORE) == "Tove Brandt"
    assert who(body, "I will not.") == "Tove Brandt"
    assert {who(body, question) for question in ASKED} == {None}


@pytest.mark.parametrize("form", FORMS)
def test_nobody_answers_where_two_are_introduced(form: str) -> None:
    assert who(interview(INTRO, form), TWO) is None


def test_a_page_with_one_bold_question_is_no_interview() -> None:
    body = f"<p>{ONE}</p><p><b>What now?</b></p><p>{TWO}</p><p>{MORE}</p>"
    assert who(body, TWO) is None


def test_what_explains_by_questions_is_no_interview() -> None:
    first, second = (FORMS[2].format(question) for question in ("Why is it shut?", "What now?"))
    body = f"<p>{ONE}</p>{first}The basin is full of mud, says the town.</p>{second}{MORE}</p>"
    assert who(body, MORE) is None
