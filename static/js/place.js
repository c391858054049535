// Remembers the heading that a reader has reached, so that the lesson opens there on any device.
const lesson = document.querySelector("[data-place]");
const token = document.querySelector("input[name=csrf_token]");
let reached = "";

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) reached = entry.target.id;
});
for (const heading of lesson?.querySelectorAll("[id^=s-]") ?? []) watcher.observe(heading);

addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || !reached) return;
  navigator.sendBeacon(lesson.dataset.place, new URLSearchParams({ csrf_token: token.value, heading: reached }));
});
