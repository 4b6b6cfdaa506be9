"""Scanned pages and pictures, by the program tesseract; and what is said where it is missing."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from documents import make_drawn_pdf, make_image_object, make_scan
from PIL import Image, ImageDraw

from rag.articles.files import read_data
from rag.articles.formats.paged import recognition
from rag.errors import ArticleError

PARAGRAPHS = (
    "The tram depot at Ostermoor will close in March because its roof is unsafe, the city council "
    "decided on Monday evening.",
    "Engineers found cracks in eleven of the forty concrete beams when they looked at them in "
    "October. The oldest of them were cast in 1931.",
)
TYPED = (
    "BT /F1 10 Tf 72 700 Td (The mayor said the drivers would move to the northern depot) Tj ET "
    "BT /F1 10 Tf 72 688 Td (for two years, and the union called the plan hasty on Friday.) Tj ET"
)
FULL_PAGE = "q 595 0 0 842 0 0 cm /I Do Q"
NOTE = ("text recognised from a picture",)

tesseract = pytest.mark.skipif(
    bool(recognition.unavailable()), reason="pytesseract or the program tesseract is not installed"
)


def saved(page: Image.Image, kind: str, *more: Image.Image) -> bytes:
    out = BytesIO()
    page.save(out, kind, **({"save_all": True, "append_images": more} if more else {}))
    return out.getvalue()


def scanned(pages: Sequence[str], page: Image.Image) -> bytes:
    return make_drawn_pdf(pages, objects=[make_image_object(page)])


def photograph() -> Image.Image:
    """A picture full of shapes, with nothing written on it."""
    picture = Image.effect_noise((800, 600), 50)
    draw = ImageDraw.Draw(picture)
    for n in range(60):
        left, top, size = 97 * n % 700, 61 * n % 500, 10 + 37 * n % 130
        draw.ellipse((left, top, left + size, top + size), fill=53 * n % 255)
    return picture


@tesseract
@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_a_scanned_page_is_recognised_however_it_lies(degrees: int) -> None:
    page = make_scan(*PARAGRAPHS).rotate(degrees, expand=True)
    wide, high = (842, 595) if degrees == 90 else (595, 842)
    data = make_drawn_pdf(
        [f"q {wide} 0 0 {high} 0 0 cm /I Do Q"],
        page=f"/MediaBox [0 0 {wide} {high}]",
        objects=[make_image_object(page)],
    )
    (article,) = read_data(data, ".pdf", "a.pdf").articles
    assert all(text in article.text for text in PARAGRAPHS)
    assert article.notes == NOTE
    assert article.pages == (0,)
    assert any(place.box for place in article.places) == (degrees == 0)


@tesseract
def test_a_scan_among_typed_pages_stands_on_its_page() -> None:
    found = read_data(scanned([TYPED, FULL_PAGE, TYPED], make_scan(*PARAGRAPHS)), ".pdf", "a.pdf")
    (article,) = found.articles
    start = article.text.index(PARAGRAPHS[1][:30])
    assert article.page_at(start) == 2
    place = article.place_at(start)
    assert place is not None
    assert place.box is not None
    left, top, right, bottom = place.box
    assert 0 < left < 0.2 < right < 1
    assert 0.1 < top < bottom < 0.3
    assert not found.partly


@tesseract
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp"])
def test_pictures_of_text_are_read(suffix: str) -> None:
    data = saved(make_scan(*PARAGRAPHS), Image.registered_extensions()[suffix])
    (article,) = read_data(data, suffix, f"a{suffix}").articles
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert (article.notes, article.language) == (NOTE, "en")


@tesseract
def test_a_turned_picture_is_read_without_the_data_of_directions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "_languages", lambda: ("eng",))
    page = make_scan(*PARAGRAPHS).rotate(90, expand=True)
    (article,) = read_data(saved(page, "PNG"), ".png", "a.png").articles
    assert PARAGRAPHS[0] in article.text


@tesseract
def test_each_page_of_a_tiff_is_a_page() -> None:
    data = saved(make_scan(PARAGRAPHS[0]), "TIFF", make_scan(PARAGRAPHS[1]))
    (article,) = read_data(data, ".tiff", "a.tiff").articles
    assert article.page_at(article.text.index("Engineers")) == 2


@tesseract
def test_letters_on_a_clear_ground_are_read() -> None:
    page = make_scan(*PARAGRAPHS)
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=page.point(lambda shade: 255 - shade))
    (article,) = read_data(saved(clear, "PNG"), ".png", "a.png").articles
    assert PARAGRAPHS[0] in article.text


@tesseract
def test_no_words_are_made_of_a_photograph() -> None:
    with pytest.raises(ArticleError, match="No text was found in the picture"):
        read_data(saved(photograph(), "PNG"), ".png", "a.png")
    found = read_data(scanned([TYPED, FULL_PAGE], photograph()), ".pdf", "a.pdf")
    assert found.articles[0].notes == ()
    assert found.articles[0].text.endswith("hasty on Friday.")


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "_languages", lambda: ())


@pytest.mark.usefixtures("no_program")
def test_without_the_program_scans_are_named_with_what_to_install() -> None:
    page = make_scan(*PARAGRAPHS)
    with pytest.raises(ArticleError, match=r"only pictures of pages; install byline\[ocr\]"):
        read_data(scanned([FULL_PAGE], page), ".pdf", "a.pdf")
    with pytest.raises(ArticleError, match=r"install byline\[ocr\] and the program tesseract"):
        read_data(saved(page, "PNG"), ".png", "a.png")
    found = read_data(scanned([TYPED, FULL_PAGE, FULL_PAGE], page), ".pdf", "a.pdf")
    assert [item.reason.split(" and the program")[0] for item in found.partly] == [
        "read in part; missing: 2 of 3 pages hold no text (scans); install byline[ocr]"
    ]


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"pixels: save it smaller|install byline"):
        read_data(saved(Image.new("1", (9500, 9000)), "PNG"), ".png", "a.png")


def test_a_damaged_picture_is_named() -> None:
    with pytest.raises(ArticleError, match="not a readable picture|install byline"):
        read_data(b"\x89PNG nothing", ".png", "a.png")
