// Records a message, plays it back, sends it; or sends a file.
import { clock, send, showProblem } from "/static/app.js";

const LONGEST_S = 180;
const METER_BARS = 16;
const FLOOR_DB = -60;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

const byId = (id) => document.getElementById(id);
const recorder = byId("recorder");
const runway = byId("runway");
const targetS = Number(runway.dataset.target);
const maxS = Number(runway.dataset.max);
const shownS = Math.max(40, maxS * 1.25); // room behind the limit, for who runs over it
const maxBytes = Number(document.querySelector(".record").dataset.maxBytes);

const HELP = byId("recorder-help").textContent;
const QUIET_DB = -40;
const LOUD_DB = -1;
let testing = null;
let media = null;
let startedAt = 0;
let take = null;

drawRunway();
for (let bar = 0; bar < METER_BARS; bar += 1) byId("meter").append(document.createElement("i"));
for (const id of ["expected", "region", "speaker", "company"]) {
  byId(id).value = localStorage.getItem(id) ?? byId(id).value;
  byId(id).addEventListener("change", () => localStorage.setItem(id, byId(id).value));
}
if (!byId("region").value) byId("region").selectedIndex = 0;
for (const id of ["count-in", "stop-at-limit"]) {
  byId(id).checked = localStorage.getItem(id) === "yes";
  byId(id).addEventListener("change", () => localStorage.setItem(id, byId(id).checked ? "yes" : "no"));
}
showOwn(!byId("expected").value);
byId("own-change").addEventListener("click", () => {
  showOwn(true);
  byId("expected").focus();
});

// One's own number is asked for in the open until it is known, and is one line from then on.
function showOwn(asking) {
  byId("own").hidden = !asking;
  byId("own-known").hidden = asking;
  byId("own-number").textContent = byId("expected").value;
  const names = [byId("speaker").value, byId("company").value].filter(Boolean);
  byId("own-names").textContent = names.length ? ` · ${names.join(", ")}` : "";
}

function drawRunway() {
  const aim = targetS < maxS ? [[targetS, `aim ${targetS} s`]] : [];
  for (const [atS, text] of [...aim, [maxS, `limit ${maxS} s`]]) {
    const share = Math.min(1, atS / shownS);
    const tick = document.createElementNS("http://www.w3.org/2000/svg", "path");
    tick.setAttribute("class", "tick");
    tick.setAttribute("d", `M${share * 400} 0V24`);
    runway.append(tick);
    const label = document.createElement("span");
    label.textContent = text;
    label.style.left = `${share * 100}%`;
    byId("runway-marks").append(label);
  }
}

function setState(state, label, help) {
  recorder.dataset.state = state;
  byId("mic-label").textContent = label;
  byId("recorder-help").textContent = help;
}

function showTime(seconds) {
  byId("clock").textContent = clock(seconds);
  byId("clock").className = `clock ${seconds > maxS ? "over" : seconds > targetS ? "late" : seconds > 5 ? "aim" : ""}`;
  byId("run").setAttribute("width", String(Math.min(1, seconds / shownS) * 400));
}

function showLevel(db) {
  const share = Math.max(0, Math.min(1, 1 - db / FLOOR_DB));
  const meter = byId("meter");
  meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  [...meter.children].forEach((bar, at) => {
    bar.className = share * METER_BARS > at ? (at >= METER_BARS - 1 ? "on clip" : at >= METER_BARS - 4 ? "on hot" : "on") : "";
  });
}

async function microphone() {
  if (!navigator.mediaDevices) throw new Error("This browser records only over https, or on the machine itself. You can drop a file instead.");
  try {
    // What the listener hears on the phone is not tidied up either.
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true },
    });
  } catch (error) {
    const refused = error.name === "NotAllowedError";
    throw new Error(refused ? "The browser may not use the microphone. Allow it beside the address, or drop a file." : "No microphone was found. Plug one in, or drop a file.");
  }
}

// Shows the level until it is told to end.
function meter(stream, onLevel = () => {}) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let running = true;
  (function tick() {
    if (!running) return;
    analyser.getFloatTimeDomainData(samples);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    const db = 20 * Math.log10(peak + 1e-6);
    showLevel(db);
    onLevel(db);
    requestAnimationFrame(tick);
  })();
  return () => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
    context.close();
    showLevel(-Infinity);
  };
}

