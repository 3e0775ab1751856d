"""The decision between words and head, on words and posteriors drawn by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecheck.audio.condition import Condition
from voicecheck.errors import EngineError
from voicecheck.numbers import find_in_words
from voicecheck.numbers.candidates import FEATURES, NONE_FEATURES, Candidate, Clues, Written, candidates
from voicecheck.numbers.decide import Decision, decide
from voicecheck.numbers.decision_model import Calibration, DecisionModel
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.speech.digit_head import N_CLASSES, DigitHead, Floats
from voicecheck.speech.transcript import ENCODER_FRAME_S, EncoderWindow, Word
from voicecheck.timing import Interval

DIGIT_S = 0.4
"""Each drawn digit is 20 frames of 20 ms."""


class PlantedHead:
    """Takes the frames that it is given for its posteriors."""

    def log_posteriors(self, frames: Floats) -> Floats:
        return frames


HEAD = cast(DigitHead, PlantedHead())


def silence(duration_s: float) -> Floats:
    """Frames that are surely no digit."""
    frames = np.full((round(duration_s / ENCODER_FRAME_S), N_CLASSES), -12.0, dtype=np.float32)
    frames[:, 0] = math.log(1 - 20 * math.exp(-12))
    return frames


def digit(name: str, *, rival: str | None = None, rival_share: float = 0.0) -> Floats:
    """Frames that are surely a digit, or share it with a rival."""
    frames = np.full((round(DIGIT_S / ENCODER_FRAME_S), N_CLASSES), -12.0, dtype=np.float32)
    half = len(frames) // 2
    for part, rows in enumerate((slice(0, half), slice(half, None))):
        frames[rows, 1 + 2 * int(name) + part] = math.log(1 - rival_share - 19 * math.exp(-12))
        if rival is not None:
            frames[rows, 1 + 2 * int(rival) + part] = math.log(rival_share)
    return frames


def said(digits: str) -> list[Floats]:
    """Digits one right after the other."""
    return [digit(name) for name in digits]


def window(*parts: Floats) -> list[EncoderWindow]:
    return [EncoderWindow(frames=np.concatenate(parts), onset_s=0.0)]


def words(*pieces: tuple[str, float, float]) -> list[Word]:
    return [
        Word(text=text, onset_s=onset_s, offset_s=offset_s, probability=0.8)
        for text, onset_s, offset_s in pieces
    ]


def model(none_bias: float = -8.0, **weights: float) -> DecisionModel:
    """Weights by hand: the head as it is, a slip of the decoder's costs 4, one of equal digits 0.5."""
    by_hand = {"head": 1.0, "swapped": -4.0, "repeated": -0.5, "added": -4.0, "lost": -4.0, "cut": -1.0}
    by_hand |= {"full": 1.5, "empty_head": 1.0, "empty": -1.0, "collapsed": -2.0, **weights}
    return DecisionModel(
        features={name: by_hand.get(name, 0.0) for name in FEATURES},
        none=dict.fromkeys(NONE_FEATURES, 0.0) | {"bias": none_bias},
        calibration=Calibration(scale=1.0, bias=0.0, whole=0.0, fewer_sound=0.0),
        none_sure_min=0.95,
        slips_alike=0.2,
    )


CONDITION = Condition(
    active_level_dbov=-20.0,
    activity=0.8,
    noise_floor_dbfs=-60.0,
    snr_db=40.0,
    clipped_share=0.0,
    bandwidth_hz=8000.0,
    dropouts=(),
    lead_s=0.0,
    tail_s=0.0,
)


def decision(
    heard: list[Word],
    frames: list[EncoderWindow],
    *,
    weights: DecisionModel | None = None,
    levels_dbfs: Sequence[float] | None = None,
) -> Decision:
    return decide(
        heard,
        frames,
        HEAD,
        weights or model(),
        sounds=[Interval(onset_s=0.0, offset_s=1000.0)],
        levels_dbfs=np.full(2000, -20.0) if levels_dbfs is None else np.array(levels_dbfs),
        condition=CONDITION,
    )


