"""What does a plan itself call the thing that it counts? The noun phrase at a number, cut at words, not in them.

The name is the plan's own wording without what the other columns say already: dates, verbs of counting (达到, 为),
averages and ranks. It is for reading; `measure` is for comparing.
"""

import re

_LONGEST = 18
#: dates and words of time or of planning that stand before a name
_LEADING = re.compile(
    r"^(?:[，、；：\s“”（）()—-]|\d{1,2}[.．、]|[①-⑳]|(?:到|至|截[至止]到?)?\s?\d{2,4}\s?年(?:度?[末底初]?|\d{1,2}月[末底]?)|\d{1,2}月(?:[上中下]旬|\d{1,2}日|份)?|(?:建成|竣工|完工)后|首次|“?十[一二三四五六]五”?(?:时期|期间|以来|末)?|"
    r"近[几\d]?年来?|以来|期间|每(?:年|月|周|季度?|天|日|半年|学期)|全年|年均|年平均|日均|月均|月平均|平均|累计|目前|现有|现(?=有|藏)|截[至止](?:目前)?|连续多年|"
    r"其中|但|而|有(?=[^效关声线限]{2,}[^，])|并且?|且|和|与(?![^，]{0,10}合作)|以及|及|还(?!书|款)|也|又|共(?!享|建|同|青)|计(?!算|划)|将|已经?|等|的|了|在(?![职编馆建])|到(?!馆)|于|使|为(?![^，]{2,14}提供)|至少|不少于|达到?|力争|确保|争取|"
    r"继续|保持|实现(?!了)|完成(?=[^，]{2,}(?:率|人次|册次)$)|组织(?=举办|开展)|我馆(?!舍)|本馆|我国|末(?=全)|年(?![均度轻级鉴报画度]|[^，]{0,3}之))+"
)
_TRAILING = re.compile(
    r"(?:[，、；：\s“（(+]|大关|方面|首次|可(?=$|达)|(?:由|从)[^，]{0,8}?的?(?:缩短|压缩|增加|提高|扩大|下降|上升|增长)(?:到|至)?|达到?|为|共|共计|合计|总计|(?<!预)约|有|由|从|已经?|将|至|到|在|不少|突破|超过?|高达|仅|只有|每年|年均|分别|逐步|不断|积累|"
    r"(?<=[率量数额比重度力])(?:逐步|不断|稳步)?(?:提高|提升|增加|扩大|增长|上升|攀升|跃升)(?:到|至)|"
    r"(?<=[率量数额比重例])(?:逐步|不断|稳步)?(?:提高|提升)|的|等|现在|各|其他|多个)+$"
)
#: what is held or made follows these; what stands before them is the place or the maker
_HOLDS = re.compile(
    r"(?:建设(?!项目|工程|任务|面积|投资|标准|规模)|建成(?!后)|建立|建有|设立|设有|下设|开设|召开|拥有|共有|藏有|筹建|构建|译制|争取到|配备|配有|排到|送去|包括|打造|培养|安排)了?(?P<held>[^，]{2,})$"
)
_AVERAGE = re.compile(
    r"(?:在?(?:全国|全省|全市|全区))?(?:省级|市级|县级|副省级)?(?:公共)?(?:图书)?馆?(?:的)?平均(?:水平|值|数)?$"
)
_RANK = re.compile(
    r"(?:在|排到|位居|位列|名列)?(?:全国|全省|全市)?(?:[省市县]级|同级|市州|同类)?(?:公共)?(?:图书)?馆?中?(?:的)?"
    r"(?:排名|排|位居|列|名列|排到)?$"
)
_PROCESS = re.compile("的(?:修复|建设|开发|整理|编|数字化|培训|服务|阅读|保护|采集|征集|比|占|覆盖|满意|投入)")
_VERB_AFTER = re.compile(
    r"(?:不堪|不足|已经?|将于?|均|全部|未|被|签订|合作|开展|举办|参与|实现|\d|投入使用|覆盖|占|(?<=[一-龥]{2})[至到向])"
)
#: a list of examples and what they are examples of; without the latter, the last example stands for the list
_LISTED = re.compile("等(?:各类|各种|各项|系列|多种|多项|形式多样的?)?(?P<kind>[^，。；、等\\d“”《》]{2,14})$")
_EXAMPLES = re.compile("(?P<last>[^、”》，。；]{2,20})[”》]?等$")
_NEXT_NOUN = re.compile(r"、\s?\d[\d,.]*\s?[余多]?[万亿]?[册种部集件场次篇张个项幅]{1,2}(?P<noun>[一-龥]{2,12})")
#: a part before 的 that describes (不同层次人员参加的座谈会) and is no name
_DESCRIBES = re.compile("参加|具有|反[映应]|面向|结合|支持|出版|公开|组织|主办")


