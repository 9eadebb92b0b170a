"""What does the head of a line say: is it numbered, and in which style?

No list of headings is built in: a marker is a number in one of the ways of Chinese documents (第一章, 一、, （一）,
1., 1.1, （1）, ①, markdown #), a label that comes again with other numbers (目标 3), or one of the few words that head
a part without a number (序言, 附则, 专栏).
"""

import re
from collections import defaultdict

from .lines import HAN

_CN = "[一二三四五六七八九十百零〇○]"
_LEGAL = "[壹贰貳叁參叄肆伍陆陸柒捌玖拾]"
_ORDINAL = rf"第\s*(?:(?:{_CN}\s*){{1,6}}|\d{{1,4}}\s*)"
_IN_TEXT = "(?![的规規所、，和至或与與中之])"  # 第三条规定, 第二章的: a reference inside a sentence, not a heading

#: (style, pattern of its marker, rank among the standard styles: a lower rank holds the higher ones)
STYLES = [
    ("第一编", re.compile(rf"{_ORDINAL}(?:(?:部\s*分|[编編篇卷])(?=\s|[:：、]|$|[{HAN}“])|部(?=\s|[:：、]|$))"), 0),
    ("第一章", re.compile(rf"{_ORDINAL}章{_IN_TEXT}"), 1),
    ("第一节", re.compile(rf"{_ORDINAL}[节節]{_IN_TEXT}"), 2),
    ("第一条", re.compile(rf"{_ORDINAL}[条條](?=[\s\u3000]|$|[:：])"), 3),
    ("壹、", re.compile(rf"{_LEGAL}{{1,3}}\s*[、.．]"), 3.5),
    ("一、", re.compile(rf"(?:{_CN}\s*){{1,4}}(?:、(?!{_CN}[级級类類线線])|[.．](?!\d))"), 4),
    ("（一）", re.compile(rf"[（(]\s*(?:{_CN}\s*){{1,4}}[)）]|[㈠-㈩]"), 5),
    ("1.1", re.compile(r"\d{1,2}(?:[.．]\d{1,2}){1,3}[.．]?(?=[\s\u3000]+\D)"), 6.5),
    ("1.", re.compile(r"\d{1,3}\s*(?:[.．](?!\s*\d)|、(?!\s*\d(?!\d{3}年)))|[⒈-⒛]"), 6),
    ("（1）", re.compile(r"[（(]\s*\d{1,3}\s*[)）]|[⑴-⒇]"), 7),
    ("1）", re.compile(r"\d{1,3}\s*[)）]"), 7.5),
    ("①", re.compile("[①-⑳❶-❿]"), 8),
]
DOTTED = next(pattern for style, pattern, _ in STYLES if style == "1.1")
RANK = {style: rank for style, _, rank in STYLES} | {"1": 6}
NUMBER_ALONE = re.compile(rf"\d{{1,2}}(?=[ \t\u3000]+[{HAN}])")  # 3  术语和定义, as in standards
HAN_ALONE = re.compile(rf"{_CN}{{1,3}}(?=[ \t\u3000]+[{HAN}“])")  # 一　总体要求
TIGHT = re.compile(rf"\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}}(?=[{HAN}“])(?![万萬亿億元倍个個册冊人])")  # 1.1发展基础
_FIRST = "一二三四五六七八九十"
LABEL = re.compile(rf"([{HAN}]{{2,6}}?)\s*({_CN}{{1,3}}|\d{{1,3}}(?:\.\d{{1,2}}){{0,2}})(?=\s*[:：、.．]|[\s\u3000]|$)")
BOX = re.compile(
    r"(专栏|专\s栏|專欄|附\s*表|附\s*件|附\s*录|附\s*錄|资料框)\s*[A-ZＡ-Ｚ]?\s*"
    rf"(?:[（(][{HAN}]{{2,8}}[)）])?\s*[:：]?$"
)
FRONT = re.compile(
    r"(序\s*言|前\s*言|引\s*言|导\s*言|緒\s*論|概\s*述|背\s*景|总\s*则|總\s*則|附\s*则|附\s*則|结\s*语|結\s*語|结\s*束\s*语|后\s*记|序|摘\s*要"
    r"|编制说明|附\s*录|参\s*考\s*文\s*献|參\s*考\s*文\s*獻)\s*[:：]?$"
)
LABEL_WORDS = {"专栏", "附件", "附录", "附表", "目标", "任务", "行动", "策略", "工程", "项目", "举措", "战略", "重点"}
_BEHIND = re.compile(r"[\s\u3000]*[:：]?[\s\u3000]*")


def label_styles(texts):
    """The labels that number headings in a plan (目标, 策略 …): a word that opens two lines or more with different
    numbers; "1" among them where single numbers without a stop do, in order, beside numbers such as 1.1; "一" where
    Han numerals with only a blank behind them do, in order; a number such as 1.1 that has no blank behind it where
    its neighbours 1.1, 1.2 … open lines as well."""
    numbers, alone, dotted, han, tight = defaultdict(set), [], False, [], set()
    for text in texts:
        if match := LABEL.match(text):
            numbers[match[1]].add(match[2])
        elif match := NUMBER_ALONE.match(text):
            alone.append(int(match[0]))
        elif match := HAN_ALONE.match(text):
            han.append(match[0])
        elif match := TIGHT.match(text):
            tight.add(tuple(int(part) for part in re.split("[.．]", match[0])))
        dotted = dotted or bool(DOTTED.match(text))
    labels = {label for label, found in numbers.items() if len(found) >= 2 or (found and label in LABEL_WORDS)}
    labels |= {"1"} if dotted and alone[:1] == [1] and sorted(set(alone)) == alone else set()
    labels |= {"一"} if len(han) >= 2 and "".join(han) == _FIRST[: len(han)] else set()
    return labels | {".".join(map(str, one)) for one in tight if _counted(one, tight)}


def _counted(number, numbers):
    """True where all numbers of a row up to this one are there, and at least two: 1.1, 1.2."""
    *above, last = number
    return all((*above, n) in numbers for n in range(1, max(last, 2) + 1))


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
            return style, _BEHIND.match(text, match.end()).end(), re.sub(r"\s", "", match[0])
    if "1" in labels and (match := NUMBER_ALONE.match(text)):
        return "1", _BEHIND.match(text, match.end()).end(), match[0]
    if "一" in labels and (match := HAN_ALONE.match(text)):
        return "一、", _BEHIND.match(text, match.end()).end(), match[0]
    if (match := TIGHT.match(text)) and match[0].replace("．", ".") in labels:
        return "1.1", match.end(), match[0]
    if BOX.match(text):
        return "专栏", 0, ""
    if FRONT.match(text):
        return "front", 0, ""
    return "", 0, ""


def is_chapter(style):
    """True for a style that numbers chapters and sections: where a plan has one, headings without a number are rare."""
    return (
        RANK.get(style, 9) <= 5
        or style == "1"
        or style.startswith("#")
        or bool(style and style not in RANK and style not in ("front", "plain"))
    )