def mend(
    heard: list[Word],
    frames: list[EncoderWindow],
    *,
    weights: DecisionModel | None = None,
    levels_dbfs: Sequence[float] | None = None,
) -> list[Word]:
    return list(decision(heard, frames, weights=weights, levels_dbfs=levels_dbfs).words)


def rivals_of(decided: Decision) -> list[str]:
    digits = [digit for run in decided.digit_runs for digit in run.settled(0.95).digits]
    return [f"{digit.digit}{digit.rival}" for digit in digits if digit.rival is not None]


def doubts_of(run: DecidedRun) -> str:
    """The digits of a run, "?" for each in doubt."""
    return "".join(digit.digit if digit.rival is None else "?" for digit in run.digits)


def text_of(mended: list[Word]) -> str:
    return "".join(word.text for word in mended)


# Time (s)     0       1                           5
# Head         |-------|4|1|6|5|5|5|0|1|9|8|-------|
CALL = [silence(1.0), *said("4165550198"), silence(1.0)]


def test_digits_that_both_ears_agree_on_get_the_heads_times() -> None:
    heard = words((" at", 0.2, 0.6), (" 416", 0.6, 2.0), ("-555", 2.0, 3.5), ("-0198.", 3.5, 5.5))
    mended = mend(heard, window(*CALL))
    assert text_of(mended) == " at 416-555-0198."
    assert [word.onset_s for word in mended[1:]] == pytest.approx(
        [1.0 + DIGIT_S * at for at in range(10)], abs=0.04
    )
    assert all(word.probability > 0.95 for word in mended[1:])


@pytest.mark.parametrize("written", ["416-55-0198", "416-5555-0198", "416-555-019", "416-555-0199"])
def test_a_digit_that_the_decoder_lost_added_or_changed_is_mended(written: str) -> None:
    mended = mend(words((" at", 0.2, 0.6), (f" {written}.", 0.8, 5.2)), window(*CALL))
    assert text_of(mended).strip().removeprefix("at ").rstrip(".").replace("-", "") == "4165550198"
    assert text_of(mended).endswith(".")


def test_words_decide_where_the_head_cannot() -> None:
    """The head gives 5 a little more than 9; the decoder wrote 9."""
    unsure = [digit("5", rival="9", rival_share=0.49) if at == 4 else part for at, part in enumerate(CALL)]
    mended = mend(words((" 416-955-0198", 0.8, 5.2)), window(*unsure))
    assert text_of(mended).strip() == "416-955-0198"


def test_a_close_call_names_the_rival() -> None:
    unsure = [digit("5", rival="9", rival_share=0.5) if at == 4 else part for at, part in enumerate(CALL)]
    decided = decision(words((" 416-755-0198", 0.8, 5.2)), window(*unsure))
    assert rivals_of(decided) in (["59"], ["95"], ["75"], ["79"])


CLOSE_CALL = [digit("5", rival="9", rival_share=0.5) if at == 4 else part for at, part in enumerate(CALL)]
"""The head cannot tell whether the fourth digit is a 5 or a 9."""


def test_a_reading_is_as_probable_as_the_calibration_says() -> None:
    """A whole number is made surer, digits that are none less sure; each digit at least as sure as all."""

    def sure_by(whole: float, bias: float) -> tuple[float, list[float]]:
        weights = replace(
            model(), calibration=Calibration(scale=1.0, bias=bias, whole=whole, fewer_sound=0.0)
        )
        (run,) = decision(words((" 416-755-0198", 0.8, 5.2)), window(*CLOSE_CALL), weights=weights).digit_runs
        return run.probability, [digit.confidence for digit in run.digits]

    plain, _ = sure_by(0.0, 0.0)
    raised, digits = sure_by(2.0, -1.0)  # the logarithm of the odds is 1 higher
    assert raised / (1 - raised) == pytest.approx(math.e * plain / (1 - plain), rel=1e-6)
    assert all(confidence >= raised - 1e-9 for confidence in digits)
    assert min(digits) == pytest.approx(raised, abs=0.05)
    lowered, digits = sure_by(0.0, -1.0)
    assert lowered < plain < raised
    assert all(0.0 <= confidence <= 1.0 and confidence >= lowered - 1e-9 for confidence in digits)


