// The tester: what is typed becomes a call, shown as code while it is typed, sent on a click or Ctrl+Enter.
import { showAnswer, showBusy, showFailed, showNone, showPart } from "./answer.js";
import { showCode, startCode } from "./code.js";
import { byId } from "./element.js";
import { clearErrors, showErrors, showKeyError } from "./errors.js";
import { fillAll, form, readAll, reveal } from "./fields.js";
import { drawFiles } from "./files.js";
import { note, startHistory } from "./history.js";
import { build, endpoint } from "./request.js";
import { send, weight } from "./send.js";
import { keepState, parse, restoreState, showWrong, switchView, view } from "./view.js";
import { fill, gettext } from "../texts.js";

const narrow = matchMedia("(max-width: 1280px)");
const drafts = new Map(); // operationId → what was typed there
const key = () => byId("tester-key").value.trim();
const call = () => build(key(), view());
let running = null; // AbortController of the call on its way

function refresh() {
  const now = call();
  byId("tester-endpoint").textContent = endpoint(key());
  const why = running ? "" : now.blocked;
  byId("tester-why").textContent = why;
  const button = byId("tester-send");
  button.disabled = Boolean(running || why);
  button.querySelector("[data-send-words]").textContent = running ? gettext("Sending…") : gettext("Send");
  showCode(now);
}

async function go() {
  const now = call();
  if (running || now.blocked) return;
  if (now.body?.json !== undefined) {
    const { wrong } = parse(now.body.json);
    showWrong(wrong ?? "");
  }
  const state = { values: readAll(), view: keepState() };
  running = new AbortController();
  clearErrors();
  showKeyError("");
  showBusy(weight(now));
  refresh();
  lookAtAnswer();
  let answer = null;
  try {
    answer = await send(now, running.signal);
  } catch (error) {
    if (error.name === "AbortError") showFailed(gettext("Cancelled."), gettext("The call was stopped here. What the server had already begun may still be finished; look at the Jobs page."));
    else showFailed(gettext("The server could not be reached."), gettext("Check your connection and send it again. A file that has changed since it was chosen cannot be read either: choose it again."));
  }
  running = null;
  // another call may have been chosen meanwhile: its fields are not those of this answer
  if (answer) await showAnswer(answer, { beside: form().dataset.call === now.id });
  note(now, state, answer);
  refresh();
  lookAtAnswer();
}

// Beside the form, the column scrolls and the page stays; below it, the page goes there.
function lookAtAnswer() {
  const [side, card] = [byId("tester-side"), byId("tester-answer")];
  const below = card.getBoundingClientRect().top - side.getBoundingClientRect().top;
  if (getComputedStyle(side).position !== "sticky") card.scrollIntoView({ block: "start" });
  else if (below > side.clientHeight * 0.4) side.scrollTop += below;
}

const keepDraft = () => drafts.set(form().dataset.call, { values: readAll(), view: keepState() });

// After another call came into the page, or an earlier one came back.
function settle(state) {
  restoreState(state?.view);
  if (state) fillAll(state.values);
  drawFiles();
  document.querySelectorAll("[data-call-link]").forEach((link) => {
    if (link.dataset.callLink === form().dataset.call) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  byId("tester-calls").open = !narrow.matches;
  refresh();
}

async function bringBack(entry, { values, answer }) {
  if (form().dataset.call !== entry.call) {
    keepDraft();
    await window.htmx.ajax("GET", `?call=${encodeURIComponent(entry.call)}`, { target: "#call" });
    history.replaceState(null, "", `?call=${encodeURIComponent(entry.call)}`);
  }
  if (form().dataset.call !== entry.call) return;
  clearErrors();
  settle({ values, view: entry.view });
  if (answer) await showAnswer(answer, { beside: true });
  else showNone();
  if (entry.files.length && !answer) document.dispatchEvent(new CustomEvent("toast", { detail: { text: fill(gettext("Choose %(files)s again: files are not kept over a reload."), { files: entry.files.join(", ") }), tone: "info" } }));
  form().scrollIntoView({ block: "start" });
}

const tester = byId("tester");
tester.addEventListener("input", (event) => {
  const field = event.target.closest("[data-field]");
  if (field) clearErrors(field);
  if (event.target.id === "tester-key") showKeyError("");
  if (event.target.id === "tester-json") showWrong("");
  const colored = event.target.dataset.colorFor;
  if (colored) byId(colored).value = event.target.value;
  refresh();
});
tester.addEventListener("change", (event) => {
  if (event.target.name === "view") switchView(event.target.value === "json");
  if (event.target.name === "part") showPart();
  refresh();
});
tester.addEventListener("submit", (event) => event.preventDefault()); // Enter in a field must not cost a credit
tester.addEventListener("click", (event) => {
  const button = event.target.closest("[data-new-id], #tester-cancel, #tester-send");
  if (button?.id === "tester-cancel") running?.abort();
  else if (button?.id === "tester-send") go();
  else if (button) {
    byId(button.dataset.newId).value = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    refresh();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  const { blocked, at } = call();
  if (blocked && at && at !== "key") showErrors([{ field: at.split(".").pop(), detail: blocked }]);
  if (blocked && at === "key") showKeyError(blocked);
  go();
});
document.addEventListener("htmx:beforeSwap", (event) => event.detail.target.id === "call" && event.detail.xhr.status === 200 && keepDraft());
document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "call" && settle(drafts.get(form().dataset.call)));
narrow.addEventListener("change", () => (byId("tester-calls").open = !narrow.matches));

startCode(refresh);
startHistory(bringBack);
settle(null);
reveal();
