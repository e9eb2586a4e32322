"""One tap of a phone without account: kept once a day, refused in floods, and nothing of whoever tapped."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casework.models import Issue, PublicCode
from stations.models import Station, StationRating
from stations.ratings import RatingFigures, rating_figures
from stations.services import station_suspend, station_withdraw
from tests.stations.cast import StationCast, point
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.params.models import Parameter


@pytest.fixture
def worker() -> Client:
    return Client()


def rate(worker: Client, station: Station, stars: Any = 5, **more: Any) -> Any:
    return worker.post(f"/find/{station.code}/rate/", {"stars": stars, "rating": uuid4(), **more})


def code_of(station: Station) -> PublicCode:
    return PublicCode.objects.get(owner_uuid=station.uuid)


class TestRating:
    def test_one_tap_is_kept_and_thanked_for(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        page = worker.get(f"/find/{station.code}/").content.decode()
        made = re.search(r'name="rating" value="([^"]+)"', page)
        assert made is not None
        answer = worker.post(f"/find/{station.code}/rate/", {"stars": 4, "rating": made[1]}, follow=True)
        assert "评价已收到" in answer.content.decode()
        assert "您今天已经评价过" in answer.content.decode()
        rating = StationRating.objects.get()
        assert (rating.station, rating.stars, rating.rated_on, str(rating.uuid)) == (
            station,
            4,
            cast.now.date(),
            made[1],
        )

    def test_a_phone_rates_a_station_once_a_day(self, cast: StationCast, worker: Client) -> None:
        station, other = cast.station(), cast.station()
        assert rate(worker, station).status_code == 302
        answer = rate(worker, station, 1)
        assert answer.status_code == 409
        assert "明天可以再评" in answer.content.decode()
        assert rate(worker, other).status_code == 302
        assert rate(Client(), station).status_code == 302  # another phone
        with clock.at(cast.now + timedelta(days=1)):
            assert rate(worker, station).status_code == 302
        assert StationRating.objects.count() == 4

    def test_a_retry_is_the_same_row(self, cast: StationCast) -> None:
        station, made = cast.station(), uuid4()
        for _ in range(2):  # the answer with its cookie was lost
            assert rate(Client(), station, 3, rating=made).status_code == 302
        assert rate(Client(), station, 5, rating=made).status_code == 409
        assert [rating.stars for rating in StationRating.objects.all()] == [3]

    def test_a_cookie_that_was_tampered_with_counts_as_none(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        rate(worker, station)
        worker.cookies["rated_stations"] = worker.cookies["rated_stations"].value.replace(station.code, "YZ-00000")
        assert rate(worker, station).status_code == 302
        assert worker.get(f"/find/{station.code}/").status_code == 200

    def test_the_cookie_tells_nothing_of_the_phone(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        cookie = rate(worker, station).cookies["rated_stations"]
        day, codes = cookie.value.split(":")[:2]
        assert (day, codes) == (cast.now.date().isoformat(), station.code)
        assert cookie["httponly"]
        assert {field.name for field in StationRating._meta.get_fields()} == {
            "id",
            "uuid",
            "station",
            "stars",
            "rated_on",
        }

    @pytest.mark.parametrize(
        ("parameter", "phones"), [("stations.ratings_per_station_hour", 3), ("stations.ratings_per_address_hour", 3)]
    )
    def test_a_flood_is_refused_and_what_it_counted_stays_counted(
        self, cast: StationCast, parameter: str, phones: int
    ) -> None:
        station = cast.station()
        Parameter.objects.create(key=parameter, value=phones, effective_on=cast.now.date())
        answers = [rate(Client(), station).status_code for _ in range(phones + 3)]
        assert answers == [302] * phones + [429] * 3
        assert StationRating.objects.count() == phones

    def test_another_network_is_not_held_up_by_a_flood(self, cast: StationCast) -> None:
        station = cast.station()
        Parameter.objects.create(key="stations.ratings_per_address_hour", value=1, effective_on=cast.now.date())
        assert [rate(Client(), station).status_code for _ in range(2)] == [302, 429]
        assert rate(Client(REMOTE_ADDR="203.0.113.9"), station).status_code == 302

    @pytest.mark.parametrize("stars", ["0", "6", "", "五", "-1", "99999999999"])
    def test_other_than_one_to_five_is_refused(self, cast: StationCast, worker: Client, stars: str) -> None:
        answer = rate(worker, cast.station(), stars)
        assert answer.status_code == 400
        assert "请点 1 到 5 颗星" in answer.content.decode()
        assert not StationRating.objects.exists()

    def test_a_station_that_does_not_serve_is_not_rated(self, cast: StationCast, worker: Client) -> None:
        paused, gone, planned = cast.station(), cast.station(), cast.planned()
        station_suspend(code=paused.code, version=None, reason="装修", actor=cast.scope("staff"))
        station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"))
        assert [rate(worker, each).status_code for each in (paused, gone, planned)] == [409, 409, 404]
        assert not StationRating.objects.exists()

    def test_a_form_of_another_site_is_refused(self, cast: StationCast) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert rate(strict, cast.station()).status_code == 403


class TestDoor:
    """What the code at the door opens."""

    def test_report_form_and_rating_are_one_page(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        page = worker.get(f"/r/{code_of(station).token}/").content.decode()
        assert "这个驿站好不好用" in page
        assert f'action="/find/{station.code}/rate/"' in page
        assert "发生了什么事" in page
        rate(worker, station)
        assert "您今天已经评价过这个驿站" in worker.get(f"/r/{code_of(station).token}/").content.decode()
        assert not Issue.objects.exists()

    def test_of_a_withdrawn_station_it_says_so_and_where_to_go(self, cast: StationCast, worker: Client) -> None:
        gone, near = cast.station(), cast.station()
        station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"))
        answer = worker.get(f"/r/{code_of(gone).token}/")
        page = answer.content.decode()
        assert answer.status_code == 410
        for words in ("已经停用", "已经撤销", near.name):
            assert words in page

    def test_the_code_of_a_withdrawn_station_is_not_opened_again(self, cast: StationCast, worker: Client) -> None:
        gone = cast.station()
        station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"))
        code = code_of(gone)
        refused = cast.client("staff").post(f"/codes/{code.uuid}/reopen/")
        assert refused.status_code == 409
        assert "已撤销，不能重新启用它的维权码" in refused.content.decode()
        PublicCode.objects.filter(pk=code.pk).update(closed_at=None)  # as one opened again before this was refused
        answer = worker.get(f"/r/{code.token}/")
        assert answer.status_code == 410
        assert "已撤销，这里的维权码不能再提交" in answer.content.decode()

    def test_a_code_of_something_else_has_nothing_of_stations(self, cast: StationCast, worker: Client) -> None:
        from casework.services import code_create

        code = code_create(owner=cast.district.enterprise(), actor=cast.scope("staff"))
        assert "好不好用" not in worker.get(f"/r/{code.token}/").content.decode()


class TestPlate:
    def test_keeper_clerk_and_staff_print_it(self, cast: StationCast) -> None:
        station = cast.station()
        cast.kept(station)
        address = f"/r/{code_of(station).token}/"
        for who in ("keeper", "clerk", "staff"):
            page = cast.client(who).get(f"/stations/plates/{station.code}/?size=a5").content.decode()
            assert "plate-a5" in page
            assert "<svg" in page
            for words in (station.name, station.code, "每天 08:00–20:00", "饮用水", "0575-88010001"):
                assert words in page
            assert address not in page  # the code carries it; a printed address would be typed wrong

    def test_others_cannot(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        cast.kept(station)
        asked = {
            who: cast.client(who).get(f"/stations/plates/{station.code}/").status_code
            for who in ("other_keeper", "neighbour", "handler", "cadre")
        }
        assert asked == {"other_keeper": 404, "neighbour": 404, "handler": 403, "cadre": 403}
        assert worker.get(f"/stations/plates/{station.code}/").status_code == 302

    def test_without_a_code_in_use_it_says_why(self, cast: StationCast) -> None:
        planned, gone = cast.planned(), cast.station()
        station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"))
        staff = cast.client("staff")
        assert "启用后才有二维码" in staff.get(f"/stations/plates/{planned.code}/").content.decode()
        assert "门牌请取下" in staff.get(f"/stations/plates/{gone.code}/").content.decode()


class TestFigures:
    def test_of_a_period_a_station(self, cast: StationCast) -> None:
        one, two, three = cast.station(), cast.station(point=point("wgs84", "120.62", "30.01")), cast.station()
        for station, stars, day in ((one, 5, 1), (one, 2, 15), (one, 1, 30), (two, 4, 3)):
            with clock.at(datetime(2024, 9, day, 12, tzinfo=SHANGHAI)):
                assert rate(Client(), station, stars).status_code == 302
        september = {"start": date(2024, 9, 1), "end": date(2024, 9, 30)}
        figures = rating_figures([one.pk, two.pk, three.pk], **september)
        assert figures == {
            one.pk: RatingFigures(count=3, stars=8, bad=2),
            two.pk: RatingFigures(count=1, stars=4, bad=0),
            three.pk: RatingFigures(),
        }
        assert figures[three.pk].average is None
        assert rating_figures([one.pk], start=date(2024, 9, 2), end=date(2024, 9, 29))[one.pk].count == 1

    def test_on_the_stations_own_page(self, cast: StationCast) -> None:
        station = cast.station()
        for stars in (5, 1):
            rate(Client(), station, stars)
        page = cast.client("clerk").get(f"/stations/{station.code}/").content.decode()
        for words in ("2 次，平均 3.0 分，差评 1 次", f"/find/{station.code}/", f"/stations/plates/{station.code}/"):
            assert words in page

    def test_a_few_are_not_shown_as_a_figure(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        for stars in (5, 5, 4, 4):
            rate(Client(), station, stars)
        assert "人评价" not in worker.get(f"/find/{station.code}/").content.decode()
        rate(Client(), station, 4)
        assert "近90天 5 人评价，平均 4.4 分" in worker.get(f"/find/{station.code}/").content.decode()
