"""Who may open which address: a hand-written expectation, not derived from the policy table it checks.

Only the door is meant here. Everybody in the sample stands near the rows (the cadre and the clerk in their township, the handler as
holder), so a refusal comes from the role; which rows a person sees is tested with each app.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.forms.public import SIGNER, ReportForm
from casework.models import Category, Consultation, Issue, IssuePhoto, Paper, PublicCode, StandardAnswer
from casework.services import ReporterInput, code_create, issue_move, issue_register, report_submit
from casework.services.codes import consent_in_force
from casework.services.papers import paper_draft
from casework.services.public import Report
from casework.services.reporters import keep_reporter
from tests.people import District, scope_of
from unionportal.core.accounts.models import Posting, User
from unionportal.core.common import clock
from unionportal.core.common.scope import PUBLIC
from unionportal.core.files.services import attachment_store
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit
from visits.services import VisitInput, visit_log

EVERYBODY = frozenset(
    {"sysadmin", "security", "auditor", "leader", "staff", "cadre", "township", "handler", "aid", "keeper"}
)
#: Needs no account at all.
ANYBODY = EVERYBODY | {"stranger"}
DISTRICT = frozenset({"leader", "staff"})
FIELD = DISTRICT | {"cadre", "township"}
CASEWORK = FIELD | {"handler"}
PARAMETERS = frozenset({"sysadmin", "staff", "leader"})


@dataclass
class Sample:
    """One of each thing an address may name."""

    people: dict[str, User]
    enterprise: Enterprise
    issue: Issue
    visit: Visit
    posting: Posting
    code: PublicCode
    track_token: str
    consultation: Consultation
    paper: Paper


def sample(district: District) -> Sample:
    """A visit by the cadre, its issue handed to the department, a posting."""
    people = district.everybody()
    enterprise = district.enterprise()
    today = clock.today()
    visit, _ = visit_log(
        visit=VisitInput(id=uuid4(), visited_on=today, enterprise=enterprise.credit_code, photos=(photo(),)),
        actor=scope_of(people["cadre"]),
    )
    issue = issue_register(
        uuid=uuid4(),
        title="返还款未到账",
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=enterprise.township,
        enterprise=enterprise,
        received_on=today,
        actor=scope_of(people["cadre"]),
    )
    issue = issue_move(
        code=issue.code,
        action="assign",
        version=issue.version,
        unit=district.department,
        actor=scope_of(people["staff"]),
    )
    StandardAnswer.objects.create(title="已受理", text="{编号}已由{承办单位}受理。")
    issue = issue_move(
        code=issue.code,
        action="consult",
        version=issue.version,
        units=[district.workroom],
        note="如何补办手续",
        actor=scope_of(people["staff"]),
    )
    code = code_create(owner=enterprise, actor=scope_of(people["staff"]))
    form = ReportForm(code=code, consent=consent_in_force(today))
    track_token = SIGNER.unsign(form.initial["secret"])
    report_submit(
        token=code.token,
        report=Report(
            secret=track_token,
            category=Category.objects.get(code="safety"),
            text="车间吊机没有护栏。",
            reporter=ReporterInput("anonymous"),
            consent_version=1,
        ),
    )
    keep_reporter(issue, ReporterInput("open", "黄示例", "13800000001"), now=clock.now())
    attachment = attachment_store(upload=photo(), actor=PUBLIC)
    IssuePhoto.objects.create(issue=issue, attachment=attachment)
    consultation = Consultation.objects.get()
    paper = paper_draft(
        uuid=uuid4(),
        kind="notice",
        issue_code=issue.code,
        facts="未签合同。",
        basis="劳动合同法第十条。",
        advice="请补签。",
        actor=scope_of(people["staff"]),
    )
    posting = Posting.objects.get(cadre=people["cadre"])
    return Sample(people, enterprise, issue, visit, posting, code, track_token, consultation, paper)


def photo() -> SimpleUploadedFile:
    """A small picture, as a phone would send it."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile("现场.jpg", content.getvalue(), "image/jpeg")


