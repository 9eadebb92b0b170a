"""Which numbers count nothing? Names, dates, ordinals, document numbers, slogans and enumerations in official prose.

Two steps: `masked` blots out stretches that cannot hold a quantity (《…》, a date, 十四五, 5G), and `counts_nothing`
judges one number with its unit by the words around it (6个方面, 二次文献, 1期、2期).
"""

import re

from .units import units

_HAN = "一二三四五六七八九十"
_MASKS = [
    r"《[^《》]{1,120}》",
    r"(?:19|20)\d\d\s?年?\s?[-—–~～至到]{1,2}\s?(?:(?:19|20)?\d\d)\s?(?:年度?)?(?![\d万亿.])",
    r"(?:1[5-9]|20)\d\d\s?年(?:度|末|底|初|前|代|内)?(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?",
    r"(?:19|20)\d\d(?=[上下]半年|年|财年|学年|中国|全国)",
    r"(?<!\d)\d{1,2}\s?月\s?\d{1,2}\s?日|(?<!\d)\d{1,2}\s?月(?:份|底|初|中旬|上旬|下旬|末)?(?!度)|"
    r"(?<!\d)(?<!提前)\d{1,2}\s?日(?!均|内|接待|访问|之内|以内|送达|办结|答复)",
    r"[二一][〇零○一九][〇零○一二三四五六七八九]{2}\s?年",
    r"(?<![\d.])(?:1[0-2]|[1-9])[·.](?:[12]\d|3[01]|0?[1-9])(?!\d)(?=[”\"’]?(?:世界|全国|国际|读书|国家|地震|事件))",
    r"\d{1,2}·\d{1,2}",
    r"\d{1,2}[:：]\d\d(?!\d)|(?<!\d)\d{1,2}\s?[时点](?:\d{1,2}分|半|整)",
    r"[〔\[【(（]\s?(?:19|20)\d\d\s?[〕\]】)）]\s?\d{0,8}\s?号?|(?<!\d)\d{1,8}\s?号",
    rf"(?<![{_HAN}百千万之])[“\"]?[十廿]?[{_HAN}]五[”\"]?(?=规划|时期|期间|末|以来|初|开局|收官|发展|$|[，。、；]|"
    rf"[^\d{_HAN}万千百余个家所])",
    rf"[{_HAN}]{{2,4}}届(?=历次|全国|全省|全市|人大|政协|中央|省|市|国际|亚洲|世界)|(?<=城乡)二元|二元(?=结构|体制|经济|对立)|"
    rf"[{_HAN}]{{1,4}}届(?:[{_HAN}]{{1,2}}[中次](?:全会)?[、和]?){{1,9}}|[{_HAN}]{{1,4}}中(?:全会)?(?=[、全])|"
    rf"[{_HAN}]{{1,4}}大(?=精神|报告|以来|和|召开|[，、。])",
    r"(?<![A-Za-z])[A-Za-z]{2,20}[-_/ ]?[A-Za-z]?[ -]?\d[\d.:-]{0,20}(?=[^\d万亿余多个家册场种件台套人]|$)|"
    r"[A-Za-z]\d+(?:\.\d+)?",
    r"(?<![\d.])\d{1,6}(?:\.\d{1,4})?\s?[GDKPVAN](?![A-Za-z]|\s?[Bb])|\d(?:\.\d){1,4}(?:版|时代|标准|模式)|"
    r"(?<!\d)\d{1,4}\.0(?!\d|\s?[%％个万亿千百元倍人件册次平分小岁公吨米])",
    r"(?<!\d)\d{1,6}\s?(?:频道|频率|级|版|号线|号楼|楼|路|栋|室|班|中|小学)|(?<!地[上下])(?<!共)(?<!共有)(?<!\d)\d{1,6}\s?层",
    r"(?<!\d)\d{1,6}\s?[Xx×*+]\s?(?:\d{1,6}|[NnXx])",
    r"一带一路|第一书记|二维码|一维码|[三二四]维|一体化?|一系列|统一|进一步|一批|一流|一定|一站式|一卡通|一网通办|"
    r"一件事|一条龙|一步|一方面|"
    r"一手|一把手|一线|一旦|一致|一般|一切|一直|一律|唯一|(?<!分)之一|一揽子|一村一品|一馆一品|一县一|千方百计|"
    r"千家万户|千秋|(?<![\d. 多余几])万家|(?<![\d. 多余几十百千])万户|"
    r"(?<![一二三四五六七八九几])(?:百姓|百年|百科|百强|百佳|百花|百家)|万众|(?<![跻身入进到至居列在持全国省市馆])前\s?[\d一二三四五六七八九十]{1,3}\s?[名位强]|前\s?[\d一二三四五六七八九十]{1,3}\s?[名位强](?=的)|一[一-龥]{1,3}一[名站馆点室品策员校村]|万物|千古|千里|万里|万象|成千上万|千万不|亿万|三农|两会|两岸|三甲|"
    r"三产|四史|一区|两翼|一带|一核|"
    r"三公经费|两不愁三保障|十项全能|七一|五一|十一(?=黄金周|假期|期间)|八一|六一|五四|九三学社|九一八|一二[·.]?九|"
    r"双一流|三支一扶|一专多能|"
    r"第[一二三四]方阵|百分百|四季|四川|三峡|三亚|三明|五金|五指山|九江|十堰|万宁|千岛湖|六盘水|四平|百色|一汽|三星",
]
#: what a mask can begin with, looked at before the masks are tried one by one
_BEGINS = '《〔【\\[(（“"\\dA-Za-z〇零○一二三四五六七八九十廿百千万亿两双第前统进唯成之'
_MASK = re.compile(f"(?=[{_BEGINS}])(?:{'|'.join(f'(?:{mask})' for mask in _MASKS)})")
_QUOTED = re.compile(r"“[^“”]{1,30}”|「[^「」]{1,30}」|‘[^‘’]{1,30}’|\"[^\"，。；]{1,20}\"")
_ORDINAL = re.compile(rf"第\s?(?:\d{{1,9}}|[{_HAN}百千零两]{{1,9}})")
_RANKED = re.compile(
    r"(?:排名|排|名列|位列|位居|位次|居|列|位于|名次|排位|跃居|跃升至|升至|上升到|上升至|前移至|进入|排到|排在)[^，"
    r"。；]{0,14}$"
)

