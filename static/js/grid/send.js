// Changes go to the server one after the other; nothing typed is lost, whatever it answers.
(() => {
  const { sheet, draw } = Grid;
  const status = document.getElementById("grid-status");
  const tokenOf = (page) => page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let token = tokenOf(document);
  const KEPT = `concord-grid-${sheet.settings.person}-${sheet.settings.version}`;
  const AGAIN_AFTER = 3000;
  const AGAIN_AT_LAST = 24_000;
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
    if (!isData) throw new Refusal(await causeOf(answer));
    return { status: answer.status, ...(await answer.json()) };
  };

  // --- Why something else came than an answer.
  class Refusal extends Error {}
  const SIGNED_OUT = "you are signed out. Sign in in another window";
  const SOMEBODY_ELSE = "somebody else is signed in here. Sign in as yourself in another window";
  const causeOf = (answer) => {
    if (answer.status === 403) return renewToken();
    return answer.redirected && answer.ok ? SIGNED_OUT : unexpected(answer);
  };
  const unexpected = (answer) => `Concord answered ${answer.status}`;
  // Whoever signs in again gets another token: this page's own one is refused from then on. What one person typed is
  // not saved as another's.
  const renewToken = async () => {
    const answer = await fetch(location.href);
    if (!answer.ok && answer.status !== 403) return unexpected(answer);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A page that refuses holds no grid; its body says who is signed in.
    const settings = JSON.parse(page.getElementById("settings")?.textContent ?? "{}");
    const person = settings.person ?? page.body.dataset.person;
    if (person === undefined) return SIGNED_OUT;
    if (String(person) !== String(sheet.settings.person)) return SOMEBODY_ELSE;
    token = tokenOf(page);
    return settings.may_edit ? "you signed in anew" : "you may not edit this draft any more";
  };
  send.cause = (error) => (error instanceof Refusal ? error.message : "no connection");

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
  let pause = AGAIN_AFTER;
  async function again() {
    say("Saving …");
    const began = performance.now();
    let answer;
    try {
      answer = await send.post(sheet.settings.changes, { edition: sheet.data.edition, ...going });
    } catch (error) {
      say(`Not saved yet: ${send.cause(error)}. Trying again …`, "bad");
      setTimeout(again, pause);
      pause = Math.min(2 * pause, AGAIN_AT_LAST);
      return;
    }
    pause = AGAIN_AFTER;
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
