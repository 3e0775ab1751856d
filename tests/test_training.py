"""What teaches the digit heads is what it claims to be: in step, at its level, and the right people's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("pyroomacoustics")

from training import augment, greeting, lines, noises, recorded, rooms, windows
from training.decision import (
    Best,
    Case,
    agreeing,
    best_of,
    calibrated_out_of_fold,
    calibration_error,
    fit_calibration,
    fit_slips_alike,
)
from training.windows import Material
from voicecheck.numbers.candidates import FEATURES, NONE_FEATURES, Candidate
from voicecheck.numbers.decision_model import Calibration

RATE_HZ = 16_000


def tone(frequency_hz: float, length_s: float = 0.3) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * frequency_hz * np.arange(int(length_s * RATE_HZ)) / RATE_HZ)).astype(
        np.float32
    )


def strength(samples: np.ndarray, frequency_hz: float) -> float:
    """Highest amplitude within 3 % of a frequency."""
    spectrum = np.abs(np.fft.rfft(samples)) * 2 / len(samples)
    frequency = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return float(spectrum[np.abs(frequency / frequency_hz - 1) < 0.03].max())


def material(voices: dict[str, float]) -> Material:
    """Voices that say every digit as a tone of their own."""
    clips = {name: {word: [tone(hz)] for word in range(11)} for name, hz in voices.items()}
    return Material(clips, ["human"], [], [], [], {})


@pytest.mark.parametrize("codec", lines.CODECS)
def test_a_codec_keeps_speech_in_step(codec: str) -> None:
    rng = np.random.default_rng(0)
    bursts = np.zeros(2 * RATE_HZ, np.float32)
    for start in (4000, 11000, 19500, 26000):
        bursts[start : start + 1200] = 0.3 * rng.standard_normal(1200) * np.hanning(1200)
    plain = lines.telephoned(bursts, "none")
    coded = lines.telephoned(bursts, codec, bit_rate=max(lines.BIT_RATES.get(codec, (0,))))
    assert len(coded) == len(bursts)
    envelope, coded_envelope = (np.convolve(np.abs(x), np.ones(80), "same") for x in (plain, coded))
    match = np.correlate(coded_envelope, envelope[400:-400], "valid")
    assert abs(int(match.argmax()) - 400) <= 0.002 * RATE_HZ


@pytest.mark.parametrize("kind", noises.KINDS)
def test_noise_is_as_loud_as_asked(kind: str) -> None:
    rng = np.random.default_rng(3)
    speech = np.concatenate([tone(400, 1.0), np.zeros(RATE_HZ, np.float32)])
    added = augment.noisy(speech, noises.noise(len(speech), rng, kind), 12.0) - speech
    below_db = 20 * np.log10(augment.active_level(speech) / np.sqrt((added**2).mean()))
    assert below_db == pytest.approx(12.0, abs=0.1)


def test_every_third_speaker_is_kept_aside_whatever_the_order() -> None:
    speakers = ["d:2", "a:1", "c:9", "b:3", "a:1", "e:0", "f:7", "g:1"]
    assert recorded.kept_aside(speakers) == {"a:1", "d:2", "g:1"}
    assert recorded.kept_aside(reversed(speakers)) == {"a:1", "d:2", "g:1"}


def test_a_word_in_a_noisy_long_recording_is_found() -> None:
    noise = 0.01 * np.random.default_rng(1).standard_normal(RATE_HZ).astype(np.float32)
    noise[5000:10000] += tone(500, 5000 / RATE_HZ)
    said = recorded.Said(speaker="x:y", samples=noise, words="three", digits="3")
    (clip,) = recorded.isolated([said])["x:y"][3]
    assert len(clip) == pytest.approx(5000, abs=320)


def test_others_are_never_the_main_voice() -> None:
    voices = {"human": 300.0, "b": 700.0, "c": 1100.0}
    others = windows.other_people(
        material(voices), 5 * RATE_HZ, 2, np.random.default_rng(0), without={"human"}
    )
    assert len(others) == 5 * RATE_HZ
    assert augment.active_level(others) == pytest.approx(1.0, rel=0.01)
    heard = {
        name: max(strength(others, hz * shift) for shift in np.linspace(0.8, 1.25, 20))
        for name, hz in voices.items()
    }
    assert heard["human"] < 0.1 * min(heard["b"], heard["c"])


def test_people_behind_are_quieter_and_teach_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    made = material({"human": 300.0})
    made.rooms.append(rooms.Room(near=np.ones(1, np.float32), far=()))
    monkeypatch.setattr(windows, "_piece", lambda *_: ("human", tone(300, 2.0), [(5, 0.0, 2.0)]))
    monkeypatch.setattr(windows, "other_people", lambda made, n, *_, **__: 4.7 * tone(2000, n / RATE_HZ))
    monkeypatch.setattr(augment, "degraded", lambda samples, rng: samples)
    below_db = []
    for seed in range(24):
        window = windows.compose(made, np.random.default_rng(seed))
        assert {word for word, _, _ in window.events} == {5}
        onset_s, offset_s = window.events[0][1:]
        said = window.samples[int(onset_s * RATE_HZ) : int(offset_s * RATE_HZ)]
        if strength(said, 2000) > 1e-4:
            below_db.append(20 * np.log10(strength(said, 300) / strength(said, 2000)))
    assert 6 <= len(below_db) <= 18
    assert min(below_db) > 2  # 5 dB below, less what one piece may be quieter than the others
    assert max(below_db) < 28


def test_targets_tell_how_much_of_a_frame_is_a_digit() -> None:
    cover = windows.targets([(7, 0.02, 0.07)], 5)
    assert cover.sum(axis=1) == pytest.approx(np.ones(5))
    first, second = cover[:, 1 + 2 * 7], cover[:, 2 + 2 * 7]
    assert first == pytest.approx([0, 1, 0.25, 0, 0], abs=1e-5)
    assert second == pytest.approx([0, 0, 0.75, 0.5, 0], abs=1e-5)


def test_a_room_starts_with_the_direct_sound() -> None:
    room = rooms.rooms(1, seed=2)[0]
    click = np.zeros(4000, np.float32)
    click[1000] = 1.0
    wet = rooms.heard_in(click, room.near)
    assert len(room.far) == rooms.N_FAR
    assert np.abs(wet[:990]).max() < 0.5
    assert 995 <= int(np.flatnonzero(np.abs(wet) > 0.5)[0]) <= 1001
    near, far = (np.sum(x[80:] ** 2) / np.sum(x[:80] ** 2) for x in (room.near, room.far[0]))
    assert near < far


def test_the_trained_network_reads_the_same_in_numpy() -> None:
    torch = pytest.importorskip("torch")
    from training.network import Network, merged

    torch.manual_seed(0)
    network = Network(32, hidden=16).eval()
    frames = np.random.default_rng(0).standard_normal((40, 32)).astype(np.float32)
    normalised = (frames - frames.mean(axis=1, keepdims=True)) / frames.std(axis=1, keepdims=True)
    with torch.no_grad():
        there = merged(network(torch.from_numpy(frames)[None]))[0].numpy()
    assert network.in_numpy().log_posteriors(normalised) == pytest.approx(there, abs=1e-4)


def test_what_the_network_learns_from_is_blurred_and_partly_hidden() -> None:
    torch = pytest.importorskip("torch")
    from training.network import HIDDEN_FRAMES_MAX, HIDDEN_TIMES_MAX, _blur_and_hide

    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    whole = torch.from_numpy(rng.standard_normal((40, 300, 128)).astype(np.float32)) + 5.0
    shown = whole.clone()
    _blur_and_hide(shown, torch.full((40,), 300), rng)
    times = (shown == 0).all(dim=2).sum(dim=1)
    channels = (shown == 0).all(dim=1).sum(dim=1)
    assert 0 < int(times.max()) <= HIDDEN_TIMES_MAX * HIDDEN_FRAMES_MAX
    assert 10 < int((channels > 0).sum()) < 30  # every other window
    seen = shown != 0
    changed = (shown[seen] / whole[seen] - 1).abs()
    assert 0.02 < float(changed.mean()) < 0.3


@pytest.mark.slow
def test_the_network_that_is_kept_is_the_mean_of_the_last_ones() -> None:
    pytest.importorskip("torch")
    from training.network import N_OUTPUTS, Example, train

    rng = np.random.default_rng(0)
    frames = rng.standard_normal((200, 128)).astype(np.float16)
    goals = np.zeros((200, N_OUTPUTS), np.float16)
    goals[:, 0] = 1.0
    one, more = (
        train([Example(frames, goals, [])], n_steps=n, n_string_steps=0, log=False).in_numpy()
        for n in (1, 40)
    )
    assert not np.array_equal(one.output, more.output)
    assert float(more.log_posteriors(frames.astype(np.float32))[:, 0].mean()) > -0.5


def test_neither_voice_of_a_judged_call_is_among_those_that_were_fitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six mailboxes and five reps, each with each: all 30 calls are judged, once."""
    calls = [
        {"greeter": f"g{k % 6}", "rep": f"r{k // 6}", "scene": k, "heard": {"english": 1.0}}
        for k in range(30)
    ]
    fitted: list[dict[str, Any]] = []

    def fit(examples: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
        fitted[:] = examples
        return {}

    def choose(scene: int, _: object) -> None:
        assert fitted
        assert calls[scene]["greeter"] not in {call["greeter"] for call in fitted}
        assert calls[scene]["rep"] not in {call["rep"] for call in fitted}

    monkeypatch.setattr(greeting, "fit", fit)
    monkeypatch.setattr(greeting, "choose", choose)
    monkeypatch.setattr(greeting, "trust_features", lambda *_: [])
    monkeypatch.setattr(greeting, "judged", lambda *_: None)
    monkeypatch.setattr(greeting, "is_right", lambda *_: (True,))
    monkeypatch.setattr(greeting, "fit_trust", lambda _: [0.0] * len(greeting.TRUST_FEATURES))
    found, _ = greeting.judge_unheard(calls, calls)
    assert sorted(each["call"]["scene"] for each in found) == list(range(30))


def test_how_often_slips_are_alike_is_fitted_with_care() -> None:
    surely = [([0.9, 0.9], True)] * 95
    few = fit_slips_alike([*surely, *[([0.5, 0.5], False)] * 5])
    none = fit_slips_alike(surely)
    assert 0.001 < none < few <= 1.0


def listed(name: str, digits: str, truth: str, *, speaker: str = "somebody") -> Case:
    """One candidate beside "none of these"."""
    return Case(
        name=name,
        speaker=speaker,
        condition="clean",
        truth=truth,
        digits=(digits,),
        spoken=(digits,),
        x=np.zeros((1, len(FEATURES))),
        none=np.zeros(len(NONE_FEATURES)),
    )


def test_only_what_is_read_alike_in_one_recording_is_counted() -> None:
    zeros = np.zeros(len(FEATURES) + len(NONE_FEATURES))
    cases = [
        listed("one", "4155550136", "4155550136"),
        listed("one", "14155550136", "4155550136"),
        listed("other", "4155550136", "4155550136"),
        listed("short", "94105", "94105"),
        listed("short", "94105", "94105"),
    ]
    as_it_is = Calibration(scale=1.0, bias=0.0, whole=0.0, fewer_sound=0.0)
    groups = agreeing([best_of(zeros, case) for case in cases], as_it_is)
    assert groups == [([0.5, 0.5], False)]


def test_a_calibration_finds_how_much_surer_a_whole_number_is() -> None:
    """Shares of 0.8: of whole numbers 95 in 100 are planted right, of other digits 60."""
    features = {kind: np.zeros(len(FEATURES)) for kind in ("whole", "other")}
    features["whole"][FEATURES.index("full")] = 1.0
    best = [
        Best(
            case=listed(str(n), "1", "1", speaker=f"voice {n % 40}"),
            candidate=Candidate(digits="1", spoken="1", owners=(0,), features=features[kind]),
            share=0.8,
            is_right=n < right,
        )
        for kind, right in (("whole", 950), ("other", 600))
        for n in range(1000)
    ]
    found = fit_calibration(best)
    probability = {
        kind: found.probability(0.8, best[at].candidate) for kind, at in (("whole", 0), ("other", -1))
    }
    assert probability == pytest.approx({"whole": 0.95, "other": 0.6}, abs=0.01)
    p, right = calibrated_out_of_fold(best)
    assert calibration_error(p, right) < 0.02