def test_a_number_that_the_decoder_garbled_is_put_in() -> None:
    heard = words((" at", 0.2, 0.6), (" S-6", 1.1, 2.0), (" so", 2.2, 3.0), (" five", 3.2, 5.0))
    mended = mend(heard, window(*CALL))
    assert [number.digits for number in find_in_words(mended)] == ["4165550198"]
    assert mended[0].text == " at"


@pytest.mark.parametrize("last", ["-8", "-A", "-eight"])
def test_a_garbled_end_does_not_stay_behind_the_digits(last: str) -> None:
    """Pieces of a word that was written for digits: none covers most of one, the last may be a figure."""
    heard = words(
        (" 416", 0.9, 2.2), ("-555", 2.2, 3.4), (" A", 3.5, 3.7), ("-A", 3.7, 4.1), ("-A", 4.1, 4.6),
        (last, 4.6, 5.0), (" bye", 5.6, 6.0),
    )  # fmt: skip
    found = text_of(mend(heard, window(*CALL, silence(1.0))))
    assert found.endswith("8 bye")
    assert found.replace("-", "").replace(" ", "") == "4165550198bye"


def test_figures_that_are_none_of_the_number_stay() -> None:
    heard = words(
        (" 416-555", 0.9, 3.4), (" A", 3.5, 3.9), ("-A", 3.9, 4.9), (" room", 5.2, 5.5), (" 7", 5.6, 6.0)
    )
    assert text_of(mend(heard, window(*CALL, silence(1.0)))).endswith("8 room 7")


def test_a_number_without_any_digit_in_the_sound_is_taken_out() -> None:
    heard = words((" call", 0.2, 0.6), (" 416-555-0198", 0.7, 2.0), (" thanks", 2.2, 2.6))
    mended = mend(heard, window(silence(3.0)))
    assert [word.text for word in mended] == [" call", " thanks"]


def test_two_sayings_that_differ_stay_different() -> None:
    frames = window(silence(1.0), *said("4165550198"), silence(1.0), *said("4165550189"), silence(0.5))
    heard = words(
        (" at", 0.2, 0.6), (" 416-555-0198.", 0.9, 5.1), (" Again,", 5.2, 5.8), (" 416-555-0198", 5.9, 10)
    )
    mended = mend(heard, frames)
    assert [number.digits for number in find_in_words(mended)] == ["4165550198", "4165550189"]


def test_two_numbers_that_the_decoder_wrote_as_one_word_are_one_stretch() -> None:
    """Each saying lost the same digit, and an X stands between them."""
    frames = window(silence(1.0), *said("4165550198"), silence(1.5), *said("4165550198"), silence(0.5))
    mended = mend(words((" at", 0.2, 0.6), (" 416550198X416550198.", 0.9, 10.6)), frames)
    assert [number.digits for number in find_in_words(mended)] == ["4165550198", "4165550198"]


@pytest.mark.parametrize("lost", [None, 0, 4, 8, 9])
def test_two_sayings_in_one_breath_are_decided_each_by_itself(lost: int | None) -> None:
    """Nothing but a pause between them, and the second or the first may have lost a digit."""
    whole = "4165550198"
    cut = whole if lost is None else whole[:lost] + whole[lost + 1 :]
    for sayings in ((whole, cut), (cut, whole)):
        frames = [part for each in sayings for part in (*said(each), silence(0.5))]
        onsets_s = [
            1.0 + 0.4 * at + (0.5 if at >= len(sayings[0]) else 0.0) for at in range(len(whole + cut))
        ]
        heard = words(
            *((f" {name},", at_s, at_s + 0.4) for name, at_s in zip("".join(sayings), onsets_s, strict=True))
        )
        found = decision(heard, window(silence(1.0), *frames, silence(1.0)))
        assert ["".join(each.digit for each in run.digits) for run in found.digit_runs] == list(sayings)
        assert whole in [number.digits for number in find_in_words(found.words)]


