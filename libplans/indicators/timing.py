"""On which time base does a figure hold: a year, a total over a period, a moment, once, a rate, a deadline?

Pure functions on strings; the years that a figure belongs to and the population that it covers are in `periods`.
"""

import re

from .comparisons import is_fine
from .context import OWN, governing_time
from .documents import FIVE_YEAR, YEAR, five_year_start
from .roles import FROM, GROWN_TO, TO
from .units import base_unit

_STOCK_NOUN = re.compile(
    r"总量|总藏|藏量|现有|拥有|建有|设有|内设|下设|藏有|面积|[座坐][位席]|座椅|席位|(?<![训层])从业人员|用户(?=[总数达突规为超近约\d]|$)|粉丝|关注人数|读者证|"
    r"持证|有效证|在编|在职|工作人员|员工|博士|硕士|在研|可供|编制数?(?=$|为|共)|劳务派遣|购买服务|有效借书证|人均(?:[^，。；新增]{0,6})藏书|本科$|大?专科?$|技[工师]$|(?<![训进聘养])(?:研究|助理|中级|高级)?馆员$|实有|职工|职称|学历|存量|保有|"
    r"容量|容纳|里程|岗位|学位者?|人口|保险|生均|网点总|登记在册|注册|已有|人均|人拥有|千人口|连接数|截[至止]|目前|总数|覆盖|配备|配有|有各类"
)
_HELD_NOUN = re.compile(
    r"馆藏|藏书|入选|列入|名录|合计|共有|古籍(?=\d)|电子(?:图?书|报刊)|电子期刊|数据库(?:总数|达)|收藏"
)
_STOCK_KIND = frozenset("area data".split())
#: readers who do something in a year are no stock of readers
_DOING = re.compile("[^，。；]{0,4}(?:读者|市民|群众)(?:借书|借阅|参加|参与|到馆|来馆)")
_FLOW_UNIT = frozenset("人次 册次 场次 场 次 期 届 讲 轮 条 篇 件次 场/次 课时 学时 小时 剂次 种次".split())
_SINGLE = re.compile(r"单[篇场期条次][^，。；]{0,8}最[高多]|最[高多]一[篇场期条次]")
_EVENT = re.compile(
    r"抽查|赠送|(?<!接受)(?<!社会)捐赠|捐献|展出|\d+月\d+日|送去|出席|参加(?!人|者|的|读者)[^，。；]{0,3}$"
)
_MAKES = re.compile(
    r"新建|新增|上架|再建|增建|新改建|改扩建|扩建|改建|招募|建设|建成(?!后)|共建(?!馆)|开展|举办|完成|出版|修复|征集|收集|入藏|培养|申报|制作|拍摄|译制|录制|编[写制纂印]|装订|修补|征订|订阅|剔旧|新设|设置(?!于)|收到|受理|开课|寄送|寄出|邮寄|投递|吸引|采访(?!工作)|招聘|退休|补充|下派|撤并|流转|新签|制定|修订|修编|"
    r"采购|购置|购书|购入|购进|购买|采编|接收|受赠|数字化|改造|组织|培训|发表|引进|撰写|扶持|打造|"
    r"形成|上传|部署|争取|获得|获评|获批|首批入选|新入选|提供|配送|培育|推出|搭建|构建|参与|接待|上线|召开|参赛|登录|受众|行程|建立|设立|增设|开通|"
    r"开设|下拨|选送|评选|新办|办理|推介|订购|资助|"
    r"受益|惠及|取消|减少|发放|更换|安装|巡展|走访|解答|编辑|刊发|采用|复制|扫描|普查|著录|阅览(?![室座席区])|筹措|投放|送书|策划|实施|主持|承担|解决|帮扶|救助|搬迁|脱贫|安置"
)
#: what stands in brackets, also where the clause begins inside them: （包括：采购、自建、试用）的数据库达1075个
_IN_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)|^[^（）()]*[）)]")
_ADDS = re.compile(r"新办|新增|入藏|采购|购置|购书|新购|增加量|(?<!\d)年增|征集|配送")
#: what a library holds, in whatever unit it is counted: 2020年度馆藏图书为643658册次
_HOLDINGS = re.compile("(?:馆藏|藏书|总藏量|藏量)(?:图书|文献|书刊|资源)?(?:总?量|总数)?(?:已)?(?:为|达到?|有|共)+$")
_DATED = re.compile(r"(?:颁奖|开幕|启动|揭幕|首[日演])当?[日天]|\d{1,2}月(?:\d{1,2}日|[上中下]旬)(?!以?前|之前)")
#: a body or a place, counted as it stands: 有公共图书馆6个
_BODIES = re.compile(
    r"(?:图书馆|分馆|成员馆|[一-龥]馆|服务点|网点|站点?|机构|书房|书屋|单位|中心)(?:总?数量?)?(?:为|有|达到?|共有?)?\s?$"
)
_BODIES_ROW = re.compile("[^年新增建]{0,12}(?:馆|站|点|书房|书屋|中心|机构)总?数")
_BUILDS = re.compile(
    "(?:新建|改造|新开工|年增长?)$|(?:改造|修缮|整治)(?!完?成?后)[^，。；后]{0,16}$|新建[^，。；面馆]{0,10}$"
)
_ONE_YEAR = re.compile(r"20\d\d年度?[^，。；—-]{0,14}(?:计划|打算|安排|要点|思路|任务)(?!期)")
_NEWLY = re.compile(r"(?:招聘|招考|引进|净增|新办|办理|发放|新注册|新发展|招募)[^，。；]{0,8}$")


