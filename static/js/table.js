// Lets the reader sort <table class="sortable"> by a column. A cell sorts by its data-value, else by its text.
const words = new Intl.Collator("vi", { numeric: true });

function value(row, index) {
  const cell = row.cells[index];
  return cell.dataset.value ?? cell.textContent.trim();
}

function compare(a, b) {
  const [x, y] = [Number(a), Number(b)];
  const areNumbers = a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y);
  return areNumbers ? x - y : words.compare(a, b);
}

function sort(table, heading) {
  const isAscending = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isAscending ? "ascending" : "descending");

  const index = heading.cellIndex;
  const sign = isAscending ? 1 : -1;
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((a, b) => sign * compare(value(a, index), value(b, index)));
  body.append(...rows);
}

for (const table of document.querySelectorAll("table.sortable")) {
  for (const heading of table.tHead.rows[0].cells) {
    if (!heading.textContent.trim()) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, heading));
    heading.append(button);
  }
}
