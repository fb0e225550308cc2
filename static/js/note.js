// Marking a passage: what a coder selects in the note becomes evidence for the answer. Without this script
// sentences are chosen from a list.
(() => {
  const note = () => document.querySelector("[data-note]");

  // The place in the note's own text: segments say where they begin, the words for screen readers do not count.
  const placeOf = (node, offset) => {
    const segment = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (!segment) return null;
    const start = Number(segment.dataset.start);
    const text = segment.firstChild;
    const before = node === text ? text.data.slice(0, offset) : offset === 0 ? "" : text.data;
    // The server counts characters, JavaScript counts some of them twice.
    return start + [...before].length;
  };
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !note()) return null;
    const range = selection.getRangeAt(0);
    if (!note().contains(range.startContainer) || !note().contains(range.endContainer)) return null;
    const start = placeOf(range.startContainer, range.startOffset);
    const end = placeOf(range.endContainer, range.endOffset);
    return start !== null && end !== null && start < end ? { start, end, text: String(selection) } : null;
  };

  const show = () => {
    const passage = selected();
    for (const button of document.querySelectorAll("[data-mark]")) {
      button.closest("[data-marking]").hidden = false;
      button.disabled = !passage;
    }
  };
  document.addEventListener("selectionchange", show);
  document.addEventListener("htmx:load", show);
  show();

  const element = (name, attributes, ...children) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  };
  const mark = ({ start, end, text }) => {
    const remove = element("button", { type: "button", className: "btn btn-sm btn-link" }, "Remove");
    const item = element(
      "li", {},
      element("input", { type: "hidden", name: "passage", value: `${start}-${end}` }),
      element("q", {}, text.length > 120 ? `${text.slice(0, 120)}…` : text),
      remove,
    );
    remove.addEventListener("click", () => item.remove());
    document.querySelector("[data-marked]").append(item);
  };
  // The selection would be gone when the button has the focus: take it before.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[data-mark]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-mark]");
    const passage = button && selected();
    if (!passage) return;
    mark(passage);
    getSelection().removeAllRanges();
  });
})();
