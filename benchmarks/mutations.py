"""Do the unit tests notice a small change in the core? A bounded sample of mutations, made one at a time.

Cosmic Ray knows every change it could make (a comparison, a sign, a constant, a branch) in the folders of
`CORE`. Of these `--sample` are drawn by `--seed` and made one after another in a copy of the project, and the
core's own tests (`TESTS`: no model, no process) run on each. Printed is the share that made a test fail, and
each change that no test noticed. A change takes some ten seconds of one core, so that 60 take ten minutes.

    python -m benchmarks.mutations --sample 60
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

CORE = ("voicecheck/measures", "voicecheck/scorecard", "voicecheck/numbers")

TESTS = " ".join(
    f"tests/test_{name}.py"
    for name in ("across", "advice", "checks", "measures_*", "numbers*", "recitations", "rubric", "scorecard")
)

ONE_MAX_S = 300.0


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=60, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "copy")
        skipped = shutil.ignore_patterns(".git", ".venv", "*.bin", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=skipped)
        session = copy / "mutations.sqlite"
        _run("init", "mutations.toml", session.name, folder=copy, config=_config())
        n_all = _keep_a_sample(session, chosen.sample, chosen.seed)
        _run("exec", "mutations.toml", session.name, folder=copy)
        _print_result(session, n_all)


def _config() -> str:
    folders = ", ".join(f'"{folder}"' for folder in CORE)
    return (
        f"[cosmic-ray]\nmodule-path = [{folders}]\ntimeout = {ONE_MAX_S}\n"
        f"excluded-modules = []\ntest-command = \"sh -c '{sys.executable} -m pytest -q -x -n 0 {TESTS}'\"\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
    )


def _run(*arguments: str, folder: Path, config: str | None = None) -> None:
    if config is not None:
        (folder / "mutations.toml").write_text(config, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *arguments], cwd=folder, check=True)


def _keep_a_sample(session: Path, n_kept: int, seed: int) -> int:
    """Delete all changes but a drawn few from the list of work; give how many there were."""
    with sqlite3.connect(session) as table:
        in_order = "select job_id from mutation_specs order by module_path, operator_name, occurrence"
        jobs = [row[0] for row in table.execute(in_order)]
        kept = set(random.Random(seed).sample(jobs, min(n_kept, len(jobs))))
        gone = [(job,) for job in jobs if job not in kept]
        table.executemany("delete from mutation_specs where job_id = ?", gone)
        table.executemany("delete from work_items where job_id = ?", gone)
    return len(jobs)


def _print_result(session: Path, n_all: int) -> None:
    with sqlite3.connect(session) as table:
        results = table.execute(
            "select test_outcome, module_path, start_pos_row, operator_name, diff from work_results "
            "join mutation_specs using (job_id)"
        ).fetchall()
    survived = [row for row in results if str(row[0]).upper().endswith("SURVIVED")]
    for _, module, line, operator, diff in sorted(survived, key=lambda row: (row[1], row[2])):
        changed = [each for each in diff.splitlines() if each[:1] in "+-" and each[:3] not in ("+++", "---")]
        print(f"unnoticed: {module}:{line} {operator}", *changed, sep="\n  ")
    n_noticed = len(results) - len(survived)
    share = n_noticed / max(1, len(results))
    print(f"{n_noticed} of {len(results)} changes noticed ({share:.0%}), drawn from {n_all}")


if __name__ == "__main__":
    main()