def test_a_pause_inside_a_number_does_not_part_two_sayings() -> None:
    """The tie between 8 + 10 and 10 + 8 digits goes to the cut that leaves a telephone number."""
    frames = window(
        silence(1.0), *said("30372567"), silence(0.6), *said("68"), silence(0.6), *said("30372567")
    )
    heard = words(*((f" {name}", 1.0 + at, 1.4 + at) for at, name in enumerate("303725676830372567")))
    runs = decision(heard, frames).digit_runs
    assert ["".join(each.digit for each in run.digits) for run in runs] == ["3037256768", "30372567"]


def test_double_is_two_digits_that_sound_once() -> None:
    frames = window(silence(1.0), *said("416"), silence(0.5), *said("5"), *said("70198"), silence(0.5))
    heard = words(
        *((f" {name}", 1.0 + 0.4 * at, 1.4 + 0.4 * at) for at, name in enumerate(("four", "one", "six"))),
        (" double", 2.2, 2.7),
        *(
            (f" {name}", 2.7 + 0.4 * at, 3.1 + 0.4 * at)
            for at, name in enumerate(("five", "seven", "zero", "one", "nine", "eight"))
        ),
    )
    (number,) = find_in_words(mend(heard, frames))
    assert number.digits == "4165570198"


@pytest.mark.parametrize("text", [" in 2024", " for $1,999", " at 10:30", " order 90210"])
def test_figures_in_which_no_digits_sound_are_left_alone(text: str) -> None:
    heard = words((" see", 0.2, 0.6), (text, 0.7, 2.0), (" bye", 2.2, 2.6))
    assert mend(heard, window(silence(3.0))) == heard


def test_without_windows_words_stay_as_they_are() -> None:
    heard = words((" 416-555-0198", 0.7, 2.0))
    assert mend(heard, []) == heard


def test_a_word_in_the_place_of_a_digit_goes() -> None:
    """The decoder wrote "Ziggs" for the six."""
    frames = window(silence(1.0), *said("6475550198"), silence(1.0))
    heard = words((" is", 0.5, 0.8), (" Ziggs", 0.9, 1.4), (" 47-555-0198.", 1.4, 5.1))
    assert text_of(mend(heard, frames)) == " is 647-555-0198."


def test_slow_digits_that_the_decoder_left_out_belong_to_the_number() -> None:
    """Said a second apart, and the decoder stops before the last two."""
    apart = [part for frames in said("4165550198") for part in (frames, silence(0.6))]
    heard = words(*((f" {name}", 1.0 + at, 1.4 + at) for at, name in enumerate("41655501")))
    mended = mend(heard, window(silence(1.0), *apart))
    assert text_of(mended).replace(" ", "") == "4165550198"


def test_digits_that_the_decoder_wrote_as_something_else_belong_to_those_that_it_wrote() -> None:
    """With people talking behind, "three oh, three six, three four" was written "T0, T6, T4"."""
    apart = [part for frames in said("3036349100") for part in (frames, silence(0.2))]
    pieces = [
        (" T0,", 1.0),
        (" T6,", 2.2),
        (" T4,", 3.4),
        *((f" {name},", 4.6 + 0.6 * at) for at, name in enumerate("9100")),
    ]
    heard = words(*((text, onset_s, onset_s + 0.5) for text, onset_s in pieces))
    (run,) = decision(heard, window(silence(1.0), *apart, silence(1.0))).digit_runs
    assert "".join(each.digit for each in run.digits) == "3036349100"


