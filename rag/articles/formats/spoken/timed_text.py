"""Transcripts and chats in plain text: recognised by the times at the beginning of their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rag.articles.bylines import read_byline
from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.spoken.subtitles import cues_of, is_subtitled
from rag.articles.formats.spoken.transcripts import (
    Cue,
    article_of_cues,
    article_of_lines,
    seconds,
    spoken_article,
)
from rag.articles.personal_names import is_name
from rag.schema import Article, Place
from rag.text.dates import parse_date

_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
_TIMED = re.compile(
    rf"(?:[\[(](?P<boxed>{_CLOCK})[\])]|(?P<bare>{_CLOCK}))(?:\s*[-–—:]?\s+|\s*$|(?=[^\W\d_]))(?P<text>.*)"
)
_LENGTH = re.compile(r"(?:\d+ (?:hours?|minutes?|seconds?)(?:, )?)+")  # YouTube says the time twice
_SPEAKER = re.compile(
    rf"(?P<who>[^\W\d_][\w.’' -]{{0,40}}?|Speaker \d+|Unknown Speaker)\s*:?\s+"
    rf"(?:[\[(]?(?P<time>{_CLOCK})[\])]?\s*:?|[\[(](?P<boxed>{_CLOCK})[\])]\s+(?P<text>.*))"
)
_CHAT = (
    re.compile(  # WhatsApp on a telephone of Apple's
        r"\[(?P<day>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?\s(?P<time>\d{1,2}[:.]\d\d(?:[:.]\d\d)?"
        r"(?:\s?[ap]\.?\s?m\.?)?)\]\s(?P<who>[^:]{1,60}?):\s?(?P<text>.*)",
        re.IGNORECASE,
    ),
    re.compile(  # and on others
        r"(?P<day>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?\s(?P<time>\d{1,2}[:.]\d\d(?:[:.]\d\d)?"
        r"(?:\s?[ap]\.?\s?m\.?)?)\s[-–]\s(?:(?P<who>[^:]{1,60}?):\s)?(?P<text>.*)",
        re.IGNORECASE,
    ),
    re.compile(  # copied out of Telegram: the words stand below
        r"(?:(?P<who>[^:\[\]]{1,60}?),\s\[(?P<day>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?\s"
        r"(?P<time>\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?)\]):?(?P<text>)",
        re.IGNORECASE,
    ),
    re.compile(  # Zoom's chat
        r"(?P<day>)(?P<time>\d\d:\d\d:\d\d)\s+From\s+(?P<who>.{1,60}?)"
        r"(?:\s+to\s+.{1,60}?)?\s*:\s*(?P<text>.*)"
    ),
)
_NO_WORDS = re.compile(
    r"<[^<>]{3,40}>|(?:image|video|audio|sticker|gif|document|contact card|bild|audio|dokument) "
    r"(?:omitted|weggelassen|absente)|.{1,120}\((?:file attached|datei angehängt|fichier joint)\)|"
    r"<attached: .*>|(?:this|you deleted this|diese|ce) (?:message|nachricht)\b.{0,30}"
    r"\b(?:deleted|gelöscht|supprimé)\b.{0,20}|you deleted this message\.?|null|"
    r"du hast diese nachricht gelöscht\.?|vous avez supprimé ce message\.?|"
    r"waiting for this message\b.*|(?:missed|verpasster) .{0,20}(?:call|anruf)\b.*|"
    r"\[ ?(?:photo|video|sticker|voice message|audio|file|gif|album|document|poll|location|contact|"
    r"foto|datei|sprachnachricht|video message)(?:[ :,].{0,60})? ?\]|"
    r".{0,40}\b(?:end-to-end encrypted|ende-zu-ende-verschlüsselt|chiffrés de bout en bout)\b.*",
    re.IGNORECASE,
)
_EVENT = re.compile(  # what the program says of somebody in the chat
    r".{1,80}? (?:created (?:this |the )?group|added|removed|left|"
    r"joined (?:using|via|from|the group)|"
    r"was (?:added|removed)|changed (?:the|this|their)|pinned a|turned (?:on|off)|"
    r"(?:hat|haben|hast) (?:die|diese) gruppe|"
    r"(?:hat|hast) .{1,60} (?:hinzugefügt|entfernt|geändert)|"
    r"(?:a|avez) (?:créé|ajouté|quitté|retiré|modifié|changé|rejoint|supprimé))\b.*",
    re.IGNORECASE,
)
_EDITED = re.compile(r"\s*<[^<>]*\b(?:edited|bearbeitet|modifié|editado)\b[^<>]*>$", re.IGNORECASE)
_BY_PROGRAM = re.compile(r":\s?\u200e(?!POLL:|UMFRAGE:|SONDAGE)")  # WhatsApp marks its own words so
_PROGRAM = "\ue000"
_CREDIT = re.compile(r"Transcribed by |https?://otter\.ai")
_HEADING = re.compile(r"(?:video )?transcri(?:pt|ption)|untertitel|show transcript", re.IGNORECASE)
_EARLY = 120  # seconds: a recording begins at its beginning, a programme of a day does not
_LONGEST_PIECE = 140  # characters
_LEAST = 3  # lines with a time
_SHARE = 0.3  # of the lines that have one


def spoken(text: str, path: str, title: str | None = None) -> Article | None:
    """The recording or the chat that a plain text is; None if it is neither.

    `title`: of a chat, what it is called.
    """
    if is_subtitled(text):
        return article_of_cues(cues_of(text), path)
    if chat := chatted(text, path, title):
        return chat
    lines = [one_line(line) for line in clean_text(text).split("\n")]
    if cues := _speakers(lines):
        return article_of_cues(cues, path, own_labels=False)
    if recording := _recording(lines, path):
        return recording
    return article_of_lines(lines, path) if _is_ragged(lines) else None


def chatted(text: str, path: str, title: str | None = None) -> Article | None:
    """The chat that a text is, as a messenger exported it or as it was copied; else None."""
    marked = _BY_PROGRAM.sub(f": {_PROGRAM}", text)
    lines = [one_line(line) for line in clean_text(marked).split("\n")]
    messages = _messages(lines) or _fielded(lines)
    return _chat(messages, path, title) if messages else None


def _is_ragged(lines: list[str]) -> bool:
    """Whether a text is the pieces of a recording, a line each: sentences run over their ends."""
    runs_on = sum(one[-1:].isalnum() and two[:1].islower() for one, two in pairwise(lines))
    ends = sum(line.endswith((".", "?", "!")) for line in lines)
    is_short = max(map(len, lines), default=0) <= _LONGEST_PIECE
    if any(map(read_byline, lines[:4])):
        return False
    return is_short and all(lines) and len(lines) > 3 and min(runs_on, ends) >= 0.25 * len(lines)


# --- recordings


def _recording(lines: list[str], path: str) -> Article | None:
    """Pieces after times, "0:04 …", or below them, as YouTube shows them; its title above."""
    filled = [line for line in lines if line]
    found = [_TIMED.fullmatch(line) for line in filled]
    starts = [n for n, match in enumerate(found) if match]
    if len(starts) < _LEAST or len(starts) < _SHARE * len(filled) or starts[0] > 3:
        return None
    begins = [seconds(m["boxed"] or m["bare"]) for m in found if m]
    first = found[starts[0]]
    is_from_start = begins[0] <= _EARLY or bool(first and first["boxed"])
    if sorted(begins) != begins or begins[0] == begins[-1] or not is_from_start:
        return None  # the times of a programme, or of a live report's entries
    cues: list[Cue] = []
    for at, after, start in zip(starts, [*starts[1:], len(filled)], begins, strict=True):
        match = found[at]
        said = [match["text"] if match else "", *filled[at + 1 : after]]
        said = [line for line in said if line and not _LENGTH.fullmatch(line)]
        cues.append(Cue(start, "\n".join(said)))
    above = [line for line in filled[: starts[0]] if not _HEADING.fullmatch(line)]
    return article_of_cues(cues, path, Meta(title=above[0] if above else None))


def _speakers(lines: list[str]) -> list[Cue]:
    """Pieces below lines of a name and a time, as Otter, Teams and others write them."""
    found = [_SPEAKER.fullmatch(line) for line in lines]
    starts = [n for n, match in enumerate(found) if match and _is_person(match["who"])]
    blank = [n for n in starts if not _words_of(lines, found[n], n)]
    if len(starts) < 2 or len(blank) > len(starts) / 2 or any(lines[: starts[0]][3:]):
        return []
    cues: list[Cue] = []
    for at, after in pairwise([*starts, len(lines)]):
        match = found[at]
        said = [
            line
            for line in lines[at + 1 : after]
            if line and not line.startswith("Transcribed by ")
        ]
        if match:
            text = " ".join([f"{match['who']}:", match["text"] or "", *said])
            cues.append(Cue(seconds(match["time"] or match["boxed"]), text, match["who"]))
    return cues


def _words_of(lines: list[str], match: re.Match[str] | None, at: int) -> bool:
    """Whether words stand right behind or below a name with a time."""
    return bool(match and match["text"]) or (at + 1 < len(lines) and bool(lines[at + 1]))


def _is_person(who: str) -> bool:
    return is_name(who) or who.istitle() or who.startswith(("Speaker", "Unknown"))


# --- chats


@dataclass(slots=True)
class _Message:
    day: str
    time: str
    who: str
    lines: list[str]


def _messages(lines: list[str]) -> list[_Message]:
    """The messages of a chat that was exported, in order; none if it is something else."""
    for pattern in _CHAT:
        found = list(_of_chat(lines, pattern))
        if len(found) >= 2 and _starts_so(lines, pattern):
            return found
    return []


def _starts_so(lines: list[str], pattern: re.Pattern[str]) -> bool:
    first = next((line for line in lines if line), "")
    return pattern.fullmatch(first) is not None


def _of_chat(lines: list[str], pattern: re.Pattern[str]) -> Iterator[_Message]:
    message: _Message | None = None
    for line in lines:
        match = pattern.fullmatch(line)
        if not match:
            if message:
                message.lines.append(line)
            continue
        if message:
            yield message
        who = one_line(match["who"] or "").strip("~\u202f ")
        who = "" if re.search(r"[\"“”„«]", who) else who  # an event in which a name is quoted
        message = _Message(match["day"], match["time"], who, [match["text"]]) if who else None
    if message:
        yield message


_FROM = re.compile(r"From: (?P<who>.{1,60}?)(?: \([+\d][\d ]*\))?")
_SENT = re.compile(
    r"Sent: .*?(?P<day>\d{1,2} \w{3} \d{4}|\d{4}-\d\d-\d\d),?[ T](?P<time>\d\d:\d\d).*"
)
_FIELD = re.compile(r"(?:Type|Sent|Received|Edited|Conversation|Attachment|Reaction|Quote):.*")


def _fielded(lines: list[str]) -> list[_Message]:
    """Messages below "From: …" and "Sent: …", as Signal's are exported; none if it is no chat."""
    starts = [n for n, line in enumerate(lines) if _FROM.fullmatch(line)]
    first = next((n for n, line in enumerate(lines) if line and not _FIELD.fullmatch(line)), -1)
    if len(starts) < 2 or first != starts[0]:
        return []
    found: list[_Message] = []
    for start, stop in pairwise([*starts, len(lines)]):
        who, rest = _FROM.fullmatch(lines[start]), lines[start + 1 : stop]
        sent = next((it for line in rest[:4] if (it := _SENT.fullmatch(line))), None)
        if not who or not sent:
            return []
        day = parse_date(sent["day"])
        text = [line for line in rest if not _FIELD.fullmatch(line)]
        found.append(_Message(day.isoformat() if day else "", sent["time"], who["who"], text))
    return found


