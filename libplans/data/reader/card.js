/* The card: what is known of the chosen passage, or of the pair while none is chosen. */

function drawCard() {
  const passage = state.selected;
  byId("cite").hidden = byId("close").hidden = !passage;
  byId("cited").textContent = "";
  byId("card-title").textContent = passage ? say("passage_title", {
    n: passage.n, kind: say(`kind_${passage.kind}`), matched: count(passage.matched), identity: passage.identity.toFixed(2) }) : say("none");
  byId("card-body").replaceChildren(...(passage ? passageCard(passage) : pairCard()));
  byId("card-body").scrollTop = 0;
}

function passageCard(passage) {
  const places = [["left", "t"], ["right", "s"]].map(([name, side]) => placeLine(panes[name].plan, passage[side]));
  const parts = [make("dl", { className: "places" }, ...places.flat())];
  if (passage.otherKind !== passage.kind) parts.push(make("p", {}, say("kind_other", { there: planName(state.source), kind: say(`kind_${passage.otherKind}`) })));
  parts.push(...listOf("swaps", ownSwaps(passage.swaps.map((n) => state.swaps[n])).filter((swap) => swap.here && swap.there).map(swapItem)));
  const touched = [panes.left, panes.right].flatMap((pane) => pane.leftovers.filter((l) => l.start < passage[pane.side].end && l.end > passage[pane.side].start)
    .map((l) => leftoverItem(pane, l)));
  parts.push(...listOf("leftovers", touched), changeList(passage), ...familyList(passage));
  return parts;
}

function placeLine(plan, side) {
  const path = [];
  for (let section = plan.sentences[sentenceAt(plan, side.start)].section; section > 1; section = plan.sections[section - 1].parent) path.unshift(plan.sections[section - 1].label);
  return [make("dt", {}, planName(plan.i)), make("dd", {}, make("span", { lang: "zh-Hans" }, path.filter(Boolean).join(" / ")), " ",
    make("small", {}, say("place", { start: side.rawStart, end: side.rawEnd })))];
}

function listOf(key, items) {
  return items.length ? [make("h3", {}, say(key)), make("ul", { className: key }, ...items)] : [];
}

function swapItem(swap) {
  return make("li", {}, make("span", { lang: "zh-Hans" }, say("swap", { there: swap.there || say("nothing_there"), here: swap.here || say("nothing_there") })),
    " ", make("small", {}, say("times", { n: swap.times })));
}

function leftoverItem(pane, leftover) {
  const owner = leftover.owner >= 0 ? say("belongs", { plan: planName(leftover.owner) }) : "";
  const item = make("li", {}, make("b", { className: "leftover", lang: "zh-Hans" }, leftover.text), " ", planName(pane.plan.i), " · ",
    [owner, say(leftover.strength)].filter(Boolean).join(say("and")), " ", make("small", { lang: "en" }, leftover.evidence), " ");
  if (leftover.end > leftover.start) {
    const go = make("button", { type: "button" }, say("go"));
    go.addEventListener("click", () => pane.revealSentence(sentenceAt(pane.plan, leftover.start)));
    item.append(go);
  }
  return item;
}

function changeList(passage) {
  const wording = ({ t, s }) => [panes.left.plan.text.slice(...t), panes.right.plan.text.slice(...s)];
  const real = passage.pieces.map(wording).filter((pair) => pair.some((text) => /[\p{L}\p{N}]/u.test(text)));
  if (!real.length) return make("p", {}, say(passage.pieces.length ? "same" : "same_all"));
  const names = [planName(state.target), planName(state.source)];
  const items = real.map((pair) => make("li", {}, ...pair.flatMap((text, k) =>
    (text.trim() ? [make("span", { className: "who" }, names[k]), " ", make("span", { className: "differs", lang: "zh-Hans" }, text), " "] : []))));
  return make("details", { open: true }, make("summary", {}, say("changes", { n: real.length })), make("ul", { className: "changes" }, ...items));
}

function familyList(passage) {
  const members = (INDEX.families[String(passage.family)] || []).filter(([number]) => number !== passage.number);
  const items = members.slice(0, 12).map(([number, i, j]) => {
    const [t, s] = INDEX.plans[i].role === "reference" ? [j, i] : [i, j];
    return make("li", {}, make("a", { href: `${hashOf(t, s)}&passage=${number}` }, say("pair_title", { target: planName(t), source: planName(s) })));
  });
  return listOf("family", items);
}

/** What is known of the pair as a whole, shown while no passage is chosen. */
function pairCard() {
  const swaps = ownSwaps(state.swaps);
  const named = swaps.filter((swap) => ["name", "region", "wording"].includes(swap.kind));
  const rest = swaps.filter((swap) => !named.includes(swap));
  const parts = listOf("pair_swaps", named.map(swapItem));
  for (const pane of [panes.left, panes.right]) {
    const { plan } = pane;
    const other = pane.other.plan.i;
    const items = plan.leftovers.filter((l) => l.owner === other || l.owner < 0).map((l) => leftoverItem(pane, l));
    if (items.length) parts.push(make("h3", {}, say("marks_of", { plan: planName(plan.i) })), make("ul", { className: "leftovers" }, ...items));
  }
  if (rest.length) parts.push(make("details", {}, make("summary", {}, `${say("other_swaps")} (${rest.length})`), make("ul", { className: "swaps" }, ...rest.map(swapItem))));
  return parts;
}

async function cite() {
  const address = location.href;
  try {
    await navigator.clipboard.writeText(address);
    byId("cited").textContent = say("cited");
  } catch {
    const field = make("input", { type: "text", readOnly: true, value: address, "aria-label": say("cite") });
    byId("cited").replaceChildren(say("cite_here"), field);
    field.select();
  }
}
