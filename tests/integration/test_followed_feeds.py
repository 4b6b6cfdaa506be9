"""Feeds on loopback: what is new in them is in the index, once, and what fails is named."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.errors import ArticleError, SettingsError
from rag.indexing import feed_list, feed_reading, feeds_pulled, fetching
from rag.indexing.feeds_pulled import Halt, Pulled, added, pull
from rag.indexing.following import following
from rag.resources import Resources, open_resources
from rag.schema import Article
from rag.settings import Settings
from tests.integration.sites import Sent, Site, loopback, site

RSS = "application/rss+xml"
STORIES = {
    "dock": "Some 240 contract workers came to Gannet Dock by barge on Monday, the union said.",
    "pass": "The Tarn Pass was closed at noon after 42 centimetres of snow fell in six hours.",
    "mill": "The Old Mill will be sold to the parish for 310,000 crowns, Ilse Brandt said.",
}


def page(title: str, text: str) -> Sent:
    return Sent(
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{text}</p><p>Nobody was hurt, the mayor said on the telephone.</p></article></body>"
    )


def item(name: str, **more: str) -> str:
    inside = "".join(f"<{tag}>{value}</{tag}>" for tag, value in more.items())
    return f"<item><title>{name}</title><link>/{name}</link><guid>{name}</guid>{inside}</item>"


def rss(*items: str, title: str = "The Merrow Post") -> Sent:
    whole = f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'
    return Sent(f'<?xml version="1.0" encoding="utf-8"?>{whole}', RSS)


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as served:
        served.pages = {f"/{name}": page(name, text) for name, text in STORIES.items()}
        served.pages["/feed"] = rss(item("dock"), item("pass"))
        yield served


@pytest.fixture
def resources(tmp_path: Path) -> Iterator[Resources]:
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        yield opened


def follow(resources: Resources, *addresses: str) -> None:
    for address in addresses:
        added(address, resources.settings, loopback)


def titles(resources: Resources) -> list[str | None]:
    return sorted(item.title or "" for item in articles(resources))


def articles(resources: Resources) -> list[Article]:
    ids = resources.index.article_ids()
    return [*resources.index.articles(ids).values()]


def reasons(done: Pulled) -> dict[str, str]:
    return {item.file: item.reason for item in done.failed}


# --- what is new


def test_what_is_new_is_taken_once(paper: Site, resources: Resources) -> None:
    follow(resources, f"{paper.address}/feed")
    assert pull(resources, loopback) == Pulled(2, ())
    assert titles(resources) == ["dock", "pass"]
    (article, *_) = articles(resources)
    assert article.url in (f"{paper.address}/dock", f"{paper.address}/pass")

    paper.asked.clear()
    assert pull(resources, loopback) == Pulled(0, ())
    assert paper.asked == ["/feed"]

    paper.pages["/feed"] = rss(item("mill"), item("dock"), item("pass"))
    assert pull(resources, loopback) == Pulled(1, ())
    assert titles(resources) == ["dock", "mill", "pass"]
    (feed,) = feed_list.load(resources.index.beside)
    assert (feed.title, bool(feed.pulled)) == ("The Merrow Post", True)


def test_an_entry_is_taken_again_when_the_feed_says_that_it_changed(
    paper: Site, resources: Resources
) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><id>x</id><entry>'
        '<id>tag:1</id><title>dock</title><link href="/dock"/><updated>{}</updated></entry></feed>'
    )
    kind = "application/atom+xml"
    paper.pages["/feed"] = Sent(atom.format("2026-05-03T10:00:00Z"), kind)
    follow(resources, f"{paper.address}/feed")
    assert pull(resources, loopback).taken == 1
    (before,) = articles(resources)

    paper.pages["/dock"] = page("dock", "Some 250 contract workers came, not 240 as we wrote.")
    assert pull(resources, loopback).taken == 0
    paper.pages["/feed"] = Sent(atom.format("2026-05-03T12:00:00+01:00"), kind)
    assert pull(resources, loopback).taken == 1
    (after,) = articles(resources)
    assert "250 contract workers" in after.text
    assert pull(resources, loopback).taken == 0
    went = resources.index.former(before.id)
    assert went is not None
    assert went.became == after.id


def test_links_may_be_relative_to_where_a_feed_lies_at_last(
    paper: Site, resources: Resources
) -> None:
    paper.pages["/rss"] = Sent("", status=302, headers={"Location": "/feeds/news.xml"})
    paper.pages["/feeds/news.xml"] = rss(
        "<item><title>d</title><link>../dock</link></item>",
        f"<item><title>p</title><link>//{paper.address[7:]}/pass</link></item>",
    )
    follow(resources, f"{paper.address}/rss")
    assert pull(resources, loopback) == Pulled(2, ())
    assert titles(resources) == ["dock", "pass"]


def test_an_entry_without_a_link_is_taken_from_the_feed(paper: Site, resources: Resources) -> None:
    whole = f"&lt;p&gt;{STORIES['mill']}&lt;/p&gt;"
    paper.pages["/feed"] = rss(
        f"<item><title>Mill sold</title><author>Ilse Brandt</author>"
        f"<pubDate>Sun, 03 May 2026 10:00:00 GMT</pubDate>"
        f"<description>{whole}</description></item>",
        "<item><title>neither link nor text</title></item>",
    )
    follow(resources, f"{paper.address}/feed")
    assert pull(resources, loopback) == Pulled(1, ())
    (article,) = articles(resources)
    assert (article.title, article.outlet) == ("Mill sold", "The Merrow Post")
    assert str(article.published) == "2026-05-03"
    assert article.text.split("\n\n") == ["Mill sold", STORIES["mill"]]
    assert pull(resources, loopback) == Pulled(0, ())


def test_long_addresses_that_begin_alike_are_two_files(paper: Site, resources: Resources) -> None:
    stem = "/" + "a-very-long-headline-" * 12
    paper.pages |= {f"{stem}{n}": page(f"n{n}", f"{STORIES['dock']} {n} boats.") for n in (1, 2)}
    items = (f"<item><link>{stem}{number}</link></item>" for number in (1, 2))
    paper.pages["/feed"] = rss(*items)
    follow(resources, f"{paper.address}/feed")
    assert pull(resources, loopback) == Pulled(2, ())
    assert titles(resources) == ["n1", "n2"]


def test_two_feeds_with_the_same_story_are_one_article(paper: Site, resources: Resources) -> None:
    paper.pages["/other"] = rss(item("dock"), title="Another")
    follow(resources, f"{paper.address}/feed", f"{paper.address}/other")
    assert pull(resources, loopback).failed == ()
    assert titles(resources) == ["dock", "pass"]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
def test_the_encoding_of_the_header_wins(paper: Site, resources: Resources, declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
    text += "<title>Zürcher Bote</title></channel></rss>"
    paper.pages["/feed"] = Sent(text.encode("latin-1"), "text/xml; charset=ISO-8859-1")
    follow(resources, f"{paper.address}/feed")
    pull(resources, loopback)
    assert [feed.title for feed in feed_list.load(resources.index.beside)] == ["Zürcher Bote"]


# --- what fails


def test_an_entry_that_fails_is_named_and_tried_again(paper: Site, resources: Resources) -> None:
    lost = paper.pages.pop("/dock")
    follow(resources, f"{paper.address}/feed")
    done = pull(resources, loopback)
    assert done.taken == 1
    assert "404" in reasons(done)[f"{paper.address}/dock"]
    assert titles(resources) == ["pass"]

    paper.pages["/dock"] = lost
    assert pull(resources, loopback) == Pulled(1, ())
    assert titles(resources) == ["dock", "pass"]
    (feed,) = feed_list.load(resources.index.beside)
    assert feed.failed == {}


def test_a_page_without_an_article_fails_like_one_that_is_lost(
    paper: Site, resources: Resources
) -> None:
    whole, paper.pages["/dock"] = paper.pages["/dock"], Sent("<html><body></body></html>")
    follow(resources, f"{paper.address}/feed")
    done = pull(resources, loopback)
    assert (done.taken, list(reasons(done))) == (1, [f"{paper.address}/dock"])
    paper.pages["/dock"] = whole
    assert pull(resources, loopback) == Pulled(1, ())
    assert titles(resources) == ["dock", "pass"]


def test_an_entry_is_given_up_after_three_tries(paper: Site, resources: Resources) -> None:
    del paper.pages["/dock"]
    follow(resources, f"{paper.address}/feed")
    tries = [len(pull(resources, loopback).failed) for _ in range(feed_list.TRIES + 1)]
    assert tries == [1] * feed_list.TRIES + [0]
    assert paper.asked.count("/dock") == feed_list.TRIES


def test_a_dead_feed_costs_only_itself(paper: Site, resources: Resources) -> None:
    paper.pages["/other"] = rss(item("mill"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
    feeds = [dead, f"{paper.address}/nothing", f"{paper.address}/feed", f"{paper.address}/other"]
    with feed_list.changing(resources.index.beside) as held:
        held += [feed_list.Feed(url) for url in feeds]
    done = pull(resources, loopback)
    assert done.taken == 3
    assert list(reasons(done)) == feeds[:2]
    assert titles(resources) == ["dock", "mill", "pass"]


def test_more_than_a_hundred_come_in_several_pulls(
    paper: Site, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_pulled, "MOST", 2)
    monkeypatch.setattr(feed_list, "REMEMBERED", 0)  # what the feed lists is remembered anyway
    paper.pages["/feed"] = rss(item("dock"), item("pass"), item("mill"))
    paper.pages["/feed"].headers["ETag"] = '"1"'
    follow(resources, f"{paper.address}/feed")
    assert [pull(resources, loopback).taken for _ in range(3)] == [2, 1, 0]


# --- asked again only if it changed


def test_a_feed_that_has_not_changed_is_not_sent_again(paper: Site, resources: Resources) -> None:
    paper.pages["/feed"].headers["ETag"] = '"one"'
    lost = paper.pages.pop("/dock")
    follow(resources, f"{paper.address}/feed")
    assert pull(resources, loopback).taken == 1
    paper.pages["/dock"] = lost  # while something is left the feed is read whole
    assert pull(resources, loopback).taken == 1
    (feed,) = feed_list.load(resources.index.beside)
    assert feed.validators == {"If-None-Match": '"one"'}
    paper.pages["/feed"].body = "not looked at"
    assert pull(resources, loopback) == Pulled(0, ())
    paper.pages["/feed"] = rss(item("mill"))
    assert pull(resources, loopback).taken == 1


# --- hostile


def bomb() -> str:
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{rows}]>'


def test_entities_are_not_unfolded(paper: Site, resources: Resources) -> None:
    inside = '<rss version="2.0"><channel><title>&a9;</title></channel></rss>'
    paper.pages["/feed"] = Sent(bomb() + inside, RSS)
    secret = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    paper.pages["/secret"] = Sent(secret + inside.replace("a9", "a"), RSS)
    follow(resources, f"{paper.address}/feed", f"{paper.address}/secret")
    assert pull(resources, loopback) == Pulled(0, ())
    assert all(len(feed.title) < 100 for feed in feed_list.load(resources.index.beside))
    assert "root:" not in (resources.settings.index / feed_list.FILE).read_text()
    paper.pages["/list"] = Sent(f'{bomb()}<opml><outline xmlUrl="http://x/&a9;"/></opml>', RSS)
    with pytest.raises(ArticleError):
        added(f"{paper.address}/list", resources.settings, loopback)


def test_a_feed_that_takes_too_long_to_read_is_left(paper: Site, resources: Resources) -> None:
    deep = f'<rss version="2.0"><channel>{"<a>" * 400_000}'
    paper.pages["/other"] = Sent(deep, RSS)
    with feed_list.changing(resources.index.beside) as held:
        held += [feed_list.Feed(f"{paper.address}/{name}") for name in ("other", "feed")]
    settings = replace(resources.settings, read_seconds=4)
    done = pull(replace(resources, settings=settings), loopback)
    assert done.taken == 2
    assert "longer than 4 seconds" in reasons(done)[f"{paper.address}/other"]


def test_a_feed_that_is_too_large_is_not_read(paper: Site, resources: Resources) -> None:
    paper.pages["/feed"].body = "<rss " + " " * 1_100_000
    settings = replace(resources.settings, max_upload_mb=1)
    with pytest.raises(ArticleError, match="more than 1 MB"):
        added(f"{paper.address}/feed", settings, loopback)


def test_a_redirect_into_the_network_is_refused(
    paper: Site, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the first address is one that may be connected to: as on the internet."""
    with site() as inside:
        inside.pages = {"/feed": rss(item("dock")), "/dock": page("secret", "Secret.")}
        port = int(paper.address.rpartition(":")[2])
        real = socket.getaddrinfo

        def look_up(host: str, asked: int, *given: Any, **more: Any) -> Any:
            name = "127.0.0.1" if asked == port else "10.0.0.8"
            return real(name, asked, *given, **more)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        paper.pages["/moved"] = Sent("", status=301, headers={"Location": f"{inside.address}/feed"})
        paper.pages["/feed"] = rss(
            item("dock"), f"<item><link>{inside.address}/dock</link></item>", item("jumps")
        )
        paper.pages["/jumps"] = Sent("", status=302, headers={"Location": f"{inside.address}/dock"})
        with feed_list.changing(resources.index.beside) as held:
            held += [feed_list.Feed(f"{paper.address}/{name}") for name in ("moved", "feed")]
        done = pull(resources, loopback)
        assert done.taken == 1
        assert list(reasons(done)) == [
            f"{paper.address}/moved", f"{inside.address}/dock", f"{paper.address}/jumps",
        ]  # fmt: skip
        assert all("not a public address" in why for why in reasons(done).values())
        assert inside.asked == []


