"""Saved web pages: what is cleaned away, what must stay, and where metadata is found."""

from collections.abc import Callable
from datetime import date

import pytest
from lxml import html as lxml_html

from rag.articles.drafts import Block
from rag.articles.formats.webpages.html_byline import headline_element, printed_author, printed_date
from rag.articles.formats.webpages.html_cleaning import clean_page, join_pieces
from rag.articles.formats.webpages.html_links import MARK, drop_links
from rag.schema import Article

Read = Callable[..., Article]
BODY = (
    "The harbour master said on Monday that the ferry would sail again as soon as the ice allows.",
    "Two engineers were still at work in the engine room, a third was on her way from the city.",
    "Passengers who had waited since Friday were given soup, blankets and a new timetable to read.",
)
TEXT = "".join(f"<p>{text}</p>" for text in BODY)
DAY = date(2015, 5, 30)


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def story(inside: str = TEXT, below: str = "", head: str = "") -> str:
    return page(f"<article><h1>Ferry sails</h1>{inside}</article>{below}", head)


def text_of(article: Article) -> list[str]:
    return article.text.split("\n\n")


# --- what a page hides or puts beside the article


@pytest.mark.parametrize("hidden", ["hidden", "style='display: none'", "style='visibility:hidden'"])
def test_hidden_text_is_dropped(read: Read, hidden: str) -> None:
    twice = f"<div {hidden}><p>{BODY[0]}</p></div>"
    assert text_of(read(story(TEXT + twice), "a.html")) == ["Ferry sails", *BODY]


def test_a_page_that_is_hidden_whole_is_read(read: Read) -> None:
    article = f"<article><h1>Ferry sails</h1>{TEXT}</article>"
    source = page(f"<div style='display:none'>{article}</div>")
    assert text_of(read(source, "a.html")) == ["Ferry sails", *BODY]


def test_sign_up_boxes_are_dropped(read: Read) -> None:
    box = "<div class='newsletter-box'><p>Our best stories on the sea, every morning.</p></div>"
    form = "<form><p>Tell us your address and we will write to you every day.</p></form>"
    article = read(story(f"<p>{BODY[0]}</p>{box}<p>{BODY[1]}</p>{form}<p>{BODY[2]}</p>"), "a.html")
    assert text_of(article) == ["Ferry sails", *BODY]


def test_a_form_around_the_whole_page_is_no_box(read: Read) -> None:
    source = page(f"<form id='aspnetForm'><article><h1>Ferry sails</h1>{TEXT}</article></form>")
    assert text_of(read(source, "a.html")) == ["Ferry sails", *BODY]


def test_a_pop_up_goes_and_the_name_under_it_stays(read: Read) -> None:
    popup = (
        "<span class='rollover'><a href='/p'>Jane Doe</a><span class='rollover-block'>"
        "<a href='/1'>Doe opens port</a> <a href='/2'>Doe shuts port</a></span></span>"
    )
    article = read(story(TEXT.replace("The harbour master", f"Harbour master {popup}")), "a.html")
    assert text_of(article)[1].startswith("Harbour master Jane Doe said on Monday")


def test_other_articles_of_the_page_are_dropped(read: Read) -> None:
    long = TEXT.replace("</p>", " The sea was calm, the sky was grey, and nobody knew more.</p>")
    other = f"<article><h2>Trams stop</h2>{TEXT.replace('ferry', 'tram')}</article>"
    assert "tram" not in read(story(long, below=other), "a.html").text


def test_an_article_in_two_articles_is_kept_whole(read: Read) -> None:
    source = page(f"<article><h1>Ferry sails</h1></article><article>{TEXT}</article>")
    assert text_of(read(source, "a.html")) == ["Ferry sails", *BODY]


def test_a_table_that_lays_out_the_page_keeps_its_paragraphs(read: Read) -> None:
    source = page(f"<table><tr><td><h1>Ferry sails</h1>{TEXT}</td></tr></table>")
    assert text_of(read(source, "a.html")) == ["Ferry sails", *BODY]


def test_a_table_of_data_stays_one(read: Read) -> None:
    table = "<table><tr><th>Day</th><th>Boats</th></tr><tr><td>Monday</td><td>3</td></tr></table>"
    article = read(story(TEXT + table + f"<p>{BODY[0]} So it was.</p>"), "a.html")
    assert "Day | Boats\n\nMonday | 3" in article.text


