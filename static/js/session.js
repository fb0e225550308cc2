// What a person typed is kept on the server while they type, and the end of a session is told beforehand.
(() => {
  const dialog = document.getElementById("session-ends");
  if (!dialog) return;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const post = (address, data) =>
    fetch(address, { method: "POST", body: new URLSearchParams(data), headers: { "X-CSRFToken": token() }, redirect: "manual" });

  // Whoever signs in again in another window gets another token: a refusal holds it, and the forms of this page take it
  // over. They stay forms of the person who opened it.
  const renewed = (refusal) => {
    const page = new DOMParser().parseFromString(refusal, "text/html");
    const own = page.getElementById("session-ends");
    if (own?.dataset.person !== dialog.dataset.person) return false;
    const { value } = page.querySelector("[name=csrfmiddlewaretoken]");
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = value;
    if (document.body.hasAttribute("hx-headers")) document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": value }));
    return true;
  };
  const postAnew = async (address, data) => {
    const response = await post(address, data);
    if (response.status !== 403 || !renewed(await response.text())) return response;
    return post(address, data);
  };

  // --- Keep what is typed: a moment after the last key, and when the page is left.
  const PAUSE = 600;
  const timers = new WeakMap();
  const keep = async (form) => {
    const data = new FormData(form);
    // What signs is not kept, and not sent before its form is.
    for (const name of ["signing_password", "signing_code"]) data.delete(name);
    data.set("form", form.elements.author.dataset.keep);
    const told = form.querySelector("[data-kept]");
    try {
      const response = await postAnew(dialog.dataset.keepAddress, data);
      if (told) told.textContent = response.status === 204 ? "What you typed is kept." : "What you type is not kept: sign in again.";
    } catch {
      if (told) told.textContent = "What you type is not kept: Concord does not answer.";
    }
  };
  const keepSoon = (event) => {
    const form = event.target.closest?.("form");
    if (!form?.elements.author?.dataset.keep) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), PAUSE));
  };
  document.addEventListener("input", keepSoon);
  document.addEventListener("change", keepSoon);
  // What is sent need not be kept any more.
  document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)));

  // --- Two minutes before the session ends a person is asked, and may stay (WCAG 2.2.1).
  const WARN_BEFORE = 120;
  const { sessionSeconds, sessionLongest } = dialog.dataset;
  // Whatever is done, it does not last longer than this.
  const endsAt = performance.now() + 1000 * sessionLongest;
  let timer;
  const restart = () => {
    clearTimeout(timer);
    if (dialog.open) dialog.close();
    const longest = (endsAt - performance.now()) / 1000;
    const left = Math.min(sessionSeconds, longest);
    timer = setTimeout(() => warn(left === longest), Math.max(left - WARN_BEFORE, 1) * 1000);
  };
  const warn = (isLongest) => {
    for (const part of dialog.querySelectorAll("[data-at-longest]")) part.hidden = !isLongest;
    for (const part of dialog.querySelectorAll("[data-idle], [data-stay]")) part.hidden = isLongest;
    dialog.showModal();
  };
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    const response = await postAnew(dialog.dataset.stayAddress, new FormData());
    if (response.status === 204) restart(); else location.reload();
  });
  // Whatever the server answers prolongs the session.
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.xhr.status) restart(); });
  const own = window.fetch;
  window.fetch = async (...request) => {
    const response = await own(...request);
    if (response.ok) restart();
    return response;
  };
  restart();
})();
