"""Nothing that comes from outside becomes markup, and highlights stand where the offsets say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from rag import rendering
from rag.rendering import Exchange, Focus
from rag.schema import Answer, Article, Citation, Hit, Part, Passage, Scope, Sentence

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
HOSTILE = TEXT | st.sampled_from(
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "' onmouseover='alert(1)",
        '" onfocus="alert(1)',
        "&lt;b&gt; &amp;amp;",
        "![x](https://elsewhere.example/x.png) **b** _i_",
        "</p></div><iframe>",
    ]
)
TAGS = set(
    [
        "a",
        "article",
        "aside",
        "b",
        "button",
        "br",
        "details",
        "div",
        "h1",
        "h2",
        "header",
        "li",
        "mark",
        "nav",
        "p",
        "q",
        "span",
        "strong",
        "summary",
        "ul",
    ]
)
ATTRIBUTES = set(
    [
        "aria-current",
        "aria-label",
        "class",
        "data-target",
        "href",
        "rel",
        "tabindex",
        "target",
        "title",
        "type",
    ]
)


def checked(markup: str) -> html.HtmlElement:
    """Parse as a browser would; only the page's own elements and attributes may be there."""
    tree = html.fragment_fromstring(markup, create_parent="main")
    for element in tree.iterdescendants():
        assert element.tag in TAGS, element.tag
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
        href = element.get("href", "#")
        assert href.startswith(("#", "https://", "http://"))
    return tree


def squeezed(text: str) -> str:
    return " ".join(text.split())


def article(text: str, title: str | None = "Quay closed", **changes: object) -> Article:
    known: dict[str, object] = {
        "id": "a1", "path": "quay.txt", "title": title, "author": "Ada Quill",
        "outlet": "The Courier", "published": date(2024, 3, 4), "url": None, "text": text,
    }  # fmt: skip
    return Article(**{**known, **changes})  # type: ignore[arg-type]


def passage(source: Article, start: int, end: int) -> Passage:
    return Passage("p1", source.id, 0, start, end, source.text[start:end], "", "body")


def replied(text: str, **changes: object) -> Answer:
    source = article(text, title=text, author=text, outlet=text)
    cut = passage(source, 0, len(text))
    known: dict[str, object] = {
        "question": text, "standalone_question": f"{text}?", "status": "answered", "text": text,
        "sentences": (Sentence(text, (1,), "partial", (text,)),),
        "citations": (Citation(1, source, cut, 0, len(text), speaker=text),),
        "hits": (Hit(cut, source, 0.9),), "dropped_markers": (text,), "model": text,
        "seconds": {"total": 0.5},
    }  # fmt: skip
    return Answer(**{**known, **changes})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Row:
    id: str = "a1"
    path: str = "quay.txt"
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: date | None = None
    label: str | None = None
    passages: int = 1


# --- escaping


@given(HOSTILE)
def test_escaped_text_parses_to_itself_and_to_no_element(text: str) -> None:
    tree = html.fragment_fromstring(rendering.escaped(text), create_parent="p")
    assert len(tree) == 0
    assert tree.text_content() == squeezed(text)


@given(HOSTILE)
def test_a_question_is_text(text: str) -> None:
    assert squeezed(checked(rendering.question(text)).text_content()) == squeezed(text)


@given(HOSTILE, st.sampled_from(["answered", "not_in_articles"]))
def test_an_answer_has_our_elements_only(text: str, status: str) -> None:
    markup = rendering.answer(replied(text, status=status), 1, 18)
    assert checked(markup).find_class("answer")


@given(HOSTILE)
def test_a_chat_message_is_one_html_block_for_a_markdown_renderer(text: str) -> None:
    exchange = Exchange(text, written=text, problem=text, hits=replied(text).hits)
    for markup in (rendering.reply(exchange, 1), rendering.answer(replied(text), 1, 18)):
        assert markup.startswith("<div")
        assert "\n" not in markup
        checked(markup)


@given(HOSTILE)
def test_a_source_has_our_elements_only_and_the_whole_text(text: str) -> None:
    source = article(text, title=text, author=text, outlet=text, path=text, label=text, url=text)
    tree = checked(rendering.source(source, Focus("cite-1-1", 0, len(text), text, speaker=text)))
    assert squeezed(tree.find_class("text")[0].text_content()) == squeezed(text)


