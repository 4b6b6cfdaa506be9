"""Several articles in one saved page or document, with nothing between them but their heads."""

from collections.abc import Callable
from datetime import date

import pytest

from rag.articles.files import read_data
from rag.schema import Article

FERRY = (
    "The council of Kolvik voted on Monday to close the old ferry line across the sound, which"
    " has carried fewer passengers each year since the bridge was opened.",
    "“We could not go on paying for empty boats,” said Nora Lind, the mayor, after the vote.",
)
COD = (
    "Fishermen in Brenna say that cod has come back to the northern banks for the first time in"
    " a decade, and that the quota should follow it.",
    "The ministry answered that it would wait for the survey of the institute in the autumn.",
)
FACTS = [
    ("Ferry line to close", "Jane Roe", "Ostpost", date(2024, 5, 6)),
    ("Cod returns to the banks", "John Doe", "The Northern Herald", date(2024, 5, 7)),
]


def articles(content: str | bytes, suffix: str) -> list[Article]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_data(data, suffix, f"a{suffix}").articles)


def check(found: list[Article]) -> None:
    assert [article.path.partition("#")[2] for article in found] == ["1", "2"]
    assert [(a.title, a.author, a.outlet, a.published) for a in found] == FACTS
    for article, own, other in zip(found, (FERRY, COD), (COD, FERRY), strict=True):
        assert all(text in article.text for text in own)
        assert not any(text in article.text for text in other)


def factiva(title: str, by: str, day: str, outlet: str, texts: tuple[str, ...], end: str) -> str:
    paragraphs = "".join(f'<p class="articleParagraph enarticleParagraph">{t}</p>' for t in texts)
    return (
        f'<div class="article enArticle"><div id="hd"><span class="enHeadline">{title}</span></div>'
        f'<div class="author">{by}</div><div>312 words</div><div>{day}</div><div>{outlet}</div>'
        f"<div>OSTP</div><div>English</div><div>Copyright 2024 {outlet}.</div>{paragraphs}{end}"
        "</div>"
    )


def coded(title: str, by: str, day: str, outlet: str, texts: tuple[str, ...]) -> str:
    rows = [("HD", title), ("BY", by), ("WC", "312 words"), ("PD", day), ("SN", outlet)]
    rows += [("LP", f"<p>{texts[0]}</p>"), ("TD", f"<p>{texts[1]}</p><p>{texts[1]}</p>")]
    rows += [("AN", "Document OSTP000020240506ek5600001")]
    cells = "".join(f"<tr><td><b>{code}</b></td><td>{value}</td></tr>" for code, value in rows)
    return f'<div class="article enArticle"><table>{cells}</table></div>'


def nexis(n: int, title: str, by: str, day: str, outlet: str, texts: tuple[str, ...]) -> str:
    head = (f"{n} of 2 DOCUMENTS", outlet, day, title, f"BYLINE: {by}", "LENGTH: 312 words")
    foot = ("LOAD-DATE: May 8, 2024", "LANGUAGE: ENGLISH", f"Copyright 2024 {outlet}")
    return "".join(f"<div class=c0><p class=c1>{t}</p></div>" for t in (*head, *texts, *foot))


def proquest(title: str, by: str, day: str, outlet: str, texts: tuple[str, ...]) -> str:
    fields = (
        f"<p><b>Author:</b> {by}</p><p><b>Publication info:</b> {outlet} ; Kolvik {day}: A.4.</p>"
    )
    foot = f"<p><b>Title:</b> {title}</p><p><b>Publication title:</b> {outlet}; Kolvik</p>"
    foot += f"<p><b>Publication date:</b> {day}</p><p><b>ProQuest document ID:</b> 123</p>"
    body = "".join(f"<p>{text}</p>" for text in texts)
    return f"<p>{'_' * 40}</p><h2>{title}</h2>{fields}<p><b>Full text:</b></p>{body}{foot}"


