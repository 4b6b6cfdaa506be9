"""Ingests that programs ordered: one at a time, in the order in which they came."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

from typing_extensions import TypedDict

from rag.errors import BylineError
from rag.export import contract
from rag.export.contract_types import IngestJSON
from rag.schema import IngestReport, Progress
from rag.web.api import problems

KEPT = 200  # jobs remembered; the oldest that has ended is forgotten first
WAITING = 20  # that may wait at once
BROKEN = "Something went wrong here, not in the files. The server's log says what."

logger = logging.getLogger(__name__)


class JobJSON(TypedDict):
    """How an ingest stands; `report` once it is done, `detail` why it failed."""

    id: str
    status: Literal["waiting", "running", "done", "failed"]
    done: int
    total: int
    report: IngestJSON | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """An ingest that somebody ordered. `done` of `total` files are read."""

    id: str
    owner: str
    status: Literal["waiting", "running", "done", "failed"] = "waiting"
    done: int = 0
    total: int = 0
    report: IngestReport | None = None
    detail: str | None = None


class Jobs:
    """A line of ingests, and what became of the last `KEPT`. Close it at the end."""

    def __init__(self) -> None:
        """Nothing runs until something is ordered."""
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Condition()
        self._line = ThreadPoolExecutor(1, thread_name_prefix="ingest")

    def order(self, owner: str, work: Callable[[Progress], IngestReport]) -> Job | None:
        """Put `work` at the end of the line; None where the line is full."""
        job = Job(secrets.token_urlsafe(12), owner)
        with self._lock:
            if sum(item.status == "waiting" for item in self._jobs.values()) >= WAITING:
                return None
            self._jobs[job.id] = job
            self._forget()
        self._line.submit(self._run, job.id, work)
        return job

    def find(self, id_: str, owner: str, wait: float = 0) -> Job | None:
        """Return a job of this owner's, once it has ended or after `wait` seconds."""

        def ended() -> bool:
            job = self._jobs.get(id_)
            return job is None or job.owner != owner or job.status in ("done", "failed")

        with self._lock:
            self._lock.wait_for(ended, wait)
            job = self._jobs.get(id_)
        return job if job and job.owner == owner else None

    def close(self) -> None:
        """Begin with nothing more; what runs ends."""
        self._line.shutdown(wait=False, cancel_futures=True)

    def _run(self, id_: str, work: Callable[[Progress], IngestReport]) -> None:
        self._change(id_, status="running")
        try:
            report = work(lambda step: self._change(id_, done=step.done, total=step.total))
        except BylineError as error:
            self._change(id_, status="failed", detail=problems.words(error))
        except Exception:
            logger.exception("An ingest failed")
            self._change(id_, status="failed", detail=BROKEN)
        else:
            self._change(id_, status="done", done=report.files, report=report)

    def _change(self, id_: str, **values: object) -> None:
        with self._lock:
            if id_ in self._jobs:
                self._jobs[id_] = replace(self._jobs[id_], **values)  # type: ignore[arg-type]
                self._lock.notify_all()

    def _forget(self) -> None:
        ended = [id_ for id_, job in self._jobs.items() if job.status in ("done", "failed")]
        for id_ in ended[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[id_]


def job_json(job: Job) -> JobJSON:
    """Return how a job stands."""
    return {
        "id": job.id,
        "status": job.status,
        "done": job.done,
        "total": job.total,
        "report": contract.ingest_json(job.report) if job.report else None,
        "detail": job.detail,
    }
