"""`byline user add | list | remove`: the file or database that the setting `users` names."""

from __future__ import annotations

import argparse
import getpass
import sys

from rag.errors import SettingsError
from rag.settings import Settings
from rag.web import users


def run(options: argparse.Namespace, settings: Settings) -> str:
    """Do it and return what to print.

    Raises:
        SettingsError: no file is set, or see `rag.web.users`.

    """
    if not settings.users:
        raise SettingsError(
            "Name the file of users first: BYLINE_USERS=FILE, or users in the TOML; with"
            " BYLINE_DATABASE also BYLINE_USERS=database."
        )
    place = users.place(settings)
    where = users.named(place)
    if options.verb == "add":
        users.add(place, options.name, _password(options.name), replace=options.replace)
        return f"{options.name} may sign in ({where})."
    if options.verb == "remove":
        users.remove(place, options.name)
        return f"{options.name} may no longer sign in ({where})."
    return "\n".join(users.read(place)) or f"{where} holds no user."


def _password(name: str) -> str:
    """Ask twice without showing it; from a pipe or a file read one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Once more: ") != password:
        raise SettingsError("No user was added: the two passwords differ.")
    return password