def test_without_being_told_otherwise_nothing_on_this_machine_is_asked(
    paper: Site, resources: Resources
) -> None:
    with pytest.raises(ArticleError, match="not a public address"):
        added(f"{paper.address}/feed", resources.settings)
    assert paper.asked == []


def test_what_a_feed_says_acts_on_no_terminal(
    paper: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", loopback)
    paper.pages["/feed"] = rss(
        "<item><link>/a&#x9b;2J&#x202e;b</link></item>", title="A&#x9b;31mred&#x202e;"
    )
    index = ["--index", str(tmp_path / "index")]
    assert main(["feed", "add", f"{paper.address}/feed", *index]) == 0
    assert main(["feed", "pull", *index]) == 1
    assert main(["feed", "list", *index]) == 0
    assert not {"\x1b", "\x9b", "\u202e"} & set(capsys.readouterr().out)


# --- following


def test_a_list_of_feeds_may_be_nested(paper: Site, resources: Resources, tmp_path: Path) -> None:
    opml = (
        '<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>'
        '<outline text="Papers"><outline text="North"><outline text="A" type="rss"'
        ' xmlUrl="https://a.example/feed"/></outline><outline text="B" xmlURL="http://b.example/"/>'
        '<outline text="again" xmlUrl="https://a.example/feed"/></outline>'
        '<outline text="no" xmlUrl="file:///etc/passwd"/><outline text="none"/></body></opml>'
    )
    file = tmp_path / "feeds.opml"
    file.write_text(opml)
    assert added(str(file), resources.settings) == ["https://a.example/feed", "http://b.example/"]
    assert added(str(file), resources.settings) == []
    paper.pages["/feeds.opml"] = Sent(opml.replace("a.example", "c.example"), "text/x-opml")
    assert added(f"{paper.address}/feeds.opml", resources.settings, loopback) == [
        "https://c.example/feed"
    ]
    assert len(feed_list.load(resources.index.beside)) == 3


def test_what_is_no_feed_is_not_followed(paper: Site, resources: Resources, tmp_path: Path) -> None:
    saved = tmp_path / "saved.xml"
    saved.write_bytes(paper.pages["/feed"].data)
    paper.pages["/list"] = Sent("<opml><body><outline text='x'/></body></opml>", "text/xml")
    for named, says in (
        (f"{paper.address}/dock", "no feed"),
        (f"{paper.address}/list", "names no feed"),
        (f"{paper.address}/none", "404"),
        (str(saved), "no list of feeds.*byline ingest"),
        ("news.example/feed", "begins with https://"),
        (str(tmp_path), "cannot be read"),
        ("nul\0", "cannot be read"),
    ):
        with pytest.raises(ArticleError, match=says):
            added(named, resources.settings, loopback)
    assert feed_list.load(resources.index.beside) == []


def test_the_list_is_for_its_owner_and_says_if_it_is_damaged(
    paper: Site, resources: Resources
) -> None:
    follow(resources, f"{paper.address}/feed")
    file = resources.settings.index / feed_list.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for damaged in ("{", "[1]", '[{"url": "x"}]', '{"a": 1}', '[{"url":"x","seen":[]}]'):
        file.write_text(damaged)
        with pytest.raises(SettingsError, match=r"feeds\.json cannot be read.*delete it"):
            pull(resources, loopback)


def test_a_feed_that_is_removed_during_a_pull_stays_removed(
    paper: Site, resources: Resources
) -> None:
    paper.held["/feed"] = threading.Event()
    follow_in_vain = f"{paper.address}/feed"
    with feed_list.changing(resources.index.beside) as held:
        held.append(feed_list.Feed(follow_in_vain))
    pulling = threading.Thread(target=pull, args=(resources, loopback))
    pulling.start()
    assert paper.arrived.wait(60)
    feeds_pulled.removed(follow_in_vain, resources.settings)
    paper.pages["/other"] = rss(item("mill"))
    follow(resources, f"{paper.address}/other")
    paper.held["/feed"].set()
    pulling.join()
    assert [f.url for f in feed_list.load(resources.index.beside)] == [f"{paper.address}/other"]


def test_from_the_command_line(
    paper: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", loopback)
    index, url = ["--index", str(tmp_path / "index")], f"{paper.address}/feed"

    def said(*words: str, code: int = 0) -> str:
        assert main(["feed", *words, *index]) == code
        return capsys.readouterr().out

    assert said("add", url) == f"{url}\n"
    assert said("add", url) == "All of it is followed already.\n"
    assert said("list") == f"{url}  not read yet\n"
    del paper.pages["/dock"]
    assert said("pull", code=1).startswith(f"1 taken, 1 failed\nfailed: {paper.address}/dock: ")
    failed = json.loads(said("pull", "--json", code=1))
    assert (failed["taken"], failed["failed"][0]["file"]) == (0, f"{paper.address}/dock")
    (listed,) = said("list", "--json").splitlines()
    assert json.loads(listed)["title"] == "The Merrow Post"
    assert "followed no longer" in said("remove", url)
    assert said("remove", url, code=2) == ""
    assert main(["search", "snow on the pass", *index]) == 0  # its articles stay
    assert "Tarn Pass" in capsys.readouterr().out


# --- while serving


def test_feeds_are_pulled_while_serving(paper: Site, resources: Resources) -> None:
    follow(resources, f"{paper.address}/feed")
    del paper.pages["/dock"]
    told, heard = list[str](), threading.Event()

    def tell(what: str) -> None:
        told.append(what)
        heard.set()

    with following(resources, tell, loopback):
        assert heard.wait(60)  # what failed is told when the rest is in the index
    assert titles(resources) == ["pass"]
    assert told[0].startswith(f"feed: {paper.address}/dock: ")


def test_serving_ends_while_a_feed_keeps_one_waiting(paper: Site, resources: Resources) -> None:
    follow(resources, f"{paper.address}/feed")
    paper.held["/dock"] = threading.Event()
    with following(resources, pytest.fail, loopback):
        assert paper.arrived.wait(60)
    paper.held["/dock"].set()
    assert titles(resources) == []
    assert pull(resources, loopback).taken == 2


def test_with_no_minutes_nothing_is_looked_at(paper: Site, resources: Resources) -> None:
    follow(resources, f"{paper.address}/feed")
    paper.asked.clear()
    before = threading.active_count()
    none = replace(resources, settings=replace(resources.settings, feed_minutes=0))
    with following(none, pytest.fail, loopback):
        assert threading.active_count() == before
    assert paper.asked == []


def test_a_pull_that_is_halted_takes_nothing(paper: Site, resources: Resources) -> None:
    follow(resources, f"{paper.address}/feed")
    halt = Halt()
    halt.now()
    assert pull(resources, loopback, halt) == Pulled(0, ())
    assert pull(resources, loopback).taken == 2


def test_a_feed_is_read_whatever_the_folder(
    paper: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that reads it finds Byline, and takes no module that lies where it starts."""
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    found = feed_reading.read(paper.pages["/feed"].data, paper.address, 60)
    assert [entry.title for entry in found.items] == ["dock", "pass"]