_ABSTRACT = re.compile(
    r"^(?:主要|重点|关键|核心|基本|具体|不同|重大|突出|相互|大的|大)?(?:方面|方向|环节|层面|层次|维度|阶段|原则|"
    r"特点|特征|特性|部分|要素|视角|"
    r"角度|步骤|意识|自信|维护|全面|确保|坚持|统筹|转变|必须|突出|注重|更加|毫不动摇|不动摇|文明|走向|代表|务必|"
    r"结合|相结合|重要|明确|"
    r"严格|规范|领域|问题|难题|矛盾|关系|方式|形式|模式|类型|类别|等级|级别|途径|渠道|层级|步|一|时期|历史|时代|"
    r"世纪|百年|五年|阵地|先锋|服务宗旨|"
    r"纪律|规定|制度改革|攻坚战|战役|战略|举措|措施|任务|优势|短板|不足|成效|目标|体系|机制)"
)
_REPEATED = re.compile(
    r"^(?:文献|创业|分配|开发|加工|污染|利用|装修|元|能源|产业|革命|会议|评估|全会|大会|代表|供水|创新|曝光|传播|"
    r"飞跃|跨越|浪潮|合一|方程)"
)
_NAMED_TIME = re.compile(
    r"^\s?(?:借阅|借还|还书|阅览|全天候|免费|自助|无人|智能|智慧|便民|街区|不打烊|书房|书屋|书吧|图书馆|城市书房|借还|城市)|^[^，。"
    r"；、]{0,6}(?:阅读圈|生活圈|服务圈|文化圈|圈|空间|自助|书香)"
)
_PRIZE = re.compile(r"(?:奖项?|荣誉|表彰|称号|奖励|殊荣)[^，。；\d]{0,4}$")
_PHASE = re.compile(r"^\s?(?:工程|项目|建设|改造|扩建|[、和及]\s?\d{1,2}\s?期|资源库|多媒体|规划|馆)")


