"""What mail programs print above the words of another mail: who wrote it, and when.

The lines above a quoted mail ("On … wrote:"), the fields above a forwarded one ("From: …"), in the
languages of the programs; and what a sender's name and a date come to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import Message
from email.utils import parseaddr, parsedate_tz

from rag.articles.cleaning import one_line
from rag.articles.drafts import Meta
from rag.articles.formats.mails.mime import header
from rag.articles.personal_names import is_name, is_outlet, split_names
from rag.text.dates import parse_date, two_ways

UNKNOWN = "quoted mail"  # whose words are quoted where nothing says so


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a mail, when, and about what, as the mail or a program prints it."""

    sender: str = ""
    day: str = ""
    subject: str = ""


# --- fields: "From: …"

_FIELDS = {
    "from": "from von de da van från fra od от lähettäjä",
    "day": "sent date gesendet datum envoyé enviado enviada inviato verzonden data fecha skickat"
    " sendt dato message wysłano odesláno lähetetty отправлено дата",
    "subject": "subject betreff objet sujet asunto oggetto onderwerp assunto ämne emne temat"
    " předmět aihe тема",
    "to": "to an à para a aan till til cc kopie bcc cci antwort reply-to copie cópia copia"
    " importance priority attachments anlagen wichtigkeit do komu vastaanottaja кому копия",
}
_ENGLISH = frozenset("from sent date subject to cc".split())
_KEYS = {word: name for name, words in _FIELDS.items() for word in words.split()}
_FIELD = re.compile(
    rf"[\W_]*(?P<key>{'|'.join(sorted(_KEYS, key=len, reverse=True))})"
    r"(?:\s(?:el|em|le|an|à|du))?\s?[*_]*\s?:[*_|\s]*(?P<value>.*)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[,;<]\s*$")  # a list of recipients on several lines
_MARKER = re.compile(
    r"[-_=\s>]*(?:begin )?(?:forwarded (?:message|email|by.{0,80})|"
    r"original (?:message|appointment)|"
    r"(?:anfang der )?(?:weitergeleitete[nr]? |ursprüngliche )(?:nachricht|e-?mail)|"
    r"message (?:transféré|d[’']origine)|début du message (?:réexpédié|transféré)|"
    r"mensaje (?:reenviado|original)|inicio del mensaje reenviado|"
    r"mensagem (?:encaminhada|original)|"
    r"messaggio (?:inoltrato|originale)|inizio messaggio inoltrato|"
    r"(?:doorgestuurd|oorspronkelijk|begin doorgestuurd) bericht|"
    r"(?:vidarebefordrat|ursprungligt|videresendt|opprinnelig|oprindelig) (?:meddelande|melding|"
    r"meddelelse|besked))\b[-_=:\s]*",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_\-=]{5,}")


def is_marker(line: str) -> bool:
    """Whether a line says no more than that another mail follows."""
    return _MARKER.fullmatch(line) is not None


def is_rule(line: str) -> bool:
    """Whether a line is a rule, such as Outlook's above the mail that is answered."""
    return _RULE.fullmatch(line.strip()) is not None


def fields_at(lines: Sequence[str], at: int) -> tuple[Origin, int] | None:
    """The mail that the fields beginning at line `at` announce, and where its words begin."""
    first = _FIELD.fullmatch(lines[at])
    if not first or not first["key"]:
        return None
    found: dict[str, str] = {}
    number, end, last = at, at, ""
    while number < len(lines):
        line = lines[number]
        match = _FIELD.fullmatch(line) if line else None
        if match:
            last = _KEYS[match["key"].lower()]
            if last in found and last != "to":
                break
            found[last] = match["value"][:_LONGEST_LINE].strip(" *_|")
            end = number + 1
        elif line and number == end and last and not found[last]:
            found[last], end = (
                line[:_LONGEST_LINE].strip(" *_|"),
                number + 1,
            )  # the value on a line of its own
        elif line and number == end and _goes_on(last, lines[number - 1], line):
            end = number + 1
        elif line:
            break
        number += 1
    told = {"day", "subject", "to"} & found.keys()
    if not found.get("from") or not told or ("to" in told and len(told) == 1 and _is_talk(found)):
        return None
    day = found.get("day", "")
    day = day if first["key"].lower() in _ENGLISH else _day_first(day)
    return Origin(found["from"], day, found.get("subject", "")), end


