"""byline ask, search and compare."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rag.answering import comparison
from rag.articles.paths import as_typed
from rag.commands import batch
from rag.commands.printing import print_csv, print_json
from rag.errors import PackError, SettingsError
from rag.export import comparison_text, contract, evidence_pack, footnotes
from rag.export.permalinks import base_of
from rag.export.verdicts import remark
from rag.pipeline import answer
from rag.resources import Resources, open_resources
from rag.retrieval import explaining
from rag.retrieval import filters as filtering
from rag.retrieval.finding import found_for, understand
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import (
    EXTRACTIVE,
    Answer,
    Disagreement,
    Done,
    Filters,
    Hit,
    Restarted,
    Token,
    Turn,
)
from rag.settings import Settings
from rag.text import typed

_SHOWN_HITS = 3  # places listed under a refusal or a failed answer


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer a question, or a file of them."""
    filters, given = filters_of(options), list[Answer]()
    _must_be_written(options)
    with open_resources(settings, ahead=True) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        if options.batch:
            code = _ask_batch(options, resources, filters, given.append)
        elif options.json:
            given.append(_answered(options.question, resources, filters, options.as_typed))
            print_json(contract.answer_json(given[0], base_of(settings)))
            code = 0
        else:
            code = _ask_aloud(options, resources, filters, given.append)
        if options.pack:
            made_with = evidence_pack.provenance(resources, given)
            pack = evidence_pack.pack(given, made_with, base_of(settings))
            # A lone surrogate, of an odd command line, is written as JSON escapes it.
            _write(options.pack, evidence_pack.as_json(pack).encode(errors="backslashreplace"))
    if options.export:
        form, base = options.export.suffix, base_of(settings)
        _write(options.export, footnotes.printed(given, form, date.today(), base))
    return code


def _must_be_written(options: argparse.Namespace) -> None:
    """Refuse a file of another form before anything is asked."""
    forms = tuple(footnotes.FORMS)
    if options.pack and options.pack.suffix != ".json":
        raise SettingsError(
            f"--pack {options.pack}: end it in .json; to read or pass on: --export FILE."
        )
    if options.export and options.export.suffix not in forms:
        listed = f"{', '.join(forms[:-1])} or {forms[-1]}"
        raise SettingsError(f"--export {options.export}: end it in {listed}.")


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise PackError(f"{file} cannot be written: {error.strerror}.") from error


def _ask_batch(
    options: argparse.Namespace,
    resources: Resources,
    filters: Filters,
    keep: Callable[[Answer], None],
) -> int:
    """One JSON object a line; a question may follow up on earlier ones."""
    turns: dict[str, Turn] = {}
    for item in batch.load(options.batch):
        history = [turns[name] for name in item.history]
        own = _narrowed(filters, item, resources)
        got = _answered(item.question, resources, own, options.as_typed, history)
        turns[str(item.id)] = Turn(item.question, got.text)
        keep(got)
        print_json({"id": item.id, **contract.answer_json(got, base_of(resources.settings))})
    return 0


def _ask_aloud(
    options: argparse.Namespace,
    resources: Resources,
    filters: Filters,
    keep: Callable[[Answer], None],
) -> int:
    """Print the answer as it is written, then its sources."""
    events = answer(options.question, resources, filters=filters, as_typed=options.as_typed)
    told: list[str] = []
    for event in events:
        if isinstance(event, Token):
            print(typed.storable(event.text), end="", flush=True)
        elif isinstance(event, Restarted):
            told.append(event.reason)
            print(f"\n\n({event.reason})\n\n", end="", flush=True)
        elif isinstance(event, Done):
            keep(event.answer)
            print(typed.storable(_sources(event.answer, told)))
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
            for item in batch.load(options.batch):
                own = _narrowed(filters, item, resources)
                found, query = _looked_for(item.question, resources, own, options.as_typed)
                result = contract.search_json(
                    item.question, found, options.k, query.scope, base_of(settings)
                )
                print_json({"id": item.id, **result})
            return 0
        found, query = _looked_for(options.question, resources, filters, options.as_typed)
    scope = query.scope
    if options.json:
        result = contract.search_json(options.question, found, options.k, scope, base_of(settings))
        print_json(result)
    else:
        listed = [_listed(rank, hit) for rank, hit in enumerate(found.hits[: options.k], 1)]
        limits = (filtering.summary(scope) if scope.searched else scope.trouble,)
        print("\n\n".join([*listed, *(limits if scope.filters else ()), *query.notes]))
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


