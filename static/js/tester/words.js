// The headers of an answer, said in words.
import { span } from "./element.js";
import { fill, gettext, ngettext } from "../texts.js";

const number = (count) => count.toLocaleString("en");
const figure = (answer, name) => (answer.header(name) === null ? NaN : Number(answer.header(name)));

function price(charged, balance) {
  const values = { charged: number(charged), balance: number(balance) };
  if (!charged) return fill(balance >= 0 ? gettext("This call cost nothing, %(balance)s left.") : gettext("This call cost nothing."), values);
  if (balance >= 0) return fill(ngettext("This call cost %(charged)s credit, %(balance)s left.", "This call cost %(charged)s credits, %(balance)s left.", charged), values);
  return fill(ngettext("This call cost %(charged)s credit.", "This call cost %(charged)s credits.", charged), values);
}

export function inWords(answer) {
  const said = [];
  const [limit, left] = [figure(answer, "x-ratelimit-limit"), figure(answer, "x-ratelimit-remaining")];
  const wait = figure(answer, "Retry-After") || figure(answer, "x-ratelimit-retry-after");
  const [charged, balance] = [figure(answer, "X-Credits-Charged"), figure(answer, "X-Credits-Remaining")];
  if (charged >= 0) said.push(price(charged, balance));
  if (limit >= 0 && left >= 0) said.push(fill(/w=3600\b/.test(answer.header("RateLimit-Policy") ?? "") ? ngettext("%(left)s of %(limit)s call left this hour.", "%(left)s of %(limit)s calls left this hour.", limit) : ngettext("%(left)s of %(limit)s call left this minute.", "%(left)s of %(limit)s calls left this minute.", limit), { left: number(left), limit: number(limit) }));
  if (wait > 0) said.push(fill(ngettext("Try again in %(count)s second.", "Try again in %(count)s seconds.", wait), { count: number(wait) }));
  if (answer.header("Idempotent-Replayed") === "true") said.push(gettext("This is the stored answer of the first call with this Idempotency-Key. Nothing was done again."));
  if (answer.header("Deprecation")) said.push(answer.header("Sunset") ? fill(gettext("This address is deprecated and ends on %(day)s."), { day: answer.header("Sunset") }) : gettext("This address is deprecated."));
  const steps = (answer.header("Server-Timing") ?? "").split(",").map((part) => /^\s*([\w-]+).*;\s*dur=([\d.]+)/.exec(part)).filter(Boolean);
  if (steps.length) said.push(fill(gettext("On the server: %(steps)s."), { steps: steps.map(([, name, ms]) => `${name} ${span(Number(ms))}`).join(", ") }));
  return said;
}

// HTTP/2 has no words beside the number.
const STATUS = { 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Too Large", 415: "Unsupported Media Type", 422: "Unprocessable", 429: "Too Many Requests", 500: "Server Error", 502: "Bad Gateway", 503: "Unavailable", 504: "Timed Out" };
export const statusWords = (answer) => `${answer.status} ${answer.words || STATUS[answer.status] || ""}`.trim();
