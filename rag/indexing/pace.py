"""How long an ingest will still take: for the files to be read, and the passages to be encoded."""

from __future__ import annotations

from dataclasses import dataclass

_SOONEST = 1.0  # seconds of work before the time left is worth guessing


@dataclass(slots=True)
class Pace:
    """What reading and encoding took so far.

    Files are read while passages are encoded: whichever takes longer says how long both take.
    """

    files: int = 0  # looked at
    reading: float = 0.0  # seconds that were waited for files
    known: int = 0  # passages of these files, encoded or not
    done: int = 0  # passages encoded
    encoding: float = 0.0  # seconds

    def read(self, files: int, seconds: float) -> None:
        """Note how many files were looked at so far, and in how many seconds."""
        self.files, self.reading = files, seconds

    def queued(self, passages: int) -> None:
        """Note that so many more passages are to be encoded."""
        self.known += passages

    def encoded(self, passages: int, seconds: float) -> None:
        """Note that so many passages were encoded in so many seconds."""
        self.done += passages
        self.encoding += seconds

    def left(self, files: int) -> float | None:
        """Seconds until `files` more are read, and their passages and all that wait are encoded.

        The files to come are taken to be like those before. None: too early to tell, which it is
        until something was encoded.
        """
        if not self.files or not self.done or self.reading + self.encoding < _SOONEST:
            return None
        a_file, to_come = self.reading / self.files, files * self.known / self.files
        a_passage = self.encoding / self.done
        return max(files * a_file, (self.known - self.done + to_come) * a_passage)


def time_left(seconds: float | None) -> str:
    """About how long it will take, in words: exact figures would only pretend. Empty for None."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"about {round(seconds, -1):.0f} seconds left"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} minutes left"
    return f"about {seconds / 3600:.0f} hours left"
