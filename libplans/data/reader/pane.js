/* One column: a plan's full text with its headings, and the marks in it. */

const byId = (id) => document.getElementById(id);

/** A new element with properties, attributes (names with "-" or "role") and children (nodes or strings; never markup). */
function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.includes("-") || name === "role" || name === "lang" || name === "scope") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

class Pane {
  /** `side` is "t" (left, the target) or "s" (right, the source); `chosen(passage)` is called on a click. */
  constructor(element, side, chosen) {
    Object.assign(this, { element, side, plan: null, passages: [], hits: [], hit: -1, selected: null, leftovers: [] });
    element.addEventListener("click", (event) => {
      const place = event.target.closest("[data-p]");
      if (!place || (window.getSelection() && String(window.getSelection()))) return;
      const passage = this.passages.find((p) => p.n === Number(place.dataset.p));
      if (passage) chosen(passage, this);
    });
  }

  /** Build the text of a plan. The marks come with `mark`. */
  load(plan, other) {
    Object.assign(this, { plan, passages: [], hits: [], hit: -1, selected: null });
    this.leftovers = plan.leftovers.filter((l) => l.end > l.start && (l.owner === other || l.owner < 0));
    this.slots = [];
    const body = make("div", { className: "text" }, make("h2", {}, planTitle(plan.i)));
    let block = null;
    let kind = "";
    for (const sentence of plan.sentences) {
      const joins = block && sentence.kind === kind && (kind === "t" || (kind !== "h" && !sentence.opens));
      if (!joins) {
        block = this.blockFor(sentence);
        kind = sentence.kind;
        body.append(kind === "t" ? make("div", { className: "scroller" }, block) : block);
      }
      block.append(this.holderFor(sentence));
    }
    this.element.replaceChildren(body);
    this.element.setAttribute("aria-label", planTitle(plan.i));
    this.element.scrollTop = 0;
    this.fillAll();
  }

  blockFor(sentence) {
    if (sentence.kind === "t") return make("table");
    if (sentence.kind !== "h") return make("p", { className: sentence.kind === "n" ? "footnote" : "" });
    return make(`h${Math.min(6, Math.max(3, 2 + this.plan.sections[sentence.section - 1].depth))}`);
  }

  /** The element of a sentence; its slots are the elements that hold its text (the cells, in a row of a table). */
  holderFor(sentence) {
    if (sentence.kind !== "t") {
      const span = make("span", { className: "sentence" });
      this.slots.push({ holder: span, parts: [{ element: span, start: sentence.start, end: sentence.end }] });
      return span;
    }
    let start = sentence.start;
    const parts = this.plan.text.slice(sentence.start, sentence.end).split("\t").map((cell) => {
      const part = { element: make("td"), start, end: start + cell.length };
      start = part.end + 1;
      return part;
    });
    const row = make("tr", { className: "sentence" }, ...parts.map((part) => part.element));
    this.slots.push({ holder: row, parts });
    return row;
  }

  /** Show these passages (and no others) as marked; `shared` and `rest` tell the sentences apart. */
  mark(passages, cover) {
    this.passages = passages;
    this.bySentence = new Map();
    this.opens = new Map(passages.map((p) => [p, this.firstShown(p[this.side].start)]));
    for (const passage of passages) {
      for (const k of this.sentencesOf(passage[this.side])) {
        if (!this.bySentence.has(k)) this.bySentence.set(k, []);
        this.bySentence.get(k).push(passage);
      }
    }
    for (const list of this.bySentence.values()) list.sort((p, q) => this.length(p) - this.length(q) || p.n - q.n);
    this.plan.sentences.forEach((sentence, k) => {
      let [all, covered] = [0, 0];
      for (let place = sentence.start; place < sentence.end; place += 1) {
        all += this.plan.weights[place];
        if (cover[place] < 3) covered += this.plan.weights[place];
      }
      const { classList } = this.slots[k].holder;
      const heading = sentence.kind === "h";
      classList.toggle("shared", heading || this.bySentence.has(k));
      classList.toggle("rest", heading || covered * 2 < all);
      classList.toggle("own", heading || sentence.code === "o" || (sentence.code === "-" && covered * 2 < all));
    });
    this.fillAll();
  }

  length(passage) {
    return passage[this.side].end - passage[this.side].start;
  }

  sentencesOf({ start, end }) {
    const found = [];
    for (let k = sentenceAt(this.plan, start); k < this.plan.sentences.length && this.plan.sentences[k].start < end; k += 1) found.push(k);
    return found;
  }

  fillAll() {
    this.slots.forEach((slot, k) => this.fill(k));
  }

  /** Choose a passage (or none): only the sentences that change are drawn again (the first passage keeps the tab stop if none is). */
  select(passage) {
    const before = this.selected;
    this.selected = passage;
    const touched = new Set([before, passage, this.passages[0]].filter(Boolean).flatMap((p) => this.sentencesOf(p[this.side])));
    for (const k of touched) this.fill(k);
  }

  /** Mark search hits; returns their number. */
  find(words) {
    const before = this.hits;
    this.hits = searchText(this.plan.text, words).map(([start, end]) => ({ start, end }));
    this.hit = -1;
    const touched = new Set([...before, ...this.hits].flatMap((hit) => this.sentencesOf(hit)));
    for (const k of touched) this.fill(k);
    return this.hits.length;
  }

  /** Make hit number `k` (or none, -1) the current one. */
  showHit(k) {
    const touched = [this.hit, k].filter((n) => n >= 0).flatMap((n) => this.sentencesOf(this.hits[n]));
    this.hit = k;
    for (const sentence of touched) this.fill(sentence);
    if (k >= 0) this.reveal(this.element.querySelector(".hit.current"), 0.4);
  }

