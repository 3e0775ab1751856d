// How the team practises, and keys for programs.
import { api, say, showProblem } from "/static/app.js";

const byId = (id) => document.getElementById(id);

byId("practice").addEventListener("change", async (event) => {
  const box = event.target;
  try {
    await api("/practice", { method: "PUT", body: { private: box.checked } });
    say(box.checked ? "Takes are private until they are handed in." : "Coaches see every take.");
  } catch (error) {
    box.checked = !box.checked;
    showProblem(error);
  }
});

const rows = byId("team-rows");

byId("add-team").addEventListener("click", () => {
  rows.append(byId("team-row").content.cloneNode(true));
  rows.lastElementChild.querySelector("input").focus();
  byId("keep-teams").hidden = false;
});
rows.addEventListener("click", (event) => {
  if (!event.target.matches("[data-remove-team]")) return;
  event.target.closest(".team-row").remove();
  byId("keep-teams").focus();
});
byId("teams").addEventListener("submit", async (event) => {
  event.preventDefault();
  const teams = [...rows.querySelectorAll(".team-row")].map((row) => ({
    name: row.querySelector("[name=name]").value.trim(),
    reps: row.querySelector("[name=reps]").value.split(",").map((each) => each.trim()).filter(Boolean),
    rubric: Number(row.querySelector("[name=rubric]").value) || null,
  }));
  const problem = byId("teams-problem");
  try {
    await api("/teams", { method: "PUT", body: { teams } });
    problem.hidden = true;
    say("The teams are kept.");
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
});

byId("key").addEventListener("submit", async (event) => {
  event.preventDefault();
  showProblem(null);
  const rep = byId("key-rep").value.trim();
  try {
    const { secret } = await api("/keys", { method: "POST", body: { name: byId("key-name").value, rep: rep || null } });
    byId("secret-text").textContent = secret;
    const whose = rep ? "" : "&rep=NAME";
    byId("secret-recipe").textContent = `curl -H "Authorization: Bearer ${secret}" --data-binary @call.wav \\\n  "${location.origin}/api/v1/messages?name=call.wav${whose}"`;
    byId("secret").hidden = false;
    byId("key").reset();
  } catch (error) {
    showProblem(error);
  }
});

for (const button of document.querySelectorAll("[data-revoke]")) {
  button.addEventListener("click", async () => {
    if (!confirm("Revoke this key? What uses it can hand in nothing more.")) return;
    try {
      await api(`/keys/${button.dataset.revoke}`, { method: "DELETE" });
      button.closest("tr").remove();
    } catch (error) {
      showProblem(error);
    }
  });
}
