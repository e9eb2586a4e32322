"""The library of practices: who proposes, reviews, reads, finds and marks."""

from uuid import uuid4

import pytest

from casework.models import Category
from tests.analyses.conftest import Q4
from tests.dashboard.cases import Cases
from tests.people import District, scope_of
from tests.visits.builders import jpeg
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Notification
from visits.models import Practice
from visits.services.practices import (
    PracticeInput,
    practice_edit,
    practice_mark,
    practice_propose,
    practice_publish,
    practice_withdraw,
    tags_of,
)
from visits.services.recommending import practice_recommend
from visits.services.reflections import reflection_save, reflection_submit

pytestmark = pytest.mark.usefixtures("january")
GOOD = PracticeInput(
    "返还款一次办结", "把材料清单先发给企业。", "走访前一天把经费返还的材料清单发给企业财务。", ("经费返还", "走访")
)


def proposed(actor: Scope, practice: PracticeInput = GOOD) -> Practice:
    return practice_propose(uuid=uuid4(), practice=practice, actor=actor)


def published(district: District, practice: PracticeInput = GOOD) -> Practice:
    staff = scope_of(district.staff())
    row = proposed(staff, practice)
    return practice_publish(practice_id=row.pk, version=row.version, actor=staff)


def found(text: str, scope: Scope) -> list[str]:
    return [row.title for row in Practice.objects.visible_to(scope).matching(text)]


def test_one_tap_proposes_a_reflection_once(district: District) -> None:
    cadre = district.cadre(name="陈走访")
    texts = {"methods": "材料清单先发给企业。" * 20, "insights": "体会", "next_steps": "打算"}
    draft = reflection_save(quarter=Q4, version=0, actor=scope_of(cadre), **texts)
    recommend = {"source": "reflection", "source_id": draft.pk, "actor": scope_of(cadre)}
    with pytest.raises(NotFound):  # a draft is nobody's example yet
        practice_recommend(uuid=uuid4(), **recommend)
    reflection_submit(quarter=Q4, version=1, actor=scope_of(cadre), **texts)
    row = practice_recommend(uuid=uuid4(), **recommend)
    assert (row.title, row.state, row.author, row.quarter) == ("陈走访2024年第4季度心得", "proposed", cadre, Q4)
    assert row.text == texts["methods"]
    assert len(row.summary) == 120
    assert practice_recommend(uuid=uuid4(), **{**recommend, "actor": scope_of(district.leader())}) == row
    with pytest.raises(NotFound):
        practice_recommend(uuid=uuid4(), **{**recommend, "actor": scope_of(district.township_clerk())})
    assert AuditEntry.objects.get(action="practice.propose").data["source"] == "reflection"


def test_a_repeat_is_the_same_row_and_other_content_is_refused(district: District) -> None:
    cadre, uuid = scope_of(district.cadre()), uuid4()
    first = practice_propose(uuid=uuid, practice=GOOD, actor=cadre)
    assert practice_propose(uuid=uuid, practice=GOOD, actor=cadre) == first
    with pytest.raises(Conflict):
        practice_propose(uuid=uuid, practice=PracticeInput("另一条", "摘要", "做法"), actor=cadre)


def test_only_staff_publish_and_withdraw(district: District) -> None:
    cadre, leader, staff = district.cadre(), district.leader(), district.staff()
    row = proposed(scope_of(cadre))
    for other in (cadre, leader):
        with pytest.raises(Forbidden):
            practice_publish(practice_id=row.pk, version=1, actor=scope_of(other))
    with pytest.raises(StaleVersion):
        practice_publish(practice_id=row.pk, version=7, actor=scope_of(staff))
    practice_publish(practice_id=row.pk, version=1, actor=scope_of(staff))
    assert Notification.objects.get(user=cadre).text == "您推荐的一条经验已收入经验库"
    with pytest.raises(InvalidTransition):
        practice_publish(practice_id=row.pk, version=2, actor=scope_of(staff))
    with pytest.raises(FieldErrors):
        practice_withdraw(practice_id=row.pk, version=2, reason=" ", actor=scope_of(staff))
    gone = practice_withdraw(practice_id=row.pk, version=2, reason="政策已变", actor=scope_of(staff))
    assert (gone.state, gone.withdraw_reason) == ("withdrawn", "政策已变")


