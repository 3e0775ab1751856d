"""What may have been said in a stretch of digits, and what speaks for each possibility.

Conventions
-----------
A *stretch* is a piece of the recording in which digits were written by the decoder, heard by the digit head,
or both. A *candidate* is a string of digits as meant, with the digits that sound in it: "double five" means
55 and one 5 sounds in it, "nine hundred" means 900 and a 9 sounds. The empty candidate says that no digits
were said there at all.

Candidates come from both ears and are mixed: the decoder's digits and its other hypotheses', the head's most
probable strings, each place where the two differ taken from the one or the other, and every part of these
that could be a telephone number of the region.

Features
--------
Each candidate is described by `FEATURES`, natural logarithms and counts, no verdicts; the decision weighs
them (`voicecheck.numbers.decide`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from voicecheck.numbers.plan import Grade, grade
from voicecheck.speech.digit_strings import nbest, string_scores
from voicecheck.speech.transcript import TimedDigit

N_BEST = 16
"""Strings asked of the head."""
MIXED_MAX = 3
"""Hypotheses of the decoder, its own included, that are mixed with what the head heard."""
BLOCKS_MAX = 5
"""Places of disagreement that are mixed in every way; with more, one is changed at a time."""
CANDIDATES_MAX = 48
"""Candidates kept for weighing, those with the best first impression."""
NUMBER_DIGITS = (10, 11)
"""Parts of so many digits are candidates even where they fit no plan."""
TWO_NUMBERS_MIN = 14
"""So many digits in a row may be two numbers."""
WORD_MIN_S = 0.2
"""No "double" or "hundred" is said in less: only so much sound that is no digit makes room for one."""
WORD_MAX_S = 0.7
"""... and none takes longer."""
NEAR_MIN = -3.0
"""Beyond one in twenty the head's differences count for less: it is often surer than right."""
LOG_MIN = -40.0
"""A candidate's logarithms end here: below it none has a chance."""

FEATURES = (
    "head",
    "head_noise",
    "head_narrow",
    "swapped",
    "repeated",
    "added",
    "lost",
    "cut",
    "is_cut",
    "slips_noise",
    "other_hypothesis",
    "as_written",
    "as_heard",
    "full",
    "loose",
    "local",
    "quiet_kept",
    "quiet_dropped",
    "dropped",
    "collapsed",
    "hundred",
    "unexplained_s",
    "empty",
    "empty_head",
    "head_near",
    "heard_surely",
    "written_surely",
)
"""What describes a candidate.

head            log-probability among all strings, from the digit head (and again times the noise, 0 at an SNR
                of 20 dB to 1 at 0 dB, and on a telephone's band)
swapped ...     the fewest slips by which the decoder wrote what it wrote had the candidate been said: other
                digits, one of several equal ones lost or added, any other added or lost, digits cut off at
                the ends (their number; whether any); all of them times the noise
other_hypothesis  whether another hypothesis of the decoder's beam says it
as_written, as_heard  whether it is the decoder's own string, or the head's most probable one
full, loose, local  how it fits the number plan
quiet_kept, quiet_dropped  dB by which the head's digits that it has, and that it leaves out, lie below the
                loud ones of the stretch, in steps of 10 dB added up; `dropped` is their number
collapsed       digits that are meant but do not sound ("double"), where the decoder wrote figures; `hundred`
                tells whether two of them are the zeros of "eight hundred"
unexplained_s   where none are, the sound, in s up to `WORD_MAX_S`, that no digit explains, the less the more
                noise there is
empty           whether it says that there are no digits, and the head's log-probability of that
head_near, heard_surely  the log-probability again, but no less than `NEAR_MIN`, and the head's probability
                of its most probable string
written_surely  whether it is the decoder's own string, times its probability of what it wrote
"""

NONE_FEATURES = (
    "bias",
    "noise",
    "narrow",
    "head_best",
    "entropy",
    "length_differs",
    "distance",
    "long",
    "n_candidates",
)
"""What describes "none of these": noise and band; the head's best log-probability and the entropy of its
shares, in nats; how far the two ears' strings are apart in length and in edits, as shares of the longer;
whether that has more than `LONG` digits; and the logarithm of the number of candidates."""

LONG = 12


