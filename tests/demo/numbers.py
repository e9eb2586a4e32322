"""The numbers of a page as a reader meets them: those that open their rows, and those that do not."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: A number that stands by itself: digits, perhaps a fraction or percentage, perhaps the word that counts.
_NUMBER = re.compile(
    r"[+\-−]?\d[\d,]*(?:\.\d+)?%?(?:\s*[/／]\s*\d[\d,]*(?:\.\d+)?)?\s*"
    r"(?:件|家|户|个|次|人|条|元|名|周|分|万元|家次|人次|户次|周次|人周)?"
)
#: A number in the midst of words: a share written as a fraction, or one with the word that counts what rows are made of.
_IN_WORDS = re.compile(
    r"(?<![\d,.\-—第])\d[\d,]*(?:\.\d+)?\s*(?:件|家次|家|户次|户|人次|周次|人周|次|元|万元|星)"
    r"|(?<![\d/])\d[\d,]*\s*[/／]\s*\d[\d,]*(?![\d/])"
)
#: Elements without an end.
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
#: Not read as a part of the page: controls, and what a script reads.
_SKIPPED = frozenset(("script", "style", "template", "select", "textarea", "svg", "button"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A number that is a link: the rows it promises, and where they are listed."""

    url: str
    figure: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one page. `bare`: those without rows and without a reason (`data-plain`), with what they stand in."""

    opened: list[Opened]
    bare: list[str]


def numbers_of(content: str) -> Numbers:
    """Read the page's main part."""
    reader = _Reader()
    reader.feed(content)
    return Numbers(reader.opened, reader.bare)


def stated_and_listed(content: str) -> tuple[str, int, bool]:
    """Of a page of rows: the number it states, the rows on it, whether it has a further page."""
    stated = re.search(r'\bdata-count="([^"]*)"', content)
    listed = len(re.findall(r'class="(?:title-cell|todo-main)"', content))
    if stated is None and 'class="empty"' in content:
        return "0", listed, False  # a list without rows has no pager to state their number
    pager = re.search(r'<nav class="pager".*?</nav>', content, re.DOTALL)
    return stated[1] if stated else "", listed, bool(pager and 'rel="next"' in pager[0])


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)

    @property
    def accounts_for(self) -> bool:
        """Whether numbers in it have their rows, or are said to have none."""
        return "data-plain" in self.attributes or (self.tag == "a" and "data-figure" in self.attributes)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path: list[_Element] = []
        self.opened: list[Opened] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, dict(attrs))
        figure = element.attributes.get("data-figure")
        if tag == "a" and figure is not None:
            self.opened.append(Opened(element.attributes.get("href") or "", figure))
        if tag not in _VOID:
            self.path.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = data.strip()
        if not any(one.tag == "main" for one in self.path):
            return
        if any(one.accounts_for or one.tag in _SKIPPED for one in self.path):
            return
        numbers = [words] if _NUMBER.fullmatch(words) else _IN_WORDS.findall(words)
        self.bare += [f"{number} in {self._where()}" for number in numbers]

    def _where(self) -> str:
        names = (
            f"{one.tag}[{one.attributes.get('data-label') or one.attributes.get('class') or one.attributes.get('id') or ''}]"
            for one in self.path[-3:]
        )
        return " > ".join(names)
