"""The digit head and the reading of its posteriors, on posteriors drawn by hand."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from voicecheck.errors import EngineError, ParameterError
from voicecheck.speech.digit_head import N_CLASSES, DigitHead, DigitNetwork, Floats
from voicecheck.speech.digit_paths import read_digits
from voicecheck.speech.digit_strings import (
    Hypothesis,
    force_align,
    margin,
    nbest,
    string_score,
    string_scores,
)
from voicecheck.speech.transcript import TimedDigit

MODELS = Path(__file__).resolve().parent.parent / "models"
WIDTHS = {"tiny.en": 384, "base": 512}


def drawn(picture: str, *, sureness: float = 0.9) -> Floats:
    """Posteriors from a picture with two characters a frame: ``..`` other, ``5a`` first half of 5, ``5b``
    second.

    Blanks part groups and mean nothing. What is not drawn shares the rest evenly.
    """
    frames = [
        pair for group in picture.split() for pair in map("".join, zip(group[::2], group[1::2], strict=True))
    ]
    logp = np.full((len(frames), N_CLASSES), math.log((1 - sureness) / (N_CLASSES - 1)), np.float32)
    for row, frame in zip(logp, frames, strict=True):
        row[0 if frame == ".." else 1 + 2 * int(frame[0]) + "ab".index(frame[1])] = math.log(sureness)
    return logp


def spoken(digits: str, *, half: int = 4, gap: int = 0) -> str:
    """A picture of digits with halves of `half` frames and `gap` frames of other between them and around."""
    said = [f"{digit}a" * half + f"{digit}b" * half for digit in digits]
    return ".." * 6 + (" " + ".." * gap).join(said) + ".." * 6


def digits_of(timed: list[TimedDigit]) -> str:
    return "".join(one.digit for one in timed)


# --- reading ---


@pytest.mark.parametrize("gap", [0, 1, 5])
@pytest.mark.parametrize("digits", ["5", "55", "555", "4165550198", "0000000", "9876543210"])
def test_digits_are_read_however_close_they_stand(digits: str, gap: int) -> None:
    """Equal neighbours without a pause do not melt into one: their halves alternate."""
    assert digits_of(read_digits(drawn(spoken(digits, gap=gap)))) == digits


def test_a_long_digit_is_one_digit() -> None:
    assert digits_of(read_digits(drawn(spoken("5", half=25)))) == "5"


# Frame   0    6   10   14   18   22   28
# Digits  |other|-5a-|-5b-|-5a-|-5b-|other|
def test_times_are_those_of_the_frames() -> None:
    """A digit that fills frames 6 to 13 lasts from 0.12 s to 0.28 s after the window's onset."""
    timed = read_digits(drawn(spoken("55"), sureness=0.999), onset_s=10.0)
    assert [one.onset_s for one in timed] == pytest.approx([10.12, 10.28], abs=0.002)
    assert [one.offset_s for one in timed] == pytest.approx([10.28, 10.44], abs=0.002)


def test_an_edge_inside_a_frame_is_told_by_its_posterior() -> None:
    """A first frame that is a quarter digit moves the onset three quarters of a frame."""
    logp = drawn(spoken("7"), sureness=0.9999)
    logp[6] = math.log(1e-6)
    logp[6, [0, 15]] = math.log(0.75), math.log(0.25)
    onset_s = read_digits(logp)[0].onset_s
    assert onset_s == pytest.approx(0.12 + 0.75 * 0.02, abs=0.001)


def test_digits_that_touch_share_their_edge() -> None:
    timed = read_digits(drawn(spoken("123")))
    assert timed[0].offset_s == timed[1].onset_s
    assert timed[1].offset_s == timed[2].onset_s


def test_a_blip_of_two_frames_is_no_digit() -> None:
    assert read_digits(drawn(".." * 10 + "3a3b" + ".." * 10)) == []


def test_other_alone_holds_no_digit() -> None:
    assert read_digits(drawn(".." * 500)) == []


