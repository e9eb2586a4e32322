"""One row of everything, with people who stand near it: what the addresses of the matrix are made from."""

from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.forms.public import SIGNER, ReportForm
from casework.models import (
    Category,
    Consultation,
    Issue,
    IssuePhoto,
    Mediation,
    Paper,
    PublicCode,
    ServiceActivity,
    StandardAnswer,
)
from casework.services import ReporterInput, code_create, issue_move, issue_register, report_submit
from casework.services.activities import activity_create, activity_move
from casework.services.activity_issues import issues_link
from casework.services.activity_sessions import guests_mark, photos_change, session_add
from casework.services.codes import consent_in_force
from casework.services.mediation_parties import PartyInput
from casework.services.mediations import mediation_open
from casework.services.papers import paper_draft
from casework.services.public import Report
from casework.services.reporters import keep_reporter
from hardship.models import (
    Campaign,
    Fund,
    GrantBatch,
    HardshipFile,
    Lead,
    Measure,
    MeasureKind,
    ProposedAid,
    PublicityEntry,
    PublicityList,
    SensedBatch,
    ServiceKind,
    ServiceOrder,
)
from hardship.services import FileInput, MemberInput, file_open, line_add
from hardship.services.batch_grants import Wanted, grants_add
from hardship.services.batches import batch_create
from hardship.services.campaigns import campaign_create
from hardship.services.catalogue import price_set, provider_save
from hardship.services.funds import fund_allot, fund_create
from hardship.services.leads import LeadInput, lead_raise
from hardship.services.objections import Objected, objection_submit
from hardship.services.orders import order_dispatch, order_take
from hardship.services.sensing import BatchInput, batch_upload
from stations.models import Station, StationEvent
from stations.services.event_photos import event_photos_change
from stations.services.events import EventPlan, EventRecord, station_event_create, station_event_hold
from stations.services.served import CountInput, served_record
from tests.access.station_care import CareSample, care_of
from tests.access.station_sample import station_of
from tests.hardship.cast import id_number
from tests.people import District, scope_of
from unionportal.core.accounts.models import Posting, Substitution, User
from unionportal.core.common import clock
from unionportal.core.common.scope import PUBLIC, Scope
from unionportal.core.files.services import attachment_store
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.services import export_ask, import_ask
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.services import contact_save, contract_save, mutual_aid_save, risk_set
from visits.models import Meeting, MeetingTask, Nomination, PlannedVisit, Practice, Reflection, Visit
from visits.quarters import quarter_of
from visits.services import VisitInput, visit_log
from visits.services.evaluations import evaluation_create, evaluation_move
from visits.services.feeds import calendar_feed_renew
from visits.services.groups import group_member_add, meeting_group_create
from visits.services.meeting_tasks import meeting_task_give
from visits.services.meetings import meeting_plan, meeting_start
from visits.services.nominations import NominationInput, nomination_submit
from visits.services.practices import PracticeInput, practice_propose, practice_publish


@dataclass
class MoneySample:
    """A fund with money in it, and what hangs on it."""

    fund: Fund
    batch: GrantBatch
    campaign: Campaign
    order: ServiceOrder


@dataclass
class Sample:
    """One of each thing an address may name."""

    people: dict[str, User]
    enterprise: Enterprise
    issue: Issue
    visit: Visit
    posting: Posting
    substitution: Substitution
    code: PublicCode
    track_token: str
    consultation: Consultation
    paper: Paper
    activity: ServiceActivity
    mediation: Mediation
    export: Job
    check: Job
    meeting: Meeting
    meeting_task: MeetingTask
    planned: PlannedVisit
    feed_token: str
    nomination: Nomination
    reflection: Reflection
    practice: Practice
    care: CareSample
    station: Station
    station_event: StationEvent
    file: HardshipFile
    measure: Measure
    listed: PublicityList
    lead: Lead
    sheet: SensedBatch
    money: MoneySample


