// The table on the page: drawn once, then cell by cell.
(() => {
  const { sheet } = Grid;
  const table = document.getElementById("grid");
  const draw = { table };
  // By line and column.
  let cells = [];

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  draw.element = element;

  draw.cell = (line, column) => cells[line]?.[column];
  draw.place = (cell) => ({ line: Number(cell.dataset.line), column: Number(cell.dataset.column) });

  // What is being written stays open while the table around it is drawn anew.
  const around = (act) => {
    const held = Grid.editor?.hold();
    act();
    Grid.marks?.show();
    Grid.selection?.restore();
    if (held) Grid.editor.resume(held);
  };
  draw.everything = () => around(everything);
  function everything() {
    sheet.arrange();
    const { columns, lines } = sheet;
    const head = element("tr", { role: "row" });
    columns.forEach((column, place) => {
      const cell = element("th", { role: "columnheader", scope: "col", title: column.fact ?? "", textContent: column.label });
      cell.ariaColIndex = place + 1;
      cell.dataset.head = place;
      cell.className = kindOf(column);
      head.append(cell);
    });
    head.ariaRowIndex = 1;
    const body = element("tbody", { role: "rowgroup" });
    cells = lines.map((line, number) => {
      const row = element("tr", { role: "row", className: line.row > 0 ? "or" : "" });
      row.ariaRowIndex = number + 2;
      const own = columns.map((column, place) => {
        const cell = element("td", { role: place === 0 ? "rowheader" : "gridcell", tabIndex: -1 });
        cell.ariaColIndex = place + 1;
        cell.dataset.line = number;
        cell.dataset.column = place;
        write(cell, line, column);
        return cell;
      });
      row.append(...own);
      body.append(row);
      return own;
    });
    table.ariaRowCount = lines.length + 1;
    table.ariaColCount = columns.length;
    table.replaceChildren(element("thead", { role: "rowgroup" }, head), body);
  }

  function kindOf(column) {
    if (column.stray) return "stray";
    if (column.fact !== undefined) return "fact";
    return ["title", "message", "basis"].includes(column.name) ? "wide" : "narrow";
  }
  function write(cell, line, column) {
    cell.textContent = sheet.shown(line, column);
    cell.className = kindOf(column);
  }

  draw.rule = (id) => around(() => {
    sheet.lines.forEach((line, number) => {
      if (line.rule.id !== sheet.resolve(id)) return;
      sheet.columns.forEach((column, place) => write(cells[number][place], line, column));
    });
  });
  draw.lineOf = (id, row = 0) => sheet.lines.findIndex((line) => line.rule.id === sheet.resolve(id) && line.row === row);
  draw.columnOf = (name) => sheet.columns.findIndex((column) => column.fact === name || column.name === name);
  Grid.draw = draw;
})();
