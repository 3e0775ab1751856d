"""The pages in a real browser: a fake microphone, a mouse, a keyboard, a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "edges"))

from web_app import GOOD, PASSWORD, SLIP, start_server, unused_port, wav

from voicecheck.audio.decode import read_recording
from voicecheck.audio.write import write_playable
from voicecheck.speech.weights import model_status
from voicecheck.web.auth import new_user
from voicecheck.web.store.store import open_store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=30_000)  # a busy machine takes its time

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[2] / "samples"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
EVERY_SIZE = pytest.mark.parametrize("viewport", [DESKTOP, PHONE, SMALL], ids=["desktop", "phone", "small"])
AXE = "axe-core@4.11.0"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update"),
    *("--disable-background-networking", "--disable-sync", "--autoplay-policy=no-user-gesture-required"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium, whose microphone plays a sample."""
    microphone = tmp_path_factory.mktemp("microphone") / "pass_male.wav"
    write_playable(read_recording(SAMPLES / "pass_male.flac"), microphone)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}%noloop"]
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a planted engine."""
    yield from serving(tmp_path_factory.mktemp("server"), "planted")


def serving(folder: Path, hears: str) -> Iterator[str]:
    port = unused_port()
    process = start_server(folder, port, hears=hears)
    try:
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Opens a page; a complaint of the browser, such as one about the policy, fails the test."""
    contexts = []
    complaints: list[str] = []

    def opened(url: str, viewport: dict[str, int] = DESKTOP, **options: Any) -> Any:
        context = browser.new_context(viewport=viewport, permissions=["microphone"], **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if is_bad(line) else None)
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def sent(base: str, name: str, data: bytes, **query: str) -> str:
    """The address of a card."""
    answer = httpx2.post(f"{base}/api/v1/messages", params={"name": name, **query}, content=data)
    message_id = answer.raise_for_status().json()["id"]
    for _ in range(400):
        message = httpx2.get(f"{base}/api/v1/messages/{message_id}").json()
        if message["state"] in ("done", "failed"):
            return f"{base}/messages/{message_id}"
    raise AssertionError("not heard")


def is_bad(line: Any) -> bool:
    """Whether the browser complains of more than an answer that a test provoked."""
    return line.type == "error" and not re.search("status of 4(01|03|04|22)", line.text)


def fits(page: Any) -> bool:
    """Whether nothing sticks out of the window sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def record_and_send(page: Any) -> None:
    """Record what the microphone plays, look at it, and send it."""
    page.get_by_role("button", name="Start recording").click()
    page.wait_for_timeout(3000)
    loudest = page.evaluate("Number(document.getElementById('meter').getAttribute('aria-valuenow'))")
    assert 0 < loudest <= 100
    page.wait_for_timeout(20_000)
    assert 22 < seconds(page.locator("#clock").inner_text()) < 30
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    assert page.locator("#playback").evaluate("audio => audio.src.startsWith('blob:')")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/messages/*")
    page.reload()


@pytest.mark.model
def test_a_rep_records_sends_waits_and_reads_the_card(
    open_page: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The whole of it, with the real model: what the microphone hears is the sample that passes."""
    for base in serving(tmp_path_factory.mktemp("real"), "real"):
        page = open_page(base)
        record_and_send(page)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text(re.compile("Ready to send|damaged"), timeout=240_000)
        if "damaged" in heading.inner_text():  # a machine so busy that the browser dropped sound: do as told
            page.goto(base)
            record_and_send(page)
        expect(heading).to_contain_text("Ready to send", timeout=240_000)
        expect(page.locator(".verdict .badge")).to_have_text("Pass")
        digits = page.locator(".grid tr:first-child .digit").all_inner_texts()
        assert (
            "".join(digits)
            == json.loads((SAMPLES / "expected.json").read_text())["pass_male.flac"]["digits"][0]
        )
        page.locator(".grid .digit").first.click()
        expect(page.locator("#play[data-playing]")).to_be_visible()


