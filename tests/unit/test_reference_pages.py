"""docs/cli.md and docs/settings.md are made here, of the parser and of rag/settings.py.

After a change: `python tests/unit/test_reference_pages.py` writes them anew.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program

from rag.cli import parser
from rag.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
ALWAYS = ("--help",)
NOT_ALONE = "<!-- not run: examples with names of your own, a key or a server -->"
CLI_HEAD = """# The command line

Made from the program itself; `byline COMMAND --help` says the same. Flags win over `BYLINE_NAME` in
the environment, and that over `byline.toml` ([settings](settings.md)). `python -m rag` is `byline`.

Exit codes: 0; 1 where `check`, `repair`, `doctor` or `verify` finds something wrong, where
`feed pull` could not take all, and where `eval` falls below a gate or a floor; 2 after a mistake
that you can mend, told in one line.
"""
SETTINGS_HEAD = """# Settings

Made from [rag/settings.py](../rag/settings.py). A setting is given by `BYLINE_NAME=value` in the
environment, by `name = value` in a file `byline.toml` in the folder where Byline is started, or,
for some, by a [flag](cli.md); the flag wins over the environment, and that over the file. A
misspelt name is refused. Providers' keys (`OPENAI_API_KEY` …) are no settings: they stay in the
environment.

| setting | environment | default | what it is |
|---|---|---|---|
"""


def cell(text: object) -> str:
    return str(text).replace("|", "\\|")


# --- docs/cli.md


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def summaries() -> dict[str, str]:
    (action,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return {choice.dest: choice.help or "" for choice in action._choices_actions}


def cli_page() -> str:
    listed = [f"- [byline {name}](#byline-{name}): {said}" for name, said in summaries().items()]
    pages = [section(name, command) for name, command in commands().items()]
    return "\n".join([CLI_HEAD, *listed, "", *pages]).rstrip() + "\n"


def section(name: str, command: argparse.ArgumentParser) -> str:
    lines = [
        f"## byline {name}",
        "",
        command.description or "",
        "",
        "| | | default |",
        "|---|---|---|",
    ]
    lines += rows(command)
    for group in command._action_groups:
        if group.description and group.title not in ("options", "positional arguments"):
            lines += ["", f"{str(group.title).capitalize()}. {group.description}"]
    examples = (command.epilog or "").removeprefix("examples:\n")
    shown = [line.removeprefix("  ") for line in examples.splitlines()]
    return "\n".join([*lines, "", NOT_ALONE, "```sh", *shown, "```", ""])


def rows(command: argparse.ArgumentParser) -> Iterator[str]:
    """A row an argument; of a command with commands of its own, one for each of theirs."""
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, own in action.choices.items():
                said = next(it.help for it in action._choices_actions if it.dest == verb)
                yield f"| `{verb}` | {cell(said)} | |"
                yield from (row.replace("| `", f"| `{verb} ", 1) for row in rows(own))
        elif not set(ALWAYS) & set(action.option_strings):
            words, default = parted(action)
            yield f"| `{cell(written(action))}` | {cell(words)} | {default} |"


def written(action: argparse.Action) -> str:
    """The argument as one types it: `--k K`, `--explain [FILE]`, `folder`."""
    name = action.option_strings[-1] if action.option_strings else action.metavar or action.dest
    if not action.option_strings:
        return (
            f"[{name}]"
            if action.nargs == "?"
            else f"{name} …"
            if action.nargs == "+"
            else str(name)
        )
    if action.nargs == 0:
        return str(name)
    value = action.metavar or action.dest.upper()
    return f"{name} [{value}]" if action.nargs == "?" else f"{name} {value}"


_DEFAULT = re.compile(r" \(default(?: [^:)]+)?(?:: ([^)]+))?\)")
_SETTINGS = {name: getattr(Settings(), name) for name in ("index", "llm", "host", "port")}


def parted(action: argparse.Action) -> tuple[str, str]:
    """What an argument is, and its default: the setting's that it is for, else the parser's."""
    said = (action.help or "").replace("%%", "%")
    words = _DEFAULT.sub(lambda found: f" ({found[1]})" if found[1] else "", said)
    value = action.default if action.default is not None else _SETTINGS.get(action.dest)
    none = value in ("", []) or value is False or value is None or value == argparse.SUPPRESS
    return words, "" if none else f"`{value}`"


# --- docs/settings.md

_FIELD = re.compile(r"    (\w+): [^=]+ = (.+?)(?:  # (.+))?$")


def settings_page() -> str:
    source = (ROOT / "rag" / "settings.py").read_text(encoding="utf-8")
    body = source.partition('    """\n\n    index')[2].partition("\n\n\n")[0]
    lines = [match for line in f"    index{body}".splitlines() if (match := _FIELD.match(line))]
    assert [match[1] for match in lines] == [item.name for item in fields(Settings)]
    return SETTINGS_HEAD + "".join(setting(match) for match in lines)


def setting(match: re.Match[str]) -> str:
    name, _, comment = match.groups()
    assert comment, f"{name}: no comment says what it is"
    value = getattr(Settings(), name)
    default = {"cache": "~/.cache/byline"}.get(name, said(value))
    cells = [f"`{name}`", f"`{PREFIX}{name.upper()}`", default and f"`{default}`", cell(comment)]
    return f"| {' | '.join(cells)} |\n"


def said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)


# --- what is held


PAGES = {"cli.md": cli_page, "settings.md": settings_page}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_program_has(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == PAGES[name](), f"run {Path(__file__).relative_to(ROOT)} to mend it"


def test_every_argument_says_what_it_is() -> None:
    for name, command in commands().items():
        for action in command._actions:
            if not isinstance(action, argparse._SubParsersAction):
                assert action.help, (name, action.dest)


def test_every_command_has_an_example_of_itself() -> None:
    for name, command in commands().items():
        assert f"byline {name}" in (command.epilog or ""), name


if __name__ == "__main__":
    for name, made in PAGES.items():
        (ROOT / "docs" / name).write_text(made(), encoding="utf-8")
