"""Mails that quote or hold other mails: each word belongs to who wrote it."""

import mailbox
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from documents import make_mail, make_msg

from rag.articles.files import read_data
from rag.articles.reading import Reading
from rag.schema import Article
from rag.speakers.attribution import speaker

HEADERS = (
    "From: Tove Brandt <tove@harbour.example>\nDate: Thu, 09 May 2024 12:00:00 +0200\n"
    "Subject: Re: Terminal\n"
)
FORWARD = HEADERS.replace("Re:", "Fwd:")
OWN, QUOTED = "No, we have not signed any contract.", "Have you signed the contract?"
Facts = tuple[str | None, date | None]


def mails(text: str, headers: str = HEADERS, *, subtype: str = "plain") -> list[Article]:
    return list(read_data(make_mail(text, headers, subtype=subtype), ".eml", "a.eml").articles)


def who(articles: list[Article], words: str) -> str | None:
    """Whose words the page says that they are."""
    for article in articles:
        if (start := article.text.find(words)) >= 0:
            return speaker(article, start, start + len(words)) or article.author
    raise AssertionError(f"“{words}” is not read")


def of(articles: list[Article], words: str) -> Facts:
    """Author and date of the article that holds `words`."""
    (article,) = (article for article in articles if words in article.text)
    return article.author, article.published


ATTRIBUTIONS = [
    ("On Wed, May 8, 2024 at 10:00 AM Mira Olsen <mira@ostpost.example> wrote:", True),
    ("On Wed, May 8, 2024 at 10:00 AM Mira Olsen\n<mira@ostpost.example> wrote:", True),
    ("On 8 May 2024, at 10:00, Mira Olsen wrote:", True),
    ("On Wednesday, May 8th, 2024 at 10:00, Mira Olsen <mira@ostpost.example> wrote:", True),
    ("On Wed, May 08, 2024 at 10:00:00AM +0200, Olsen, Mira wrote:", True),
    ("On 05/08/2024 10:00, Mira Olsen wrote:", False),
    ("Mira Olsen <mira@ostpost.example> wrote:", False),
    ("Am 08.05.24 um 10:00 schrieb Mira Olsen:", True),
    ("Am Mi., 8. Mai 2024 um 10:00 Uhr schrieb Mira Olsen <mira@ostpost.example>:", True),
    ("Mira Olsen <mira@ostpost.example> schrieb am Mi., 8. Mai 2024, 10:00:", True),
    ("Le mer. 8 mai 2024 à 10:00, Mira Olsen <mira@ostpost.example> a écrit :", True),
    ("Le 08/05/2024 à 10:00, Mira Olsen a écrit :", True),
    ("El mié, 8 may 2024 a las 10:00, Mira Olsen (<mira@ostpost.example>) escribió:", True),
    ("Il giorno mer 8 mag 2024 alle ore 10:00 Mira Olsen <m@x.example> ha scritto:", True),
    ("Op wo 8 mei 2024 om 10:00 schreef Mira Olsen <mira@ostpost.example>:", True),
    ("Em qua., 8 de mai. de 2024 às 10:00, Mira Olsen <m@x.example> escreveu:", True),
    ("Den ons. 8. maj 2024 kl. 10.00 skrev Mira Olsen <mira@ostpost.example>:", True),
    ('08.05.2024, 10:00, "Mira Olsen" <mira@ostpost.example>:', True),
    ("---- On Wed, 08 May 2024 10:00:00 +0200 Mira Olsen <m@x.example> wrote ----", True),
    ("W dniu 2024-05-08 10:00:39 użytkownik Mira Olsen <m@x.example> napisał:", True),
    ("2024-05-08 10:00 GMT+02:00 Mira Olsen <mira@ostpost.example>:", True),
]


@pytest.mark.parametrize(("line", "is_dated"), ATTRIBUTIONS)
def test_the_line_above_a_quoted_mail(line: str, is_dated: bool) -> None:
    found = mails(f"{OWN}\n\n{line}\n\n> {QUOTED}\n")
    assert of(found, OWN) == ("Tove Brandt", date(2024, 5, 9))
    assert of(found, QUOTED) == ("Mira Olsen", date(2024, 5, 8) if is_dated else None)
    assert [article.path for article in found] == ["a.eml#1", "a.eml#2"]
    assert not any("Mira" in article.text for article in found)


