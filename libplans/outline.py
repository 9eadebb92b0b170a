"""Which headings does a plan have, and what stands under each?

No list of headings is built in. A line is parsed for a numbering marker (第一章, 一、, （一）, 1., （1）, ①, a label with a
number such as 目标 3, markdown #); whether it is a heading, or a paragraph that is numbered, is decided by its
punctuation and by what follows it; its depth
comes from the order in which the styles of numbering open inside each other.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from .layout import BARE_NUMBER, HAN, SENTENCE_END, sentence_ended

_CN = "[一二三四五六七八九十百零〇]"

#: (style, pattern of its marker, rank among the standard styles: a lower rank holds the higher ones)
STYLES = [
    ("第一编", re.compile(rf"第\s*(?:{_CN}{{1,4}}|\d{{1,3}})\s*[编篇部卷](?=\s|[:：、]|$|[{HAN}])"), 0),
    ("第一章", re.compile(rf"第\s*(?:{_CN}{{1,4}}|\d{{1,3}})\s*章"), 1),
    ("第一节", re.compile(rf"第\s*(?:{_CN}{{1,4}}|\d{{1,3}})\s*节"), 2),
    ("第一条", re.compile(rf"第\s*(?:{_CN}{{1,6}}|\d{{1,4}})\s*条(?=[\s\u3000])"), 3),
    ("一、", re.compile(rf"{_CN}{{1,4}}\s*[、.．](?!\d)"), 4),
    ("（一）", re.compile(rf"[（(]\s*{_CN}{{1,4}}\s*[)）]"), 5),
    ("1.1", re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}(?=[\s\u3000]+\D)"), 6.5),
    ("1.", re.compile(r"\d{1,3}\s*[.．、](?!\s*\d)"), 6),
    ("（1）", re.compile(r"[（(]\s*\d{1,3}\s*[)）]"), 7),
    ("1）", re.compile(r"\d{1,3}\s*[)）]"), 7.5),
    ("①", re.compile("[①-⑳㈠-㈩❶-❿]"), 8),
]
RANK = {style: rank for style, _, rank in STYLES}
LABEL = re.compile(rf"([{HAN}]{{2,6}}?)\s*({_CN}{{1,3}}|\d{{1,3}})(?=\s*[:：、.．]|[\s\u3000]|$)")
BOX = re.compile(r"(专栏|专\s栏|附表|附件|附录|资料框)\s*[:：]?$")
FRONT = re.compile(
    r"(序\s*言|前\s*言|引\s*言|导\s*言|概\s*述|背\s*景|总\s*则|附\s*则|结\s*语|结\s*束\s*语|后\s*记|序|摘\s*要|编制说明|附\s*录)\s*[:：]?$"
)
MARKDOWN = re.compile(r"#{1,6}(?=\s)")
LABEL_WORDS = {"专栏", "附件", "附录", "附表", "目标", "任务", "行动", "策略", "工程", "项目", "举措", "战略", "重点"}
TWO_PART = re.compile(rf"[{HAN}“”、]{{4,16}}，[{HAN}“”、]{{4,16}}")  # a heading such as 提升服务品质，建设书香城市
PLAIN_STOP = re.compile(
    rf"[{SENTENCE_END}，、,\d]"
)  # not in a heading without a number, but for one comma between two parts
LONG = 70  # the longest heading without final punctuation, in characters
SHORT_CLOSED = 60  # the longest heading that ends in a full stop or a colon
RUN_IN = 30  # the longest heading that stands in one line with its text


@dataclass
class Block:
    """A logical line: a paragraph, heading, table row or note, put together from one or more physical lines."""

    lines: list
    text: str
    kind: str  # text | row | note
    style: str = ""  # style of numbering, or "#n", "box", "front", "plain" where there is no number
    marker: int = 0  # length of the marker at the head of `text`
    number: str = ""
    heading: int = 0  # length of the heading at the head of `text`, 0 where there is none
    depth: int = 0
    section: int = 0
    joints: list = field(default_factory=list)  # raw spans between physical lines that were rejoined


def label_styles(texts):
    """The labels that number headings in a plan (目标, 策略 …): a word that opens two lines or more with different
    numbers."""
    numbers = defaultdict(set)
    for text in texts:
        if match := LABEL.match(text):
            numbers[match[1]].add(match[2])
    return {label for label, found in numbers.items() if len(found) >= 2 or (found and label in LABEL_WORDS)}


def parse_marker(text, labels, hashes=0):
    """(style, length of the marker, number as written) at the head of a line; style "" where there is none."""
    if hashes:
        inner = parse_marker(text, labels)
        return inner if inner[0] else (f"{'#' * hashes}", 0, "")
    if match := LABEL.match(text):
        if match[1] in labels:
            end = re.compile(r"\s*[:：、.．]?[\s\u3000]*").match(text, match.end()).end()
            return match[1], end, re.sub(r"\s", "", match[0])
    for style, pattern, _ in STYLES:
        if match := pattern.match(text):
            end = re.compile(r"[\s\u3000]*[:：]?[\s\u3000]*").match(text, match.end()).end()
            return style, end, re.sub(r"\s", "", match[0])
    if BOX.match(text):
        return "专栏", 0, ""
    if FRONT.match(text):
        return "front", 0, ""
    return "", 0, ""


def inner_stops(text):
    """Number of places inside a text where a sentence ends and another begins."""
    return len(re.findall(rf"[。！？；!?;][”’」』）)》]*(?=.)|(?<=[{HAN}])\.(?=[{HAN}])", text))


def decide_headings(blocks):
    """Set `heading` of every block: how many characters at its head are a heading (all of them, a run-in head, or
    none)."""
    plain = not any(is_chapter(block.style) for block in blocks)
    for i, block in enumerate(blocks):
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        if block.kind == "text" and block.style:
            block.heading = len(block.text) if _whole_heading(block, following) else 0
        elif block.kind == "text":
            previous = blocks[i - 1] if i else None
            if _plain_heading(block, previous, following, plain):
                block.style, block.heading = "plain", len(block.text)
    _run_in_heads(blocks)


def _whole_heading(block, following):
    rest = block.text[block.marker :].strip()
    if block.style in ("专栏", "front") or block.style.startswith("#") or not rest:
        return True
    if block.style == "第一条":
        return False
    if inner_stops(rest):
        return False
    if not sentence_ended(rest):
        return len(rest) <= LONG and rest[-1] not in "，、,"
    if rest[-1] in "；;！？!?" or len(rest) > SHORT_CLOSED or following is None:
        return False
    if following.style:
        return following.style != block.style and RANK.get(following.style, 9) > RANK.get(block.style, 0)
    return following.kind == "text" and not rest.endswith(("如下：", "如下:"))


def is_chapter(style):
    """True for a style that numbers chapters and sections: where a plan has one, headings without a number are rare."""
    return (
        RANK.get(style, 9) <= 5
        or style.startswith("#")
        or bool(style and style not in RANK and style not in ("front", "plain"))
    )


def _plain_heading(block, previous, following, plain):
    """A heading without a number: a short line that closes nothing, between whole paragraphs, with text beneath it.

    `plain`: the plan has no numbered chapters, so a heading may also be two parts with a comma between.
    """
    text = block.text.strip()
    if following is None or BARE_NUMBER.match(text):
        return False
    if text[-1] in "：:" and len(text) <= 9 and not re.search(r"[，。；、]|[如以][下]|包括|[是为]$", text[:-1]):
        return following.kind == "text" and following.style in RANK
    if (
        len(text) > 30
        or not re.match(rf"[{HAN}“]", text)
        or (PLAIN_STOP.search(text) or len(text) > 25)
        and not (plain and TWO_PART.fullmatch(text))
    ):
        return False
    closed = previous is None or previous.heading or previous.kind != "text" or sentence_ended(previous.text)
    return closed and following.kind == "text" and not following.style and len(following.text) > 25


def _run_in_heads(blocks):
    """Heads that stand in one line with their text, where the punctuation shows them in at least half of the
    siblings."""
    groups = defaultdict(list)
    parents = []
    for block in blocks:
        if block.kind != "text" or not block.style:
            continue
        rank = RANK.get(block.style, 4.5)
        parents = [p for p in parents if RANK.get(p.style, 4.5) < rank and p.style != block.style]
        if not block.heading:
            groups[id(parents[-1]) if parents else 0, block.style].append(block)
        parents.append(block)
    for members in groups.values():
        heads = [_run_in(block) for block in members]
        if sum(map(bool, heads)) * 2 >= len(members):
            for block, head in zip(members, heads):
                block.heading = head
    for block in blocks:
        if block.style and not block.heading and block.kind == "text":
            block.heading = _run_in_colon(block)


def _run_in(block):
    if block.style == "第一条":
        return 0
    if colon := _run_in_colon(block):
        return colon
    rest = block.text[block.marker :]
    stop = re.search(rf"。|(?<=[{HAN}])\.(?=[{HAN}])", rest)
    short = stop and 2 <= stop.start() <= RUN_IN and rest[stop.end() :].strip()
    return block.marker + stop.end() if short else 0


def _run_in_colon(block):
    rest = block.text[block.marker :]
    match = re.match(r"([^，。；、:：]{2,25})[:：](?=.)", rest)
    return block.marker + match.end() if match and not re.search(r"[如以]下$|包括$", match[1]) else 0


def assign_depths(blocks):
    """Set `depth` of every block with a style (1 = a chapter), from the order in which styles open inside each
    other."""
    stack = []  # styles that are open, outermost first
    for block in blocks:
        style = block.style
        if not style or block.kind != "text":
            continue
        if style == "front":
            stack = []
        elif style.startswith("#"):
            while stack and not (stack[-1].startswith("#") and len(stack[-1]) < len(style)):
                stack.pop()
        elif style in stack:
            del stack[stack.index(style) :]
        elif style in ("专栏", "box"):
            _close_for_box(stack)
        elif style in RANK:
            while stack and RANK.get(stack[-1], -1) > RANK[style]:
                stack.pop()
            if stack and stack[-1] in ("plain", "front") and "plain" not in stack[:-1] and RANK[style] <= 5:
                stack.pop()
        stack.append(style)
        block.depth = len(stack)


def _close_for_box(stack):
    """A box (专栏) stands beside the numbered headings of its chapter, not beneath the last of them."""
    while len(stack) > 1 and RANK.get(stack[-1], 0) >= 6:
        stack.pop()
    if len(stack) > 1:
        stack.pop()


def heading_title(text):
    """A heading's title: without its marker's white space, bold marks and a final stop or colon."""
    return re.sub(r"\s+", " ", text).strip().rstrip("。：:").strip()
