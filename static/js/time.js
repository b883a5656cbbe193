// Keeps "3 min ago" true, shows the exact moment in the browser's own zone, and tells the server that zone.
import { fill, gettext } from "./texts.js";

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const AGES = [
  [60, 1, gettext("%(count)s s ago")],
  [3600, 60, gettext("%(count)s min ago")],
  [86400, 3600, gettext("%(count)s h ago")],
  [604800, 86400, gettext("%(count)s d ago")],
];

function words(moment) {
  const seconds = (Date.now() - moment) / 1000;
  if (seconds < 5) return gettext("just now");
  for (const [limit, unit, ago] of AGES) if (seconds < limit) return fill(ago, { count: Math.floor(seconds / unit) });
  return day.format(moment);
}

function refresh(root = document) {
  for (const element of root.querySelectorAll?.("time[data-ago]") ?? []) {
    const moment = new Date(element.dateTime);
    const text = words(moment);
    if (element.textContent !== text) element.textContent = text;
    element.title = exact.format(moment);
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`time_zone=${zone}`)) {
  document.cookie = `time_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
refresh();
setInterval(refresh, 15000);
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt.parentNode ?? document));
