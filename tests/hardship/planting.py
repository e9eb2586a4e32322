"""Planting people through the pages of the running portal, for the scan of `test_leaks.py`. A part of hardship work adds what it takes in to PLANTS."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookiejar import Cookie, CookieJar
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from stdnum import luhn

from hardship.models import FilePaper, HardshipFile, Lead, SensedBatch
from tests.hardship.cast import id_number
from tests.jobs.builders import xlsx
from tests.people import District, client_for
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Role
from unionportal.core.jobs.models import Job
from unionportal.embedded.process import wait_until

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
#: Surnames of planted people: no other row of the tests bears one of them.
SURNAMES = "欧司诸端令"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal answered, after redirects."""

    status: int
    url: str
    body: bytes


@dataclass
class Desk:
    """Somebody signed in at the running portal, without a browser. `answers`: everything they were shown."""

    base: str
    user: User
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        signed_in, jar = client_for(self.user).cookies["sessionid"].value, CookieJar()
        host, rest = urlsplit(self.base).hostname or "", (None, False)
        jar.set_cookie(
            Cookie(0, "sessionid", signed_in, *rest, host, True, False, "/", True, False, None, True, None, None, {})
        )
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self.base + path))

    def post(self, path: str, *, on: str = "", **fields: Any) -> Answer:
        """Send a form that stands on the page `on` (default: `path` itself)."""
        page = self._ask(urllib.request.Request(self.base + (on or path)), keep=False)
        found = _TOKEN.search(page.body)
        assert found, f"no form on {on or path}: {page.status}"
        data = encode_multipart(BOUNDARY, {**fields, "csrfmiddlewaretoken": found[1].decode()})
        headers = {"Content-Type": MULTIPART_CONTENT, "Referer": self.base + (on or path)}
        return self._ask(urllib.request.Request(self.base + path, data=data, headers=headers))

    def _ask(self, request: urllib.request.Request, *, keep: bool = True) -> Answer:
        try:
            with self._opener.open(request, timeout=60) as response:
                answer = Answer(response.status, response.url, response.read())
        except urllib.error.HTTPError as error:
            answer = Answer(error.code, error.url, error.read())
        if keep:
            self.answers.append(answer)
        return answer


@dataclass
class Ground:
    """A district with its desks, and every number, telephone, card, name, address and illness planted in it so far."""

    district: District
    base: str
    numbers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        people = self.district.everybody()
        self.desks = {
            role: Desk(self.base, people[role])
            for role in (Role.AID, Role.STAFF, Role.LEADER, Role.TOWNSHIP, Role.CADRE)
        }

    def __getitem__(self, role: str) -> Desk:
        return self.desks[role]

    def number(self) -> str:
        """An ID number nobody has yet."""
        born = date(1971, 2, 3) + timedelta(days=len(self.numbers) * 41)
        return self._planted(id_number(311 + len(self.numbers), born))

    def phone(self) -> str:
        return self._planted(f"1877{5550000 + len(self.numbers) * 137:07d}")

    def card(self) -> str:
        body = f"622588{700000000 + len(self.numbers) * 7919:09d}"
        return self._planted(body + luhn.calc_check_digit(body))

    def name(self) -> str:
        self.names.append(f"{SURNAMES[len(self.names) % len(SURNAMES)]}漏检{len(self.names)}号")
        return self.names[-1]

    def words(self, kind: str) -> str:
        """An address or an illness nobody else has."""
        self.names.append(f"漏检{len(self.names)}{kind}")
        return self.names[-1]

    def _planted(self, secret: str) -> str:
        self.numbers.append(secret[:-1])  # wrong ones are typed too, with another last character
        return secret


def plant_file(ground: Ground) -> None:
    """A household opened on its page: first with a wrong card, then rightly; looked for, revealed, taken out, with a wife and a signed paper."""
    aid, number, phone, name = ground[Role.AID], ground.number(), ground.phone(), ground.name()
    household = {
        "uuid": str(uuid4()), "township": "330602006", "scheme": "current", "main_cause": "6", "model_worker": "none",
        "unit_name": "越城示例纺织厂", "address": ground.words("路 9 号"), "holder-name": name, "holder-id_number": number,
        "holder-phone": phone, "holder-illness": ground.words("性贫血"),
    }  # fmt: skip
    assert aid.post("/hardship/new/", **household, card=ground.card()[:-1] + "x").status == 422
    opened = aid.post("/hardship/new/", **household, card=ground.card())
    file = HardshipFile.objects.latest("pk")
    page = f"/hardship/{file.code}/"
    assert opened.url.endswith(page), opened.body.decode()
    wife = {"name": ground.name(), "relation": "1", "id_number": ground.number()}
    assert aid.post(f"{page}members/new/", version="1", **wife).url.endswith(page)
    edited = {"township": "330602006", "main_cause": "6", "card": ground.card(), "address": ground.words("弄 3 号")}
    assert aid.post(f"{page}edit/", **{**household, **edited, "version": "99"}).status == 409
    assert aid.post("/hardship/find/", text=number).status in (200, 422)
    assert number.encode() in aid.post(f"{page}reveal/{file.holder.pk}/", reason="核对材料").body
    assert b"data-password" in aid.post("/hardship/books/", reason="报送").body
    assert b"data-password" in aid.post(f"{page}subject/", reason="本人申请", member=str(file.holder.pk)).body
    plant_paper(aid, page, name, number)


