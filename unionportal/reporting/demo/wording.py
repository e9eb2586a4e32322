"""What people write in the demo: stories of `stories.toml` with their slots filled, visit notes, journals, the short notes of a step."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from unionportal.reporting.demo.firms import Firm

_SHOPS = {
    "C": ("织造车间", "装配车间", "包装车间", "染整车间", "注塑车间", "成品仓库"),
    "G": ("分拣中心", "装卸区", "调度中心"),
    "E": ("项目工地", "加工棚"),
    "H": ("后厨", "库房"),
    "F": ("卖场", "配送仓库"),
}
_JOBS = ("电工", "焊工", "挡车工", "叉车工", "质检员", "钳工", "数控操作工", "包装工")
_SURNAMES = "王李陈张周吴徐孙马朱胡郭何高林郑谢罗梁宋"

NOTES: dict[str, tuple[str, ...]] = {
    "assign": (
        "",
        "请按承诺时限办理并反馈。",
        "职工比较着急，请尽快对接企业。",
        "请先与企业工会联系核实情况。",
        "涉及多名职工，请做好解释。",
    ),
    "accept": ("", "", "", "已联系企业，约好上门时间。"),
    "transfer": (
        "经了解，主要职责在你单位，请接续办理。",
        "需要专业部门到场，转请办理。",
        "经与企业商定，由你单位接续办理更便捷。",
    ),
    "send_back": ("不属本单位职责，建议改派。", "企业实际经营地不在本单位联系范围，退回重新交办。"),
    "follow_up:satisfied": (
        "电话回访，职工表示问题已解决，很满意。",
        "上门回访，企业工会和职工都说办得好。",
        "当面问了当事人，确认已落实。",
        "回访时职工再三道谢。",
    ),
    "follow_up:basically": (
        "回访：总体解决，职工希望以后再快一点。",
        "问题基本解决，部分细节企业还在完善。",
        "当事人认可结果，对过程略有意见。",
    ),
    "follow_up:dissatisfied": (
        "回访：答复与实际不符，职工不认可。",
        "职工反映只口头答应，没有落实。",
    ),
    "redo": ("请重新上门核实并落实到位。", "职工不认可，请与企业再次协商。"),
    "redo_answer": ("再次上门后已落实，企业书面承诺。", "第二次协商后已落实，职工当场确认。"),
    "reopen": ("职工反映问题反复，重新办理。", "企业没有按承诺执行，重启跟进。"),
    "reopen_answer": ("重新协调后企业制定制度，问题不再反复。", "再次督促落实，现场核验无误。"),
    "close": ("", "", "职工确认，予以办结。", "材料齐全，办结归档。"),
    "explained": (
        "现场解释政策，职工表示理解。",
        "当场答复并提供办事指南，职工自行办理。",
        "经解释，相关做法符合规定，职工无异议。",
        "属企业自主安排事项，已说明并记录。",
    ),
}

_MET = (
    "企业工会主席",
    "行政负责人",
    "人事经理",
    "车间班组长",
    "一线职工代表",
    "财务负责人",
    "企业党支部书记",
    "女职工委员",
)
_OPENINGS = (
    "到{brand}{place}走访，与{met}座谈约一小时。",
    "今天走访{brand}，先看了{place}，再与{met}交流。",
    "按计划走访{brand}，{met}介绍了近期生产和用工情况。",
    "上午到{brand}，听取{met}对工会工作的想法，随后到{place}和职工聊天。",
)
_SIGHTS = (
    "目前在岗职工约 {n} 人，订单较去年同期略有增长。",
    "企业工会活动正常，职工之家每天开放，会员服务卡已发放。",
    "职工总体稳定，一线以外地职工为主，平均年龄四十岁左右。",
    "班组正在开展“班前十分钟”，安全提醒和政策宣传一起讲。",
    "食堂和宿舍条件有改善，职工反映饭菜比以前好。",
    "工资按月发放，合同签订齐全，社保足额缴纳。",
    "企业计划下半年技改，部分岗位需要转岗培训。",
    "向职工介绍了医疗互助、疗休养和工会经费返还政策，发放资料 {few} 份。",
    "企业希望多办一些青年职工喜欢的活动。",
    "了解到有 {poor} 名职工家庭负担较重，已请企业工会继续关注。",
)
_SUMMER = ("近日高温，{place}加了风扇和冰块，清凉饮料按时供应。", "检查了防暑药品和高温津贴发放情况。")
_WINTER = ("临近春节，了解了工资结算和留岗过年安排。", "送去春联和慰问信，询问返乡购票有没有困难。")
_NO_ISSUE = (
    "本次未收集到新的问题诉求。",
    "职工对企业和工会工作比较满意，暂无诉求。",
    "之前反映的事项进展顺利，没有新的诉求。",
)
_WITH_ISSUE = ("收集诉求 {count} 件，已录入。", "现场收到 {count} 件诉求，能解释的当场解释，其余提交交办。")
_FOLLOW_UP = ("回访此前反映的问题，", "就上次收集的诉求作回访，")

_REFLECTIONS = (
    "本周走访 {visits} 家企业，收集诉求 {issues} 件。最大的感受是，坐在办公室看到的都是问题，走到车间听到的都是办法。",
    "走访 {visits} 家，录入 {issues} 件。小微企业对工会政策知晓度还不高，光发文件不够，要一家一家讲。",
    "这周 {visits} 家企业跑下来，职工最关心的还是收入和孩子。诉求 {issues} 件，都已提交。",
    "本周走访 {visits} 家、诉求 {issues} 件。企业工会主席多是兼职，最需要的是手把手的指导。",
    "走访 {visits} 家，诉求 {issues} 件。回访时职工一句“问题解决了”，比什么都踏实。",
    "本周 {visits} 家。新就业形态劳动者流动快，联系他们要靠站点和行业工会。收集 {issues} 件。",
)
_PLANS = (
    "下周走访 2 家重点企业，跟进在办诉求。",
    "继续跟进建会进度，组织一次政策解读。",
    "回访本周诉求当事人，走访未建会企业。",
    "配合镇街开展安全隐患排查，走访物流企业。",
    "对接职工服务中心，落实体检和培训名额。",
    "走访困难职工家庭，核对帮扶材料。",
)


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of problem. `sections` and `months` say where and when it is told; empty: anywhere, always."""

    category: str
    title: str
    text: str
    answers: tuple[str, ...]
    months: tuple[int, ...] = ()
    sections: str = ""
    why_not: str = ""
    slow: bool = False


