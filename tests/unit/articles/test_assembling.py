"""Plain text to articles: headline, furniture, comments, parts, ids."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import make_article
from rag.articles.assembling import assemble
from rag.articles.boilerplate import is_disclaimer, is_furniture
from rag.articles.drafts import Block, Meta, keep_lines
from rag.errors import ArticleError
from rag.schema import Article, Part

BODY = (
    "The harbour master said on Monday that the ferry would sail again as soon as the ice allows.",
    "Two engineers were still at work in the engine room, a third was on her way from the city.",
    "Passengers who had waited since Friday were given soup, blankets and a new timetable to read.",
    "“I have seen worse winters,” said one of them, a teacher from the far side of the bay.",
)


def check_parts(article: Article) -> None:
    """Ordered, disjoint, and nothing but white space between them."""
    end, gaps = 0, ""
    for part in article.parts:
        assert end <= part.start < part.end <= len(article.text)
        gaps += article.text[end : part.start]
        end = part.end
    assert not (gaps + article.text[end:]).strip()


def by_kind(article: Article, kind: str) -> list[str]:
    return [article.text[part.start : part.end] for part in article.parts if part.kind == kind]


LINES = st.sampled_from(
    ["A headline here", "By Jane Doe", "May 30, 2015", "Share this article", "Advertisement", "0 $",
     "3 Comments", "Notify of", "bob: well said.", "1. I doubt it very much, as you all should.",
     "Related articles", "Photo: Reuters", "Tags: ferry", *BODY]
)  # fmt: skip


@given(st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), max_size=12))
def test_parts_cover_the_text_and_are_disjoint(paragraphs: list[str]) -> None:
    try:
        article = assemble("a.txt", [Block(text) for text in paragraphs], Meta())
    except ArticleError:
        return
    check_parts(article)
    for text in BODY:
        assert (text in article.text) == any(text in paragraph for paragraph in paragraphs)


@given(st.lists(st.tuples(LINES, st.booleans()), min_size=1, max_size=8))
def test_pages_survive_whatever_is_dropped(paragraphs: list[tuple[str, bool]]) -> None:
    blocks = [Block(text, starts=(0,) if new else ()) for text, new in paragraphs]
    kept = keep_lines(blocks, lambda number, line: "e" not in line[:4])
    if kept:
        assert sum(len(block.starts) for block in kept) == sum(new for _, new in paragraphs)
    for block in kept:
        assert list(block.starts) == sorted(block.starts)
        assert all(0 <= start <= len(block.text) for start in block.starts)


def article_of(**changes: object) -> Article:
    fields: dict[str, object] = {
        "title": "T", "author": "A", "outlet": "O", "published": date(2015, 5, 30), "url": "u",
        "text": "T\n\nText.", "parts": [Part("body", 0, 8)], "pages": (0,), "label": "opinion",
    }  # fmt: skip
    return make_article("a.txt", **(fields | changes))  # type: ignore[arg-type]


def test_a_moved_file_keeps_its_id() -> None:
    one, other = article_of(), dataclasses.replace(article_of(), path="b/c.txt")
    assert one.id == make_article("b/c.txt", **_content(other)).id
    assert len(one.id) == 16
    assert set(one.id) <= set("0123456789abcdef")


def _content(article: Article) -> dict[str, object]:
    names = [f.name for f in dataclasses.fields(article) if f.name not in ("id", "path")]
    return {name: getattr(article, name) for name in names}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None}, {"author": "B"}, {"outlet": None}, {"published": None}, {"url": None},
        {"text": "T\n\nTexts"}, {"parts": [Part("comment", 0, 8)]}, {"pages": ()}, {"label": None},
        {"parts": [Part("body", 0, 8, "nick")]},
    ],
)  # fmt: skip
def test_any_other_change_changes_the_id(changes: dict[str, object]) -> None:
    assert article_of(**changes).id != article_of().id


def plain(*paragraphs: str, known: Meta | None = None) -> Article:
    return assemble("a.txt", [Block(text) for text in paragraphs], known or Meta())


def test_the_headline_stands_first_and_once() -> None:
    article = plain("Ferry sails again", "By Jane Doe", "FERRY SAILS AGAIN", *BODY)
    assert article.title == "Ferry sails again"
    assert article.text.startswith("Ferry sails again\n\nBy Jane Doe\n\n" + BODY[0])


def test_a_known_headline_that_the_text_lacks_is_put_first() -> None:
    article = plain(*BODY, known=Meta(title="Ferry sails again"))
    assert article.text == "\n\n".join(["Ferry sails again", *BODY])


def test_a_subheading_like_the_headline_stays() -> None:
    article = plain(
        *BODY[:2], "When does it sail?", BODY[2], known=Meta(title="When does it sail?")
    )
    assert article.text == "\n\n".join(
        ["When does it sail?", *BODY[:2], "When does it sail?", BODY[2]]
    )


def test_text_without_a_headline_has_none() -> None:
    article = plain(*BODY)
    assert article.title is None
    assert article.text == "\n\n".join(BODY)


def test_the_better_capitals_of_two_headlines_win() -> None:
    article = plain("Russia Urges U.s. To Sail", "Russia Urges U.S. to Sail", *BODY)
    assert article.title == "Russia Urges U.S. to Sail"


def test_a_question_may_be_a_headline() -> None:
    assert plain("Will the ferry sail again before the ice is gone?", *BODY).title is not None


def test_the_masthead_is_the_outlet_and_not_the_headline() -> None:
    article = plain("THE HARBOUR GAZETTE\nMenu Search Log in", "Ferry sails again", *BODY)
    assert (article.title, article.outlet) == ("Ferry sails again", "The Harbour Gazette")
    assert "GAZETTE" not in article.text


def test_a_masthead_goes_before_an_agency() -> None:
    article = plain("The Harbour Gazette", "Ferry sails", "OSLO, March 3 (Reuters) — " + BODY[0])
    assert article.outlet == "The Harbour Gazette"
    assert article.published is None


def test_fields_at_the_top_are_metadata() -> None:
    article = plain(
        "Title: Ferry sails\nAuthor: Jane Doe\nDate: 2015-05-30\nSource: https://example.com/a\n"
        "Section: Opinion",
        *BODY,
    )
    assert article.title == "Ferry sails"
    assert (article.author, article.published) == ("Jane Doe", date(2015, 5, 30))
    assert (article.url, article.label) == ("https://example.com/a", "opinion")


def test_a_join_date_is_no_publication_date() -> None:
    article = plain("Ferry sails again", "Senior Member\nMar 18, 2011", *BODY)
    assert article.published is None
    assert "Senior Member" not in article.text


def test_a_name_counts_as_author_only_beside_date_paper_or_address() -> None:
    assert plain("Ferry sails", "Jane Doe\n30 May 2015", *BODY).author == "Jane Doe"
    assert plain("Ferry sails", "Jane Doe", "jdoe@example.com", *BODY).author == "Jane Doe"
    assert plain("Ferry sails", "Jane Doe", *BODY).author is None


def test_a_signature_is_the_author_unless_the_text_speaks_of_the_person() -> None:
    assert plain("Ferry sails", *BODY, "Jane Doe").author == "Jane Doe"
    assert (
        plain("Ferry sails", *BODY, "Passengers were met by Jane Doe.", "Jane Doe").author is None
    )


@pytest.mark.parametrize(
    "line",
    [
        "Share this article", "Facebook | Mail | Copy link", "Tweet Post Print", "ADVERTISEMENT",
        "Share this article · Print · Save", "Sign up for our newsletter", "All rights reserved",
        "© 2024 The Harbour Gazette", "READ ALSO: Another story", "Related articles", "in ,",
        "Home > Business > Shipping", "You may also like", "What do you think?", "* * *",
        "You have read 3 of 5 free articles this month.", "Story continues below", "5 min read",
    ],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert is_furniture(line)
    assert line not in plain("Ferry sails", BODY[0], line, BODY[1]).text


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell.", "2015", "500,000", "91%", "$500,000", "Support grows", "Print dies",
        "More on the family plan in a minute.", "He tweeted.", "Donate blood, doctors say",
        "Related to the king", "Home is where the heart is", "Copyright law is a mess, he said.",
        "Line", "x", "More", "The advertisement was withdrawn.", "Tags: he wears two",
        "Subscribe, he begged.",
        "The views expressed by the minister do not necessarily reflect the government’s.",
    ],
)  # fmt: skip
def test_lines_that_resemble_furniture_stay(line: str) -> None:
    assert not is_furniture(line)
    assert line in plain("Ferry sails", BODY[0], line, BODY[1]).text


def test_a_disclaimer_goes_but_labels_a_column() -> None:
    note = (
        "The statements, views and opinions expressed in this column are solely those of the "
        "author and do not necessarily represent those of this site."
    )
    assert is_disclaimer(note)
    article = plain("Ferry sails", note, *BODY, note)
    assert article.label == "opinion"
    assert "solely" not in article.text
    bio = "Jane Doe is a sailor. The views expressed here are solely those of the author."
    assert bio in plain("Ferry sails", bio, *BODY).text


def test_banners_name_the_outlet() -> None:
    article = plain("0 $\n2,500 $\nJUNE 2021", "Ferry sails", "Support SouthFront", *BODY)
    assert (article.title, article.outlet) == ("Ferry sails", "SouthFront")
    assert "$" not in article.text
    assert "Support" not in article.text
    assert plain("Ferry sails", *BODY, "Support Ukraine").outlet is None


def test_other_headlines_at_the_end_go_only_after_their_heading() -> None:
    assert "Another story" not in plain("Ferry sails", *BODY, "Related", "Another story").text
    assert "Another story" in plain("Ferry sails", *BODY, "Another story").text


def test_comments_with_nicks() -> None:
    article = plain(
        "Ferry sails", *BODY, "2 Comments", "muck says:\nMarch 4, 2015 at 3:12 pm\nGood on her.",
        "jo_b • 3 hours ago", "Not so sure.", "Really.", "Leave a comment",
    )  # fmt: skip
    assert [part.author for part in article.parts] == [None, "muck", "jo_b"]
    assert by_kind(article, "comment")[1].endswith("Not so sure.\n\nReally.")
    assert "Leave a" not in article.text


def test_inline_nicks() -> None:
    article = plain("Ferry sails", *BODY, "Latest replies\nmuck: Good on her.")
    assert [part.author for part in article.parts] == [None, "muck"]


def test_a_stated_count_saves_an_unsigned_remark() -> None:
    counted = plain("Ferry sails", *BODY, "Notify of\n1 Comment", "well well")
    assert by_kind(counted, "comment") == ["well well"]
    headlines = plain(
        "Ferry sails", *BODY, "Notify of", "Will the ferry sink? Experts", "A storm comes"
    )
    assert by_kind(headlines, "comment") == []


def test_numbered_remarks_at_the_end_are_comments() -> None:
    remarks = [
        f"{n}. I very much doubt that the ferry will ever sail again before the spring."
        for n in (1, 2)
    ]
    assert by_kind(plain("Ferry sails", *BODY, *remarks), "comment") == remarks
    listed = plain("Ferry sails", *BODY, "There are two reasons:", *remarks)
    assert by_kind(listed, "comment") == []
    amid = plain("Ferry sails", BODY[0], *remarks, *BODY[1:])
    assert by_kind(amid, "comment") == []


def test_a_counter_above_the_article_does_not_make_it_a_comment() -> None:
    article = plain("Ferry sails", "3 Comments", *BODY)
    assert by_kind(article, "comment") == []


def test_captions() -> None:
    article = plain(
        "Ferry sails", BODY[0], "Photo: The ferry in the ice. Jane Doe/Reuters", BODY[1]
    )
    assert [part.kind for part in article.parts] == ["body", "caption", "body"]
    check_parts(article)
