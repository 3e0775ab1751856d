"""Messages and their recordings, taken in and thrown away together.

A file is deleted only with the last message that has it. Files that no message knows are kept and counted:
they may belong to another database (`pair`), or a kill may have left them.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from voicecheck.errors import EngineError, ParameterError
from voicecheck.web.errors import BusyError, DiskFullError, NotFoundError
from voicecheck.web.recordings import Recordings, Upload
from voicecheck.web.store.properties import IDENTITY
from voicecheck.web.store.rows import StoredMessage
from voicecheck.web.store.store import Store

PURGE_SHARE = 0.5
"""Retention that would delete more than this share of all messages asks first: the clock may be wrong."""

MARK = "database-id"
"""The file in the folder that says which database it belongs to: its mark, then where it was."""

UNKNOWN_REP = "unknown"
"""The rep of a message whose rep nobody knows."""


class HeldBackError(EngineError):
    """Retention would delete so much that somebody has to confirm it."""


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What is there, compared.

    Parameters
    ----------
    messages : int
        How many messages there are.
    recordings : int
        How many recordings.
    missing : tuple of str
        Ids of messages whose recording is gone.
    strangers : tuple of str
        Hashes of recordings that no message has.
    """

    messages: int
    recordings: int
    missing: tuple[str, ...]
    strangers: tuple[str, ...]


class Archive:
    """Keeps the rows and the folder of recordings in step.

    Two messages may have the same recording; the lock sees to it that one does not arrive while the other's
    is thrown away.

    Parameters
    ----------
    store : Store
        Rows.
    recordings : Recordings
        Files.
    """

    def __init__(self, store: Store, recordings: Recordings) -> None:
        self._store = store
        self._recordings = recordings
        self._lock = threading.Lock()

    def accept(
        self,
        upload: Upload,
        *,
        rep: str,
        name: str,
        expected: str | None,
        prospect: str | None,
        speaker: str | None = None,
        company: str | None = None,
        rubric: int | None = None,
        region: str | None = None,
        handed_in: bool = True,
    ) -> StoredMessage:
        """Keep a recording and its message.

        Parameters
        ----------
        upload : Upload
            On disk, whole.
        rep : str
            Whose message it is.
        name : str
            Of the file, as it was sent.
        expected : str or None
            The number that should be said, digits only.
        speaker, company : str or None
            Who speaks, as they say it, and for whom.
        rubric : int or None
            The line of one; None for that of the team, or the default.
        prospect : str or None
            Whom it is for.
        region : str or None
            ISO 3166 code; None for the server's.
        handed_in : bool
            Whether the coaches see it.

        Returns
        -------
        StoredMessage
            It waits to be heard.

        Raises
        ------
        BusyError
            If the database does not take it now; nothing is left behind then.
        EngineError
            If the database is not in its place.
        DiskFullError
            If there is no room.
        """
        with self._lock, _kept_whole(), self._or_nothing(upload):
            self._store.place.check()
            self._recordings.keep(upload)
            message = self._store.messages.accept(
                rep=rep,
                name=name,
                sha256=upload.sha256,
                n_bytes=upload.n_bytes,
                expected=expected,
                prospect=prospect,
                speaker=speaker,
                company=company,
                rubric=rubric,
                region=region,
                handed_in=handed_in,
            )
            self._store.place.check()
        return message

    def delete(self, *message_ids: str) -> None:
        """Delete messages, and each recording that no other message has.

        Parameters
        ----------
        *message_ids : str
            One that is gone already is passed over.

        Raises
        ------
        BusyError
            If the database does not let them go now.
        """
        with self._lock, _kept_whole():
            for message_id in message_ids:
                with suppress(NotFoundError):  # somebody was quicker
                    sha256 = self._store.messages.delete(message_id)
                    if sha256 is not None:
                        self._recordings.remove(sha256)
            self._store.messages.erase_traces()

    def n_older_than(self, keep_days: int) -> int:
        """Count the messages that were received more than so many days ago.

        Parameters
        ----------
        keep_days : int
            Days that a message may be old.

        Returns
        -------
        int
            As `delete_older_than` would delete.
        """
        return len(self._store.messages.older_than(keep_days)[0])

    def delete_older_than(self, keep_days: int, *, confirmed: bool = False) -> int:
        """Delete what was received more than so many days ago; gives how many.

        Parameters
        ----------
        keep_days : int
            Days that a message may be old.
        confirmed : bool
            Whether a person has said that so many may go.

        Returns
        -------
        int
            Messages that are gone.

        Raises
        ------
        HeldBackError
            If that is a large share of all, and nobody confirmed it.
        """
        old, total = self._store.messages.older_than(keep_days)
        if len(old) > PURGE_SHARE * total and not confirmed:
            raise HeldBackError(
                f"{len(old)} of {total} messages are older than {keep_days} days by this machine's clock; "
                f"they are kept until it is confirmed: voicecheck store purge --keep-days {keep_days}"
            )
        if old:
            self.delete(*old)
        return len(old)

    def tidy(self, message: StoredMessage) -> None:
        """Throw away what was written for a message that was deleted while it was being heard.

        Parameters
        ----------
        message : StoredMessage
            As it was when it was taken to be heard.
        """
        with self._lock:
            try:
                self._store.messages.get(message.id)
            except NotFoundError:
                if not self._store.messages.has_recording(message.sha256):
                    self._recordings.remove(message.sha256)

    def inventory(self) -> Inventory:
        """Compare the rows with the files."""
        with self._lock:
            known, total = self._store.messages.ids_by_hash(), self._store.messages.total()
            kept, originals = self._recordings.all_hashes(), self._recordings.originals()
        return Inventory(
            messages=total,
            recordings=len(originals),
            missing=tuple(sorted(known[sha256] for sha256 in set(known) - originals)),
            strangers=tuple(sorted(kept - set(known))),
        )

    def adopt(self, rep: str = UNKNOWN_REP) -> int:
        """Make a message of each recording that no message has; gives how many.

        Parameters
        ----------
        rep : str
            Whose the messages are.

        Returns
        -------
        int
            Messages that are new.
        """
        found = self._recordings.originals().intersection(self.inventory().strangers)
        for sha256 in sorted(found):
            path = self._recordings.original(sha256)
            with self._lock:
                self._store.messages.accept(
                    rep=rep,
                    name=f"recording {sha256[:8]}",
                    sha256=sha256,
                    n_bytes=path.stat().st_size,
                    expected=None,
                    prospect=None,
                )
        return len(found)

    def purge(self) -> int:
        """Delete the recordings that no message has; gives how many."""
        found = self.inventory().strangers
        for sha256 in found:
            self._recordings.remove(sha256)
        return len(found)

    @contextmanager
    def _or_nothing(self, upload: Upload) -> Iterator[None]:
        """Leave no file of a message that was not taken in."""
        try:
            yield
        except BaseException:
            upload.path.unlink(missing_ok=True)
            with suppress(DatabaseError):
                if not self._store.messages.has_recording(upload.sha256):
                    self._recordings.remove(upload.sha256)
            raise