class StoryBook:
    """The stories, picked to fit and not told twice running."""

    def __init__(self, rng: Random) -> None:
        data = tomllib.loads((Path(__file__).parent / "stories.toml").read_text(encoding="utf-8"))
        self.stories = [Story(**_tuples(row)) for row in data["story"]]
        self.told = dict.fromkeys(range(len(self.stories)), 0)
        self.rng = rng

    def pick(self, category: str, month: int, section: str, *, hopeless: bool = False) -> Story:
        """The least told story that fits; `hopeless`: one that can end unresolved."""
        fitting = [
            (self.told[i], self.rng.random(), i)
            for i, s in enumerate(self.stories)
            if s.category == category
            and (not s.months or month in s.months)
            and (not s.sections or section in s.sections)
            and (s.why_not or not hopeless)
        ]
        index = min(fitting)[2]
        self.told[index] += 1
        return self.stories[index]

    def has_hopeless(self, category: str, month: int, section: str) -> bool:
        """Whether `pick(..., hopeless=True)` would find one."""
        return any(
            s.category == category
            and s.why_not
            and (not s.months or month in s.months)
            and (not s.sections or section in s.sections)
            for s in self.stories
        )


def _tuples(row: dict) -> dict:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def slots(rng: Random, firm: Firm | None) -> dict[str, object]:
    """Values for the slots of one issue's texts, the same in its title, text and answers."""
    section = firm.industry if firm else "F"
    most = min(60, max(6, (firm.employees if firm else 40) // 3))
    surname = rng.choice(_SURNAMES)
    return {
        "n": rng.randint(5, most),
        "few": rng.randint(2, 6),
        "days": rng.randint(5, 15),
        "sum": f"{rng.randint(8, 145) / 10:.1f}",
        "who": f"{surname}师傅",
        "lady": f"{surname}女士",
        "shop": rng.choice(_SHOPS.get(section, ("营业区", "后勤仓库"))),
        "job": rng.choice(_JOBS),
    }


def note(rng: Random, kind: str) -> str:
    """A short note for a step; may be empty where the form does not insist."""
    return rng.choice(NOTES[kind])


def met(rng: Random) -> str:
    """Who was met."""
    return "、".join(rng.sample(_MET, rng.choice((1, 1, 2, 2, 3))))


def narrative(rng: Random, firm: Firm, month: int, *, met: str, issues: int, follow_up: bool) -> str:
    """The visit's report: two to four sentences and what came of it."""
    shop = rng.choice(_SHOPS.get(firm.industry, ("办公区", "营业区")))
    values = {
        "brand": firm.brand,
        "place": shop,
        "met": met.split("、")[0],
        "n": firm.employees,
        "few": rng.randint(6, 40),
        "poor": rng.randint(1, 4),
    }
    parts = [rng.choice(_OPENINGS)]
    if follow_up:
        parts.insert(0, rng.choice(_FOLLOW_UP))
    parts += rng.sample(_SIGHTS, rng.choice((1, 2, 2)))
    if month in (7, 8):
        parts.append(rng.choice(_SUMMER))
    elif month in (1, 12):
        parts.append(rng.choice(_WINTER))
    parts.append(rng.choice(_WITH_ISSUE if issues else _NO_ISSUE).replace("{count}", str(issues)))
    return "".join(parts).format_map(values)


def reflections(rng: Random, *, visits: int, issues: int) -> str:
    """The week's thoughts."""
    return rng.choice(_REFLECTIONS).format(visits=visits, issues=issues)


def next_plan(rng: Random) -> str:
    """What the next week is to bring."""
    return rng.choice(_PLANS)


_REMARKS = (
    "走访扎实，问题记得清楚，继续跟进到底。",
    "请把返还款进度再问一问，下周写进周记。",
    "企业的好做法可以整理一下，月交流时讲一讲。",
    "下周请补上还没有到过的重点企业。",
)


def remark(rng: Random) -> str:
    """What the leader writes under a week, if anything."""
    return rng.choice(_REMARKS) if rng.random() < 0.12 else ""
