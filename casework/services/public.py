"""What somebody without an account may do: report by a code, and rate the result by the link. source: docs/domain.md, "Reports by public code"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework.models import Category, Issue, IssueEvent, IssuePhoto, PublicCode, Reporter
from casework.places import place_ended
from casework.services.codes import consent_in_force
from casework.services.effects import Step
from casework.services.intake import register
from casework.services.moves import make_step
from casework.services.reporters import ReporterInput, keep_reporter, link_hash, reporter_problems
from casework.sources import Source
from casework.workflow import SATISFACTION_LABELS, FollowUpMode, State, find_move
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Gone, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import PUBLIC
from unionportal.core.files.services import picture_store
from unionportal.core.orgs.models import Unit

TEXT_LENGTH = 2000
TITLE_LENGTH = 30
COMMENT_LENGTH = 500
MOST_PHOTOS = 6
#: What a reporter reads whose issue was merged: one rating counts once, for the main issue.
NOT_RATED_ALONE = "合并办理的不单独评价；对结果有意见，可拨打12351工会热线。"


@dataclass(frozen=True, slots=True)
class Report:
    """What was typed. `secret` was made when the form opened: it becomes the tracking link, and a repeat with it is the same row."""

    secret: str
    category: Category
    text: str
    reporter: ReporterInput
    consent_version: int
    township: Unit | None = None
    photos: Sequence[UploadedFile] = ()


def code_by_token(token: str) -> PublicCode:
    """The code of a poster. Raises NotFound; Gone where it was closed, or its place is none any more."""
    code = PublicCode.objects.select_related("unit", "enterprise__township", "township").filter(token=token).first()
    if code is None:
        raise NotFound("没有这个维权码。请重新扫码，或拨打12351工会热线。")
    if not code.is_open:
        raise Gone(f"“{code.place}”的维权码已经停用，不能再提交。请扫别处的码，或拨打12351工会热线。")
    if words := place_ended(code):
        raise Gone(f"{words}，这里的维权码不能再提交。请扫别处的码，或拨打12351工会热线。")
    return code


@transaction.atomic
def report_submit(*, token: str, report: Report, now: datetime | None = None) -> Issue:
    """Register what somebody reports at a code's place. Raises NotFound, Gone, FieldErrors; Conflict for a secret used with other content."""
    require(PUBLIC, "issue.report")
    moment = now or clock.now()
    code = code_by_token(token)
    today = clock.local_date(moment)
    consent = consent_in_force(today)
    township = code.township or report.township
    problems = reporter_problems(report.reporter)
    text = report.text.strip()
    if not text:
        problems["text"] = "请写明发生了什么事。"
    elif len(text) > TEXT_LENGTH:
        problems["text"] = f"最多 {TEXT_LENGTH} 个字。"
    if township is None:
        problems["township"] = "请选择事情发生在哪个镇街。"
    if not report.category.public_hint:
        problems["category"] = "请在列出的类别中选择。"
    if report.consent_version != consent.version:
        problems["consent"] = "告知内容刚刚更新，请重新阅读后再勾选。"
    if len(report.photos) > MOST_PHOTOS:
        problems["photos"] = f"最多 {MOST_PHOTOS} 张照片，请去掉多余的。"
    if problems or township is None:
        raise FieldErrors(problems)
    uuid = _issue_uuid(report.secret)
    first = Issue.objects.filter(uuid=uuid).only("received_on").first()
    issue, is_new = register(
        uuid=uuid,
        title=headline(text),
        description=text,
        category=report.category,
        township=township,
        received_on=first.received_on if first else today,
        actor=PUBLIC,
        enterprise=code.enterprise,
        source=Source(kind=Issue.Source.CODE, uuid=code.uuid, label=f"扫码反映：{code.place}"),
        moment=moment,
    )
    if is_new:
        keep_reporter(
            issue, report.reporter, now=moment, code=code, consent=consent, track_hash=link_hash(report.secret)
        )
        for upload in report.photos:
            _attach(issue, upload, moment)
    return issue


def headline(text: str) -> str:
    """The first sentence, short enough for a list."""
    first = re.split(r"[\n。！？!?；;]", text.strip(), maxsplit=1)[0].strip() or text.strip()
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def _issue_uuid(secret: str) -> UUID:
    """The client id of a report. It stands in lists and the API, so it must not tell the secret."""
    return UUID(bytes=sha256(f"issue/{secret}".encode()).digest()[:16], version=4)


def _attach(issue: Issue, upload: UploadedFile, moment: datetime) -> None:
    attachment = picture_store(upload=upload, actor=PUBLIC, now=moment)
    IssuePhoto.objects.create(issue=issue, attachment=attachment)


def reporter_by_link(token: str) -> Reporter:
    """Whose tracking link this is. Raises NotFound, the same whether it never was or was replaced."""
    reporter = Reporter.objects.select_related("issue__main").filter(track_hash=link_hash(token)).first()
    if reporter is None:
        raise NotFound("没有这个查询链接，可能抄错了，或已经换了新的。请核对，或拨打12351工会热线。")
    return reporter


def rated_this_round(issue: Issue) -> bool:
    """Whether the reporter rated since the last answer."""
    events = IssueEvent.objects.filter(issue=issue)
    answered = events.filter(action="report").order_by("-seq").values_list("seq", flat=True).first()
    return (
        answered is not None
        and events.filter(action="follow_up", seq__gt=answered, actor=None, data__by="reporter").exists()
    )


@transaction.atomic
def result_rate(*, token: str, satisfaction: str, comment: str = "", now: datetime | None = None) -> Issue:
    """The reporter's rating of the present round, once: a follow-up event without an actor.

    Raises NotFound, InvalidTransition while there is nothing to rate, Conflict for a second rating, FieldErrors.
    """
    require(PUBLIC, "issue.rate")
    moment = now or clock.now()
    reporter = reporter_by_link(token)
    issue = Issue.objects.select_for_update(of=("self",)).select_related("holder").get(pk=reporter.issue_id)
    move = find_move("follow_up", issue.state)
    if move is None:
        merged = issue.state == State.MERGED
        raise InvalidTransition(NOT_RATED_ALONE if merged else "现在没有等您评价的办理结果。")
    if rated_this_round(issue):
        raise Conflict("您已经评价过这一次的办理结果，不能重复评价。")
    problems = {}
    if satisfaction not in SATISFACTION_LABELS:
        problems["satisfaction"] = "请选择满意、基本满意或不满意。"
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH:
        problems["comment"] = f"最多 {COMMENT_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    step = Step(day=clock.local_date(moment), satisfaction=satisfaction, mode=FollowUpMode.LINK)
    return make_step(
        issue, move, step, actor=PUBLIC, happened_at=moment, recorded_at=moment, note=comment, by="reporter"
    )
