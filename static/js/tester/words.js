// The headers of an answer, said in words.
import { span } from "./element.js";

const many = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
const number = (answer, name) => (answer.header(name) === null ? NaN : Number(answer.header(name)));

export function inWords(answer) {
  const said = [];
  const [limit, left] = [number(answer, "x-ratelimit-limit"), number(answer, "x-ratelimit-remaining")];
  const wait = number(answer, "Retry-After") || number(answer, "x-ratelimit-retry-after");
  const [charged, balance] = [number(answer, "X-Credits-Charged"), number(answer, "X-Credits-Remaining")];
  if (charged >= 0) said.push(`This call cost ${charged ? many(charged, "credit", "credits") : "nothing"}${balance >= 0 ? `, ${balance.toLocaleString("en")} left` : ""}.`);
  if (limit >= 0 && left >= 0) said.push(`${left.toLocaleString("en")} of ${many(limit, "call", "calls")} left this ${/w=3600\b/.test(answer.header("RateLimit-Policy") ?? "") ? "hour" : "minute"}.`);
  if (wait > 0) said.push(`Try again in ${many(wait, "second", "seconds")}.`);
  if (answer.header("Idempotent-Replayed") === "true") said.push("This is the stored answer of the first call with this Idempotency-Key. Nothing was done again.");
  if (answer.header("Deprecation")) said.push(`This address is deprecated${answer.header("Sunset") ? ` and ends on ${answer.header("Sunset")}` : ""}.`);
  const steps = (answer.header("Server-Timing") ?? "").split(",").map((part) => /^\s*([\w-]+).*;\s*dur=([\d.]+)/.exec(part)).filter(Boolean);
  if (steps.length) said.push(`On the server: ${steps.map(([, name, ms]) => `${name} ${span(Number(ms))}`).join(", ")}.`);
  return said;
}

// HTTP/2 has no words beside the number.
const STATUS = { 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Too Large", 415: "Unsupported Media Type", 422: "Unprocessable", 429: "Too Many Requests", 500: "Server Error", 502: "Bad Gateway", 503: "Unavailable", 504: "Timed Out" };
export const statusWords = (answer) => `${answer.status} ${answer.words || STATUS[answer.status] || ""}`.trim();
