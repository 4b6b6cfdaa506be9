"""Which blocks are the article, which are reader comments, which are captions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rag.articles.boilerplate import is_disclaimer, is_furniture
from rag.articles.drafts import Block
from rag.text.dates import MONTH

_OPENS = re.compile(
    r"(?:(?:(?:reader|user|your|recent|top|all|latest)[’'s]*\s)?comments?(?:\s?\(\d+\))?:?"
    r"|\d+\s(?:reader\s|user\s)?(?:comments?|responses?|replies|thoughts?)(?:\s(?:to|on)\b.{0,150})?"
    r"|(?:comments?|responses|replies|latest replies)(?:\s?\(\d+\))?:?"
    r"|(?:readers?[’'s]*)\s(?:comments?|respond|replies|say|write)(?:\s?\(\d+\))?:?"
    r"|notify of|inline feedbacks|view all comments|newest most voted)",
    re.IGNORECASE,
)
_WIDGET = re.compile(
    r"(?:notify of|inline feedbacks|view (?:all|more) (?:comments|replies)|newest|oldest|most voted"
    r"|newest most voted|sort by.{0,20}|best|would love your thoughts.{0,40}"
    r"|(?:leave|post|write|add|submit) a (?:comment|reply).{0,30}|cancel reply|reply|report|flag"
    r"|like|dislike|\d+|load(?:ing)? (?:more )?comments.{0,10}"
    r"|(?:log|sign) in to (?:comment|reply).*"
    r"|comments are closed.{0,60}|no (?:comments|replies)(?: yet)?\.?|be the first to.{0,60}"
    r"|join the (?:conversation|discussion).{0,20}|your email address will not be published.*"
    r"|new threads|you must be logged in.{0,40})",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?:(\d+)\s\w+|.*\((\d+)\))", re.IGNORECASE)
_NICK = r"(?P<nick>[^\s:,()•|·—–][^:,()•|·—–\n]{0,29}?)"
_WHEN = (
    rf"(?:(?:on |at )?\d{{1,2}}(?:st|nd|rd|th)? {MONTH}|(?:on )?{MONTH}\.? \d{{1,2}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\d+ (?:second|minute|hour|day|week|month|year)s? ago|yesterday)"
)
_SIGNED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NICK} (?:says?|said|wrote|writes|commented|replied)\b[^.!?]{{0,60}}?:",
        rf"{_NICK} (?:says?|said|wrote|writes|commented|replied)(?: (?:on|at) .{{1,50}})?$",
        rf"(?:posted|comment(?:ed)?|reply|written) by:? {_NICK}(?:[,|•·:(—–-].*| (?:on|at) .*)?$",
        rf"{_NICK}\s*[,|•·—–(-]\s*{_WHEN}[^.!?]{{0,40}}?(?:\)|:|$)",
        rf"{_NICK} {_WHEN}[^.!?]{{0,30}}(?::|$)",
    )
)
_INLINE = re.compile(rf"{_NICK}:\s+\S")
_NUMBERED = re.compile(r"(?P<number>\d{1,4})[.)]\s+\S")
_PERSONAL = re.compile(r"\b(?:I|I[’']\w+|[Ww]e|[Mm]y|[Oo]ur|[Yy]ou|[Yy]our)\b")
_ANNOUNCES = re.compile(
    r":$|\b(?:follow(?:ing|s)|reasons|steps|points|questions|rules|demands|lessons|ways|things|below"
    r"|one by one|here (?:are|is)|here[’']s|list)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:(?:file |stock )?(?:photo(?:graph)?|image|picture|figure|graphic|chart|map|illustration)"
    r"(?: (?:caption|credit|by))?(?: \d+)?|caption|credit|photos)\s*[:—–]\s*\S|\((?:photo|image)\b",
    re.IGNORECASE,
)
_REMARK = re.compile(r"(?:[.!…]|[.!?]\s.*\?)[\"”’')]*$", re.DOTALL)
_BEFORE_COMMENTS = 60  # words of article that must stand before a comment section


def mark_captions(blocks: list[Block]) -> list[Block]:
    """Blocks such as "Photo: …" as captions."""
    return [
        replace(block, kind="caption")
        if block.kind == "body" and block.words <= 60 and _CAPTION.match(block.text)
        else block
        for block in blocks
    ]


def split_comments(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Separate the article's blocks from its readers' comments, one block each."""
    if (start := _section_start(blocks)) is not None:
        before, after = _cut(blocks, *start)
        return before, _read_section(after)
    if (number := _numbered_start(blocks)) is not None:
        return blocks[:number], _read_section(blocks[number:])
    return blocks, []


