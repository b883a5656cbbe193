// A dropped or chosen image is sent at once; a finding under the pointer shows its place on the image.
const drop = document.getElementById("compliance-drop");
const file = document.getElementById("compliance-image");

file?.addEventListener("change", () => {
  if (!file.files.length) return;
  drop.querySelector("[role=status]").hidden = false;
  drop.requestSubmit();
});

for (const finding of document.querySelectorAll("[data-region]")) {
  const region = document.getElementById(`region-${finding.dataset.region}`);
  if (!region) continue;
  for (const [event, shown] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]]) {
    finding.addEventListener(event, () => region.classList.toggle("is-shown", shown));
  }
}
