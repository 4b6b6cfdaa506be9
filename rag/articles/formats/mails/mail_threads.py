"""A mail's lines as the mails that it consists of: its own words, and those of others it quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.articles.formats.mails.mail_bodies import Line
from rag.articles.formats.mails.mail_headers import (
    Origin,
    attribution_at,
    fields_at,
    is_certain,
    is_marker,
    is_rule,
)

_SIGNATURE_LINES = 15  # more below "-- " are no signature
_MOST_OPEN = 100  # mails, one quoted in the other
_LOOK_AHEAD = 40  # lines
_DEVICE = re.compile(
    r"(?:sent from|get) (?:my|outlook|yahoo|mail|proton|gmail|the).{0,60}|sent (?:with|via) .{1,40}"
    r"|(?:von meinem|gesendet (?:mit|von)|diese nachricht wurde von meinem) .{1,80}"
    r"|(?:envoyé|télécharger outlook|envoyé de(?:puis)?) .{1,60}"
    r"|enviado (?:desde|do|a partir) .{1,50}"
    r"|inviato da .{1,50}|(?:verzonden|verstuurd) (?:vanaf|met|vanuit) .{1,50}|outlook für .{1,30}"
    r"|skickat från min .{1,40}|sendt fra (?:min|mit) .{1,40}",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\W*(?:(?:confidentiality|privileged|legal|important|privacy)[\w\s/-]{0,30}"
    r"(?:notice|note|disclaimer|statement|warning)\b"
    r"|(?:this|the)\b.{0,60}\b(?:e-?mail|message|communication|transmission)\b.{0,160}"
    r"\b(?:confidential|privileged|intended (?:only|solely|exclusively)|intended recipients?|virus)"
    r"|if you (?:are not|have received)\b.{0,60}\b(?:intended recipient|in error)\b"
    r"|diese e-?mail\b.{0,120}\b(?:vertraulich|bestimmt)|ce (?:message|courriel|mail)\b.{0,160}"
    r"\b(?:confidentiel|destinataire)|este (?:correo|mensaje|e-?mail)\b.{0,160}\bconfidencia"
    r"|questo messaggio\b.{0,160}\b(?:riservat|confidenzial)|dit (?:e-?mail)?bericht\b.{0,160}"
    r"\bvertrouwelijk"
    r"|(?:please )?(?:consider|think (?:of|about)) the environment before printing"
    r"|(?:caution|warning|external)\W.{0,60}\b(?:outside|external)\b.{0,60}\b(?:organi[sz]ation|sender)"
    r"|bitte (?:denken|prüfen) sie .{0,60}\b(?:ausdruck|umwelt))",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class Mail:
    """One mail of a thread: its own words, and the mails quoted in it, in the order they stand."""

    origin: Origin | None
    depth: int
    items: list[list[Line] | Mail] = field(default_factory=list)

    def write(self, line: Line) -> None:
        """Append a line of its own."""
        if not self.items or isinstance(self.items[-1], Mail):
            self.items.append([])
        last = self.items[-1]
        if isinstance(last, list):
            last.append(line)

    @property
    def quoted(self) -> list[Mail]:
        """The mails that it quotes itself."""
        return [item for item in self.items if isinstance(item, Mail)]


def thread(lines: Sequence[Line]) -> Mail:
    """The mail that the lines are, with those that it quotes."""
    return _without_blanks(_Reader(lines).read())


class _Reader:
    """Goes through the lines with the mails that are open, the innermost last."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.open = [Mail(None, 0)]
        self.awaited: Mail | None = None  # what an attribution announced, one quotation deeper
        self.signed = -1  # depth of the signature that is being left out

    def read(self) -> Mail:
        at = 0
        while at < len(self.lines):
            at = self._step(at)
        return self.open[0]

    def _step(self, at: int) -> int:
        line = self.lines[at]
        if not line.text:
            self.open[-1].write(line)
            return at + 1
        self._close_to(line.depth)
        texts = self._same_depth(at)
        for read in (self._fields, self._attribution, self._marker):
            if used := read(texts, at):
                self.signed = -1
                return at + used
        self._enter(line.depth)
        if self._begins_signature(texts):
            self.signed = line.depth
        if self.signed != line.depth and not _DEVICE.fullmatch(line.text):
            self.open[-1].write(line)
        return at + 1

    def _same_depth(self, at: int) -> list[str]:
        """Lines from here on, as far as they are quoted as deeply as this one."""
        texts: list[str] = []
        for line in self.lines[at : at + _LOOK_AHEAD]:
            if line.text and line.depth != self.lines[at].depth:
                break
            texts.append(line.text)
        return texts

    def _close_to(self, depth: int) -> None:
        while len(self.open) > 1 and self.open[-1].depth > depth:
            self.open.pop()
        if self.signed > depth:
            self.signed = -1

    def _fields(self, texts: list[str], at: int) -> int:
        found = fields_at(texts, 0)
        if not found:
            return 0
        origin, used = found
        self._open_awaited(self.lines[at].depth)
        self._push(origin, self.lines[at].depth)
        return used

    def _attribution(self, texts: list[str], at: int) -> int:
        found = attribution_at(texts, 0)
        if not found:
            return 0
        origin, used = found
        depth = self.lines[at].depth
        after = next((line for line in self.lines[at + used :] if line.text), None)
        if after and after.depth > depth:
            self._open_awaited(depth)
            self._enter(depth)
            self.awaited = Mail(origin, depth + 1)
            return used
        if after and after.depth == depth and is_certain(texts[:used]):
            self._open_awaited(depth)
            self._push(origin, depth)
            return used
        return 0

    def _marker(self, texts: list[str], at: int) -> int:
        line = self.lines[at]
        following = [n for n, text in enumerate(texts[1:], 1) if text]
        announced = bool(following) and (
            fields_at(texts, following[0]) or attribution_at(texts, following[0])
        )
        if is_rule(line.text):
            return 1 if announced else 0
        if not is_marker(line.text):
            return 0
        after = next((it for it in self.lines[at + 1 :] if it.text), None)
        if not announced and after and after.depth == line.depth:
            self._push(Origin(), line.depth)
        return 1

    def _open_awaited(self, depth: int) -> None:
        """Open the mail that was announced, of which nothing stands above the next one's."""
        if self.awaited and self.awaited.origin and depth >= self.awaited.depth:
            self._push(self.awaited.origin, self.awaited.depth)

    def _push(self, origin: Origin, depth: int) -> None:
        """Open a quoted mail."""
        self.awaited = None
        if len(self.open) >= _MOST_OPEN:
            self.open.pop()
        mail = Mail(origin, depth)
        self.open[-1].items.append(mail)
        self.open.append(mail)

    def _enter(self, depth: int) -> None:
        """Open the quoted mail that a line stands in, if it is a deeper one than before."""
        if depth <= self.open[-1].depth:
            return
        announced = self.awaited.origin if self.awaited else None
        origin = announced or _quoted_before(self.open[-1], depth)
        self._push(origin or Origin(), depth)

    def _begins_signature(self, texts: list[str]) -> bool:
        below = [text for text in texts[1:] if text]
        is_short = len(texts) < _LOOK_AHEAD and len(below) <= _SIGNATURE_LINES
        is_list = is_rule(texts[0]) and bool(below) and below[0].endswith("mailing list")
        return is_short and (texts[0] in ("--", "—") or is_list)


def _quoted_before(mail: Mail, depth: int) -> Origin | None:
    """The mail that was answered piece by piece goes on."""
    quoted = [it for it in mail.items if isinstance(it, Mail) and it.depth == depth]
    return quoted[-1].origin if quoted else None


def _without_blanks(mail: Mail) -> Mail:
    """Without runs of blank lines between quotations, and mails of which nothing is quoted."""
    kept: list[list[Line] | Mail] = []
    for item in mail.items:
        if isinstance(item, Mail):
            if (inner := _without_blanks(item)).items:
                kept.append(inner)
        elif any(line.text for line in item):
            kept.append(item)
    return Mail(mail.origin, mail.depth, kept)


def is_disclaimer(text: str) -> bool:
    """Whether a paragraph is what a firm's mail server puts under every mail."""
    return _DISCLAIMER.match(text) is not None