def masked(text):
    """Which characters of a text stand in a name, a date or an ordinal: a bytearray with 1 where nothing is counted."""
    mask = bytearray(len(text))
    for match in _MASK.finditer(text):
        _blot(mask, match.start(), match.end())
    for match in _QUOTED.finditer(text):
        _blot(mask, match.start(), match.end())
    for match in _ORDINAL.finditer(text):
        if not _is_rank(text, match.start(), match.end()):
            _blot(mask, match.start(), match.end())
    return mask


def _blot(mask, start, end):
    mask[start:end] = b"\x01" * (end - start)


#: among whom a rank is told: 阅读指数全国第三
_AMONG = re.compile("(?:全[国省市县区]|全球|世界|亚洲|国内|省内)$")


def _is_rank(text, start, end):
    if re.match(r"\s?[位名](?:的[^，。；]{0,4}(?:读者|选手|同学|志愿者|馆员)|也?是)", text[end : end + 12]):
        return False  # a person in a ranking
    return bool(
        re.match(r"\s?[位名](?!置|单|称)", text[end : end + 3])
        or (_AMONG.search(text[max(0, start - 4) : start]) and re.match("[，。；、！）\\s]|$", text[end : end + 1]))
        or (_RANKED.search(text[max(0, start - 24) : start]) and re.match(r"[位名，。；、（]|$", text[end : end + 1]))
    )


def counts_nothing(before, unit, after, value, han, bounded=False):
    """Whether a number with its unit names or enumerates rather than counts.

    `before` and `after` are the text of the sentence on either side of number and unit; `han` tells a numeral in Han
    characters, `bounded` a bound (不少于12个“书房”): what has one is counted.
    """
    if unit in ("个", "项", "种", "位", "部", "条", "类") and _ABSTRACT.match(after.lstrip()):
        return True
    if unit == "个" and value <= 12 and not bounded and re.match(r"\s?[“\"](?!.{12})", after[:14]):
        return True
    if unit == "次" and han and value > 1 and (_REPEATED.match(after) or re.match("[或和、][二三四]次", after)):
        return True
    if unit == "期" and value <= 9 and (_PHASE.match(after) or re.search(r"\d\s?期\s?[、和及]\s?$", before)):
        return True
    if unit in ("小时", "分钟", "天", "日") and re.match("[^，。；、]{1,4}率", after):
        return True  # the name of a rate: 48小时送达率
    if unit in ("小时", "分钟", "公里", "里") and _NAMED_TIME.match(after):
        return True
    if unit == "期" and han and value <= 9 and re.search("(?:馆|工程|项目|建设|改造)$", before):
        return True
    if unit in ("人", "名", "位") and re.match("[^，。；、\\d]{0,6}(?:获评|荣获|获得?|被评)", after):
        return True
    if unit == "分" and not (
        bounded
        or re.search("(?:[得总评满均]分|分数|成绩|满意度?|考核|测评)[^，。；]{0,8}$|[获取]得$", before)
        or re.search("(?:满意度|得分|评分)[^。；]{0,30}(?:提高|上升|下降|降低|高于|低于)[^，。；]{0,16}$", before)
    ):
        return True
    if unit in ("项", "个", "次") and (_PRIZE.search(before) or re.match(r"[^，。；、]{0,8}(?:奖|荣誉|称号)", after)):
        return True
    if unit == "届" and re.search("连续(?:举办|召开|开展)?$", before):
        return True
    if unit in ("人", "家", "年", "天") and re.match(r"制|之家|游", after):
        return True
    if unit in ("名", "个", "项", "件", "篇") and re.search("[特一二三]等奖(?:各)?$", before):
        return True
    if unit == "层" and not _STOREYS.search(before):
        return True
    parts = unit in ("家", "区", "县", "市", "镇", "乡") or (unit in ("个", "项") and _NAMED_PARTS.match(after))
    return bool(parts) and value <= 12 and _closes_list(before, int(value))


