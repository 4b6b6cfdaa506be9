"""Subtitles, transcripts and chats: one article, sentences whole, each word its speaker's."""

from datetime import date
from pathlib import Path

import pytest

from rag.articles.files import read_data
from rag.errors import ArticleError
from rag.schema import Article


def only(text: str, name: str) -> Article:
    (article,) = read_data(text.encode(), Path(name).suffix, name).articles
    return article


def turns(article: Article) -> list[tuple[str | None, str]]:
    return [(part.author, article.text[part.start : part.end]) for part in article.parts]


def times(article: Article) -> list[str | None]:
    return [place.time for place in article.places]


SUBRIP = """1
00:00:01,000 --> 00:00:03,500
{\\an8}LISE MOE: The nets were cut on Tuesday

2
00:00:03,600 --> 00:00:05,000
{\\an8}<i>night.</i>

3
00:01:05,200 --> 00:01:07,900
JON KERR: We saw a grey boat.
It had no lights.
"""
SPOKEN = [
    ("Lise Moe", "LISE MOE: The nets were cut on Tuesday night."),
    ("Jon Kerr", "JON KERR: We saw a grey boat. It had no lights."),
]


@pytest.mark.parametrize("name", ["a.srt", "a.txt"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_subrip(name: str, ends: str) -> None:
    article = only(SUBRIP.replace("\n", ends), name)
    assert turns(article) == SPOKEN
    assert times(article) == ["00:00:01", "00:01:05"]


def test_webvtt_with_voices_names_and_notes() -> None:
    text = (
        "WEBVTT - a title\n\nSTYLE\n::cue { color: white }\n\nNOTE made by hand\n\n"
        "3d2a1f0e-aaaa/17-0\n00:04.123 --> 00:07.500 line:0\n<v Arne Falk>We have 310 "
        "people</v>\n\n"
        "3d2a1f0e-aaaa/17-1\n00:07.500 --> 00:09.000\n<v Arne Falk>who walked out &amp; "
        "left.</v>\n\n"
        "NOTE a remark\n\nlast one\n00:00:10.000 --> 00:00:12.000\n<v.loud Mira Olsen>And now?\n"
    )
    article = only(text, "a.vtt")
    assert turns(article) == [
        ("Arne Falk", "Arne Falk: We have 310 people who walked out & left."),
        ("Mira Olsen", "Mira Olsen: And now?"),
    ]
    assert times(article) == ["00:00:04", "00:00:10"]


def test_captions_that_show_the_line_before_again() -> None:
    text = "WEBVTT\nKind: captions\nLanguage: en\n\n" + "\n\n".join(
        f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{shown}"
        for n, shown in enumerate(
            [
                " \nthe<00:00:00.320><c> ferry</c>",
                "the ferry\n ",
                "the ferry\nwas<00:00:02.720><c> late</c>",
                "was late\n ",
                "was late\nagain",
            ]
        )
    )
    assert only(text, "a.vtt").text == "the ferry was late again"


def test_a_name_holds_for_its_sentence_where_few_are_named() -> None:
    text = "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{line}\n\n"
        for n, line in enumerate(
            ["- Did you see it?\n- No.", "[MUSIC PLAYING]", "MAN: Get", "out.", "I said so before."]
        )
    )
    assert turns(only(text, "a.srt")) == [
        (None, "Did you see it?\n\nNo."),
        ("Man", "MAN: Get out."),
        (None, "I said so before."),
    ]


def test_a_label_in_each_piece_stands_once() -> None:
    text = (
        "WEBVTT\n\n1\n00:04.000 --> 00:07.000\nArne Falk: We have 310 people\n\n"
        "2\n00:07.000 --> 00:09.000\nArne Falk: who left.\n\n"
        "3\n00:10.000 --> 00:12.000\nMira Olsen: The problem: nobody knows.\n"
    )
    assert turns(only(text, "a.vtt")) == [
        ("Arne Falk", "Arne Falk: We have 310 people who left."),
        ("Mira Olsen", "Mira Olsen: The problem: nobody knows."),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sbv", "0:00:01.000,0:00:03.500\nThe nets\n\n0:00:03.600,0:00:05.000\nwere cut.\n"),
        ("a.tsv", "start\tend\ttext\n1000\t4200\tThe nets\n4200\t7800\twere cut.\n"),
        ("a.txt", "[00:01.000 --> 00:04.200]  The nets\n[00:04.200 --> 00:07.800]  were cut.\n"),
        ("a.txt", "Transcript\n0:01\nThe nets\n0:04\nwere\n0:05\n5 seconds\ncut.\n"),
        ("a.txt", "(0:01) The nets\n(0:04) were\n(0:05) cut.\n"),
    ],
)
def test_other_forms(name: str, text: str) -> None:
    article = only(text, name)
    assert article.text == "The nets were cut."
    assert times(article) == ["00:00:01"]


