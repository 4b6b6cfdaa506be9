"""Nothing that comes from outside becomes markup, and highlights stand where the offsets say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from rag.schema import Answer, Article, Citation, Hit, Part, Passage, Scope, Sentence
from rag.web.conversation import Exchange
from rag.web.html import answers, notices, reader
from rag.web.html.elements import printed
from rag.web.html.reader import Focus
from rag.web.start import Front
from tests.unit.building import hit, model_answer
from vectorstore.selecting import Facts

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
    (
        "a article aside b blockquote button br code details div em form h1 h2 h3 h4 h5 header hr "
        "input li mark nav ol p path pre q s section span strong summary svg table tbody td th "
        "thead tr ul"
    ).split()
)
ATTRIBUTES = set(
    (
        "aria-current aria-describedby aria-hidden aria-label aria-pressed autocomplete class d "
        "data-article data-do data-end data-field data-find data-form data-go data-live data-page "
        "data-start data-target data-turn data-type data-value data-verdict fill height hidden "
        "href id maxlength placeholder rel role start stroke stroke-linejoin stroke-width tabindex "
        "target "
        "title type viewbox width"
    ).split()
)


def checked(markup: str) -> html.HtmlElement:
    """Parse as a browser would; only the page's own elements and attributes may be there."""
    tree = html.fragment_fromstring(markup, create_parent="main")
    for element in tree.iterdescendants():
        assert element.tag in TAGS, element.tag
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
        href = element.get("href", "#")
        assert href.startswith(("#", "/a/", "https://", "http://"))
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


def answered(given: Answer, number: int, searched: int) -> str:
    return answers.turn(Exchange(given.question, answer=given, searched=searched), number)


# --- escaping


@given(HOSTILE)
def test_a_remark_parses_to_itself_and_to_no_element(text: str) -> None:
    (shown,) = html.fragment_fromstring(notices.trouble(text), create_parent="div")
    assert len(shown) == 0
    assert squeezed(shown.text_content()) == squeezed(text)


@given(HOSTILE, st.sampled_from(["answered", "not_in_articles"]))
def test_an_answer_has_our_elements_only(text: str, status: str) -> None:
    markup = answered(replied(text, status=status), 1, 18)
    assert checked(markup).find_class("answer")


@given(HOSTILE)
def test_a_turn_has_our_elements_only_however_far_it_has_come(text: str) -> None:
    whole = replied(text)
    stages = (
        Exchange(text),
        Exchange(text, found=True, hits=whole.hits),
        Exchange(text, preview=whole, writer=text),
        Exchange(text, written=text),
        Exchange(text, problem=text, written=text, hits=whole.hits),
        Exchange(text, problem=text, preview=whole),
        Exchange(text, answer=whole, verdict="bad"),
        Exchange(text, answer=whole, verdict="good", reason=text),
    )
    for exchange in stages:
        tree = checked(answers.turn(exchange, 1))
        assert [child.tag for child in tree] == ["section"]
        assert squeezed(tree.find_class("question")[0].text_content()) == squeezed(text)


@given(HOSTILE)
def test_suggestions_and_filters_have_our_elements_only(text: str) -> None:
    known = Facts("a1", None, text, text, None, frozenset(), (text,), title=text)
    loaded = Front(1, None, None, 1, ((text, 1),), 0, (known,))
    start = printed("start", "greeting", loaded, [text])
    for markup in (printed("start", "follow_ups", [text]), start):
        (button,) = checked(markup).find_class("example")
        assert squeezed(button.text_content()) == squeezed(text)
    (chip,) = checked(notices.chips([notices.Chip(0, text, text)])).find_class("filter")
    assert chip.get("data-value") == text


