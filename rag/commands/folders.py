"""byline ingest, watch and serve: a folder read, kept in step, and shown."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from rag import pipeline
from rag.articles import printable
from rag.commands.memory import keep_little
from rag.commands.printing import print_json, progress
from rag.errors import BylineError, FolderLost, SettingsError
from rag.export import contract
from rag.indexing import watching
from rag.indexing.folder import must_lie_apart
from rag.indexing.lost_folder import must_hold_files
from rag.indexing.work import Machines
from rag.models import proxies
from rag.resources import Resources, open_resources
from rag.schema import IngestReport
from rag.settings import Settings
from rag.web import gradio_import

_SHOWN_FAILURES = 100  # files that were not read, of one ingest


def ingest(options: argparse.Namespace, settings: Settings) -> int:
    """Read the folder into the index, and say what was done."""
    must_lie_apart(options.folder, settings.index)
    if options.rebuild and not options.allow_removal:
        must_hold_files(options.folder, settings.index)
    with (
        _machines(options.ray, settings) as machines,
        open_resources(settings, create=True, rebuild=options.rebuild) as resources,
    ):
        report = pipeline.ingest(
            options.folder,
            resources,
            progress=progress(options.json),
            allow_removal=options.allow_removal,
            machines=machines,
        )
        _tell_damage(resources)
    if options.json:
        print_json(contract.ingest_json(report))
    else:
        print(_ingested(report))
    return 0


def _machines(address: str | None, settings: Settings) -> AbstractContextManager[Machines | None]:
    """The cluster at `address`, joined before the index is touched; None: this machine alone."""
    if address is None:
        return nullcontext()
    from rag.indexing.ray_cluster import connected

    return connected(address, settings)


def watch(options: argparse.Namespace, settings: Settings) -> int:
    """Ingest the folder, and again whenever it changes."""
    must_lie_apart(options.folder, settings.index)
    with open_resources(settings, create=True) as resources:
        _ingest_if_there(options.folder, resources)
        _tell_damage(resources)
        print(f"Watching {options.folder}; stop with Ctrl-C.", flush=True)
        _keep_watching(options.folder, resources, threading.Event())
    return 0


def _ingest_if_there(folder: Path, resources: Resources) -> None:
    """Ingest, and say what was done; a folder that lost its files leaves the index as it was."""
    try:
        print(_ingested(pipeline.ingest(folder, resources, progress=progress(False))), flush=True)
    except FolderLost as error:
        print(f"byline: {error}", file=sys.stderr, flush=True)


def _keep_watching(folder: Path, resources: Resources, stop: threading.Event) -> None:
    watching.watch(
        folder,
        resources,
        on_report=lambda report: print(_ingested(report), flush=True),
        on_problem=lambda error: print(f"byline: {error}", file=sys.stderr, flush=True),
        stop=stop,
    )


def _tell_damage(resources: Resources) -> None:
    """Say if the index lost something that an ingest does not bring back."""
    if damage := resources.index.out_of_step():
        print(f"byline: {damage}", file=sys.stderr, flush=True)


def _ingested(report: IngestReport) -> str:
    lines = [
        f"{report.files} {'file' if report.files == 1 else 'files'}: "
        f"{report.added} added, {report.changed} changed, "
        f"{report.removed} removed, {report.unchanged} unchanged, {len(report.failed)} failed"
        f"{f', {len(report.partly)} read in part' if report.partly else ''}; "
        f"{report.articles} {'article' if report.articles == 1 else 'articles'} "
        f"({report.seconds['total']:.1f} s)"
    ]
    told = [("failed", item) for item in report.failed]
    told += [("in part", item) for item in report.partly]
    named, more = told[:_SHOWN_FAILURES], len(told) - _SHOWN_FAILURES
    lines += [f"{what}: {item.file}: {item.reason}" for what, item in named]
    lines += [f"… and {more:,} more; --json names them all"] if more > 0 else []
    return "\n".join(lines)


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Open the page, with a folder ingested first."""
    keep_little()
    gradio_import.lean()
    if options.watch and options.folder is None:
        raise SettingsError("--watch needs the folder to watch: byline serve FOLDER --watch.")
    if options.folder is not None:
        must_lie_apart(options.folder, settings.index)
    with open_resources(settings, create=True, ahead=True, later=True) as resources:
        with proxies.unusable_hidden():  # gradio makes a client when it is imported
            from rag.web import page  # seconds, in which the models load

        if options.folder is not None:
            _ingest_if_there(options.folder, resources)
            _tell_damage(resources)

        def ready(url: str) -> None:
            print(f"Byline is ready: {url}", flush=True)
            with suppress(BylineError):  # who asks something is told
                resources.warm()

        with _watching(options, resources), _following(resources):
            page.serve(resources, on_ready=ready)
    return 0


@contextmanager
def _watching(options: argparse.Namespace, resources: Resources) -> Iterator[None]:
    """With --watch, ingest changes of the folder in a thread of its own meanwhile."""
    if not options.watch:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_keep_watching, args=(options.folder, resources, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _following(resources: Resources) -> Iterator[None]:
    """Look for what is new in the feeds that are followed, in a thread of its own meanwhile."""
    from rag.indexing.following import following  # its HTTP library is slow to import

    def tell(what: str) -> None:
        print(f"byline: {printable(what)}", file=sys.stderr, flush=True)

    with following(resources, tell):
        yield