def sample(district: District) -> Sample:
    """A visit by the cadre, its issue handed to the department, a posting."""
    people = district.everybody()
    enterprise = district.enterprise()
    today = clock.today()
    visit, _ = visit_log(
        visit=VisitInput(id=uuid4(), visited_on=today, enterprise=enterprise.credit_code, photos=(photo(),)),
        actor=scope_of(people["cadre"]),
    )
    file = file_of(scope_of(people["aid"]), enterprise.township)
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
    mediation = mediation_open(
        uuid=uuid4(),
        issue_code=issue.code,
        organisation=district.workroom,
        manner="oral",
        applied_on=today,
        kind="pay",
        matter="加班费差额",
        reason="按固定金额发放。",
        people=1,
        applicant=PartyInput("applicant", "陈示例", phone="13800000002"),
        respondent=PartyInput("respondent", enterprise.name),
        actor=scope_of(people["staff"]),
    )
    records_of(enterprise, scope_of(people["staff"]))
    workbook = SimpleUploadedFile("企业.csv", "统一社会信用代码\n123\n".encode())
    task = meeting_with_a_task(people, enterprise.township, district.department)
    station = station_of(enterprise.township, people["keeper"], photo(), scope_of(people["staff"]))
    return Sample(
        people=people,
        enterprise=enterprise,
        issue=issue,
        visit=visit,
        posting=Posting.objects.get(cadre=people["cadre"]),
        substitution=Substitution.objects.create(
            cadre=people["cadre"],
            substitute=district.cadre([]),
            start_on=today,
            end_on=today + timedelta(days=7),
            reason=Substitution.Reason.LEAVE,
        ),
        code=code,
        track_token=track_token,
        consultation=consultation,
        paper=paper,
        activity=activity_of(people, issue, district.department),
        mediation=mediation,
        meeting=task.item.meeting,
        meeting_task=task,
        planned=PlannedVisit.objects.create(
            cadre=people["cadre"], enterprise=district.enterprise(2), planned_on=today, planned_at=clock.now()
        ),
        feed_token=calendar_feed_renew(actor=scope_of(people["cadre"])),
        nomination=nominated(people, enterprise.township),
        reflection=reflection_of(people["cadre"]),
        practice=practice_of(scope_of(people["staff"])),
        file=file,
        measure=Measure.objects.create(
            file=file,
            kind=MeasureKind.objects.get(code="training"),
            owner=people["aid"],
            due_on=today,
            created_at=clock.now(),
        ),
        listed=listed_of(file, people["aid"]),
        lead=lead_raise(
            uuid=uuid4(),
            given=LeadInput(name="李示例", cause="6", words="住院。", id_number=id_number(902)),
            township=enterprise.township,
            actor=scope_of(people["cadre"]),
        ),
        sheet=sheet_of(scope_of(people["staff"])),
        money=money_of(people, enterprise.township),
        station=station,
        care=care_of(people, station, photo),
        station_event=station_event_of(station, scope_of(people["staff"])),
        export=export_ask(kind="issues", file_format="csv", params={}, actor=scope_of(people["staff"])),
        check=import_ask(kind="enterprises", upload=workbook, dry_run=True, actor=scope_of(people["staff"])),
    )


def file_of(actor: Scope, township: Unit) -> HardshipFile:
    """A hardship file with one line of income and its paper."""
    file = file_open(
        uuid=uuid4(),
        township=township,
        facts=FileInput(main_cause="6", address="示例路 1 号"),
        holder=MemberInput(name="王示例", id_number=id_number(901)),
        actor=actor,
    )
    line_add(
        code=file.code,
        version=file.version,
        uuid=uuid4(),
        year=clock.today().year,
        kind="wages",
        amount=Decimal(12000),
        source="wage_slip",
        upload=photo(),
        actor=actor,
    )
    return file