def frequency(quantity, clause, setting, role_value):
    """annual, cumulative, stock, one-off, rate or deadline for one quantity."""
    found = _frequency(quantity, clause, setting, role_value)
    if found == "cumulative" and setting.yearly and not re.search("累计|以来|[三五几]年", clause.lead):
        return "annual"  # the total of a plan for one year
    return found


def _frequency(quantity, clause, setting, role_value):
    words, unit, kind = clause.before + clause.after[:8], quantity.unit, quantity.kind
    if (
        re.match("[第前]", clause.text[clause.start :])
        or re.search("排名[^，。；]{0,4}后$", clause.before)
        or kind == "score"
    ):
        return "stock"
    if unit in ("层", "岁", "周岁"):
        return "stock"
    if kind == "time" and (found := _of_duration(quantity, clause, words)):
        return found
    if re.search(
        "平均每[期场次堂讲]|每[两三][年周](?:(?!共|累计|全年)[^，。；]){0,30}$", re.split("[。；]", clause.lead)[-1]
    ):
        return "rate"
    if unit in ("%", "成", "倍", "百分点", "个百分点", "‰", "番", "℃"):
        return "rate"
    if kind != "money" and re.search("(?:场均|(?<![同暑假学长定])期均|每[场期批])[^，。；、]{0,8}$", clause.before):
        return "rate"
    time = governing_time(clause)
    sort = time.sort if time else ""
    flow = _flows(quantity, clause)
    if sort == "daily" and kind == "time" and "均" in time.words:
        return "rate"
    if flow and _in_part_of_year(clause):
        return "cumulative"
    if re.match(r"[/／][日天]", clause.after):
        return "rate"
    if re.match(r"[/／]年", clause.after):
        return "annual"
    if sort == "daily" and time.words.startswith("每") and not _reaches(time, clause):
        sort = ""
    if sort == "daily" and (
        flow
        or unit in ("人", "条", "篇")
        or (time.words.startswith("每") and (time.words in clause.before or "每次" in clause.before))
    ):
        return "rate"
    if unit in ("人次", "次") and "能力" in words or re.search("月销售额|每学期|每半年", clause.before):
        return "rate"
    if kind == "area" and re.search("改造面积(?:约|为|达)?$", clause.before):
        return "one-off"
    if kind in _STOCK_KIND and not (
        _ADDS.search(clause.before) or _BUILDS.search(clause.before) or re.match("[^，。；]{0,4}改造", clause.after)
    ):
        return "stock"
    if is_fine(clause):
        return "one-off"
    if kind != "money" and (FROM.search(clause.before) and TO.match(clause.after) or GROWN_TO.search(clause.before)):
        yearly = (
            unit in _HAPPENS
            or _A_HEAD_A_YEAR.search(clause.before)
            or re.match("(?:其中)?年(?![底末初来代内])", clause.before)
            or "每年" in clause.before
        )
        return "annual" if yearly or re.search("年(?:均|度|新增|订)", clause.before) else "stock"
    if kind == "money" and re.search("月(?:工资|薪)[^，。；]{0,20}$", clause.before):
        return "rate"
    if kind == "money" and (_ONCE.search(clause.before) or _ON_ONE_THING.match(clause.text[clause.end :])):
        return "one-off"
    if kind == "money":
        return "cumulative" if _is_total(time, clause, role_value) else "annual"
    return _by_time(time, flow, clause, quantity, setting, role_value)


