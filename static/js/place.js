// Tells the server, when the reader leaves, which heading of the lesson was reached: any device goes on from there.
const article = document.querySelector("[data-place]");
const token = document.querySelector("[name=csrf_token]");
let kept = location.hash.slice(1);

function reached() {
  const headings = [...article.querySelectorAll("h2[id], h3[id]")];
  const seen = headings.filter((h) => h.offsetParent && h.getBoundingClientRect().top < innerHeight / 2);
  return seen.at(-1)?.id;
}

function remember() {
  const heading = reached();
  if (!heading || heading === kept) return;
  kept = heading;
  const body = new URLSearchParams({ heading, csrf_token: token.value });
  fetch(article.dataset.place, { method: "POST", body, keepalive: true }).catch(() => { kept = ""; });
}

if (article && token) {
  document.addEventListener("visibilitychange", () => document.hidden && remember());
}
