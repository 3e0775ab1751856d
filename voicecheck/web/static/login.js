import { api, showProblem } from "/static/app.js";

document.getElementById("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  try {
    await api("/session", { method: "POST", body: { name: fields.get("name"), password: fields.get("password") } });
    const next = new URLSearchParams(location.search).get("next") ?? "/";
    // Only to a page of ours: "//elsewhere" is another site.
    location.assign(/^\/(?![/\\])/.test(next) ? next : "/");
  } catch (error) {
    showProblem(error);
  }
});
