"""调解: an application written down, the clock of fifteen days, the agreement and what follows; through the pages, as people use them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpResponse
from docx import Document

from casework.mediation_figures import figures_by_organisation, mediation_figures
from casework.models import (
    ConsultationParty,
    Issue,
    IssueEvent,
    Mediation,
    MediationParty,
    MediationReveal,
    MediationStep,
)
from casework.services.consultations import consultation_join, consultation_leave
from casework.services.mediation_parties import PartyInput
from casework.services.mediations import mediation_move, mediation_open
from tests.casework.cast import Cast
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import InvalidTransition
from unionportal.core.notify.models import Notification

DAY = date(2024, 9, 4)
NAME, PHONE, ID_NUMBER = "陈示例", "13800000009", "33060219650708002X"  # of a district founded in 1983

Move = Callable[..., HttpResponse]


@pytest.fixture
def issue(cast: Cast) -> Issue:
    return cast.issue_in("in_progress", title="加班费争议")


def form(**changes: Any) -> dict[str, Any]:
    """The application as a person fills it in."""
    return {
        "uuid": str(uuid4()),
        "manner": "oral",
        "applied_on": DAY.isoformat(),
        "organisation": "W-JISHAN",
        "applicant_name": NAME,
        "applicant_phone": PHONE,
        "applicant_id_number": f"{ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]}",
        "people": 3,
        "respondent_name": "光典芯元微电子（演示）",
        "kind": "pay",
        "matter": "补发加班费差额",
        "reason": "旺季加班按固定金额发放。",
        "amount_claimed": "36000",
        **changes,
    }


def apply(cast: Cast, issue: Issue, who: str = "staff", **changes: Any) -> HttpResponse:
    return cast.client(who).post(f"/issues/{issue.code}/mediation/", form(**changes))


def opened(cast: Cast, issue: Issue, **changes: Any) -> Mediation:
    assert apply(cast, issue, **changes).status_code == 302
    return Mediation.objects.get(issue=issue)


def move(cast: Cast, mediation: Mediation, action: str, who: str = "workroom_handler", **given: Any) -> HttpResponse:
    """One move from its dialog, on the newest version; `day` is today unless told."""
    mediation.refresh_from_db()
    data = {"version": mediation.version, "day": clock.today().isoformat(), **given}
    answer = cast.client(who).post(f"/mediations/{mediation.number}/{action}/", data)
    mediation.refresh_from_db()
    return answer


WAY: dict[str, dict[str, Any]] = {
    "accept": {"mediators": "徐调解、马调解"},
    "consent": {},
    "session": {"place": "八字桥工作室", "present": "双方到场", "record": "双方同意按考勤核算。", "begins_at": "09:30"},
    "agree": {"outcome": "agreement", "terms": "十日内补发 30000 元。", "amount_agreed": "30000"},
    "sign": dict.fromkeys(
        ("applicant_signed_on", "respondent_signed_on", "mediator_signed_on", "sealed_on"), DAY.isoformat()
    ),
    "hand_over": {"route": "court", "body": "区人民法院（演示）"},
    "confirm": {},
}


def brought_to(cast: Cast, issue: Issue, last: str, who: str = "workroom_handler", **changes: Any) -> Mediation:
    """A case after a move of the way, everything before it done."""
    mediation = opened(cast, issue, **changes)
    for action, given in WAY.items():
        assert move(cast, mediation, action, who, **given).status_code == 302, action
        if action == last:
            break
    return mediation


def errors_of(answer: HttpResponse, *words: str) -> None:
    assert answer.status_code in (409, 422), answer.status_code
    text = answer.content.decode()
    assert [each for each in words if each not in text] == []


def test_a_case_from_the_application_to_the_confirmation(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "confirm")
    assert (mediation.number, mediation.state, mediation.outcome) == ("TJ-2024-0001", "confirmed", "agreement")
    assert (mediation.due_on, mediation.ended_on) == (date(2024, 9, 19), DAY)  # calendar days: 中秋 lies between
    assert mediation.mediators == ["徐调解", "马调解"]
    assert mediation.handovers.get().result == "confirmed"
    move(cast, mediation, "recover", amount_recovered="30000")
    assert (mediation.amount_recovered, mediation.recovered_on) == (Decimal(30000), DAY)
    steps = list(MediationStep.objects.order_by("seq").values_list("seq", "action", "to_state"))
    assert [seq for seq, _, _ in steps] == list(range(1, 10))
    assert steps[0] == (1, "open", "applied")
    assert mediation.version == 9
    of_issue = IssueEvent.objects.filter(action__startswith="mediate").order_by("seq")
    assert list(of_issue.values_list("action", "data")) == [
        ("mediate", {"mediation": "TJ-2024-0001"}),
        ("mediate_end", {"mediation": "TJ-2024-0001", "result": "agreement"}),
    ]
    page = cast.client("staff").get("/mediations/TJ-2024-0001/").content.decode()
    assert all(words in page for words in ("协议已确认", "司法确认", "累计履行 30,000.00 元", "期限内结束"))
    assert AuditEntry.objects.filter(object_type="mediation").count() == 9


def test_the_unit_that_mediates_is_told_and_sees_the_issue(cast: Cast, issue: Issue) -> None:
    mediator = cast.client("workroom_handler")
    assert mediator.get(f"/issues/{issue.code}/").status_code == 404
    mediation = opened(cast, issue)
    assert mediator.get(f"/issues/{issue.code}/").status_code == 200
    assert mediator.get(f"/mediations/{mediation.number}/").status_code == 200
    told = Notification.objects.get(user=cast.users["workroom_handler"])
    assert mediation.number in told.text
    assert NAME not in told.text
    queue = mediator.get("/todo/to_mediate/").content.decode()
    assert issue.title in queue
    assert "剩 15 天" in queue


def test_a_unit_that_mediates_goes_on_seeing_it_when_its_consultation_is_taken_back(cast: Cast, issue: Issue) -> None:
    cast.move(issue, "consult", "staff", units=[cast.workroom, cast.finance], note="怎么调解？")
    opened(cast, issue)
    consultation, staff = issue.consultations.get(), cast.scope("staff")
    consultation_join(consultation_id=consultation.pk, bodies=["区人社局（演示）"], actor=staff)
    for unit, who, status in ((cast.workroom, "workroom_handler", 200), (cast.finance, "other_handler", 404)):
        party = ConsultationParty.objects.get(unit=unit)
        consultation_leave(consultation_id=consultation.pk, party=party, actor=staff)
        assert cast.client(who).get(f"/issues/{issue.code}/").status_code == status


def test_who_may_apply_and_who_may_move(cast: Cast, issue: Issue) -> None:
    for who, status in (("leader", 403), ("registrar", 403), ("neighbour", 404), ("outsider", 404), ("auditor", 403)):
        assert cast.client(who).get(f"/issues/{issue.code}/mediation/").status_code in (status, 403), who
        assert apply(cast, issue, who).status_code in (status, 403), who
    assert not Mediation.objects.exists()
    assert "申请调解" in cast.client("handler").get(f"/issues/{issue.code}/").content.decode()
    mediation = opened(cast, issue)
    for who in ("leader", "registrar", "handler"):  # the holder of the issue does not decide whether it is taken
        assert move(cast, mediation, "accept", who, **WAY["accept"]).status_code == 403, who
    assert move(cast, mediation, "accept", "neighbour", **WAY["accept"]).status_code == 404
    assert mediation.state == "applied"
    assert move(cast, mediation, "accept", "clerk", **WAY["accept"]).status_code == 302
    assert move(cast, mediation, "consent", "handler").status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"applied_on": "2024-09-05"}, "申请日期不能晚于今天"),
        ({"applicant_name": " "}, "请填写申请人姓名"),
        ({"applicant_phone": "123"}, "电话号码不对"),
        ({"applicant_id_number": "110105194912310021"}, "身份证号的校验位不对"),
        ({"applicant_id_number": "110105491231002"}, "这是 15 位的旧身份证号"),
        ({"people": 0}, "人数至少为 1"),
        ({"amount_claimed": "-1"}, "金额不能小于 0"),
        ({"kind": "sport"}, "选择"),
        ({"organisation": "3306"}, "请在可选的单位中选择"),
        ({"matter": ""}, "请写明争议事项"),
    ],
)
def test_a_wrong_application_comes_back_as_typed(cast: Cast, issue: Issue, wrong: dict[str, Any], words: str) -> None:
    answer = apply(cast, issue, **wrong)
    errors_of(answer, words, "旺季加班按固定金额发放。")
    assert not Mediation.objects.exists()
    assert IssueEvent.objects.filter(action="mediate").count() == 0


def test_sent_twice_is_one_and_a_second_running_one_is_refused(cast: Cast, issue: Issue) -> None:
    uuid = str(uuid4())
    first, again = apply(cast, issue, uuid=uuid), apply(cast, issue, uuid=uuid)
    assert first.url == again.url
    errors_of(apply(cast, issue), "还没有结束，不能再申请")
    assert Mediation.objects.count() == 1
    move(cast, Mediation.objects.get(), "withdraw", note="双方自行和解。")
    assert apply(cast, issue).status_code == 302
    assert list(Mediation.objects.order_by("pk").values_list("number", flat=True)) == ["TJ-2024-0001", "TJ-2024-0002"]
    listed = cast.client("staff").get("/issues/due/?clock=mediation").content.decode()
    assert (listed.count("调解 TJ-2024-0002"), listed.count("TJ-2024-0001")) == (1, 0)


def test_an_issue_that_is_over_takes_no_application(cast: Cast) -> None:
    errors_of(apply(cast, cast.issue_in("closed")), "不能申请调解")


def test_an_issue_waits_for_its_mediation(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    mediation = brought_to(cast, issue, "agree")
    with pytest.raises(InvalidTransition, match="调解还没有结束"):
        cast.move(issue, "close", "staff", outcome="resolved")
    move(cast, mediation, "sign", **WAY["sign"])
    assert cast.move(issue, "close", "staff", outcome="resolved").state == "closed"
    assert move(cast, mediation, "hand_over", **WAY["hand_over"]).status_code == 302


def test_the_clock_turns_amber_then_red_and_ends_nothing_by_itself(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "consent")
    address, due = f"/mediations/{mediation.number}/", "/issues/due/?clock=mediation"

    def seen(days: int, url: str) -> str:
        with clock.at(cast.now + timedelta(days=days)):
            return cast.client("staff").get(url).content.decode()

    assert "剩 15 天" in seen(0, address)
    assert "今天到期" in seen(15, address)
    late = seen(17, address)
    assert all(words in late for words in ("逾期 2 天", "系统不会自动结束"))
    assert 'data-dialog="extend"' not in late
    assert mediation.number in seen(0, due)
    assert mediation.number not in seen(0, f"{due}&standing=late")
    assert "逾期 2 天" in seen(17, f"{due}&standing=late")
    assert mediation.number in seen(17, "/mediations/?due=late")
    assert mediation.number in seen(13, "/mediations/?due=soon")
    mediation.refresh_from_db()
    assert mediation.state == "accepted"
    with clock.at(cast.now + timedelta(days=17)):
        move(cast, mediation, "fail", note="期满未达成一致，已告知申请仲裁。")
    assert mediation.outcome == "failed"
    assert "逾期 2 天" in seen(18, address)
    assert mediation.number not in seen(18, due)


def test_only_both_sides_prolong_it_and_only_before_it_ends(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "consent")
    both = {"applicant_agrees": "on", "respondent_agrees": "on"}
    errors_of(move(cast, mediation, "extend", days=5, applicant_agrees="on"), "须双方都同意")
    errors_of(move(cast, mediation, "extend", days=16, **both), "1 到 15 之间")
    errors_of(move(cast, mediation, "extend", days=5, day="2024-09-05", **both), "日期不能晚于今天")
    with clock.at(cast.now + timedelta(days=16)):
        errors_of(move(cast, mediation, "extend", days=5, **both), "届满，不能再延期")
    assert (mediation.due_on, mediation.extended_days) == (date(2024, 9, 19), 0)
    with clock.at(cast.now + timedelta(days=15)):
        assert move(cast, mediation, "extend", days=5, **both).status_code == 302
    assert (mediation.due_on, mediation.extended_days) == (date(2024, 9, 24), 5)
    errors_of(move(cast, mediation, "extend", days=11, **both), "1 到 10 之间")


def test_a_refusal_stops_it(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "accept")
    errors_of(move(cast, mediation, "session", **WAY["session"]), "先征得同意")
    assert move(cast, mediation, "refuse", refused_by="respondent").status_code == 302
    assert (mediation.state, mediation.outcome, mediation.ended_on) == ("refused", "refused", DAY)
    errors_of(move(cast, mediation, "extend", days=1), "现在不能双方同意延期")
    assert IssueEvent.objects.filter(action="mediate_end").count() == 1


def test_ten_people_may_name_representatives(cast: Cast, issue: Issue) -> None:
    mediation = opened(cast, issue, people=9)
    given = {"role": "representative", "name": "林示例"}
    errors_of(move(cast, mediation, "party", "staff", **given), "满 10 人才能推选代表，这件调解涉及 9 人")
    assert mediation.parties.count() == 2
    facts = {"kind": "pay", "matter": "补发加班费", "reason": "未按倍数。", "people": 10}
    assert move(cast, mediation, "edit", "staff", **facts).status_code == 302
    assert move(cast, mediation, "party", "staff", **given).status_code == 302
    errors_of(move(cast, mediation, "edit", "staff", **{**facts, "people": 9}), "人数不能少于 10 人")
    assert mediation.people == 10


def test_what_was_written_down_wrong_is_put_right(cast: Cast, issue: Issue) -> None:
    mediation = opened(cast, issue)
    party = mediation.parties.get(role="applicant")
    stranger = MediationParty.objects.create(
        mediation=opened(cast, cast.issue_in("in_progress")), role="applicant", name="林示例"
    )
    errors_of(move(cast, mediation, "mend", "staff", party=stranger.pk, name="王示例"), "请选择这件调解的当事人")
    errors_of(move(cast, mediation, "mend", "staff", party=party.pk), "请填写要改的内容")
    errors_of(move(cast, mediation, "mend", "staff", party=party.pk, phone="1380"), "电话号码不对")
    assert move(cast, mediation, "mend", "staff", party=party.pk, phone="13900000001").status_code == 302
    page = cast.client("staff").get(f"/mediations/{mediation.number}/").content.decode()
    assert all(words in page for words in (NAME, "139****0001", "330***********002X"))
    move(cast, mediation, "accept", **WAY["accept"])
    facts = {"kind": "leaving", "matter": "离职补偿", "reason": "未付。", "people": 3, "mediators": "马调解"}
    assert move(cast, mediation, "edit", "staff", **facts).status_code == 302
    assert (mediation.kind, mediation.mediators, mediation.amount_claimed) == ("leaving", ["马调解"], None)
    assert mediation.due_on == date(2024, 9, 19)


def test_an_agreement_is_handed_on_only_with_every_signature(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "agree")
    errors_of(move(cast, mediation, "hand_over", **WAY["hand_over"]), "协议还缺申请人签名")
    errors_of(move(cast, mediation, "sign", applicant_signed_on="2024-09-05"), "日期不能晚于今天")
    errors_of(move(cast, mediation, "sign", applicant_signed_on="2024-09-03"), "不能早于达成协议的日期")
    partly = {"applicant_signed_on": DAY.isoformat(), "sealed_on": DAY.isoformat()}
    assert move(cast, mediation, "sign", **partly).status_code == 302
    assert mediation.state == "agreed"
    errors_of(move(cast, mediation, "hand_over", **WAY["hand_over"]), "还缺被申请人签名（盖章）、调解员签名")
    assert not mediation.handovers.exists()
    move(cast, mediation, "sign", **WAY["sign"])
    assert mediation.state == "signed"
    last = MediationStep.objects.filter(mediation=mediation).latest("seq")
    assert set(last.data) == {"respondent_signed_on", "mediator_signed_on"}  # what was signed before is not said again
    errors_of(move(cast, mediation, "hand_over", route="court", body="法院", day="2024-09-03"), "申请日期")
    move(cast, mediation, "hand_over", route="arbitration", body="区仲裁委（演示）")
    assert move(cast, mediation, "deny", note="材料不全。").status_code == 302
    assert mediation.state == "signed"
    assert move(cast, mediation, "hand_over", **WAY["hand_over"]).status_code == 302
    assert list(mediation.handovers.values_list("route", "result")) == [("arbitration", "denied"), ("court", "pending")]


def test_more_than_agreed_is_recovered_only_with_a_reason(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "sign")
    errors_of(move(cast, mediation, "recover", amount_recovered="30000.01"), "超过协议金额 30,000.00 元")
    errors_of(move(cast, mediation, "recover", amount_recovered="-1"), "金额不能小于 0")
    assert mediation.amount_recovered == 0
    assert move(cast, mediation, "recover", amount_recovered="12000").status_code == 302
    more = {"amount_recovered": "31000", "recovered_reason": "企业另付交通费。"}
    assert move(cast, mediation, "recover", **more).status_code == 302
    assert (mediation.amount_recovered, mediation.recovered_reason) == (Decimal(31000), "企业另付交通费。")


def test_two_editors_do_not_overwrite_each_other(cast: Cast, issue: Issue) -> None:
    mediation = opened(cast, issue)
    errors_of(move(cast, mediation, "accept", version=9, mediators="徐调解"), "刚被别人修改过", "徐调解")
    assert mediation.state == "applied"


def test_personal_data_are_sealed_masked_and_revealed_for_a_reason(cast: Cast, issue: Issue) -> None:
    mediation = opened(cast, issue)
    party = MediationParty.objects.get(role="applicant")
    assert PHONE not in party.phone_sealed
    assert ID_NUMBER not in party.id_sealed
    address = f"/mediations/{mediation.number}/"
    for who, name in (("staff", NAME), ("clerk", NAME), ("leader", "陈**"), ("registrar", "陈**")):
        page = cast.client(who).get(address).content.decode()
        assert name in page, who
        assert PHONE not in page
        assert ID_NUMBER not in page
    assert NAME not in cast.client("leader").get("/mediations/").content.decode()
    reveal = f"{address}parties/{party.pk}/"
    assert cast.client("leader").post(reveal, {"reason": "看看"}).status_code == 403
    assert cast.client("neighbour").post(reveal, {"reason": "看看"}).status_code == 404
    errors_of(cast.client("clerk").post(reveal, {"reason": " "}), "请写明为什么要看")
    assert not MediationReveal.objects.exists()
    shown = cast.client("clerk").post(reveal, {"reason": "通知开调解会"})
    assert PHONE in shown.content.decode()
    assert ID_NUMBER in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert MediationReveal.objects.get().reason == "通知开调解会"
    assert AuditEntry.objects.filter(action="mediation.reveal", object_id=mediation.number).count() == 1


def text_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)


def test_the_papers_in_word(cast: Cast, issue: Issue) -> None:
    mediation = opened(cast, issue)
    staff, address = cast.client("staff"), f"/mediations/{mediation.number}/word/"
    download = staff.get(f"{address}application/")
    assert unquote(download["Content-Disposition"]).endswith(f"调解申请书-{mediation.number}.docx")
    application = text_of(download)
    for words in (
        "口头申请记录",
        NAME,
        ID_NUMBER,
        "补发加班费差额",
        "申请人（签名）",
        "记录人（签名）",
        "2024年9月4日",
    ):
        assert words in application
    assert staff.get(f"{address}agreement/").status_code == 409
    assert staff.get(f"{address}nonsense/").status_code == 404
    for action in ("accept", "consent", "session", "agree"):
        move(cast, mediation, action, **WAY[action])
    assert "双方同意按考勤核算。" in text_of(staff.get(f"{address}record/"))
    agreement = text_of(staff.get(f"{address}agreement/"))
    for words in (
        "十日内补发 30000 元。",
        "申请人（签名）",
        "被申请人（签名、盖章）",
        "调解员（签名）",
        "调解组织（盖章）",
    ):
        assert words in agreement
    assert "推选的代表" not in agreement
    assert cast.client("leader").get(f"{address}application/").status_code == 403
    assert cast.client("neighbour").get(f"{address}application/").status_code == 404
    assert AuditEntry.objects.filter(action="mediation.download").count() == 3


def test_figures_follow_the_filter(cast: Cast, issue: Issue) -> None:
    move(cast, brought_to(cast, issue, "sign"), "recover", amount_recovered="20000")
    other = cast.issue_in("in_progress", title="离职结算")
    failed = brought_to(cast, other, "consent", "staff", organisation="D-LEGAL", people=2, amount_claimed="")
    move(cast, failed, "fail", "staff", note="分歧较大。")
    opened(cast, cast.issue_in("in_progress"), people=1)
    figures = mediation_figures(Mediation.objects.all())
    assert (figures.cases, figures.unfinished, figures.concluded, figures.agreed) == (3, 1, 2, 1)
    assert (figures.people, figures.claimed, figures.settled, figures.recovered) == (6, 72000, 30000, 20000)
    by_unit = figures_by_organisation(Mediation.objects.all())
    assert [(unit.code, row.cases, row.agreed) for unit, row in by_unit] == [("W-JISHAN", 2, 1), ("D-LEGAL", 1, 0)]
    staff = cast.client("staff")
    page = staff.get("/mediations/").content.decode()
    assert all(words in page for words in ("50.00%", "72,000.00", "1/2", "未结束 1 件", "按调解组织"))
    only = staff.get("/mediations/?organisation=D-LEGAL&state=failed&q=离职").content.decode()
    assert "离职结算" in only
    assert "加班费争议" not in only
    assert "没有符合条件" in staff.get("/mediations/?applied_to=2024-09-03").content.decode()
    assert "还没有调解" in cast.client("neighbour").get("/mediations/").content.decode()


def test_a_list_of_six_costs_what_a_list_of_one_does(cast: Cast, issue: Issue) -> None:
    opened(cast, issue)
    client = cast.client("workroom_handler")
    one = queries_of(client, "/mediations/")
    for _ in range(5):
        opened(cast, cast.issue_in("in_progress"))
    assert queries_of(client, "/mediations/") == one


def test_the_database_refuses_what_cannot_be(cast: Cast, issue: Issue) -> None:
    mediation = brought_to(cast, issue, "agree")
    for change in (
        {"state": "signed"},
        {"people": 0},
        {"amount_agreed": -1},
        {"outcome": "failed"},
        {"ended_on": None},
        {"consented_on": None},
        {"amount_recovered": 1, "recovered_on": DAY},
        {"due_on": DAY},
        {"terms": ""},
        {"refused_by": "applicant"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mediation.objects.filter(pk=mediation.pk).update(**change)
    move(cast, mediation, "sign", **WAY["sign"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Mediation.objects.filter(pk=mediation.pk).update(amount_recovered=30001, recovered_on=DAY)
    for change in (lambda rows: rows.update(action="accept"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(MediationStep.objects.all())


def test_a_later_rule_changes_no_running_clock(cast: Cast, issue: Issue) -> None:
    """A case entered after the event: the days of the law count from the application, by the rule of that day."""
    with clock.at(cast.now + timedelta(days=9)):
        mediation = mediation_open(
            uuid=uuid4(),
            issue_code=issue.code,
            organisation=cast.workroom,
            manner="written",
            applied_on=DAY,
            kind="pay",
            matter="加班费",
            reason="少发。",
            people=1,
            applicant=PartyInput("applicant", NAME),
            respondent=PartyInput("respondent", "光典芯元微电子（演示）"),
            actor=cast.scope("clerk"),
        )
        assert (mediation.period_days, mediation.due_on) == (15, date(2024, 9, 19))
        accepted = mediation_move(
            mediation_id=mediation.pk, action="accept", day=DAY, mediators=["徐调解"], actor=cast.scope("clerk")
        )
    assert accepted.accepted_on == DAY
    assert "（补录）" in cast.client("staff").get(f"/mediations/{mediation.number}/").content.decode()