def _of_duration(quantity, clause, words):
    """The time base of hours, minutes and days (a deadline, opening hours, hours of service given); "" for others."""
    unit = quantity.unit
    if re.search("(?:用时|耗时|时限|(?:响应|办结|办理|处理|等候|等待)时间)[^，。；]{0,4}$", clause.before):
        return "deadline"
    if unit in ("小时", "个小时") and (quantity.low or 0) > 168 and re.search("服务|志愿", clause.before):
        total = re.search("累计|[两三四五]年", clause.lead)
        return "cumulative" if total else "annual"  # hours of service given, more than a week holds
    if re.search("(?:缩短|压缩|压减|控制)(?:到|至|为)?$", clause.before) or re.match(
        "(?:缩短|压缩|压减)", clause.after
    ):
        return "deadline"
    if unit in ("小时", "个小时") and re.search("开放(?:时间)?[^，。；]{0,4}$", clause.before):
        return "rate"
    if quantity.bound == "at_most" or quantity.high == 0:
        return "deadline"
    if re.match("[^，。；、]{0,2}(?:送达|办结|完成|答复|回复|上架)", clause.after):
        return "deadline"
    if unit == "天" and re.search("脱产|培训", clause.before):
        return "annual"
    open_hours = re.match("(?:不间断|全天候?)?(?:服务|开放|在线)", clause.after)
    if (
        open_hours
        or re.search("开放|开馆|闭馆|服务|提供|全年|每周|每天|延长", words)
        and not re.search("服务时长|视频|资源|读物|节目", words)
    ):
        if unit == "天" and re.search("每[周星月]", clause.before):
            return "rate"
        if unit == "天" and re.search("年|闭馆|开馆|开放", clause.before) and quantity.low not in (365, 366):
            return "annual"  # days open or closed in a year
        return (
            "annual" if re.search("每年|年均|年人均", clause.before) and not re.search("开放|开馆", words) else "rate"
        )
    return ""


def _reaches(time, clause):
    """Whether 每周 or the like of an earlier clause goes on to this one: a list of figures, and no rule by itself
    (坚持每周学习制度，选派馆员参加会议118人次)."""
    since = clause.lead[time.at + len(time.words) :]
    return not re.search("[，；。]", since) or bool(re.search(r"\d|[一两三四五六七八九十][次场期]", since))


_HAPPENS = frozenset("人次 册次 场次 场 次 期 件次 篇次 场/次 种次 讲 课时 学时 小时".split())
#: the cost of one building or one grant
_ONCE = re.compile("总投资|(?:概算|估算|计划|项目)投资|投资(?:概算|估算|总额)|一次性")
_ON_ONE_THING = re.compile("，?(?:对|实施|用于)[^，。；]{2,24}(?:进行|实施)?(?:改造|装修|维修|修缮|升级)")
#: what money was spent on once: 投资80万元改造阅览室
_SPENT_ON = "，?(?:用于)?(?:新建|建设|建成|完善|改造|修缮|维修|装修|改建|扩建|购[入买置]|添置|更新|升级)"


