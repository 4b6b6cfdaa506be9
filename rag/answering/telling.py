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
from dataclasses import replace

from rag.answering.citations import MarkedText
from rag.answering.layout import laid_out, segments
from rag.answering.manners import is_absence, is_bare, is_courtesy, is_foreign_refusal
from rag.answering.markers import MARK, canonical
from rag.answering.paragraphs import Segment
from rag.models.embedding import Embedder
from rag.models.prompts import REFUSAL, visible
from rag.models.thinking import Spoken
from rag.schema import Answer, Checked, Event, Hit, Restarted, Sentence, Token
from rag.text.words import plain_words

# A line ends a piece; so does a full stop or a marker with a space and another word behind it.
_BREAK = re.compile(
    r"\n|(?<=[.!?…:\]】>])[\"'”’»)*_]*[ \t]+(?=[^\s\[\](（【［<^\\{}$*_`•–—#|>\d⁰¹²³⁴⁵⁶⁷⁸⁹-])"
    r"|(?<=[。！？])(?=[^\s\[(（【［<^”」』])"
)
_VERDICT = re.compile(
    r"[\s\"'“*_`\[(#]*(NOT[_ ]IN[_ ]ARTICLES|PARTLY)(?![A-Za-z_])[\"'”*_`\])]*[.:,;]*"
    r"[\"'”*_`\])]*(?:[ ][–—-]+[ ])?\s*"
)
_WORD = re.compile(r"NOT_IN_ARTICLES\b")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)\w*[ \t]*\n?")
_RULE = re.compile(r"\s*(?:[-*_=]\s?){3,}\n?")
_HEAD = (
    r"sources?|references?|citations?|footnotes?|bibliography|quellen?|quellenangaben?|belege?"
    r"|quellenverzeichnis|nachweise?|références|sources\s+citées|fuentes|referencias|fonti"
    r"|riferimenti|bronnen|fontes|referências|sources\s+(?:used|cited)|cited\s+(?:passages|sources)"
)
_SOURCES = re.compile(rf"[\s>#*_-]*(?:{_HEAD})[\s*_]*(?::[\s*_]*|\n|$)", re.IGNORECASE)
_CREDIT = re.compile(rf"\s?[(\[]\s*(?:{_HEAD})\s*:[^()\[\]\n]*[)\]]", re.IGNORECASE)
_ITEM = re.compile(r"[\s>*•-]*(?:\(?\d{1,3}[.):]\s+)?")
_BARE = re.compile(r"\s*\d{1,3}(?:\s*[,;&]\s*\d{1,3})*[\s.]*")
_NOTE = re.compile(rf"[\s>*-]*{MARK.pattern}\s?:")
_OF_A_TITLE = 0.8  # share of a line's words that stand in a passage's headline, outlet and date
_LONGEST_REFUSAL = 90  # words


