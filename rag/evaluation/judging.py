"""A language model as a judge of answers: optional, and never what a verdict rests on."""

from __future__ import annotations

import re

from rag.errors import LLMError
from rag.evaluation.fixed_questions import Question
from rag.evaluation.running import Judge
from rag.models.llm import LanguageModel
from rag.models.prompts import judge_messages

NO_VERDICT = "none"
_VERDICT = re.compile(r"\W*(right|wrong)\b[\s:.,*–—-]*(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST = 300  # characters of a reason


def judge_with(model: LanguageModel) -> Judge:
    """What asks `model` about an answer; a failure, or a reply that is no verdict, is "none"."""

    def judge(question: Question, answer: str) -> tuple[str, str]:
        messages = judge_messages(question.question, expectation(question), answer)
        try:
            return read_verdict(model.reply(messages))
        except LLMError as error:
            return NO_VERDICT, str(error)

    return judge


def expectation(question: Question) -> str:
    """What the right answer is, in words for the judge."""
    if question.must_abstain:
        return "The articles do not answer this question."
    if question.answers:
        return " / ".join(question.answers)
    wanted = "; ".join(" or ".join(words) for words in question.must_contain)
    has = f"It has at least {question.need} of" if question.need else "It has"
    evidence = " ".join(f"“{words}”" for words in question.evidence)
    stands = f"The articles say: {evidence}" if evidence else ""
    return " ".join(filter(None, (f"{has}: {wanted}." if wanted else "", stands)))


def read_verdict(reply: str) -> tuple[str, str]:
    """Verdict and reason from a reply such as "right: it names the sum"."""
    match = _VERDICT.match(reply)
    if match is None:
        return NO_VERDICT, f"no verdict in “{' '.join(reply.split())[:_LONGEST]}”"
    return match[1].casefold(), " ".join(match[2].split())[:_LONGEST]
