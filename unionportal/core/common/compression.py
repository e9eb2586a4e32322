"""Pages and API answers are compressed on the way out; files are already."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/manifest+json")


class CompressedPages(GZipMiddleware):
    """Text only: photos, workbooks and Word files are compressed by nature, and would lose their length.

    Against BREACH: the CSRF token is masked anew in every answer, and Django pads compressed answers with random bytes.
    docs/decisions/0016-phone-without-signal.md.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
