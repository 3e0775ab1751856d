"""Which digits were said: one search, one learned score, one probability.

Every stretch of digits (`voicecheck.numbers.stretches`) has candidates (`voicecheck.numbers.candidates`). A
candidate's score is the sum of its features times their weights; "none of these" has a score of its own. The
weights, and what makes a probability of the largest share of the exponentials of all scores, are learned
(`voicecheck.numbers.decision_model`, `models/digit-decision-*.md`, `docs/decision.md`).

No stretch sees another one: if two sayings differ, that stays. But where two are the same number they vouch
for each other, and where they nearly are, contest each other (`voicecheck.numbers.agree`). What was decided
is written into the words (`voicecheck.numbers.render`), a piece per digit with the digit's own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.condition import Condition
from voicecheck.audio.levels import HOP_S
from voicecheck.numbers.agree import contested, vouched
from voicecheck.numbers.candidates import (
    FEATURES,
    Candidate,
    Clues,
    candidates,
    quietness_db,
)
from voicecheck.numbers.decision_model import SHARE_MAX, DecisionModel
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.edges import refined
from voicecheck.numbers.find import digit_runs
from voicecheck.numbers.render import words_for, written_words
from voicecheck.numbers.stretches import RUN_MIN, Stretch, find_stretches, written_in
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_paths import align, read_digits
from voicecheck.speech.transcript import ENCODER_FRAME_S, EncoderWindow, TimedDigit, Word
from voicecheck.timing import Interval, gaps, overlap_s

MARGIN_S = 0.3
"""Sound taken along on both sides of a stretch: the head's edges are good to a tenth of a second."""

HEARD_ALONE_MIN = 0.5
"""Digits that the decoder did not write are put in if they are likelier than everything else together."""