@given(HOSTILE)
def test_lists_have_our_elements_only(text: str) -> None:
    row = Row(id=text, path=text, title=text, author=text, outlet=text, label=text)
    listed = checked(rendering.article_list([row]))
    assert squeezed(listed.find(".//a").text_content()) == squeezed(text)
    checked(rendering.upload_result([(text, None), (text, text)]))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert checked(rendering.source(article("Text.", url=url))).find(".//a") is None


# --- highlighting


@given(st.text("ab <&\n", min_size=1, max_size=80), st.data())
def test_marks_hold_exactly_the_cited_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    other = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    focus = Focus("cite-1-1", start, end, "Source 1", others=((other[0], other[1]),))
    tree = checked(rendering.source(article(text), focus))
    marked = "".join(mark.text_content() for mark in tree.find_class("cited"))
    assert "".join(marked.split()) == "".join(text[start:end].split())
    assert "".join(tree.find_class("text")[0].text_content().split()) == "".join(text.split())


def test_other_citations_of_the_article_are_marked_more_lightly() -> None:
    text = "The quay closed. Nobody knew why. It opened in May."
    source = article(text)
    cut = passage(source, 0, len(text))
    answer = replied(
        "x", citations=(Citation(1, source, cut, 0, 16), Citation(2, source, cut, 34, 51))
    )
    opened = rendering.cited(answer, 3, 2)
    assert opened is not None
    tree = checked(rendering.source(*opened))
    assert [(m.text_content(), m.get("class")) for m in tree.iter("mark")] == [
        ("The quay closed.", None),
        ("It opened in May.", "cited"),
    ]
    assert [link.get("href") for link in tree.iter("a")] == ["#cite-3-1", "#cite-3-2"]


def test_reader_comments_are_set_apart_with_who_wrote_them() -> None:
    text = "The quay closed.\n\nServes them right."
    parts = (Part("body", 0, 16), Part("comment", 18, len(text), "muckspreader"))
    tree = checked(rendering.source(article(text, parts=parts)))
    aside = tree.find(".//aside")
    assert aside.text_content() == "Reader comment · muckspreaderServes them right."


def test_the_card_names_the_page_of_the_cited_words() -> None:
    source = article("First page. Second page.", pages=(0, 12), path="quay.pdf")
    markup = rendering.source(source, Focus("cite-1-1", 12, 24, "Source 1"))
    assert "quay.pdf, page 2" in checked(markup).text_content()


@given(st.text("a \n", max_size=60))
def test_paragraphs_are_disjoint_in_order_and_lose_only_white_space(text: str) -> None:
    spans = rendering.paragraphs_of(text, 0, len(text))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)


# --- what is said


def test_a_doubtful_sentence_says_why() -> None:
    sentence = Sentence("It cost 300.", (1,), "unsupported", ("‘300’ is not in [1]",))
    shown = checked(rendering.answer(replied("x", sentences=(sentence,)), 1, 18)).text_content()
    assert "Not supported ‘300’ is not in [1]" in shown


def test_a_sources_own_words_are_told_from_the_lead_before_them() -> None:
    source = article("The quay closed.")
    citation = Citation(1, source, passage(source, 0, 16), 0, 16)
    sentence = Sentence("Ada Quill, The Courier: The quay closed.", (1,), "supported")
    given_answer = replied("x", sentences=(sentence,), citations=(citation,))
    tree = checked(rendering.answer(given_answer, 1, 18))
    assert tree.find_class("lead")[0].text_content() == "Ada Quill, The Courier:"
    assert tree.find_class("quote")[0].text_content() == "The quay closed."


def test_a_number_without_a_citation_opens_nothing() -> None:
    sentence = Sentence("It cost 300.", (1, 7), "supported")
    tree = checked(rendering.answer(replied("x", sentences=(sentence,)), 1, 18))
    assert [link.get("href") for link in tree.find_class("cite") if link.get("href")] == [
        "#cite-1-1"
    ]


def test_a_reworded_question_is_shown() -> None:
    same = rendering.answer(replied("x", standalone_question="x"), 1, 18)
    assert "Understood as" not in same
    assert "Understood as: x?" in rendering.answer(replied("x"), 1, 18)


def test_the_facts_of_the_search_are_told() -> None:
    shown = checked(rendering.answer(replied("x", model="extractive"), 1, 18)).text_content()
    assert "searched 18 articles · 1 passage · 0.5 s · extractive" in shown


