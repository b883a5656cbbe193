// A form with data-passkey="create" or "get": its button asks the browser for a passkey, its field `credential` takes
// the answer, and the form is sent. The options stand in a JSON script (data-passkey-options) or behind an address
// (data-passkey-from).
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const WHY = { NotSupportedError: "unsupported", SecurityError: "unsupported", InvalidStateError: "known" };

function decoded(options) {
  const key = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: toBytes(key.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return key;
}

function encoded(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    parts.attestationObject = toText(response.attestationObject);
    parts.transports = response.getTransports?.() ?? [];
  } else {
    parts.authenticatorData = toText(response.authenticatorData);
    parts.signature = toText(response.signature);
    if (response.userHandle) parts.userHandle = toText(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}

async function ask(form) {
  if (!window.PublicKeyCredential) throw new DOMException("", "NotSupportedError");
  const options = form.dataset.passkeyFrom
    ? await (await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } })).json()
    : JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: decoded(options.request_options) });
  const publicKey = decoded(options.creation_options);
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return navigator.credentials.create({ publicKey });
}

function say(form, why) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = !why;
  for (const words of trouble.querySelectorAll("[data-passkey-why]")) words.hidden = words.dataset.passkeyWhy !== why;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[data-passkey-button]");
  button.disabled = true;
  say(form, "");
  try {
    form.elements.credential.value = JSON.stringify(encoded(await ask(form)));
    form.submit();
  } catch (error) {
    say(form, WHY[error.name] ?? "canceled");
    button.disabled = false;
  }
});
