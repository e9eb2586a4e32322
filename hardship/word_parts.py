"""What the printed forms of a file are put together from. Names and numbers stand in clear: who takes a form out is for the page to ask."""

from collections.abc import Callable
from datetime import date

from hardship.models import FileMember, HardshipFile
from unionportal.core.common.formats import zh_day
from unionportal.core.common.gongwen import Gongwen
from unionportal.core.common.phones import LOST
from unionportal.core.common.sealed import Unreadable
from unionportal.core.orgs.models import Unit

BLANK_DAY = "　　年　　月　　日"
PAIRS = ("项目", "内容", "项目", "内容")
PAIR_WIDTHS = (22, 34, 22, 34)


def paper(file: HardshipFile, title: str) -> Gongwen:
    """A form begun: whose it is, and the number of the file."""
    word = Gongwen(title=f"{issuer()}\n{title}", subject=file.code)
    word.note(f"档案编号 {file.code}")
    return word


def issuer() -> str:
    """The district union by name."""
    return Unit.objects.filter(kind=Unit.Kind.DISTRICT).values_list("name", flat=True).first() or ""


def person(member: FileMember) -> list[tuple[str, str]]:
    """Everything on record of a person; the first four say who it is."""
    born = secret(member, "born")
    if born and born != LOST:
        born = zh_day(date.fromisoformat(born))
    return [
        ("姓名", secret(member, "name")),
        ("性别", member.get_sex_display()),
        ("身份证号", secret(member, "id")),
        ("电话", secret(member, "phone")),
        ("出生日期", born),
        ("民族", member.get_ethnicity_display()),
        ("政治面貌", member.get_political_display()),
        ("婚姻状况", member.get_marriage_display()),
        ("健康状况", member.get_health_display()),
        ("疾病", secret(member, "illness")),
        ("医保状况", member.get_insurance_display()),
        ("工作状态", member.get_work_display()),
    ]


def secret(row: FileMember | HardshipFile, name: str) -> str:
    """A sealed column in clear."""
    return or_lost(lambda: row.opened(name))


def or_lost(read: Callable[[], str]) -> str:
    """What is read, or that its key is gone."""
    try:
        return read()
    except Unreadable:
        return LOST


def pairs(word: Gongwen, caption: str, facts: list[tuple[str, str]]) -> None:
    """Two facts a line; what is not known stays a dash to be filled in by hand."""
    shown = [(label, text or "—") for label, text in facts]
    if len(shown) % 2:
        shown.append(("", ""))
    rows = [(*shown[n], *shown[n + 1]) for n in range(0, len(shown), 2)]
    word.table(caption, PAIRS, rows, widths=PAIR_WIDTHS, words=True)


def paragraphs(word: Gongwen, text: str) -> None:
    """A text of several lines, a paragraph a line."""
    for line in text.splitlines():
        if line.strip():
            word.paragraph(line.strip())