def test_pieces_of_an_article_are_joined_in_their_order() -> None:
    pieces = "".join(
        f"<div class='body'><p>{t}</p><p>Later. {t}</p></div><div>Ad</div>" for t in BODY
    )
    tree = lxml_html.fromstring(page(f"<article><h1>Ferry</h1>{pieces}</article>"))
    join_pieces(tree)
    (box,) = tree.find_class("body")
    assert [p.text for p in box] == [text for t in BODY for text in (t, f"Later. {t}")]


def test_pieces_with_other_text_between_stay_where_they_are() -> None:
    piece = f"<div class='body'><p>{BODY[0]}</p><p>{BODY[1]}</p></div>"
    tree = lxml_html.fromstring(page(f"<article>{piece}<p>{BODY[2]}</p>{piece}</article>"))
    join_pieces(tree)
    assert len(tree.find_class("body")) == 2


def test_quoted_posts_stay(read: Read) -> None:
    post = (
        "<div class='social-media-embed'><blockquote class='twitter-tweet'><p>The ice is gone and "
        "we are on the water again.</p>— Ferry (@ferry) May 30, 2015</blockquote></div>"
    )
    article = read(story(f"<p>{BODY[0]}</p>{post}<p>{BODY[1]}</p><p>{BODY[2]}</p>"), "a.html")
    assert "The ice is gone and we are on the water again." in article.text


def test_cleaning_a_page_twice_changes_nothing() -> None:
    tree = lxml_html.fromstring(story(TEXT, below="<form>Name</form><div hidden>x</div>"))
    clean_page(tree)
    once = lxml_html.tostring(tree)
    clean_page(tree)
    assert lxml_html.tostring(tree) == once


# --- captions, code, links


@pytest.mark.parametrize("tag", ["p", "div", "span"])
def test_a_class_can_say_that_it_is_a_caption(read: Read, tag: str) -> None:
    caption = f"<div><img src='x'><{tag} class='wp-caption-text'>The ferry in ice</{tag}></div>"
    article = read(story(f"<p>{BODY[0]}</p>{caption}<p>{BODY[1]}</p><p>{BODY[2]}</p>"), "a.html")
    found = [article.text[p.start : p.end] for p in article.parts if p.kind == "caption"]
    assert found == ["The ferry in ice"]


def test_a_caption_in_a_paragraph_leaves_the_paragraph_whole(read: Read) -> None:
    start, end = BODY[0][:40], BODY[0][40:]
    mixed = f"<p>{start}<span class='caption'>The ferry in ice</span>{end}</p>"
    article = read(story(mixed + TEXT), "a.html")
    assert text_of(article)[1] == BODY[0]


def test_code_is_text(read: Read) -> None:
    code = "<pre><code>sail(ferry)\nstop(ferry)</code></pre>"
    article = read(
        story(f"<p>{BODY[0]}</p>{code}<p>{BODY[1]} Type <code>go</code> now.</p>"), "a.html"
    )
    assert "sail(ferry)\nstop(ferry)" in article.text
    assert "Type go now." in article.text


LINKS = "".join(
    f"<p><a href='/{n}'>{text}</a></p>"
    for n, text in enumerate(["Trams stop at the quay", "Ice closes a third port"])
)


def test_links_below_the_article_are_dropped(read: Read) -> None:
    note = "<p>Jane Doe writes about ports and ships.</p>"
    for below in (LINKS, LINKS + note):
        assert "Trams stop" not in read(story(TEXT + below), "a.html").text


LINKED = [Block(f"{MARK} Trams stop at the quay"), Block(f"{MARK} Ice closes a port")]
PROSE = [Block(text) for text in BODY]


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in drop_links(blocks)]


def test_links_that_the_article_announces_stay() -> None:
    announced = Block("The council has published two reports on the winter's closures:")
    found = texts([*PROSE, announced, *LINKED])
    assert found[-2:] == ["Trams stop at the quay", "Ice closes a port"]


def test_links_within_the_article_stay_unless_they_shout() -> None:
    shout = Block(f"{MARK} HARBOUR SHUT FOR A WEEK")
    found = texts([PROSE[0], *LINKED, shout, *PROSE, *PROSE])
    assert found == [BODY[0], "Trams stop at the quay", "Ice closes a port", *BODY, *BODY]


def test_a_page_of_nothing_but_shouting_links_keeps_them() -> None:
    assert texts([Block(f"{MARK} HARBOUR SHUT FOR A WEEK")]) == ["HARBOUR SHUT FOR A WEEK"]


def test_of_two_wordings_of_the_headline_one_stays(read: Read) -> None:
    head = "<meta property='og:title' content='The ferry is sailing again'>"
    article = read(story(head=head), "a.html")
    assert text_of(article) == ["The ferry is sailing again", *BODY]


