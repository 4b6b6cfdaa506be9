"""Zotero's local API on loopback: its items are articles, under Zotero's own metadata.

The library of these tests answers as Zotero 8 documents: a plain HTTP server with `start` and
`limit`, `Total-Results`, files by `file://` addresses, and texts that Zotero took itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rag.cli import main
from rag.errors import ArticleError, SettingsError
from rag.indexing import feed_list, zotero
from rag.indexing.feeds_pulled import Pulled, added, pull
from rag.resources import Resources, open_resources
from rag.schema import Article
from rag.settings import Settings
from tests.integration.programs import call, served
from tests.integration.sites import Sent, Site, site

PAGE = (
    "<html><head><title>From the page</title></head><body><nav>Home Sport</nav><article>"
    "<h1>Pass closed by snow</h1><p>The Tarn Pass was closed at noon on Sunday after 42 centimetres"
    " of snow fell in six hours.</p><p>Two lorries had to be pulled out, Ilse Brandt said.</p>"
    "</article></body></html>"
)
REPORT = "The harbour took in 31 million crowns in 2025, a third more than the year before."
API = {"Zotero-API-Version": "3"}


@dataclass
class Library:
    """What Zotero holds: items in the order of their addition, texts and files by key."""

    web: Site
    storage: Path
    items: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    collections: dict[str, str] = field(default_factory=dict)
    enabled: bool = True
    given: list[Any] = field(default_factory=list)  # headers of the requests

    def add(self, key: str, type_: str, **data: Any) -> dict[str, Any]:
        item = {"key": key, "version": 0, "meta": {}, "data": {"key": key, "itemType": type_}}
        item["data"] |= {"dateModified": "2026-05-03T10:00:00Z", **data}
        self.items.append(item)
        return item

    def keep(self, key: str, name: str, data: str) -> None:
        """Have a file in Zotero's storage."""
        (self.storage / key).mkdir(parents=True, exist_ok=True)
        self.files[key] = self.storage / key / name
        self.files[key].write_text(data)

    def answer(self, path: str, given: Any) -> Sent:
        self.web.asked.append(path)
        self.given.append(given)
        if not self.enabled:
            return Sent("Local API is not enabled", "text/plain", 403, API)
        asked = urlsplit(path)
        _, _, _, _, *where = asked.path.split("/")  # /api/users/0/…
        query = {name: value for name, (value, *_) in parse_qs(asked.query).items()}
        match where:
            case ["items"] | ["items", "top"]:
                start, limit = int(query.get("start", 0)), int(query["limit"])
                found = json.dumps(self.items[start : start + limit])
                more = {"Total-Results": str(len(self.items)), "Last-Modified-Version": "0"}
                return Sent(found, "application/json", 200, API | more)
            case ["collections", key] if key in self.collections:
                named = {"key": key, "data": {"name": self.collections[key]}}
                return Sent(json.dumps(named), "application/json", 200, API)
            case ["items", key, "fulltext"] if key in self.texts:
                held = {"content": self.texts[key], "indexedPages": 2, "totalPages": 2}
                return Sent(json.dumps(held), "application/json", 200, API)
            case ["items", key, "file", "view", "url"] if key in self.files:
                return Sent(self.files[key].as_uri(), "text/plain", 200, API)
        return Sent("Not found", "text/plain", 404, API)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with site() as web:
        held = Library(web, tmp_path / "storage")
        web.answer = held.answer  # type: ignore[method-assign]
        held.add(
            "NEWS0001", "newspaperArticle", title="Pass closed", publicationTitle="Merrow Post",
            creators=[{"creatorType": "author", "firstName": "Ada", "lastName": "Lund"},
                      {"creatorType": "editor", "name": "The Desk"}],
            date="3 May 2026", url="https://post.example/pass", section="Weather",
            collections=["COLL0001"],
        )["meta"]["parsedDate"] = "2026-05-03"  # fmt: skip
        held.add("SNAP0001", "attachment", parentItem="NEWS0001", contentType="text/html")
        held.keep("SNAP0001", "pass.html", PAGE)
        port = [{"creatorType": "author", "name": "Port Authority"}]
        held.add(
            "REPO0001", "report", title="<i>Harbour</i> accounts", creators=port, collections=[],
            institution="Port Authority",
        )  # fmt: skip
        held.add("FILE0001", "attachment", parentItem="REPO0001", contentType="application/pdf")
        held.texts["FILE0001"] = REPORT
        held.add("NOTE0001", "note", parentItem="REPO0001", note="<p>Ask about the cranes.</p>")
        held.add("BOOK0001", "book", title="Nothing attached")
        yield held


