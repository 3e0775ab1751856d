// Sends many files one after another; of a folder, the first folder below it is the rep.
import { send } from "/static/app.js";

const SOUND = /\.(3gp|aac|aiff?|amr|au|awb|caf|flac|gsm|m4[ab]|mp[34]|mka|og[ag]|opus|w64|wav|webm)$/i;
const AT_ONCE = 2;
const byId = (id) => document.getElementById(id);
const maxBytes = Number(byId("sending").dataset.maxBytes);

function repOf(file) {
  const folders = file.webkitRelativePath.split("/").slice(1, -1);
  return folders[0] ?? "";
}

async function sendAll(files) {
  const chosen = [...files].filter((file) => SOUND.test(file.name));
  byId("sending").hidden = false;
  byId("sending-problems").replaceChildren();
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
        await send(file, file.name, { rep: repOf(file) });
      } catch (error) {
        failed += 1;
        const line = document.createElement("li");
        line.textContent = `${file.name}: ${error.message}`;
        byId("sending-problems").append(line);
      }
      done += 1;
      show();
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  byId("sending-done").hidden = false;
}

for (const id of ["files", "folder"]) {
  byId(id).addEventListener("change", (event) => sendAll(event.target.files));
}
// "Today" is the reader's, as every time on the page is.
byId("zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone;

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  sendAll(event.dataTransfer.files);
});
