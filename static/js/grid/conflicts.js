// What the server did not take: both texts beside each other, and the person is asked.
(() => {
  const { sheet, draw, send } = Grid;
  const { element } = draw;
  const panel = document.getElementById("grid-conflicts");
  const conflicts = {};
  let open = [];

  const outcomes = new Map(sheet.settings.outcomes);
  const text = (value) => (typeof value === "string" ? value || "nothing" : value == null ? "nothing" : JSON.stringify(value));
  const said = (value, change) => {
    if (change.field === "outcome") return outcomes.get(value) ?? text(value);
    if (typeof value === "boolean") return value ? "yes" : "no";
    return text(value);
  };
  const mine = (change) => said(change.text ?? change.rows ?? change.texts?.title ?? change.was?.title, change);
  const row = (change) => {
    if (change.rule !== undefined) return sheet.rule(change.rule)?.rule_id ?? "a rule that is gone";
    return change.fact_id !== undefined ? sheet.fact(change.fact_id)?.label ?? "a question that is gone" : "";
  };
  // What was said of it may begin with the column itself.
  const place = (change, words = "") => {
    const name = change.fact ?? change.field ?? "";
    const column = words.toLowerCase().startsWith(name) ? "" : sheet.factOf(name)?.label ?? name;
    return [row(change), column].filter(Boolean).join(", ") || change.kind;
  };

  conflicts.add = (untaken) => {
    open.push(...untaken);
    show();
  };
  conflicts.count = () => open.length;
  const settle = (own, takeMine) => {
    open = open.filter((other) => other !== own);
    show();
    // It was made on what stood before; now it is made on what stands.
    if (takeMine) send.run([structuredClone(own.change)]);
  };

  // Of a row that is gone nothing can be said any more.
  const isThere = ({ rule, fact_id: fact }) => (rule === undefined || sheet.rule(rule)) && (fact === undefined || sheet.fact(fact));
  const isByTwo = (own) => own.now !== null || own.by !== "";
  function show() {
    const items = open.map((own) => {
      const isBoth = isByTwo(own);
      const isNamed = own.words.startsWith(row(own.change) || own.words);
      const head = isNamed ? "" : `${place(own.change, own.words)}: `;
      const words = element("p", {}, element("strong", { textContent: head }), own.words);
      const both = element("p", {}, "Yours: ", element("q", { textContent: mine(own.change) }));
      if (isBoth) both.append(". ", own.by ? `${own.by}: ` : "There: ", element("q", { textContent: said(own.now, own.change) }), ".");
      const buttons = element("p", {});
      if (isBoth && isThere(own.change)) buttons.append(button("Take mine", () => settle(own, true)), " ");
      buttons.append(button(isBoth ? "Keep theirs" : "Leave it", () => settle(own, false)));
      return element("li", {}, words, both, buttons);
    });
    panel.hidden = !items.length;
    panel.querySelector("h2").textContent = open.some(isByTwo) ? "Changed by two: which one counts?" : "Not taken: it cannot be kept so";
    panel.querySelector("ul").replaceChildren(...items);
    Grid.marks?.show();
  }
  const button = (words, act) => {
    const made = element("button", { type: "button", textContent: words });
    made.addEventListener("click", act);
    return made;
  };

  // --- The draft is none any more, or a page before this one was left with unsaved changes.
  conflicts.showUnsent = (changes, words) => {
    const panel = document.getElementById("grid-unsent");
    panel.hidden = false;
    panel.querySelector("p").textContent = words;
    const lines = changes.map((change) => `${place(change)}: ${mine(change)}`);
    panel.querySelector("pre").textContent = lines.join("\n");
  };
  const kept = send.kept();
  if (kept.length) {
    conflicts.showUnsent(kept, "These changes were typed here before and were not saved.");
    const again = document.querySelector("[data-do=send-unsent]");
    again.hidden = !sheet.settings.may_edit;
    again.addEventListener("click", () => {
      document.getElementById("grid-unsent").hidden = true;
      send.run(kept.filter((change) => !change.gone));
    });
  }
  for (const button of document.querySelectorAll("[data-do=forget-unsent]")) {
    button.addEventListener("click", () => {
      send.forget();
      document.getElementById("grid-unsent").hidden = true;
    });
  }
  Grid.conflicts = conflicts;
})();