def _flows(quantity, clause):
    """Whether a count is of what happens (visits, loans, events, additions) and not of what is there."""
    people = quantity.kind == "people" and (
        _DOING.match(clause.after)
        or re.search("接待[^，。；]{0,8}$|(?:参[加观与]|到场|观看)(?:总?人数)?(?:为|达到?|约|近)*$", clause.before)
    )
    lent = quantity.unit in ("册", "本", "件", "册件") and re.search(
        "(?:借阅|外借|借出|借了|所借的?|借走)[^，。；]{0,6}$", clause.before
    )
    kinds = quantity.kind in ("visits", "volumes", "events") or (
        quantity.unit in ("个", "项") and re.search("(?:展览|讲座|活动|培训班|课程)(?:共)?$", clause.fresh)
    )
    kinds = kinds or quantity.unit == "件" and bool(re.search("(?:工单|投诉|来电|来信)[^，。；]{0,4}$", clause.before))
    kinds = kinds or quantity.kind == "energy" and base_unit(quantity.unit) == "千瓦时"
    return bool(
        quantity.unit in _FLOW_UNIT or kinds or people or lent or _ADDS.search(_IN_BRACKETS.sub("", clause.before))
    )


def _is_total(time, clause, role_value):
    """Whether money is a total over several years or for one thing, and not so much a year."""
    sort = time.sort if time else ""
    return bool(
        sort == "span"
        and (
            re.search(f"{YEAR}|^近?[两三四五]年", time.words)
            or re.search("累计|共|合计", clause.before)
            or re.search("(?:累计|[共总]计?)[^，。；]{0,8}投[入资]|总投资|期间|以来|年[来间]", clause.lead)
        )
        or re.search(
            "[共总]投资|累计|先后投[入资]|[两三四五]年总|(?:项目|工程)(?![^，。；]*完成)[^，。；]{0,6}投[入资]",
            clause.before,
        )
        or re.search("投[入资]$", clause.before)
        and re.match("的[^，。；]{0,14}(?:项目|工程|馆|中心)", clause.after)
        or (not sort and re.search("投[入资]$", clause.before) and re.match(_SPENT_ON, clause.after))
        or (
            not sort
            and role_value == "target"
            and re.search("(?:争取|筹措|筹集|投资|需资金)(?![^，。；]*[增高达]到?)[^，。；]{0,10}$", clause.before)
        )
    )


def _by_time(time, flow, clause, quantity, setting, role_value):
    """The time base of a count, by the time expression that governs it and by the verb or noun it stands with."""
    sort = time.sort if time else ""
    stock = bool(_STOCK_NOUN.search(clause.before) or _STOCK_NOUN.search(clause.header))
    stock = stock and not (_ADDS.search(clause.header) or re.search("(?:每年|年均)[^，。；]{0,6}$", clause.before))
    grows = bool(_GROWS.search(clause.before))
    stock = stock and not grows and ("累计" in clause.before or not _NEWLY.search(clause.before))
    stock = stock and not (quantity.kind == "people" and _ACTED_ON.search(clause.before))
    held = stock or bool(_HELD_NOUN.search(clause.before) and not grows and "新入选" not in clause.before)
    makes = bool(
        _MAKES.search(_IN_BRACKETS.sub("", clause.before))
        or _MAKES.search(clause.after)
        or (not held and not re.search("(?:达到?|增至|发展到)$", clause.before) and _MAKES.search(_previous(clause)))
    )
    makes = makes or grows
    reports = (
        (setting.document != "plan" and setting.report) or _ONE_YEAR.search(setting.path + setting.title)
    ) and not re.search("[三五]年|十[一二三四五]五", setting.path)
    event = _EVENT.search(clause.before) or (quantity.kind == "people" and re.match("[^，。；]{0,6}参加", clause.after))
    dated = _is_dated(clause, time)
    if dated or (flow and _SINGLE.search(clause.before)) or (event and sort not in ("annual", "span")):
        return "one-off"
    if flow and re.search("累计(?:接待|外借|借阅|服务|举办|开展|访问|培训|解答)", clause.before):
        if not (reports and sort in ("annual", "year")) and (sort == "by" or re.search("以来|自|后，", clause.lead)):
            return "cumulative"
    if re.search("产量|保持|稳定在|连续多年|首次", clause.before) and (flow or "产量" in clause.before):
        return "annual"
    left = re.match("[^，。；]{0,12}(?:脱贫|落户|摘帽)", clause.after)  # left a state in the time told of
    acts = _SUBJECT.match(clause.after) and not left and not _MAKES.search(clause.before)
    if not flow and (_GREW.search(clause.before) or acts):
        return ("cumulative" if _over_years(clause) else "annual") if _GREW.search(clause.before) else "stock"
    bodies = quantity.unit in ("个", "家", "所", "座", "处") and (
        _BODIES_ROW.match(clause.header)
        or (_BODIES.search(clause.before) and not makes and not re.search("新|增|改", clause.before))
    )
    if bodies or _stands_there(clause, quantity, sort, role_value, setting):
        return "stock"
    noun = _by_noun(clause, quantity, stock, flow, held, makes)
    if noun:
        return noun
    if sort in ("annual", "year"):
        return "stock" if re.search("半径", clause.before) or _stands(clause, quantity, time, makes, flow) else "annual"
    return _by_verb(time, flow, makes, reports, clause, setting, role_value)


