// Changes go to the server one after the other; nothing typed is lost, whatever it answers.
(() => {
  const { sheet, draw } = Grid;
  const status = document.getElementById("grid-status");
  const tokenOf = (page) => page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let token = tokenOf(document);
  const KEPT = `concord-grid-${sheet.settings.version}`;
  const AGAIN_AFTER = 3000;
  const send = {};
  let waiting = [];
  // What is on its way: the changes and the key by which the server knows them if they come twice.
  let going = null;
  let stopped = "";

  const say = (words, tone = "") => {
    status.textContent = words;
    status.dataset.tone = tone;
  };
  send.say = say;

  send.post = async (address, data) => {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(data) });
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.redirected || answer.status === 403 || !isData) throw new Error("signed out");
    return { status: answer.status, ...(await answer.json()) };
  };

  // Whoever signs in again gets another token: this page's own one is refused from then on. What one person typed is
  // not saved as another's.
  const renewToken = async () => {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const settings = JSON.parse(page.getElementById("settings")?.textContent ?? "{}");
    if (settings.person === sheet.settings.person) token = tokenOf(page);
  };

  // --- What is not saved yet outlives the page.
  const keep = () => {
    const all = [...(going?.changes ?? []), ...waiting];
    try {
      if (all.length) sessionStorage.setItem(KEPT, JSON.stringify(all));
      else sessionStorage.removeItem(KEPT);
    } catch { /* for this page only */ }
  };
  send.kept = () => {
    try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? []; } catch { return []; }
  };
  send.forget = () => {
    waiting = [];
    going = null;
    keep();
  };
  addEventListener("beforeunload", (event) => { if (going || waiting.length) event.preventDefault(); });

  send.changes = (changes) => {
    waiting.push(...changes.map((change) => structuredClone(change)));
    keep();
    next();
  };
  send.isIdle = () => !going && !waiting.length;

  async function next() {
    if (stopped || !waiting.length || going) return;
    going = { key: crypto.randomUUID(), changes: waiting.map(sheet.toSend) };
    waiting = [];
    await again();
  }
  async function again() {
    say("Saving …");
    const began = performance.now();
    let answer;
    try {
      answer = await send.post(sheet.settings.changes, { edition: sheet.data.edition, ...going });
    } catch (error) {
      const signedOut = error.message === "signed out";
      say(signedOut ? "Not saved: you are signed out. Sign in in another window; it goes on by itself." : "Not saved yet: no connection. Trying again …", "bad");
      if (signedOut) await renewToken().catch(() => {});
      setTimeout(again, AGAIN_AFTER);
      return;
    }
    performance.measure("concord: saved", { start: began, end: performance.now() });
    if (answer.status === 200) take(answer);
    else stop(answer.words);
  }
  function stop(words) {
    stopped = words;
    keep();
    say(`Not saved: ${words}`, "bad");
    Grid.conflicts.showUnsent([...going.changes, ...waiting], words);
  }

  function take(answer) {
    const sent = going.changes;
    going = null;
    for (const [before, after] of Object.entries(answer.new_ids)) if (before) sheet.rename(before, after);
    sheet.data.edition = answer.edition;
    if (answer.sheet) {
      sheet.data = answer.sheet;
      // What was typed meanwhile stands in front of what came.
      for (const change of waiting) sheet.apply({ ...structuredClone(change) });
      draw.everything();
    } else {
      for (const rule of answer.rules) refresh(rule);
    }
    keep();
    say(`Saved as edition ${answer.edition}.`);
    Grid.conflicts.add(answer.untaken.map((own) => ({ ...own, change: sent[own.number] })));
    Grid.checks.ask();
    next();
  }
  function refresh(rule) {
    const own = sheet.rule(rule.id);
    const isTyped = waiting.some((change) => sheet.resolve(change.rule) === rule.id);
    if (!own || isTyped) return;
    Object.assign(own, rule);
    draw.rule(rule.id);
  }

  // --- Everything that changes the grid comes through here.
  const past = [], future = [];
  const run = (changes) => {
    const undone = [], done = [];
    for (const change of changes) {
      const inverse = sheet.apply(change);
      if (inverse === null) continue;
      done.push(change);
      undone.unshift(inverse);
    }
    if (!done.length) return null;
    if (done.some(sheet.isStructural)) draw.everything();
    else for (const id of new Set(done.map((change) => sheet.resolve(change.rule)))) draw.rule(id);
    send.changes(done);
    return undone;
  };
  send.run = (changes) => {
    if (!sheet.settings.may_edit || stopped) return;
    const undone = run(changes);
    if (undone) past.push(undone);
    future.length = 0;
    buttons();
  };
  const step = (from, to) => {
    const changes = from.pop();
    const undone = changes && !stopped ? run(changes) : null;
    if (undone) to.push(undone);
    buttons();
  };
  send.undo = () => step(past, future);
  send.redo = () => step(future, past);
  const buttons = () => {
    for (const [name, list] of [["undo", past], ["redo", future]]) {
      const button = document.querySelector(`[data-do="${name}"]`);
      if (button) button.disabled = !list.length;
    }
  };
  buttons();
  Grid.send = send;
})();
