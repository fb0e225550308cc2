// Loaded before anything is painted: a chosen theme must not flash in after the system's.
(() => {
  const KEY = "concord-theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const recall = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (theme) => {
    try { localStorage.setItem(KEY, theme); } catch { /* a browser without storage keeps it for this page */ }
  };
  const apply = () => { root.dataset.bsTheme = recall() || (system.matches ? "dark" : "light"); };

  apply();
  system.addEventListener("change", apply);

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
        remember(root.dataset.bsTheme);
      });
    }
  });
})();