@pytest.mark.parametrize("rest", ["", "1", "0-1", "2-1", "1-0", "1-2", "1-x", "²-1"])
@pytest.mark.parametrize("kind", ["cite", "hit", "other"])
def test_links_that_mean_nothing_open_nothing(kind: str, rest: str) -> None:
    turns = (Exchange("x", answer=replied("Text.")),)
    assert rendering.linked(turns, kind, rest) is None


def test_the_filter_wants_every_word_anywhere() -> None:
    rows = [
        Row(id="1", title="Quay closed", outlet="Courier", published=date(2024, 3, 4)),
        Row(id="2", title="Quay open", outlet="Sentinel", published=date(2024, 4, 9)),
    ]
    assert "1 article · 4 March 2024" in rendering.article_list(rows, "quay COURIER")
    assert "2 articles · 4 March 2024 – 9 April 2024" in rendering.article_list(rows, "2024")
    assert "No article matches." in rendering.article_list(rows, "quay nobody")


def test_copies_and_other_files_of_the_same_text_are_named() -> None:
    copy = article("Nearly the same.", id="b2", path="b.html", outlet="The <Echo>")
    shown = rendering.source(article("Words."), files=["quay.txt", "same.txt"], copies=[copy])
    tree = checked(shown)
    text = squeezed(tree.text_content())
    assert "Also saved as same.txt" in text
    assert "Nearly the same text: The <Echo>, 4 March 2024" in text
    assert tree.xpath("//a[@href='#article-b2']")


def test_a_date_that_can_be_read_two_ways_is_shown_as_printed() -> None:
    unsure = article("Words.", published=None, dated="03/04/2015")
    assert "dated 03/04/2015, which can be read two ways" in rendering.source(unsure)
    changed = article("Words.", updated=date(2024, 3, 6))
    assert "updated 6 March 2024" in rendering.source(changed)


def test_copies_of_one_text_count_as_one_source() -> None:
    first, second = article("Same words."), article("Same words!", id="b2", path="b.txt")
    cuts = [passage(item, 0, len(item.text)) for item in (first, second)]
    given_answer = replied(
        "x",
        citations=tuple(
            Citation(n, item, cut, 0, 4)
            for n, (item, cut) in enumerate(zip((first, second), cuts, strict=True), start=1)
        ),
        hits=tuple(
            Hit(cut, item, 0.9, origin="a1")
            for item, cut in zip((first, second), cuts, strict=True)
        ),
    )
    shown = checked(rendering.answer(given_answer, 1, 18)).text_content()
    assert "2 articles cited, 1 independent origin" in shown


# --- filters


def test_the_line_of_the_filters_counts_what_passes() -> None:
    assert squeezed(checked(rendering.limits(Scope(18, 18))).text_content()) == (
        "All 18 articles pass."
    )
    some = Scope(3, 18, "outlet X or Y", "There is no outlet “Y”.")
    assert squeezed(checked(rendering.limits(some)).text_content()) == (
        "3 of 18 articles pass. There is no outlet “Y”."
    )
    assert "No articles yet." in rendering.limits(Scope(0, 0))


@given(HOSTILE)
def test_what_is_wrong_with_the_filters_stays_text(text: str) -> None:
    tree = checked(rendering.limits(Scope(0, 18, "outlet X", text)))
    assert squeezed(tree.text_content()) == squeezed(text)
    assert tree.find_class("trouble")


def test_an_answer_says_which_articles_it_is_from() -> None:
    limited = Scope(3, 18, "published until 1 June 2015")
    shown = rendering.answer(replied("Yes.", scope=limited), 1, 3)
    assert "Answered from 3 of 18 articles: published until 1 June 2015." in shown
    assert "searched 3 of 18 articles" in shown
    free = rendering.answer(replied("Yes.", scope=Scope(18, 18)), 1, 18)
    assert "Answered from" not in free
    assert "searched 18 articles" in free


def test_filters_that_leave_nothing_are_not_taken_for_missing_answers() -> None:
    none = Scope(0, 18, "outlet X", "No article passes the filters: outlet X.")
    given_ = replied("No.", status="not_in_articles", hits=(), citations=(), scope=none)
    shown = checked(rendering.answer(given_, 1, 0)).text_content()
    assert "Nothing to search" in shown
    assert "Not in the articles" not in shown
