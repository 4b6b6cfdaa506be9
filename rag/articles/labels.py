"""Opinion, correction, retraction, interview, satire: only where the page itself says so."""

from __future__ import annotations

import re

_WORDS = {
    "retraction": r"retraction|retracted|withdrawn",
    "correction": r"corrections?(?: and clarifications?)?|clarifications?|erratum|errata",
    "satire": r"satire|satirical|parody|satiricalarticle",
    "interview": r"(?:an? )?interviews?|q\s?&\s?a",
    "opinion": (
        r"opinions?|op-?\s?ed|columns?|columnists?|editorials?|commentary|comment|viewpoint|"
        r"perspectives?|letters?(?: to the editor)?|leading article|guest essay|opinion piece|"
        r"opinionnewsarticle"
    ),
}
_WHOLE = {label: re.compile(words, re.IGNORECASE) for label, words in _WORDS.items()}
_BEFORE = {
    label: re.compile(rf"(?:{words})\s*(?:[:|]|\s[–—-])\s*\S", re.IGNORECASE)
    for label, words in _WORDS.items()
}
_AFTER = {
    label: re.compile(rf"(?:[|\[(]|\s[–—-])\s*(?:{words})\s*[\])]?$", re.IGNORECASE)
    for label, words in _WORDS.items()
}
_INTERVIEW = re.compile(r"(?:an? |exclusive )?interview with\b", re.IGNORECASE)
_OWN_VIEWS = re.compile(
    r"\b(?:views|opinions)\b[^.]{0,60}\bexpressed\b[^.]{0,40}"
    r"\b(?:(?:his|her|their) own|column|op-?ed|commentary|editorial|opinion piece)\b",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"/(?:opinions?|op-?ed|editorials?|columns?|commentary|letters|satire)/")


def label_of(words: str) -> str | None:
    """Label that a kicker or a section's name says: "OPINION", "Letters to the editor"."""
    words = words.strip(" .:|*[]()_-–—")
    return next((label for label, it in _WHOLE.items() if it.fullmatch(words)), None)


def label_in_title(title: str) -> str | None:
    """Label at the start or the end of a headline: "Correction: …", "… | Opinion"."""
    for label in _WORDS:
        if _BEFORE[label].match(title) or _AFTER[label].search(title):
            return label
    return "interview" if _INTERVIEW.match(title) else label_of(title)


def label_in_note(text: str) -> str | None:
    """Label that a short note says: "OPINION. … appears on Saturdays", "in this column"."""
    kicker, dot, _ = text.partition(". ")
    if dot and kicker.isupper() and (label := label_of(kicker)):
        return label
    if _INTERVIEW.match(text):
        return "interview"
    return "opinion" if _OWN_VIEWS.search(text) else None


def label_in_url(url: str) -> str | None:
    """Label of the site's section: "/opinion/"."""
    if not (match := _IN_URL.search(url.lower())):
        return None
    return "satire" if "satire" in match[0] else "opinion"