BACKGROUND_MIN = 1.2
"""Left out digits that lie by so many times 10 dB, added up, below the loud ones are another voice's: nobody
says a digit 12 dB below the others."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was decided of one stretch.

    Parameters
    ----------
    digits : tuple of TimedDigit
        Each with its probability as its confidence; empty if surely none were said.
    probability : float
        That these are the digits that were said, all of them and no other.
    is_written : bool
        Whether they are to stand in the transcript.
    background : bool
        Whether digits of a fainter voice were left out.
    """

    digits: tuple[TimedDigit, ...]
    probability: float
    is_written: bool = True
    background: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The transcript with the digits that were said, and these digits as values.

    Parameters
    ----------
    words : tuple of Word
        In time order; a digit that was decided is one word, at its own time.
    digit_runs : tuple of DecidedRun
        In time order.
    """

    words: tuple[Word, ...]
    digit_runs: tuple[DecidedRun, ...] = ()


def decide(
    words: Sequence[Word],
    windows: Sequence[EncoderWindow],
    head: DigitHead,
    model: DecisionModel,
    *,
    sounds: Sequence[Interval],
    levels_dbfs: NDArray[np.float64],
    condition: Condition,
    region: str = "US",
) -> Decision:
    """Decide which digits were said, and write the words again with them, each at its own time.

    Parameters
    ----------
    words : sequence of Word
        The transcript.
    windows : sequence of EncoderWindow
        The encoder's output behind it, with the decoder's other hypotheses.
    head : DigitHead
        Trained on the same encoder.
    model : DecisionModel
        Fitted with the same head.
    sounds : sequence of Interval
        Where the signal sounds.
    levels_dbfs : np.ndarray
        From `frame_levels_dbfs`.
    condition : Condition
        Of the recording.
    region : str
        ISO 3166 code of the number plan.

    Returns
    -------
    Decision
        New words, and the runs that were decided.
    """
    if not windows:
        return Decision(words=tuple(words))
    log_posteriors = timeline(windows, head)
    stretches = find_stretches(words, read_digits(log_posteriors), region)
    written: list[Word] = []
    runs: list[DecidedRun] = []
    done = 0
    for place, stretch in enumerate(stretches):
        onset_s, offset_s = edges_of(stretch, stretches, place, words, len(log_posteriors) * ENCODER_FRAME_S)
        clues = gather_clues(
            stretch,
            words,
            windows,
            _cut(log_posteriors, onset_s, offset_s),
            sounds=sounds,
            levels_dbfs=levels_dbfs,
            condition=condition,
        )
        reading = read(clues, model, onset_s, region)
        if reading is None:
            continue
        digits = refined(reading.digits, sounds, levels_dbfs)
        first = last = stretch.first_word
        pieces: list[Word] = []
        if reading.is_written:
            ahead = stretches[place + 1].first_word if place + 1 < len(stretches) else len(words)
            first, last = words_for(stretch, words, digits, range(done, ahead))
            next_follows = place + 1 < len(stretches) and stretches[place + 1].first_word == stretch.last_word
            pieces = written_words(stretch, words, digits, ends=next_follows) if digits else []
        written += words[done:first]
        if digits:
            run = DecidedRun(
                digits=digits,
                first_word=len(written),
                last_word=len(written) + len(pieces),
                probability=reading.probability,
                background=reading.background,
                heard_only=not stretch.runs,
            )
            runs.append(run)
        written += pieces
        done = last
    together = contested(vouched(runs, model.slips_alike, region), region)
    return Decision(words=(*written, *words[done:]), digit_runs=together)


def timeline(windows: Sequence[EncoderWindow], head: DigitHead) -> Floats:
    """Posteriors of the whole recording, *other* where no window lies; shape=(n_frames, n_classes).

    Parameters
    ----------
    windows : sequence of EncoderWindow
        At least one, in time order.
    head : DigitHead
        Trained on the same encoder.

    Returns
    -------
    np.ndarray, shape=(n_frames, n_classes)
        Natural logarithms, `ENCODER_FRAME_S` a frame, from the start of the recording on.
    """
    starts = [round(window.onset_s / ENCODER_FRAME_S) for window in windows]
    posteriors = [head.log_posteriors(window.frames) for window in windows]
    n_frames = max(start + len(part) for start, part in zip(starts, posteriors, strict=True))
    whole = np.full((n_frames, posteriors[0].shape[1]), -30.0, dtype=np.float32)
    whole[:, 0] = 0.0
    for start, part in zip(starts, posteriors, strict=True):
        whole[start : start + len(part)] = part
    return whole


def _cut(log_posteriors: Floats, onset_s: float, offset_s: float) -> Floats:
    return log_posteriors[round(onset_s / ENCODER_FRAME_S) : round(offset_s / ENCODER_FRAME_S)]


def edges_of(
    stretch: Stretch, stretches: Sequence[Stretch], place: int, words: Sequence[Word], end_s: float
) -> tuple[float, float]:
    """Find the time of a stretch: where either ear has it, and `MARGIN_S` more, but no other stretch.

    Parameters
    ----------
    stretch : Stretch
        Whose time is asked for.
    stretches : sequence of Stretch
        All of the recording, in time order.
    place : int
        Of the stretch among them.
    words : sequence of Word
        The transcript.
    end_s : float
        Where the recording ends.

    Returns
    -------
    tuple of (float, float)
        Start and end, in seconds.
    """
    earlier = [digit.offset_s for other in stretches[:place] for digit in other.heard]
    later = [digit.onset_s for other in stretches[place + 1 :] for digit in other.heard]
    inside = words[stretch.first_word : stretch.last_word] if stretch.runs else ()
    onsets_s = [*(digit.onset_s for digit in stretch.heard[:1]), *(word.onset_s for word in inside)]
    offsets_s = [*(digit.offset_s for digit in stretch.heard[-1:]), *(word.offset_s for word in inside)]
    onset_s = max(0.0, *earlier[-1:], min(onsets_s) - MARGIN_S)
    return onset_s, max(onset_s, min([end_s, *later[:1], max(offsets_s) + MARGIN_S]))


def gather_clues(
    stretch: Stretch,
    words: Sequence[Word],
    windows: Sequence[EncoderWindow],
    log_posteriors: Floats,
    *,
    sounds: Sequence[Interval],
    levels_dbfs: NDArray[np.float64],
    condition: Condition,
) -> Clues:
    """Gather what is known of a stretch; `log_posteriors` are those of its time.

    Parameters
    ----------
    stretch : Stretch
        Where digits were written or heard.
    words : sequence of Word
        The transcript.
    windows : sequence of EncoderWindow
        With the decoder's other hypotheses.
    log_posteriors : np.ndarray, shape=(n_frames, n_classes)
        Those of the stretch's time.
    sounds : sequence of Interval
        Where the signal sounds.
    levels_dbfs : np.ndarray, shape=(n_levels,)
        From `frame_levels_dbfs`.
    condition : Condition
        Of the recording.

    Returns
    -------
    Clues
        For `candidates`.
    """
    inside = [digit.interval for digit in stretch.heard]
    whole = Interval(onset_s=inside[0].onset_s, offset_s=inside[-1].offset_s) if inside else None
    between = gaps(inside, within=whole) if whole else []
    return Clues(
        written=written_in(stretch.runs, "".join(word.text for word in words)),
        written_probability=_written_probability(words[stretch.first_word : stretch.last_word]),
        hypotheses=_hypotheses(stretch, windows),
        heard=stretch.heard,
        log_posteriors=log_posteriors,
        quiet_db=quietness_db([_level_db(levels_dbfs, interval) for interval in inside]),
        unexplained_s=sum(overlap_s(gap, sound) for gap in between for sound in sounds),
        snr_db=condition.snr_db,
        narrow=condition.band == "telephone",
    )


def _written_probability(words: Sequence[Word]) -> float:
    with_digits = [word.probability for word in words if any(letter.isdigit() for letter in word.text)]
    probabilities = with_digits or [word.probability for word in words]
    return float(np.mean(probabilities)) if probabilities else 0.0


def _hypotheses(stretch: Stretch, windows: Sequence[EncoderWindow]) -> tuple[str, ...]:
    """Find what the beam's other hypotheses have in the place of a stretch: their most alike runs."""
    from rapidfuzz.distance import Levenshtein

    own = "".join(run.digits for run in stretch.runs)
    runs = [run.digits for window in windows for text in window.hypotheses for run in digit_runs(text) if own]
    alike = (
        run
        for run in runs
        if len(run) >= RUN_MIN and run != own and Levenshtein.normalized_similarity(run, own) > 0.6
    )
    return tuple(dict.fromkeys(alike))


