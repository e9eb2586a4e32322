"""The text of the reports: headings, sentences, tables and charts in order. Sentences say figures by the names of `vocabulary`, in Jinja.

Word (the built-in template) and PDF are both written from it, so they say the same.
"""

from unionportal.reporting.models import ReportKind
from unionportal.reporting.reports.blocks import (
    Appendix,
    Block,
    Entries,
    Figure,
    Heading,
    Part,
    Sentence,
    Signature,
    Table,
)
from unionportal.reporting.reports.outline_parts import HARDSHIP_PART, STATION_PART

_VISITED = (
    "{{ 期间 }}，全区共走访{{ 本期.走访次数 }}家次，其中走访企业{{ 本期.企业家次 }}家次、涉及企业{{ 本期.企业家数 }}家，走访{{ 本期.走访人次 }}人次；"
    "在营重点企业{{ 本期.重点企业 }}家，走访覆盖{{ 本期.重点企业覆盖 }}家。收集录入问题诉求{{ 本期.收集录入 }}件，已化解{{ 本期.已化解 }}件，"
    "化解率{{ 本期.化解率 }}。{{ 比较 }}"
)
_SINCE = (
    "自{{ 推行 }}推行“越工周记”以来，累计走访{{ 累计.走访次数 }}家次，收集录入问题诉求{{ 累计.收集录入 }}件，已化解{{ 累计.已化解 }}件，"
    "化解率{{ 累计.化解率 }}。"
)
_CLOSED = (
    "{{ 期间 }}收集录入{{ 本期.收集录入 }}件，已办结{{ 本期.已办结 }}件，其中已化解{{ 本期.已化解 }}件{% if 其他结果 %}，{{ 其他结果 }}{% endif %}。"
    "只有“已化解”计入化解率。连同以前收集的，到期末全部未办结{{ 本期.期末未办结 }}件。"
)
_IN_TIME = (
    "已交办{{ 本期.已交办 }}件，按时签收{{ 本期.按时签收 }}件，按时签收率{{ 本期.按时签收率 }}；有期限的办结{{ 本期.有期限办结 }}件，"
    "按时办结{{ 本期.按时办结 }}件，按时办结率{{ 本期.按时办结率 }}。办结用时中位数{{ 本期.用时中位数 }}个工作日。"
    "发回重办{{ 本期.发回重办 }}件，发回重办率{{ 本期.发回重办率 }}。"
)
_ASKED = (
    "承办单位已反馈{{ 本期.已反馈 }}件，已回访{{ 本期.已回访 }}件，回访率{{ 本期.回访率 }}；有效评价{{ 本期.有效评价 }}件，"
    "满意和基本满意{{ 本期.满意 }}件，满意率{{ 本期.满意率 }}。"
)
_CATEGORIES = (
    "{% if 类别要点 %}收集录入较多的类别依次为{{ 类别要点 }}。"
    "{% if 上升类别 %}比上期增加较多的是{{ 上升类别 }}。{% endif %}"
    "{% else %}本期没有收集录入问题诉求。{% endif %}"
)
_UNITS = (
    "{% if 偏慢单位 %}按时办结率低于全区的承办单位主要有{{ 偏慢单位 }}（有期限的办结不少于{{ 小基数 }}件的单位）。{% endif %}"
    "{% if 超期 %}期末超过办理期限仍未反馈的诉求{{ 超期 }}件。{% else %}期末没有超过办理期限仍未反馈的诉求。{% endif %}"
)
_TOWNSHIPS = (
    "{{ 各镇街|length }}个镇街中，{% if 本期.收集录入 %}收集录入最多的是{{ 各镇街[0].名称 }}（{{ 各镇街[0].收集录入 }}件）。"
    "件数较少的镇街，比率波动大，不宜直接比较。{% else %}本期都没有收集录入问题诉求。{% endif %}"
)

