// Saves an answer as soon as it is given, and says so only when the server has it. What could not be sent stays on this
// device, and is sent again until the server has taken it; an answer changed elsewhere meanwhile is never written over unseen.
const PAUSE = 700;
const AGAIN = 5000;
const WAIT = 10000;
const DAY = 86400000;
const PREFIX = "answer:";

const form = document.querySelector("[data-autosave]");
const receipt = document.querySelector("[data-receipt]");
const token = document.querySelector("main [name=csrf_token]")?.value;
const words = (form ?? receipt)?.dataset;
const mine = form && PREFIX + words.attempt + ":" + words.position;
let timer;
let sending = Promise.resolve();

// A browser may forbid storage; then an answer waits on its page alone.
function stored() {
  try { return Object.entries(localStorage).filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => [key, JSON.parse(value)]); } catch { return []; }
}

function keep(key, entry) {
  try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...entry })); } catch { /* not kept */ }
}

function forget(key) {
  try { localStorage.removeItem(key); } catch { /* was not kept */ }
}

function waiting() {
  const own = PREFIX + words.attempt + ":";
  for (const [key, { at }] of stored()) if (Date.now() - at > DAY) forget(key);
  return stored().filter(([key, entry]) => key.startsWith(own) && !entry.isOld);
}

function say(text, isSaved = true) {
  if (receipt.textContent !== text) receipt.textContent = text;
  receipt.classList.toggle("is-waiting", !isSaved);
}

function held() {
  return [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "go");
}

function fill(fields) {
  for (const field of form.elements) {
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
    else if (values.length && field.name !== "csrf_token") field.value = values[0];
  }
}

async function post(address, fields, go) {
  const body = new URLSearchParams([...fields, ["csrf_token", token], ["go", go ?? "stay"]]);
  const headers = { Accept: "application/json" };
  const options = { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(WAIT) };
  const answer = await fetch(address, { ...options, keepalive: body.toString().length < 60000 });
  if (![200, 409, 410].includes(answer.status)) throw new Error(answer.statusText);
  return { status: answer.status, ...(await answer.json()) };
}

// The newer answer is shown, and what was on this page can be taken back.
function showNewer(answer, own) {
  const isRow = form.querySelector("[name=answer-0]");
  fill([["base", String(answer.revision)], ...answer.values.map((value, n) => [isRow ? `answer-${n}` : "answer", value])]);
  offerOwn(own);
}

function offerOwn(own) {
  document.querySelector("[data-own]")?.remove();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-plain";
  button.dataset.own = "";
  button.textContent = words.mine;
  button.addEventListener("click", () => {
    fill(own.filter(([name]) => name !== "base"));
    button.remove();
    save();
  });
  receipt.after(button);
}

async function send(go) {
  const fields = held();
  keep(mine, { path: form.action, fields });
  try {
    const answer = await post(form.action, fields, go);
    forget(mine);
    say(answer.receipt, answer.status === 200);
    if (answer.status === 200) form.elements.base.value = answer.revision;
    if (answer.status === 409) showNewer(answer, fields);
    if (answer.status === 410) location.assign(answer.next);
    return answer;
  } catch {
    say(words.failed, false);
    plan(AGAIN);
    return undefined;
  }
}

// One at a time, so that an older answer never arrives after a newer one.
function save(go) {
  clearTimeout(timer);
  timer = undefined;
  sending = sending.then(() => send(go));
  return sending;
}

function plan(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

// Sends what other pages of this attempt left on this device; whether nothing is left.
async function flush() {
  let isDone = true;
  for (const [key, entry] of waiting()) {
    if (key === mine) continue;
    try {
      const answer = await post(entry.path, entry.fields);
      if (answer.status === 409) keep(key, { ...entry, isOld: true });
      else forget(key);
      if (answer.status === 200) say(words.held);
      else say(`${key.split(":").at(-1)}: ${answer.receipt}`, false);
    } catch {
      isDone = false;
    }
  }
  if (!isDone) {
    say(words.failed, false);
    setTimeout(flush, AGAIN);
  }
  return isDone;
}

function change() {
  say("");
  keep(mine, { path: form.action, fields: held() });
  plan(PAUSE);
}

// On a slow connection people answer before this script is there.
function isChanged() {
  return [...form.elements].some((field) => {
    if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
    return field.matches("input, textarea") && field.value !== field.defaultValue;
  });
}

function resume() {
  const entry = stored().find(([key]) => key === mine)?.[1];
  if (!entry) return isChanged() && change();
  forget(mine);
  if (entry.isOld) return offerOwn(entry.fields);
  fill(entry.fields);
  save();
}

if (form && receipt) {
  form.addEventListener("input", change);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await save(event.submitter?.value ?? "on");
    if (answer?.status === 200) location.assign(answer.next);
  });
  window.addEventListener("online", () => timer && save());
  window.addEventListener("pagehide", () => timer && save());
  document.addEventListener("time-over", async (event) => {
    if (timer) await save();
    location.assign(event.detail);
  });
  resume();
  flush();
} else if (receipt && words.attempt) {
  document.addEventListener("time-over", (event) => location.assign(event.detail));
  document.addEventListener("submit", async (event) => {
    if (!waiting().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await flush()) event.target.requestSubmit(event.submitter);
  }, { capture: true });
  flush();
}
