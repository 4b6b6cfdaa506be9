"""Newsletters: their stories, each with its own byline, and nothing around them."""

import pytest

from rag.articles.files import read_data
from rag.schema import Article

FERRY = "The council of Kolvik voted on Monday to close the old ferry line across the sound."
COD = "Fishermen in Brenna say that cod has come back to the northern banks after ten years."
SNOW = "Snow fell on the hills above the town this week, as it has not done since the year 1981."
PAGE = f"""<html><head><title>The Kolvik Letter</title></head><body><table>
<tr><td><a href="#">{{view}}</a></td></tr>
<tr><td><h2><a href="#">Ferry</a></h2><p>By Jane Roe</p><p>{FERRY}</p><a href="#">{{more}}</a></td>
</tr><tr><td><h2><a href="#">Cod is back</a></h2><p>By John Doe</p><p>{COD}</p>
<a href="#">{{more}}</a></td></tr>
<tr><td><table><tr><td><b>Snow in May</b></td></tr><tr><td>{SNOW}</td></tr></table></td></tr>
<tr><td><p>{{why}}</p><p>The Kolvik Letter, 12 Harbour Street, 5001 Kolvik</p>
<p><a href="#">{{leave}}</a></p></td></tr></table></body></html>"""
WORDS = [
    ("View this email in your browser", "Read more →",
     "You are receiving this because you signed up.", "Unsubscribe | Update your preferences"),
    ("Im Browser ansehen", "Weiterlesen »",
     "Sie erhalten diese E-Mail, weil Sie sich angemeldet haben.", "Newsletter abbestellen"),
    ("Voir dans votre navigateur", "Lire la suite",
     "Vous recevez ce courriel parce que vous êtes inscrit.", "Se désabonner"),
]  # fmt: skip
MAIL = (
    "From: The Kolvik Letter <news@kolvik.example>\nSubject: The Kolvik Letter\n"
    "List-Unsubscribe: <https://x.example/u>\nDate: Mon, 06 May 2024 08:00:00 +0000\n"
    "Content-Type: text/html; charset=utf-8\n\n"
)


@pytest.mark.parametrize("words", WORDS, ids=["english", "german", "french"])
@pytest.mark.parametrize("suffix", [".html", ".eml"])
def test_a_newsletter(words: tuple[str, str, str, str], suffix: str) -> None:
    page = PAGE.format(**dict(zip(("view", "more", "why", "leave"), words, strict=True)))
    (found,) = read_data(
        f"{MAIL if suffix == '.eml' else ''}{page}".encode(), suffix, f"a{suffix}"
    ).articles
    assert found.author is None
    assert [part.author for part in found.parts] == [None, "Jane Roe", "John Doe", None]
    assert found.text.split("\n\n") == [
        *("The Kolvik Letter", "Ferry", "By Jane Roe", FERRY),
        *("Cod is back", "By John Doe", COD, "Snow in May", SNOW),
    ]


def owner(article: Article, words: str) -> str | None:
    at = article.text.index(words)
    return next(part.author for part in article.parts if part.start <= at < part.end)


def test_the_one_byline_is_not_everybodys() -> None:
    page = PAGE.format(view=WORDS[0][0], more=WORDS[0][1], why=WORDS[0][2], leave=WORDS[0][3])
    page = page.replace("<p>By John Doe</p>", "")
    (found,) = read_data(page.encode(), ".html", "a.html").articles
    assert (found.author, owner(found, FERRY), owner(found, COD)) == (None, "Jane Roe", None)


def test_a_mail_saved_as_a_page_keeps_its_lists_and_loses_its_foot() -> None:
    page = (
        "<html><head><title>Roundup</title></head><body><table><tr><td><h1>Roundup</h1>"
        f"<ul><li><b>Kolvik:</b> {FERRY}</li><li><b>Brenna:</b> {COD}</li></ul></td></tr><tr><td>"
        "<p>You get this because you asked for it. <a href='#'>Unsubscribe from this list</a></p>"
        "</td></tr></table></body></html>"
    )
    (found,) = read_data(page.encode(), ".html", "a.html").articles
    assert found.text == f"Roundup\n\nKolvik: {FERRY}\n\nBrenna: {COD}"


def test_a_plain_newsletter_with_headings_over_rules() -> None:
    body = (
        "THE LETTER\nView this email in your browser: https://x.example/v\n\n"
        f"** Ferry\n{'-' * 20}\n{FERRY}\n\n** Cod is back\n{'-' * 20}\n{COD}\n\n"
        "Like | Comment | Restack\n"
    )
    mail = MAIL.replace("text/html", "text/plain") + body
    (found,) = read_data(mail.encode(), ".eml", "a.eml").articles
    assert found.text == f"The Kolvik Letter\n\nTHE LETTER\n\nFerry\n{FERRY}\n\nCod is back\n{COD}"
