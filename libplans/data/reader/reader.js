/* The page: which view is shown, what is chosen, and how keys, links and filters change it. */

const state = { view: "matrix", target: -1, source: -1, all: [], shown: [], selected: null, swaps: [], cell: [0, 0] };
const panes = { left: new Pane(byId("left"), "t", choose), right: new Pane(byId("right"), "s", choose) };
panes.left.other = panes.right;
panes.right.other = panes.left;
const ribbons = new Ribbons(byId("ribbons"), choose, () => ribbons.follow());
ribbons.panes = [panes.left, panes.right];

/* ---------------------------------------------------------------- a pair */

function showView(view) {
  state.view = view;
  document.body.dataset.view = view;
  byId("matrix-view").hidden = view !== "matrix";
  byId("pair-view").hidden = byId("pickers").hidden = view !== "pair";
}

function showMatrix() {
  const back = state.view === "pair";
  showView("matrix");
  Object.assign(state, { target: -1, source: -1, selected: null, all: [], shown: [] });
  document.title = say("title");
  focusCell(...state.cell, back);
}

function openPair(target, source) {
  showView("pair");
  Object.assign(state, { target, source, all: passagesOf(target, source), selected: null, swaps: swapsOf(target, source) });
  panes.left.load(planOf(target), source);
  panes.right.load(planOf(source), target);
  byId("section").value = "";
  byId("show").value = "all";
  namePair();
  drawSections();
  search();
  applyFilter();
  byId("pair-title").focus({ preventScroll: true });
}

function namePair() {
  const title = say("pair_title", { target: planName(state.target), source: planName(state.source) });
  byId("pair-title").textContent = title;
  document.title = `${title} · ${say("title")}`;
  for (const [id, chosen] of [["pick-target", state.target], ["pick-source", state.source]]) {
    byId(id).replaceChildren(...INDEX.plans.map((plan, i) => make("option", { value: i, selected: i === chosen }, planName(i))));
    byId(id).value = String(chosen);
  }
}

function drawSections() {
  const before = byId("section").value;
  const groups = [["t", panes.left.plan], ["s", panes.right.plan]].map(([side, plan]) => {
    const group = make("optgroup", { label: planName(plan.i) });
    plan.sections.forEach((section, k) => {
      if (section.depth < 1 || section.depth > 3 || !section.label) return;
      const label = section.label.length > 32 ? `${section.label.slice(0, 31)}…` : section.label;
      group.append(make("option", { value: `${side}${k + 1}`, lang: "zh-Hans" }, "\u2003".repeat(section.depth - 1) + label));
    });
    return group;
  });
  byId("section").replaceChildren(make("option", { value: "" }, say("whole")), ...groups);
  byId("section").value = before;
  if (byId("section").selectedIndex < 0) byId("section").value = "";
}

function readFilter() {
  const section = byId("section").value;
  return {
    kinds: new Set([...document.querySelectorAll("input[name=kind]:checked")].map((box) => box.value)),
    least: Math.max(0, Number(byId("least").value) || 0),
    section: { side: section.slice(0, 1), number: Number(section.slice(1)) || 0 },
  };
}

/** Show the passages that pass the filter, and their sums: each plan's as it counts as target, so that they agree with reuse.csv. */
function applyFilter() {
  const filter = readFilter();
  const [left, right] = [panes.left.plan, panes.right.plan];
  state.shown = state.all.filter((passage) => passes(passage, filter, left, right));
  const sectionOf = (side) => (filter.section.side === side ? filter.section.number : 0);
  const fromRight = state.all.filter((passage) => passes(passage, filter, left, right, "s"));
  const sums = { left: coverage(left, state.shown, "t", sectionOf("t")), right: coverage(right, fromRight, "s", sectionOf("s")) };
  panes.left.mark(state.shown, sums.left.cover);
  panes.right.mark(state.shown, coverage(right, state.shown, "s", 0).cover);
  for (const id of ["left", "right"]) byId(id).dataset.show = byId("show").value;
  drawSums(sums, filter);
  if (state.selected && !state.shown.includes(state.selected)) choose(null);
  else drawCard();
  ribbons.draw(left, right, state.shown, state.selected);
}

