"""Pages of an object with acts: each act is a button that opens a dialog, and one service call behind it.

The acts of an object are data (`Act`); what is refused comes back in its dialog with what was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.forms.acts import ActForm
from unionportal.core.common.errors import (
    DomainError,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a person can do with an object. `run(subject, actor, version, fields)` is its service call, which judges for itself;
    `who` and `when` say to whom and in which state it is offered, `why_not` what a person is told who is late. `words` stand above the fields."""

    name: str
    label: str
    icon: str
    form: type[ActForm]
    run: Callable[[Any, Scope, int | None, dict[str, Any]], object]
    who: Callable[[Any, Scope], bool]
    when: Callable[[Any], bool] = lambda subject: True
    why_not: Callable[[Any], str] = lambda subject: ""
    words: str = ""
    done: str = ""
    submit: str = ""
    primary: bool = False
    danger: bool = False


@dataclass(slots=True)
class Offered:
    """An act as the page shows it: its button and its dialog."""

    act: Act
    form: ActForm
    url: str
    draft_key: str


class ActsView(PageView):
    """The page of one object (GET) and its acts (POST with `act` in the address). A subclass says how the object is found and shown."""

    acts: tuple[Act, ...] = ()

    def find(self, request: HttpRequest, **where: Any) -> Any:
        """The object within the reader's scope, or NotFound."""
        raise NotImplementedError

    def address(self, subject: Any) -> str:
        """The object's page."""
        raise NotImplementedError

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        """What the page shows."""
        raise NotImplementedError

    def get(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        subject = self.find(request, **where)
        if act:  # here after a lost session: the page with the dialog open
            return redirect(f"{self.address(subject)}#{act}")
        return self.show(request, subject)

    def post(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        subject = self.find(request, **where)
        chosen = next((each for each in self.acts if each.name == act), None)
        if chosen is None:
            raise NotFound
        if not chosen.who(subject, request.scope):
            raise Forbidden(f"您不能在这里{chosen.label}。")
        form = chosen.form(request.POST, request.FILES, subject=subject, scope=request.scope, act=act)
        if not chosen.when(subject):
            form.add_error(None, chosen.why_not(subject) or f"情况已经变了，现在不能{chosen.label}。")
            return self.show(request, subject, refused=form, act=act, status=409)
        if form.is_valid():
            try:
                result = chosen.run(subject, request.scope, sent_version(request), form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
            except (StaleVersion, InvalidTransition) as error:
                form.add_error(None, error.detail)
                return self.show(request, self.find(request, **where), refused=form, act=act, status=error.status)
            except Forbidden:
                raise
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, chosen.done or f"已{chosen.label}。")
                return self.after(request, subject, chosen, result)
        return self.show(request, subject, refused=form, act=act, status=422)

    def after(self, request: HttpRequest, subject: Any, act: Act, result: Any) -> HttpResponse:
        """Where a person goes next: the object's page."""
        return redirect(self.address(subject))

    def show(
        self, request: HttpRequest, subject: Any, *, refused: ActForm | None = None, act: str = "", status: int = 200
    ) -> HttpResponse:
        offered = self.offered(request, subject, refused, act)
        return self.page({"offered": offered, "subject": subject, **self.context(request, subject)}, status=status)

    def offered(self, request: HttpRequest, subject: Any, refused: ActForm | None, name: str) -> list[Offered]:
        """The acts the person can do now; the primary one last, where the thumb is."""
        rows = []
        for act in self.acts:
            sent = refused if refused is not None and act.name == name else None
            if sent is None and not (act.who(subject, request.scope) and act.when(subject)):
                continue
            form = sent if sent is not None else act.form(subject=subject, scope=request.scope, act=act.name)
            address = self.address(subject)
            rows.append(Offered(act, form, f"{address}{act.name}/", f"{address}{act.name}"))
        return sorted(rows, key=lambda row: row.act.primary)


def sent_version(request: HttpRequest) -> int | None:
    """The version the form was shown at; None where it carries none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