@given(HOSTILE)
def test_a_source_has_our_elements_only_and_the_whole_text(text: str) -> None:
    source = article(text, title=text, author=text, outlet=text, path=text, label=text, url=text)
    tree = checked(reader.source(source, Focus("cite-1-1", 0, len(text), text, speaker=text)))
    assert squeezed(tree.find_class("text")[0].text_content()) == squeezed(text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example"])
def test_only_web_addresses_become_links(url: str) -> None:
    links = checked(reader.source(article("Text.", url=url))).xpath(".//a/@href")
    assert links == ["/a/a1"]  # its own


# --- highlighting


@given(st.text("ab <&\n", min_size=1, max_size=80), st.data())
def test_marks_hold_exactly_the_cited_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    other = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    focus = Focus("cite-1-1", start, end, "Source 1", others=((other[0], other[1]),))
    tree = checked(reader.source(article(text), focus))
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
    opened = reader.cited(answer.citations, 3, 2)
    assert opened is not None
    tree = checked(reader.source(*opened))
    assert [(m.text_content(), m.get("class")) for m in tree.iter("mark")] == [
        ("The quay closed.", None),
        ("It opened in May.", "cited"),
    ]
    assert [link.get("href") for link in tree.find_class("cite")] == ["#cite-3-1", "#cite-3-2"]
    assert [link.get("href") for link in tree.find_class("step")] == ["#cite-3-1", "#cite-3-1"]


def test_reader_comments_are_set_apart_with_who_wrote_them() -> None:
    text = "The quay closed.\n\nServes them right."
    parts = (Part("body", 0, 16), Part("comment", 18, len(text), "muckspreader"))
    tree = checked(reader.source(article(text, parts=parts)))
    aside = tree.find(".//aside")
    assert aside.text_content() == "Reader comment · muckspreaderServes them right."


def test_the_card_names_the_page_of_the_cited_words() -> None:
    source = article("First page. Second page.", pages=(0, 12), path="quay.pdf")
    markup = reader.source(source, Focus("cite-1-1", 12, 24, "Source 1"))
    assert "quay.pdf, page 2" in checked(markup).text_content()


@given(st.text("a \n", max_size=60))
def test_paragraphs_are_disjoint_in_order_and_lose_only_white_space(text: str) -> None:
    spans = reader.paragraphs_of(text, 0, len(text))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)


# --- what is said


def test_a_doubtful_sentence_says_why() -> None:
    sentence = Sentence("It cost 300.", (1,), "unsupported", ("‘300’ is not in [1]",))
    shown = checked(answered(replied("x", sentences=(sentence,)), 1, 18)).text_content()
    assert "Not backed by its sources ‘300’ is not in [1]" in shown


def test_a_sources_own_words_are_told_from_the_lead_before_them() -> None:
    source = article("The quay closed.")
    citation = Citation(1, source, passage(source, 0, 16), 0, 16)
    sentence = Sentence("Ada Quill, The Courier: The quay closed.", (1,), "supported")
    given_answer = replied("x", sentences=(sentence,), citations=(citation,))
    tree = checked(answered(given_answer, 1, 18))
    assert tree.find_class("lead")[0].text_content() == "Ada Quill, The Courier:"
    assert tree.find_class("quote")[0].text_content() == "The quay closed."


def test_a_number_without_a_citation_opens_nothing() -> None:
    sentence = Sentence("It cost 300.", (1, 7), "supported")
    tree = checked(answered(replied("x", sentences=(sentence,)), 1, 18))
    assert [link.get("href") for link in tree.find_class("cite") if link.get("href")] == [
        "#cite-1-1"
    ]


def test_a_reworded_question_is_shown() -> None:
    same = answered(replied("x", standalone_question="x"), 1, 18)
    assert "Understood as" not in same
    assert "Understood as: x?" in answered(replied("x"), 1, 18)


def test_the_facts_of_the_search_are_told() -> None:
    shown = checked(answered(replied("x", model="extractive"), 1, 18)).text_content()
    assert "searched 18 articles · 1 place found · 0.5 s · the articles’ own words" in shown


@pytest.mark.parametrize("rest", ["", "1", "0-1", "2-1", "1-0", "1-2", "1-x", "²-1"])
@pytest.mark.parametrize("kind", ["cite", "hit", "other"])
def test_links_that_mean_nothing_open_nothing(kind: str, rest: str) -> None:
    turns = (Exchange("x", answer=replied("Text.")),)
    assert reader.linked(turns, kind, rest) is None


def test_copies_and_other_files_of_the_same_text_are_named() -> None:
    copy = article("Nearly the same.", id="b2", path="b.html", outlet="The <Echo>")
    shown = reader.source(article("Words."), files=["quay.txt", "same.txt"], copies=[copy])
    tree = checked(shown)
    text = squeezed(tree.text_content())
    assert "Also saved as same.txt" in text
    assert "Nearly the same text: The <Echo>, 4 March 2024" in text
    assert tree.xpath("//a[@href='#article-b2']")


def test_a_date_that_can_be_read_two_ways_is_shown_as_printed() -> None:
    unsure = article("Words.", published=None, dated="03/04/2015")
    assert "dated 03/04/2015, which can be read two ways" in reader.source(unsure)
    changed = article("Words.", updated=date(2024, 3, 6))
    assert "updated 6 March 2024" in reader.source(changed)


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
    shown = checked(answered(given_answer, 1, 18)).text_content()
    assert "2 articles cited, 1 independent source" in shown