def pair(folder: Path, store: Store, *, adopt: bool = False) -> None:
    """See that a folder and a database belong together; new ones do from now on.

    Parameters
    ----------
    folder : Path
        Holds the recordings.
    store : Store
        The database.
    adopt : bool
        Whether they shall belong together whatever either belonged to before.

    Raises
    ------
    ParameterError
        If one of them belongs to another.
    EngineError
        If the folder cannot be written.
    """
    path = folder / MARK
    theirs = store.properties.get(IDENTITY)
    try:
        ours, _, where = path.read_text(encoding="utf-8").partition("\n") if path.exists() else ("", "", "")
        if ours and ours == theirs:
            return
        if not adopt:
            _refuse_strangers(folder, store, ours=ours, theirs=theirs, where=where.strip())
        mark = theirs or secrets.token_hex(16)
        path.write_text(f"{mark}\n{store.engine.url.render_as_string()}\n", encoding="utf-8")
    except OSError as error:
        raise EngineError(f"{path} cannot be used: {error.strerror}") from error
    store.properties.set(IDENTITY, mark)


def _refuse_strangers(folder: Path, store: Store, *, ours: str, theirs: str | None, where: str) -> None:
    """Let only those pair that are new, or that fit."""
    kept = Recordings(folder=folder / "recordings").all_hashes()
    if ours:
        why = f"the recordings in {folder} belong to another database ({where})"
    elif theirs is not None:
        why = f"this database belongs to another folder than {folder}"
    elif kept and not kept & set(store.messages.ids_by_hash()):
        why = f"this database knows none of the {len(kept)} recordings in {folder}"
    else:
        return
    raise ParameterError(
        f"{why}; name the one that fits, or let these two belong together from now on: "
        "voicecheck store adopt, with the same --folder and --database"
    )


@contextmanager
def _kept_whole() -> Iterator[None]:
    """Tell a disk that is full and a database that is locked from mistakes of ours."""
    try:
        yield
    except OSError as error:
        raise DiskFullError(f"the disk does not take it: {error.strerror}") from error
    except DatabaseError as error:
        raise BusyError("the database does not answer now; try again in a moment") from error
