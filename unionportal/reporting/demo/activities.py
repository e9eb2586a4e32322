"""Service activities of the demo: ten over two years, each linked to issues of its kind that are there anyway. No issue gets a step more or less."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from casework.activity_flow import KIND_CATEGORIES
from unionportal.core.common.clock import SHANGHAI
from unionportal.reporting.demo.firms import Firm
from unionportal.reporting.demo.people import LAST_DAY, clerk_of
from unionportal.reporting.demo.records import PlannedActivity, PlannedIssue, PlannedSession, Step
from unionportal.reporting.demo.timing import Workdays
from unionportal.reporting.demo.visiting import random_uuid

#: How long before an activity issues are raised that it answers (a township has few), and how long after it their answers may name it.
BEFORE, BEFORE_IN_TOWNSHIP, AFTER = timedelta(days=120), timedelta(days=300), timedelta(days=14)
MOST_LINKED = 12
PLANNED_BEFORE = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Outline:
    """What an activity is, before numbers and issues. `township` "": the whole district. A day after the demo's last is still to come."""

    kind: str
    title: str
    organiser: str
    township: str
    days: tuple[date, ...]
    places: tuple[str, ...]
    visitors: tuple[int, int]
    plan: str
    summary: str


OUTLINES: tuple[Outline, ...] = (
    Outline(
        "matchmaking",
        "七夕青年职工交友会",
        "NGB",
        "",
        (date(2023, 8, 18),),
        ("迪荡湖公园",),
        (80, 120),
        "面向园区青年职工，由镇街工会组织报名，设游园、才艺、联谊三个环节。",
        "收到反馈良好，报名信息转各镇街工会继续联系。",
    ),
    Outline(
        "policy_briefing",
        "小微企业工会经费返还政策解读会",
        "330602012",
        "330602012",
        (date(2023, 10, 12),),
        ("斗门街道职工活动中心",),
        (40, 70),
        "请财务部讲返还比例、申请材料和到账时间，现场答疑。",
        "现场讲清申请流程，会后按名单逐家联系。",
    ),
    Outline(
        "legal_checkup",
        "劳动用工法律体检进园区",
        "330602013",
        "330602013",
        (date(2023, 11, 16), date(2023, 11, 23)),
        ("皋埠街道党群服务中心", "皋埠工业园会议室"),
        (25, 45),
        "律师志愿者一对一查看合同、工时和社保，出具体检单。",
        "出具体检单，指出的问题由企业限期改正。",
    ),
    Outline(
        "job_fair",
        "新春用工招聘会",
        "JJB",
        "",
        (date(2024, 2, 27), date(2024, 3, 5)),
        ("越城区人力资源市场", "袍江工人文化宫"),
        (400, 900),
        "节后用工集中对接，企业设摊，现场登记求职意向。",
        "企业与求职人员现场登记意向，后续由镇街工会跟进到岗。",
    ),
    Outline(
        "health_day",
        "职工健康日",
        "FWZX",
        "330602014",
        (date(2024, 5, 23),),
        ("马山街道职工之家",),
        (120, 200),
        "免费测血压血糖，讲解医疗互助报销办法，现场办理。",
        "现场讲解互助报销办法，需要补材料的逐一告知。",
    ),
    Outline(
        "training",
        "高温作业安全与急救培训",
        "JJB",
        "",
        (date(2024, 7, 11), date(2024, 7, 18)),
        ("鉴湖街道文化礼堂", "沥海街道职工学校"),
        (60, 110),
        "讲防暑、限高温作业规定和心肺复苏，现场实操。",
        "完成两场实操培训，发放防暑手册。",
    ),
    Outline(
        "matchmaking",
        "“越来越有缘”青年交友会",
        "NGB",
        "",
        (date(2024, 8, 9),),
        ("镜湖湿地公园",),
        (90, 140),
        "与三家重点企业工会合办，限报 140 人。",
        "活动后建立联络群，由企业工会继续服务。",
    ),
    Outline(
        "legal_checkup",
        "建筑工地法律体检",
        "QYBZ",
        "330602005",
        (date(2024, 10, 24),),
        ("城南街道项目部会议室",),
        (30, 50),
        "查分包合同、工资专户和实名制，讲年底欠薪维权办法。",
        "查出的问题已当面告知项目部，并约定复查时间。",
    ),
    Outline(
        "policy_briefing",
        "工会政策与互助保障解读会",
        "330602009",
        "330602009",
        (date(2024, 11, 14),),
        ("灵芝街道会议中心",),
        (50, 80),
        "讲经费返还、入会和互助保障的最新规定。",
        "发放政策汇编，未尽事项会后书面答复。",
    ),
    Outline(
        "job_fair",
        "蛇年新春用工招聘会",
        "JJB",
        "",
        (date(2025, 2, 13),),
        ("越城区人力资源市场",),
        (0, 0),
        "节后第一场，先收集企业岗位需求。",
        "",
    ),
)


