"""The pages of a year's evaluation: what each reader sees and what not, and the Word certificates."""

from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK

from tests.evaluations.cast import Year
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from visits.models import EvaluationRound, Nomination, Review, Score

pytestmark = pytest.mark.django_db


def text(answer: object) -> str:
    return answer.content.decode()


def test_staff_begin_a_year_on_the_page_and_bad_days_stay_in_the_form(year: Year) -> None:
    EvaluationRound.objects.all().update(year=2023)
    staff = year.client("staff")
    days = {"year": "2024", "nominate_from": "2024-10-01", "nominate_until": "2024-09-30", "review_until": "2024-10-15"}
    answer = staff.post("/evaluations/new/", {**days, "publish_on": "2024-10-20"})
    assert answer.status_code == 422
    assert "提名截止不能早于提名开始" in text(answer)
    assert "2024-10-01" in text(answer)
    answer = staff.post("/evaluations/new/", {**days, "nominate_from": "2024-09-01", "publish_on": "2024-10-20"})
    assert answer["Location"] == "/evaluations/2024/"
    assert year.client("leader").post("/evaluations/new/", days).status_code == 403


def test_weights_that_are_not_a_hundred_come_back_with_what_was_typed(year: Year) -> None:
    staff, url = year.client("staff"), year.url("weights/cadre/")
    weights = dict(year.round.weights.filter(subject="cadre").values_list("indicator", "weight"))
    answer = staff.post(url, {**weights, "quota": "33", "version": year.round.version})
    assert answer.status_code == 422
    assert "权重合计应为 100，现在是 113" in text(answer)
    assert 'value="33"' in text(answer)
    answer = staff.post(url, {**weights, "quota": "25", "coverage": "10", "version": year.round.version})
    assert answer.status_code == 302
    answer = staff.post(url, {**weights, "version": year.round.version})
    assert answer.status_code == 409, "somebody saved in between"
    year.move("open")
    assert "只能在准备阶段修改" in text(staff.get(url))
    answer = staff.post(url, {**weights, "version": year.round.version})
    assert answer.status_code == 409
    assert year.client("cadre").get(url).status_code == 403


def test_criteria_are_written_line_by_line(year: Year) -> None:
    staff, url = year.client("staff"), year.url("criteria/research/")
    assert "选题价值" in text(staff.get(url))
    lines = {"name_0": "选题", "weight_0": "40", "most_0": "10", "name_1": "深度", "weight_1": "50", "most_1": "10"}
    answer = staff.post(url, {**lines, "version": year.round.version})
    assert "权重合计应为 100，现在是 90" in text(answer)
    answer = staff.post(url, {**lines, "weight_1": "60", "version": year.round.version})
    assert answer.status_code == 302
    assert list(year.round.criteria.filter(kind="research").values_list("name", "weight")) == [
        ("选题", 40),
        ("深度", 60),
    ]


def test_everybody_sees_their_own_line_and_the_district_all(year: Year) -> None:
    cadre, other = year.people["cadre"].username, year.people["other"].username
    page = text(year.client("staff").get(year.url()))
    assert "陈驻联" in page
    assert "赵富盛" in page
    page = text(year.client("cadre").get(year.url()))
    assert "陈驻联" in page
    assert "赵富盛" not in page
    page = text(year.client("clerk").get(year.url()))
    assert "稽山街道" in page
    assert "富盛镇" not in page
    for who, path, status in (
        ("cadre", f"cadres/{cadre}/", 200),
        ("cadre", f"cadres/{other}/", 404),
        ("cadre", "townships/330602006/", 404),
        ("clerk", "townships/330602006/", 200),
        ("clerk", "townships/330602108/", 404),
        ("clerk", f"cadres/{cadre}/", 404),
        ("review1", f"cadres/{cadre}/", 404),
        ("leader", f"cadres/{cadre}/", 200),
        ("auditor", "", 403),
        ("sysadmin", "", 403),
    ):
        assert year.client(who).get(year.url(path)).status_code == status, (who, path)
    assert year.client("staff").get("/evaluations/2023/").status_code == 404


