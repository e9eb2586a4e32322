"""The forms of a file as Word documents with everything filled in: 申报表, 入户调查表, 授权书, 审批表, 帮扶计划表.

They are signed by hand, so they name people and numbers in clear; who takes them out is for the page to ask. Source: docs/domain.md, "The process of a file".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardship import codes
from hardship.models import FileMember, FileStep, HardshipFile, HomeSurvey, IncomeLine
from hardship.models.process import process_of
from hardship.personal import whom
from hardship.plan_word import plan_word
from hardship.process import LEVEL_LABELS, ON_THE_FORM, Level
from hardship.process_words import CHECK_RESULTS
from hardship.word_parts import BLANK_DAY, issuer, or_lost, pairs, paper, paragraphs, person, secret
from unionportal.core.common.formats import money, zh_day


def application_word(file: HardshipFile) -> bytes:
    """困难职工申报表: the household, its people, its means, and the promise that all of it is true."""
    word = paper(file, "困难职工申报表")
    holder = file.holder
    word.heading("申报人")
    pairs(word, "申报人基本情况", [*person(holder), *_work(file, holder), *_home(file)])
    word.heading("家庭成员")
    header = ("关系", "姓名", "身份证号", "健康状况", "身份", "单位或学校", "月收入（元）")
    rows = [_member_row(member) for member in _present(file)]
    word.table("家庭成员", header, rows, widths=(18, 18, 46, 18, 14, 24, 18), words=True)
    word.heading("收入和支出")
    lines = list(file.income_lines.filter(year=file.income_year or 0).select_related("member"))
    word.table(
        f"{file.income_year or ''}年度收支明细",
        ("项目（成员，来源材料）", "全年金额（元）"),
        [(_line_words(line), money(line.amount)) for line in lines] or [("—", "—")],
        widths=(90, 30),
    )
    per_head = f"{money(file.per_head)} 元" if file.per_head is not None else "待核算"
    word.paragraph(
        f"家庭年总收入 {money(file.yearly_income)} 元，年刚性支出 {money(file.yearly_spending)} 元，家庭人口 {file.people} 人，"
        f"月人均收入（扣减后）{per_head}。"
    )
    word.heading("困难原因")
    word.paragraph(_causes(file))
    if reason := _opinion(_step(file, "apply")):
        word.paragraph(reason)
    word.heading("本人承诺")
    word.paragraph("以上所填内容和所交材料真实、完整。如有隐瞒或虚假，愿意退回已领取的帮扶资金，并承担相应责任。")
    word.place("申报人（签名）", BLANK_DAY)
    return word.content()


def survey_word(file: HardshipFile) -> bytes:
    """入户调查表: what the latest survey found, to be signed by both surveyors and the household."""
    survey = _survey(file)
    assert survey is not None
    word = paper(file, "困难职工入户调查表")
    word.heading("调查对象")
    pairs(word, "家庭基本情况", [*person(file.holder)[:4], ("住址", secret(file, "address")), ("单位", file.unit_name)])
    word.heading("调查情况")
    pairs(
        word,
        "入户所见",
        [
            ("调查日期", zh_day(survey.surveyed_on)),
            ("居住情况", survey.get_living_display()),
            ("实际居住人数", f"{survey.people_home} 人"),
            ("收入情况", survey.get_income_match_display()),
            ("住房情况", survey.get_housing_match_display()),
            ("经常使用的机动车", "有" if survey.has_car else "没有"),
        ],
    )
    paragraphs(word, or_lost(lambda: survey.opened("findings")))
    word.paragraph(f"现场照片 {survey.photos.count()} 张，存于档案。")
    word.place(f"调查人（{survey.surveyor}）签名", BLANK_DAY)
    word.place(f"调查人（{survey.second_surveyor}）签名", BLANK_DAY)
    word.place("被调查家庭（签名）", BLANK_DAY)
    return word.content()


def authorisation_word(file: HardshipFile) -> bytes:
    """家庭经济状况核对授权书: who permits what to be asked of whom, with a place for every adult and every guardian."""
    word = paper(file, "家庭经济状况核对授权书")
    word.plain(f"{issuer()}：")
    word.paragraph(
        "本人及家庭成员申请困难职工建档帮扶，现授权贵会委托民政等部门，向公安、人力资源社会保障、医疗保障、住房建设、不动产登记、"
        "市场监管、税务、公积金、银行、证券、保险等部门和机构，查询、核对本人及家庭成员的户籍、就业、收入、财产和支出信息。"
    )
    word.paragraph(
        "核对结果只用于困难职工认定、复核和帮扶，不作他用。本授权自签署之日起至档案注销之日止有效，可以书面撤回。"
    )
    rows = [
        (member.get_relation_display(), secret(member, "name"), secret(member, "id"), "") for member in _present(file)
    ]
    word.table("授权人", ("关系", "姓名", "身份证号", "签名"), rows, widths=(24, 24, 46, 40), words=True)
    word.paragraph(f"未满 {codes.GUARDED_UNTIL} 周岁的家庭成员，由监护人代为签名。")
    word.place("申请人（签名）", BLANK_DAY)
    return word.content()


def approval_word(file: HardshipFile) -> bytes:
    """困难职工审批表: the household in short and the opinions at the three levels, with what led to them."""
    word = paper(file, "困难职工审批表")
    word.heading("申请人")
    category = file.get_category_display() or "待认定"
    pairs(
        word,
        "基本情况",
        [
            *person(file.holder)[:4],
            ("单位", file.unit_name),
            ("家庭人口", f"{file.people} 人"),
            ("月人均收入", f"{money(file.per_head)} 元" if file.per_head is not None else "待核算"),
            ("困难类别", category),
        ],
    )
    word.paragraph(_causes(file))
    word.heading("办理情况")
    for text in _course(file):
        word.paragraph(text)
    word.heading("三级意见")
    for level in Level:
        step = _said_last(file, level)
        word.subheading(f"{LEVEL_LABELS[level]}意见{'（上级工会代为复核）' if step and step.stands_in else ''}")
        word.paragraph(_opinion(step) or "　")
        word.place(f"经办人（签名、盖章）{step.actor if step else ''}", zh_day(step.happened_on) if step else BLANK_DAY)
    return word.content()


@dataclass(frozen=True, slots=True)
class FormPaper:
    """One form: its name, how it is written, whether the file has come so far, what is said where it has not."""

    label: str
    write: Callable[[HardshipFile], bytes]
    is_due: Callable[[HardshipFile], bool] = lambda file: True
    not_due: str = ""


#: By the name in their address.
FORMS: dict[str, FormPaper] = {
    "application": FormPaper("申报表", application_word),
    "authorisation": FormPaper("核对授权书", authorisation_word),
    "survey": FormPaper(
        "入户调查表", survey_word, lambda file: _survey(file) is not None, "还没有登记入户调查，登记后再打印。"
    ),
    "approval": FormPaper("审批表", approval_word),
    "plan": FormPaper(
        "帮扶计划表", plan_word, lambda file: file.measures.exists(), "还没有制定帮扶措施，制定后再打印。"
    ),
}


def _work(file: HardshipFile, holder: FileMember) -> list[tuple[str, str]]:
    return [
        ("工作单位", file.unit_name),
        ("单位性质", file.get_unit_nature_display()),
        ("企业状况", file.get_unit_condition_display()),
        ("参加工作时间", zh_day(file.worked_since) if file.worked_since else ""),
        ("劳模类型", file.get_model_worker_display()),
        ("学历", holder.get_education_display()),
        ("本人月均收入", f"{money(file.own_monthly_income)} 元"),
        ("家庭非薪资年收入", f"{money(file.other_yearly_income)} 元"),
    ]


def _home(file: HardshipFile) -> list[tuple[str, str]]:
    return [
        ("住址", secret(file, "address")),
        ("户口类型", file.get_hukou_display()),
        ("住房类型", file.get_housing_display()),
        ("建筑面积", f"{file.floor_area} 平方米" if file.floor_area is not None else ""),
        ("单亲家庭", "是" if file.is_single_parent else "否"),
        ("零就业家庭", "是" if file.is_zero_employment else "否"),
        ("自救能力", file.get_self_help_display()),
        ("建档标准", file.get_scheme_display()),
        ("开户行", file.bank_name),
        ("银行卡号", secret(file, "card")),
    ]


def _member_row(member: FileMember) -> tuple[str, ...]:
    return (
        member.get_relation_display(),
        secret(member, "name"),
        secret(member, "id"),
        member.get_health_display() or "—",
        member.get_standing_display() or "—",
        secret(member, "workplace") or "—",
        money(member.monthly_income),
    )


def _line_words(line: IncomeLine) -> str:
    return f"{line.get_kind_display()}（{whom(line.member, personal=True)}，{line.get_source_display()}）"


def _present(file: HardshipFile) -> list[FileMember]:
    return [member for member in file.members.all() if member.left_on is None]


def _causes(file: HardshipFile) -> str:
    names = dict(codes.CAUSES)
    others = "、".join(names[cause] for cause in file.secondary_causes)
    return f"主要原因：{names.get(file.main_cause, '未填写')}。" + (f"次要原因：{others}。" if others else "")


def _course(file: HardshipFile) -> Iterable[str]:
    """What led to the opinions, a sentence a step."""
    if survey := _survey(file):
        found = f"收入{survey.get_income_match_display()}，住房{survey.get_housing_match_display()}"
        yield f"{zh_day(survey.surveyed_on)}，{survey.surveyor}、{survey.second_surveyor}入户调查，{found}。"
    if step := _step(file, "appraise"):
        yield f"{zh_day(step.happened_on)}评议，{step.data['present']} 人参加，{step.data['agreed']} 人同意。"
    listed = file.publicity.select_related("list").filter(list__starts_on__gte=process_of(file).applied_on)
    entry = listed.exclude(outcome="stopped").order_by("-pk").first()
    if entry is not None:
        objections = entry.objections.count()
        said = f"收到异议 {objections} 条" if objections else "没有收到异议"
        yield f"{zh_day(entry.list.starts_on)}至{zh_day(entry.list.ends_on)}公示，{said if entry.outcome else '正在公示'}。"
    if step := _step(file, "check"):
        yield f"{zh_day(step.happened_on)}联网核查，{CHECK_RESULTS[step.data['check_result']]}。"


def _survey(file: HardshipFile) -> HomeSurvey | None:
    return (
        HomeSurvey.objects.filter(file=file, step__round=process_of(file).round)
        .select_related("surveyor")
        .order_by("-step__seq")
        .first()
    )


def _steps(file: HardshipFile) -> list[FileStep]:
    steps = FileStep.objects.filter(file=file, round=process_of(file).round).select_related("actor", "opinion")
    return list(steps.order_by("-seq"))


def _step(file: HardshipFile, action: str) -> FileStep | None:
    return next((step for step in _steps(file) if step.action == action), None)


def _said_last(file: HardshipFile, level: str) -> FileStep | None:
    said = (step for step in _steps(file) if step.level == level and step.action in ON_THE_FORM)
    return next((step for step in said if step.opinion and step.actor), None)


def _opinion(step: FileStep | None) -> str:
    return step.opinion.text if step and step.opinion else ""