_RESULT = (
    ("收集录入", "收集录入"),
    ("已化解", "已化解"),
    ("化解率", "化解率"),
    ("已解释", "已解释"),
    ("未化解", "未化解"),
    ("期末未办结", "期末未办结"),
)
_VISITS = (
    ("走访（家次）", "走访次数"),
    ("企业家次", "企业家次"),
    ("企业家数", "企业家数"),
    ("人次", "走访人次"),
    ("覆盖重点企业", "重点企业覆盖"),
)
_TOWNSHIP_TABLE = Table(
    "各镇街走访与办理情况",
    "各镇街",
    (
        ("镇街", "名称"),
        ("走访（家次）", "走访次数"),
        ("收集录入", "收集录入"),
        ("已化解", "已化解"),
        ("化解率", "化解率"),
        ("按时办结率", "按时办结率"),
        ("满意率", "满意率"),
    ),
    widths=(6, 5, 4, 4, 5, 5, 5),
)
_CATEGORY_TABLE = Table(
    "各类别办理情况",
    "各类别",
    (
        ("类别", "名称"),
        ("收集录入", "收集录入"),
        ("占比", "占比"),
        ("上期收集", "上期收集"),
        ("已化解", "已化解"),
        ("化解率", "化解率"),
        ("用时中位数", "用时中位数"),
    ),
    widths=(7, 4, 4, 4, 4, 5, 5),
)
_HOLDER_TABLE = Table(
    "各承办单位办理情况",
    "各单位",
    (
        ("承办单位", "名称"),
        ("收集录入", "收集录入"),
        ("按时签收率", "按时签收率"),
        ("有期限办结", "有期限办结"),
        ("按时办结率", "按时办结率"),
        ("期末超期", "超期"),
    ),
    widths=(9, 4, 5, 5, 5, 4),
)
_OVERDUE_TABLE = Table(
    "期末超期未反馈的诉求（最多列20件）",
    "超期清单",
    (
        ("编号", "编号"),
        ("类别", "类别"),
        ("镇街", "镇街"),
        ("承办单位", "承办单位"),
        ("办理期限", "办理期限"),
    ),
    widths=(8, 7, 5, 7, 9),
    named=5,
)
_APPENDIX_TITLE = "指标口径与数据说明"
_APPENDIX: tuple[Block, ...] = (
    Sentence("本报告各项数据的口径、版次和统计时间见附件。", keep=True),
    Sentence(f"附件：{_APPENDIX_TITLE}", keep=True),
    Signature(),
    Appendix(_APPENDIX_TITLE),
    Sentence(
        "本报告数据统计至{{ 统计时间 }}（{{ 数据状态 }}）。问题诉求按收集日期归入各期，办理结果已冻结的月份以冻结时为准，其余以统计时为准；"
        "{{ 现时数据 }}的数据以生成报告时的记录为准。分母为零的比率记作“—”。报告模板：{{ 模板 }}。"
    ),
    Table("各月数据版次", "各月版次", (("数据月份", "名称"), ("版次", "版次"), ("说明", "时间")), (4, 3, 13), named=3),
    Entries("口径", "{{ 行.名称 }}：{{ 行.公式 }}"),
)


def _headline(*columns: tuple[str, str]) -> Table:
    return Table("主要指标", "主要指标", (("指标", "名称"), *columns))