#: what a reader, or an inhabitant, borrows or reads in a year
_A_HEAD_A_YEAR = re.compile(
    r"(?<!\d)年人均|[人生]均[^，。；]{0,8}年(?:进|新)|[人生]均年|人均[^，。；]{0,8}(?:阅读|借阅|借书|外借|借出|到馆|进馆|看书)"
)
#: a total of records, not of what happens to them
_TOTAL = re.compile(
    "^(?!.*(?:访问|点击|浏览|下载|流通|外借|借阅|传递)).*(?:总量|总数)(?:已|将)?(?:达到?|为|突破|超过?)*$"
)
#: a part of a year: what happened in it is no figure of a year
_PART_OF_YEAR = re.compile(
    r"前(?:1?\d|[一二三四五六七八九十]{1,2})个月|上半年|前[两二三]个?季度|(?<!\d)1\s?[-—至~]{1,2}\s?(?:[2-9]|1[01])月(?!\d)"
)


#: people who were trained, hired, helped: no figure of the staff
_ACTED_ON = re.compile("(?:培训|参加|资助|招录|招聘|引进|评选|新增|新进|录用|补充|慰问)[^，。；]{0,8}$")


def _in_part_of_year(clause):
    """Whether a part of a year is the last that is said of the time before the quantity in its sentence."""
    parts = list(_PART_OF_YEAR.finditer(clause.lead))
    if not parts or "。" in clause.lead[parts[-1].end() :]:
        return False
    return not any(time.at >= parts[-1].end() and time.sort != "daily" for time in clause.times)


def _by_noun(clause, quantity, stock, flow, held, makes):
    """The time base that goes with what is counted (a subscription, loans, holdings, readers); "" without one."""
    if re.search("(?:订阅|征订|订购|年订)[^，。；]{0,4}(?:报刊|期刊|报纸|杂志)[^，。；]{0,4}$", clause.before):
        return "annual"
    if _A_HEAD_A_YEAR.search(clause.before):
        return "annual"
    if _of_records(quantity) and _TOTAL.search(clause.before):
        return "stock"
    if (
        _HOLDINGS.search(clause.before)
        and not re.search("新增|年增|入藏", clause.before)
        or re.search("馆藏[^，。；（）]{0,4}（[^（）]*$", clause.before)
    ):
        return "stock"
    if quantity.kind == "people" and re.fullmatch("累计(?:达到?|为|有)?", clause.before.strip("，、； ")):
        return "stock"  # 新增注册读者5.2万人，累计87.4万人
    if quantity.kind == "people" and (
        re.search("(?:借过|外借记录|借阅记录)[^，。；]{0,6}$", clause.before)
        or re.match("(?:读者|市民)?(?:借过|借了)", clause.after)
    ):
        return "annual"
    if stock and not flow or (held and not flow and not makes):
        return "stock"
    if (
        clause.header
        and quantity.kind == "items"
        and not _HAPPENS_ROW.search(re.sub(rf"{YEAR}\s?年", "", clause.header))
    ):
        return "stock"
    if _of_records(quantity) and re.search("收录[^，。；]{0,10}$", clause.before):
        return "stock"
    return ""


#: bodies summed up: 分馆和服务点共58家, 分馆累计71个, 全校共27个学院
_ALL_OF_THEM = re.compile("(?:分馆|服务点|网点|书房|书屋|站|全[校省市县区])(?:共|累计|总计|总数达?)有?$")
#: one figure for each year of a span, or one year within which a span lies: 2018年至2021年接待读者分别为…
_EACH_YEAR = re.compile(
    rf"{YEAR}\s?年?[至到—–~-]+\s?{YEAR}\s?年[^。；]{{0,16}}分别[^。；]*$|{YEAR}\s?年[^，。；]{{0,8}}期间[^。；]*$"
)


