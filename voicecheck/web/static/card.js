// The card: the recording in time, with its words and digits; anything that was heard plays when it is clicked.
import { api, clock, deleteMessage, say, showProblem } from "/static/app.js";

const byId = (id) => document.getElementById(id);
const { id } = byId("card").dataset;

// ---- sound ----

const sound = new Audio(`/api/v1/messages/${id}/audio`);
sound.preload = "auto";
const span = { from: 0, until: Infinity };
const lit = []; // what lights up while it sounds: { element, onsetS, offsetS }

async function play(fromS, untilS = Infinity) {
  Object.assign(span, { from: fromS, until: untilS });
  sound.currentTime = fromS;
  sound.playbackRate = Number(byId("speed").value);
  try {
    await sound.play();
    showProblem(null);
  } catch (error) {
    if (error.name !== "AbortError") showProblem(new Error("The sound cannot be played."));
  }
}

function watch() {
  if (sound.currentTime >= Math.min(span.until, sound.duration || Infinity) - 0.005) {
    if (isLooping()) sound.currentTime = span.from;
    else {
      sound.pause();
      if (Number.isFinite(span.until)) sound.currentTime = span.until;
    }
  }
  showPosition(sound.currentTime, !sound.paused);
}

function follow() {
  watch();
  if (!sound.paused) requestAnimationFrame(follow);
}

const isLooping = () => byId("loop").getAttribute("aria-pressed") === "true";

sound.addEventListener("play", () => {
  byId("play").toggleAttribute("data-playing", true);
  byId("play").setAttribute("aria-label", "Pause");
  follow();
});
sound.addEventListener("timeupdate", watch); // a hidden page draws no frames
for (const event of ["pause", "ended"]) {
  sound.addEventListener(event, () => {
    byId("play").toggleAttribute("data-playing", false);
    byId("play").setAttribute("aria-label", "Play the message");
    showPosition(sound.currentTime, false);
  });
}
sound.addEventListener("ended", () => {
  if (isLooping()) play(span.from, span.until);
});

function toggle() {
  if (!sound.paused) sound.pause();
  else if (sound.currentTime >= span.until - 0.01 || sound.ended) play(sound.ended || sound.currentTime >= sound.duration - 0.05 ? 0 : sound.currentTime);
  else play(sound.currentTime, span.until);
}

function hear(onsetS, offsetS) {
  timeline?.mark(onsetS, offsetS);
  play(onsetS, offsetS);
}

function showPosition(timeS, moving) {
  byId("now").textContent = clock(timeS);
  timeline?.moveTo(timeS, moving);
  for (const { element, onsetS, offsetS } of lit) {
    element.classList.toggle("now", moving && timeS >= onsetS && timeS < offsetS);
  }
}

// ---- the recording in time ----

const SVG = "http://www.w3.org/2000/svg";
const WAVE_TOP = 24;
const WAVE_HEIGHT = 84;
const WORDS_TOP = WAVE_TOP + WAVE_HEIGHT + 10;
const LANE_HEIGHT = 32;
const LANES = 4;
const OVERVIEW_HEIGHT = 44;
const MARKS_S = [20, 30];
const WORDS_FROM = 68; // pixels a second: below, words would lie on each other
const MOST = 160;
const STEP = 1.7;
const SHORTEST_PART_S = 0.5;
const PEN_STEP = 7;
const PEN_HEIGHT = 35;

