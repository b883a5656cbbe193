// The styleguide's buttons that show a toast.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-guide-toast]");
  if (!button) return;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.guideToast, tone: button.dataset.tone ?? "success" } }));
});
