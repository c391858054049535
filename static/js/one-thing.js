// Shows a lesson one part at a time. A part begins at each h2; the choice is remembered on this device.
const KEY = "one-thing";
const article = document.querySelector("[data-lesson]");
const tools = document.querySelector("[data-lesson-tools]");

function partsOf(children) {
  const hasHeadings = children.filter((child) => child.matches("h2")).length > 1;
  const parts = [];
  for (const child of children) {
    if (!parts.length || !hasHeadings || child.matches("h2")) parts.push([]);
    parts.at(-1).push(child);
  }
  return parts;
}

function button(text, kind, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `button button-${kind}`;
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

// A browser may forbid storage; then the choice lasts as long as the page.
function remember(isOn) {
  try { localStorage.setItem(KEY, isOn ? "on" : "off"); } catch { /* not kept */ }
}

function remembered() {
  try { return localStorage.getItem(KEY) === "on"; } catch { return false; }
}

function offer(parts) {
  const words = tools.dataset;
  let isOn = false;
  const target = document.getElementById(location.hash.slice(1));
  let at = Math.max(0, parts.findIndex((part) => part.some((child) => child.contains(target))));

  const count = document.createElement("p");
  const back = button(words.back, "plain", () => go(at - 1));
  const next = button(words.next, "primary", () => go(at + 1));
  const toggle = button(words.one, "plain", () => { set(!isOn); remember(isOn); });
  const steps = document.createElement("div");
  steps.className = "steps";
  steps.append(back, count, next);

  function show() {
    parts.forEach((part, index) => part.forEach((child) => { child.hidden = isOn && index !== at; }));
    steps.hidden = !isOn;
    back.hidden = at === 0;
    next.hidden = at === parts.length - 1;
    count.textContent = words.count.replace("{n}", at + 1).replace("{total}", parts.length);
    toggle.textContent = isOn ? words.all : words.one;
    article.dispatchEvent(new Event("step"));
  }

  function set(on) { isOn = on; show(); }

  function go(index) {
    at = index;
    show();
    const first = parts[at][0];
    first.tabIndex = -1;
    first.focus();
  }

  tools.append(toggle);
  article.after(steps);
  set(remembered());
  if (isOn) target?.scrollIntoView();
}

const parts = article && tools ? partsOf([...article.children]) : [];
if (parts.length > 1) offer(parts);
