// Saves an answer as soon as it is given, and says so only when the server has it. Shows how much time is left.
const PAUSE = 700;
const RETRY = 5000;
const MINUTE = 60000;

const form = document.querySelector("[data-autosave]");
const receipt = document.querySelector("[data-receipt]");
const clock = document.querySelector("[data-until]");
let timer;
let sending = Promise.resolve();

async function send() {
  try {
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
    if (!answer.ok && answer.status !== 410) throw new Error(answer.statusText);
    receipt.textContent = await answer.text();
  } catch {
    receipt.textContent = receipt.dataset.failed ?? "";
    plan(RETRY);
  }
}

// One at a time, so that an older answer never arrives after a newer one.
function save() {
  timer = undefined;
  sending = sending.then(send);
}

function plan(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

function drop() {
  clearTimeout(timer);
  timer = undefined;
}

function tick() {
  const minutes = Math.max(0, Math.ceil((Date.parse(clock.dataset.until) - Date.now()) / MINUTE));
  const words = clock.dataset.words.replace("{minutes}", minutes);
  if (clock.textContent !== words) clock.textContent = words;
  clock.classList.toggle("clock-short", minutes <= 5);
}

if (form && receipt) {
  form.addEventListener("input", () => {
    receipt.textContent = "";
    plan(PAUSE);
  });
  form.addEventListener("submit", drop);
  window.addEventListener("pagehide", () => timer && save());
}

if (clock) {
  tick();
  setInterval(tick, 1000);
}
