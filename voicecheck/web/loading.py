"""Bring a batch's results into the web page's store: what was heard is not heard again."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from voicecheck.audio.decode import read_recording
from voicecheck.audio.write import write_playable
from voicecheck.batch.find import Found
from voicecheck.errors import EngineError, VoicecheckError
from voicecheck.files import lock_folder
from voicecheck.hearing.hearing import to_json
from voicecheck.listener import Listener
from voicecheck.report.data import to_dict
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.web.archive import UNKNOWN_REP, Archive, pair
from voicecheck.web.recordings import Recordings, Upload
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.store import Store, open_store


def load_messages(found: Sequence[Found], listener: Listener, settings: WebSettings) -> int:
    """Put messages into the store, judged by the rubric of their rep's team, or the default.

    A recording that is there already is left as it is, overrides and all; a file that cannot be read is
    passed over, for the batch has told of it.

    Parameters
    ----------
    found : sequence of Found
        Files on this machine.
    listener : Listener
        Its cache holds what the batch heard.
    settings : WebSettings
        Of the server; it must not be running.

    Returns
    -------
    int
        How many were put in.

    Raises
    ------
    EngineError
        If a server holds the folder, or the disk is full.
    """
    with lock_folder(settings.folder):
        store = open_store(settings.store_url)
        try:
            recordings = Recordings(folder=settings.folder / "recordings")
            pair(settings.folder, store)
            archive = Archive(store, recordings)
            return sum(_load(each, listener, settings, store, recordings, archive) for each in found)
        finally:
            store.close()


def _load(
    found: Found,
    listener: Listener,
    settings: WebSettings,
    store: Store,
    recordings: Recordings,
    archive: Archive,
) -> bool:
    """Put one message in; False if it was there, or cannot be read."""
    try:
        recording = read_recording(found.path)
        if store.messages.has_recording(recording.source.sha256):
            return False
        hearing = listener.hear_file(found.path, settings.region)
    except VoicecheckError:
        return False
    message = archive.accept(
        _copied(found.path, recordings.folder / "incoming"),
        rep=found.message.rep or UNKNOWN_REP,
        name=found.path.name,
        expected=found.message.expected,
        prospect=found.message.prospect,
        company=found.message.company,
    )
    write_playable(recording, recordings.playable(message.sha256))
    adopted = store.rubrics.of(message.rubric_line)
    judged_by = Settings(
        rubric=adopted.rubric,
        region=settings.region,
        expected=found.message.expected,
        company=found.message.company,
        prospect=found.message.prospect,
    )
    store.queue.finish(
        message.id,
        card=to_dict(judge(hearing, judged_by)),
        rubric_id=adopted.id,
        hearing=to_json(hearing),
    )
    return True


def _copied(path: Path, incoming: Path) -> Upload:
    """Copy a file beside the recordings, as if it had been sent."""
    target = incoming / uuid.uuid4().hex
    try:
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(path, target)
        with target.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EngineError(f"{path.name}: the recording cannot be kept: {error.strerror}") from error
    return Upload(path=target, sha256=sha256, n_bytes=target.stat().st_size)
