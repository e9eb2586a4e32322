"""The parameters of hardship files: the lines that recommend a category, and how long personal data are kept. Source: docs/domain.md, "Hardship files"."""

from unionportal.core.params.kinds import OWN, Definition, OneOf, Whole

BELOW, UP_TO = "低于", "低于或等于"
LAW = "个人信息保护法"

HARDSHIP_FILES: tuple[Definition, ...] = (
    Definition(
        "hardship.line",
        "最低生活保障标准",
        "困难帮扶",
        Whole(1, 20000),
        1200,
        "元/月",
        "当地公布的低保标准（每人每月）。家庭月均收入低于它的建议为深度困难。请按当地文件设置，并写明生效日期。",
        OWN,
    ),
    Definition(
        "hardship.relative_percent",
        "相对困难线",
        "困难帮扶",
        Whole(100, 500),
        200,
        "%",
        "相对困难的收入线是低保标准的百分之几；200 即 2 倍。",
        "全国总工会困难职工建档标准",
    ),
    Definition(
        "hardship.comparison",
        "收入线怎样比较",
        "困难帮扶",
        OneOf((BELOW, UP_TO)),
        BELOW,
        "",
        "收入正好等于收入线的，算不算在线内；各地文件写法不同。",
        OWN,
    ),
    Definition(
        "hardship.book_hours",
        "个人信息表格的保存时间",
        "困难帮扶",
        Whole(1, 168),
        24,
        "小时",
        "导出的含个人信息的加密表格，过了这么多小时自动删除，不能再下载。",
        OWN,
    ),
    Definition(
        "hardship.keep_lifted_years",
        "脱困后个人信息保存年限",
        "困难帮扶",
        Whole(1, 30),
        5,
        "年",
        "脱困满这么多年的档案，列入个人信息删除预览。",
        LAW,
    ),
    Definition(
        "hardship.keep_cleared_years",
        "清档后个人信息保存年限",
        "困难帮扶",
        Whole(1, 30),
        3,
        "年",
        "清档满这么多年的档案，列入个人信息删除预览。",
        LAW,
    ),
    Definition(
        "hardship.keep_rejected_years",
        "未通过后个人信息保存年限",
        "困难帮扶",
        Whole(1, 30),
        1,
        "年",
        "申请未通过满这么多年的档案，列入个人信息删除预览。",
        LAW,
    ),
    Definition(
        "hardship.keep_dismissed_years",
        "线索排除后个人信息保存年限",
        "困难帮扶",
        Whole(1, 30),
        1,
        "年",
        "排除满这么多年的困难线索，列入个人信息删除预览。",
        LAW,
    ),
)
