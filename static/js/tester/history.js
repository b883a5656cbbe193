// This session's calls, newest first: texts in sessionStorage (never the key), files and answers in memory alone.
import { byId, make, span } from "./element.js";
import { A_KEY } from "./request.js";
import { gettext } from "../texts.js";

const MOST = 30;
const place = `tester-calls-${byId("tester").dataset.owner}`;
const inMemory = new Map(); // id → {values with files, answer}
let rows = [];

function keep() {
  try {
    sessionStorage.setItem(place, JSON.stringify(rows).replace(A_KEY, ""));
  } catch {
    // full or forbidden: the list lives as long as the page
  }
}

function row(entry) {
  const button = make("button", { type: "button", class: "tester-history__call", "data-history": entry.id }, [
    make("span", { class: `badge badge--plain badge--${entry.status >= 500 || !entry.status ? "danger" : entry.status >= 400 ? "warning" : "success"}`, text: entry.status || gettext("Failed") }),
    make("span", { class: "tester-history__path mono truncate", title: `${entry.method} ${entry.target}`, text: `${entry.method} ${entry.target}` }),
    make("span", { class: "caption tester-history__time", text: `${span(entry.ms)}, ${new Date(entry.at).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })}` }),
  ]);
  return make("li", {}, [button]);
}

function draw() {
  byId("history-list").replaceChildren(...rows.map(row));
  byId("history-list").hidden = byId("history-clear").hidden = rows.length === 0;
  byId("history-none").hidden = rows.length > 0;
}

// `state`: {values, view} of the form. Files are named in what is kept, and there only while the page is.
export function note(call, state, answer) {
  const id = `${Date.now()}-${rows.length}`;
  const texts = Object.fromEntries(Object.entries(state.values).filter(([, value]) => !(value[0] instanceof File)));
  const files = Object.values(state.values).filter((value) => value[0] instanceof File).flat().map((file) => file.name);
  rows.unshift({ id, call: call.id, method: call.method, target: call.target, status: answer?.status ?? 0, ms: answer?.ms ?? 0, at: Date.now(), values: texts, view: state.view, files });
  inMemory.set(id, { values: state.values, answer });
  for (const old of rows.splice(MOST)) inMemory.delete(old.id);
  keep();
  draw();
}

export function startHistory(bringBack) {
  try {
    rows = JSON.parse(sessionStorage.getItem(place) ?? "[]");
  } catch {
    rows = [];
  }
  draw();
  byId("history-list").addEventListener("click", (event) => {
    const button = event.target.closest("[data-history]");
    const entry = button && rows.find((each) => each.id === button.dataset.history);
    if (entry) bringBack(entry, inMemory.get(entry.id) ?? { values: entry.values, answer: null });
  });
  byId("history-clear").addEventListener("click", () => {
    rows = [];
    inMemory.clear();
    keep();
    draw();
  });
}
