"""What makes the portal a thing on the phone: its manifest, the service worker, the pages that open without signal, and the data they work with."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.generic import View

from unionportal.core.common import clock
from unionportal.core.common.views import PageView
from visits.forms.visits import shell_forms
from visits.offline import PARTS, KeptPage, Start, kept_for


def _empty_form() -> dict[str, Any]:
    form, formset = shell_forms()
    return {"form": form, "formset": formset, "promises": {}, "is_enterprise": True, "is_shell": True}


def _starts() -> dict[str, Any]:
    return {"starts": [(reverse(name), page.start) for name, page in PAGES.items() if page.start]}


#: The pages the worker keeps, by the names of their addresses. The same for everybody; scripts fill them with what the phone keeps.
PAGES: dict[str, KeptPage] = {
    "visit-offline": KeptPage(
        "visits/offline/form.html", _empty_form, "visit-create", Start("记一次走访", "plus", "enterprises")
    ),
    "visit-outbox": KeptPage("visits/offline/outbox.html", _starts),
    "no-network": KeptPage("visits/offline/no_network.html", _starts),
}
STYLES = ("tokens", "base", "layout", "components", "forms", "print", "visits")
ICONS = ("favicon.svg", "icon-192.png", "chevron.svg")


def shell(name: str) -> str:
    """One of the kept pages. No request goes in, so nothing of a person can come out."""
    page = PAGES[name]
    return render_to_string(page.template, page.context())


class ShellView(View):
    """A page that opens without signal; with it, it is this one too."""

    name = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(shell(self.name))
        response["Cache-Control"] = "no-cache"
        return response


class OfflineDataView(PageView):
    """What the phone keeps for the person. Headers tell what a send needs first: who is signed in, a fresh CSRF token, the time here."""

    action = "visit.create"

    def permitted(self, request: HttpRequest) -> bool:
        """Whoever has any part to keep."""
        return any(request.may(part.action) for part in PARTS.values())

    def get(self, request: HttpRequest) -> HttpResponseBase:
        now = clock.now()
        kept = kept_for(request.scope, now)
        whole = HttpResponse(kept.body, content_type="application/json", headers={"ETag": kept.tag})
        response = get_conditional_response(request, etag=kept.tag, response=whole) or whole
        response["X-User"] = str(request.scope.user_id)
        response["X-CSRFToken"] = get_token(request)
        response["X-Now"] = now.isoformat()
        response["Cache-Control"] = "no-store"
        return response


class ManifestView(View):
    """What a phone needs to put the portal on its first screen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(
            _manifest(), content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
        )


class WorkerView(View):
    """/sw.js: at the root, because a worker serves nothing above its own address. Another version whenever a file or a page it keeps is another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(_worker() if settings.DEBUG else _worker_once(), content_type="text/javascript")
        response["Cache-Control"] = "no-cache"
        return response


def _manifest() -> dict[str, Any]:
    image = {"type": "image/png", "purpose": "any"}
    return {
        "id": "/",
        "name": "越工周记",
        "short_name": "越工周记",
        "description": "工会驻联工作平台：走访、问题诉求、周记",
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f7fa",
        "theme_color": "#ffffff",
        "icons": [
            {"src": staticfiles_storage.url("img/icon-192.png"), "sizes": "192x192", **image},
            {"src": staticfiles_storage.url("img/icon-512.png"), "sizes": "512x512", **image},
            {
                "src": staticfiles_storage.url("img/icon-maskable-512.png"),
                "sizes": "512x512",
                **image,
                "purpose": "maskable",
            },
        ],
        "shortcuts": [
            {"name": "记一次走访", "url": reverse("visit-create")},
            {"name": "草稿与待发送", "url": reverse("visit-outbox")},
        ],
    }


def _worker() -> str:
    scripts = sorted((settings.BASE_DIR / "static" / "js").rglob("*.js"))
    names = [path.relative_to(settings.BASE_DIR / "static").as_posix() for path in scripts]
    names += [f"css/{name}.css" for name in STYLES] + [f"img/{name}" for name in ICONS]
    kept = {
        "pages": {name: reverse(name) for name in PAGES},
        "instead": {reverse(page.instead_of): reverse(name) for name, page in PAGES.items() if page.instead_of},
        "files": [staticfiles_storage.url(name) for name in names],
    }
    digest = hashlib.sha256(json.dumps(kept).encode())
    for name in PAGES:
        digest.update(shell(name).encode())
    if not settings.STATIC_HASHED:  # then the addresses do not tell one content from another
        for path in scripts:
            digest.update(path.read_bytes())
    kept["version"] = digest.hexdigest()[:12]
    source = staticfiles_storage.url("js/offline/worker.js")
    return f'import {{ serve }} from "{source}";\nserve({json.dumps(kept)});\n'


_worker_once = lru_cache(maxsize=1)(_worker)
