"""The session ends after SESSION_COOKIE_AGE without a request, not that long after sign-in."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

#: How often at most a page view costs a session write.
REFRESH_SECONDS = 300
SEEN = "seen_at"


class IdleTimeoutMiddleware:
    """Touches a signed-in person's session every few minutes, which moves its end on; real time, also in a demo district."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get("_auth_user_id"):
            now = int(time.time())
            if now - request.session.get(SEEN, 0) > REFRESH_SECONDS:
                request.session[SEEN] = now
        return self.get_response(request)
