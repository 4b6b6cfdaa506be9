"""byline doctor, check, repair, backup, restore, verify, feedback and user."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands.printing import counting, print_csv, print_json, print_result
from rag.errors import SettingsError
from rag.export import evidence_pack, verifying
from rag.export import feedback as readers
from rag.indexing import maintenance
from rag.indexing.doctor import diagnose
from rag.settings import Settings
from vectorstore import beside


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Say what is wrong with the model, the weights and the index."""
    verdicts = diagnose(settings)
    print("\n".join(map(str, verdicts)))
    return int(not all(verdict.ok for verdict in verdicts))


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Name each fault of the index."""
    found = maintenance.check(settings, counting("checked", options.json))
    print_result(maintenance.as_json(found) if options.json else maintenance.as_text(found))
    return int(bool(found.faults))


def repair(options: argparse.Namespace, settings: Settings) -> int:
    """Mend it from the stored articles."""
    done = maintenance.repair(settings, counting("embedded", options.json))
    print_result(
        maintenance.repaired_json(done) if options.json else maintenance.repaired_text(done)
    )
    return int(bool(done.after.faults))


def backup(options: argparse.Namespace, settings: Settings) -> int:
    """Put the index into one file."""
    print(maintenance.backed_up_text(maintenance.backup(settings, options.file)))
    return 0


def restore(options: argparse.Namespace, settings: Settings) -> int:
    """Bring it back."""
    mended = maintenance.restore(settings, options.file, replace=options.replace)
    print(f"Restored {options.file} to {settings.index}.")
    if mended is not None:
        print(maintenance.as_text(mended))
    return int(mended is not None and bool(mended.faults))


def feedback(options: argparse.Namespace, settings: Settings) -> int:
    """List what readers thought of answers."""
    kept = beside.of(settings.index, settings.database)
    found = readers.listed(kept, verdict="bad" if options.bad else None)
    if options.json:
        for item in readers.as_json(found):
            print_json(item)
    elif options.csv:
        print_csv(readers.as_csv(found))
    else:
        print(readers.as_text(found))
    return 0


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """One line a citation; exit code 1 unless all stand."""
    if options.articles is not None and options.index is not None:
        raise SettingsError("Give --articles or --index, not both.")
    if options.articles is not None and not options.articles.is_dir():
        raise SettingsError(f"{options.articles} is not a folder.")
    pack = evidence_pack.load(options.pack)
    index = None if options.index is None else Path(options.index)
    where = verifying.folders(pack, options.articles, index, settings.index)
    verdicts = verifying.verify(pack, *where)
    for verdict in verdicts:
        print(verdict.line)
    if not verdicts:
        print("The pack cites nothing.")
    return int(any(verdict.finding != "stands" for verdict in verdicts))


def user(options: argparse.Namespace, settings: Settings) -> int:
    """Add, list or remove a user."""
    from rag.web import user_command  # of all commands this one alone hashes passwords

    print(user_command.run(options, settings))
    return 0
