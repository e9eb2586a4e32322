"""The parameters of a hardship file's process. Source: docs/domain.md, "The process of a file"."""

from unionportal.core.params.kinds import OWN, Definition, OneOf, Whole

#: When the list goes up, by its words; `hardship` holds itself to them by a test.
ORDERS = ("公示在联网核查之前", "公示在联网核查之后")
GROUP = "困难帮扶流程"
#: Workdays a step may take: key, name, default.
_PERIODS = (
    ("survey", "入户调查", 5, "提交申请"),
    ("appraise", "评议", 5, "入户调查"),
    ("publicise", "发布公示", 3, "轮到公示"),
    ("review", "镇街复核", 5, "轮到复核"),
    ("check", "联网核查", 10, "轮到核查"),
    ("approve", "审批", 5, "轮到审批"),
    ("change", "变化复核", 10, "登记家庭变化"),
)

HARDSHIP_PROCESS: tuple[Definition, ...] = (
    Definition(
        "hardship.order",
        "公示的先后",
        GROUP,
        OneOf(ORDERS),
        ORDERS[0],
        "",
        "公示放在镇街复核、联网核查之前还是之后。改动只对以后提交的申请起作用。",
        OWN,
    ),
    *(
        Definition(
            f"hardship.{key}_workdays",
            f"{name}期限",
            GROUP,
            Whole(1, 60),
            days,
            "个工作日",
            f"{start}后，应在几个工作日内完成{name}。第1天是下一个工作日。",
            OWN,
        )
        for key, name, days, start in _PERIODS
    ),
    Definition(
        "hardship.public_workdays",
        "公示天数",
        GROUP,
        Whole(1, 30),
        5,
        "个工作日",
        "公示名单至少公示几个工作日，发布当天不计。",
        OWN,
    ),
    Definition(
        "hardship.appraisers_least",
        "评议人数",
        GROUP,
        Whole(1, 30),
        3,
        "人",
        "评议至少要有几人参加；同意的须过半数。",
        OWN,
    ),
    Definition(
        "hardship.renewal_months",
        "年度复核间隔",
        GROUP,
        Whole(1, 36),
        12,
        "个月",
        "在档家庭每隔几个月全面复核一次。",
        OWN,
    ),
    Definition(
        "hardship.renewal_notice_days",
        "年度复核提前提醒",
        GROUP,
        Whole(0, 180),
        30,
        "天",
        "复核到期前几天列入帮扶专员的待办。",
        OWN,
    ),
)