def _chat(messages: list[_Message], path: str, title: str | None) -> Article:
    """A chat as one article: each message is its writer's, and keeps its time."""
    blocks: list[Block] = []
    said: list[tuple[str, str]] = []
    for message in messages:
        time = f"{message.day}, {message.time}" if message.day else message.time
        place = Place(0, time=time)
        lines = [line for line in message.lines if not _NO_WORDS.fullmatch(line)]
        quoted = [line.lstrip("> ") for line in lines if line.startswith(">")]
        text = clean_text("\n".join(line for line in lines if not line.startswith(">")))
        text = _EDITED.sub("", text)
        if _is_event(message.who, text):
            continue
        if words := clean_text("\n".join(quoted)):
            who = next((name for name, other in reversed(said) if words in other), "quoted message")
            blocks.append(Block(words, author=who, place=place))
        if text:
            said.append((message.who, text))
            blocks.append(Block(f"{message.who}: {text}", author=message.who, place=place))
    days = {message.day for message in messages}
    order = _order(messages)
    published = _day(days.pop(), order) if len(days) == 1 else None
    return spoken_article(path, blocks, Meta(title=title, published=published))


def _is_event(who: str, text: str) -> bool:
    """Whether the program says it: so marked, or a sentence that names the writer."""
    if text.startswith(_PROGRAM):
        return True
    return "\n" not in text and text.startswith(who) and bool(_EVENT.fullmatch(text))


def _order(messages: list[_Message]) -> str | None:
    """Whether the day or the month comes first in a chat's dates, if its days tell."""
    pairs = [[int(x) for x in re.split(r"[./-]", it.day)[:2]] for it in messages if it.day]
    if any("." in message.day for message in messages) or any(one > 12 for one, _ in pairs):
        return "day"
    return "month" if any(two > 12 for _, two in pairs) else None


def _day(printed: str, order: str | None) -> date | None:
    figures = [int(x) for x in re.split(r"[./-]", printed) if x]
    if len(figures) != 3:
        return None
    if figures[0] > 31:
        year, month, day = figures
    elif order is None:
        return None
    else:
        day, month, year = figures if order == "day" else (figures[1], figures[0], figures[2])
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
