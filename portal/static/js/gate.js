// Reads the codes of vouchers with the camera, where the browser has a detector; typing works everywhere.

const PAUSE_MS = 250;
const SAME_CODE_MS = 5000;

const form = document.querySelector("#gate");
const field = form.querySelector("[name=code]");
const scanner = document.querySelector("#scanner");
const button = scanner.querySelector("button");
const video = scanner.querySelector("video");
const status = scanner.querySelector("[role=status]");

let stream = null;
let last = { code: "", at: 0 };

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await BarcodeDetector.getSupportedFormats().catch(() => [])).includes("qr_code");
}

// The answer is the page a browser without scripts would show; of it only the verdict changes here.
async function send(code) {
  field.value = code;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (answer.redirected) return location.assign(answer.url); // signed out meanwhile
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const verdict = page.querySelector("#verdict");
  if (!verdict) return form.submit();
  document.querySelector("#verdict").replaceChildren(...verdict.childNodes);
  navigator.vibrate?.(verdict.querySelector(".verdict-yes") ? 80 : [80, 80, 80]);
  field.value = "";
  document.querySelector("#verdict").scrollIntoView({ block: "nearest" });
}

async function watch(detector) {
  while (stream) {
    const [found] = await detector.detect(video).catch(() => []);
    const again = found && found.rawValue === last.code && Date.now() - last.at < SAME_CODE_MS;
    if (found) last = { code: found.rawValue, at: Date.now() };
    if (found && !again) await send(found.rawValue).catch(() => form.submit());
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

async function begin() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    status.textContent = scanner.dataset.refused;
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  video.play().catch(() => {}); // without a picture yet, nothing is detected yet
  watch(new BarcodeDetector({ formats: ["qr_code"] }));
}

function end() {
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  video.hidden = true;
}

button.addEventListener("click", async () => {
  status.textContent = "";
  if (stream) end();
  else await begin();
  button.setAttribute("aria-pressed", String(Boolean(stream)));
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden || !stream) return;
  end();
  button.setAttribute("aria-pressed", "false");
});

if (await canScan()) scanner.hidden = false;