#: storeys of a building, counted: 共五层, 地上4层; others are storeys by their number, or layers of something
_STOREYS = re.compile("(?:地[上下]|共|共有|楼高|主[体楼]|大楼|馆舍)(?:有|为|约)?$")


#: parts of one thing: their number after the list of them says nothing (信息发布、游记分享、征集3个栏目)
_NAMED_PARTS = re.compile("栏目|板块|模块|系列|篇章|环节|部分|单元|子项目")


def _closes_list(before, value):
    """Whether the number only sums up the list just before it (信息发布、游记分享、征集3个栏目)."""
    clause = re.split(r"[，。；：]", before[-160:])[-1]
    clause = re.sub(r"(?:等|这|共|共计|以上|上述|一共|合计|\s)+$", "", clause)
    if "《" in clause or "、" not in clause or value < 2:
        return False
    if re.search("(?:设立|建成|新建|开设|增设|建立|成立|举办|新增)了?$", clause):
        return False
    head, last = clause.rsplit("、", 1)
    items = head.count("、") + 1 + 1 + (1 if re.search(r".[和与及].", last) else 0)
    return items == value and not re.search(r"\d", re.sub(r"\d{4}\s?年", "", clause))


_ABOUT_COUNT = re.compile(
    r"(?:建成?|新建|新增|增设|建设|举办|完成|入选|荣?获|设立|增加|申报|打造|培育|开设|出版|建立|引进|招聘|编制|编写|"
    r"推出|开展|组织|培养|只有|仅有|现有|拥有|"
    r"提供|撰写|发表|共有?|达到?|增长|提高|翻|缩短|延长|约|近|至|为|成立|创建|承办|召开|接待|策划|发布|开放|配备|"
    r"至少|不少于|每[^，。]{0,6}|超过?|占|包括|包含|内设|下设|设|含)[了出有]?$"
)
_HELD_EVERY = re.compile(
    "(?:评选|检查|通报|评估|更换|更新|轮换|修订|举办|举行|开展|组织|召开|推出|安排|开设|举办[^，。；]{0,2})$"
)
_STRONG = frozenset(
    "层 所 家 座 场 篇 台 套 间 份 幅 人次 册次 场次 小时 个小时 分钟 天 工作日 个工作日 个月 亩 公里 公顷 平方米 倍 % "
    "元 辆 名 册 部 处 栋".split()
)
_COUNTED_ITEMS = frozenset("台 套 部 座 处 所 家 间 辆 篇 册 种 项 次 期 场 名 份 件".split())
_COUNTED_ONCE = frozenset("次 场 期 届 讲 轮 场次 本 篇 份 册 部".split())


#: days that something takes or is open, told after the number and before it
_SERVED_IN = re.compile("[^，。；、]{0,2}(?:送达|办结|完成|答复|回复|上架|到馆|编目)")
_OPEN = re.compile("开[放馆]|对外开放|免费开放")
_LASTS = re.compile(
    "全年|每年|每周|年均|用时|耗时|缩短|多$|少$|借期|期限|开放|开馆|闭馆|停[产业]|达|优良|(?:由|从)[^，。；]{0,4}$|"
    "(?:缩短|压缩|压减|延长|提高|增加)(?:到|至|为)$"
)
_EVERY = re.compile(r"每(?:年|月|周|季度?|半年|[\d两三四五]\s?年|天|日|学期)|一年")
_DONE = re.compile("(?:申[请报]|获得?|完成|出版|发表|承担|立项|编制|举办|建成|新增|开展|新建)[^，。；]{2,}$")
#: powers of ten that are a manner of speaking (百万读者)
_ROUND = frozenset("百 千 万 亿 百万 千万 零 〇".split())


