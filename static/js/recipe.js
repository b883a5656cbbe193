// Which steps show their fields goes along with the form, so that a step that is moved stays as it was.
document.addEventListener(
  "toggle",
  (event) => {
    const token = event.target.dataset?.step;
    const told = token && document.querySelector(`input[data-open-of="${CSS.escape(token)}"]`);
    if (told) told.value = event.target.open ? "1" : "";
  },
  true,
);
