"""How the web page bears a rush: many uploads at once, pages asked for meanwhile, half-open connections.

Run ``python -m benchmarks.load``; it starts a server of its own on loopback, with a real model, and ends it
after ``--limit`` seconds at the latest. Prints one JSON object: how many of the uploads were lost (neither
judged nor still waiting), how long pages took while the listening process was busy and so many connections
stood half open, and the most memory that server and process used.
"""

from __future__ import annotations

import argparse
import io
import json
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import psutil
import soundfile

SAMPLES = Path(__file__).parents[1] / "samples"
REPS = 5
PAGES = ("/", "/team", "/progress?rep=rep+1", "/rubric", "/api/v1/messages?limit=50")
STATES = ("done", "waiting", "listening")
PAGE_P95_MAX_MS = 300.0
START_MAX_S = 60.0


@contextmanager
def server(folder: Path, model: str) -> Iterator[tuple[str, int]]:
    """Start a server and wait until it is ready to listen; gives its address and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from voicecheck.cli import app; app()", "serve"]
    options = ["--folder", str(folder), "--port", str(port), "--model", model]
    process = subprocess.Popen([*command, *options])
    base = f"http://127.0.0.1:{port}"
    try:
        ends = time.monotonic() + START_MAX_S
        while True:
            try:
                if httpx2.get(f"{base}/api/v1/health").json()["listening"] == "ready":
                    break
            except httpx2.TransportError:
                pass
            if time.monotonic() > ends or process.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.1)
        yield base, process.pid
    finally:
        process.terminate()
        process.wait(30)


def upload(base: str, index: int) -> str | None:
    """Send one sample, made unlike all others; gives its id, or None if it was refused."""
    recordings = sorted(SAMPLES.glob("pass_*.flac"))
    samples, rate_hz = soundfile.read(recordings[index % len(recordings)], dtype="int16")
    samples[-1] = index
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="WAV", subtype="PCM_16")
    answer = httpx2.post(
        f"{base}/api/v1/messages",
        params={"name": f"load-{index}.wav", "rep": f"rep {index % REPS}"},
        content=file.getvalue(),
        timeout=120,
    )
    return answer.json()["id"] if answer.status_code == 202 else None


class HalfOpen(threading.Thread):
    """Holds connections that have sent half a request, and opens each again that the server ends."""

    def __init__(self, port: int, count: int) -> None:
        super().__init__(daemon=True)
        self.port, self.count = port, count
        self.ended = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Hold them."""
        held: list[socket.socket] = []
        while not self.done.is_set():
            while len(held) < self.count:
                connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                held.append(connection)
                with suppress(ConnectionError):  # it was ended at once: there are too many
                    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            ready, _, _ = select.select(held, [], [], 0.2)
            for connection in ready:
                connection.close()
                held.remove(connection)
            self.ended += len(ready)
        for connection in held:
            connection.close()


class Watch(threading.Thread):
    """Asks for pages again and again, and looks at the memory, until it is stopped."""

    def __init__(self, base: str, pid: int) -> None:
        super().__init__(daemon=True)
        self.base, self.pid = base, pid
        self.page_ms: list[float] = []
        self.failed = 0
        self.server_mb = self.listener_mb = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        """Ask."""
        parent = psutil.Process(self.pid)
        with httpx2.Client(base_url=self.base, timeout=60) as client:
            while not self.done.is_set():
                for page in PAGES:
                    started = time.perf_counter()
                    try:
                        client.get(page).raise_for_status()
                    except httpx2.HTTPError:
                        self.failed += 1
                    self.page_ms.append(1000 * (time.perf_counter() - started))
                self.server_mb = max(self.server_mb, parent.memory_info().rss / 1e6)
                for child in parent.children():
                    self.listener_mb = max(self.listener_mb, child.memory_info().rss / 1e6)
                time.sleep(0.1)


def measure(n_uploads: int, n_half_open: int, model: str, limit_s: float) -> dict[str, Any]:
    """Send all at once, ask for pages meanwhile, and wait for every card, up to a limit."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), model) as (base, pid):
        watch = Watch(base, pid)
        half_open = HalfOpen(int(base.rsplit(":", 1)[1]), n_half_open)
        watch.start()
        half_open.start()
        started = time.perf_counter()
        with ThreadPoolExecutor(n_uploads) as pool:
            ids = list(pool.map(lambda index: upload(base, index), range(n_uploads)))
        accepted_s = time.perf_counter() - started
        print(f"{n_uploads} uploads answered after {accepted_s:.1f} s", file=sys.stderr)
        while _waiting(base) and time.perf_counter() - started < limit_s:
            time.sleep(0.5)
        heard_s = time.perf_counter() - started
        watch.done.set()
        half_open.done.set()
        watch.join()
        half_open.join()
        found = httpx2.get(f"{base}/api/v1/messages?limit=500", timeout=60).json()["messages"]
    in_state = {state: {each["id"] for each in found if each["state"] == state} for state in STATES}
    page_ms = statistics.quantiles(watch.page_ms, n=100)
    return {
        "uploads": n_uploads,
        "half_open": n_half_open,
        "half_open_ended": half_open.ended,
        "model": model,
        "refused": ids.count(None),
        "lost": len({each for each in ids if each}.difference(*in_state.values())),
        "heard": len(in_state["done"]),
        "accepted_s": round(accepted_s, 2),
        "heard_s": round(heard_s, 1),
        "pages_asked": len(watch.page_ms),
        "pages_failed": watch.failed,
        "page_median_ms": round(page_ms[49], 1),
        "page_p95_ms": round(page_ms[94], 1),
        "page_worst_ms": round(max(watch.page_ms), 1),
        "server_mb": round(watch.server_mb),
        "listener_mb": round(watch.listener_mb),
    }


def _waiting(base: str) -> int:
    """How many messages have no card yet."""
    return int(httpx2.get(f"{base}/api/v1/health", timeout=60).json()["waiting"])


def main() -> None:
    """Measure, print, and fail if a message was lost or the pages were slow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--half-open", type=int, default=300)
    parser.add_argument("--model", default="base")
    parser.add_argument("--limit", type=float, default=360.0, help="seconds to wait for the cards")
    options = parser.parse_args()
    result = measure(options.uploads, options.half_open, options.model, options.limit)
    print(json.dumps(result))
    if result["refused"] or result["lost"] or result["page_p95_ms"] >= PAGE_P95_MAX_MS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
