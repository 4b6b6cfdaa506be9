"""The flags of `byline user`, apart from what it does: `byline --help` must be quick."""

from __future__ import annotations

from typing import Any

EXAMPLES = (
    "BYLINE_USERS=users.txt byline user add anna        # asks for the password\n"
    "byline user add anna --replace < password.txt      # or reads a line\n"
    "byline user list\n"
    "byline user remove anna"
)


def add_flags(command: Any) -> None:
    """Give the command its three verbs."""
    verbs = command.add_subparsers(dest="verb", required=True, metavar="add | list | remove")
    add = verbs.add_parser("add", help="write a user with a password into the file")
    add.add_argument("name", help="whom to let in")
    add.add_argument("--replace", action="store_true", help="set a new password for a known user")
    verbs.add_parser("list", help="print the names")
    remove = verbs.add_parser("remove", help="take a user out; his sessions end")
    remove.add_argument("name", help="whom to let in no more")
