// Rubrics side by side: one is changed, as a form or as text, and tried on its messages before it judges them.
import { api, showProblem } from "/static/app.js";

const EVERY_MS = 1000;
const SHOWN = 20;
const byId = (id) => document.getElementById(id);
const VERDICTS = { pass: "Pass", review: "Review", fail: "Fail" };
const line = Number(byId("rubric").dataset.line);
const SAY = `
[[say]]
id = "own_phrase"
title = "What it is called on the card"
phrases = ["words to listen for", "or these"]
rule = "must" # or "must_not"
role = "tip" # "required" counts for the verdict
`;

async function look(toJudge) {
  byId("judging").textContent = toJudge ? `${toJudge} ${toJudge === 1 ? "message is" : "messages are"} still being judged.` : "";
  if (!toJudge) return;
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  look((await api("/rubric")).to_judge);
}

// ---- the form ----

const fields = [...document.querySelectorAll(".value-field")].map((box) => ({
  box,
  input: box.querySelector("input, select, textarea"),
  reset: box.querySelector(".reset"),
  problem: box.querySelector(".problem"),
}));

function valueOf({ box, input }) {
  const { kind } = box.dataset;
  if (kind === "phrases") return input.value.split("\n").map((each) => each.trim()).filter(Boolean);
  if (kind === "number" || kind === "mark") return input.value === "" ? null : Number(input.value);
  return input.value;
}

function changed() {
  return Object.fromEntries(
    fields.filter(({ input }) => input.value !== input.dataset.was).map((field) => [field.box.dataset.key, valueOf(field)]),
  );
}

function showReset({ input, reset, box, problem }) {
  reset.hidden = input.value === input.dataset.default;
  box.classList.toggle("changed", input.value !== input.dataset.was);
  input.removeAttribute("aria-invalid");
  problem.hidden = true;
}

for (const field of fields) {
  field.input.addEventListener("input", () => {
    byId("preview").hidden = true;
    showReset(field);
  });
  field.reset.addEventListener("click", () => {
    field.input.value = field.input.dataset.default;
    field.input.dispatchEvent(new Event("input"));
    field.input.focus();
  });
  showReset(field);
}

const isForm = () => !byId("form").hidden;

function show(asForm) {
  byId("form").hidden = !asForm;
  byId("written").hidden = asForm;
  byId("as-form").setAttribute("aria-pressed", String(asForm));
  byId("as-text").setAttribute("aria-pressed", String(!asForm));
}

// What the form says, as text; the text itself where that is shown.
async function written() {
  if (!isForm()) return byId("text").value;
  const name = byId("rubric-name");
  const changes = changed();
  if (!Object.keys(changes).length && name.value === name.dataset.was) return byId("text").dataset.was;
  const body = { text: byId("text").dataset.was, changes, name: name.value.trim() || name.dataset.was };
  return (await api("/rubric/form", { method: "POST", body })).text;
}

byId("text").dataset.was = byId("text").value;

// A complaint stands at the field, or at the line, that it is about.
function complain(error) {
  const field = isForm() && fields.find(({ box }) => error.message.includes(box.dataset.key) || error.message.includes(box.dataset.key.replace(".", ": ")));
  if (field) {
    field.box.closest("details")?.setAttribute("open", "");
    field.input.setAttribute("aria-invalid", "true");
    field.problem.textContent = error.message.replace(/^.*?(must|phrase|there)/, (_, word) => word).replace(/^./, (letter) => letter.toUpperCase());
    field.problem.hidden = false;
    field.input.focus();
    return;
  }
  showProblem(error);
  const told = /line (\d+)/i.exec(error.message);
  if (!told) return;
  show(false);
  const text = byId("text");
  const lines = text.value.split("\n");
  const start = lines.slice(0, Number(told[1]) - 1).reduce((sum, each) => sum + each.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[Number(told[1]) - 1] ?? "").length);
  text.scrollTop = Math.max(0, (Number(told[1]) - 6) * parseFloat(getComputedStyle(text).lineHeight));
}

async function attempt(action) {
  showProblem(null);
  try {
    await action();
  } catch (error) {
    byId("preview").hidden = true;
    complain(error);
  }
}

byId("as-text").addEventListener("click", () => attempt(async () => {
  byId("text").value = await written();
  show(false);
}));
byId("as-form").addEventListener("click", () => {
  if (byId("text").value === byId("text").dataset.was) show(true);
  else showProblem(new Error("The text was changed. See what would change, or load the page again for the form."));
});
byId("add-say").addEventListener("click", () => attempt(async () => {
  const text = byId("text");
  text.value = `${(await written()).trimEnd()}\n${SAY}`;
  show(false);
  text.focus();
  text.setSelectionRange(text.value.length - SAY.length + 1, text.value.length);
  text.scrollTop = text.scrollHeight;
}));

// ---- tried, then kept ----

let tried = "";

byId("rubric").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    tried = await written();
    const found = await api("/rubric/preview", { method: "POST", body: { text: tried, line } });
    const { changes, judged, total } = found;
    const of = judged < total ? `the newest ${judged}` : `${judged}`;
    byId("preview-title").textContent = changes.length
      ? `“${found.name}” changes the verdict of ${changes.length} of ${of} ${judged === 1 ? "message" : "messages"}`
      : `“${found.name}” changes no verdict${judged ? ` of ${of} ${judged === 1 ? "message" : "messages"}` : ": it judges no message yet"}`;
    const lines = changes.slice(0, SHOWN).map((each) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `/messages/${each.id}`;
      link.textContent = `${each.rep}: ${each.name}`;
      item.append(link, ` ${VERDICTS[each.before]} → ${VERDICTS[each.after]}`);
      return item;
    });
    if (changes.length > SHOWN) {
      const item = document.createElement("li");
      item.textContent = `and ${changes.length - SHOWN} more`;
      lines.push(item);
    }
    byId("preview-changes").replaceChildren(...lines);
    byId("preview").hidden = false;
    byId("preview-title").focus();
  });
});

const goTo = (to) => location.assign(`/rubric?line=${to}`);

byId("adopt").addEventListener("click", () => attempt(async () => {
  const adopted = await api("/rubric", { method: "PUT", body: { text: tried, line } });
  goTo(adopted.line);
}));
byId("keep").addEventListener("click", () => {
  byId("preview").hidden = true;
  (isForm() ? byId("rubric-name") : byId("text")).focus();
});
byId("text").addEventListener("input", () => {
  byId("preview").hidden = true;
});
for (const button of document.querySelectorAll(".history button")) {
  button.addEventListener("click", () => {
    byId("text").value = button.dataset.text;
    show(false);
    byId("rubric").requestSubmit();
  });
}
byId("add").addEventListener("click", () => attempt(async () => {
  const ready = byId("ready").value;
  let body = { ready };
  if (!ready) {
    const name = prompt("What shall the new rubric be called?", "");
    if (!name?.trim()) return;
    body = await api("/rubric/form", { method: "POST", body: { text: byId("text").dataset.was, changes: {}, name: name.trim() } });
  }
  goTo((await api("/rubrics", { method: "POST", body: ready ? body : { text: body.text } })).line);
}));
byId("make-default")?.addEventListener("click", () => attempt(async () => {
  await api("/rubric/default", { method: "PUT", body: { line } });
  goTo(line);
}));
byId("remove")?.addEventListener("click", () => attempt(async () => {
  if (!confirm("Remove this rubric and its history?")) return;
  await api(`/rubrics/${line}`, { method: "DELETE" });
  location.assign("/rubric");
}));

look(Number(byId("judging").dataset.toJudge));
