"""Do the unit tests notice a small change in the core? A bounded sample of mutations, made one at a time.

Cosmic Ray knows every change it could make (a comparison, a sign, a constant, a branch) in the folders of
`CORE`. Of these `--sample` are drawn by `--seed` and made one after another in a copy of the project, and the
core's own tests (`TESTS`: no model, no process) run on each. Printed is the share that made a test fail, and
each change that no test noticed. Changes of type annotations are not drawn, for annotations do not run; nor
are those of `DECISION`, which holds what was fitted (`benchmarks.numbers` tests it over recordings). A change
takes some five to ten seconds of one core, so that 60 take ten minutes at most.

    python -m benchmarks.mutations --sample 60
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

CORE = ("voicecheck/measures", "voicecheck/scorecard", "voicecheck/numbers")

DECISION = ("stretches", "candidates", "decide", "evidence", "finder_weights")
"""Files of `numbers/` that hold what was fitted."""

TESTS = " ".join(
    f"tests/test_{name}.py"
    for name in (
        *(
            "measures_*",
            "checks",
            "scorecard",
            "across",
            "advice",
            "say",
            "rubric",
            "recitations",
            "pipeline",
        ),
        *("limits", "own_checks", "report", "decision", "numbers*"),
    )
)

OPTIONS = "-q -x -o addopts= -p no:schemathesis -p no:cacheprovider"

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
        # Compiled files that are checked by their content: a change is seen within the same second.
        compiled = ("--invalidation-mode", "checked-hash", "voicecheck", "tests")
        subprocess.run([sys.executable, "-m", "compileall", "-q", *compiled], cwd=copy, check=True)
        if subprocess.run(_tests(), cwd=copy, check=False).returncode != 0:
            raise SystemExit("the tests fail without any change; mend that first")
        _run("init", "mutations.toml", session.name, folder=copy, config=_config())
        n_all = _keep_a_sample(session, chosen.sample, chosen.seed)
        _run("exec", "mutations.toml", session.name, folder=copy)
        _print_result(session, n_all)


def _config() -> str:
    folders = ", ".join(f'"{folder}"' for folder in CORE)
    left_out = ", ".join(f'"voicecheck/numbers/{name}.py"' for name in DECISION)
    return (
        f"[cosmic-ray]\nmodule-path = [{folders}]\ntimeout = {ONE_MAX_S}\n"
        f"excluded-modules = [{left_out}]\n"
        f"test-command = \"sh -c '{_tests()[-1]}'\"\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
    )


def _tests() -> list[str]:
    """The command that tests the copy; the shell writes the names out."""
    return ["sh", "-c", f"{sys.executable} -m pytest {OPTIONS} {TESTS}"]


def _run(*arguments: str, folder: Path, config: str | None = None) -> None:
    if config is not None:
        (folder / "mutations.toml").write_text(config, encoding="utf-8")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "cosmic_ray.cli", *arguments]
    subprocess.run(command, cwd=folder, check=True, env=environment)


def _keep_a_sample(session: Path, n_kept: int, seed: int) -> int:
    """Delete all changes but a drawn few from the list of work; give how many there were."""
    with sqlite3.connect(session) as table:
        specs = table.execute(
            "select job_id, module_path, start_pos_row, start_pos_col from mutation_specs "
            "order by module_path, operator_name, occurrence"
        ).fetchall()
        annotated = {module: _annotations(session.parent / module) for _, module, _, _ in specs}
        jobs = [
            job
            for job, module, row, column in specs
            if not any(start <= (row, column) < end for start, end in annotated[module])
        ]
        kept = set(random.Random(seed).sample(jobs, min(n_kept, len(jobs))))
        table.execute("create temporary table kept (job_id primary key)")
        table.executemany("insert into kept values (?)", [(job,) for job in kept])
        for name in ("mutation_specs", "work_items"):
            table.execute(f"delete from {name} where job_id not in (select job_id from kept)")
    return len(jobs)


def _annotations(module: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations of types stand: row and column of start and end."""
    found = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        for name in ("annotation", "returns"):
            part = getattr(node, name, None)
            if isinstance(part, ast.expr) and part.end_lineno is not None:
                end = (part.end_lineno, part.end_col_offset or 0)
                found.append(((part.lineno, part.col_offset), end))
    return found


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
