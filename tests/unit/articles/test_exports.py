"""Exports of programs: each record's text, author, outlet and day are found by its fields."""

import json
from datetime import date
from typing import Any

import pytest

from rag.articles.files import read_data
from rag.articles.formats.exported.exports import names, programs, recordings
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article

FERRY = "The ferry strike on the Kolvik line entered its second week on Monday."
CREW = "Union leader Arne Falk said 310 crew members had walked out."
MARKED = f"<p>{FERRY}</p><p>{CREW}</p>"
TITLE = "Ferry strike enters second week"
DAY = date(2024, 5, 6)
SECONDS = 1714986000  # that day
URL = "https://ostpost.example/ferry"
WHOLE = f"{TITLE}\n\n{FERRY}\n\n{CREW}"


def reading(content: Any, suffix: str = ".json") -> Reading:
    text = content if isinstance(content, str) else json.dumps(content)
    return read_data(text.encode(), suffix, f"a{suffix}")


def only(content: Any, suffix: str = ".json") -> Article:
    found = reading(content, suffix)
    assert [*found.failed, *found.partly] == []
    (article,) = found.articles
    return article


def facts(article: Article) -> tuple[str | None, str | None, date | None]:
    return article.author, article.outlet, article.published


MIRA = ("Mira Olsen", "Ostpost", DAY)
PAGES: dict[str, tuple[Any, tuple[str | None, str | None, date | None]]] = {
    "feedly": (
        {"id": "user/x/tag/global.saved", "title": "Saved", "items": [{
            "id": "a=", "fingerprint": "f", "originId": URL, "title": TITLE, "author": "Mira Olsen",
            "published": SECONDS * 1000, "crawled": (SECONDS + 10**6) * 1000,
            "summary": {"content": f"<p>{FERRY}</p>", "direction": "ltr"},
            "content": {"content": MARKED, "direction": "ltr"},
            "origin": {"streamId": "feed/x", "title": "Ostpost", "htmlUrl": "https://ostpost.example"},
            "alternate": [{"href": URL, "type": "text/html"}],
        }]},
        MIRA,
    ),
    "google reader": (
        {"direction": "ltr", "id": "feed/x", "items": [{
            "id": "tag:google.com,2005:reader/item/1", "title": TITLE, "published": SECONDS,
            "summary": {"direction": "ltr", "content": MARKED}, "author": "By Mira Olsen",
            "canonical": [{"href": URL}], "origin": {"streamId": "feed/x", "title": "Ostpost"},
        }]},
        MIRA,
    ),
    "wallabag": (
        [{"is_archived": 1, "is_starred": 0, "tags": [], "id": 7, "title": TITLE, "url": URL,
          "content": MARKED, "created_at": "2024-08-01T10:00:00+0200",
          "published_at": "2024-05-06T09:00:00+0200", "published_by": ["Mira Olsen"],
          "annotations": [], "mimetype": "text/html", "language": "en", "reading_time": 1,
          "domain_name": "ostpost.example", "preview_picture": None}],
        ("Mira Olsen", None, DAY),
    ),
    "readability": (
        {"title": TITLE, "byline": "By Mira Olsen", "dir": None, "lang": "en", "content": MARKED,
         "textContent": f"{FERRY}{CREW}", "length": 130, "excerpt": f"{FERRY[:40]}…",
         "siteName": "Ostpost", "publishedTime": "2024-05-06T09:00:00Z"},
        MIRA,
    ),
    "postlight": (
        {"title": TITLE, "author": "Mira Olsen", "date_published": "2024-05-06T09:00:00.000Z",
         "dek": None, "lead_image_url": "https://x/y.jpg", "content": f"<div>{MARKED}</div>",
         "next_page_url": None, "url": URL, "domain": "ostpost.example", "excerpt": FERRY[:40],
         "word_count": 22, "direction": "ltr", "total_pages": 1, "rendered_pages": 1},
        ("Mira Olsen", None, DAY),
    ),
    "diffbot": (
        {"request": {"pageUrl": URL}, "objects": [{
            "type": "article", "title": TITLE, "text": f"{FERRY}\n{CREW}", "html": MARKED,
            "date": "Mon, 06 May 2024 09:00:00 GMT",
            "estimatedDate": "Tue, 07 May 2024 00:00:00 GMT",
            "author": "Mira Olsen", "siteName": "Ostpost", "pageUrl": URL, "humanLanguage": "en",
        }]},
        MIRA,
    ),
    "news-please": (
        {"authors": ["Mira Olsen"], "date_download": "2024-06-01 10:00:00", "date_modify": None,
         "date_publish": "2024-05-06 09:00:00", "description": FERRY, "filename": "x.json",
         "image_url": None, "language": "en", "localpath": None, "maintext": f"{FERRY}\n{CREW}",
         "source_domain": "ostpost.example", "title": TITLE, "title_page": None, "url": URL},
        ("Mira Olsen", "ostpost.example", DAY),
    ),
    "guardian": (
        {"response": {"status": "ok", "total": 1, "results": [{
            "id": "world/x", "type": "article", "sectionName": "World news",
            "webPublicationDate": "2024-05-06T09:00:00Z", "webTitle": TITLE, "webUrl": URL,
            "fields": {"headline": TITLE, "trailText": FERRY, "byline": "Mira Olsen in Kolvik",
                       "body": MARKED, "bodyText": f"{FERRY} {CREW}", "publication": "Ostpost"},
        }]}},
        MIRA,
    ),
    "event registry": (
        {"articles": {"page": 1, "results": [{
            "uri": "811", "lang": "eng", "isDuplicate": False, "date": "2024-05-06",
            "time": "09:00:00", "dateTime": "2024-05-06T09:10:00Z", "dataType": "news", "sim": 0,
            "dateTimePub": "2024-05-06T09:00:00Z", "url": URL, "title": TITLE,
            "body": f"{FERRY}\n{CREW}", "source": {"uri": "ostpost.example", "title": "Ostpost"},
            "authors": [{"uri": "m@x", "name": "Mira Olsen", "type": "author", "isAgency": False}],
        }], "totalResults": 1}},
        MIRA,
    ),
    "json feed": (
        {"version": "https://jsonfeed.org/version/1.1", "title": "Ostpost",
         "authors": [{"name": "Mira Olsen"}], "items": [{
             "id": URL, "url": URL, "title": TITLE, "content_html": MARKED, "summary": FERRY,
             "date_published": "2024-05-06T09:00:00+02:00"}]},
        MIRA,
    ),
    "wordpress": (
        [{"id": 91, "date": "2024-05-06T09:00:00", "link": URL, "status": "publish", "type": "post",
          "title": {"rendered": "Ferry strike enters second&nbsp;week"}, "author": 3,
          "content": {"rendered": MARKED, "protected": False},
          "excerpt": {"rendered": f"<p>{FERRY[:30]}&hellip;</p>"},
          "_embedded": {"author": [{"id": 3, "name": "Mira Olsen"}]},
          "yoast_head_json": {"og_site_name": "Ostpost"}}],
        MIRA,
    ),
    "ghost": (
        {"db": [{"meta": {"version": "5"}, "data": {"posts": [
            {"id": "1", "title": TITLE, "slug": "f", "html": MARKED, "plaintext": f"{FERRY} {CREW}",
             "status": "published", "type": "post", "published_at": "2024-05-06T09:00:00.000Z"},
            {"id": "2", "title": "Draft", "slug": "d", "html": MARKED, "status": "draft",
             "type": "post", "published_at": None}]}}]},
        (None, None, DAY),
    ),
    "zotero, better bibtex": (
        {"config": {"id": "x"}, "collections": {}, "items": [{
            "itemID": 1, "itemType": "newspaperArticle", "title": TITLE, "date": "2024-05-06",
            "abstractNote": f"{FERRY}\n\n{CREW}", "publicationTitle": "Ostpost", "url": URL,
            "dateAdded": "2024-09-01T00:00:00Z", "notes": [], "tags": [],
            "creators": [{"firstName": "Mira", "lastName": "Olsen", "creatorType": "author"},
                         {"firstName": "Ed", "lastName": "Itor", "creatorType": "editor"}]}]},
        MIRA,
    ),
    "csl": (
        [{"id": "olsen2024", "type": "article-newspaper", "title": TITLE, "source": "Zotero",
          "container-title": "Ostpost", "abstract": f"{FERRY}\n\n{CREW}", "URL": URL,
          "author": [{"family": "Olsen", "given": "Mira"}],
          "issued": {"date-parts": [["2024", 5, 6]]}, "accessed": {"date-parts": [[2024, 9, 1]]}}],
        MIRA,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_pages_that_programs_export(name: str) -> None:
    content, known = PAGES[name]
    article = only(content)
    assert (article.title, facts(article)) == (TITLE, known)
    assert article.text == WHOLE
    assert article.url in (URL, None)


def test_a_service_that_gives_a_part_of_each_article() -> None:
    item = {
        "source": {"id": None, "name": "Ostpost"}, "author": "Mira Olsen", "title": TITLE,
        "description": FERRY, "url": URL, "publishedAt": "2024-05-06T09:00:00Z",
        "content": f"{CREW} The council was silent… [+2187 chars]",
    }  # fmt: skip
    article = only({"status": "ok", "totalResults": 1, "articles": [item]})
    assert facts(article) == MIRA
    assert article.text == f"{TITLE}\n\n{FERRY}\n\n{CREW} The council was silent"
    assert article.notes == ("teaser",)


def test_an_archive_of_abstracts() -> None:
    doc = {
        "abstract": FERRY, "web_url": URL, "snippet": FERRY, "lead_paragraph": CREW,
        "source": "Ostpost", "headline": {"main": TITLE, "kicker": None},
        "pub_date": "2024-05-06T09:00:00+0000", "type_of_material": "Op-Ed",
        "byline": {"original": "By Mira Olsen", "person": [{"firstname": "Mira"}]},
    }  # fmt: skip
    article = only({"status": "OK", "response": {"docs": [doc], "meta": {"hits": 1}}})
    assert (facts(article), article.label, article.notes) == (MIRA, "opinion", ("teaser",))
    assert article.text == WHOLE


def test_the_longest_prose_is_the_text_where_no_field_is_named_for_it() -> None:
    record = {"headline": TITLE, "kropp": f"{FERRY} {CREW}", "url": URL, "note": "See also."}
    assert only([record]).text == f"{TITLE}\n\n{FERRY} {CREW}"
    table = f"Title;Brødtekst;Link\n{TITLE};{FERRY} {CREW};{URL}\n"
    assert only(table, ".csv").text == f"{TITLE}\n\n{FERRY} {CREW}"


def test_links_without_text_are_named() -> None:
    articles = [{"url": URL, "title": TITLE, "seendate": "20240506T090000Z", "domain": "x.example"}]
    table = f"title,url,time_added,tags,status\n{TITLE},{URL},{SECONDS},,unread\n"
    for content, suffix in (({"articles": articles}, ".json"), (table, ".csv")):
        with pytest.raises(ArticleError, match="It holds links and titles but no text: save the"):
            reading(content, suffix)


def test_what_was_not_kept_is_said() -> None:
    extra = "The harbour office had warned of this in three letters to the council since March."
    found = reading([{"title": TITLE, "text": f"{FERRY} {CREW}", "sidebar": extra}])
    assert [item.reason for item in found.partly][0].startswith("read in part; missing: ")


# --- who keeps an article is not its author


def test_a_highlight_is_the_books_and_a_note_the_readers() -> None:
    table = (
        "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,"
        f"Highlighted at,Document tags\n{FERRY},{TITLE},Mira Olsen,,Check this with Arne.,,,"
        "order,1,2024-08-06 10:00:00+00:00,\n"
    )
    article = only(table, ".csv")
    assert facts(article) == ("Mira Olsen", None, None)
    assert [(part.kind, part.author) for part in article.parts] == [
        ("body", None),
        ("comment", None),
    ]
    assert article.text.endswith("\n\nCheck this with Arne.")


def test_an_annotation_is_its_writers() -> None:
    row = {
        "id": "h", "created": "2024-08-05T10:00:00+00:00", "user": "acct:lou@hypothes.is",
        "uri": URL, "text": "Check this", "tags": [], "document": {"title": [TITLE]},
        "target": [{"source": URL, "selector": [
            {"type": "RangeSelector", "startOffset": 3},
            {"type": "TextQuoteSelector", "exact": FERRY, "prefix": "said ", "suffix": "."}]}],
    }  # fmt: skip
    article = only({"total": 1, "rows": [row]})
    assert (article.text, facts(article)) == (f"{TITLE}\n\n{FERRY}\n\nCheck this", (None,) * 3)
    assert (article.parts[-1].kind, article.parts[-1].author) == ("comment", "lou")


def test_when_a_link_was_kept_is_not_when_it_was_published() -> None:
    table = (
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
        f'7,{TITLE},Ask Arne,"{FERRY}",{URL},Unsorted,,2024-09-04T09:00:00.000Z,,,false\n'
    )
    article = only(table, ".csv")
    assert (facts(article), article.notes) == ((None,) * 3, ("teaser",))
    assert [part.kind for part in article.parts] == ["body", "comment"]


# --- posts and messages

POSTS: dict[str, tuple[Any, str | None, str]] = {
    "telegram": (
        {"name": "Kolvik crew", "type": "private_group", "id": 9, "messages": [
            {"id": 1, "type": "service", "date": "2024-05-05T09:00:00", "actor": "Ida",
             "action": "invite_members", "text": "", "text_entities": []},
            {"id": 2, "type": "message", "date": "2024-05-06T09:00:00", "from": "Arne Falk",
             "date_unixtime": str(SECONDS), "from_id": "user7", "text_entities": [],
             "text": ["310 are out, ", {"type": "strikethrough", "text": "400"},
                      {"type": "bold", "text": "not 400"}, " as they say."]},
            {"id": 3, "type": "message", "date": "2024-05-06T09:01:00", "from": "Arne Falk",
             "from_id": "user7", "photo": "p.jpg", "text": "", "text_entities": []}]},
        "Arne Falk", "310 are out, not 400 as they say.",
    ),
    "telegram, forwarded": (
        {"name": "News", "type": "public_channel", "id": 9, "messages": [
            {"id": 2, "type": "message", "date": "2024-05-06T09:00:00", "from": "News",
             "forwarded_from": "Crew Union", "text": "310 are out.", "text_entities": []}]},
        "Crew Union", "310 are out.",
    ),
    "mastodon": (
        {"@context": "x", "id": "outbox.json", "type": "OrderedCollection", "orderedItems": [
            {"type": "Announce", "published": "2024-05-07T09:00:00Z", "object": "https://o/1",
             "actor": "https://m.example/users/afalk"},
            {"type": "Create", "published": "2024-05-06T09:00:00Z",
             "actor": "https://m.example/users/afalk",
             "object": {"type": "Note", "summary": None, "published": "2024-05-06T09:00:00Z",
                        "content": "<p>310 are out.</p>", "url": "https://m.example/@afalk/1",
                        "attributedTo": "https://m.example/users/afalk"}}]},
        "@afalk", "310 are out.",
    ),
    "x, old api": (
        [{"id": 1, "id_str": "1", "created_at": "Mon May 06 09:00:00 +0000 2024",
          "full_text": "310 are out.", "user": {"name": "Arne Falk", "screen_name": "afalk"}}],
        "Arne Falk", "310 are out.",
    ),
    "x, shared": (
        [{"id": 1, "id_str": "1", "created_at": "Mon May 06 09:00:00 +0000 2024",
          "full_text": "RT @afalk: 310 are…", "user": {"name": "Ida Rook", "screen_name": "ida"},
          "retweeted_status": {"full_text": "310 are out.", "user": {"name": "Arne Falk"},
                               "created_at": "Mon May 06 08:00:00 +0000 2024"}}],
        "Arne Falk", "310 are out.",
    ),
    "x, new api": (
        {"data": [{"id": "1", "text": "310 are out.", "author_id": "22",
                   "created_at": "2024-05-06T09:00:00.000Z", "edit_history_tweet_ids": ["1"]}],
         "includes": {"users": [{"id": "21", "name": "Ida Rook", "username": "ida"},
                                {"id": "22", "name": "Arne Falk", "username": "afalk"}]}},
        "Arne Falk", "310 are out.",
    ),
    "x, archive": (
        'window.YTD.tweets.part0 = [ {"tweet" : {"id_str" : "1", "favorite_count" : "0", '
        '"full_text" : "310 are out.", "created_at" : "Mon May 06 09:00:00 +0000 2024"}} ]',
        None, "310 are out.",
    ),
    "x, archive, shared": (
        'window.YTD.tweets.part0 = [ {"tweet" : {"id_str" : "1", '
        '"full_text" : "RT @afalk: 310 are out.", '
        '"created_at" : "Mon May 06 09:00:00 +0000 2024"}} ]',
        "@afalk", "RT @afalk: 310 are out.",
    ),
    "bluesky": (
        {"feed": [{"post": {"uri": "at://x", "author": {"handle": "a.example",
                                                        "displayName": "Arne Falk"},
                            "record": {"$type": "app.bsky.feed.post", "text": "310 are out.",
                                       "createdAt": "2024-05-06T09:00:00.000Z"}}}]},
        "Arne Falk", "310 are out.",
    ),
    "reddit": (
        {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {
            "author": "afalk", "body": "310 are out.", "created_utc": float(SECONDS),
            "subreddit": "kolvik"}}]}},
        "afalk", "310 are out.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", POSTS)