def _section_start(blocks: list[Block]) -> tuple[int, int] | None:
    """Block and line of the first heading of a comment section that has an article before it."""
    words = 0
    for number, block in enumerate(blocks):
        for at, line in enumerate(block.lines):
            if words >= _BEFORE_COMMENTS and _OPENS.fullmatch(line):
                return number, at
        words += block.words if block.is_prose else 0
    return None


def _cut(blocks: list[Block], number: int, at: int) -> tuple[list[Block], list[Block]]:
    block = blocks[number]
    before, after = "\n".join(block.lines[:at]), "\n".join(block.lines[at:])
    head = [Block(before, block.kind, starts=block.starts)] if before else []
    starts = () if before else block.starts
    return [*blocks[:number], *head], [
        replace(block, text=after, starts=starts),
        *blocks[number + 1 :],
    ]


def _numbered_start(blocks: list[Block]) -> int | None:
    """Start of a numbered run to the very end that reads as readers writing, not as a list."""
    starts = [n for n, block in enumerate(blocks) if _number(block) == 1]
    if not starts or starts[-1] == 0:
        return None
    run = blocks[starts[-1] :]
    items = [block for block in run if _number(block) is not None]
    in_order = [_number(block) for block in items] == list(range(1, len(items) + 1))
    personal = sum(_PERSONAL.search(block.text) is not None for block in items)
    long = all(block.words >= 12 for block in items)
    announced = _ANNOUNCES.search(blocks[starts[-1] - 1].text)
    ends = _number(run[-1]) is not None  # more text after a list: the article goes on
    is_run = ends and in_order and long and len(items) >= 2 and 2 * personal >= len(items)
    return starts[-1] if is_run and not announced else None


def _number(block: Block) -> int | None:
    match = _NUMBERED.match(block.text)
    return int(match["number"]) if match else None


@dataclass(slots=True)
class _Comment:
    author: str | None
    texts: list[str] = field(default_factory=list)


def _read_section(blocks: list[Block]) -> list[Block]:
    count = _stated_count(blocks)
    paragraphs = [text for block in blocks if (text := _without_widgets(block))]
    inline = _all_inline(paragraphs)
    comments: list[_Comment] = []
    for text in paragraphs:
        _add(comments, text, inline=inline)
    if not _are_separated(comments):
        enough = len(comments) if count is None else count
        comments = [
            comment
            for number, comment in enumerate(comments)
            if (count is not None and number < enough) or _is_said("\n".join(comment.texts))
        ]
    starts = tuple(0 for block in blocks for _ in block.starts)
    found = [Block("\n\n".join(c.texts), "comment", c.author) for c in comments if c.texts]
    return [replace(found[0], starts=starts), *found[1:]] if found else []


def _stated_count(blocks: list[Block]) -> int | None:
    lines = (line for block in blocks for line in block.lines if _OPENS.fullmatch(line))
    counts = [int(m[1] or m[2]) for line in lines if (m := _COUNT.match(line))]
    return counts[0] if counts else None


def _without_widgets(block: Block) -> str:
    return "\n".join(
        line
        for line in block.lines
        if not (_OPENS.fullmatch(line) or _WIDGET.fullmatch(line) or is_furniture(line))
        and not is_disclaimer(line)
    )


def _all_inline(paragraphs: list[str]) -> bool:
    """Whether every comment starts "nick: …", so that a colon is no accident."""
    return bool(paragraphs) and all(_INLINE.match(text) for text in paragraphs)


def _add(comments: list[_Comment], text: str, *, inline: bool) -> None:
    """Open a comment where one is signed or numbered; else go on with the one before."""
    author = _signature(text) or (_nick(_INLINE.match(text)) if inline else None)
    if author or _NUMBERED.match(text) or not comments or not _goes_on(comments[-1]):
        comments.append(_Comment(author, [text]))
    else:
        comments[-1].texts.append(text)


def _goes_on(comment: _Comment) -> bool:
    return comment.author is not None or _NUMBERED.match(comment.texts[0]) is not None


def _are_separated(comments: list[_Comment]) -> bool:
    return any(map(_goes_on, comments))


def _signature(text: str) -> str | None:
    line = text.split("\n")[0]
    return next((nick for it in _SIGNED if (nick := _nick(it.match(line)))), None)


def _nick(match: re.Match[str] | None) -> str | None:
    if not match or len(match["nick"].split()) > 4:
        return None
    return match["nick"].strip(" *_.") or None


def _is_said(text: str) -> bool:
    """Whether an unsigned paragraph is a remark, not the next story's headline."""
    return len(text.split()) >= 25 or any(map(_REMARK.search, text.split("\n")))
