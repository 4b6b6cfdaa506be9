"""Whether a few words are a person's name or an outlet's."""

from __future__ import annotations

import re

from rag.text import lexicon
from rag.text.dates import CALENDAR


def _words(text: str, separator: str | None = None) -> frozenset[str]:
    return frozenset(" ".join(word.split()) for word in text.casefold().split(separator))


_PARTICLES = lexicon.words("titles", "particles") | _words("del della das do af av abu y e")
_NOT_NAMES = _words(
    """a about admin advertisement after all also analysis and archive archives are article articles
    at breaking business by can category comment comments contact copyright correspondent cookie
    correction corrections culture daily debate defence defense desk east editor editorial editors
    election email english environment exclusive external facebook features follow for forum forums
    from full gallery global health help home how image images in interview interviews is it its
    latest letter letters life links live log mail media menu member members middle minister more
    most national new news newsletter newsroom north of on online opinion opinions or our page
    photo photos picture pictures podcast policy politics popular press print privacy read reader
    readers recent related replies reply report reporter review reviews science search section
    senior share sign site source south special sport sports staff states stories story subscribe
    support tags technology terms thank the this threads to today top topic topics trending twitter
    union united update updates us video videos view views war watch we west what when where who why
    will with world writer your introduction conclusion summary background references
    notes overview chapter part week weekend festival carnival parade days square market centre
    center season games league awards conference summit meeting council committee society county"""
) | (CALENDAR - {"may"})  # May is a name too
_AGENCIES = _words(
    """Reuters, AP, AFP, UPI, DPA, PA, TASS, ITAR-TASS, Xinhua, Interfax, Bloomberg, ANSA, EFE,
    Kyodo, PTI, IANS, Anadolu, Associated Press, The Associated Press, Agence France-Presse,
    Press Association, United Press International, RIA Novosti, Sputnik, RT, CNN, BBC, NPR, PBS,
    CBS, NBC, ABC, Politico, Axios, Al Jazeera, Deutsche Welle, The Hill, The Atlantic,
    The New Yorker, The Economist, The Intercept, The Nation, The Conversation, The Spectator,
    Vox, Slate, Salon, HuffPost""",
    ",",
)
_PRESS_WORD = re.compile(
    r"\b(?:gazette|times|post|herald|tribune|news|journal|daily|observer|guardian|telegraph|"
    r"chronicle|courier|press|standard|weekly|mirror|echo|argus|bulletin|dispatch|examiner|"
    r"inquirer|sentinel|ledger|monitor|broadcasting|radio|magazine|agency|newswire|newspaper|"
    r"gazeta|zeitung|monde|figaro|mail|independent|advertiser|enquirer|reporter|review|globe|"
    r"messenger|register|record|digest|quarterly|monthly|television|tv|nachrichten|anzeiger|"
    r"tage?blatt|rundschau|kurier|allgemeine|presse|tidende|avisen|diario|corriere|giornale|"
    r"газета|новости|известия|вести|правда|noviny|deník|dagbladet|bladet|sanomat|lehti|hírlap|gazetesi|εφημερίδα)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:(?:\S+\s+){0,3})?(?:editor|reporter|correspondent|writer|columnist|journalist|"
    r"bureau chief|analyst|contributor|staff|producer|critic|photographer|desk)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,3}")
_HONORIFICS = lexicon.words("titles", "honorifics") | lexicon.words("titles", "styles")
_HONORIFIC = re.compile(rf"(?:{'|'.join(map(str.capitalize, sorted(_HONORIFICS)))})\.?\s+")
_AND = f"(?:{'|'.join(sorted(lexicon.words('bylines', 'both')))})"
BOTH = re.compile(rf"\s+(?:{_AND}|&)\s+")  # between two names, in any language
_GLUED = re.compile(r"(?P<name>[^\W\d_]*[^\W\d_A-Z])(?P<tail>[A-Z][^\W\d_]+)$")
_GLUE_IN_NAMES = re.compile(r"(?:Ma?c|De|Di|Du|La|Le|Van|Von|Fitz|Del|St|O[’'])$")


def is_name(text: str) -> bool:
    """Whether `text` looks like one person's name of two to five words."""
    words = _HONORIFIC.sub("", text, count=1).split()
    if not 2 <= len(words) <= 5 or len(text) > 50 or is_outlet(text):
        return False
    return all(map(_is_name_word, words)) and sum(word[0].isupper() for word in words) >= 2


def _is_name_word(word: str) -> bool:
    if _INITIALS.fullmatch(word) or word.lower() in _PARTICLES or word in ("Jr.", "Sr."):
        return True
    letters = re.sub(r"[’'\-]", "", word)
    starts_big = word[0].isupper() or word[:3].lower() in ("al-", "el-") or word[:2] in ("d’", "d'")
    return letters.isalpha() and starts_big and word.lower() not in _NOT_NAMES


def is_single_name(text: str) -> bool:
    """Whether `text` may be a name of one word, as after an explicit "By"."""
    return len(text) > 2 and text.isalpha() and text[0].isupper() and text.lower() not in _NOT_NAMES


def is_role(text: str) -> bool:
    """Whether `text` is what somebody does at a paper: "Political Editor"."""
    return len(text) < 60 and _ROLE.fullmatch(text.strip()) is not None


def is_agency(text: str) -> bool:
    """Whether `text` is an outlet that its name alone does not give away."""
    return text.casefold() in _AGENCIES


def is_outlet(text: str) -> bool:
    """Whether `text` looks like the name of a paper, agency or station."""
    words = text.split()
    if not 1 <= len(words) <= 6 or not (words[0][0].isupper() or words[0][0].isdigit()):
        return False
    if is_agency(text):
        return True
    big = all(w[0].isupper() or w[0] in "&-–" or w.lower() in ("of", "and", "the") for w in words)
    return big and len(words) >= 2 and _PRESS_WORD.search(text) is not None


def split_names(text: str) -> list[str]:
    """Names in "A", "A and B" or "A, B and C"; empty unless every piece is a name."""
    pieces = re.split(rf",\s*(?:{_AND}\s+)?|{BOTH.pattern}", text)
    if all(map(is_name, pieces)):
        return [tidy_name(piece) for piece in pieces]
    return [tidy_name(text)] if is_name(text) else []  # "José Ortega y Gasset"


def tidy_name(name: str) -> str:
    """Undo capitals for emphasis: "Andrei AKULOV" is Andrei Akulov."""
    words = name.split()
    least = 2 if name.isupper() else 3
    return " ".join(_tidy_word(word, least) for word in words)


def _tidy_word(word: str, least: int) -> str:
    start = "Mc" if word[:2].lower() == "mc" else ""
    rest = word[len(start) :]
    if len(word) < least or not rest.isupper() or "." in word or word in ("II", "III"):
        return word
    return start + "".join(piece.capitalize() for piece in re.split(r"([-’'])", rest))


def unglue(name: str, openings: list[str]) -> str:
    """Cut off a word that a scraper glued to a name: "David SingerKerry" is David Singer.

    Only if one of `openings` (the next paragraphs) starts with that very word, so that "McDonald"
    and "DiCaprio" stay whole.
    """
    first, _, last = name.rpartition(" ")
    match = _GLUED.match(last)
    if not first or not match or _GLUE_IN_NAMES.search(match["name"]):
        return name
    starts_with_it = re.compile(rf"{match['tail']}\b")
    glued = any(starts_with_it.match(text) for text in openings)
    return f"{first} {match['name']}" if glued else name
