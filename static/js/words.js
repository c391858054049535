// Counts the words of an essay while it is written.
const field = document.querySelector("[data-count-words]");

function count(target) {
  const words = field.value.split(/\s+/).filter(Boolean).length;
  const most = Number(field.dataset.most);
  const text = most && words > most ? field.dataset.over : field.dataset.countWords;
  target.textContent = text.replace("{words}", words).replace("{most}", most);
}

if (field) {
  const target = document.createElement("p");
  target.className = "hint";
  field.after(target);
  field.addEventListener("input", () => count(target));
  count(target);
}