FIELDS = [
    "From: Mira Olsen <mira@ostpost.example>\nSent: Wednesday, May 8, 2024 10:00 AM\n"
    "To: Tove Brandt; Nils Berg\nSubject: RE: Terminal",
    "Von: Mira Olsen [mailto:mira@ostpost.example]\nGesendet: Mittwoch, 8. Mai 2024 10:00\n"
    "An: Tove Brandt\nBetreff: Terminal",
    "De : Mira Olsen <mira@ostpost.example>\nEnvoyé : mercredi 8 mai 2024 10:00\n"
    "À : Tove Brandt\nObjet : Terminal",
    "De: Mira Olsen\nEnviado el: miércoles, 8 de mayo de 2024 10:00\nPara: t@x.example\n"
    "Asunto: Terminal",
    "Da: Mira Olsen\nInviato: mercoledì 8 maggio 2024 10:00\nA: t@x.example\nOggetto: Terminal",
    "Van: Mira Olsen\nVerzonden: woensdag 8 mei 2024 10:00\nAan: t@x.example\nOnderwerp: Terminal",
    "De: Mira Olsen\nEnviado: quarta-feira, 8 de maio de 2024 10:00\nPara: t@x.example\n"
    "Assunto: Terminal",
    "*From:* Mira Olsen <mira@ostpost.example>\n*Date:* 8 May 2024\n*To:* t@x.example\n"
    "*Subject:* Terminal",
]


@pytest.mark.parametrize("fields", FIELDS)
@pytest.mark.parametrize("above", ["", "-----Original Message-----\n", f"{'_' * 32}\n"])
def test_the_fields_above_a_quoted_mail(fields: str, above: str) -> None:
    found = mails(f"{OWN}\n\n{above}{fields}\n\n{QUOTED}\n")
    assert of(found, OWN) == ("Tove Brandt", date(2024, 5, 9))
    assert of(found, QUOTED) == ("Mira Olsen", date(2024, 5, 8))
    assert [article.title for article in found] == ["Terminal", "Terminal"]
    assert "Mira" not in "".join(article.text for article in found)


HTML = [
    '<div>{own}</div><div class="gmail_quote"><div class="gmail_attr">On Wed, May 8, 2024 at '
    '10:00 AM Mira Olsen &lt;<a href="x">mira@x.example</a>&gt; wrote:<br></div><blockquote '
    'class="gmail_quote"><p>{quoted}</p></blockquote></div>',
    '<p>{own}</p><div class="moz-cite-prefix">Am 08.05.24 um 10:00 schrieb Mira Olsen:<br></div>'
    '<blockquote type="cite" cite="mid:1@x"><p>{quoted}</p></blockquote>',
    "<p>{own}</p><div style='border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Mira Olsen &lt;m@x&gt;"
    "<br><b>Sent:</b> Wednesday, May 8, 2024 10:00 AM<br><b>To:</b> "
    "Tove<br><b>Subject:</b> Terminal"
    "</p></div><p>{quoted}</p>",
    '<div>{own}</div><hr><div id="divRplyFwdMsg"><b>Von:</b> Mira Olsen &lt;m@x.example&gt;<br>'
    "<b>Gesendet:</b> Mittwoch, 8. Mai 2024 10:00<br><b>An:</b> Tove<br><b>Betreff:</b> Terminal"
    "</div><div>{quoted}</div>",
    '<div>{own}</div><div class="yahoo_quoted"><div>On Wednesday, May 8, 2024 at 10:00:00 AM GMT+2,'
    " Mira Olsen &lt;m@x.example&gt; wrote: </div><div><div>{quoted}</div></div></div>",
    '<div>{own}</div><blockquote type="cite"><div>On 8 May 2024, at 10:00, Mira Olsen '
    "&lt;m@x.example"
    "&gt; wrote:</div><br><div>{quoted}</div></blockquote>",
    "<div>{own}</div><div>Mira Olsen &lt;m@x.example&gt; schrieb am Mi., 8. Mai 2024, 10:00:</div>"
    "<blockquote><div>{quoted}</div></blockquote>",
]


