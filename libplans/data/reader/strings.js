"use strict";
/* The words of the interface, in Chinese and English. {name} is filled in. */

const STRINGS = {
  zh: {
    title: "规划文本对读", skip: "跳到正文", nav: "导航", matrix: "总表", left: "左", right: "右",
    swap_sides: "左右互换", help: "帮助", filters: "筛选与查找", kinds: "类型",
    kind_v: "逐字相同", kind_a: "改写", kind_f: "套语", kind_o: "自有文字",
    letter_v: "逐", letter_a: "改", letter_f: "套",
    matrix_intro: "每一行是一份规划：它的正文有百分之几也见于各列的规划（逐字相同与改写）。点击数字，两份规划并排对读。",
    matrix_note: "比例只说明文字相同，不说明谁抄谁。每个字只计一次；标题、目录不计。小字是相同段落的数目（含套语）。",
    matrix_caption: "行中的规划有多少文字也见于列中的规划", with_formula: "计入套语",
    any: "任一规划", own: "自有文字", plan: "规划", chars: "正文字数", passages_n: "{n} 段",
    cell: "{target}的正文有 {share} 也见于{source}，{n} 段。打开对读", nothing: "没有相同段落",
    pair_title: "{target} 与 {source}", section: "章节", whole: "全部章节", least: "至少（字）", show: "显示",
    show_all: "全文", show_shared: "只看相同的句子", show_rest: "只看对方没有的句子", show_own: "只看自有文字（各规划均无）",
    search: "查找", hit_next: "下一处", hit_previous: "上一处", hits: "{n} / {of} 处", no_hits: "无",
    sums: "显示 {n} 段，共 {of} 段。", side: "{plan}：{chars} 字，占{scope}的 {share}", scope_all: "正文", scope_section: "所选章节",
    side_kinds: "（{kinds}）", reused: "逐字相同与改写", stop: "。", between: "；", and: "，",
    passage: "段落", passage_title: "第 {n} 段，{kind}，相同 {matched} 字，一致度 {identity}", none: "点击任一带标记的文字，或按 j 键，左右对齐并标出差异。",
    hidden: "该段已被筛选条件隐藏；显示中已放宽。", missing: "链接所指的段落不存在。", missing_pair: "链接所指的规划不存在，或两者没有相同段落。",
    previous: "上一段 k", next: "下一段 j", cite: "引用链接", cited: "链接已复制", cite_here: "请复制：", close: "关闭 Esc",
    changes: "差异（{n} 处）", only_here: "仅见于{plan}", nothing_there: "（无）", same: "除标点外无差异。", same_all: "两边完全相同。",
    swaps: "替换", swap: "{there} → {here}", times: "× {n}", leftovers: "残留", belongs: "属于{plan}", strong: "强", medium: "中", weak: "弱",
    family: "同样文字还见于", pair_swaps: "两份规划之间的替换", other_swaps: "其他改动", place: "原文第 {start}–{end} 字",
    marks_of: "{plan}中的残留", kind_other: "{there}处为{kind}", no_swaps: "无", tag: "第 {n} 段，{kind}", go: "查看",
    h_j: "j / k：下一段 / 上一段；n / p：查找的下一处 / 上一处", h_slash: "/：查找；Esc：关闭段落，再按回到总表；x：左右互换；?：帮助",
    h_click: "点击带标记的文字、段号或中间的色带：两边对齐到同一高度。两栏各自滚动，互不牵制。",
    h_kind: "实线下划线（逐）：逐字相同；虚线（改）：改写；点线（套）：套语。所选段落中加框的字仅见于这一边，竖线表示对方此处另有文字。",
    h_cite: "“引用链接”给出可直接打开这一段的地址，按原文字符位置标记。", h_arrow: "总表中用方向键移动，回车打开。",
    h_own: "“对方没有的句子”：与对方相同的字不到一半的句子。“自有文字”：句子编码为自有（见 coding.csv）。",
  },
  en: {
    title: "Plans side by side", skip: "Skip to the text", nav: "Navigation", matrix: "Matrix", left: "left", right: "right",
    swap_sides: "Swap sides", help: "Help", filters: "Filter and search", kinds: "Kind",
    kind_v: "verbatim", kind_a: "adapted", kind_f: "formula", kind_o: "own words",
    letter_v: "V", letter_a: "A", letter_f: "F",
    matrix_intro: "Each row is a plan: how much of its body text also stands in the plan of each column (verbatim and adapted). A number opens the two plans side by side.",
    matrix_note: "A share says that wording is the same, not who copied from whom. Each character counts once; headings and contents do not count. The small figure is the number of shared passages (formulae included).",
    matrix_caption: "How much of the plan in the row also stands in the plan of the column", with_formula: "count formulae, too",
    any: "any plan", own: "own words", plan: "Plan", chars: "body characters", passages_n: "{n} passages",
    cell: "{share} of the body of {target} also stands in {source}, {n} passages. Open side by side", nothing: "no shared passage",
    pair_title: "{target} and {source}", section: "Section", whole: "all sections", least: "At least (characters)", show: "Show",
    show_all: "full text", show_shared: "shared sentences alone", show_rest: "sentences the other lacks", show_own: "own words (in no other plan)",
    search: "Search", hit_next: "Next hit", hit_previous: "Previous hit", hits: "{n} of {of}", no_hits: "none",
    sums: "{n} of {of} passages shown. ", side: "{plan}: {chars} characters, {share} of {scope}", scope_all: "its body", scope_section: "the section",
    side_kinds: " ({kinds})", reused: "verbatim and adapted", stop: ". ", between: "; ", and: ", ",
    passage: "Passage", passage_title: "Passage {n}, {kind}, {matched} characters match, identity {identity}", none: "Click marked text, or press j: both sides line up and the differences are marked.",
    hidden: "The filters hid this passage; they have been loosened.", missing: "The passage of the link does not exist.", missing_pair: "The plans of the link do not exist or share no passage.",
    previous: "Previous k", next: "Next j", cite: "Link to cite", cited: "Link copied", cite_here: "Copy: ", close: "Close Esc",
    changes: "Differences ({n})", only_here: "only in {plan}", nothing_there: "(nothing)", same: "No difference but punctuation.", same_all: "Both sides are the same.",
    swaps: "Swaps", swap: "{there} → {here}", times: "× {n}", leftovers: "Leftovers", belongs: "belongs to {plan}", strong: "strong", medium: "medium", weak: "weak",
    family: "The same wording also stands in", pair_swaps: "Swaps between the two plans", other_swaps: "Other changes", place: "characters {start}–{end} of the raw text",
    marks_of: "Leftovers in {plan}", kind_other: "seen from {there}: {kind}", no_swaps: "none", tag: "Passage {n}, {kind}", go: "Show",
    h_j: "j / k: next / previous passage; n / p: next / previous search hit", h_slash: "/: search; Esc: close the passage, again: back to the matrix; x: swap sides; ?: help",
    h_click: "Click marked text, a passage mark or a ribbon: both sides line up at the same height. The columns scroll on their own.",
    h_kind: "Solid underline (V): verbatim; dashes (A): adapted; dots (F): formula. In the chosen passage boxed characters stand on this side only; an upright bar says that the other side has more text there.",
    h_cite: "“Link to cite” gives an address that opens this very passage, by its place in the raw texts.", h_arrow: "In the matrix, arrow keys move and Enter opens.",
    h_own: "“Sentences the other lacks”: less than half of the sentence is shared with the other plan. “Own words”: the sentence is coded as own (coding.csv).",
  },
};

let language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** The words for `key` in the language of the interface, with {names} filled in. */
function say(key, values = {}) {
  const text = STRINGS[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const count = (number) => number.toLocaleString("en-US");
const percent = (part, whole) => `${(whole ? (100 * part) / whole : 0).toFixed(1)}%`;