# --- lines of the site


@pytest.mark.parametrize(
    "line",
    [
        "Related: Trams stop at the quay",
        "Also on example.com Trams stop at the quay",
        "Don't miss",
        "Like this story? Share it with a friend!",
        "CLICK HERE TO GET THE GAZETTE APP",
        "Most read in world news",
    ],
)
def test_lines_of_the_site_are_dropped_anywhere(read: Read, line: str) -> None:
    article = read("\n\n".join(["Ferry sails", BODY[0], line, BODY[1], BODY[2]]))
    assert line not in article.text


@pytest.mark.parametrize(
    "line",
    [
        "Email Jane Doe at jdoe@example.com or follow her @jdoe.",
        "Follow Jane Doe on Twitter and on Facebook.",
        "Reach the reporters on Twitter at http://twitter.com/jdoe",
        "Get the day's top headlines delivered to your inbox every morning.",
        "There is more where that came from. Subscribe and get our newsletter on Friday.",
    ],
)
def test_whom_to_write_to_is_dropped_below_the_article_alone(read: Read, line: str) -> None:
    assert line not in read("\n\n".join(["Ferry sails", *BODY, line])).text
    assert line in read("\n\n".join(["Ferry sails", BODY[0], line, BODY[1], BODY[2]])).text


@pytest.mark.parametrize(
    "line",
    [
        "Related costs rose to 3 million euros, he said.",
        "Most read the letter twice, and then they signed it.",
        "Follow the money, the harbour master told the court on Friday.",
        "Email and telephone had failed since Monday, the engineers said.",
    ],
)
def test_sentences_that_begin_like_such_lines_stay(read: Read, line: str) -> None:
    assert line in read("\n\n".join(["Ferry sails", *BODY, line])).text


# --- metadata


def json_ld(inside: str) -> str:
    return f'<script type="application/ld+json">{inside}</script>'


def test_json_ld_in_a_cdata_section(read: Read) -> None:
    data = '<![CDATA[ [{"@type": "NewsArticle", "headline": "Ferry &amp; ice", "datePublished": '
    data += '"2015-05-30", "author": {"@type": "Person", "name": "Jane Doe"}}] ]]>'
    article = read(story(head=json_ld(data)), "a.html")
    assert (article.title, article.author, article.published) == ("Ferry & ice", "Jane Doe", DAY)


def test_of_headline_and_name_the_one_that_the_page_shows_wins(read: Read) -> None:
    data = '{"@type": "Article", "headline": "List article", "name": "Ferries of the north"}'
    head = "<title>Ferries of the north - Encyclopedia</title>" + json_ld(data)
    assert read(story(head=head), "a.html").title == "Ferries of the north"


def test_a_name_that_is_the_publishers_is_no_title(read: Read) -> None:
    data = '{"@type": "Article", "name": "Port.example", "publisher": {"name": "Port.example"}}'
    assert read(story(head=json_ld(data)), "a.html").title == "Ferry sails"


@pytest.mark.parametrize("kind", ["BlogPosting", "SocialMediaPosting", "ReportageNewsArticle"])
def test_kinds_of_article(read: Read, kind: str) -> None:
    data = f'{{"@type": ["{kind}"], "author": ["Jane Doe", "John Roe"]}}'
    assert read(story(head=json_ld(data)), "a.html").author == "Jane Doe, John Roe"


def test_a_job_is_no_article(read: Read) -> None:
    data = '{"@type": "JobPosting", "author": "Jane Doe", "datePublished": "2015-05-30"}'
    article = read(story(head=json_ld(data)), "a.html")
    assert (article.author, article.published) == (None, None)


def test_dublin_core_goes_before_open_graph(read: Read) -> None:
    head = (
        "<meta property='og:title' content='Ferry!'>"
        "<meta property='x:title dc:title' content='The ferry sails'>"
        "<meta name='author' content='Web Master'><meta name='DC.Creator' content='Jane Doe'>"
        "<meta name='dc.date' content='2015-05-30'>"
    )
    article = read(story(head=head), "a.html")
    assert (article.title, article.author) == ("The ferry sails", "Jane Doe")
    assert article.published == DAY


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Ferry sails again at last", "Port news", "Ferry sails again at last"),
        ("Ferry sails again | Port | Gazette", "Ferry sails again", "Ferry sails again"),
        ("Ferry sails at last - Gazette", "Port", "Ferry sails at last"),
        ("Port - The Long Book", "Contents", "Port - The Long Book"),
        ("", "Ferry sails again", "Ferry sails again"),
    ],
)
def test_title_tag_and_heading(read: Read, title: str, heading: str, expected: str) -> None:
    source = page(f"<h1>{heading}</h1><article>{TEXT}</article>", f"<title>{title}</title>")
    assert read(source, "a.html").title == expected


