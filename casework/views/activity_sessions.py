"""What took place, on pages: the sessions of a service activity and its photos."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.activities import PhotosForm, SessionForm
from casework.models import ActivityPhoto, ActivitySession, ServiceActivity
from casework.services.activity_sessions import photos_change, session_edit, session_remove
from casework.views.activities import ActivityView, managed_or_refused
from casework.views.acts import sent_version
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response


class ActivityPhotosView(ActivityView):
    """Photos sent from the activity's page, and photos taken off; what is refused comes back there."""

    def get(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        return redirect(f"{reverse('activity', args=[where['code']])}#photos")

    def post(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        activity = self.find(request, **where)
        form = PhotosForm(request.POST, request.FILES)
        removed = [int(pk) for pk in request.POST.getlist("removed") if pk.isascii() and pk.isdigit() and len(pk) < 10]
        if form.is_valid():
            try:
                photos_change(
                    code=activity.code, actor=request.scope, photos=form.cleaned_data["photos"], removed=removed
                )
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, "照片已保存。")
                return redirect(f"{reverse('activity', args=[activity.code])}#photos")
        self.photos_form = form
        return self.show(request, activity, status=422)


class ActivityPhotoView(PageView):
    """A photo, for whoever sees its activity at this moment."""

    action = "activity.view"

    def get(self, request: HttpRequest, code: str, photo_id: int) -> FileResponse:
        activity = get_or_404(ServiceActivity.objects.visible_to(request.scope), code=code)
        photo = get_or_404(ActivityPhoto.objects.select_related("attachment"), pk=photo_id, activity=activity)
        return attachment_response(photo.attachment)


class ActivitySessionView(PageView):
    """A session: its figures are entered or put right, or it is taken out."""

    action = "activity.manage"
    template_name = "casework/activities/session.html"

    def get(self, request: HttpRequest, code: str, session_id: int) -> HttpResponse:
        activity, session = self.both(request, code, session_id)
        return self.show(activity, session, SessionForm(subject=session, scope=request.scope, act="session"))

    def post(self, request: HttpRequest, code: str, session_id: int) -> HttpResponse:
        activity, session = self.both(request, code, session_id)
        form = SessionForm(request.POST, subject=session, scope=request.scope, act="session")
        which = {"code": code, "session_id": session.pk, "version": sent_version(request) or 0, "actor": request.scope}
        removing = request.POST.get("step") == "remove"
        try:
            if removing:
                session_remove(**which)
            elif form.is_valid():
                session_edit(**which, **form.cleaned_data)
            else:
                return self.show(activity, session, form, 422)
        except FieldErrors as error:
            add_errors(form, error)
            return self.show(activity, session, form, 422)
        except DomainError as error:
            form.add_error(None, error.detail)
            return self.show(activity, session, form, error.status)
        messages.success(request, "已删除场次。" if removing else "已保存。")
        return redirect("activity", code=code)

    def both(self, request: HttpRequest, code: str, session_id: int) -> tuple[ServiceActivity, ActivitySession]:
        activity = managed_or_refused(request, code)
        return activity, get_or_404(activity.sessions.all(), pk=session_id)

    def show(
        self, activity: ServiceActivity, session: ActivitySession, form: SessionForm, status: int = 200
    ) -> HttpResponse:
        return self.page({"activity": activity, "session": session, "form": form}, status=status)