def plan_activities(issues: list[PlannedIssue], firms: list[Firm], workdays: Workdays) -> list[PlannedActivity]:
    """The outlines with their numbers, guests, and the issues they answer; an issue is linked once."""
    rng = Random("demo:activities")
    free = sorted(issues, key=lambda issue: (issue.registered_at, str(issue.uuid)))
    found = []
    for outline in OUTLINES:
        activity = _planned(outline, firms, workdays, rng)
        _link(activity, outline, free)
        free = [issue for issue in free if issue not in activity.issues]
        found.append(activity)
    return found


def _planned(outline: Outline, firms: list[Firm], workdays: Workdays, rng: Random) -> PlannedActivity:
    last, held = outline.days[-1], outline.days[-1] <= LAST_DAY
    by = clerk_of(outline.organiser) if outline.organiser == outline.township else "staff"
    near = [firm for firm in firms if outline.township in ("", firm.township) and (outline.township or firm.is_key)]
    guests = rng.sample(near, min(len(near), 12 if outline.kind == "job_fair" else 6))
    planned_on = outline.days[0] - (PLANNED_BEFORE if held else timedelta(days=28))
    ended_on = workdays.days[min(workdays.index(last) + 10, len(workdays.days) - 1)]
    return PlannedActivity(
        uuid=random_uuid(rng),
        kind=outline.kind,
        title=outline.title,
        plan=outline.plan,
        organiser=outline.organiser,
        township=outline.township,
        by=by,
        planned_at=_at(workdays.days[workdays.index(planned_on)], 10),
        guests=[firm.credit_code for firm in guests],
        came=[firm.credit_code for firm in guests if rng.random() < 0.8] if held else [],
        budget=Decimal(rng.randrange(2000, 12001, 500)),
        sessions=[_session(outline, number, rng, held=held) for number in range(len(outline.days))],
        held_at=_at(last, 17) if held else None,
        ended_at=_at(ended_on, 16) if held else None,
        summary=outline.summary,
    )


def _session(outline: Outline, number: int, rng: Random, *, held: bool) -> PlannedSession:
    visitors = rng.randint(*outline.visitors)
    return PlannedSession(
        uuid=random_uuid(rng),
        day=outline.days[number],
        place=outline.places[number],
        attendance=visitors,
        cost=Decimal(rng.randrange(120_000, 680_000, 50)) / 100 if held else Decimal(0),
        leaflets=visitors * 3 // 20 * 10 if held else 0,
    )


def _link(activity: PlannedActivity, outline: Outline, issues: list[PlannedIssue]) -> None:
    """Issues of the kind raised shortly before; where one was still in hand, its next answer names the activity."""
    if activity.held_at is None:
        return
    since = activity.held_at - (BEFORE_IN_TOWNSHIP if outline.township else BEFORE)
    fitting = [
        issue
        for issue in issues
        if issue.category in KIND_CATEGORIES[activity.kind]
        and outline.township in ("", issue.township)
        and since <= issue.registered_at < activity.held_at
    ]
    answers = {id(issue): _next_answer(issue, activity.held_at) for issue in fitting}
    waiting = [issue for issue in fitting if answers[id(issue)]]
    others = [issue for issue in fitting if not answers[id(issue)]]
    activity.issues = [*waiting, *others[::-1]][:MOST_LINKED]
    activity.answers = [(issue.uuid, step.at) for issue in activity.issues if (step := answers[id(issue)])]


def _next_answer(issue: PlannedIssue, held_at: datetime) -> Step | None:
    return next((s for s in issue.steps if s.action == "report" and held_at < s.at <= held_at + AFTER), None)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
