// Asks how far the message is until there is a card; the state is the server's, so a reload loses nothing.
import { api, deleteMessage, showProblem } from "/static/app.js";

const EVERY_MS = 700;
const STAGES = { waiting: "Waiting for its turn", listening: "Listening to your message", done: "Bringing its card up to date" };
const { id, state } = document.getElementById("waiting").dataset;

async function look() {
  try {
    const message = await api(`/messages/${id}`);
    if (message.state === "failed" || (message.state === "done" && message.card)) {
      location.reload();
      return;
    }
    const stage = STAGES[message.state];
    const element = document.getElementById("stage");
    if (element.textContent !== stage) element.textContent = stage;
    document.getElementById("ahead").textContent =
      message.state === "waiting" && message.ahead > 0
        ? `${message.ahead} ${message.ahead === 1 ? "message comes" : "messages come"} before it. You may close this page: the card will be here.`
        : "You may close this page: the card will be here.";
    const bar = document.getElementById("progress");
    if (bar) {
      bar.hidden = message.progress === null;
      if (message.progress !== null) bar.value = message.progress;
    }
  } catch (error) {
    if (error.status === 404) {
      location.reload();
      return;
    }
    document.getElementById("ahead").textContent = "The server does not answer; trying again.";
  }
  setTimeout(look, EVERY_MS);
}

async function hearAgain() {
  try {
    await api(`/messages/${id}/hearing`, { method: "POST" });
    location.reload();
  } catch (error) {
    showProblem(error);
  }
}

document.getElementById("delete")?.addEventListener("click", () => deleteMessage(id));
if (state === "failed") {
  document.getElementById("again").addEventListener("click", hearAgain);
} else {
  look();
}