ENDS = ("<p>Document OSTP000020240506ek5600001</p>", "<p>Document NHER000020240507ek570000a</p>")
FIRST = ("Ferry line to close", "Jane Roe", "6 May 2024", "Ostpost", FERRY)
SECOND = ("Cod returns to the banks", "John Doe", "7 May 2024", "The Northern Herald", COD)
PAGES = {
    "factiva": factiva(*FIRST, ENDS[0]) + factiva(*SECOND, ENDS[1]),
    "factiva without its last lines": factiva(*FIRST, "") + factiva(*SECOND, ""),
    "factiva with codes": coded(*FIRST) + coded(*SECOND),
    "nexis": nexis(1, *FIRST) + nexis(2, *SECOND),
    "proquest": proquest(*FIRST) + proquest(*SECOND),
    "articles": "".join(
        f"<article><h2>{title}</h2><p class=byline>By {by}</p><time>{day}</time>"
        f"<p>{texts[0]}</p><p>{texts[1]}</p></article>"
        for title, by, day, _, texts in (FIRST, SECOND)
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_saved_page_of_several_articles(name: str) -> None:
    found = articles(f"<html><head><title>Saved</title></head><body>{PAGES[name]}</body>", ".html")
    for article in found:
        assert "Document" not in article.text
        assert "312 words" not in article.text
    if name == "articles":
        assert [(a.title, a.author, a.published) for a in found] == [
            (title, author, day) for title, author, _, day in FACTS
        ]
        assert COD[0] not in found[0].text
    else:
        check(found)


def test_paragraphs_of_a_coded_field_stay_apart() -> None:
    found = articles(f"<html><body>{PAGES['factiva with codes']}</body>", ".html")
    assert f"{FERRY[1]}\n\n{FERRY[1]}" in found[0].text


def test_a_page_of_europresse() -> None:
    page = "".join(
        f'<article><header><div><span class="DocPublicationName">{outlet}</span></div>'
        f'<div><span class="DocHeader">{head}</span></div><div class="titreArticle">'
        f'<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}</p></div>'
        f'<p class="sm-margin-bottomNews">{by}</p></header><section><div class="DocText clearfix">'
        f'<div class="docOcurrContainer"><p>{text}</p></div></div></section>'
        f"<footer>© 2024 {outlet}. Tous droits réservés.</footer></article>"
        for outlet, head, title, by, text in [
            ("Le Courrier du Nord, no. 24681", "Politique, lundi 6 mai 2024 312 mots, p. 8",
             "Le bac fermera en juin", "Jeanne Roux", "Le conseil a décidé de fermer le bac."),
            ("L'Écho de Brenna (site web)", "mardi 7 mai 2024 - 06:00 UTC +0200 98 mots",
             "La morue revient", "", "Les pêcheurs affirment que la morue est revenue."),
        ]
    )  # fmt: skip
    found = articles(f"<html lang=fr><body>{page}</body></html>", ".html")
    assert [(a.path, a.title, a.author, a.outlet, a.published) for a in found] == [
        ("a.html#1", "Le bac fermera en juin", "Jeanne Roux", "Le Courrier du Nord",
         date(2024, 5, 6)),
        ("a.html#2", "La morue revient", None, "L'Écho de Brenna", date(2024, 5, 7)),
    ]  # fmt: skip
    assert found[1].text == "La morue revient\n\nLes pêcheurs affirment que la morue est revenue."


def test_teasers_beside_an_article_are_no_articles() -> None:
    teasers = "".join(
        f"<article><h3><a href=/x>{title}</a></h3><p class=byline>By {by}</p><p>{COD[0]}</p>"
        "</article>"
        for title, by in (("Cod returns", "John Doe"), ("Snow in May", "Ann Poe"))
    )
    text = "".join(f"<p>{text}</p>" for text in (*FERRY, *FERRY, *FERRY))
    page = f"<article><h1>Ferry line to close</h1><p class=byline>By Jane Roe</p>{text}</article>"
    (found,) = articles(f"<html><body><main>{page}{teasers}</main></body></html>", ".html")
    assert (found.title, found.author) == ("Ferry line to close", "Jane Roe")
    assert "John Doe" not in found.text


# --- clippings that their heads part


def head(title: str, by: str, day: str, outlet: str, layout: str) -> list[str]:
    lines = {
        "byline first": [title, f"By {by}", f"{outlet}, {day}"],
        "outlet first": [title, f"{outlet}, {day}", by],
        "above": [f"{outlet}, {day}", title, f"By {by}"],
        "fields": [title, f"Source: {outlet}", f"Date: {day}", f"Author: {by}"],
    }
    return lines[layout]


LAYOUTS = ["byline first", "outlet first", "above", "fields"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n", "\n\f\n"])
def test_clippings_in_a_text(layout: str, gap: str) -> None:
    texts = [
        "\n".join(head(*facts, layout)) + "\n\n" + "\n\n".join(paragraphs)
        for *facts, paragraphs in (FIRST, SECOND)
    ]
    check(articles(gap.join(texts), ".txt"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_clippings_in_a_document(layout: str, word: Callable[..., bytes]) -> None:
    lines = [*head(*FIRST[:4], layout), *FERRY, *head(*SECOND[:4], layout), *COD]
    styles = {FIRST[0]: "Heading 1", SECOND[0]: "Heading 1"}
    check(articles(word([(styles.get(text, "Normal"), text) for text in lines]), ".docx"))


def test_clippings_below_the_name_of_the_collection() -> None:
    lines = ["Press cuttings, May 2024", *head(*FIRST[:4], "byline first"), *FERRY]
    check(articles("\n\n".join([*lines, *head(*SECOND[:4], "byline first"), *COD]), ".txt"))


@pytest.mark.parametrize("heading", ["The beginning", "6 May 2024", "Town hall, 6 May 2024"])
def test_sections_are_no_clippings(heading: str) -> None:
    lines = ["The story of the ferry", "By Jane Roe", *FERRY, "How it ended", heading, *COD]
    (found,) = articles("\n\n".join(lines), ".txt")
    assert (found.title, found.author) == ("The story of the ferry", "Jane Roe")


def test_short_clippings_whose_heads_say_who_and_when() -> None:
    bodies = (
        "The old ferry was sold on Friday for a single crown.",
        "The cod came back in May, the harbour office said.",
    )
    text = "\n\n".join(
        f"{title}\n\nBy {author}\n\n{day:%d %B %Y}\n\n{body}"
        for (title, author, _, day), body in zip(FACTS, bodies, strict=True)
    )
    found = articles(text, ".txt")
    assert [(a.title, a.author, a.published) for a in found] == [
        (title, author, day) for title, author, _, day in FACTS
    ]


def test_an_article_that_stands_in_noscript_once_more_is_one() -> None:
    body = "".join(f"<p>{text}</p>" for text in FERRY)
    story = f"<article><h1>Ferry line’s end</h1><p>By Jane Roe</p>{body}</article>"
    plain = story.replace("’", "'").replace("“", '"').replace("”", '"')
    (found,) = articles(f"<html><body>{story}<noscript>{plain}</noscript></body></html>", ".html")
    assert found.text.count("empty boats") == 1
