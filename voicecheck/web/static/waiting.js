// Asks how far the message is until there is a card; the state is the server's, so a reload loses nothing.
import { api, deleteMessage } from "/static/app.js";

const EVERY_MS = 700;
const { id, state } = document.getElementById("waiting").dataset;

async function look() {
  try {
    const message = await api(`/messages/${id}`);
    if (message.state === "done" || message.state === "failed") {
      location.reload();
      return;
    }
    const listening = message.state === "listening";
    const stage = listening ? "Listening to your message" : "Waiting for its turn";
    const element = document.getElementById("stage");
    if (element.textContent !== stage) element.textContent = stage;
    document.getElementById("ahead").textContent =
      listening || message.ahead === 0
        ? "You may close this page: the card will be here."
        : `${message.ahead} ${message.ahead === 1 ? "message is" : "messages are"} heard before it. You may close this page: the card will be here.`;
  } catch (error) {
    if (error.status === 404) {
      location.reload();
      return;
    }
    document.getElementById("ahead").textContent = "The server does not answer; trying again.";
  }
  setTimeout(look, EVERY_MS);
}

if (state === "failed") {
  document.getElementById("delete").addEventListener("click", () => deleteMessage(id));
} else {
  look();
}
