"""Journals as a Word document in the layout of official papers: one week, or the weeks of a month bound together."""

from collections.abc import Iterable, Sequence

from casework.models import Issue
from unionportal.core.common.formats import zh_date, zh_day
from unionportal.core.common.gongwen import Gongwen
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import week_range
from visits.forms.visits import CHECK_LABELS
from visits.models import Journal, Visit
from visits.selectors import issues_of, visits_in


def journal_word(journals: Sequence[Journal], *, title: str, scope: Scope) -> bytes:
    """The journals one after the other, each with its visits, issues, texts and remarks, as far as the reader may see them.

    `journals` come with cadre and remarks; visits are read here, in two queries for all of them.
    """
    issuer = Unit.objects.filter(kind=Unit.Kind.DISTRICT).values_list("name", flat=True).first() or ""
    word = Gongwen(title=f"{issuer}\n{title}", subject="周记")
    made = visits_in(journals, scope)
    raised = issues_of([visit for rows in made.values() for visit in rows], scope)
    for journal in journals:
        _week(word, journal, made[journal.pk], raised)
    return word.content()


def _week(word: Gongwen, journal: Journal, visits: list[Visit], raised: dict[object, list[Issue]]) -> None:
    monday, sunday = week_range(journal.iso_year, journal.iso_week)
    word.heading(f"{journal.iso_year}年第{journal.iso_week}周（{zh_day(monday)}至{zh_day(sunday)}）")
    issues = sum(len(raised[visit.pk]) for visit in visits)
    word.paragraph(f"驻联干部：{journal.cadre}。本周走访{len(visits)}家次，登记问题诉求{issues}件。")
    if visits:
        word.subheading("走访")
        for visit in visits:
            word.paragraph(_visit_words(visit, raised[visit.pk]))
    for name, text in (("本周体会", journal.reflections), ("下周打算", journal.next_plan)):
        word.subheading(name)
        _lines(word, text or "未填写。")
    remarks = list(journal.remarks.all())
    if remarks:
        word.subheading("批注")
        for remark in remarks:
            said = f"：{remark.text}" if remark.text else ""
            word.paragraph(f"{zh_day(remark.made_at)}，{remark.author}{remark.get_act_display()}{said}")


def _visit_words(visit: Visit, issues: list[Issue]) -> str:
    problems = "、".join(CHECK_LABELS[name] for name in visit.problems)
    parts = [
        f"{zh_date(visit.visited_on)}，{visit.get_kind_display()}，{visit.target_label}（{visit.township}）。",
        visit.narrative.strip().replace("\n", " "),
        f"五看中有问题：{problems}。" if problems else "",
        "".join(f"登记诉求：{issue.title}（{issue.code}）。" for issue in issues),
    ]
    return "".join(part for part in parts if part)


def _lines(word: Gongwen, text: str) -> None:
    for line in _filled(text.splitlines()):
        word.paragraph(line)


def _filled(lines: Iterable[str]) -> Iterable[str]:
    return (line.strip() for line in lines if line.strip())
