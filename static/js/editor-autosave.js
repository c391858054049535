// Saves the open form of the editor a few seconds after the last change, and says so only when the server has it.
// A form that is not right yet stays as it is; a conflict stops saving, and the button then shows both texts.
const PAUSE = 3000;
const RETRY = 10000;
const CONFLICT = 409;
const GONE = 410;
const NOT_RIGHT_YET = 422;

const form = document.querySelector("form[data-editor]");
const receipt = form?.querySelector("[data-receipt]");
let timer;
let isStopped = false;
let isAhead = false;
let isFollowed = false;
let sending = Promise.resolve();

// Files are sent by the button alone: a film would otherwise travel again with every word.
function body() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function hasFile() {
  return [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
}

function set(forms, name, value) {
  for (const each of forms) for (const field of each.querySelectorAll(`[name=${name}]`)) field.value = value;
}

// Other forms of the page go on from what was saved, unless they count blocks that now stand elsewhere.
function move(answer) {
  const others = [...document.forms].filter((each) => answer.same !== false || each.id !== "order");
  set(others, "base", answer.base);
  if (answer.gone) isStopped = true;
  if (answer.at === undefined) return;
  const ours = [form, ...document.querySelectorAll("form[data-follows]")];
  set(ours, "at", answer.at);
  set(ours, "count", answer.count);
  if (!isFollowed) set(ours.slice(1), "source", answer.source);
}

async function send() {
  if (isStopped || hasFile()) return;
  isAhead = false;
  try {
    const reply = await fetch(form.action, { method: "POST", body: body(), headers: { Accept: "application/json" } });
    const answer = await reply.json();
    receipt.textContent = answer.receipt;
    if (reply.ok) move(answer);
    else if (reply.status === CONFLICT || reply.status === GONE) isStopped = true;
    else if (reply.status !== NOT_RIGHT_YET) plan(RETRY);
    isAhead = isAhead || !reply.ok;
  } catch {
    receipt.textContent = receipt.dataset.failed;
    isAhead = true;
    plan(RETRY);
  }
}

function save() {
  timer = undefined;
  sending = sending.then(send);
}

function plan(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

function drop() {
  clearTimeout(timer);
  isAhead = false;
  isStopped = true;
}

// Once somebody writes in the Markdown beneath, it is theirs.
document.querySelector("form[data-follows]")?.addEventListener("input", () => { isFollowed = true; });

if (form && receipt) {
  form.addEventListener("input", () => {
    isAhead = true;
    if (isStopped) return;
    receipt.textContent = receipt.dataset.waiting;
    plan(PAUSE);
  });
  document.addEventListener("submit", drop);
  window.addEventListener("beforeunload", (event) => { if (isAhead) event.preventDefault(); });
}
