"""What does each plan promise and report in figures? One row a quantity, with evidence.

`extract_indicators` goes through the sentences of a corpus: running text clause by clause, tables cell by cell. The
rules are those of the coding page in docs/indicators.md; each step is a module of its own (numerals, quantities,
uncounted, roles, measures).
"""

import re

from .. import tables
from ..workers import in_processes, processes_for
from .context import YEAR, Clause, governing_time, named_year, opening_setting, reach_of, setting
from .harmonised import base_measure, measure_of, rank_of
from .names import growth_name, indicator_name
from .numerals import plain, simplified
from .quantities import pieces, quantities
from .roles import is_existing, is_fine, is_gap, is_set_by_plan, role
from .table_rows import Header, is_header, read_header, row_quantities
from .timing import frequency, period, scope

_BYTES = 3  # of a Han character in UTF-8
_BEGINNING = 3000  # characters that tell what sort of document a text without a telling title is
_HAS_NUMBER = re.compile(r"[\d０-９一二三四五六七八九十百千万亿两半]|当[天日]")


def extract_indicators(corpus):
    """The quantities of every plan of a corpus, as the table `indicators`.

    One row a quantity: span into the raw text (`start`, `end`), `section` and `sentence` for tracing, `raw` as it
    stands in the cleaned sentence, `value_low` and `value_high` in base units (empty on an open side), `bound`,
    `unit`, `role`, `frequency`, `period`, `scope`, the plan's own name in `indicator` and the harmonised key in
    `measure` (empty where no measure fits). A reference document is left out. A figure stated twice has two rows.
    Nothing is converted: 场 and 次 stay apart; see `measures.comparable`.
    """
    plans = [plan for plan in corpus.plan_ids if corpus.roles.get(plan) != "reference"]
    processes = processes_for([_BYTES * len(corpus.raw[plan]) for plan in plans])
    rows = []
    for plan, found in zip(
        plans, in_processes(sentence_rows, (_job(corpus, plan) for plan in plans), processes), strict=True
    ):
        for sentence, items in found:
            offsets = corpus.sentence_offsets(plan, sentence)
            for row in items:
                first, last = row.pop("start"), row.pop("end")
                rows.append(
                    {
                        "plan": plan,
                        "start": int(offsets[first]),
                        "end": int(offsets[last - 1]) + 1,
                        "sentence": sentence,
                        **row,
                    }
                )
    return tables.frame("indicators", rows)


def _job(corpus, plan):
    """What `sentence_rows` needs of a plan: its setting; sentence, section, kind, text and headings of each sentence."""
    sections, sentences = corpus.rows("sections", plan), corpus.rows("sentences", plan)
    paths = {number: simplified(path) for number, path in zip(sections["section"], sections["path"], strict=True)}
    columns = (sentences[name].tolist() for name in ("sentence", "section", "kind", "text"))
    held = [(*item, paths.get(item[1], "")) for item in zip(*columns, strict=True)]
    return document_setting(corpus, plan, sections), held


def sentence_rows(job):
    """The indicators of one plan, sentence by sentence: [(sentence, [row, …]), …], with spans into the sentence."""
    own, sentences = job
    found, header, dated, previous = [], Header(), {}, ""
    for sentence, section, kind, text, path in sentences:
        if kind != "table" and kind != "note":
            header = Header()
        if not _HAS_NUMBER.search(text) and kind != "table":
            continue
        place = own._replace(path=path, dated=dated.get(section, ""), previous=previous)
        previous = text[-200:]
        dated[section] = (named_year(text) if text.strip() != own.title else "") or place.dated
        if kind == "table" and is_header(simplified(text)):
            header = read_header(simplified(text))
        elif items := indicators_in(text, place, kind, header):
            found.append((sentence, [{"section": section, **row} for row in items]))
    return found