# --- while it is written


def test_the_preview_stands_until_the_model_has_written_a_sentence() -> None:
    early = Exchange("x", preview=replied("Words."), writer="m", written="The quay")
    shown = checked(answers.turn(early, 2)).text_content()
    assert "From the articles’ own words, while m writes" in shown
    assert "The quay" not in shown
    for written in ("The quay closed. [1]", "- The quay closed [1]", "## Quay\n\n- It closed"):
        late = replace(early, written=written)
        shown = checked(answers.turn(late, 2)).text_content()
        assert "own words" not in shown
        assert "closed" in shown


def test_a_preview_has_links_of_its_own_that_open_what_it_cites() -> None:
    turns = (Exchange("x", preview=replied("Words."), writer="m"),)
    tree = checked(answers.turn(turns[0], 1))
    assert [link.get("href") for link in tree.find_class("cite")] == ["#draft-1-1"]
    assert reader.linked(turns, "draft", "1-1") is not None
    assert reader.linked(turns, "cite", "1-1") is None


def test_each_step_of_waiting_is_said() -> None:
    searching = answers.turn(Exchange("x", searched=5295), 1)
    assert "Searching 5,295 articles…" in searching
    hits = replied("Words.").hits
    read = answers.turn(Exchange("x", searched=5295, found=True, hits=hits), 1)
    assert "Searched 5,295 articles. Reading 1 place…" in read


def test_every_citation_has_a_card_that_says_who_and_when() -> None:
    tree = checked(answered(replied("It closed."), 1, 18))
    (link,) = tree.find_class("cite")
    (card,) = tree.find_class("peek")
    assert card.get("id") == link.get("aria-describedby")
    assert [squeezed(child.text_content()) for child in card] == [
        "It closed.",
        "It closed. · By It closed. · 4 March 2024",
        "Speaking: It closed.",
        "It closed.",
    ]


@given(HOSTILE)
def test_what_a_model_laid_out_has_our_elements_only(text: str) -> None:
    line = " ".join(text.split())
    table = f"| {line} | b |\n|---|---|\n| {line} | {line} [1] |"
    written = f"{text} [1]\n\n## {line}\n\n- **{line}** [1]\n\n> {line}\n\n{table}\n"
    whole = model_answer(written, [hit(text)], text)
    for exchange in (
        Exchange("x", answer=whole),
        Exchange("x", written=written, cited=whole.citations),
    ):
        (laid,) = checked(answers.turn(exchange, 1)).find_class("laid")
        assert not {item.tag for item in laid.iter()} & {"img", "script", "iframe"}


def test_what_a_model_laid_out_is_laid_out_with_its_marks_and_numbers() -> None:
    written = "## Cost\n\nIt cost **9** [1]. Nobody knew.\n\n- a list [2]\n\nnot stated"
    whole = model_answer(written, [hit("It cost 9."), hit("A list.", header="")], "why")
    whole = replace(whole, sentences=whole.sentences[:1] + whole.sentences[2:3])
    (laid,) = checked(answered(whole, 1, 18)).find_class("laid")
    assert laid.xpath(".//h3//text()") == ["Cost"]
    assert laid.xpath(".//strong/text()") == ["9"]
    assert laid.xpath(".//li//a/@href") == ["#cite-1-2"]
    assert [squeezed(item.text_content()) for item in laid.find_class("why")] == [
        "Partly backed by its sources why"
    ] * 2
    marked = [squeezed(item.text_content()) for item in laid.find_class("partial")]
    assert [text for text in marked if "backed" not in text] == ["It cost 9 1.", "a list 2"]


def test_what_is_doubted_in_a_table_is_said_below_it_with_its_words() -> None:
    written = "| Who | Cost | When |\n|---|---|---|\n| Roe | 9 | May [1] |\n\nIt cost 9 [1]."
    flagged = replace(hit("It cost 9."), warning="gives orders to a model")
    whole = model_answer(written, [flagged], "why")
    whole = replace(whole, citations=(replace(whole.citations[0], warning=flagged.warning),))
    (laid,) = checked(answered(whole, 1, 18)).find_class("laid")
    assert laid.xpath(".//table//*[contains(@class, 'why')]") == []
    assert [squeezed(item.text_content()) for item in laid.find_class("why")] == [
        "Partly backed by its sources Roe: 9 why",
        "Partly backed by its sources Roe: May why",
        "Partly backed by its sources why",
    ]
    assert len(laid.find_class("warned")) == 2  # below the table once, and below the sentence