def plant_paper(aid: Desk, page: str, name: str, number: str) -> None:
    """A scan that says whose it is, in its name and inside."""
    scan = SimpleUploadedFile(f"{name}授权书.pdf", f"%PDF-1.4\n% {name} {number}\n%%EOF\n".encode(), "application/pdf")
    given = {"kind": "authorisation", "signed_on": clock.today().isoformat(), "uuid": str(uuid4()), "upload": scan}
    assert aid.post(f"{page}paper/", on=page, version="2", **given).url.endswith(page)
    kept = aid.get(f"{page}scans/{FilePaper.objects.latest('pk').attachment_id}/")
    assert number.encode() in kept.body


def plant_household_workbook(ground: Ground) -> None:
    """Households by an import job, which the worker reads from a sealed source."""
    number, phone = ground.number(), ground.phone()
    headings = ("户主身份证号", "与户主关系", "姓名", "身份证号", "电话", "镇街", "主要致困原因")
    sheet = xlsx(
        headings, (number, "本人或户主", ground.name(), number, phone, "稽山街道", "重特大疾病"), name="困难职工.xlsx"
    )
    job, aid = uuid4(), ground[Role.AID]
    aid.post("/imports/", id=str(job), kind="hardship", file=sheet)
    finished = Job.objects.filter(pk=job, state="done", problem_count=0)
    assert wait_until(finished.exists, seconds=60, interval=0.1), Job.objects.filter(pk=job).values()
    aid.post(f"/imports/{job}/confirm/", on=f"/imports/{job}/")


def plant_leads(ground: Ground) -> None:
    """An application with a wrong number, then rightly; verified, revealed, made a file; another dismissed."""
    aid, number, phone, name = ground[Role.AID], ground.number(), ground.phone(), ground.name()
    given = {
        "uuid": str(uuid4()), "name": name, "cause": "6", "township": str(ground.district.township().pk), "unit_name": "某厂",
        "phone": phone, "words": f"{name}家中有病人。",
    }  # fmt: skip
    assert aid.post("/hardship/leads/new/", **given, id_number=number[:-1]).status == 422
    aid.post("/hardship/leads/new/", **given, id_number=number)
    twice = aid.post("/hardship/leads/new/", **{**given, "uuid": str(uuid4())}, id_number=number)
    assert twice.status == 422
    page = f"/hardship/leads/{Lead.objects.latest('pk').code}/"
    said = {
        "verified_on": clock.today().isoformat(),
        "way": "phone",
        "found": "true",
        "finding": f"打过 {name} 的电话。",
    }
    aid.post(f"{page}verify/", on=page, version="1", **said)
    assert phone.encode() in aid.post(f"{page}reveal/", reason="约上门时间").body
    filed = aid.post(f"{page}confirm/", on=page, version="2", file_uuid=str(uuid4()), name=name)
    assert "/hardship/KN-" in filed.url, filed.body.decode()


def plant_sheet(ground: Ground) -> None:
    """A department's sheet with a wrong row, taken; one with people for headings, refused; one that is given up."""
    staff, firm = ground[Role.STAFF], ground.district.enterprise().name
    rows = [
        (ground.name(), ground.number(), firm, ground.phone(), "32000"),
        (ground.name(), ground.number()[:-1] + "?", firm, "", "9"),
    ]
    columns = ("姓名", "身份证号", "工作单位", "手机号", "个人自付")
    given = {"source": "medical", "provider": "区医保局", "purpose": "发现困难职工", "legal_basis": "数据共享协议"}
    upload = "/hardship/leads/sensing/new/"
    assert staff.post(upload, uuid=str(uuid4()), **given, file=xlsx(*rows)).status == 422
    for step in ("take", "discard"):
        shown = staff.post(upload, uuid=str(uuid4()), **given, file=xlsx(columns, *rows, (step, "", firm, "", "1")))
        assert shown.status == 200, shown.body.decode()
        page = f"/hardship/leads/sensing/{SensedBatch.objects.latest('pk').uuid}/"
        mapping = dict(zip(("name", "id_number", "employer", "phone", "self_paid"), columns, strict=True))
        staff.post(page, step=step, leave_out="on", **mapping)
    assert SensedBatch.objects.filter(state="taken").count() == 1


#: Each takes a part's people in by its own pages, wrong input included.
PLANTS: list[Callable[[Ground], None]] = [plant_file, plant_household_workbook, plant_leads, plant_sheet]
