"""What a language model writes from the passages found, its citations checked as they come."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from rag import filtering
from rag.citations import MarkedText
from rag.llm import LanguageModel
from rag.prompting import REFUSAL, answer_messages, is_refusal
from rag.schema import Answer, Checked, Event, Scope, Token

Writing = Generator[Event, None, Answer]  # events while writing, the whole answer at the end


def refusal(scope: Scope) -> str:
    """The refusal; where filters leave too little or nothing, that is why."""
    if not scope.filters:
        return REFUSAL
    return f"{REFUSAL} {filtering.summary(scope)}" if scope.searched else scope.trouble


def written(blank: Answer, model: LanguageModel) -> Writing:
    """What `model` writes from the hits of `blank`, its markers checked as they come."""
    marked, checked = MarkedText(blank.hits), 0
    for piece in model.stream(answer_messages(blank.standalone_question, blank.hits)):
        shown = marked.feed(piece)
        if shown:
            yield Token(shown)
        if marked.may_end_a_sentence(shown):
            complete = marked.sentences()[checked:-1]
            checked += len(complete)
            yield from map(Checked, complete)
    rest = marked.finish()
    if rest:
        yield Token(rest)
    if is_refusal(marked.text):
        return replace(blank, status="not_in_articles", text=refusal(blank.scope))
    sentences = marked.sentences()
    yield from map(Checked, sentences[checked:])
    return replace(
        blank,
        text=marked.text.strip(),
        sentences=tuple(sentences),
        citations=tuple(marked.citations()),
        dropped_markers=tuple(marked.dropped),
    )
