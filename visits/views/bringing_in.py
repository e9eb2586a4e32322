"""带入走访: from an activity's page to the visits of the enterprises that came."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.models import ServiceActivity
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.views import PageView, add_errors, get_or_404
from visits.activity_selectors import guests_for
from visits.forms.bringing_in import BringInForm
from visits.services.bringing_in import visits_bring_in, why_not


class BringInView(PageView):
    action = "visit.bring_in"
    template_name = "visits/bring_in.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = self._found(request, code)
        return self.page({"activity": activity, "form": self._form(activity), "why": why_not(activity)})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = self._found(request, code)
        form, status = self._form(activity, request.POST), 422
        if form.is_valid():
            try:
                found = visits_bring_in(
                    code=code,
                    session_id=int(form.cleaned_data["session"]),
                    attendance=form.attendance(),
                    actor=request.scope,
                )
            except FieldErrors as error:
                for name, message in error.fields.items():
                    form.refuse(name, message)
            except DomainError as error:
                add_errors(form, error)
                status = error.status
            else:
                messages.success(request, f"已带入 {len(found)} 家企业的走访。")
                return redirect(f"{reverse('activity', args=[code])}#visits")
        return self.page({"activity": activity, "form": form}, status=status)

    def _found(self, request: HttpRequest, code: str) -> ServiceActivity:
        return get_or_404(ServiceActivity.objects.visible_to(request.scope), code=code)

    def _form(self, activity: ServiceActivity, data: object = None) -> BringInForm:
        sessions = list(activity.sessions.filter(held_on__lte=clock.today()).order_by("held_on", "pk"))
        on = sessions[-1].held_on if sessions else clock.today()
        return BringInForm(data, sessions=sessions, guests=guests_for(activity, self.request.scope, on))
