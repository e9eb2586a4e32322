"""Which column of a department's sheet is what: kept a source, checked against the headings of each sheet."""

from collections.abc import Mapping, Sequence

from hardship.sensing.sources import Source, fields_of, known_headings
from unionportal.core.common.errors import FieldErrors

#: A heading is a few words; a row of people in the first line would be kept in clear.
HEADING_LENGTH = 30
_MOST_DIGITS = 5


def checked_headings(headings: Sequence[str]) -> list[str]:
    """The headings of a sheet. FieldErrors at `file` where the first line is no line of headings."""
    for heading in headings:
        if len(heading) > HEADING_LENGTH or sum(letter.isdigit() for letter in heading) > _MOST_DIGITS:
            raise FieldErrors({"file": "第一行应是标题（如姓名、身份证号），这份表的第一行像是内容。请补上标题行。"})
    named = [heading for heading in headings if heading]
    twice = sorted({heading for heading in named if named.count(heading) > 1})
    if twice:
        raise FieldErrors({"file": f"重复的标题：{'、'.join(twice)}。请改名或删去多余的列。"})
    if not named:
        raise FieldErrors({"file": "第一行没有标题。请补上标题行，如姓名、身份证号。"})
    return list(headings)


def suggested(source: Source, headings: Sequence[str], saved: Mapping[str, str]) -> dict[str, str]:
    """Field -> heading: as saved for the source where the sheet still has it, else by the headings departments use."""
    found = {}
    for name, usual in known_headings(source).items():
        if saved.get(name) in headings:
            found[name] = saved[name]
        else:
            found[name] = next((heading for heading in usual if heading in headings), "")
    return found


def mapping_problems(source: Source, mapping: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    """What is wrong with a mapping, by field: it must say who somebody is, and each column is one thing."""
    labels = fields_of(source)
    problems: dict[str, str] = {}
    taken: dict[str, str] = {}
    for name in labels:
        heading = mapping.get(name, "")
        if not heading:
            continue
        if heading not in headings:
            problems[name] = f"表里没有“{heading[:HEADING_LENGTH]}”这一列，请重新选择。"
        elif heading in taken:
            problems[name] = f"“{heading}”已经对应“{labels[taken[heading]]}”，请另选一列。"
        else:
            taken[heading] = name
    if not mapping.get("name"):
        problems["name"] = "请选择姓名所在的列。"
    if not mapping.get("id_number") and not mapping.get("employer"):
        problems["id_number"] = "请选择身份证号所在的列；没有身份证号的表，要有工作单位。"
    if source.facts and not any(mapping.get(fact.name) for fact in source.facts):
        problems[source.facts[0].name] = f"至少选一列内容：{'、'.join(fact.label for fact in source.facts)}。"
    return problems
