"""The command line: byline ingest | ask | search | compare | eval | serve and their like."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from rag.answering import comparison
from rag.articles.paths import as_typed
from rag.errors import BylineError, FolderLost, PackError, QuestionsError, SettingsError
from rag.evaluation import command as evaluating
from rag.evaluation.outcomes import Outcome
from rag.export import comparison_text, contract, evidence_pack, feedback, footnotes, verifying
from rag.ingest import maintenance
from rag.ingest.doctor import diagnose
from rag.ingest.folder import UPLOADS, must_lie_apart
from rag.ingest.lost_folder import must_hold_files
from rag.ingest.watching import watch
from rag.models import proxies
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.retrieval import explaining
from rag.retrieval import filters as filtering
from rag.retrieval.finding import find, understand
from rag.retrieval.search import Found
from rag.schema import (
    EXTRACTIVE,
    Answer,
    Disagreement,
    Done,
    Filters,
    Hit,
    IngestReport,
    Restarted,
    Scope,
    Token,
)
from rag.settings import Settings, load_settings
from rag.text import typed
from rag.web import gradio_stubs, user_command

USER_ERROR = 2
_MORE_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # some programs end a line there too
_SHOWN_FAILURES = 100  # files that were not read, of one ingest
_SHOWN_HITS = 3  # nearest passages listed under a refusal or a failed answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code: 0; 1 below a floor or after a failed batch; 2 user error."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options, _settings(options)))
    except BylineError as error:
        print(f"byline: {error}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `byline … | head`
        sys.stderr.close()
        return 141


def run() -> NoReturn:
    """`main`, then the end of the process, also where a model still loads in a thread.

    The interpreter aborts (SIGABRT) if it ends while a daemon thread is inside C++ code.
    """
    _bear_any_console()
    proxies.spare_loopback()
    code = main()
    if threading.active_count() == 1:
        raise SystemExit(code)
    with suppress(OSError, ValueError):  # closed already, or nobody reads any more
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _bear_any_console() -> None:
    """Characters that the console lacks are printed as escapes, and end no command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def parser() -> argparse.ArgumentParser:
    """All commands and flags."""
    top = argparse.ArgumentParser(
        prog="byline",
        description="Ask your articles, and see who said it.",
        epilog="Start with:  byline serve articles/",
    )
    top.add_argument("--version", action="version", version=f"byline {version('byline')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _add_ingest,
        _add_watch,
        _add_ask,
        _add_search,
        _add_compare,
        _add_verify,
        _add_eval,
        _add_serve,
        _add_user,
        _add_doctor,
        _add_check,
        _add_repair,
        _add_backup,
        _add_restore,
        _add_feedback,
    ):
        add(commands)
    return top


# --- one function a command: its flags, then what it does


