/* The map between the columns: where in each plan the passages lie. Both edges are the whole plans, top to bottom. */

/** A new shape with attributes and children, in the namespace of the map (an address is nowhere written out). */
function shape(tag, attributes, ...children) {
  const element = document.createElementNS(document.getElementById("ribbons").namespaceURI, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

class Ribbons {
  constructor(element, chosen, scrolled) {
    Object.assign(this, { element, left: null, right: null, passages: [], chosen, scrolled });
    element.addEventListener("click", (event) => this.clicked(event));
  }

  /** Draw the ribbons of these passages; the chosen one last, on top. */
  draw(left, right, passages, selected) {
    Object.assign(this, { left, right, passages, selected });
    const { clientWidth: width, clientHeight: height } = this.element;
    Object.assign(this, { width, height });
    this.element.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
    const order = [...passages].sort((p, q) => KINDS.indexOf(q.kind) - KINDS.indexOf(p.kind) || p.n - q.n);
    if (selected && passages.includes(selected)) order.push(...order.splice(order.indexOf(selected), 1));
    const windows = [shape("rect", { class: "window", x: 0, width: 8 }), shape("rect", { class: "window", x: width - 8, width: 8 })];
    this.windows = windows;
    this.element.replaceChildren(this.patterns(), ...this.chapters(left, 0), ...this.chapters(right, width - 8),
      ...order.map((passage) => this.ribbon(passage)), ...windows);
    this.follow();
  }

  patterns() {
    const hatch = shape("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      shape("rect", { class: "ground", width: 5, height: 5 }), shape("rect", { class: "ink", width: 2.2, height: 5 }));
    const dots = shape("pattern", { id: "dots", width: 5, height: 5, patternUnits: "userSpaceOnUse" },
      shape("rect", { class: "ground", width: 5, height: 5 }), shape("circle", { class: "ink", cx: 2.5, cy: 2.5, r: 1.1 }));
    return shape("defs", {}, hatch, dots);
  }

  /** The rail of a plan, cut at its chapters. */
  chapters(plan, x) {
    const starts = plan.sentences.filter((sentence, k) => k && sentence.section !== plan.sentences[k - 1].section
      && plan.sections[sentence.section - 1].depth === 1).map((sentence) => this.height * (sentence.start / plan.text.length));
    return [shape("rect", { class: "rail", x, y: 0, width: 8, height: this.height }),
      ...starts.map((y) => shape("line", { class: "chapter", x1: x, x2: x + 8, y1: y, y2: y }))];
  }

  /** Top and bottom of a span on its edge, at least two pixels apart. */
  edge(plan, span) {
    const top = this.height * (span.start / plan.text.length);
    return [top, Math.max(this.height * (span.end / plan.text.length), top + 2)];
  }

  ribbon(passage) {
    const [a, b] = this.edge(this.left, passage.t);
    const [c, d] = this.edge(this.right, passage.s);
    const [x, y, middle] = [8, this.width - 8, this.width / 2];
    const fixed = (value) => value.toFixed(1);
    const path = `M${x} ${fixed(a)}C${middle} ${fixed(a)} ${middle} ${fixed(c)} ${y} ${fixed(c)}L${y} ${fixed(d)}C${middle} ${fixed(d)} ${middle} ${fixed(b)} ${x} ${fixed(b)}Z`;
    const title = shape("title", {});
    title.textContent = say("tag", { n: passage.n, kind: say(`kind_${passage.kind}`) });
    return shape("path", { class: `ribbon k-${passage.kind}${passage === this.selected ? " chosen" : ""}`, d: path, "data-p": passage.n }, title);
  }

  /** Show which part of each plan can be seen. */
  follow() {
    if (!this.panes || !this.windows) return;
    this.panes.forEach((pane, k) => {
      const [first, last] = pane.window();
      const [top, bottom] = this.edge(pane.plan, { start: first, end: last });
      this.windows[k].setAttribute("y", top);
      this.windows[k].setAttribute("height", Math.max(bottom - top, 3));
    });
  }

  clicked(event) {
    const path = event.target.closest("[data-p]");
    const passage = path && this.passages.find((p) => p.n === Number(path.dataset.p));
    if (passage) {
      this.chosen(passage);
      return;
    }
    const box = this.element.getBoundingClientRect();
    const pane = this.panes[event.clientX - box.left < box.width / 2 ? 0 : 1];
    const place = ((event.clientY - box.top) / box.height) * pane.plan.text.length;
    pane.revealSentence(sentenceAt(pane.plan, Math.floor(place)));
    this.scrolled();
  }
}
