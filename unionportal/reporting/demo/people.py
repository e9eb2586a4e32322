"""The people of the demo district: invented names, the accounts of every role, and which cadre answers for what."""

from dataclasses import dataclass
from datetime import date
from random import Random

from unionportal.reporting.demo.places import DISTRICT, HANDLING_UNITS, MARK, TOWNSHIPS

#: The first working day of the weekly visits, and the last one loaded.
FIRST_DAY = date(2023, 4, 3)
LAST_DAY = date(2025, 1, 17)

#: 驻联 of the cadres: username -> the townships' last three digits.
TOWNSHIPS_OF: dict[str, tuple[str, ...]] = {
    "cadre01": ("001",),
    "cadre02": ("002",),
    "cadre03": ("004",),
    "cadre04": ("005",),
    "cadre05": ("006",),
    "cadre06": ("007",),
    "cadre07": ("012",),
    "cadre08": ("008",),
    "cadre09": ("009",),
    "cadre10": ("010",),
    "cadre11": ("011", "005"),
    "cadre12": ("012",),
    "cadre13": ("013",),
    "cadre14": ("014",),
    "cadre15": ("015", "016"),
    "cadre16": ("017",),
    "cadre17": ("108",),
    "cadre18": ("013",),
    "cadre19": ("014",),
    "cadre20": ("017",),
    "cadre21": ("007", "008"),
    "cadre22": ("009",),
    "cadre23": ("016", "108"),
}
#: How keen each is: visits a normal week. One does four enterprises a week.
KEENNESS: dict[str, float] = {f"cadre{i:02}": 0.80 for i in range(1, 24)} | {
    "cadre11": 3.4,
    "cadre04": 0.62,
    "cadre10": 0.70,
    "cadre12": 0.98,
    "cadre14": 0.97,
    "cadre17": 0.96,
    "cadre20": 0.60,
    "cadre22": 0.66,
}

#: The hand-over of September 2024: who gives which township to whom, from when; a single enterprise stays with the leaver.
HAND_OVER_FROM, HAND_OVER_TO, HAND_OVER_TOWNSHIP = "cadre07", "cadre19", "330602012"
HAND_OVER_ON = date(2024, 9, 14)

#: Single enterprises outside the own townships: cadre -> township they lie in (the first key enterprise there).
SINGLE_POSTINGS: tuple[tuple[str, str], ...] = (
    ("cadre03", "330602007"),
    ("cadre08", "330602013"),
    ("cadre17", "330602014"),
)

_SURNAMES = "沈俞章骆寿祝娄屠茹裘郦阮斯竺诸边"
_GIVEN = (
    "知行 竹溪 映川 望舒 砚清 书禾 景澄 若水 临风 子衿 亦舟 听澜 怀瑾 念初 云舒 南星 北辰 远山 晴岚 秋实 承露 采薇 谷雨 立夏 "
    "白露 小满 芳洲 明川 景行 嘉树 长青 思齐 乐然 观澜 既明 其琛 疏影 静姝 令仪 嘉言 行舟 知微 守拙 如松 予安 宛如 清和 安澜 "
    "云帆 思源 广益 怀远 星野 松年 望月 寒川 春和 夏木 冬青 和光 同尘 正言 希声 有容 致远 若谷 朝晖 晚晴"
)


@dataclass(frozen=True, slots=True)
class Person:
    """An account: its role on a unit."""

    username: str
    display_name: str
    role: str
    unit: str


def people(rng: Random) -> list[Person]:
    """Every account of the demo, in the order they are made."""
    given = _GIVEN.split()
    rng.shuffle(given)
    names = iter(f"{_SURNAMES[i * 5 % len(_SURNAMES)]}{name}{MARK}" for i, name in enumerate(given))
    district = DISTRICT[0]
    rows = [
        Person(role, next(names), role, district) for role in ("sysadmin", "security", "auditor", "leader", "staff")
    ]
    rows += [Person(f"cadre{i:02}", next(names), "cadre", district) for i in range(1, 24)]
    rows += [Person(f"township{i:02}", next(names), "township", t.code) for i, t in enumerate(TOWNSHIPS, start=1)]
    rows += [
        Person(f"handler{i:02}", next(names), "handler", code) for i, (code, *_) in enumerate(HANDLING_UNITS, start=1)
    ]
    return rows


def clerk_of(unit_code: str) -> str:
    """The account that acts for a unit that holds issues."""
    for i, township in enumerate(TOWNSHIPS, start=1):
        if township.code == unit_code:
            return f"township{i:02}"
    for i, (code, *_) in enumerate(HANDLING_UNITS, start=1):
        if code == unit_code:
            return f"handler{i:02}"
    raise KeyError(unit_code)


def posted_cadres(township: str, on: date) -> list[str]:
    """Cadres whose posting covers the township on a day, by the hand-over of September 2024."""
    found = [
        c
        for c, digits in TOWNSHIPS_OF.items()
        if township[-3:] in digits
        and not (c == HAND_OVER_FROM and township == HAND_OVER_TOWNSHIP and on >= HAND_OVER_ON)
    ]
    if township == HAND_OVER_TOWNSHIP and on >= HAND_OVER_ON:
        found.append(HAND_OVER_TO)
    return sorted(found)
