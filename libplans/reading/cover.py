"""Which of the first lines are the title, and which are the rest of a cover (a site's frame, a date, an issuer)?"""

import re

from .lines import HAN, fold_key, sentence_ended
from .markers import BOX, FRONT, is_chapter, parse_marker

TITLE = re.compile(
    r"(规划|规划纲要|计划|纲要|方案|报告|意见|决定|决议|建议|法|条例|办法|总结|要点|战略|公报|标准|规范|細則|細则|细则|章程|規劃|計劃|計畫"
    r"|綱要|報告|宣言|指南|规程)[《》（）()\d\-—–年～~至\s]*$"
)
NOTICE = re.compile(r"(通知|公告|函)[》）)\s]*$")  # the title where nothing else on the cover is one
HEADING = re.compile(rf"[{HAN}、，]{{2,25}}(?<![局厅廳府馆館委会會院室])")  # no number in it, and no name of an issuer
DATED = re.compile(r"[（(]?[\d年月日〇○零一二三四五六七八九十\s./-]+[）)]?")
CAPTION = re.compile(  # what stands below it is a table
    r"表\s?[\d一二三四五六七八九十]|(?:.{0,30}[（(\s])?单位\s?[：:]\s?[百千万亿]{0,2}"
    r"(?:元|册|件|人|种|个|家|场|次|%|％|平方米|㎡|TB|GB|台|座|项|份)[^，。；：:]{0,4}[）)]?$"
)
COVER_LINES = 15
FRAME_LINES = 40  # above the title, where a site's frame or a journal's head was saved with the text
SHORT_LABEL = 9  # characters of a label that ends in a colon (来源：, 发表时间：)


def hashes(line):
    """The rank of a line that is marked as a heading in markdown; 0 where it is not."""
    return sum(end - start for start, end, rule in line.cuts if rule == "markdown_heading")


def find_title(lines, labels, title):
    """The lines that make the title, found by `title` (from the register) or by their wording; [] where there is none.

    Every other line of the cover is marked removed in place, as is a line further down that repeats the title.
    """
    front = _front_lines(lines, labels)
    found = _title_lines(front, fold_key(title)) if front else []
    if not found or (len(front) >= COVER_LINES and not _names_itself(found, fold_key(title))):
        return []
    if front[-1] not in found and _heads_text(front[-1], lines, labels):
        front = front[:-1]
    for line in front:
        if line not in found:
            line.kind, line.rule = "removed", "cover"
    key = fold_key("".join(line.text for line in found))
    for line in lines:
        if line.kind == "text" and line not in found and fold_key(line.text) == key:
            line.kind, line.rule = "removed", "repeated_title"
    return found


def _front_lines(lines, labels):
    """The short lines before the text begins; a label or a word such as 附件 is among them only above a title."""
    front, sure, tops = [], 0, sum(hashes(line) == 1 for line in lines)
    for line in lines:
        if line.kind == "removed" and line.rule == "contents":
            sure = len(front)
            break
        if line.kind != "text":
            continue
        if CAPTION.match(line.text):
            break
        style = parse_marker(line.text, labels, hashes(line))[0]
        named = bool(TITLE.search(line.text)) and not re.search("[，。；]", line.text)
        titled = style == "#" and not front and (tops == 1 or named)
        label = style in ("专栏", "front") or (line.text[-1] in "：:" and len(line.text) <= SHORT_LABEL)
        if not label and (style and not titled or sentence_ended(line.text)) or _prose(line.text):
            break
        if len(front) >= FRAME_LINES:
            return []
        front.append(line)
        sure = len(front) if named or not (label or len(front) > sure + 1) else sure
    return front[:sure]


def _heads_text(last, lines, labels):
    """Is the last line before the text its first heading? Where no heading has a number and others are set alike."""
    text = [line for line in lines if line.kind == "text"]
    if any(is_chapter(parse_marker(line.text, labels, hashes(line))[0]) for line in text):
        return False
    alike = [
        line
        for line, below in zip(text, text[1:], strict=False)
        if HEADING.fullmatch(line.text) and line.after_blank == last.after_blank and _prose(below.text)
    ]
    return last in alike and len(alike) > 1


def _prose(text):
    """True for a line that no cover has: a piece of a paragraph."""
    return len(text) > 60 or "。" in text or len(re.findall("[，,；;]", text)) > 1


def _names_itself(found, wanted):
    key = fold_key("".join(line.text for line in found))
    return key == wanted or bool(TITLE.search(found[-1].text))


def _title_lines(front, wanted):
    runs = [front[i:j] for i in range(len(front)) for j in range(i + 1, min(i + 4, len(front) + 1))]
    for run in runs:
        if wanted and fold_key("".join(line.text for line in run)) == wanted:
            return run
    for pattern in (TITLE, NOTICE):
        for i, line in enumerate(front):
            if pattern.search(line.text):
                return front[i - 1 : i + 1] if i and _goes_on(front[i - 1], line) else [line]
    return [] if re.search("[：:|｜]", front[0].text) or DATED.fullmatch(front[0].text) else [front[0]]


def _goes_on(above, line):
    """True where a title is set in two lines: the second opens as no title does, or the first calls for more."""
    if BOX.match(above.text) or FRONT.match(above.text):
        return False
    if line.text.startswith(("“", '"', "（")):
        return True
    called = "关于" in above.text or line.text.startswith(("关于", "第"))
    return called and not line.after_blank and not re.search("[：:|〔[]|号$|文件$", above.text)
