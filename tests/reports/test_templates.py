"""Word templates staff upload: what is taken, what is said about the rest, and that no template reaches beyond its words."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from tests.people import District, client_for
from tests.reports.conftest import at
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.reporting.models import ReportTemplate
from unionportal.reporting.reports.files import report_file
from unionportal.reporting.reports.sandbox import rendered
from unionportal.reporting.reports.templates import layout_in_force, layout_of

pytestmark = pytest.mark.django_db
PAGE = "/reports/templates/monthly/"


def changed(change: Callable[[Any], None]) -> bytes:
    """The built-in template of the brief, changed as a clerk would in Word."""
    document = Document(BytesIO(layout_of("monthly", 0).content))
    change(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def saying(*lines: str) -> bytes:
    def add(document: Any) -> None:
        for line in lines:
            document.add_paragraph(line)

    return changed(add)


def upload(client: Client, content: bytes, name: str = "月报.docx") -> Any:
    with clock.at(at(7, 5)):
        return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def told(client: Client, content: bytes, name: str = "月报.docx") -> str:
    """What is said about an upload that is not taken."""
    answer = upload(client, content, name)
    assert answer.status_code == 422
    assert not ReportTemplate.objects.exists()
    return "\n".join(answer.context["form"].errors["file"])


@pytest.fixture
def staff(year: District) -> Client:
    return client_for(year.staff(name="王文书"))


def brief() -> tuple[str, int]:
    with clock.at(at(7, 5)):
        layout = layout_in_force("monthly")
        content = report_file("monthly", date(2024, 6, 1), "docx", layout=layout).content
    return "\n".join(p.text for p in Document(BytesIO(content)).paragraphs), layout.version


def test_an_own_template_is_used_and_named_and_gone_back_from(staff: Client) -> None:
    own = saying(
        "本月走访{{ 本期.走访次数 }}次，收集{{ 本期.收集录入 }}件，{% if 上升类别 %}上升的有{{ 上升类别 }}{% else %}没有明显上升的类别{% endif %}。"
    )
    assert upload(staff, own).status_code == 302
    text, version = brief()
    assert version == 1
    assert "本月走访0次，收集3件，没有明显上升的类别。" in text
    assert "报告模板：自定义模板第1版" in text
    assert upload(staff, saying("第二版")).status_code == 302
    assert brief()[1] == 2
    page = staff.get(PAGE).content.decode()
    assert "现用第2版" in page
    assert "王文书" in page
    assert "{{ 本期.化解率 }}" in page, "the words a clerk may use stand beside the upload"
    assert staff.post(f"{PAGE}1/use/").status_code == 302
    assert brief()[1] == 1
    assert staff.post(f"{PAGE}0/use/").status_code == 302
    text, version = brief()
    assert (version, "报告模板：内置模板" in text) == (0, True)
    assert [row.version for row in ReportTemplate.objects.filter(kind="monthly")] == [2, 1], "versions are kept"
    assert AuditEntry.objects.filter(action__startswith="template.").count() == 4
    assert staff.get(f"{PAGE}2.docx").content == layout_of("monthly", 2).content
    assert staff.get(f"{PAGE}9.docx").status_code == 404
    assert staff.post(f"{PAGE}9/use/").status_code == 404


@pytest.mark.parametrize("kind", ["monthly", "quarterly", "annual"])
def test_the_template_to_start_from_can_be_uploaded_as_it_is(staff: Client, kind: str) -> None:
    content = staff.get(f"/reports/templates/{kind}/0.docx").content
    with clock.at(at(7, 5)):
        answer = staff.post(f"/reports/templates/{kind}/", {"file": SimpleUploadedFile("模板.docx", content)})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("本月{{ 收集路入 }}件", "段落“本月{{ 收集路入 }}件”里的“{{ 收集路入 }}”：没有“收集路入”这个变量"),
        ("本月{{ 本期.收集路入 }}件", "没有“收集路入”这个变量"),
        ("{% if 超期 %}有超期", "段落“{% if 超期 %}有超期”里的 if 没有对应的 endif"),
        ("有超期{% endif %}", "前面没有对应的 if"),
        ("本月{{ 本期.收集录入 }件", "里的标记不完整"),
        ("{{ 本期. }}", "写法不对"),
        ("{% for 行 各月 %}{% endfor %}", "循环应写作 for 行 in 各月"),
        ("{{ 本期.收集录入 * 99999999 }}", "模板里只能写变量、条件（if）和循环（for）"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "模板里只能写变量"),
        ("{{ 本期.__class__ }}", "没有“__class__”这个变量"),
        ("{{ 单位.__class__ }}", "模板里不能这样写"),
        ("{{ 图.趋势._chart }}", "模板里不能这样写"),
        ("{{ 单位|attr('__class__') }}", "用了不支持的写法"),
        ("{% include '/etc/passwd' %}", "模板里只能写变量"),
        ("{% set x = 1 %}", "模板里只能写变量"),
        ("{{ self.__init__ }}", "模板里不能这样写"),
        ("{{ range(9) }}", "模板里只能写变量"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(staff: Client, line: str, message: str) -> None:
    assert message in told(staff, saying(line))


def test_a_tag_that_word_split_into_pieces_is_read_as_one(staff: Client) -> None:
    def split(document: Any) -> None:
        paragraph = document.add_paragraph("")
        for piece in ("{", "{ 本期", ".收集", "录入 }", "}件"):
            paragraph.add_run(piece)

    assert upload(staff, changed(split)).status_code == 302
    assert "\n3件" in brief()[0]


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__ }}",
        "{{ 本期.items() }}",
        "{{ 各月.clear }}",
        "{{ 'a' ~ 'b' }}",
        "{{ [1] * 9 }}",
        "{{ 单位.format }}",
        "{% for a in 各月 %}{% for b in 各月 %}{% for c in 各月 %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ cycler }}",
        "{{ lipsum }}",
    ],
)
def test_a_template_reaches_nothing_but_its_words(attack: str) -> None:
    with pytest.raises(Exception, match=re.compile("unsafe|undefined|has no attribute|只能写|循环最多")):
        rendered(attack, {"本期": {"收集录入": 1}, "各月": [{"名称": "1月"}], "单位": "总工会"})


def test_files_that_are_no_templates(staff: Client, settings: Any) -> None:
    assert "要用 Word 文档" in told(staff, b"x", "模板.doc")
    assert "与文件名不符" in told(staff, b"%PDF-1.7", "模板.docx")
    assert "带有宏" in told(staff, with_part("word/vbaProject.bin", b"x"))
    assert "引用了外部" in told(staff, with_relation('Type="http://x/attachedTemplate" Target="http://evil/t.dotm"'))
    assert "解开后太大" in told(staff, with_part("word/media/big.bin", b"\0" * (61 * 1024 * 1024)))
    assert "超过 5 MB" in told(staff, b"PK\x03\x04" + b"0" * (5 * 1024 * 1024))
    assert "请选择要上传的模板" in "".join(staff.post(PAGE, {}).context["form"].errors["file"])


def with_part(name: str, content: bytes) -> bytes:
    from zipfile import ZIP_DEFLATED

    buffer = BytesIO(layout_of("monthly", 0).content)
    with ZipFile(buffer, "a", ZIP_DEFLATED) as parts:
        parts.writestr(name, content)
    return buffer.getvalue()


def with_relation(attributes: str) -> bytes:
    source, buffer = ZipFile(BytesIO(layout_of("monthly", 0).content)), BytesIO()
    with source, ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                added = f'<Relationship Id="evil" TargetMode="External" {attributes}/></Relationships>'.encode()
                content = content.replace(b"</Relationships>", added)
            target.writestr(name, content)
    return buffer.getvalue()


def test_only_staff_changes_templates(year: District) -> None:
    for outsider in (year.leader(), year.cadre(), year.township_clerk(), year.sysadmin()):
        client = client_for(outsider)
        assert client.get(PAGE).status_code == 403
        assert upload(client, layout_of("monthly", 0).content).status_code == 403
        assert client.post(f"{PAGE}0/use/").status_code == 403
    assert not ReportTemplate.objects.exists()
