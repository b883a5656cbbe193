// How many images the button publishes: the ticked matches and the choices made by hand.
const button = document.querySelector("[data-match-publish]");
const form = button?.closest("form");

function count() {
  const ticked = form.querySelectorAll('input[name="item"]:checked').length;
  const chosen = [...form.querySelectorAll('select[name="item"]')].filter((select) => select.value).length;
  const sum = ticked + chosen;
  button.disabled = sum === 0;
  button.title = sum === 0 ? "Choose at least one image" : "";
  button.querySelector("span").textContent = `Publish ${sum.toLocaleString("en")} ${sum === 1 ? "image" : "images"}`;
}

if (form) {
  form.addEventListener("change", count);
  count();
}
