"""Articles added over HTTP: files or a text, read and indexed by a job that tells how it stands."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from anyio import CapacityLimiter, current_time, to_thread
from fastapi import APIRouter, Body, Depends, File, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from rag import pipeline
from rag.indexing.uploads import Pasted, as_file, safe_name
from rag.resources import Resources
from rag.schema import IngestReport, Progress
from rag.web import visiting
from rag.web.api.callers import caller, may_add
from rag.web.api.examples import JOB, ORDERED, TEXT
from rag.web.api.jobs import JobJSON, Jobs, job_json
from rag.web.api.problems import ProblemError
from rag.web.api.sound_text import Sound
from rag.web.audit import Who

AT_ONCE = 200  # files in one call
Files = Annotated[list[UploadFile], File(min_length=1, max_length=AT_ONCE)]
_BEAT = 1.0  # seconds after which a wait looks whether its caller is still there
AGAIN = {"Retry-After": "30"}
_FULL = "Too many ingests wait already; try again in 30 seconds."


class Text(BaseModel):
    """An article as text; what is unknown is left empty."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Sound = Field(min_length=1, max_length=2_000_000)
    headline: Sound = Field(default="", max_length=300)
    outlet: Sound = Field(default="", max_length=300)
    author: Sound = Field(default="", max_length=300)
    published: Sound = Field(default="", max_length=300, description="A full date: 3 May 2024")


def router(resources: Resources, jobs: Jobs) -> APIRouter:
    """Return the routes that add articles to `resources`."""
    routes = APIRouter(dependencies=[Depends(may_add)], tags=["adding"])
    waiting = CapacityLimiter(AT_ONCE)

    @routes.post("/ingest", response_model=JobJSON, status_code=202, responses=ORDERED)
    async def ingest(files: Files, request: Request) -> Response:
        """Add files; each is read as its name's suffix says, one of the same name is replaced."""
        folder = Path(tempfile.mkdtemp())

        def work(progress: Progress) -> IngestReport:
            try:
                return pipeline.add_uploads(resources, given, progress=progress)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

        try:
            given = await to_thread.run_sync(_kept, files, folder)
            return _ordered(caller(request), "add files", [name for _, name in given], work)
        except BaseException:  # where no job was made, nothing else takes it away
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @routes.post("/ingest/text", response_model=JobJSON, status_code=202, responses=ORDERED)
    async def text(
        given: Annotated[Text, Body(openapi_examples=TEXT)], request: Request
    ) -> Response:
        """Add a text as an article."""
        pasted = Pasted(given.text, given.headline, given.outlet, given.author, given.published)
        name, _ = as_file(pasted)  # ArticleError: said at once, not by the job

        def work(_: Progress) -> IngestReport:
            return pipeline.add_text(resources, pasted)

        return _ordered(caller(request), "add text", [name], work)

    @routes.get("/jobs/{id}", response_model=JobJSON, responses=JOB)
    async def job(
        id: str,  # noqa: A002 - the name in the address
        request: Request,
        wait: Annotated[int, Query(ge=0, le=60, description="Seconds to wait for its end")] = 0,
    ) -> Response:
        """Say how an ingest stands that this caller ordered."""
        user, until = caller(request).user, current_time() + wait
        while True:
            left = max(0.0, min(_BEAT, until - current_time()))
            found = await to_thread.run_sync(jobs.find, id, user, left, limiter=waiting)
            if found is None:
                raise ProblemError(404, "There is no job of this id, or it was forgotten.")
            is_over = found.status in ("done", "failed") or current_time() >= until
            if is_over or await request.is_disconnected():
                return JSONResponse(job_json(found))

    def _ordered(
        who: Who,
        action: str,
        targets: Sequence[str],
        work: Callable[[Progress], IngestReport],
    ) -> Response:
        folder = resources.settings.index
        made = jobs.order(
            who.user,
            lambda progress: visiting.noted(folder, who, action, targets, lambda: work(progress)),
        )
        if made is None:
            raise ProblemError(503, _FULL, AGAIN)
        where = {"Location": f"/api/v1/jobs/{made.id}"}
        return JSONResponse(job_json(made), 202, where)

    return routes


def _kept(files: Sequence[UploadFile], folder: Path) -> list[tuple[Path, str]]:
    """Copy what was sent out of its temporary files, which go with the call."""
    given = []
    for number, file in enumerate(files):
        kept = folder / str(number)
        with kept.open("wb") as copy:
            shutil.copyfileobj(file.file, copy)
        given.append((kept, safe_name(file.filename or "unnamed")))
    return given
