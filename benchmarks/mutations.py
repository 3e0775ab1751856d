"""Do the unit tests notice a small change in the core? A bounded sample of mutations, made one at a time.

Cosmic Ray knows every change it could make (a comparison, a sign, a constant, a branch) in the folders of
`CORE`. Of these `--sample` are drawn by `--seed` and made one after another in a copy of the project, and
those of the core's own tests (`TESTS` and the examples in its docstrings: no model, no process) run that call
the changed function. Printed is the share that made a test fail, and each change that no test noticed. Not
drawn are changes that mean nothing (of type annotations, of a cache or its size, of `==` to `is`, of equality
with a text to its place in the alphabet), and those of `DECISION`, which holds what was fitted
(`benchmarks.numbers` tests it over recordings). A change takes about a second of one core. It wants fork,
which Linux and macOS have.

    python -m benchmarks.mutations --sample 60
    python -m benchmarks.mutations --only numbers/cues.py:331
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import io
import math
import os
import pickle
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cosmic_ray.plugins
import pytest
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[1]

CORE = ("measures", "scorecard", "numbers")

DECISION = ("stretches", "candidates", "decide", "evidence", "finder_weights")
"""Files of `numbers/` that hold what was fitted."""

TESTS = (
    *("measures_*", "checks", "scorecard", "across", "advice", "say", "rubric", "recitations", "pipeline"),
    *("limits", "own_checks", "report", "decision", "agree", "edges", "numbers*", "phrases", "library"),
)

OPTIONS = ("-q", "-x", "-o", "addopts=--doctest-modules", "-p", "no:cacheprovider")

Span = tuple[tuple[int, int], tuple[int, int]]
"""Line and column of start and end."""

_SAME = re.compile(r"_(Eq_Is|NotEq_IsNot|Is_Eq|IsNot_NotEq)$")
"""Changes between being equal and being the same."""

_TELLS_NOTHING = re.compile(r"_(Eq|NotEq)_(Lt|LtE|Gt|GtE)$")
"""Of a comparison with a text: one of several names is the first or the last in the alphabet."""

CPU_SPARE_S = 10
"""A change that makes the tests take so much longer than they did is noticed, too: it runs in a circle."""

MEMORY_MAX_BYTES = 4 * 2**30
"""A circle may collect."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change that could be made."""

    module: str
    line: int
    operator: str
    occurrence: int


@dataclass
class Calls:
    """Which tests call which function of the core, and how long each test takes."""

    by_function: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    takes_s: dict[str, float] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)

    def of(self, change: Change) -> set[str]:
        """The tests that call the function that a change is in; all if it is in none, and so a constant."""
        function = _function_at(change)
        return (
            set(self.takes_s) if function is None else self.by_function.get((change.module, function), set())
        )


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=60, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--only", metavar="FILE[:LINE]", help="instead: all in this place, as printed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "copy")
        skipped = shutil.ignore_patterns(".git", ".venv", "*.bin", "__pycache__", ".*_cache", ".hypothesis")
        shutil.copytree(ROOT, copy, ignore=skipped)
        os.chdir(copy)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        sys.path.insert(0, str(copy))
        possible = list(_possible_changes())
        random.Random(chosen.seed).shuffle(possible)
        drawn = possible[: chosen.sample]
        if chosen.only:
            file, _, line = chosen.only.partition(":")
            drawn = [each for each in possible if file in each.module and line in ("", str(each.line))]
        calls = _calls()
        n_noticed = 0
        for n_tried, change in enumerate(drawn, start=1):
            n_noticed += _is_noticed(change, calls)
            if n_tried % 10 == 0 or n_tried == len(drawn):
                share = n_noticed / n_tried
                print(
                    f"{n_noticed} of {n_tried} noticed ({share:.0%}), of {len(possible)} changes", flush=True
                )


def _possible_changes() -> Iterator[Change]:
    files = sorted(file for room in CORE for file in Path("voicecheck", room).rglob("*.py"))
    for file in files:
        if file.stem in DECISION:
            continue
        annotated, texts, sums = _annotations(file), _comparisons_with_text(file), _sums(file)
        nodes = list(ast_nodes(get_ast_from_path(file)))
        for name in sorted(cosmic_ray.plugins.operator_names()):
            if cosmic_ray.plugins.get_operator(name).arguments():
                continue  # one that wants to be told what to do
            operator = _operator(name)
            places = (start for node in nodes for start, _ in operator.mutation_positions(node))
            for occurrence, place in enumerate(places):
                silent = annotated if not _TELLS_NOTHING.search(name) else [*annotated, *texts]
                is_star = "BinaryOperator" in name and not _lies_in(place, sums)  # of a signature or a call
                if not (_SAME.search(name) or is_star or _lies_in(place, silent)):
                    yield Change(module=str(file), line=place[0], operator=name, occurrence=occurrence)


def _lies_in(place: tuple[int, int], spans: Sequence[Span]) -> bool:
    return any(start <= place < end for start, end in spans)


def _span(node: ast.expr) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)


