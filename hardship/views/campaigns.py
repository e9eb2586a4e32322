"""Pages of 四季帮扶: campaigns with 人次 and 金额, one campaign with the list of those it means to reach."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from hardship.forms.money import CampaignForm, PickForm
from hardship.models import Campaign, Grant
from hardship.money_selectors import batches_whole, campaign_rows, grant_sums, target_names
from hardship.money_workflow import GRANT_LABELS
from hardship.services.campaigns import campaign_create, target_remove, targets_add
from hardship.views.batches import GRANT_TONES, TONES
from hardship.views.files import PersonalPage
from hardship.views.funds import may
from hardship.views.grants import picking, wanted_of
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import add_errors, get_or_404


class CampaignListView(ActsView):
    """/hardship/money/campaigns/."""

    action = "batch.view"
    template_name = "hardship/money/campaigns.html"
    acts = (
        Act(
            "new",
            "登记活动",
            "plus",
            CampaignForm,
            lambda s, actor, version, given: campaign_create(actor=actor, **given),
            may("campaign.manage"),
            submit="登记",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: Any) -> str:
        return reverse("campaign-list")

    def after(self, request: HttpRequest, subject: Any, act: Act, result: Any) -> HttpResponse:
        return redirect("campaign", campaign_id=result.pk)

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        return {"rows": campaign_rows(Campaign.objects.visible_to(request.scope))}


class CampaignView(PersonalPage):
    """One campaign: who is meant, who was reached, with how much."""

    action = "batch.view"
    template_name = "hardship/money/campaign.html"

    def get(self, request: HttpRequest, campaign_id: Any) -> HttpResponse:
        campaign = get_or_404(Campaign.objects.visible_to(request.scope), pk=campaign_id)
        targets = list(campaign.targets.select_related("file__township", "member"))
        names = target_names(request.scope, targets)
        grants = Grant.objects.filter(batch__campaign=campaign).exclude(state="withdrawn")
        in_order = grants.exclude(batch__state="cancelled").order_by("batch__prepared_at", "seq")
        states = dict(in_order.values_list("member_id", "state"))  # of somebody paid at the second go, the last
        rows = [
            (target, names[target.pk], GRANT_LABELS.get(state, "未列入"), GRANT_TONES.get(state, "idle"))
            for target in targets
            for state in [states.get(target.member_id, "")]
        ]
        return self.page(
            {
                "campaign": campaign,
                "rows": rows,
                "sums": grant_sums(Grant.objects.filter(batch__campaign=campaign)),
                "batches": [(b, TONES[b.state]) for b in batches_whole(request.scope).filter(campaign=campaign)],
                "may_list": request.may("batch.prepare"),
            }
        )

    def post(self, request: HttpRequest, campaign_id: Any) -> HttpResponse:
        """Take one off the list."""
        given = request.POST.get("target", "")
        target_remove(campaign_id=campaign_id, target_id=int(given) if given.isdecimal() else 0, actor=request.scope)
        messages.success(request, "已移出名单。")
        return redirect("campaign", campaign_id=campaign_id)


class CampaignAddView(PersonalPage):
    """Whom a campaign means to reach: files in force, ticked, with one amount."""

    action = "batch.prepare"
    template_name = "hardship/money/pick.html"

    def get(self, request: HttpRequest, campaign_id: Any) -> HttpResponse:
        return self.show(request, self.campaign(request, campaign_id), PickForm())

    def post(self, request: HttpRequest, campaign_id: Any) -> HttpResponse:
        campaign, form = self.campaign(request, campaign_id), PickForm(request.POST)
        chosen = request.POST.getlist("person")
        if form.is_valid():
            try:
                wanted = wanted_of(chosen, form.cleaned_data["amount"])
                count = targets_add(campaign_id=campaign.pk, wanted=wanted, actor=request.scope)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"名单增加 {count} 人。")
                return redirect("campaign", campaign_id=campaign.pk)
        return self.show(request, campaign, form, chosen, 422)

    def campaign(self, request: HttpRequest, campaign_id: Any) -> Campaign:
        return get_or_404(Campaign.objects.visible_to(request.scope), pk=campaign_id)

    def show(
        self, request: HttpRequest, campaign: Campaign, form: PickForm, chosen: Any = (), status: int = 200
    ) -> HttpResponse:
        context = {
            "title": "加入名单",
            "sub": f"{campaign} · {campaign.get_kind_display()}",
            "back": reverse("campaign", args=[campaign.pk]),
        }
        return self.page(context | picking(request, campaign.kind, form, chosen), status=status)
