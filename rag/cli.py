"""The command line: byline ingest | ask | search | compare | eval | serve and their like."""

from __future__ import annotations

import argparse
import io
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from rag.commands import program_flags, question_flags
from rag.errors import BylineError, SettingsError
from rag.evaluation import eval_flags
from rag.schema import EXTRACTIVE
from rag.settings import Settings, load_settings
from rag.text.typed import argument
from rag.web import user_flags

USER_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code: 0; 1 below a floor or after a failed batch; 2 user error."""
    options = parser().parse_args(arguments)
    try:
        return int(_loaded(options.run)(options, _settings(options)))
    except BylineError as error:
        print(f"byline: {error}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `byline … | head`
        sys.stderr.close()
        return 141


def _loaded(name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """The command "module.function" of `rag.commands`: loaded now, so that others need not be."""
    module, _, function = name.partition(".")
    loaded: Callable[[argparse.Namespace, Settings], int] = getattr(
        import_module(f"rag.commands.{module}"), function
    )
    return loaded


def run() -> NoReturn:
    """`main`, then the end of the process, also where a model still loads in a thread.

    The interpreter aborts (SIGABRT) if it ends while a daemon thread is inside C++ code.
    """
    _bear_any_console()
    from rag.models import proxies

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
    top.add_argument("--version", action=_Version, nargs=0, help="print the version")
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
        _add_token,
        _add_mcp,
        _add_feed,
        _add_doctor,
        _add_check,
        _add_repair,
        _add_backup,
        _add_restore,
        _add_feedback,
    ):
        add(commands)
    return top


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that reads every installed package."""

    def __call__(self, *_: object) -> NoReturn:
        """Print it and end."""
        from importlib.metadata import version

        print(f"byline {version('byline')}")
        raise SystemExit(0)


# --- one function a command: its flags


def _add_ingest(commands: Any) -> None:
    command = _command(
        commands,
        "ingest",
        "read a folder of articles into the index; only what changed is read again",
        "byline ingest articles/ --index .byline\nbyline ingest articles/ --rebuild\n"
        "byline ingest articles/ --ray 10.0.0.1:6379     # read on many machines",
        "folders.ingest",
    )
    command.add_argument("folder", type=Path, help="folder of articles")
    command.add_argument("--rebuild", action="store_true", help="erase the index first")
    command.add_argument(
        "--allow-removal",
        action="store_true",
        help="also where the folder is missing, empty, or lost most of its files",
    )
    command.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="read and encode on the machines of a Ray cluster: auto (the one that this machine is"
        " part of), HOST:PORT, or local (processes of this machine)",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _add_watch(commands: Any) -> None:
    command = _command(
        commands,
        "watch",
        "ingest a folder, and again whenever something in it changes",
        "byline watch articles/ --index .byline",
        "folders.watch",
    )
    command.add_argument("folder", type=Path, help="folder of articles")


def _add_ask(commands: Any) -> None:
    command = _command(
        commands,
        "ask",
        "answer a question with citations",
        'byline ask "What did the minister say about the cost?"\n'
        'byline ask "…" --outlet Guardian --since 2015 --until "June 2016"\n'
        "byline ask --batch questions.jsonl --json\n"
        'byline ask "…" --llm openai:gpt-4o-mini\n'
        'byline ask "…" --export answer.docx         # with footnotes, to read or pass on\n'
        'byline ask "…" --pack evidence.json         # what the answer rests on, to keep',
        "questions.ask",
    )
    question_flags.add_question(command)
    command.add_argument(
        "--export",
        type=Path,
        metavar="FILE",
        help="also write it with footnotes: .docx, .html, .md",
    )
    command.add_argument(
        "--pack", type=Path, metavar="FILE", help="also write the evidence: .json, for `verify`"
    )


def _add_search(commands: Any) -> None:
    command = _command(
        commands,
        "search",
        "list the passages found for a question, with scores and ranks",
        'byline search "strike ballot" --k 5\nbyline search --batch questions.jsonl --json\n'
        'byline search "strike ballot" --explain     # why each passage is a hit, or is none\n'
        'byline search "strike ballot" --explain talks-collapse.html',
        "questions.search",
    )
    question_flags.add_question(command)
    command.add_argument("--k", type=int, default=10, help="passages to list (default 10)")
    command.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="FILE",
        help="list all that was looked at and what became of it; with FILE, of that file",
    )


def _add_compare(commands: Any) -> None:
    command = _command(
        commands,
        "compare",
        "list who says what on a question, by date, and who contradicts whom",
        'byline compare "How many people marched?"\n'
        'byline compare "The strike cost 11 million a day." --csv > strike.csv',
        "questions.compare",
    )
    command.add_argument("question", help="the question, or a statement to hold the articles to")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help="print a table for a spreadsheet")
    question_flags.add_filters(command)