def listed_of(file: HardshipFile, officer: User) -> PublicityList:
    """A list that shows from today, with the file on it and an objection to it."""
    listed = PublicityList.objects.create(
        token="public-list-of-the-sample",
        township=file.township,
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=7),
        created_by=officer,
        created_at=clock.now(),
    )
    PublicityEntry.objects.create(
        list=listed,
        number=1,
        file=file,
        masked_name="王**",
        unit_name="示例厂",
        category="深度困难",
        proposed_aid=ProposedAid.LIVING,
    )
    objection_submit(token=listed.token, given=Objected(uuid4(), 1, "有房产。", is_anonymous=True))
    return listed


def sheet_of(actor: Scope) -> SensedBatch:
    """A department's sheet that waits to be confirmed."""
    content = f"姓名,身份证号,个人自付\n周示例,{id_number(903)},30000\n"
    return batch_upload(
        uuid=uuid4(),
        given=BatchInput("medical", "区医保局", "发现困难职工", "数据共享协议"),
        upload=SimpleUploadedFile("名单.csv", content.encode()),
        actor=actor,
    )


def money_of(people: dict[str, User], township: Unit) -> MoneySample:
    """A fund for each purpose, a batch in preparation with one grant, a campaign, and an order sent to its provider."""
    staff, aid, today = scope_of(people["staff"]), scope_of(people["aid"]), clock.today()
    holder = MemberInput(name="李示例", id_number=id_number(903))
    file = file_open(uuid=uuid4(), township=township, facts=FileInput(main_cause="6"), holder=holder, actor=aid)
    HardshipFile.objects.filter(pk=file.pk).update(state="in_force", category="deep")
    funds = []
    for purpose in ("aid", "services"):
        fund = fund_create(
            uuid=uuid4(),
            name=purpose,
            source="own",
            purpose=purpose,
            budget=Decimal(9000),
            start_on=today,
            end_on=today,
            actor=staff,
        )
        fund_allot(fund_id=fund.pk, uuid=uuid4(), amount=Decimal(9000), happened_on=today, actor=staff)
        funds.append(fund)
    batch = batch_create(uuid=uuid4(), title="慰问金", fund=funds[0], kind="warmth", actor=aid)
    grants_add(code=batch.code, wanted=[Wanted(file.code, Decimal(500))], actor=aid)
    campaign = campaign_create(uuid=uuid4(), name="送温暖", kind="warmth", start_on=today, end_on=today, actor=staff)
    service, provider = ServiceKind.objects.get(code="plumbing"), provider_save(name="家电服务部", actor=staff)
    price_set(service=service, provider=provider, price=Decimal(80), effective_on=today, actor=staff)
    order = order_take(
        uuid=uuid4(), file_code=file.code, service=service, provider=provider, wanted_on=today, actor=aid
    )
    order = order_dispatch(code=order.code, provider=provider, actor=aid)
    return MoneySample(funds[0], batch, campaign, order)


def records_of(enterprise: Enterprise, actor: Scope) -> None:
    """A contact, a risk mark, a collective contract and a year's mutual aid of the enterprise."""
    code, today = enterprise.credit_code, clock.today()
    contact_save(credit_code=code, uuid=uuid4(), name="孙示例", phone="13800000003", actor=actor)
    risk_set(credit_code=code, kind="arrears", level="watch", reason="工资晚发一周。", actor=actor)
    contract_save(
        credit_code=code,
        kind="wages",
        start_on=today,
        end_on=today + timedelta(days=365),
        people=100,
        performance="unchecked",
        actor=actor,
    )
    mutual_aid_save(credit_code=code, year=today.year, people=80, actor=actor)


def activity_of(people: dict[str, User], issue: Issue, organiser: Unit) -> ServiceActivity:
    """A service activity in the issue's township that took place, with its enterprise, a session, a photo and the issue linked."""
    staff, today = scope_of(people["staff"]), clock.today()
    activity = activity_create(
        uuid=uuid4(),
        kind="policy_briefing",
        title="经费返还政策解读会",
        organiser=organiser,
        township=issue.township,
        planned_on=today,
        enterprises=[issue.enterprise] if issue.enterprise else [],
        actor=staff,
    )
    session_add(code=activity.code, uuid=uuid4(), held_on=today, place="街道会议室", actor=staff)
    issues_link(code=activity.code, issues=[issue.code], actor=staff)
    activity_move(code=activity.code, action="hold", version=None, actor=staff)
    guests_mark(
        code=activity.code, invited_ids=activity.invited.values_list("pk", flat=True), version=None, actor=staff
    )
    return photos_change(code=activity.code, photos=[photo()], actor=staff)


