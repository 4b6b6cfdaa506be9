"""Words of an article that address a language model, not a reader.

An article is material. Nothing here stops a model from obeying one: passages are delimited in the
prompt, answers are rendered as text, citations are checked. This warns the reader, who sees at
the passage why it looks odd, and keeps an article's own "[1]" from being read as a citation.

Found are characters that nobody sees, markup, the marks that chat programs put between messages,
and a few plain ways of ordering a model about. Most other ways of putting an order are not: a
passage without a warning proves nothing. Figures: SECURITY.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rag.schema import Article, Passage

INSTRUCTIONS = "looks like instructions to a language model"
INVISIBLE = "holds invisible characters"
MIXED = "mixes letters of two alphabets within a word"
MARKUP = "holds markup that would load or run something"
_SHOWN = 60  # characters of the words that a warning repeats

_FLAGS = re.IGNORECASE | re.VERBOSE | re.MULTILINE
_MARKUP = re.compile(
    r"""!\[[^\]\n]{0,80}\]\s?\([^)\n]{1,300}\)
    | \[[^\]\n]{1,120}\]\s?\(\s*(?:https?:|javascript:|data:|//|mailto:|\#cite-)
    | <\s*(?:img|iframe|script|svg|object|embed|style|form|link|meta|video|audio|base)\b
          [^>\n]{0,200}
    | <a\s+[^>\n]{0,80}href | <!-- | \bon(?:error|load|click|mouseover|focus)\s*=
    | \bjavascript:\S | \bdata:text/html""",
    _FLAGS,
)
_CHAT_TOKENS = re.compile(
    r"""<\s*/?\s*(?:system|instructions?|prompt|assistant|user|human|passage|context|documents?
          |tools?|tool_?calls?|function_?calls?|invoke|answer|sources?|admin|important|secret)\b
          [^<>]{0,80}/?>
    | <\|[a-z_ ]{2,30}\|> | <</?sys>> | <(?:start|end)_of_turn> | \[/?inst\]
    | \[/?\s*system(?:[ ](?:message|prompt|note))?\s*[\]:] | \{\{\s*[/\#]?\w+\s*\}\}
    | \b(?:user|human)\s*:[^\n]{0,200}?\s(?:assistant|ai|bot|model)\s*:
    | ["']role["']\s*:\s*["'](?:system|assistant|user|tool|developer)""",
    _FLAGS,
)
_MODEL = r"(?:AIs?|LLMs?|(?:large\s+)?language\s+models?|chat\s?bots?|(?:AI\s+)?assistants?)"
_ORDERS = tuple(
    re.compile(pattern, _FLAGS)
    for pattern in (
        r"""\b(?:ignor(?:e|ing)|disregard|forget|override)\s+(?:
              (?:\w+\s+){0,4}?(?:instructions|prompts?|directives|guidelines|constraints|rules)\b
              | (?:all\s+(?:of\s+)?)?the\s+above\b | (?:everything|what(?:ever)?)\s+you\b )""",
        r"\byou\s+are\s+now\s+(?:\w+,?\s+){0,4}?(?:AI|model|assistant|bot|mode|DAN)\b",
        r"\bsystem\s+(?:prompt|message|override|notice)\b",
        rf"""\b(?:note|notice|instructions?|message|reminder|attention|rule|dear)\s*(?:to|for|:)?\s*
              (?:(?:all|any|every|the|an?)\s+)?{_MODEL}(?:\s+models?)?\s*(?:\w+ing\b|only\b|[:,])""",
        rf"""\b{_MODEL}\s+(?:(?:that|which|is|are)\s+)?
              (?:reads|reading|processing|summari[sz](?:es|ing))\s+(?:this|these)\b""",
        rf"\bif\s+you\s+are\s+an?\s+{_MODEL}\b",
        r"""(?:^|[.!?:]\s+)(?:AI|assistant|system)\s*[:,]\s*
              (?:please|you|ignore|answer|reply|respond|say|do\s+not|the\s+user|stop|before)\b""",
        r"""\byour\s+(?:final\s+|next\s+)?(?:answers?|repl(?:y|ies)|output)\s+(?:must|should)\b
          | \b(?:in|into|of|end|begin|start)\s+your\s+(?:final\s+|next\s+)?
              (?:answers?|repl(?:y|ies)|output)\b""",
        r"""\b(?:reply|respond|answer)\s+(?:only|exactly|with\s+(?:only|exactly|just)
              |(?:in|as)\s+JSON)\b""",
        r"\b(?:do\s+not|never)\s+mention\b[^.\n]{0,60}\bwhen\s+you\b",
        r"""\b(?:ignorier|vergiss|ignore[zr]?|oubliez?|ignora|olvid|игнорир|забудь)\w*\s[^.!?\n]{0,40}
              (?:anweisung|instruc|instruz|consigne|инструкци|указани)
          | (?:忽略|无视|無視)[^。\n]{0,12}(?:指令|指示) | تجاهل\s[^.!؟\n]{0,40}تعليمات""",
    )
)
# One of these stands in whatever the pattern matches.
_NEEDED = (
    ("ignor", "disregard", "forget", "overrid"),
    ("now",),
    ("system",),
    ("note", "notice", "instruction", "message", "reminder", "attention", "rule", "dear"),
    ("reads", "reading", "processing", "summari"),
    ("if",),
    ("ai", "assistant", "system"),
    ("your",),
    ("reply", "respond", "answer"),
    ("mention",),
    ("ignor", "vergiss", "oubli", "olvid", "игнорир", "забудь", "忽略", "无视", "無視", "تجاهل"),
)
_PATTERNS = (
    (("<", "[", "{{", "user", "human", "role"), INSTRUCTIONS, _CHAT_TOKENS),
    *((words, INSTRUCTIONS, order) for words, order in zip(_NEEDED, _ORDERS, strict=True)),
    (("[", "<", "=", "javascript:", "data:"), MARKUP, _MARKUP),
)
_AS_I = {0x131: "i", 0x307: None}  # what `re` takes for an i: "ı", and "İ", casefolded
_SUSPECT = re.compile(
    "[\U000e0000-\U000e01ef\u202d\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\u00ad"
    "\ufe00-\ufe0f\u0400-\u04ff]"
)
_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # a flag, of Wales for one
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e007f\u202d\u202e\u2066-\u2069]"
    "|[A-Za-z][\u200b\u2060-\u2064\ufeff\u00ad]+[A-Za-z][\u200b\u2060-\u2064\ufeff]"
    "|[\u200b\u2060-\u2064\ufeff]{4,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}"
)
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u202a-\u202e\u2066-\u2069]+")
_TAGGED = re.compile("[\U000e0020-\U000e007e]+")
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]+[A-Za-z]|[\u0400-\u04ff][A-Za-z]+[\u0400-\u04ff]")
_CITING = re.compile(r"\[(\s*\^?\d[\d\s,;–-]*)\]|【(\s*\^?\d[^】\n]{0,40})】")


def warning(text: str) -> str:
    """Why `text` looks as if it speaks to a language model, for a reader; empty if it does not."""
    if not text.isascii():
        if _SUSPECT.search(text):
            text = _TAGS.sub("", text)
            if _INVISIBLE.search(text):
                return _with_words(INVISIBLE, _hidden(text))
            if _MIXED.search(text):
                return MIXED
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return next(_reasons(text), "")


def gives_orders(text: str) -> bool:
    """Whether the words themselves tell a language model what to do."""
    return any(pattern.search(unicodedata.normalize("NFKC", text)) for pattern in _ORDERS)


def passage_warning(article: Article, passage: Passage) -> str:
    """`warning` for a passage and what stands with it: headline, author, outlet."""
    known = (article.title, article.author, article.outlet, passage.text)
    return warning("\n".join(filter(None, known)))


def disarmed(words: str) -> str:
    """`words` with what reads like a citation, "[1]" or "【3】", in round brackets."""
    plain = _CITING.sub(lambda match: f"({(match[1] or match[2]).strip()})", words)
    return plain if plain == words else disarmed(plain)  # "【0[0]】" holds another


def _reasons(text: str) -> Iterator[str]:
    low = text.casefold()
    if not low.isascii():
        low = low.translate(_AS_I)
    for needed, reason, pattern in _PATTERNS:
        # Looking for a pattern takes a hundred times as long as for the words that it cannot do
        # without, and every passage found is looked at.
        if any(word in low for word in needed) and (match := pattern.search(text)):
            yield _with_words(reason, match.group())


def _with_words(reason: str, words: str) -> str:
    """The reason with the words that gave it, on one line and cut short."""
    line = " ".join(words.split()).strip(" .,:;!?>”\"'")
    shown = line if len(line) <= _SHOWN else line[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return f"{reason}: “{shown}”" if shown else reason


def _hidden(text: str) -> str:
    """What the tag characters of `text`, each a twin of a character of ASCII, spell."""
    spelt = "".join(match.group() for match in _TAGGED.finditer(text))
    return spelt.translate({code: code - 0xE0000 for code in range(0xE0020, 0xE007F)})
