// Shared by all pages: the API, times in the reader's own zone, sending.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function errorOf(response) {
  let message = `The server answered ${response.status}.`;
  try {
    message = (await response.json()).error.message;
  } catch {
    // Not ours: a proxy's page, say.
  }
  return new ApiError(response.status, message.charAt(0).toUpperCase() + message.slice(1));
}

export async function api(path, { method = "GET", body } = {}) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401 && location.pathname !== "/login") {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? null : response.json();
}

// XMLHttpRequest and not fetch, because only it tells how much has been sent.
export function send(file, name, { onProgress = () => {}, ...known } = {}) {
  const query = new URLSearchParams({ name });
  for (const [key, value] of Object.entries(known)) if (value) query.set(key, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/messages?${query}`);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 202) resolve(request.response);
      else reject(new ApiError(request.status, request.response?.error?.message ?? `The server answered ${request.status}.`));
    });
    request.addEventListener("error", () => reject(new ApiError(0, "The server cannot be reached, or broke the upload off.")));
    request.send(file);
  });
}

export function say(message) {
  document.getElementById("toast").textContent = message;
}

export function showProblem(error) {
  const problem = document.getElementById("problem");
  problem.textContent = error ? error.message : "";
  problem.hidden = !error;
}

export function clock(seconds) {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}

export async function deleteMessage(id) {
  if (!confirm("Delete this message, its recording and its card for good?")) return;
  try {
    await api(`/messages/${id}`, { method: "DELETE" });
    location.assign("/");
  } catch (error) {
    say(error.message);
  }
}

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
for (const time of document.querySelectorAll("time")) {
  time.title = time.textContent;
  time.textContent = (time.className === "day" ? day : format).format(new Date(time.dateTime));
}