def _add_ingest(commands: Any) -> None:
    command = _command(
        commands,
        "ingest",
        "read a folder of articles into the index; only what changed is read again",
        "byline ingest articles/ --index .byline\nbyline ingest articles/ --rebuild",
        _ingest,
    )
    command.add_argument("folder", type=Path, help="folder of articles")
    command.add_argument("--rebuild", action="store_true", help="erase the index first")
    command.add_argument(
        "--allow-removal",
        action="store_true",
        help="also where the folder is missing, empty, or lost most of its files",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    must_lie_apart(options.folder, settings.index)
    if options.rebuild and not options.allow_removal:
        must_hold_files(options.folder, settings.index)
    with open_resources(settings, create=True, rebuild=options.rebuild) as resources:
        report = ingest(
            options.folder,
            resources,
            progress=_progress(options.json),
            allow_removal=options.allow_removal,
        )
        _tell_damage(resources)
    if options.json:
        _print_json(contract.ingest_json(report))
    else:
        print(_ingested(report))
    return 0


def _tell_damage(resources: Resources) -> None:
    """Say if the index lost something that an ingest does not bring back."""
    if damage := resources.index.out_of_step():
        print(f"byline: {damage}", file=sys.stderr, flush=True)


def _add_watch(commands: Any) -> None:
    command = _command(
        commands,
        "watch",
        "ingest a folder, and again whenever something in it changes",
        "byline watch articles/ --index .byline",
        _watch,
    )
    command.add_argument("folder", type=Path, help="folder of articles")


def _watch(options: argparse.Namespace, settings: Settings) -> int:
    must_lie_apart(options.folder, settings.index)
    with open_resources(settings, create=True) as resources:
        _ingest_if_there(options.folder, resources)
        _tell_damage(resources)
        print(f"Watching {options.folder}; stop with Ctrl-C.", flush=True)
        _keep_watching(options.folder, resources, threading.Event())
    return 0


def _ingest_if_there(folder: Path, resources: Resources) -> None:
    """Ingest, and say what was done; a folder that lost its files leaves the index as it was."""
    try:
        print(_ingested(ingest(folder, resources, progress=_progress(False))), flush=True)
    except FolderLost as error:
        print(f"byline: {error}", file=sys.stderr, flush=True)


def _keep_watching(folder: Path, resources: Resources, stop: threading.Event) -> None:
    watch(
        folder,
        resources,
        on_report=lambda report: print(_ingested(report), flush=True),
        on_problem=lambda error: print(f"byline: {error}", file=sys.stderr, flush=True),
        stop=stop,
    )


def _add_ask(commands: Any) -> None:
    command = _command(
        commands,
        "ask",
        "answer a question with citations",
        'byline ask "What did the minister say about the cost?"\n'
        'byline ask "…" --outlet Guardian --since 2015 --until "June 2016"\n'
        "byline ask --batch questions.jsonl --json\n"
        'byline ask "…" --llm openai:gpt-4o-mini\n'
        'byline ask "…" --pack evidence.json         # what the answer rests on, to keep',
        _ask,
    )
    _add_question(command)
    command.add_argument(
        "--pack", type=Path, metavar="FILE", help="also write the evidence: .json, .md or .html"
    )


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    filters, given = _filters(options), list[Answer]()
    if options.pack and options.pack.suffix not in footnotes.FORMS:
        raise SettingsError(f"--pack {options.pack}: end it in {' or '.join(footnotes.FORMS)}.")
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        if options.batch:
            code = _ask_batch(options.batch, resources, filters, given.append)
        elif options.json:
            given.append(_answered(options.question, resources, filters))
            _print_json(contract.answer_json(given[0]))
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
        _print_json({"id": item["id"], **result})
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


def _add_search(commands: Any) -> None:
    command = _command(
        commands,
        "search",
        "list the passages found for a question, with scores and ranks",
        'byline search "strike ballot" --k 5\nbyline search --batch questions.jsonl --json\n'
        'byline search "strike ballot" --explain     # why each passage is a hit, or is none\n'
        'byline search "strike ballot" --explain talks-collapse.html',
        _search,
    )
    _add_question(command)
    command.add_argument("--k", type=int, default=10, help="passages to list (default 10)")
    command.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="FILE",
        help="list all that was looked at and what became of it; with FILE, of that file",
    )


def _search(options: argparse.Namespace, settings: Settings) -> int:
    settings = replace(settings, rerank_depth=max(settings.rerank_depth, options.k))
    filters = _filters(options)
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        if options.explain is not None:
            return _explain(options, resources, filters)
        if options.batch:
            for item in _batch(options.batch):
                found, scope = _looked_for(item["question"], resources, filters)
                result = contract.search_json(item["question"], found, options.k, scope)
                _print_json({"id": item["id"], **result})
            return 0
        found, scope = _looked_for(options.question, resources, filters)
    if options.json:
        result = contract.search_json(options.question, found, options.k, scope)
        _print_json(result)
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
        _print_json({"question": options.question, "passages": result})
    else:
        print(explaining.text(rows))
    return 0


def _looked_for(question: str, resources: Resources, filters: Filters) -> tuple[Found, Scope]:
    _, scope = understand(question, resources, filters=filters)
    return find(question, resources, filters=filters), scope


