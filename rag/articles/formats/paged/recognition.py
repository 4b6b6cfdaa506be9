"""Text in pictures: what the program tesseract recognises, without what it makes of noise.

An extra, `byline[ocr]`: without pytesseract and the program, `unavailable` says what to install.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from statistics import mean, median
from typing import TYPE_CHECKING

from rag.articles.formats.paged.pdf_layout import Box, Line
from rag.errors import ArticleError
from rag.text.language import language_of

if TYPE_CHECKING:
    from PIL.Image import Image

NOTE = "text recognised from a picture"
MOST_PAGES = 25  # of one file: at a second or two each, within the minute that a file has
_INSTALL = "install byline[ocr] and the program tesseract with the languages that you read"
_LONGEST, _SHORTEST = 3300, 1500  # pixels of a picture's longer side, between which it is read best
_HEIGHT = 842.0  # points that the longer side counts as: sizes mean the same on all pages
_SECONDS = 50  # for one page
_SURE = 60  # of 100: mean confidence in a paragraph, weighed by letters
_DOUBTFUL = 75  # in a page; below it may lie on its side
_FEWEST_WORDS = 3  # of three letters and more on a page
_THUMBNAIL = 1600  # pixels that show how letters stand
_LANGUAGES = {  # tesseract's names of those that `language_of` may give
    "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin",
    "fr": "fra", "hu": "hun", "it": "ita", "nl": "nld", "no": "nor", "nb": "nor", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, the paragraph and line of it, its box in pixels from the upper left corner."""

    text: str
    sure: float  # 0..100
    paragraph: int
    line: int
    left: int
    top: int
    right: int
    bottom: int


@cache
def _languages() -> tuple[str, ...]:
    """The languages that are installed; empty if there is no tesseract at all."""
    try:
        import pytesseract  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return ()
    try:
        return tuple(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return ()


def unavailable() -> str:
    """What to do to have pictures read; empty if they can be."""
    return "" if any(language != "osd" for language in _languages()) else _INSTALL


def recognised(picture: Image, page: int) -> tuple[list[Line], Box | None]:
    """The lines of a picture in reading order, and its size, in points; none where no text is.

    Of a picture that had to be turned there is no size: its lines stand elsewhere on it.

    Raises:
        ArticleError: it takes too long, or the program fails.

    """
    gray, turn = _readable(picture), 0
    words = _read(gray, _first_language())
    if _confidence(words) < _DOUBTFUL and (turn := _turn(gray)):
        gray = gray.rotate(turn, expand=True, fillcolor=255)
        words = _read(gray, _first_language())
    words = _in_its_language(gray, words)
    points = _HEIGHT / max(gray.size)
    box = Box(0, 0, gray.width * points, gray.height * points)
    kept = [word for part in _paragraphs(words) if _is_text(part) for word in part]
    if sum(_is_word(word.text) for word in kept) < _FEWEST_WORDS:
        return [], box
    return [*_lines(kept, page, points, box.top)], None if turn else box


def _readable(picture: Image) -> Image:
    """The picture in grey on white, of a size at which text is recognised best."""
    from PIL import Image as images

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        above = picture.convert("RGBA")
        picture = images.alpha_composite(images.new("RGBA", above.size, "white"), above)
    gray = picture.convert("L")
    longer = max(gray.size)
    wanted = min(_LONGEST, max(longer, min(_SHORTEST, 3 * longer)))
    if wanted == longer:
        return gray
    size = (max(1, width * wanted // longer) for width in gray.size)
    return gray.resize((next(size), next(size)), images.Resampling.LANCZOS)


def _first_language() -> str:
    installed = [language for language in _languages() if language != "osd"]
    return "eng" if "eng" in installed else installed[0]


def _in_its_language(gray: Image, words: list[_Word]) -> list[_Word]:
    """The words of a picture, read again in the language that they turn out to be in."""
    code = language_of(" ".join(word.text for word in words if word.sure >= _SURE)) or ""
    language = _LANGUAGES.get(code, "")
    if language == _first_language() or language not in _languages():
        return words
    return max(words, _read(gray, language), key=_evidence)


def _turn(gray: Image) -> int:
    """By how many degrees to turn a picture to the left so that its letters stand; 0 if unknown."""
    import pytesseract

    if "osd" in _languages():
        try:
            found = pytesseract.image_to_osd(
                gray, config="-c user_defined_dpi=300", output_type=pytesseract.Output.DICT
            )
        except RuntimeError:  # there are too few letters to tell
            return 0
        return -int(found["rotate"]) % 360
    small = gray.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    return max(
        (0, 90, 180, 270),
        key=lambda turn: _evidence(
            _read(small.rotate(turn, expand=True, fillcolor=255), _first_language())
        ),
    )


def _read(gray: Image, language: str) -> list[_Word]:
    import pytesseract

    try:
        data = pytesseract.image_to_data(
            gray,
            lang=language,
            config="-c user_defined_dpi=300",
            output_type=pytesseract.Output.DICT,
            timeout=_SECONDS,
        )
    except RuntimeError as error:  # of which TesseractError is one
        raise ArticleError(f"Text recognition failed on a page: {str(error)[:150]}.") from error
    words = []
    for index, text in enumerate(data["text"]):
        if not text.strip():
            continue
        left, top = data["left"][index], data["top"][index]
        words.append(
            _Word(
                text.strip(),
                float(data["conf"][index]),
                1000 * data["block_num"][index] + data["par_num"][index],
                data["line_num"][index],
                left,
                top,
                left + data["width"][index],
                top + data["height"][index],
            )
        )
    return words


# --- what is text


def _confidence(words: Sequence[_Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.sure * len(word.text) for word in words) / letters if letters else 0.0


def _evidence(words: Sequence[_Word]) -> float:
    """How much text was recognised, by letters of words that are sure."""
    return sum(len(word.text) for word in words if _is_word(word.text) and word.sure >= _DOUBTFUL)


def _paragraphs(words: Sequence[_Word]) -> list[list[_Word]]:
    return [[*part] for _, part in groupby(words, key=lambda word: word.paragraph)]


def _is_text(words: Sequence[_Word]) -> bool:
    """Whether a paragraph was read, and is not noise that was taken for letters."""
    if _confidence(words) < _SURE:
        return False
    long = [word for word in words if _is_word(word.text)]
    figures = [word for word in words if any(map(str.isdigit, word.text))]
    if long and mean(word.sure for word in long) >= _SURE:
        return len(long) + len(figures) >= 0.3 * len(words)
    return bool(figures) and _confidence(figures) >= _DOUBTFUL


def _is_word(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= 3


# --- words to lines


def _lines(words: Sequence[_Word], page: int, points: float, top: float) -> Iterator[Line]:
    for number, part in enumerate(_paragraphs(words), start=1):
        rows = [[*row] for _, row in groupby(part, key=lambda word: word.line)]
        size = points * median(
            max(word.bottom for word in row) - min(word.top for word in row) for row in rows
        )
        for row in rows:
            yield Line(
                " ".join(word.text for word in row),
                page,
                points * min(word.left for word in row),
                top - points * max(word.bottom for word in row),
                points * max(word.right for word in row),
                top - points * min(word.top for word in row),
                size,
                paragraph=number,
            )
