"""Files of several articles: each has its own headline, byline, outlet and date."""

from datetime import date

import pytest

from rag.articles.coverage import counted
from rag.articles.files import read_data
from rag.schema import Article

FERRY, BREWERY = (
    "The ferry strike on the Kolvik line entered its second week on Monday.",
    "The Ravn brewery in Ostby will close on 14 June, its director said.",
)
FACTS = [
    ("Ferry strike", "Mira Olsen", "Ostpost", date(2024, 5, 6)),
    ("Brewery to close", "Nils Berg", "The Sandvik Herald", date(2024, 5, 7)),
]


def articles(text: str, suffix: str = ".txt") -> list[Article]:
    return list(read_data(text.encode(), suffix, f"a{suffix}").articles)


def check(found: list[Article]) -> None:
    """Both articles whole, each with its own facts, and nothing of the file's around them."""
    assert [article.path.partition("#")[2] for article in found] == ["1", "2"]
    assert [(a.title, a.author, a.outlet, a.published) for a in found] == FACTS
    assert [article.text for article in found] == [
        f"Ferry strike\n\n{FERRY}",
        f"Brewery to close\n\n{BREWERY}",
    ]


def nexis(n: int, outlet: str, day: str, title: str, byline: str, text: str) -> str:
    return (
        f"\n                        {n} of 2 DOCUMENTS\n\n\n                  {outlet}\n\n"
        f"                  {day}\n                  Late Edition - Final\n\n{title}\n\n"
        f"BYLINE: {byline}\n\nSECTION: NEWS; A section whose name is so long that it goes on "
        f"in the\n"
        f"next line; Pg. 1\n\nLENGTH: 23 words\n\n{text}\n\nLOAD-DATE: {day}\n\nLANGUAGE: "
        f"ENGLISH\n\n"
        f"PUBLICATION-TYPE: Newspaper\n\n\n                Copyright 2024 {outlet} Ltd\n"
        "                        All Rights Reserved\n"
    )


def test_lexisnexis() -> None:
    text = "Download Request: Select Items: 1-2\nTerms: (ferry)\n\n"
    text += nexis(1, "Ostpost", "May 6, 2024 Monday", "Ferry strike", "Mira Olsen", FERRY)
    text += nexis(
        2, "The Sandvik Herald", "May 7, 2024 Tuesday", "Brewery to close", "BY NILS BERG", BREWERY
    )
    check(articles(text))


def test_lexisnexis_with_headline_and_body() -> None:
    def one(n: int, outlet: str, day: str, title: str, byline: str, text: str) -> str:
        return (
            f"              {n} of 2 DOCUMENTS\n\n        Copyright 2024 {outlet}\n"
            f"        All Rights Reserved\n        {outlet}\n\n        {day}\n\nSECTION: A; Pg. "
            f"1\n\n"
            f"LENGTH: 12 words\n\nHEADLINE: {title}\n\nBYLINE: By {byline}\n\nBODY:\n{text}\n\n"
            f"LOAD-DATE: {day}\n\n"
        )

    text = one(1, "Ostpost", "May 6, 2024 Monday", "Ferry strike", "MIRA OLSEN", FERRY)
    text += one(
        2, "The Sandvik Herald", "May 7, 2024", "Brewery to close", "NILS BERG, Editor", BREWERY
    )
    check(articles(text))


def test_nexis_uni() -> None:
    cover = "".join(
        f"{n}. {facts[0]}\nClient/Matter: -None-\nSearch Terms: ferry\nNarrowed by:\n\n"
        for n, facts in enumerate(FACTS, 1)
    )
    text = f"Date and Time: Friday, May 10, 2024 9:31:00 AM CEST\nDocuments (2)\n{cover}"
    for facts, day, body in zip(
        FACTS, ("May 6, 2024 Monday", "May 7, 2024"), (FERRY, BREWERY), strict=True
    ):
        text += (
            f"\n\n{facts[0]}\n{facts[2]}\n{day}\n\nCopyright 2024 X Ltd All Rights Reserved\n\n"
            f"Section: NEWS; Version:1\nLength: 23 words\nByline: {facts[1]}, Staff\nBody\n\n"
            f"\n{body}\n"
            "Classification\n\nLanguage: ENGLISH\nSubject: STRIKES (90%)\nLoad-Date: May 6, "
            "2024\n\n\n"
            "End of Document\n"
        )
    check(articles(text))


FACTIVA = (
    "{title}\nBy {author}\n23 words\n{day}\n05:30\n{outlet}\nKT0\n1\nEnglish\n(c) 2024 {outlet}\n\n"
    "{text}\n\nDocument KT0000020240506ek560000{n}\n\n"
)
CODED = (
    "HD  {title}\nBY  By {author}\nWC  23 words\nPD  {day}\nSN  {outlet}\nSC  KT0\nLA  English\n"
    "CY  (c) 2024 {outlet}\n\nLP  {text}\n\nCO  kolfer : Kolvik Ferries\nIN  i74 : Transport\n"
    "AN  Document KT0000020240506ek560000{n}\n\n"
)
PROQUEST = (
    "{rule}\n\nDocument {n} of 2\n\n{title}: [Final Edition]\n\nAuthor: {inverted}\n\n"
    "Publication info: {outlet} ; Kolvik [Kolvik]{day}: A1.\n\nAbstract: A strike.\n\n"
    "Full text: {text}\n\nSubject: Strikes\n\nProQuest document ID: 30000000{n}\n\n"
)


