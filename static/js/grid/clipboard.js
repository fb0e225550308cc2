// Cut, copy and paste: cells as a spreadsheet has them, whole rules as rules.
(() => {
  const { sheet, draw, send, selection } = Grid;
  // The rules that were cut or copied on this page, and the text by which the clipboard still holds them.
  let rules = null;

  const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const asText = () => {
    const { top, bottom, left, right } = selection.range();
    const lines = sheet.lines.slice(top, bottom + 1);
    return lines.map((line) => sheet.columns.slice(left, right + 1).map((column) => quoted(sheet.text(line, column))).join("\t")).join("\n");
  };

  // Tab-separated text with quoted cells, as spreadsheets put it.
  const read = (text) => {
    const rows = [[]];
    const cell = /("(?:[^"]|"")*"|[^\t\n]*)(\t|\n|$)/g;
    const whole = text.replaceAll("\r\n", "\n").replace(/\n$/, "");
    for (let match = cell.exec(whole); match; match = cell.exec(whole)) {
      const [, own, end] = match;
      rows.at(-1).push(own.startsWith('"') ? own.slice(1, -1).replaceAll('""', '"') : own);
      if (end === "") break;
      if (end === "\n") rows.push([]);
    }
    return rows;
  };

  const isHere = () => draw.table.contains(document.activeElement) && !Grid.editor.isOpen();
  const copy = (event, isCut) => {
    if (!isHere()) return;
    event.preventDefault();
    const text = asText();
    event.clipboardData.setData("text/plain", text);
    rules = selection.isWholeLines() ? { ids: selection.rules().map((rule) => rule.id), text, isCut } : null;
    if (isCut && !rules) selection.clear();
    send.say(rules ? `${rules.ids.length} rule${rules.ids.length > 1 ? "s" : ""} ${isCut ? "cut: paste moves them" : "copied"}.` : "Copied.");
  };
  document.addEventListener("copy", (event) => copy(event, false));
  document.addEventListener("cut", (event) => copy(event, sheet.settings.may_edit));
  document.addEventListener("paste", (event) => {
    if (!isHere() || !sheet.settings.may_edit) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    if (rules?.text === text && rules.ids.some((id) => sheet.rule(id))) pasteRules();
    else pasteCells(read(text));
  });

  function pasteRules() {
    const ids = rules.ids.filter((id) => sheet.rule(id));
    let after = selection.line()?.rule.id ?? null;
    const changes = [];
    if (rules.isCut) {
      for (const id of ids) {
        if (id !== after) changes.push({ kind: "move rule", rule: id, after });
        after = id;
      }
      rules = null;
    } else {
      for (const id of ids) {
        const change = Grid.commands.copyOf(sheet.rule(id), after);
        changes.push(change);
        after = change.id;
      }
    }
    send.run(changes);
  }

  function pasteCells(rows) {
    const { top, bottom, left, right } = selection.range();
    const isOne = rows.length === 1 && rows[0].length === 1;
    const height = isOne ? bottom - top + 1 : rows.length;
    const changes = [];
    const added = [];
    let leftOut = 0;
    for (let down = 0; down < height; down += 1) {
      const own = isOne ? Array(right - left + 1).fill(rows[0][0]) : rows[down];
      const line = sheet.lines[top + down];
      if (!line) added.push(own);
      else leftOut += into(line, left, own, changes);
    }
    let after = sheet.data.rules.at(-1)?.id ?? null;
    for (const own of added) {
      const change = newRule(own, left, after);
      changes.push(change);
      after = change.id;
    }
    send.run(changes);
    if (leftOut) send.say(`${leftOut} cell${leftOut > 1 ? "s" : ""} found no column and were left out.`, "bad");
    selection.go(top, left);
    selection.go(top + height - 1, left + Math.max(...rows.map((row) => row.length)) - 1, { extends: true });
  }
  function into(line, left, texts, changes) {
    let leftOut = 0;
    texts.forEach((text, across) => {
      const column = sheet.columns[left + across];
      const change = column && sheet.toSay(line, column, text.trim());
      if (!change) leftOut += text.trim() ? 1 : 0;
      else if (sheet.text(line, column) !== text.trim()) changes.push(change);
    });
    return leftOut;
  }
  function newRule(texts, left, after) {
    const own = {}, row = {};
    texts.forEach((text, across) => {
      const column = sheet.columns[left + across];
      if (!column || !text.trim()) return;
      if (column.fact === undefined) own[column.name] = text.trim();
      else row[column.fact] = text.trim();
    });
    return Grid.commands.added(own, [row], after);
  }
})();