@EVERY_SIZE
def test_a_short_take_is_recorded_again_and_sent(
    base: str, open_page: Open, viewport: dict[str, int]
) -> None:
    page = open_page(base, viewport)
    assert fits(page)
    page.get_by_role("button", name="Start recording").click()
    page.wait_for_timeout(1200)
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Record again").last.click()
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible()
    page.wait_for_timeout(1200)
    page.get_by_role("button", name="Stop recording").click()
    assert fits(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".verdict .badge")).to_be_visible()
    assert fits(page)


@EVERY_SIZE
def test_a_button_asks_what_their_phone_would_print(
    base: str, open_page: Open, viewport: dict[str, int]
) -> None:
    """It comes to the card that is shown; the sound stays where it was."""
    if next(each for each in model_status() if each.name == "tiny.en").path is None:
        pytest.skip("the phone's model is not on this machine")
    page = open_page(sent(base, "good.wav", wav(GOOD)), viewport)
    page.get_by_role("button", name="What would theirs print?").click()
    phone = page.get_by_role("region", name="On their phone")
    expect(phone).to_contain_text("The number is right and can be tapped.")
    expect(phone.locator("blockquote")).to_contain_text("416-555-0198")
    expect(phone.get_by_role("button")).to_have_count(0)
    assert fits(page)


