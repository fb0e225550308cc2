// What is wrong with the draft as it stands: asked after each save, marked at each cell, listed beside the grid.
(() => {
  const { sheet, draw, send, selection, commands } = Grid;
  const { element } = draw;
  const checks = {};
  const marks = {};
  let told = { problems: [], findings: [], gaps: [], cases: [], failing: 0, left_out: 0 };
  let asked = 0;
  const AGAIN_AFTER = 10_000;

  checks.ask = async () => {
    const own = (asked += 1);
    const began = performance.now();
    try {
      const answer = await fetch(sheet.settings.checks);
      const now = await answer.json();
      // An older answer, or one that waits behind what is typed by now, tells nothing.
      if (own !== asked || !send.isIdle()) return;
      told = now;
      performance.measure("concord: checked", { start: began, end: performance.now() });
      marks.show();
      list();
    } catch {
      // The next save asks again; where none follows, time does.
      setTimeout(() => { if (own === asked) checks.ask(); }, AGAIN_AFTER);
    }
  };

  // --- At the cells.
  const columnOf = (problem) => draw.columnOf(problem.part === "rules" ? problem.column : problem.name);
  const at = (problem) => {
    if (problem.part === "rules") return { line: draw.lineOf(problem.row, problem.alternative ?? 0), column: columnOf(problem) };
    return { line: 0, column: problem.part === "facts" ? columnOf(problem) : 0 };
  };
  const cellsOf = (finding) => {
    const [rule] = finding.rules;
    const lines = sheet.lines.flatMap((line, number) => (line.rule.id === rule ? [number] : []));
    const column = finding.fact ? draw.columnOf(finding.fact) : 0;
    return column < 0 ? [] : lines.map((line) => ({ line, column }));
  };
  // What is said of a question stands at its heading.
  const headOf = (finding) => {
    const column = finding.rules.length || !finding.fact ? -1 : draw.columnOf(finding.fact);
    return column < 0 ? [] : [{ line: 0, column }];
  };
  let byCell = new Map();
  const note = (place, className, words) => {
    const cell = draw.cell(place.line, place.column);
    if (!cell) return;
    cell.classList.add(className);
    if (className === "wrong") cell.ariaInvalid = "true";
    const key = `${place.line}:${place.column}`;
    byCell.set(key, [...(byCell.get(key) ?? []), { className, words }]);
  };
  marks.show = () => {
    for (const cell of draw.table.querySelectorAll(".wrong, .idle, .commented, .by-design")) {
      cell.classList.remove("wrong", "idle", "commented", "by-design");
      cell.ariaInvalid = null;
    }
    byCell = new Map();
    for (const problem of told.problems) if (problem.part === "rules") note(at(problem), "wrong", problem.words);
    for (const finding of told.findings) {
      const className = finding.is_defect ? "wrong" : finding.by_design ? "by-design" : "idle";
      for (const place of cellsOf(finding)) note(place, className, finding.words);
    }
    for (const comment of sheet.data.comments) {
      const line = sheet.lines.findIndex((own) => own.rule.rule_id === comment.rule && own.row === 0);
      note({ line, column: draw.columnOf(comment.column) }, "commented", `${comment.author}: ${comment.text}`);
    }
    for (const head of draw.table.querySelectorAll("th")) head.classList.remove("wrong");
    for (const problem of told.problems) {
      if (problem.part === "facts") draw.table.querySelector(`th[data-head="${columnOf(problem)}"]`)?.classList.add("wrong");
    }
  };
  marks.say = (place, line, column) => {
    const key = `${selection.active.line}:${selection.active.column}`;
    const head = element("strong", { textContent: `${line.rule.rule_id}, ${column.label}: ` });
    const words = (byCell.get(key) ?? []).map((own) => element("span", { className: `told ${own.className}`, textContent: own.words }));
    place.replaceChildren(head, sheet.shown(line, column) || "any", ...words);
  };

  // --- Beside the grid.
  const goTo = (place) => () => selection.go(Math.max(0, place().line), Math.max(0, place().column));
  const item = (words, act, ...more) => {
    const button = element("button", { type: "button", className: "link", textContent: words });
    button.addEventListener("click", act);
    return element("li", {}, act ? button : words, ...more);
  };
  const ofProblem = (problem) => {
    if (problem.part === "facts") {
      return item(problem.words, () => {
        selection.go(0, columnOf(problem));
        commands.run("edit-question");
      });
    }
    return problem.part === "rules" ? item(problem.words, goTo(() => at(problem))) : element("li", { textContent: problem.words });
  };
  const ofFinding = (finding) => {
    const more = finding.case ? [element("small", { textContent: ` The case: ${finding.case}.` })] : [];
    const places = () => [...cellsOf(finding), ...headOf(finding)];
    const [place] = places();
    return place ? item(finding.words, goTo(() => places()[0] ?? place), ...more) : element("li", {}, finding.words, ...more);
  };
  const ofGap = (gap) => {
    const make = element("button", { type: "button", textContent: "Make a rule for this" });
    make.hidden = !sheet.settings.may_edit;
    make.addEventListener("click", () => {
      const change = commands.added({}, [gap.cells], sheet.data.rules.at(-1)?.id ?? null);
      send.run([change]);
      selection.go(draw.lineOf(change.id), draw.columnOf("title"));
      Grid.editor.open();
    });
    return element("li", {}, `${gap.words.join("; ")}. `, element("small", { textContent: `A case of it: ${gap.case}. ` }), make);
  };
  const fill = (name, items) => {
    const section = document.getElementById(`told-${name}`);
    section.hidden = !items.length;
    section.querySelector("[data-count]").textContent = items.length;
    section.querySelector("ul").replaceChildren(...items);
  };
  function list() {
    const { problems, findings, gaps } = told;
    const defects = findings.filter((finding) => finding.is_defect);
    const idle = findings.filter((finding) => !finding.is_defect && !finding.by_design);
    fill("problems", problems.map(ofProblem));
    fill("gaps", gaps.map(ofGap));
    fill("defects", defects.map(ofFinding));
    fill("idle", idle.map(ofFinding));
    fill("cases", told.cases.map((words) => element("li", { textContent: words })));
    document.querySelector("#told-cases [data-count]").textContent = told.failing;
    fill("by-design", findings.filter((finding) => finding.by_design).map(ofFinding));
    const count = problems.length + gaps.length + defects.length;
    const left = told.left_out ? ` ${told.left_out} rule${told.left_out > 1 ? "s" : ""} with errors left out of what is checked.` : "";
    const fail = told.failing ? ` Worked cases and precedents that fail: ${told.failing}.` : "";
    const sum = count ? `${count} to mend.` : "No error, no gap, no overlap, no unreachable rule.";
    document.getElementById("told-sum").textContent = `${sum}${left}${fail}`;
    selection.show();
  }
  Grid.checks = checks;
  Grid.marks = marks;

  // --- Comments on cells.
  const dialog = document.getElementById("comment");
  const comments = () => {
    const items = sheet.data.comments.map((comment) => {
      const line = () => sheet.lines.findIndex((own) => own.rule.rule_id === comment.rule && own.row === 0);
      const done = element("button", { type: "button", textContent: "Settle" });
      done.hidden = !sheet.settings.may_edit;
      done.addEventListener("click", () => sendComment({ settle: comment.id }));
      const column = sheet.columns[draw.columnOf(comment.column)]?.label ?? comment.column;
      const words = `${comment.rule}, ${column}: ${comment.text}`;
      return item(words, goTo(() => ({ line: line(), column: draw.columnOf(comment.column) })), element("small", { textContent: ` ${comment.author}, ${comment.at} ` }), done);
    });
    fill("comments", items);
    marks.show();
    selection.show();
  };
  async function sendComment(data) {
    try {
      const answer = await send.post(sheet.settings.comments, data);
      if (answer.comments) sheet.data.comments = answer.comments;
      else send.say(answer.words, "bad");
    } catch (error) {
      send.say(`The comment is not kept: ${send.cause(error)}. It said: ${data.text ?? ""}`, "bad");
    }
    comments();
  }
  commands.DO.comment = () => {
    const line = selection.line(), column = selection.column();
    if (!line || !sheet.settings.may_edit) return;
    dialog.querySelector("h2").textContent = `Comment on ${line.rule.rule_id}, ${column.label}`;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      const field = dialog.querySelector("textarea");
      const text = field.value.trim();
      if (dialog.returnValue === "keep" && text) sendComment({ rule: line.rule.rule_id, column: column.fact ?? column.name, text });
      field.value = "";
      selection.go(selection.active.line, selection.active.column);
    }, { once: true });
  };

  draw.everything();
  performance.mark("concord: grid drawn");
  selection.go(0, Math.min(2, sheet.columns.length - 1), { focus: false });
  comments();
  checks.ask();
})();
