// Saves the answer to a question as soon as it changes, says so, and tries again when the line comes back.
const form = document.querySelector("form[data-autosave]");
const receipt = form?.querySelector("[data-receipt]");
const clock = document.querySelector("[data-until]");
let waiting = null;

async function save() {
  waiting = null;
  const data = new FormData(form);
  data.delete("go");
  try {
    const answer = await fetch(location.href, { method: "POST", body: data, headers: { Accept: "application/json" } });
    receipt.textContent = await answer.text();
    if (answer.status === 410) location.reload();
  } catch {
    waiting = setTimeout(save, 5000);
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(save, 600);
}

function tick() {
  const minutes = Math.max(0, Math.ceil((new Date(clock.dataset.until) - Date.now()) / 60000));
  clock.textContent = clock.dataset.words.replace("{minutes}", minutes);
  clock.classList.toggle("clock-short", minutes <= 2);
}

form?.addEventListener("input", soon);
addEventListener("online", () => waiting && save());
if (clock) {
  tick();
  setInterval(tick, 10000);
}
