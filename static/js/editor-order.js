// Lets the items of a list be dragged to another place. Buttons do the same without a mouse, and without this script.
const list = document.querySelector("[data-arrange]");
const form = list && document.getElementById(list.dataset.arrange);
let dragged = null;

function items() {
  return [...list.children].filter((item) => item.dataset.item !== undefined);
}

function follower(item) {
  const next = item.nextElementSibling;
  return next && next.dataset.item === undefined ? next : null;
}

function put(item, before) {
  const gap = follower(item);
  list.insertBefore(item, before);
  if (gap) list.insertBefore(gap, before);
}

function over(event) {
  if (!dragged) return;
  const target = event.target.closest("[data-item]");
  event.preventDefault();
  if (!target || target === dragged) return;
  const box = target.getBoundingClientRect();
  const isBefore = event.clientY < box.top + box.height / 2;
  put(dragged, isBefore ? target : (follower(target) ?? target).nextElementSibling);
}

function send() {
  const order = document.createElement("input");
  order.type = "hidden";
  order.name = "order";
  order.value = items().map((item) => item.dataset.item).join(" ");
  form.append(order);
  form.requestSubmit();
}

function offer(item) {
  const handle = document.createElement("span");
  handle.className = "drag";
  handle.textContent = "⠿";
  handle.draggable = true;
  handle.setAttribute("aria-hidden", "true");
  handle.addEventListener("dragstart", (event) => {
    dragged = item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.item);
    event.dataTransfer.setDragImage(item, 0, 0);
    item.classList.add("is-dragged");
  });
  handle.addEventListener("dragend", () => {
    item.classList.remove("is-dragged");
    dragged = null;
    send();
  });
  (item.querySelector(".block-bar, .arrange-words") ?? item).prepend(handle);
}

if (form && items().length > 1) {
  items().forEach(offer);
  list.addEventListener("dragover", over);
  list.addEventListener("drop", (event) => event.preventDefault());
}