def test_a_number_that_was_left_out_often_is_named_once() -> None:
    shown = checked(answered(replied("It.", dropped_markers=("[9]", "[0]", "[9]")), 1, 18))
    assert "Left out: [9], [0], which" in squeezed(shown.text_content())


def test_numbers_open_their_passages_while_the_answer_is_written() -> None:
    whole = model_answer("It cost 9 [1].", [hit("It cost 9.")])
    growing = Exchange("x", written=whole.text, cited=whole.citations, writer="m")
    (link,) = checked(answers.turn(growing, 1)).find_class("cite")
    assert link.get("href") == "#cite-1-1"
    assert reader.linked((growing,), "cite", "1-1") is not None
    assert reader.linked((Exchange("x"),), "cite", "1-1") is None


def test_an_answer_whose_text_is_not_what_its_sentences_are_is_shown_by_sentences() -> None:
    shown = checked(answered(replied("It cost 9."), 1, 18))
    assert shown.find_class("laid") == []
    assert len(shown.find_class("sentence")) == 1


# --- the reader


def test_the_reader_goes_round_the_sources_of_an_answer() -> None:
    text = "The quay closed. Nobody knew why. It opened in May."
    cut = passage(article(text), 0, len(text))
    whole = replied("x", citations=tuple(Citation(n, article(text), cut, n, 9) for n in (1, 2, 3)))
    for number, around in ((1, [3, 2]), (2, [1, 3]), (3, [2, 1])):
        opened = reader.cited(whole.citations, 4, number)
        assert opened is not None
        steps = checked(reader.source(*opened)).find_class("step")
        assert [step.get("href") for step in steps] == [f"#cite-4-{n}" for n in around]


@pytest.mark.parametrize(
    ("files", "button"),
    [(["quay.pdf"], 1), (["quay.JPG"], 1), (["quay.txt"], 0), (["quay.zip"], 0), ([], 0)],
)
def test_only_pages_of_pdf_files_and_pictures_can_be_shown(files: list[str], button: int) -> None:
    paged = article("First page. Second page.", pages=(0, 12))
    shown = checked(reader.source(paged, Focus("cite-1-1", 12, 24, "Source 1"), files=files))
    assert len(shown.xpath("//button[@data-page='2']")) == button


def test_an_article_that_has_gone_says_so() -> None:
    assert "No longer in the index" in reader.source(article("Words."), files=[])
    assert "No longer in the index" not in reader.source(article("Words."), files=["quay.txt"])
    assert "not there any more" in checked(reader.gone()).text_content()


# --- filters


def test_the_line_of_the_filters_counts_what_passes() -> None:
    assert squeezed(checked(notices.limits(Scope(18, 18))).text_content()) == (
        "All 18 articles pass."
    )
    some = Scope(3, 18, "outlet X or Y", "There is no outlet “Y”.")
    assert squeezed(checked(notices.limits(some)).text_content()) == (
        "3 of 18 articles pass. There is no outlet “Y”."
    )
    assert "No articles yet." in notices.limits(Scope(0, 0))


@given(HOSTILE)
def test_what_is_wrong_with_the_filters_stays_text(text: str) -> None:
    tree = checked(notices.limits(Scope(0, 18, "outlet X", text)))
    assert squeezed(tree.text_content()) == squeezed(text)
    assert tree.find_class("trouble")


def test_an_answer_says_which_articles_it_is_from() -> None:
    limited = Scope(3, 18, "published until 1 June 2015")
    shown = answered(replied("Yes.", scope=limited), 1, 3)
    assert "Answered from 3 of 18 articles: published until 1 June 2015." in shown
    assert "searched 3 of 18 articles" in shown
    free = answered(replied("Yes.", scope=Scope(18, 18)), 1, 18)
    assert "Answered from" not in free
    assert "searched 18 articles" in free


def test_without_articles_an_answer_says_how_to_get_some() -> None:
    empty = replied("No.", status="not_in_articles", hits=(), citations=(), sentences=())
    tree = checked(answered(empty, 1, 0))
    (teaching,) = tree.find_class("teaching")
    assert [button.get("data-go") for button in teaching.iter("button")] == ["add"]
    assert tree.find_class("verdict")[0].text_content() == "No articles yet"


def test_filters_that_leave_nothing_are_not_taken_for_missing_answers() -> None:
    none = Scope(0, 18, "outlet X", "No article passes the filters: outlet X.")
    given_ = replied("No.", status="not_in_articles", hits=(), citations=(), scope=none)
    shown = checked(answered(given_, 1, 0)).text_content()
    assert "Nothing to search" in shown
    assert "Not in the articles" not in shown
