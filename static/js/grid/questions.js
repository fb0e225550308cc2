// Columns: a question is written in a dialog; before one is deleted the page says what uses it.
(() => {
  const { sheet, send, selection, commands, draw } = Grid;
  const dialog = document.getElementById("question");
  const form = dialog.querySelector("form");
  const farewell = document.getElementById("question-uses");
  let edited = null;

  const current = () => {
    const column = selection.column();
    return column?.id === undefined ? null : sheet.fact(column.id);
  };
  const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value.trim());

  const show = (fact) => {
    edited = fact;
    dialog.querySelector("h2").textContent = fact ? `Question “${fact.label}”` : "New question";
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = fact?.[field.name];
      if (field.type === "checkbox") field.checked = value === true;
      else field.value = value ?? field.dataset.first ?? field.options?.[0].value ?? "";
      field.disabled = !sheet.settings.may_edit;
    }
    dialog.showModal();
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "keep") return;
    const fields = [...form.elements].filter((field) => field.name);
    if (edited) {
      const changed = fields.filter((field) => String(edited[field.name]) !== String(valueOf(field)));
      send.run(changed.map((field) => ({ kind: "fact text", fact_id: edited.id, field: field.name, text: valueOf(field) })));
    } else {
      const texts = Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
      const after = current()?.id ?? sheet.data.facts.at(-1)?.id ?? null;
      send.run([{ kind: "add fact", id: sheet.newId(), after, texts }]);
    }
  });

  // The keys of the grid go on where they were.
  const backToGrid = () => selection.go(selection.active.line, selection.active.column);
  for (const own of [dialog, farewell]) own.addEventListener("close", backToGrid);

  const goTo = (key) => selection.go(selection.active.line, draw.columnOf(key));
  const move = (fact, after) => {
    if (after === undefined) return;
    send.run([{ kind: "move fact", fact_id: fact.id, after }]);
    goTo(fact.key);
  };
  const withFact = (act) => () => {
    const fact = current();
    if (fact) act(fact);
    else send.say("Choose a cell in the column of a question first.", "bad");
  };

  // The key and the label of a copy: with the first number that no other question bears.
  const free = ({ key, label }) => {
    let number = 2;
    while (sheet.factOf(`${key}_${number}`)) number += 1;
    return { key: `${key}_${number}`, label: `${label} ${number}` };
  };

  const remove = async (fact) => {
    const answer = await fetch(`${sheet.settings.uses}?fact=${encodeURIComponent(fact.key)}`);
    const { uses } = await answer.json();
    farewell.querySelector("h2").textContent = `Delete the question “${fact.label}”?`;
    farewell.querySelector("p").textContent = uses.length
      ? "These use it. Its cells in rules are emptied with it; all else has to be mended by hand. Ctrl+Z puts it back."
      : "Nothing uses it.";
    farewell.querySelector("ul").replaceChildren(...uses.map((use) => draw.element("li", { textContent: use })));
    farewell.returnValue = "";
    farewell.showModal();
    farewell.addEventListener("close", () => {
      if (farewell.returnValue !== "delete") return;
      const cells = sheet.lines.filter((line) => fact.key in line.rule.rows[line.row]);
      const emptied = cells.map((line) => ({ kind: "cell", rule: line.rule.id, row: line.row, fact: fact.key, text: "" }));
      const unguarded = sheet.data.rules.filter((rule) => rule.guards.split(" ").includes(fact.key)).map((rule) => {
        const text = rule.guards.split(" ").filter((key) => key !== fact.key).join(" ");
        return { kind: "text", rule: rule.id, field: "guards", text };
      });
      send.run([...emptied, ...unguarded, { kind: "delete fact", fact_id: fact.id }]);
    }, { once: true });
  };

  Object.assign(commands.DO, {
    "add-question": () => show(null),
    "edit-question": withFact(show),
    "duplicate-question": withFact((fact) => {
      const { id, values, ...texts } = fact;
      const own = free(fact);
      send.run([{ kind: "add fact", id: sheet.newId(), after: fact.id, texts: { ...texts, ...own } }]);
      goTo(own.key);
    }),
    "move-question-left": withFact((fact) => {
      const place = sheet.data.facts.indexOf(fact);
      if (place > 0) move(fact, sheet.data.facts[place - 2]?.id ?? null);
    }),
    "move-question-right": withFact((fact) => move(fact, sheet.data.facts[sheet.data.facts.indexOf(fact) + 1]?.id)),
    "delete-question": withFact(remove),
  });
})();
