"""What goes wrong before a viewset or inside one is told in the API's one shape, in Chinese; pages keep their pages."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.people import District, client_for
from unionportal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from unionportal.urls import urlpatterns as portal

VISITS = "/api/v1/visits/"


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault nobody foresaw")


urlpatterns = [path("api/v1/breaks/", breaks), path("breaks/", breaks), *portal]


def told(answer: HttpResponse) -> tuple[int, str]:
    """Status and code of an answer that has the contract's shape and a Chinese sentence."""
    assert answer["Content-Type"].startswith("application/json")
    body = answer.json()
    assert body.keys() == {"code", "detail"}
    assert re.search("[一-鿿]", body["detail"])
    return answer.status_code, body["code"]


def test_an_address_that_is_not_there(district: District) -> None:
    for client in (Client(), client_for(district.staff())):
        for address in ("/api/v1/nothing/", "/api/v2/", "/api/v1/issues/YC-2024-000001/more/"):
            assert told(client.get(address)) == (404, "not_found")
    assert "text/html" in Client().get("/nothing/")["Content-Type"]


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=b"])
def test_a_body_larger_than_the_server_takes(district: District, settings, content_type: str) -> None:
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = (
        '{"narrative": "' + "x" * size + '"}'
        if content_type == "application/json"
        else f'--b\r\nContent-Disposition: form-data; name="narrative"\r\n\r\n{"x" * size}\r\n--b--\r\n'
    )
    assert told(client_for(district.cadre()).post(VISITS, body, content_type=content_type)) == (400, "too_large")


def test_more_fields_than_the_server_takes(district: District, settings) -> None:
    fields = {f"f{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert told(client_for(district.cadre()).post(VISITS, fields)) == (400, "too_large")


def test_a_session_without_its_page_s_token(district: District) -> None:
    browser = client_for(district.cadre(), enforce_csrf_checks=True)
    assert told(browser.post(VISITS, {}, content_type="application/json")) == (403, "csrf_failed")


def test_another_language_than_json(district: District) -> None:
    reader = client_for(district.staff(), headers={"accept": "text/csv"})
    assert told(reader.get("/api/v1/units/")) == (406, "not_acceptable")


@pytest.mark.django_db
def test_a_fault_inside(settings) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    assert told(client.get("/api/v1/breaks/")) == (500, "server_error")
    page = client.get("/breaks/")
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")
