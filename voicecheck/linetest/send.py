"""Send each saying of the number through bad lines, and hear what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.audio.telephone import PACKET_SAMPLES, TelephoneNetwork
from voicecheck.linetest.packets import BAD_LINES, Line, concealed, lost_packets
from voicecheck.linetest.survival import LineResult, LineTest, untested_marked, written
from voicecheck.numbers.plan import comparable_digits
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_strings import string_scores
from voicecheck.speech.transcript import ENCODER_FRAME_S, TimedDigit

MARGIN_S = 0.3
"""Sound sent along before and after a saying: the encoder wants to hear a digit begin and end."""

SLOT_MARGIN_S = 0.1
"""A digit is listened for so long before its onset and after its offset, if its neighbours leave room."""

TESTED_MIN_SHARE = 0.7
"""Below this share of digits that can be tested, the test would say little about the number."""

SAYING_MAX_S = 29.0
"""A saying that takes longer is not tested: the encoder hears at most 30 s at once."""

SEED = 2026
"""Of the losses: they are the same for every recording, so that two takes can be compared."""

Samples = NDArray[np.float32]

Encode = Callable[[Sequence[Samples]], Sequence[NDArray[np.float32]]]

NO_DIGIT_LAST = (*"0123456789", "")


@dataclass(frozen=True, kw_only=True, eq=False)
class Saying:
    """One saying, cut out of the recording.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`, `MARGIN_S` of sound before and after where the recording has it.
    slots : tuple of (first, end)
        Encoder frames in which each of its digits is listened for.
    first_place : int
        Which digit of the number its first one is: 0 but for partial sayings.
    """

    samples: Samples
    slots: tuple[tuple[int, int], ...]
    first_place: int = 0


def send(
    recording: Recording,
    recitations: Sequence[Recitation],
    *,
    head: DigitHead,
    encode: Encode,
    telephone: TelephoneNetwork,
    lines: Sequence[Line] = BAD_LINES,
    seed: int = SEED,
    region: str = "US",
) -> LineTest:
    """Test the number that a message gives first on bad lines.

    Parameters
    ----------
    recording : Recording
        The message.
    recitations : sequence of Recitation
        What is said of numbers in it; the sayings that have the first full one's digits, or its last ones,
        are sent.
    head : DigitHead
        The listener.
    encode : callable
        Gives the encoder's output for pieces of sound; rows are `ENCODER_FRAME_S` apart.
    telephone : Telephone
        Bands and codecs.
    lines : sequence of Line
        One draw of losses for each.
    seed : int
        Of the losses.
    region : str
        ISO 3166 code, to know a number said with its country code from the same number without.

    Returns
    -------
    LineTest
        One result a line, or why there is none.

    Raises
    ------
    EngineError
        If the model cannot be run.
    """
    same = sayings_of_one_number(recitations, region=region)
    if not same:
        return _untested("no phone number was heard")
    if same[0].interval.duration_s > SAYING_MAX_S:
        return _untested(f"the number is said over more than {SAYING_MAX_S:g} s")
    same = [each for each in same if each.interval.duration_s <= SAYING_MAX_S]
    digits = same[0].digits.lstrip("+")
    sayings = [cut_out(recording, each, len(digits)) for each in same]
    plain = hear_digits([each.samples for each in sayings], sayings, len(digits), head=head, encode=encode)
    read = [written([each]) for each in plain]
    tested = [digit in at_place for digit, *at_place in zip(digits, *read, strict=True)]
    if sum(tested) < TESTED_MIN_SHARE * len(digits):
        return _untested("its digits are hard to tell apart even without a bad line")
    ends = [_through(each.samples, lines, telephone, seed=(seed, n)) for n, each in enumerate(sayings)]
    pieces = [piece for on_each_line in zip(*ends, strict=True) for piece in on_each_line]
    heard = hear_digits(pieces, [*sayings] * len(lines), len(digits), head=head, encode=encode)
    results = []
    for n, line in enumerate(lines):
        on_line = heard[n * len(sayings) : (n + 1) * len(sayings)]
        results.append(
            LineResult(
                line=line,
                first=untested_marked(written(on_line[:1]), tested),
                all_sayings=untested_marked(written(on_line), tested),
            )
        )
    return LineTest(digits=same[0].digits, n_sayings=len(sayings), results=tuple(results))


def _untested(why: str) -> LineTest:
    return LineTest(digits="", n_sayings=0, results=(), why_not=why)


def sayings_of_one_number(recitations: Sequence[Recitation], *, region: str = "US") -> list[Recitation]:
    """Find the first full recitation and all that say its digits again, with or without what stands before.

    A repeat keeps only the digits that it shares with the end of the first: "+1 416..." those after the 1.

    Parameters
    ----------
    recitations : sequence of Recitation
        In time order.
    region : str
        ISO 3166 code: what may stand before the digits.

    Returns
    -------
    list of Recitation
        In time order; empty if none is full.
    """
    first = next((each for each in recitations if each.full), None)
    if first is None:
        return []
    digits = first.digits.lstrip("+")
    others = [each for each in recitations if each is not first]
    return [first, *(_ending(each, digits) for each in others if _is_said_again(first, each, region))]


def _is_said_again(first: Recitation, other: Recitation, region: str) -> bool:
    if not other.full:
        return first.digits.endswith(other.digits)
    return comparable_digits(first.digits, region=region) == comparable_digits(other.digits, region=region)


def _ending(recitation: Recitation, digits: str) -> Recitation:
    """Keep the last digits of a recitation, as many as those of the number end alike."""
    pairs = zip(reversed(recitation.digits), reversed(digits), strict=False)
    n_alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return replace(
        recitation, digits=recitation.digits[-n_alike:], timed_digits=recitation.timed_digits[-n_alike:]
    )


def cut_out(recording: Recording, recitation: Recitation, n_digits: int) -> Saying:
    """Cut one saying out of the recording; its digits are the last ones of the number's `n_digits`.

    Parameters
    ----------
    recording : Recording
        It was said in.
    recitation : Recitation
        To be cut out.
    n_digits : int
        Of the whole number; a saying without its country code has fewer.

    Returns
    -------
    Saying
        Sound and digits, with times from the start of the sound.
    """
    digits, heard = recitation.in_time, recitation.interval
    start_s = max(0.0, heard.onset_s - MARGIN_S)
    start = round(start_s * SAMPLE_RATE_HZ)
    samples = recording.samples[start : round((heard.offset_s + MARGIN_S) * SAMPLE_RATE_HZ)]
    duration_s = len(samples) / SAMPLE_RATE_HZ
    slots = dict(zip(digits, _slots(digits, start / SAMPLE_RATE_HZ, duration_s), strict=True))
    return Saying(
        samples=samples,
        slots=tuple(slots[digit] for digit in recitation.timed_digits),
        first_place=n_digits - len(digits),
    )


def _slots(digits: Sequence[TimedDigit], start_s: float, duration_s: float) -> list[tuple[int, int]]:
    """Where each digit is listened for, in frames from `start_s`: neighbours part halfway between them."""
    edges_s = [start_s]
    for before, after in pairwise(digits):
        edges_s.append((before.offset_s + after.onset_s) / 2)
    edges_s.append(start_s + duration_s)
    slots = []
    for digit, (low_s, high_s) in zip(digits, pairwise(edges_s), strict=True):
        onset_s = max(low_s, digit.onset_s - SLOT_MARGIN_S) - start_s
        offset_s = min(high_s, digit.offset_s + SLOT_MARGIN_S) - start_s
        slots.append((round(onset_s / ENCODER_FRAME_S), round(offset_s / ENCODER_FRAME_S)))
    return slots


def _through(
    samples: Samples, lines: Sequence[Line], telephone: TelephoneNetwork, *, seed: tuple[int, int]
) -> list[Samples]:
    """One saying as it comes out of each line; codecs run once, losses differ."""
    narrow = {codec: telephone.narrowed(samples, codec) for codec in {each.codec for each in lines}}
    ends = []
    for n, line in enumerate(lines):
        sent = narrow[line.codec]
        lost = lost_packets(line, len(sent) // PACKET_SAMPLES, np.random.default_rng([*seed, n]))
        ends.append(telephone.widened(concealed(sent, lost))[: len(samples)])
    return ends


def hear_digits(
    pieces: Sequence[Samples],
    sayings: Sequence[Saying],
    n_digits: int,
    *,
    head: DigitHead,
    encode: Encode,
) -> list[NDArray[np.float64]]:
    """Listen for each digit of each saying where it was said.

    Parameters
    ----------
    pieces : sequence of np.ndarray
        The sound of each saying, however it came.
    sayings : sequence of Saying
        Where its digits are.
    n_digits : int
        Of the number.
    head : DigitHead
        The listener.
    encode : callable
        As in `send`.

    Returns
    -------
    list of np.ndarray, each shape=(n_digits, 11)
        Hearing matrices (see `survival`).
    """
    return [
        _hearing_matrix(head.log_posteriors(frames), saying, n_digits)
        for saying, frames in zip(sayings, encode(pieces), strict=True)
    ]


def _hearing_matrix(logp: NDArray[np.float32], saying: Saying, n_digits: int) -> NDArray[np.float64]:
    matrix = np.full((n_digits, len(NO_DIGIT_LAST)), np.nan)
    for place, (first, end) in enumerate(saying.slots, start=saying.first_place):
        scores = string_scores(logp[first:end], NO_DIGIT_LAST)
        weights = np.exp(scores - scores.max())
        matrix[place] = weights / weights.sum()
    return matrix