@pytest.mark.parametrize(
    ("day", "updated"), [("2015-06-02", date(2015, 6, 2)), ("2015-05-30", None)]
)
def test_the_day_of_an_update_is_kept_if_it_is_a_later_one(
    read: Read, day: str, updated: date | None
) -> None:
    head = "<meta property='article:published_time' content='2015-05-30T10:00:00Z'>"
    head += f"<meta property='article:modified_time' content='{day}T18:00:00Z'>"
    article = read(story(head=head), "a.html")
    assert (article.published, article.updated) == (DAY, updated)
    data = f'{{"@type": "Article", "datePublished": "2015-05-30", "dateModified": "{day}"}}'
    assert read(story(head=json_ld(data)), "a.html").updated == updated


def test_a_printed_name_goes_before_a_login(read: Read) -> None:
    head = "<meta name='author' content='jdoe77'>"
    byline = "<span class='author'>Jane Doe</span>"
    assert read(story(byline + TEXT, head=head), "a.html").author == "Jane Doe"
    assert read(story(head=head), "a.html").author == "jdoe77"


def author(under_heading: str) -> str | None:
    tree = lxml_html.fromstring(page(f"<h1>Ferry sails</h1>{under_heading}{TEXT}"))
    return printed_author(tree, headline_element(tree, "Ferry sails"))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<a rel='author' href='/j'>Jane Doe</a>", "Jane Doe"),
        ("<a rel='author' href='/n'>Newsroom</a>", "Newsroom"),
        ("<p itemprop='author'>By <b itemprop='name'>Jane Doe</b>, Editor</p>", "Jane Doe"),
        ("<span itemprop='author'>Jane Doe (with John Roe)</span>", "Jane Doe"),
        ("<div class='author'><a class='author-link'>Jane Doe</a> Games Editor</div>", "Jane Doe"),
        ("<div class='byline'><b class='byline-name'>Jane Doe</b> and "
         "<b class='byline-name'>John Roe</b></div>", "Jane Doe, John Roe"),
        ("<p class='byline'>Por Jane Doe</p>", "Jane Doe"),
        ("<p class='byline author'>Written by Jane Doe Edited by John Roe</p>", "Jane Doe"),
        ("<p class='author'>Follow the author</p>", None),
        ("<aside><a rel='author'>Jane Doe</a></aside>", None),
        ("<div class='related'><span class='byline'>Jane Doe</span></div>", None),
        ("<div class='comment'><cite class='author'>Jane Doe</cite></div>", None),
        ("<p>Jane Doe</p>", None),
    ],
)  # fmt: skip
def test_printed_authors(markup: str, expected: str | None) -> None:
    assert author(markup) == expected


def test_an_author_above_the_headline_is_another_storys() -> None:
    tree = lxml_html.fromstring(
        page(f"<p class='byline'>By John Roe</p><h1>Ferry sails</h1>{TEXT}")
    )
    assert printed_author(tree, headline_element(tree, "Ferry sails")) is None


def test_the_heading_that_says_the_title_is_the_headline() -> None:
    tree = lxml_html.fromstring(page("<h1>The Gazette</h1><h2>Ferry sails again</h2>"))
    found = headline_element(tree, "Ferry sails again - The Gazette")
    assert found is not None
    assert found.tag == "h2"


def published(body: str) -> date | None:
    tree = lxml_html.fromstring(page(f"<h1>Ferry sails</h1>{body}"))
    return printed_date(tree, headline_element(tree, "Ferry sails"))


TIME = "<time datetime='2015-05-30T10:00:00Z'>a while ago</time>"


def test_a_time_near_the_headline_is_the_date() -> None:
    assert published(TIME + TEXT) == DAY
    assert published("<time>30 May 2015</time>" + TEXT) == DAY


@pytest.mark.parametrize(
    "body",
    [
        TEXT + TEXT + TIME,
        f"<nav>{TIME}</nav>" + TEXT,
        f"<div class='related'>{TIME}</div>" + TEXT,
        f"<p>Updated {TIME}</p>" + TEXT,
        TIME.replace("<time", "<time class='modified'") + TEXT,
        "<time>yesterday</time>" + TEXT,
    ],
)
def test_a_time_elsewhere_is_none(body: str) -> None:
    assert published(body) is None
