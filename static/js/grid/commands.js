// What the buttons above the grid do to rows.
(() => {
  const { sheet, send, selection } = Grid;
  const commands = {};

  commands.added = (texts, rows, after) => {
    const names = { rule_id: sheet.nextName(), outcome: "supervisor_review" };
    return { kind: "add rule", id: sheet.newId(), after, texts: { ...names, ...texts }, rows };
  };
  commands.copyOf = (rule, after) => commands.added({ ...sheet.texts(rule), rule_id: sheet.nextName() }, structuredClone(rule.rows), after);

  const before = (rule) => sheet.data.rules[sheet.data.rules.indexOf(rule) - 1]?.id ?? null;
  const goTo = (id, column = 1) => selection.go(Grid.draw.lineOf(id), column);
  const insert = (after) => {
    const change = commands.added({}, [{}], after);
    send.run([change]);
    goTo(change.id);
  };
  const rowsOf = (rule, rows) => ({ kind: "rows", rule: rule.id, rows });

  const RULES = {
    "insert-above": () => insert(selection.line() ? before(selection.line().rule) : null),
    "insert-below": () => insert(selection.line()?.rule.id ?? null),
    duplicate() {
      const rules = selection.rules();
      let after = rules.at(-1).id;
      const changes = rules.map((rule) => {
        const change = commands.copyOf(rule, after);
        after = change.id;
        return change;
      });
      send.run(changes);
      choose(changes.map((change) => sheet.resolve(change.id)), selection.active.column);
    },
    "delete-rule"() {
      const rules = selection.rules();
      send.run(rules.map((rule) => ({ kind: "delete rule", rule: rule.id })));
      send.say(`${rules.map((rule) => rule.rule_id).join(", ")} deleted. Ctrl+Z puts back.`);
    },
    "move-up"() {
      const [first] = selection.rules();
      const above = sheet.data.rules[sheet.data.rules.indexOf(first) - 1];
      if (above) move([{ kind: "move rule", rule: above.id, after: selection.rules().at(-1).id }]);
    },
    "move-down"() {
      const rules = selection.rules();
      const below = sheet.data.rules[sheet.data.rules.indexOf(rules.at(-1)) + 1];
      if (below) move([{ kind: "move rule", rule: below.id, after: before(rules[0]) }]);
    },
    "add-alternative"() {
      const { rule, row } = selection.line();
      const rows = structuredClone(rule.rows);
      rows.splice(row + 1, 0, {});
      send.run([rowsOf(rule, rows)]);
      selection.go(selection.active.line + 1, selection.active.column);
    },
    "delete-alternative"() {
      const { rule, row } = selection.line();
      if (rule.rows.length === 1) send.say("A rule has one row at least. Delete the rule, or empty its cells.", "bad");
      else send.run([rowsOf(rule, rule.rows.filter((_, number) => number !== row))]);
    },
  };
  function move(changes) {
    const ids = selection.rules().map((rule) => rule.id);
    const { column } = selection.active;
    send.run(changes);
    choose(ids, column);
  }
  // All lines of these rules, which stand one behind the other.
  function choose(ids, column) {
    const lines = sheet.lines.flatMap((line, number) => (ids.includes(line.rule.id) ? [number] : []));
    selection.anchor = { line: lines[0], column: selection.anchor.column };
    selection.go(lines.at(-1), column, { extends: true });
  }
  const NEED_NO_RULE = new Set(["insert-above", "insert-below"]);

  commands.DO = { undo: () => send.undo(), redo: () => send.redo() };
  commands.run = (name) => {
    Grid.editor.commit();
    if (RULES[name] && sheet.settings.may_edit && (selection.line() || NEED_NO_RULE.has(name))) RULES[name]();
    else commands.DO[name]?.();
  };
  document.querySelector("[role=toolbar]").addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) commands.run(name);
  });
  Grid.commands = commands;
})();
