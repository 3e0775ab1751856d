"""What is written about many messages: lines, table, page; and one message's tracks."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import pytest
from fake import FakeTranscriber, analyse
from jsonschema import Draft202012Validator
from sounds import recording, said, silence, spoken, transcript

from voicecheck.audio.levels import measure_peaks
from voicecheck.report.data import json_schema
from voicecheck.report.html import to_html
from voicecheck.report.labels import to_labels
from voicecheck.report.subtitles import to_srt, to_vtt
from voicecheck.report.table import to_csv, to_line
from voicecheck.report.textgrid import to_textgrid
from voicecheck.scorecard.across import Message, Row
from voicecheck.scorecard.card import Scorecard
from voicecheck.speech.transcript import Transcript, Word

SWAPPED = (
    "hi dana this is joe from acme call me at four one six five five five zero one nine eight "
    "that is four one six five five five zero one eight nine thanks"
)
HOSTILE = "<img src=x onerror=alert(1)>&\"'"


def card_of(words: list[Word]) -> Scorecard:
    return analyse(spoken(words), FakeTranscriber(transcript=transcript(words)))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """A swapped number, silence, and a file that is no audio."""
    words = said(SWAPPED, word_s=0.35, gap_s=0.2)
    nothing = FakeTranscriber(transcript=Transcript(words=(), language=None))
    return [
        Row(
            message=Message(file="joe/1.wav", rep="joe", prospect=HOSTILE),
            card=card_of(words),
            peaks=measure_peaks(spoken(words).samples),
        ),
        Row(message=Message(file="joe/2.wav", rep="joe"), card=analyse(recording(silence(4.0)), nothing)),
        Row(message=Message(file=f"{HOSTILE}.wav"), error=f"{HOSTILE}.wav: not audio"),
    ]


# ---- lines and table ----


def test_a_line_is_a_card_by_its_schema_or_a_failure(rows: list[Row]) -> None:
    first, second, failed = (json.loads(to_line(row)) for row in rows)
    for line in (first, second):
        Draft202012Validator(json_schema()).validate(line)
    assert first["message"]["prospect"] == HOSTILE
    assert failed["schema"] == "voicecheck.failure/1"
    assert failed["error"].endswith("not audio")


def test_the_table_has_a_row_for_each_and_blanks_for_what_was_not_measured(rows: list[Row]) -> None:
    swapped, silent, failed = csv.DictReader(to_csv(rows).splitlines())
    assert (swapped["number"], swapped["times_said"]) == ("416-555-0198 / 416-555-0189", "2")
    assert float(swapped["fastest_dps"]) == pytest.approx(10 / (10 * 0.55 - 0.2), abs=0.02)
    assert (silent["verdict"], silent["message_s"], silent["times_said"]) == ("review", "", "")
    assert (failed["verdict"], failed["error"]) == ("not_analysed", f"{HOSTILE}.wav: not audio")


def test_what_is_only_a_tip_fails_in_no_table(rows: list[Row]) -> None:
    """The digits follow one another without a pause between their groups."""
    card = rows[0].card
    assert card is not None
    assert {each.id: (each.role, each.verdict) for each in card.checks}["number_pauses"] == ("tip", "fail")
    row = next(csv.DictReader(to_csv(rows).splitlines()))
    assert row["number_pauses_verdict"] == "tip"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_is_never_a_formula(start: str) -> None:
    row = Row(message=Message(file=f"{start}cmd|' /C calc'!A0.wav"), error="no audio")
    assert next(csv.DictReader(to_csv([row]).splitlines()))["file"].startswith(f"'{start}")


def test_a_name_of_two_lines_is_one_row() -> None:
    row = Row(message=Message(file="two\nlines.wav"), error="no audio")
    (found,) = csv.DictReader(StringIO(to_csv([row])))
    assert (found["file"], found["verdict"]) == ("two\nlines.wav", "not_analysed")


# ---- the page ----


class Page(HTMLParser):
    """Collects tags with their attributes, and checks that they nest."""

    VOID = frozenset({"meta", "input", "link", "br", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str, class_: str = "") -> list[dict[str, str | None]]:
        return [
            at for name, at in self.tags if name == tag and class_ in [*(at.get("class") or "").split(), ""]
        ]


def test_the_page_nests_and_fetches_nothing(rows: list[Row]) -> None:
    text = to_html(rows, made_on="2026-01-31")
    page = Page(text)
    assert page.open == []
    assert not {"link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not any({"src", "href", "action"} & set(attributes) for _, attributes in page.tags)
    assert not re.search(r"https?:|//\w|url\(|@import", text)


def test_names_cannot_break_out_of_the_page(rows: list[Row]) -> None:
    text = to_html(rows)
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_the_page_has_the_totals_the_failures_and_a_card_for_each(rows: list[Row]) -> None:
    text = to_html(rows, made_on="2026-01-31")
    page = Page(text)
    assert "0 %<small>0 of 2 scored" in text
    assert "3 messages · 1 rep · 2026-01-31" in text
    assert [at["data-verdict"] for at in page.of("details")] == ["fail", "review"]
    assert page.of("details")[0]["data-fails"] == "pace number_agrees"
    assert "not audio" in text


def test_no_number_is_broken_over_two_lines(rows: list[Row]) -> None:
    """In a narrow column a browser breaks a number at its hyphens, as it does words."""
    text = to_html(rows)
    assert 'first <span class="unbroken">416-555-0198</span>, then' in text
    assert ".unbroken { white-space: nowrap; }" in text


def test_differing_digits_are_marked_in_the_later_saying(rows: list[Row]) -> None:
    """...0198 became ...0189: the last two digits, and nothing else."""
    assert re.findall(r"<mark[^>]*>(\d)</mark>", to_html(rows)) == ["8", "9"]


def test_the_drawing_is_to_scale(rows: list[Row]) -> None:
    """At 100 units a second the recitations start at words 10 and 22, 0.55 s apart, after 0 s."""
    bars = Page(to_html(rows)).of("rect", "number")
    assert [float(at["x"] or 0) for at in bars] == pytest.approx([1000 * 0.55, 2200 * 0.55], abs=4)
    assert float(bars[0]["width"] or 0) == pytest.approx(100 * (10 * 0.55 - 0.2), abs=6)


def test_cards_start_closed_and_the_worst_come_first(rows: list[Row]) -> None:
    """Silence can only be reviewed; a swapped number fails, and comes first wherever it stands."""
    page = Page(to_html([rows[1], rows[0]]))
    assert [at["data-verdict"] for at in page.of("details")] == ["fail", "review"]
    assert not any("open" in at for at in page.of("details"))


def test_a_rep_and_a_failed_check_can_be_chosen_in_the_tables(rows: list[Row]) -> None:
    chosen = [(at["data-name"], at["data-value"]) for at in Page(to_html(rows)).of("button", "link")]
    assert ("fails", "number_agrees") in chosen
    assert ("rep", "joe") in chosen


def test_a_recording_can_be_played_where_its_place_is_known(rows: list[Row]) -> None:
    page = Page(to_html(rows, sounds={"joe/1.wav": "../calls/joe/1.wav"}))
    assert [at["src"] for at in page.of("audio")] == ["../calls/joe/1.wav"]


def test_near_silence_is_drawn_as_near_silence() -> None:
    """Strokes are as long as the square root of the peak: 1 in 10,000 is a tenth of 1 in 100."""
    words = said("hello there", word_s=0.35)
    quiet, loud = (
        Row(message=Message(file="a.wav"), card=card_of(words), peaks=(peak,) * 20) for peak in (1e-4, 0.5)
    )
    reach = [float(re.findall(r"v([\d.]+)", to_html([row]))[0]) for row in (quiet, loud)]
    assert reach[0] < 0.1 * reach[1]


def test_nothing_scored_is_a_page_too(rows: list[Row]) -> None:
    assert Page(to_html(rows[2:])).open == []


# ---- tracks ----

# Time (s)   0    0.5   1.0   1.5   2.0   2.5   3.0
# Words      |-hi-|     |-joe&-|   <- a pause of 1 s ->
TWO = [
    Word(text=" hi", onset_s=0.5, offset_s=1.0, probability=0.9),
    Word(text=' joe&"co"', onset_s=1.2, offset_s=1.5, probability=0.9),
    Word(text=" bye", onset_s=2.5, offset_s=3.0, probability=0.9),
]


@pytest.fixture(scope="module")
def short() -> Scorecard:
    return card_of(TWO)


def times_of(card: Scorecard) -> list[tuple[float, float]]:
    return [(word.onset_s, word.offset_s) for word in card.transcript.words]


def test_subtitles_break_at_the_pause(short: Scorecard) -> None:
    cues = to_srt(short).split("\n\n")
    assert [cue.splitlines()[0] for cue in cues] == ["1", "2"]
    assert [cue.splitlines()[2] for cue in cues] == ['hi joe&"co"', "bye"]
    assert re.fullmatch(r"00:00:00,\d{3} --> 00:00:01,\d{3}", cues[0].splitlines()[1])


def test_a_number_is_never_cut_in_two() -> None:
    digits = [
        Word(text=f" {d}" if at == 0 else d, onset_s=at, offset_s=at + 0.4, probability=0.9)
        for at, d in enumerate("4165550198")
    ]
    assert to_srt(card_of(digits)).count("-->") == 1


def test_web_subtitles_time_each_word_and_are_escaped(short: Scorecard) -> None:
    text = to_vtt(short)
    assert text.startswith("WEBVTT\n\n00:00:00.")
    assert re.search(r"^hi<00:00:01\.2\d\d> joe&amp;\"co\"$", text, re.MULTILINE)


def test_a_textgrid_covers_all_time_in_every_tier(short: Scorecard) -> None:
    text = to_textgrid(short)
    assert re.findall(r'name = "(\w+)"', text) == ["words", "digits", "numbers", "pauses"]
    for tier in text.split("    item [")[2:]:
        edges = [float(edge) for edge in re.findall(r"            xm(?:in|ax) = ([\d.]+)", tier)]
        assert edges[0] == 0
        assert edges[-1] == pytest.approx(short.duration_s, abs=1e-4)
        assert edges[1:-1:2] == edges[2::2]
    assert 'text = "joe&""co"""' in text


