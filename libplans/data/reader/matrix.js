/* The matrix: which plan repeats which, and how much; each number opens a pair. */

function drawMatrix() {
  const formula = byId("with-formula").checked;
  const reused = ([v, a, f]) => v + a + (formula ? f : 0);
  const targets = INDEX.plans.map((plan, i) => i).filter((i) => INDEX.plans[i].role !== "reference");
  const sources = [...targets, ...INDEX.plans.map((plan, i) => i).filter((i) => INDEX.plans[i].role === "reference")];
  const cells = new Map(INDEX.cells.map(([t, s, v, a, f, n]) => [`${t}-${s}`, { chars: [v, a, f], n }]));
  const head = make("tr", {}, make("th", { scope: "col" }, say("plan")), ...sources.map((s) =>
    make("th", { scope: "col", title: planTitle(s) }, make("span", {}, planName(s)))),
  ...["any", "own", "chars"].map((key) => make("th", { scope: "col", className: "sum" }, make("span", {}, say(key)))));
  const rows = targets.map((t, y) => {
    const { chars, any } = INDEX.plans[t];
    const row = make("tr", {}, make("th", { scope: "row", title: planTitle(t) }, planName(t)));
    sources.forEach((s, x) => row.append(matrixCell(t, s, x, y, cells.get(`${t}-${s}`), chars, reused)));
    const own = chars - any.reduce((sum, part) => sum + part, 0);
    row.append(...[percent(reused(any), chars), percent(own, chars), count(chars)].map((text) => make("td", { className: "sum" }, text)));
    return row;
  });
  const table = byId("matrix");
  table.className = sources.length > 8 ? "many" : "";
  table.replaceChildren(make("caption", {}, say("matrix_caption")), make("thead", {}, head), make("tbody", {}, ...rows));
  focusCell(...state.cell, false);
}

function matrixCell(t, s, x, y, cell, chars, reused) {
  if (t === s) return make("td", { className: "self" }, "–");
  if (!cell) return make("td", { className: "empty", title: say("nothing") }, "0");
  const part = reused(cell.chars);
  const names = { target: planName(t), source: planName(s), share: percent(part, chars), n: cell.n };
  const link = make("a", { href: hashOf(t, s), "data-x": x, "data-y": y, tabIndex: -1, title: say("cell", names), "aria-label": say("cell", names) },
    make("b", {}, percent(part, chars)), make("small", {}, say("passages_n", { n: cell.n })));
  const box = make("td", {}, link);
  box.style.setProperty("--share", Math.min(1, Math.sqrt(part / Math.max(chars, 1))).toFixed(3));
  return box;
}

/** Give the tab stop of the matrix to the cell at column x, row y, or the next one in that direction. */
function focusCell(x, y, focus = true) {
  const links = [...byId("matrix").querySelectorAll("a")];
  if (!links.length) return;
  const distance = (link) => Math.abs(link.dataset.x - x) + Math.abs(link.dataset.y - y);
  const link = links.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  for (const other of links) other.tabIndex = other === link ? 0 : -1;
  state.cell = [Number(link.dataset.x), Number(link.dataset.y)];
  if (focus) link.focus();
}

byId("matrix").addEventListener("keydown", (event) => {
  const link = event.target.closest("a");
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] || [0, 0];
  if (!link || (!dx && !dy)) return;
  event.preventDefault();
  const [x, y] = [Number(link.dataset.x), Number(link.dataset.y)];
  const ahead = [...byId("matrix").querySelectorAll("a")].filter((other) => (dx
    ? Number(other.dataset.y) === y && (other.dataset.x - x) * dx > 0 : Number(other.dataset.x) === x && (other.dataset.y - y) * dy > 0));
  ahead.sort((a, b) => (dx ? (a.dataset.x - b.dataset.x) * dx : (a.dataset.y - b.dataset.y) * dy));
  if (ahead.length) focusCell(Number(ahead[0].dataset.x), Number(ahead[0].dataset.y));
});
