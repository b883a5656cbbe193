// A pasted key takes the placeholder's place on this page, and only here: it is neither stored nor sent.
const PLACEHOLDER = "<YOUR_API_KEY>";
const KEY = /^ps_(live|test)_[0-9A-Za-z]{38}$/;
const field = document.querySelector("[data-access-key]");
const places = [...document.querySelectorAll("[data-key-here]")].map((element) => ({ element, text: element.textContent }));

function put() {
  const key = field.querySelector("input").value.trim();
  for (const { element, text } of places) {
    element.textContent = KEY.test(key) ? text.replaceAll(PLACEHOLDER, key) : text;
    const copy = element.parentElement.querySelector("[data-copy]");
    if (copy) copy.dataset.copy = element.textContent;
  }
}

field.hidden = false;
field.addEventListener("input", put);
put(); // what a browser put back into the field
