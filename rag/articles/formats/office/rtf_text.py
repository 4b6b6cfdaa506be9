"""The text of a Rich Text document: destinations, formatting, tables, notes and boxes."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.articles.formats.office.flow import Flow, is_white
from rag.articles.formats.office.rtf_state import FORMATS, State, Story
from rag.articles.formats.office.rtf_tokens import (
    SYMBOL,
    USUAL,
    Token,
    code_page,
    decoded,
    font_page,
    tokens,
)
from rag.articles.formats.office.symbols import symbol
from rag.errors import ArticleError
from rag.schema import Kind

_TINY = 2  # half points and less: nobody reads it
_DEEPEST = 5_000  # groups within groups
_SKIPPED = frozenset(
    "pict objdata objclass objname header headerl headerr headerf footer footerl footerr footerf"
    " themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl"
    " revtbl filetbl generator xmlnstbl fldinst annotation atnid atnauthor atntime atndate atnref"
    " atnparent bkmkstart bkmkend nonshppict shprslt sp listtext pntext pntxta pntxtb xe tc tcn"
    " ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn private falt panose nonesttables background"
    " userprops template upr".split()
)
_ENTERED = frozenset(
    "shpinst ud nesttableprops do footnote momath momathpara shptxt result".split()
)
_SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ",
    "enspace": " ", "qmspace": " ", "nestcell": " | ",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_ENDS = ("par", "sect", "page", "column", "nestrow")
_SETS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": USUAL}


@dataclass(slots=True)
class Document:
    """What was read: blocks, the two properties, texts by style, and all words that are held."""

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    author: str = ""
    titles: dict[str, str] = field(default_factory=dict)  # by style: "title", "heading 1"
    held: list[str] = field(default_factory=list)
    changed: bool = False  # has tracked changes


def read_text(data: bytes) -> Document:
    """Read a document.

    Raises:
        ArticleError: groups are nested without end.

    """
    reader = _Reader(is_utf8=_is_utf8(data))
    for token in tokens(data):
        reader.take(token)
    return reader.finished()


def _is_utf8(data: bytes) -> bool:
    """Whether letters were written as UTF-8, against the rules."""
    if data.isascii():
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(slots=True)
class _Reader:
    is_utf8: bool
    document: Document = field(default_factory=Document)
    state: State = field(default_factory=State)
    stack: list[State] = field(default_factory=list)
    page: str = USUAL
    usual_font: int = 0
    fonts: dict[int, tuple[str | None, str]] = field(default_factory=dict)  # code page, name
    charset: int | None = None
    font_code: int | None = None
    colours: list[tuple[int, int, int]] = field(default_factory=list)
    mixing: list[int] = field(default_factory=lambda: [0, 0, 0])
    styles: dict[int, str] = field(default_factory=dict)
    buffer: bytearray = field(default_factory=bytearray)  # of the current font's code page
    half: int = 0  # the first half of a character beyond the first 65,536
    skip: int = 0  # characters to pass over after \u

    def take(self, token: Token) -> None:
        if token.kind in ("byte", "text"):
            self._letters(token.value)
            return
        self._flush()
        if token.kind == "open":
            self._open()
        elif token.kind == "close":
            self._close()
        elif self.skip:
            self.skip -= 1
        elif token.kind == "symbol":
            self._symbol(token.value)
        else:
            self._word(token.value.decode().lower(), token.number)

    def finished(self) -> Document:
        self._flush()
        while self.stack:
            self._close()
        self.document.blocks = self.state.story.close()
        return self.document

    # --- groups

    def _open(self) -> None:
        if len(self.stack) >= _DEEPEST:
            raise ArticleError("Its groups are nested without end; save it again as .rtf.")
        self.skip = 0
        self.stack.append(self.state)
        self.state = copy(self.state)
        self.state.fresh, self.state.starred = True, False

    def _close(self) -> None:
        self.skip = 0
        inner = self.state
        if not self.stack:
            return
        self.state = self.stack.pop()
        if inner.story is not self.state.story:
            kind: Kind | None = "caption" if inner.place == "note" else None
            self._flow().follow(inner.story.close(), kind)
            self.document.held.append("\n")

    # --- what is written

    def _letters(self, data: bytes) -> None:
        self.state.fresh = False
        passed = min(self.skip, len(data))
        self.skip -= passed
        data = data[passed:]
        if self.is_utf8 and not data.isascii() and len(data) > 1:
            self._flush()
            self._write(data.decode("utf-8", "replace"))
        else:
            self.buffer += data

    def _flush(self) -> None:
        if not self.buffer:
            return
        data, self.buffer = bytes(self.buffer), bytearray()
        page, name = self.fonts.get(self._font(), (None, ""))
        if page == SYMBOL:
            self._write("".join(symbol(name, byte) for byte in data))
        else:
            self._write(decoded(data, page or self.page, self._other_page()))

    def _font(self) -> int:
        if self.state.font is None:
            return -1 if self.state.place in ("title", "author") else self.usual_font
        return self.state.font

    def _other_page(self) -> str:
        page, _ = self.fonts.get(self.usual_font, (None, ""))
        return self.page if self.page != USUAL or page in (None, SYMBOL) else page or USUAL

    def _write(self, text: str) -> None:
        state = self.state
        if state.place == "title":
            self.document.title += text
        elif state.place == "author":
            self.document.author += text
        elif state.place == "fonts":
            self._name_font(text)
        elif state.place == "colours":
            self._mix(text)
        elif state.place == "styles" and state.style:
            self.styles[state.style] = self.styles.get(state.style, "") + text
        elif state.place in ("text", "note") and self._is_seen():
            up = self._is_raised()
            self.document.held.append(" " if up else text)
            self._flow().add(text, up=up)

    def _is_seen(self) -> bool:
        state = self.state
        gone = state.hidden or state.deleted or state.struck or state.size <= _TINY
        if gone or self._style().startswith("toc "):
            return False
        coloured = 0 < state.colour < len(self.colours)
        white = coloured and is_white(bytes(self.colours[state.colour]).hex())
        in_box = state.place == "text" and state.story is not self._first().story
        return not white or state.shaded or state.in_table or in_box

    def _first(self) -> State:
        return self.stack[0] if self.stack else self.state

    def _is_raised(self) -> bool:
        state, story = self.state, self.state.story
        if state.superscript is not None:
            return state.superscript
        raised = state.up > 0 and (state.size < story.size or 4 * state.up >= state.size)
        if not state.up:
            story.size = state.size
        return raised

    def _style(self) -> str:
        return self.styles.get(self.state.style, "").partition(";")[0].strip().lower()

    def _flow(self) -> Flow:
        state = self.state
        if state.in_table:
            return state.story.cell
        state.story.end_table()
        return state.story.flow

    def _end(self) -> None:
        """End a paragraph, unless its mark is hidden or deleted."""
        state = self.state
        if state.hidden or state.deleted or state.place not in ("text", "note"):
            return
        flow, style = self._flow(), self._style()
        before = len(flow.blocks)
        flow.end("caption" if style == "caption" else "body")
        self.document.held.append("\n")
        if style in ("title", "heading 1") and len(flow.blocks) > before:
            self.document.titles.setdefault(style, one_line(flow.blocks[before].text))

    def _end_cell(self) -> None:
        story = self.state.story
        cell = story.cell if self.state.in_table else story.flow.cut()
        cell.end()
        story.cells.append(cell)
        story.cell = Flow()
        self.document.held.append("\n")

    # --- tables of the document's head

    def _name_font(self, text: str) -> None:
        if (number := self.state.font) is None:  # blanks between the fonts
            return
        name = self.fonts.get(number, (None, ""))[1] + text.partition(";")[0]
        self.fonts[number] = font_page(self.charset, self.font_code, name), name

    def _mix(self, text: str) -> None:
        for _ in range(text.count(";")):
            self.colours.append((self.mixing[0], self.mixing[1], self.mixing[2]))
            self.mixing = [0, 0, 0]

    # --- control words

    def _symbol(self, value: bytes) -> None:
        if value == b"*":
            self.state.starred = self.state.fresh
            return
        self.state.fresh = False
        if value in (b"\n", b"\r", b"\r\n"):
            self._end()
        elif sign := _SYMBOLS.get(value):
            self._write(sign)

    def _word(self, word: str, number: int | None) -> None:
        state = self.state
        starred, state.starred, state.fresh = state.starred, False, False
        if word in _SKIPPED:
            state.around, state.place = state.place, "skipped"
        elif word == "ud":
            state.place = state.around
        elif starred and word not in _ENTERED:
            state.place = "skipped"
        elif state.place != "skipped":
            self._known(word, number)

    def _known(self, word: str, number: int | None) -> None:
        if word == "u":
            self._unicode(number or 0)
        elif word in _SIGNS:
            self._write(_SIGNS[word])
        elif word in _ENDS:
            self._end()
        elif word == "cell":
            self._end_cell()
        elif word == "row":
            self.state.story.end_row()
            self.state.in_table = False
        elif not self._enter(word) and not self._set_up(word, number):
            self._format(word, number)

    def _unicode(self, number: int) -> None:
        self.skip = self.state.fallback
        code = number & 0xFFFF if -0x8000 <= number <= 0xFFFF else 0
        if 0xD800 <= code < 0xDC00:
            self.half = code
        elif 0xDC00 <= code < 0xE000:
            pair = 0x10000 + ((self.half - 0xD800) << 10) + (code - 0xDC00)
            self._write(chr(pair) if self.half else "")
            self.half = 0
        elif 0xF000 <= code <= 0xF0FF:
            self._write(symbol(self.fonts.get(self._font(), (None, ""))[1], code))
        elif code:
            self._write(chr(code))

    def _enter(self, word: str) -> bool:
        """Go into a destination, if the word is one."""
        state = self.state
        places = {"fonttbl": "fonts", "colortbl": "colours", "stylesheet": "styles", "info": "info"}
        if word in places:
            state.place, state.font = places[word], None
        elif word in ("title", "author") and state.place == "info":
            state.place = word
        elif word in ("shpinst", "do"):
            state.place = "frame"
        elif word in ("footnote", "shptxt", "dptxbxtext"):
            kept = state.fallback
            note = "note" if word == "footnote" else "text"
            self.state = State(place=note, story=Story(), fresh=False, fallback=kept)
        else:
            return False
        return True

    def _set_up(self, word: str, number: int | None) -> bool:
        """What is said of the document, its fonts, its colours and its styles."""
        state, value = self.state, number or 0
        if word in _SETS:
            self.page = _SETS[word]
        elif word == "ansicpg":
            self.page = code_page(value)
        elif word == "deff":
            self.usual_font = value
        elif word == "f" and state.place == "fonts":
            state.font, self.charset, self.font_code = value, None, None
            self.fonts[value] = None, ""
        elif word == "fcharset":
            self.charset = value
        elif word == "cpg":
            self.font_code = value
        elif word in ("red", "green", "blue"):
            self.mixing["red green blue".split().index(word)] = value & 0xFF
        else:
            return False
        return True

    def _format(self, word: str, number: int | None) -> None:
        on = number != 0
        state, changes = self.state, FORMATS.get(word)
        if changes:
            changes(state, on, number)
        is_text = state.place in ("text", "note")
        if is_text and on and word in ("deleted", "revised", "mvf", "mvt"):
            self.document.changed = True
