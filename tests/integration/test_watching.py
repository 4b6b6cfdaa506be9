"""Changes in a watched folder are found without asking for it."""

import threading
from pathlib import Path
from queue import Empty, Queue

from rag.errors import BylineError
from rag.indexing.watching import watch
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.retrieval.finding import find
from rag.schema import IngestReport
from rag.settings import Settings

WAIT = 60  # seconds; only a failure waits so long


def test_new_changed_and_deleted_files_are_picked_up(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "old.txt").write_text("Old news\n\nThe old bridge was painted green last year.\n")
    reports: Queue[IngestReport | BylineError] = Queue()
    stop = threading.Event()
    with open_resources(Settings(index=tmp_path / "index"), create=True) as resources:
        ingest(folder, resources)
        thread = threading.Thread(
            target=watch,
            args=(folder, resources),
            kwargs={"on_report": reports.put, "on_problem": reports.put, "stop": stop},
        )
        thread.start()
        try:
            # The watcher starts some time after its thread: write until it notices.
            report, tries = None, 0
            while report is None and tries < WAIT:
                (folder / "new.txt").write_text(f"New\n\nThe ferry sank at pier {tries + 10}.\n")
                tries += 1
                report = _next(reports, 3)
            assert isinstance(report, IngestReport)
            assert report.added == 1
            assert find("ferry", resources).hits[0].article.path == "new.txt"
            (folder / "old.txt").unlink()
            report = _next(reports, WAIT)
            while isinstance(report, IngestReport) and not report.removed:
                report = _next(reports, WAIT)
            assert isinstance(report, IngestReport)
            assert report.articles == 1
        finally:
            stop.set()
            thread.join()


def _next(reports: Queue[IngestReport | BylineError], seconds: float) -> object:
    try:
        return reports.get(timeout=seconds)
    except Empty:
        return None
