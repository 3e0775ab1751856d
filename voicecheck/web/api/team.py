"""Reps, the rubric, and how the server is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from voicecheck import __version__
from voicecheck.web.api.schemas import (
    Change,
    EntryOut,
    Health,
    KeyIn,
    KeyList,
    KeyMade,
    KeyOut,
    Log,
    PastRubric,
    Practice,
    Preview,
    RepList,
    RepOut,
    RubricHistory,
    RubricIn,
    RubricOut,
    api_router,
    errors,
    rubric_out,
)
from voicecheck.web.preview import preview
from voicecheck.web.requests import by, read_rubric
from voicecheck.web.server import AnyVisitor, Coach, TheServer
from voicecheck.web.store.properties import PRACTICE
from voicecheck.web.store.rows import Filter

router = api_router()


@router.get("/reps", tags=["coach"])
def list_reps(coach: Coach, server: TheServer) -> RepList:
    """List the reps."""
    found = server.store.messages.reps(Filter(viewer=server.viewer(coach)))
    return RepList(
        reps=[
            RepOut(name=name, messages=total, passed=passed, last_at=last_at)
            for name, total, _, passed, last_at in found
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
    adopted = server.store.rubrics.adopt(read_rubric(body.text), by=by(coach))
    server.store.audit.write("put a rubric in force", who=by(coach), about=adopted.rubric.name[:120])
    server.worker.wake()
    return rubric_out(adopted, server.store.queue.n_to_judge())


@router.post("/rubric/preview", tags=["coach"])
def preview_rubric(body: RubricIn, coach: Coach, server: TheServer) -> Preview:
    """Tell whose verdict would change if a rubric were put in force; nothing is changed."""
    found = preview(server, read_rubric(body.text), viewer=server.viewer(coach))
    return Preview(
        name=found.name,
        judged=found.judged,
        total=found.total,
        changes=[
            Change(id=each.id, rep=each.rep, name=each.name, before=before, after=after)
            for each, before, after in found.changes
        ],
    )


@router.get("/rubrics", tags=["coach"])
def list_rubrics(coach: Coach, server: TheServer) -> RubricHistory:
    """List the rubrics that were in force, the latest first."""
    del coach
    return RubricHistory(rubrics=[PastRubric(**vars(each)) for each in server.store.rubrics.history()])


@router.get("/log", tags=["coach"])
def get_log(
    coach: Coach,
    server: TheServer,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Log:
    """List who deleted, overrode or changed what, the newest first."""
    del coach
    entries = server.store.audit.read(limit=limit, offset=offset)
    return Log(entries=[EntryOut(**vars(each)) for each in entries], total=server.store.audit.count())


@router.get("/keys", tags=["coach"])
def list_keys(coach: Coach, server: TheServer) -> KeyList:
    """List the keys that programs hand recordings in with."""
    del coach
    return KeyList(keys=[KeyOut(**vars(each)) for each in server.store.keys.all()])


@router.post("/keys", status_code=201, tags=["coach"])
def make_key(body: KeyIn, coach: Coach, server: TheServer) -> KeyMade:
    """Make a key; its secret is shown this once."""
    secret = server.store.keys.make(body.name.strip(), rep=body.rep, by=by(coach))
    server.store.audit.write("made a key", who=by(coach), about=body.name.strip(), detail=body.rep)
    return KeyMade(secret=secret)


@router.delete("/keys/{key_id}", status_code=204, responses=errors(404), tags=["coach"])
def revoke_key(key_id: Annotated[int, Path(ge=1, le=2**31 - 1)], coach: Coach, server: TheServer) -> None:
    """End a key."""
    name = server.store.keys.revoke(key_id)
    server.store.audit.write("revoked a key", who=by(coach), about=name)


@router.get("/practice", tags=["messages"])
def get_practice(visitor: AnyVisitor, server: TheServer) -> Practice:
    """Tell whether takes are private until they are handed in."""
    del visitor
    return Practice(private=server.is_private())


@router.put("/practice", tags=["coach"])
def set_practice(body: Practice, coach: Coach, server: TheServer) -> Practice:
    """Choose whether takes are private until they are handed in."""
    server.store.properties.set(PRACTICE, "yes" if body.private else "no")
    server.store.audit.write(
        "made practice private" if body.private else "let coaches see every take", who=by(coach)
    )
    return body


@router.get("/health", tags=["server"])
def get_health(server: TheServer) -> Health:
    """Tell how the server is; needs no account."""
    state = server.state()
    return Health(
        status="degraded" if state.complaint else "ok",
        listening=state.listening,
        complaint=state.complaint,
        notice=server.worker.notice,
        waiting=state.waiting,
        version=__version__,
    )
