"""Letters and signs of the fonts Symbol and Wingdings, which have codes of their own."""

from __future__ import annotations

# What stands in the font Symbol at 0x20-0x7E and 0xA0-0xFE; blank where it is a piece of a bracket.
_LOW = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾"
    "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
)
_HIGH = (
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈… —↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑          "
    " ⟩∫⌠ ⌡         "
)
_WINGDINGS = {
    0xDF: "←",
    0xE0: "→",
    0xE8: "→",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
    0xA8: "☐",
}


def symbol(font: str, code: int) -> str:
    """The character at `code` (0x41 or 0xF041) of a font; empty where none is known."""
    code &= 0xFF if 0xF000 <= code <= 0xF0FF else 0x1FFFFF
    name = font.strip().lower()
    if name.startswith("wingdings") or name.startswith("webdings"):
        return _WINGDINGS.get(code, "") if name == "wingdings" else ""
    if name != "symbol":
        return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""
    if 0x20 <= code <= 0x7E:
        return _LOW[code - 0x20]
    return _HIGH[code - 0xA0].strip() if 0xA0 <= code <= 0xFE else ""
