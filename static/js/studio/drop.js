// Files by drop (folders too, anywhere on the page), by picker, by paste.
import { mayWrite, studio } from "./page.js";
import { add } from "./uploads.js";
import { fill, gettext, ngettext } from "../texts.js";

const veil = document.getElementById("studio-veil");
const JUNK = /^(\.|thumbs\.db$|desktop\.ini$)/i;

const wanted = (files) => files.filter((file) => !JUNK.test(file.name)).map((file) => ({ file, name: file.name }));

function entries(directory) {
  const reader = directory.createReader();
  const found = [];
  return new Promise((resolve, reject) => {
    // a call answers with a hundred at most; an empty answer is the end
    const more = () =>
      reader.readEntries((some) => {
        if (!some.length) return resolve(found);
        found.push(...some);
        more();
      }, reject);
    more();
  });
}

async function walk(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const inside = await entries(entry);
  const found = [];
  for (const one of inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))) found.push(...(await walk(one)));
  return found;
}

// must be read at once: the transfer is emptied when the event is over
async function dropped(transfer) {
  const roots = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const files = [];
  for (const root of roots) if (root) files.push(...(root instanceof File ? [root] : await walk(root)));
  return files;
}

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const pickers = studio.querySelectorAll("#studio-drop input[type=file]");
let depth = 0;

function take(input) {
  if (!input.files.length) return;
  add(wanted([...input.files]));
  input.value = "";
}

// what was picked before the scripts were there
export const takeUp = () => mayWrite && pickers.forEach(take);

function over(event, change) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  depth = Math.max(0, depth + change);
  veil.hidden = depth === 0;
  const count = event.dataTransfer.items?.length ?? 0;
  veil.querySelector("span").textContent = count > 1 ? fill(ngettext("Drop to add %(count)s item", "Drop to add %(count)s items", count), { count }) : gettext("Drop to add");
}

if (mayWrite) {
  document.addEventListener("dragenter", (event) => over(event, 1));
  document.addEventListener("dragleave", (event) => over(event, -1));
  document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    add(wanted(await dropped(event.dataTransfer)));
  });

  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("input:not([type=file]), textarea")) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    const time = new Date().toTimeString().slice(0, 8).replaceAll(":", "");
    // what is copied from another program is called image.png, whatever it is
    add(files.map((file) => ({ file, name: file.name === "image.png" ? `pasted-${time}.png` : file.name })));
  });

  for (const input of pickers) input.addEventListener("change", () => take(input));
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-pick]");
    if (opener) document.getElementById(opener.dataset.pick).click();
  });
}
