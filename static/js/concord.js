// Conveniences on top of pages that work without them.
(() => {
  const SHORTCUTS = "concord-number-keys";

  // --- Focus: a new part, or a page that came back with errors, says where reading goes on.
  const focusIn = (content) => {
    const target = content.matches("[data-focus]") ? content : content.querySelector("[data-focus]");
    if (target) target.focus();
  };
  document.addEventListener("htmx:load", (event) => focusIn(event.detail.elt));

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

  // --- "/" leads to the search over codes, "?" to Ask; they are switched off with the number keys.
  const places = { "/": "/codes/", "?": "/ask/" };
  const goTo = (place) => {
    const box = location.pathname === place ? document.querySelector("main [type=search], main textarea") : null;
    const link = document.querySelector(`.site-nav a[href="${place}"]`);
    if (box) box.focus();
    else if (link) link.click();
    return box ?? link;
  };

  // --- Number keys choose an option of the question; a person can switch them off (WCAG 2.1.4).
  const stored = () => {
    try { return localStorage.getItem(SHORTCUTS); } catch { return null; }
  };
  let shortcuts = stored() !== "off";
  const show = (button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(shortcuts));
  };
  for (const button of document.querySelectorAll("[data-shortcuts-toggle]")) {
    show(button);
    button.addEventListener("click", () => {
      shortcuts = !shortcuts;
      try { localStorage.setItem(SHORTCUTS, shortcuts ? "on" : "off"); } catch { /* for this page only */ }
      show(button);
    });
  }
  const isTyping = (element) => element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  document.addEventListener("keydown", (event) => {
    if (!shortcuts || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (places[event.key] && goTo(places[event.key])) {
      event.preventDefault();
      return;
    }
    const options = document.querySelectorAll("[data-number-keys] input:is([type=radio], [type=checkbox])");
    const option = /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : undefined;
    if (!option) return;
    event.preventDefault();
    option.click();
    option.focus();
  });
})();