@dataclass(frozen=True, kw_only=True)
class Written:
    """The decoder's digits of a stretch.

    Parameters
    ----------
    meant : str
        What they mean.
    spoken : str
        The digits that sound in them.
    owners : tuple of int, one per digit of `meant`
        With which digit of `spoken` each is heard; -1 for none.
    """

    meant: str = ""
    spoken: str = ""
    owners: tuple[int, ...] = ()

    @classmethod
    def plain(cls, digits: str) -> Written:
        """Every digit said on its own."""
        return cls(meant=digits, spoken=digits, owners=tuple(range(len(digits))))

    @property
    def is_plain(self) -> bool:
        """Whether every digit was said on its own."""
        return self.meant == self.spoken


@dataclass(frozen=True, kw_only=True, eq=False)
class Clues:
    """All that is known of one stretch.

    Parameters
    ----------
    written : Written
        The decoder's digits.
    written_probability : float
        The decoder's mean probability of the words that it wrote them in; 0 for none.
    hypotheses : tuple of str
        What its beam's other hypotheses have instead.
    heard : tuple of TimedDigit
        The head's best path, all of the stretch.
    log_posteriors : np.ndarray, shape=(n_frames, n_classes)
        The head's output over the stretch.
    quiet_db : tuple of float, one per digit of `heard`
        How far each digit lies below the loud ones of the stretch; not below 0.
    unexplained_s : float
        Sound between the heard digits that is none of them.
    snr_db : float
        Of the recording; NaN if not measured.
    narrow : bool
        Whether it came over a telephone's band.
    """

    written: Written
    written_probability: float
    hypotheses: tuple[str, ...]
    heard: tuple[TimedDigit, ...]
    log_posteriors: NDArray[np.float32]
    quiet_db: tuple[float, ...]
    unexplained_s: float
    snr_db: float
    narrow: bool

    @property
    def noise(self) -> float:
        """0 at an SNR of 20 dB or more, 1 at 0 dB or less."""
        if math.isnan(self.snr_db):
            return 0.0
        return min(1.0, max(0.0, 1.0 - self.snr_db / 20.0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """One possibility.

    Parameters
    ----------
    digits : str
        As meant.
    spoken : str
        Those that sound.
    owners : tuple of int, one per digit
        With which spoken digit each is heard; -1 for none.
    features : np.ndarray, shape=(len(FEATURES),)
    """

    digits: str
    spoken: str
    owners: tuple[int, ...]
    features: NDArray[np.float64]


def candidates(clues: Clues, region: str) -> list[Candidate]:
    """List what may have been said, each digit string once, the empty one included.

    Parameters
    ----------
    clues : Clues
        What both ears have.
    region : str
        ISO 3166 code of the number plan.

    Returns
    -------
    list of Candidate
        At most `CANDIDATES_MAX` and the empty one, the best first impression first.
    """
    readings = nbest(clues.log_posteriors, N_BEST) if len(clues.log_posteriors) else []
    heard = [reading.digits for reading in readings] or [""]
    forms = _forms(clues, heard, region)
    scores = _head_scores(clues, [form.spoken for form in forms])
    best: dict[str, Candidate] = {}
    for form, score in zip(forms, scores, strict=True):
        features = _features(form, score, clues, heard[0], region)
        made = Candidate(digits=form.meant, spoken=form.spoken, owners=form.owners, features=features)
        if form.meant not in best or _impression(made) > _impression(best[form.meant]):
            best[form.meant] = made
    empty = best.pop("")
    ranked = sorted(best.values(), key=_impression, reverse=True)
    return [*ranked[:CANDIDATES_MAX], empty]


def _impression(candidate: Candidate) -> float:
    """A rough order, for the cut only: what the head says, the slips, and the plan."""
    value = dict(zip(FEATURES, candidate.features.tolist(), strict=True))
    slips = 2.0 * value["swapped"] + value["repeated"] + 2.0 * (value["added"] + value["lost"])
    support = max(value["head"], -20.0) + 2.0 * value["full"]
    return float(support - slips - 0.3 * value["cut"] - value["collapsed"])


# --- making them ---


def _forms(clues: Clues, heard: Sequence[str], region: str) -> list[Written]:
    written = clues.written
    wholes = list(dict.fromkeys([written.spoken, *heard, *clues.hypotheses]))
    ours = [each for each in (written.spoken, *clues.hypotheses[: MIXED_MAX - 1]) if each and heard[0]]
    mixed = list(mixtures(ours[0], heard[0])) if written.spoken and heard[0] else []
    others = [each for other in ours[1:] for each in mixtures(other, heard[0])]
    strings = dict.fromkeys([*wholes, *mixed, *others])
    for whole in [*wholes[:3], *mixed[:8]]:
        strings |= dict.fromkeys(_parts(whole, region))
        strings |= dict.fromkeys(_doubled(whole, region))
    if not written.is_plain:
        return [Written(), *(_meant(written, spoken) for spoken in strings if spoken), written]
    forms = [Written.plain(digits) for digits in strings if digits]
    if clues.unexplained_s >= WORD_MIN_S:
        for whole in dict.fromkeys([written.spoken, *mixed[:8]]):
            forms += _collapsed(whole, heard[0])
    for whole in dict.fromkeys([written.spoken, *mixed[:8]]):
        forms += _with_hundred(whole)
    return [Written(), *forms]


def mixtures(first: str, second: str) -> Iterable[str]:
    """Mix two strings: each place where they differ is taken from the one or the other.

    Parameters
    ----------
    first, second : str
        Digits; they are aligned with the fewest edits.

    Returns
    -------
    iterable of str
        With more than `BLOCKS_MAX` places, one is changed at a time.

    Examples
    --------
    >>> sorted(mixtures("4155550", "415550"))
    ['415550', '4155550']
    """
    from rapidfuzz.distance import Levenshtein

    blocks: list[tuple[str, str]] = []
    for code in Levenshtein.opcodes(first, second):
        blocks.append((first[code.src_start : code.src_end], second[code.dest_start : code.dest_end]))
    places = [n for n, (one, other) in enumerate(blocks) if one != other]
    if len(places) <= BLOCKS_MAX:
        choices: Iterable[tuple[int, ...]] = product((0, 1), repeat=len(places))
    else:
        choices = [
            tuple(side ^ (n == changed) for n in range(len(places)))
            for side in (0, 1)
            for changed in range(len(places))
        ]
    for choice in choices:
        chosen = dict(zip(places, choice, strict=True))
        yield "".join(block[chosen.get(n, 0)] for n, block in enumerate(blocks))


def _parts(whole: str, region: str) -> list[str]:
    """Find what could be a number in a string, and pairs of numbers."""
    spans = [
        (start, start + n)
        for n in range(7, min(len(whole), 16))
        for start in range(len(whole) - n + 1)
        if grade(whole[start : start + n], region) is Grade.FULL or n in NUMBER_DIGITS
    ]
    parts = [whole[start:end] for start, end in spans]
    if len(whole) >= TWO_NUMBERS_MIN:
        fit = [span for span in spans if grade(whole[slice(*span)], region) is Grade.FULL]
        pairs = [(one, two) for one in fit for two in fit if one[1] <= two[0]]
        pairs.sort(key=lambda pair: len(whole) - sum(end - start for start, end in pair))
        parts += [whole[slice(*one)] + whole[slice(*two)] for one, two in pairs[:16]]
    return parts


def _doubled(whole: str, region: str) -> list[str]:
    """Say one digit twice where that makes a number of it: of two equal digits both ears lose one."""
    longer = dict.fromkeys(whole[: place + 1] + whole[place:] for place in range(len(whole)))
    return [each for each in longer if grade(each, region) is Grade.FULL]


def _meant(written: Written, spoken: str) -> Written:
    """Read spoken digits with the decoder's words: "double" stays double where it still fits."""
    if len(spoken) != len(written.spoken):
        return Written.plain(spoken)
    meant = "".join(
        spoken[owner] if owner >= 0 and written.spoken[owner] == digit else digit
        for digit, owner in zip(written.meant, written.owners, strict=True)
    )
    return Written(meant=meant, spoken=spoken, owners=written.owners)


def _collapsed(digits: str, heard: str) -> list[Written]:
    """Read figures as "double five" or "eight hundred" said for them, where the head has fewer digits."""
    from rapidfuzz.distance import Levenshtein

    forms: list[Written] = []
    for edit in Levenshtein.opcodes(digits, heard):
        start, end = edit.src_start, edit.src_end
        missing = digits[start:end]
        if edit.tag != "delete" or not start or len(missing) > 2:
            continue
        if set(missing) in ({digits[start - 1]}, {"0"}):
            owners = tuple(place - max(0, min(place, end - 1) - start + 1) for place in range(len(digits)))
            forms.append(Written(meant=digits, spoken=digits[:start] + digits[end:], owners=owners))
    return forms


def _with_hundred(digits: str) -> list[Written]:
    """Read 800, or 1 800, as "eight hundred", in which one digit sounds, be it that the head lost it."""
    place = 1 if digits.startswith("1") else 0
    if digits[place + 1 : place + 3] != "00" or digits[place] == "0":
        return []
    owners = tuple(n if n <= place else max(place, n - 2) for n in range(len(digits)))
    return [Written(meant=digits, spoken=digits[: place + 1] + digits[place + 3 :], owners=owners)]


# --- describing them ---


def _head_scores(clues: Clues, spoken: Sequence[str]) -> list[float]:
    if not len(clues.log_posteriors):
        return [0.0 if not digits else LOG_MIN for digits in spoken]
    distinct = list(dict.fromkeys(spoken))
    scores = np.maximum(string_scores(clues.log_posteriors, distinct), LOG_MIN)
    known = dict(zip(distinct, scores.tolist(), strict=True))
    return [known[digits] for digits in spoken]


def _features(form: Written, head: float, clues: Clues, heard: str, region: str) -> NDArray[np.float64]:
    value = dict.fromkeys(FEATURES, 0.0)
    digits = form.meant
    if not digits:
        value |= {"empty": 1.0, "empty_head": head, "head_near": NEAR_MIN}
        value["is_cut"] = float(bool(clues.written.meant))
        value["quiet_dropped"] = sum(clues.quiet_db) / 10.0
        value["dropped"] = float(len(clues.heard))
        return np.array(list(value.values()))
    value["head"] = head
    value["head_noise"] = head * clues.noise
    value["head_narrow"] = head * clues.narrow
    value["head_near"] = max(head, NEAR_MIN)
    if clues.written.meant:
        slips = count_slips(clues.written.meant, digits)
        value |= slips
        value["is_cut"] = float(slips["cut"] > 0)
        value["slips_noise"] = clues.noise * (
            slips["swapped"] + slips["repeated"] + slips["added"] + slips["lost"]
        )
    value["other_hypothesis"] = float(digits in clues.hypotheses)
    value["as_written"] = float(digits == clues.written.meant)
    value["written_surely"] = value["as_written"] * clues.written_probability
    value["as_heard"] = float(form.spoken == heard)
    value["heard_surely"] = value["as_heard"] * math.exp(head)
    parts = parted(digits, region)
    value["full"] = sum(grade(part, region) is Grade.FULL for part in parts) / len(parts)
    value["loose"] = sum(grade(part, region) is Grade.LOOSE for part in parts) / len(parts)
    value["local"] = sum(grade(part, region) is Grade.LOCAL for part in parts) / len(parts)
    value |= _levels(form.spoken, clues)
    n_silent = len(digits) - len(form.spoken)
    if n_silent > 0 and clues.written.is_plain:
        value["hundred"] = float(_says_hundred(form))
        value["collapsed"] = n_silent - 2 * value["hundred"]
    elif n_silent <= 0:
        value["unexplained_s"] = min(WORD_MAX_S, clues.unexplained_s) * (1.0 - clues.noise)
    return np.array(list(value.values()))


def _says_hundred(form: Written) -> bool:
    """Whether a digit is meant with two zeros that do not sound."""
    return any(
        form.meant[place + 1 : place + 3] == "00" != form.meant[place : place + 2]
        and form.owners[place : place + 3] == (form.owners[place],) * 3
        for place in range(len(form.meant) - 2)
    )


def _levels(spoken: str, clues: Clues) -> dict[str, float]:
    """Sum up how quiet the head's digits are that a candidate keeps and leaves out."""
    from rapidfuzz.distance import Levenshtein

    path = "".join(digit.digit for digit in clues.heard)
    dropped = {edit.src_pos for edit in Levenshtein.editops(path, spoken) if edit.tag == "delete"}
    quiet = [quiet_db / 10.0 for quiet_db in clues.quiet_db]
    return {
        "quiet_kept": sum(q for place, q in enumerate(quiet) if place not in dropped),
        "quiet_dropped": sum(q for place, q in enumerate(quiet) if place in dropped),
        "dropped": float(len(dropped)),
    }


def count_slips(written: str, said: str) -> dict[str, float]:
    """Count the slips that turn what was said into what the decoder wrote.

    Parameters
    ----------
    written : str
        The decoder's digits.
    said : str
        What may have been said.

    Returns
    -------
    dict of str to float
        Number of each kind: swapped, repeated, added, lost, cut.

    Examples
    --------
    >>> {name: n for name, n in count_slips("4155550136", "415555013").items() if n}
    {'cut': 1.0}
    """
    from rapidfuzz.distance import Levenshtein

    slips = dict.fromkeys(("swapped", "repeated", "added", "lost", "cut"), 0.0)
    for code in Levenshtein.opcodes(written, said):
        extra, missing = written[code.src_start : code.src_end], said[code.dest_start : code.dest_end]
        if code.tag == "replace":
            slips["swapped"] += len(extra)
        elif code.tag == "delete" and (code.src_start == 0 or code.src_end == len(written)):
            slips["cut"] += len(extra)
        elif code.tag == "delete":
            beside = written[code.src_start - 1] + written[code.src_end]
            slips["repeated" if set(extra) <= set(beside) else "added"] += len(extra)
        elif code.tag == "insert":
            beside = written[max(0, code.src_start - 1) : code.src_start + 1]
            slips["repeated" if set(missing) <= set(beside) else "lost"] += len(missing)
    return slips


def parted(digits: str, region: str) -> list[str]:
    """Cut a long string where two numbers meet, if both are whole.

    Parameters
    ----------
    digits : str
        As said in a row.
    region : str
        ISO 3166 code of the number plan.

    Returns
    -------
    list of str
        Two, or the string as it is.

    Examples
    --------
    >>> parted("41555501364155550136", "US")
    ['4155550136', '4155550136']
    """
    if len(digits) < TWO_NUMBERS_MIN:
        return [digits]
    cuts = [
        (abs(2 * cut - len(digits)), cut)
        for cut in range(7, len(digits) - 6)
        if grade(digits[:cut], region) is Grade.FULL and grade(digits[cut:], region) is Grade.FULL
    ]
    if not cuts:
        return [digits]
    _, cut = min(cuts)
    return [digits[:cut], digits[cut:]]


def quietness_db(levels_db: Sequence[float]) -> tuple[float, ...]:
    """How far each digit lies below the loud ones: the third quartile.

    Parameters
    ----------
    levels_db : sequence of float
        One a digit, in dB of any reference.

    Returns
    -------
    tuple of float
        In dB, one a digit, not below 0.
    """
    if not levels_db:
        return ()
    loud_db = float(np.percentile(levels_db, 75))
    return tuple(max(0.0, loud_db - level_db) for level_db in levels_db)


def none_features(clues: Clues, listed: Sequence[Candidate]) -> NDArray[np.float64]:
    """Describe "none of these" by `NONE_FEATURES`.

    Parameters
    ----------
    clues : Clues
        What both ears have of the stretch.
    listed : sequence of Candidate
        Its candidates, the empty one last.

    Returns
    -------
    np.ndarray, shape=(len(NONE_FEATURES),)
        In the order of `NONE_FEATURES`.
    """
    from rapidfuzz.distance import Levenshtein

    scores = np.array([each.features[0] for each in listed[:-1]] or [0.0])
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    path = "".join(digit.digit for digit in clues.heard)
    written = clues.written.spoken
    longest = max(len(path), len(written), 1)
    return np.array(
        [
            1.0,
            clues.noise,
            float(clues.narrow),
            float(scores.max()),
            float(-(shares * np.log(shares + 1e-12)).sum()),
            abs(len(path) - len(written)) / longest,
            Levenshtein.distance(path, written) / longest,
            float(longest > LONG),
            math.log(1.0 + len(listed)),
        ]
    )
