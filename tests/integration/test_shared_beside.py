"""What lies beside an index is of all machines: tokens, users, feedback, feeds, added files."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import SettingsError
from rag.export import feedback
from rag.indexing import feed_list, library, maintenance, uploads
from rag.indexing.astray import Astray
from rag.indexing.feed_list import Feed
from rag.pipeline import add_text, add_uploads, ingest
from rag.resources import Resources, open_resources
from rag.settings import IN_DATABASE, Settings, load_settings
from rag.web import users
from rag.web.api import tokens
from rag.web.api.tokens import Tokens
from tests import servers
from vectorstore import beside

TODAY = date(2024, 3, 4)
Said = pytest.CaptureFixture[str]


@pytest.fixture
def shared(chroma_server: str, postgresql: str) -> dict[str, str]:
    return {"chroma": chroma_server, "database": servers.database(postgresql)}


@pytest.fixture(params=["folder", "database"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> beside.Beside:
    if request.param == "folder":
        return beside.of(tmp_path)
    server = request.getfixturevalue("postgresql")
    return beside.of(tmp_path, servers.database(server))


def test_a_change_is_made_to_what_is_there_whoever_makes_it_when(kept: beside.Beside) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: tokens.made(kept, f"t{n}", ["read"], TODAY), range(12)))
    held = Tokens(kept)
    assert {found.name for token in made if (found := held.find(token))} == {
        f"t{n}" for n in range(12)
    }
    tokens.removed(kept, "t3")
    assert held.find(made[3]) is None
    assert len(tokens.listed(kept)) == 11


def test_an_error_leaves_what_is_there(kept: beside.Beside) -> None:
    kept.write("a.json", b"before")
    stamp = kept.stamp("a.json")

    def broken() -> None:
        with kept.changing("a.json") as draft:
            draft.content = b"after"
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is ours
        broken()
    assert (kept.read("a.json"), kept.stamp("a.json")) == (b"before", stamp)
    assert (kept.read("b.json"), kept.stamp("b.json")) == (None, None)


def test_who_waits_too_long_is_told(kept: beside.Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "SECONDS", 0.2)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with kept.changing(tokens.FILE):
            holding.set()
            done.wait()

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        holding.wait()
        try:
            with pytest.raises(SettingsError, match="is being changed by another byline"):
                tokens.made(kept, "late", ["read"], TODAY)
        finally:
            done.set()
        held.result()


def test_feeds_and_verdicts_are_kept(kept: beside.Beside) -> None:
    with feed_list.changing(kept) as feeds:
        feeds.append(Feed("https://paper.example/feed", seen={"1": "a"}))
    feed_list.changed(kept, "https://paper.example/feed", lambda feed: replace(feed, title="Paper"))
    assert [(feed.title, feed.seen) for feed in feed_list.load(kept)] == [("Paper", {"1": "a"})]
    for verdict in ("good", "bad"):
        feedback.record(
            kept, question="Wh\0y? \ud800", answer_json={"answer": "So."}, verdict=verdict
        )
    feedback.record(kept, question="When?", answer_json={"answer": "Now."}, verdict="good")
    assert sorted((item.question, item.verdict) for item in feedback.listed(kept)) == [
        ("When?", "good"),
        ("Why? \\ud800", "bad"),
    ]
    assert [item.verdict for item in feedback.listed(kept, verdict="bad")] == ["bad"]


def test_commands_of_any_folder_speak_of_one_index(
    tmp_path: Path, shared: dict[str, str], capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLINE_DATABASE", shared["database"])
    monkeypatch.setenv("BYLINE_CHROMA", shared["chroma"])
    monkeypatch.setenv("BYLINE_USERS", IN_DATABASE)
    assert main(["token", "add", "newsbot", "--index", str(tmp_path / "a")]) == 0
    token = capsys.readouterr().out.strip()
    assert main(["token", "list", "--index", str(tmp_path / "b")]) == 0
    assert "newsbot" in capsys.readouterr().out
    kept = beside.of(tmp_path / "c", shared["database"])
    assert Tokens(kept).find(token) is not None
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert main(["user", "add", "anna"]) == 0
    who = users.who_may(load_settings({"index": tmp_path / "d"}))
    assert who is not None
    assert users.is_right(who(), "anna", "correct horse")
    monkeypatch.setattr(sys, "stdin", io.StringIO("b\n"))
    assert main(["user", "add", "bob"]) == 0
    assert set(who()) == {"anna", "bob"}  # as a server has it that is running
    assert main(["user", "remove", "anna"]) == 0
    assert set(who()) == {"bob"}
    capsys.readouterr()
    assert main(["user", "remove", "anna"]) == 2
    assert "users.txt in postgresql" in capsys.readouterr().err
    assert main(["feedback", "--index", str(tmp_path / "e")]) == 0
    assert "No feedback yet" in capsys.readouterr().out
    monkeypatch.delenv("BYLINE_DATABASE")
    with pytest.raises(SettingsError, match=r"users is 'database'.*BYLINE_DATABASE"):
        load_settings({})


@contextmanager
def machine(folder: Path, shared: dict[str, str]) -> Iterator[Resources]:
    settings = Settings(index=folder, reranker="none", **shared)  # type: ignore[arg-type]
    with open_resources(settings, create=True) as resources:
        yield resources


def listed(resources: Resources) -> tuple[library.Source, ...]:
    return library.page(resources, library.Asked(), Astray()).sources


def lying(resources: Resources) -> dict[str, bytes]:
    """The copies of added files that a machine has."""
    root = uploads.folder(resources.settings)
    return {file.name: file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_added_files_are_of_all_machines(tmp_path: Path, shared: dict[str, str]) -> None:
    articles, note = tmp_path / "articles", tmp_path / "note.txt"
    articles.mkdir()
    (articles / "quay.txt").write_text("The quay was shut on Friday.")
    note.write_text("The ferry sank off Averstad on Monday.")
    with machine(tmp_path / "a", shared) as a, machine(tmp_path / "b", shared) as b:
        ingest(articles, a)
        assert add_uploads(a, [(note, "note.txt")]).added == 1
        assert lying(b) == {}
        report = ingest(None, b)  # takes nothing of it for gone, and reads nothing anew
        assert (report.added, report.changed, report.removed) == (0, 0, 0)
        assert lying(b) == lying(a) == {"note.txt": note.read_bytes()}
        assert all(item.state == "" for item in listed(b))
        note.write_text("The ferry was raised off Averstad.")
        add_uploads(b, [(note, "note.txt")])
        assert ingest(None, a).changed == 0  # b has read it
        assert lying(a) == lying(b)
        (added,) = (item for item in listed(a) if item.added)
        library.remove(added.id, b)
        assert ingest(None, a).removed == 0  # it went already
        assert lying(a) == lying(b) == {}
        assert a.index.counts()[1] == b.index.counts()[1] == 1
        (quay,) = listed(a)
        library.remove(quay.id, a)  # left out, which is the word of all
        assert library.shelf(b).left_out == {"quay.txt"}
        assert ingest(None, b).added == 0


def test_a_row_that_leads_out_of_the_folder_is_not_written(
    tmp_path: Path, shared: dict[str, str]
) -> None:
    with machine(tmp_path / "a", shared) as a:
        kept = a.index.beside
        kept.write("uploads/../../evil.txt", b"evil")
        uploads.bring(a.settings)
        assert not list(tmp_path.rglob("evil.txt"))


def test_a_backup_takes_along_what_lies_beside(tmp_path: Path, shared: dict[str, str]) -> None:
    with machine(tmp_path / "a", shared) as a:
        add_text(a, uploads.Pasted("The quay was shut on Friday.", "Quay shut"))
        kept, named = a.index.beside, list(lying(a))
        with feed_list.changing(kept) as feeds:
            feeds.append(Feed("https://paper.example/feed"))
        feedback.record(kept, question="Why?", answer_json={"answer": "So."}, verdict="bad")
        maintenance.backup(a.settings, tmp_path / "shared.zip")
        added = lying(a)
    own = Settings(index=tmp_path / "own")
    maintenance.restore(own, tmp_path / "shared.zip")
    with open_resources(own) as resources:
        assert lying(resources) == added
        assert [feed.url for feed in feed_list.load(resources.index.beside)]
        give = {"question": "When?", "answer_json": {"answer": "Now."}}
        feedback.record(resources.index.beside, **give, verdict="good")  # type: ignore[arg-type]
        assert ingest(None, resources).added == 0
        maintenance.backup(own, tmp_path / "own.zip")
    with machine(tmp_path / "b", shared) as b:
        token = tokens.made(b.index.beside, "stays", ["read"], TODAY)
        add_text(b, uploads.Pasted("Cranes arrived.", "Cranes"))
    maintenance.restore(b.settings, tmp_path / "own.zip", replace=True)
    with machine(tmp_path / "c", shared) as c:
        assert ingest(None, c).removed == 0
        assert list(lying(c)) == named
        assert {item.question for item in feedback.listed(c.index.beside)} == {"Why?", "When?"}
        assert Tokens(c.index.beside).find(token) is not None
