// Keeps the part of a page that is under way up to date. Without JavaScript the page reloads itself.
const PAUSE = 2000;

async function renew() {
  const shown = document.querySelector("[data-live]");
  if (!shown) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById(shown.id);
    if (!next) return location.reload();
    if (!shown.contains(document.activeElement) || !("live" in next.dataset)) shown.replaceWith(next);
  } catch { /* the network is away: the next time */ }
  setTimeout(renew, PAUSE);
}

setTimeout(renew, PAUSE);
