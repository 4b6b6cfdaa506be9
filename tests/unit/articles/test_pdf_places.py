"""Where cited words stand on a page's picture: their ink is marked, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pytest
from documents import make_drawn_pdf
from PIL import Image, ImageChops, ImageDraw

from rag.articles.formats.paged.pdf import picture, places
from rag.errors import ArticleError

LINES = (
    "The tram depot at Ostermoor will close in March because its roof is un-",
    "safe, the city council decided on Monday evening. Engineers found cracks",
    "in eleven of the forty beams when they looked at them in October.",
)
CITED = "because its roof is unsafe, the city council decided on Monday evening."
FIRST, SECOND = LINES[0].index("because"), LINES[1].index(" Engineers")


def page(lines: Sequence[str], left: float = 72, top: float = 700) -> str:
    """Lines of text; what stands in braces has the colour of the paper."""
    shown = (line.replace("{", ") Tj 1 g (").replace("}", ") Tj 0 g (") for line in lines)
    return "\n".join(
        f"BT /F1 10 Tf {left} {top - 14 * number} Td ({line}) Tj ET"
        for number, line in enumerate(shown)
    )


def drawn(content: str, **more: str) -> Image.Image:
    return Image.open(BytesIO(picture(make_drawn_pdf([content], **more), 1))).convert("L")


def covered(
    size: tuple[int, int], marks: Sequence[tuple[float, float, float, float]]
) -> Image.Image:
    """White where something is marked, two pixels around included."""
    mask = Image.new("L", size, 0)
    draw, (width, height) = ImageDraw.Draw(mask), size
    for left, top, right, bottom in marks:
        edges = (left * width - 2, top * height - 2, right * width + 2, bottom * height + 2)
        draw.rectangle(edges, fill=255)
    return mask


@pytest.mark.parametrize("turned", ["", "/Rotate 90", "/Rotate 180", "/CropBox [36 300 500 800]"])
def test_the_ink_of_the_cited_words_is_what_is_marked(turned: str) -> None:
    whole = page(LINES)
    marks = places(make_drawn_pdf([whole], page=turned), 1, CITED)
    assert len(marks) == 2
    head, rest = LINES[0], LINES[1]
    unseen = page(
        [f"{head[:FIRST]}{{{head[FIRST:]}}}", f"{{{rest[:SECOND]}}}{rest[SECOND:]}", LINES[2]]
    )
    image, without = drawn(whole, page=turned), drawn(unseen, page=turned)
    cited = ImageChops.difference(image, without).point(lambda shade: 255 * (shade > 64))
    mask = covered(image.size, marks)
    assert ink(cited) > 500
    assert ink(ImageChops.multiply(cited, ImageChops.invert(mask))) == 0
    others = without.point(lambda shade: 255 * (shade < 128))
    assert ink(ImageChops.multiply(others, mask)) < 20  # what touches the last letter


def ink(picture: Image.Image) -> int:
    """How many pixels are white."""
    return picture.histogram()[255]


def test_words_in_two_columns_are_found_in_two_runs() -> None:
    left, right = LINES[0].removesuffix("-"), "safe, the city council decided."
    columns = page([left, "Another story on the left."]) + page([right], 400, 714)
    marks = places(make_drawn_pdf([columns]), 1, f"because its roof is un {right}")
    assert [round(mark[0], 1) for mark in marks] == [0.5, 0.8]
    assert all(right > left and bottom > top for left, top, right, bottom in marks)


def test_what_is_not_there_is_not_marked() -> None:
    data = make_drawn_pdf([page(LINES)])
    assert places(data, 1, "Nobody wrote anything of the kind here, or anywhere.") == []
    assert places(data, 1, "") == []
    assert len(places(data, 1, "forty")) == 1  # short, and yet all that is cited
    with pytest.raises(ArticleError, match="Page 2"):
        places(data, 2, "forty")