def _add_verify(commands: Any) -> None:
    command = _command(
        commands,
        "verify",
        "check that the words an evidence pack cites still stand in the articles",
        "byline verify evidence.json --articles articles/\n"
        "byline verify evidence.json --index .byline",
        "upkeep.verify",
    )
    command.add_argument("pack", type=Path, help="a pack as `byline ask --pack FILE.json` wrote it")
    command.add_argument(
        "--articles", type=Path, metavar="FOLDER", help="look here, not in the index's own folder"
    )


def _add_eval(commands: Any) -> None:
    command = _command(
        commands,
        "eval",
        "ask fixed questions, say why each wrong answer is wrong, compare and gate",
        eval_flags.EXAMPLES,
        "evaluate.evaluate",
    )
    eval_flags.add_flags(command)
    question_flags.add_model(command)
    question_flags.add_filters(command)


def _add_serve(commands: Any) -> None:
    command = _command(
        commands,
        "serve",
        "open the chat page; with a folder, ingest it first",
        "byline serve articles/\nbyline serve --index .byline --port 8000",
        "folders.serve",
    )
    command.add_argument("folder", type=Path, nargs="?", help="folder of articles")
    command.add_argument("--watch", action="store_true", help="pick up changes in the folder")
    command.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    command.add_argument("--port", help="port to listen on (default 7860)")
    question_flags.add_model(command)


def _add_user(commands: Any) -> None:
    command = _command(
        commands,
        "user",
        "say who may sign in to the page, in the file that BYLINE_USERS names",
        user_flags.EXAMPLES,
        "upkeep.user",
    )
    user_flags.add_flags(command)


def _add_token(commands: Any) -> None:
    summary = "let a program in: over HTTP, as a model of OpenAI's protocol, or over MCP"
    examples = program_flags.TOKENS
    program_flags.add_token(_command(commands, "token", summary, examples, "programs.token"))


def _add_mcp(commands: Any) -> None:
    command = _command(
        commands,
        "mcp",
        "serve assistants over stdin and stdout (Model Context Protocol)",
        "byline mcp --index .byline",
        "programs.mcp",
    )
    question_flags.add_model(command)


def _add_feed(commands: Any) -> None:
    summary = (
        "follow RSS and Atom feeds, and Zotero: what is new is fetched, kept and indexed, once"
    )
    examples = program_flags.FEEDS
    program_flags.add_feed(_command(commands, "feed", summary, examples, "programs.feed"))


def _add_doctor(commands: Any) -> None:
    command = _command(
        commands,
        "doctor",
        "check the language model, the weights and the index, and say what is wrong",
        "byline doctor\nbyline doctor --llm ollama:llama3.2 --index .byline",
        "upkeep.doctor",
    )
    question_flags.add_model(command)


def _add_check(commands: Any) -> None:
    command = _command(
        commands,
        "check",
        "hold everything in the index against everything else, and name each fault",
        "byline check --index .byline\nbyline check --json",
        "upkeep.check",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _add_repair(commands: Any) -> None:
    command = _command(
        commands,
        "repair",
        "mend what `byline check` finds, from the stored articles; no file is read",
        "byline repair --index .byline",
        "upkeep.repair",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _add_backup(commands: Any) -> None:
    command = _command(
        commands,
        "backup",
        "put the index into one file, while others ask and ingest",
        "byline backup byline-2026-11-25.zip --index .byline",
        "upkeep.backup",
    )
    command.add_argument("file", type=Path, help="file to write; replaced when all is written")


def _add_restore(commands: Any) -> None:
    command = _command(
        commands,
        "restore",
        "bring an index back from a file that `byline backup` wrote",
        "byline restore byline-2026-11-25.zip --index restored\n"
        "byline restore byline-2026-11-25.zip --index .byline --replace",
        "upkeep.restore",
    )
    command.add_argument("file", type=Path, help="a backup")
    command.add_argument("--replace", action="store_true", help="replace the index that is there")


def _add_feedback(commands: Any) -> None:
    command = _command(
        commands,
        "feedback",
        "list what readers thought of answers on the page",
        "byline feedback\nbyline feedback --bad --csv > complaints.csv",
        "upkeep.feedback",
    )
    command.add_argument("--bad", action="store_true", help="only the thumbs down")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object a verdict")
    form.add_argument("--csv", action="store_true", help="print a table for a spreadsheet")


# --- what several commands share


def _command(commands: Any, name: str, summary: str, examples: str, run: str) -> Any:
    indented = "\n".join(f"  {line}" for line in examples.splitlines())
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{indented}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--index", metavar="DIR", help=program_flags.INDEX)
    command.set_defaults(run=run)
    return command


def _settings(options: argparse.Namespace) -> Settings:
    if hasattr(options, "batch") and (options.question is None) == (options.batch is None):
        raise SettingsError("Give a question, or --batch FILE.")
    if getattr(options, "question", None) is not None:
        options.question = argument(options.question)
    names = ("index", "llm", "host", "port")
    settings = load_settings({name: getattr(options, name, None) for name in names})
    if settings.chroma or settings.llm != EXTRACTIVE:
        from rag.models import proxies

        proxies.must_be_usable()
    return settings
