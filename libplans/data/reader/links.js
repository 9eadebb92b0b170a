/* Links: an address for a pair or for one passage, and what an address asks for. */

/** The address of a pair, or of one passage in it: by its places in the two raw texts. */
function hashOf(target, source, passage = null) {
  const parts = [`pair=${encodeURIComponent(INDEX.plans[target].id)}~${encodeURIComponent(INDEX.plans[source].id)}`];
  if (passage) parts.push(`passage=${passage.t.rawStart}-${passage.t.rawEnd}~${passage.s.rawStart}-${passage.s.rawEnd}`);
  if (language !== openedIn) parts.push(`lang=${language}`);
  return `#${parts.join("&")}`;
}

/** The plans that a link names, whatever sign stands between them; null where they are not here. */
function plansNamed(text) {
  const ids = INDEX.plans.map((plan) => plan.id);
  for (const [t, target] of ids.entries()) {
    for (const [s, source] of ids.entries()) {
      if (t !== s && ["~", "-", ",", ":", "/", "+"].some((sign) => target + sign + source === text)) return [t, s];
    }
  }
  return null;
}

/** The passage that a link means: by its number in passages.csv, or the one that overlaps its places most. */
function passageNamed(list, text) {
  if (/^\d+$/.test(text)) return list.find((passage) => passage.number === Number(text)) || null;
  const places = text.match(/\d+/g);
  if (!places) return null;
  const [a, b, c, d] = places.map(Number);
  const over = (side, start, end) => Math.min(side.rawEnd, end) - Math.max(side.rawStart, start);
  const fit = (p) => (over(p.t, a, b) <= 0 || (d !== undefined && over(p.s, c, d) <= 0) ? 0
    : over(p.t, a, b) / (Math.max(p.t.rawEnd, b) - Math.min(p.t.rawStart, a)) + (d === undefined ? 0 : over(p.s, c, d) / (Math.max(p.s.rawEnd, d) - Math.min(p.s.rawStart, c))));
  return list.reduce((best, p) => (fit(p) > (best ? fit(best) : 0) ? p : best), null);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where in which pair passage number `n` of passages.csv is: [i, j], or null. */
function pairWith(number) {
  for (let i = 0; i < INDEX.plans.length; i += 1) {
    for (let j = i + 1; j < INDEX.plans.length; j += 1) {
      const data = pairData(i, j);
      if (data && data.passages.some((row) => row[0] === number)) return INDEX.plans[i].role === "reference" ? [j, i] : [i, j];
    }
  }
  return null;
}

/** Show what the address says. */
function route() {
  const values = new Map(location.hash.slice(1).split("&").map((part) => part.split("=")).map(([name, value = ""]) => [name, decode(value)]));
  const wanted = values.get("lang");
  if (wanted in STRINGS && wanted !== language) setLanguage(wanted, false);
  let passage = values.get("passage");
  let pair = null;
  if (/^\d+$/.test(values.get("pair") || "")) passage = passage || values.get("pair");
  else if (values.get("pair")) pair = plansNamed(values.get("pair"));
  if (!pair && /^\d+$/.test(passage || "") && !(values.get("pair") || "").match(/\D/)) pair = pairWith(Number(passage));
  if (!pair) {
    showMatrix();
    notice(values.get("pair") || passage ? say("missing_pair") : "");
    return;
  }
  if (state.view !== "pair" || state.target !== pair[0] || state.source !== pair[1]) openPair(...pair);
  if (passage) {
    const found = passageNamed(state.all, passage);
    if (found) choose(found);
    else choose(null);
    if (!found) byId("card-title").textContent = say("missing");
  } else choose(null);
}

function notice(text) {
  const old = byId("notice");
  if (old) old.remove();
  if (text) byId("matrix-title").after(make("p", { id: "notice", role: "alert" }, text));
}