def station_event_of(station: Station, staff: Scope) -> StationEvent:
    """An event that took place at the station today, with a photo; a number of people counted there."""
    today = clock.today()
    count = CountInput("tally", today, today, 30)
    served_record(uuid=uuid4(), station=station.code, count=count, actor=staff)
    plan = EventPlan(kind="cooling", title="高温天送清凉", planned_on=today)
    event = station_event_create(uuid=uuid4(), station=station.code, plan=plan, actor=staff)
    record = EventRecord(held_on=today, attendance=30, attendance_way="tally", cost=Decimal(200))
    station_event_hold(code=event.code, version=None, record=record, actor=staff)
    return event_photos_change(code=event.code, photos=[photo()], actor=staff)


def meeting_with_a_task(people: dict[str, User], township: Unit, department: Unit) -> MeetingTask:
    """A meeting that goes on, of a group with the township and the cadre; the department, where the handler works, has a task."""
    staff, today = scope_of(people["staff"]), clock.today()
    group = meeting_group_create(name="第一组", leader=people["leader"], actor=staff)
    group_member_add(group_id=group.pk, township=township, start_on=today, actor=staff)
    group_member_add(group_id=group.pk, cadre=people["cadre"], start_on=today, actor=staff)
    meeting = meeting_plan(
        uuid=uuid4(), group=group, held_on=today, starts_at=time(14, 30), place="三楼会议室", actor=staff
    )
    meeting_start(meeting_id=meeting.pk, version=None, actor=staff)
    return meeting_task_give(
        uuid=uuid4(),
        meeting_id=meeting.pk,
        item_id=meeting.items.filter(issue__isnull=False).first().pk,
        what="核对账户",
        unit=department,
        due_on=today,
        actor=staff,
    )


def nominated(people: dict[str, User], township: Unit) -> Nomination:
    """This year's evaluation in the phase of nominating, and what the cadre nominates for the township, with a file."""
    staff, today = scope_of(people["staff"]), clock.today()
    days = dict.fromkeys(("nominate_from", "nominate_until", "review_until", "publish_on"), today)
    found = evaluation_create(year=today.year, actor=staff, **days)
    evaluation_move(round_id=found.pk, move="open", version=None, actor=staff)
    given = NominationInput(
        title="快递员入会难在哪里",
        abstract="走访八十名快递员。",
        text="正文。",
        authors=(people["cadre"],),
        unit=township,
        files=(photo(),),
    )
    return nomination_submit(
        uuid=uuid4(), round_id=found.pk, kind="research", given=given, actor=scope_of(people["cadre"])
    )


def reflection_of(cadre: User) -> Reflection:
    """The cadre's reflection on this quarter, handed in."""
    now, texts = clock.now(), dict.fromkeys(Reflection.PARTS, "每周走访两家。")
    return Reflection.objects.create(
        cadre=cadre,
        quarter=quarter_of(clock.today()),
        state="submitted",
        first_submitted_at=now,
        submitted_at=now,
        **texts,
    )


def practice_of(staff: Scope) -> Practice:
    """A published practice with a file."""
    said = PracticeInput("材料一次备齐", "先发清单。", "走访前把清单发给企业。")
    row = practice_propose(uuid=uuid4(), practice=said, files=[photo()], actor=staff)
    return practice_publish(practice_id=row.pk, version=row.version, actor=staff)


def photo() -> SimpleUploadedFile:
    """A small picture, as a phone would send it."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile("现场.jpg", content.getvalue(), "image/jpeg")
