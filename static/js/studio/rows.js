// The list of files on their way: a row for each with its progress, or with the reason why it was refused.
import { fill, gettext, ngettext } from "../texts.js";

const section = document.getElementById("uploads");
const list = document.getElementById("uploads-list");
const title = document.getElementById("uploads-title");
const whole = document.getElementById("uploads-progress");
const pattern = document.getElementById("upload-row");

const weight = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

export function addRow(item) {
  const row = pattern.content.firstElementChild.cloneNode(true);
  row.dataset.upload = item.id;
  row.querySelector(".upload__name").textContent = row.querySelector(".upload__name").title = item.name;
  row.querySelector("progress").setAttribute("aria-label", item.name);
  item.row = row;
  list.append(row);
  drawRow(item);
}

export function drawRow(item) {
  const note = item.row.querySelector(".upload__note");
  const bar = item.row.querySelector("progress");
  const button = item.row.querySelector("[data-upload-drop]");
  const refused = item.state === "refused";
  item.row.classList.toggle("upload--refused", refused || item.state === "interrupted");
  bar.hidden = item.state !== "sending";
  if (item.state === "sending") {
    const sent = item.sent ?? 0;
    bar.value = item.size ? sent / item.size : 0;
    note.textContent = sent < item.size ? fill(gettext("%(sent)s of %(size)s"), { sent: weight(sent), size: weight(item.size) }) : gettext("Sent, being looked at");
  } else {
    note.textContent = { waiting: fill(gettext("%(size)s, waiting"), { size: weight(item.size) }), interrupted: item.reason, refused: item.reason }[item.state];
  }
  button.setAttribute("aria-label", fill(refused ? gettext("Dismiss %(name)s") : gettext("Do not send %(name)s"), item));
  if (refused && item.row !== list.firstElementChild) list.prepend(item.row);
}

export function dropRow(item) {
  const next = item.row.contains(document.activeElement) ? (item.row.nextElementSibling ?? item.row.previousElementSibling) : null;
  item.row.remove();
  next?.querySelector("[data-upload-drop]").focus();
}

export function drawWhole({ items, sent, total, pausedBecause }) {
  const count = (state) => items.filter((item) => item.state === state).length;
  const open = count("waiting") + count("sending");
  const refused = count("refused");
  const interrupted = count("interrupted");
  section.hidden = items.length === 0;
  whole.hidden = open === 0;
  whole.value = total ? sent / total : 0;
  const words = [];
  if (pausedBecause) words.push(pausedBecause);
  else if (open) words.push(fill(ngettext("Uploading, %(count)s file to go", "Uploading, %(count)s files to go", open), { count: open }));
  if (interrupted) words.push(fill(gettext("%(count)s interrupted"), { count: interrupted }));
  if (refused) words.push(fill(gettext("%(count)s refused"), { count: refused }));
  const text = words.join(" · ");
  if (title.textContent !== text) title.textContent = text;
  section.querySelector("[data-uploads-retry]").hidden = !interrupted && !pausedBecause;
  section.querySelector("[data-uploads-dismiss]").hidden = refused < 2;
  section.querySelector("[data-uploads-stop]").hidden = open < 2;
}

export { section };
