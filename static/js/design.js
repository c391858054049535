// Draws the paper of a design anew a moment after each change. Without JavaScript a button does it.
const PAUSE = 500;

const form = document.querySelector("form[data-design]");
let timer;
let asking;

// What the reader is typing in stays as it is; a paper that cannot be drawn leaves the last one.
function renew(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    if (part.id === "preview-picture" && !fresh.childElementCount) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = fresh.innerHTML;
    if (focused) document.getElementById(focused)?.focus();
  }
}

async function draw() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.design, { method: "POST", body: new FormData(form), signal: asking.signal });
    if (answer.ok || answer.status === 422) renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The next change asks again, and so does the button.
  }
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(draw, PAUSE);
}

form?.addEventListener("input", plan);
form?.addEventListener("change", plan);
