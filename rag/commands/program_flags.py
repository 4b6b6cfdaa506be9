"""The flags of `byline token` and `byline feed`, apart from what they do."""

from __future__ import annotations

import argparse
from typing import Any

INDEX = "index folder (default .byline)"
TOKENS = (
    "byline token add newsbot --scope read --scope add\n"
    "byline token list\n"
    "byline token remove newsbot"
)
FEEDS = (
    "byline feed add https://news.example/feed.xml\n"
    "byline feed add feeds.opml\n"
    "byline feed add zotero                      # the library of Zotero on this machine\n"
    "byline feed add zotero:ABCD2345             # one collection of it\n"
    "byline feed pull"
)


def add_token(command: Any) -> None:
    """Give `byline token` its verbs."""
    verbs = command.add_subparsers(dest="verb", required=True, metavar="add | list | remove")
    add = _verb(verbs, "add", "make a token and print it, this once")
    add.add_argument("name")
    add.add_argument(
        "--scope",
        action="append",
        choices=("read", "add"),
        help="read (default): ask and read articles; add: add articles",
    )
    named = _verb(verbs, "list", "print the names and what they may do")
    named.add_argument("--json", action="store_true", help="print one JSON object a token")
    remove = _verb(verbs, "remove", "let it in no longer")
    remove.add_argument("name")


def add_feed(command: Any) -> None:
    """Give `byline feed` its verbs."""
    verbs = command.add_subparsers(dest="verb", required=True, metavar="add | list | remove | pull")
    add = _verb(verbs, "add", "follow a feed, all of an OPML file, or Zotero")
    add.add_argument(
        "feed", help="address of a feed, an OPML file or its address, zotero, or zotero:COLLECTION"
    )
    named = _verb(verbs, "list", "print the feeds, and when each was last read")
    named.add_argument("--json", action="store_true", help="print one JSON object a feed")
    remove = _verb(verbs, "remove", "follow a feed no longer; its articles stay")
    remove.add_argument("feed", help="its address, as `byline feed list` prints it")
    pull = _verb(verbs, "pull", "fetch and index what is new now")
    pull.add_argument("--json", action="store_true", help="print one JSON object")


def _verb(verbs: Any, name: str, summary: str) -> Any:
    """A command of a command, behind which `--index` may stand too."""
    verb = verbs.add_parser(name, help=summary)
    verb.add_argument("--index", metavar="DIR", default=argparse.SUPPRESS, help=INDEX)
    return verb