@pytest.mark.parametrize("page", HTML)
def test_quoted_mails_in_html(page: str) -> None:
    found = mails(page.format(own=OWN, quoted=QUOTED), subtype="html")
    assert of(found, OWN) == ("Tove Brandt", date(2024, 5, 9))
    assert of(found, QUOTED) == ("Mira Olsen", date(2024, 5, 8))


def test_a_mail_answered_piece_by_piece_stays_in_its_answer() -> None:
    text = (
        f"See below.\n\nOn 8 May 2024, at 10:00, Mira Olsen wrote:\n\n> {QUOTED}\n\n{OWN}\n\n"
        "> Will you resign?\n\nI will not resign.\n\n-- \nTove Brandt\n+47 55 00 00\n"
    )
    (article,) = mails(text)
    assert (article.path, article.author) == ("a.eml", "Tove Brandt")
    assert [part.author for part in article.parts] == [
        None, "Mira Olsen", None, "Mira Olsen", None,
    ]  # fmt: skip
    assert "+47" not in article.text
    assert who([article], "Will you resign?") == "Mira Olsen"
    assert who([article], "I will not resign.") == "Tove Brandt"


def test_nobody_knows_whose_the_quoted_words_are() -> None:
    assert who(mails(f"> {QUOTED}\n\n{OWN}\n"), QUOTED) == "quoted mail"


def test_mails_within_mails() -> None:
    text = (
        f"{OWN}\n\nOn 8 May 2024, at 10:00, Mira Olsen wrote:\n\n> {QUOTED}\n>\n"
        "> Am 07.05.2024 um 09:12 schrieb Arne Falk <arne@x.example>:\n>\n>> It was signed.\n"
    )
    assert of(mails(text), "It was signed.") == ("Arne Falk", date(2024, 5, 7))
    assert of(mails(text), QUOTED) == ("Mira Olsen", date(2024, 5, 8))


def test_a_mail_that_quotes_nothing_but_another() -> None:
    text = (
        "Yes.\n\nOn 8 May 2024, at 10:00, Mira Olsen <m@x.example> wrote:\n\n"
        ">> On 7 May 2024, at 9:00, Arne Falk <a@x.example> wrote:\n>>\n>>> It was signed.\n>>\n"
        "> Is that so?\n"
    )
    assert who(mails(text), "It was signed.") == "Arne Falk"
    assert who(mails(text), "Is that so?") == "Mira Olsen"


def test_a_thread_without_an_end() -> None:
    text = "From: Mira Olsen\nTo: t@x.example\nSubject: Terminal\n\nAnd so on.\n\n" * 500
    assert len(mails(f"Yes.\n\n{text}")) == 501


def test_a_quoted_line_that_a_program_broke_without_a_mark() -> None:
    line = "> Did you promise in the campaign, as the paper of Tuesday said that you had"
    text = f"Never.\n\nOn 8 May 2024, at 10:00, Mira Olsen wrote:\n{line}\ndone then?\n> Well?\n"
    assert "done then?" in mails(text)[1].text


def test_articles_that_a_database_mailed() -> None:
    record = (
        "{title}\n\nAuthor: {author}\n\nPublication info: Ostpost ; Kolvik [Kolvik]06 May "
        "2024: 1.\n"
        "\nFull text: {title} it is, as the paper wrote at some length.\n\n"
        "ProQuest document ID: 30\n\nDatabase: ProQuest Central\n\n"
    )
    text = record.format(title="Ferry strike", author="Olsen, Mira")
    text += record.format(title="Brewery to close", author="Berg, Nils")
    found = mails(text, "From: noreply@proquest.com\nSubject: Your ProQuest Research")
    assert [(a.title, a.author, a.outlet) for a in found] == [
        ("Ferry strike", "Mira Olsen", "Ostpost"),
        ("Brewery to close", "Nils Berg", "Ostpost"),
    ]
    assert found[0].published == date(2024, 5, 6)