def test_a_whole_number_takes_no_extension_in() -> None:
    """The recogniser wrote "extension to 40" where the head heard 240."""
    frames = window(*CALL[:-1], silence(0.6), *said("240"), silence(0.5))
    heard = words(
        (" 416-555-0198", 0.9, 5.1), (" extension", 5.1, 5.6), (" to", 5.6, 6.0), (" 40.", 6.0, 6.8)
    )
    (run,) = decision(heard, frames).digit_runs
    assert "".join(each.digit for each in run.digits) == "4165550198"


@pytest.mark.parametrize(("digits", "n_runs"), [("4165", 1), ("416", 0)])
def test_a_few_digits_that_only_the_head_heard_are_told_apart(digits: str, n_runs: int) -> None:
    """With people talking behind, the decoder made up a sentence and the head heard part of a number."""
    frames = window(silence(1.0), *said(digits), silence(1.0))
    heard = words((" Thank you all for joining us", 0.2, 1.0), (" today.", 3.0, 3.4))
    runs = decision(heard, frames, weights=model(empty=-4.0)).digit_runs
    assert [run.heard_only for run in runs] == [True] * n_runs


def test_a_whole_number_takes_nothing_from_afar() -> None:
    """A second after the number something like an 8 sounds, in a word that was not made out."""
    frames = window(*CALL, *said("8"), silence(0.5))
    thanks = Word(text=" ate", onset_s=6.0, offset_s=6.4, probability=0.3)
    mended = mend([*words((" 416-555-0198.", 0.9, 5.1)), thanks], frames)
    assert text_of(mended) == " 416-555-0198. ate"


@settings(max_examples=25, deadline=None)
@given(
    digits=st.text("0123456789", min_size=10, max_size=10),
    slip=st.integers(0, 9),
    kind=st.sampled_from(["lose", "double", "none"]),
)
def test_a_sure_head_overrules_any_slip_of_the_decoder(digits: str, slip: int, kind: str) -> None:
    written = {
        "lose": digits[:slip] + digits[slip + 1 :],
        "double": digits[:slip] + digits[slip] + digits[slip:],
        "none": digits,
    }[kind]
    heard = words((" call", 0.2, 0.6), (f" {written}", 0.9, 5.1), (" thanks", 5.3, 5.6))
    mended = mend(heard, window(silence(1.0), *said(digits), silence(1.0)))
    assert "".join(letter for letter in text_of(mended) if letter.isdigit()) == digits
    assert [word.onset_s for word in mended] == sorted(word.onset_s for word in mended)


def test_a_hundred_may_stand_behind_figures() -> None:
    """The decoder writes 800 where "eight hundred" was said; the head hears one 8."""
    frames = window(silence(1.0), *said("18"), silence(0.6), *said("5550198"), silence(0.5))
    mended = mend(words((" call", 0.2, 0.7), (" 1-800-555-0198", 0.9, 5.3)), frames)
    assert [number.digits for number in find_in_words(mended)] == ["18005550198"]


def test_somebody_elses_digits_are_left_out_by_their_level() -> None:
    """Behind the number, 20 dB below it, another voice says 4 and 1; the decoder wrote them too."""
    frames = window(silence(1.0), *said("4165550198"), *said("41"), silence(0.5))
    levels = np.full(2000, -20.0)
    levels[500:] = -40.0  # from 5.0 s on
    heard = words((" 416-555-0198", 0.9, 5.0), (" 41", 5.0, 5.8))
    weights = model(quiet_dropped=8.0, quiet_kept=-8.0)
    mended = mend(heard, frames, weights=weights, levels_dbfs=levels.tolist())
    assert text_of(mended).strip() == "416-555-0198"


def test_a_reading_below_the_threshold_has_a_digit_in_doubt() -> None:
    """The two ears differ in one digit, and the head is hardly sure of its own."""
    unsure = [digit("5", rival="7", rival_share=0.4) if at == 4 else part for at, part in enumerate(CALL)]
    (run,) = decision(words((" 416-755-0198", 0.8, 5.2)), window(*unsure)).digit_runs
    assert doubts_of(run.settled(0.95)) == "416?550198"
    assert not run.is_sure


