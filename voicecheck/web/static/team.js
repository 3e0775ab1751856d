// Sends many files one after another; of a folder, the first folder below it is the rep. And acts on chosen messages.
import { api, say, send } from "/static/app.js";

const AT_ONCE = 2;
const byId = (id) => document.getElementById(id);
const maxBytes = Number(byId("sending").dataset.maxBytes);
const suffixes = new Set(byId("sending").dataset.suffixes.split(" "));
const NAMED = 5;

// What was chosen by itself is sent whatever it is called; of a folder, what bears the name of a recording.
const isSent = (file) => !file.webkitRelativePath || suffixes.has(file.name.slice(file.name.lastIndexOf(".")).toLowerCase());
const isHidden = (file) => file.webkitRelativePath.split("/").some((part) => part.startsWith("."));

function tellProblem(text) {
  const line = document.createElement("li");
  line.textContent = text;
  byId("sending-problems").append(line);
}

function repOf(file) {
  const folders = file.webkitRelativePath.split("/").slice(1, -1);
  return folders[0] ?? "";
}

async function sendAll(files, rep) {
  const seen = [...files].filter((file) => !isHidden(file));
  const chosen = seen.filter(isSent);
  const left = seen.filter((file) => !isSent(file)).map((file) => file.name);
  byId("sending-problems").replaceChildren();
  if (left.length) tellProblem(`passed over, as no recordings: ${left.slice(0, NAMED).join(", ")}${left.length > NAMED ? ", ..." : ""}`);
  let done = 0;
  let failed = 0;
  const show = () => {
    byId("sending-title").textContent = `${done} of ${chosen.length} files sent${failed ? `, ${failed} refused` : ""}`;
    byId("sending-progress").value = chosen.length ? done / chosen.length : 1;
  };
  show();
  const waiting = chosen.values();
  async function sender() {
    for (const file of waiting) {
      try {
        if (file.size > maxBytes) throw new Error(`larger than ${Math.round(maxBytes / 2 ** 20)} MiB`);
        await send(file, file.name, { rep: repOf(file) || rep, company: byId("sending-company").value.trim(), rubric: byId("sending-rubric")?.value });
      } catch (error) {
        failed += 1;
        tellProblem(`${file.name}: ${error.message}`);
      }
      done += 1;
      show();
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  byId("sending-done").hidden = false;
}

// Whose they are is asked where they lie in no rep's folder, and once for all of them.
function take(files) {
  const found = [...files];
  if (!found.length) return;
  byId("sending").hidden = false;
  byId("sending-done").hidden = true;
  const isFiled = found.every((file) => repOf(file));
  if (isFiled && !byId("sending-rubric")) {
    sendAll(found, "");
    return;
  }
  byId("sending-whose").hidden = isFiled;
  byId("sending-name").required = !byId("sending-whose").hidden;
  byId("sending-title").textContent = `${found.length} ${found.length === 1 ? "file" : "files"}`;
  byId("sending-rep").hidden = false;
  (byId("sending-whose").hidden ? byId("sending-company") : byId("sending-name")).focus();
  byId("sending-rep").onsubmit = (event) => {
    event.preventDefault();
    byId("sending-rep").hidden = true;
    sendAll(found, byId("sending-name").value.trim());
  };
  byId("sending-cancel").onclick = () => {
    byId("sending-rep").hidden = true;
    byId("sending").hidden = true;
  };
}

for (const id of ["files", "folder"]) {
  byId(id).addEventListener("change", (event) => take(event.target.files));
}
// "Today" is the reader's, as every time on the page is.
byId("zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone;

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  take(event.dataTransfer.files);
});

// ---- chosen messages ----

const boxes = [...document.querySelectorAll(".choose input")];
const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);

function showChosen() {
  const count = chosen().length;
  byId("chosen").hidden = !count;
  byId("chosen-count").textContent = `${count} chosen`;
  byId("choose-all").checked = count > 0 && count === boxes.length;
  byId("choose-all").indeterminate = count > 0 && count < boxes.length;
}

async function change(path, body) {
  try {
    await api(`/chosen/${path}`, { method: "POST", body: { ids: chosen(), ...body } });
    location.reload();
  } catch (error) {
    say(error.message);
  }
}

if (boxes.length) {
  for (const box of boxes) box.addEventListener("change", showChosen);
  byId("choose-all").addEventListener("change", (event) => {
    for (const box of boxes) box.checked = event.target.checked;
    showChosen();
  });
  byId("chosen").addEventListener("submit", (event) => event.preventDefault());
  byId("chosen-csv").addEventListener("click", () => {
    const query = new URLSearchParams(chosen().map((id) => ["id", id]));
    location.assign(`/api/v1/messages.csv?${query}`);
  });
  byId("chosen-file").addEventListener("click", () => {
    const rep = byId("chosen-rep").value.trim();
    if (rep) change("rep", { rep });
    else byId("chosen-rep").focus();
  });
  byId("chosen-judge")?.addEventListener("click", () => change("rubric", { line: Number(byId("chosen-rubric").value) }));
  byId("chosen-decide")?.addEventListener("click", () => {
    const note = byId("chosen-note").value.trim();
    if (note) change("override", { override: { verdict: byId("chosen-verdict").value, note } });
    else byId("chosen-note").focus();
  });
  byId("chosen-delete").addEventListener("click", () => {
    const count = chosen().length;
    if (confirm(`Delete ${count} ${count === 1 ? "message" : "messages"} with the recording?`)) change("deletion", {});
  });
  showChosen();
}

// On a phone the list comes first: who wants more than words asks for it.
const moreFilters = byId("more-filters");
if (matchMedia("(max-width: 40rem)").matches && !("chosen" in moreFilters.dataset)) {
  const show = byId("show-filters");
  moreFilters.hidden = true;
  show.hidden = false;
  show.addEventListener("click", () => {
    moreFilters.hidden = false;
    show.hidden = true;
    moreFilters.querySelector("select").focus();
  });
}
