"""Pages that add to or change what is kept of an enterprise: one form each, then back to the enterprise."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import CollectiveContract, Enterprise, EnterpriseContact, MutualAid, RiskMark
from unionportal.core.orgs.record_forms import (
    ContactForm,
    ContractForm,
    LiftForm,
    MutualAidForm,
    RevealForm,
    RiskForm,
)
from unionportal.core.orgs.selectors import enterprises
from unionportal.core.orgs.services import (
    contact_remove,
    contact_reveal,
    contact_save,
    contract_save,
    mutual_aid_save,
    risk_lift,
    risk_set,
)
from unionportal.core.orgs.services.reached import WHO
from unionportal.core.orgs.standing import may_do


class RecordView(PageView):
    """A form about one enterprise. A subclass says what it is about, its form, and the one call that saves."""

    template_name = "orgs/record_form.html"
    title = ""
    submit = "保存"
    done = "已保存。"

    def get(self, request: HttpRequest, credit_code: str, pk: int | None = None) -> HttpResponse:
        enterprise, kept = self.found(request, credit_code, pk)
        return self.show(enterprise, kept, self.form(kept))

    def post(self, request: HttpRequest, credit_code: str, pk: int | None = None) -> HttpResponse:
        enterprise, kept = self.found(request, credit_code, pk)
        form = self.form(kept, request.POST)
        status = 422
        if form.is_valid():
            try:
                result = self.save(enterprise, kept, form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
                status = 422 if isinstance(error, FieldErrors) else error.status
            else:
                return self.after(enterprise, kept, result)
        return self.show(enterprise, kept, form, status=status)

    def found(self, request: HttpRequest, credit_code: str, pk: int | None) -> tuple[Enterprise, Any]:
        """The enterprise and the record within reach."""
        enterprise = get_or_404(enterprises(request.scope), credit_code=credit_code)
        if not may_do(self.action, enterprise, request.scope):
            raise Forbidden(WHO[self.action])
        return enterprise, self.record(enterprise, pk) if pk is not None else None

    def record(self, enterprise: Enterprise, pk: int) -> Any:
        """The record named in the address, or NotFound."""
        raise NotImplementedError

    def form(self, kept: Any, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def save(self, enterprise: Enterprise, kept: Any, given: dict[str, Any]) -> Any:
        """The service call."""
        raise NotImplementedError

    def after(self, enterprise: Enterprise, kept: Any, result: Any) -> HttpResponse:
        """Where a person goes once it is saved."""
        messages.success(self.request, self.done)
        return redirect("enterprise-detail", credit_code=enterprise.credit_code)

    def show(
        self, enterprise: Enterprise, kept: Any, form: forms.Form, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            "enterprise": enterprise,
            "kept": kept,
            "form": form,
            "title": self.title,
            "submit": self.submit,
            "version": getattr(kept, "version", None),
        }
        return self.page({**context, **more}, status=status)

    def version(self) -> int:
        """The version the form was shown at; 0, which no row has, where it carries none."""
        text = self.request.POST.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ContactView(RecordView):
    """Add a contact, or change one."""

    action = "contact.manage"
    title = "企业联系人"

    def record(self, enterprise: Enterprise, pk: int) -> EnterpriseContact:
        return get_or_404(enterprise.contacts.filter(removed_at__isnull=True), pk=pk)

    def form(self, kept: EnterpriseContact | None, data: Any = None) -> ContactForm:
        return ContactForm(data, contact=kept)

    def save(self, enterprise: Enterprise, kept: EnterpriseContact | None, given: dict[str, Any]) -> Any:
        version = self.version() if kept else None
        return contact_save(credit_code=enterprise.credit_code, actor=self.request.scope, version=version, **given)


class ContactRemoveView(RecordView):
    """Asks once more, then takes the contact off the page."""

    action = "contact.manage"
    title = "删除联系人"
    submit = "删除"
    done = "已删除联系人，号码已清除。"

    def record(self, enterprise: Enterprise, pk: int) -> EnterpriseContact:
        return get_or_404(enterprise.contacts.filter(removed_at__isnull=True), pk=pk)

    def form(self, kept: EnterpriseContact, data: Any = None) -> forms.Form:
        return forms.Form(data)

    def save(self, enterprise: Enterprise, kept: EnterpriseContact, given: dict[str, Any]) -> Any:
        return contact_remove(credit_code=enterprise.credit_code, contact_id=kept.pk, actor=self.request.scope)


class ContactRevealView(RecordView):
    """Asks for the reason, then shows the number once: the page is not kept by the browser."""

    action = "contact.reveal"
    title = "查看联系人电话"
    submit = "查看"

    def record(self, enterprise: Enterprise, pk: int) -> EnterpriseContact:
        return get_or_404(enterprise.contacts.filter(removed_at__isnull=True), pk=pk)

    def form(self, kept: EnterpriseContact, data: Any = None) -> RevealForm:
        return RevealForm(data)

    def save(self, enterprise: Enterprise, kept: EnterpriseContact, given: dict[str, Any]) -> str:
        return contact_reveal(credit_code=enterprise.credit_code, contact_id=kept.pk, actor=self.request.scope, **given)

    def after(self, enterprise: Enterprise, kept: EnterpriseContact, result: str) -> HttpResponse:
        return self.show(enterprise, kept, RevealForm(), phone=result)

    def show(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().show(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class RiskSetView(RecordView):
    action = "risk.set"
    title = "标记风险"
    submit = "标记"
    done = "已标记风险。"

    def form(self, kept: None, data: Any = None) -> RiskForm:
        return RiskForm(data)

    def save(self, enterprise: Enterprise, kept: None, given: dict[str, Any]) -> RiskMark:
        return risk_set(credit_code=enterprise.credit_code, actor=self.request.scope, **given)


class RiskLiftView(RecordView):
    action = "risk.lift"
    title = "解除风险标记"
    submit = "解除"
    done = "已解除风险标记。"

    def record(self, enterprise: Enterprise, pk: int) -> RiskMark:
        return get_or_404(enterprise.risk_marks.select_related("set_by"), pk=pk)

    def form(self, kept: RiskMark, data: Any = None) -> LiftForm:
        return LiftForm(data)

    def save(self, enterprise: Enterprise, kept: RiskMark, given: dict[str, Any]) -> RiskMark:
        return risk_lift(credit_code=enterprise.credit_code, mark_id=kept.pk, actor=self.request.scope, **given)


class ContractView(RecordView):
    """Add a collective contract, or change one."""

    action = "enterprise.records"
    title = "集体合同"

    def record(self, enterprise: Enterprise, pk: int) -> CollectiveContract:
        return get_or_404(enterprise.contracts.all(), pk=pk)

    def form(self, kept: CollectiveContract | None, data: Any = None) -> ContractForm:
        return ContractForm(data, initial=_values(kept, ContractForm))

    def save(self, enterprise: Enterprise, kept: CollectiveContract | None, given: dict[str, Any]) -> Any:
        return contract_save(
            credit_code=enterprise.credit_code,
            actor=self.request.scope,
            contract_id=kept.pk if kept else None,
            version=self.version(),
            **given,
        )


class MutualAidView(RecordView):
    """Add a year's mutual aid, or change one."""

    action = "enterprise.records"
    title = "医疗互助"

    def record(self, enterprise: Enterprise, pk: int) -> MutualAid:
        return get_or_404(enterprise.mutual_aid.all(), pk=pk)

    def form(self, kept: MutualAid | None, data: Any = None) -> MutualAidForm:
        return MutualAidForm(data, initial=_values(kept, MutualAidForm))

    def save(self, enterprise: Enterprise, kept: MutualAid | None, given: dict[str, Any]) -> Any:
        return mutual_aid_save(
            credit_code=enterprise.credit_code,
            actor=self.request.scope,
            aid_id=kept.pk if kept else None,
            version=self.version(),
            **given,
        )


def _values(kept: Any, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in form.base_fields} if kept else {}
