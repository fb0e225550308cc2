// Keys press what stands on the page: each control names its own (data-key). They rest in fields and can be switched off.
(() => {
  const person = document.body.dataset.person ?? "";
  const SWITCH = `concord-number-keys-${person}`;
  const recall = () => {
    try { return localStorage.getItem(SWITCH); } catch { return null; }
  };
  const remember = (on) => {
    try { localStorage.setItem(SWITCH, on ? "on" : "off"); } catch { /* for this page only */ }
  };
  let on = recall() !== "off";

  // --- The switch, in the account menu; caps are hidden where keys are off.
  const show = () => {
    document.documentElement.toggleAttribute("data-keys-off", !on);
    for (const button of document.querySelectorAll("[data-shortcuts-toggle]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(on));
    }
  };
  for (const button of document.querySelectorAll("[data-shortcuts-toggle]")) {
    button.addEventListener("click", () => {
      on = !on;
      remember(on);
      show();
    });
  }
  show();

  // --- The list of keys.
  const list = document.getElementById("keys");
  for (const button of document.querySelectorAll("[data-keys-list]")) {
    button.hidden = false;
    button.addEventListener("click", () => list.showModal());
  }

  // --- Pressing.
  const TYPED_IN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
  const rests = (event) =>
    !on || event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPED_IN)
    || document.querySelector("dialog[open]") !== null;
  const isShown = (control) => control.checkVisibility?.() ?? true;
  const named = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const numbered = (key) =>
    /^[1-9]$/.test(key)
      ? document.querySelectorAll("[data-number-keys] input:is([type=radio], [type=checkbox])")[Number(key) - 1]
      : undefined;
  const press = (control) => {
    // A choice keeps the focus, so that Enter sends it; a button that is refused leads to the field that lacks something.
    (control.control ?? control).focus();
    control.click();
  };
  // Enter on a new question sends the answer that is proposed.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("legend[data-focus]")) event.target.closest("form")?.requestSubmit();
  });
  // In a box of several lines Enter begins one; with Ctrl, or the Mac's Command, it sends, as a form's first button does.
  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea");
    const form = sends ? event.target.form : null;
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button:not([type=button], [type=reset])"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || rests(event)) return;
    const controls = named(event.key);
    // A place that is hidden on the page is led to; of controls the first one counts that a person sees.
    const control = numbered(event.key) ?? controls.find(isShown) ?? controls.find((one) => one.matches("a"));
    if (!control) return;
    event.preventDefault();
    press(control);
  });
})();
