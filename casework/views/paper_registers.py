"""The page of the registers behind the supervision papers (一函两书)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.forms.papers import SeriesForm, SignerEndForm, SignerForm, SupervisorForm
from casework.models import PaperKind, PaperSeries, Signer, Supervisor
from casework.services.paper_registers import series_set, signer_add, signer_end, supervisor_add
from casework.views.acts import Act, ActsView
from unionportal.core.common import clock
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope


def _registers(subject: Any, scope: Scope) -> bool:
    return allowed(scope, "paper.registers")


class RegistersView(ActsView):
    """/papers/registers/: who is licensed, who may sign, how numbers begin."""

    action = "paper.registers"
    template_name = "casework/papers/registers.html"
    acts = (
        Act(
            "series",
            "设置文号字头",
            "edit",
            SeriesForm,
            lambda s, actor, version, given: series_set(actor=actor, kind=given["kind"], prefix=given["beginning"]),
            _registers,
            done="已保存。",
            submit="保存",
        ),
        Act(
            "signer-end",
            "结束任职",
            "minus",
            SignerEndForm,
            lambda s, actor, version, given: signer_end(actor=actor, **given),
            _registers,
            lambda s: Signer.objects.filter(valid_to__isnull=True).exists(),
            done="已保存。",
            submit="保存",
        ),
        Act(
            "signer",
            "登记签发人",
            "plus",
            SignerForm,
            lambda s, actor, version, given: signer_add(actor=actor, **given),
            _registers,
            done="已登记。",
            submit="登记",
        ),
        Act(
            "supervisor",
            "登记监督员",
            "plus",
            SupervisorForm,
            lambda s, actor, version, given: supervisor_add(actor=actor, **given),
            _registers,
            done="已登记。",
            submit="登记",
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: Any) -> str:
        return reverse("paper-registers")

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        today = clock.today()
        series = dict(PaperSeries.objects.values_list("kind", "prefix"))
        return {
            "today": today,
            "supervisors": [(row, row.valid_from <= today <= row.valid_to) for row in Supervisor.objects.all()],
            "signers": [
                (row, row.valid_from <= today and (row.valid_to is None or today <= row.valid_to))
                for row in Signer.objects.select_related("user")
            ],
            "series": [(label, series.get(kind, "")) for kind, label in PaperKind.choices],
        }