def _level_db(levels_dbfs: NDArray[np.float64], interval: Interval) -> float:
    """Level of the loud part of a digit."""
    part = levels_dbfs[round(interval.onset_s / HOP_S) : round(interval.offset_s / HOP_S) + 1]
    return float(np.percentile(part, 80)) if len(part) else -120.0


# --- reading one stretch ---


def read(clues: Clues, model: DecisionModel, onset_s: float, region: str) -> Reading | None:
    """Choose the likeliest candidate and give its digits times and probabilities.

    Parameters
    ----------
    clues : Clues
        What both ears have of the stretch.
    model : DecisionModel
        The weights.
    onset_s : float
        Where the stretch starts.
    region : str
        ISO 3166 code of the number plan.

    Returns
    -------
    Reading or None
        None where the digits find no time in the stretch, or only the head heard some, and not well.
    """
    listed = candidates(clues, region)
    shares = model.shares(clues, listed)
    nothing = model.calibration.probability(float(shares[-2]), listed[-1])
    if len(listed) == 1 or nothing >= model.none_sure_min:
        return Reading(digits=(), probability=nothing)
    best = int(shares[:-2].argmax())
    chosen = listed[best]
    probability = model.calibration.probability(float(shares[best]), chosen)
    is_written = bool(clues.written.meant) or probability >= HEARD_ALONE_MIN
    aligned = align(clues.log_posteriors, chosen.spoken, onset_s)
    if not aligned or (not is_written and nothing > HEARD_ALONE_MIN):
        return None
    doubt = (1 - probability) / (1 - min(SHARE_MAX, float(shares[best])))
    support, rivals = _support(chosen.digits, listed, shares)
    return Reading(
        digits=tuple(
            replace(digit, confidence=max(0.0, 1 - doubt * (1 - share)), rival=rival)
            for digit, share, rival in zip(_timed(chosen, aligned), support, rivals, strict=True)
        ),
        probability=probability,
        is_written=is_written,
        background=bool(chosen.features[FEATURES.index("quiet_dropped")] >= BACKGROUND_MIN),
    )


def _support(
    digits: str, listed: Sequence[Candidate], shares: NDArray[np.float64]
) -> tuple[list[float], list[str]]:
    """Compute each digit's probability, and what it most probably is if it is not that; "" for nothing."""
    from rapidfuzz.distance import Levenshtein

    against = np.full(len(digits), float(shares[-1]))
    strongest = [(0.0, "")] * len(digits)
    for candidate, share in zip(listed, shares.tolist(), strict=False):
        if share < 1e-4 or candidate.digits == digits:
            continue
        for edit in Levenshtein.editops(digits, candidate.digits):
            at = min(edit.src_pos, len(digits) - 1)
            rival = "" if edit.tag == "delete" else candidate.digits[edit.dest_pos]
            if edit.tag == "insert":
                rival = digits[at] + rival
            against[at] += share
            if share > strongest[at][0]:
                strongest[at] = (share, rival)
    return np.clip(1.0 - against, 0.0, 1.0).tolist(), [rival for _, rival in strongest]


def _timed(chosen: Candidate, aligned: Sequence[TimedDigit]) -> list[TimedDigit]:
    """Give every digit that was meant a time: those of one phrase ("double five") share the phrase's."""
    timed: list[TimedDigit] = []
    for place, (digit, owner) in enumerate(zip(chosen.digits, chosen.owners, strict=True)):
        mates = [other for other, other_owner in enumerate(chosen.owners) if other_owner == owner]
        alone = len(mates) == 1 and owner >= 0
        phrase = aligned[owner].interval if alone else _phrase(chosen.owners, aligned, owner, place)
        share_s = phrase.duration_s / len(mates)
        onset_s = phrase.onset_s + mates.index(place) * share_s
        timed.append(TimedDigit(digit=digit, onset_s=onset_s, offset_s=onset_s + share_s, confidence=0.0))
    return timed


def _phrase(owners: Sequence[int], aligned: Sequence[TimedDigit], owner: int, place: int) -> Interval:
    """Find the time of a phrase such as "double five" or "forty": from the digit before it to its own end."""
    earlier = [other for other in owners[:place] if 0 <= other < (owner if owner >= 0 else len(aligned))]
    later = [other for other in owners[place:] if other >= 0]
    end_s = (
        aligned[owner].offset_s
        if owner >= 0
        else aligned[later[0]].onset_s
        if later
        else aligned[-1].offset_s
    )
    start_s = aligned[max(earlier)].offset_s if earlier else max(0.0, aligned[0].onset_s - MARGIN_S)
    return Interval(onset_s=min(start_s, end_s), offset_s=end_s)