def test_a_cadre_nominates_on_the_page(year: Year) -> None:
    cadre = year.client("cadre")
    assert "准备" in text(cadre.get(year.url("nominations/new/research/")))
    year.move("open")
    form = {
        "uuid": str(uuid4()),
        "title": "快递员入会难在哪里",
        "abstract": "摘要。",
        "text": "正文。",
        "authors": "陈驻联、查无此人",
        "unit": "330602006",
    }
    answer = cadre.post(year.url("nominations/new/research/"), form)
    assert answer.status_code == 422
    assert "没有找到“查无此人”" in text(answer)
    assert "快递员入会难在哪里" in text(answer)
    upload = SimpleUploadedFile("陈驻联的调研.pdf", b"%PDF-1.4\n%%EOF\n")
    answer = cadre.post(
        year.url("nominations/new/research/"), {**form, "authors": "陈驻联、赵富盛", "attachments": upload}
    )
    assert answer.status_code == 302
    paper = Nomination.objects.get()
    assert [str(author) for author in paper.authors.all()] == ["陈驻联", "赵富盛"]
    assert "陈驻联的调研.pdf" in text(cadre.get(answer["Location"]))
    assert "快递员入会难在哪里" in text(year.client("clerk").get(year.url("nominations/")))
    assert "快递员入会难在哪里" not in text(year.client("neighbour").get(year.url("nominations/")))
    assert year.client("neighbour").get(answer["Location"]).status_code == 404
    answer = cadre.post(
        year.url(f"nominations/{paper.pk}/edit/"), {**form, "authors": "陈驻联", "title": "改过的题目", "version": "1"}
    )
    assert answer.status_code == 302
    assert year.client("clerk").get(year.url(f"nominations/{paper.pk}/edit/")).status_code == 200
    assert year.client("leader").get(year.url(f"nominations/{paper.pk}/edit/")).status_code == 403
    answer = year.client("staff").post(year.url(f"nominations/{paper.pk}/refuse/"), {"reason": "", "version": "2"})
    assert answer.status_code == 422
    answer = year.client("staff").post(year.url(f"nominations/{paper.pk}/admit/"), {"version": "2"})
    assert answer.status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.state) == ("改过的题目", "admitted")


def word_file(author: str) -> SimpleUploadedFile:
    document = Document()
    document.core_properties.author = author
    document.core_properties.last_modified_by = author
    document.add_paragraph("正文。")
    content = BytesIO()
    document.save(content)
    return SimpleUploadedFile(f"{author}-稽山街道.docx", content.getvalue())


def test_a_reviewer_learns_nothing_of_who_wrote_it(year: Year) -> None:
    year.move("open")
    paper = year.nominate(unit=year.jishan, files=(word_file("陈驻联"),))
    year.admit(paper)
    year.name_reviewers("review1", "review2", "leader")
    year.move("review")
    for who in ("review1", "leader"):
        client = year.client(who)
        pages = [text(client.get(year.url(path))) for path in ("reviews/", f"reviews/{paper.number}/")]
        for page in pages:
            assert "快递员入会难在哪里" in page
            for hint in ("陈驻联", "稽山", year.people["cadre"].username, str(paper.pk)):
                assert hint not in page
        answer = client.get(year.url(f"reviews/{paper.number}/files/1/"))
        assert "%E9%99%84%E4%BB%B61.docx" in answer["Content-Disposition"]
        content = b"".join(answer.streaming_content)
        assert "陈驻联" not in str(Document(BytesIO(content)).core_properties.author)
        assert not Document(BytesIO(content)).core_properties.last_modified_by
        assert Document(BytesIO(content)).paragraphs[0].text == "正文。"
        assert client.get(year.url(f"nominations/{paper.pk}/")).status_code == 404
        assert client.get(year.url(f"nominations/{paper.pk}/files/{paper.files.get().pk}/")).status_code == 404
        assert "快递员入会难在哪里" not in text(client.get(year.url("nominations/")))
        assert client.get(year.url(f"reviews/{paper.number}/files/2/")).status_code == 404
    for who in ("cadre", "clerk", "review3", "staff"):
        assert year.client(who).get(year.url(f"reviews/{paper.number}/")).status_code in (403, 404), who
        assert year.client(who).get(year.url(f"reviews/{paper.number}/files/1/")).status_code in (403, 404), who


