"""How the web page bears a rush: many uploads at once, and pages asked for while the messages are heard.

Run ``python -m benchmarks.load``; it starts a server of its own on loopback, with a real model, and ends it.
Prints one JSON object: how many of the uploads were lost, how long pages took while the listening process
was busy, and how much memory the server and that process used at most.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil

SAMPLES = Path(__file__).parents[1] / "samples"
PAGES = ("/", "/team", "/progress?rep=load", "/rubric", "/api/v1/messages?limit=50")
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
    data = recordings[index % len(recordings)].read_bytes()
    answer = httpx2.post(
        f"{base}/api/v1/messages",
        params={"name": f"load-{index}.flac", "rep": "load"},
        content=data + index.to_bytes(4, "big"),
        timeout=120,
    )
    return answer.json()["id"] if answer.status_code == 202 else None


class Watch(threading.Thread):
    """Asks for pages again and again, and looks at the memory, until it is stopped."""

    def __init__(self, base: str, pid: int) -> None:
        super().__init__(daemon=True)
        self.base, self.pid = base, pid
        self.page_ms: list[float] = []
        self.server_mb = self.listener_mb = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        """Ask."""
        parent = psutil.Process(self.pid)
        with httpx2.Client(base_url=self.base, timeout=60) as client:
            while not self.done.is_set():
                for page in PAGES:
                    started = time.perf_counter()
                    client.get(page).raise_for_status()
                    self.page_ms.append(1000 * (time.perf_counter() - started))
                self.server_mb = max(self.server_mb, parent.memory_info().rss / 1e6)
                for child in parent.children():
                    self.listener_mb = max(self.listener_mb, child.memory_info().rss / 1e6)
                time.sleep(0.1)


def measure(n_uploads: int, model: str) -> dict[str, Any]:
    """Send all at once, ask for pages meanwhile, and wait for every card."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), model) as (base, pid):
        watch = Watch(base, pid)
        watch.start()
        started = time.perf_counter()
        with ThreadPoolExecutor(n_uploads) as pool:
            ids = list(pool.map(lambda index: upload(base, index), range(n_uploads)))
        accepted_s = time.perf_counter() - started
        while httpx2.get(f"{base}/api/v1/health").json()["waiting"]:
            time.sleep(0.5)
        heard_s = time.perf_counter() - started
        watch.done.set()
        watch.join()
        found = httpx2.get(f"{base}/api/v1/messages?limit=500").json()["messages"]
    done = {each["id"] for each in found if each["state"] == "done"}
    page_ms = statistics.quantiles(watch.page_ms, n=100)
    return {
        "uploads": n_uploads,
        "model": model,
        "refused": ids.count(None),
        "lost": len({each for each in ids if each} - done),
        "accepted_s": round(accepted_s, 2),
        "heard_s": round(heard_s, 1),
        "pages_asked": len(watch.page_ms),
        "page_median_ms": round(page_ms[49], 1),
        "page_p95_ms": round(page_ms[94], 1),
        "page_worst_ms": round(max(watch.page_ms), 1),
        "server_mb": round(watch.server_mb),
        "listener_mb": round(watch.listener_mb),
    }


def main() -> None:
    """Measure, print, and fail if a message was lost or the pages were slow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--uploads", type=int, default=50)
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    result = measure(options.uploads, options.model)
    print(json.dumps(result))
    if result["refused"] or result["lost"] or result["page_p95_ms"] >= PAGE_P95_MAX_MS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
