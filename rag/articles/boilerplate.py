"""What a site puts around an article: banners, counters, share bars, widgets, disclaimers.

Only whole short lines are recognised, never a word inside a paragraph: what is dropped here can
not be cited, so a doubtful line stays.
"""

from __future__ import annotations

import re
from collections import Counter

from rag.articles.drafts import Block, Meta, keep_lines
from rag.articles.labels import label_in_note
from rag.articles.personal_names import is_outlet
from rag.text.dates import MONTH, find_dates

_SERVICES = (
    r"(?:share(?:\s(?:this|the))?(?:\s(?:article|story|post|page))?|facebook|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|pocket|e-?mail|mail|print|"
    r"copy(?:\slink)?|link|share|tweet|post|save|like|bookmark|pin(?:\sit)?|sms|messenger|bluesky|"
    r"mastodon|instagram|youtube|vk|flipboard|tumblr|line|more)"
)
_SERVICE = (  # those that are no heading either
    r"(?:facebook|twitter|linkedin|whatsapp|telegram|reddit|pinterest|copy\slink|share|tweet|pin\sit|"
    r"print|e-?mail|flipboard|tumblr|bookmark|share\sthis(?:\s(?:article|story|post|page))?)"
)
_FURNITURE = re.compile(
    rf"""(?:
      in[\s,]*|by[\s,]*|[\W_]{{1,40}}                            # a template's empty field
    | {_SERVICE}|{_SERVICES}(?:[\s|·•,/]+{_SERVICES})+
    | share(?:\s(?:this|the)(?:\s(?:article|story|post|page))?)?\s(?:on|via|with)\s.{{1,30}}
    | \d+\s(?:shares?|views?|likes?|reads?)|\d+\s?min(?:ute)?s?\sread|reading\stime:?.{{0,20}}
    | advertisement(?:[.:]\s.{{1,120}})?|advertising|sponsored(?:\scontent)?|promoted(?:\scontent)?
    | (?:story|article)\scontinues\sbelow.{{0,30}}|continue\sreading(?:\sbelow)?.{{0,30}}
    | scroll\s(?:down\s)?to\scontinue.{{0,30}}|skip\s(?:to|past)\s.{{1,40}}|back\sto\stop
    | (?:read|see|watch)\s(?:also|more|next)(?:\s*:.{{1,150}}|\shere)?|also\sread\s*:.{{1,150}}
    | related\s*:\s.{{1,150}}|also\s(?:on\s\S+\.\w{{2,3}}\b|see\s*:|in\sthe\snews\s*:).{{0,150}}
    | don[’']?t\smiss[.:!…]{{0,3}}|explore\sfurther|click\sto\stweet|order\sreprints|print\sarticle
    | (?:like|enjoy(?:ed)?)\sthis\s(?:story|article|post)\?.{{0,60}}
    | this\scopy\sis\sfor\syour\spersonal,?\snon-?commercial\suse\sonly.{{0,150}}
    | related(?:\s(?:articles?|stories|posts?|news|content|topics?|coverage))?:?
    | you\s(?:may|might)\s(?:also\s)?(?:like|be\sinterested\sin).{{0,20}}|recommended(?:\sfor\syou)?
    | most\s(?:read|popular|viewed|commented)(?:\sin\s.{{1,30}})?|trending(?:\snow)?
    | latest\snews|top\sstories
    | (?:previous|next)\s(?:article|post|story)|new\sthreads|latest\sposts
    | .{{0,20}}(?:subscribe|sign\sup)\s(?:to|for)\s(?:our|the)\s.{{0,80}}newsletters?.{{0,60}}
    | (?:subscribe|sign\sup|sign\sin|log\sin|login|register|donate|donate\snow)[.!]?
    | menu\b.{{0,80}}\b(?:log\sin|sign\sin|search|subscribe)\b.{{0,60}}
    | home(?:\s[>»/›]\s.{{1,40}})+
    | (?:follow|like|join|find)\sus\son\s.{{1,60}}
    | (?:click|tap)\shere\s(?:to|for)\s(?:subscribe|sign|donate|share|join|get|download).{{0,60}}
    | support\s(?:our|independent|quality)\s(?:journalism|work|reporting|site|website)[.!]?
    | support\sus|please\s(?:donate|support\sus).{{0,60}}
    | you\shave\sread\s\d+\sof\s\d+\s.{{0,40}}
    | (?:we|this\s(?:web)?site)\b.{{0,40}}\bcookies\b.{{0,100}}|accept\sall(?:\scookies)?
    | (?:©|\(c\)\s|copyright\s(?:©|\(c\)|\d)).{{0,140}}|.{{0,60}}\ball\srights\sreserved\b.{{0,60}}
    | (?:printed\sand\sdistributed\sby\s)?pressreader(?:\.com\b.{{0,60}})?
    | copyright\sand\sprotected\sby\sapplicable\slaw
    | what\sdo\syou\sthink\?|like\sthis:?|rate\sthis(?:\sarticle)?:?|loading\.{{2,3}}|loading…
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_FOLLOWS = re.compile(  # what opens a list of other stories' headlines
    r"(?:related|recommended|most (?:read|popular|viewed|commented)|trending|latest|top stories|"
    r"you (?:may|might)|more (?:from|in|on)|read more|new threads|see also|also read)\b.{0,40}",
    re.IGNORECASE,
)
_LONGEST_LIST = 8  # lines
_MORE = re.compile(r"more\s(?:from|in|on)\s[^.!?]{1,40}", re.IGNORECASE)
_TAGS = re.compile(
    r"(?:tags?|tagged(?: (?:as|with))?|topics?|keywords|categories|filed under|posted in)"
    r"\s*:\s*\S.{0,200}",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:(?:e-?mail|write to|contact|reach|have a tip\?|send (?:us )?tips)\b.{0,80}\S+@\S+\.\w+"
    r".{0,120}"
    r"|(?:please )?(?:follow|find|join) (?:us|him|her|them|me|@\w+|[A-Z]\S*(?: [A-Z]\S*){0,3})"
    r" (?:on|at) (?:twitter|facebook|instagram|x|youtube|linkedin|telegram|@\w+)\b.{0,120}"
    r"|reach the (?:reporter|author|writer)s?\b.{0,120}"
    r"|(?:get|receive)\b.{1,100}\b(?:your|the) (?:e-?mail )?(?:inbox|mailbox)\b.{0,100}"
    r"|.{0,100}\b(?:sign up|subscribe)\b.{0,100}\b(?:newsletters?|inbox)\b.{0,100})",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"(?:Support|Donate to|Subscribe to) (?P<who>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3})"
)
_NOT_A_SITE = re.compile(r"(?:Us|Our|The|Your|This|Independent|Quality)\b", re.IGNORECASE)
_COUNTER = re.compile(r"[\d.,]+\s?[$€£]|[$€£]\s?[\d.,]+")
_MONTH_YEAR = re.compile(rf"{MONTH}\s+\d{{4}}", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)(?:\s|©)*(?:\d{4}(?:\s?[-–]\s?\d{4})?)?,?\s*(?:by\s)?"
    r"(?P<who>[A-Z][^.,|]{2,50}?)(?:[.,|].*)?",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\W*(?:(?:disclaimer|note|editor[’']s note)\W+)?(?:(?:the|all|any)\s)?"
    r"(?:statements|views|opinions)\b.{0,60}\bexpressed\b.{0,200}\b(?:solely|not necessarily)\b",
    re.IGNORECASE,
)
_ABOUT_SITE = re.compile(
    r"\b(?:authors?|writers?|contributors?|columnists?|this (?:site|website|publication|column|"
    r"article)|editorial)\b",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"(?:(?:senior|junior|full|new|active|well-known|elite|super|veteran|premium|gold|silver|"
    r"registered|banned|staff|forum|founding|honorary|trusted|distinguished|professional|global|"
    r"site)\s+)*(?:member|user|moderator|administrator|poster)",
    re.IGNORECASE,
)
_MEMBER_FACT = re.compile(
    r"(?:joined|join date|member since|registered|messages|posts|likes|reaction score|points|"
    r"location|reputation)\s*:.{0,40}|#\d+",
    re.IGNORECASE,
)
_BANNER_HEAD = re.compile(r"(?:(advert|sponsored)|support|subscribe|sign up|donate)", re.IGNORECASE)
_BANNER_WORDS = 40  # a block that opens with a banner's headline and is no longer goes with it
_BANNER_LINE = 20  # words; a longer line is a paragraph of the article
_ADVERT_LINE = 12  # after "Advertisement" the article may go on at once


def is_furniture(line: str) -> bool:
    """Whether a whole line is a site's, not the article's."""
    return len(line) <= 200 and _FURNITURE.fullmatch(line.strip("[]*_ ") or line) is not None


def is_disclaimer(text: str) -> bool:
    """Whether a whole paragraph is the site's disclaimer about its authors' views."""
    if not _DISCLAIMER.match(text):  # first: it looks at the beginning alone
        return False
    return len(text.split()) <= 80 and _ABOUT_SITE.search(text) is not None


def read_furniture(blocks: list[Block]) -> Meta:
    """Read the outlet's name, and that it is a column, off the site's own lines."""
    label = next((label_in_note(b.text) for b in blocks if is_disclaimer(b.text)), None)
    return Meta(outlet=_site(blocks), label=label)


def _site(blocks: list[Block]) -> str | None:
    lines = [line for block in blocks if not block.author for line in block.lines]
    banners = Counter(m["who"] for line in lines if (m := _BANNER.fullmatch(line)))
    counters = any(map(_is_counter, lines))
    for who, times in banners.most_common():
        if (times > 1 or counters) and not _NOT_A_SITE.match(who):
            return who
    for line in lines:
        if len(line) < 150 and (match := _COPYRIGHT.fullmatch(line)) and is_outlet(match["who"]):
            return match["who"]
    return None


def drop_furniture(blocks: list[Block]) -> list[Block]:
    """Blocks without a site's own lines, and without the short lines that trail after them."""
    text = [n for n, block in enumerate(blocks) if block.is_prose and not _is_note(block)]
    first, last = (text[0], text[-1]) if text else (len(blocks), 0)
    dropped = [_dropped_lines(block, not first < n < last) for n, block in enumerate(blocks)]
    for number in _trailing_list(blocks, dropped):
        dropped[number] = set(blocks[number].lines)
    return keep_lines(blocks, lambda number, line: line not in dropped[number])


def _is_note(block: Block) -> bool:
    """Whether nothing but the site speaks in a block, in however many words."""
    if is_disclaimer(block.text):
        return True
    return all(is_furniture(line) or _is_edge(line) for line in block.lines)


def _trailing_list(blocks: list[Block], dropped: list[set[str]]) -> range:
    """Short blocks that end the page after "Related stories": other stories' headlines."""
    end = max((n for n, block in enumerate(blocks) if _is_text(block, dropped[n])), default=0)
    after = range(end + 1, len(blocks))
    opens = (n for n in after if any(map(_LIST_FOLLOWS.fullmatch, dropped[n])))
    listed = range(next(opens, len(blocks)), len(blocks))
    lines = sum(len(blocks[number].lines) for number in listed)
    return listed if lines <= _LONGEST_LIST + 1 else range(0)


def _is_text(block: Block, dropped: set[str]) -> bool:
    return block.is_prose and not dropped.issuperset(block.lines)


def _dropped_lines(block: Block, at_edge: bool) -> set[str]:
    if block.kind != "body":
        return set()
    if is_disclaimer(block.text) or _is_banner(block) or _is_member_card(block):
        return set(block.lines)
    return {line for line in block.lines if is_furniture(line) or (at_edge and _is_edge(line))}


def _is_edge(line: str) -> bool:
    """Lines that are furniture only before the first or after the last paragraph."""
    banner = _BANNER.fullmatch(line)
    if banner and not _NOT_A_SITE.match(banner["who"]):
        return True
    return any(it.fullmatch(line) for it in (_MORE, _TAGS, _CONTACT, _RANK, _MEMBER_FACT))


def _is_banner(block: Block) -> bool:
    """Whether a short block opens with a banner's headline or consists of counters and a month."""
    lines = block.lines
    if sum(map(_is_counter, lines)) >= 2:
        return all(_is_counter(line) or _MONTH_YEAR.fullmatch(line) for line in lines)
    opens = _BANNER_HEAD.match(lines[0].strip("[]*_ "))
    if not opens or not is_furniture(lines[0]) or block.words > _BANNER_WORDS:
        return False
    return max(map(_words, lines)) <= (_ADVERT_LINE if opens[1] else _BANNER_LINE)


def _words(line: str) -> int:
    return len(line.split())


def _is_counter(line: str) -> bool:
    return _COUNTER.fullmatch(line) is not None


def _is_member_card(block: Block) -> bool:
    """Whether it is a forum member's rank and the date he joined: not the article's date."""
    lines = block.lines
    if not any(map(_RANK.fullmatch, lines)) or block.words > 30:
        return False
    return all(
        _RANK.fullmatch(line)
        or _MEMBER_FACT.fullmatch(line)
        or any(find_dates(line))
        or " " not in line
        for line in lines
    )
