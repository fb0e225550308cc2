// Which cells are chosen, and the keys of a spreadsheet.
(() => {
  const { sheet, draw, send } = Grid;
  const says = document.getElementById("cell-says");
  const selection = { anchor: { line: 0, column: 0 }, active: { line: 0, column: 0 } };
  const PAGE = 20;
  let leaves = false;

  const inside = (place, count) => Math.max(0, Math.min(count - 1, place));
  const limited = ({ line, column }) => ({ line: inside(line, sheet.lines.length), column: inside(column, sheet.columns.length) });

  selection.range = () => {
    const { anchor, active } = selection;
    const sorted = (name) => [anchor[name], active[name]].sort((one, other) => one - other);
    const [top, bottom] = sorted("line"), [left, right] = sorted("column");
    return { top, bottom, left, right };
  };
  selection.isWholeLines = () => {
    const { left, right } = selection.range();
    return left === 0 && right === sheet.columns.length - 1;
  };
  selection.line = () => sheet.lines[selection.active.line];
  selection.column = () => sheet.columns[selection.active.column];
  // The rules that the range touches, each once, in order.
  selection.rules = () => {
    const { top, bottom } = selection.range();
    return [...new Set(sheet.lines.slice(top, bottom + 1).map((line) => line.rule))];
  };

  const shown = new Set();
  function show() {
    for (const cell of shown) {
      cell.removeAttribute("aria-selected");
      cell.tabIndex = -1;
      cell.removeAttribute("aria-describedby");
    }
    shown.clear();
    const { top, bottom, left, right } = selection.range();
    for (let line = top; line <= bottom; line += 1) {
      for (let column = left; column <= right; column += 1) {
        const cell = draw.cell(line, column);
        if (!cell) continue;
        cell.ariaSelected = "true";
        shown.add(cell);
      }
    }
    const cell = draw.cell(selection.active.line, selection.active.column);
    if (!cell) {
      says.replaceChildren();
      return null;
    }
    cell.tabIndex = 0;
    shown.add(cell);
    cell.setAttribute("aria-describedby", "cell-says");
    Grid.marks?.say(says, selection.line(), selection.column());
    return cell;
  }
  selection.show = show;
  selection.restore = () => {
    const hasFocus = draw.table.contains(document.activeElement) || document.activeElement === document.body;
    selection.anchor = limited(selection.anchor);
    selection.active = limited(selection.active);
    const cell = show();
    if (hasFocus && selection.wasFocused) cell?.focus({ preventScroll: true });
  };
  selection.go = (line, column, { extends: isExtended = false, focus = true } = {}) => {
    selection.active = limited({ line, column });
    if (!isExtended) selection.anchor = selection.active;
    const cell = show();
    if (focus && cell) {
      cell.focus({ preventScroll: true });
      reveal(cell);
    }
  };
  // Headings and the first column stay in place and cover what is under them.
  function reveal(cell) {
    const frame = draw.table.parentElement;
    const [own, around] = [cell.getBoundingClientRect(), frame.getBoundingClientRect()];
    const head = draw.table.tHead.getBoundingClientRect().height;
    const first = selection.active.column > 0 ? draw.cell(selection.active.line, 0).getBoundingClientRect().width : 0;
    if (own.top < around.top + head) frame.scrollTop -= around.top + head - own.top;
    else if (own.bottom > around.bottom - 16) frame.scrollTop += own.bottom - around.bottom + 16;
    if (own.left < around.left + first) frame.scrollLeft -= around.left + first - own.left;
    else if (own.right > around.right - 16) frame.scrollLeft += own.right - around.right + 16;
  }

  const by = (lines, columns) => (event) => {
    const { line, column } = selection.active;
    const far = event.ctrlKey || event.metaKey ? Infinity : 1;
    const to = (place, step) => (step ? place + step * far : place);
    selection.go(to(line, lines), to(column, columns), { extends: event.shiftKey });
  };
  const edge = (isEnd) => (event) => {
    const line = event.ctrlKey ? (isEnd ? Infinity : 0) : selection.active.line;
    selection.go(line, isEnd ? Infinity : 0, { extends: event.shiftKey });
  };
  const page = (step) => (event) => selection.go(selection.active.line + step * PAGE, selection.active.column, { extends: event.shiftKey });
  const wholeLines = () => {
    selection.anchor = { line: selection.range().top, column: 0 };
    selection.go(selection.range().bottom, Infinity, { extends: true });
  };
  const KEYS = {
    ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
    Home: edge(false), End: edge(true), PageUp: page(-1), PageDown: page(1),
    Enter: () => Grid.editor.open(), F2: () => Grid.editor.open(),
    Delete: () => selection.clear(), Backspace: () => selection.clear(),
  };
  const WITH_CONTROL = { z: () => send.undo(), y: () => send.redo(), a: () => {
    selection.anchor = { line: 0, column: 0 };
    selection.go(Infinity, Infinity, { extends: true });
  } };
  const WITH_ALT = {
    ArrowUp: "move-up", ArrowDown: "move-down", Insert: "insert-below", Delete: "delete-rule",
  };

  selection.clear = () => {
    const { top, bottom, left, right } = selection.range();
    const changes = [];
    for (let line = top; line <= bottom; line += 1) {
      for (let column = left; column <= right; column += 1) {
        const own = sheet.lines[line], of = sheet.columns[column];
        // A rule keeps its name and its kind of outcome: they cannot be empty.
        if (!sheet.text(own, of) || ["rule_id", "outcome"].includes(of.name)) continue;
        const change = sheet.toSay(own, of, "");
        if (change) changes.push(change);
      }
    }
    send.run(changes);
  };

  draw.table.addEventListener("keydown", (event) => {
    if (event.target.closest(".editor") || Grid.editor.isOpen()) return;
    const isControl = event.ctrlKey || event.metaKey;
    if (event.key === "Tab") {
      // Escape, then Tab, leaves the grid; so does Tab at its ends.
      const { line, column } = selection.active;
      const isAtEnd = event.shiftKey ? line === 0 && column === 0 : line === sheet.lines.length - 1 && column === sheet.columns.length - 1;
      if (leaves || isAtEnd) return;
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
      return;
    }
    leaves = event.key === "Escape";
    let act;
    if (event.altKey) act = WITH_ALT[event.key] && (() => Grid.commands.run(WITH_ALT[event.key]));
    else if (event.key === "F2" && event.shiftKey) act = () => Grid.commands.run("comment");
    else if (event.key === " " && event.shiftKey) act = wholeLines;
    else if (isControl && event.shiftKey && event.key.toLowerCase() === "z") act = () => send.redo();
    else if (isControl && WITH_CONTROL[event.key.toLowerCase()]) act = WITH_CONTROL[event.key.toLowerCase()];
    else act = KEYS[event.key];
    if (act) {
      event.preventDefault();
      act(event);
    } else if (event.key.length === 1 && !isControl && !event.altKey) {
      event.preventDefault();
      Grid.editor.open(event.key);
    }
  });
  // What was done by a button is undone by the same keys.
  document.addEventListener("keydown", (event) => {
    const act = (event.ctrlKey || event.metaKey) && { z: event.shiftKey ? send.redo : send.undo, y: send.redo }[event.key.toLowerCase()];
    if (!act || event.defaultPrevented || event.target.closest("#grid, dialog, input, textarea, select")) return;
    event.preventDefault();
    act();
  });
  function step(by) {
    const { line, column } = selection.active;
    const place = line * sheet.columns.length + column + by;
    selection.go(Math.floor(place / sheet.columns.length), place % sheet.columns.length);
  }
  selection.step = step;

  // --- Pointer: click, drag, and the first column for whole lines.
  let drags = false;
  draw.table.addEventListener("mousedown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.target.closest(".editor") || event.button !== 0) return;
    event.preventDefault();
    Grid.editor.commit();
    const { line, column } = draw.place(cell);
    selection.go(line, column, { extends: event.shiftKey });
    if (column === 0 && !event.shiftKey) wholeLines();
    drags = true;
  });
  draw.table.addEventListener("mouseover", (event) => {
    const cell = drags && event.buttons === 1 ? event.target.closest("td") : null;
    if (!cell) return;
    const { line, column } = draw.place(cell);
    selection.go(line, column, { extends: true });
  });
  addEventListener("mouseup", () => { drags = false; });
  draw.table.addEventListener("dblclick", (event) => { if (event.target.closest("td")) Grid.editor.open(); });
  draw.table.addEventListener("click", (event) => {
    const head = event.target.closest("th");
    if (!head) return;
    const column = Number(head.dataset.head);
    selection.anchor = { line: sheet.lines.length - 1, column };
    selection.go(0, column, { extends: true });
  });
  draw.table.addEventListener("focusin", () => { selection.wasFocused = true; });
  draw.table.addEventListener("focusout", (event) => { if (event.relatedTarget) selection.wasFocused = draw.table.contains(event.relatedTarget); });
  Grid.selection = selection;
})();
