"""Names: which words only say where a text comes from, so that they cannot say what it is about?

A library's own name, its region and the words that point at them (本馆, 全省, 省图书馆) mark every section of its plan
and would head every list of typical words. They are known by rule: from the register, from the place names of the
dictionary of everyday words, and by their form.
"""

import functools
import re

from ..words import tagged_words

_AREA = "特别行政区|自治区|自治州|自治县|省|市|县|区|州|盟|旗"
_BODY = (
    "图书馆|博物馆|文化馆|美术馆|档案馆|科技馆|馆|人民政府|政府|党委|委|人大|政协|委员会|文化和旅游厅|文旅厅|厅|局|大学|学院|"
    "学会|协会"
)
#: 全省, 我馆, 本市; 省图书馆, 市委, 国家图书馆; 省内
_POINTING = re.compile(
    rf"(?:全|我|本|该)(?:国|{_AREA}|馆|院)|(?:国家|{_AREA})(?:公共)?(?:{_BODY})|(?:{_AREA})(?:内|外|内外)"
)
#: what may follow a place name in the name of a region or an institution: 吉林|省, 滕州|市|图书馆
_AFTER = re.compile(rf"(?:{_AREA})*(?:公共)?(?:{_BODY})?")
_COUNTRY = frozenset(("中国", "中华人民共和国", "国家图书馆"))


def is_name(word, own=frozenset()):
    """Whether a word only names or points at a place or an institution: 吉林省, 滕州市图书馆, 省图书馆, 全省, 本馆.

    `own` are further names (see `own_names`). 公共图书馆 or 省级 are no names, and a word that merely holds a name
    (吉林文化) is none either.
    """
    if word in _COUNTRY or word in own or _POINTING.fullmatch(word):
        return True
    places = _places()
    return any(
        (word[:cut] in own or word[:cut] in places) and _AFTER.fullmatch(word[cut:]) is not None
        for cut in range(len(word), 1, -1)
    )


def own_names(corpus):
    """The names of the plans' institutions and regions in the register, as a frozenset; empty without a register."""
    return frozenset(name for plan in corpus.plan_ids for name in corpus.aliases(plan))


@functools.lru_cache(maxsize=1)
def _places():
    """Places of the dictionary of everyday words: those with an area word (吉林省), and their short forms (吉林).

    Its tags alone will not do (they call 馆藏 a place): a short form counts where the dictionary has the full one too.
    """
    tagged = tagged_words("ns")
    full = frozenset(word for word in tagged if re.search(rf"..(?<!城)(?:{_AREA})$", word))
    short = tagged | tagged_words("nr")
    return full | frozenset(word for word in (re.sub(rf"(?:{_AREA})$", "", name) for name in full) if word in short)
