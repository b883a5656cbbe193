// Sends a call from this page. No cookie goes with it: who calls is the key's business alone.
export async function send(call, signal) {
  const started = performance.now();
  const response = await fetch(call.target, {
    method: call.method,
    headers: call.headers,
    body: bodyOf(call.body),
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    redirect: "follow",
    signal,
  });
  const blob = await response.blob();
  return {
    status: response.status,
    words: response.statusText,
    headers: [...response.headers],
    header: (name) => response.headers.get(name),
    type: (response.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase(),
    blob,
    keyed: call.keyed, // a job made without a key has no page
    ms: performance.now() - started,
  };
}

function bodyOf(body) {
  if (!body) return undefined;
  if (body.json !== undefined) return body.json;
  const data = new FormData();
  for (const { name, value, file } of body.parts) {
    if (file) data.append(name, file, file.name);
    else data.append(name, value);
  }
  return data;
}

export const weight = (call) => (call.body?.parts ?? []).reduce((sum, part) => sum + (part.file?.size ?? part.value.length), call.body?.json?.length ?? 0);
