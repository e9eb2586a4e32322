"""The income worksheet, the grounds that rule a household out, and the decision on the category. Source: docs/domain.md, "Hardship files"."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hardship import codes
from hardship.models import CategoryDecision, DisqualifierAnswer, HardshipFile, IncomeLine
from hardship.recommending import Recommendation, Rules, Sums, add_up, recommend, rules_on
from hardship.services.inputs import CHOOSE, MONEY_MOST, NEGATIVE
from hardship.services.locking import file_for_update, require_live, require_version, step
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_drop, attachment_store

REASON_LENGTH = 200
_KINDS = dict([*codes.INCOME, *codes.SPENDING])
_SUMS = ("income_year", "own_monthly_income", "other_yearly_income", "yearly_income", "yearly_spending", "per_head")


@transaction.atomic
def line_add(
    *,
    code: str,
    version: int,
    uuid: UUID,
    year: int,
    kind: str,
    amount: Decimal,
    source: str,
    actor: Scope,
    member_id: int | None = None,
    upload: UploadedFile | None = None,
    now: datetime | None = None,
) -> IncomeLine:
    """Add a line to a year's worksheet, with its paper. A repeat of `uuid` returns the first row.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, Conflict, FieldErrors.
    """
    file = file_for_update(code, actor, action="hardship.write")
    if (first := IncomeLine.objects.filter(uuid=uuid).first()) is not None:
        if first.file_id != file.pk:
            raise Conflict
        return first
    require_version(file, version)
    require_live(file)
    problems = {}
    this_year = clock.today().year
    if not this_year - 10 <= year <= this_year:
        problems["year"] = f"请填 {this_year - 10} 到 {this_year} 之间的年份。"
    if kind not in _KINDS:
        problems["kind"] = CHOOSE
    if amount < 0:
        problems["amount"] = NEGATIVE
    elif amount > MONEY_MOST:
        problems["amount"] = "金额太大，请核对。"
    if source not in dict(codes.SOURCES):
        problems["source"] = CHOOSE
    member = file.members.present().filter(pk=member_id).first() if member_id else None
    if member_id and member is None:
        problems["member"] = CHOOSE
    if problems:
        raise FieldErrors(problems)
    attachment = (
        attachment_store(upload=upload, actor=actor, now=now, field="upload", personal=True) if upload else None
    )
    line = IncomeLine.objects.create(
        uuid=uuid, file=file, member=member, year=year, kind=kind, amount=amount, source=source, attachment=attachment
    )
    worksheet_recount(file)
    record(
        actor=actor,
        action="hardship.worksheet",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        kind=kind,
        year=year,
    )
    return line


@transaction.atomic
def line_remove(*, code: str, version: int, line_id: int, actor: Scope) -> HardshipFile:
    """Take a wrong line out. Raises NotFound, Forbidden, StaleVersion, InvalidTransition."""
    file = file_for_update(code, actor, action="hardship.write", version=version)
    require_live(file)
    line = file.income_lines.filter(pk=line_id).first()
    if line is None:
        raise NotFound
    scan = line.attachment
    line.delete()
    if scan is not None:
        attachment_drop(scan)
    worksheet_recount(file)
    record(
        actor=actor,
        action="hardship.worksheet",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        kind=line.kind,
        year=line.year,
        removed=True,
    )
    return file


def worksheet_recount(file: HardshipFile) -> None:
    """Put the sums on the file in step with the newest year's lines; the caller holds the file's lock."""
    lines = list(file.income_lines.all())
    file.income_year = max((line.year for line in lines), default=None)
    sums = sums_of(file, lines)
    wages = sums.kinds.get("wages", Decimal(0))
    holder = file.holder.pk
    own = sum(
        (x.amount for x in lines if x.kind == "wages" and x.year == file.income_year and x.member_id == holder),
        Decimal(0),
    )
    file.own_monthly_income = (own / 12).quantize(Decimal("0.01"))
    file.other_yearly_income = sums.income - wages
    file.yearly_income, file.yearly_spending = sums.income, sums.spending
    file.per_head = sums.per_head if lines else None
    step(file, *_SUMS)


def sums_of(file: HardshipFile, lines: list[IncomeLine] | None = None) -> Sums:
    """The newest year's worksheet added up."""
    rows = file.income_lines.all() if lines is None else lines
    return add_up(((row.kind, row.amount) for row in rows if row.year == file.income_year), file.people)


def recommendation_for(file: HardshipFile, day: date) -> tuple[Recommendation, Rules] | None:
    """What the rules of a day point to; None while the worksheet is empty."""
    if file.income_year is None:
        return None
    answers = {row.ground: row.answer for row in file.disqualifier_answers.all()}
    rules = rules_on(day)
    return recommend(sums_of(file), rules, main_cause=file.main_cause, answers=answers), rules


@transaction.atomic
def grounds_answer(
    *, code: str, version: int, answers: Mapping[str, str], actor: Scope, now: datetime | None = None
) -> HardshipFile:
    """Write down what was found on the grounds that rule a household out; those left empty stay open.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors.
    """
    file = file_for_update(code, actor, action="hardship.write", version=version)
    require_live(file)
    given = {ground: answer for ground, answer in answers.items() if answer}
    wrong = [
        ground
        for ground, answer in given.items()
        if ground not in dict(codes.DISQUALIFIERS) or answer not in dict(codes.ANSWERS)
    ]
    if wrong:
        raise FieldErrors(dict.fromkeys(wrong, CHOOSE))
    for ground, answer in given.items():
        DisqualifierAnswer.objects.update_or_create(
            file=file,
            ground=ground,
            defaults={"answer": answer, "answered_by_id": actor.user_id, "answered_at": now or clock.now()},
        )
    step(file)
    record(
        actor=actor,
        action="hardship.grounds",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        kinds=sorted(ground for ground, answer in given.items() if answer != "no"),
    )
    return file


@transaction.atomic
def category_decide(
    *,
    code: str,
    version: int,
    category: str,
    actor: Scope,
    reason: str = "",
    decided_on: date | None = None,
) -> CategoryDecision:
    """Decide on the category, as a person: another than recommended needs a reason. Keeps the working by the rules of that day.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors, Conflict (no worksheet yet).
    """
    file = file_for_update(code, actor, action="hardship.write", version=version)
    require_live(file)
    day = decided_on or clock.today()
    found = recommendation_for(file, day)
    if found is None:
        raise Conflict("请先填写收支明细，再认定类别。")
    advice, rules = found
    problems = {}
    if category not in dict(codes.CATEGORIES):
        problems["category"] = "请选择困难类别。"
    if day > clock.today() or day < file.opened_on:
        problems["decided_on"] = "认定日期应在建档之后、今天以前。"
    if advice.open_grounds:
        problems["category"] = f"还有 {len(advice.open_grounds)} 项不予建档情形没有核查，核查后再认定。"
    words = reason.strip()
    if category != advice.category and not words:
        problems["reason"] = f"与建议（{advice.label}）不同，请写明理由。"
    if len(words) > REASON_LENGTH:
        problems["reason"] = f"最多 {REASON_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    decision = CategoryDecision.objects.create(
        file=file,
        category=category,
        recommended=advice.category,
        per_head=file.per_head,
        line=rules.line,
        factor=rules.factor,
        inclusive=rules.inclusive,
        reason=words,
        decided_on=day,
        decided_by_id=actor.user_id,
    )
    file.category = category
    step(file, "category")
    record(
        actor=actor,
        action="hardship.decide",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        kind=category,
        recommended=advice.category,
    )
    return decision
