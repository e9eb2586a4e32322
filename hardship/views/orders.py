"""Pages of 便民服务: the hotline's list, taking an order, one order with its steps, the catalogue."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from hardship.forms.money import PlainForm
from hardship.forms.orders import ConfirmForm, DispatchForm, OrderForm, PriceForm, ProviderForm, ServiceForm
from hardship.models import HardshipFile, Provider, ServiceKind, ServiceOrder, ServicePrice
from hardship.money_selectors import allowance_of, holder_names, service_figures
from hardship.money_workflow import ORDER_LABELS, ORDER_STEPS, ORDER_WAY, OrderState, find_step, way
from hardship.personal import sight_of
from hardship.services.catalogue import price_set, provider_save, service_save
from hardship.services.orders import (
    day_of_allowance,
    order_cancel,
    order_confirm,
    order_dispatch,
    order_settle,
    order_take,
    orders_whole,
)
from hardship.views.files import PersonalPage
from hardship.views.funds import may
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, InvalidTransition
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.sealed import Unreadable
from unionportal.core.common.views import add_errors, get_or_404

ORDER = ("-ordered_at", "-id")
TONES: dict[str, str] = {
    OrderState.ORDERED: "warn",
    OrderState.DISPATCHED: "link",
    OrderState.CONFIRMED: "warn",
    OrderState.SETTLED: "ok",
    OrderState.CANCELLED: "idle",
}


class OrderListView(PersonalPage):
    """/hardship/services/: what the hotline has to do, and the year's figures."""

    action = "service.view"
    template_name = "hardship/services/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, state = orders_whole(request.scope), request.GET.get("state", "")
        if state in ORDER_LABELS:
            rows = rows.filter(state=state)
        page = keyset_page(rows, request, order=ORDER)
        names = holder_names((order.file for order in page.items), request.scope)
        year = clock.today().year
        return self.page(
            {
                "page": page,
                "rows": [(order, TONES[order.state], names[order.file_id]) for order in page.items],
                "state": state,
                "states": [("", "全部"), *ORDER_LABELS.items()],
                "figures": service_figures(request.scope, year),
                "year": year,
                "may_order": request.may("service.order"),
            }
        )


class OrderCreateView(PersonalPage):
    """Taking an order; `?file=KN-2024-0001` comes from the file's page."""

    action = "service.order"
    template_name = "hardship/services/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        code = request.GET.get("file", "").strip()
        return self.show(request, OrderForm(initial=OrderForm.opening(code)), code)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, status = OrderForm(request.POST), 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                order = order_take(file_code=given.pop("file").strip().upper(), actor=request.scope, **given)
            except DomainError as error:
                add_errors(form, error)
                status = 409 if isinstance(error, InvalidTransition) else 422
            else:
                messages.success(request, f"已接单 {order.code}。")
                return redirect("order", code=order.code)
        return self.show(request, form, request.POST.get("file", "").strip().upper(), status)

    def show(self, request: HttpRequest, form: OrderForm, code: str, status: int = 200) -> HttpResponse:
        today = clock.today()
        file = HardshipFile.objects.personal_to(request.scope).filter(code=code).first() if code else None
        prices = _prices(today)
        context: dict[str, Any] = {"form": form, "prices": prices, "file": file}
        if file is not None:
            context["name"] = holder_names([file], request.scope)[file.pk]
            context["allowance"] = allowance_of(file, today)
        return self.page(context, status=status)


def _prices(today: Any) -> list[tuple[str, list[ServicePrice]]]:
    """Each service offered with what each provider takes today."""
    found: dict[str, dict[int, ServicePrice]] = {}
    rows = ServicePrice.objects.filter(
        effective_on__lte=today, service__is_offered=True, provider__is_active=True
    ).select_related("service", "provider")
    for price in rows.order_by("service__position", "provider__name", "effective_on"):
        found.setdefault(price.service.name, {})[price.provider_id] = price
    return [(name, list(prices.values())) for name, prices in found.items()]


def _step(action: str) -> Any:
    return lambda order, scope: any(allowed(scope, step.policy) for step in ORDER_STEPS if step.action == action)


def _now(action: str) -> Any:
    return lambda order: find_step(ORDER_STEPS, action, order.state) is not None