@dataclass(frozen=True)
class Line:
    """One address: the roles it opens to, how it is asked for, and what its path needs."""

    roles: frozenset[str]
    kwargs: Callable[[Sample], dict[str, Any]] = lambda things: {}
    method: str = "get"
    options: dict[str, Any] = field(default_factory=dict)
    #: Nothing of that kind is there in the sample: 404 to those let in, 403 still to the others.
    empty: bool = False


def account(things: Sample) -> dict[str, Any]:
    return {"pk": things.people["keeper"].pk}


def posting(things: Sample) -> dict[str, Any]:
    return {"pk": things.posting.pk}


def issue(things: Sample) -> dict[str, Any]:
    return {"code": things.issue.code}


def public_code(things: Sample) -> dict[str, Any]:
    return {"uuid": things.code.uuid}


def consultation(things: Sample) -> dict[str, Any]:
    return {"pk": things.consultation.pk}


def visit(things: Sample) -> dict[str, Any]:
    return {"visit_id": things.visit.pk}


def enterprise(things: Sample) -> dict[str, Any]:
    return {"credit_code": things.enterprise.credit_code}


def unit(things: Sample) -> dict[str, Any]:
    return {"code": "rights"}


def parameter(things: Sample) -> dict[str, Any]:
    return {"key": "visits.weekly_quota"}


