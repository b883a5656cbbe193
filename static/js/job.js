// The strip of a job: the chosen photo is marked at once and kept in sight.
function show(frame, behavior) {
  const strip = frame.closest(".film");
  const left = frame.offsetLeft - strip.offsetLeft - (strip.clientWidth - frame.clientWidth) / 2;
  strip.scrollTo({ left, behavior });
}

function choose(number) {
  for (const link of document.querySelectorAll(".job-film [aria-current]")) link.removeAttribute("aria-current");
  const link = document.getElementById(`open-${number}`);
  if (!link) return;
  link.setAttribute("aria-current", "true");
  show(link.closest(".film__frame"), "smooth");
}

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-job-step]");
  const frame = event.target.closest(".job-film .film__frame");
  if (step) choose(step.dataset.jobStep);
  else if (frame) choose(frame.id.replace("frame-", ""));
});

const current = document.querySelector(".job-film [aria-current]");
if (current) show(current.closest(".film__frame"), "instant");
