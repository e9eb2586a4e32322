"""Parameters of hardship leads, of sensing and of the lists that watch over files."""

from unionportal.core.params.kinds import OWN, Definition, Whole

_GROUP = "困难线索"

LEADS = (
    Definition(
        "hardship.lead_threshold",
        "产生线索的分数",
        _GROUP,
        Whole(1, 500),
        60,
        "分",
        "同一个人、同一种致困原因，命中的感知规则权重相加达到这个分数，就产生一条线索，由人核实。",
        OWN,
    ),
    Definition(
        "hardship.lead_workdays",
        "线索核实期限",
        _GROUP,
        Whole(1, 60),
        5,
        "个工作日",
        "线索产生后，应在几个工作日内核实。第1天是产生后的下一个工作日。",
        OWN,
    ),
    Definition(
        "hardship.sensing_days",
        "部门数据保留",
        _GROUP,
        Whole(1, 366),
        90,
        "天",
        "导入的部门数据保留几天后删除原始内容；线索里引用的说明随线索保留。",
        "个人信息保护法第四十七条；天数为本系统的约定",
    ),
    Definition(
        "hardship.without_aid_months",
        "久未帮扶",
        "困难帮扶提醒",
        Whole(1, 60),
        6,
        "个月",
        "在档的档案几个月没有发放过任何帮扶时，列入“久未帮扶”。",
        OWN,
    ),
    Definition(
        "hardship.twice_days",
        "重复帮扶",
        "困难帮扶提醒",
        Whole(1, 366),
        25,
        "天",
        "同一个人在几天之内得到同一项帮扶不止一次时，列入“重复帮扶”。",
        OWN,
    ),
    Definition(
        "hardship.relapse_months",
        "返困观察期",
        "困难帮扶提醒",
        Whole(1, 60),
        12,
        "个月",
        "脱困后的几个月内，部门数据或线索又提到这户时列入“返困观察”。",
        OWN,
    ),
)