def test_a_post_is_its_writers(name: str) -> None:
    content, author, text = POSTS[name]
    article = only(content)
    assert (article.text, facts(article)) == (text, (author, None, DAY))


def test_a_post_within_a_post_is_somebody_elses() -> None:
    post = {
        "id_str": "1", "created_at": "Mon May 06 09:00:00 +0000 2024", "full_text": "Not so.",
        "user": {"name": "Ida Rook", "screen_name": "ida"},
        "quoted_status": {"full_text": "310 are out.", "user": {"name": "Arne Falk"}},
    }  # fmt: skip
    article = only([post])
    parts = [(article.text[part.start : part.end], part.author) for part in article.parts]
    assert (article.author, parts) == (
        "Ida Rook",
        [("Not so.", None), ("310 are out.", "Arne Falk")],
    )


# --- recordings

CUES = ("The ferry was late because", "the engine was cold.", "We waited until nine.")
RECORDINGS: dict[str, tuple[Any, str]] = {
    "whisper": (
        {"text": " ".join(CUES), "language": "en", "segments": [
            {"id": n, "start": 61.0 + n, "end": 62.0 + n, "text": f" {text}"}
            for n, text in enumerate(CUES)]},
        ".json",
    ),
    "youtube": (
        [{"text": text, "start": 61.0 + n, "duration": 1.0} for n, text in enumerate(CUES)],
        ".json",
    ),
    "youtube, json3": (
        {"wireMagic": "pb3", "events": [{"tStartMs": 0, "dDurationMs": 9, "id": 1}, *(
            {"tStartMs": 61_000 + 1000 * n, "segs": [{"utf8": word} for word in
                                                     text.replace(" ", "| ").split("|")]}
            for n, text in enumerate(CUES))]},
        ".json",
    ),
    "whisper's table": (
        "start\tend\ttext\n" + "".join(
            f"{61_000 + 1000 * n}\t{62_000 + 1000 * n}\t{text}\n" for n, text in enumerate(CUES)),
        ".tsv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_one_article(name: str) -> None:
    article = only(*RECORDINGS[name])
    assert article.text == " ".join(CUES)
    assert [place.time for place in article.places] == ["00:01:01"]


def test_each_turn_of_a_recording_is_its_speakers() -> None:
    cues = [
        {"speaker": speaker, "text": text, "start": 1000 * n, "end": 1000 * n + 900}
        for n, (speaker, text) in enumerate(
            [("A", "Were you late?"), ("B", "Yes."), ("B", "Cold.")]
        )
    ]
    article = only({"id": "x", "utterances": cues})
    assert article.text == "A: Were you late?\n\nB: Yes. Cold."
    assert [part.author for part in article.parts] == ["A", "B"]
    assert [place.time for place in article.places] == ["00:00:00", "00:00:01"]


# --- tables in other languages


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Titel;Autor;Datum;Quelle;Text", "06.05.2024"),
        ("Überschrift;Verfasser;Erscheinungsdatum;Zeitung;Volltext", "6. Mai 2024"),
        ("Titre;Auteur;Date de parution;Journal;Texte", "06/05/2024"),
        ("Título;Autor;Fecha;Medio;Texto", "6 de mayo de 2024"),
        ("Titolo;Autore;Data;Testata;Testo", "06/05/2024"),
        ("Titel;Auteur;Datum;Krant;Tekst", "06-05-2024"),
        ("Título;Autor;Data;Jornal;Conteúdo", "06/05/2024"),
    ],
)
def test_tables_in_other_languages(header: str, day: str) -> None:
    table = f'\ufeff{header}\r\n{TITLE};Mira Olsen;{day};Ostpost;"{FERRY} 3,5 Prozent; mehr."\r\n'
    article = only(table, ".csv")
    assert facts(article) == MIRA
    assert article.text == f"{TITLE}\n\n{FERRY} 3,5 Prozent; mehr."


