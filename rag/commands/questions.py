"""byline ask, search and compare."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.answering import comparison
from rag.articles.paths import as_typed
from rag.commands.printing import print_csv, print_json
from rag.errors import PackError, QuestionsError, SettingsError
from rag.export import comparison_text, contract, evidence_pack, footnotes
from rag.pipeline import answer
from rag.resources import Resources, open_resources
from rag.retrieval import explaining
from rag.retrieval import filters as filtering
from rag.retrieval.finding import found_for, understand
from rag.retrieval.search import Found
from rag.schema import (
    EXTRACTIVE,
    Answer,
    Disagreement,
    Done,
    Filters,
    Hit,
    Restarted,
    Scope,
    Token,
)
from rag.settings import Settings
from rag.text import typed

_SHOWN_HITS = 3  # nearest passages listed under a refusal or a failed answer


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer a question, or a file of them."""
    filters, given = filters_of(options), list[Answer]()
    if options.pack and options.pack.suffix not in footnotes.FORMS:
        raise SettingsError(f"--pack {options.pack}: end it in {' or '.join(footnotes.FORMS)}.")
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        if options.batch:
            code = _ask_batch(options.batch, resources, filters, given.append)
        elif options.json:
            given.append(_answered(options.question, resources, filters))
            print_json(contract.answer_json(given[0]))
            code = 0
        else:
            code = _ask_aloud(options.question, resources, filters, given.append)
        if options.pack:
            _write_pack(options.pack, given, resources)
    return code


def _write_pack(file: Path, given: Sequence[Answer], resources: Resources) -> None:
    pack = evidence_pack.pack(given, evidence_pack.provenance(resources, given))
    text = footnotes.printed(pack, file.suffix)
    try:
        # A lone surrogate, of an odd command line, is written as JSON escapes it.
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise PackError(f"{file} cannot be written: {error.strerror}.") from error


def _ask_batch(
    file: Path, resources: Resources, filters: Filters, keep: Callable[[Answer], None]
) -> int:
    """One JSON object a line."""
    for item in _batch(file):
        got = _answered(item["question"], resources, filters)
        keep(got)
        result = contract.answer_json(got)
        print_json({"id": item["id"], **result})
    return 0


def _ask_aloud(
    question: str, resources: Resources, filters: Filters, keep: Callable[[Answer], None]
) -> int:
    """Print the answer as it is written, then its sources."""
    for event in answer(question, resources, filters=filters):
        if isinstance(event, Token):
            print(typed.storable(event.text), end="", flush=True)
        elif isinstance(event, Restarted):
            print(f"\n\n({event.reason})\n\n", end="", flush=True)
        elif isinstance(event, Done):
            keep(event.answer)
            print(typed.storable(_sources(event.answer)))
    return 0


def search(options: argparse.Namespace, settings: Settings) -> int:
    """List the passages found for a question, or for a file of them."""
    settings = replace(settings, rerank_depth=max(settings.rerank_depth, options.k))
    filters = filters_of(options)
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        if options.explain is not None:
            return _explain(options, resources, filters)
        if options.batch:
            for item in _batch(options.batch):
                found, scope = _looked_for(item["question"], resources, filters)
                result = contract.search_json(item["question"], found, options.k, scope)
                print_json({"id": item["id"], **result})
            return 0
        found, scope = _looked_for(options.question, resources, filters)
    if options.json:
        result = contract.search_json(options.question, found, options.k, scope)
        print_json(result)
    else:
        listed = [_listed(rank, hit) for rank, hit in enumerate(found.hits[: options.k], 1)]
        limits = (filtering.summary(scope) if scope.searched else scope.trouble,)
        print("\n\n".join([*listed, *(limits if scope.filters else ())]))
    return 0


def _explain(options: argparse.Namespace, resources: Resources, filters: Filters) -> int:
    """Print what became of every passage that the search looked at."""
    if options.batch:
        raise SettingsError("--explain takes one question, not --batch.")
    named = Filters(files=(as_typed(options.explain),) if options.explain else ())
    (file,) = filtering.relative(named, resources.index.folder_of_articles).files or ("",)
    rows = explaining.explain(options.question, resources, filters=filters, file=file)
    if options.explain and not rows:
        raise SettingsError(f"--explain {options.explain}: the index has no such file.")
    if options.json:
        result = [explaining.row_json(row) for row in rows]
        print_json({"question": options.question, "passages": result})
    else:
        print(explaining.text(rows))
    return 0