def _add_compare(commands: Any) -> None:
    command = _command(
        commands,
        "compare",
        "list who says what on a question, by date, and who contradicts whom",
        'byline compare "How many people marched?"\n'
        'byline compare "The strike cost 11 million a day." --csv > strike.csv',
        _compare,
    )
    command.add_argument("question", help="the question, or a statement to hold the articles to")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help="print a table for a spreadsheet")
    _add_filters(command)


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    filters = _filters(options)
    with open_resources(settings) as resources:
        filters = filtering.relative(filters, resources.index.folder_of_articles)
        found = comparison.compare(options.question, resources, filters=filters)
    if options.json:
        _print_json(contract.compare_json(found))
    elif options.csv:
        _print_csv(comparison_text.as_csv(found))
    else:
        print(comparison_text.as_text(found))
    return 0


def _print_json(value: Any) -> None:
    """One line; whatever the console cannot show is escaped as JSON has it."""
    is_utf8 = (sys.stdout.encoding or "").replace("-", "").casefold() == "utf8"
    line = json.dumps(value, ensure_ascii=not is_utf8)
    print(_MORE_LINE_ENDS.sub(lambda found: json.dumps(found[0])[1:-1], line), flush=True)


def _print_csv(text: str) -> None:
    """Line ends as they are: on Windows text would get another carriage return."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _add_verify(commands: Any) -> None:
    command = _command(
        commands,
        "verify",
        "check that the words an evidence pack cites still stand in the articles",
        "byline verify evidence.json\nbyline verify evidence.json --articles copies/",
        _verify,
    )
    command.add_argument("pack", type=Path, help="a pack as `byline ask --pack FILE.json` wrote it")
    command.add_argument(
        "--articles", type=Path, metavar="FOLDER", help="look here, not where the pack says"
    )


def _verify(options: argparse.Namespace, _settings: Settings) -> int:
    """One line a citation; exit code 1 unless all stand."""
    pack = evidence_pack.load(options.pack)
    verdicts = verifying.verify(pack, *_where(options, pack))
    for verdict in verdicts:
        print(verdict.line)
    if not verdicts:
        print("The pack cites nothing.")
    return int(any(verdict.finding != "stands" for verdict in verdicts))


def _where(options: argparse.Namespace, pack: evidence_pack.Pack) -> tuple[Path | None, Path]:
    """The folders of articles and of added files: as given, else as the pack says."""
    if options.articles is not None and options.index is not None:
        raise SettingsError("Give --articles or --index, not both.")
    folder, uploads = verifying.folders(pack)
    if options.articles is not None:
        if not options.articles.is_dir():
            raise SettingsError(f"{options.articles} is not a folder.")
        return options.articles, uploads
    if options.index is not None:
        return verifying.folder_of(Path(options.index)), Path(options.index) / UPLOADS
    return folder, uploads


def _add_eval(commands: Any) -> None:
    command = _command(
        commands,
        "eval",
        "ask fixed questions, say why each wrong answer is wrong, compare and gate",
        evaluating.EXAMPLES,
        _evaluate,
    )
    evaluating.add_flags(command)
    _add_model(command)
    _add_filters(command)


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    progress = _asking if sys.stderr.isatty() else None
    result = evaluating.evaluate(options, settings, _filters(options), progress)
    print(result.text)
    for problem in result.problems:
        print(f"byline: {problem}", file=sys.stderr)
    return result.code


def _asking(done: int, total: int, outcome: Outcome) -> None:
    end = "\n" if done == total else ""
    line = f"asked {done}/{total} {outcome.asked.question[:60]}"
    print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)


def _add_serve(commands: Any) -> None:
    command = _command(
        commands,
        "serve",
        "open the chat page; with a folder, ingest it first",
        "byline serve articles/\nbyline serve --index .byline --port 8000",
        _serve,
    )
    command.add_argument("folder", type=Path, nargs="?", help="folder of articles")
    command.add_argument("--watch", action="store_true", help="pick up changes in the folder")
    command.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    command.add_argument("--port", help="port to listen on (default 7860)")
    _add_model(command)


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    gradio_stubs.unwritten()
    with proxies.unusable_hidden():  # gradio makes a client when it is imported
        from rag.web import page

    if options.watch and options.folder is None:
        raise SettingsError("--watch needs the folder to watch: byline serve FOLDER --watch.")
    if options.folder is not None:
        must_lie_apart(options.folder, settings.index)
    with open_resources(settings, create=True) as resources:
        if options.folder is not None:
            _ingest_if_there(options.folder, resources)
            _tell_damage(resources)
        threading.Thread(target=resources.warm, daemon=True).start()
        with _watching(options, resources):
            page.serve(resources, on_ready=lambda url: print(f"Byline is ready: {url}", flush=True))
    return 0


def _add_user(commands: Any) -> None:
    command = _command(
        commands,
        "user",
        "say who may sign in to the page, in the file that BYLINE_USERS names",
        user_command.EXAMPLES,
        _user,
    )
    user_command.add_flags(command)


def _user(options: argparse.Namespace, settings: Settings) -> int:
    print(user_command.run(options, settings))
    return 0


def _add_doctor(commands: Any) -> None:
    command = _command(
        commands,
        "doctor",
        "check the language model, the weights and the index, and say what is wrong",
        "byline doctor\nbyline doctor --llm ollama:llama3.2 --index .byline",
        _doctor,
    )
    _add_model(command)


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    verdicts = diagnose(settings)
    print("\n".join(map(str, verdicts)))
    return int(not all(verdict.ok for verdict in verdicts))


def _add_check(commands: Any) -> None:
    command = _command(
        commands,
        "check",
        "hold everything in the index against everything else, and name each fault",
        "byline check --index .byline\nbyline check --json",
        _check,
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _check(options: argparse.Namespace, settings: Settings) -> int:
    found = maintenance.check(settings, _counting("checked", options.json))
    _print(maintenance.as_json(found) if options.json else maintenance.as_text(found))
    return int(bool(found.faults))


def _add_repair(commands: Any) -> None:
    command = _command(
        commands,
        "repair",
        "mend what `byline check` finds, from the stored articles; no file is read",
        "byline repair --index .byline",
        _repair,
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _repair(options: argparse.Namespace, settings: Settings) -> int:
    done = maintenance.repair(settings, _counting("embedded", options.json))
    _print(maintenance.repaired_json(done) if options.json else maintenance.repaired_text(done))
    return int(bool(done.after.faults))


def _add_backup(commands: Any) -> None:
    command = _command(
        commands,
        "backup",
        "put the index into one file, while others ask and ingest",
        "byline backup byline-2026-11-25.zip --index .byline",
        _backup,
    )
    command.add_argument("file", type=Path, help="file to write; replaced when all is written")


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    print(maintenance.backed_up_text(maintenance.backup(settings, options.file)))
    return 0


def _add_restore(commands: Any) -> None:
    command = _command(
        commands,
        "restore",
        "bring an index back from a file that `byline backup` wrote",
        "byline restore byline-2026-11-25.zip --index restored\n"
        "byline restore byline-2026-11-25.zip --index .byline --replace",
        _restore,
    )
    command.add_argument("file", type=Path, help="a backup")
    command.add_argument("--replace", action="store_true", help="replace the index that is there")


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    mended = maintenance.restore(settings, options.file, replace=options.replace)
    print(f"Restored {options.file} to {settings.index}.")
    if mended is not None:
        print(maintenance.as_text(mended))
    return int(mended is not None and bool(mended.faults))


def _add_feedback(commands: Any) -> None:
    command = _command(
        commands,
        "feedback",
        "list what readers thought of answers on the page",
        "byline feedback\nbyline feedback --bad --csv > complaints.csv",
        _feedback,
    )
    command.add_argument("--bad", action="store_true", help="only the thumbs down")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object a verdict")
    form.add_argument("--csv", action="store_true", help="print a table for a spreadsheet")


def _feedback(options: argparse.Namespace, settings: Settings) -> int:
    found = feedback.listed(settings.index, verdict="bad" if options.bad else None)
    if options.json:
        for item in feedback.as_json(found):
            _print_json(item)
    elif options.csv:
        _print_csv(feedback.as_csv(found))
    else:
        print(feedback.as_text(found))
    return 0


@contextmanager
def _watching(options: argparse.Namespace, resources: Resources) -> Iterator[None]:
    """With --watch, ingest changes of the folder in a thread of its own meanwhile."""
    if not options.watch:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_keep_watching, args=(options.folder, resources, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


# --- what several commands share


def _command(commands: Any, name: str, summary: str, examples: str, run: Any) -> Any:
    indented = "\n".join(f"  {line}" for line in examples.splitlines())
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{indented}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--index", metavar="DIR", help="index folder (default .byline)")
    command.set_defaults(run=run)
    return command


def _add_question(command: Any) -> None:
    command.add_argument("question", nargs="?", help="the question")
    command.add_argument("--batch", type=Path, metavar="FILE", help='{"id", "question"} a line')
    command.add_argument("--json", action="store_true", help="print one JSON object a question")
    _add_model(command)
    _add_filters(command)


def _add_filters(command: Any) -> None:
    group = command.add_argument_group(
        "filters",
        f"Dates: {filtering.DATE_FORMS}. Articles without a date pass no limit of dates. "
        "Outlet, author, file and kind may be given several times.",
    )
    group.add_argument("--since", default="", metavar="DATE", help="published then or later")
    group.add_argument("--until", default="", metavar="DATE", help="published then or earlier")
    group.add_argument("--as-of", default="", metavar="DATE", help="answer as one could then")
    for flag, name, words in (
        ("--outlet", "NAME", "outlet, with or without “The”"),
        ("--author", "NAME", "one of the authors; the surname is enough"),
        ("--file", "PATH", "file, folder, or pattern such as '*.pdf'"),
        ("--kind", "KIND", f"{', '.join(filtering.KINDS[:-1])} or {filtering.KINDS[-1]}"),
    ):
        group.add_argument(flag, default=[], action="append", metavar=name, help=words)
    group.add_argument("--opinion", default="", metavar="yes|no", help="only opinion, or none")


def _filters(options: argparse.Namespace) -> Filters:
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


def _add_model(command: Any) -> None:
    command.add_argument("--llm", help="extractive (default) or provider:model")


def _settings(options: argparse.Namespace) -> Settings:
    if hasattr(options, "batch") and (options.question is None) == (options.batch is None):
        raise SettingsError("Give a question, or --batch FILE.")
    if getattr(options, "question", None) is not None:
        options.question = typed.argument(options.question)
    names = ("index", "llm", "host", "port")
    settings = load_settings({name: getattr(options, name, None) for name in names})
    if settings.chroma or settings.llm != EXTRACTIVE:
        proxies.must_be_usable()
    return settings


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


def _progress(silent: bool) -> Any:
    if silent or not sys.stderr.isatty():
        return None

    def show(done: int, total: int, path: str) -> None:
        end = "\n" if done == total else ""
        print(f"\r\033[Kreading {done}/{total} {path[:60]}", end=end, file=sys.stderr, flush=True)

    return show


def _counting(verb: str, silent: bool) -> Callable[[int, int], None] | None:
    """A line on the screen that counts; None where nobody looks."""
    if silent or not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r\033[K{verb} {done}/{total}", end=end, file=sys.stderr, flush=True)

    return show


def _print(result: str | dict[str, Any]) -> None:
    print(result if isinstance(result, str) else json.dumps(result, ensure_ascii=False))


def _ingested(report: IngestReport) -> str:
    lines = [
        f"{report.files} {'file' if report.files == 1 else 'files'}: "
        f"{report.added} added, {report.changed} changed, "
        f"{report.removed} removed, {report.unchanged} unchanged, {len(report.failed)} failed; "
        f"{report.articles} articles, {report.passages} passages "
        f"({report.seconds['total']:.1f} s)"
    ]
    named, more = report.failed[:_SHOWN_FAILURES], len(report.failed) - _SHOWN_FAILURES
    lines += [f"failed: {item.file}: {item.reason}" for item in named]
    lines += [f"… and {more:,} more; --json names them all"] if more > 0 else []
    return "\n".join(lines)


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