def test_no_frames_hold_no_digit() -> None:
    empty = np.zeros((0, N_CLASSES), np.float32)
    assert read_digits(empty) == []
    assert nbest(empty) == [Hypothesis(digits="", log_probability=0.0)]
    assert force_align(empty, "") == ([], 0.0)
    assert string_score(empty, "1") == -math.inf


def test_confidence_falls_where_two_digits_fit() -> None:
    """Five and nine share the frames of the second digit: it is doubtful, the first is not."""
    logp = drawn(spoken("15"), sureness=0.99)
    logp[14:22, [19, 20]] = logp[14:22, [11, 12]] - 0.05
    sure, doubtful = read_digits(logp)
    assert sure.confidence > 0.99
    assert 0.45 < doubtful.confidence < 0.6


# --- strings ---


def test_all_strings_together_are_certain() -> None:
    """In seven frames there is room for no digit or one: their eleven probabilities add up to 1."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(7, N_CLASSES))
    logp = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float32)
    scores = string_scores(logp, ["", *"0123456789"])
    assert np.exp(scores).sum() == pytest.approx(1.0, abs=1e-6)


def test_strings_of_two_digits_count_too() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(11, N_CLASSES))
    logp = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float32)
    strings = ["".join(some) for n in range(3) for some in product("0123456789", repeat=n)]
    assert np.exp(string_scores(logp, strings)).sum() == pytest.approx(1.0, abs=1e-6)


def test_the_drawn_string_scores_best_whatever_the_length() -> None:
    logp = drawn(spoken("5551"))
    strings = ["5551", "551", "55551", "5591", "555", "1", ""]
    scores = string_scores(logp, strings)
    assert scores.argmax() == 0
    assert (scores <= 0).all()


def test_scoring_together_equals_scoring_alone() -> None:
    logp = drawn(spoken("907"))
    together = string_scores(logp, ["907", "9", "9077"])
    assert together.tolist() == pytest.approx([string_score(logp, digits) for digits in ("907", "9", "9077")])


def test_best_strings_come_in_order_and_hold_the_runner_up() -> None:
    """A nine that is nearly as good as the five is the second string."""
    logp = drawn(spoken("152"), sureness=0.99)
    logp[14:22, [19, 20]] = logp[14:22, [11, 12]] - 0.2
    readings = nbest(logp, 5)
    assert [one.digits for one in readings[:2]] == ["152", "192"]
    scores = [one.log_probability for one in readings]
    assert scores == sorted(scores, reverse=True)
    assert len(readings) == 5
    assert margin(readings) == scores[0] - scores[1]


def test_two_doubtful_digits_give_their_four_strings() -> None:
    logp = drawn(spoken("152"), sureness=0.99)
    logp[14:22, [19, 20]] = logp[14:22, [11, 12]] - 0.2
    logp[22:30, [7, 8]] = logp[22:30, [5, 6]] - 0.3
    assert {one.digits for one in nbest(logp, 4)} == {"152", "192", "153", "193"}


def test_a_lone_reading_has_no_rival() -> None:
    assert margin([Hypothesis(digits="1", log_probability=-0.1)]) == math.inf


def test_alignment_finds_the_drawn_times_and_the_string_score() -> None:
    logp = drawn(spoken("4077", gap=3), sureness=0.999)
    timed, score = force_align(logp, "4077", onset_s=1.0)
    assert digits_of(timed) == "4077"
    assert [one.onset_s for one in timed] == pytest.approx([1.12, 1.34, 1.56, 1.78], abs=0.002)
    assert score == pytest.approx(string_score(logp, "4077"))


def test_alignment_of_a_wrong_string_shows_in_its_confidence() -> None:
    """Aligned as 42, what was drawn as 47 is placed right, and its second digit is not believed."""
    logp = drawn(spoken("47", gap=3), sureness=0.999)
    timed, _ = force_align(logp, "42")
    assert digits_of(timed) == "42"
    assert timed[0].confidence > 0.99
    assert timed[1].confidence < 0.01


def test_alignment_of_too_many_digits_is_empty() -> None:
    assert force_align(drawn("1a1a1b1b"), "123") == ([], -math.inf)


def test_a_string_of_anything_but_digits_is_refused() -> None:
    with pytest.raises(ParameterError, match="digits 0 to 9 only, got '5o5'"):
        string_score(drawn(spoken("505")), "5o5")


def test_impossible_digits_are_refused() -> None:
    with pytest.raises(ParameterError, match="one of 0 to 9, got 'oh'"):
        TimedDigit(digit="oh", onset_s=0.0, offset_s=0.1, confidence=1.0)
    with pytest.raises(ParameterError, match="confidence"):
        TimedDigit(digit="0", onset_s=0.0, offset_s=0.1, confidence=1.1)


# --- heads ---


@pytest.fixture(params=sorted(WIDTHS))
def head_path(request: pytest.FixtureRequest) -> Path:
    return MODELS / f"digit-head-{request.param}.npz"


def test_each_head_fits_its_model_is_small_and_has_a_card(head_path: Path) -> None:
    head = DigitHead.load(head_path)
    model = head_path.stem.removeprefix("digit-head-")
    assert head.width == WIDTHS[model]
    assert head_path.stat().st_size < 2_500_000
    card = head_path.with_suffix(".md").read_text(encoding="utf-8")
    assert all(f"## {part}" in card for part in ("Data", "Recipe", "Figures", "Limits"))


def test_each_head_gives_probabilities(head_path: Path) -> None:
    head = DigitHead.load(head_path)
    frames = np.random.default_rng(0).normal(size=(50, head.width)).astype(np.float32)
    logp = head.log_posteriors(frames)
    assert logp.shape == (50, N_CLASSES)
    assert np.exp(logp).sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    assert len(head.log_posteriors(frames[:0])) == 0


def test_a_head_is_the_mean_of_its_networks() -> None:
    """By hand: two networks of one channel that give each class what their outputs' biases say."""
    silent = {
        "projection": np.zeros((4, 1), np.float32),
        "projection_bias": np.zeros(1, np.float32),
        "kernels": np.zeros((1, 1, 1, 1), np.float32),
        "kernel_biases": np.zeros((1, 1), np.float32),
        "output": np.zeros((1, N_CLASSES + 2), np.float32),
    }
    surely, hardly = (np.full(N_CLASSES + 2, -9.0, np.float32) for _ in range(2))
    surely[[0, 5]] = 3.0, 0.0
    hardly[[0, 5]] = 0.0, 1.0
    head = DigitHead(tuple(DigitNetwork(**silent, output_bias=bias) for bias in (surely, hardly)))
    logp = head.log_posteriors(np.ones((2, 4), np.float32))
    assert logp[:, 0] - logp[:, 5] == pytest.approx([(3.0 - 1.0) / 2] * 2, abs=1e-5)
    assert np.exp(logp).sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


def test_frames_of_another_width_are_refused(head_path: Path) -> None:
    head = DigitHead.load(head_path)
    with pytest.raises(ParameterError, match=f"width {head.width}, got shape \\(3, 100\\)"):
        head.log_posteriors(np.zeros((3, 100), np.float32))


def test_a_missing_head_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no digit head at .*none\.npz"):
        DigitHead.load(tmp_path / "none.npz")


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_a_file_that_is_no_head_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(EngineError, match="does not hold a digit head"):
        DigitHead.load(path)


def test_a_head_survives_being_written(tmp_path: Path, head_path: Path) -> None:
    head = DigitHead.load(head_path)
    head.save(tmp_path / "again.npz")
    frames = np.random.default_rng(0).normal(size=(9, head.width)).astype(np.float32)
    assert np.array_equal(
        DigitHead.load(tmp_path / "again.npz").log_posteriors(frames), head.log_posteriors(frames)
    )
