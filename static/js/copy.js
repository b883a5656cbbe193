// data-copy="text" or data-copy-from="id of an element"; the button says that it has copied.
import { gettext } from "./texts.js";

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // no clipboard without https: select it, the person presses the keys
    return false;
  }
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
  const done = await write(source ? (source.value ?? source.textContent).trim() : button.dataset.copy);
  if (!done && source) select(source);
  const label = button.querySelector("[data-copy-words]");
  const words = done ? gettext("Copied") : gettext("Press Ctrl+C");
  button.classList.toggle("is-copied", done);
  if (label) label.textContent = words;
  else document.dispatchEvent(new CustomEvent("toast", { detail: { text: done ? gettext("Copied.") : gettext("Copying is not allowed here. Select the text and press Ctrl+C."), tone: done ? "success" : "info" } }));
  clearTimeout(button.copyTimer);
  button.copyTimer = setTimeout(() => {
    button.classList.remove("is-copied");
    if (label) label.textContent = gettext("Copy");
  }, 2000);
});
