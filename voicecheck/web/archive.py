"""Messages and their recordings, taken in and thrown away together."""

from __future__ import annotations

import threading

from voicecheck.web.errors import NotFoundError
from voicecheck.web.recordings import Recordings, Upload
from voicecheck.web.store.messages import Messages
from voicecheck.web.store.rows import StoredMessage


class Archive:
    """Keeps the rows and the folder of recordings in step.

    Two messages may have the same recording; the lock sees to it that one does not arrive while the other's
    is thrown away.

    Parameters
    ----------
    messages : Messages
        Rows.
    recordings : Recordings
        Files.
    """

    def __init__(self, messages: Messages, recordings: Recordings) -> None:
        self._messages = messages
        self._recordings = recordings
        self._lock = threading.Lock()

    def accept(
        self, upload: Upload, *, rep: str, name: str, expected: str | None, prospect: str | None
    ) -> StoredMessage:
        """Keep a recording and its message; a kill in between leaves a file that `sweep` throws away."""
        with self._lock:
            self._recordings.keep(upload)
            return self._messages.accept(
                rep=rep,
                name=name,
                sha256=upload.sha256,
                n_bytes=upload.n_bytes,
                expected=expected,
                prospect=prospect,
            )

    def delete(self, message_id: str) -> None:
        """Delete a message, and its recording unless another message has the same.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._lock:
            sha256 = self._messages.delete(message_id)
            if sha256 is not None:
                self._recordings.remove(sha256)

    def delete_older_than(self, keep_days: int) -> int:
        """Delete what was received more than so many days ago; gives how many."""
        old = self._messages.older_than(keep_days)
        for message_id in old:
            self.delete(message_id)
        return len(old)

    def tidy(self, message: StoredMessage) -> None:
        """Throw away what was written for a message that was deleted while it was being heard."""
        with self._lock:
            try:
                self._messages.get(message.id)
            except NotFoundError:
                if not self._messages.has_recording(message.sha256):
                    self._recordings.remove(message.sha256)

    def sweep(self) -> None:
        """Throw away files that belong to no message: a kill left them."""
        with self._lock:
            self._recordings.sweep_incoming()
            for sha256 in self._recordings.all_hashes():
                if not self._messages.has_recording(sha256):
                    self._recordings.remove(sha256)
