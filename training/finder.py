"""Fit what each piece of evidence weighs in the finder of telephone numbers.

Run from the repository: ``python -m training.finder``. It reads texts with the numbers that a listener would
write down, fits the weights of `voicecheck.numbers.split` by conditional likelihood, and writes
``voicecheck/numbers/finder_weights.py``. Half a minute on one core; no random numbers are drawn. With
``--leave-out`` it writes nothing, and fits without each fifth of the public suites in turn to see how the
weights do on suites that they never met.

Method
------
Every text is a chain of readings, run by run. The likelihood of a text is the share of the readings that give
the expected numbers, in order, among all readings, each weighed by the exponential of its score [1]_; where
several answers are right they are added. Weights are held back by a normal prior of standard deviation
`PRIOR`. A text whose expected numbers no reading gives (a correction, say, that was read otherwise) is left
out, and counted.

References
----------
.. [1] Sarawagi & Cohen (2004), Semi-Markov conditional random fields for information extraction, NIPS 17.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from voicecheck.numbers.cues import extension_word
from voicecheck.numbers.find import surrounded
from voicecheck.numbers.plan import check_region
from voicecheck.numbers.split import Arc, arcs_of, best_reading
from voicecheck.numbers.tokens import tokenize

ROOT = Path(__file__).resolve().parents[1]

OWN_TEXTS = ROOT / "training" / "spoken_numbers.jsonl"
"""Written for this project; `kind` says what they try."""

SHARED = ROOT.parent / "shared" / "data"
"""Texts of public suites and bug reports, where they lie beside the repository."""

WEIGHTS_FILE = ROOT / "voicecheck" / "numbers" / "finder_weights.py"

PRIOR = 3.0
"""Standard deviation of a weight before anything was seen."""

COSTS = re.compile(r"left_(head|mid|tail)(_digits)?")
"""To leave digits over costs something, whatever else is said for it."""

FOLDS = 5

EXTENSION_DIGITS_MAX = 7

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """An arc between numbered nodes; `row` is its row of evidence, -1 for a step between runs."""

    tail: int
    head: int
    row: int
    digits: str


@dataclass(frozen=True)
class Chain:
    """All readings of one text, and the lists of numbers that are right."""

    steps: tuple[Step, ...]
    n_nodes: int
    answers: tuple[tuple[str, ...], ...]
    weight: float


def read_texts(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Read texts with their expected numbers; rows without a text are passed over."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if "text" in row]


def answers_of(row: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Give every right list of numbers, extensions left out."""
    return tuple(
        tuple(number.split("x")[0] for number in answer)
        for answer in (row["expect"], *row.get("also_ok", []))
    )


def runs_of(text: str, region: str) -> list[tuple[list[Arc], int]]:
    """List the arcs and the number of digits of every run that is no extension."""
    tokens = tokenize(text)
    region = check_region(region)
    runs: list[tuple[list[Arc], int]] = []
    after = -1
    for said, around in surrounded(tokens, region):
        digits = said.run.digits
        extension = extension_word(tokens, said.cue_at, after=after) is not None
        if not (extension and len(digits) <= EXTENSION_DIGITS_MAX):
            runs.append((arcs_of(said.run, region, around), len(digits)))
        after = said.last
    return runs


