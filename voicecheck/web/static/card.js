// The card: the recording in time, with its words and digits; anything that was heard plays when it is clicked.
import { api, clock, deleteMessage, say, showProblem } from "/static/app.js";

const PX_PER_S = 92;
const WAVE_TOP = 26;
const WAVE_HEIGHT = 84;
const HEIGHT = 208;
const WORDS_TOP = WAVE_TOP + WAVE_HEIGHT + 12;
const LANE_HEIGHT = 25;
const LANES = 3;
const MARKS_S = [20, 30];
const PEN_STEP = 7;
const PEN_HEIGHT = 35;
const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);
const { id } = byId("card").dataset;
const strip = byId("strip");
const scroller = byId("scroller");

// ---- sound ----

const player = { context: null, buffer: null, source: null, from: 0, until: 0, startedAt: 0, loading: null };

function load() {
  player.loading ??= (async () => {
    player.context = new AudioContext();
    const response = await fetch(`/api/v1/messages/${id}/audio`);
    if (!response.ok) throw new Error("The sound cannot be loaded.");
    player.buffer = await player.context.decodeAudioData(await response.arrayBuffer());
  })();
  return player.loading;
}

function position() {
  return player.source ? Math.min(player.until, player.from + player.context.currentTime - player.startedAt) : player.from;
}

async function play(fromS, untilS) {
  try {
    await load();
  } catch (error) {
    player.loading = null;
    showProblem(error);
    return;
  }
  halt();
  await player.context.resume();
  const source = player.context.createBufferSource();
  source.buffer = player.buffer;
  source.connect(player.context.destination);
  Object.assign(player, { source, from: fromS, until: untilS, startedAt: player.context.currentTime });
  source.addEventListener("ended", () => {
    if (player.source !== source) return;
    player.source = null;
    player.from = untilS >= player.buffer.duration - 0.05 ? 0 : untilS;
    showPlaying(false);
  });
  source.start(0, fromS, Math.max(0.05, untilS - fromS));
  showPlaying(true);
  follow(source);
}

function halt() {
  if (!player.source) return;
  player.from = position();
  const { source } = player;
  player.source = null;
  source.stop();
  showPlaying(false);
}

function showPlaying(playing) {
  const button = byId("play");
  button.toggleAttribute("data-playing", playing);
  button.setAttribute("aria-label", playing ? "Pause" : "Play the message");
  if (!playing) showPosition(player.from, false);
}

function follow(source) {
  if (player.source !== source) return;
  showPosition(position(), true);
  requestAnimationFrame(() => follow(source));
}

function showPosition(timeS, moving) {
  byId("now").textContent = clock(timeS);
  const x = timeS * PX_PER_S;
  strip.playhead?.setAttribute("transform", `translate(${x} 0)`);
  for (const each of strip.querySelectorAll("button")) {
    each.classList.toggle("now", moving && timeS >= each.onsetS && timeS < each.offsetS);
  }
  for (const each of document.querySelectorAll(".grid .digit.hear")) {
    each.classList.toggle("playing", moving && timeS >= Number(each.dataset.onset) && timeS < Number(each.dataset.offset));
  }
  if (moving) keepInView(x);
}

function keepInView(x) {
  const room = scroller.clientWidth;
  if (x < scroller.scrollLeft + 40 || x > scroller.scrollLeft + room - 80) scroller.scrollLeft = x - room * 0.25;
}

function hear(onsetS, offsetS) {
  strip.span?.setAttribute("x", String(onsetS * PX_PER_S));
  strip.span?.setAttribute("width", String(Math.max(2, (offsetS - onsetS) * PX_PER_S)));
  play(onsetS, offsetS);
}

// ---- the recording in time ----

function draw(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

function drawStrip({ card, peaks, peak_s: peakS }) {
  const durationS = card.source.duration_s;
  const width = Math.max(durationS * PX_PER_S, 1);
  strip.style.width = `${width}px`;
  const svg = draw("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" });
  for (const each of card.measures.pauses) {
    svg.append(draw("rect", { class: "pause", x: each.onset_s * PX_PER_S, y: WAVE_TOP, width: (each.offset_s - each.onset_s) * PX_PER_S, height: WAVE_HEIGHT, rx: 4 }));
  }
  for (const each of card.recitations) {
    svg.append(draw("rect", { class: "region", x: each.onset_s * PX_PER_S - 4, y: WAVE_TOP, width: (each.offset_s - each.onset_s) * PX_PER_S + 8, height: WAVE_HEIGHT, rx: 8 }));
  }
  for (let second = 0; second <= durationS; second += 1) {
    const x = second * PX_PER_S;
    svg.append(draw("path", { class: "tick", d: `M${x} 16V${WAVE_TOP - 2}` }), draw("text", { x: x + 3, y: 20 }, `${second} s`));
  }
  const messageOnsetS = card.measures.leading_silence_s ?? 0;
  for (const second of MARKS_S) {
    const x = (messageOnsetS + second) * PX_PER_S;
    if (x > width) continue;
    svg.append(draw("path", { class: "mark", d: `M${x} 4V${WAVE_TOP + WAVE_HEIGHT}` }), draw("text", { class: "mark", x: x + 4, y: 9 }, `${second} s mark`));
  }
  svg.append(...waves(peaks, peakS, card.recitations), ...penSteps(card.recitations));
  strip.span = draw("rect", { class: "span", x: 0, y: WAVE_TOP, width: 0, height: WAVE_HEIGHT });
  strip.playhead = draw("path", { class: "playhead", d: `M0 ${WAVE_TOP - 4}V${WAVE_TOP + WAVE_HEIGHT + 4}` });
  svg.append(strip.span, strip.playhead);
  strip.append(svg);
  svg.addEventListener("click", (event) => {
    const timeS = (event.clientX - svg.getBoundingClientRect().left) / PX_PER_S;
    play(Math.min(timeS, durationS), durationS);
  });
  placeDigits(card.recitations);
  placeWords(card, svg);
  rove();
}