def test_scores_on_the_page_from_draft_to_lock(year: Year) -> None:
    (paper,) = year.under_review()
    reviewer, url = year.client("review1"), year.url(f"reviews/{paper.number}/")
    points = {f"points_{pk}": "8.5" for pk in year.points(paper, 0)}
    one = next(iter(points))
    answer = reviewer.post(url, {one: "7", "save_draft": "1", "version": "0"})
    assert answer.status_code == 302
    answer = reviewer.post(url, {one: "99", "comment": "写得好", "version": "1"})
    assert answer.status_code == 422
    assert "请打 0 到 10 分" in text(answer)
    assert "请打分后再提交" in text(answer)
    assert "写得好" in text(answer)
    assert reviewer.post(url, {**points, "version": "0"}).status_code == 409
    assert reviewer.post(url, {**points, "version": "1"}).status_code == 302
    review = Review.objects.get()
    assert review.submitted_at is not None
    assert set(review.scores.values_list("points", flat=True)) == {Decimal("8.5")}
    year.move("lock", without_missing=True)
    answer = reviewer.post(url, {**points, one: "10", "version": "2"})
    assert answer.status_code == 409
    assert "评分已经锁定，不能再改" in text(answer)
    assert not Score.objects.filter(points=10).exists()
    answer = reviewer.post(f"{url}recuse/", {"reason": "晚了"})
    assert answer.status_code == 409


def test_nobody_peeks_at_scores_before_the_lock(year: Year) -> None:
    (paper,) = year.under_review()
    for who, number in (("review1", "8.4"), ("review2", "9.7"), ("review3", "6.3")):
        year.score(paper, who, number)
    for who in ("staff", "leader", "cadre", "review2"):
        client = year.client(who)
        for path in (
            "",
            "results/",
            "nominations/",
            f"nominations/{paper.pk}/",
            "reviews/",
            f"reviews/{paper.number}/",
            "reviewers/",
        ):
            page = text(client.get(year.url(path)))
            for secret in ('value="8.4"', 'value="6.3"', "84.00", "63.00", "81.33"):
                assert secret not in page, (who, path)
    assert "已评 3 份" in text(year.client("staff").get(year.url("nominations/")))


def test_results_are_the_districts_until_they_are_published(year: Year) -> None:
    (paper,) = year.under_review()
    year.scored(paper, 8, 9, 7)
    year.move("lock")
    assert "80.00" in text(year.client("staff").get(year.url("results/")))
    for who in ("cadre", "clerk", "review1"):
        assert "80.00" not in text(year.client(who).get(year.url("results/")))
    assert "80.00 分" not in text(year.client("cadre").get(year.url(f"cadres/{year.people['cadre'].username}/")))
    answer = year.client("staff").post(year.url(f"results/{paper.pk}/award/"), {"level": "7"})
    assert answer.status_code == 400
    assert year.client("leader").post(year.url(f"results/{paper.pk}/award/"), {"level": "1"}).status_code == 403
    assert year.client("staff").post(year.url(f"results/{paper.pk}/award/"), {"level": "1"}).status_code == 302
    assert year.client("cadre").get(year.url("certificates/")).status_code == 404
    assert (
        year.client("leader").post(year.url("publish/"), {"version": EvaluationRound.objects.get().version}).status_code
        == 302
    )
    for who in ("cadre", "neighbour", "review1"):
        page = text(year.client(who).get(year.url("results/")))
        assert "快递员入会难在哪里" in page
        assert "一等奖" in page
        assert "郑办公" not in page, "who gave what stays with the district"
    assert "80.00 分" in text(year.client("cadre").get(year.url(f"cadres/{year.people['cadre'].username}/")))


