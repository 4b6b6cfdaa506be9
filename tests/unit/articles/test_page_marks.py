"""Web pages: what is hidden, struck out, raised, quoted, live or kept from who has not paid."""

import json
from collections.abc import Callable

import pytest

from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]
BODY = (
    "The harbour master said on Monday that the ferry would sail again as soon as the ice allows.",
    "Two engineers were still at work in the engine room, a third was on her way from the city.",
    "Passengers who had waited since Friday were given soup, blankets and a new timetable to read.",
)
FIRST, SECOND, THIRD = (f"<p>{text}</p>" for text in BODY)
WHOLE = "\n\n".join(("Ferry sails", *BODY))


def page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Ferry sails</title>{head}</head><body><article>"
        f"<h1>Ferry sails</h1>{body}</article></body></html>"
    )


def parts(article: Article) -> list[tuple[str | None, str]]:
    return [(part.author, article.text[part.start : part.end]) for part in article.parts]


# --- hidden


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0", "opacity: 0.0", "opacity:0;color:red", "text-indent:-9999px",
        "position:absolute; left:-9999px", "position:absolute;clip:rect(0,0,0,0)",
        "clip-path: inset(50%)", "max-height:0;overflow:hidden", "color:#fff;background:white",
        "color: rgb(255, 255, 255)", "color:#eee;background-color:#eee", "color:transparent",
        "visibility:hidden !important;visibility:visible",
    ],
)  # fmt: skip
def test_hidden_by_a_style(read: Read, style: str) -> None:
    hidden = f"<p style='{style}'>Our source is Pelle Kragh.</p>"
    assert read(page(FIRST + hidden + SECOND + THIRD), "a.html").text == WHOLE


@pytest.mark.parametrize("mark", ["class='sr-only'", "hidden", "class='off'", "id='off'"])
def test_hidden_by_a_rule(read: Read, mark: str) -> None:
    head = "<style>.off, #off { display: none } @media print { p { display: none } }</style>"
    hidden = f"<p {mark}>Our source is Pelle Kragh.</p>"
    assert read(page(FIRST + hidden + SECOND + THIRD, head), "a.html").text == WHOLE


@pytest.mark.parametrize("style", ["opacity:0.9", "font-size:100%", "color:white;background:#000"])
def test_what_only_looks_hidden_stays(read: Read, style: str) -> None:
    shown = FIRST.replace("<p>", f"<p style='{style}'>")
    assert read(page(shown + SECOND + THIRD), "a.html").text == WHOLE


def test_a_remark_within_tiny_type(read: Read) -> None:
    hidden = "<p style='font-size:0'>Our source <!-- of 2019 -->is Pelle Kragh.</p>"
    assert read(page(FIRST + hidden + SECOND + THIRD), "a.html").text == WHOLE


def test_more_hidden_than_shown(read: Read) -> None:
    hidden = f"<div style='display:none'>{THIRD * 5}</div>"
    assert THIRD[3:-4] not in read(page(FIRST + SECOND + hidden), "a.html").text


# --- struck and raised


def test_of_a_change_the_new_words_stand(read: Read) -> None:
    changed = "<p>The crew would <del>not </del><ins>never </ins>sail, said the master of it.</p>"
    article = read(page(changed + SECOND + THIRD), "a.html")
    assert "The crew would never sail, said the master of it." in article.text
    assert article.notes == ("has tracked changes",)


def test_a_price_that_is_struck_is_no_change(read: Read) -> None:
    price = "A ticket is <s>12</s> 9 crowns, <span style='text-decoration:line-through'>8</span> 6."
    article = read(page(f"<p>{price}</p>" + SECOND + THIRD), "a.html")
    assert "A ticket is 9 crowns, 6." in article.text
    assert article.notes == ()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("6,200<sup>3</sup> tonnes", "6,200 tonnes"),
        ("in 2019<sup><a href='#n4'>4</a></sup>, they", "in 2019, they"),
        ("in 2019<a href='#fn4' role='doc-noteref'>4</a>, they", "in 2019, they"),
        ("in 2019<a class='x' href='#_ftn1'>[1]</a>, they", "in 2019, they"),
        ("in 2019<span style='vertical-align:super'>5</span>, they", "in 2019, they"),
        ("a ship.<sup class='reference'><a href='#cite_note-1'>[1]</a></sup> It", "a ship. It"),
        ("a ship.<sup class='noprint'>[<i>citation needed</i>]</sup> It", "a ship. It"),
        ("crowns<span class='mw-editsection'>[<a href='/e'>edit</a>]</span>.", "crowns."),
        ("12 km<sup>2</sup> wide", "12 km² wide"),
        ("10<sup>6</sup> crowns", "10^6 crowns"),
        ("the <b>1<sup>st</sup></b> of May", "the 1st of May"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> it is", "漢 it is"),
    ],
)
def test_what_is_raised_never_joins_a_figure(read: Read, markup: str, text: str) -> None:
    line = f"<p>They said that {markup} and that nobody had asked them.</p>"
    article = read(page(FIRST + line + THIRD), "a.html")
    assert f"They said that {text} and that nobody had asked them." in article.text