function waves(peaks, peakS, recitations) {
  const middle = WAVE_TOP + WAVE_HEIGHT / 2;
  const loudest = Math.max(0.05, ...peaks);
  const paths = { wave: "", "wave number": "" };
  peaks.forEach((peak, at) => {
    const timeS = (at + 0.5) * peakS;
    const half = Math.max(0.5, (peak / loudest) * (WAVE_HEIGHT / 2 - 4));
    const kind = recitations.some((each) => timeS >= each.onset_s && timeS <= each.offset_s) ? "wave number" : "wave";
    paths[kind] += `M${(timeS * PX_PER_S).toFixed(1)} ${(middle - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
  });
  return Object.entries(paths).map(([kind, d]) => draw("path", { class: kind, d }));
}

// How many digits wait for a listener's pen.
function penSteps(recitations) {
  return recitations.flatMap((each) => each.waits).map(({ onset_s: onsetS, offset_s: offsetS, digits }) => {
    const height = Math.min(PEN_STEP * digits, PEN_HEIGHT);
    return draw("rect", { class: "pen", x: onsetS * PX_PER_S, y: WAVE_TOP + WAVE_HEIGHT - height, width: (offsetS - onsetS) * PX_PER_S, height });
  });
}

function placeDigits(recitations) {
  for (const recitation of recitations) {
    for (const digit of recitation.timed_digits) {
      const button = heardButton(digit.digit, digit.onset_s, digit.offset_s, `digit ${digit.digit}`);
      button.classList.add("digit");
      button.style.left = `${digit.onset_s * PX_PER_S + 1}px`;
      button.style.width = `${(digit.offset_s - digit.onset_s) * PX_PER_S - 2}px`;
      button.style.top = `${WORDS_TOP}px`;
      strip.append(button);
    }
  }
}

function placeWords(card, svg) {
  const isDigit = (word) => card.recitations.some((each) => word.onset_s >= each.onset_s - 0.01 && word.offset_s <= each.offset_s + 0.01);
  const buttons = card.transcript.words.filter((word) => !isDigit(word)).map((word) => {
    const button = heardButton(word.text, word.onset_s, word.offset_s, word.text);
    strip.append(button);
    return button;
  });
  const widths = buttons.map((button) => button.offsetWidth);
  const ends = new Array(LANES).fill(-Infinity);
  buttons.forEach((button, at) => {
    const x = button.onsetS * PX_PER_S - 3;
    const free = ends.findIndex((end) => end <= x);
    const lane = free >= 0 ? free : ends.indexOf(Math.min(...ends));
    ends[lane] = x + widths[at] + 2;
    button.style.left = `${x}px`;
    button.style.top = `${WORDS_TOP + lane * LANE_HEIGHT}px`;
    svg.prepend(draw("path", { class: "stem", d: `M${x + 3} ${WAVE_TOP + WAVE_HEIGHT}V${WORDS_TOP + lane * LANE_HEIGHT + 4}` }));
  });
}

function heardButton(text, onsetS, offsetS, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.setAttribute("aria-label", `${label}, at ${clock(onsetS)}`);
  Object.assign(button, { onsetS, offsetS, tabIndex: -1 });
  button.addEventListener("click", () => hear(onsetS, offsetS));
  return button;
}

// One stop for the Tab key; the arrow keys move from word to word.
function rove() {
  const buttons = [...strip.querySelectorAll("button")].sort((a, b) => a.onsetS - b.onsetS);
  if (!buttons.length) return;
  strip.append(...buttons); // in the order of time for whoever hears the page read out
  buttons[0].tabIndex = 0;
  strip.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  });
}

// ---- the page ----

for (const element of document.querySelectorAll(".hear[data-onset]")) {
  element.addEventListener("click", () => hear(Number(element.dataset.onset), Number(element.dataset.offset)));
}
byId("play").addEventListener("click", toggle);
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.closest("button, a, input, textarea, select, summary")) return;
  event.preventDefault();
  toggle();
});
byId("delete").addEventListener("click", () => deleteMessage(id));

async function toggle() {
  if (player.source) halt();
  else await load().then(() => play(player.from, player.buffer.duration), showProblem);
}

byId("override")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  await change("PUT", { verdict: fields.get("verdict"), note: fields.get("note") });
});
byId("withdraw")?.addEventListener("click", () => change("DELETE"));

async function change(method, body) {
  try {
    await api(`/messages/${id}/override`, { method, body });
    location.reload();
  } catch (error) {
    say(error.message);
  }
}

try {
  drawStrip(await api(`/messages/${id}`));
} catch (error) {
  showProblem(error);
}