def document_setting(corpus, plan, sections=None):
    """What title and date of issue say of a plan, as a `context.Setting`: from the register, else from the document.

    `sections` are the plan's own rows of `corpus.sections`, where the caller has them at hand.
    """
    sections = corpus.sections if sections is None else sections
    titles = sections.loc[(sections["plan"] == plan) & (sections["section"] == 1), "title"]
    title = _document_title(corpus, plan, titles.iloc[0] if len(titles) else "")
    text = plain(corpus.raw[plan][:_BEGINNING])
    title = simplified(title) or _first_line(text)
    place = setting(title, "", corpus.issued(plan), tuple(corpus.aliases(plan)))
    place = place._replace(reach=reach_of(title))
    return place if place.document else opening_setting(place, text)


def _first_line(text):
    """The first line of a text without a title, where it can be one: short, and no sentence."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= 40 and not re.search("[，。；]", line) else ""


def _document_title(corpus, plan, title):
    """The title in the register, or that of the document: whichever names a period or a kind of document."""
    plans = corpus.plans[corpus.plans["plan"] == plan]
    registered = str(plans["title"].iloc[0]) if len(plans) and "title" in plans else ""
    return registered if registered and registered != plan else title


def indicators_in(text, place, kind="body", header=None):
    """The indicators of one sentence, as dicts with spans into `text`.

    `place` is a `context.Setting`; `kind` is that of the sentence; a table row needs the `header` above it (see
    `indicator_tables`).
    """
    if kind == "table":
        folded = simplified(text)
        rows = [_row(folded, *item, place) for item in row_quantities(folded, header or Header())]
        return [_as_written(row, text) for row in rows]
    rows, read = [], {}
    for start, piece in pieces(plain(text)):
        if piece not in read:
            read[piece] = _piece_rows(piece, place)
        for row in read[piece]:
            rows.append(_as_written({**row, "start": row["start"] + start, "end": row["end"] + start}, text))
    return rows


def _as_written(row, text):
    """The row with `raw` and unit as they stand in the text, whose traditional characters were read as simplified."""
    raw = text[row["start"] : row["end"]]
    at = simplified(raw).rfind(row["unit"]) if raw != simplified(raw) and row["unit"] else -1
    unit = raw[at : at + len(row["unit"])] if at >= 0 else row["unit"]
    return {**row, "raw": raw, "unit": unit}


def _piece_rows(piece, place):
    """The indicators of one piece of a sentence, with spans into the piece."""
    rows, previous, topics = [], 0, []
    for quantity in quantities(piece):
        clause = Clause(piece, quantity.start, quantity.end, previous)
        topics = [topic for topic in dict.fromkeys(_topics(clause, quantity, topics)) if topic][:5]
        row = _row(piece, quantity, clause, topics, place)
        if (
            rows
            and clause.fresh.strip("，、；（ ").startswith("其中")
            and "comparison"
            not in (
                row["role"],
                rows[-1]["role"],
            )
        ):
            row["role"] = rows[-1]["role"]
            if row["unit"] == rows[-1]["unit"] and not re.search(f"{YEAR}|今年|年内|本年", clause.fresh):
                row["frequency"] = rows[-1]["frequency"]
        if rows and _goes_on(row, rows[-1], clause):
            row["measure"] = rows[-1]["measure"]
        named = rows[-1]["indicator"] if rows else ""
        row["indicator"] = growth_name(row["indicator"], clause, row["unit"], named)
        if rows and _set_beside(row, rows[-1], clause) and (not row["measure"] or len(clause.fresh) <= 8):
            row["measure"] = rows[-1]["measure"]
        if rows and row["unit"] == rows[-1]["unit"] and (is_existing(clause) or is_set_by_plan(clause)):
            row |= {name: rows[-1][name] for name in ("measure", "frequency")}
        if rows and _EARLIER.search(clause.fresh) and row["unit"] == rows[-1]["unit"]:
            row |= {name: rows[-1][name] for name in ("measure", "frequency", "role")}
        if (
            rows
            and rows[-1]["frequency"] == "stock"
            and row["frequency"] == "cumulative"
            and _listed_with(row, rows[-1], clause)
        ):
            row["frequency"] = "stock"
        if rows and rows[-1]["role"] == "comparison" and re.match("[，、；]?平均", clause.fresh):
            row["role"] = "comparison"
        if rows and row["role"] == "comparison" and row["unit"] == rows[-1]["unit"] and len(clause.fresh) <= 8:
            row["frequency"] = rows[-1]["frequency"]
        if rows and row["frequency"] == "one-off" and _takes_part(row, rows[-1], quantity):
            row["frequency"] = rows[-1]["frequency"]
        if rows and row["unit"] == rows[-1]["unit"] and _YEAR_BEFORE.fullmatch(clause.fresh.strip()):
            row |= {name: rows[-1][name] for name in ("measure", "frequency")}
        if rows and not row["measure"] and row["unit"] == rows[-1]["unit"] and _GREW_TO.search(clause.fresh):
            row["measure"] = rows[-1]["measure"]
        if (
            rows
            and not row["measure"]
            and row["unit"] == rows[-1]["unit"]
            and clause.fresh.strip() in ("、", "和", "及")
        ):
            row["measure"] = rows[-1]["measure"]  # one figure for each year: 分别为168万人次、181万人次和117万人次
        if not row["measure"] and row["unit"] in ("册", "册件", "册（件）") and _HEAD_ALONE.search(clause.before):
            row["measure"] = "collection_per_capita" if row["frequency"] == "stock" else ""
        if not row["measure"]:
            row["measure"] = _growth_or_share(row, rows[-1] if rows else {}, clause)
        if row["measure"] and any(_is_part(row, clause, whole) for whole in rows[-8:]):
            row["measure"] = ""
        rows.append(row)
        previous = quantity.end
    return rows


#: the level of an earlier year in brackets: 3303个，比2021年（3215个）增长2.7%
_EARLIER = re.compile(r"^，?[比较与](?:上年|去年|\d{4}\s?年)[末底]?的?（?$")


def _goes_on(row, last, clause):
    """Whether a list of opening hours goes on with another body (省馆不少于70小时，市馆不少于63小时)."""
    alike = (
        row["unit"] == last["unit"] and row["bound"] == last["bound"] and last["measure"].startswith("opening_hours")
    )
    words = clause.fresh.strip("，、； ")
    return alike and len(words) <= 12 and "时间" not in words and not clause.after


def _listed_with(row, last, clause):
    """Whether a count of outlets goes on a list without a verb of its own (建成分馆11个，农家书屋176家)."""
    places = ("个", "家", "所", "座", "处")
    return {row["unit"], last["unit"]} <= set(places) and bool(
        re.fullmatch("[一-龥]{2,8}", clause.fresh.strip("，、 "))
    )


def _growth_or_share(row, last, clause):
    """The key of a growth of what its clause names, or of the figure just before it; or of a share of the population."""
    if row["unit"] not in ("%", "成"):
        return ""
    named = _GROWTH_OF.match(clause.before.lstrip())
    if named and (key := rank_of([named["noun"]])):
        return key.removesuffix("_rank") + "_growth_pct"
    if not last.get("measure") or last["unit"] in ("%", "成"):
        return ""
    if _GROWTH.search(clause.before) and not re.search("[、和及与]", clause.fresh):
        return f"{base_measure(last['measure'])}_growth_pct"
    share = re.search("占(?:全[省市县区])?[^，。；]{0,6}人口", clause.before)
    return "users_pct" if share and last["measure"] == "registered_users" else ""


#: growth of what is named: 文献经费年均增长不低于8%
_GROWTH_OF = re.compile(
    r"(?P<noun>[一-龥]{3,14}?)(?:(?:与|比|较)[^，。；]{2,12}|同比|年均|每年|逐年|年){0,3}"
    r"(?:增长|递增|增幅|增加|下降|减少)了?(?:不低于|不少于|超过|近|约|为|达到?)*$"
)
#: growth over the year before, told without naming again what grew
_GROWTH = re.compile(
    r"^(?:同比|(?:与|比|较)(?:上年|去年|同期|\d{4}\s?年)[^，。；]{0,12})?(?:增长|增加|提高|提升|上升|下降|减少|降低)了?(?:近|约|超过?)?$"
)


#: the same figure of an earlier year: 人均0.87册，而2020年为0.83册
_YEAR_BEFORE = re.compile(rf"[，（；]?而?(?:上年|去年|{YEAR}\s?年[末底]?)(?:则|仅|只)?(?:为|是|有)")
#: what it grew to: 由142名减少到127名; 10万元，2015年增加到15万元
_GREW_TO = re.compile(
    rf"^(?:，?(?:{YEAR}\s?年[末底]?)?)?(?:增加|提高|增长|提升|扩大|上升|减少|下降|压缩|缩短|发展|增|升|降|减)[到至为]$"
)
_HEAD_ALONE = re.compile("人均(?:达到?|为|约|仅|只有)*$")


def _takes_part(row, last, quantity):
    """Whether people took part in several events counted just before: 举行了1300多次读者活动，约有83万名读者参加."""
    several = (last["value_low"] or last["value_high"] or 0) > 1
    return several and last["unit"] in ("场", "次", "场次", "期", "项") and quantity.kind in ("people", "visits")


def _set_beside(row, last, clause):
    """Whether the figure of others stands beside the library's own one just before it and so counts the same thing."""
    return row["role"] == "comparison" and row["unit"] == last["unit"] and not is_gap(clause) and not is_fine(clause)


