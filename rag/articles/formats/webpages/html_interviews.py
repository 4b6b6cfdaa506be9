"""Interviews whose questions are bold or headings: whose words the answers are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.articles.bylines import read_byline
from rag.articles.cleaning import one_line
from rag.articles.drafts import is_prose
from rag.articles.formats.webpages.html_quotes import mark_block
from rag.articles.personal_names import is_name
from rag.text import lexicon

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_HEADINGS = ("h2", "h3", "h4", "h5")
_BOLD = ("b", "strong")
_ASKS = re.compile(r"\?[\s”\"»’]*$")
_QUOTED = re.compile(r"[“„«\"][^“”„«»\"]*[”“»\"]")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2  # questions of an interview
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w’'-]+"
_SMALL = "|".join(sorted(lexicon.words("titles", "particles")))
_NAME = re.compile(rf"\b{_CAPITAL}(?:\s+(?:(?:{_SMALL})\s+){{0,2}}{_CAPITAL}){{1,3}}")


def mark_interview(tree: HtmlElement, people: list[str]) -> None:
    """Mark the answers of a page's interview as its one interviewee's, who joins `people`."""
    _part_questions(tree)
    questions = [element for element in tree.iter("p", *_HEADINGS) if _is_question(element)]
    if len(questions) < _LEAST:
        return
    who = _interviewee(tree, questions[0])
    answers = [answer for question in questions for answer in _answers(question, who)]
    if who is None or not any(_is_own(answer.text_content()) for answer in answers):
        return
    for answer in answers:
        mark_block(answer, len(people))
    people.append(who)


def _part_questions(tree: HtmlElement) -> None:
    """Make a paragraph of each bold question that opens the paragraph of its answer."""
    from lxml import html  # type: ignore[import-untyped, unused-ignore]

    for element in list(tree.iter("p")):
        first = element[0] if len(element) and not (element.text or "").strip() else None
        if first is None or first.tag not in _BOLD or not _ASKS.search(first.text_content()):
            continue
        if one_line(first.text_content()) == one_line(element.text_content()):
            continue
        question = html.Element("p")
        element.addprevious(question)
        element.text, first.tail = first.tail, None
        question.append(first)
        if len(element) and element[0].tag == "br" and not (element.text or "").strip():
            element[0].drop_tag()


def _is_question(element: HtmlElement) -> bool:
    text = one_line(element.text_content())
    if not _ASKS.search(text):
        return False
    bold = "".join(b.text_content() for b in element.iter(*_BOLD))
    return element.tag in _HEADINGS or one_line(bold) == text


def _is_own(text: str) -> bool:
    """Whether somebody speaks of himself; what explains something by questions does not."""
    words = {word.casefold() for word in _WORD.findall(_QUOTED.sub(" ", text))}
    return bool(words & lexicon.words("abroad", "first_person"))


def _answers(question: HtmlElement, who: str | None) -> list[HtmlElement]:
    """The paragraphs between a question and the next, up to one that speaks of the interviewee."""
    found: list[HtmlElement] = []
    for element in question.itersiblings():
        if element.tag not in ("p", "ul", "ol") or _is_question(element):
            return found
        text = one_line(element.text_content())
        slanted = one_line("".join(e.text_content() for e in element.iter("i", "em")))
        if (who and who.split()[-1] in text) or (text and slanted == text):
            return found
        if element.tag == "p" and text:
            found.append(element)
    return found


def _interviewee(tree: HtmlElement, question: HtmlElement) -> str | None:
    """The one person whom the sentences before the first question name; else None."""
    lines: list[str] = []
    for element in tree.iter("p", "h1", *_HEADINGS):
        if element is question:
            break
        text = one_line(element.text_content())
        if element.tag == "p" and is_prose(text) and read_byline(text) is None:
            lines.append(text)
    names = {match[0] for line in lines for match in _NAME.finditer(line)}
    names = {name for name in names if is_name(name)}
    whole = [n for n in names if not any(other != n and n.endswith(other) for other in names)]
    return whole[0] if len(whole) == 1 else None
