// What the grid holds, and changes to it with what undoes them. No page here.
globalThis.Grid = {};
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const settings = read("settings");
  const LEFT = [["rule_id", "Rule"], ["title", "Title"]];
  const RIGHT = [
    ["outcome", "Outcome"], ["code", "Code"], ["message", "Message"], ["basis", "Basis"], ["see", "See"], ["guards", "Guards"],
  ];
  const TEXTS = [...LEFT, ...RIGHT].map(([name]) => name);
  const UNREAD = "";

  const sheet = { settings, TEXTS, UNREAD, data: read("sheet"), columns: [], lines: [] };

  // A new row has an id of the page until the server gives it one; a deleted row that is put back has another.
  const aliases = new Map();
  let made = 0;
  sheet.newId = () => `new-${(made += 1)}`;
  sheet.resolve = (id) => {
    let own = id;
    while (aliases.has(own)) own = aliases.get(own);
    return own;
  };
  const given = new Map();
  sheet.rename = (before, after) => {
    for (const row of [...sheet.data.rules, ...sheet.data.facts]) if (row.id === before) row.id = after;
    given.set(before, after);
    // It may have been deleted and put back before its id came.
    if (aliases.has(before)) aliases.set(after, aliases.get(before));
    else aliases.set(before, after);
  };

  // A row that is still there bears its own id, whatever it was named when it was put back.
  const named = (rows, id) => rows.find((row) => row.id === id);
  const find = (rows, id) => named(rows, id) ?? named(rows, given.get(id)) ?? named(rows, sheet.resolve(id));
  sheet.rule = (id) => find(sheet.data.rules, id);
  sheet.fact = (id) => find(sheet.data.facts, id);
  sheet.factOf = (key) => sheet.data.facts.find((fact) => fact.key === key);

  // --- Columns and lines: one line for each alternative of a rule.
  sheet.arrange = () => {
    const { facts, rules } = sheet.data;
    const known = new Set(facts.map((fact) => fact.key));
    const strays = new Set();
    for (const rule of rules) for (const row of rule.rows) for (const key of Object.keys(row)) if (!known.has(key)) strays.add(key);
    const texts = (columns) => columns.map(([name, label]) => ({ name, label }));
    sheet.columns = [
      ...texts(LEFT),
      ...facts.map((fact) => ({ fact: fact.key, id: fact.id, label: fact.label })),
      ...[...strays].map((key) => ({ fact: key, label: key === UNREAD ? "Cannot be read" : `${key}: no such fact`, stray: true })),
      ...texts(RIGHT),
    ];
    sheet.lines = rules.flatMap((rule) => rule.rows.map((_, row) => ({ rule, row })));
  };
  sheet.text = (line, column) => {
    if (column.fact !== undefined) return line.rule.rows[line.row][column.fact] ?? "";
    if (line.row > 0) return "";
    return line.rule[column.name] ?? "";
  };
  sheet.shown = (line, column) => {
    const text = sheet.text(line, column);
    if (column.name === "rule_id" && line.row > 0) return "or";
    return column.name === "outcome" ? text.replaceAll("_", " ") : text;
  };
  // The change that lets a cell say something else; none where it cannot.
  sheet.toSay = (line, column, text) => {
    if (column.fact !== undefined) return { kind: "cell", rule: line.rule.id, row: line.row, fact: column.fact, text };
    return line.row > 0 ? null : { kind: "text", rule: line.rule.id, field: column.name, text };
  };
  sheet.texts = (rule) => Object.fromEntries(TEXTS.map((name) => [name, rule[name]]));

  // --- Changes. Each is done here at once, completed by what it was made on, and returns what undoes it.
  const before = (rows, row) => rows[rows.indexOf(row) - 1]?.id ?? null;
  const put = (rows, row, after) => {
    const place = after === null ? 0 : rows.indexOf(find(rows, after)) + 1 || rows.length;
    rows.splice(place, 0, row);
  };
  const take = (rows, row) => rows.splice(rows.indexOf(row), 1);
  const copied = (value) => structuredClone(value);
  const factTexts = ({ id, values, ...texts }) => texts;

  const KINDS = {
    cell(change) {
      const rule = sheet.rule(change.rule);
      const row = rule?.rows[change.row];
      if (!row) return null;
      change.was = row[change.fact] ?? "";
      change.of = rule.rows.length;
      if (change.text) row[change.fact] = change.text;
      else delete row[change.fact];
      return { ...change, text: change.was };
    },
    text(change) {
      const rule = sheet.rule(change.rule);
      if (!rule) return null;
      change.was = rule[change.field];
      rule[change.field] = change.text;
      return { ...change, text: change.was };
    },
    rows(change) {
      const rule = sheet.rule(change.rule);
      if (!rule) return null;
      change.was = copied(rule.rows);
      rule.rows = copied(change.rows);
      return { ...change, rows: change.was };
    },
    "add rule"(change) {
      const rule = { id: change.id, outcome: "supervisor_review", ...Object.fromEntries(TEXTS.map((name) => [name, ""])) };
      Object.assign(rule, change.texts, { rows: copied(change.rows) });
      put(sheet.data.rules, rule, change.after);
      return { kind: "delete rule", rule: change.id };
    },
    "delete rule"(change) {
      const rule = sheet.rule(change.rule);
      if (!rule) return null;
      const after = before(sheet.data.rules, rule);
      change.was = { ...sheet.texts(rule), rows: copied(rule.rows) };
      take(sheet.data.rules, rule);
      const id = goes(change, rule);
      return { kind: "add rule", id, after, texts: sheet.texts(rule), rows: copied(rule.rows) };
    },
    "move rule": (change) => moved(change, sheet.data.rules, sheet.rule(change.rule)),
    "fact text"(change) {
      const fact = sheet.fact(change.fact_id);
      if (!fact) return null;
      change.was = fact[change.field];
      fact[change.field] = change.text;
      if (change.field === "key") renameCells(change.was, change.text);
      return { ...change, text: change.was };
    },
    "add fact"(change) {
      put(sheet.data.facts, { id: change.id, values: [], ...copied(change.texts) }, change.after);
      return { kind: "delete fact", fact_id: change.id };
    },
    "delete fact"(change) {
      const fact = sheet.fact(change.fact_id);
      if (!fact) return null;
      const after = before(sheet.data.facts, fact);
      change.was = copied(factTexts(fact));
      take(sheet.data.facts, fact);
      const id = goes(change, fact);
      return { kind: "add fact", id, after, texts: copied(factTexts(fact)) };
    },
    "move fact": (change) => moved(change, sheet.data.facts, sheet.fact(change.fact_id)),
  };
  // The id under which a row that goes would come back: the same one if the change is made again on what came.
  function goes(change, row) {
    change.gone ??= sheet.newId();
    aliases.set(row.id, change.gone);
    return change.gone;
  }
  function moved(change, rows, row) {
    if (!row) return null;
    const undone = { ...change, after: before(rows, row) };
    take(rows, row);
    put(rows, row, change.after);
    return undone;
  }
  function renameCells(key, name) {
    for (const rule of sheet.data.rules) {
      rule.rows = rule.rows.map((row) => Object.fromEntries(Object.entries(row).map(([own, text]) => [own === key ? name : own, text])));
    }
  }
  sheet.apply = (change) => {
    // It names its rows as they are called now: one that goes later may come back under another id.
    const rows = change.kind.endsWith("fact") ? sheet.data.facts : sheet.data.rules;
    for (const [name, among] of [["rule", sheet.data.rules], ["fact_id", sheet.data.facts], ["after", rows]]) {
      if (change[name] != null) change[name] = find(among, change[name])?.id ?? change[name];
    }
    return KINDS[change.kind](change);
  };
  // Whether more than one line has to be drawn anew.
  sheet.isStructural = (change) => !["cell", "text"].includes(change.kind) || change.fact === UNREAD;

  // As the server is told it: rows by the ids that it gave.
  sheet.toSend = (change) => {
    const { gone, ...sent } = change;
    for (const name of ["rule", "fact_id", "after"]) if (sent[name] != null) sent[name] = given.get(sent[name]) ?? sent[name];
    return sent;
  };
  sheet.nextName = () => {
    const names = sheet.data.rules.map((rule) => rule.rule_id);
    const last = names.at(-1)?.match(/^(.*?)(\d+)$/);
    const stem = last ? last[1] : "R";
    const numbers = names.filter((name) => name.startsWith(stem)).map((name) => Number(name.slice(stem.length)) || 0);
    return stem + String(Math.max(0, ...numbers) + 1).padStart(last ? last[2].length : 1, "0");
  };
  // The answers that a cell can name, as [value, label].
  sheet.values = (column) => {
    if (column.name === "outcome") return settings.outcomes;
    if (column.name === "code") return sheet.data.family.map((code) => [code, code]);
    if (column.name === "guards") return sheet.data.facts.map((fact) => [fact.key, fact.label]);
    return (column.fact !== undefined && sheet.factOf(column.fact)?.values) || [];
  };
  Grid.sheet = sheet;
})();
