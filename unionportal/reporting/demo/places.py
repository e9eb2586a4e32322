"""The unit tree of the demo district: real townships by their statistical codes (docs/domain.md), everything else invented."""

from dataclasses import dataclass

MARK = "（演示）"

CITY = ("330600", "绍兴市总工会", "市总工会")
DISTRICT = ("330602", "绍兴市越城区总工会", "越城区总工会")


@dataclass(frozen=True, slots=True)
class Township:
    """`firms` and `keys`: how many enterprises and how many key ones it has. `industries`: GB/T 4754 sections, likelier ones first."""

    code: str
    name: str
    firms: int
    keys: int
    industries: str


TOWNSHIPS: tuple[Township, ...] = (
    Township("330602001", "塔山街道", 46, 3, "FHLROQ"),
    Township("330602002", "府山街道", 58, 4, "FHKLRJ"),
    Township("330602004", "北海街道", 52, 3, "FHLOPE"),
    Township("330602005", "城南街道", 71, 6, "CFEGMI"),
    Township("330602006", "稽山街道", 64, 5, "CFIMGE"),
    Township("330602007", "迪荡街道", 69, 5, "IJLMFH"),
    Township("330602008", "东湖街道", 57, 4, "CGFHRN"),
    Township("330602009", "灵芝街道", 73, 6, "CFEGNI"),
    Township("330602010", "东浦街道", 55, 4, "CFRHGE"),
    Township("330602011", "鉴湖街道", 66, 6, "CGFEMN"),
    Township("330602012", "斗门街道", 118, 11, "CCGFID"),
    Township("330602013", "皋埠街道", 92, 8, "CCGFED"),
    Township("330602014", "马山街道", 96, 9, "CCGFID"),
    Township("330602015", "孙端街道", 38, 3, "CAFGHE"),
    Township("330602016", "陶堰街道", 31, 2, "CAFGHR"),
    Township("330602017", "沥海街道", 52, 5, "CCDGFE"),
    Township("330602108", "富盛镇", 34, 3, "CAFRHG"),
)

#: code, kind, name, short name. Short codes of the district's own, the parent is the district.
HANDLING_UNITS: tuple[tuple[str, str, str, str], ...] = (
    ("QYBZ", "department", "权益保障部", "权益保障部"),
    ("ZZB", "department", "组织部", "组织部"),
    ("CWB", "department", "财务部", "财务部"),
    ("JJB", "department", "劳动和经济工作部", "劳动经济部"),
    ("NGB", "department", "女职工和宣教部", "女工宣教部"),
    ("FWZX", "department", "职工服务中心", "服务中心"),
    ("BZQ01", "workroom", "八字桥工作室（塔山）", "八字桥塔山"),
    ("BZQ02", "workroom", "八字桥工作室（斗门）", "八字桥斗门"),
    ("BZQ03", "workroom", "八字桥工作室（皋埠）", "八字桥皋埠"),
    ("BZQ04", "workroom", "八字桥工作室（鉴湖）", "八字桥鉴湖"),
    ("RS", "agency", "人力社保部门", "人社"),
    ("YJ", "agency", "应急管理部门", "应急"),
    ("XF", "agency", "消防救援部门", "消防"),
    ("YB", "agency", "医疗保障部门", "医保"),
    ("SF", "agency", "司法行政部门", "司法"),
)

#: The workroom nearest to a township.
WORKROOM_OF: dict[str, str] = {
    **dict.fromkeys(("330602001", "330602002", "330602004", "330602007", "330602006"), "BZQ01"),
    **dict.fromkeys(("330602012", "330602014", "330602009", "330602017"), "BZQ02"),
    **dict.fromkeys(("330602013", "330602008", "330602015", "330602016", "330602108"), "BZQ03"),
    **dict.fromkeys(("330602005", "330602010", "330602011"), "BZQ04"),
}

#: Who an issue of a category is handed to, with weights. TOWNSHIP: the issue's own; WORKROOM: the nearest.
HANDED_TO: dict[str, tuple[tuple[str, int], ...]] = {
    "dues_refund": (("CWB", 5), ("TOWNSHIP", 5)),
    "union_building": (("TOWNSHIP", 6), ("ZZB", 4)),
    "training": (("JJB", 4), ("TOWNSHIP", 4), ("XF", 2)),
    "recruitment": (("TOWNSHIP", 5), ("RS", 5)),
    "dispute": (("WORKROOM", 6), ("TOWNSHIP", 2), ("QYBZ", 2)),
    "wage_arrears": (("WORKROOM", 4), ("RS", 4), ("QYBZ", 2)),
    "safety": (("TOWNSHIP", 4), ("YJ", 3), ("XF", 3)),
    "hardship": (("QYBZ", 5), ("TOWNSHIP", 5)),
    "matchmaking": (("NGB", 7), ("TOWNSHIP", 3)),
    "station": (("TOWNSHIP", 5), ("FWZX", 5)),
    "policy": (("TOWNSHIP", 6), ("QYBZ", 2), ("RS", 2)),
    "legal": (("SF", 5), ("QYBZ", 5)),
    "mutual_aid": (("FWZX", 7), ("YB", 3)),
    "childcare": (("NGB", 5), ("TOWNSHIP", 5)),
    "proposal": (("TOWNSHIP", 6), ("JJB", 4)),
    "other": (("TOWNSHIP", 9), ("FWZX", 1)),
}
