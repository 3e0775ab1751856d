"""The API against its own OpenAPI schema, over HTTP."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from web_app import start_server, unused_port, wav

EXAMPLES = "8"
# A schema cannot say what makes TOML a rubric, nor which two letters are a region.
CONFIG = Path(__file__).with_name("schemathesis.toml")
UNFIT = "positive_data_acceptance"


@pytest.mark.slow
def test_every_answer_is_as_the_schema_says(tmp_path: Path) -> None:
    """Schemathesis sends what the schema allows and what it forbids, and checks every answer."""
    schemathesis = str(Path(sys.executable).with_name("schemathesis"))
    port = unused_port()
    process = start_server(tmp_path, port)
    try:
        httpx2.post(f"http://127.0.0.1:{port}/api/v1/messages", content=wav()).raise_for_status()
        url = f"http://127.0.0.1:{port}/api/v1/openapi.json"
        options = ["--max-examples", EXAMPLES, "--seed", "7", "--no-color", "--generation-database", "none"]
        options += ["--exclude-checks", UNFIT]
        done = subprocess.run(
            [schemathesis, "--config-file", str(CONFIG), "run", url, *options],
            capture_output=True,
            text=True,
            timeout=3000,
            cwd=tmp_path,
        )
    finally:
        process.terminate()
        process.wait(10)
    assert done.returncode == 0, done.stdout