def test_labels_are_tab_parted_and_in_time_order(rows: list[Row]) -> None:
    card = rows[0].card
    assert card is not None
    labels = [line.split("\t") for line in to_labels(card).splitlines()]
    onsets_s = [float(onset_s) for onset_s, _, _ in labels]
    assert onsets_s == sorted(onsets_s)
    assert [text for _, _, text in labels if text.startswith("number")] == [
        "number 416-555-0198",
        "number 416-555-0189",
    ]
    assert sum(text.startswith("digit ") for _, _, text in labels) == 20


def test_silence_has_no_words_in_any_track(rows: list[Row]) -> None:
    card = rows[1].card
    assert card is not None
    assert (to_srt(card), to_vtt(card), to_labels(card)) == ("", "WEBVTT\n", "")
    assert to_textgrid(card).count('text = ""') == 4


def test_a_rep_written_in_other_capitals_is_the_same_one(rows: list[Row]) -> None:
    """As where a folder is called "bo" and the list says "Bo"."""
    scored = [each for each in rows if each.card][:2]
    names = ("Bo", "bo")
    two = [
        replace(each, message=replace(each.message, rep=name))
        for each, name in zip(scored, names, strict=True)
    ]
    page = to_html(two)
    assert "2 messages · 1 rep · " in page
    assert page.count('data-rep="bo"') == 2
    assert '<option value="bo">Bo</option>' in page
    assert '<option value="bo">bo</option>' not in page
