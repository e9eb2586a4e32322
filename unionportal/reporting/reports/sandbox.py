"""Jinja for text that staff write: names and fields of plain data, conditions and loops. Nothing can be called, reached into or blown up.

A template comes from outside: attributes of objects, function calls, and operators that make much out of little do not exist in it.
"""

from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

#: Filters a sentence needs; others can make much out of little, or read attributes.
FILTERS = ("length", "join", "first", "last", "default")
TESTS = ("defined", "undefined", "none", "in")
#: A loop within a loop within a loop is nothing a report needs, and the way to make one run for ever.
DEEPEST_LOOP = 2
#: All there is of the language. No calls, no arithmetic, no assignments, no macros, no other files.
_KNOWN: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.CondExpr),
    *(nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """The whole language of templates. A name it does not know is an error, never an empty place."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """As Jinja does, and refuse what templates have no need of before anything runs."""
        tree = super()._parse(source, name, filename)
        _check(tree, loops=0)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """No attribute of anything; `a.b` finds the item `b` of a dict before it comes to this."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`本期.化解率` is the item of that name. Only loops have fields of their own."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if type(obj).__name__ == "LoopContext" and attribute in ("index", "first", "last", "length"):
            return getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`各镇街[0]`, `行["名称"]`."""
        if isinstance(obj, dict | list | tuple | str):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return self.undefined(obj=obj, name=argument)
        return self.unsafe_undefined(obj, str(argument))


def _check(node: nodes.Node, *, loops: int) -> None:
    if not isinstance(node, _KNOWN):
        raise TemplateSyntaxError("模板里只能写变量、条件（if）和循环（for）", node.lineno)
    deep = loops + isinstance(node, nodes.For)
    if deep > DEEPEST_LOOP:
        raise TemplateSyntaxError(f"循环最多嵌套 {DEEPEST_LOOP} 层", node.lineno)
    for child in node.iter_child_nodes():
        _check(child, loops=deep)


def rendered(text: str, context: dict[str, Any]) -> str:
    """A sentence with its figures; plain text, so nothing is escaped."""
    environment = ReportEnvironment()
    environment.autoescape = False
    return environment.from_string(text).render(context)
