// Marks by keyboard: within a criterion a digit gives so many points and goes on; Ctrl + Enter saves and takes the next.
const form = document.querySelector("[data-marking]");
const criteria = form ? [...form.querySelectorAll("[data-criterion]")] : [];

function isTyping(target) {
  return target.matches("textarea, input:not([type=radio])");
}

function goOn(criterion) {
  const next = criteria[criteria.indexOf(criterion) + 1];
  const target = next?.querySelector("[type=radio]:checked, [type=radio]") ?? form.querySelector("textarea");
  target.focus();
}

function give(criterion, points) {
  const radio = [...criterion.querySelectorAll("[type=radio]")].find((one) => Number(one.value) === points);
  if (!radio) return;
  radio.checked = true;
  goOn(criterion);
}

form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-save]"));
    return;
  }
  const criterion = event.target.closest("[data-criterion]");
  if (!criterion || isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    goOn(criterion);
  }
  if (/^[0-9]$/.test(event.key)) {
    event.preventDefault();
    give(criterion, Number(event.key));
  }
});