def test_who_forwards_a_mail_has_written_the_words_above_it_alone() -> None:
    text = (
        "Worth reading\n\n---------- Forwarded message ---------\n"
        "From: Jane Doe from The Gazette <jane@gazette.example>\n"
        "Date: Wed, May 8, 2024 at 10:00 AM\nSubject: Ferry sails\nTo: <me@x.example>\n\n"
        f"{QUOTED}\n"
    )
    cover, inner = mails(text, FORWARD)
    assert (cover.author, cover.published) == ("Tove Brandt", date(2024, 5, 9))
    assert cover.text == "Fwd: Terminal\n\nWorth reading"
    assert (inner.author, inner.outlet) == ("Jane Doe", "The Gazette")
    assert (inner.title, inner.published) == ("Ferry sails", date(2024, 5, 8))
    (bare,) = mails(text.removeprefix("Worth reading\n\n"), FORWARD)
    assert (bare.path, bare.author) == ("a.eml", "Jane Doe")


@pytest.mark.parametrize(
    "text",
    [
        'On Monday the minister wrote:\n\n"We will not close the port."\n\nNobody had asked.\n',
        "The route:\n\nFrom: the town hall\nTo: the harbour\n\nIt starts at noon.\n",
        "Two things follow.\n\n--\n" + "\n\n".join(f"{n}. A thing to do." for n in range(20)),
    ],
)
def test_words_that_only_look_like_a_quoted_mail(text: str) -> None:
    (article,) = mails(text, HEADERS.replace("Re: ", ""))
    assert [part.author for part in article.parts] == [None]
    assert text.split()[-1] in article.text


def test_a_quotation_in_a_newsletter_is_its_writers() -> None:
    page = (
        f"<p>The mayor spoke on Friday.</p><blockquote><p>{OWN}</p></blockquote><p>So he said.</p>"
    )
    (article,) = mails(page, "From: The Gazette <n@gazette.example>\nSubject: x", subtype="html")
    assert [part.author for part in article.parts] == [None]


def test_disclaimers_and_devices_are_nobodys_words() -> None:
    text = (
        f"{OWN}\n\nSent from my iPhone\n\nThis e-mail and any attachments are confidential and "
        "intended solely for the addressee.\n"
    )
    (article,) = mails(text)
    assert article.text == f"Terminal\n\n{OWN}"


def test_lines_that_a_mail_program_broke() -> None:
    whole = "Did you promise in the campaign, as the paper of Tuesday said that you had done?"
    broken = "> Did you promise in the campaign, as the paper of Tuesday said that you\n> had done?"
    text = f"{OWN}\n\nOn 8 May 2024, at 10:00, Mira Olsen wrote:\n{broken}\n"
    assert whole in mails(text)[1].text
    flowed = make_mail("", HEADERS).replace(b"charset=utf-8", b"charset=utf-8; format=flowed")
    body = f"{OWN} It \nis so.\n> Quoted \n> words.\n".encode()
    (article, *_) = read_data(flowed + body, ".eml", "a.eml").articles
    assert f"{OWN} It is so." in article.text


def test_several_stories_in_one_mail() -> None:
    page = (
        "<h2>Ferry strike</h2><p>By Mira Olsen</p><p>The union said that 310 crew members "
        "had walked "
        "out of the ferries.</p><h2>Brewery to close</h2><p>By Nils Berg</p><p>The brewery "
        "will close "
        "on 14 June with the loss of 240 jobs.</p>"
    )
    found = mails(page, "From: Morning Digest <d@x.example>\nSubject: Digest", subtype="html")
    assert who(found, "The brewery will close on 14 June") == "Nils Berg"
    assert who(found, "The union said that 310 crew") == "Mira Olsen"
    assert found[0].author is None


# --- what is attached


def attach(message: EmailMessage, name: str, kind: str, data: bytes) -> None:
    main, _, sub = kind.partition("/")
    message.add_attachment(data, maintype=main, subtype=sub, filename=name)


@pytest.fixture
def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "Jo Lind <jo@x.example>", "Papers"
    message["Date"] = "Wed, 08 May 2024 10:00:00 +0200"
    message.set_content("The council minutes are embargoed until 20 May.\n")
    return message


def whole(message: EmailMessage) -> Reading:
    return read_data(message.as_bytes(), ".eml", "a.eml")