def test_the_table_of_names_is_sound() -> None:
    assert {"de", "en", "fr"} <= names().keys()
    assert all(program.fields for program in programs())
    assert all(recording.fields for recording in recordings())


@pytest.mark.parametrize("word", ["[Removed]", "[deleted]", "[entfernt]", "[removed by reddit]"])
def test_what_was_removed_is_no_article(word: str) -> None:
    rows = [
        {"id": "a", "title": "Ferry", "author": "[deleted]", "text": "The ferry was late today."},
        {"id": "b", "title": word, "author": None, "text": word},
    ]
    data = "\n".join(map(json.dumps, rows)).encode()
    (found,) = read_data(data, ".jsonl", "a.jsonl").articles
    assert (found.path, found.author) == ("a.jsonl#a", None)
    with pytest.raises(ArticleError, match="removed"):
        read_data(json.dumps(rows[1]).encode(), ".jsonl", "a.jsonl")


def test_quotation_marks_that_are_text_in_a_table() -> None:
    rows = ["title\ttext", '"The cellar" stands empty\t“Gone.”', 'Cod\t"Back," he said.']
    rows.append("Snow\tIt fell.")
    found = read_data("\n".join(rows).encode(), ".tsv", "a.tsv")
    assert not found.failed
    assert [a.title for a in found.articles] == ['"The cellar" stands empty', "Cod", "Snow"]
    quoted = 'title\ttext\n"A ""b"""\t"One.\nTwo."\nCod\tBack.\n'
    titles = [a.title for a in read_data(quoted.encode(), ".tsv", "a.tsv").articles]
    assert titles == ['A "b"', "Cod"]
