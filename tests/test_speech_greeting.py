"""The rep's part is found in calls whose words, voices and tones were planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake import FakeTranscriber
from sounds import Samples, recording, silence, tone
from test_audio_voice import buzz

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.tones import find_tones
from voicecheck.audio.voice import voice_track
from voicecheck.errors import ParameterError
from voicecheck.hearing.hear import listen
from voicecheck.hearing.hearing import Hearing, from_json, to_json, with_part
from voicecheck.report.data import to_dict
from voicecheck.report.text import to_text
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.call_features import start_features
from voicecheck.speech.greeting import Part, choose, find_part, fitted_weights
from voicecheck.speech.sayings import find_sayings
from voicecheck.speech.scene import Scene
from voicecheck.speech.transcript import Transcript, Word
from voicecheck.speech.windows import cut_windows
from voicecheck.timing import Interval

GREETING = "You have reached Laura Chan at four one five Please leave a message after the tone"
MESSAGE = (
    "Hi Laura this is Kevin Walsh with Redstone my number is four one five five five five zero one three six "
    "again four one five five five five zero one three six"
)
MENU = "To send your message press one To record it again press three"
WORD_S, GAP_S = 0.3, 0.1
BEEP = tone(0.4, level=0.2, frequency_hz=1000.0)


class Call:
    """Words and sound that are planted together."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.sound: list[Samples] = []

    @property
    def now_s(self) -> float:
        return sum(map(len, self.sound)) / SAMPLE_RATE_HZ

    def say(self, text: str, pitch_hz: float, *, tilt: float = 1.0, peak: float = 0.3) -> Call:
        for piece in text.split():
            self.words.append(
                Word(text=f" {piece}", onset_s=self.now_s, offset_s=self.now_s + WORD_S, probability=0.9)
            )
            self.sound += [buzz(pitch_hz, WORD_S, tilt=tilt, peak=peak, glide=0.15), silence(GAP_S)]
        return self

    def play(self, *sounds: Samples) -> Call:
        self.sound += sounds
        return self

    def samples(self) -> Samples:
        sound = np.concatenate(self.sound)
        return sound + np.random.default_rng(3).normal(0, 1e-3, len(sound)).astype(np.float32)

    def part(self, *, english: float = 1.0) -> Part:
        samples = self.samples()
        track, tones = voice_track(samples), find_tones(samples)
        return find_part(self.words, tones, track, duration_s=len(samples) / SAMPLE_RATE_HZ, english=english)

    def heard(self) -> Hearing:
        samples = self.samples()
        speech = (Interval(onset_s=0.0, offset_s=len(samples) / SAMPLE_RATE_HZ),)
        transcript = Transcript(words=tuple(self.words), language="en", speech=speech)
        return listen(recording(samples), FakeTranscriber(transcript=transcript))

    def card(self, **told: float) -> Scorecard:
        return judge(self.heard(), Settings(rubric=default_rubric(), **told))  # type: ignore[arg-type]


def mailbox() -> Call:
    """A greeting by a high voice, and a beep."""
    return Call().say(GREETING, 210.0, tilt=0.5).play(silence(0.6), BEEP)


def usual() -> Call:
    return mailbox().play(silence(0.8)).say(MESSAGE, 110.0).play(silence(0.5))


def test_the_message_starts_after_greeting_and_beep() -> None:
    call = usual()
    part, start = call.part(), len(GREETING.split())
    assert part.outcome == "message"
    assert part.sure
    assert part.why == "after greeting and beep"
    assert part.onset_s == pytest.approx(call.words[start].onset_s - 0.8, abs=0.03)
    assert part.offset_s == pytest.approx(call.now_s)


