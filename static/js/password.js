// Shows what is typed into a password field while its eye is pressed in.
for (const button of document.querySelectorAll("[data-password]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-password]");
  if (!button) return;
  const input = document.getElementById(button.dataset.password);
  const show = input.type === "password";
  input.type = show ? "text" : "password";
  button.setAttribute("aria-pressed", String(show));
  input.focus();
});
