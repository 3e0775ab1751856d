"""The store, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from web_app import OLD_ID, leave_behind

from voicecheck.errors import EngineError, ParameterError
from voicecheck.scorecard.rubric import default_rubric, parse_rubric
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.database import open_database
from voicecheck.web.store.messages import Order
from voicecheck.web.store.queue import MAX_CRASHES, Waiting, in_turn
from voicecheck.web.store.rows import Filter, StoredMessage, User
from voicecheck.web.store.store import Store, open_store
from voicecheck.web.store.tables import metadata

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CARD = {
    "verdict": "fail",
    "next_step": "Say the number.",
    "score": {"passed": 1, "of": 2},
    "source": {"duration_s": 12.5},
    "recitations": [{"full": True, "display": "416-555-0198"}],
    "transcript": {
        "text": "You have reached Dana. Hi Dana, call me at 416-555-0198.",
        "words": [
            {"text": "You have reached Dana.", "part": "greeting"},
            *({"text": text, "part": "message"} for text in ("Hi Dana", ", call me at", " 4", "-1", "-6")),
        ],
    },
    "checks": [
        {"id": "length", "role": "required", "verdict": "pass", "value": 11.0},
        {"id": "number_given", "role": "required", "verdict": "fail", "value": 0},
    ],
}
HEARING = json.dumps({"peaks": [0.1, 0.2], "condition": {"snr_db": float("nan")}})


def _postgres_bin() -> Path | None:
    found = shutil.which("pg_ctl") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)), None
    )
    return None if found is None else Path(found).parent


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own, on a socket in a folder that is thrown away."""
    programs = _postgres_bin()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg")
    with tempfile.TemporaryDirectory(prefix="voicecheck-pg-") as name:
        folder = Path(name)
        as_owner: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        data = folder / "data"
        make = [str(programs / "initdb"), "--auth=trust", "--username=voicecheck", "-D", str(data)]
        subprocess.run([*as_owner, *make], check=True, capture_output=True, cwd="/")
        control = [*as_owner, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        subprocess.run(
            [*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, cwd="/", timeout=60
        )
        try:
            yield f"postgresql+psycopg://voicecheck@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    server: str = request.getfixturevalue("postgres_url")
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


class Clock:
    """Goes on a second at each look."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    opened = open_store(url, now=clock)
    yield opened
    opened.close()


def accept(store: Store, rep: str = "ann", *, sha256: str = "a" * 64) -> StoredMessage:
    return store.messages.accept(
        rep=rep, name="take.wav", sha256=sha256, n_bytes=9, expected=None, prospect=None
    )


def hear(store: Store, rep: str = "ann") -> StoredMessage:
    """A message that is done."""
    message = accept(store, rep)
    store.queue.finish(message.id, card=CARD, rubric_id=store.rubrics.in_force().id, hearing=HEARING)
    return store.messages.get(message.id)


def test_a_message_goes_from_waiting_to_done(store: Store) -> None:
    message = accept(store)
    assert (message.state, message.received_at.tzinfo) == ("waiting", UTC)
    assert store.queue.n_waiting() == 1
    claimed = store.queue.claim()
    assert claimed is not None
    assert (claimed.id, claimed.state) == (message.id, "listening")
    store.queue.finish(message.id, card=CARD, rubric_id=store.rubrics.in_force().id, hearing=HEARING)
    done = store.messages.get(message.id)
    assert (done.state, done.verdict, done.duration_s) == ("done", "fail", 12.5)
    assert (done.outcomes["length"].verdict, done.outcomes["length"].value) == ("pass", 11.0)
    assert store.messages.detail(message.id) == (CARD, (0.1, 0.2))
    assert store.queue.n_waiting() == 0


def test_the_oldest_comes_first(store: Store) -> None:
    first, second = accept(store), accept(store)
    assert (store.queue.ahead_of(first.id), store.queue.ahead_of(second.id)) == (0, 1)
    claimed = store.queue.claim()
    assert claimed is not None
    assert claimed.id == first.id
    assert store.queue.ahead_of(second.id) == 1, "the one in hand is ahead of it"


def test_what_a_failed_write_left_in_hand_waits_again(store: Store) -> None:
    message = accept(store)
    for _ in range(2):
        claimed = store.queue.claim()
        assert claimed is not None
        assert claimed.id == message.id


def test_what_was_being_heard_is_taken_up_again(url: str, store: Store) -> None:
    message = accept(store)
    store.queue.claim()
    again = open_store(url)
    assert again.queue.resume() == 1
    claimed = again.queue.claim()
    assert claimed is not None
    assert claimed.id == message.id
    again.close()


def test_a_message_that_crashes_the_process_is_tried_again_and_then_given_up(store: Store) -> None:
    message = accept(store)
    for at in range(MAX_CRASHES):
        assert store.queue.claim() is not None
        store.queue.crashed(message.id, "it failed")
        failed = at == MAX_CRASHES - 1
        assert store.messages.get(message.id).state == ("failed" if failed else "waiting")
    assert store.messages.get(message.id).complaint == "it failed"
    assert store.queue.claim() is None


def test_what_was_deleted_meanwhile_stays_deleted(store: Store) -> None:
    message = accept(store)
    store.queue.claim()
    store.messages.delete(message.id)
    store.queue.finish(message.id, card=CARD, rubric_id=store.rubrics.in_force().id, hearing=HEARING)
    store.queue.fail(message.id, "too late")
    store.queue.put_back(message.id)
    with pytest.raises(NotFoundError):
        store.messages.get(message.id)
    assert store.messages.count(Filter()) == 0


def test_a_recording_is_given_free_by_its_last_message(store: Store) -> None:
    first, second = accept(store), accept(store)
    assert store.messages.delete(first.id) is None
    assert store.messages.has_recording("a" * 64)
    assert store.messages.delete(second.id) == "a" * 64
    assert not store.messages.has_recording("a" * 64)


def test_filters_look_at_the_verdict_that_counts(store: Store) -> None:
    message, other = hear(store), hear(store, "bob")
    store.messages.override(message.id, verdict="pass", note="fine", by="carol")
    assert [each.id for each in store.messages.find(Filter(verdict="pass"))] == [message.id]
    assert [each.id for each in store.messages.find(Filter(verdict="fail"))] == [other.id]
    assert store.messages.count(Filter(failed="number_given")) == 2
    assert store.messages.count(Filter(failed="length")) == 0
    assert store.messages.count(Filter(rep="bob")) == 1
    assert store.messages.count(Filter(since=other.received_at)) == 1
    assert store.messages.count(Filter(until=other.received_at)) == 1
    ((name, total, judged, passed, last), _) = store.messages.reps(Filter())
    assert (name, total, judged, passed, last) == ("ann", 1, 1, 1, message.received_at)
    assert store.messages.failures(Filter()) == {"ann": {"number_given": 1}, "bob": {"number_given": 1}}


def test_a_new_rubric_leaves_every_done_message_to_be_judged(store: Store) -> None:
    message = hear(store)
    assert store.queue.next_to_judge() is None
    adopted = store.rubrics.adopt(parse_rubric("[checks.length]\nmax_s = 25"), by="carol")
    assert store.queue.n_to_judge() == 1
    found = store.queue.next_to_judge()
    assert found is not None
    assert (found[0].id, found[1]) == (message.id, HEARING)
    store.messages.override(message.id, verdict="review", note="look", by="carol")
    store.queue.rejudged(
        message.id, card={**CARD, "verdict": "pass", "checks": CARD["checks"][:1]}, rubric_id=adopted.id
    )
    judged = store.messages.get(message.id)
    assert (judged.card_verdict, judged.verdict) == ("pass", "review")
    assert list(judged.outcomes) == ["length"]
    assert store.queue.n_to_judge() == 0


def test_the_default_rubric_is_in_force_first_and_stays_after_a_restart(url: str, store: Store) -> None:
    assert store.rubrics.in_force().rubric == default_rubric()
    store.rubrics.adopt(parse_rubric('name = "ours"'), by=None)
    again = open_store(url)
    assert again.rubrics.in_force().rubric.name == "ours"
    again.close()


def test_a_rubric_that_an_update_made_invalid_gives_way_to_the_default(
    url: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    hear(store)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE rubrics SET text = '[checks.gone]'"))
    engine.dispose()
    again = open_store(url)
    assert again.rubrics.in_force().rubric == default_rubric()
    assert again.queue.n_to_judge() == 1
    assert "gone" in caplog.text
    again.close()


def test_retention_looks_at_age_and_spares_what_waits(store: Store, clock: Clock) -> None:
    old = hear(store)
    clock.time += timedelta(days=8)
    hear(store)
    clock.time += timedelta(days=1)
    accept(store)
    assert store.messages.older_than(7) == ([old.id], 3)


def test_users(store: Store) -> None:
    ann = User(name="ann", role="rep", password_hash="x")
    assert not store.users.any()
    store.users.add(ann)
    with pytest.raises(ParameterError, match="'ann' already"):
        store.users.add(replace(ann, role="coach"))
    kept = store.users.get("ann")
    assert kept is not None
    store.users.end_sessions("ann")
    later = store.users.get("ann")
    assert later is not None
    assert later.epoch == kept.epoch + 1
    with pytest.raises(NotFoundError, match="'bob'"):
        store.users.set_password_hash("bob", "y")
    store.users.remove("ann")
    assert (store.users.all(), store.users.get("ann")) == ([], None)


def test_names_compare_without_case(store: Store) -> None:
    store.users.add(User(name="Zoë", role="rep", password_hash="x"))
    for same in ("zoë", "ZOË", "Zoe\u0308", " Zoë "):
        found = store.users.get(same)
        assert found is not None
        assert found.name == "Zoë"
        with pytest.raises(ParameterError, match="already"):
            store.users.add(User(name=same, role="coach", password_hash="y"))
    message = accept(store, "ZOË")
    assert message.rep == "Zoë", "an account's name is written as it is there"
    assert store.messages.count(Filter(rep="zoë")) == 1
    assert store.messages.get(message.id, rep="zOË").id == message.id


def test_a_removed_users_name_gives_nobody_their_messages(store: Store) -> None:
    ann = User(name="ann", role="rep", password_hash="x")
    store.users.add(ann)
    message = hear(store, "ann")
    assert store.users.remove("Ann") == "Ann (removed)"
    store.users.add(ann)
    assert store.messages.count(Filter(rep="ann")) == 0
    assert store.messages.get(message.id).rep == "Ann (removed)"
    hear(store, "ann")
    assert store.users.remove("ann") == "ann (removed 2)"


def test_messages_under_a_name_become_an_accounts_only_when_they_are_claimed(store: Store) -> None:
    hear(store, "Ann")
    ann = User(name="ann", role="rep", password_hash="x")
    with pytest.raises(ParameterError, match="--claim"):
        store.users.add(ann)
    store.users.add(ann, claim=True)
    (message,) = store.messages.find(Filter(rep="ann"))
    assert message.rep == "ann"


def test_search_finds_words_numbers_and_names(store: Store) -> None:
    message = store.messages.accept(
        rep="Ann", name="Take_7.wav", sha256="b" * 64, n_bytes=9, expected=None, prospect="Lee Wong"
    )
    store.queue.finish(message.id, card=CARD, rubric_id=store.rubrics.in_force().id, hearing=HEARING)
    hear(store, "bob")
    found = store.messages.get(message.id)
    assert (found.number, found.first_words) == ("416-555-0198", "Hi Dana, call me at 4-1-6")

    def n(text: str) -> int:
        return store.messages.count(Filter(text=text))

    assert (n("dana"), n("lee WONG"), n("wong dana"), n("take_7"), n("ann"), n("5550198")) == (
        2,
        1,
        1,
        1,
        1,
        2,
    )
    assert (n("take%7"), n("nobody"), n("")) == (1, 0, 2), "a sign parts words"
    for part in ("555 0198", "555-0198", "0198", "416-555", "(416) 555 0198", "+4165550198", "55501", "da"):
        assert n(part) == 2, part
    assert (n("ana"), n("888"), n('" OR words:'), n("'"), n("*")) == (0, 0, 0, 2, 2)
    store.messages.delete(message.id)
    assert (n("wong"), n("dana")) == (0, 1)


def test_lists_are_sorted(store: Store) -> None:
    lengths = {"ann": 11.0, "bob": 25.0, "cy": None}
    for rep, length in lengths.items():
        message = accept(store, rep)
        card = {**CARD, "checks": [{"id": "length", "role": "required", "verdict": "pass", "value": length}]}
        store.queue.finish(message.id, card=card, rubric_id=store.rubrics.in_force().id, hearing=HEARING)

    def reps(order: Order) -> list[str]:
        return [each.rep for each in store.messages.find(Filter(), order=order)]

    assert reps("newest") == ["cy", "bob", "ann"]
    assert reps("oldest") == reps("rep") == ["ann", "bob", "cy"]
    assert reps("longest") == ["bob", "ann", "cy"]
    assert reps("shortest") == ["ann", "bob", "cy"]


def waiting(person: str, name: str, n_bytes: int, minutes: float = 1.0) -> Waiting:
    return Waiting(id=name, person=person, n_bytes=n_bytes, received_at=NOON - timedelta(minutes=minutes))


def test_people_take_turns_and_the_short_ones_come_first() -> None:
    lines = [waiting("ann", f"ann{size}", size) for size in (9, 8, 500)]
    lines += [waiting("bob", "bob700", 700), waiting("cy", "cy3", 3)]
    assert in_turn(lines, {}, NOON) == ["cy3", "ann8", "bob700", "ann9", "ann500"]
    assert in_turn(lines, {"cy": 4, "ann": 3}, NOON) == ["bob700", "ann8", "cy3", "ann9", "ann500"]


def test_who_has_waited_long_goes_before_their_own_short_ones() -> None:
    lines = [waiting("ann", "long", 900, minutes=11), waiting("ann", "short", 5)]
    assert in_turn(lines, {}, NOON) == ["long", "short"]
    assert in_turn(lines[1:], {}, NOON) == ["short"]
    assert in_turn([], {}, NOON) == []


def test_a_folder_of_one_person_holds_up_nobody(store: Store) -> None:
    for _ in range(5):
        accept(store, "ann")
    assert store.queue.claim() is not None
    late = accept(store, "bob")
    assert store.queue.ahead_of(late.id) == 1, "only what is in hand"


def test_practice_is_left_out_for_others(store: Store) -> None:
    mine = store.messages.accept(
        rep="ann", name="a.wav", sha256="c" * 64, n_bytes=9, expected=None, prospect=None, handed_in=False
    )
    accept(store, "bob")
    assert store.messages.count(Filter()) == 2
    assert store.messages.count(Filter(viewer="carol")) == 1
    assert store.messages.count(Filter(viewer="Ann")) == 2
    store.messages.hand_in(mine.id)
    assert store.messages.count(Filter(viewer="carol")) == 2


def test_what_needs_a_person_is_what_is_unsure_or_was_not_looked_at(store: Store) -> None:
    sure, unsure = hear(store), hear(store, "bob")
    store.queue.rejudged(unsure.id, card={**CARD, "verdict": "review"}, rubric_id=store.rubrics.in_force().id)

    def open_ones() -> set[str]:
        return {each.id for each in store.messages.find(Filter(is_open=True))}

    assert open_ones() == {sure.id, unsure.id}
    store.messages.look(sure.id)
    store.messages.look(unsure.id)
    assert open_ones() == {unsure.id}
    store.messages.override(unsure.id, verdict="pass", note="fine", by=None)
    assert open_ones() == set()


def test_keys_are_known_by_their_hash_alone(url: str, store: Store) -> None:
    secret = store.keys.make("dialer", rep="ann", by="carol")
    assert store.keys.use(secret + "x") is None
    key = store.keys.use(secret)
    assert key is not None
    assert (key.name, key.rep, key.made_by) == ("dialer", "ann", "carol")
    (listed,) = store.keys.all()
    assert listed.used_at is not None
    with store.engine.connect() as connection:
        assert secret not in str(connection.execute(text("SELECT * FROM keys")).all())
    assert store.keys.revoke(key.id) == "dialer"
    assert store.keys.use(secret) is None
    with pytest.raises(NotFoundError):
        store.keys.revoke(key.id)


def test_old_rubrics_are_kept_each_once(store: Store) -> None:
    for name in ("ours", "theirs", "ours"):
        store.rubrics.adopt(parse_rubric(f'name = "{name}"'), by="carol")
    assert [past.name for past in store.rubrics.history()] == ["ours", "theirs", "sales-voicemail"]


def test_the_second_account_of_a_name_gets_a_number_when_case_stops_counting(url: str) -> None:
    leave_behind(url, sha256="a" * 64, hearing=HEARING, card=CARD, users=("Ann", "ann", "bob"))
    store = open_store(url)
    assert [user.name for user in store.users.all()] == ["Ann", "ann (2)", "bob"]
    assert store.messages.get(OLD_ID).rep == "ann (2)", "the message went with its owner"
    store.close()


def test_migrations_make_the_tables_that_the_code_uses(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        options = {"include_name": lambda name, *_: name is None or not name.startswith("message_words")}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_what_the_first_version_kept_is_brought_along(url: str) -> None:
    leave_behind(url, sha256="a" * 64, hearing=HEARING, card=CARD)
    store = open_store(url)
    kept = store.messages.get(OLD_ID)
    assert (kept.verdict, kept.prospect) == ("pass", None)
    assert store.messages.detail(OLD_ID) == (None, ())
    before = store.rubrics.in_force()
    assert store.rubrics.renew_cards()
    after = store.rubrics.in_force()
    assert (after.rubric, after.by, after.at) == (before.rubric, before.by, before.at)
    assert store.queue.n_to_judge() == 1
    store.queue.rejudged(OLD_ID, card=CARD, rubric_id=after.id)
    assert store.messages.detail(OLD_ID) == (CARD, (0.1, 0.2))
    assert not store.rubrics.renew_cards()
    store.close()


def test_a_database_of_a_newer_voicecheck_is_left_alone(url: str) -> None:
    open_database(url).dispose()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(EngineError, match="newer voicecheck"):
        open_database(url)


@pytest.mark.parametrize("wrong", ["nonsense", "oracle+cx://host/x", "postgresql+nodriver://host/x"])
def test_a_wrong_url_is_told_in_one_line(wrong: str) -> None:
    with pytest.raises(ParameterError, match="database URL"):
        open_database(wrong)


def test_a_database_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be"):
        open_database(f"sqlite:///{tmp_path}/missing/store.sqlite3")
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database at all, but some text that is long enough" * 20)
    with pytest.raises(EngineError, match="cannot be used"):
        open_database(f"sqlite:///{broken}")