def is_counted(text, number, start, end, unit, after_unit, noun, bound, bounded):
    """Whether the number is a quantity: its unit no duration or name, a small Han numeral with a reason."""
    kind = units().get(unit, (unit, ""))[1]
    before = text[max(0, start - 200) : start]
    after = text[end : end + 24] if noun else text[after_unit : after_unit + 24]
    rank = text[start : start + 1] in ("第", "前") if start < number.start else False
    if not unit and not noun:
        ranked = _RANKED.search(before[-24:]) or _AMONG.search(before[-4:])
        return rank and bool(ranked) and bool(re.match("[，。；、的！）\\s]|$", after))
    if kind == "duration":
        return unit in ("岁", "周岁") and bool(re.search("寿命|年龄", re.split("[，。；]", before)[-1][-16:]))
    if unit in ("日", "周", "天", "个月", "星期") and not bounded:
        if (unit == "天" and _OPEN.match(after)) or (unit in ("日", "天") and _SERVED_IN.match(after)):
            return True
        if before.endswith("提前"):
            return True
        if not (unit == "天" and _LASTS.search(before[-8:])):
            return False
    if not noun and counts_nothing(before, unit, after, number.value, number.kind == "han", bool(bounded)):
        return False
    if number.kind != "han" or rank:
        return True
    if before.endswith("每") and unit in ("人", "名", "户"):
        return False  # what a figure a head is divided by
    words = text[number.start : number.end]
    if words in _ROUND:
        return bool(bounded or bound != "exact" or noun or (len(words) == 2 and unit and kind != "length"))
    if words == "一":
        return bool((bounded and bound != "about") or bound == "range") or _one_counts(before, unit, after)
    if number.value <= 10 and number.upper is None and bound == "exact":
        return _few_count(before, unit, after)
    return True


def _one_counts(before, unit, after):
    """Whether 一 with its unit is a number (新建分馆一座。, 每月举办一次), not an article (一个体系)."""
    if unit in ("分钟", "小时", "天", "日") and re.match("[^，。；、]{0,2}(?:送达|办结|完成|答复)", after):
        return True
    if (
        (not after or after[0] in "，。；、,;）)")
        and unit in _COUNTED_ITEMS
        and re.search(r"[一-龥]{3}$", before)
        and not re.search("[的了第每某任统同唯之另逐上]$", before)
    ):
        return True
    if unit in ("人", "名", "个", "家", "处", "所") and re.search("(?:只有|仅有?)$", before):
        return True
    if unit in ("个", "座", "所", "家", "处") and _BESIDE_COUNT.search(before):
        return True
    every = bool(_EVERY.search(re.split("[，。；]", before)[-1])) and unit in _COUNTED_ONCE
    free = not after[:1].isalpha() or bool(re.match("左右|上下", after))
    return every and (free or unit == "次" or (unit != "届" and bool(_HELD_EVERY.search(before))))


#: a rank that changed: 比上年上升两位
MOVED = re.compile("(?:上升|前进|提升|前移|跃升|下降|后退|后移)了?$")
#: beside others that are counted: 12个分馆和一个24小时自助图书馆
_BESIDE_COUNT = re.compile(r"\d\s?[个座所家处][^，。；、\d]{1,10}[和及与、]$")


def _few_count(before, unit, after):
    """Whether a Han numeral up to ten counts: by a unit that only counts, at the end of what was done or is done every
    year, as a change of rank."""
    if (
        unit in _COUNTED_ONCE
        and after[:1] in ("", "，", "。", "；")
        and _EVERY.search(re.split("[，。；]", before)[-1])
    ):
        return True
    if unit == "位" and MOVED.search(before):
        return True
    if (
        after[:1] in ("", "，", "。", "；")
        and unit in _COUNTED_ITEMS
        and _DONE.search(re.split("[，。；]", before)[-1])
    ):
        return True
    if unit in ("个", "座", "所", "家", "处") and re.match(r"[^，。；、]{1,8}[、和]\d", after):
        return True  # at the head of a list of counts: 两个总馆、12个分馆
    return unit in _STRONG or (bool(_ABOUT_COUNT.search(before[-14:])) and unit not in ("位", "种"))
