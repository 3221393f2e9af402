// Makes and uses passkeys. Without this script, or without passkeys in the browser, the password does.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (credentials = []) => credentials.map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(address, body, token) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.problem ?? "");
  return told;
}

// What an authenticator answered, in the form that servers read (RegistrationResponseJSON, AuthenticationResponseJSON).
function said(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = fields.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(given),
  };
}

async function make(form, token) {
  const options = await ask(form.dataset.options, { password: form.elements.password.value }, token);
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const credential = await navigator.credentials.create({ publicKey });
  await ask(form.dataset.keep, { credential: said(credential), name: form.elements.name.value }, token);
  location.reload();
}

async function signIn(form, token) {
  const options = await ask(form.dataset.options, {}, token);
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
  const credential = await navigator.credentials.get({ publicKey });
  const { to } = await ask(form.dataset.enter, { credential: said(credential), to: form.elements.to?.value }, token);
  location.assign(to);
}

function ready(form, act) {
  if (!form || !window.PublicKeyCredential) return;
  form.hidden = false;
  const problem = form.querySelector(".problem");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      await act(form, form.elements.csrf_token.value);
    } catch (error) {
      // A DOMException is the browser's, in its own words: whoever waved the window away needs none of them.
      problem.textContent = (!(error instanceof DOMException) && error.message) || form.dataset.failed;
      problem.hidden = false;
    }
  });
}

ready(document.getElementById("add-passkey"), make);
ready(document.getElementById("use-passkey"), signIn);