def indicator_name(clause, topics):
    """The plan's own name for what a quantity counts, some 24 characters at most.

    `clause` is a `context.Clause`, `topics` the words around the quantity, nearest first; the first that leaves a name
    is taken. "" only where no words stand near the number.
    """
    before = re.split("[，。；：]", clause.lead)
    own = clause.fresh.strip()
    if not clause.before.strip() and len(before) > 1 and before[-2].endswith("后"):
        return _short(before[-2], clause)  # 图书到馆后，10个工作日内提供阅读
    if own.endswith("等") and not re.match("[^，。；、]{2}", clause.after.strip()):
        noun, last = _NEXT_NOUN.match(clause.after), _EXAMPLES.search(own)
        if noun or last:
            return re.split("[至到向]", noun["noun"])[0] if noun else _trimmed(last["last"]) + "等"
    for words in [*(_kinds(own, before) if topics and topics[0] == "活动" else []), *topics, clause.before]:
        name = _short(re.split("[，。；：]", words)[-1], clause)
        if len(name) > 1 or (name and clause.after.startswith(name)):
            return name
    for words in before[-2:-4:-1]:
        name = _short(words, clause)
        if len(name) > 1:
            return name
    words = re.search("[一-龥]{4,}", re.sub(r"\d+\s?(?:小时|天)", "", clause.after))
    return words[0] if words else ""


def _kinds(own, before):
    """What a list of events is called where it stands: 讲座、展览等各类读者活动 is 读者活动."""
    return [match["kind"] for words in (own, *before[:-3:-1]) if (match := _LISTED.search(words.strip()))][:1]


def _short(words, clause):
    words = words[-60:].split("”“")[-1]
    if words.count("（") > words.count("）"):
        words = max(words.split("（"), key=lambda piece: (len(piece) > 1, words.index(piece)))
    words = re.sub(r"（[^（）]*）", lambda match: match[0] if len(match[0]) < 10 else "", words)
    rank = clause.text.startswith("第", clause.start)
    if _AVERAGE.search(words) and re.search("平均", words):
        words = re.sub("^(?:全国|全省|全市)?(?:省级|市级|县级)?(?:公共)?(?:图书)?馆", "", _AVERAGE.sub("", words))
    if rank:
        words = _RANK.sub("", words)
    words = _trimmed(words)
    held = _HOLDS.search(words)
    if held:
        words = _trimmed(held["held"])
    words = _VERB_AFTER.split(words)[0] if _follows(words, clause) else words
    words = re.sub(r"(?<=[一-龥]{2})\d.*", "", words)
    if len(words) > _LONGEST or (_follows(words, clause) and "的" in words):
        words = _last_phrase(words, clause)
    return words + ("排名" if rank and words and not words.endswith("排名") else "")


def _follows(words, clause):
    """Whether the name stands after its number (60个试点县), so that a verb after it ends it."""
    return bool(words) and clause.after.strip().removeprefix("的").startswith(words[:4])


def _trimmed(words):
    words = _TRAILING.sub("", _LEADING.sub("", _TRAILING.sub("", words)))
    return words.replace("“", "").replace("”", "") if words.count("“") != words.count("”") else words


def _last_phrase(words, clause):
    """A long phrase cut to its head: what follows 的, else the last items of a list."""
    if "的" in words and not _PROCESS.search(words):
        first, last = words.split("的", 1)[0], words.rsplit("的", 1)[1]
        if _follows(words, clause) and not _DESCRIBES.search(first):
            return first
        words = last if len(last) > 1 else words
    if _follows(words, clause) and len(words) > _LONGEST:
        return words.split("、", 1)[0]
    while len(words) > _LONGEST and re.search("[、》”]", words[:-2]):
        words = re.split("[、》”]", words, maxsplit=1)[1] or words[-_LONGEST:]
    return _trimmed(words)


#: what only says that something grew; what grew was named before
_GROWTH = re.compile(
    "(?:[比较与][^，]{2,12}|同比)?(?:净?增长?|增加|下降|减少|提高|上升|增幅|增速|降低|回落)?(?:[比较与][^，]{2,12})?"
)
_GREW = re.compile("(?:同比|[比较][^，。；]{2,8})?(?:增长|下降|提高|上升|减少|降低)$")


def growth_name(name, clause, unit, before):
    """The name of a growth: what grew, as named for the figure `before` it, and the word for growing."""
    if before and name and _GROWTH.fullmatch(name):
        return (_GREW.sub("", before) or before) + name
    grew = _GREW.search(clause.before) if unit in ("%", "成", "百分点", "个百分点", "倍") else None
    return name + grew[0] if name and grew and not re.search("增长|下降|提高|上升|减少|降低|增速", name) else name