  /** Draw one sentence: its text cut where a mark begins or ends. */
  fill(k) {
    const sentence = this.plan.sentences[k];
    const marks = {
      passages: (this.bySentence && this.bySentence.get(k)) || [],
      leftovers: this.leftovers.filter((l) => l.start < sentence.end && l.end > sentence.start),
      hits: this.hits.filter((hit) => hit.start < sentence.end && hit.end > sentence.start),
      pieces: [],
    };
    const chosen = this.selected && marks.passages.includes(this.selected) ? this.selected : null;
    if (chosen) marks.pieces = chosen.pieces.map((piece) => ({ start: piece[this.side][0], end: piece[this.side][1], piece }));
    for (const part of this.slots[k].parts) part.element.replaceChildren(...this.cut(part, marks, chosen));
  }

  cut(part, marks, chosen) {
    const cuts = new Set([part.start, part.end]);
    const spans = [...marks.passages.map((p) => p[this.side]), ...marks.leftovers, ...marks.hits, ...marks.pieces];
    for (const { start, end } of spans) for (const at of [start, end]) if (at > part.start && at < part.end) cuts.add(at);
    const places = [...cuts].sort((a, b) => a - b);
    const nodes = [];
    places.forEach((start, n) => {
      if (start < part.end) nodes.push(...marks.passages.filter((p) => this.opens.get(p) === start).map((p) => this.tag(p)));
      if (chosen && (start < part.end || start === chosen[this.side].end)) nodes.push(...this.gaps(marks.pieces, start));
      const end = places[n + 1];
      if (end !== undefined && end > start) nodes.push(this.piece(start, end, marks, chosen));
    });
    return nodes;
  }

  /** The first place at or behind `start` at which text is shown (a place between two cells has none). */
  firstShown(start) {
    for (let k = sentenceAt(this.plan, start); k < this.slots.length; k += 1) {
      const part = this.slots[k].parts.find(({ end }) => end > start);
      if (part) return Math.max(start, part.start);
    }
    return start;
  }

  tag(passage) {
    const { n } = passage;
    const { kind } = passage;
    const current = passage === this.selected;
    const stop = passage === (this.selected || this.passages[0]);
    return make("button", {
      type: "button", className: `tag k-${kind}${current ? " current" : ""}`, "data-p": n, tabIndex: stop ? 0 : -1,
      "aria-label": say("tag", { n, kind: say(`kind_${kind}`) }), "aria-pressed": String(current),
    }, `${say(`letter_${kind}`)}${n}`);
  }

  /** Bars where the other side has text that this side lacks. */
  gaps(pieces, at) {
    return pieces.filter(({ start, end }) => start === end && start === at).map(({ piece }) => {
      const text = this.other.plan.text.slice(...piece[this.side === "t" ? "s" : "t"]);
      return make("span", { className: "gap", title: `${say("only_here", { plan: planName(this.other.plan.i) })}: ${text}`, "aria-hidden": "true" });
    });
  }

  piece(start, end, marks, chosen) {
    const text = this.plan.text.slice(start, end);
    const covers = (span) => span.start <= start && span.end >= end;
    const passages = marks.passages.filter((p) => covers(p[this.side]));
    const classes = [];
    const options = {};
    if (passages.length) {
      const best = KINDS.find((kind) => passages.some((p) => p.kind === kind));
      const owner = chosen && passages.includes(chosen) ? chosen : passages[0];
      classes.push("shared-text", `k-${owner === chosen ? chosen.kind : best}`);
      options["data-p"] = owner.n;
      if (owner === chosen) classes.push("chosen");
    }
    if (marks.pieces.some(covers)) classes.push(/[\p{L}\p{N}]/u.test(text) ? "differs" : "differs slight");
    const leftover = marks.leftovers.find(covers);
    if (leftover) {
      classes.push("leftover");
      options.title = `${say("leftovers")}: ${leftover.evidence}`;
    }
    const hit = marks.hits.find(covers);
    if (hit) classes.push(hit === this.hits[this.hit] ? "hit current" : "hit");
    return classes.length ? make("span", { className: classes.join(" "), ...options }, text) : document.createTextNode(text);
  }

  /** The first piece of a passage in this column. */
  anchor(passage) {
    let node = this.element.querySelector(`button.tag[data-p="${passage.n}"]`);
    while (node && !node.classList.contains("shared-text") && node.nextElementSibling) node = node.nextElementSibling;
    return node;
  }

  /** How far below the top of the text an element's first line begins. */
  depthOf(element) {
    const box = element.getClientRects()[0] || element.getBoundingClientRect();
    return box.top - this.element.getBoundingClientRect().top - this.element.clientTop + this.element.scrollTop;
  }

  /** Scroll so that `element` stands at `share` of the height. */
  reveal(element, share) {
    if (element) this.element.scrollTop = this.depthOf(element) - share * this.element.clientHeight;
  }

  /** Scroll so that sentence `k` stands near the top. */
  revealSentence(k) {
    this.reveal(this.slots[k].holder, 0.1);
  }

  /** The places [first, last] of the text that can be seen now. */
  window() {
    const top = this.element.getBoundingClientRect().top;
    const at = (height) => {
      let [low, high] = [0, this.slots.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.slots[middle].holder.getBoundingClientRect().bottom < top + height) low = middle + 1;
        else high = middle;
      }
      return this.plan.sentences[low];
    };
    if (!this.slots.length) return [0, 0];
    return [at(1).start, at(this.element.clientHeight).end];
  }
}
