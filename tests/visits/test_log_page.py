"""A cadre logs a visit on the page; every bad input comes back with what was typed and stores nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework.models import Issue
from tests.people import client_for, credit_code
from tests.visits.builders import form_data, jpeg, logged
from unionportal.core.audit.models import AuditEntry
from unionportal.core.files.models import Attachment
from visits.models import Journal, Visit
from visits.services import MAX_ISSUES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def cadre(district):
    return district.cadre(name="陈示例")


@pytest.fixture
def factory(district):
    return district.enterprise(1, name="光典芯元微电子（演示）")


def nothing_stored() -> bool:
    return not (
        Visit.objects.exists() or Issue.objects.exists() or Journal.objects.exists() or Attachment.objects.exists()
    )


def refused(client, data, *, at: str, says: str):
    """The page comes back with the words at the field, the narrative still there, and nothing stored."""
    answer = client.post("/visits/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{at}_error"' in page
    assert says in page
    assert data["narrative"] in page
    assert nothing_stored()
    return page


def test_visit_with_issue_and_photo_is_stored_whole(cadre, factory):
    client = client_for(cadre)
    data = form_data(factory, issues=({"title": "返还款未到账"},), morale="good", rights="problem", photos=[jpeg()])
    answer = client.post("/visits/new/", data)
    visit = Visit.objects.get()
    assert answer.url == reverse("visit-detail", args=[data["id"]])
    assert (visit.cadre, visit.enterprise, visit.township) == (cadre, factory, factory.township)
    assert (visit.morale, visit.rights, visit.vitality) == ("good", "problem", "not_seen")
    assert (visit.journal.iso_year, visit.journal.iso_week, visit.journal.state) == (2024, 37, "draft")
    issue = Issue.objects.get()
    assert (issue.source_uuid, issue.township, issue.enterprise) == (visit.pk, factory.township, factory)
    assert visit.photos.count() == 1
    entry = AuditEntry.objects.get(action="visit.create")
    assert (entry.actor_id, entry.data["issues"], entry.data["photos"]) == (cadre.pk, [issue.code], 1)
    page = client.get(answer.url).content.decode()
    assert factory.name in page
    assert issue.code in page


def test_more_issues_than_anybody_counts_on_are_stored(cadre, factory):
    answer = client_for(cadre).post(
        "/visits/new/", form_data(factory, issues=tuple({"title": f"第{n}件"} for n in range(25)))
    )
    assert answer.status_code == 302
    assert sorted(Issue.objects.values_list("title", flat=True)) == sorted(f"第{n}件" for n in range(25))


def test_one_issue_too_many(cadre, factory):
    data = form_data(factory, issues=tuple({"title": f"第{n}件"} for n in range(MAX_ISSUES + 1)))
    answer = client_for(cadre).post("/visits/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"最多登记 {MAX_ISSUES} 个问题" in page
    assert all(f'value="第{n}件"' in page for n in (0, MAX_ISSUES))
    assert data["narrative"] in page
    assert nothing_stored()


def test_no_checks_chosen_means_not_seen(cadre, factory):
    client_for(cadre).post("/visits/new/", form_data(factory))
    assert {getattr(Visit.objects.get(), name) for name in Visit.CHECKS} == {"not_seen"}


def test_future_date(cadre, factory):
    refused(client_for(cadre), form_data(factory, visited_on="2024-09-13"), at="id_visited_on", says="不能晚于今天")


def test_no_date(cadre, factory):
    refused(client_for(cadre), form_data(factory, visited_on="上周"), at="id_visited_on", says="日期")


def test_enterprise_outside_the_posting_names_township_and_who_to_ask(cadre, district):
    didang = district.township("330602007")
    district.cadre([didang], name="王驻联")
    other = district.enterprise(2, township=didang)
    page = refused(client_for(cadre), form_data(other), at="id_enterprise", says="迪荡街道，不在您9月12日的驻联分工内")
    assert "王驻联" in page
    assert other.credit_code in page


def test_household_outside_the_posting(cadre):
    data = form_data(target_kind="household", target_name="职工老李家", township="330602108")
    refused(client_for(cadre), data, at="id_township", says="富盛镇不在您9月12日的驻联分工内")


def test_wrong_check_character_of_the_credit_code(cadre):
    data = form_data(enterprise=None) | {
        "enterprise": credit_code(7)[:-1] + ("0" if credit_code(7)[-1] != "0" else "1")
    }
    refused(client_for(cadre), data, at="id_enterprise", says="校验位")


def test_unknown_credit_code(cadre):
    refused(client_for(cadre), form_data() | {"enterprise": credit_code(99)}, at="id_enterprise", says="台账里没有")


def test_no_enterprise_chosen(cadre):
    refused(client_for(cadre), form_data(), at="id_enterprise", says="请选择走访的企业")


def test_target_without_a_name(cadre):
    data = form_data(target_kind="village", township="330602006")
    refused(client_for(cadre), data, at="id_target_name", says="请填写走访对象的名称")


def test_issue_without_title_and_category(cadre, factory):
    data = form_data(factory, issues=({}, {"title": "", "category": "", "description": "食堂太挤"}))
    page = refused(client_for(cadre), data, at="id_issues-1-title", says="请写明问题标题")
    assert "请选择问题类别" in page
    assert "食堂太挤" in page
    assert "返还款未到账" in page


def test_issue_of_an_unknown_category(cadre, factory):
    data = form_data(factory, issues=({"category": "nonsense"},))
    refused(client_for(cadre), data, at="id_issues-0-category", says="nonsense")


def test_empty_issue_row_does_not_count(cadre, factory):
    client_for(cadre).post("/visits/new/", form_data(factory, issues=({"title": "", "category": ""},)))
    assert Visit.objects.count() == 1
    assert not Issue.objects.exists()


def test_issue_row_taken_out_does_not_count(cadre, factory):
    client_for(cadre).post("/visits/new/", form_data(factory, issues=({"DELETE": "on"}, {"title": "高温补贴"})))
    assert [issue.title for issue in Issue.objects.all()] == ["高温补贴"]


def test_photo_whose_content_is_not_what_its_name_says(cadre, factory):
    fake = SimpleUploadedFile("车间.jpg", b"%PDF-1.4 not a photo %%EOF", content_type="image/jpeg")
    refused(
        client_for(cadre), form_data(factory, issues=({},), photos=[jpeg(), fake]), at="id_photos", says="与文件名不符"
    )


def test_photo_over_twenty_megabytes(cadre, factory):
    big = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"0" * (20 * 1024 * 1024), content_type="image/jpeg")
    refused(client_for(cadre), form_data(factory, photos=[big]), at="id_photos", says="20 MB")


def test_document_is_no_photo(cadre, factory):
    document = SimpleUploadedFile("通知.pdf", b"%PDF-1.4\n%%EOF", content_type="application/pdf")
    refused(client_for(cadre), form_data(factory, photos=[document]), at="id_photos", says="不是照片")


def test_too_many_photos(cadre, factory):
    refused(
        client_for(cadre),
        form_data(factory, photos=[jpeg(f"{n}.jpg") for n in range(10)]),
        at="id_photos",
        says="最多 9 张",
    )


def test_refused_page_keeps_the_chosen_enterprise_and_the_checks(cadre, factory):
    data = form_data(factory, visited_on="2030-01-01", morale="good", met="工会主席")
    page = refused(client_for(cadre), data, at="id_visited_on", says="不能晚于今天")
    assert f'value="{factory.name}"' in page
    assert f'value="{factory.credit_code}"' in page
    assert 'value="good" id="id_morale_0" checked' in page or 'name="morale" id="id_morale_0" checked' in page
    assert "工会主席" in page


def test_refused_fragment_asks_htmx_for_the_inside_of_the_form_only(cadre, factory):
    answer = client_for(cadre).post(
        "/visits/new/", form_data(factory, visited_on="2030-01-01"), headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" not in page
    assert 'hx-preserve="true"' in page


def test_saved_by_htmx_sends_the_browser_to_the_visit(cadre, factory):
    data = form_data(factory)
    answer = client_for(cadre).post("/visits/new/", data, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("visit-detail", args=[data["id"]])


def test_retry_of_the_same_form_is_the_same_visit(cadre, factory):
    client = client_for(cadre)
    data = form_data(factory, issues=({},))
    client.post("/visits/new/", data)
    answer = client.post("/visits/new/", data, follow=True)
    assert "没有重复记录" in answer.content.decode()
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 1)


def test_same_id_with_other_content_is_a_conflict_that_links_the_first(cadre, factory):
    client = client_for(cadre)
    data = form_data(factory)
    client.post("/visits/new/", data)
    answer = client.post("/visits/new/", data | {"narrative": "完全不同的内容"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "完全不同的内容" in page
    assert reverse("visit-detail", args=[data["id"]]) in page
    assert Visit.objects.get().narrative == data["narrative"]


def test_somebody_elses_id_is_a_conflict_that_reveals_nothing(cadre, district, factory):
    first = logged(cadre, factory)
    colleague = district.cadre()
    answer = client_for(colleague).post("/visits/new/", form_data(factory, id=str(first.pk)))
    assert answer.status_code == 409
    assert f"/visits/{first.pk}/" not in answer.content.decode()


def test_week_already_submitted_says_which(cadre, factory):
    first = logged(cadre, factory)
    client = client_for(cadre)
    client.post("/journals/2024-W37/", {"version": "1", "reflections": "本周顺利", "next_plan": ""})
    answer = client.post("/visits/new/", form_data(factory))
    assert answer.status_code == 422
    assert "2024年第37周的周记已于9月12日提交" in answer.content.decode()
    assert list(Visit.objects.all()) == [first]


def test_household_visit_needs_no_enterprise(cadre):
    data = form_data(target_kind="household", target_name="职工老李家", township="330602006")
    client_for(cadre).post("/visits/new/", data)
    visit = Visit.objects.get()
    assert (visit.target_name, visit.enterprise, visit.township.code) == ("职工老李家", None, "330602006")


@pytest.mark.parametrize("role", ["staff", "leader", "township_clerk", "handler", "sysadmin"])
def test_only_cadres_log_visits(district, factory, role):
    client = client_for(getattr(district, role)())
    assert client.get("/visits/new/").status_code == 403
    assert client.post("/visits/new/", form_data(factory)).status_code == 403
    assert nothing_stored()


def test_lost_session_leads_back_to_the_form(client, factory):
    answer = client.post("/visits/new/", form_data(factory))
    assert answer.url == "/login/?next=/visits/new/"
    fragment = client.post(
        "/visits/new/",
        form_data(factory),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/visits/new/"},
    )
    assert fragment["HX-Redirect"] == "/login/?next=/visits/new/"
    assert nothing_stored()


def test_when_and_where_a_photo_was_taken_comes_with_the_form_in_the_order_of_the_photos(cadre, factory):
    facts = {
        "photo_taken_at": ["", "2024-09-12T06:05:00.000Z"],
        "photo_latitude": ["", "30.00168"],
        "photo_longitude": ["", "120.57923"],
    }
    photos = [jpeg("一.jpg"), jpeg("二.jpg", "blue")]
    client_for(cadre).post("/visits/new/", form_data(factory, photos=photos, **facts))
    first, second = Visit.objects.get().photos.all()
    assert not first.has_facts
    assert (second.taken_at.isoformat(), str(second.longitude)) == ("2024-09-12T06:05:00+00:00", "120.57923")
