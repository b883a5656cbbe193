// Anything with data-shortcut="j" or "g s" answers to its keys: a field gets the focus, the rest is clicked.
// `/` goes to the search, `?` lists all shortcuts of the page. The first element with a given shortcut has it.
import { gettext } from "./texts.js";

const WAIT = 900;
const dialog = document.getElementById("shortcuts-dialog");
let typed = [];
let timer = 0;

function all() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const keys = element.dataset.shortcut;
    if (!found.has(keys)) found.set(keys, element);
  }
  return found;
}

function words(element) {
  return element.dataset.shortcutWords ?? element.getAttribute("aria-label") ?? element.textContent.trim();
}

function list() {
  const rows = [["?", gettext("Show these shortcuts")]];
  if (document.querySelector("[data-search]")) rows.unshift(["/", gettext("Search")]);
  for (const [keys, element] of all()) rows.push([keys, words(element)]);
  dialog.querySelector(".shortcuts").replaceChildren(
    ...rows.map(([keys, text]) => {
      const row = document.createElement("div");
      const name = document.createElement("dt");
      const value = document.createElement("dd");
      name.textContent = text;
      for (const key of keys.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = { ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", Enter: gettext("Enter") }[key] ?? key.toUpperCase();
        value.append(cap);
      }
      row.append(name, value);
      return row;
    }),
  );
}

function use(element) {
  if (element.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, select")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]")) return;
  if (document.querySelector("dialog:modal") && !event.target.closest("dialog")?.hasAttribute("data-shortcuts-inside")) return;
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  clearTimeout(timer);
  typed = [...typed, event.key].slice(-2);
  timer = setTimeout(() => (typed = []), WAIT);
  const known = all();
  const element = known.get(typed.join(" ")) ?? known.get(event.key);
  if (!element) return;
  typed = [];
  event.preventDefault();
  use(element);
});

// filled when it opens, so that it tells of the page as it is then
if (dialog) new MutationObserver(() => dialog.open && list()).observe(dialog, { attributeFilter: ["open"] });
