"""Many machines: the same listening as on one, spread over a Ray cluster.

Ray Data sends batches of addresses to actors. Each actor has one worker process (`batch.listening_pool`), so
that the model is loaded once and a file that crashes or hangs is a failed row here as on one machine; Ray
starts a lost actor again and gives it the batch that it had. Hearings come back to where the run was started,
which judges them, keeps them in its cache and writes the same files.

Nothing is reported to Ray's makers, and a cluster of our own making listens on loopback only.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from voicecheck.batch.find import Found
from voicecheck.batch.run import HeardFile, Workers, listening_pool
from voicecheck.errors import EngineError, InputError, ParameterError, VoicecheckError
from voicecheck.hearing.hearing import Hearing, from_json, to_json
from voicecheck.listener import Listener

BLOCKS_MAX = 2000
"""Parts that the list of files is cut into; many more and keeping the books costs more than listening."""

CONNECT_MAX_S = 10.0
"""How long the head of a cluster may take to answer."""


def hear_all(
    found: Sequence[Found],
    listener: Listener,
    region: str,
    workers: Workers,
    *,
    address: str | None = None,
    n_actors: int | None = None,
) -> Iterator[HeardFile]:
    """Hear messages on a cluster; each comes as it is done, with its hearing or its error.

    Parameters
    ----------
    found : sequence of Found
        Files that every machine of the cluster can read at the same path, or addresses.
    listener : Listener
        Every machine finds the model for itself.
    region : str
        ISO 3166 code.
    workers : Workers
        How much an actor takes at a time, and for how long.
    address : str or None
        Of the cluster; None starts one on this machine.
    n_actors : int or None
        Each takes one processor, and one graphics processor where the listener's device is no CPU; None
        takes all there are.

    Raises
    ------
    ParameterError
        If Ray is not installed.
    EngineError
        If the cluster cannot be reached or fails as a whole.
    """
    if not found:
        return
    with _connected(address, n_actors) as ray:
        all_there_are = int(ray.cluster_resources().get("CPU" if listener.device == "cpu" else "GPU", 0))
        if all_there_are == 0:
            raise EngineError("the cluster has no processor to listen with")
        spread = replace(workers, n_processes=min(n_actors or all_there_are, all_there_are))
        try:
            yield from _heard(ray, found, listener, region, spread)
        except ray.exceptions.RayError as error:
            raise EngineError(f"the cluster failed: {_first_line(error)}") from error


def _heard(
    ray: Any, found: Sequence[Found], listener: Listener, region: str, workers: Workers
) -> Iterator[HeardFile]:
    items = [{"index": index, "place": each.url or str(each.path)} for index, each in enumerate(found)]
    n_batches = -(-len(items) // workers.files_per_batch)
    on_cpu = listener.device == "cpu"
    rows = ray.data.from_items(items, override_num_blocks=min(n_batches, BLOCKS_MAX)).map_batches(
        Hearer,
        fn_constructor_args=(replace(listener), region, replace(workers, n_processes=1)),
        batch_size=workers.files_per_batch,
        compute=ray.data.ActorPoolStrategy(size=workers.n_processes),
        num_cpus=1,
        num_gpus=0 if on_cpu else 1,
    )
    for row in rows.iter_rows():
        home = found[row["index"]]
        if row["error"]:
            yield home, EngineError(row["error"])
            continue
        hearing = from_json(row["hearing"]).named(home.path.name)
        listener.keep(hearing, region)
        yield home, hearing


class Hearer:
    """What every actor does: batches of addresses in, hearings or errors out, as JSON.

    Parameters
    ----------
    listener, region, workers
        As in `hear_all`, with one process.
    """

    def __init__(self, listener: Listener, region: str, workers: Workers) -> None:
        self._pool = listening_pool(listener, region, workers)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Hear one batch; `index` and `place` are its columns."""
        with tempfile.TemporaryDirectory() as scratch:
            places = {
                int(index): _fetched(str(place), Path(scratch, str(index)))
                for index, place in zip(batch["index"], batch["place"], strict=True)
            }
            files = {place: index for index, place in places.items() if isinstance(place, Path)}
            done: dict[int, Hearing | VoicecheckError] = {
                index: place for index, place in places.items() if isinstance(place, VoicecheckError)
            }
            for file, heard in self._pool.run([list(files)] if files else []):
                done[files[file]] = heard
        return {
            "index": list(done),
            "hearing": [to_json(heard) if isinstance(heard, Hearing) else "" for heard in done.values()],
            "error": ["" if isinstance(heard, Hearing) else str(heard) for heard in done.values()],
        }


def _fetched(place: str, scratch: Path) -> Path | VoicecheckError:
    """Give a path on this machine, after a download if need be."""
    from voicecheck.batch.find import is_url

    if not is_url(place):
        return Path(place)
    import fsspec

    name = place.rsplit("/", 1)[-1]
    scratch.mkdir()
    try:
        with fsspec.open(place, "rb") as remote, (scratch / name).open("wb") as local:
            shutil.copyfileobj(remote, local, 1 << 20)
    except Exception as error:  # each storage has errors of its own, with no common base
        return InputError(f"{name}: cannot be read at its address: {_first_line(error)}")
    return scratch / name


@contextmanager
def _connected(address: str | None, n_actors: int | None) -> Iterator[Any]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address is not None and address.startswith(("127.0.0.1:", "localhost:")):
        # Ray takes these for this machine's outside address unless it is told that there is no cluster.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # else it writes on the terminal by itself
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ParameterError('--engine ray needs pip install "voicecheck-coach[cluster]"') from error
    if address is not None:
        _check_listening(address)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    ours: dict[str, Any] = {
        "num_cpus": n_actors,
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
    }
    try:
        ray.init(address, **quiet) if address else ray.init("local", **ours, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise EngineError(f"no cluster at {address}: {_first_line(error)}") from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_listening(address: str) -> None:
    """Refuse an address at which nothing answers; Ray itself would go on asking for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=CONNECT_MAX_S):
            return
    except (OSError, ValueError) as error:
        raise EngineError(f"no cluster at {address}: {error}; give HOST:PORT") from error


def deliver(folder: Path, url: str) -> None:
    """Copy the files of a folder to an address.

    Parameters
    ----------
    folder : Path
        Its files go, not what lies in folders below.
    url : str
        Where to, as `fsspec` understands it; made if need be.

    Raises
    ------
    EngineError
        If they cannot be written there.
    """
    import fsspec

    try:
        files, place = fsspec.core.url_to_fs(url)
        files.makedirs(place, exist_ok=True)
        for file in sorted(folder.iterdir()):
            files.put_file(str(file), f"{place.rstrip('/')}/{file.name}")
    except Exception as error:  # each storage has errors of its own, with no common base
        raise EngineError(f"{url}: cannot be written: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