#: a word that takes a part of what was counted before it in the sentence (到馆读者120万人次，少儿读者35万人次)
_PART = re.compile(
    "其中|线上|线下|网络|少儿|少年|未成年|中文|外文|新馆|老馆|旧馆|分馆|基层|少数民族|盲文|残障|视障|老年|品牌|港澳台"
)


def _is_part(row, clause, whole):
    """Whether a figure is a part of an earlier figure of its sentence and would else take the key of the whole."""
    same = all(row[name] == whole[name] for name in ("measure", "role", "frequency", "unit"))
    values = [item["value_low"] or item["value_high"] or 0 for item in (row, whole)]
    own = re.split("[，；、+和与及]", clause.fresh)[-1]
    between = re.split("；", clause.text[: clause.start])[-1] if whole["end"] <= clause.start else ""
    return (
        bool(row["measure"])
        and same
        and not _EARLIER.search(clause.fresh)
        and values[0] < values[1]
        and bool(_PART.search(own) or re.search("其中|（[^）]*$", between))
    )


def _row(text, quantity, clause, topics, place):
    role_value = role(clause, place)
    frequency_value = frequency(quantity, clause, place, role_value)
    time, name = governing_time(clause), indicator_name(clause, topics)
    words = (time.words if time else "") + clause.before
    return {
        "start": quantity.start,
        "end": quantity.end,
        "raw": text[quantity.start : quantity.end],
        "indicator": name,
        "measure": _measure(text, quantity, clause, topics, frequency_value, words, place),
        "value_low": quantity.low,
        "value_high": quantity.high,
        "bound": quantity.bound,
        "unit": quantity.unit,
        "role": role_value,
        "frequency": frequency_value,
        "period": period(clause, place, role_value, frequency_value),
        "scope": scope(clause, role_value, name, place.reach),
    }