function draw(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

class Timeline {
  constructor({ card, peaks, peak_s: peakS }) {
    Object.assign(this, { card, peaks, peakS, durationS: Math.max(0.1, card.source.duration_s) });
    this.strip = byId("strip");
    this.scroller = byId("scroller");
    this.overview = byId("overview");
    this.marked = null;
    this.part = { start: card.part.onset_s, end: card.part.offset_s };
    this.scale = this.fit();
    this.draw();
    byId("zoom-in").addEventListener("click", () => this.zoom(this.scale * STEP));
    byId("zoom-out").addEventListener("click", () => this.zoom(this.scale / STEP));
    byId("zoom-fit").addEventListener("click", () => this.zoom(this.fit()));
    this.scroller.addEventListener("scroll", () => this.showWindow());
    this.overview.addEventListener("pointerdown", (event) => this.drag(event));
    this.overview.addEventListener("pointermove", (event) => event.buttons && this.drag(event));
    let width = this.scroller.clientWidth;
    new ResizeObserver(() => {
      if ([0, width].includes(this.scroller.clientWidth)) return; // 0: the page is being left
      const fitted = this.isFitted;
      width = this.scroller.clientWidth;
      this.zoom(fitted ? this.fit() : this.scale);
    }).observe(this.scroller);
    addEventListener("beforeprint", () => {
      this.before = this.scale;
      this.scale = Math.min(this.fit(), 640 / this.durationS);
      this.draw();
    });
    addEventListener("afterprint", () => this.zoom(this.before));
  }

  get room() {
    return this.scroller.clientWidth - 24;
  }

  get isFitted() {
    return Math.abs(this.scale - this.fit()) < 0.01;
  }

  fit() {
    return this.room / this.durationS;
  }

  x(timeS) {
    return timeS * this.scale;
  }

  zoom(scale, atS = (this.scroller.scrollLeft + this.room / 2) / this.scale) {
    const most = Math.max(MOST, this.fit());
    this.scale = Math.min(most, Math.max(this.fit(), scale));
    this.draw();
    this.scroller.scrollLeft = this.x(atS) - this.room / 2;
    this.showWindow();
  }

  show(onsetS, offsetS) {
    const scale = Math.max(WORDS_FROM, this.room / ((offsetS - onsetS) * 1.15));
    this.zoom(scale, Math.min((onsetS + offsetS) / 2, onsetS + (this.room * 0.46) / scale));
  }

  mark(onsetS, offsetS) {
    this.marked = [onsetS, offsetS];
    this.span.setAttribute("x", String(this.x(onsetS)));
    this.span.setAttribute("width", String(Math.max(2, this.x(offsetS - onsetS))));
  }

  moveTo(timeS, moving) {
    this.playhead.setAttribute("transform", `translate(${this.x(timeS)} 0)`);
    this.overhead?.setAttribute("transform", `translate(${(timeS / this.durationS) * this.room} 0)`);
    if (!moving || this.isFitted) return;
    const x = this.x(timeS);
    const { scrollLeft } = this.scroller;
    if (x < scrollLeft + 30 || x > scrollLeft + this.room - 60) this.scroller.scrollLeft = x - this.room * 0.2;
  }

  draw() {
    const { strip, card, durationS } = this;
    for (const button of strip.querySelectorAll("button")) lit.splice(lit.findIndex((each) => each.element === button), 1);
    strip.replaceChildren();
    const width = this.x(durationS);
    const withWords = this.scale >= WORDS_FROM;
    const height = WORDS_TOP + (withWords ? LANES + (card.recitations.length ? 1 : 0) : card.recitations.length ? 1.2 : 0) * LANE_HEIGHT;
    strip.style.width = `${width}px`;
    strip.style.height = `${height}px`;
    const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    for (const each of card.measures.pauses) this.block(svg, "pause", each.onset_s, each.offset_s, 0);
    for (const each of card.recitations) this.block(svg, "region", each.onset_s, each.offset_s, 3);
    this.outside = ["start", "end"].map(() => draw("rect", { class: "outside", y: WAVE_TOP, height: WAVE_HEIGHT }));
    svg.append(...this.outside);
    this.ticks(svg, width);
    svg.append(...this.waves(WAVE_TOP, WAVE_HEIGHT, this.scale), ...this.penSteps());
    this.span = draw("rect", { class: "span", x: 0, y: WAVE_TOP, width: 0, height: WAVE_HEIGHT });
    this.playhead = draw("path", { class: "playhead", d: `M0 ${WAVE_TOP - 4}V${WAVE_TOP + WAVE_HEIGHT + 4}` });
    svg.append(this.span, this.playhead);
    strip.append(svg);
    svg.addEventListener("click", (event) => play(Math.min((event.clientX - svg.getBoundingClientRect().left) / this.scale, durationS)));
    if (withWords) {
      this.placeDigits();
      this.placeWords(svg);
    } else this.placeNumbers();
    rove(strip);
    this.placeHandles();
    if (this.marked) this.mark(...this.marked);
    this.drawOverview();
    this.moveTo(sound.currentTime, false);
    byId("zoom-fit").disabled = byId("zoom-out").disabled = this.isFitted;
    byId("zoom-in").disabled = this.scale >= MOST;
  }

  block(svg, kind, onsetS, offsetS, margin) {
    svg.append(draw("rect", { class: kind, x: this.x(onsetS) - margin, y: WAVE_TOP, width: this.x(offsetS - onsetS) + 2 * margin, height: WAVE_HEIGHT, rx: 5 }));
  }

  // Two handles say where the message begins and ends; they move by dragging and by keys.
  placeHandles() {
    this.handles = Object.fromEntries(["start", "end"].map((name) => {
      const handle = document.createElement("div");
      handle.className = `handle ${name}`;
      handle.tabIndex = 0;
      handle.setAttribute("role", "slider");
      handle.setAttribute("aria-label", name === "start" ? "The message begins" : "The message ends");
      handle.setAttribute("aria-valuemin", "0");
      handle.setAttribute("aria-valuemax", this.durationS.toFixed(2));
      handle.style.top = `${WAVE_TOP}px`;
      handle.style.height = `${WAVE_HEIGHT}px`;
      const timeAt = (event) => (event.clientX - this.strip.getBoundingClientRect().left) / this.scale;
      handle.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        handle.focus();
        handle.setPointerCapture(event.pointerId);
      });
      handle.addEventListener("pointermove", (event) => {
        if (handle.hasPointerCapture(event.pointerId)) this.setPart(name, timeAt(event));
      });
      handle.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: -0.1, ArrowDown: -0.1, ArrowRight: 0.1, ArrowUp: 0.1, PageDown: -1, PageUp: 1, Home: -Infinity, End: Infinity };
        if (event.key === "Enter") byId("part").requestSubmit();
        if (!(event.key in steps)) return;
        event.preventDefault();
        this.setPart(name, this.part[name] + steps[event.key]);
      });
      this.strip.append(handle);
      return [name, handle];
    }));
    this.showHandles();
  }

  setPart(name, timeS) {
    const [low, high] = name === "start" ? [0, this.part.end - SHORTEST_PART_S] : [this.part.start + SHORTEST_PART_S, this.durationS];
    this.part[name] = Math.max(low, Math.min(high, Math.round(timeS * 100) / 100 || 0));
    if (!Number.isFinite(timeS)) this.part[name] = timeS < 0 ? low : high;
    byId(`part-${name}`).value = this.part[name].toFixed(2);
    this.showHandles();
  }

  showHandles() {
    const { start, end } = this.part;
    const ends = [[0, start], [end, this.durationS]];
    this.outside.forEach((block, at) => {
      block.setAttribute("x", String(this.x(ends[at][0])));
      block.setAttribute("width", String(ends[at][1] - ends[at][0] > 0.05 ? this.x(ends[at][1] - ends[at][0]) : 0));
    });
    for (const [name, handle] of Object.entries(this.handles)) {
      handle.hidden = !byId("part-details").open;
      handle.style.left = `${this.x(this.part[name])}px`;
      handle.setAttribute("aria-valuenow", this.part[name].toFixed(2));
      handle.setAttribute("aria-valuetext", clock(this.part[name]));
    }
  }

  ticks(svg, width) {
    const every = [1, 2, 5, 10, 15, 30, 60, 120].find((step) => step * this.scale >= 44) ?? 300;
    for (let second = 0; second <= this.durationS; second += every) {
      const x = this.x(second);
      const text = second < 60 ? `${second} s` : `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
      const atEnd = x > width - 34;
      svg.append(draw("path", { class: "tick", d: `M${x} 15V${WAVE_TOP - 2}` }));
      if (atEnd && every * this.scale < 72) continue; // it would run into the one before
      svg.append(draw("text", { x: atEnd ? x - 3 : x + 3, y: 19, ...(atEnd && { "text-anchor": "end" }) }, text));
    }
    for (const second of MARKS_S) {
      const x = this.x(this.card.part.onset_s + (this.card.measures.leading_silence_s ?? 0) + second);
      if (x <= width) svg.append(draw("path", { class: "mark", d: `M${x} ${WAVE_TOP}V${WAVE_TOP + WAVE_HEIGHT}` }));
    }
  }

  // At most one line for each three pixels, as high as the loudest of what it stands for.
  waves(top, height, scale) {
    const middle = top + height / 2;
    const loudest = Math.max(0.05, ...this.peaks);
    const step = Math.max(1, Math.ceil(3 / (scale * this.peakS)));
    const paths = { wave: "", "wave number": "" };
    for (let at = 0; at < this.peaks.length; at += step) {
      const timeS = (at + step / 2) * this.peakS;
      const half = Math.max(0.5, (Math.max(...this.peaks.slice(at, at + step)) / loudest) * (height / 2 - 3));
      const kind = this.card.recitations.some((each) => timeS >= each.onset_s && timeS <= each.offset_s) ? "wave number" : "wave";
      paths[kind] += `M${(timeS * scale).toFixed(1)} ${(middle - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
    }
    return Object.entries(paths).map(([kind, d]) => draw("path", { class: kind, d }));
  }

  // How many digits are not yet written down.
  penSteps() {
    return this.card.recitations.flatMap((each) => each.waits).map(({ onset_s: onsetS, offset_s: offsetS, digits }) => {
      const height = Math.min(PEN_STEP * digits, PEN_HEIGHT);
      return draw("rect", { class: "pen", x: this.x(onsetS), y: WAVE_TOP + WAVE_HEIGHT - height, width: this.x(offsetS - onsetS), height });
    });
  }

  placeNumbers() {
    for (const each of this.card.recitations) {
      const button = this.button(each.display, each.onset_s, each.offset_s, each.display);
      button.classList.add("whole");
      this.strip.append(button);
      const width = Math.max(button.offsetWidth, this.x(each.offset_s - each.onset_s));
      button.style.left = `${Math.max(0, Math.min(this.x(each.onset_s), this.x(this.durationS) - width))}px`;
      button.style.top = `${WORDS_TOP}px`;
    }
    const ends = [0, 0];
    for (const button of this.strip.querySelectorAll("button.whole")) {
      const lane = ends.findIndex((end) => end <= button.offsetLeft);
      if (lane < 0) button.hidden = true;
      else {
        button.style.top = `${WORDS_TOP + lane * LANE_HEIGHT}px`;
        ends[lane] = button.offsetLeft + button.offsetWidth + 3;
      }
    }
    if (ends[1]) this.strip.style.height = `${WORDS_TOP + 2.2 * LANE_HEIGHT}px`;
  }

  placeDigits() {
    for (const recitation of this.card.recitations) {
      for (const digit of recitation.timed_digits) {
        const button = this.button(digit.digit, digit.onset_s, digit.offset_s, `digit ${digit.digit}`);
        button.classList.add("digit");
        button.style.left = `${this.x(digit.onset_s) + 1}px`;
        button.style.width = `${this.x(digit.offset_s - digit.onset_s) - 2}px`;
        button.style.top = `${WORDS_TOP}px`;
        this.strip.append(button);
      }
    }
  }

  placeWords(svg) {
    const { card } = this;
    const top = WORDS_TOP + (card.recitations.length ? LANE_HEIGHT : 0);
    const isDigit = (word) => card.recitations.some((each) => word.onset_s >= each.onset_s - 0.01 && word.offset_s <= each.offset_s + 0.01);
    const buttons = card.transcript.words.filter((word) => !isDigit(word)).map((word) => {
      const button = this.button(word.text, word.onset_s, word.offset_s, word.text);
      this.strip.append(button);
      return button;
    });
    const widths = buttons.map((button) => button.offsetWidth);
    const ends = new Array(LANES).fill(-Infinity);
    buttons.forEach((button, at) => {
      const x = this.x(button.onsetS) - 3;
      const free = ends.findIndex((end) => end <= x);
      const lane = free >= 0 ? free : ends.indexOf(Math.min(...ends));
      ends[lane] = x + widths[at] + 2;
      button.style.left = `${x}px`;
      button.style.top = `${top + lane * LANE_HEIGHT}px`;
      svg.prepend(draw("path", { class: "stem", d: `M${x + 3} ${WAVE_TOP + WAVE_HEIGHT}V${top + lane * LANE_HEIGHT + 4}` }));
    });
  }

  button(text, onsetS, offsetS, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", `${label}, at ${clock(onsetS)}`);
    Object.assign(button, { onsetS, offsetS });
    button.addEventListener("click", () => hear(onsetS, offsetS));
    lit.push({ element: button, onsetS, offsetS });
    return button;
  }

  // The whole message, while the strip shows a part of it.
  drawOverview() {
    const { overview } = this;
    overview.hidden = this.isFitted;
    overview.replaceChildren();
    if (overview.hidden) return;
    const scale = this.fit();
    const width = this.room;
    const svg = draw("svg", { width, height: OVERVIEW_HEIGHT, viewBox: `0 0 ${width} ${OVERVIEW_HEIGHT}` });
    for (const each of this.card.recitations) {
      svg.append(draw("rect", { class: "region", x: each.onset_s * scale, y: 0, width: (each.offset_s - each.onset_s) * scale, height: OVERVIEW_HEIGHT, rx: 3 }));
    }
    svg.append(...this.waves(0, OVERVIEW_HEIGHT, scale));
    this.window = draw("rect", { class: "window", y: 0.75, height: OVERVIEW_HEIGHT - 1.5, rx: 4 });
    this.overhead = draw("path", { class: "playhead", d: `M0 0V${OVERVIEW_HEIGHT}` });
    svg.append(this.window, this.overhead);
    overview.append(svg);
    this.showWindow();
  }

  showWindow() {
    if (this.overview.hidden) return;
    const whole = this.x(this.durationS);
    this.window.setAttribute("x", String((this.scroller.scrollLeft / whole) * this.room));
    this.window.setAttribute("width", String(Math.min(1, this.room / whole) * this.room));
  }

  drag(event) {
    const share = (event.clientX - this.overview.getBoundingClientRect().left - 12) / this.room;
    this.scroller.scrollLeft = share * this.x(this.durationS) - this.room / 2;
  }
}

// One stop for the Tab key; the arrow keys move from word to word.
function rove(group) {
  const buttons = [...group.querySelectorAll("button:not([hidden])")];
  if (!buttons.length) return;
  if (group.id === "strip") {
    buttons.sort((a, b) => a.onsetS - b.onsetS);
    group.append(...buttons); // in the order of time for whoever hears the page read out
  }
  for (const button of buttons) button.tabIndex = -1;
  buttons[0].tabIndex = 0;
  group.onkeydown = (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  };
}

// ---- the page ----

let timeline = null;

for (const element of document.querySelectorAll(".hear[data-onset]")) {
  const [onsetS, offsetS] = [Number(element.dataset.onset), Number(element.dataset.offset)];
  element.addEventListener("click", () => {
    if ("zoom" in element.dataset) timeline?.show(onsetS, offsetS);
    hear(onsetS, offsetS);
  });
  if (element.matches(".digit, .word")) lit.push({ element, onsetS, offsetS });
}
if (byId("said")) rove(byId("said"));
byId("play").addEventListener("click", toggle);
byId("loop").addEventListener("click", () => byId("loop").setAttribute("aria-pressed", String(!isLooping())));
byId("speed").addEventListener("change", (event) => {
  sound.playbackRate = Number(event.target.value);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") sound.pause();
  if (event.key !== " " || event.target.closest("button, a, input, textarea, select, summary")) return;
  event.preventDefault();
  toggle();
});
const timeOf = (name) => Number(byId(`part-${name}`).value);
const tellPart = (startS, endS) => attempt(() => api(`/messages/${id}/part`, { method: "PUT", body: { start_s: startS, end_s: endS } }));
byId("part").addEventListener("submit", (event) => {
  event.preventDefault();
  tellPart(timeOf("start"), timeOf("end") < timeline.durationS - 0.05 ? timeOf("end") : null);
});
byId("part-here").addEventListener("click", () => {
  timeline?.setPart("start", sound.currentTime);
});
for (const name of ["start", "end"]) byId(`part-${name}`).addEventListener("change", () => timeline?.setPart(name, timeOf(name)));
byId("part-details").addEventListener("toggle", () => timeline?.showHandles());
byId("names").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = Object.fromEntries(new FormData(event.target));
  attempt(() => api(`/messages/${id}/names`, { method: "PUT", body: { ...body, expected: body.expected.trim() || null } }));
});
byId("judge-by")?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => api(`/messages/${id}/rubric`, { method: "PUT", body: { line: Number(new FormData(event.target).get("line")) } }));
});
async function followPhone() {
  byId("ask-phone").disabled = true;
  for (let message = null; message?.phone !== "printed"; ) {
    await new Promise((wake) => setTimeout(wake, 300));
    message = await api(`/messages/${id}`);
    if (!message.phone) throw new Error("No phone could be asked.");
  }
  location.reload();
}
byId("ask-phone")?.addEventListener("click", async () => {
  try {
    await api(`/messages/${id}/phone`, { method: "POST" });
    await followPhone();
  } catch (error) {
    byId("ask-phone").disabled = false;
    showProblem(error);
  }
});
if (byId("ask-phone")?.disabled) followPhone().catch(showProblem);
byId("part-whole").addEventListener("click", () => tellPart(0, sound.duration || null));
byId("part-found")?.addEventListener("click", () => tellPart(null, null));
byId("delete")?.addEventListener("click", () => deleteMessage(id));
byId("hand-in")?.addEventListener("click", () => attempt(() => api(`/messages/${id}/hand-in`, { method: "POST" })));
byId("override")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  const body = { verdict: fields.get("verdict"), note: fields.get("note") };
  attempt(() => api(`/messages/${id}/override`, { method: "PUT", body }));
});
byId("withdraw")?.addEventListener("click", () => attempt(() => api(`/messages/${id}/override`, { method: "DELETE" })));

async function attempt(change) {
  try {
    await change();
    location.reload();
  } catch (error) {
    say(error.message);
  }
}

try {
  timeline = new Timeline(await api(`/messages/${id}`));
} catch (error) {
  showProblem(error);
}