@EVERY_SIZE
def test_a_click_on_a_digit_plays_that_digit(base: str, open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page(sent(base, "slip.wav", wav(SLIP)), viewport)
    assert fits(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("check which is yours")
    differing = page.locator(".grid td.differs .digit")
    assert differing.all_inner_texts() == ["8", "9"]
    onset_s, offset_s = (float(differing.first.get_attribute(f"data-{edge}")) for edge in ("onset", "offset"))
    differing.first.click()
    expect(page.locator("#play[data-playing]")).to_be_visible()
    expect(page.locator("#play[data-playing]")).to_have_count(0)
    assert seconds(page.locator("#now").inner_text()) == pytest.approx(offset_s, abs=0.11)
    span, whole = page.locator(".strip .span"), page.locator(".strip svg")
    duration_s = SLIP[-1].offset_s + 0.5
    share = float(span.get_attribute("x")) / float(whole.get_attribute("width"))
    assert share == pytest.approx(onset_s / duration_s, abs=0.005)


DIGITS_IN_VIEW = """() => {
    const view = document.getElementById("scroller").getBoundingClientRect();
    return [...document.querySelectorAll("#strip button.digit")].map(each => each.getBoundingClientRect())
        .filter(each => each.left >= view.left - 1 && each.right <= view.right + 1).length;
}"""
"""Counted at one moment: the view follows what plays."""


@EVERY_SIZE
def test_the_whole_message_is_in_view_and_a_saying_fills_it(
    base: str, open_page: Open, viewport: dict[str, int]
) -> None:
    """Both sayings are on the screen at once; a jump shows one digit by digit, with the whole above it."""
    page = open_page(sent(base, "slip.wav", wav(SLIP)), viewport)
    strip, scroller = page.locator("#strip"), page.locator("#scroller")
    expect(strip.locator("svg")).to_be_visible()
    assert strip.bounding_box()["width"] <= scroller.bounding_box()["width"]
    expect(page.locator("#overview")).to_be_hidden()
    page.get_by_role("button", name="Number, 2nd time").click()
    expect(page.locator("#overview svg")).to_be_visible()
    second = [float(each.get_attribute("data-onset")) for each in page.locator(".jump").all()][1]
    assert page.evaluate(DIGITS_IN_VIEW) >= (10 if viewport is DESKTOP else 6)
    assert second > 0
    page.get_by_role("button", name="Whole").click()
    assert strip.bounding_box()["width"] <= scroller.bounding_box()["width"]
    assert fits(page)


@EVERY_SIZE
def test_the_number_stands_under_the_verdict_before_anything_else(
    base: str, open_page: Open, viewport: dict[str, int]
) -> None:
    page = open_page(sent(base, "slip.wav", wav(SLIP)), viewport)
    tops = [
        page.locator(each).first.bounding_box()["y"] for each in (".verdict", ".grid", ".player", ".checks")
    ]
    assert tops == sorted(tops)
    last = page.locator(".grid .digit").last.bounding_box()
    assert last["x"] + last["width"] <= viewport["width"], "the last digit is not cut off"
    again = page.locator(".verdict").get_by_role("link", name="Record again").bounding_box()
    assert again["y"] + again["height"] < viewport["height"], "without scrolling"


def test_speed_loop_and_words(base: str, open_page: Open) -> None:
    page = open_page(sent(base, "good.wav", wav(GOOD)))
    page.get_by_label("Speed").select_option("1.5")
    page.get_by_role("button", name="Loop").click()
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    word = page.locator("#said .word", has_text="acme")
    onset_s, offset_s = (float(word.get_attribute(f"data-{edge}")) for edge in ("onset", "offset"))
    word.click()
    expect(word).to_have_class(re.compile("now"))
    page.wait_for_timeout(round(4000 * (offset_s - onset_s)))
    expect(page.locator("#play[data-playing]")).to_be_visible()
    assert onset_s - 0.1 <= seconds(page.locator("#now").inner_text()) <= offset_s + 0.1
    page.keyboard.press("Escape")
    expect(page.locator("#play[data-playing]")).to_have_count(0)
    assert page.locator("#said .word.number").all_inner_texts() == ["416-555-0198"] * 2


def test_print_shows_the_whole_time_line_on_white_paper(base: str, open_page: Open) -> None:
    page = open_page(sent(base, "slip.wav", wav(SLIP)), color_scheme="dark")
    page.get_by_role("button", name="Number, 2nd time").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#strip").bounding_box()["width"] <= 700
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("getComputedStyle(document.querySelector('.check .title')).color")
    assert ink == "rgb(29, 28, 26)", "dark ink"
    expect(page.locator(".transport")).to_be_hidden()


def test_the_first_page_explains_has_a_sample_and_asks_for_the_number_once(
    open_page: Open, tmp_path: Path
) -> None:
    for base in serving(tmp_path, "planted"):
        page = open_page(base, PHONE)
        expect(page.locator(".steps li")).to_have_count(3)
        page.get_by_label("Your call-back number").fill("416-555-0198")
        page.get_by_label("Region").select_option("CA")
        page.get_by_role("button", name="Try it with a sample").click()
        page.wait_for_url("**/messages/*")
        expect(page.locator(".verdict .badge")).to_be_visible()
        page.goto(base)
        expect(page.get_by_label("Your call-back number")).to_be_hidden()
        expect(page.get_by_text("Your number: 416-555-0198")).to_be_visible()
        expect(page.locator(".do")).to_contain_text("From your last take:")
        page.get_by_role("button", name="Change").click()
        expect(page.get_by_label("Your call-back number")).to_be_focused()
        expect(page.get_by_label("Region")).to_have_value("CA")


def test_the_microphone_is_tested_and_escape_throws_a_take_away(base: str, open_page: Open) -> None:
    page = open_page(base)
    page.get_by_role("button", name="Test the microphone").click()
    expect(page.locator("#recorder-help")).to_have_text(re.compile("comes through well|too loud"))
    page.get_by_role("button", name="End the test").click()
    page.get_by_label("Count me in").check()
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder[data-state=counting]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#recorder[data-state=idle]")).to_be_visible()
    page.get_by_label("Count me in").uncheck()
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder[data-state=recording]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#recorder[data-state=idle]")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_hidden()


def test_recording_stops_at_the_limit_if_that_is_wanted(open_page: Open, tmp_path: Path) -> None:
    for base in serving(tmp_path, "planted"):
        limits = {"text": "[checks.length]\nmax_s = 3\ntarget_s = 2"}
        httpx2.put(f"{base}/api/v1/rubric", json=limits).raise_for_status()
        page = open_page(base)
        expect(page.locator("#runway-marks span")).to_have_text(["aim 2 s", "limit 3 s"])
        page.get_by_label("Stop at 3 s").check()
        page.get_by_role("button", name="Start recording").click()
        expect(page.get_by_role("button", name="Send")).to_be_visible()
        assert 3 <= seconds(page.locator("#clock").inner_text()) < 10


@pytest.mark.parametrize(
    ("limits", "marks"),
    [
        ("max_s = 90\ntarget_s = 60", ["aim 60 s", "limit 90 s"]),
        ("max_s = 9\ntarget_s = 9", ["limit 9 s"]),
    ],
)
def test_the_marks_of_aim_and_limit_stand_apart(
    open_page: Open, tmp_path: Path, limits: str, marks: list[str]
) -> None:
    """Also where the limit lies beyond what is shown of time by default, or is the aim itself."""
    for base in serving(tmp_path, "planted"):
        rubric = {"text": f"[checks.length]\n{limits}"}
        httpx2.put(f"{base}/api/v1/rubric", json=rubric).raise_for_status()
        page = open_page(base, SMALL)
        expect(page.locator("#runway-marks span")).to_have_text(marks)
        boxes = [mark.bounding_box() for mark in page.locator("#runway-marks span").all()]
        edges = [edge for box in boxes for edge in (box["x"], box["x"] + box["width"])]
        assert edges == sorted(edges)
        assert fits(page)


@EVERY_SIZE
def test_a_bad_link_says_so(base: str, open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page(f"{base}/messages/AAAAAAAAAAAAAAAAAAAAAA", viewport)
    expect(page.get_by_text("There is no message at this address.")).to_be_visible()
    page.goto(f"{base}/messages/short")
    expect(page.get_by_text("There is no message at this address.")).to_be_visible()
    page.goto(f"{base}/nonsense")
    expect(page.get_by_text("There is no page at this address.")).to_be_visible()


def test_everything_can_be_done_with_the_keyboard(base: str, open_page: Open) -> None:
    page = open_page(sent(base, "slip.wav", wav(SLIP)))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play the message")).to_be_visible()
    page.get_by_role("button", name="Show less time").click()
    words = page.locator(".strip button")
    words.first.focus()
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "dana"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    assert page.locator(".strip button[tabindex='0']").count() == 1


def test_a_file_is_dropped_and_earlier_takes_stand_beside_it(
    base: str, open_page: Open, tmp_path: Path
) -> None:
    sent(base, "bad.wav", wav(GOOD), rep="me")
    file = tmp_path / "good.wav"
    file.write_bytes(wav(GOOD))
    page = open_page(base)
    page.locator("#file").set_input_files(file)
    page.wait_for_url("**/messages/*")
    expect(page.locator(".verdict .badge")).to_have_text("Pass")
    expect(page.locator(".take .badge").first).to_be_visible()


def test_what_is_no_audio_is_told_and_leads_back(base: str, open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "letter.wav"
    file.write_text("Dear Sir or Madam")
    page = open_page(base)
    page.locator("#file").set_input_files(file)
    expect(page.get_by_role("heading", name="This recording could not be heard")).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("letter.wav")
    page.get_by_role("link", name="Record again").click()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()


def team_of(folder: Path) -> None:
    """Make the accounts of a rep and a coach."""
    store = open_store(f"sqlite:///{folder / 'voicecheck.sqlite3'}")
    new_user(store.users, "ann", "rep", PASSWORD)
    new_user(store.users, "carol", "coach", PASSWORD)
    store.close()


def sign_in(page: Any, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_coach_adds_files_searches_moves_decides_and_changes_the_rubric(
    open_page: Open, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    for rep, name in (("dana", "slip.wav"), ("lee", "slip.3GPP")):
        (calls / rep).mkdir(parents=True)
        (calls / rep / name).write_bytes(wav(SLIP, seed=len(rep)))
    (calls / "dana" / "notes.txt").write_text("no audio")
    (calls / "dana" / "._slip.wav").write_bytes(bytes.fromhex("00051607"))
    data = tmp_path / "data"
    data.mkdir()
    team_of(data)
    for base in serving(data, "planted"):
        page = open_page(f"{base}/team")
        sign_in(page, "carol")
        page.wait_for_url("**/team")
        page.locator("#folder").set_input_files(calls)
        expect(page.get_by_role("heading", name="2 of 2 files sent")).to_be_visible()
        expect(page.locator("#sending-problems li")).to_have_text(
            ["passed over, as no recordings: notes.txt"]
        )
        while httpx2.get(f"{base}/api/v1/health").json()["waiting"]:
            page.wait_for_timeout(100)
        page.get_by_role("link", name="Show them").click()
        page.get_by_label("Search").fill("lee")
        page.get_by_role("button", name="Filter").click()
        rows = page.locator("#chosen + .table-scroll tbody tr")
        expect(rows).to_have_count(1)
        page.get_by_label("Choose slip.3GPP of lee").check()
        page.get_by_label("File under").fill("Ann")
        page.get_by_role("button", name="File", exact=True).click()
        expect(page.locator("#chosen")).to_be_hidden()
        page.get_by_role("link", name="Clear").click()
        expect(page.get_by_role("link", name="ann", exact=True)).to_have_count(1)
        page.locator("select[name=rep]").select_option("ann")
        page.get_by_label("Failed check").select_option("Numbers agree")
        page.get_by_role("button", name="Filter").click()
        expect(rows).to_have_count(1)
        rows.locator(".file").click()
        page.get_by_label("Pass").check()
        page.get_by_label("What the rep should know").fill("The second one is your own number.")
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The second one is your own number.")
        page.goto(f"{base}/rubric")
        page.get_by_role("button", name="As text").click()
        rubric = page.get_by_label("Every value, as TOML")
        rubric.fill("[checks.nonsense]")
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_role("alert")).to_contain_text("nonsense")
        rubric.fill('name = "ours"\n[checks.number_agrees]\nrole = "off"')
        page.get_by_role("button", name="See what would change").click()
        expect(page.locator("#preview-title")).to_have_text("“ours” changes the verdict of 2 of 2 messages")
        page.get_by_role("button", name="Judge by it").click()
        expect(page.get_by_text("“ours” judges 2 messages")).to_be_visible()
        expect(page.get_by_text("being judged")).to_have_count(0)
        page.get_by_role("button", name="Use it again").click()
        expect(page.locator("#preview-title")).to_contain_text("“sales-voicemail” changes")
        page.goto(f"{base}/settings")
        page.get_by_label("What is it for?").fill("Dialer")
        page.get_by_role("button", name="Make a key").click()
        expect(page.locator("#secret-text")).to_have_text(re.compile("^vck_"))
        page.goto(f"{base}/log")
        expect(page.locator("tbody tr").first).to_contain_text("made a key")
        page.goto(f"{base}/team")
        expect(page.get_by_role("link", name=re.compile("Needs a look"))).to_have_attribute(
            "aria-current", "page"
        )


def test_a_rubric_is_changed_in_a_form_and_another_put_beside_it(open_page: Open, tmp_path: Path) -> None:
    for base in serving(tmp_path, "planted"):
        card = sent(base, "good.wav", wav(GOOD))
        page = open_page(f"{base}/rubric")
        length = page.get_by_role("group", name="Message length")
        most, aim = (length.get_by_role("spinbutton", name=name) for name in ("At most", "Aim for"))
        most.fill("9000")
        page.get_by_role("button", name="See what would change").click()
        expect(length.get_by_role("alert")).to_contain_text("Must lie between 1 and 600")
        expect(most).to_be_focused()
        most.fill("3")
        aim.fill("2")
        page.get_by_role("button", name="See what would change").click()
        title = "“sales-voicemail 2” changes the verdict of 1 of 1 message"
        expect(page.locator("#preview-title")).to_have_text(title)
        length.get_by_role("button", name="Reset aim for").click()
        expect(page.locator("#preview")).to_be_hidden()
        aim.fill("2")
        page.get_by_role("button", name="See what would change").click()
        page.get_by_role("button", name="Judge by it").click()
        expect(page.get_by_text("“sales-voicemail 2” judges 1 message")).to_be_visible()
        expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("sales-voicemail 2")
        page.get_by_role("button", name="As text").click()
        text = page.get_by_label("Every value, as TOML")
        text.fill('name = "x"\n\n[checks.pace]\nmax_wpm = 9999\n')
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_role("alert").first).to_contain_text("Line 4:")
        assert text.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "max_wpm = 9999"
        page.get_by_label("Add another").select_option("email-first")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_text("“email-first” judges no message yet")).to_be_visible()
        page.goto(card)
        page.get_by_text("Who says it, and what it is judged by").click()
        page.get_by_label("Rubric").select_option("email-first")
        page.get_by_role("button", name="Judge by it").click()
        expect(page.get_by_text("judged by the rubric “email-first”")).to_be_visible()
        page.get_by_text("Who says it, and what it is judged by").click()
        page.get_by_label("Who speaks").fill("Marcus Bell")
        page.get_by_role("button", name="Judge again").click()
        expect(page.locator(".facts b")).to_have_text("Marcus Bell")
        page.goto(base)
        page.get_by_label("Judged by").select_option("email-first")
        page.goto(f"{base}/settings")
        page.get_by_role("button", name="Add a team").click()
        page.get_by_label("Team", exact=True).fill("North")
        page.get_by_label("Reps, with commas between").fill("ann, bob")
        page.get_by_label("Judged by").select_option("email-first")
        page.get_by_role("button", name="Keep the teams").click()
        expect(page.get_by_text("The teams are kept.")).to_be_visible()
        page.reload()
        expect(page.get_by_label("Reps, with commas between")).to_have_value("ann, bob")


@EVERY_SIZE
def test_the_start_is_moved_by_a_handle_with_mouse_and_keys(
    base: str, open_page: Open, viewport: dict[str, int]
) -> None:
    page = open_page(sent(base, "good.wav", wav(GOOD, seed=viewport["width"] % 99)), viewport)
    page.get_by_text("Where the message begins and ends").click()
    begins, ends = page.get_by_role("slider", name="begins"), page.get_by_role("slider", name="ends")
    begins.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(begins).to_have_attribute("aria-valuetext", "0:01.0")
    expect(page.get_by_label("Begins at second")).to_have_value("1.00")
    page.keyboard.press("End")
    assert float(begins.get_attribute("aria-valuenow")) < float(ends.get_attribute("aria-valuenow"))
    page.keyboard.press("Home")
    box, strip = begins.bounding_box(), page.locator("#strip").bounding_box()
    assert box["width"] >= 24
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(strip["x"] + strip["width"] / 4, middle[1], steps=4)
    page.mouse.up()
    duration_s = float(begins.get_attribute("aria-valuemax"))
    dragged_s = float(page.get_by_label("Begins at second").input_value())
    assert abs(dragged_s - duration_s / 4) < 0.02 * duration_s
    page.get_by_label("Ends at second").fill("12")
    page.get_by_label("Ends at second").press("Tab")
    expect(ends).to_have_attribute("aria-valuenow", "12.00")
    begins.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The message ends at 0:12.0")).to_be_visible()
    expect(page.get_by_role("button", name="Before the message")).to_be_visible()
    expect(page.get_by_role("button", name="After it")).to_be_visible()
    expect(page.locator("#said .word.outside").first).to_have_text("hi")
    assert fits(page)
    page.get_by_role("button", name="As it was found").click()
    expect(page.get_by_role("button", name="Before the message")).to_have_count(0)


def test_a_rep_signs_in_hands_a_take_in_and_signs_out(open_page: Open, axe: str, tmp_path: Path) -> None:
    team_of(tmp_path)
    file = tmp_path / "good.wav"
    file.write_bytes(wav(GOOD))
    for base in serving(tmp_path, "planted"):
        page = open_page(f"{base}/progress")
        page.wait_for_url("**/login?next=/progress")
        page.evaluate(axe)
        assert page.evaluate("axe.run()")["violations"] == []
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill("a wrong guess")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("Name and password do not fit.")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/progress")
        expect(page.get_by_role("link", name="Messages")).to_have_count(0)
        page.goto(base)
        page.locator("#file").set_input_files(file)
        page.wait_for_url("**/messages/*")
        expect(page.get_by_text("Only you see this take so far.")).to_be_visible()
        page.get_by_role("button", name="Hand it in").click()
        expect(page.get_by_text("Handed in: your coach sees it.")).to_be_visible()
        page.goto(f"{base}/team")
        expect(page.get_by_text("This is for coaches.")).to_be_visible()
        page.goto(f"{base}/account")
        page.evaluate(axe)
        assert page.evaluate("axe.run()")["violations"] == []
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/login")
        page.goto(f"{base}/login?next=//elsewhere.example")
        sign_in(page, "ann")
        expect(page.get_by_role("button", name="Start recording")).to_be_visible()
        assert page.url == f"{base}/"


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The rules of axe-core, as its own package brings them."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("axe")
    packed = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True, timeout=120)
    if packed.returncode:
        pytest.skip("npm brings no axe-core")
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        script = package.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def test_on_a_phone_the_list_comes_before_the_filters(base: str, open_page: Open) -> None:
    sent(base, "slip.wav", wav(SLIP, seed=31))
    page = open_page(f"{base}/team", PHONE)
    verdict = page.locator("select[name=verdict]")
    expect(verdict).to_be_hidden()
    assert page.locator(".list tbody tr").first.bounding_box()["y"] < 0.75 * PHONE["height"]
    page.get_by_role("button", name="More filters").click()
    verdict.select_option("fail")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**verdict=fail**")
    expect(verdict).to_have_value("fail")
    assert fits(page)


@EVERY_SIZE
def test_long_names_and_all_checks_fit_the_window(
    base: str, open_page: Open, viewport: dict[str, int]
) -> None:
    """Nothing sticks out, and no row of the list is cut off where it is no table any more."""
    names = {"prospect": "Maximiliane Wolkenstein-Hohenheim", "company": "Brightwater Logistics and Storage"}
    card = sent(base, f"slip-{'long' * 30}.wav", wav(SLIP, seed=21), **names)
    sent(base, "letter.wav", b"no sound at all")
    for address in (card, *(f"{base}/{page}" for page in ("", "progress", "team?show=all"))):
        page = open_page(address, viewport)
        page.wait_for_load_state("networkidle")
        assert fits(page), address
        rows = page.locator(".list tbody tr").evaluate_all(
            "rows => rows.map(r => r.scrollWidth - r.clientWidth)"
        )
        assert viewport is DESKTOP or not any(rows), address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@EVERY_SIZE
def test_no_page_shuts_anyone_out(
    base: str, open_page: Open, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    """No violation of WCAG 2.2 A and AA that axe can see."""
    card = sent(base, "slip.wav", wav(SLIP), expected="416-555-0198")
    failed = sent(base, "letter.wav", b"no audio")
    found = {}
    pages = ("", "team", "progress", "rubric", "settings", "log", "nonsense")
    for address in (card, failed, *(f"{base}/{page}" for page in pages)):
        page = open_page(address, viewport, color_scheme=scheme)
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        result = page.evaluate("axe.run()")
        for each in result["violations"]:
            found[address, each["id"]] = [node["html"] for node in each["nodes"]][:3]
        assert fits(page), address
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_coachs_own_pages_fit_the_smallest_window_and_shut_nobody_out(
    open_page: Open, axe: str, tmp_path: Path, scheme: str
) -> None:
    """What only a coach with an account sees: deciding over a message, what needs a look."""
    team_of(tmp_path)
    for base in serving(tmp_path, "planted"):
        page = open_page(f"{base}/login", SMALL, color_scheme=scheme)
        sign_in(page, "carol")
        page.wait_for_url(f"{base}/")
        api = page.context.request
        sent_in = api.post(f"{base}/api/v1/messages?name=slip.wav&rep=ann", data=wav(SLIP))
        message_id = sent_in.json()["id"]
        page.goto(f"{base}/messages/{message_id}")
        expect(page.get_by_role("heading", name="Your verdict")).to_be_visible()
        decided = {"verdict": "pass", "note": "Nobody else would have noticed."}
        assert api.put(f"{base}/api/v1/messages/{message_id}/override", data=decided).ok
        found = {}
        for address in (
            f"messages/{message_id}",
            "team",
            "team?show=all",
            "progress?rep=ann",
            "settings",
            "log",
        ):
            page.goto(f"{base}/{address}")
            page.wait_for_load_state("networkidle")
            assert fits(page), address
            page.evaluate(axe)
            for each in page.evaluate("axe.run()")["violations"]:
                found[address, each["id"]] = [node["html"] for node in each["nodes"]][:3]
        assert found == {}
        page.set_viewport_size(DESKTOP)
        moment = page.locator(".list time").first.bounding_box()
        assert moment["height"] < 30, "a moment of the log stands on one line"


def seconds(clock: str) -> float:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + float(rest)