def test_attachments_are_files(letter: EmailMessage, word: Callable[..., bytes]) -> None:
    attach(
        letter, "plan.docx", "application/octet-stream", word([("Normal", "The bridge closed.")])
    )
    attach(letter, "notes.txt", "text/plain", b"The dam was inspected on Friday.")
    attach(letter, "opening.ics", "text/calendar", b"BEGIN:VCALENDAR")
    attach(letter, "card.vcf", "text/vcard", b"BEGIN:VCARD")
    attach(letter, "logo.png", "image/png", b"\x89PNG" * 20)
    attach(letter, "plan.dwg", "application/acad", b"AC1015" * 20)
    reading = whole(letter)
    assert [a.path for a in reading.articles] == ["a.eml", "a.eml/plan.docx", "a.eml/notes.txt"]
    assert [a.author for a in reading.articles] == ["Jo Lind", None, None]
    assert [item.file for item in reading.failed] == ["a.eml/plan.dwg"]


def test_mails_attached_to_a_mail(letter: EmailMessage) -> None:
    for sender, words in (("Mira Olsen", "The ferry stays."), ("Nils Berg", "The brewery closes.")):
        inner = EmailMessage()
        inner["From"], inner["Subject"] = f"{sender} <x@y.example>", words
        inner["Date"] = "Mon, 06 May 2024 09:00:00 +0200"
        inner.set_content(f"{words}\n")
        attach(inner, "more.txt", "text/plain", f"More of {sender}.".encode())
        letter.add_attachment(inner)
    reading = whole(letter)
    facts = {a.path: (a.author, a.published) for a in reading.articles if "/" not in a.path}
    assert facts == {
        "a.eml#1": ("Jo Lind", date(2024, 5, 8)),
        "a.eml#2": ("Mira Olsen", date(2024, 5, 6)),
        "a.eml#3": ("Nils Berg", date(2024, 5, 6)),
    }
    assert {a.text for a in reading.articles if "/" in a.path} >= {"More of Mira Olsen."}


def test_parts_of_text_between_attachments() -> None:
    message = EmailMessage()
    message["Subject"] = "Parts"
    message.set_content("<p>First part.</p>", subtype="html")
    attach(message, "a.txt", "text/plain", b"The file between.")
    message.add_attachment("<p>Second part.</p>", subtype="html", disposition="inline")
    texts = [article.text for article in whole(message).articles]
    assert texts == ["Parts\n\nFirst part.\n\nSecond part.", "The file between."]


def test_a_mailbox(tmp_path: Path, letter: EmailMessage) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    letter.set_content("From here on ships stay.\n\nFrom the north no ship came.\n")
    box.add(letter)
    box.add(make_mail(OWN, HEADERS))
    box.close()
    reading = read_data((tmp_path / "a.mbox").read_bytes(), ".mbox", "a.mbox")
    assert [(a.path, a.author) for a in reading.articles] == [
        ("a.mbox#1", "Jo Lind"),
        ("a.mbox#2", "Tove Brandt"),
    ]
    assert "From the north no ship came." in reading.articles[0].text


def test_an_outlook_mail() -> None:
    text = f"{OWN}\n\nOn Sat, May 30, 2015 at 9:00 AM John Roe <j@x.example> wrote:\n> {QUOTED}\n"
    reading = read_data(make_msg("Re: Ferry", text), ".msg", "a.msg")
    assert [(a.path, a.title, a.author) for a in reading.articles] == [
        ("a.msg#1", "Ferry", "Jane Doe"),
        ("a.msg#2", "Ferry", "John Roe"),
    ]


def test_a_mail_of_apples() -> None:
    mail = make_mail(OWN, HEADERS)
    data = str(len(mail)).encode() + b"      \n" + mail + b"<?xml version='1.0'?><plist></plist>"
    (article,) = read_data(data, ".emlx", "a.emlx").articles
    assert article.text == f"Terminal\n\n{OWN}"


def test_the_rest_of_a_mail_that_is_answered_piece_by_piece() -> None:
    mail = (
        "From: Jane Roe <jane@example.com>\nSubject: Re: Ferry\n"
        "Date: Mon, 06 May 2024 08:00:00 +0000\n\n"
        "* John Doe <john@example.com> [2024-05-06 07:15:02 +0200]:\n\n"
        "> Will the ferry close in June?\n\nYes, the board voted for it.\n\n> Best wishes\n> John\n"
    )
    (found,) = read_data(mail.encode(), ".eml", "a.eml").articles
    assert found.author == "Jane Roe"
    assert [part.author for part in found.parts] == [None, "John Doe", None, "John Doe"]
