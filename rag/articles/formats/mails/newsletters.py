"""What newsletters and mailing lists put around their words, and whose stories they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.articles.bylines import read_byline
from rag.articles.drafts import Block, keep_lines

_BROWSER = (
    r"(?:view|read|open|see|display)\s.{0,40}\b(?:in|on)\s(?:an?|your|the)?\s?(?:web\s?)?browser|"
    r".{0,60}\b(?:im|ihrem|deinem) browser (?:an(?:sehen|zeigen|schauen)|öffnen|lesen)|"
    r"online[- ]version.{0,30}|version en ligne|"
    r"(?:voir|afficher|ouvrir|lire|consulter)\s.{0,40}\bnavigateur|"
    r"(?:ver|abrir)\s.{0,40}\bnavegador|(?:visualizza|apri|bekijk)\s.{0,40}\bbrowser"
)
_MORE = (
    r"(?:read|continue|keep|learn|find out|see|view)\s(?:more|reading|the (?:full|whole|rest)\b"
    r".{0,30}|full (?:story|article))(?:\s(?:here|now|online|on our (?:web)?site))?|full story|"
    r"(?:weiter|mehr)\s?(?:lesen|erfahren|dazu)|zum (?:ganzen )?(?:artikel|beitrag)|jetzt lesen|"
    r"lire (?:la suite|plus|l['’]article)|en savoir plus|leer más|seguir leyendo|"
    r"leggi (?:tutto|di più)|continua a leggere|lees (?:meer|verder)|ler mais|läs mer|les mer"
)
_LEAVE = (
    r"unsubscribe|(?:update|change|manage) .{0,40}preferences|newsletter abbestellen|abbestellen|"
    r"désabonner|désinscri\w*|darse de baja|cancelar (?:la )?suscripción|disiscriviti|"
    r"uitschrijven|einstellungen ändern"
)
_URL = r"(?:\s*[(<\[]?\s*https?://\S+[)>\]]?)"
_TAIL = r"[.!|:\s→»›>➜…]*"


def _spaced(pattern: str) -> str:
    """A pattern of words for one in which blanks mean nothing."""
    return pattern.replace(" ", r"\s")


_FURNITURE = re.compile(
    rf"""(?:
      (?:view|read|open|see)\s(?:this\s)?(?:e-?mail|message|newsletter|issue|it|online|post)?\s?
        (?:in|on|online|as|with)?\s?(?:an?|your|the)?\s?(?:web\s?)?(?:browser|page|app|online|web)?
    | {_spaced(_BROWSER)}|no\simages\?.{{0,40}}|(?:{_spaced(_MORE)})(?:\s*:)?
    | (?:un)?subscribe(?:\s(?:here|now|from\sthis\slist|instantly))?|manage\s(?:your\s)?\w+
    | update\s(?:your\s)?(?:(?:e-?mail|subscription)\s)?preferences|privacy\spolicy|forward
    | {_spaced(_LEAVE)}|abmelden|forward\sto\sa\sfriend|why\sdid\si\sget\sthis\?
    | (?:forward(?:ed)?|was)\sthis\s(?:e-?mail|to\sa\sfriend).{{0,80}}
    | (?:this\s(?:e-?mail|message)\swas\s)?sent\sto\s\S+@\S+.{{0,60}}
    | you(?:['’]re|\sare|\shave)?\sreceiv(?:ed|ing)\sthis\s.{{1,160}}
    | (?:to|if\syou)\s.{{0,80}}\bunsubscribe\b.{{0,80}}|no\slonger\swish.{{1,80}}
    | (?:(?:like|comment|share|restack|\d+)[\s|·•]*)+
    | \S+\smailing\slist|https?://\S+/(?:listinfo|mailman|d/msgid|d/optout)\S*
    | [\s|·•_=*-]*
    ){_TAIL}{_URL}?{_TAIL}""",
    re.IGNORECASE | re.VERBOSE,
)
_FOOT = re.compile(
    r"(?:you(?:['’]re| are| have)?\s(?:receiv(?:ed|ing)|getting) this|"
    r"this (?:e-?mail|message|newsletter) was sent|our mailing address is|"
    r"want to (?:change how|stop receiving)|copyright ©|©|you can (?:update your|unsubscribe)|"
    r"(?:sie|du) (?:erhalten|erhältst|bekommen|bekommst) (?:diese (?:e-?mail|nachricht)|"
    r"den .{0,40}newsletter)|diese e-?mail wurde|impressum\b|"
    r"vous (?:recevez|avez reçu) (?:ce|cet|cette) (?:e-?mail|courriel|message|lettre)|"
    r"has? recibido este|recibes este|hai ricevuto questa|(?:click here to )?unsubscribe)",
    re.IGNORECASE,
)
_LEAVES = re.compile(rf"\b(?:{_LEAVE})\b|^{_FOOT.pattern}", re.IGNORECASE)
_GETS = r"receiv|getting this|was sent|mailing address|erh[aä]lt|bekomm|recevez|reçu|recib|ricevut"
_HINT = re.compile(
    rf"{_LEAVE}|{_GETS}|browser|navigateur|navegador|online[- ]version|version en ligne", re.I
)
_VIEW = re.compile(rf"(?:{_BROWSER}){_URL}?[.!\s→»]*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^.!?]{0,80}[,·|•\n][^.!?]{0,80}\b\d{4,6}\b[^.!?]{0,60}")
_HEADING = re.compile(rf"^\*\*\s+(?P<text>.*?){_URL}?$")
_RULE = re.compile(r"(?<=\S)\s[-–=_*]{10,}$")  # below a heading, joined to it
_BY = ("by ", "von ", "par ", "por ")


def may_be_one(text: str) -> bool:
    """Whether a page's text holds a word that every newsletter has."""
    return _HINT.search(text) is not None


def page_stories(blocks: Sequence[Block], *, laid_out: bool) -> list[Block]:
    """The stories of a newsletter that was saved as a page; none if it is another page.

    `laid_out`: the page is laid out by tables alone, as mails are.
    """
    lines = [line for block in blocks for line in block.lines]
    is_letter = _is_newsletter(lines, laid_out=laid_out)
    return read_newsletter(blocks, is_list=True) if is_letter else []


def _is_newsletter(lines: Sequence[str], *, laid_out: bool) -> bool:
    """Whether a page was a mail: it says so above its words, or how to get no more below them."""
    if any(map(_VIEW.fullmatch, lines)):
        return True
    leaves = any(len(line) < 200 and _LEAVES.search(line) for line in lines)
    if leaves and laid_out:
        return True
    return leaves and any(_FOOT.match(line) and "©" not in line for line in lines)


def without_furniture(blocks: list[Block]) -> list[Block]:
    """Blocks without what newsletters and lists put around their words."""
    return keep_lines(blocks, lambda _, line: not is_furniture(line))


def is_furniture(line: str) -> bool:
    """Whether a whole line is a newsletter's, not a story's."""
    return len(line) <= 300 and all(map(_FURNITURE.fullmatch, line.split(" | ")))


def read_newsletter(blocks: Sequence[Block], *, is_list: bool) -> list[Block]:
    """The stories of a newsletter, each with its own author, without what stands around them.

    `is_list`: it was sent to many, so that its foot and its marks go too.
    """
    told = [_unmarked(it) for it in _without_foot(blocks)] if is_list else list(blocks)
    return without_furniture(_stories(told, is_list=is_list))


def _unmarked(block: Block) -> Block:
    """A block whose headings are not marked as plain text marks them, "** Cod is back (…)"."""
    lines = (_RULE.sub("", line) for line in block.lines)
    return replace(block, text="\n".join(_HEADING.sub(r"\g<text>", line) for line in lines))


def _without_foot(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without all that follows the last story: why one gets it, an address, how to leave."""
    last = max((n for n, block in enumerate(blocks) if _is_story(block)), default=-1)
    foot = (n for n in range(last + 1, len(blocks)) if _LEAVES.search(blocks[n].text))
    stop = next(foot, len(blocks))
    while stop - 1 > last and stop < len(blocks) and _ADDRESS.fullmatch(blocks[stop - 1].text):
        stop -= 1
    return list(blocks[:stop])


def _is_story(block: Block) -> bool:
    return block.is_prose and not _LEAVES.search(block.text) and not is_furniture(block.text)


def _stories(blocks: list[Block], *, is_list: bool) -> list[Block]:
    """Where there are several stories, what a byline stands on is its author's, nothing else."""
    signed = [n for n, block in enumerate(blocks) if block.author is None and signer(block)]
    if not signed:
        return blocks
    starts = [_story_start(blocks, n) for n in signed]
    spans = [
        (start, _story_end(blocks, place, stop))
        for place, start, stop in zip(signed, starts, [*starts[1:], len(blocks)], strict=True)
    ]
    names = {signer(blocks[n]) for n in signed}
    inside = {n for start, stop in spans for n in range(start, stop)}
    alone = all(n in inside for n, block in enumerate(blocks) if block.is_prose)
    is_told = all(any(blocks[n].is_prose for n in range(*span)) for span in spans)
    if not is_told or (len(names) < 2 and (alone or not is_list)):
        return blocks
    told = list(blocks)
    for (start, stop), place in zip(spans, signed, strict=True):
        for number in range(start, stop):
            told[number] = replace(blocks[number], author=signer(blocks[place]))
    return told


def signer(block: Block) -> str | None:
    """Whom a line "By …" names, by itself or below the headline."""
    lines = [line for line in block.lines if line.lower().startswith(_BY)]
    if block.is_prose or not lines or not (byline := read_byline(lines[0])):
        return None
    return byline.author


def _story_start(blocks: list[Block], signed: int) -> int:
    """The story's headline: the short paragraphs before its byline."""
    start = signed
    if len(blocks[signed].lines) > 1 and not blocks[signed].text.lower().startswith(_BY):
        return start
    while start and signed - start < 3 and _is_short(blocks[start - 1]):
        start -= 1
    return start


def _is_short(block: Block) -> bool:
    return not block.is_prose and not _is_end([block.text])


def _is_end(lines: Iterable[str]) -> bool:
    return any(is_furniture(line) or _FOOT.match(line) for line in lines)


def _story_end(blocks: list[Block], signed: int, stop: int) -> int:
    """Where a story ends: at "Read more", at the foot, or at a headline without a byline."""
    has_begun = False
    for number in range(signed + 1, stop):
        block = blocks[number]
        follows = number + 1 < stop and blocks[number + 1].is_prose
        if has_begun and (_is_end(block.lines) or (not block.is_prose and follows)):
            return number
        has_begun = has_begun or block.is_prose
    return stop