class OrderView(ActsView, PersonalPage):
    """One order and its next step."""

    action = "service.view"
    template_name = "hardship/services/order.html"
    acts = (
        Act(
            "cancel",
            "取消",
            "close",
            PlainForm,
            lambda o, actor, version, given: order_cancel(code=o.code, actor=actor, version=version),
            _step("cancel"),
            _now("cancel"),
            words="取消后占用的额度退回给职工。",
            danger=True,
            submit="取消服务单",
        ),
        Act(
            "dispatch",
            "派单",
            "assign",
            DispatchForm,
            lambda o, actor, version, given: order_dispatch(code=o.code, actor=actor, version=version, **given),
            _step("dispatch"),
            _now("dispatch"),
            words="换一家单位时，按那家的价格占用额度。",
            primary=True,
        ),
        Act(
            "confirm",
            "向职工确认",
            "phone",
            ConfirmForm,
            lambda o, actor, version, given: order_confirm(code=o.code, actor=actor, version=version, **given),
            _step("confirm"),
            _now("confirm"),
            words="打电话给职工：服务做了没有、费用多少、是否满意。职工不付钱。",
            done="已登记确认。",
            submit="登记",
            primary=True,
        ),
        Act(
            "settle",
            "结算",
            "money",
            PlainForm,
            lambda o, actor, version, given: order_settle(code=o.code, actor=actor, version=version),
            lambda o, scope: _step("settle")(o, scope) and o.confirmed_by_id != scope.user_id,
            _now("settle"),
            words="把费用付给服务单位，并记入账目。",
            done="已结算。",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> ServiceOrder:
        whole = orders_whole(request.scope).select_related("ordered_by", "confirmed_by", "settled_by")
        return get_or_404(whole, code=where["code"])

    def address(self, subject: ServiceOrder) -> str:
        return reverse("order", args=[subject.code])

    def context(self, request: HttpRequest, subject: ServiceOrder) -> dict[str, Any]:
        sight = sight_of(request.scope)
        return {
            "order": subject,
            "tone": TONES[subject.state],
            "way": way(ORDER_WAY, subject.state) if subject.state != OrderState.CANCELLED else [],
            "name": holder_names([subject.file], request.scope)[subject.file_id],
            "detail": _detail(subject) if sight.reaches(subject.file) else "",
            "allowance": allowance_of(subject.file, day_of_allowance(subject, clock.today())),
            "entries": [
                line.entry for line in subject.lines.filter(amount__gt=0).select_related("entry").order_by("id")
            ],
        }


def _detail(order: ServiceOrder) -> str:
    try:
        return order.opened("detail")
    except Unreadable:
        return "（密钥已更换，无法读取）"


class CatalogueView(ActsView):
    """/hardship/services/catalogue/: services, providers, prices."""

    action = "service.view"
    template_name = "hardship/services/catalogue.html"
    acts = (
        Act(
            "service",
            "服务项目",
            "edit",
            ServiceForm,
            lambda s, actor, version, given: service_save(actor=actor, **given),
            may("service.manage"),
            done="已保存。",
            submit="保存",
        ),
        Act(
            "provider",
            "服务单位",
            "enterprise",
            ProviderForm,
            lambda s, actor, version, given: provider_save(
                actor=actor,
                name=given["name"],
                is_active=given["is_active"],
                provider_id=given["provider"].pk if given["provider"] else None,
            ),
            may("service.manage"),
            done="已保存。",
            submit="保存",
        ),
        Act(
            "price",
            "设置价格",
            "money",
            PriceForm,
            lambda s, actor, version, given: price_set(actor=actor, **given),
            may("service.manage"),
            words="从生效日起接的单按新价格；已经接下的单不变。",
            done="已设置。",
            submit="保存",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: Any) -> str:
        return reverse("service-catalogue")

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        prices = ServicePrice.objects.select_related("provider").order_by("provider__name", "-effective_on")
        by_service: dict[str, list[ServicePrice]] = {}
        for price in prices:
            by_service.setdefault(price.service_id, []).append(price)
        return {
            "services": [(service, by_service.get(service.pk, [])) for service in ServiceKind.objects.all()],
            "providers": Provider.objects.all(),
            "today": clock.today(),
        }
