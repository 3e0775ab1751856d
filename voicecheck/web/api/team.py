"""Reps, the rubric, and how the server is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from voicecheck.scorecard.rubric import ready_rubric, with_values
from voicecheck.version import __version__
from voicecheck.web.api.schemas import LineIn, api_router, errors
from voicecheck.web.api.team_schemas import (
    Change,
    EntryOut,
    Health,
    KeyIn,
    KeyList,
    KeyMade,
    KeyOut,
    Log,
    NewRubric,
    PastRubric,
    Practice,
    Preview,
    RepList,
    RepOut,
    RubricForm,
    RubricHistory,
    RubricIn,
    RubricLine,
    RubricList,
    RubricOut,
    RubricText,
    TeamIO,
    TeamList,
    rubric_out,
)
from voicecheck.web.preview import preview
from voicecheck.web.requests import by
from voicecheck.web.rubric_text import read_rubric
from voicecheck.web.server import AnyVisitor, Coach, TheServer
from voicecheck.web.store.properties import PRACTICE
from voicecheck.web.store.rows import Filter
from voicecheck.web.store.teams import Team

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


AskedLine = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="Which rubric; the default if not given.")
]


@router.get("/rubric", responses=errors(404), tags=["coach"])
def get_rubric(visitor: AnyVisitor, server: TheServer, line: AskedLine = None) -> RubricOut:
    """Get a rubric, and how many messages are still to be judged again."""
    del visitor
    return rubric_out(server.store.rubrics.of(line), server.store.queue.n_to_judge())


@router.put("/rubric", responses=errors(404), tags=["coach"])
def adopt_rubric(body: RubricIn, coach: Coach, server: TheServer) -> RubricOut:
    """Change a rubric; every message of it is judged again, and none is heard again."""
    adopted = server.store.rubrics.adopt(read_rubric(body.text), by=by(coach), line=body.line)
    server.store.audit.write("put a rubric in force", who=by(coach), about=adopted.rubric.name[:120])
    server.worker.wake()
    return rubric_out(adopted, server.store.queue.n_to_judge())


@router.post("/rubric/preview", responses=errors(404), tags=["coach"])
def preview_rubric(body: RubricIn, coach: Coach, server: TheServer) -> Preview:
    """Tell whose verdict would change if a rubric were changed so; nothing is."""
    line = server.store.rubrics.of(body.line).line
    rubric = server.store.rubrics.would_be(read_rubric(body.text), line=line)
    found = preview(server, rubric, line=line, viewer=server.viewer(coach))
    return Preview(
        name=found.name,
        judged=found.judged,
        total=found.total,
        changes=[
            Change(id=each.id, rep=each.rep, name=each.name, before=before, after=after)
            for each, before, after in found.changes
        ],
    )


@router.post("/rubric/form", tags=["coach"])
def fill_form(body: RubricForm, coach: Coach, server: TheServer) -> RubricText:
    """Write changed values into a rubric; nothing is kept."""
    del coach, server
    rubric = with_values(read_rubric(body.text), body.changes, name=body.name)
    return RubricText(name=rubric.name, text=rubric.text)


@router.get("/rubric/history", responses=errors(404), tags=["coach"])
def list_versions(coach: Coach, server: TheServer, line: AskedLine = None) -> RubricHistory:
    """List the versions of a rubric, the latest first."""
    del coach
    past = server.store.rubrics.history(server.store.rubrics.of(line).line)
    return RubricHistory(rubrics=[PastRubric(**vars(each)) for each in past])


@router.get("/rubrics", tags=["coach"])
def list_rubrics(visitor: AnyVisitor, server: TheServer) -> RubricList:
    """List the rubrics side by side, the default first."""
    del visitor
    counts, found = server.store.rubrics.n_messages(), server.store.rubrics.all()
    return RubricList(
        rubrics=[
            RubricLine(
                line=each.line,
                name=each.rubric.name,
                is_default=at == 0,
                messages=counts.get(each.line, 0),
                by=each.by,
                at=each.at,
            )
            for at, each in enumerate(found)
        ]
    )


@router.post("/rubrics", status_code=201, tags=["coach"])
def add_rubric(body: NewRubric, coach: Coach, server: TheServer) -> RubricOut:
    """Put another rubric beside those that there are; it judges what is sent with its name."""
    rubric = ready_rubric(body.ready) if body.ready else read_rubric(body.text or "")
    added = server.store.rubrics.add(rubric, by=by(coach))
    server.store.audit.write("added a rubric", who=by(coach), about=added.rubric.name[:120])
    return rubric_out(added, server.store.queue.n_to_judge())


@router.put("/rubric/default", responses=errors(404), tags=["coach"])
def choose_default(body: LineIn, coach: Coach, server: TheServer) -> RubricOut:
    """Choose what judges whatever nobody chose a rubric for, from now on; what there is keeps its own."""
    chosen = server.store.rubrics.make_default(body.line)
    server.store.audit.write("made a rubric the default", who=by(coach), about=chosen.rubric.name[:120])
    return rubric_out(chosen, server.store.queue.n_to_judge())


@router.delete("/rubrics/{line}", status_code=204, responses=errors(404), tags=["coach"])
def remove_rubric(line: Annotated[int, Path(ge=1, le=2**31 - 1)], coach: Coach, server: TheServer) -> None:
    """Remove a rubric that nothing is judged by."""
    name = server.store.rubrics.remove(line)
    server.store.audit.write("removed a rubric", who=by(coach), about=name[:120])


@router.get("/teams", tags=["coach"])
def list_teams(coach: Coach, server: TheServer) -> TeamList:
    """List the teams, each with its reps and its rubric."""
    del coach
    return TeamList(
        teams=[
            TeamIO(name=each.name, reps=list(each.reps), rubric=each.rubric)
            for each in server.store.teams.all()
        ]
    )


@router.put("/teams", responses=errors(404), tags=["coach"])
def put_teams(body: TeamList, coach: Coach, server: TheServer) -> TeamList:
    """Say which reps are a team, and what its messages are judged by from now on."""
    for each in body.teams:
        server.store.rubrics.of(each.rubric)
    server.store.teams.put(
        [Team(name=each.name.strip(), reps=tuple(each.reps), rubric=each.rubric) for each in body.teams]
    )
    server.store.audit.write("changed the teams", who=by(coach))
    return body


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
