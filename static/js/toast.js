// Toasts go by themselves after six seconds; pointing at one holds it. Failures stay until they are dismissed.
// From a server: HX-Trigger: {"toast": {"text": "…"}}. From a script: document.dispatchEvent(new CustomEvent("toast", {detail: {text, tone}})).
import { gettext } from "./texts.js";

const TIME = 6000;
const tray = document.getElementById("toasts");

const SHAPES = {
  success: '<circle cx="12" cy="12" r="10"/><path d="m9 12 2 2 4-4"/>',
  info: '<circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/>',
  danger: '<circle cx="12" cy="12" r="10"/><path d="M12 8v4"/><path d="M12 16h.01"/>',
  close: '<path d="M18 6 6 18"/><path d="m6 6 12 12"/>',
};

function svg(name, size) {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = { class: "icon", width: size, height: size, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.75", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) icon.setAttribute(key, value);
  icon.innerHTML = SHAPES[name];
  return icon;
}

function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
}

function keep(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "yes";
  if ("toastStays" in toast.dataset) return;
  let timer = setTimeout(leave, TIME, toast);
  const hold = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, TIME / 2, toast);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusout", resume);
}

function say({ text, tone = "success", note = "" }) {
  const toast = document.createElement("div");
  toast.className = `toast toast--${tone}`;
  toast.dataset.toast = "";
  if (tone === "danger") toast.dataset.toastStays = "";
  const words = document.createElement("div");
  words.className = "toast__text";
  words.textContent = text;
  if (note) {
    const small = document.createElement("span");
    small.className = "toast__note";
    small.textContent = note;
    words.append(small);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast__close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", gettext("Dismiss"));
  close.append(svg("close", 14));
  toast.append(svg(tone in SHAPES ? tone : "info", 16), words, close);
  tray.append(toast);
}

document.addEventListener("toast", (event) => {
  const detail = event.detail;
  say(typeof detail.value === "string" ? { text: detail.value } : detail);
});
document.addEventListener("htmx:sendError", () => {
  say({ tone: "danger", text: gettext("The server could not be reached. Check your connection and try again.") });
});
document.addEventListener("htmx:timeout", () => {
  say({ tone: "danger", text: gettext("The server took too long to answer. Try again in a moment.") });
});
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast-close]");
  if (close) leave(close.closest("[data-toast]"));
});

new MutationObserver(() => tray.querySelectorAll("[data-toast]").forEach(keep)).observe(tray, { childList: true });
tray.querySelectorAll("[data-toast]").forEach(keep);
