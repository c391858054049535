// Shows how much time is left, to whoever wants to see it. It is read out at ten, five and one minute only.
const MINUTE = 60000;
const ALOUD = [10, 5, 1];
const KEY = "clock-hidden";

const box = document.querySelector("[data-left]");
const clock = box?.querySelector("[data-clock]");
const said = box?.querySelector("[data-said]");
// Counted from what the server said, whatever this device thinks the time is.
const ends = Date.now() + 1000 * Number(box?.dataset.left);
let before = Infinity;
let isOver = false;

function tick() {
  const left = ends - Date.now();
  const minutes = Math.max(0, Math.ceil(left / MINUTE));
  const words = box.dataset.words.replace("{minutes}", minutes);
  if (minutes !== before) clock.textContent = words;
  if (minutes < before && before !== Infinity && ALOUD.includes(minutes)) said.textContent = words;
  box.classList.toggle("clock-short", minutes <= 5);
  before = minutes;
  if (left <= 0 && !isOver) {
    isOver = true;
    document.dispatchEvent(new CustomEvent("time-over", { detail: box.dataset.over }));
  }
}

function remembered() {
  try { return localStorage.getItem(KEY) === "yes"; } catch { return false; }
}

function remember(isHidden) {
  try { localStorage.setItem(KEY, isHidden ? "yes" : "no"); } catch { /* not kept */ }
}

function offerToHide() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-link";
  const set = (isHidden) => {
    clock.hidden = isHidden;
    button.textContent = isHidden ? box.dataset.show : box.dataset.hide;
  };
  button.addEventListener("click", () => {
    set(!clock.hidden);
    remember(clock.hidden);
  });
  set(remembered());
  box.append(button);
}

if (box) {
  tick();
  offerToHide();
  setInterval(tick, 1000);
}
