"""A file in, its card out: the decoder, a model and its digit head, put together once and used often."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from voicecheck import system
from voicecheck.audio.recording import Recording, Side
from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.errors import EngineError, ParameterError
from voicecheck.hearing.cache import ReadingCache, default_cache
from voicecheck.hearing.fingerprint import fingerprint
from voicecheck.hearing.hear import listen, understand, with_phone
from voicecheck.hearing.hearing import Hearing
from voicecheck.hearing.signal import broken, signal_of
from voicecheck.numbers.decision_model import DecisionModel
from voicecheck.numbers.plan import parse_expected
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import Rubric, default_rubric, find_rubric
from voicecheck.speech.choice import AUTO, DEFAULT_MODEL, ModelChoice, check_numbers, choose
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.transcriber import Transcriber

PHONE_MODEL = "tiny.en"
"""Prints what a phone would: small, as a phone's own model is."""

ROOM_MIN_BYTES = 400_000_000
"""Address space that the libraries alone take, before any model."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Scores files; the model is loaded at the first one.

    Parameters
    ----------
    model : str
        Name in the catalog.
    model_dir : Path or None
        A folder with the model's files; None looks in the usual places.
    device, compute_type : str or None
        As CTranslate2 names them; None leaves them to `settled`.
    threads : int >= 0
        CPU threads; 0 takes all cores, at most four.
    line : bool
        Whether to test the number on bad lines as well, at up to twice the time.
    phone : bool
        Whether to print the message as the listener's phone would, by the model `PHONE_MODEL`.
    digits_by : str or None
        The model whose encoder the digits are read from; None takes `model` where a digit head was trained
        for it, else the default model, which then runs beside `model`.
    side : {"left", "right"} or None
        The channel that the rep is on; None finds out.
    cache : ReadingCache or None
        Where `hear_file` keeps what it heard; None keeps nothing.
    """

    model: str = DEFAULT_MODEL
    model_dir: Path | None = None
    device: str | None = None
    compute_type: str | None = None
    threads: int = 0
    line: bool = False
    phone: bool = False
    digits_by: str | None = None
    side: Side | None = None
    cache: ReadingCache | None = None

    def settled(self) -> Listener:
        """Fill in by this machine what was left open: the model ``auto``, the device, the number type.

        Returns
        -------
        Listener
            With a name for each.

        Raises
        ------
        ParameterError
            If the machine lacks the device, or a folder is named for a model that is not.
        """
        choice = self._choice
        return replace(self, model=choice.model, device=choice.device, compute_type=choice.compute_type)

    @property
    def _choice(self) -> ModelChoice:
        if self.model == AUTO and self.model_dir is not None:
            raise ParameterError("--model-dir FOLDER goes with the name of its model, not with auto")
        return choose(self.model, self.device, self.compute_type)

    @cached_property
    def transcriber(self) -> Transcriber:
        """The engine.

        Raises
        ------
        ParameterError
            If the model or the device is unknown, or cannot compute in such numbers.
        EngineError
            If it is nowhere to be found.
        """
        from voicecheck.speech.two_models import TwoModels

        choice = self._choice
        check_numbers(choice.device, choice.compute_type)
        words = self._engine(choice, self.model_dir)
        digit_model = replace(self, model=choice.model).digit_model
        if digit_model == choice.model:
            return words
        return TwoModels(words=words, digits=self._engine(replace(choice, model=digit_model), None))

    def _engine(self, choice: ModelChoice, folder: Path | None) -> Transcriber:
        from voicecheck.speech.quantized import quantized
        from voicecheck.speech.weights import find_model
        from voicecheck.speech.whisper import FasterWhisper

        found = find_model(choice.model, folder=folder)
        return FasterWhisper(
            quantized(found) if (choice.device, choice.compute_type) == ("cpu", "int8") else found,
            name=choice.model,
            device=choice.device,
            compute_type=choice.compute_type,
            threads=self.threads,
        )

    @property
    def digit_model(self) -> str:
        """The model whose encoder the digits are read from: its own where a head was trained for it."""
        if self.digits_by:
            return self.digits_by
        return self.model if _model_file("digit-head", self.model, "npz").is_file() else DEFAULT_MODEL

    @cached_property
    def head(self) -> DigitHead:
        """The digit head that was trained on the encoder of `digit_model`.

        Raises
        ------
        ParameterError
            If none was: the model's numbers could not be heard.
        """
        if not self._head_file.is_file():
            raise ParameterError(
                f"there is no digit head for the model {self.digit_model}; choose base or tiny.en"
            )
        return DigitHead.load(self._head_file)

    @cached_property
    def decision(self) -> DecisionModel:
        """The weights of the decision that were fitted with this head."""
        return DecisionModel.load(self._decision_file)

    @property
    def _telephone(self) -> TelephoneNetwork | None:
        return TelephoneNetwork() if self.line else None

    @cached_property
    def phone_transcriber(self) -> Transcriber:
        """What prints a message as a phone would, loaded when it is first asked.

        Raises
        ------
        EngineError
            If its model is nowhere to be found.
        """
        return replace(self.settled(), model=PHONE_MODEL, model_dir=None).transcriber

    @property
    def _phone(self) -> Transcriber | None:
        return self.phone_transcriber if self.phone else None

    def with_phone(self, hearing: Hearing, recording: Recording, region: str = "US") -> Hearing:
        """Add what the listener's phone would print to what was heard before.

        Parameters
        ----------
        hearing : Hearing
            Of the same recording.
        recording : Recording
            Decoded.
        region : str
            ISO 3166 code.

        Returns
        -------
        Hearing
            The same, and what a phone would print of its part.

        Raises
        ------
        EngineError
            If the phone's model is nowhere to be found, or fails.
        """
        with _one_blas_thread():
            return with_phone(hearing, recording, self.phone_transcriber, region)

    @property
    def _head_file(self) -> Path:
        return _model_file("digit-head", self.digit_model, "npz")

    @property
    def _decision_file(self) -> Path:
        return _model_file("digit-decision", self.digit_model, "toml")

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything but the audio and the region that shapes a reading.

        That is the model and its weights, the head, the number type, and the code; not the device, so that
        any machine may judge again what a graphics card heard.

        Raises
        ------
        ParameterError
            If the model is unknown.
        EngineError
            If the head is nowhere to be found.
        """
        from voicecheck.speech.catalog import load_catalog, resource_path

        here = self.settled()
        weights = {model.name: [file.sha256 for file in model.files] for model in load_catalog()}
        return fingerprint(
            {
                "engine": [here.model, here.compute_type],
                "weights": [weights.get(here.model), weights.get(here.digit_model)],
            },
            {
                "head": self._head_file,
                "greeting": resource_path("greeting.json"),
                "decision": self._decision_file,
            },
        )

    def reading_key(self, sha256: str, region: str) -> str:
        """Name the reading of a file with this hash, in the cache and everywhere.

        Parameters
        ----------
        sha256 : str
            Of the file.
        region : str
            ISO 3166 code.

        Returns
        -------
        str
            64 hexadecimal digits; another model, head, version or option gives others.
        """
        asked = f"{' on bad lines' * self.line}{' on a phone' * self.phone}"
        asked += f" of the {self.side} channel" if self.side else ""
        return hashlib.sha256(f"{sha256} {region} {self.fingerprint}{asked}".encode()).hexdigest()

    def prepare(self) -> None:
        """Find the model and its head now, so that a missing one is told before any work.

        Raises
        ------
        ParameterError
            If the model is unknown.
        EngineError
            If a part is nowhere to be found, or this process may not take the memory that listening needs.
        """
        room_bytes = system.room_bytes()
        if room_bytes is not None and room_bytes < ROOM_MIN_BYTES:
            raise EngineError(
                f"this program may take only {room_bytes / 1e6:.0f} MB of memory, and needs more than "
                f"{ROOM_MIN_BYTES / 1e6:.0f}; raise its limit (ulimit -v)"
            )
        _ = self.head, self.decision  # first, so that no model is fetched in vain
        _ = self.transcriber, self._phone

    def hear(self, recording: Recording, region: str = "US") -> Hearing:
        """Hear a decoded recording; nothing is judged.

        Parameters
        ----------
        recording : Recording
            Decoded.
        region : str
            ISO 3166 code.

        Returns
        -------
        Hearing
            Unheard, with the reason, where there is nothing to judge.

        Raises
        ------
        EngineError
            If the model fails.
        """
        with _one_blas_thread():
            return listen(
                recording,
                self.transcriber,
                head=self.head,
                decision=self.decision,
                telephone=self._telephone,
                phone=self._phone,
                region=region,
            )

    def hear_many(self, recordings: Sequence[Recording], region: str = "US") -> list[Hearing]:
        """Hear several recordings, each as if alone, but faster.

        Parameters
        ----------
        recordings : sequence of Recording
            Decoded.
        region : str
            ISO 3166 code.

        Returns
        -------
        list of Hearing
            In the same order.

        Raises
        ------
        EngineError
            If the model fails.
        """
        with _one_blas_thread():
            signals = [signal_of(recording) for recording in recordings]
            parted = [
                broken(recording, signal) for recording, signal in zip(recordings, signals, strict=True)
            ]
            transcripts = self.transcriber.transcribe_many(parted)
            return [
                understand(
                    recording,
                    transcript,
                    self.transcriber,
                    signal=signal,
                    head=self.head,
                    decision=self.decision,
                    telephone=self._telephone,
                    phone=self._phone,
                    region=region,
                )
                for recording, transcript, signal in zip(recordings, transcripts, signals, strict=True)
            ]

    def read(self, path: Path) -> Recording:
        """Decode a file, as far as it is to be heard.

        Parameters
        ----------
        path : Path
            Of a recording.

        Returns
        -------
        Recording
            Decoded; of the rep's channel alone, where one was named.

        Raises
        ------
        InputError
            If the file cannot be read as audio, or lacks the channel.
        """
        from voicecheck.audio.decode import read_recording

        return read_recording(path, side=self.side)

    def recall(self, path: Path, region: str = "US") -> Hearing | None:
        """Look a file up in the cache; None if it is not there.

        Parameters
        ----------
        path : Path
            Of the file; its bytes are hashed.
        region : str
            ISO 3166 code.

        Returns
        -------
        Hearing or None
            Under the name of this file.
        """
        from voicecheck.audio.decode import file_sha256

        sha256 = file_sha256(path) if self.cache else None
        if self.cache is None or sha256 is None:
            return None
        kept = self.cache.get(self.reading_key(sha256, region))
        return kept and kept.named(path.name)

    def keep(self, hearing: Hearing, region: str = "US") -> None:
        """Put what was heard into the cache.

        Parameters
        ----------
        hearing : Hearing
            Of a file that has a hash.
        region : str
            ISO 3166 code.
        """
        if self.cache is not None:
            self.cache.put(self.reading_key(hearing.source.sha256, region), hearing)

    def hear_file(self, path: Path, region: str = "US") -> Hearing:
        """Hear a file, or recall what was heard in it before.

        Parameters
        ----------
        path : Path
            Of a recording.
        region : str
            ISO 3166 code.

        Returns
        -------
        Hearing
            From the cache if it is there, else kept in it.

        Raises
        ------
        InputError
            If the file cannot be read as audio.
        EngineError
            If the model fails.
        """
        kept = self.recall(path, region)
        if kept is not None:
            return kept
        self.transcriber.start_loading()  # beside the decoding of the file
        hearing = self.hear(self.read(path), region)
        self.keep(hearing, region)
        return hearing

    def score(self, recording: Recording, settings: Settings | None = None) -> Scorecard:
        """Score a decoded recording.

        Parameters
        ----------
        recording : Recording
            Decoded.
        settings : Settings or None
            What it is judged against; None for the default rubric in the US.

        Returns
        -------
        Scorecard
            The card.
        """
        settings = settings or Settings(rubric=default_rubric())
        return judge(self.hear(recording, settings.region), settings)

    def score_file(self, path: Path, settings: Settings | None = None) -> Scorecard:
        """Decode and score a file.

        Parameters
        ----------
        path : Path
            Of a recording.
        settings : Settings or None
            What it is judged against; None for the default rubric in the US.

        Returns
        -------
        Scorecard
            The card.

        Raises
        ------
        InputError
            If the file cannot be read as audio.
        EngineError
            If the model fails.
        """
        settings = settings or Settings(rubric=default_rubric())
        return judge(self.hear_file(path, settings.region), settings)


def _model_file(kind: str, model: str, suffix: str) -> Path:
    """Name a file of our own that belongs to a model."""
    from voicecheck.speech.catalog import resource_path

    return resource_path(f"{kind}-{model.replace('/', '--')}.{suffix}")


def _one_blas_thread() -> AbstractContextManager[Any]:
    """Keep numpy to one thread for a while.

    Its threads go on spinning for some time after a product of matrices is done, on cores that the model's
    own threads need: with two cores the encoder took twice as long.
    """
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(limits=1, user_api="blas")
    return limits


def score(
    path: Path | str,
    *,
    rubric: Rubric | Path | str | None = None,
    expect: str | None = None,
    region: str = "US",
    rep: str | None = None,
    company: str | None = None,
    prospect: str | None = None,
    line: bool = False,
    phone: bool = False,
    model: str = DEFAULT_MODEL,
    use_cache: bool = True,
) -> Scorecard:
    """Score one file: the whole of voicecheck in one call. The model is kept between calls.

    Parameters
    ----------
    path : Path or str
        A recording in any format that `voicecheck score` reads.
    rubric : Rubric, Path, str or None
        What it is judged by: a rubric, a file, the name of one that comes with voicecheck, or TOML.
    expect : str or None
        The number that should be said, as people write it.
    region : str
        Country whose numbers need no country code.
    rep, company, prospect : str or None
        Who speaks, for whom, and to whom.
    line, phone : bool
        Whether to send the number through bad lines, and to print the message as a phone would.
    model : str
        A name in the catalog.
    use_cache : bool
        Whether to recall what was heard in the same sound before, and to keep what is heard now.

    Returns
    -------
    Scorecard
        In a notebook it shows itself; `to_text` and `to_dict` are what the command line prints.

    Raises
    ------
    InputError
        If the file cannot be read as audio, or a setting is wrong.
    EngineError
        If the model is missing or fails.
    """
    settings = Settings(
        rubric=find_rubric(rubric),
        region=region,
        expected=None if expect is None else parse_expected(expect),
        rep=rep,
        company=company,
        prospect=prospect,
    )
    listener = _listener(model, line, phone, use_cache)
    return listener.score_file(Path(path), settings)


@lru_cache(maxsize=2)
def _listener(model: str, line: bool, phone: bool, use_cache: bool) -> Listener:
    """Make a listener once, and with it its model."""
    cache = default_cache() if use_cache else None
    return Listener(model=model, line=line, phone=phone, cache=cache).settled()