_ANNUAL: tuple[Block | Part, ...] = (
    Heading("总体情况"),
    Sentence(_VISITED),
    Sentence(_SINCE),
    _headline(("上年", "上期"), ("本年", "本期"), ("累计", "累计")),
    Heading("走访情况"),
    Sentence(
        "{% if 各月|length > 1 %}走访最多的是{{ 走访最多 }}，最少的是{{ 走访最少 }}。{% endif %}"
        "家次按走访记录计，家按不同企业计，人次按每次走访人数相加，三者口径不同，不可相加。"
    ),
    Table("各月走访情况", "各月", (("月份", "名称"), *_VISITS)),
    Heading("问题诉求办理情况"),
    Heading("收集与化解", 2),
    Sentence(_CLOSED),
    Figure("趋势", "各月收集、化解与化解率"),
    Table("各季度收集与化解", "各季度", (("季度", "名称"), *_RESULT), together=True),
    Table("各月收集与化解", "各月", (("月份", "名称"), *_RESULT)),
    Heading("办理时效", 2),
    Sentence(_IN_TIME),
    Heading("回访与满意度", 2),
    Sentence(_ASKED),
    Heading("镇街情况"),
    Sentence(_TOWNSHIPS),
    Figure("镇街", "收集录入较多的镇街"),
    _TOWNSHIP_TABLE,
    Heading("类别情况"),
    Sentence(_CATEGORIES),
    Figure("类别", "收集录入较多的类别"),
    _CATEGORY_TABLE,
    Heading("承办单位情况"),
    Sentence(_UNITS),
    _HOLDER_TABLE,
    Heading("专项台账"),
    Sentence("按诉求类别设置的专项台账，本年收集的诉求合计如下；没有填写的不计入合计。"),
    Table(
        "专项台账合计",
        "台账",
        (("台账", "名称"), ("栏目", "栏目"), ("诉求数", "诉求数"), ("已填", "已填"), ("合计", "合计")),
        widths=(8, 7, 4, 4, 7),
        named=2,
    ),
    Heading("年评议"),
    Sentence("{{ 评议 }}"),
    Table(
        "年评议获奖名单",
        "评议结果",
        (("等次", "等次"), ("类别", "类别"), ("题目", "题目"), ("作者", "作者"), ("平均分", "平均分")),
        widths=(4, 6, 12, 8, 4),
        named=4,
    ),
    STATION_PART,
    HARDSHIP_PART,
    *_APPENDIX,
)

_QUARTERLY: tuple[Block, ...] = (
    Heading("总体情况"),
    Sentence(_VISITED),
    Sentence(_SINCE),
    _headline(("上季度", "上期"), ("上年同期", "上年同期"), ("本季度", "本期"), ("累计", "累计")),
    Heading("趋势"),
    Sentence(_CLOSED),
    Figure("趋势", "近12个月收集、化解与化解率"),
    Table(
        "本季度各月情况",
        "各月",
        (("月份", "名称"), ("走访（家次）", "走访次数"), *_RESULT),
        widths=(4, 5, 5, 4, 5, 4, 4, 6),
        together=True,
    ),
    Sentence(_IN_TIME),
    Sentence(_ASKED),
    Heading("类别分析"),
    Sentence(_CATEGORIES),
    Figure("类别", "收集录入较多的类别"),
    _CATEGORY_TABLE,
    Heading("镇街分析"),
    Sentence(_TOWNSHIPS),
    _TOWNSHIP_TABLE,
    Heading("承办单位与超期"),
    Sentence(_UNITS),
    _HOLDER_TABLE,
    _OVERDUE_TABLE,
    *_APPENDIX,
)

_MONTHLY: tuple[Block, ...] = (
    Heading("本月情况"),
    Sentence(_VISITED),
    Sentence(_SINCE),
    _headline(("上月", "上期"), ("上年同期", "上年同期"), ("本月", "本期"), ("累计", "累计")),
    Figure("趋势", "近12个月收集、化解与化解率"),
    Heading("办理情况"),
    Sentence(_CLOSED),
    Sentence(_IN_TIME),
    Sentence(_ASKED),
    Heading("类别情况"),
    Sentence(_CATEGORIES),
    _CATEGORY_TABLE,
    Heading("镇街情况"),
    _TOWNSHIP_TABLE,
    Heading("承办单位与超期"),
    Sentence(_UNITS),
    _HOLDER_TABLE,
    _OVERDUE_TABLE,
    *_APPENDIX,
)

OUTLINES: dict[str, tuple[Block | Part, ...]] = {
    ReportKind.ANNUAL: _ANNUAL,
    ReportKind.QUARTERLY: _QUARTERLY,
    ReportKind.MONTHLY: _MONTHLY,
}