def _looked_for(
    question: str, resources: Resources, filters: Filters, as_typed: bool
) -> tuple[Found, Query]:
    query = understand(question, resources, filters=filters, as_typed=as_typed)
    return found_for(query, resources), query


def compare(options: argparse.Namespace, settings: Settings) -> int:
    """List who says what."""
    filters = filters_of(options)
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        found = comparison.compare(options.question, resources, filters=filters)
    if options.json:
        print_json(contract.compare_json(found, base_of(settings)))
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


def _narrowed(given: Filters, item: batch.Asked, resources: Resources) -> Filters:
    """The filters of the command line, and a question's own in place of them."""
    own = filtering.relative(item.filters, resources.index.folder_of_articles)
    return filtering.joined(given, own)


def _answered(
    question: str,
    resources: Resources,
    filters: Filters,
    as_typed: bool,
    history: Sequence[Turn] = (),
) -> Answer:
    events = answer(question, resources, history=history, filters=filters, as_typed=as_typed)
    return next(event.answer for event in events if isinstance(event, Done))


def _sources(got: Answer, told: Sequence[str]) -> str:
    """What an answer rests on and what is to be known of it, but for what was `told` already."""
    notes = [note for note in got.notes if note not in told]
    cited = list(_cited(got))
    if got.status == "not_in_articles":
        days = filtering.stretch(got.scope)
        searched = [f"Searched articles of {days}."] if days else []
        return "\n" + "\n".join([*cited, *notes, *searched, _nearest(got.hits)])
    lines = ["", "", *cited]
    lines += [f"{s.text} ({said})" for s in got.sentences if (said := remark(s))]
    lines += [_differ(item) for item in got.disagreements if got.model != EXTRACTIVE]
    lines += notes
    lines += filter(None, [filtering.answered_from(got.scope)])
    return "\n".join(lines)


def _cited(got: Answer) -> Iterator[str]:
    for item in got.citations:
        page = item.article.page_at(item.quote_start)
        where = f"{item.article.path}, page {page}" if page else item.article.path
        said = f", says {item.speaker}" if item.speaker else ""
        odd = f"\n    Caution: this text {item.warning}." if item.warning else ""
        yield f"[{item.number}] {item.article.name} ({where}){said}{odd}"


def _differ(found: Disagreement) -> str:
    sides = (f"{s.value} [{s.number}]{' (newest)' if s.newest else ''}" for s in found.sides)
    return f"The sources differ on {found.about}: {'; '.join(sides)}"


def _nearest(hits: Sequence[Hit]) -> str:
    lines = ["Nearest words found:"] if hits else []
    return "\n".join(
        [*lines, *(_near(rank, hit) for rank, hit in enumerate(hits[:_SHOWN_HITS], 1))]
    )


def _near(rank: int, hit: Hit) -> str:
    return f"{rank:2}. {hit.article.name} ({hit.article.path})\n{_words(hit)}"


def _words(hit: Hit) -> str:
    odd = f"\n    Caution: this text {hit.warning}." if hit.warning else ""
    return f"    {textwrap.shorten(hit.passage.text, 300, placeholder=' …')}{odd}"


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
    return f"{rank:2}. {hit.score:.2f}  {hit.article.path}  ({places})\n{_words(hit)}"
