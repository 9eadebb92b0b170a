"""What do the headings above a sentence say: is what stands under them to be done, or is it told as done?"""

import re

from .context import period_role

_PAST_HEADING = re.compile(
    r"回顾|成绩|成就|成效|成果|现状|发展基础|(?:工作|规划|现实|事业|良好)基础|建设基础|基础与|基础和|主要进展|问题|困难|差距|短板|不足|挑战|概况|简介|"
    r"总结|汇报|完成情况|执行情况|实施情况|"
    r"进展情况|基本情况|发展历程|馆情|背景|形势"
)


_FUTURE_HEADING = re.compile(
    r"目标|主要任务|重点任务|任务|指标|举措|措施|工作安排|打算|展望|愿景|规划|行动|策略|战略|专栏|下一步|重点工作|"
    r"工作计划|总体要求|"
    r"^保障|保障(?:措施)?$|保障机制|发展思路|工作思路|预期|部署"
)


#: in a report only a heading that looks ahead opens targets; 任务, 措施, 行动, 重点工作 are what was done
_AHEAD_HEADING = re.compile(
    r"主要目标|目标任务|预期|打算|展望|愿景|规划|下一?步|计划|安排|思路|明年|今后|总体要求|(?:工作|发展|年度|奋斗|总体)目标|工作任务"
)


#: what is to be mended is a task: 补齐设施短板
_MENDED = re.compile(
    "(?:补齐|补上|补强|弥补|破解|解决|化解|缩小|消除|克服|应对)[^，。；、]{0,6}(?:短板|弱项|不足|差距|问题|难题|困难|挑战)"
)


_SHORT = 14


def heading_role(setting):
    """What the headings above a sentence say: target, baseline, or "" where they say nothing or both."""
    role = ""
    for depth, title in enumerate(setting.path.split(" / ")):
        bare = re.sub(r"^[\s（(]*[\d一二三四五六七八九十]+[）)、.．\s]*|“|”", "", title)
        if depth and len(bare) > _SHORT and not period_role(title, setting):
            continue
        ahead = _AHEAD_HEADING if setting.document == "report" else _FUTURE_HEADING
        past, future = bool(_PAST_HEADING.search(_MENDED.sub("", bare))), bool(ahead.search(bare))
        by_period = period_role(title, setting) if title != setting.title or setting.document != "report" else ""
        if past and not (future and by_period == "target") and by_period != "target":
            role = "baseline"
        elif by_period:
            role = by_period
        elif future and not past:
            role = "target"
    return role
