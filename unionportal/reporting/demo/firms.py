"""A thousand invented enterprises, each named as a demo, with credit codes that pass the check of GB 32100."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import uscc

from unionportal.reporting.demo.places import MARK, TOWNSHIPS, Township

_FIRST = "锦岚澄砚棠栖沐霁曜禾韶黛朔珩桐霖汐蔚翎峤"
_SECOND = "樾陌川庭野曦笙澜渡朗汀屿柯禾苑峦骁晟沅祺"

#: What an enterprise of a section (GB/T 4754) is called, and roughly how many people it has.
_TRADES: dict[str, tuple[tuple[str, ...], int, int]] = {
    "A": (("生态农业", "茶业", "水产养殖", "园艺"), 8, 60),
    "C": (
        (
            "纺织",
            "印染",
            "机械",
            "电子",
            "黄酒酿造",
            "色纺",
            "电机",
            "塑业",
            "五金",
            "食品",
            "服饰",
            "轴承",
            "新材料",
            "包装",
            "医药",
            "微电子",
        ),
        30,
        900,
    ),
    "D": (("热电", "水务", "新能源"), 40, 300),
    "E": (("建设", "建筑装饰", "市政工程"), 20, 400),
    "F": (("商贸", "供应链", "百货", "汽车销售"), 6, 180),
    "G": (("物流", "快递", "集装箱运输", "客运"), 20, 650),
    "H": (("餐饮管理", "酒店管理", "食品配送"), 10, 220),
    "I": (("信息技术", "软件", "数字科技"), 10, 300),
    "J": (("融资担保", "保险代理"), 12, 160),
    "K": (("物业服务", "置业"), 20, 420),
    "L": (("人力资源", "商务服务", "会展"), 8, 260),
    "M": (("检测技术", "工程设计", "环保科技"), 10, 180),
    "N": (("环境服务", "园林绿化"), 15, 320),
    "O": (("家政服务", "汽车维修"), 6, 90),
    "P": (("教育培训", "职业技能培训"), 6, 80),
    "Q": (("康养服务", "医疗门诊"), 12, 200),
    "R": (("文化传媒", "体育发展", "旅游开发"), 8, 150),
}
_STREETS = ("兴业", "望海", "镜水", "越兴", "平江", "启圣", "汇金", "云东", "洋江", "康宁", "致远", "群贤")
_SURNAMES = "王李陈张周吴徐孙马朱胡郭何高林郑谢罗梁宋"
_CHECK = "0123456789X"


@dataclass(frozen=True, slots=True)
class Firm:
    """One enterprise as it is registered. `brand` is how stories call it."""

    credit_code: str
    name: str
    brand: str
    township: str
    is_key: bool
    industry: str
    address: str
    contact_name: str
    contact_phone: str
    employees: int
    union_state: str
    union_members: int | None
    union_term_ends_on: date | None


def firms(rng: Random) -> list[Firm]:
    """All enterprises, township by township; the key ones come first in each."""
    brands = [a + b for a in _FIRST for b in _SECOND if a != b]
    rng.shuffle(brands)
    names: set[str] = set()
    found: list[Firm] = []
    for township in TOWNSHIPS:
        for n in range(township.firms):
            brand = brands[len(found) % len(brands)]
            found.append(_firm(rng, township, brand, is_key=n < township.keys, number=len(found) + 1, names=names))
    return found


def _firm(rng: Random, township: Township, brand: str, *, is_key: bool, number: int, names: set[str]) -> Firm:
    weights = range(len(township.industries), 0, -1)
    industry = rng.choices(township.industries, weights=weights)[0]
    if is_key:
        industry = township.industries[number % 2]
    trades, low, high = _TRADES[industry]
    name = _name(rng, brand, trades, names)
    employees = rng.randint(max(low, high // 3), high * 2) if is_key else int(low + (high - low) * rng.random() ** 3)
    state, members, ends = _union(rng, employees, is_key=is_key)
    return Firm(
        credit_code=credit_code(number),
        name=name,
        brand=brand,
        township=township.code,
        is_key=is_key,
        industry=industry,
        address=f"越城区{township.name}{rng.choice(_STREETS)}路{rng.randint(1, 880)}号（虚构）",
        contact_name=rng.choice(_SURNAMES) + rng.choice(("先生", "女士")),
        contact_phone=f"0575-0000{rng.randint(0, 9999):04}",  # no such exchange
        employees=employees,
        union_state=state,
        union_members=members,
        union_term_ends_on=ends,
    )


def _name(rng: Random, brand: str, trades: tuple[str, ...], names: set[str]) -> str:
    while True:
        place = rng.choice(("绍兴", "绍兴", "浙江", "绍兴市越城"))
        name = f"{place}{brand}{rng.choice(trades)}有限公司{MARK}"
        if name not in names:
            names.add(name)
            return name


def _union(rng: Random, employees: int, *, is_key: bool) -> tuple[str, int | None, date | None]:
    """25 members are enough for a committee of one's own (docs/domain.md); smaller firms join others."""
    dice = rng.random()
    if not is_key and dice < 0.34:
        return ("preparing" if dice < 0.03 else "none"), None, None
    members = int(employees * rng.uniform(0.55, 0.98))
    state = "own" if members >= 25 else "joint"
    return state, members, date(2025, 2, 1) + timedelta(days=rng.randint(0, 1500))


def credit_code(number: int) -> str:
    """The code of demo enterprise `number`: an organisation part no registry gives out, both check characters right."""
    body = f"MDEM{number:04}"
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
    total = sum(alphabet.index(c) * w for c, w in zip(body, weights, strict=True))
    organisation = body + _CHECK[(11 - total % 11) % 11]
    code = "91330602" + organisation
    return code + uscc.calc_check_digit(code)
