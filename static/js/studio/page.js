// What several modules of the Studio need: the page's root, its strip, a request as the server expects it.
export const studio = document.getElementById("studio");
export const film = document.getElementById("film");
export const mayWrite = "mayWrite" in studio.dataset;

export const token = () => document.querySelector("#studio-form [name=csrfmiddlewaretoken]").value;

// asks for fresh numbers, errors and a preview: the element #settings listens
export const refresh = () => document.body.dispatchEvent(new CustomEvent("studio:refresh"));

export const chosenPhoto = () => document.getElementById("stage").dataset.photo ?? "";

// the stage with another photo; the address follows, so that a reload shows the same one
export function show(photo, { push = true } = {}) {
  const url = photo ? `/studio/?photo=${photo}` : "/studio/";
  if (push) history.replaceState(history.state, "", url);
  return window.htmx.ajax("GET", url, { target: "#stage", swap: "outerHTML" });
}

export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function toast(text, tone = "danger") {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone } }));
}