def _sums(module: Path) -> list[Span]:
    """Where two values are added, multiplied and so on."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [_span(node) for node in ast.walk(tree) if isinstance(node, ast.BinOp)]


def _comparisons_with_text(module: Path) -> list[Span]:
    """Where something is compared with a literal text."""
    return [
        _span(node)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and any(
            isinstance(part, ast.Constant) and isinstance(part.value, str)
            for part in (node.left, *node.comparators)
        )
    ]


def _operator(name: str) -> Any:
    return cosmic_ray.plugins.get_operator(name)()


def _annotations(module: Path) -> list[Span]:
    """Where annotations of types stand, and decorators; those of caches with their sign."""
    found = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        parts = [getattr(node, name, None) for name in ("annotation", "returns")]
        decorators = getattr(node, "decorator_list", ())
        found += [_span(part) for part in (*parts, *decorators) if isinstance(part, ast.expr)]
        signs = [(part.lineno, part.col_offset - 1) for part in decorators if "cache" in ast.unparse(part)]
        found += [((line, column), (line, column + 1)) for line, column in signs]
    return found


def _function_at(change: Change) -> int | None:
    """The first line of the innermost function that a change is in, its decorators included."""
    tree = ast.parse(Path(change.module).read_text(encoding="utf-8"))
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= change.line <= (node.end_lineno or 0)
    ]
    if not around:
        return None
    inner = max(around, key=lambda node: node.lineno)
    return min([inner.lineno, *(each.lineno for each in inner.decorator_list)])


class Noting:
    """For pytest: notes which functions of the core each test calls."""

    def __init__(self) -> None:
        self.calls = Calls()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test."""
        called: set[tuple[str, int]] = set()
        home = f"{Path.cwd()}{os.sep}"

        def note(frame: Any, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(home):
                called.add((frame.f_code.co_filename.removeprefix(home), frame.f_code.co_firstlineno))

        start_s = time.process_time()
        sys.setprofile(note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            self.calls.takes_s[item.nodeid] = time.process_time() - start_s
            for each in called:
                self.calls.by_function[each].add(item.nodeid)


class Choosing:
    """For pytest: runs some of the tests only, the quickest first."""

    def __init__(self, wanted: set[str], takes_s: dict[str, float]) -> None:
        self.wanted, self.takes_s = wanted, takes_s

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out and sort."""
        kept = [item for item in items if item.nodeid in self.wanted]
        items[:] = sorted(kept, key=lambda item: self.takes_s[item.nodeid])


def _calls() -> Calls:
    """Run all tests once; they must pass."""
    files = [str(file) for name in TESTS for file in sorted(Path("tests").glob(f"test_{name}.py"))]
    core = (file for room in CORE for file in sorted(Path("voicecheck", room).rglob("*.py")))
    files += [str(file) for file in core if ">>>" in file.read_text(encoding="utf-8")]

    def work() -> Calls | None:
        sys.dont_write_bytecode = False  # each change is to find the tests compiled
        noting = Noting()
        if pytest.main([*OPTIONS, *files], plugins=[noting]):
            return None
        own = ("voicecheck", "benchmarks", *(path.stem for path in Path("tests").rglob("*.py")))
        loaded = [name for name in sys.modules if name.split(".")[0] not in own]
        return Calls(by_function=dict(noting.calls.by_function), takes_s=noting.calls.takes_s, loaded=loaded)

    calls: Calls | None = _forked(work)
    if calls is None:
        raise SystemExit("the tests fail without any change; mend that first")
    sys.dont_write_bytecode = True  # from here on a file in the copy is not always what it was
    for name in calls.loaded:  # once, and not again for each change
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    quick = set(sorted(calls.takes_s, key=lambda test: calls.takes_s[test])[:100])
    if not _pass(quick, calls):
        raise SystemExit("the tests fail the second time without any change; mend that first")
    return calls


def _is_noticed(change: Change, calls: Calls) -> bool:
    """Make a change, run the tests that it concerns, and take it back; print it if they pass."""
    file = Path(change.module)
    before = file.read_text(encoding="utf-8")
    after = mutate_code(before, _operator(change.operator), change.occurrence)
    tests = calls.of(change)
    file.write_text(after, encoding="utf-8")
    try:
        passed = not tests or _pass(tests, calls)
    finally:
        file.write_text(before, encoding="utf-8")
    if passed:
        pairs = zip(before.splitlines(), after.splitlines(), strict=False)
        old, new = next(((old, new) for old, new in pairs if old != new), ("", ""))
        place = f"{change.module}:{change.line} {change.operator} ({len(tests)} tests)"
        print(f"unnoticed: {place}\n  -{old}\n  +{new}", flush=True)
    return not passed


def _pass(tests: set[str], calls: Calls) -> bool:
    files = sorted({test.split("::")[0] for test in tests})
    choosing = Choosing(tests, calls.takes_s)
    cpu_max_s = CPU_SPARE_S + 2 * math.ceil(sum(calls.takes_s[test] for test in tests))

    def work() -> bool:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_max_s, cpu_max_s))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
        return pytest.main([*OPTIONS, *files], plugins=[choosing]) == pytest.ExitCode.OK

    return bool(_forked(work))


def _forked(work: Callable[[], Any]) -> Any:
    """Do something in a child of this process, silently; None if it dies."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            with contextlib.redirect_stdout(io.StringIO()):
                result = work()
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(result, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(data) if data else None


if __name__ == "__main__":
    main()
