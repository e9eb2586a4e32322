"""What a phone keeps for logging without signal, and the pages it keeps."""

import re

import pytest
from django.test import Client

from casework.models import Category
from tests.people import client_for
from tests.queries import queries_of
from unionportal.core.accounts.models import Posting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
URL = "/visits/offline/data/"


@pytest.fixture
def cadre(district):
    return district.cadre(name="陈示例")


def data(user, **headers):
    return client_for(user).get(URL, headers=headers)


def names(user) -> set[str]:
    return {row["label"] for row in data(user).json()["enterprises"]}


def test_only_the_enterprises_of_the_cadres_own_postings(cadre, district):
    own, other = district.enterprise(1), district.enterprise(2, township=district.township("330602007"))
    district.enterprise(3, is_active=False)
    assert names(cadre) == {own.name}
    single = district.cadre(enterprises=[other])
    assert names(single) == {other.name}
    Posting.objects.filter(cadre=cadre).update(end_on="2024-09-11")
    assert names(cadre) == set()


def test_what_the_form_needs_and_no_more(cadre, district):
    district.enterprise(1, name="光典芯元微电子（演示）", is_key=True, contact_phone="13800000001")
    kept = data(cadre)
    content = kept.json()
    assert content["user"] == {"id": cadre.pk, "name": "陈示例"}
    assert content["enterprises"][0] | {"id": ""} == {
        "id": "",
        "label": "光典芯元微电子（演示）",
        "pinyin": "guangdianxinyuanweidianzi（yanshi）",
        "initials": "gdxywdzys",
        "township": "稽山街道",
        "key": True,
    }
    assert [unit["label"] for unit in content["townships"]] == ["稽山街道"]
    assert len(content["categories"]) == Category.objects.filter(is_active=True).count()
    assert "办理期限" in content["promises"]["dues_refund"]
    assert "13800000001" not in kept.content.decode()


def test_asked_again_with_its_tag_it_answers_304_with_all_a_send_needs(cadre, district):
    first = data(cadre)
    again = data(cadre, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["X-User"] == str(cadre.pk)
    assert len(again["X-CSRFToken"]) == 64
    assert again["X-Now"] == "2024-09-12T15:30:00+08:00"
    assert "no-store" in again["Cache-Control"]
    district.enterprise(1)
    assert data(cadre, if_none_match=first["ETag"]).status_code == 200


def test_many_enterprises_cost_no_more_queries_than_one(cadre, district):
    client = client_for(cadre)
    district.enterprise(1)
    one = queries_of(client, URL)
    for number in range(2, 22):
        district.enterprise(number)
    assert queries_of(client, URL) == one


def test_a_district_of_many_enterprises_is_cut_with_the_key_ones_first(cadre, district, monkeypatch):
    monkeypatch.setattr("visits.offline.MOST_ENTERPRISES", 2)
    for number in (1, 2):
        district.enterprise(number)
    key = district.enterprise(3, is_key=True)
    content = data(cadre).json()
    assert (len(content["enterprises"]), content["more"]) == (2, True)
    assert content["enterprises"][0]["label"] == key.name


@pytest.mark.parametrize("address", ["/visits/offline/", "/stations/care/check/", "/visits/outbox/", "/no-network/"])
def test_a_kept_page_is_the_same_for_everybody_and_names_nobody(cadre, district, address):
    strange, mine = Client().get(address), client_for(cadre).get(address)
    assert strange.status_code == 200
    assert strange.content == mine.content
    for word in (cadre.display_name, cadre.username, "csrfmiddlewaretoken", "data-user"):
        assert word not in mine.content.decode()


def test_the_worker_keeps_files_and_pages_and_is_never_itself_kept():
    answer = Client().get("/sw.js")
    source = answer.content.decode()
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "no-cache")
    for kept in (
        "/visits/offline/",
        "/stations/care/check/",
        "/visits/outbox/",
        "/no-network/",
        "/static/js/main.js",
        "/static/css/visits.css",
    ):
        assert kept in source
    assert re.search(r'"version": "[0-9a-f]{12}"', source)
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_manifest_names_icons_that_are_there_one_of_them_for_a_mask():
    manifest = Client().get("/manifest.webmanifest").json()
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert (manifest["start_url"], manifest["display"], manifest["lang"]) == ("/", "standalone", "zh-Hans")