class Evidences:
    """Rows of evidence, one per arc, over names numbered as they come."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.values: list[float] = []
        self.columns: list[int] = []
        self.starts: list[int] = [0]

    def add(self, arc: Arc) -> int:
        """Add one row and give its number."""
        for name, count in arc.evidence.items():
            self.columns.append(self.names.setdefault(name, len(self.names)))
            self.values.append(count)
        self.starts.append(len(self.columns))
        return len(self.starts) - 2

    def matrix(self) -> csr_matrix:
        """Give all rows."""
        shape = (len(self.starts) - 1, len(self.names))
        return csr_matrix((self.values, self.columns, self.starts), shape=shape)


def chain_of(row: dict[str, Any], evidences: Evidences) -> Chain:
    """Lay the runs of one text end to end."""
    steps: list[Step] = []
    nodes: dict[tuple[int, int, bool], int] = {(0, 0, False): 0}
    for at, (arcs, n_digits) in enumerate(runs_of(row["text"], row["region"])):
        for arc in arcs:
            tail, head = (nodes.setdefault((at, *node), len(nodes)) for node in (arc.tail, arc.head))
            digits = arc.piece.digits if arc.piece else ""
            steps.append(Step(tail, head, evidences.add(arc), digits))
        onward = nodes.setdefault((at + 1, 0, False), len(nodes))
        for flag in (True, False):
            if (at, n_digits, flag) in nodes:
                steps.append(Step(nodes[at, n_digits, flag], onward, -1, ""))
    last = max(node[0] for node in nodes)
    end = nodes[last, 0, False]
    assert end == len(nodes) - 1 or not steps
    return Chain(tuple(steps), len(nodes), answers_of(row), row.get("weight", 1.0))


def log_add(a: float, b: float) -> float:
    if a == -math.inf:
        return b
    if b == -math.inf:
        return a
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def log_sum(
    chain: Chain, scores: Sequence[float], answer: Sequence[str] | None
) -> tuple[float, dict[int, float]]:
    """Add up all readings (or those that give `answer`), and give the log-share of each row in them."""
    n_said = 0 if answer is None else len(answer)
    forward = [[-math.inf] * (n_said + 1) for _ in range(chain.n_nodes)]
    backward = [[-math.inf] * (n_said + 1) for _ in range(chain.n_nodes)]
    forward[0][0] = 0.0
    backward[-1][n_said] = 0.0

    def moves(step: Step) -> list[tuple[int, int]]:
        if not step.digits or answer is None:
            return [(k, k) for k in range(n_said + 1)]
        return [(k, k + 1) for k in range(n_said) if answer[k] == step.digits]

    for step in chain.steps:
        score = scores[step.row] if step.row >= 0 else 0.0
        for before, after in moves(step):
            if forward[step.tail][before] > -math.inf:
                value = forward[step.tail][before] + score
                forward[step.head][after] = log_add(forward[step.head][after], value)
    total = forward[-1][n_said]
    if total == -math.inf:
        return total, {}
    shares: dict[int, float] = {}
    for step in reversed(chain.steps):
        score = scores[step.row] if step.row >= 0 else 0.0
        for before, after in moves(step):
            if backward[step.head][after] > -math.inf:
                value = backward[step.head][after] + score
                backward[step.tail][before] = log_add(backward[step.tail][before], value)
                share = forward[step.tail][before] + value - total
                if step.row >= 0 and share > -30:
                    shares[step.row] = shares.get(step.row, 0.0) + math.exp(share)
    return total, shares


def loss_of(weights: Floats, rows: csr_matrix, chains: Sequence[Chain]) -> tuple[float, Floats]:
    """Give the negative log-likelihood with the prior, and its slope."""
    scores: list[float] = (rows @ weights).tolist()
    loss = 0.5 * float(weights @ weights) / PRIOR**2
    pull = np.zeros(rows.shape[0])
    for chain in chains:
        everything, shares = log_sum(chain, scores, None)
        right = [log_sum(chain, scores, answer) for answer in chain.answers]
        total = -math.inf
        for value, _ in right:
            total = log_add(total, value)
        loss += chain.weight * (everything - total)
        for row, share in shares.items():
            pull[row] += chain.weight * share
        for value, answer_shares in right:
            part = math.exp(value - total)
            for row, share in answer_shares.items():
                pull[row] -= chain.weight * part * share
    return loss, rows.T @ pull + weights / PRIOR**2


def fit(texts: Sequence[dict[str, Any]]) -> tuple[dict[str, float], Counter[str]]:
    """Fit the weights; also count the texts that could and could not be used.

    Parameters
    ----------
    texts : sequence of dict
        With `text`, `region`, `expect`, and optionally `also_ok` and `weight`.
    """
    evidences = Evidences()
    built = [chain_of(row, evidences) for row in texts]
    rows = evidences.matrix()
    zeros = [0.0] * rows.shape[0]
    usable = [
        chain
        for chain in built
        if chain.steps and any(log_sum(chain, zeros, answer)[0] > -math.inf for answer in chain.answers)
    ]
    found = minimize(
        loss_of,
        np.zeros(rows.shape[1]),
        args=(rows, usable),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, 0.0) if COSTS.fullmatch(name) else (None, None) for name in evidences.names],
        options={"maxiter": 120},
    )
    weights = {name: float(found.x[column]) for name, column in evidences.names.items()}
    return weights, Counter(used=len(usable), empty=sum(not chain.steps for chain in built), all=len(built))


def is_right(row: dict[str, Any], weights: dict[str, float]) -> bool:
    """Whether the heaviest readings give an answer that is right; extensions are passed over."""
    found: list[str] = []
    for arcs, n_digits in runs_of(row["text"], row["region"]):
        found += [piece.digits for piece in best_reading(arcs, n_digits, weights)[1]]
    return tuple(found) in answers_of(row)


def leave_out(texts: Sequence[dict[str, Any]]) -> None:
    """Fit without a fifth of the suites and count what is right there, fifth by fifth."""
    suites = sorted({suite_of(row) for row in texts} - {""})
    totals: Counter[tuple[str, bool]] = Counter()
    for fold in range(FOLDS):
        aside = set(suites[fold::FOLDS])
        weights, _ = fit([row for row in texts if suite_of(row) not in aside])
        for row in texts:
            if suite_of(row) in aside:
                strength = "debatable" if row.get("debatable") else "strict"
                right = is_right(row, weights)
                totals[strength, right] += 1
                if not right and strength == "strict":
                    print(f"{row['id']} {row['region']}: {row['text']!r} is not {row['expect']}")
    for strength in ("strict", "debatable"):
        n_right, n_wrong = totals[strength, True], totals[strength, False]
        print(f"suites left out, {strength}: {n_right} of {n_right + n_wrong} right")


def suite_of(row: dict[str, Any]) -> str:
    """Name the public suite that a text comes from; empty for our own."""
    return str(row.get("id", "")).rpartition("-")[0]


def write_weights(path: Path, weights: dict[str, float], source: str) -> None:
    """Write the table as a module."""
    lines = [
        '"""What each piece of evidence weighs, in natural logarithms of odds; written by `training.finder`.',
        "",
        *source.splitlines(),
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "WEIGHTS: dict[str, float] = {",
        *(f'    "{name}": {weight:.2f},' for name, weight in sorted(weights.items()) if abs(weight) >= 0.005),
        "}",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--leave-out", action="store_true")
    options = parser.parse_args()
    shared = [SHARED / "spoken_numbers_dev.jsonl", SHARED / "cases" / "cases.jsonl"]
    texts = read_texts([OWN_TEXTS, *(path for path in shared if path.exists())])
    if options.leave_out:
        leave_out(texts)
        return
    weights, counts = fit(texts)
    source = (
        f"Fitted on {counts['used']} texts (own: training/spoken_numbers.jsonl; public suites and bug\n"
        f"reports: see docs/finder.md); {counts['empty']} more hold no digits, and of"
        f" {counts['all'] - counts['used'] - counts['empty']} no reading gives the expected numbers."
    )
    write_weights(options.out, weights, source)
    print(source)


if __name__ == "__main__":
    main()