def _over_years(clause):
    """Whether a figure is held against one of two years before or more (截至2020年底…，比2015年增加148万册)."""
    found = [int(year) for year in re.findall(rf"({YEAR})\s?年", clause.lead)]
    ends = [
        five_year_start(match[1]) + 4
        for match in FIVE_YEAR.finditer(clause.lead)
        if "末" in clause.lead[match.end() :][:1]
    ]
    return bool(found) and any(year - found[-1] > 1 for year in [*found[-2:-1], *ends])


def _stands_there(clause, quantity, sort, role_value, setting):
    """Whether bodies or outlets are told as they stand: all of a place, those that do something, those built so far."""
    if quantity.kind not in ("places", "people"):
        return False
    if _ALL_OF_THEM.search(clause.before):
        return True
    if role_value != "target" and re.search("(?:全[国省市县区]|[中有仍尚还]有)$", clause.before):
        return True
    if re.match("(?:主要|核心|约束性|预期性)指标", clause.after):
        return True
    if quantity.unit not in ("个", "家", "所", "座", "处"):
        return False
    if re.match("[^，。；、]{2,10}(?:进入|实行|纳入|建起|入选)", clause.after):
        return True
    if re.match("(?:阅览)?座[位席]", clause.after) and not re.search("增", clause.before):
        return True
    built = re.search("(?:建成(?!后)|建起|已建|接入)[^，。；]{0,30}$", clause.before)
    counted = setting.document != "report" or re.search("已|共|累计|全[省市县区]", clause.before)
    so_far = sort in ("", "by") or re.search("(?:累计|先后|陆续)建[成起]", clause.before)
    return bool(built and counted) and role_value == "baseline" and so_far


def _by_verb(time, flow, makes, reports, clause, setting, role_value):
    """The time base where no year governs: by a span, a date to reach, or the verb."""
    sort = time.sort if time else ""
    if flow and "人均" in clause.before:
        return "annual"
    if re.search("(?:增加|增长|提高|扩大|发展|增|升)到|增至", clause.before):
        return "annual" if flow else "stock"
    if flow and FROM.search(clause.before) and TO.match(clause.after):
        return "annual"
    if sort == "span" and flow and _EACH_YEAR.search(clause.lead):
        return "annual"
    if sort == "span" and reports and time.words == "期间" and (flow or makes):
        return "annual"
    if sort == "span":
        if time.words == "累计" and reports and flow and not re.search("以来|自", clause.lead):
            return "annual"
        return "cumulative" if flow or makes else "stock"
    if sort == "by":
        undated = re.sub(rf"{YEAR}\s?年", "", clause.before)
        if flow:
            return (
                "annual"
                if (reports or not _MAKES.search(clause.before) or re.search("年|流通|总人次", undated))
                and "累计" not in clause.before
                else "cumulative"
            )
        return (
            "cumulative"
            if re.search("累计|再建|完成|培[养育]|引进|扶持|招[募聘]|新建|新增|修复|培训|征集|出版|整理", clause.before)
            else "stock"
        )
    if flow and re.search("突破", clause.before + clause.text[clause.start : clause.end]) and not makes:
        return "annual"
    if re.search("半径|里程", clause.before):
        return "stock"
    if flow and "累计" not in clause.lead and (clause.header or _REACHED_LEVEL.search(clause.before)):
        return "annual"
    if flow or makes:
        return (
            "annual"
            if (reports and not re.search("共建成|累计", clause.before))
            or (flow and (setting.dated or not setting.document) and setting.document != "plan")
            or (role_value == "comparison" and flow)
            or _averaged(clause)
            else "cumulative"
        )
    return "stock"