function drawSums(sums, filter) {
  const side = (name, key) => {
    const { sums: [v, a, f], whole } = sums[name];
    const parts = [v, a, f].map((part, k) => [part, KINDS[k]]).filter(([, kind]) => filter.kinds.has(kind));
    const kinds = parts.map(([part, kind]) => `${say(`kind_${kind}`)} ${percent(part, whole)}`).join(say("and"));
    const reused = (filter.kinds.has("v") ? v : 0) + (filter.kinds.has("a") ? a : 0);
    const onlyFormula = filter.kinds.size === 1 && filter.kinds.has("f");
    const scope = say(filter.section.side === key && filter.section.number ? "scope_section" : "scope_all");
    return say("side", { plan: planName(panes[name].plan.i), chars: count(onlyFormula ? f : reused), share: percent(onlyFormula ? f : reused, whole), scope })
      + say("side_kinds", { kinds });
  };
  byId("sums").textContent = say("sums", { n: state.shown.length, of: state.all.length }) + side("left", "t") + say("between") + side("right", "s") + say("stop").trim();
}

/* ---------------------------------------------------------------- a passage */

/** Choose a passage (null: none): both sides line up, the differences are marked, the card says what is known. */
function choose(passage, from = null) {
  if (passage && !state.shown.includes(passage)) {
    for (const box of document.querySelectorAll("input[name=kind]")) box.checked = box.checked || box.value === passage.kind;
    byId("section").value = "";
    byId("least").value = String(Math.min(Number(byId("least").value) || 0, passage.matched));
    state.selected = null;
    applyFilter();
  }
  state.selected = passage;
  if (passage && byId("show").value !== "all") {
    const hidden = [panes.left, panes.right].some((pane) => pane.anchor(passage).getClientRects().length === 0);
    if (hidden) {
      byId("show").value = "all";
      for (const id of ["left", "right"]) byId(id).dataset.show = "all";
    }
  }
  panes.left.select(passage);
  panes.right.select(passage);
  drawCard();
  ribbons.draw(panes.left.plan, panes.right.plan, state.shown, passage);
  const hash = hashOf(state.target, state.source, passage);
  if (location.hash !== hash) history.replaceState(null, "", hash);
  if (!passage) return;
  lineUp(passage);
  const pane = from || panes.left;
  const tag = pane.element.querySelector(`button.tag[data-p="${passage.n}"]`);
  if (tag) tag.focus({ preventScroll: true });
}

/** Bring the first lines of a passage to the same height in both columns. */
function lineUp(passage) {
  const [left, right] = [panes.left, panes.right].map((pane) => pane.depthOf(pane.anchor(passage)));
  const height = Math.min(panes.left.element.clientHeight, panes.right.element.clientHeight);
  const y = Math.min(0.28 * height, left, right);
  panes.left.element.scrollTop = left - y;
  panes.right.element.scrollTop = right - y;
  ribbons.follow();
}

function step(by) {
  const list = state.shown;
  if (!list.length) return;
  const at = list.indexOf(state.selected);
  choose(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)]);
}

/* ---------------------------------------------------------------- search */

function search() {
  const words = byId("search").value.trim();
  const found = [panes.left, panes.right].map((pane) => pane.find(words));
  byId("hits").textContent = words ? (found[0] + found[1] ? say("hits", { n: 0, of: found[0] + found[1] }) : say("no_hits")) : "";
  ribbons.follow();
}

function stepHit(by) {
  const [left, right] = [panes.left, panes.right];
  const all = left.hits.length + right.hits.length;
  if (!all) return;
  const now = left.hit >= 0 ? left.hit : right.hit >= 0 ? left.hits.length + right.hit : by > 0 ? -1 : all;
  const next = (now + by + all) % all;
  if (byId("show").value !== "all") {
    byId("show").value = "all";
    for (const id of ["left", "right"]) byId(id).dataset.show = "all";
  }
  left.showHit(next < left.hits.length ? next : -1);
  right.showHit(next < left.hits.length ? -1 : next - left.hits.length);
  byId("hits").textContent = say("hits", { n: next + 1, of: all });
  ribbons.follow();
}

