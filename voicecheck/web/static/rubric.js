// A rubric is tried on the stored messages before it judges them.
import { api, showProblem } from "/static/app.js";

const EVERY_MS = 1000;
const SHOWN = 20;
const byId = (id) => document.getElementById(id);
const VERDICTS = { pass: "Pass", review: "Review", fail: "Fail" };

async function look(toJudge) {
  byId("judging").textContent = toJudge ? `${toJudge} ${toJudge === 1 ? "message is" : "messages are"} still being judged by it.` : "Every message is judged by it.";
  if (!toJudge) return;
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  look((await api("/rubric")).to_judge);
}

async function attempt(action) {
  showProblem(null);
  try {
    await action();
  } catch (error) {
    showProblem(error);
    byId("preview").hidden = true;
  }
}

const asked = () => ({ text: byId("text").value });

byId("rubric").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const found = await api("/rubric/preview", { method: "POST", body: asked() });
    const { changes, judged, total } = found;
    const of = judged < total ? `the newest ${judged}` : `${judged}`;
    byId("preview-title").textContent = changes.length
      ? `“${found.name}” changes the verdict of ${changes.length} of ${of} ${judged === 1 ? "message" : "messages"}`
      : `“${found.name}” changes no verdict of ${of} ${judged === 1 ? "message" : "messages"}`;
    const lines = changes.slice(0, SHOWN).map((each) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `/messages/${each.id}`;
      link.textContent = `${each.rep}: ${each.name}`;
      line.append(link, ` ${VERDICTS[each.before]} → ${VERDICTS[each.after]}`);
      return line;
    });
    if (changes.length > SHOWN) {
      const line = document.createElement("li");
      line.textContent = `and ${changes.length - SHOWN} more`;
      lines.push(line);
    }
    byId("preview-changes").replaceChildren(...lines);
    byId("preview").hidden = false;
    byId("preview-title").focus();
  });
});

byId("adopt").addEventListener("click", () => attempt(async () => {
  const adopted = await api("/rubric", { method: "PUT", body: asked() });
  document.querySelector(".lead").textContent = `“${adopted.name}” is in force.`;
  byId("preview").hidden = true;
  look(adopted.to_judge);
}));
byId("keep").addEventListener("click", () => {
  byId("preview").hidden = true;
  byId("text").focus();
});
byId("text").addEventListener("input", () => {
  byId("preview").hidden = true;
});
for (const button of document.querySelectorAll(".history button")) {
  button.addEventListener("click", () => {
    byId("text").value = button.dataset.text;
    byId("rubric").requestSubmit();
  });
}

look(Number(byId("judging").dataset.toJudge));