def test_who_reads_what(district: District) -> None:
    author, colleague = district.cadre(), district.cadre()
    proposed(scope_of(author))
    assert found("返还", scope_of(author)) == found("返还", scope_of(district.leader())) == [GOOD.title]
    assert found("返还", scope_of(colleague)) == []
    published(district, PracticeInput("错峰用工", "两家厂互借工人。", "淡季的厂把工人借给旺季的厂。"))
    for reader in (colleague, district.township_clerk(), district.handler(), district.leader()):
        assert "错峰用工" in found("用工", scope_of(reader))
    for outsider in (district.sysadmin(), district.auditor(), district.person("aid"), district.person("keeper")):
        assert found("用工", scope_of(outsider)) == []


@pytest.mark.parametrize("text", ["材料清单", "料清", "财务", "经费返还", "返还 财务", "企业财务。"])
def test_any_part_of_a_text_finds_it(district: District, text: str) -> None:
    published(district)
    published(district, PracticeInput("错峰用工", "两家厂互借工人。", "淡季的厂把工人借给旺季的厂。"))
    assert found(text, scope_of(district.handler())) == [GOOD.title]


def test_what_stands_nowhere_finds_nothing(district: District) -> None:
    published(district)
    for text in ("清料", "返还 工资", "夜班"):
        assert found(text, scope_of(district.handler())) == []


def test_the_proposer_mends_it_until_it_is_published(district: District) -> None:
    author, staff = scope_of(district.cadre()), scope_of(district.staff())
    row = proposed(author)
    better = PracticeInput("返还款两步办结", GOOD.summary, GOOD.text, ("返还",))
    row = practice_edit(practice_id=row.pk, version=1, practice=better, actor=author, files=[jpeg()])
    assert (row.title, row.tags, row.files.count()) == ("返还款两步办结", ["返还"], 1)
    with pytest.raises(StaleVersion):
        practice_edit(practice_id=row.pk, version=1, practice=GOOD, actor=staff)
    practice_publish(practice_id=row.pk, version=2, actor=staff)
    with pytest.raises(Forbidden):
        practice_edit(practice_id=row.pk, version=3, practice=GOOD, actor=author)
    practice_edit(practice_id=row.pk, version=3, practice=GOOD, actor=staff)
    assert found("两步", author) == []


def test_bad_input_is_told_at_its_field(district: District) -> None:
    cadre = scope_of(district.cadre())
    for wrong, name in (
        (PracticeInput("", "摘要", "做法"), "title"),
        (PracticeInput("题", "摘" * 301, "做法"), "summary"),
        (PracticeInput("题", "摘要", "做法", tuple(f"签{n}" for n in range(9))), "tags"),
        (PracticeInput("题", "摘要", "做法", ("一个很长很长的标签写不下的",)), "tags"),
        (PracticeInput("题", "摘要", "做法", issue="YC-2024-999999"), "issue"),
    ):
        with pytest.raises(FieldErrors) as refused:
            proposed(cadre, wrong)
        assert list(refused.value.fields) == [name]
    assert tags_of("经费返还，走访 走访 #建会、") == ["经费返还", "走访", "建会"]


def test_an_issue_is_named_by_whoever_sees_it(cases: Cases) -> None:
    jishan, didang = (cases.district.township(code) for code in ("330602006", "330602007"))
    issue = cases.registered(Q4, jishan)
    named = PracticeInput(
        "培训送上门", "摘要", "做法", category=Category.objects.get(code="training"), issue=issue.code
    )
    assert proposed(scope_of(cases.cadre(jishan)), named).issue == issue
    with pytest.raises(FieldErrors):
        proposed(scope_of(cases.cadre(didang)), named)


def test_one_voice_a_person(district: District) -> None:
    row, reader = published(district), scope_of(district.handler())
    for _ in range(2):
        practice_mark(practice_id=row.pk, useful=True, actor=reader)
    practice_mark(practice_id=row.pk, useful=True, actor=scope_of(district.cadre()))
    assert row.marks.count() == 2
    practice_mark(practice_id=row.pk, useful=False, actor=reader)
    assert row.marks.count() == 1
    assert AuditEntry.objects.filter(action="practice.mark").count() == 3
    waiting = proposed(scope_of(district.cadre()))
    with pytest.raises(NotFound):
        practice_mark(practice_id=waiting.pk, useful=True, actor=reader)
    with pytest.raises(Forbidden):
        practice_mark(practice_id=row.pk, useful=True, actor=scope_of(district.sysadmin()))