def _looked_for(question: str, resources: Resources, filters: Filters) -> tuple[Found, Scope]:
    query = understand(question, resources, filters=filters)
    return found_for(query, resources), query.scope


def compare(options: argparse.Namespace, settings: Settings) -> int:
    """List who says what."""
    filters = filters_of(options)
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        found = comparison.compare(options.question, resources, filters=filters)
    if options.json:
        print_json(contract.compare_json(found))
    elif options.csv:
        print_csv(comparison_text.as_csv(found))
    else:
        print(comparison_text.as_text(found))
    return 0


def filters_of(options: argparse.Namespace) -> Filters:
    """Read the flags' filters. Raises FilterError naming the flag."""
    return filtering.read(
        filtering.Typed(
            since=options.since,
            until=options.until,
            as_of=options.as_of,
            outlets=[typed.argument(name) for name in options.outlet],
            authors=[typed.argument(name) for name in options.author],
            files=[as_typed(path) for path in options.file],
            kinds=options.kind,
            opinion=options.opinion,
        )
    )


def _batch(file: Path) -> Iterator[dict[str, str]]:
    """The questions of a batch file. Raises QuestionsError naming the line."""
    try:
        # What is no UTF-8 in a line costs that line its characters, not the others their answers.
        lines = file.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError as error:
        raise QuestionsError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            yield {"id": values["id"], "question": typed.storable(values["question"])}
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            raise QuestionsError(
                f'{file}, line {number}: needs {{"id": …, "question": …}}.'
            ) from error


def _answered(question: str, resources: Resources, filters: Filters) -> Answer:
    events = answer(question, resources, filters=filters)
    return next(event.answer for event in events if isinstance(event, Done))


def _sources(got: Answer) -> str:
    if got.status == "not_in_articles":
        days = filtering.stretch(got.scope)
        return (
            f"\nSearched articles of {days}.\n{_nearest(got.hits)}"
            if days
            else "\n" + _nearest(got.hits)
        )
    lines = ["", ""]
    for item in got.citations:
        page = item.article.page_at(item.quote_start)
        where = f"{item.article.path}, page {page}" if page else item.article.path
        said = f", says {item.speaker}" if item.speaker else ""
        odd = f"\n    Caution: this passage {item.warning}." if item.warning else ""
        lines.append(f"[{item.number}] {item.article.name} ({where}){said}{odd}")
    weak = [s for s in got.sentences if s.support != "supported"]
    lines += [f"{s.support}: {s.text} ({'; '.join(s.reasons)})" for s in weak]
    lines += [_differ(item) for item in got.disagreements if got.model != EXTRACTIVE]
    lines += got.notes
    lines += filter(None, [filtering.answered_from(got.scope)])
    return "\n".join(lines)


def _differ(found: Disagreement) -> str:
    sides = (f"{s.value} [{s.number}]{' (newest)' if s.newest else ''}" for s in found.sides)
    return f"The sources differ on {found.about}: {'; '.join(sides)}"


def _nearest(hits: Sequence[Hit]) -> str:
    lines = ["Nearest passages:"] if hits else []
    return "\n".join(
        [*lines, *(_listed(rank, hit) for rank, hit in enumerate(hits[:_SHOWN_HITS], 1))]
    )


def _listed(rank: int, hit: Hit) -> str:
    ranks = hit.ranks
    places = ", ".join(
        f"{name} {value}"
        for name, value in (
            ("dense", ranks.dense),
            ("lexical", ranks.lexical),
            ("fused", ranks.fused),
        )
        if value is not None
    )
    text = " ".join(hit.passage.text.split())
    odd = f"\n    Caution: this passage {hit.warning}." if hit.warning else ""
    return f"{rank:2}. {hit.score:.2f}  {hit.article.path}  ({places})\n    {text[:300]}{odd}"
