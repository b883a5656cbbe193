// The chosen theme lives in a cookie, so that the server draws the page in it from the first byte.
const root = document.documentElement;

function show() {
  const chosen = root.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    const on = button.dataset.themeSet === chosen;
    button.setAttribute("aria-pressed", String(on));
    button.querySelector(".menu__end")?.toggleAttribute("hidden", !on);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-set]");
  if (!button) return;
  const theme = button.dataset.themeSet;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
  show();
});

show();
