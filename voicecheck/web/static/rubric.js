import { api, showProblem } from "/static/app.js";

const EVERY_MS = 1000;
const judging = document.getElementById("judging");

async function look(toJudge) {
  judging.textContent = toJudge ? `${toJudge} ${toJudge === 1 ? "message is" : "messages are"} still being judged by it.` : "Every message is judged by it.";
  if (!toJudge) return;
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  look((await api("/rubric")).to_judge);
}

document.getElementById("rubric").addEventListener("submit", async (event) => {
  event.preventDefault();
  showProblem(null);
  try {
    const adopted = await api("/rubric", { method: "PUT", body: { text: document.getElementById("text").value } });
    document.querySelector(".lead").textContent = `“${adopted.name}” is in force.`;
    look(adopted.to_judge);
  } catch (error) {
    showProblem(error);
  }
});

look(Number(judging.dataset.toJudge));
