"""Names of the scenario 浦江: real administrative names with their statistical codes of 2023; everything else invented and marked as such."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from unionportal.reporting.demo.scenarios.ground import Person, Place

MARK = "（演示）"
CITY = Place("330700", "金华市总工会", "市总工会")
DISTRICT = Place("330726", "浦江县总工会", "浦江县总工会")


@dataclass(frozen=True, slots=True)
class Township:
    """A township and a point in it, WGS-84, good enough to spread stations around; not surveyed."""

    place: Place
    longitude: Decimal
    latitude: Decimal

    @property
    def label(self) -> str:
        """Its name without what it is: 浦南, 黄宅, 大畈."""
        return self.place.short_name.removesuffix("街道").removesuffix("镇").removesuffix("乡")


def _township(code: str, name: str, longitude: str, latitude: str) -> Township:
    return Township(Place(f"330726{code}", f"{name}总工会", name), Decimal(longitude), Decimal(latitude))


TOWNSHIPS: tuple[Township, ...] = (
    _township("001", "浦南街道", "119.895", "29.438"),
    _township("002", "仙华街道", "119.902", "29.474"),
    _township("003", "浦阳街道", "119.888", "29.456"),
    _township("101", "黄宅镇", "119.985", "29.448"),
    _township("102", "白马镇", "120.012", "29.528"),
    _township("103", "郑家坞镇", "120.055", "29.478"),
    _township("104", "郑宅镇", "119.968", "29.492"),
    _township("105", "岩头镇", "119.945", "29.518"),
    _township("106", "檀溪镇", "119.878", "29.588"),
    _township("107", "杭坪镇", "119.798", "29.552"),
    _township("200", "大畈乡", "119.765", "29.528"),
    _township("201", "中余乡", "119.948", "29.608"),
    _township("202", "前吴乡", "119.812", "29.452"),
    _township("203", "花桥乡", "119.722", "29.498"),
    _township("204", "虞宅乡", "119.778", "29.488"),
)

_OFFICE = (
    ("sysadmin", "盛系统"),
    ("security", "安守安"),
    ("auditor", "沈审计"),
    ("leader", "傅主席"),
    ("staff", "张干事"),
)
_CLERKS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩"
_KEEPERS = ("杨站长", "朱站长", "秦站长", "尤站长")
#: Invented names.
PEOPLE: tuple[Person, ...] = (
    *(Person(role, f"{name}{MARK}", role, DISTRICT.code) for role, name in _OFFICE),
    *(
        Person(f"township{number:02}", f"{surname}镇街{MARK}", "township", township.place.code)
        for number, (surname, township) in enumerate(zip(_CLERKS, TOWNSHIPS, strict=True), start=1)
    ),
    *(
        Person(f"keeper{number:02}", f"{name}{MARK}", "keeper", DISTRICT.code)
        for number, name in enumerate(_KEEPERS, start=1)
    ),
)

#: Where stations and nursing rooms are, by turns; more than there are townships, so that no name comes twice in one.
WORKPLACES = (
    "客运站",
    "快递园",
    "环卫所",
    "水晶园",
    "农贸市场",
    "人民广场",
    "职工服务中心",
    "银行网点",
    "公交首末站",
    "便民中心",
    "产业园",
    "加油站",
    "图书馆",
    "卫生院",
    "文化礼堂",
    "物流园",
)
ROOMS = (
    "水晶企业",
    "纺织企业",
    "挂锁企业",
    "绗缝企业",
    "机械企业",
    "政务中心",
    "卫生院",
    "商场",
    "学校",
    "银行",
    "产业园",
    "电商园",
    "汽车站",
    "图书馆",
    "工人文化宫",
    "物流园",
)
PARTNERS: dict[str, str] = {
    "warmth": f"环卫所工会{MARK}",
    "cooling": f"志愿服务队{MARK}",
    "health": f"县人民医院{MARK}",
    "legal": f"法律援助站{MARK}",
    "jobs": f"人力资源市场{MARK}",
    "meal": f"爱心餐厅{MARK}",
}
_TITLES: dict[str, str] = {
    "warmth": "送温暖：热茶、手套和暖宝宝",
    "cooling": "送清凉：防暑药品和饮料",
    "health": "送健康：量血压、测血糖",
    "legal": "送法律：欠薪和工伤怎么办",
    "jobs": "送岗位：招聘信息进驿站",
    "meal": "送爱心餐：热饭热菜",
}
#: Kind -> days of its seven events in 2024; the loader takes the next workday.
_DAYS: dict[str, tuple[str, ...]] = {
    "warmth": ("01-18", "01-25", "02-02", "02-20", "11-26", "12-10", "12-20"),
    "cooling": ("06-20", "07-04", "07-11", "07-18", "07-25", "08-08", "08-20"),
    "health": ("03-14", "04-16", "05-15", "06-12", "09-12", "10-17", "11-14"),
    "legal": ("03-21", "04-25", "05-22", "06-26", "09-19", "10-24", "12-04"),
    "jobs": ("02-27", "03-06", "03-28", "04-10", "09-05", "10-10", "11-07"),
    "meal": ("01-11", "03-08", "04-29", "05-29", "08-28", "10-30", "12-17"),
}
#: 42 events: kind, title, day.
EVENTS: tuple[tuple[str, str, date], ...] = tuple(
    sorted(
        ((kind, _TITLES[kind], date.fromisoformat(f"2024-{day}")) for kind, days in _DAYS.items() for day in days),
        key=lambda event: event[2],
    )
)

#: What was reported by the codes of stations: day, words, how it ended.
REPORTS: tuple[tuple[str, str, str], ...] = (
    ("2024-02-22", "驿站的微波炉坏了，热不了饭。", "resolved"),
    ("2024-03-19", "驿站晚上关门太早，跑夜班没地方歇。", "resolved"),
    ("2024-04-18", "药箱里的药过期了。", "resolved"),
    ("2024-05-23", "不知道送餐平台的保险怎么赔。", "explained"),
    ("2024-07-09", "空调不制冷，中午待不住。", "resolved"),
    ("2024-07-23", "想在快递园附近再设一个驿站。", "explained"),
    ("2024-09-10", "饮水机没有换水。", "resolved"),
    ("2024-10-22", "门口的坡滑，下雨天摔人。", "resolved"),
    ("2024-11-20", "充电插座不够用。", "resolved"),
)
