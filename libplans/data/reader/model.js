/* The data: plans, pairs, passages, sums. Nothing here touches what is shown. */

const KINDS = ["v", "a", "f"];
const stored = new Map();

/** The parsed data element `id` (null where there is none); read when first asked for. */
function readData(id) {
  if (!stored.has(id)) {
    const element = document.getElementById(id);
    stored.set(id, element ? JSON.parse(element.textContent) : null);
  }
  return stored.get(id);
}

const INDEX = readData("index");
const planName = (i) => INDEX.plans[i][language];
const planTitle = (i) => INDEX.plans[i][`title_${language}`];
const plans = new Map();

/** A plan ready to be shown: text, sentences with their places, sections, body weights, coding, leftovers. */
function planOf(i) {
  if (plans.has(i)) return plans.get(i);
  const data = readData(`plan-${i}`);
  let at = 0;
  const sentences = data.sentences.map((length, k) => {
    const start = at;
    at += length;
    return { k, start, end: at, kind: data.kinds[k], opens: data.breaks[k] === "1", section: data.section[k], code: data.coding[k] };
  });
  const sections = data.sections.map(([depth, parent, label]) => ({ depth, parent, label }));
  const leftovers = data.leftovers.map(([start, end, owner, name, evidence, strength, rawStart, rawEnd, text]) =>
    ({ start, end, owner, name, evidence, strength, rawStart, rawEnd, text }));
  const plan = { i, text: data.text, sentences, sections, leftovers, weights: weightsOf(data), total: INDEX.plans[i].chars };
  plans.set(i, plan);
  return plan;
}

/** How many body characters each place of the text counts for. */
function weightsOf(data) {
  const weights = new Uint8Array(data.text.length);
  const [runs, heavy] = data.body;
  let at = 0;
  runs.forEach((length, k) => {
    if (k % 2) weights.fill(1, at, at + length);
    at += length;
  });
  for (const [place, weight] of heavy) weights[place] = weight;
  return weights;
}

const pairData = (a, b) => readData(`pair-${Math.min(a, b)}-${Math.max(a, b)}`);

/** The passages of two plans seen from `target`, in its order: spans `t` and `s`, numbered from 1. */
function passagesOf(target, source) {
  const data = pairData(target, source);
  if (!data) return [];
  const flip = target > source;
  const list = data.passages.map((row) => {
    const [number, kindI, kindJ, matched, identity, family, ...rest] = row;
    const sides = [
      { start: rest[0], end: rest[1], rawStart: rest[4], rawEnd: rest[5] },
      { start: rest[2], end: rest[3], rawStart: rest[6], rawEnd: rest[7] },
    ];
    const kinds = flip ? [kindJ, kindI] : [kindI, kindJ];
    return {
      number, matched, identity, family, swaps: rest[8], pieces: piecesOf(rest[9], sides, flip),
      kind: kinds[0] || kinds[1], otherKind: kinds[1] || kinds[0], t: sides[flip ? 1 : 0], s: sides[flip ? 0 : 1],
    };
  });
  list.sort((p, q) => p.t.start - q.t.start || p.s.start - q.s.start || p.number - q.number);
  list.forEach((passage, k) => { passage.n = k + 1; });
  return list;
}

/** The differences of a passage: places {t: [start, end], s: [start, end]} in the two texts. */
function piecesOf(steps, sides, flip) {
  const pieces = [];
  let [x, y] = [sides[0].start, sides[1].start];
  for (let k = 0; k < steps.length; k += 4) {
    x += steps[k];
    y += steps[k + 2];
    const [left, right] = [[x, x + steps[k + 1]], [y, y + steps[k + 3]]];
    if (left[0] < left[1] || right[0] < right[1]) pieces.push(flip ? { t: right, s: left } : { t: left, s: right });
    [x, y] = [left[1], right[1]];
  }
  return pieces;
}

/** The swaps of two plans: {here (wording in the target), there, times, kind}; `seen` where they are counted for this target. */
function swapsOf(target, source) {
  const data = pairData(target, source);
  const low = Number(target < source);
  return (data ? data.swaps : []).map(([first, times, ours, theirs, kind]) => (first === low
    ? { here: ours, there: theirs, times, kind, seen: true } : { here: theirs, there: ours, times, kind, seen: false }));
}

/** Those counted for the target; where there are none (a reference has no swaps of its own), those of the other side. */
function ownSwaps(swaps) {
  const seen = swaps.filter((swap) => swap.seen);
  return seen.length ? seen : swaps;
}

/** Whether section `inner` of a plan is `outer` or stands under it (0 is the whole plan). */
function within(plan, inner, outer) {
  for (let section = inner; section; section = plan.sections[section - 1].parent) if (section === outer) return true;
  return outer === 0;
}

/** The sentence of a plan in which a place stands. */
function sentenceAt(plan, place) {
  let [low, high] = [0, plan.sentences.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (plan.sentences[middle].start <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether a passage passes the filter {kinds, least, section: {side, number}}; its kind is that of `seenFrom` as target. */
function passes(passage, filter, left, right, seenFrom = "t") {
  if (!filter.kinds.has(seenFrom === "t" ? passage.kind : passage.otherKind) || passage.matched < filter.least) return false;
  if (!filter.section.number) return true;
  const [plan, side] = filter.section.side === "t" ? [left, passage.t] : [right, passage.s];
  const [first, last] = [sentenceAt(plan, side.start), sentenceAt(plan, side.end - 1)];
  for (let k = first; k <= last; k += 1) if (within(plan, plan.sentences[k].section, filter.section.number)) return true;
  return false;
}

/** Body characters of a plan that passages cover, by kind, each once and in the closest kind; `section` 0 is all. */
function coverage(plan, passages, side, section) {
  const cover = new Uint8Array(plan.text.length).fill(3);
  for (const passage of passages) {
    const kind = KINDS.indexOf(side === "t" ? passage.kind : passage.otherKind);
    for (let place = passage[side].start; place < passage[side].end; place += 1) if (kind < cover[place]) cover[place] = kind;
  }
  const sums = [0, 0, 0];
  let whole = 0;
  for (const sentence of plan.sentences) {
    if (!within(plan, sentence.section, section)) continue;
    for (let place = sentence.start; place < sentence.end; place += 1) {
      whole += plan.weights[place];
      if (cover[place] < 3) sums[cover[place]] += plan.weights[place];
    }
  }
  return { sums, whole, cover };
}

/** Places of `words` in a text, upper and lower case alike: list of [start, end]. */
function searchText(text, words) {
  const fold = (value) => [...value].map((c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join("");
  const [haystack, needle, found] = [fold(text), fold(words), []];
  if (!needle) return found;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) found.push([at, at + needle.length]);
  return found;
}
