"""A bare signed-in page of 50 rows from one indexed query: what a list page cannot be cheaper than here."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from casework.models import Issue

PAGE = Engine().from_string(
    "<!doctype html><title>floor</title><table>{% for row in rows %}<tr><td>{{ row.code }}</td><td>{{ row.title }}</td>"
    "<td>{{ row.state }}</td><td>{{ row.received_on }}</td></tr>{% endfor %}</table>"
)


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """Fifty issues, newest first, by the index on that order."""
    found = Issue.objects.only("code", "title", "state", "received_on").order_by("-received_on", "-id")[:50]
    return HttpResponse(PAGE.render(Context({"rows": found})))


urlpatterns = [path("floor/", rows)]
