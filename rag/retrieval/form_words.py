"""What a question says of the form of its answer: "in two sentences", "as a table", "briefly".

Such words are an order to whoever writes. Searched, they find whatever speaks of tables.
"""

from __future__ import annotations

import re

_EN_NUMBER = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|a\s+few|few|"
    r"a\s+couple\s+of|several|a\s+hundred)"
)
_EN_MOST = (
    r"(?:(?:at\s+most|no\s+more\s+than|not\s+more\s+than|less\s+than|fewer\s+than|up\s+to|under|about|"
    r"around|exactly|maximum|max\.?)\s+)?"
)
_EN_KIND = (
    r"(?:(?:short|brief|simple|small|bulleted|bullet|numbered|markdown|single|plain|clear)\s+)*"
)
_EN_UNIT = (
    r"(?:(?:bullet(?:ed)?[\s-]+)?(?:points?|list)|bullets|lists?|tables?|paragraphs?|sentences?|words?"
    r"|lines?)"
)
_DE_NUMBER = (
    r"(?:\d{1,3}|ein\s+paar|eine[mr]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht|zehn|wenigen)"
)
_FR_NUMBER = r"(?:\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|dix|quelques)"
_ES_NUMBER = r"(?:\d{1,3}|una?|dos|tres|cuatro|cinco|seis|siete|ocho|diez|pocas|unas|unos\s+pocos)"
_LANGUAGE = (
    r"(?:english|german|french|spanish|italian|dutch|portuguese|deutsch|englisch|französisch|spanisch"
    r"|français|anglais|allemand|espagnol|español|inglés|alemán|francés)"
)
_FORM = "|".join(
    (
        # English
        rf"(?:in|with|using)\s+{_EN_MOST}{_EN_NUMBER}\s+{_EN_KIND}{_EN_UNIT}(?:\s+(?:or\s+(?:less|fewer)"
        r"|at\s+most|max(?:imum)?))?",
        rf"(?:in|with|using)\s+{_EN_KIND}(?:bullet(?:ed)?[\s-]+(?:points?|lists?)|bullets)",
        rf"as\s+(?:an?\s+)?{_EN_KIND}{_EN_UNIT}",
        r"in\s+(?:brief|short|a\s+nutshell|detail|list\s+form|table\s+form|bullet\s+form)",
        r"briefly|concisely|succinctly",
        # German
        rf"in\s+(?:höchstens\s+|maximal\s+|etwa\s+|genau\s+)?(?:{_DE_NUMBER}\s+)?(?:kurzen\s+)?"
        r"(?:Sätzen|Satz|Worten|Wörtern|Wort|Stichpunkten|Stichworten|Zeilen|Absätzen|Absatz|Tabelle"
        r"|Liste|Tabellenform|Listenform)",
        r"als\s+(?:kurze\s+)?(?:Tabelle|(?:Stichpunkt)?[Ll]iste|Aufzählung|Stichpunkte)",
        r"mit\s+(?:Aufzählungspunkten|Stichpunkten)|stichpunktartig|tabellarisch|in\s+(?:aller\s+)?Kürze",
        # French
        rf"en\s+(?:moins\s+de\s+|environ\s+|maximum\s+)?{_FR_NUMBER}\s+(?:phrases?|mots?|lignes?|"
        r"paragraphes?|points?)",
        r"(?:sous\s+(?:la\s+)?forme\s+(?:de\s+|d['’]une?\s+)|dans\s+une?\s+|avec\s+(?:un|une|des)\s+)"
        r"(?:tableau|listes?|puces)(?:\s+à\s+puces)?",
        r"brièvement|en\s+bref",
        # Spanish
        rf"en\s+(?:menos\s+de\s+|unas\s+|máximo\s+)?{_ES_NUMBER}\s+(?:frases?|oraci(?:ón|ones)|palabras?|"
        r"líneas?|párrafos?|puntos?)",
        r"(?:en\s+forma\s+de\s+|en\s+una\s+|como\s+(?:una\s+)?|con\s+)(?:tabla|lista|viñetas)",
        r"brevemente",
    )
)
_PLEASE = r"(?:please|bitte|s['’]il\s+(?:vous|te)\s+plaît|por\s+favor)"
_DO = (
    r"(?:use|make|answer|reply|respond|write|list|explain|summari[sz]e|describe|format|give|show|tell"
    r"|put|present|keep|antworte|schreibe?|benutze|verwende|fasse|erkläre|réponds|répondez|écris|écrivez|"
    r"utilise[rz]?|responde|escribe|usa|utiliza|resume|explica)"
)
# A whole sentence, or clause at the end, that says nothing but the form.
_ORDER = re.compile(
    rf"(?:(?<=[.?!])|[,;–—-]|^)\s*(?:{_PLEASE},?\s+)?(?:and\s+)?{_DO}\b"
    rf"(?:\s+(?:me|it|that|this|them|the\s+answer|your\s+answer|mir|es|das|la\s+réponse|la\s+respuesta))*"
    rf"\s+(?:(?:{_FORM})|{_EN_KIND}(?:bullet\s+points|bullets|an?\s+(?:list|table))"
    rf"|Aufzählungspunkte|Stichpunkte|des\s+puces|viñetas|(?:it\s+)?(?:short|brief|concise|kurz|court)"
    rf"|(?:in|auf|en)\s+{_LANGUAGE})(?:,?\s+{_PLEASE})?\s*(?=[.?!:]|$)[.!:]?",
    re.IGNORECASE,
)
_AT_END = re.compile(
    rf"\s*[,;:–—-]?\s*\(?\b(?:{_PLEASE},?\s+)?(?:{_FORM})\)?(?:,?\s+{_PLEASE})?(?=(?:\s+zusammen)?\s*[.?!]*$)",
    re.IGNORECASE,
)
_AT_START = re.compile(
    rf"^(?:{_PLEASE},?\s+)?(?:{_FORM})\s*[,:]?\s+(?=\w)",
    re.IGNORECASE,
)
_BEHIND_VERB = re.compile(
    rf"^((?:{_PLEASE},?\s+)?{_DO}(?:\s+(?:me|us|mir))?),?\s+(?:{_FORM})\b,?(?=\s+\w)",
    re.IGNORECASE,
)


def without_form(question: str) -> str:
    """The question without what says in which form to answer it; as it is if it says nothing else.

    Read in English, German, French and Spanish.
    """
    bare = _ORDER.sub(" ", question)
    bare = _BEHIND_VERB.sub(r"\1", bare.strip())
    bare = _AT_START.sub("", _AT_END.sub("", bare))
    tidy = re.sub(r"\s*([.?!])[\s.?!]*$", r"\1", " ".join(bare.split()))
    if tidy == " ".join(question.split()) or len(re.findall(r"\w+", tidy)) < 2:
        return question
    return tidy[:1].upper() + tidy[1:]