MATRIX: dict[str, Line] = {
    "healthz": Line(ANYBODY),
    "readyz": Line(ANYBODY),
    "metrics": Line(ANYBODY),  # of this machine; who asks from elsewhere: tests/core/test_metrics.py
    "login": Line(ANYBODY),
    "logout": Line(ANYBODY),  # answers 405 to GET: signing out is a POST
    "workbench": Line(EVERYBODY),
    "me": Line(EVERYBODY),
    "password": Line(EVERYBODY),
    "hint-dismiss": Line(EVERYBODY, method="post", options={"data": {"role": "staff"}}),
    "accounts": Line(frozenset({"sysadmin", "security"})),
    "account": Line(frozenset({"sysadmin", "security"}), account),
    "account-create": Line(frozenset({"sysadmin"})),
    "account-edit": Line(frozenset({"sysadmin"}), account),
    "account-disable": Line(frozenset({"sysadmin"}), account, "post"),
    "account-enable": Line(frozenset({"sysadmin"}), account, "post"),
    "account-unlock": Line(frozenset({"sysadmin"}), account, "post"),
    "account-reset": Line(frozenset({"sysadmin"}), account, "post"),
    "role-grant": Line(frozenset({"security"}), account, "post"),
    "role-revoke": Line(frozenset({"security"}), account, "post", empty=True),
    "postings": Line(FIELD | {"sysadmin"}),
    "posting-create": Line(frozenset({"staff", "sysadmin"})),
    "posting-enterprises": Line(frozenset({"staff", "sysadmin"})),
    "posting-end": Line(frozenset({"staff", "sysadmin"}), posting),
    "posting-hand-over": Line(frozenset({"staff", "sysadmin"}), posting),
    "enterprise-list": Line(FIELD),
    "enterprise-detail": Line(FIELD, enterprise),
    "enterprise-create": Line(frozenset({"staff"})),
    "enterprise-edit": Line(frozenset({"staff"}), enterprise),
    "unit-list": Line(frozenset({"sysadmin", "staff"})),
    "unit-create": Line(frozenset({"sysadmin"})),
    "unit-edit": Line(frozenset({"sysadmin"}), unit),
    "parameters": Line(PARAMETERS),
    "parameter": Line(PARAMETERS, parameter),
    "parameter-set": Line(frozenset({"sysadmin"}), parameter, "post"),
    "parameter-withdraw": Line(frozenset({"sysadmin"}), parameter, "post", empty=True),
    "issue-list": Line(CASEWORK),
    "issue-detail": Line(CASEWORK, issue),
    "issue-create": Line(frozenset({"staff", "cadre", "township"})),
    "issue-enterprises": Line(frozenset({"staff", "cadre", "township"})),
    "issue-correct": Line(frozenset({"staff"}), issue),  # a cadre only before somebody has acted
    "issue-note": Line(CASEWORK, issue, "post"),
    "issue-watch": Line(CASEWORK, issue, "post"),
    "issue-people": Line(CASEWORK, issue),
    "issue-file": Line(CASEWORK, lambda things: {**issue(things), "file_id": uuid4()}, empty=True),
    "standard-answers": Line(frozenset({"staff"})),
    "standard-answer-create": Line(frozenset({"staff"})),
    "standard-answer": Line(frozenset({"staff"}), lambda things: {"pk": StandardAnswer.objects.get().pk}),
    "notifications": Line(EVERYBODY),
    "notification": Line(EVERYBODY, lambda things: {"pk": 0}, empty=True),
    "channels": Line(EVERYBODY),
    "issue-tracker": Line(frozenset({"staff", "cadre", "township", "handler"}), issue),
    "category-tracker": Line(frozenset({"staff"}), lambda things: {"code": "dues_refund"}),
    "tracker-figures": Line(DISTRICT | {"township"}),
    "tracker-rows": Line(DISTRICT | {"township"}, lambda things: {"code": "dues_refund"}),
    "issue-export": Line(DISTRICT | {"township"}),
    "category-create": Line(frozenset({"staff"})),
    "routing-list": Line(frozenset({"staff"})),
    "routing-create": Line(frozenset({"staff"})),
    "routing-edit": Line(frozenset({"staff"}), lambda things: {"pk": 1}, empty=True),
    "due-list": Line(CASEWORK),
    "due-recount": Line(frozenset({"staff"})),
    "issue-similar": Line(frozenset({"staff", "cadre", "township"})),
    "issue-photo": Line(CASEWORK, lambda things: {**issue(things), "photo_id": things.issue.photos.get().pk}),
    "reporter-reveal": Line(CASEWORK, issue),
    # A new link: staff, and the cadre who registered it.
    "track-link": Line(frozenset({"staff", "cadre"}), issue, "post"),
    "public-report": Line(ANYBODY, lambda things: {"token": things.code.token}),
    "public-track": Line(ANYBODY, lambda things: {"token": things.track_token}),
    "code-list": Line(frozenset({"staff"})),
    "code-create": Line(frozenset({"staff"})),
    "code-poster": Line(frozenset({"staff"}), public_code),
    "code-close": Line(frozenset({"staff"}), public_code, "post"),
    "code-reopen": Line(frozenset({"staff"}), public_code, "post"),
    "consent": Line(frozenset({"staff"})),
    "consultation": Line(CASEWORK, consultation),
    "consultation-act": Line(frozenset({"staff"}), lambda things: {**consultation(things), "act": "task"}, "post"),
    "paper-list": Line(DISTRICT | {"township"}),
    "paper-create": Line(frozenset({"staff"}), lambda things: {**issue(things), "kind": "notice"}),
    "paper": Line(DISTRICT | {"township"}, lambda things: {"paper_id": things.paper.pk}),
    "paper-word": Line(DISTRICT | {"township"}, lambda things: {"paper_id": things.paper.pk}),
    "paper-act": Line(frozenset({"staff"}), lambda things: {"paper_id": things.paper.pk, "act": "edit"}, "post"),
    "paper-registers": Line(frozenset({"staff"})),
    "paper-registers-act": Line(frozenset({"staff"}), lambda things: {"act": "supervisor"}, "post"),
    "subissues": Line(CASEWORK, issue),
    "subissue-act": Line(frozenset({"staff", "township"}), lambda things: {**issue(things), "act": "register"}, "post"),
    "category-list": Line(frozenset({"staff"})),
    "category-edit": Line(frozenset({"staff"}), lambda things: {"code": "dues_refund"}),
    "visit-list": Line(FIELD),
    "visit-detail": Line(FIELD, visit),
    "visit-create": Line(frozenset({"cadre"})),
    "visit-picker": Line(frozenset({"cadre"})),
    "visit-edit": Line(frozenset({"cadre"}), visit),
    "journal-list": Line(DISTRICT | {"cadre"}),
    "dashboard": Line(DISTRICT | {"township"}),
    "figure-rows": Line(FIELD, options={"data": {"measure": "received", "period": "month", "start": "2024-09-01"}}),
    "workbench-queue": Line(frozenset({"staff", "township"}), lambda things: {"key": "to_assign"}),
    "report-list": Line(DISTRICT),
    "frozen-months": Line(DISTRICT),
    "frozen-month": Line(DISTRICT, lambda things: {"year": 1990, "month": 1}, empty=True),
    "annual-report": Line(DISTRICT, lambda things: {"year": 1990, "file_format": "docx"}, empty=True),
    "kept-report": Line(DISTRICT, lambda things: {"report_id": uuid4()}, empty=True),
    "kept-report-row": Line(DISTRICT, lambda things: {"report_id": uuid4()}, empty=True),
    "kept-report-file": Line(DISTRICT, lambda things: {"report_id": uuid4()}, empty=True),
    "kept-report-cancel": Line(DISTRICT, lambda things: {"report_id": uuid4()}, "post", empty=True),
    "report-templates": Line(frozenset({"staff"})),
    "report-template": Line(frozenset({"staff"}), lambda things: {"kind": "annual"}),
    "report-template-use": Line(frozenset({"staff"}), lambda things: {"kind": "annual", "version": 0}, "post"),
    "report-template-file": Line(frozenset({"staff"}), lambda things: {"kind": "annual", "version": 0}),
    "calendar": Line(PARAMETERS),
    "calendar-year": Line(PARAMETERS, lambda things: {"year": 2024}),
    "calendar-edit": Line(frozenset({"sysadmin"}), lambda things: {"year": 2024}),
    "calendar-clear": Line(frozenset({"sysadmin"}), lambda things: {"year": 2024}, "post", empty=True),
    "audit": Line(frozenset({"auditor"})),
    # Signing for it: only the holder.
    "issue-move": Line(frozenset({"handler"}), lambda things: {**issue(things), "action": "accept"}, "post"),
    "journal-detail": Line(DISTRICT | {"cadre"}, lambda things: {"journal_id": things.visit.journal_id}),
    "journal-week": Line(frozenset({"cadre"}), lambda things: {"year": 2024, "week": 37}),
    "visit-photo": Line(FIELD, lambda things: {**visit(things), "photo_id": things.visit.photos.get().pk}),
    "api-schema": Line(EVERYBODY),
    "api-me-list": Line(EVERYBODY),
    "api-unit-list": Line(EVERYBODY),
    "api-unit-detail": Line(EVERYBODY, unit),
    "api-visit-list": Line(FIELD),
    "api-visit-detail": Line(FIELD, lambda things: {"pk": things.visit.pk}),
    "api-issue-list": Line(CASEWORK),
    "api-issue-detail": Line(CASEWORK, issue),
    "api-issue-move": Line(frozenset({"handler"}), lambda things: {**issue(things), "move": "accept"}, "post"),
    "api-rollup-list": Line(DISTRICT | {"township"}),
    "api-rollup-rows": Line(
        DISTRICT | {"township"},
        options={"data": {"measure": "received", "period": "month", "start": "2024-09-01", "unit": "330602006"}},
    ),
    "api-enterprise-list": Line(FIELD),
    "api-enterprise-detail": Line(FIELD, enterprise),
}