def test_only_the_message_counts() -> None:
    """Its length, number and words are those of the same message alone; the transcript keeps everything."""
    alone, in_call = Call().say(MESSAGE, 110.0).play(silence(0.5)).card(), usual().card()
    assert in_call.measures.message is not None
    assert alone.measures.message is not None
    assert in_call.measures.message.duration_s == pytest.approx(alone.measures.message.duration_s, abs=0.05)
    assert in_call.measures.n_words == alone.measures.n_words
    digits = [[each.digits for each in card.recitations] for card in (in_call, alone)]
    assert digits == [["4155550136", "4155550136"]] * 2
    assert [check.verdict for check in in_call.checks] == [check.verdict for check in alone.checks]
    words = to_dict(in_call)["transcript"]["words"]
    n_greeting = len(GREETING.split())
    assert [word["part"] for word in words] == ["greeting"] * n_greeting + ["message"] * len(MESSAGE.split())


def test_the_card_says_where_the_message_starts() -> None:
    call = usual()
    start_s = call.words[len(GREETING.split())].onset_s
    text = to_text(call.card())
    assert f"Message starts at 0:{start_s:04.1f}, after greeting and beep" in text.replace("\n", " ")
    assert "[You have reached" in text


def test_a_trailing_menu_is_cut_off() -> None:
    call = usual().play(silence(2.0)).say(MENU, 210.0, tilt=0.5).play(silence(0.3))
    first_of_menu = len(GREETING.split()) + len(MESSAGE.split())
    assert call.part().offset_s == pytest.approx(call.words[first_of_menu].onset_s, abs=0.05)
    assert [word.part for word in call.heard().transcript.words].count("after") == len(MENU.split())


def test_hang_up_tones_are_cut_off() -> None:
    busy = [tone(0.5, level=0.1, frequency_hz=425.0), silence(0.5)] * 5
    call = usual()
    end_s = call.now_s
    assert call.play(*busy).part().offset_s == pytest.approx(end_s, abs=0.05)


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        (mailbox().play(silence(4.0)), "no_message"),
        (Call().say(GREETING, 210.0).play(silence(0.2)), "greeting_only"),
    ],
)
def test_a_call_without_a_message_is_not_scored(call: Call, outcome: str) -> None:
    card = call.card()
    assert card.part.outcome == card.status == outcome
    assert {check.verdict for check in card.checks} == {"not_measured"}
    assert "no message to judge" in card.next_step
    assert card.recitations == ()


def test_silence_behind_a_beep_is_no_message_though_the_greeting_was_not_understood() -> None:
    garbled = Call().say("Hey its some maggot cleave my maggot", 210.0).play(silence(0.3), BEEP, silence(2.5))
    assert garbled.part().outcome == "no_message"


def test_a_call_in_another_language_is_not_surely_one_without_a_message() -> None:
    """What was read of it is guessed, so it may be the rep's as well."""
    call = Call().say(GREETING, 210.0).play(silence(0.2))
    assert call.part().outcome == call.part(english=0.02).outcome == "greeting_only"
    assert call.part().sure
    assert not call.part(english=0.02).sure


def test_a_greeting_whose_last_words_were_not_read_is_over_with_its_voice() -> None:
    """Four words, 1.6 s, are missing at the end; nobody was given the time to leave a message."""
    call = Call().say(GREETING, 210.0).play(silence(0.3)).say("or call my cell", 210.0).play(silence(0.4))
    call.words = call.words[:-8]  # the last four of the greeting too
    assert call.part().outcome == "greeting_only"
    assert Call().say(GREETING, 210.0).play(silence(3.5)).part().outcome == "no_message"


def test_a_recording_without_signs_of_a_mailbox_is_whole_and_surely_so() -> None:
    call = Call().play(silence(1.0)).say(MESSAGE, 110.0).play(silence(3.0))
    part = call.part()
    assert (part.outcome, part.onset_s, part.offset_s) == ("message", 0.0, pytest.approx(call.now_s))
    assert part.sure


