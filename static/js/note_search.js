// Searching the note beside the work: places are marked and scrolled to, the page stays as it is.
(() => {
  const box = document.querySelector("[data-note-search]");
  const note = document.querySelector(".note");
  if (!box || !note || !window.Highlight) return;
  box.hidden = false;
  const field = box.querySelector("input");
  const told = box.querySelector("[role=status]");
  let places = [];
  let now = 0;

  // The note's own text with where each part of it stands; words for screen readers are none of it.
  const parts = () => {
    const walker = document.createTreeWalker(document.querySelector(".note"), NodeFilter.SHOW_TEXT);
    const all = [];
    for (let at = 0; walker.nextNode();) {
      const node = walker.currentNode;
      if (node.parentElement.closest(".visually-hidden")) continue;
      all.push({ node, at });
      at += node.data.length;
    }
    return all;
  };
  const rangeOf = (all, start, end) => {
    const holding = (place) => all.findLast((part) => part.at <= place);
    const range = new Range();
    const [first, last] = [holding(start), holding(end - 1)];
    range.setStart(first.node, start - first.at);
    range.setEnd(last.node, end - last.at);
    return range;
  };
  const find = (sought) => {
    const all = parts();
    const text = all.map((part) => part.node.data).join("").toLowerCase();
    const ranges = [];
    for (let at = text.indexOf(sought); sought && at >= 0; at = text.indexOf(sought, at + sought.length)) {
      ranges.push(rangeOf(all, at, at + sought.length));
    }
    return ranges;
  };

  const scrollTo = (range) => {
    const pane = note.closest(".split-note");
    const place = range.getBoundingClientRect();
    const scrolls = pane && pane.scrollHeight > pane.clientHeight;
    const top = scrolls ? pane.getBoundingClientRect().top : 0;
    const by = place.top - top - (scrolls ? pane.clientHeight : innerHeight) / 3;
    (scrolls ? pane : window).scrollBy(0, by);
  };
  const show = () => {
    CSS.highlights.set("note-search", new Highlight(...places));
    CSS.highlights.set("note-search-now", new Highlight(...places.slice(now, now + 1)));
    if (places.length) scrollTo(places[now]);
    told.textContent = !field.value ? "" : places.length ? `${now + 1} of ${places.length}` : "not there";
  };
  field.addEventListener("input", () => {
    places = find(field.value.toLowerCase());
    now = 0;
    show();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !places.length) return;
    event.preventDefault();
    now = (now + (event.shiftKey ? places.length - 1 : 1)) % places.length;
    show();
  });
})();