def _measure(text, quantity, clause, topics, frequency_value, words, place):
    """The harmonised key; a rank has its own, and a gap (比平均值少50%) is no level of anything."""
    if text[quantity.start] in "第前":
        return rank_of([words[-24:] for words in re.split("[，。；]", clause.lead)[:-4:-1]])
    if frequency_value == "one-off" and re.search("最[高多][^，。；]{0,6}$", clause.before):
        return ""
    if re.search("其[他它](?:文献|资料)?$", clause.fresh):
        return ""
    if is_fine(clause) or is_gap(clause) or _CHANGE.search(clause.before) or _is_other_body(clause, place):
        return ""
    if _SUBSET.search(re.split("[、和与及]", clause.fresh)[-1]):
        return ""
    opening = re.split("[，。；：]", re.split("；|[一二三四五]是", clause.lead)[-1])[0]
    key = measure_of(topics, quantity.unit, frequency_value, words, opening)
    if not key and quantity.unit in ("场", "场次", "场/次") and "等" in clause.fresh:
        key = measure_of(re.split("[，。；：]", clause.lead)[-2:-1], quantity.unit, frequency_value, words)
    if key in ("libraries", "branches") and re.search("有$", clause.before) and _SOME_OF_THEM.match(clause.after):
        return ""
    if key and _PER_OUTLET.search(re.split("[。；]", clause.lead)[-1]) and base_measure(key) in _OF_AN_OUTLET:
        key = f"branch_{key}"
    a_head = _A_HEAD.search(f"{clause.header} {clause.before}")
    return key if not a_head or _ALWAYS_A_HEAD.search(key) else ""


