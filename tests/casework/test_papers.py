"""一函两书: who drafts, who investigates, who signs, and when a paper may go on to the labour authority."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from docx import Document

from casework.models import Issue, Paper, PaperCounter, Signer, Supervisor
from casework.services.paper_registers import series_set, signer_add, signer_end, supervisor_add
from casework.services.papers import (
    paper_answered,
    paper_draft,
    paper_edit,
    paper_end,
    paper_hand_over,
    paper_serve,
    paper_sign,
)
from tests.casework.cast import Cast
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion

DAY = date(2024, 9, 4)


@pytest.fixture
def issue(cast: Cast) -> Issue:
    return cast.issue_in("in_progress")


@pytest.fixture
def licensed(cast: Cast) -> list[Supervisor]:
    """Two whose licences hold, one whose licence ran out."""
    return [
        supervisor_add(
            name=f"监督员{n}（演示）",
            licence_no=f"浙监{n}",
            valid_from=date(2020, 1, 1),
            valid_to=end,
            actor=cast.scope("staff"),
        )
        for n, end in ((1, date(2030, 1, 1)), (2, date(2030, 1, 1)), (3, date(2024, 9, 3)))
    ]


@pytest.fixture
def signer(cast: Cast) -> Signer:
    return signer_add(
        user=cast.users["leader"], title="vice", valid_from=date(2024, 1, 1), valid_to=None, actor=cast.scope("staff")
    )


def draft(cast: Cast, issue: Issue, kind: str = "demand", who: str = "staff", **changes: Any) -> Paper:
    facts = {
        "uuid": uuid4(),
        "kind": kind,
        "issue_code": issue.code,
        "facts": "未与 3 名职工签订书面劳动合同。",
        "basis": "《中华人民共和国劳动合同法》第十条。",
        "advice": "请补签书面劳动合同。",
        "actor": cast.scope(who),
    }
    return paper_draft(**{**facts, **changes})


def demand(cast: Cast, issue: Issue, licensed: list[Supervisor]) -> Paper:
    return draft(cast, issue, supervisors=licensed[:2], investigated_on=DAY)


def served(cast: Cast, paper: Paper) -> Paper:
    paper_sign(paper_id=paper.pk, actor=cast.scope("leader"))
    return paper_serve(
        paper_id=paper.pk, served_on=DAY, served_way="in_person", receiver="企业人事科", actor=cast.scope("staff")
    )


def test_a_demand_from_draft_to_result(cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer) -> None:
    paper = served(cast, demand(cast, issue, licensed))
    assert (paper.number_text, paper.signer, paper.signed_on) == ("工劳监意〔2024〕1号", signer, DAY)
    assert paper.answer_due_on == date(2024, 9, 26)  # fifteen workdays: 中秋 off, its make-up Saturday worked
    staff = {"paper_id": paper.pk, "actor": cast.scope("staff")}
    with pytest.raises(InvalidTransition, match="答复期限还没有过"):
        paper_end(**staff, result="corrected", result_note="已补签。", ended_on=DAY)
    paper_answered(**staff, answered_on=DAY, answer="将于本月补签。")
    with pytest.raises(InvalidTransition, match="已经登记过"):
        paper_answered(**staff, answered_on=DAY, answer="再答复一次。")
    done = paper_end(**staff, result="corrected", result_note="3 人均已补签。", ended_on=DAY)
    assert (done.state, done.result) == ("ended", "corrected")


def test_a_demand_needs_two_who_were_licensed_on_the_day(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer
) -> None:
    leader = cast.scope("leader")
    for changes, words in (
        ({}, "须先由两名以上监督员调查"),
        ({"supervisors": licensed[:1], "investigated_on": DAY}, "现有 1 名"),
    ):
        paper = draft(cast, issue, **changes)
        with pytest.raises(InvalidTransition, match=words):
            paper_sign(paper_id=paper.pk, actor=leader)
    with pytest.raises(FieldErrors) as expired:
        draft(cast, issue, supervisors=licensed, investigated_on=DAY)
    assert "监督员3（演示）在调查当日没有有效的监督员证" in expired.value.fields["supervisors"]
    before = draft(cast, issue, supervisors=licensed[1:], investigated_on=DAY - timedelta(days=1))
    assert paper_sign(paper_id=before.pk, actor=leader).state == "signed"
    with pytest.raises(FieldErrors):
        draft(cast, issue, supervisors=licensed[:2], investigated_on=DAY + timedelta(days=1))
    notice = draft(cast, issue, "notice")
    assert paper_sign(paper_id=notice.pk, actor=leader).number_text == "工劳监提〔2024〕1号"


def test_only_a_registered_leader_in_office_signs(cast: Cast, issue: Issue) -> None:
    paper = draft(cast, issue, "notice")
    with pytest.raises(Forbidden, match="不在签发人名册"):
        paper_sign(paper_id=paper.pk, actor=cast.scope("leader"))
    told = {who: cast.client(who).get(f"/papers/{paper.pk}/").content.decode() for who in ("leader", "staff")}
    assert "不在签发人名册" in told["leader"]
    assert "请联系区总工会工作人员" in told["leader"]
    assert "没有在任的签发人" in told["staff"]
    assert 'href="/papers/registers/">名册与文号' in told["staff"]
    for who in ("staff", "handler", "clerk"):
        with pytest.raises(Forbidden):
            paper_sign(paper_id=paper.pk, actor=cast.scope(who))
    with pytest.raises(FieldErrors):
        signer_add(user=cast.users["clerk"], title="chair", valid_from=DAY, valid_to=None, actor=cast.scope("staff"))
    entry = signer_add(
        user=cast.users["leader"], title="chair", valid_from=DAY, valid_to=None, actor=cast.scope("staff")
    )
    assert "签发人名册" not in cast.client("leader").get(f"/papers/{paper.pk}/").content.decode()
    signer_end(signer=entry, valid_to=DAY, actor=cast.scope("staff"))
    with clock.at(cast.now + timedelta(days=1)), pytest.raises(Forbidden):
        paper_sign(paper_id=paper.pk, actor=cast.scope("leader"))
    assert not PaperCounter.objects.exists()
    assert paper_sign(paper_id=paper.pk, actor=cast.scope("leader")).state == "signed"


def test_numbers_run_by_kind_and_year_without_gaps(cast: Cast, issue: Issue, signer: Signer) -> None:
    leader = cast.scope("leader")

    def sign(now: datetime) -> str:
        return paper_sign(paper_id=draft(cast, issue, "notice").pk, actor=leader, now=now).number_text

    assert sign(cast.now) == "工劳监提〔2024〕1号"
    paper = draft(cast, issue, "notice")
    with transaction.atomic():  # a request whose rest fails
        paper_sign(paper_id=paper.pk, actor=leader)
        transaction.set_rollback(True)
    series_set(kind="notice", prefix="越工监提", actor=cast.scope("staff"))
    assert sign(cast.now) == "越工监提〔2024〕2号"
    assert sign(cast.now.replace(year=2025)) == "越工监提〔2025〕1号"


def test_a_signed_paper_never_changes(cast: Cast, issue: Issue, signer: Signer) -> None:
    paper = draft(cast, issue, "notice")
    text = {"facts": "事实", "basis": "依据", "advice": "建议", "actor": cast.scope("staff")}
    with pytest.raises(StaleVersion):
        paper_edit(paper_id=paper.pk, version=9, **text)
    with pytest.raises(FieldErrors):
        paper_edit(paper_id=paper.pk, **{**text, "facts": " "})
    paper_edit(paper_id=paper.pk, version=1, **text)
    paper_sign(paper_id=paper.pk, actor=cast.scope("leader"))
    with pytest.raises(InvalidTransition):
        paper_edit(paper_id=paper.pk, **text)
    with pytest.raises(InvalidTransition):
        paper_sign(paper_id=paper.pk, actor=cast.scope("leader"))


def test_service_and_answer_keep_their_order(cast: Cast, issue: Issue, signer: Signer) -> None:
    paper = draft(cast, issue, "notice")
    staff = {"paper_id": paper.pk, "actor": cast.scope("staff")}
    serve = {"served_way": "post", "receiver": "企业人事科"}
    with pytest.raises(InvalidTransition):
        paper_serve(**staff, served_on=DAY, **serve)
    paper_sign(paper_id=paper.pk, actor=cast.scope("leader"))
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with pytest.raises(FieldErrors) as refused:
            paper_serve(**staff, served_on=day, **serve)
        assert set(refused.value.fields) == {"served_on"}
    with pytest.raises(FieldErrors) as empty:
        paper_serve(**staff, served_on=DAY, served_way="", receiver=" ")
    assert set(empty.value.fields) == {"served_way", "receiver"}
    with pytest.raises(InvalidTransition):
        paper_answered(**staff, answered_on=DAY, answer="已知悉。")
    assert paper_serve(**staff, served_on=DAY, **serve).answer_due_on is None  # a reminder asks for no answer


@pytest.mark.parametrize("why", ["refused", "late", "uncorrected"])
def test_a_referral_stands_on_a_demand_that_failed(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer, why: str
) -> None:
    base = served(cast, demand(cast, issue, licensed))
    facts = {"authority": "区人力资源和社会保障局", "material": "意见书及送达回证", "base": base}
    with pytest.raises(InvalidTransition, match="不能提建议书"):
        draft(cast, issue, "referral", **facts)
    early = cast.client("staff").get(f"/issues/{issue.code}/papers/referral/")
    assert (early.status_code, "现在不能提建议书" in early.content.decode()) == (409, True)
    later = cast.now + timedelta(days=30)
    staff = {"paper_id": base.pk, "actor": cast.scope("staff"), "now": later}
    if why == "refused":
        paper_answered(**staff, answered_on=DAY, answer="不同意。", refused=True)
    elif why == "uncorrected":
        paper_answered(**staff, answered_on=DAY, answer="照办。")
        paper_end(**staff, result="uncorrected", result_note="复查时仍未补签。", ended_on=later.date())
    with pytest.raises(FieldErrors):
        draft(cast, issue, "referral", **{**facts, "material": ""}, now=later)
    with clock.at(later):
        assert cast.client("staff").get(f"/issues/{issue.code}/papers/referral/").status_code == 200
    referral = draft(cast, issue, "referral", **facts, now=later)
    assert referral.trigger == why
    assert paper_sign(paper_id=referral.pk, actor=cast.scope("leader"), now=later).number_text == "工劳监建〔2024〕1号"
    with pytest.raises(InvalidTransition, match="已经提过"):
        draft(cast, issue, "referral", **facts, now=later)


def test_an_answer_that_came_late_stays_late(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer
) -> None:
    """Due 26 September: the referral is drafted, then the answer comes; it may still be signed until all is corrected."""
    base = served(cast, demand(cast, issue, licensed))
    facts = {"authority": "区人力资源和社会保障局", "material": "意见书及送达回证", "base": base}
    later = cast.now + timedelta(days=30)
    staff = {"paper_id": base.pk, "actor": cast.scope("staff"), "now": later}
    referral = draft(cast, issue, "referral", **facts, now=later)
    paper_answered(**staff, answered_on=date(2024, 9, 27), answer="将补签。")
    assert paper_sign(paper_id=referral.pk, actor=cast.scope("leader"), now=later).trigger == "late"

    other_issue = cast.issue_in("in_progress")
    base = served(cast, demand(cast, other_issue, licensed))
    referral = draft(cast, other_issue, "referral", **{**facts, "base": base}, now=later)
    staff["paper_id"] = base.pk
    paper_answered(**staff, answered_on=date(2024, 9, 27), answer="已补签。")
    paper_end(**staff, result="corrected", result_note="均已补签。", ended_on=later.date())
    with pytest.raises(InvalidTransition, match="情况已变"):
        paper_sign(paper_id=referral.pk, actor=cast.scope("leader"), now=later)


def test_an_answer_on_the_last_day_is_in_time(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer
) -> None:
    base = served(cast, demand(cast, issue, licensed))
    later = cast.now + timedelta(days=30)
    paper_answered(
        paper_id=base.pk, answered_on=date(2024, 9, 26), answer="照办。", actor=cast.scope("staff"), now=later
    )
    with pytest.raises(InvalidTransition, match="不能提建议书"):
        draft(cast, issue, "referral", authority="区人社局", material="回证", base=base, now=later)


def test_a_referral_goes_on_to_the_procuratorate(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer
) -> None:
    base = served(cast, demand(cast, issue, licensed))
    paper_answered(paper_id=base.pk, answered_on=DAY, answer="不同意。", refused=True, actor=cast.scope("staff"))
    referral = draft(cast, issue, "referral", base=base, authority="区人社局", material="意见书")
    staff = cast.client("staff")
    given = {"handed_to": "区人民检察院（演示）", "handed_on": DAY.isoformat()}

    def hand_over(paper: Paper, **changes: Any) -> Any:
        paper.refresh_from_db()
        return staff.post(f"/papers/{paper.pk}/hand-over/", {"version": paper.version, **given, **changes})

    for early in (referral, base):  # not served yet; no referral
        assert hand_over(early).status_code == 409
    served(cast, referral)
    for wrong, words in (
        ({"handed_to": ""}, "请填写接收的人民检察院"),
        ({"handed_on": "2024-09-05"}, "日期不能晚于今天"),
        ({"handed_on": "2024-09-03"}, "日期不能早于送达日期"),
    ):
        refused = hand_over(referral, **wrong)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert cast.client("leader").post(f"/papers/{referral.pk}/hand-over/", given).status_code == 403
    assert hand_over(referral).status_code == 302
    assert "区人民检察院（演示）" in staff.get(f"/papers/{referral.pk}/").content.decode()
    assert hand_over(referral).status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=base.pk).update(handed_to="区人民检察院", handed_on=DAY)


def test_what_is_corrected_goes_on_to_nobody(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer
) -> None:
    base = served(cast, demand(cast, issue, licensed))
    paper_answered(paper_id=base.pk, answered_on=DAY, answer="不同意。", refused=True, actor=cast.scope("staff"))
    referral = served(cast, draft(cast, issue, "referral", base=base, authority="区人社局", material="意见书"))
    paper_end(paper_id=referral.pk, result="corrected", result_note="已补签。", ended_on=DAY, actor=cast.scope("staff"))
    with pytest.raises(InvalidTransition, match="移送检察院"):
        paper_hand_over(paper_id=referral.pk, handed_to="区检察院", handed_on=DAY, actor=cast.scope("staff"))


def test_a_referral_has_no_other_ground(cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer) -> None:
    facts = {"authority": "区人力资源和社会保障局", "material": "送达回证"}
    notice = served(cast, draft(cast, issue, "notice"))
    other = served(cast, demand(cast, cast.issue_in("in_progress"), licensed))
    for base, error in ((None, FieldErrors), (other, FieldErrors), (notice, InvalidTransition)):
        with pytest.raises(error):
            draft(cast, issue, "referral", base=base, **facts)


def test_who_may_draft(cast: Cast, issue: Issue) -> None:
    for who in ("leader", "clerk", "handler", "registrar", "outsider"):
        with pytest.raises(Forbidden):
            draft(cast, issue, who=who)
    with pytest.raises(NotFound):
        draft(cast, Issue(code="YC-2024-999999"))
    with pytest.raises(InvalidTransition, match="没有写明企业"):
        draft(cast, cast.issue(enterprise=None))
    uuid = uuid4()
    assert draft(cast, issue, uuid=uuid) == draft(cast, issue, uuid=uuid)


def test_the_database_refuses_what_cannot_be(cast: Cast, issue: Issue, signer: Signer) -> None:
    first = paper_sign(paper_id=draft(cast, issue, "notice").pk, actor=cast.scope("leader"))
    second = paper_sign(paper_id=draft(cast, issue, "notice").pk, actor=cast.scope("leader"))
    for change in (
        {"number": first.number},
        {"number": None},
        {"state": "served"},
        {"kind": "referral"},
        {"answer": "没有送达却有答复", "answered_on": DAY},
        {"result": "corrected"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.filter(pk=second.pk).update(**change)


def test_the_word_file_has_the_paper_in_it(
    cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer
) -> None:
    paper = demand(cast, issue, licensed)
    address = f"/papers/{paper.pk}/word/"

    def text() -> str:
        answer = cast.client("staff").get(address)
        assert answer.status_code == 200
        return "\n".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)

    assert "草稿，未签发" in text()
    served(cast, paper)
    name = unquote(cast.client("staff").get(address)["Content-Disposition"])
    assert name == "attachment; filename*=utf-8''意见书-工劳监意〔2024〕1号.docx"
    final = text()
    for words in (
        "工劳监意〔2024〕1号",
        f"{cast.plant.name}：",
        "一、查明的事实",
        "监督员1（演示）（浙监1）",
        "15个工作日内（2024年9月26日前）书面答复",
        "副主席：leader（演示）",
        "2024年9月4日",
    ):
        assert words in final
    assert cast.client("outsider").get(address).status_code == 403
    assert cast.client("neighbour").get(address).status_code == 404


def test_the_pages(cast: Cast, issue: Issue, licensed: list[Supervisor], signer: Signer) -> None:
    staff, leader = cast.client("staff"), cast.client("leader")
    assert "起草意见书" in staff.get(f"/issues/{issue.code}/").content.decode()
    form = f"/issues/{issue.code}/papers/demand/"
    empty = staff.post(form, {"uuid": str(uuid4()), "facts": "写了一半"})
    assert empty.status_code == 422
    assert "写了一半" in empty.content.decode()
    made = staff.post(
        form,
        {
            "uuid": str(uuid4()),
            "facts": "未签合同。",
            "basis": "劳动合同法第十条。",
            "advice": "请补签。",
            "investigated_on": "2024-09-04",
            "supervisors": [str(row.pk) for row in licensed[:2]],
        },
    )
    paper = Paper.objects.get()
    assert made.url == f"/papers/{paper.pk}/"
    assert staff.post(f"{made.url}sign/", {"version": 1}).status_code == 403
    assert leader.post(f"{made.url}sign/", {"version": 1}).url == made.url
    late = staff.post(
        f"{made.url}serve/",
        {"version": 1, "served_on": "2024-09-04", "served_way": "post", "receiver": "企业人事科"},
    )
    assert late.status_code == 409
    assert "企业人事科" in late.content.decode()
    assert (
        staff.post(
            f"{made.url}serve/",
            {"version": 2, "served_on": "2024-09-04", "served_way": "post", "receiver": "企业人事科"},
        ).status_code
        == 302
    )
    assert "待答复" in staff.get("/papers/?state=waiting").content.decode()
    assert issue.title in staff.get("/todo/paper_answers/").content.decode()
    assert "没有符合条件" in staff.get("/papers/?kind=referral").content.decode()
    assert cast.client("clerk").get(made.url).status_code == 200
    assert cast.client("neighbour").get(made.url).status_code == 404
    assert staff.get(f"/issues/{issue.code}/papers/nonsense/").status_code == 404
