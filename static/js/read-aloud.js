// Reads a lesson aloud with a voice that the browser has for its language. Where there is none, there is no button.
const article = document.querySelector("[data-lesson]");
const tools = document.querySelector("[data-lesson-tools]");
const speech = window.speechSynthesis;
const button = document.createElement("button");
let voice;
let current = null;

function isVisible(element) {
  return element.checkVisibility?.() ?? element.offsetParent !== null;
}

function blocks() {
  return [...article.querySelectorAll("h2, h3, h4, p, li, th, td, figcaption, summary")]
    .filter((block) => isVisible(block) && !block.querySelector("p, li") && block.textContent.trim());
}

function mark(block) {
  current?.classList.remove("is-read");
  current = block ?? null;
  current?.classList.add("is-read");
  current?.scrollIntoView({ block: "nearest" });
  button.textContent = current ? tools.dataset.stop : tools.dataset.read;
}

function stop() {
  mark(null);
  speech.cancel();
}

function read([block, ...rest]) {
  mark(block);
  if (!block) return;
  const utterance = new SpeechSynthesisUtterance(block.textContent);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 0.95;
  utterance.onend = () => current === block && read(rest);
  utterance.onerror = () => current === block && stop();
  speech.speak(utterance);
}

// Starts with the first block that is still on the screen.
function start() {
  speech.cancel();
  const all = blocks();
  const first = all.findIndex((block) => block.getBoundingClientRect().bottom > 0);
  read(all.slice(Math.max(first, 0)));
}

function offer() {
  const language = article.closest("[lang]").lang;
  voice = speech.getVoices().find((one) => one.lang.startsWith(language));
  if (!voice || button.isConnected) return;
  button.type = "button";
  button.className = "button button-plain";
  button.textContent = tools.dataset.read;
  button.addEventListener("click", () => (current ? stop() : start()));
  tools.prepend(button);
}

if (article && tools && speech) {
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  article.addEventListener("step", () => current && start());
  window.addEventListener("pagehide", stop);
}
