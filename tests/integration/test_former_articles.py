"""A link outlives its article: it shows the words as they were, or says what became of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.forked import ROOT, ran
from tests.integration.programs import call, served
from vectorstore import former
from vectorstore.opening import manifest_of

FILE = "2024-03-21-meridel-press-contract-worker-injured.txt"
WORDS = "a lashing chain gave way"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as where:
        yield where


def ingest(folder: Path) -> None:
    words = ("ingest", folder / "articles", "--index", folder / "index")
    done = ran(*words, cwd=ROOT, environ=os.environ)
    assert done.returncode == 0, done.stderr


def link_to(address: str, file: str, words: str) -> tuple[str, str]:
    """The article's id, and a link to these words of it."""
    listed = call(address, f"/api/v1/articles?file={quote(file)}").json["articles"]
    (item,) = [item for item in listed if item["file"] == file]
    text = call(address, f"/a/{item['id']}.json").json["text"]
    start = text.index(words)
    return item["id"], f"/a/{item['id']}?start={start}&end={start + len(words)}"


def test_after_each_change_of_its_file(address: str, folder: Path) -> None:
    file = folder / "articles" / FILE
    before = file.read_text()
    old, link = link_to(address, FILE, WORDS)
    assert "was changed" not in call(address, link).body.decode()

    file.write_text(before.replace("Contract worker", "A contract worker"))
    ingest(folder)
    new, moved = link_to(address, FILE, WORDS)
    assert new != old
    page = unescape(call(address, link).body.decode())
    assert f"autofocus>{WORDS}</mark>" in page
    assert "as it was before its file was changed" in page
    assert f"The same words stand in <a href='{moved}'>" in page
    told = call(address, f"/a/{old}.json")
    assert told.status == 410
    assert f"/a/{new}.json" in told.json["detail"]

    file.write_text("Contract worker well again\n\nThe worker hurt in March is back at work.\n")
    ingest(folder)
    newest, _ = link_to(address, FILE, "back at work")
    page = unescape(call(address, link).body.decode())
    assert f"autofocus>{WORDS}</mark>" in page
    assert f"These words do not stand in <a href='/a/{newest}'>" in page

    file.unlink()
    ingest(folder)
    for each in (link, moved, f"/a/{newest}"):
        reply = call(address, each)
        page = reply.body.decode()
        assert reply.status == 410
        assert f"The article’s file ({FILE}) was removed on" in page
        assert WORDS not in page
    assert call(address, f"/a/{old}.json").status == 410

    file.write_text(before)
    ingest(folder)
    assert f"autofocus>{WORDS}</mark>" in call(address, link).body.decode()
    assert call(address, f"/a/{old}.json").status == 200


def test_what_is_kept_no_longer_is_said_to_be(address: str, folder: Path) -> None:
    file = folder / "articles" / "2024-03-12-averstad-sentinel-mediator-expects-deal.txt"
    words = "the mediator in the harbour dispute is confident"
    old, link = link_to(address, file.name, words)
    file.write_text(file.read_text() + "\n\nUpdate: the mediator said nothing new.\n")
    ingest(folder)
    assert call(address, link).status == 200
    with closing(manifest_of(folder / "index")) as manifest, manifest.transaction() as db:
        former.let_go(db, [old])  # as after a year
    reply = call(address, link)
    page = unescape(reply.body.decode())
    newest, _ = link_to(address, file.name, words)
    assert reply.status == 410
    assert f"({file.name}) was changed on" in page
    assert f"its text before is kept no longer. <a href='/a/{newest}'>" in page


def test_an_id_that_never_was(address: str) -> None:
    reply = call(address, "/a/never?start=1&end=9")
    assert reply.status == 404
    assert "No article has ever had this address" in reply.body.decode()