#: what flows and reaches a level is meant by the year: 总流通人次达到400万
_REACHED_LEVEL = re.compile("(?:流通|到馆|进馆|入馆|外借|借阅|接待|访问|浏览|点击|下载)[^，。；]{0,8}达到?$")
#: rows of tables that tell what happens to items in a year
_HAPPENS_ROW = re.compile(
    "年|新增|新办|办理|下载|访问|点击|浏览|采购|购置|入藏|外借|借阅|流通|出版|征集|修复|数字化|编目|加工|培养|举办|发表"
)


def _of_records(quantity):
    """Whether a unit counts records of a database."""
    return quantity.unit in ("条", "篇", "种", "件")


#: things that are there, not things that happen: a figure of them in a year is their number in that year
_THINGS = (
    r"(?:馆|村|镇街|街道|社区|学校|站|点|中心|机构|书房|书屋|书吧|空间|团体|单位|库|室|座[位席椅]|席位?|计算机|电脑|"
    r"终端|设备|藏量|藏书|馆藏|文献|图书|期刊|读者|种类|人员|人口|会员)"
)
_STANDS_BEFORE = re.compile(
    rf"{_THINGS}(?:（[^（）]*）)?(?:总?数量?|总量|总数)?(?:共?有|共|达到?|为|是|约)*$|"
    r"(?:拥有|共有|设有|建有|包括|配有|藏有)[^，。；]{0,24}$"
)
_GREW = re.compile(
    r"[比较](?:上年|去年|前年|\d{4}\s?年)[末底]?[^，。；]{0,4}(?:净?增|减|多|少|提[高升])[^，。；]{0,3}$"
)
#: what is added to a stock is no stock (贫困人口减少1442万人, 总藏量净增620万册)
_GROWS = re.compile("(?:净增加?|增加|减少|增长|新增)了?(?:近|约|超过?)?$")
#: bodies that do what the clause tells: 15个镇街分馆共举办活动423场 has 15 branches, in whatever year
_SUBJECT = re.compile(
    rf"[^，。；、]{{0,8}}{_THINGS}(?:（[^（）]*）)?"
    r"(?:共|均|都|全部|先后|累计|全年|开放|开展|举办|纳入|加入|设立|实现|参与)"
)
_STANDS_AFTER = re.compile(rf"[^，。；、]{{0,8}}{_THINGS}")
_YEAR_WORD = re.compile(r"\d{4}|全年|今年|去年|本年|上年|年度")


def _stands(clause, quantity, time, makes, flow):
    """Whether a count in a year is of things that are there (2020年全省共有公共图书馆206家) and not of things done."""
    if flow or quantity.kind not in ("places", "items", "people") or not _YEAR_WORD.match(time.words):
        return False
    if re.search("(?:种类|总数|总量|数量|人数)(?:达到?|为|有|共)*$", clause.before):
        return not _MAKES.search(clause.before)
    if makes or re.search("[增减销产售购]|出口|出生|毕业|招", clause.before[-12:]):
        return False
    return bool(_STANDS_BEFORE.search(clause.before) or _STANDS_AFTER.match(clause.after))


def _is_dated(clause, time):
    """Whether the clause tells of one day; not the day of a news report, nor one before a later time expression."""
    found = list(_DATED.finditer(clause.lead))
    if not found or re.search("截[至止]", clause.lead) or _NEWS.match(clause.lead, found[-1].end()):
        return False
    return not (time and time.sort in ("annual", "year", "by") and time.at > found[-1].start() + 2)


_NEWS = re.compile("[^。]{0,60}(?:获悉|了解到|发布|公布|报道|消息|印发)")


def _previous(clause):
    """The clause before and this one up to the quantity, without titles, names and brackets: a list shares one verb."""
    lead = re.sub(r"《[^》]*》|“[^”]*”|（[^（）]*）|\([^()]*\)", "", clause.lead[clause.labelled :])
    clauses = re.split("[，。；：]", lead)
    at = max(0, len(clauses) - 3)
    while at and len(clauses) - at < 10 and _LISTED.match(clauses[at]):
        at -= 1
    return "，".join(clauses[at:])


#: an item of a list: a short name and its figures
_LISTED = re.compile(r"[一-龥]{2,10}\d[^，。；]{0,16}$")


def _averaged(clause):
    """A flow beside an average of libraries is on the average's time base, a year."""
    return bool(re.search("馆?平均|馆均", clause.lead)) and bool(OWN.search(clause.before))