class Telling:
    """A model's text as it comes, turned into events: Restarted, Token, and Checked at the end."""

    def __init__(
        self,
        hits: Sequence[Hit],
        question: str = "",
        refusal: str = REFUSAL,
        embedder: Embedder | None = None,
    ) -> None:
        """`hits`: the numbered passages, number 1 first, as the model was shown them.

        `refusal` is shown where the model's reply is a bare one. `embedder` tells likeness to
        refusals and courtesies; None: they are told by their words alone.
        """
        self._hits, self._question = hits, question
        self._refusal, self._embedder = refusal, embedder
        self._spoken = Spoken()
        self._begin()

    def _begin(self) -> None:
        self.raw = ""
        self.sentences: list[Sentence] = []
        self.declines = False  # the reply says that the articles do not answer; known at the end
        self._marked = MarkedText(self._hits)
        self._half = ""  # the beginning of a piece
        self._verdict = ""  # the model's own first word
        self._kept = ""  # what may be all of a refusal
        self._gap = ""  # white space and rules before what is shown next
        self._opens, self._quoting = True, False  # a line begins; inside quotation marks
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
        if self._listed and not self._marked.cites and not self._kept:
            self._gap = "\n\n"
            yield from self._show(self._listed)
        found = segments(laid_out(self._marked.text))
        claims = [item for item in found if self._is_claim(item)]
        self.declines = self._is_declined(claims, found)
        if self.declines and not self._marked.text:
            yield from self._decline()
        if self._marked.cites or not self.declines:
            claims = claims or [item for item in found if item.words]
            self.sentences = [self._marked.checked(item) for item in claims]
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
        if first and (verdict := _VERDICT.match(piece)):
            self._verdict, piece = verdict[1], piece[verdict.end() :]
        said = _WORD.sub("not in the articles", piece)
        text = canonical(said, len(self._hits), bracketed=self._bracketed)
        self._bracketed |= bool(MARK.search(text)) and any(sign in piece for sign in "[【")
        opens, self._opens = self._opens, piece.endswith("\n") or (self._opens and not piece)
        if opens:
            self._skipping = self._is_source(text)
        if self._skipping:
            self._listed += "".join(MARK.findall(text))
        elif not (opens and _FENCE.fullmatch(text)) and not self._is_courtesy(text):
            yield from self._show(self._uncredited(text))
        self._follow_quotes(piece)

    def _is_source(self, text: str) -> bool:
        """Whether the line that begins with `text` lists sources: by its head, or by itself."""
        if head := _SOURCES.match(text):
            self._listing = True
            if numbers := _BARE.fullmatch(text, head.end()):
                self._listed += canonical(
                    f"[{numbers[0].strip(' .')}]", len(self._hits), bracketed=True
                )
            return True
        bare = _ITEM.sub("", text, count=1)
        marked = bool(MARK.match(bare))
        if not text.strip():
            return False
        titled = self._titled(bare)
        if self._listing:
            self._listing = marked or bare != text or bool(titled)
            self._listed += "" if marked or not self._listing else titled
            return self._listing
        if not self._marked.text:
            return False
        return bool(_NOTE.match(text)) or (marked and self._marked.cites and bool(titled))

    def _titled(self, text: str) -> str:
        """The mark of the passage whose headline, outlet and date the words are; empty if none."""
        words = set(plain_words(MARK.sub(" ", text)))
        if not words:
            return ""
        for at, hit in enumerate(self._hits, start=1):
            known = set(plain_words(f"{hit.passage.header} {hit.article.credits}"))
            if len(words & known) >= _OF_A_TITLE * len(words):
                return canonical(f"[{at}]", len(self._hits), bracketed=True)
        return ""

    def _is_courtesy(self, text: str) -> bool:
        if MARK.search(text) or self._quoting:
            return False
        return is_courtesy(text.strip(" \n\t*_#>"), self._embedder)

    def _uncredited(self, text: str) -> str:
        """`text` without sources named in parentheses: "(Source: The Gazette, 4 March)"."""
        return _CREDIT.sub(lambda match: "".join(MARK.findall(match[0])), text)

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
        if self._marked.text or not text.strip():
            yield from self._put(text)
            return
        if not MARK.search(text) and self._may_decline(text):
            self._kept += text
            return
        text, self._kept = self._kept + text, ""
        yield from self._put(text)

    def _may_decline(self, text: str) -> bool:
        if self._kept or self._verdict.startswith("NOT"):
            short = len((self._kept + text).split()) <= _LONGEST_REFUSAL
            return short and not any(map(str.isdigit, text))
        return self._is_absence(_plain(text))

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
        return item.cites or item.drops or not self._is_absence(item.bare)

    def _is_absence(self, text: str) -> bool:
        return is_absence(text, self._embedder, self._question)

    def _is_declined(self, claims: Sequence[Segment], found: Sequence[Segment]) -> bool:
        if self._verdict.startswith("NOT"):
            return True
        if self._marked.cites or self._marked.dropped:
            return False
        if self._kept:
            return True
        said = " ".join(item.bare for item in found)
        return bool(found) and (
            not claims
            and any(self._is_absence(item.bare) for item in found)
            or is_foreign_refusal(said, self._hits, self._question)
        )

    def _decline(self) -> Iterator[Event]:
        """Byline's refusal for a bare one; the model's own words where they say more."""
        kept = _plain(self._kept)
        bare = not kept or (is_bare(kept) and self._is_absence(kept))
        text = self._refusal if bare or self._refusal != REFUSAL else self._kept.strip()
        self._gap = ""
        shown, _ = self._marked.add(text)
        yield Token(shown)


def _is_whole(piece: str) -> bool:
    """Whether no bracket is open, and there are words outside of them."""
    is_closed = all(piece.count(a) <= piece.count(b) for a, b in ("()", "[]"))
    return is_closed and any(map(str.isalnum, re.sub(r"\[[^\]]*\]", "", piece)))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*_`#>]", "", text).split())
