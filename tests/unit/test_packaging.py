"""The lock, the docs and the package agree with one another."""

import re
import tomllib
from datetime import date
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from rag.cli import main
from tests.documentation import links

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line.partition(";")[0].strip() for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in (p.split("==") for p in pins)}


def needed(names: list[str]) -> set[str]:
    """The distributions that `names` need here, all the way down."""
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            wanted = requires(name) or []
        except PackageNotFoundError:  # of another platform or an extra not installed here
            continue
        parsed = [Requirement(line) for line in wanted]
        waiting += [
            canonicalize_name(item.name)
            for item in parsed
            if item.marker is None or item.marker.evaluate({"extra": ""})
        ]
    return found


def test_the_lock_pins_everything_that_is_needed() -> None:
    direct = [Requirement(line).name for line in PROJECT["dependencies"]]
    extras = [Requirement(r).name for rs in PROJECT["optional-dependencies"].values() for r in rs]
    missing = needed([*direct, *extras]) - set(locked())
    assert missing == set()


def test_torch_stays_where_a_small_build_is_offered() -> None:
    assert locked()["torch"] == "2.13.0"


def test_every_dependency_has_both_bounds() -> None:
    for line in PROJECT["dependencies"]:
        operators = {item.operator for item in Requirement(line).specifier}
        assert operators == {">=", "<"}, line


def test_every_dependency_is_explained() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["docs"]]:
        name = Requirement(line).name
        assert re.search(rf"\b{re.escape(name)}\b", text), name


def test_the_tree_in_the_docs_is_the_tree() -> None:
    tree = (
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## The tree")[2]
    )
    named = sorted(re.findall(r"^ +([\w]+\.py)  ", tree, re.MULTILINE))
    files = [p.name for folder in ("rag", "vectorstore") for p in (ROOT / folder).rglob("*.py")]
    rooms = [name for name in files if name != "__init__.py"]
    assert named == sorted([*rooms, "__init__.py"])


# --- the version, which stands in pyproject.toml and nowhere else


def test_no_code_repeats_the_version() -> None:
    files = [p for folder in ("rag", "vectorstore") for p in (ROOT / folder).rglob("*.py")]
    literal = re.compile(rf"""["']{re.escape(PROJECT["version"])}["']""")
    assert [p.name for p in files if literal.search(p.read_text(encoding="utf-8"))] == []


def test_the_command_line_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"byline {PROJECT['version']}\n"


def test_the_changelog_has_it_with_a_day_below_what_is_to_come() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, second, *_ = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert first == "[Unreleased]"
    version, day = re.fullmatch(r"\[(.+)\] - (.+)", second).groups()  # type: ignore[union-attr]
    assert version == PROJECT["version"]
    assert date.fromisoformat(day)


def test_the_changelog_knows_no_other_kinds_of_change() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    kinds = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_docs_name_the_files_of_this_version() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = [re.findall(r"byline-(\d[\w.]*?)[-.](?:py3|tar)", p.read_text()) for p in pages]
    assert {version for found in named for version in found} == {PROJECT["version"]}


# --- what a package registry shows


def test_the_page_for_registries_leads_nowhere_that_is_not_there() -> None:
    page = ROOT / PROJECT["readme"]
    assert [link for link in links(page) if not link.startswith("https://")] == []
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 50
