// The cell that is being written, with the list of its answers.
(() => {
  const { sheet, draw, send, selection } = Grid;
  const { element } = draw;
  const editor = {};
  const LONG = new Set(["title", "message", "basis"]);
  let open = null;

  editor.isOpen = () => open !== null;
  editor.open = (typed = null) => {
    const line = selection.line(), column = selection.column();
    if (!sheet.settings.may_edit || !line || !sheet.toSay(line, column, "")) return;
    const cell = draw.cell(selection.active.line, selection.active.column);
    const text = sheet.text(line, column);
    const isLong = LONG.has(column.name) || column.fact === sheet.UNREAD;
    const values = sheet.values(column);
    const field = element(isLong ? "textarea" : "input", { value: typed ?? text, className: "editor" });
    field.ariaLabel = `${line.rule.rule_id}, ${column.label}`;
    if (!isLong) field.autocomplete = "off";
    const list = values.length ? listed(values) : null;
    cell.replaceChildren(field);
    open = { cell, line, column, text, field, list, isSingle: ["outcome", "code"].includes(column.name), changed: typed !== null };
    if (list) attach();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    field.addEventListener("keydown", onKey);
    field.addEventListener("input", () => {
      open.changed = true;
      filter();
    });
    field.addEventListener("blur", () => { if (open?.field === field) editor.commit(); });
    filter();
  };

  function listed(values) {
    const list = element("ul", { role: "listbox", id: "cell-values", className: "editor cell-values" });
    list.ariaLabel = "Answers";
    values.forEach(([value, label], number) => {
      const words = value.replaceAll("_", " ");
      const option = element("li", { role: "option", id: `cell-value-${number}` }, element("span", { textContent: words }));
      if (label && label.toLowerCase() !== words.toLowerCase()) option.append(element("small", { textContent: label }));
      option.dataset.value = value;
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        toggle(value);
        if (open.isSingle) editor.commit();
      });
      list.append(option);
    });
    return list;
  }
  function attach() {
    const { field, list, cell } = open;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    field.ariaExpanded = "true";
    document.body.append(list);
    const around = cell.getBoundingClientRect();
    list.style.left = `${Math.min(around.left, innerWidth - 260)}px`;
    const isBelow = around.bottom + 200 < innerHeight || around.top < 220;
    list.style.top = isBelow ? `${around.bottom}px` : "";
    list.style.bottom = isBelow ? "" : `${innerHeight - around.top}px`;
  }

  // --- The parts of a cell: “not” and a list of answers.
  const parts = () => {
    const denied = /^not (?!documented)/i.exec(open.field.value)?.[0] ?? "";
    const list = open.field.value.slice(denied.length).split(",").map((part) => part.trim());
    return { denied, list };
  };
  const chosen = () => new Set(parts().list.filter(Boolean));
  function toggle(value) {
    const { denied, list } = parts();
    const known = new Set(sheet.values(open.column).map(([own]) => own));
    let own = list.filter((part) => known.has(part));
    own = own.includes(value) ? own.filter((part) => part !== value) : [...own, value];
    open.field.value = open.isSingle ? value : denied + own.join(", ");
    open.changed = true;
    filter();
  }
  function filter() {
    if (!open.list) return;
    const last = open.changed ? parts().list.at(-1).toLowerCase() : "";
    const isWhole = chosen();
    const said = (option) => `${option.dataset.value} ${option.textContent}`.toLowerCase();
    for (const option of open.list.children) {
      option.ariaSelected = String(isWhole.has(option.dataset.value));
      option.hidden = !open.isSingle && last !== "" && !isWhole.has(parts().list.at(-1)) && !said(option).includes(last);
    }
    point(null);
  }
  const options = () => [...open.list.children].filter((option) => !option.hidden);
  function point(option) {
    open.list.querySelector(".pointed")?.classList.remove("pointed");
    open.pointed = option;
    option?.classList.add("pointed");
    option?.scrollIntoView({ block: "nearest" });
    if (option) open.field.setAttribute("aria-activedescendant", option.id);
    else open.field.removeAttribute("aria-activedescendant");
  }
  function move(step) {
    const all = options();
    const place = all.indexOf(open.pointed);
    point(all[place < 0 ? (step > 0 ? 0 : all.length - 1) : (place + step + all.length) % all.length] ?? null);
  }
  function pick() {
    const value = open.pointed.dataset.value;
    const { denied, list } = parts();
    const before = list.slice(0, -1);
    open.field.value = open.isSingle || !open.changed ? value : denied + [...before, value].join(", ");
    if (!open.isSingle && !open.changed) open.field.value = value;
  }

  function onKey(event) {
    const isTextarea = open.field.tagName === "TEXTAREA";
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      editor.cancel();
    } else if (open.list && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.altKey && isTextarea) {
      event.preventDefault();
      open.field.setRangeText("\n", open.field.selectionStart, open.field.selectionEnd, "end");
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      if (open.pointed) pick();
      editor.commit();
      if (event.key === "Tab") selection.step(event.shiftKey ? -1 : 1);
      else selection.go(selection.active.line + (event.shiftKey ? -1 : 1), selection.active.column);
    }
  }

  // --- While the table is drawn anew: what is written, where, and on which text.
  editor.hold = () => {
    if (!open) return null;
    const { line, column, text, field, list, changed } = open;
    const held = { rule: line.rule.id, row: line.row, name: column.fact ?? column.name, text, changed, value: field.value, start: field.selectionStart };
    open = null;
    list?.remove();
    return held;
  };
  editor.resume = (held) => {
    const line = draw.lineOf(held.rule, held.row), column = draw.columnOf(held.name);
    if (line < 0 || column < 0) {
      send.say(`What you were writing has no cell any more. It said: ${held.value}`, "bad");
      return;
    }
    selection.go(line, column, { focus: false });
    editor.open(held.value);
    Object.assign(open, { text: held.text, changed: held.changed });
    open.field.setSelectionRange(held.start, held.start);
  };

  function close() {
    const { cell, line, column, list } = open;
    open = null;
    list?.remove();
    cell.textContent = sheet.shown(line, column);
  }
  editor.cancel = () => {
    if (!open) return;
    close();
    selection.go(selection.active.line, selection.active.column);
  };
  editor.commit = () => {
    if (!open) return;
    const { line, column, text, field } = open;
    const typed = column.name === "outcome" ? field.value.trim().toLowerCase().replaceAll(" ", "_") : field.value.trim();
    close();
    const change = sheet.toSay(line, column, typed), now = sheet.text(line, column);
    if (typed !== text && now !== text && now !== typed) {
      Grid.conflicts.add([{ change, words: "it changed while you were writing.", now, by: "" }]);
    } else if (typed !== text) {
      send.run([change]);
    }
    selection.show();
  };
  Grid.editor = editor;
})();
