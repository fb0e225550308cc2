// Conveniences on top of pages that work without them.
(() => {
  // --- Focus: a new part, or a page that came back with errors, says where reading goes on.
  // A page that is one short form begins in its first field; any other page, unless it was opened at a place of it, at
  // its heading: the focus is never nowhere.
  const FIELDS = "[data-begins] :is(input:not([type=hidden]), select, textarea)";
  const focusIn = (content) => {
    const target = content.matches("[data-focus]") ? content : content.querySelector("[data-focus]");
    const field = content === document.body ? content.querySelector(FIELDS) : null;
    (target ?? field)?.focus();
    if (content === document.body && !location.hash) beginAtHeading();
  };
  const beginAtHeading = () => {
    const heading = document.querySelector("#main h1");
    if (!heading || document.activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:load", (event) => focusIn(event.detail.elt));
  // A part that was swapped away takes the focus with it: reading goes on at the content, not at the top of the page.
  let held = false;
  document.addEventListener("htmx:beforeSwap", (event) => { held = event.detail.target.contains(document.activeElement); });
  document.addEventListener("htmx:afterSettle", () => {
    if (held && document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
  });

  // --- A form is sent once. Its buttons stay focusable, so nobody loses their place.
  const isGuarded = (form) => form.method === "post" && !form.hasAttribute("data-send-again");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!isGuarded(form)) return;
    if (form.hasAttribute("data-sending")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.setAttribute("data-sending", "");
  }, true);
  const release = (form) => form?.removeAttribute("data-sending");
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sending]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => release(event.detail.elt.closest("form")));

  // --- A page that stays while its file comes does not stay with the password in it.
  document.addEventListener("submit", (event) => {
    const secrets = event.target.querySelectorAll("[name=signing_password], [name=signing_code]");
    if (event.target.hasAttribute("data-send-again")) setTimeout(() => secrets.forEach((field) => { field.value = ""; }));
  });

  // --- When the session has ended, htmx is led to the login page: go there with the whole window.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const url = new URL(event.detail.xhr.responseURL || location.href);
    if (url.pathname.startsWith("/accounts/") && !location.pathname.startsWith("/accounts/")) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  const refuse = () => {
    const refusal = document.getElementById("refusal");
    if (refusal) refusal.textContent = "Concord did not answer. Nothing was lost: try again in a moment.";
  };
  document.addEventListener("htmx:sendError", refuse);
  document.addEventListener("htmx:timeout", refuse);
})();
