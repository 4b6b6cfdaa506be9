"""Packages of Word, PowerPoint and Excel: parts of XML in a zip, found by their relationships.

Pictures, fonts and the like are never unpacked.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from rag.articles.formats.fields import headline, person
from rag.articles.formats.webpages.markup import local_name, parse_xml
from rag.articles.formats.zips import MB, Limits, open_zip, read_member
from rag.errors import ArticleError

LIMITS = Limits(member=300 * MB, total=300 * MB)
TEXTS = (".xml", ".rels", ".htm", ".html", ".mht", ".mhtml", ".rtf", ".txt", ".docx")


@dataclass(frozen=True, slots=True)
class Target:
    """What a part points to: its kind ("footnotes"), and the name of that part."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Package:
    """An open package; part names are those of the zip, without a slash before them."""

    archive: zipfile.ZipFile
    names: dict[str, str]  # by lower case: writers are not careful with it

    def data(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            ArticleError: there is none, or it is damaged or too large.

        """
        if (own := self.names.get(name.lower())) is None:
            raise ArticleError(f"A part of the file is missing: {name}.")
        return read_member(self.archive, self.archive.getinfo(own), LIMITS)

    def xml(self, name: str) -> Any:
        """The root element of a part.

        Raises:
            ArticleError: as `data`, or it is no well-formed XML.

        """
        return parse_xml(self.data(name))

    def targets(self, name: str) -> dict[str, Target]:
        """What a part ("" for the package itself) points to within the package, by id."""
        folder, own = posixpath.split(name)
        place = posixpath.join(folder, "_rels", f"{own}.rels")
        if place.lower() not in self.names:
            return {}
        found = {}
        for element in self.xml(place).iter("{*}Relationship"):
            if element.get("TargetMode") != "External":
                kind = element.get("Type", "").rpartition("/")[2]
                found[element.get("Id", "")] = Target(
                    kind, _resolved(folder, element.get("Target", ""))
                )
        return found

    def target(self, name: str, kind: str) -> str | None:
        """Name of the first part of a kind that a part points to, if it is there."""
        named = (item.name for item in self.targets(name).values() if item.kind == kind)
        return next((item for item in named if item.lower() in self.names), None)


def open_package(data: bytes, broken: str) -> Package:
    """Open a package.

    Raises:
        ArticleError: `broken` where it is none; too large when unpacked.

    """
    archive = open_zip(data, LIMITS, broken, reads=lambda name: name.lower().endswith(TEXTS))
    return Package(archive, {name.lower(): name for name in archive.namelist()})


def properties(package: Package) -> tuple[str | None, str | None]:
    """Title and author; the dates are those of the file and are not read."""
    place = package.target("", "core-properties")
    if not place:
        return None, None
    try:
        root = package.xml(place)
    except ArticleError:  # the text may be whole all the same
        return None, None
    known = {local_name(element): element.text for element in root}
    return headline(known.get("title")), person(known.get("creator"))


def _resolved(folder: str, target: str) -> str:
    target = unquote(target.partition("#")[0])
    whole = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(f"/{whole}").lstrip("/")
