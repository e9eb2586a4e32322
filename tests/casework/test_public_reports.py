"""一码维权: somebody without an account reports, follows it by the link and rates the result; what is refused changes nothing."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from casework.models import Issue, IssueEvent, PublicAnswer, PublicCode, Reporter, ReporterReveal
from casework.services import Place, code_close, code_create, code_reopen, consent_publish
from tests.casework.cast import Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition
from unionportal.core.params.models import Parameter

TEXT = "车间吊机没有护栏。前天差点砸到人，希望尽快装上。"
PHONE = "13812345678"


@pytest.fixture
def code(cast: Cast) -> PublicCode:
    return code_create(owner=cast.plant, actor=cast.scope("staff"))


@pytest.fixture
def worker() -> Client:
    """Somebody with a phone and no account."""
    return Client()


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    content, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (40, 30), "white").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def opened(worker: Client, code: PublicCode, **changes: Any) -> dict[str, Any]:
    """The form as it opens, filled in."""
    page = worker.get(f"/r/{code.token}/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(secret|consent_version)" value="([^"]+)"', page))
    facts = {
        **hidden,
        "category": "safety",
        "text": TEXT,
        "privacy": "staff",
        "name": "吴示例",
        "phone": "138 1234-5678",
        "consent": "on",
        "website": "",
    }
    return {**facts, **changes}


def send(worker: Client, code: PublicCode, form: dict[str, Any]) -> Any:
    return worker.post(f"/r/{code.token}/", form)


def reported(worker: Client, code: PublicCode, **changes: Any) -> tuple[Issue, str]:
    """An issue reported by the worker, and the address of its tracking page."""
    answer = send(worker, code, opened(worker, code, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return Issue.objects.get(), answer.url.partition("?")[0]


class TestReport:
    def test_it_becomes_an_issue_of_the_place(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code, photos=[photo()])
        assert (issue.title, issue.description) == ("车间吊机没有护栏", TEXT)
        assert (issue.township, issue.enterprise, issue.category.code) == (cast.jishan, cast.plant, "safety")
        assert (issue.source_kind, issue.source_uuid, issue.registered_by) == ("code", code.uuid, None)
        assert (issue.state, issue.received_on) == ("registered", cast.now.date())
        event = IssueEvent.objects.get()
        assert (event.action, event.actor) == ("register", None)
        reporter = Reporter.objects.get()
        assert (reporter.name, reporter.privacy, reporter.code, reporter.consent.version) == (
            "吴示例",
            "staff",
            code,
            1,
        )
        page = worker.get(f"{address}?sent=1").content.decode()
        for words in ("提交成功", "已收到", "车间吊机没有护栏", issue.code, address):
            assert words in page

    def test_neither_phone_nor_link_can_be_read_in_the_tables(
        self, cast: Cast, code: PublicCode, worker: Client
    ) -> None:
        _, address = reported(worker, code)
        token = address.split("/")[2]
        assert len(token) >= 22  # 128 bits and more
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT string_agg(r::text, ' ') FROM casework_reporter r) "
                "|| (SELECT string_agg(i::text, ' ') FROM casework_issue i) "
                "|| (SELECT string_agg(e::text, ' ') FROM casework_issueevent e) "
                "|| (SELECT string_agg(a::text, ' ') FROM audit_auditentry a)"
            )
            (everything,) = cursor.fetchone()
        assert PHONE not in everything
        assert token not in everything

    def test_photos_lose_what_the_camera_wrote(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, _ = reported(worker, code, photos=[photo("a.jpg"), photo("b.jpg")])
        first = issue.photos.first()
        address = f"/issues/{issue.code}/photos/{first.pk}/"
        answer = cast.client("staff").get(address)
        assert b"secret place" not in b"".join(answer.streaming_content)
        assert cast.client("outsider").get(address).status_code == 404
        assert worker.get(address).status_code == 302  # to sign in

    def test_sent_twice_it_is_stored_once(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        form = opened(worker, code)
        first, second = send(worker, code, form), send(worker, code, form)
        assert first.url == second.url
        assert (Issue.objects.count(), Reporter.objects.count()) == (1, 1)

    def test_sent_again_with_other_words_it_is_asked_about(self, code: PublicCode, worker: Client) -> None:
        form = opened(worker, code)
        send(worker, code, form)
        answer = send(worker, code, {**form, "text": "另一件事。"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "已经提交过" in page
        assert form["secret"] not in page
        assert Issue.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"text": "  "}, "请写明发生了什么事"),
            ({"text": "长" * 2001}, "最多 2000 个字"),
            ({"category": ""}, "请选一类"),
            ({"category": "dues_refund"}, "请在列出的类别中选择"),
            ({"privacy": ""}, "请选择是否匿名"),
            ({"privacy": "anonymous"}, "选择匿名就不要填电话"),
            ({"name": "", "phone": ""}, "请留下姓名或电话"),
            ({"phone": "12345"}, "电话号码不对"),
            ({"consent": ""}, "请先阅读告知内容"),
            ({"consent_version": "7"}, "告知内容刚刚更新"),
            ({"website": "http://spam"}, "没有保存"),
            ({"secret": "made-up-and-weak"}, "页面已过期"),
            ({"photos": [SimpleUploadedFile("a.jpg", b"not a picture", "image/jpeg")]}, "与文件名不符"),
            ({"photos": [photo(f"{n}.jpg") for n in range(7)]}, "最多 6 张照片"),
        ],
    )
    def test_what_is_refused_keeps_what_was_typed(
        self, cast: Cast, code: PublicCode, worker: Client, changes: dict[str, Any], words: str
    ) -> None:
        answer = send(worker, code, opened(worker, code, **changes))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        if "name" not in changes:
            assert "吴示例" in page
        assert not Issue.objects.exists()
        assert not Reporter.objects.exists()

    def test_an_anonymous_one_leaves_nothing(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, _ = reported(worker, code, privacy="anonymous", name="", phone="")
        reporter = Reporter.objects.get()
        assert (reporter.name, reporter.phone_sealed, reporter.phone_find) == ("", "", "")
        page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
        assert "匿名反映" in page

    def test_a_code_of_the_district_asks_for_the_township(self, cast: Cast, worker: Client) -> None:
        code = code_create(owner=cast.legal, actor=cast.scope("staff"))
        assert "请选择事情发生在哪个镇街" in send(worker, code, opened(worker, code)).content.decode()
        issue, _ = reported(worker, code, township=cast.fusheng.code)
        assert (issue.township, issue.enterprise) == (cast.fusheng, None)

    def test_a_place_of_another_app_is_a_place(self, cast: Cast, worker: Client) -> None:
        owner = Place("station", cast.issue().uuid, "城南驿站（演示）", cast.fusheng)
        code = code_create(owner=owner, actor=cast.scope("staff"))
        send(worker, code, opened(worker, code))
        issue = Issue.objects.get(source_kind="code")
        assert (issue.township, issue.source_label) == (cast.fusheng, "扫码反映：城南驿站（演示）")

    def test_too_many_an_hour_are_told_to_wait(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        Parameter.objects.create(key="public.per_address_hour", value=2, effective_on=cast.now.date())
        answers = [send(worker, code, opened(worker, code, text=f"第{n}件事。")) for n in range(3)]
        assert [a.status_code for a in answers] == [302, 302, 429]
        assert "太频繁" in answers[2].content.decode()
        other = Client(REMOTE_ADDR="192.0.2.7")
        assert send(other, code, opened(other, code)).status_code == 302
        assert Issue.objects.count() == 3

    def test_one_code_takes_so_many_an_hour(self, cast: Cast, code: PublicCode) -> None:
        Parameter.objects.create(key="public.per_code_hour", value=1, effective_on=cast.now.date())
        phones = [Client(REMOTE_ADDR=f"192.0.2.{n}") for n in (1, 2)]
        assert [send(p, code, opened(p, code)).status_code for p in phones] == [302, 429]

    def test_guesses_at_codes_are_counted(self, cast: Cast, worker: Client) -> None:
        Parameter.objects.create(key="public.misses_hour", value=3, effective_on=cast.now.date())
        answers = [worker.get(address) for address in ("/r/a/", "/t/b/", "/r/c/", "/t/d/")]
        assert [a.status_code for a in answers] == [404, 404, 404, 429]
        assert "没有这个维权码" in answers[0].content.decode()
        assert "没有这个查询链接" in answers[1].content.decode()


class TestCodes:
    def test_a_closed_code_takes_nothing_and_an_open_one_again(
        self, cast: Cast, code: PublicCode, worker: Client
    ) -> None:
        form = opened(worker, code)
        code_close(uuid=code.uuid, actor=cast.scope("staff"))
        for answer in (worker.get(f"/r/{code.token}/"), send(worker, code, form)):
            assert answer.status_code == 410
            assert "已经停用" in answer.content.decode()
        assert not Issue.objects.exists()
        code_reopen(uuid=code.uuid, actor=cast.scope("staff"))
        assert send(worker, code, form).status_code == 302

    def test_it_ends_with_its_place(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        form = opened(worker, code)
        of_unit = code_create(owner=cast.workroom, actor=cast.scope("staff"))
        cast.plant.is_active = cast.workroom.is_active = False
        cast.plant.save()
        cast.workroom.save()
        for answer in (worker.get(f"/r/{code.token}/"), send(worker, code, form), worker.get(f"/r/{of_unit.token}/")):
            assert answer.status_code == 410
            assert "已停用，这里的维权码不能再提交" in answer.content.decode()
        assert not Issue.objects.exists()
        staff = cast.client("staff")
        assert "所在处已停用" in staff.get("/codes/").content.decode()
        poster = staff.get(f"/codes/{code.uuid}/").content.decode()
        assert f"“{cast.plant.name}”已停用" in poster
        assert "data-print" not in poster
        assert 'class="qr"' not in poster
        code_close(uuid=code.uuid, actor=cast.scope("staff"))
        refused = staff.post(f"/codes/{code.uuid}/reopen/")
        assert refused.status_code == 409
        assert "已停用，不能重新启用它的维权码" in refused.content.decode()
        assert not PublicCode.objects.get(pk=code.pk).is_open
        cast.plant.is_active = True
        cast.plant.save()
        assert staff.post(f"/codes/{code.uuid}/reopen/").status_code == 302
        assert send(worker, code, form).status_code == 302

    def test_the_poster_of_a_closed_code_is_not_printed(self, cast: Cast, code: PublicCode) -> None:
        address = f"/codes/{code.uuid}/"
        assert "data-print" in cast.client("staff").get(address).content.decode()
        code_close(uuid=code.uuid, actor=cast.scope("staff"))
        page = cast.client("staff").get(address).content.decode()
        assert "这个码已经停用" in page
        assert "data-print" not in page
        assert code.token not in page

    def test_an_owner_has_one_open_code(self, cast: Cast, code: PublicCode) -> None:
        with pytest.raises(FieldErrors):
            code_create(owner=cast.plant, actor=cast.scope("staff"))
        code_close(uuid=code.uuid, actor=cast.scope("staff"))
        second = code_create(owner=cast.plant, actor=cast.scope("staff"))
        assert second.token != code.token
        with pytest.raises(InvalidTransition):
            code_reopen(uuid=code.uuid, actor=cast.scope("staff"))
        with pytest.raises(InvalidTransition):
            code_close(uuid=code.uuid, actor=cast.scope("staff"))

    @pytest.mark.parametrize("who", ["leader", "registrar", "clerk", "handler"])
    def test_only_staff_manage_them(self, cast: Cast, code: PublicCode, who: str) -> None:
        with pytest.raises(Forbidden):
            code_close(uuid=code.uuid, actor=cast.scope(who))

    def test_staff_open_one_on_the_page_and_print_it(self, cast: Cast) -> None:
        staff = cast.client("staff")
        assert staff.post("/codes/new/", {}).status_code == 422
        answer = staff.post("/codes/new/", {"enterprise": cast.plant.credit_code}, follow=True)
        page = answer.content.decode()
        assert PublicCode.objects.get().token in page
        assert "<svg" in page
        again = staff.post("/codes/new/", {"enterprise": cast.plant.credit_code})
        assert "已有正在使用的维权码" in again.content.decode()
        assert cast.plant.name in staff.get("/codes/").content.decode()

    def test_a_new_consent_text_is_a_new_version(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        form = opened(worker, code)
        consent_publish(text="新的告知内容。", effective_on=cast.now.date(), actor=cast.scope("staff"))
        answer = send(worker, code, form)
        assert answer.status_code == 422
        assert "新的告知内容。" in answer.content.decode()
        reported(worker, code)
        assert Reporter.objects.get().consent.version == 2


class TestWhoKnows:
    @pytest.mark.parametrize(
        ("privacy", "who", "knows"),
        [
            ("staff", "staff", True),
            ("staff", "leader", False),
            ("staff", "handler", False),
            ("staff", "clerk", False),
            ("open", "staff", True),
            ("open", "handler", True),
            ("open", "clerk", True),
            ("open", "registrar", True),
            ("open", "leader", False),
        ],
    )
    def test_the_name_is_for_those_it_was_left_to(
        self, cast: Cast, code: PublicCode, worker: Client, privacy: str, who: str, knows: bool
    ) -> None:
        issue, _ = reported(worker, code, privacy=privacy)
        cast.move(issue, "assign", "staff", unit=cast.legal)
        page = cast.client(who).get(f"/issues/{issue.code}/").content.decode()
        assert ("吴示例" in page) is knows
        assert ("138****5678" in page) is knows
        assert PHONE not in page
        answer = cast.client(who).post(f"/issues/{issue.code}/reporter/", {"reason": "电话回访"})
        assert answer.status_code == (200 if knows else 403)
        assert (PHONE in answer.content.decode()) is knows
        assert ReporterReveal.objects.count() == AuditEntry.objects.filter(action="reporter.reveal").count() == knows

    def test_without_a_reason_it_stays_hidden(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, _ = reported(worker, code)
        answer = cast.client("staff").post(f"/issues/{issue.code}/reporter/", {"reason": "  "})
        assert answer.status_code == 422
        assert PHONE not in answer.content.decode()
        assert not ReporterReveal.objects.exists()


class TestTrack:
    def brought_to(self, cast: Cast, issue: Issue, state: str, answer: str = "护栏已装好。") -> Issue:
        steps = [
            ("assign", "staff", {"unit": cast.legal}),
            ("accept", "handler", {}),
            ("report", "handler", {"note": "内部情况：企业起初不配合。", "answer": answer}),
        ]
        for action, who, given in steps[: ("assigned", "in_progress", "answered").index(state) + 1]:
            issue = cast.move(issue, action, who, **given)
        return issue

    def test_it_shows_public_words_only(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code)
        for state, words in (("assigned", "已交办"), ("in_progress", "正在办理"), ("answered", "已有结果")):
            issue.refresh_from_db()
            done = {"registered": 0, "assigned": 1, "in_progress": 2}[issue.state]
            steps = [
                ("assign", "staff", {"unit": cast.legal}),
                ("accept", "handler", {}),
                ("report", "handler", {"note": "企业起初不配合。", "answer": "护栏已装好。"}),
            ]
            cast.move(issue, steps[done][0], steps[done][1], **steps[done][2])
            page = worker.get(address).content.decode()
            assert words in page, state
        assert "护栏已装好。" in page
        for hidden in ("企业起初不配合", "handler（演示）", "权益保障部", "吴示例", PHONE):
            assert hidden not in page

    def test_the_reporter_rates_once_a_round(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code)
        early = worker.post(address, {"satisfaction": "satisfied"})
        assert (early.status_code, "没有等您评价" in early.content.decode()) == (409, True)
        issue = self.brought_to(cast, issue, "answered")
        assert worker.post(address, {"satisfaction": "great"}).status_code == 422
        assert worker.post(address, {"satisfaction": "dissatisfied", "comment": "还没装。"}).status_code == 302
        issue.refresh_from_db()
        assert (issue.state, issue.satisfaction, issue.followed_up_on) == ("answered", "dissatisfied", cast.now.date())
        event = issue.events.last()
        assert (event.action, event.actor, event.data["by"], event.note.text) == (
            "follow_up",
            None,
            "reporter",
            "还没装。",
        )
        again = worker.post(address, {"satisfaction": "satisfied"})
        assert (again.status_code, "已经评价过" in again.content.decode()) == (409, True)
        issue.refresh_from_db()
        assert (issue.satisfaction, issue.version) == ("dissatisfied", event.seq)
        assert "反映人" in cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
        issue = cast.move(issue, "redo", "staff", note="请再办。")
        sent = {"version": issue.version, "note": "已装，请核。"}
        wordless = cast.client("handler").post(f"/issues/{issue.code}/report/", sent)
        assert (wordless.status_code, "已装，请核。" in wordless.content.decode()) == (422, True)
        refused = cast.post(issue, "report", "handler", note="已装。")
        assert refused.json()["fields"] == {"answer": "反映人只看得到这一栏，请写给反映人的答复。"}
        assert refused.json()["fields"]["answer"] in wordless.content.decode()
        cast.move(issue, "report", "handler", note="已装。", answer="护栏已装好，请看现场。")
        assert worker.post(address, {"satisfaction": "satisfied"}).status_code == 302

    def test_an_old_answer_without_words_points_to_none(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code)
        self.brought_to(cast, issue, "answered")
        assert "请看下面的答复" in worker.get(address).content.decode()
        PublicAnswer.objects.all().delete()  # kept before an answer was asked for
        page = worker.get(address).content.decode()
        assert ("请看下面的答复" in page, "没有留下书面答复" in page) == (False, True)

    def test_what_is_not_taken_up_is_answered_in_writing(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code)
        dialog = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
        assert "收到后 5 个工作日内书面答复，最迟2024年9月11日" in dialog
        refused = cast.post(issue, "reject", "staff", note="不属工会职责。")
        assert (refused.status_code, refused.json()["fields"]) == (
            400,
            {"answer": "不予受理须书面答复反映人，请写明理由。"},
        )
        assert cast.post(issue, "reject", "staff", note="不属工会职责。", answer="请向住建局反映。").status_code == 200
        assert "请向住建局反映。" in worker.get(address).content.decode()

    def test_a_closed_issue_is_not_rated_any_more(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code)
        issue = self.brought_to(cast, issue, "answered")
        cast.move(issue, "follow_up", "staff", satisfaction="satisfied")
        cast.move(issue, "close", "staff", outcome="resolved")
        assert "已办结" in worker.get(address).content.decode()
        assert worker.post(address, {"satisfaction": "satisfied"}).status_code == 409

    def test_a_new_link_ends_the_old_one(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, address = reported(worker, code)
        answer = cast.client("staff").post(f"/issues/{issue.code}/link/")
        fresh = re.search(r"/t/([\w-]+)/", answer.content.decode()).group(0)
        assert worker.get(address).status_code == 404
        assert worker.get(fresh).status_code == 200
        assert cast.client("handler").post(f"/issues/{issue.code}/link/").status_code == 404
        assert cast.client("colleague").post(f"/issues/{issue.code}/link/").status_code == 403

    def test_a_guessed_link_rates_nothing(self, cast: Cast, code: PublicCode, worker: Client) -> None:
        issue, _ = reported(worker, code)
        self.brought_to(cast, issue, "answered")
        before = Issue.objects.filter(pk=issue.pk).values().get()
        assert worker.post("/t/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/", {"satisfaction": "satisfied"}).status_code == 404
        assert Issue.objects.filter(pk=issue.pk).values().get() == before


class TestByTelephone:
    def form(self, cast: Cast, **changes: Any) -> dict[str, Any]:
        return {
            "uuid": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
            "title": "加班费没发",
            "category": "wage_arrears",
            "enterprise": cast.plant.credit_code,
            "received_on": "2024-09-04",
            "source_kind": "phone",
            "reporter_name": "郑示例",
            "reporter_phone": PHONE,
            "reporter_privacy": "open",
            **changes,
        }

    def test_a_call_is_recorded_for_the_caller(self, cast: Cast) -> None:
        answers = [cast.client("registrar").post("/issues/new/", self.form(cast)) for _ in range(2)]
        assert answers[0].url == answers[1].url
        issue, reporter = Issue.objects.get(), Reporter.objects.get()
        assert (issue.source_kind, issue.registered_by, reporter.name) == (
            "phone",
            cast.users["registrar"],
            "郑示例",
        )
        page = cast.client("registrar").get(answers[0].url).content.decode()
        for words in ("来电反映", "郑示例", "138****5678", "发放查询链接"):
            assert words in page

    def test_a_wrong_number_stands_at_its_field(self, cast: Cast) -> None:
        answer = cast.client("staff").post("/issues/new/", self.form(cast, reporter_phone="123"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="id_reporter_phone_error"' in page
        assert not Issue.objects.exists()

    def test_a_call_does_not_reach_beyond_the_posting(self, cast: Cast) -> None:
        form = self.form(cast, enterprise="", township=cast.fusheng.code)
        assert cast.client("registrar").post("/issues/new/", form).status_code == 422
        assert not Issue.objects.exists()

    def test_an_answer_is_asked_only_where_somebody_can_read_it(self, cast: Cast) -> None:
        with_reporter = cast.client("staff").post("/issues/new/", self.form(cast)).url
        without = cast.issue()
        for address, asked in ((with_reporter, True), (f"/issues/{without.code}/", False)):
            page = cast.client("staff").get(address).content.decode()
            assert ("给反映人的答复" in page) is asked
