"""A journal as its readers see it: remarks, return, approval; and as Word, one week or a month of them."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.acts import ActForm
from casework.views.acts import Act, ActsView
from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import NotFound
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, get_or_404
from visits.forms.journals import ApproveForm, JournalForm, RemarkForm, ReturnForm
from visits.journal_word import journal_word
from visits.models import Journal
from visits.selectors import journals_whole, month_journals
from visits.services import journal_approve, journal_remark, journal_return, journal_seen
from visits.views.journals import journal_context, journal_texts


def _reviews(journal: Journal, scope: Scope) -> bool:
    return allowed(scope, "journal.review") and journal.cadre_id != scope.user_id


def _waits(journal: Journal) -> bool:
    return journal.state == Journal.State.SUBMITTED


def _may_be_remarked(journal: Journal, scope: Scope) -> bool:
    return not journal.is_open or journal.cadre_id == scope.user_id


ACTS = (
    Act(
        "remark",
        "批注",
        "reply",
        RemarkForm,
        lambda journal, scope, version, fields: journal_remark(journal_id=journal.pk, actor=scope, **fields),
        _may_be_remarked,
        words="批注会告诉对方，写下后不能修改。",
        done="已批注。",
    ),
    Act(
        "return",
        "退回修改",
        "back",
        ReturnForm,
        lambda journal, scope, version, fields: journal_return(
            journal_id=journal.pk, version=version, actor=scope, **fields
        ),
        _reviews,
        _waits,
        words="退回后，这一周的走访和周记重新可以修改。",
        done="已退回，等驻联干部修改后重新提交。",
    ),
    Act(
        "approve",
        "审阅通过",
        "check",
        ApproveForm,
        lambda journal, scope, version, fields: journal_approve(
            journal_id=journal.pk, version=version, actor=scope, **fields
        ),
        _reviews,
        _waits,
        done="已审阅。",
        primary=True,
    ),
)


class JournalView(ActsView):
    """Somebody's journal, by id, with what a reader may do. Its cadre is sent to the own page of the week."""

    action = "journal.view"
    template_name = "visits/journal.html"
    acts = ACTS

    def find(self, request: HttpRequest, **where: Any) -> Journal:
        return get_or_404(journals_whole(request.scope), pk=where["journal_id"])

    def address(self, subject: Journal) -> str:
        if subject.cadre_id == self.request.scope.user_id:
            return reverse("journal-week", args=[subject.iso_year, subject.iso_week])
        return reverse("journal-detail", args=[subject.pk])

    def get(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        journal = self.find(request, **where)
        if act or journal.cadre_id == request.scope.user_id:
            return redirect(f"{self.address(journal)}{f'#{act}' if act else ''}")
        journal_seen(journal=journal, actor=request.scope)
        return self.show(request, journal)

    def show(
        self,
        request: HttpRequest,
        subject: Journal,
        *,
        refused: ActForm | None = None,
        act: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """A refused answer of the cadre comes back on the own page, which has no dialogs."""
        if subject.cadre_id != request.scope.user_id:
            return super().show(request, subject, refused=refused, act=act, status=status)
        form = JournalForm(initial=journal_texts(subject)) if subject.is_open else None
        return self.page({**self.context(request, subject), "form": form, "answer_form": refused}, status=status)

    def context(self, request: HttpRequest, subject: Journal) -> dict[str, Any]:
        own = subject.cadre_id == request.scope.user_id
        return {
            "own": own,
            **journal_context(request, subject.cadre_id, subject.iso_year, subject.iso_week, subject),
        }


class JournalWordView(PageView):
    action = "journal.view"

    def get(self, request: HttpRequest, journal_id: int) -> HttpResponse:
        journal = get_or_404(journals_whole(request.scope), pk=journal_id)
        return word_response(request, [journal], f"{journal.cadre}{journal}周记")


class MonthWordView(PageView):
    """The weeks of a month of one cadre, bound together: `?cadre=cadre01&month=2024-09`; without a cadre the reader's own."""

    action = "journal.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        year, month = asked_month(request.GET.get("month", ""))
        name = request.GET.get("cadre") or request.user.get_username()
        cadre = get_or_404(User.objects.all(), username=name)
        found = month_journals(request.scope, cadre, year, month)
        if not found:
            raise NotFound("这个月没有可以装订的周记。")
        return word_response(request, found, f"{cadre}{year}年{month}月周记")


def asked_month(text: str) -> tuple[int, int]:
    """Year and month of "2024-09"; nothing asked means this month."""
    if not text:
        today = clock.today()
        return today.year, today.month
    found = re.fullmatch(r"(20\d{2})-(0[1-9]|1[0-2])", text)
    if found is None:
        raise Http404
    return int(found[1]), int(found[2])


def word_response(request: HttpRequest, journals: list[Journal], title: str) -> HttpResponse:
    """The file, with a line in the audit trail for each journal in it."""
    for journal in journals:
        record(actor=request.scope, action="journal.download", object_type="journal", object_id=journal.pk)
    return word_answer(title, journal_word(journals, title=title, scope=request.scope))