#: what each branch or outlet is to have (每个分馆藏书量不少于1万册): a norm for one, no figure of all
_PER_OUTLET = re.compile(
    "每(?:个|家|座|所)?(?:乡镇|镇街|街道|社区|村级|农家|城市|标准)?(?:分馆|书屋|书房|服务点|基层点|流通点|电子阅览室|文化站)|"
    "(?:分馆|书屋|书房|服务点)(?:平均)?(?:建筑面积|面积|藏书|配备|配置|阅览座|(?:每周|周)?开放)"
)
_OF_AN_OUTLET = frozenset(
    "building_area collection_total collection_print seats opening_hours staff acquisitions computers books "
    "serial_titles newspaper_titles periodical_titles".split()
)
#: figures of some readers or users only, which no measure of all may hold
_SUBSET = re.compile(
    r"男性|女性|[6-9]0后|00后|青年|本科生|研究生|中老年|老年读者|(?:[\d一二三]+|位|名|的|分之[一二三])的?读者(?:全年|每年|年)?借|第一名|占[^，。；]{0,4}读者[^，。；]{0,6}$|"
    "个别[^，。；]{0,8}馆|小读者|线上借|网借|边防部队|驻军|军营|部队|监狱|戒毒所"
)
_SOME_OF_THEM = re.compile("[^，。；、]{0,8}馆(?:已?经?)(?:开展|开放|实现|加入|入选|达到|成为|被|获|纳入)")
#: bodies that are no libraries; what they hold and do has no key of a library's
_OTHER_BODIES = re.compile(
    r"(?P<with>(?:[与和同及、在到赴由]|联合|入选)[^，。；]{0,6})?(?P<other>群众文化机构|文化广场|文化室|文化馆|文化站|文化服务中心|博物馆|美术馆|纪念馆|艺术表演|剧团|剧场|"
    r"影院|旅行社|景区|景点|档案馆|电视台)|图书馆|我馆|本馆|全馆|总馆|分馆"
)


def _is_other_body(clause, place):
    """Whether the subject of the sentence so far is a museum, a culture house or the like; 其中 keeps the subject of
    the sentence before."""
    lead = place.previous + clause.lead if clause.text.startswith("其中") else re.split("；", clause.lead)[-1]
    found = [match for match in _OTHER_BODIES.finditer(lead) if not match["with"]]
    return bool(found) and bool(found[-1]["other"])


#: what a growth is (较上年增加94万册), and a figure a head, which no measure of a whole may hold
_CHANGE = re.compile(
    r"(?:[比较](?:上年|去年|前年|同期|\d{4}\s?年)[末底]?|同比)[^，。；]{0,4}(?:净?增|减|升|降|多|少)[^，。；]{0,4}$|净增加?$"
)
_A_HEAD = re.compile("[人生]均|[县区乡村]均|每[百千万十]*(?:人|名读者)|[百千万]人拥有")
_ALWAYS_A_HEAD = re.compile(
    "per_student|per_user|^training_days|per_capita|per_1000|training_hours|volunteer_hours|^training_|^visits_|^rank|per_head"
)


_OWN_WORDS = re.compile(
    r"^(?:（|而|但|其中|我国|美国|英国|日本|德国|法国|韩国|加拿大|本馆|我馆|省图书馆|市图书馆|我省|我市|本|馆|仅|为|已|高?达到?|只有|由|从|增加|增长|提高|提升|到|"
    r"至|下降|降|约|、|和|及|与|\s|的|预算额度|年|\d{4}\s?年|(?<!\d)\d\d年|"
    r"扩大|扩充|扩展|跃升|攀升|上升|跃居|增|发展|现在的?|目前的?|的|\d{4}\s?年[初末底]?的?|连续.{1,2}年|保持在?|稳定在|年?[末底初]|年均|每年|日均|月均|每[天日月周季]|每个月|共计?|合计|累计|总计|分别|在|占|占比|比重|比例|低于|高于|相当于|全国|全省|"
    r"全市|平均|水平|举办|开展|组织|完成|其|并|预计|力争|确保)*$"
)
_SUMMED = re.compile(r"等(?:各类|各种|各项|系列|多种|形式多样的?)?([^，。；、等]{2,})$")