def test_a_rep_who_speaks_of_messages_is_not_cut() -> None:
    """One voice without a pause says a greeting's words inside a message."""
    text = "Hi Laura sorry I missed you if I am not at my desk leave me a message " + MESSAGE[9:]
    call = Call().say(text, 110.0).play(silence(0.3))
    part = call.part()
    assert part.onset_s == 0.0
    assert part.offset_s == pytest.approx(call.now_s)


def test_words_before_the_beep_are_lost_and_named() -> None:
    """The rep begins 0.6 s after the greeting; four words later it beeps."""
    early = Call().say(GREETING, 210.0, tilt=0.5).play(silence(0.6)).say("Hi Laura this is", 110.0)
    card = early.play(BEEP, silence(0.1)).say(MESSAGE[17:], 110.0).play(silence(0.3)).card()
    (tip,) = [tip for tip in card.tips if tip.id == "early"]
    assert "your first 4 words fell before the beep" in tip.text
    assert tip.quote == "Hi Laura this is"


def test_all_ways_to_one_start_count_together() -> None:
    """Where exactly an early rep began is in doubt, but each of these ways ends at the same beep."""
    early = Call().say(GREETING, 210.0, tilt=0.5).play(silence(0.6)).say("Hi Laura this is", 110.0)
    early.play(BEEP, silence(0.1)).say(MESSAGE[17:], 110.0).play(silence(0.3))
    samples = early.samples()
    tones = tuple(find_tones(samples))
    scene = Scene(tuple(early.words), tones, voice_track(samples), len(samples) / SAMPLE_RATE_HZ)
    weights = fitted_weights()
    choice = choose(scene, weights)
    scores = [float(np.dot(weights["start"], start_features(scene, cut))) for cut in scene.cuts]
    shares = np.exp(np.array(scores) - max(scores))
    shares /= shares.sum()
    ways = [
        share
        for share, cut in zip(shares, scene.cuts, strict=True)
        if (scene.early_until(cut) or cut) == choice.start
    ]
    assert choice.start == len(GREETING.split()) + 4
    assert len(ways) > 1
    assert choice.odds == pytest.approx(sum(ways), abs=0.01)
    assert choice.odds > max(ways)


@pytest.mark.parametrize(
    "beep",
    [
        tone(0.15, level=0.2, frequency_hz=620.0),
        np.concatenate([tone(0.18, level=0.2, frequency_hz=hz) for hz in (880.0, 1175.0)]),
    ],
)
def test_a_short_beep_and_two_notes_end_what_is_lost(beep: Samples) -> None:
    early = Call().say(GREETING, 210.0, tilt=0.5).play(silence(0.6)).say("Hi Laura this is", 110.0).play(beep)
    end_s = early.now_s
    part = early.play(silence(0.1)).say(MESSAGE[17:], 110.0).play(silence(0.3)).part()
    assert part.lost_words == "Hi Laura this is"
    assert part.onset_s == pytest.approx(end_s, abs=0.02)


def test_what_a_person_says_overrides_what_was_found() -> None:
    """All of it, or from a given second on; nothing is heard again."""
    call = usual()
    whole = call.card(start_s=0.0)
    assert whole.measures.message is not None
    assert whole.measures.message.onset_s == pytest.approx(0.0, abs=0.05)
    assert {word.part for word in whole.transcript.words} == {"message"}
    late_s = call.words[-21].onset_s - 0.05
    late = call.card(start_s=late_s)
    assert [each.digits for each in late.recitations] == ["4155550136"] * 2
    assert sum(word.part == "message" for word in late.transcript.words) == 21


def test_a_start_outside_of_the_recording_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"cannot go from 99 to .* s"):
        with_part(usual().heard(), 99.0)
    with pytest.raises(ParameterError, match="cannot go from 5 to 4 s"):
        with_part(usual().heard(), 5.0, 4.0)


