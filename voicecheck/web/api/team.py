"""Reps, the rubric, and how the server is."""

from __future__ import annotations

from voicecheck import __version__
from voicecheck.scorecard.rubric import parse_rubric
from voicecheck.web.api.schemas import Health, RepList, RepOut, RubricIn, RubricOut, api_router, rubric_out
from voicecheck.web.requests import by
from voicecheck.web.server import AnyVisitor, Coach, TheServer

router = api_router()


@router.get("/reps", tags=["coach"])
def list_reps(coach: Coach, server: TheServer) -> RepList:
    """List the reps."""
    del coach
    return RepList(
        reps=[
            RepOut(name=name, messages=total, passed=passed, last_at=last_at)
            for name, total, passed, last_at in server.store.messages.reps()
        ]
    )


@router.get("/rubric", tags=["coach"])
def get_rubric(visitor: AnyVisitor, server: TheServer) -> RubricOut:
    """Get the rubric in force, and how many messages are still to be judged by it."""
    del visitor
    return rubric_out(server.store.rubrics.in_force(), server.store.queue.n_to_judge())


@router.put("/rubric", tags=["coach"])
def adopt_rubric(body: RubricIn, coach: Coach, server: TheServer) -> RubricOut:
    """Put a rubric in force; every message is judged again by it, and none is heard again."""
    adopted = server.store.rubrics.adopt(parse_rubric(body.text), by=by(coach))
    server.worker.wake()
    return rubric_out(adopted, server.store.queue.n_to_judge())


@router.get("/health", tags=["server"])
def get_health(server: TheServer) -> Health:
    """Tell how the server is; needs no account."""
    worker = server.worker
    return Health(
        status="degraded" if worker.state == "unable" else "ok",
        listening=worker.state,
        complaint=worker.complaint,
        waiting=server.store.queue.n_waiting(),
        version=__version__,
    )