def test_nothing_is_put_in_where_the_head_only_guesses() -> None:
    """Six digits at even odds with others in a stretch of talk."""
    guesses = [digit(name, rival=str((int(name) + 3) % 10), rival_share=0.5) for name in "416555"]
    heard = words((" we", 1.0, 1.8), (" talk", 1.9, 2.6), (" on", 2.7, 3.3))
    mended = mend(heard, window(silence(1.0), *guesses, silence(1.0)), weights=model(none_bias=4.0))
    assert text_of(mended) == " we talk on"


def test_eight_hundred_is_a_candidate_be_it_that_the_head_lost_the_eight() -> None:
    """The head hears only what follows, so no sound between its digits is unexplained."""
    listed = candidates(_heard_as("8006673200", said("6673200")), "US")
    (found,) = [each for each in listed if each.digits == "8006673200"]
    assert (found.spoken, found.owners[:4]) == ("86673200", (0, 0, 0, 1))
    value = dict(zip(FEATURES, found.features.tolist(), strict=True))
    assert (value["hundred"], value["collapsed"]) == (1.0, 0.0)


def _heard_as(written: str, parts: list[Floats]) -> Clues:
    return Clues(
        written=Written.plain(written),
        written_probability=0.9,
        hypotheses=(),
        heard=(),
        log_posteriors=np.concatenate([silence(0.5), *parts, silence(0.5)]),
        quiet_db=(),
        unexplained_s=0.0,
        snr_db=math.nan,
        narrow=False,
    )


def test_what_the_two_models_have_is_mixed() -> None:
    clues = Clues(
        written=Written.plain("4165550198"),
        written_probability=0.9,
        hypotheses=("4165550189",),
        heard=(),
        log_posteriors=np.concatenate(CALL),
        quiet_db=(),
        unexplained_s=0.0,
        snr_db=math.nan,
        narrow=False,
    )
    listed = [each.digits for each in candidates(clues, "US")]
    assert {"4165550198", "4165550189", ""} <= set(listed)
    assert len(listed) == len(set(listed))


def test_a_file_without_all_weights_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text("none_sure_min = 0.9\n[features]\nhead = 1.0\n")
    with pytest.raises(EngineError, match="does not hold the weights of the decision"):
        DecisionModel.load(path)


def test_a_run_knows_its_digits_and_the_words_that_it_stands_for() -> None:
    decided = decision(words((" at", 0.2, 0.6), (" 416-55-0198.", 0.8, 5.2), (" bye", 5.6, 6)), window(*CALL))
    (run,) = decided.digit_runs
    assert doubts_of(run.settled(0.95)) == "4165550198"
    assert text_of(list(decided.words[run.first_word : run.last_word])) == " 416-555-0198."
    assert [each.onset_s for each in run.digits] == [
        word.onset_s for word in decided.words[run.first_word : run.last_word]
    ]


@pytest.mark.parametrize(
    ("share", "grade", "spoken", "odds"),
    [
        (0.75, None, "55", 3.0 * 7),
        (0.75, "full", "55", 3.0 * 7 * 2),
        (0.75, "loose", "55", 3.0 * 7 * 2),
        (0.75, None, "5", 3.0 * 7 * 5),
        (0.0, None, "55", 1e-4 / (1 - 1e-4) * 7),
        (1.0, None, "55", (1 - 1e-5) / 1e-5 * 7),
    ],
)
def test_the_odds_of_a_share_are_multiplied_by_what_holds(
    share: float, grade: str | None, spoken: str, odds: float
) -> None:
    """Every reading seven times as likely, a whole number twice more, and one of fewer sounds five times."""
    features = np.array([1.0 if name == grade else 0.0 for name in FEATURES])
    read = Candidate(digits="55", spoken=spoken, owners=(0,) * len(spoken), features=features)
    by_hand = Calibration(scale=1.0, bias=math.log(7), whole=math.log(2), fewer_sound=math.log(5))
    probability = by_hand.probability(share, read)
    assert probability / (1 - probability) == pytest.approx(odds, rel=1e-6)