def _topics(clause, quantity, inherited):
    """The words that name what is counted, nearest first: at the number, then what was spoken of before."""
    tail = re.split(r"[，。；：（）\t+]", clause.text[clause.end : clause.end + 40])[0]
    tail = "" if tail.startswith("、") else tail
    listing = "、|" if re.search(r"\d", tail) else ""
    noun = re.split(
        listing + "(?<=馆)中(?![心国])|设立|建设|建成|建立|完成|实现|开展|举办|共建(?!馆)", tail.removeprefix("的")
    )[0][:24]
    if quantity.noun and quantity.noun not in clause.before:
        return [re.split("实现|摆脱|通过|[^一-龥]", clause.after)[0][:12], clause.after]
    if quantity.noun:
        at = clause.before.rfind(quantity.noun)
        return [re.split("[和及与]", clause.before[: at + len(quantity.noun)])[-1], clause.before]
    listed = clause.previous > clause.start - len(clause.before)
    if noun and re.search("[和与及]$", clause.fresh.rstrip()):
        return [noun]
    fresh = (re.split("[、和及与+]", clause.fresh)[-1] if listed else clause.fresh).strip(" 、+")
    earlier = re.split(r"[，。；：]", clause.lead)
    before = earlier[-2] if len(earlier) > 1 and not listed else ""
    if re.fullmatch(rf"(?:{YEAR}年[末底]?达到?)?(?:全[国省市县区])?人均(?:达到?|为|约)?", fresh) and inherited:
        head = re.sub("(?:达到?|为|约)$", "", inherited[0])
        return ["人均" + head[-length:] for length in (8, 5, 4, 3)]
    if re.fullmatch("(?:总|建筑)?面积(?:约|为|达到?|仅|共)*", fresh) and re.search("馆舍|[新主我本老]馆", clause.lead):
        return ["馆舍面积"]
    if _TRAINS.search(fresh) and _TRAINED.search(clause.lead):
        return [fresh + "基层馆员培训" + noun]
    if _OWN_WORDS.match(fresh) and not re.search("[到进入]馆", fresh):
        if noun:
            if len(noun) < 2 or tail.startswith("的"):
                return [noun, *inherited]
            return [noun] if _PROCESS.search(noun) else [noun, before]
        if (
            len(before) > 3
            and not re.search(r"\d|^(?:居|位|同比|较|比|并|创|在)", before)
            and not _OWN_WORDS.match(before)
        ):
            return [_summed(before), before, *inherited]
        return [*inherited, _summed(before), before]
    whole = tail if not re.search(r"\d", tail) else noun
    if noun and re.search("等各?[类种]?$", fresh):
        return [noun, whole]
    return [_summed(fresh) + noun, fresh + noun, *([] if listed and len(fresh + noun) > 2 else [clause.before + whole])]


#: a noun that says what is done with the things counted; what was spoken of before is then something else
_PROCESS = re.compile("数字化|整理|普查|编目|著录")
_TRAINS = re.compile("(?:培训|轮训)(?:班)?$")
_TRAINED = re.compile("(?:馆员|基层|从业|业务|学员|管理员)[^；。]{0,40}$")

_EVENT_WORDS = re.compile("讲座|展览|培训|活动|演出|沙龙|比赛|阅读推广")


def _summed(words):
    """The head of a list: 讲座、培训、展览等活动 is about 活动, and so is 培训、讲座、展览 counted in one figure."""
    if len(set(_EVENT_WORDS.findall(words))) > 1 and re.search("[、和及与]", words):
        return "活动"
    match = _SUMMED.search(words)
    return match[1] if match else words