@pytest.mark.parametrize("form", [FACTIVA, CODED, PROQUEST])
def test_factiva_and_proquest(form: str) -> None:
    text = "".join(
        form.format(
            n=n, title=title, author=author, outlet=outlet, text=body, rule="_" * 60,
            day=f"{day:%d %b %Y}", inverted=", ".join(reversed(author.split())),
        )
        for n, ((title, author, outlet, day), body) in enumerate(
            zip(FACTS, (FERRY, BREWERY), strict=True), 1
        )
    )  # fmt: skip
    check(articles(text + ("_" * 60 if form is PROQUEST else "Search Summary\nText  ferry\n")))


def test_factiva_in_rich_text() -> None:
    text = "".join(
        rf"{{\b {title}}}\par {author}\par 23 words\par {day:%d %B %Y}\par {outlet}\par KT0\par "
        rf"English\par (c) 2024 {outlet}\par \par {body}\par \par "
        rf"Document KT0000020240506ek560000{n}\par \page "
        for n, ((title, author, outlet, day), body) in enumerate(
            zip(FACTS, (FERRY, BREWERY), strict=True)
        )
    )
    check(articles(rf"{{\rtf1\ansi {text}Search Summary\par}}", ".rtf"))


def test_one_article_of_a_database_is_the_file() -> None:
    text = "1 of 1 DOCUMENT\n\nOstpost\n\nMay 6, 2024 Monday\n\nFerry strike\n\nLENGTH: 3 words\n\n"
    (article,) = articles(f"{text}{FERRY}\n\nLOAD-DATE: May 6, 2024\n")
    assert (article.path, article.title, article.outlet) == ("a.txt", "Ferry strike", "Ostpost")


RULES = ["* * * * *", "----------", "==========", "~~~~"]


@pytest.mark.parametrize("rule", RULES)
def test_clippings_under_one_another(rule: str) -> None:
    first, second = (
        f"{title}\nBy {author}\n{outlet}, {day:%d %B %Y}\n\n{body}\n"
        for (title, author, outlet, day), body in zip(FACTS, (FERRY, BREWERY), strict=True)
    )
    found = articles(f"{first}\n{rule}\n\n{second}")
    assert [(a.title, a.author, a.published) for a in found] == [
        (title, author, day) for title, author, _, day in FACTS
    ]
    assert BREWERY not in found[0].text


def test_clippings_with_their_source_below() -> None:
    text = "\n\n* * *\n\n".join(
        f"{title}\n\n{body}\n\n({outlet}, {day:%d %B %Y})"
        for (title, _, outlet, day), body in zip(FACTS, (FERRY, BREWERY), strict=True)
    )
    assert [(a.title, a.outlet, a.published) for a in articles(text)] == [
        (title, outlet, day) for title, _, outlet, day in FACTS
    ]


def test_what_a_database_prints_around_an_article_is_not_missed() -> None:
    held = ["Ferry strike", FERRY, "Load-Date: May 6, 2024; and a long list of subjects" * 4]
    (article,) = articles(f"Ferry strike\n\n{FERRY}\n")
    assert counted([article], "a.txt", held).partly
    assert not counted([article], "a.txt", [*held, "End of Document"]).partly


def test_clippings_that_each_name_their_fields() -> None:
    text = "".join(
        f"Title: {title}\nAuthor: {author}\nDate: {day}\nSource: {outlet}\n\n{body}\n\n"
        for (title, author, outlet, day), body in zip(FACTS, (FERRY, BREWERY), strict=True)
    )
    assert [(a.title, a.author, a.outlet, a.published) for a in articles(text)] == FACTS


@pytest.mark.parametrize(
    "below",
    [
        f"The choir\n\n{BREWERY} It was said on 2 February 2019 at night.",
        f"{BREWERY}\n\nBy Tuesday it was over.",
        "About the author\nBy day Mira Olsen is a nurse.\n\nShe has written of ponds for ten "
        "years.",
    ],
)
@pytest.mark.parametrize("rule", RULES)
def test_an_article_with_a_rule_stays_one(below: str, rule: str) -> None:
    (article,) = articles(
        f"Ferry strike\nBy Mira Olsen\n6 May 2024\n\n{FERRY}\n\n{rule}\n\n{below}"
    )
    assert article.path == "a.txt"
    assert below.split("\n")[-1] in article.text


def test_words_that_only_look_like_a_databases() -> None:
    text = f"1 of 3 documents is missing\n\nBy Jane Doe\n\n{FERRY}\n\nLENGTH: It is 3 km long.\n"
    (article,) = articles(text)
    assert article.author == "Jane Doe"
    assert "LENGTH: It is 3 km long." in article.text
