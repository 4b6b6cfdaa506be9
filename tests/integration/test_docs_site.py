"""The documentation as a site: it builds without a warning, hangs together, and loads nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from tests.documentation import ROOT

LOADED = {"src", "srcset", "data", "poster"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx", reason="pip install '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    flags = ["-c", "docs", "-W", "--keep-going", "-q", "-d", str(folder / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *flags, ".", str(folder / "html")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return folder / "html"


def attributes(page: Path) -> Iterator[tuple[str, str, str]]:
    """Tag, attribute and value of each address on a page."""
    for element in html.parse(page).iter("*"):
        for name, value in element.items():
            if name in LOADED or name == "href":
                yield str(element.tag), name, value


def test_links_and_anchors_lead_somewhere(site: Path) -> None:
    known = {page: set(html.parse(page).xpath("//@id")) for page in site.rglob("*.html")}
    assert len(known) > 20
    for page in known:
        for tag, _, value in attributes(page):
            parts = urlsplit(value)
            if parts.scheme or parts.netloc or value in ("", "#"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page.relative_to(site)}: <{tag}> {value}"
            if parts.fragment and target in known:
                assert parts.fragment in known[target], f"{page.relative_to(site)}: {value}"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        for tag, name, value in attributes(page):
            if name in LOADED or tag == "link":
                assert not re.match(r"(https?:)?//", value), f"{page.name}: <{tag}> {value}"
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", text), sheet.name
    for script in site.rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"(import|fetch|src\s*=)\s*\(?\s*['\"`]https?://", text), script.name


def test_the_first_page_is_the_readme(site: Path) -> None:
    assert "README.html" in (site / "index.html").read_text(encoding="utf-8")
    assert "every sentence of an answer" in (site / "README.html").read_text(encoding="utf-8")
