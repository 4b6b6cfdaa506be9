"""Five articles as they were scraped from the web, with everything that sticks to them."""

from datetime import date
from pathlib import Path

import pytest

from rag.articles import find_files, read_articles
from rag.schema import Article

FACTS = {
    "000": (
        "Russia and America Must Jointly Confront Islamic State",
        "David Singer", None, None, None,
    ),
    "001": ("Relations: US & Russia – Dec. 11 Update", "Lisbeth Mechter", "SouthFront", None, None),
    "002": (
        "Russia Urges U.S. to Enlist Syria’s Assad to Fight Islamic State",
        "Henry Meyer", None, date(2015, 5, 30), None,
    ),
    "003": (
        "Putin-Trump alliance against ISIS and Al-Qaeda on the way?",
        None, None, None, "opinion",
    ),
    "004": (
        "Russia, US Should Join Together to Repel Deadly Threat",
        "Andrei Akulov", None, date(2015, 9, 20), None,
    ),
}  # fmt: skip
ENDS = {
    "000": "The time for procrastinating, arguing and blaming is surely over.",
    "001": "Lisbeth Mechter",
    "002": "a status sought by Brazil, India, Germany and Japan.",
    "003": "the political will for such an agreement is finally there.",
    "004": "the time is running out while the alarm bells keep ringing!",
}
COMMENTS = {"000": 3, "001": 1, "002": 0, "003": 0, "004": 0}
FURNITURE = (
    "Support SouthFront", " $", "JUNE 2021", "Notify of", "Inline Feedbacks", "View all comments",
    "Would love your", "Senior Member", "Latest Replies", "Global Defence", "New threads",
    "solely those of the author", "What do you think?", "make bolshevism great", "Tags:", "in ,",
    "more neoconservative than Trump",
)  # fmt: skip


def read(folder: Path, number: str) -> Article:
    (file,) = (file for file in find_files(folder) if file.name.startswith(number))
    (article,) = read_articles(file, file.name)
    return article


@pytest.mark.parametrize("number", FACTS)
def test_metadata(real_articles: Path, number: str) -> None:
    a = read(real_articles, number)
    assert (a.title, a.author, a.outlet, a.published, a.label) == FACTS[number]
    assert a.text.startswith(f"{a.title}\n\n")
    assert a.text.count(f"{a.title}\n") == 1


@pytest.mark.parametrize("number", FACTS)
def test_body_and_comments(real_articles: Path, number: str) -> None:
    article = read(real_articles, number)
    body, *comments = article.parts
    assert body.kind == "body"
    assert article.text[: body.end].endswith(ENDS[number])
    assert [part.kind for part in comments] == ["comment"] * COMMENTS[number]
    assert article.text[body.end : comments[0].start if comments else None].strip() == ""


@pytest.mark.parametrize("number", FACTS)
def test_no_furniture_is_left(real_articles: Path, number: str) -> None:
    text = read(real_articles, number).text
    assert [words for words in FURNITURE if words in text] == []


@pytest.mark.parametrize("number", FACTS)
def test_no_sentence_of_the_article_is_lost(real_articles: Path, number: str) -> None:
    (file,) = real_articles.glob(f"{number}*")
    text = read(real_articles, number).text
    for line in file.read_text(encoding="utf-8").split("\n"):
        words = " ".join(line.split())
        if len(words.split()) > 20 and "solely those of the author" not in words:
            assert words in text
