// The upload queue: four files at a time, tried again when the connection breaks, taken up again after a reload.
import { forget, keep, kept } from "./kept.js";
import { chosenPhoto, fragment, mayWrite, refresh, show, toast } from "./page.js";
import { addRow, drawRow, drawWhole, dropRow, section } from "./rows.js";
import { refusal, send } from "./send.js";
import { ask, place, showState } from "./strip.js";
import { gettext } from "../texts.js";

const AT_ONCE = 4;
const PAUSES = [1000, 3000, 9000];
const SIGNED_OUT = gettext("You were signed out. Reload the page and sign in: the files that wait here go on then.");

const items = new Map(); // by id, in the order in which they came
let finishedBytes = 0;
let pausedBecause = "";
let drawing = 0;
let lastAt = 0; // when the file was chosen: its place on the strip

function draw() {
  if (drawing) return;
  drawing = requestAnimationFrame(() => {
    drawing = 0;
    const all = [...items.values()];
    const open = all.filter((item) => item.state === "waiting" || item.state === "sending");
    const sent = finishedBytes + open.reduce((sum, item) => sum + (item.sent ?? 0), 0);
    const total = finishedBytes + open.reduce((sum, item) => sum + item.size, 0);
    for (const item of open) if (item.state === "sending") drawRow(item);
    drawWhole({ items: all, sent, total, pausedBecause });
    if (!open.length) finishedBytes = 0;
  });
}

function take(item) {
  items.set(item.id, item);
  addRow(item);
  draw();
}

function drop(item) {
  item.stop?.abort();
  items.delete(item.id);
  dropRow(item);
  forget(item.id).catch(() => {});
  draw();
}

function refuse(item, reason) {
  Object.assign(item, { state: "refused", reason });
  drawRow(item);
  // the reason stays over a reload; the bytes are of no more use
  keep({ id: item.id, name: item.name, size: item.size, refusal: reason }).catch(() => {});
}

function interrupt(item, reason) {
  Object.assign(item, { state: "interrupted", reason, sent: 0 });
  drawRow(item);
}

// Another tab may have taken up the same file after a reload: whoever has the lock sends it.
function alone(id, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`packshot-upload-${id}`, { ifAvailable: true }, (lock) => (lock ? work() : "elsewhere"));
}

async function transfer(item) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      item.stop = new AbortController();
      const progress = (sent, total) => {
        item.sent = Math.min(item.size, (sent / total) * item.size);
        draw();
      };
      const answer = await send(item, { progress, signal: item.stop.signal });
      if (![429, 502, 503, 504].includes(answer.status) || attempt >= PAUSES.length) return answer;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (attempt >= PAUSES.length) return { status: 0, text: "" };
    }
    item.sent = 0;
    await new Promise((resume) => setTimeout(resume, PAUSES[attempt]));
    if (!items.has(item.id)) throw new DOMException("stopped", "AbortError");
  }
}

// The first photo on the strip stands large, not the one that happens to arrive first.
let firstArrived = Infinity;
let shown = false;
function standLarge(item) {
  firstArrived = Math.min(firstArrived, item.at);
  if (shown || chosenPhoto() || [...items.values()].some((other) => other.state === "sending" && other.at < firstArrived)) return;
  shown = true;
  show(document.querySelector("#film .film__frame").dataset.photo).finally(() => (shown = false));
}

function finish(item, { status, text }) {
  if (status === 201) {
    finishedBytes += item.size;
    drop(item);
    place(fragment(text).querySelector(".film__frame"));
    showState();
    standLarge(item);
    return;
  }
  if (status === 401 || status === 403) {
    pausedBecause = status === 401 ? SIGNED_OUT : gettext("You are not allowed to upload any more. Ask an admin of the organization.");
    Object.assign(item, { state: "waiting", sent: 0 });
    drawRow(item);
    return;
  }
  let detail = "";
  try {
    detail = JSON.parse(text).detail;
  } catch {
    // an answer that is not ours: a proxy's page
  }
  if (status === 413 && !detail) detail = gettext("The file is too large for this server.");
  if (status >= 400 && status < 500 && detail) refuse(item, detail);
  else interrupt(item, gettext("The server could not be reached. The file is kept here; try again."));
}

async function work(item) {
  item.state = "sending";
  drawRow(item);
  draw();
  try {
    const answer = await alone(item.id, () => transfer(item));
    if (answer === "elsewhere") {
      items.delete(item.id);
      dropRow(item);
    } else if (items.has(item.id)) finish(item, answer);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  } finally {
    draw();
    next();
    settle();
  }
}

function next() {
  const all = [...items.values()];
  let free = AT_ONCE - all.filter((item) => item.state === "sending").length;
  for (const item of all) {
    if (free < 1 || pausedBecause) return;
    if (item.state !== "waiting") continue;
    free -= 1;
    work(item);
  }
}

// numbers and price follow every few seconds on the way, and at once at the end
let settling = 0;
let settled = 0;
function settle() {
  const busy = [...items.values()].some((item) => item.state === "sending");
  if (settling && busy) return;
  clearTimeout(settling);
  const wait = busy ? Math.max(300, settled + 3000 - Date.now()) : 300;
  settling = setTimeout(() => {
    settling = 0;
    settled = Date.now();
    ask();
    refresh();
  }, wait);
}

export function add(files) {
  if (!mayWrite) return;
  for (const { file, name } of files) {
    lastAt = Math.max(lastAt + 1, Date.now());
    const item = { at: lastAt, id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, name, file, size: file.size, state: "waiting" };
    take(item);
    const reason = refusal(file);
    if (reason) refuse(item, reason);
    else keep({ id: item.id, at: item.at, name, file }).then(
      () => items.has(item.id) || forget(item.id), // sent before it was kept
      () => (item.volatile = true), // no room, or no storage in a private window
    );
  }
  next();
}

function retry() {
  pausedBecause = "";
  for (const item of items.values()) if (item.state === "interrupted") Object.assign(item, { state: "waiting", sent: 0 }) && drawRow(item);
  next();
}

export async function begin() {
  if (!mayWrite) return;
  try {
    for (const row of (await kept()).sort((a, b) => (a.at ?? 0) - (b.at ?? 0))) {
      const size = row.file?.size ?? row.size ?? 0;
      take({ id: row.id, at: row.at ?? Date.now(), name: row.name, file: row.file, size, state: row.refusal ? "refused" : "waiting", reason: row.refusal });
    }
  } catch {
    toast(gettext("This browser keeps nothing over a reload here, so stay on the page until all files are sent."), "info");
  }
  next();
}

section?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const all = [...items.values()];
  if (button.matches("[data-upload-drop]")) drop(items.get(button.closest(".upload").dataset.upload));
  if (button.matches("[data-uploads-retry]")) retry();
  if (button.matches("[data-uploads-dismiss]")) all.filter((item) => item.state === "refused").forEach(drop);
  if (button.matches("[data-uploads-stop]")) all.filter((item) => ["waiting", "sending"].includes(item.state)).forEach(drop);
  next();
});

window.addEventListener("online", retry);
window.addEventListener("beforeunload", (event) => {
  if ([...items.values()].some((item) => item.volatile && ["waiting", "sending"].includes(item.state))) event.preventDefault();
});
