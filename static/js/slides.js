// Shows a deck one slide at a time, moved by buttons or arrow keys. Without it a deck is a list; on paper too.
const tools = document.querySelector("[data-lesson-tools]");

function button(text, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button-plain";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

function offer(deck, words) {
  const slides = [...deck.querySelectorAll(":scope > .slide")];
  let at = 0;
  const count = document.createElement("p");
  count.setAttribute("role", "status");
  const back = button(words.back, () => go(at - 1));
  const next = button(words.next, () => go(at + 1));
  const bar = document.createElement("div");
  bar.className = "slides-bar";
  bar.append(back, count, next);

  function go(index) {
    at = Math.min(Math.max(index, 0), slides.length - 1);
    slides.forEach((slide, place) => { slide.hidden = place !== at; });
    count.textContent = words.count.replace("{n}", at + 1).replace("{total}", slides.length);
    back.disabled = at === 0;
    next.disabled = at === slides.length - 1;
  }

  deck.tabIndex = 0;
  deck.append(bar);
  deck.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea, video, audio")) return;
    if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft") go(at - 1);
    else return;
    event.preventDefault();
  });
  go(0);
}

for (const deck of document.querySelectorAll("[data-slides]")) {
  if (tools && deck.querySelectorAll(":scope > .slide").length > 1) offer(deck, tools.dataset);
}
