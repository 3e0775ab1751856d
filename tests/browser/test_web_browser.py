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
from voicecheck.web.auth import new_user
from voicecheck.web.listening.process import write_playable
from voicecheck.web.store.store import open_store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[2] / "samples"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
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
    return line.type == "error" and not re.search("status of 4(01|22)", line.text)


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
        expect(heading).to_contain_text(re.compile("Nothing to mend|damaged"), timeout=60_000)
        if "damaged" in heading.inner_text():  # a machine so busy that the browser dropped sound: do as told
            page.goto(base)
            record_and_send(page)
        expect(heading).to_contain_text("Nothing to mend", timeout=60_000)
        expect(page.locator(".verdict .badge")).to_have_text("Pass")
        digits = page.locator(".grid tr:first-child .digit").all_inner_texts()
        assert (
            "".join(digits)
            == json.loads((SAMPLES / "expected.json").read_text())["pass_male.flac"]["digits"][0]
        )
        page.locator(".grid .digit").first.click()
        expect(page.locator("#play[data-playing]")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
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


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_click_on_a_digit_plays_that_digit(base: str, open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page(sent(base, "slip.wav", wav(SLIP)), viewport)
    assert fits(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Find out which is right")
    differing = page.locator(".grid td.differs .digit")
    assert differing.all_inner_texts() == ["8", "9"]
    onset_s, offset_s = (float(differing.first.get_attribute(f"data-{edge}")) for edge in ("onset", "offset"))
    differing.first.click()
    expect(page.locator("#play[data-playing]")).to_be_visible()
    expect(page.locator("#play[data-playing]")).to_have_count(0)
    assert seconds(page.locator("#now").inner_text()) == pytest.approx(offset_s, abs=0.11)
    span = page.locator(".strip .span")
    assert float(span.get_attribute("x")) == pytest.approx(onset_s * 92, abs=0.5)


def test_everything_can_be_done_with_the_keyboard(base: str, open_page: Open) -> None:
    page = open_page(sent(base, "slip.wav", wav(SLIP)))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play the message")).to_be_visible()
    words = page.locator(".strip button")
    words.first.focus()
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "dana"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
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


def test_a_coach_adds_a_folder_filters_decides_and_changes_the_rubric(
    base: str, open_page: Open, tmp_path: Path
) -> None:
    for rep in ("dana", "lee"):
        (tmp_path / rep).mkdir()
        (tmp_path / rep / "slip.wav").write_bytes(wav(SLIP, seed=len(rep)))
    (tmp_path / "dana" / "notes.txt").write_text("no audio")
    page = open_page(f"{base}/team")
    page.locator("#folder").set_input_files(tmp_path)
    expect(page.get_by_role("heading", name="2 of 2 files sent")).to_be_visible()
    page.get_by_role("link", name="Show them").click()
    page.get_by_label("Rep").select_option("lee")
    page.get_by_label("Failed check").select_option("Numbers agree")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".list tbody tr")).to_have_count(1)
    page.locator(".list .received a").click()
    page.get_by_label("Pass").check()
    page.get_by_label("What the rep should know").fill("The second one is your own number.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second one is your own number.")
    page.goto(f"{base}/rubric")
    rubric = page.get_by_label("Limits of every check, as TOML")
    kept = rubric.input_value()
    rubric.fill("[checks.nonsense]")
    page.get_by_role("button", name="Put in force and judge all again").click()
    expect(page.get_by_role("alert")).to_contain_text("nonsense")
    for text, name in (('name = "ours"\n[checks.pace]\nrole = "off"', "ours"), (kept, "sales-voicemail")):
        rubric.fill(text)
        page.get_by_role("button", name="Put in force and judge all again").click()
        expect(page.get_by_text(f"“{name}” is in force.")).to_be_visible()
        expect(page.get_by_text("Every message is judged by it.")).to_be_visible()


def test_a_rep_signs_in_and_out(open_page: Open, axe: str, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'voicecheck.sqlite3'}")
    new_user(store.users, "ann", "rep", PASSWORD)
    store.close()
    for base in serving(tmp_path, "planted"):
        page = open_page(f"{base}/progress")
        page.wait_for_url("**/login?next=/progress")
        page.evaluate(axe)
        assert page.evaluate("axe.run()")["violations"] == []
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill("a wrong guess")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("Name and password do not fit")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/progress")
        expect(page.get_by_role("link", name="Record", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Messages")).to_have_count(0)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/login")
        page.goto(f"{base}/login?next=//elsewhere.example")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_shuts_anyone_out(
    base: str, open_page: Open, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    """No violation of WCAG 2.2 A and AA that axe can see."""
    card = sent(base, "slip.wav", wav(SLIP), expected="416-555-0198")
    failed = sent(base, "letter.wav", b"no audio")
    found = {}
    for address in (f"{base}/", card, failed, f"{base}/team", f"{base}/progress", f"{base}/rubric"):
        page = open_page(address, viewport, color_scheme=scheme)
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        result = page.evaluate("axe.run()")
        for each in result["violations"]:
            found[address, each["id"]] = [node["html"] for node in each["nodes"]][:3]
        assert fits(page), address
    assert found == {}


def seconds(clock: str) -> float:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + float(rest)