def _day_first(text: str) -> str:
    """Dates of a program that does not speak English: only there does the month come first."""
    return re.sub(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(?!\d)", r"\1.\2.\3", text)


def _goes_on(last: str, before: str, line: str) -> bool:
    """Whether a line only continues the names and addresses before it."""
    is_address = "@" in line and (last == "to" or line.startswith("<"))
    return _GOES_ON.search(before) is not None or is_address


def _is_talk(found: dict[str, str]) -> bool:
    """Whether "From: …" and "To: …" may be an article's own words: no address is in them."""
    return "@" not in "".join(found.values())


# --- attributions: "On … wrote:"

_VERB = (
    r"(?:wrote|writes|schrieb|a écrit|écrivait|escribió|ha scritto|schreef(?: het volgende)?|"
    r"escreveu|skrev|pisze|napisał(?:a|\(a\))?|kirjoitti|napsal(?:a|\(a\))?|написала?|пишет|írta)"
)
_ADDRESS = r"[<(\[]?\s*(?:mailto:)?[^\s<>()\[\]]+@[^\s<>()\[\]]+\s*[>)\]]*(?:\s*<mailto:[^>]*>+)?"
_ATTRIBUTION = re.compile(
    rf"(?P<before>.{{0,220}}?)\b{_VERB}(?!\w)(?P<after>.{{0,160}}?)\s?:", re.IGNORECASE | re.DOTALL
)
_BARE = re.compile(  # "30.09.2017, 18.30, "John Doe" <john@x.example>:"
    rf"(?=.*\d{{4}})(?=.*\d\d?[:.]\d\d)(?P<before>[^!?]{{8,160}}{_ADDRESS})\s?:", re.DOTALL
)
_MUTT = re.compile(  # "* John Doe <john@x.example> [2017-09-30 18:30:02 +0200]:"
    r"\*\s(?P<before>[^\[\]]{2,100}?)\s*\[(?P<after>[^\[\]]*\d{4}[^\[\]]*)\]:"
)
_ZOHO = re.compile(
    rf"-*\s?(?P<before>On .{{10,80}}{_ADDRESS})\s*(?:\(.*\)\s*)?wrote\s?-*", re.DOTALL
)
_LEAD = re.compile(
    r"\W*(?:on|am|le|el|il giorno|il|op|em|den|w dniu|dnia|dne|at|den)\s+(?=.*\d)",
    re.IGNORECASE | re.DOTALL,
)
_CLOCK = re.compile(
    r".*\d(?:\s?(?:[ap]\.?\s?m\.?|uhr|h|CES?T|UTC|GMT|[ECMP][SD]?T|[+-]\d{4}|\([A-Z]{2,5}\)|"
    r"GMT[+-]\d+(?::\d\d)?|de|del)\b)*[.)\]]*(?![^\W\d_])",
    re.IGNORECASE | re.DOTALL,
)
_TIME = re.compile(r"\d{1,2}[:.h]\d\d")
_HAS_ADDRESS = re.compile(_ADDRESS)
_LONGEST_LINE = 300  # characters of an attribution, or of a field that counts
_LONGEST = 4  # lines over which a program breaks an attribution


def attribution_at(lines: Sequence[str], at: int) -> tuple[Origin, int] | None:
    """The mail that the words at line `at` introduce, "On … wrote:", and where they end."""
    text = ""
    for end in range(at + 1, min(len(lines), at + _LONGEST) + 1):
        if not lines[end - 1]:
            return None
        text = f"{text} {lines[end - 1]}".strip()
        is_end = lines[end - 1].endswith((":", "wrote", "wrote ----"))
        if is_end and (found := _introduced(text)):
            return found, end
    return None


def _introduced(text: str) -> Origin | None:
    if len(text) > _LONGEST_LINE:
        return None
    forms = (_ATTRIBUTION, _BARE, _MUTT, _ZOHO)
    match = next((found for form in forms if (found := form.fullmatch(text))), None)
    if not match:
        return None
    before = match["before"]
    after = match.groupdict().get("after") or ""
    dated = re.search(r"\d", before + after)
    if not dated and not _HAS_ADDRESS.search(text):
        return None
    sender = _who(after) or _who(_LEAD.sub("", before, count=1))
    printed = f"{before} {after}"
    lead = re.search(r"[^\W\d_]+", printed)
    foreign = "wrote" not in text and not (lead and lead[0].lower() == "on")
    return Origin(sender, _day_first(printed) if foreign else printed) if sender else None


def _who(text: str) -> str:
    """What is left of one side of the verb when the date is taken off."""
    address = _HAS_ADDRESS.search(text)
    bare = text[: address.start()] if address else text
    if not address and (dated := re.search(r"\s(?:on|am|le|at|den|em)\s.*\d", bare)):
        head = bare[: dated.start()]  # "Mira Olsen wrote on 8 May"
        bare = head if head.strip() and not re.search(r"\d", head) else bare
    bare = _CLOCK.sub("", bare, count=1).strip(" ,;:\"'“”*_-–—|(")
    bare = re.sub(r"^(?:from|от|użytkownik|пользователь)(?:\s+|$)", "", bare)
    if re.fullmatch(r"(?:on|am|le|at|den|em|um)?\W*", bare, re.IGNORECASE):
        bare = ""
    mail = address[0].strip(" <>()[]") if address else ""
    return f"{bare} <{mail}>".lstrip() if mail else bare


def is_certain(lines: Sequence[str]) -> bool:
    """Whether words that introduce a mail cannot be an article's own ("On Monday he wrote:")."""
    text = " ".join(lines)
    return bool(_HAS_ADDRESS.search(text) or (_TIME.search(text) and re.search(r"\d{4}|\d/", text)))


# --- who and when

_AT = re.compile(r"\s+(?:at|from|of|via|\||–|—|-|@)\s+|,\s+")  # "Jane Doe from The Gazette"
_INVERTED = re.compile(r"(?P<last>[^\W\d_][\w’'-]+), (?P<first>[^\W\d_][\w’'.-]+(?: [^\W\d_]\.?)?)")
_OFFICE = re.compile(
    r"(?:press|presse|prensa|stampa|pers|media|info|news|newsroom|office|contact|kontakt|pr|"
    r"redaktion|redaction|alerts?|hello|service|communications?|post|mail|no-?reply)\b.*",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{2})(?![\d.])")
_ABBREVIATED = re.compile(
    r"(?<!\d)(\d{1,2})\.?\s(?:de\s)?([^\W\d_]{3,9})\.?\s(?:de\s)?(\d{4})(?!\d)"
)
_MONTH_NAMES = (
    "jan gen ene janv", "feb fev fév févr", "mar mär mrt mars märz", "apr avr abr avril",
    "may mai maj mag mei maggio maj", "jun giu juin juni", "jul lug juil juli",
    "aug ago aoû août agosto", "sep set sept", "oct okt ott out", "nov", "dec dez déc dic dici des",
)  # fmt: skip


def sender_of(value: str, *, is_list: bool = False) -> Meta:
    """Outlet and author of "The Gazette <news@…>" or "Jane Doe from The Gazette <…>"."""
    name, address = parseaddr(_one_address(value))
    name = one_line(name.strip(" '\""))
    if (swapped := _INVERTED.fullmatch(name)) and is_name(f"{swapped['first']} {swapped['last']}"):
        name = f"{swapped['first']} {swapped['last']}"
    pieces = [one_line(piece.strip(" '\"")) for piece in _AT.split(name)]
    pieces = [piece for piece in pieces if piece]
    outlet = next((piece for piece in pieces if _is_house(piece, address)), None)
    people = [person for piece in pieces if piece != outlet for person in split_names(piece)]
    if (is_list or _is_office(name, address)) and not _OFFICE.fullmatch(name):
        domain = address.lower().partition("@")[2]
        is_own = not is_list and any(word in domain for word in _long_words(name))
        if not people or is_own:
            outlet, people = (outlet if outlet and is_outlet(outlet) else name or None), []
    return Meta(author=", ".join(people) or None, outlet=outlet)


def _is_office(name: str, address: str) -> bool:
    return " " in name and _OFFICE.fullmatch(address.partition("@")[0]) is not None


def _long_words(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", name.lower()) if len(word) > 3]


def name_of(value: str) -> str:
    """Whose words a mail's are, as the page says it: a person, a house, or an address."""
    found = sender_of(value)
    name, address = parseaddr(_one_address(value))
    return found.author or found.outlet or one_line(name.strip(" '\"")) or address or UNKNOWN


def _one_address(value: str) -> str:
    """A sender as headers spell it; programs print "[mailto:…]", "(…)", and commas unquoted."""
    address = _HAS_ADDRESS.search(value)
    name = value[: address.start()] if address else value
    mail = re.search(r"[^\s<>()\[\]:]+@[^\s<>()\[\]]+", address[0]) if address else None
    name = name.replace('"', "").strip(" <([,'*_")
    return f'"{name}" <{mail[0]}>' if mail else f'"{name}" <>'


def _is_house(name: str, address: str) -> bool:
    """Whether it is a paper's name, or the address's domain, as in "Morning Brew"."""
    local, _, domain = address.lower().rpartition("@")
    words = re.findall(r"\w+", name.lower())
    own = "".join(words) in domain.replace("-", "") and not any(word in local for word in words)
    return is_outlet(name) or (own and len(words) > 0)


def is_list(message: Message) -> bool:
    """Whether a mail went to the subscribers of a list."""
    return any(header(message, name) for name in ("List-Unsubscribe", "List-Id", "List-Post"))


def day_of(value: str) -> date | None:
    """Day that a Date header names, where the sender was."""
    try:
        parsed = parsedate_tz(value)
        return _plausible(date(*parsed[:3])) if parsed else parse_date(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return parse_date(value)


def printed_day(value: str) -> Meta:
    """Day that a program prints above a quoted mail, in its own language."""
    day = parse_date(value)
    if not day and (match := _DOTTED.search(value)):
        day = _date(2000 + int(match[3]), int(match[2]), int(match[1]))
    if not day and (match := _ABBREVIATED.search(value)):
        day = _date(int(match[3]), _month(match[2]), int(match[1]))
    return Meta(published=day, dated=None if day else two_ways(value))


def _month(name: str) -> int:
    names = (n for n, line in enumerate(_MONTH_NAMES, 1) if name.lower() in line.split())
    return next(names, 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    return day if 1970 <= day.year <= 2200 else None