/* ---------------------------------------------------------------- language, keys, events */

function setLanguage(to, redraw = true) {
  language = to;
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
  byId("language").textContent = to === "zh" ? "English" : "中文";
  byId("language").lang = to === "zh" ? "en" : "zh-Hans";
  byId("help-list").replaceChildren(...["h_click", "h_kind", "h_j", "h_slash", "h_arrow", "h_own", "h_cite"].map((key) => make("li", {}, say(key))));
  document.title = say("title");
  drawMatrix();
  if (!redraw || state.view !== "pair") return;
  const { selected } = state;
  namePair();
  drawSections();
  for (const pane of [panes.left, panes.right]) {
    pane.element.setAttribute("aria-label", planTitle(pane.plan.i));
    pane.element.querySelector("h2").textContent = planTitle(pane.plan.i);
  }
  search();
  applyFilter();
  choose(selected);
}

function toggleHelp(open = byId("help").hidden) {
  byId("help").hidden = !open;
  byId("help-button").setAttribute("aria-expanded", String(open));
}

const KEYS = {
  j: () => step(1), k: () => step(-1), n: () => stepHit(1), p: () => stepHit(-1),
  x: () => { location.hash = hashOf(state.source, state.target, state.selected && { t: state.selected.s, s: state.selected.t }); },
  "/": () => { byId("tools").open = true; byId("search").focus(); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.key === "Escape") {
    if (!byId("help").hidden) toggleHelp(false);
    else if (typing) event.target.blur();
    else if (state.selected) choose(null);
    else if (state.view === "pair") location.hash = "";
  } else if (typing) {
    if (event.target.id === "search" && event.key === "Enter") {
      event.preventDefault();
      stepHit(event.shiftKey ? -1 : 1);
    }
  } else if (event.key === "?") toggleHelp();
  else if (state.view === "pair" && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

/** The right-hand or left-hand plan was picked anew: open that pair (where they are the same, the sides change). */
function pick() {
  let [target, source] = [Number(byId("pick-target").value), Number(byId("pick-source").value)];
  if (target === source) [target, source] = target === state.target ? [state.source, state.target] : [source, state.target];
  location.hash = hashOf(target, source);
}

byId("language").addEventListener("click", () => setLanguage(language === "zh" ? "en" : "zh"));
byId("help-button").addEventListener("click", () => toggleHelp());
byId("with-formula").addEventListener("change", drawMatrix);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("search").addEventListener("input", search);
for (const id of ["section", "show"]) byId(id).addEventListener("change", applyFilter);
byId("least").addEventListener("input", applyFilter);
for (const box of document.querySelectorAll("input[name=kind]")) box.addEventListener("change", applyFilter);
for (const id of ["pick-target", "pick-source"]) byId(id).addEventListener("change", pick);
byId("swap").addEventListener("click", () => KEYS.x());
byId("hit-next").addEventListener("click", () => stepHit(1));
byId("hit-previous").addEventListener("click", () => stepHit(-1));
byId("next").addEventListener("click", () => step(1));
byId("previous").addEventListener("click", () => step(-1));
byId("close").addEventListener("click", () => choose(null));
byId("cite").addEventListener("click", cite);
document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); byId("main").focus(); });
byId("to-matrix").addEventListener("click", (event) => { event.preventDefault(); location.hash = ""; });
let waiting = false;
for (const pane of [panes.left, panes.right]) {
  pane.element.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (state.view === "pair") ribbons.follow(); });
  }, { passive: true });
}
new ResizeObserver(() => {
  if (state.view === "pair") ribbons.draw(panes.left.plan, panes.right.plan, state.shown, state.selected);
}).observe(byId("ribbons"));
window.addEventListener("hashchange", route);

const openedIn = language;
const narrow = window.matchMedia("(max-width: 700px)");
if (narrow.matches) byId("tools").open = false;
narrow.addEventListener("change", () => { byId("tools").open = !narrow.matches; });
let lastWidth = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === lastWidth) return; // only the bar of a phone's browser came or went
  lastWidth = window.innerWidth;
  if (state.view === "pair" && state.selected) lineUp(state.selected);
});
setLanguage(language, false);
route();