def test_where_the_part_is_in_doubt_every_check_is_unsure() -> None:
    hearing = usual().heard()
    doubtful = replace(hearing, part=replace(hearing.part, probability=0.7))
    card = judge(doubtful, Settings(rubric=default_rubric()))
    assert {check.verdict for check in card.checks if check.role == "required"} == {"unsure"}
    assert {check.verdict for check in card.checks if check.role == "tip"} == {"not_measured"}
    assert all("not certain that the message starts at" in check.evidence for check in card.checks)
    assert card.verdict == "review"
    assert "70 % sure" in to_text(card)


def test_a_hearing_keeps_its_part_and_tones_as_data() -> None:
    hearing = usual().heard()
    assert from_json(to_json(hearing)) == hearing
    assert [found.kind for found in hearing.tones] == ["beep"]


def test_a_beep_does_not_spoil_the_sound_quality() -> None:
    """A beep at full scale is clipped, the message is not."""
    loud = tone(0.4, level=1.0, frequency_hz=1000.0)
    call = Call().say(GREETING, 210.0, tilt=0.5).play(silence(0.6), loud, silence(0.8)).say(MESSAGE, 110.0)
    hearing = call.play(silence(0.5)).heard()
    assert hearing.whole_condition.clipped_share > 0
    assert hearing.condition.clipped_share == 0


def test_no_window_reads_across_a_break() -> None:
    speech = [Interval(onset_s=1.0, offset_s=5.0), Interval(onset_s=5.5, offset_s=9.0)]
    samples = silence(10.0)
    (one,) = cut_windows(0, samples, speech)
    before, after = cut_windows(0, samples, speech, [5.2])
    assert before.onset_s == one.onset_s
    assert before.onset_s + before.duration_s == pytest.approx(5.2)
    assert after.onset_s == pytest.approx(5.2, abs=0.021)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You've reached the desk of Omar", "opening"),
        ("Please leave your name and number", "instruct"),
        ("after the beep", "instruct"),
        ("Nobody is available", "absent"),
        ("press 1 for more options", "menu"),
        ("Your call has been forwarded to voicemail", "menu"),
        ("my number is", "rep"),
    ],
)
def test_sayings_are_known(text: str, kind: str) -> None:
    words = [Word(text=f" {piece}", onset_s=0, offset_s=1, probability=1) for piece in text.split()]
    assert find_sayings(words)[kind]


def test_a_number_that_is_written_as_one_word_accounts_for_all_its_digits() -> None:
    call = usual()
    first = call.words[-21]
    last = call.words[-12]
    call.words[-21:-11] = [replace(first, text=" 4155550136", offset_s=last.offset_s)]
    assert call.words[-12].offset_s - call.words[-12].onset_s > 3.0
    assert call.part().sure


def test_a_voice_that_no_word_accounts_for_leaves_the_part_in_doubt() -> None:
    """A recogniser that skipped the rep must not make it a call without a message."""
    call = mailbox().play(silence(0.5))
    n_words = len(call.words)
    call.say(MESSAGE, 110.0).play(silence(0.3))
    del call.words[n_words:]
    part = call.part()
    assert not part.sure
    assert part.probability <= 0.5


def test_a_recording_without_signs_of_a_mailbox_whose_voice_was_mostly_not_read_is_in_doubt() -> None:
    """Of two people who talk, the recogniser left out nearly all: nothing is cut, nothing is sure."""
    call = Call().say(MESSAGE, 110.0).play(silence(0.3))
    del call.words[6:]
    part = call.part()
    assert part == Part(outcome="message", onset_s=0.0, offset_s=part.offset_s, probability=0.5)


def test_one_voice_without_a_beep_is_not_cut_on_a_mere_suspicion() -> None:
    """A saying of mailboxes in a message, its number behind a pause: in doubt, and whole."""
    text = "Hi Laura you can leave me a message at the front desk or press one"
    call = Call().say(text, 110.0).play(silence(0.6)).say("four one five five five five", 110.0)
    part = call.part()
    assert (part.outcome, part.onset_s, part.offset_s) == ("message", 0.0, pytest.approx(call.now_s))
    assert not part.sure


