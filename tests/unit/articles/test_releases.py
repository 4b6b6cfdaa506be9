"""Press releases: their headline, their day, and nobody who can be reached about them."""

from datetime import date

import pytest

from rag.articles.files import read_data
from rag.schema import Article
from rag.speakers.attribution import quotations

TEXT = """The Harbour Authority of Kolvik will close the ferry line across the sound in June.

“We are grateful to the crews,” said Nora Lind, director of the authority."""
RELEASES = {
    "letterhead": f"""Harbour Authority of Kolvik

PRESS RELEASE

FOR IMMEDIATE RELEASE

Contact: Ann Poe
Phone: +47 555 0101
ann.poe@harbour.example

Ferry line to close in June

KOLVIK, May 6, 2024 — {TEXT}

###

About the Harbour Authority of Kolvik
It runs the ports of the sound and has done so since the year 1921.
""",
    "embargo": f"""EMBARGOED UNTIL 00:01 ON 6 MAY 2024

Ferry line to close in June

{TEXT}

-ends-

Notes to editors:
1. The line was opened in 1994.

For further information please contact:
Ann Poe, Press Officer
T: +47 555 0101
""",
    "contact first": f"""FOR IMMEDIATE RELEASE: May 6, 2024
Media Contact: Ann Poe, 555-0101, ann.poe@harbour.example

Ferry line to close in June

{TEXT}

# # #
""",
    "contact in lines": f"""Press Release
Date: 6 May 2024
Contact:
Ann Poe
Communications Manager
ann.poe@harbour.example

Ferry line to close in June

{TEXT}

Contact
Ann Poe
""",
    "german": f"""Pressemitteilung

Kolvik, 6. Mai 2024

Ferry line to close in June

{TEXT}

Pressekontakt:
Ann Poe
Telefon: 0555 0101
""",
    "french": f"""COMMUNIQUÉ DE PRESSE

Kolvik, le 6 mai 2024

Ferry line to close in June

{TEXT}

Contact presse : Ann Poe – 05 55 01 01
""",
}


def read(text: str, suffix: str = ".txt") -> Article:
    (found,) = read_data(text.encode(), suffix, f"a{suffix}").articles
    return found


@pytest.mark.parametrize("name", RELEASES)
def test_a_release(name: str) -> None:
    found = read(RELEASES[name])
    assert (found.title, found.author) == ("Ferry line to close in June", None)
    assert found.published == date(2024, 5, 6)
    assert found.outlet == ("Harbour Authority of Kolvik" if name == "letterhead" else None)
    assert {it.speaker for it in quotations(found) if it.direct} == {"Nora Lind"}
    assert "RELEASE" not in found.text
    assert "Ann Poe" in found.text


def test_a_mailed_release() -> None:
    mail = (
        "From: Ann Poe <ann.poe@harbour.example>\nSubject: PRESS RELEASE: Ferry line to close in "
        "June\nDate: Mon, 06 May 2024 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    found = read(mail + RELEASES["letterhead"], ".eml")
    assert (found.title, found.author) == ("Ferry line to close in June", None)


@pytest.mark.parametrize("title", ["Embargo on Brenna's cod extended", "For release of the crew"])
def test_headlines_that_only_look_like_a_mark(title: str) -> None:
    found = read(f"{title}\n\nBy Jane Roe\n\n{TEXT}")
    assert (found.title, found.author) == (title, "Jane Roe")
