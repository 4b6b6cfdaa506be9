"""A model's reply as it comes -> the text to show, its sentences checked, and what it amounts to.

    pieces -> thoughts left out -> sentences -> markers made one -> courtesies and source lists
    dropped -> text with [n] -> Checked sentences

Cut anywhere, the same reply gives the same. A sentence is shown when it is complete: until then
half of it may be a marker, and what may be a refusal is held back, since the refusal shown may be
another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from html import unescape

from rag.answering.citations import MarkedText
from rag.answering.layout import laid_out, segments
from rag.answering.manners import is_absence, is_bare, is_courtesy, is_foreign_refusal, is_silence
from rag.answering.markers import MARK, canonical
from rag.answering.paragraphs import Segment
from rag.models.embedding import Embedder
from rag.models.prompts import REFUSAL, visible
from rag.models.thinking import Spoken
from rag.schema import Answer, Article, Checked, Event, Hit, Restarted, Sentence, Token
from rag.text.language import written_in
from rag.text.words import plain_words

# A line ends a piece; so does a full stop or a marker with a space and another word behind it, but
# not the full stop of "am 4. Mai".
_BREAK = re.compile(
    r"\n|(?<=[.!?…:\]】>])(?<!\b\d\.)(?<!\b\d\d\.)"
    r"[\"'”’»)*_]*[ \t]+(?=[^\s\[\](（【［<^\\{}$*_`•–—#|>\d⁰¹²³⁴⁵⁶⁷⁸⁹-])"
    r"|(?<=[。！？])(?=[^\s\[(（【［<^”」』])"
)
_VERDICT = re.compile(
    r"[\s\"'“*_`\[(#]*(NOT IN ARTICLES|(?i:NOT_IN_ARTICLES)|PARTLY)(?![A-Za-z_])"
    r"[\"'”*_`\])]*[.:,;]*[\"'”*_`\])]*(?:[ ][–—-]+[ ])?\s*"
)
_AGAIN = re.compile(  # a verdict that comes too late to be one
    r"^([\s*_#>-]*)(?:PARTLY[.:,;]+\s*"
    r"|(?:PARTLY|NOT_IN_ARTICLES)\s+(?=[\"“‘„«¿¡]?[A-ZÄÖÜÉÈÀ][a-zà-ÿ]))"
)
_WORD = re.compile(r"NOT_IN_ARTICLES\b", re.IGNORECASE)
_WRAPPER = re.compile(r"</?(?:answer|response|output|result|final_answer|reply)>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|nbsp|lt|gt|quot|apos|\#39);")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)\w*[ \t]*\n?")
_HEADING = re.compile(r"^\s*#+[^\n]*\n+")
_OPENING = re.compile(
    r"\s*(?:#[^\n]*|[^\n]*:[*_\s]*|\*\*[^*\n]+\*\*\s*)\s*"
)  # a heading, "Answer:"
_RULE = re.compile(r"\s*(?:[-*_=]\s?){3,}\n?")
_HEAD = (
    r"sources?|references?|citations?|footnotes?|bibliography|quellen?|quellenangaben?|belege?"
    r"|quellenverzeichnis|nachweise?|références|sources\s+citées|fuentes|referencias|fonti"
    r"|riferimenti|bronnen|fontes|referências|sources\s+(?:used|cited)|cited\s+(?:passages|sources)"
)
_SOURCES = re.compile(rf"[\s>#*_-]*(?:{_HEAD})[\s*_]*(?::[\s*_]*|\n|$)", re.IGNORECASE)
_CREDIT = re.compile(
    rf"\s?[(\[]\s*(?P<head>(?:{_HEAD})\s*:)?(?P<named>[^()\[\]\n]{{4,150}})[)\]]", re.IGNORECASE
)
_ITEM = re.compile(r"[\s>*•-]*(?:\(?\d{1,3}[.):]\s+)?")
_BARE = re.compile(r"\s*\d{1,3}(?:\s*[,;&]\s*\d{1,3})*[\s.*_]*")
_LABEL = re.compile(r"\s*[*_]{0,3}\w[\w ]{0,24}:[*_]{0,3}[ \t]+")  # "Note: ", before a courtesy
_INLINE_HEAD = re.compile(rf"(?:^|(?<=[\s.]))(?:{_HEAD})\s*:\s*(?={MARK.pattern})", re.IGNORECASE)
_NUMBERED = re.compile(r"\W*\w+\s\d{1,3}:\s*")  # "Source 3: ", before its headline
_BULLET = re.compile(r"^([ \t]*)[•●▪◦‣·∙][ \t]+")
_NOTE = re.compile(rf"[\s>*-]*{MARK.pattern}\s?:")
_OF_A_TITLE = 0.8  # share of a line's words that stand in a passage's headline, outlet and date
_A_HEADLINE = 3  # words
_LONGEST_PIECE = 600  # characters
_LONGEST_REFUSAL = 90  # words


class Telling:
    """A model's text as it comes, turned into events: Restarted, Token, and Checked at the end."""

    def __init__(
        self,
        hits: Sequence[Hit],
        question: str = "",
        refusal: str = REFUSAL,
        embedder: Embedder | None = None,
        language: str | None = None,
    ) -> None:
        """`hits`: the numbered passages, number 1 first, as the model was shown them.

        `language` (ISO 639-1): what it was asked in, where the answer is too short to tell its own.
        `refusal` is shown where the model's reply is a bare one. `embedder` tells likeness to
        refusals and courtesies; None: they are told by their words alone.
        """
        self._hits, self._question = hits, question
        self._refusal, self._embedder, self._language = refusal, embedder, language
        self._spoken = Spoken()
        self._begin()

    def _begin(self) -> None:
        self.raw = ""
        self.sentences: list[Sentence] = []
        self.declines = False  # the reply says that the articles do not answer; known at the end
        self._marked = MarkedText(self._hits)
        self._half = ""  # the beginning of a piece
        self._verdict = ""  # the model's own first word
        self._kept, self._lacks = "", False  # what may be all of a refusal; whether it sounds so
        self._label = ""  # goes with the sentence behind it
        self._gap = ""  # white space and rules before what is shown next
        self._opens, self._quoting = True, False  # a line begins; inside quotation marks
        self._row = False  # of a table
        self._listing, self._skipping = False, False  # a list of sources; the rest of a line
        self._listed = ""  # marks of the sources listed
        self._bracketed = False  # markers stand in brackets: "(1)" is none

    @property
    def thought(self) -> bool:
        """Whether there were thoughts or tool calls."""
        return self._spoken.thought

    @property
    def empty(self) -> bool:
        """Whether, the model having ended, there is neither an answer nor a refusal."""
        return not (self.declines or self.sentences)

    def feed(self, piece: str) -> Iterator[Event]:
        """Take the next piece of the model's text. Raises ModelError."""
        said = self._spoken.feed(piece)
        if self._spoken.withdrawn:
            if self._marked.text:
                yield Restarted("The model was thinking aloud; its answer follows.")
            self._begin()
        yield from self._say(said)

    def finish(self) -> Iterator[Event]:
        """The model has ended. Raises ModelError."""
        yield from self._say(self._spoken.finish())
        yield from self._take(self._half)
        yield from self._show(self._label)
        if self._kept and not self._lacks and not self._verdict.startswith("NOT"):
            text, self._kept = self._kept, ""
            yield from self._put(text)
        if self._listed and self._marked.text and not self._marked.cites:
            self._gap = "\n\n"
            yield from self._put(self._listed)
        found = segments(laid_out(self._marked.text))
        claims = [item for item in found if self._is_claim(item)]
        self.declines = self._is_declined(claims, found)
        if self.declines and not self._marked.text:
            yield from self._decline()
        if not self.declines:
            claims = claims or [item for item in found if item.words]
        language = written_in(self._marked.text) or self._language
        said = [item for item in claims if item.numbers or not self.declines]
        self.sentences = [self._marked.checked(item, language) for item in said]
        yield from map(Checked, self.sentences)

    def answer(self, blank: Answer) -> Answer:
        """`blank` with the text, its sentences and citations."""
        return replace(
            blank,
            status="not_in_articles" if self.declines else "answered",
            text=self._marked.text,
            sentences=tuple(self.sentences),
            citations=tuple(self._marked.citations(self.sentences)),
            dropped_markers=tuple(self._marked.dropped),
        )

    # --- piece by piece

    def _say(self, said: str) -> Iterator[Event]:
        said = visible(said)
        self.raw += said
        text, last = self._half + said, 0
        for match in _BREAK.finditer(text):
            piece = text[last : match.end()]
            if match[0] == "\n" or _is_whole(piece):
                yield from self._take(piece)
                last = match.end()
        self._half = text[last:]

    def _take(self, piece: str) -> Iterator[Event]:
        """A sentence, a line, or the first or last part of one."""
        first = not (self._marked.text or self._kept or self._verdict)
        while first and (verdict := _VERDICT.match(piece)):
            self._verdict = self._verdict or verdict[1].upper()
            piece = piece[verdict.end() :]
        said = _readable(_AGAIN.sub(r"\1", piece), row=self._in_row(piece))
        silent = is_silence(said)  # "passages 1–6 do not mention it"
        text = canonical(said, len(self._hits), bracketed=self._bracketed, prose=not silent)
        self._bracketed |= bool(MARK.search(text)) and any(sign in piece for sign in "[【")
        opens, self._opens = self._opens, piece.endswith("\n") or (self._opens and not piece)
        if opens:
            self._skipping = self._is_source(text, piece)
            text = _BULLET.sub(r"\1- ", text)
        text = _INLINE_HEAD.sub("", text)
        if self._skipping:
            self._listed += "".join(MARK.findall(text))
        elif self._is_courtesy(text):
            self._label = ""
        elif _LABEL.fullmatch(text):
            self._label += text
        elif not (opens and _FENCE.fullmatch(text)):
            text, self._label = self._label + text, ""
            yield from self._show(self._uncredited(text))
        self._follow_quotes(piece)

    def _in_row(self, piece: str) -> bool:
        """Whether a piece is of a row of a table, where no line may break."""
        if self._opens:
            self._row = piece.lstrip().startswith("|")
        return self._row

    def _is_source(self, text: str, piece: str) -> bool:
        """Whether the line that begins with `text` lists sources: by its head, or by itself."""
        if head := _SOURCES.match(text):
            self._listing = True
            if numbers := _BARE.fullmatch(text, head.end()):
                self._listed += self._mark(numbers[0].strip(" .*_\n"))
            return True
        bare = _ITEM.sub("", text, count=1)
        marked = bool(MARK.match(bare))
        if not text.strip():
            return False
        titled = next(iter(self._titled(bare)), "")
        if self._listing:
            self._listing = marked or bare != text or bool(titled)
            self._listed += "" if marked or not self._listing else titled
            return self._listing
        if not self._marked.text:
            return False
        if _NOTE.match(text):  # "[^1]: …", or "[1]: …" with a headline or an address behind it
            return piece.lstrip().startswith("[^") or bool(titled) or "://" in text
        return marked and self._marked.cites and bool(titled)

    def _titled(self, text: str, *, whole: bool = False) -> list[str]:
        """The marks of articles whose headline, author, outlet and date the words are of.

        `whole`: the outlet or the headline must be among them, not only a date or a word of it.
        """
        words = set(plain_words(MARK.sub(" ", text)))
        found: dict[str, str] = {}
        for at, hit in enumerate(self._hits, start=1):
            known = set(plain_words(f"{hit.passage.header} {hit.article.credits}"))
            dated = {word for word in words if word.isdigit()} <= known
            named = not whole or _names(words, hit.article)
            if words and dated and named and len(words & known) >= _OF_A_TITLE * len(words):
                found.setdefault(hit.article.id, self._mark(str(at)))
        return list(found.values())

    def _mark(self, numbers: str) -> str:
        return canonical(f"[{numbers}]", len(self._hits), bracketed=True)

    def _is_courtesy(self, text: str) -> bool:
        if MARK.search(text) or self._quoting:
            return False
        return is_courtesy(text.strip(" \n\t*_#>"), self._embedder)

    def _uncredited(self, text: str) -> str:
        """`text` without sources named in brackets: "(Source: The Gazette, 4 March)".

        Where nothing else is cited and one article alone can be meant, they are citations of it.
        """

        def marks(match: re.Match[str]) -> str:
            titled = self._titled(match["named"], whole=not match["head"])
            cited = "".join(MARK.findall(match[0]))
            if not match["head"] and (cited or len(titled) != 1 or MARK.search(text)):
                return match[0]
            return cited or (titled[0] if len(titled) == 1 and not MARK.search(text) else "")

        return _CREDIT.sub(marks, text)

    def _follow_quotes(self, piece: str) -> None:
        for sign in piece:
            if sign in "“„«":
                self._quoting = True
            elif sign in "”»\n":
                self._quoting = False
            elif sign == '"':
                self._quoting = not self._quoting

    # --- shown, or kept back

    def _show(self, text: str) -> Iterator[Event]:
        """Show what is surely no refusal; what may be one is kept until more is known."""
        if self._marked.text:
            yield from self._put(text)
        elif self._may_decline(text):
            self._kept += text
        else:
            text, self._kept = self._kept + text, ""
            yield from self._put(text)

    def _may_decline(self, text: str) -> bool:
        """Whether all so far may be a refusal, or a heading before one."""
        if not any(map(str.isalnum, text)):  # "NOT_IN_ARTICLES [1]", or nothing yet
            return bool(self._kept) or (self._verdict.startswith("NOT") and bool(text.strip()))
        if self._is_absence(_plain(text), cited=bool(MARK.search(text))):
            self._lacks = True
            return True
        if MARK.search(text):
            return False
        if self._lacks or self._verdict.startswith("NOT"):
            short = len((self._kept + text).split()) <= _LONGEST_REFUSAL
            return short and not any(map(str.isdigit, text))
        return bool(_OPENING.fullmatch(text))

    def _put(self, text: str) -> Iterator[Event]:
        body = text.strip()
        if not body or _RULE.fullmatch(text):
            self._gap += text
            return
        start = text.index(body[0])
        gap = re.sub(r"\n{3,}", "\n\n", self._gap + text[:start]) if self._marked.text else ""
        self._gap = text[start + len(body) :]
        shown, fresh = self._marked.add(gap + body)
        yield Token(shown, tuple(fresh))

    # --- what it amounts to

    def _is_claim(self, item: Segment) -> bool:
        if not item.words or item.label:
            return False
        return item.drops or not self._is_absence(item.bare, cited=item.cites)

    def _is_absence(self, text: str, *, cited: bool) -> bool:
        """Whether it says what the articles do not; with a citation, only if it names them."""
        if cited:
            return is_silence(text)
        return is_absence(text, self._embedder, self._question)

    def _is_declined(self, claims: Sequence[Segment], found: Sequence[Segment]) -> bool:
        if self._verdict.startswith("NOT") or self._kept:
            return True
        said = [item for item in found if item.words and not item.label]
        if said and not claims:
            return True
        if self._marked.cites or self._marked.dropped:
            return False
        text = " ".join(item.bare for item in found)
        return is_foreign_refusal(text, self._hits, self._question)

    def _decline(self) -> Iterator[Event]:
        """Byline's refusal for a bare one; the model's own words where they say more."""
        own = _HEADING.sub("", self._kept).strip()
        kept = _plain(own)
        bare = not kept or (is_bare(kept) and self._is_absence(kept, cited=False))
        self._gap = ""
        yield from self._put(self._refusal if bare or self._refusal != REFUSAL else own)


def _names(words: AbstractSet[str], article: Article) -> bool:
    """Whether an article's whole outlet, or a headline of some length, is among the words."""
    title, outlet = (set(plain_words(text or "")) for text in (article.title, article.outlet))
    return bool(outlet) and outlet <= words or len(title) >= _A_HEADLINE and title <= words


def _is_whole(piece: str) -> bool:
    """Whether no bracket is open, and there are words outside of them; or it is very long."""
    if len(piece) > _LONGEST_PIECE:
        return True
    is_closed = all(piece.count(a) <= piece.count(b) for a, b in ("()", "[]"))
    worded = any(map(str.isalnum, re.sub(r"\[[^\]]*\]", "", piece)))
    return is_closed and worded and not _NUMBERED.fullmatch(piece)


def _readable(piece: str, *, row: bool) -> str:
    """`piece` without the wrappers and the few entities of HTML that models mix into Markdown."""
    text = _WRAPPER.sub("", _WORD.sub("not in the articles", piece))
    text = _LINE_BREAK.sub(" " if row else "\n", text)
    return _ENTITY.sub(lambda match: unescape(match[0]), text)


def _plain(text: str) -> str:
    return " ".join(re.sub(rf"[*_`#>]|{MARK.pattern}", "", text).split())