def test_certificates_are_word_files_with_a_page_for_each_author(year: Year) -> None:
    year.move("open")
    paper = year.nominate(authors=(year.people["cadre"], year.people["other"]))
    year.admit(paper)
    year.name_reviewers()
    year.move("review")
    year.scored(paper, 9, 9, 9)
    year.published(paper, level=2)
    answer = year.client("staff").get(year.url("certificates/"))
    document = Document(BytesIO(answer.content))
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    lines = [paragraph.text.strip() for paragraph in document.paragraphs]
    assert lines[:7] == [
        "证书编号：2024-001",
        "荣 誉 证 书",
        "陈驻联：",
        "您的《快递员入会难在哪里》在2024年度“越工周记”评议中被评为优秀调研成果二等奖。",
        "特发此证，以资鼓励。",
        "绍兴市越城区总工会",
        "2024年9月12日",
    ]
    assert lines[9] == "赵富盛："
    breaks = [
        run for p in document.paragraphs for run in p.runs if f'w:type="{WD_BREAK.PAGE.name.lower()}"' in run._r.xml
    ]
    assert len(breaks) == 1
    assert AuditEntry.objects.filter(action="evaluation.certificate").count() == 2
    mine, theirs = paper.authors.all()
    own = year.client("cadre").get(year.url(f"certificates/{mine.pk}/"))
    assert [p.text for p in Document(BytesIO(own.content)).paragraphs if p.text.endswith("：")] == ["陈驻联："]
    assert year.client("cadre").get(year.url(f"certificates/{theirs.pk}/")).status_code == 404
    assert year.client("clerk").get(year.url(f"certificates/{mine.pk}/")).status_code == 404

    leader = year.client("leader")
    answer = leader.post(year.url(f"results/{paper.pk}/revoke/"), {"reason": ""})
    assert answer.status_code == 422
    assert "请写明撤销的理由" in text(answer)
    assert year.client("cadre").post(year.url(f"results/{paper.pk}/revoke/"), {"reason": "x"}).status_code == 403
    assert leader.post(year.url(f"results/{paper.pk}/revoke/"), {"reason": "查实抄袭"}).status_code == 302
    assert "查实抄袭" in text(year.client("clerk").get(year.url("results/")))
    assert leader.get(year.url("certificates/")).status_code == 404


def test_lists_cost_the_same_with_one_row_and_with_many(year: Year) -> None:
    year.move("open")
    year.nominate("第一件")
    staff = year.client("staff")
    few = queries_of(staff, year.url("nominations/"))
    year.admit(*Nomination.objects.all())
    more = [year.nominate(f"第{number}件") for number in range(2, 12)]
    assert queries_of(staff, year.url("nominations/")) == few
    year.admit(*more)
    year.name_reviewers()
    year.move("review")
    reviewer = year.client("review1")
    year.score(more[0], "review1", 8)
    one = queries_of(reviewer, year.url("reviews/"))
    for paper in more[1:]:
        year.scored(paper, 8, 8, 8)
    assert queries_of(reviewer, year.url("reviews/")) == one


def test_moves_on_the_page_are_refused_to_whom_they_are_not_for(year: Year) -> None:
    for who in ("cadre", "clerk", "review1", "leader"):
        assert year.client(who).post(year.url("open/"), {"version": "1"}).status_code == 403
    staff = year.client("staff")
    assert staff.post(year.url("lock/"), {"version": "1"}).status_code == 409
    assert staff.post(year.url("open/"), {"version": "1"}).status_code == 302
    assert staff.post(year.url("open/"), {"version": "1"}).status_code == 409
    assert staff.post(year.url("nonsense/"), {}).status_code == 404