# --- whose words


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>We never pay.</p><cite>Tove Brandt, leader</cite></blockquote>",
        "<blockquote>We never pay.</blockquote><cite>Tove Brandt, leader</cite>",
        "<ul><li><blockquote>We never pay.</blockquote><cite>Tove Brandt, leader</cite></li></ul>",
        "<blockquote><p>We never pay.</p><footer>— Tove Brandt, leader</footer></blockquote>",
        "<blockquote><p>We never pay.</p><p>— Tove Brandt, leader</p></blockquote>",
        "<blockquote><p>We never pay.</p>— Tove Brandt, leader</blockquote>",
        "<figure><blockquote><p>We never pay.</p></blockquote><figcaption>Tove Brandt, leader"
        "</figcaption></figure>",
        "<blockquote><p>We never pay.</p></blockquote><p class='attribution'>Tove Brandt</p>",
    ],
)
def test_a_name_under_a_quotation_is_whose_it_is(read: Read, markup: str) -> None:
    found = parts(read(page(FIRST + markup + SECOND + THIRD), "a.html"))
    (said,) = [text for author, text in found if author == "Tove Brandt"]
    assert said.startswith("We never pay.\n\n")
    assert "Tove Brandt" in said
    assert found[0] == (None, f"Ferry sails\n\n{BODY[0]}")


def test_a_short_quotation_with_its_name(read: Read) -> None:
    line = "<p><q>We never pay.</q> — <cite>Tove Brandt</cite></p>"
    found = parts(read(page(FIRST + line + SECOND + THIRD), "a.html"))
    assert ("Tove Brandt", "“We never pay.” — Tove Brandt") in found


# --- what scripts would do


def test_what_stands_only_in_noscript_is_read_in_its_paragraphs(read: Read) -> None:
    inside = f"<div id='app'></div><noscript>{FIRST}{SECOND}{THIRD}</noscript>"
    assert read(page(inside), "a.html").text == WHOLE
    twice = f"{FIRST}<noscript>{FIRST}</noscript>{SECOND}{THIRD}<noscript>No scripts.</noscript>"
    assert read(page(twice), "a.html").text == WHOLE


def test_a_shadow_root_is_read(read: Read) -> None:
    shadow = f"<x-body><template shadowrootmode='open'>{SECOND}{THIRD}</template></x-body>"
    assert (
        read(page(FIRST + shadow + "<template>" + SECOND + "</template>"), "a.html").text == WHOLE
    )


def test_a_short_page_keeps_its_paragraphs(read: Read) -> None:
    short = "<p class='byline'>By Mira Olsen</p><p>The bridge is shut now.</p><p>It opens.</p>"
    text = read(page(short), "a.html").text
    assert text == "Ferry sails\n\nThe bridge is shut now.\n\nIt opens."


# --- live blogs


def entry(time: str, head: str, text: str) -> str:
    return f"<div class='live-post'><time>{time}</time><h2>{head}</h2>{text}</div>"


def test_each_entry_of_a_live_blog_keeps_its_time(read: Read) -> None:
    entries = entry("14.20", "Talks end", SECOND) + entry("9.05", "Ice breaks", THIRD)
    article = read(page(FIRST + f"<div class='live-blog'>{entries}</div>"), "a.html")
    assert article.text == "\n\n".join(
        ("Ferry sails", BODY[0], "14.20 Talks end", BODY[1], "9.05 Ice breaks", BODY[2])
    )
    at = [article.text[place.start : place.start + 5] for place in article.places]
    assert [(place.time, text) for place, text in zip(article.places, at, strict=True)] == [
        ("14.20", "14.20"), ("9.05", "9.05 "),
    ]  # fmt: skip


def test_entries_that_stand_in_the_page_for_machines(read: Read) -> None:
    update = {"headline": "Talks end", "datePublished": "2024-05-06T14:20", "articleBody": BODY[1]}
    blog = {"@type": "LiveBlogPosting", "headline": "Ferry sails", "liveBlogUpdate": [update]}
    head = f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    article = read(page("<div id='app'></div>", head), "a.html")
    assert article.text == f"Ferry sails\n\n14:20 Talks end\n\n{BODY[1]}"


# --- for who has paid


WALL = "<div class='paywall'>Subscribe to read the full story. Already a subscriber? Log in</div>"


def stated(body: str = "") -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry sails", '
        f'"isAccessibleForFree": false, "articleBody": "{body}"}}</script>'
    )


@pytest.mark.parametrize(
    "wall",
    [
        WALL,
        "<p>This article is for subscribers only.</p>",
        "<p>Il vous reste 75% de cet article à lire. La suite est réservée aux abonnés.</p>",
        "<p>Sie sind bereits Abonnent? Jetzt weiterlesen mit Plus.</p>",
    ],
)
def test_a_teaser_is_labelled_and_its_call_goes(read: Read, wall: str) -> None:
    article = read(page(FIRST + SECOND + wall), "a.html")
    assert (article.text, article.notes) == (f"Ferry sails\n\n{BODY[0]}\n\n{BODY[1]}", ("teaser",))


def test_the_whole_text_is_taken_where_the_page_gives_it(read: Read) -> None:
    article = read(page(FIRST + WALL, stated(" ".join(BODY))), "a.html")
    assert article.text == f"Ferry sails\n\n{BODY[0]}\n\n{BODY[1]} {BODY[2]}"
    assert article.notes == ()


def test_who_has_paid_has_no_teaser(read: Read) -> None:
    text = (FIRST + SECOND + THIRD) * 3
    assert read(page(f"<section class='paywall'>{text}</section>", stated()), "a.html").notes == ()


# --- pages that are no article


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<ul><li><a href='https://a.example/1' time_added='1'>Ferry strike in its second week</a>"
         "<li><a href='https://a.example/2'>Brewery to close in June</a></ul>", "links and titles"),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1><TITLE>Bookmarks</TITLE><H1>Bookmarks</H1><DL><p><DT>"
         "<A HREF='https://a.example/1'>Ferry strike in its second week</A></DL>", "links and"),
        ("<html><frameset><frame src='nav.htm'><frame src='story.htm'></frameset></html>",
         r"nav\.htm, story\.htm"),
    ],
)  # fmt: skip
def test_what_holds_no_article_says_what_to_do(read: Read, source: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(source, "a.html")
