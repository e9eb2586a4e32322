"""Pages on which staff keeps the categories."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.forms.categories import CategoryForm, NewCategoryForm
from casework.models import Category
from casework.selectors import categories_in_order
from casework.services import category_create, category_update
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import PageView, add_errors, get_or_404


class CategoryListView(PageView):
    action = "category.manage"
    template_name = "casework/category_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"categories": categories_in_order()})


class CategoryCreateView(PageView):
    action = "category.manage"
    template_name = "casework/category_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": NewCategoryForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewCategoryForm(request.POST)
        if form.is_valid():
            try:
                category = category_create(actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已新增类别“{category.name}”。")
                return redirect("category-list")
        return self.page({"form": form}, status=422)


class CategoryEditView(PageView):
    action = "category.manage"
    template_name = "casework/category_form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        category = get_or_404(Category.objects.all(), code=code)
        return self.page({"form": CategoryForm(instance=category), "category": category})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        category = get_or_404(Category.objects.all(), code=code)
        form = CategoryForm(request.POST, instance=get_or_404(Category.objects.all(), code=code))
        if form.is_valid():
            try:
                category_update(category=category, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已保存“{form.cleaned_data['name']}”。")
                return redirect("category-list")
        return self.page({"form": form, "category": category}, status=422)
