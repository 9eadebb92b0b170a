"""Which headings does a plan have, and what stands under each?

Whether a numbered line (`markers`) is a heading, or a paragraph that is numbered, is decided by its punctuation and by
what follows it; its depth comes from the order in which the styles of numbering open inside each other.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from .layout import BARE_NUMBER
from .lines import HAN, sentence_ended
from .markers import BOX, RANK, is_chapter

TWO_PART = re.compile(rf"[{HAN}“”、]{{4,16}}，[{HAN}“”、]{{4,16}}")  # a heading such as 提升服务品质，建设书香城市
LIST = re.compile(rf"[{HAN}]{{2,8}}(?:、[{HAN}]{{2,8}})*[和与及][{HAN}]{{2,8}}")  # a heading such as 资金、立法和网络
PLAIN_STOP = re.compile(r"[。！？!?；;：:…，、,\d]")  # not in a heading without a number, but for TWO_PART and LIST
DATE = re.compile(
    r"\s*[\d〇○零一二三四五六七八九十]{4}\s*年\s*[\d一二三四五六七八九十]{1,2}\s*月[\d一二三四五六七八九十日\s]*"
)
NO_LABEL = re.compile("[，。；、]|^各|[如以]下|包括|[是为]$")  # before a colon: an address or a sentence, no heading
ISSUERS = re.compile(rf"(?:[{HAN}、]*[局厅廳府馆館委會会院部办辦]\s*)+")
#: a label that its value follows on the line: 三、活动时间：4月23日
FORM_LABEL = re.compile(
    rf"[{HAN}]{{0,6}}(?:时间|時間|时限|時限|期限|日期|地点|地點|对象|對象|主题|主題|单位|單位|电话|電話|联系人|聯繫人|名称|名稱|口号)\s*[:：](?=.)"
)
GLOSSARY = re.compile("名词|名詞|术语|術語|用语|用語")  # what stands beneath explains words; its labels are no headings
LEADERS = re.compile("[.．·…⋯‥]{4,}$")  # what is left of an entry of the contents
LONG = 70  # the longest heading without final punctuation, in characters
SHORT_CLOSED = 60  # the longest heading that ends in a full stop or a colon
RUN_IN = 30  # the longest heading that stands in one line with its text
ARTICLE = 20  # the longest title of an article of a law
LISTED = 3  # numbered lines one behind another that are a list


DEEPEST = 12  # no plan nests its headings deeper; what seems to stands beside the last


@dataclass(eq=False)
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
    listed: bool = False  # the table of contents has an entry of this wording, or a notice names it as what it sends
    joints: list = field(default_factory=list)  # raw spans between physical lines that were rejoined


def inner_stops(text):
    """Number of places inside a text where a sentence ends and another begins."""
    return len(re.findall(rf"[。！？；!?;][”’」』）)》]*(?=.)|(?<=[{HAN}])\.(?=[{HAN}])", text))


def decide_headings(blocks):
    """Set `heading` of every block: how many characters at its head are a heading (all of them, a run-in head, or
    none)."""
    plain = not any(is_chapter(block.style) for block in blocks)
    ends = {}  # style -> the last numbered block of that style
    for i, block in enumerate(blocks):
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        if block.kind == "text" and block.style:
            listed = ends.get(block.style) and ends[block.style].text[-1] in "；;"
            signed = any(DATE.fullmatch(one.text) for one in blocks[i + 1 : i + 3])
            block.heading = len(block.text) if _whole_heading(block, following, listed or signed) else 0
            ends[block.style] = block
        elif block.kind == "text":
            previous = blocks[i - 1] if i else None
            if _plain_heading(block, previous, following, plain):
                block.style, block.heading = "plain", len(block.text)
    items = _unmark_lists(blocks) | _items_of_articles(blocks)
    _run_in_heads([block for block in blocks if id(block) not in items])


def _whole_heading(block, following, last):
    """Is the whole of a numbered line a heading? `last`: it closes a list with semicolons, or the document."""
    rest = block.text[block.marker :].strip()
    if block.style in ("专栏", "front") or block.style.startswith("#") or not rest or block.listed:
        return True
    if inner_stops(rest) or LEADERS.search(rest) or (RANK.get(block.style, 9) <= 5 and FORM_LABEL.match(rest)):
        return False
    if block.style == "第一条" and (len(rest) > ARTICLE or "，" in rest or following is None or following.style):
        return False
    if not sentence_ended(rest):
        return len(rest) <= LONG and rest[-1] not in "，、,"
    if rest[-1] in "；;！？!?" or len(rest) > SHORT_CLOSED or following is None or following.kind != "text":
        return False
    if last or block.style in ("第一条", "1.1", "1") or _run_in_colon(block):
        return False
    if following.style:
        return _deeper(following.style, block.style)
    return not rest.endswith(("如下：", "如下:"))


def _deeper(style, above):
    """True where `style` numbers what stands under a heading of style `above`."""
    if style in ("front", "plain", "专栏") or style.startswith("#"):
        return False
    return style != above and RANK.get(style, 9) > RANK.get(above, 0)


def _unmark_lists(blocks):
    """Numbered lines that follow each other with nothing between are a list, not headings.

    So are two of them, where nothing stands beneath the second either. Returns the ids of the list's blocks.
    """
    run, items = [], set()
    for block in [*blocks, Block([], "", "end")]:
        if block.kind == "text" and run and block.style == run[0].style and run[-1].heading == len(run[-1].text):
            run.append(block)
            continue
        bare = len(run) == 2 and (block.kind == "end" or RANK.get(block.style, 9) < RANK.get(run[0].style, 0))
        if run and RANK.get(run[0].style, 0) >= 5 and (len(run) >= LISTED or bare):
            for one in run:
                one.heading = 0
                items.add(id(one))
        run = [block] if block.kind == "text" and block.style and block.heading == len(block.text) else []
    return items


def _items_of_articles(blocks):
    """The ids of the numbered items of articles of a law: an article is divided into items, which have no titles."""
    items, inside = set(), False
    for block in blocks:
        if block.kind != "text" or not block.style:
            continue
        if block.style == "第一条":
            inside = not block.heading
        elif inside and RANK.get(block.style, 0) >= 5 and not block.listed:
            block.heading = 0
            items.add(id(block))
        else:
            inside = False
    return items


def _plain_heading(block, previous, following, plain):
    """A heading without a number: a short line that closes nothing, between whole paragraphs, with text beneath it.

    `plain`: the plan has no numbered chapters, so a heading may also be two parts with a comma between, or a list.
    """
    text = block.text.strip()
    if block.listed or (previous and BOX.match(previous.text) and len(text) <= RUN_IN and not sentence_ended(text)):
        return True
    if following is None or BARE_NUMBER.match(text) or (previous and previous.listed and ISSUERS.fullmatch(text)):
        return False
    closed = previous is None or previous.heading or previous.kind != "text" or sentence_ended(previous.text)
    if text[-1] in "：:" and len(text) <= 9 and closed and not NO_LABEL.search(text[:-1]):
        return following.kind == "text" and following.style in RANK
    if (
        len(text) > 30
        or not re.match(rf"[{HAN}“]", text)
        or (PLAIN_STOP.search(text) or len(text) > 25)
        and not (plain and (TWO_PART.fullmatch(text) or LIST.fullmatch(text)))
    ):
        return False
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
        if sum(_run_in(block, RUN_IN) > 0 for block in members) * 2 >= len(members):
            for block in members:
                block.heading = _run_in(block, SHORT_CLOSED if RANK.get(block.style, 9) <= 5 else RUN_IN)
    above = None
    for block in blocks:
        if above and GLOSSARY.search(above.text) and block.style in ("1.", "（1）", "1）", "①"):
            block.heading = 0
        elif block.kind == "text" and block.style and not block.heading:
            block.heading = _run_in_colon(block)
        elif block.heading == len(block.text):
            above = block


def _run_in(block, longest):
    """Length of the head that closes with a colon, or with a full stop within `longest` characters; 0 for none."""
    if colon := _run_in_colon(block):
        return colon
    if block.style in ("第一条", "1.1", "1"):  # laws have none; in standards and theses titles have lines of their own
        return 0
    rest = block.text[block.marker :]
    stop = re.search(rf"。|(?<=[{HAN}])\.(?=[{HAN}])", rest)
    short = stop and 2 <= stop.start() <= longest and rest[stop.end() :].strip()
    return block.marker + stop.end() if short else 0


def _run_in_colon(block):
    if block.style == "第一条":
        return 0
    rest = block.text[block.marker :]
    match = re.match(r"([^，。；、:：]{2,25})[:：](?=.)", rest)
    return block.marker + match.end() if match and not re.search(r"下列|以下|如下|包括$", match[1]) else 0


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
        del stack[DEEPEST - 1 :]
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
