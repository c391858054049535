// Keeps the answers to a survey while they are given, and says so only when the server has them. Nothing stays on this device.
const PAUSE = 1500;
const AGAIN = 5000;

const form = document.querySelector("[data-survey]");
const receipt = document.querySelector("[data-survey-receipt]");
let timer;
let sending = Promise.resolve();

async function send() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    receipt.textContent = await answer.text();
  } catch {
    receipt.textContent = receipt.dataset.failed;
    plan(AGAIN);
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

if (form && receipt) {
  form.addEventListener("input", () => {
    receipt.textContent = "";
    plan(PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
  });
  window.addEventListener("pagehide", () => timer && save());
}