async function test() {
  showProblem(null);
  if (testing) {
    testing();
    return;
  }
  try {
    const stream = await microphone();
    let loudest = -Infinity;
    const end = meter(stream, (db) => {
      loudest = Math.max(loudest, db);
      if (loudest > QUIET_DB) byId("recorder-help").textContent = loudest > LOUD_DB ? "A little too loud: move back from the microphone." : "That comes through well.";
    });
    byId("recorder-help").textContent = "Say something: the bars should move.";
    byId("test").textContent = "End the test";
    testing = () => {
      testing = null;
      end();
      byId("test").textContent = "Test the microphone";
      setState("idle", "Start recording", loudest > QUIET_DB ? HELP : "Nothing was heard. Is the right microphone chosen?");
    };
  } catch (error) {
    showProblem(error);
  }
}

async function countIn() {
  for (const count of [3, 2, 1]) {
    setState("counting", "Cancel", "Get ready.");
    byId("clock").textContent = String(count);
    await new Promise((resolve) => setTimeout(resolve, 800));
    if (recorder.dataset.state !== "counting") return false;
  }
  return true;
}

async function start() {
  showProblem(null);
  testing?.();
  let stream;
  try {
    stream = await microphone();
  } catch (error) {
    showProblem(error);
    return;
  }
  byId("review").hidden = true;
  if (byId("count-in").checked && !(await countIn())) {
    for (const track of stream.getTracks()) track.stop();
    return;
  }
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
  const chunks = [];
  const recording = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 64000 });
  const longestS = byId("stop-at-limit").checked ? maxS : LONGEST_S;
  recording.addEventListener("dataavailable", (event) => chunks.push(event.data));
  recording.start(1000);
  startedAt = performance.now();
  media = recording;
  const end = meter(stream, () => {
    if (media !== recording) return;
    const seconds = (performance.now() - startedAt) / 1000;
    showTime(seconds);
    if (seconds >= longestS) stop();
  });
  recording.addEventListener("stop", () => {
    end();
    if (recording.thrownAway) setState("idle", "Start recording", HELP);
    else finish(new Blob(chunks, { type: recording.mimeType }));
  });
  setState("recording", "Stop recording", "Recording. Tap again when you're done.");
}

// Escape: what is being counted in, recorded or tested is thrown away.
function cancel() {
  testing?.();
  if (media) {
    media.thrownAway = true;
    stop();
  } else if (recorder.dataset.state === "counting") setState("idle", "Start recording", HELP);
  else return;
  showTime(0);
}

function stop() {
  const recording = media;
  media = null;
  recording.stop();
}

function finish(blob) {
  if (take) URL.revokeObjectURL(take.url);
  take = { blob, url: URL.createObjectURL(blob) };
  byId("playback").src = take.url;
  byId("review").hidden = false;
  setState("done", "Record again", "Listen to it, then send it; or tap to record again.");
  byId("send").focus();
}

async function sendFile(blob, name) {
  showProblem(null);
  if (blob.size > maxBytes) {
    showProblem(new Error(`${name} is larger than ${Math.round(maxBytes / 2 ** 20)} MiB.`));
    return;
  }
  const progress = byId("upload-progress");
  byId("upload").hidden = false;
  byId("upload-name").textContent = name;
  byId("send").disabled = true;
  try {
    const message = await send(blob, name, {
      expected: byId("expected").value,
      region: byId("region").value,
      prospect: byId("prospect").value.trim(),
      speaker: byId("speaker").value.trim(),
      company: byId("company").value.trim(),
      rubric: byId("rubric")?.value,
      rep: byId("rep")?.value.trim(),
      onProgress: (share) => { progress.value = share; },
    });
    location.assign(`/messages/${message.id}`);
  } catch (error) {
    byId("upload").hidden = true;
    byId("send").disabled = false;
    showProblem(error);
  }
}

byId("mic").addEventListener("click", () => {
  if (media) stop();
  else if (recorder.dataset.state === "counting") cancel();
  else start();
});
byId("test").addEventListener("click", test);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") cancel();
});
byId("sample")?.addEventListener("click", async () => {
  const response = await fetch("/static/sample.mp3");
  byId("expected").value = "";
  sendFile(await response.blob(), "sample.mp3");
});
byId("again").addEventListener("click", start);
byId("send").addEventListener("click", () => {
  const suffix = take.blob.type.includes("mp4") ? "m4a" : take.blob.type.includes("ogg") ? "ogg" : "webm";
  const stamp = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", "-");
  sendFile(take.blob, `take ${stamp}.${suffix}`);
});
byId("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) sendFile(file, file.name);
});

const drop = byId("drop");
for (const type of ["dragenter", "dragover"]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file) sendFile(file, file.name);
});
addEventListener("beforeunload", (event) => {
  if (media) event.preventDefault();
});
