"""Pages on which staff keeps the standard answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.forms.standard_answers import StandardAnswerForm
from casework.models import StandardAnswer
from casework.services.standard_answers import standard_answer_save
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import PageView, add_errors, get_or_404


class StandardAnswerListView(PageView):
    action = "standard_answer.manage"
    template_name = "casework/standard_answer_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"answers": StandardAnswer.objects.select_related("category").order_by("position", "id")})


class StandardAnswerCreateView(PageView):
    action = "standard_answer.manage"
    template_name = "casework/standard_answer_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": StandardAnswerForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        return _save(self, request, None)


class StandardAnswerEditView(PageView):
    action = "standard_answer.manage"
    template_name = "casework/standard_answer_form.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = get_or_404(StandardAnswer.objects.select_related("category"), pk=pk)
        return self.page({"form": StandardAnswerForm(instance=answer), "answer": answer})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _save(self, request, get_or_404(StandardAnswer.objects.all(), pk=pk))


def _save(view: PageView, request: HttpRequest, answer: StandardAnswer | None) -> HttpResponse:
    form = StandardAnswerForm(request.POST, instance=answer)
    if form.is_valid():
        try:
            saved = standard_answer_save(answer=answer, actor=request.scope, **form.cleaned_data)
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"已保存“{saved.title}”。")
            return redirect("standard-answers")
    return view.page({"form": form, "answer": answer}, status=422)
