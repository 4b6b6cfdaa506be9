"""Questions -> outcomes: asked as a user asks them, failures counted, a cut-off run continued."""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import IndexingError, LLMError, ModelError
from rag.evaluation.fixed_questions import Question
from rag.evaluation.matching import semantic, without_markers
from rag.evaluation.outcomes import Got, Outcome, got_of
from rag.evaluation.resuming import FILE, Kept
from rag.export.evidence_pack import public
from rag.models.llm import counting_tokens
from rag.pipeline import answer
from rag.resources import Resources
from rag.retrieval import filters as filtering
from rag.retrieval.query import NO_FILTERS
from rag.schema import EXTRACTIVE, Answer, Done, Event, Filters, Restarted, Searched, Turn

Judge = Callable[[Question, str], tuple[str, str]]  # question, answer -> verdict, reason
_DIGITS = 4
_APART = {"chroma", "llm_base_url", "llm_timeout", "llm_deadline"}  # no answer depends on them


@dataclass(frozen=True, slots=True)
class Way:
    """How to run. `jobs` conversations at a time; `keep` is the folder for what is done so far."""

    filters: Filters = NO_FILTERS
    jobs: int = 1
    keep: Path | None = None
    judge: Judge | None = None
    judged_by: str = ""


def run(
    questions: Sequence[Question],
    resources: Resources,
    way: Way = Way(),  # noqa: B008 - frozen
    progress: Callable[[int, int, Outcome], None] | None = None,
) -> list[Outcome]:
    """Ask each question, in the order given whatever `jobs` is.

    A question that fails is counted as failed, never left out. Where the index or a model cannot
    be used at all the run ends with that error, and goes on from there when it is run again with
    the same `keep`.

    Raises:
        IndexingError, ModelError: the index or the weights cannot be used.

    """
    if way.keep is None:
        return _all(questions, resources, way, {}, _told(progress, len(questions), None))
    with Kept(way.keep, run_key(questions, resources, way), questions) as kept:
        told = _told(progress, len(questions), kept)
        return _all(questions, resources, way, dict(kept.done), told)


def forget(folder: Path) -> None:
    """What is done is in a report now: remove the file that a run would go on from."""
    (folder / FILE).unlink(missing_ok=True)


def made_with(resources: Resources) -> dict[str, Any]:
    """The settings that answers depend on, and the size of the index; no folder of this machine."""
    settings = {k: v for k, v in public(resources.settings).items() if k not in _APART}
    count, articles, _ = resources.index.counts()
    files = resources.index.files_after("", count)
    return {
        "model": resources.model.name if resources.model else EXTRACTIVE,
        "settings": settings,
        "files": count,
        "articles": articles,
        "index": _digest(sorted((r.path, r.sha256) for r in files)),
    }


def run_key(questions: Sequence[Question], resources: Resources, way: Way) -> str:
    """Hash of all that the outcomes depend on."""
    asked = [asdict(item) for item in questions]
    own = resources.settings
    models = [own.embedding, own.reranker, own.verify]  # with their folders
    return _digest([asked, made_with(resources), models, asdict(way.filters), way.judged_by])


def questions_key(questions: Sequence[Question]) -> str:
    """Hash of the questions."""
    return _digest([asdict(item) for item in questions])


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told(
    progress: Callable[[int, int, Outcome], None] | None, total: int, kept: Kept | None
) -> Callable[[Outcome], None]:
    count = [len(kept.done) if kept else 0]

    def told(outcome: Outcome) -> None:
        if kept is not None:
            kept.add(outcome)
        count[0] += 1
        if progress is not None:
            progress(count[0], total, outcome)

    return told


def _all(
    questions: Sequence[Question],
    resources: Resources,
    way: Way,
    done: dict[str, Outcome],
    told: Callable[[Outcome], None],
) -> list[Outcome]:
    def talk(conversation: Sequence[Question]) -> list[Outcome]:
        return _conversation(conversation, resources, way, done, told)

    if any(item.id not in done for item in questions):
        resources.warm()  # or the first question's time is that of loading
    talks = conversations(questions)
    if way.jobs == 1:
        found = [outcome for each in talks for outcome in talk(each)]
    else:
        with ThreadPoolExecutor(way.jobs) as pool:
            found = [outcome for some in pool.map(talk, talks) for outcome in some]
    by_id = {item.asked.id: item for item in found}
    return [by_id[item.id] for item in questions]


def conversations(questions: Iterable[Question]) -> list[list[Question]]:
    """The questions, each follow-up in one list with those before it."""
    found: dict[str, list[Question]] = {}
    for item in questions:
        talk = found.get(item.follows, [])
        talk.append(item)
        found[item.id] = talk
    return list({id(talk): talk for talk in found.values()}.values())


def _conversation(
    talk: Sequence[Question],
    resources: Resources,
    way: Way,
    done: Mapping[str, Outcome],
    told: Callable[[Outcome], None],
) -> list[Outcome]:
    """Ask in order; a follow-up is asked with the questions and answers that it follows."""
    outcomes: dict[str, Outcome] = {}
    for item in talk:
        if item.id in done:
            outcomes[item.id] = done[item.id]
            continue
        outcomes[item.id] = _asked(item, _history(item, outcomes), resources, way)
        told(outcomes[item.id])
    return list(outcomes.values())


def _history(item: Question, outcomes: Mapping[str, Outcome]) -> list[Turn]:
    turns: list[Turn] = []
    while item.follows:
        before = outcomes[item.follows]
        turns.append(Turn(before.asked.question, before.got.answer))
        item = before.asked
    return turns[::-1]


def _asked(item: Question, history: Sequence[Turn], resources: Resources, way: Way) -> Outcome:
    filters = filtering.joined(way.filters, item.filters)
    try:
        with counting_tokens(resources.model) as tokens:
            events = list(answer(item.question, resources, history=history, filters=filters))
        searched = next(event for event in events if isinstance(event, Searched))
        done = next(event for event in events if isinstance(event, Done)).answer
        failure = _failure(events, done, resources)
        more = {"error": failure, "tokens": tokens(), "semantic": _semantic(item, done, resources)}
        got = got_of(item, done, searched.hits, resources.index, more)
    except (IndexingError, ModelError):
        raise
    except Exception as error:  # whatever it is, this question failed and the others go on
        return Outcome(item, Got(error=_said(error)))
    seconds = {step: round(value, _DIGITS) for step, value in done.seconds.items()}
    return Outcome(item, _judged(item, got, way), seconds)


def _failure(events: Sequence[Event], done: Answer, resources: Resources) -> str | None:
    """Why the language model did not answer, where other words had to stand in."""
    restarts = [event.reason for event in events if isinstance(event, Restarted)]
    fell_back = resources.model is not None and done.model == EXTRACTIVE
    return restarts[-1] if restarts and fell_back else None


def _said(error: Exception) -> str:
    """An error of ours in its words; another one with its place, for it is a bug."""
    if isinstance(error, LLMError):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})"


def _semantic(item: Question, done: Answer, resources: Resources) -> float | None:
    if resources.reranker is None or not item.wanted:
        return None
    if done.status == "not_in_articles":
        return 0.0
    sentences = [sentence.text for sentence in done.sentences] or [without_markers(done.text)]
    return round(semantic(item.wanted, sentences, resources.reranker, item.need), _DIGITS)


def _judged(item: Question, got: Got, way: Way) -> Got:
    if way.judge is None or got.error:
        return got
    verdict, reason = way.judge(item, got.answer)
    return replace(got, judge=verdict, judge_reason=reason)