def test_silence_without_a_beep_is_no_sure_sign_that_nobody_left_a_message() -> None:
    """The rep may have been passed over by recogniser and voice track alike."""
    without, behind = (
        Call().say(GREETING, 210.0).play(silence(3.5)).part(),
        mailbox().play(silence(4.0)).part(),
    )
    assert without.outcome == behind.outcome == "no_message"
    assert behind.sure
    assert not without.sure


def test_a_menu_that_has_reached_the_maximum_opens_no_greeting() -> None:
    def opens(text: str) -> bool:
        words = [Word(text=f" {each}", onset_s=0, offset_s=1, probability=1) for each in text.split()]
        return bool(find_sayings(words)["opening"])

    assert opens("You have reached the Millers")
    assert not opens("You have reached the maximum recording time")
    assert not opens("You've reached the end of your time")


def test_a_part_whose_first_words_were_not_read_is_in_doubt() -> None:
    """The recogniser left out "Hi Laura this is", 1.6 s behind the beep."""
    call = usual()
    start = len(GREETING.split())
    del call.words[start : start + 4]
    part = call.part()
    assert part.why == "after greeting and beep"
    assert not part.sure


def test_a_menu_without_any_known_saying_is_cut_off_by_its_words() -> None:
    menu = "Recording stored your mailbox keeps calls until later goodbye"
    words = [Word(text=f" {each}", onset_s=0, offset_s=1, probability=1) for each in menu.split()]
    assert not any(find_sayings(words)[kind] for kind in ("instruct", "opening", "absent", "menu"))
    call = usual()
    end_s = call.now_s
    part = call.play(silence(1.5)).say(menu, 210.0, tilt=0.5).play(silence(0.3)).part()
    assert part.offset_s == pytest.approx(end_s + 1.5, abs=0.1)


def test_two_words_behind_a_beep_are_not_surely_a_message() -> None:
    """Recognisers hear "Thank you" in silence."""
    call = mailbox().play(silence(1.5)).say("Thank you", 110.0).play(silence(3.0))
    part = call.part()
    assert part.outcome == "no_message" or not part.sure


def test_one_voice_behind_ringing_is_not_surely_a_message() -> None:
    """A caller hears the mailbox first, or whoever answers; this one says nothing that is known."""
    ring = tone(2.0, level=0.1, frequency_hz=440.0) + tone(2.0, level=0.1, frequency_hz=480.0)
    said = "Hi it is Dana I would love to hear from you"
    part = Call().play(ring, silence(1.0)).say(said, 210.0).play(silence(0.3)).part()
    assert not part.sure


def test_a_recording_that_says_nothing_of_a_rep_is_whole_but_not_surely_a_message() -> None:
    part = Call().say("Memory is full Enter the remote access code", 210.0).play(silence(0.3)).part()
    assert (part.outcome, part.onset_s) == ("message", 0.0)
    assert not part.sure


def test_a_mailbox_that_hangs_up_has_not_waited_for_a_message() -> None:
    """Five seconds of busy tone are no silence that was left for the rep."""
    busy = [tone(0.5, level=0.1, frequency_hz=425.0), silence(0.5)] * 5
    assert Call().say(GREETING, 210.0).play(silence(0.8), *busy).part().outcome == "greeting_only"


def test_a_bare_number_between_beep_and_menu_is_not_passed_over() -> None:
    """Nearly all words are the mailbox's, but somebody spoke behind the beep."""
    call = Call().say("Sorry no one picks up on weekends Riverside plumbing answers from Monday", 210.0)
    call.play(silence(0.3), BEEP, silence(1.0)).say("two zero zero nine eight", 205.0, tilt=0.9)
    call.play(silence(0.8))
    for menu in ("Press one to accept this recording", "Press two to listen to it", MENU):
        call.say(menu, 210.0).play(silence(0.5))
    part = call.part()
    assert part.outcome == "message"
    assert not part.sure
