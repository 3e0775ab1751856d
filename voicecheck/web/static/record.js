// Records a message, plays it back, sends it; or sends a file.
import { clock, send, showProblem } from "/static/app.js";

const LONGEST_S = 180;
const SHOWN_S = 40;
const METER_BARS = 16;
const FLOOR_DB = -60;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

const byId = (id) => document.getElementById(id);
const recorder = byId("recorder");
const runway = byId("runway");
const targetS = Number(runway.dataset.target);
const maxS = Number(runway.dataset.max);
const maxBytes = Number(document.querySelector(".record").dataset.maxBytes);

let media = null;
let startedAt = 0;
let take = null;

drawRunway();
for (let bar = 0; bar < METER_BARS; bar += 1) byId("meter").append(document.createElement("i"));
for (const id of ["expected"]) {
  byId(id).value = localStorage.getItem(id) ?? "";
  byId(id).addEventListener("change", () => localStorage.setItem(id, byId(id).value));
}

function drawRunway() {
  for (const [atS, text] of [[targetS, `aim ${targetS} s`], [maxS, `limit ${maxS} s`]]) {
    const share = Math.min(1, atS / SHOWN_S);
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
  byId("run").setAttribute("width", String(Math.min(1, seconds / SHOWN_S) * 400));
}

function showLevel(db) {
  const share = Math.max(0, Math.min(1, 1 - db / FLOOR_DB));
  const meter = byId("meter");
  meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  [...meter.children].forEach((bar, at) => {
    bar.className = share * METER_BARS > at ? (at >= METER_BARS - 1 ? "on clip" : at >= METER_BARS - 4 ? "on hot" : "on") : "";
  });
}

async function start() {
  showProblem(null);
  if (!navigator.mediaDevices) {
    showProblem(new Error("This browser records only over https or on this machine. Drop a file instead."));
    return;
  }
  let stream;
  try {
    // What the listener hears on the phone is not tidied up either.
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true },
    });
  } catch (error) {
    const why = error.name === "NotAllowedError" ? "The browser may not use the microphone: allow it beside the address." : "No microphone was found.";
    showProblem(new Error(`${why} Or drop a file.`));
    return;
  }
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
  const chunks = [];
  const recording = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 64000 });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  recording.addEventListener("dataavailable", (event) => chunks.push(event.data));
  recording.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    context.close();
    showLevel(-Infinity);
    finish(new Blob(chunks, { type: recording.mimeType }));
  });
  recording.start(1000);
  startedAt = performance.now();
  media = recording;
  setState("recording", "Stop recording", "Recording. Press again when you have hung up.");
  byId("review").hidden = true;

  (function tick() {
    if (media !== recording) return;
    const seconds = (performance.now() - startedAt) / 1000;
    analyser.getFloatTimeDomainData(samples);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    showTime(seconds);
    showLevel(20 * Math.log10(peak + 1e-6));
    if (seconds >= LONGEST_S) stop();
    else requestAnimationFrame(tick);
  })();
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
  setState("done", "Record again", "Listen to it, then send it; or press to record again.");
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
      prospect: byId("prospect").value.trim(),
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

byId("mic").addEventListener("click", () => (media ? stop() : start()));
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