def test_substation_alpha() -> None:
    text = (
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, "
        "Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:03.00,Main,Lise Moe,0,0,0,,{\\an8}The nets,\\Nall of them.\n"
    )
    assert turns(only(text, "a.ass")) == [("Lise Moe", "Lise Moe: The nets, all of them.")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "0:0:4.1 --> 0:0:9.3\nArne Falk\n{}\n0:0:31.0 --> 0:0:40.0\nMira Olsen\n{}\n"),
        ("a.txt", "[0:04] Arne Falk: {}\n\n[0:31] Mira Olsen: {}\n\n[1:02] Arne Falk: Yes"),
        ("a.txt", "Arne Falk [00:00:04] {}\n\nMira Olsen [00:00:31] {}\n"),
        ("a.vtt", "WEBVTT\n\n00:04.000 --> 00:05.000\n[SPEAKER_00]: {}\n\n"
                  "00:31.000 --> 00:32.000\n[SPEAKER_01]: {}\n"),
    ],
)  # fmt: skip
def test_where_programs_put_the_speaker(name: str, text: str) -> None:
    article = only(text.format("We have 310 people.", "And now?"), name)
    found = [(who, said.rpartition(": ")[2].rpartition("] ")[2]) for who, said in turns(article)][
        :2
    ]
    assert found in (
        [("Arne Falk", "We have 310 people."), ("Mira Olsen", "And now?")],
        [("Speaker_00", "We have 310 people."), ("Speaker_01", "And now?")],
    )
    assert times(article)[:2] == ["00:00:04", "00:00:31"]


def test_the_lines_of_a_recording_without_times() -> None:
    text = "The ferry was late\nbecause the engine was cold.\nNobody told\nthe passengers.\n"
    article = only(text, "a.txt")
    whole = "The ferry was late because the engine was cold. Nobody told the passengers."
    assert (article.text, article.title, article.places) == (whole, None, ())


@pytest.mark.parametrize("head", ["{}  {}", "{} ({}):", "{}: {}"])
def test_a_name_and_a_time_above_each_turn(head: str) -> None:
    said = [("Jon Kerr", "0:04", "We saw a boat."), ("Lise Moe", "0:31", "Who was on board?")]
    text = "\n\n".join(f"{head.format(who, time)}\n{words}" for who, time, words in said)
    article = only(text, "a.txt")
    assert turns(article) == [(who, f"{who}: {words}") for who, _, words in said]
    assert times(article) == ["00:00:04", "00:00:31"]


CHATS = [
    "[06.05.24, 14:08:00] Arne Falk: \u200eMessages and calls are end-to-end encrypted. Nobody.\n"
    "[06.05.24, 14:10:22] Arne Falk: 310 people: all.\nWe strike.\n"
    "[06.05.24, 14:11:05] Mira Olsen: And now?\n\u200e[06.05.24, 14:12:00] Arne Falk: "
    "image omitted\n",
    "06.05.24, 14:08 - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
    "06.05.24, 14:10 - Arne Falk: 310 people: all.\nWe strike.\n"
    "06.05.24, 14:11 - Mira Olsen: And now?\n"
    "06.05.24, 14:12 - You added Nils Berg\n06.05.24, 14:12 - Arne Falk: <Media omitted>\n",
]


@pytest.mark.parametrize("text", CHATS)
def test_a_chat(text: str) -> None:
    article = only(text, "WhatsApp Chat with Arne Falk.txt")
    assert article.title == "WhatsApp Chat with Arne Falk"
    assert article.published == date(2024, 5, 6)
    assert turns(article)[1:] == [
        ("Arne Falk", "Arne Falk: 310 people: all.\nWe strike."),
        ("Mira Olsen", "Mira Olsen: And now?"),
    ]
    assert str(times(article)[0]).startswith("06.05.24, 14:10")


def test_a_chat_of_several_days_or_unclear_ones_has_no_date() -> None:
    text = "5/6/24, 2:10 PM - Arne Falk: We strike.\n{}, 2:11 PM - Mira Olsen: And now?\n"
    assert only(text.format("5/6/24"), "a.txt").published is None
    assert only(text.format("5/16/24"), "a.txt").published is None


@pytest.mark.parametrize(
    "text",
    [
        "Programme of the day\n\n9:00 Opening\n10:30 The ferry, a talk\n12:00 Lunch\n14:00 End\n",
        "Live: storm\n\n14:05 The harbour is closed.\n13:20 The ferry is back.\n12:00 The wind.\n",
        "Ferry sails\n\nThe ferry sailed at 9:00 on Monday after two weeks of strike.\n\n"
        "12:30 was when the union called, as its leader had said it would.\n",
    ],
)
def test_times_of_day_are_no_recording(text: str) -> None:
    article = only(text, "a.txt")
    assert not article.places
    assert all(line in article.text for line in text.split("\n") if line)


def test_subtitles_without_words() -> None:
    with pytest.raises(ArticleError, match="Nobody says a word"):
        only("1\n00:00:01,000 --> 00:00:03,500\n[MUSIC]\n", "a.srt")
    with pytest.raises(ArticleError, match="No subtitles"):
        only("The nets were cut.\n", "a.srt")
