// The film strip follows the server: one request for all of its photos, while some are in the works. The server says
// when to ask again: a second later while things move, more seldom while they do not.
import { chosenPhoto, film, fragment, refresh, show, studio } from "./page.js";

const SOON = 300;
const RARELY = 5000;
const OPEN = ["queued", "running"];

let seen = studio.dataset.seen;
let timer = 0;
let asking = false;
let again = false;
let everything = false; // photos were taken off: what was seen says nothing of those that came since and went

export function photos() {
  return [...film.children];
}

// A frame that is there keeps its link, its tick and its focus; only what it shows is exchanged.
export function place(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) {
    // ids are in the order of the strip, whichever file arrives first
    let after = film.lastElementChild;
    while (after && after.dataset.photo > fresh.dataset.photo) after = after.previousElementSibling;
    film.insertBefore(fresh, after ? after.nextElementSibling : film.firstElementChild);
    window.htmx.process(fresh);
    return;
  }
  const [link, freshLink] = [old, fresh].map((frame) => frame.querySelector(".film__link"));
  const [picture, freshPicture] = [link, freshLink].map((part) => part.querySelector("img"));
  if (picture.getAttribute("src") === freshPicture.getAttribute("src")) freshPicture.replaceWith(picture);
  link.replaceChildren(...freshLink.childNodes);
  old.querySelector(".film__words").replaceWith(fresh.querySelector(".film__words"));
  old.dataset.state = fresh.dataset.state;
}

function placeAll(frames) {
  const ids = new Set(frames.map((frame) => frame.id));
  for (const frame of photos()) if (!ids.has(frame.id)) frame.remove();
  frames.forEach(place);
}

// The bar over the strip, unless it says the same. What had the focus has it again, and a button whose question is
// being answered stays the one that asked.
function exchange(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const ticked = old.querySelector(".select-all")?.checked;
  const all = old.querySelector("[data-film-all]")?.getAttribute("aria-pressed");
  const chosen = old.querySelector(".action-bar__count")?.textContent;
  for (const button of fresh.querySelectorAll("[hx-confirm][id]")) {
    const same = old.querySelector(`#${button.id}`);
    if (same) button.replaceWith(same);
  }
  old.replaceWith(fresh);
  if (chosen) fresh.querySelector(".action-bar__count").textContent = chosen;
  if (ticked) fresh.querySelector(".select-all")?.toggleAttribute("checked", true);
  if (all) fresh.querySelector("[data-film-all]")?.setAttribute("aria-pressed", all);
  window.htmx.process(fresh);
  if (focused?.id) document.getElementById(focused.id)?.focus();
}

export function showState() {
  studio.classList.toggle("is-empty", film.childElementCount === 0);
  const current = document.querySelector(`#photo-${CSS.escape(chosenPhoto())} .film__link`);
  for (const link of film.querySelectorAll("[aria-current]")) if (link !== current) link.removeAttribute("aria-current");
  if (current?.getAttribute("aria-current") !== "true") current?.setAttribute("aria-current", "true");
}

function take(html, whole) {
  const answer = fragment(html);
  const frames = [...answer.querySelectorAll(".film__frame")];
  const before = new Map(photos().map((frame) => [frame.dataset.photo, frame.dataset.state]));
  if (whole) placeAll(frames);
  else frames.forEach(place);
  exchange(document.getElementById("run"), answer.getElementById("run"));
  exchange(document.getElementById("stage-state"), answer.getElementById("stage-state"));
  showState();
  const ended = frames.filter((frame) => OPEN.includes(before.get(frame.dataset.photo)) && !OPEN.includes(frame.dataset.state));
  const current = chosenPhoto();
  if (current && !document.getElementById(`photo-${current}`)) show(film.firstElementChild?.dataset.photo);
  else if (ended.some((frame) => frame.dataset.photo === current)) show(current, { push: false });
  if (ended.some((frame) => ["failed", "canceled"].includes(frame.dataset.state))) refresh();
}

// nothing while there is no connection: asked again, later
async function changes() {
  const query = new URLSearchParams({ seen: everything ? "" : seen, photo: chosenPhoto() });
  everything = false;
  try {
    const answer = await fetch(`${studio.dataset.stripUrl}?${query}`, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
    return { status: answer.status, html: await answer.text(), header: (name) => answer.headers.get(`X-Studio-${name}`) };
  } catch {
    return { status: 0 };
  }
}

export async function ask() {
  if (asking) {
    again = true;
    return;
  }
  clearTimeout(timer);
  asking = true;
  again = false;
  const answer = await changes();
  asking = false;
  if (answer.status === 401) return; // signed out: the next click leads to the sign-in page
  let wait = RARELY;
  if ([200, 204].includes(answer.status)) {
    const wasBusy = photos().some((frame) => OPEN.includes(frame.dataset.state));
    if (answer.status === 200) {
      take(answer.html, answer.header("Whole") === "1");
      seen = answer.header("Seen");
    }
    const busy = answer.header("Busy") === "1";
    if (wasBusy && !busy) refresh();
    wait = busy ? (document.hidden ? RARELY : Number(answer.header("Again"))) : 0;
  }
  if (again) wait = SOON;
  if (wait) timer = setTimeout(ask, wait);
}

document.body.addEventListener("studio:removed", () => {
  everything = true;
});
document.body.addEventListener("studio:submitted", () => {
  ask();
  refresh();
});
// htmx sends the answer's events to the button that asked: lost, when that has been exchanged before the answer came.
document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.DONE || elt.isConnected) return;
    const names = (xhr.getResponseHeader("HX-Trigger") ?? "").split(", ");
    for (const name of names) if (name.startsWith("studio:")) document.body.dispatchEvent(new CustomEvent(name));
  });
});
// what was selected is under way: the next press should not mean it again
document.body.addEventListener("studio:processing", () => {
  for (const box of document.querySelectorAll("#strip :is(.film__select, .select-all)")) box.checked = false;
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
// a page from the back-forward cache may be old
window.addEventListener("pageshow", (event) => event.persisted && ask());
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "stage" || document.getElementById("stage") === event.detail.elt) showState();
});

showState();
if (photos().some((frame) => OPEN.includes(frame.dataset.state))) timer = setTimeout(ask, SOON);
