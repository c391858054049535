// Asks once more before a form with data-confirm is sent. Without JavaScript the form is sent at once.
function button(text, kind, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `button button-${kind}`;
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

function ask(form, submitter) {
  const question = document.createElement("p");
  question.id = "confirm-question";
  question.textContent = form.dataset.confirm;

  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", question.id);

  const cancel = button(form.dataset.cancel, "plain", () => dialog.close());
  const agree = button(submitter.textContent, "primary", () => {
    dialog.close();
    form.dataset.agreed = "yes";
    form.requestSubmit(submitter);
  });

  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(cancel, agree);
  dialog.append(question, actions);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm) return;
  if (form.dataset.agreed) {
    delete form.dataset.agreed;
    return;
  }
  event.preventDefault();
  ask(form, event.submitter);
});
