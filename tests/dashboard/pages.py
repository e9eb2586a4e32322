"""Reading the pages as a person does: which numbers are on it and where they lead."""

import html
import re
from dataclasses import dataclass

from django.test import Client


@dataclass(frozen=True)
class Link:
    """A number that is a link: how many rows it promises, and where they are."""

    url: str
    figure: str


_TAG = re.compile(r"<a\b[^>]*>")
_HREF = re.compile(r'\bhref="([^"]*)"')
_FIGURE = re.compile(r'\bdata-figure="([^"]*)"')
_COUNT = re.compile(r'\bdata-count="([^"]*)"')
#: Of the list, not of the picker of periods above it.
_NEXT = re.compile(r'<nav class="pager".*?<a\b[^>]*href="([^"]*)"[^>]*rel="next"', re.DOTALL)


def figure_links(content: str) -> list[Link]:
    """Every link that promises a number of rows."""
    found = []
    for tag in _TAG.findall(content):
        figure, href = _FIGURE.search(tag), _HREF.search(tag)
        if figure and href:
            found.append(Link(html.unescape(href[1]), figure[1]))
    return found


def rows_behind(client: Client, url: str) -> tuple[str, int]:
    """(the count the page states, the rows it lists on all its pages)."""
    stated, listed, following = "", 0, url
    while following:
        response = client.get(following)
        assert response.status_code == 200, (following, response.status_code)
        content = response.content.decode()
        found = _COUNT.search(content)
        assert found, f"{following} states no count"
        stated = stated or found[1]
        listed += len(re.findall(r'class="(?:title-cell|todo-main)"', content))
        onward = _NEXT.search(content)
        following = f"{url.split('?')[0]}{html.unescape(onward[1])}" if onward else ""
    return stated, listed