@pytest.fixture
def resources(library: Library, tmp_path: Path) -> Iterator[Resources]:
    settings = Settings(index=tmp_path / "index", zotero=library.web.address)
    with open_resources(settings, create=True) as opened:
        yield opened


def always(sent: Sent) -> Callable[..., Sent]:
    return lambda *_: sent


def articles(resources: Resources) -> dict[str, Article]:
    ids = resources.index.article_ids()
    return {article.title or "": article for article in resources.index.articles(ids).values()}


def test_items_are_articles_under_zoteros_metadata(library: Library, resources: Resources) -> None:
    assert added("zotero", resources.settings) == ["zotero"]
    assert pull(resources) == Pulled(2, ())
    found = articles(resources)
    assert sorted(found) == ["Harbour accounts", "Pass closed"]
    news, report = found["Pass closed"], found["Harbour accounts"]
    assert (news.author, news.outlet, str(news.published)) == (
        "Ada Lund",
        "Merrow Post",
        "2026-05-03",
    )
    assert news.url == "https://post.example/pass"
    assert "42 centimetres of snow" in news.text
    assert "Sport" not in news.text  # of the saved page the article, not all that stands on it
    assert (report.author, report.outlet) == ("Port Authority", "Port Authority")
    assert REPORT in report.text
    assert all("cranes" not in article.text for article in found.values())
    assert {headers["Zotero-API-Version"] for headers in library.given} == {"3"}
    assert not any(headers["User-Agent"].startswith("Mozilla") for headers in library.given)


def test_only_what_is_new_or_changed_is_taken_again(library: Library, resources: Resources) -> None:
    added("zotero", resources.settings)
    assert pull(resources).taken == 2
    library.web.asked.clear()
    assert pull(resources) == Pulled(0, ())
    assert not any("file" in path or "fulltext" in path for path in library.web.asked)

    library.items[0]["data"] |= {"title": "Pass open", "dateModified": "2026-05-04T10:00:00Z"}
    library.items[3]["version"] = 7  # the attachment of the report, after a synchronisation
    library.texts["FILE0001"] = f"{REPORT} The crane was sold."
    assert pull(resources).taken == 2
    assert sorted(articles(resources)) == ["Harbour accounts", "Pass open"]
    assert "crane was sold" in articles(resources)["Harbour accounts"].text


def test_what_is_deleted_in_zotero_stays(library: Library, resources: Resources) -> None:
    added("zotero", resources.settings)
    pull(resources)
    library.items.clear()
    assert pull(resources) == Pulled(0, ())
    assert len(articles(resources)) == 2


def test_one_collection(library: Library, resources: Resources) -> None:
    library.collections["COLL0001"] = "Weather"
    assert added("zotero:COLL0001", resources.settings) == ["zotero:COLL0001"]
    assert pull(resources).taken == 1
    assert [*articles(resources)] == ["Pass closed"]
    (feed,) = feed_list.load(resources.index.beside)
    assert feed.title == "Zotero: Weather"
    with pytest.raises(ArticleError, match="no collection COLL0002"):
        added("zotero:COLL0002", resources.settings)


def test_a_library_of_several_pages(
    library: Library, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zotero, "_AT_ONCE", 2)
    added("zotero", resources.settings)
    assert pull(resources).taken == 2
    starts = [parse_qs(urlsplit(path).query).get("start") for path in library.web.asked]
    assert [start for start in starts if start] == [["0"], ["2"], ["4"], ["6"]]


def test_an_item_that_has_no_text_is_named_and_tried_again(
    library: Library, resources: Resources
) -> None:
    del library.texts["FILE0001"]
    library.add("ALON0001", "attachment", title="alone.pdf", contentType="application/pdf")
    added("zotero", resources.settings)
    done = pull(resources)
    assert done.taken == 1
    assert [item.file for item in done.failed] == [
        "zotero:REPO0001, “Harbour accounts”", "zotero:ALON0001, “alone.pdf”",
    ]  # fmt: skip
    assert "None of its attachments" in done.failed[0].reason
    library.texts |= {"FILE0001": REPORT, "ALON0001": "A paper that stands by itself."}
    assert pull(resources) == Pulled(2, ())


