// The list of files on their way: a row for each with its progress, or with the reason why it was refused.
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
    note.textContent = sent < item.size ? `${weight(sent)} of ${weight(item.size)}` : "Sent, being looked at";
  } else {
    note.textContent = { waiting: `${weight(item.size)}, waiting`, interrupted: item.reason, refused: item.reason }[item.state];
  }
  button.setAttribute("aria-label", refused ? `Dismiss ${item.name}` : `Do not send ${item.name}`);
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
  else if (open) words.push(`Uploading, ${open} ${open === 1 ? "file" : "files"} to go`);
  if (interrupted) words.push(`${interrupted} interrupted`);
  if (refused) words.push(`${refused} refused`);
  const text = words.join(" · ");
  if (title.textContent !== text) title.textContent = text;
  section.querySelector("[data-uploads-retry]").hidden = !interrupted && !pausedBecause;
  section.querySelector("[data-uploads-dismiss]").hidden = refused < 2;
  section.querySelector("[data-uploads-stop]").hidden = open < 2;
}

export { section };
