"""Questions and what they got, made up for tests."""

from dataclasses import replace
from typing import Any

from rag.evaluation.fixed_questions import Question
from rag.evaluation.outcomes import Cited, Got, Outcome, Said, Shown
from rag.evaluation.report import Report, report

GIVEN = Question(
    id="1",
    question="Why?",
    type="fact",
    must_contain=(("so", "thus"),),
    sources=("a.txt",),
    evidence=("so it is",),
)
REFUSED = Question(id="n", question="Who?", type="unanswerable", must_abstain=True)


def cited(number: int = 1, file: str = "a.txt", **changes: Any) -> Cited:
    """A citation on the evidence, of the source if `file` is."""
    source = file == "a.txt"
    base = Cited(number, file, 0, 8, "so it is", None, "body", source, source, True)
    return replace(base, **changes)


def said(text: str = "It is so.", *citations: int, **changes: Any) -> Said:
    """A supported sentence, each of its citations bearing it out."""
    numbers = citations or (1,)
    return replace(Said(text, numbers, "supported", (), True, numbers), **changes)


def shown(file: str = "a.txt", *, gold: bool = True, text: str = "so it is") -> Shown:
    """A passage found."""
    return Shown(file, 0, 8, 0.5, 1, 1, gold, text)


def outcome(question: Question = GIVEN, seconds: float = 0.1, **changes: Any) -> Outcome:
    """A right answer to `question`, or what `changes` make of it."""
    base = Got(
        answer="It is so. [1]",
        model="extractive",
        chance=0.9,
        sentences=(said(),),
        citations=(cited(),),
        files=("a.txt", "b.txt"),
        hits=(shown(), shown("b.txt", gold=False)),
        read=8,
        source_rank=1,
        evidence_ranks=(1,) * len(question.evidence),
    )
    return Outcome(question, replace(base, **changes), {"total": seconds})


def declined(question: Question = REFUSED, **changes: Any) -> Outcome:
    """A refusal."""
    empty = {
        "abstained": True, "answer": "The articles do not answer this question.",
        "sentences": (), "citations": (), "chance": 0.1,
    }  # fmt: skip
    return outcome(question, **{**empty, **changes})


def failed(question: Question = GIVEN) -> Outcome:
    """No answer."""
    return Outcome(question, Got(error="the model was silent"), {})


def made(*outcomes: Outcome, **made_with: object) -> Report:
    """A report whose questions are called 0, 1, 2 …"""
    each = [replace(o, asked=replace(o.asked, id=str(n))) for n, o in enumerate(outcomes)]
    return report(each, made_with)
