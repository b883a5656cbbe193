// For a POSIX shell. --form-string and --data-raw take text as it is; inside -F a file name has quotes of its own.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const inForm = (name) => `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export function curl(call) {
  const options = [];
  const { body } = call;
  if (call.method !== "GET" && (call.method !== "POST" || !body)) options.push(`-X ${call.method}`);
  for (const [name, value] of call.headers) options.push(`-H ${quoted(`${name}: ${value}`)}`);
  for (const part of body?.parts ?? []) {
    options.push(part.file ? `-F ${quoted(`${part.name}=@${inForm(part.file.name)}`)}` : `--form-string ${quoted(`${part.name}=${part.value}`)}`);
  }
  if (body?.json !== undefined) options.push(`--data-raw ${quoted(body.json)}`);
  const accept = call.headers.find(([name]) => name === "Accept")?.[1];
  if (call.images && (accept === "image/*" || (call.method === "GET" && accept !== "application/json"))) options.push("-o answer-image");
  return [`curl ${quoted(call.url)}`, ...options].join(" \\\n  ");
}
