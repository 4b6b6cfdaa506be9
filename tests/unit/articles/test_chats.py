"""Chats: who wrote what, whom they quote, and what nobody wrote."""

import pytest

from rag.articles.files import read_data
from rag.schema import Article
from rag.speakers.attribution import quotations

MARK = "\u200e"  # WhatsApp's, before its own words


def read(text: str, name: str = "a.txt") -> Article:
    (found,) = read_data(text.encode(), name[name.index(".") :], name).articles
    return found


def said(article: Article) -> list[tuple[str | None, str]]:
    return [(part.author, article.text[part.start : part.end]) for part in article.parts]


CHATS = {
    "whatsapp": f"""[06.05.24, 09:00:00] Harbour: {MARK}Messages and calls are end-to-end encrypted.
[06.05.24, 09:00:01] Harbour: {MARK}Jane created this group
[06.05.24, 09:02:00] Jane Roe: It will close in June.
The board says so.
{MARK}[06.05.24, 09:03:00] John 🚢: {MARK}image omitted
[06.05.24, 09:04:00] +47 555 01 010: You left the door open
[06.05.24, 09:05:00] John 🚢: {MARK}You deleted this message.
""",
    "whatsapp elsewhere": """06/05/2024, 09:00 - Jane created group "Harbour"
06/05/2024, 09:02 - Jane Roe: It will close in June.
The board says so. <This message was edited>
06/05/2024, 09:03 - John 🚢: <Media omitted>
06/05/2024, 09:04 - +47 555 01 010: You left the door open
06/05/2024, 09:05 - John 🚢: You deleted this message
06/05/2024, 09:06 - Jane changed the group name from "Harbour" to "Harbour: news"
""",
    "telegram": """Jane Roe, [06.05.2024 09:02]
It will close in June.
The board says so.

John 🚢, [06.05.2024 09:03]
[ Photo ]

+47 555 01 010, [06.05.2024 09:04]
You left the door open
""",
    "signal": """From: Jane Roe (+4755501011)
Type: incoming
Sent: Mon, 6 May 2024 09:02:00 +0200

It will close in June.
The board says so.

From: +47 555 01 010
Type: incoming
Sent: Mon, 6 May 2024 09:04:00 +0200

You left the door open
""",
}


@pytest.mark.parametrize("name", CHATS)
def test_a_chat(name: str) -> None:
    assert said(read(CHATS[name])) == [
        ("Jane Roe", "Jane Roe: It will close in June.\nThe board says so."),
        ("+47 555 01 010", "+47 555 01 010: You left the door open"),
    ]


def test_an_answer_to_a_message_that_it_repeats() -> None:
    text = "[2024-05-06 09:03] Me: Are you sure?\n[2024-05-06 09:04] Jane Roe: > Are you sure?\nYes"
    assert said(read(text, "chat.md"))[1:] == [("Jane Roe", "Jane Roe: Yes")]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Jim said: “We will fight this.”", "Jim"),
        ("Nora sagte: „Das ist ein schwerer Tag.“", "Nora"),
        ("Marc a dit : « C'est un jour triste. »", "Marc"),
        ("Sie sagte: „Das ist ein schwerer Tag.“", None),
    ],
)
def test_whom_a_message_quotes(words: str, who: str | None) -> None:
    text = f"[06.05.24, 09:02:00] Jana Rot: Guten Tag.\n[06.05.24, 09:04:00] Nils Berg: {words}\n"
    speakers = [item.speaker for item in quotations(read(text))]
    assert (f"{who}, quoted by Nils Berg" in speakers) is (who is not None)
    assert set(speakers) <= {"Jana Rot", "Nils Berg", f"{who}, quoted by Nils Berg"}