def test_only_files_in_zoteros_own_folders_are_opened(
    library: Library, resources: Resources, tmp_path: Path
) -> None:
    """A linked file may be any; what answers at the port may be any program of this machine."""
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret of the house is written here and stays here for good.")
    library.files["FILE0001"] = secret
    (library.storage / "SNAP0001" / "pass.html").unlink()
    (library.storage / "SNAP0001" / "pass.html").symlink_to(secret)
    added("zotero", resources.settings)
    done = pull(resources)
    assert done.taken == 1  # what Zotero itself took of the linked file
    assert [item.file for item in done.failed] == ["zotero:NEWS0001, “Pass closed”"]
    assert all("secret" not in article.text for article in articles(resources).values())


def test_a_zotero_that_lets_nobody_in_or_is_not_there_is_named(
    library: Library, resources: Resources
) -> None:
    library.enabled = False
    with pytest.raises(ArticleError, match="Allow other applications"):
        added("zotero", resources.settings)
    library.enabled = True
    added("zotero", resources.settings)
    settings = replace(resources.settings, zotero="http://127.0.0.1:1")
    (failed,) = pull(replace(resources, settings=settings)).failed
    assert failed.file == "zotero"
    assert "does not answer at http://127.0.0.1:1" in failed.reason


def test_what_is_no_zotero_is_said_to_be_none(library: Library, resources: Resources) -> None:
    added("zotero", resources.settings)
    for body in ("<html>", "[" * 100_000):
        library.web.answer = always(Sent(body))  # type: ignore[method-assign]
        (failed,) = pull(resources).failed
        assert "is no Zotero" in failed.reason
    attached = {"key": "ODDI0002", "data": {"itemType": "attachment", "parentItem": "ODDI0001"}}
    data = {"itemType": 3, "collections": 4, "creators": {"a": 5}}
    odd: list[Any] = [
        {"key": 5}, "x", {"key": "../../x"}, {"key": "NONE0001", "data": 7}, attached,
        {"key": "ODDI0001", "meta": 6, "data": data},
    ]  # fmt: skip
    library.web.answer = always(Sent(json.dumps(odd)))  # type: ignore[method-assign]
    (failed,) = pull(resources).failed
    assert failed.file == "zotero:ODDI0001, “untitled”"


@pytest.mark.parametrize(
    "address",
    ["https://api.zotero.org", "http://10.0.0.8:23119", "http://localhost:23119",
     "http://127.0.0.1.example:23119", "http://0.0.0.0:23119", "file:///etc", "", "http://[::1"],
)  # fmt: skip
def test_nothing_beyond_this_machine_is_asked(tmp_path: Path, address: str) -> None:
    settings = Settings(index=tmp_path, zotero=address)
    with pytest.raises(SettingsError, match="on this machine alone"):
        added("zotero", settings)


def test_a_redirect_is_not_followed(library: Library, resources: Resources) -> None:
    with site() as elsewhere:
        sent = Sent("", status=302, headers={"Location": elsewhere.address})
        library.web.answer = always(sent)  # type: ignore[method-assign]
        with pytest.raises(ArticleError, match="answers “302”"):
            added("zotero", resources.settings)
        assert elsewhere.asked == []


def test_from_the_command_line(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("BYLINE_ZOTERO", library.web.address)
    index = ["--index", str(tmp_path / "other")]
    assert main(["feed", "add", "zotero", *index]) == 0
    assert main(["feed", "pull", *index]) == 0
    assert capsys.readouterr().out == "zotero\n2 taken, 0 failed\n"
    assert main(["search", "harbour accounts", *index]) == 0
    assert "uploads:zotero-REPO0001.json" in capsys.readouterr().out


def test_a_server_takes_what_is_new_by_itself(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLINE_ZOTERO", library.web.address)
    assert main(["feed", "add", "zotero", "--index", str(tmp_path / "index")]) == 0
    given = {"BYLINE_ZOTERO": library.web.address, "BYLINE_CALLS": "100000"}
    with served(tmp_path, **given) as address:
        deadline = time.monotonic() + 120
        found: list[Any] = []
        while not found and time.monotonic() < deadline:
            listed = call(address, "/api/v1/articles?limit=100").json["articles"]
            found = [item for item in listed if item["title"] == "Pass closed"]
        assert found
        assert "42 centimetres" in call(address, f"/a/{found[0]['id']}.json").json["text"]
