"""Who may sign in: names with argon2 hashes, from a file, the database or the setting `auth`.

It is text, `name:hash` a line; blank lines and lines that begin with # are left alone.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from rag.errors import SettingsError
from rag.settings import IN_DATABASE, Settings, user_name_fault
from vectorstore import beside
from vectorstore.beside import Beside, BusyError

LONGEST_PASSWORD = 1024  # characters: more is not hashed
_OTHERS = 0o027  # what a file of users may not allow: the group to write, anybody else anything

ROW = "users.txt"  # beside the index, where the database has it
Users = Mapping[str, str]  # name -> argon2 hash
Place = Path | Beside  # a file that is named, or what several machines share


def who_may(settings: Settings) -> Callable[[], Users] | None:
    """Return what tells the users of now; None where nobody has to sign in.

    Raises:
        SettingsError: the file of users cannot be used; the function raises it too.

    """
    if settings.auth:
        name, _, password = settings.auth.partition(":")
        one = {composed(name): _hashed(password)}
        return lambda: one
    if settings.users:
        held = UserFile(place(settings))
        held()
        return held
    return None


def place(settings: Settings) -> Place:
    """Where the users are. Raises SettingsError, StoreUnavailable: the database cannot be used."""
    if settings.users == IN_DATABASE:
        return beside.of(settings.index, settings.database)
    return Path(settings.users)


class UserFile:
    """The users of a place, read again whenever they change."""

    def __init__(self, place: Place) -> None:
        """Name the place; it is read when called."""
        self._place = place
        self._seen: object = ()
        self._users: Users = {}

    def __call__(self) -> Users:
        """Return the users of now.

        Raises:
            SettingsError: see `read`; or there are none.
            StoreUnavailable: the database cannot be used.

        """
        seen = _stamp(self._place)
        if seen != self._seen:
            self._users = read(self._place)
            self._seen = seen
        if not self._users:
            raise SettingsError(f"{named(self._place)} holds no user: byline user add NAME")
        return self._users


def read(place: Place) -> Users:
    """Read the users of a place.

    Raises:
        SettingsError: a file is not there, others may read or change it, or a line (named) is no
            user.
        StoreUnavailable: the database cannot be used.

    """
    return _parsed(_text(place), place)


def _parsed(text: str, place: Place) -> Users:
    users: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not _is_user(line):
            continue
        name, _, stored = line.partition(":")
        fault = user_name_fault(name) or _hash_fault(stored)
        if name in users:
            fault = "the name stands above already"
        if fault:
            where = named(place)
            raise SettingsError(f"{where}, line {number}: {fault}. A line is name:argon2-hash.")
        users[name] = stored
    return users


def is_right(users: Users, name: str, password: str) -> bool:
    """Say whether this is the password of `name`. Takes as long for a name that is not there.

    Hashes with the memory that the stored hash asks for (64 MiB): bound how often at once.
    """
    stored = users.get(composed(name))
    against = stored or next(iter(users.values()), None)
    if against is None or len(password) > LONGEST_PASSWORD:
        return False
    try:
        PasswordHasher().verify(against, _encoded(password))
    except VerifyMismatchError:
        return False
    return stored is not None


def known(users: Users, name: str) -> str:
    """Return the name as the file has it; empty where it has none."""
    return composed(name) if composed(name) in users else ""


def add(place: Place, name: str, password: str, *, replace: bool = False) -> None:
    """Write a user into the file, which is made if need be; `replace` sets a new password.

    Raises:
        SettingsError: name or password cannot be, the name is there already, or the file cannot be
            read or written.
        StoreUnavailable: the database cannot be used.

    """
    name = composed(name)
    fault = user_name_fault(name) or password_fault(password)
    if fault:
        raise SettingsError(f"No user was added: {fault}.")
    with _changing(place) as lines:
        if name in _parsed("\n".join(lines), place) and not replace:
            where = named(place)
            raise SettingsError(
                f"{where} has a user {name} already: a new password takes --replace."
            )
        lines[:] = [*_others(lines, name), f"{name}:{_hashed(password)}"]


def remove(place: Place, name: str) -> None:
    """Take a user out; his sessions end.

    Raises:
        SettingsError: there is no such user, or the file cannot be read or written.
        StoreUnavailable: the database cannot be used.

    """
    name = composed(name)
    if name not in read(place):
        raise SettingsError(f"{named(place)} has no user {name}: byline user list")
    with _changing(place) as lines:
        lines[:] = _others(lines, name)


def named(place: Place) -> str:
    """Say where the users are, for a message."""
    return str(place) if isinstance(place, Path) else place.where(ROW)


def composed(text: str) -> str:
    """Return the one form of what looks the same: systems type an é in two."""
    return unicodedata.normalize("NFC", text)


def password_fault(password: str) -> str:
    """Say why this can be nobody's password; empty if it can."""
    if not password.strip():
        return "the password is empty"
    if len(password) > LONGEST_PASSWORD:
        return f"the password has more than {LONGEST_PASSWORD} characters"
    return ""


def _text(place: Place) -> str:
    if not isinstance(place, Path):
        return (place.read(ROW) or b"").decode()
    try:
        if os.name == "posix" and place.stat().st_mode & _OTHERS:
            words = f"{place} is open to other users of this machine: chmod 600 {place}"
            raise SettingsError(words)
        return place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(place, error) from error


def _stamp(place: Place) -> object:
    if not isinstance(place, Path):
        return place.stamp(ROW)
    try:
        stat = place.stat()
    except OSError as error:
        raise _unreadable(place, error) from error
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino, stat.st_mode


@contextmanager
def _changing(place: Place) -> Iterator[list[str]]:
    """Give the lines to be changed, which are written at the end."""
    if isinstance(place, Path):
        lines = _text(place).splitlines() if place.exists() else []
        yield lines
        _write(place, lines)
        return
    try:
        with place.changing(ROW) as draft:
            lines = (draft.content or b"").decode().splitlines()
            yield lines
            draft.content = "".join(f"{line}\n" for line in lines).encode()
    except BusyError as error:
        words = f"{named(place)} is being changed by another byline: try again."
        raise SettingsError(words) from error


def _others(lines: list[str], name: str) -> list[str]:
    """Return the lines but this user's, comments and all."""
    return [line for line in lines if not (_is_user(line) and line.partition(":")[0] == name)]


def _is_user(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _write(path: Path, lines: list[str]) -> None:
    """Replace the file in one step, for its owner alone; a link stays a link."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        private = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(private, "w", encoding="utf-8") as file:
            if path.exists() and hasattr(os, "fchown"):  # root may keep it for the server's user
                before = path.stat()
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error


def _hash_fault(stored: str) -> str:
    try:
        extract_parameters(stored)
    except InvalidHashError:
        return "no argon2 hash follows the name"
    return ""


def _hashed(password: str) -> str:
    return PasswordHasher().hash(_encoded(password))


def _encoded(password: str) -> bytes:
    # What a form or a terminal could not decode arrives as lone surrogates.
    return composed(password).encode(errors="surrogatepass")


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> SettingsError:
    if isinstance(error, FileNotFoundError):
        return SettingsError(f"users: {path} does not exist. Make it: byline user add NAME")
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
    return SettingsError(f"users: {path} cannot be read: {reason}.")
