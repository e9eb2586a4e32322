"""Photos that follow their visit one by one, as a phone sends them."""

import io
import socket
from datetime import datetime
from uuid import uuid4

import pytest
from PIL import Image

from tests.people import client_for
from tests.visits.builders import jpeg, logged
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.files.models import Attachment
from visits.models import VisitPhoto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def cadre(district):
    return district.cadre()


@pytest.fixture
def visit(cadre, district):
    return logged(cadre, district.enterprise(1))


def url(visit) -> str:
    return f"/api/v1/visits/{visit.pk}/photos/"


def send(user, visit, **facts):
    return client_for(user).post(url(visit), {"id": str(uuid4()), "file": jpeg(), **facts})


def test_first_201_repeat_200_other_content_409(cadre, visit):
    photo_id = str(uuid4())
    first = send(cadre, visit, id=photo_id)
    assert (first.status_code, first.json()["id"]) == (201, photo_id)
    again = send(cadre, visit, id=photo_id)
    assert (again.status_code, again.json()) == (200, first.json())
    other = send(cadre, visit, id=photo_id, file=jpeg(colour="blue"))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert (VisitPhoto.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_picture_the_form_brought_already_is_not_hung_up_twice(cadre, district):
    visit = logged(cadre, district.enterprise(1), photos=(jpeg(),))
    assert send(cadre, visit).status_code == 200
    assert visit.photos.count() == 1


def test_an_id_of_another_visit_is_a_conflict(cadre, visit, district):
    photo_id = str(uuid4())
    send(cadre, visit, id=photo_id)
    other = logged(cadre, district.enterprise(2))
    assert send(cadre, other, id=photo_id).status_code == 409
    assert not other.photos.exists()


def test_time_and_place_are_kept_where_they_were_sent(cadre, visit):
    answer = send(cadre, visit, taken_at="2024-09-12T14:05:00+08:00", latitude="30.0016789", longitude="120.5792312")
    assert answer.status_code == 201
    photo = visit.photos.get()
    assert photo.taken_at == datetime(2024, 9, 12, 14, 5, tzinfo=SHANGHAI)
    assert (str(photo.latitude), str(photo.longitude)) == ("30.00168", "120.57923")


def test_the_kept_file_has_no_metadata_of_its_own(cadre, visit):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    upload = jpeg()
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(out.getvalue())
    upload.size = len(out.getvalue())
    upload.seek(0)
    assert send(cadre, visit, file=upload).status_code == 201
    with Image.open(visit.photos.get().attachment.file) as kept:
        assert not dict(kept.getexif())


def test_a_phone_clock_a_day_ahead_cannot_date_a_photo_after_it_came(cadre, visit):
    send(cadre, visit, taken_at="2024-09-13T14:05:00+08:00")
    assert visit.photos.get().taken_at == datetime(2024, 9, 12, 15, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("place", [{"latitude": "30"}, {"latitude": "300", "longitude": "120"}])
def test_half_a_place_or_nonsense_is_no_place(cadre, visit, place):
    assert send(cadre, visit, **place).status_code == 201
    assert (visit.photos.get().latitude, visit.photos.get().longitude) == (None, None)


def test_what_is_no_picture_is_refused_at_the_field_and_leaves_nothing(cadre, visit):
    for wrong in (jpeg("车间.pdf"), b""):
        answer = send(cadre, visit, file=wrong)
        assert answer.status_code == 400
        assert "file" in answer.json()["fields"]
    assert not Attachment.objects.exists()


def test_the_tenth_photo_is_refused(cadre, visit):
    for number in range(9):
        assert send(cadre, visit, file=jpeg(colour=f"hsl({number * 40}, 100%, 50%)")).status_code == 201
    answer = send(cadre, visit, file=jpeg(colour="white"))
    assert (answer.status_code, "最多 9 张" in answer.json()["fields"]["file"]) == (400, True)


def test_a_submitted_week_takes_no_more_photos_but_still_answers_a_repeat(cadre, visit):
    photo_id = str(uuid4())
    send(cadre, visit, id=photo_id)
    client_for(cadre).post("/journals/2024-W37/", {"version": "1", "reflections": "", "next_plan": ""})
    refused = send(cadre, visit, file=jpeg(colour="blue"))
    assert (refused.status_code, "周记已于9月12日提交" in refused.json()["detail"]) == (409, True)
    assert send(cadre, visit, id=photo_id).status_code == 200


def test_a_colleague_finds_nothing_and_staff_may_not(cadre, visit, district):
    assert send(district.cadre(), visit).status_code == 404
    assert send(district.staff(), visit).status_code == 403
    assert not visit.photos.exists()


def test_time_and_place_are_shown_and_can_be_deleted_by_the_cadre_alone(cadre, visit, district):
    send(cadre, visit, taken_at="2024-09-12T14:05:00+08:00", latitude="30.00168", longitude="120.57923")
    page = f"/visits/{visit.pk}/"
    assert "30.00168" in client_for(district.leader()).get(page).content.decode()
    forget = f"{page}photos/{visit.photos.get().pk}/forget/"
    assert client_for(district.cadre()).post(forget).status_code == 404
    client_for(cadre).post("/journals/2024-W37/", {"version": "1", "reflections": "", "next_plan": ""})
    assert client_for(cadre).post(forget).url == page
    photo = visit.photos.get()
    assert (photo.taken_at, photo.latitude, photo.longitude) == (None, None, None)
    assert "30.00168" not in client_for(cadre).get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_upload_cut_off_half_way_leaves_nothing_and_can_be_sent_again(live_portal, district):
    cadre = district.cadre()
    visit = logged(cadre, district.enterprise(1))
    session = client_for(cadre).cookies["sessionid"].value
    photo_id = str(uuid4())
    body = multipart(photo_id, jpeg().read())
    head = (
        f"POST {url(visit)} HTTP/1.1\r\nHost: 127.0.0.1:{live_portal.port}\r\nCookie: sessionid={session}; csrftoken={TOKEN}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", live_portal.port)) as line:
        line.sendall(head + body[: len(body) // 2])
        line.shutdown(socket.SHUT_WR)
        assert b" 201 " not in line.recv(4096)
    assert not VisitPhoto.objects.exists()
    assert not Attachment.objects.exists()
    for expected in (b" 201 ", b" 200 "):
        with socket.create_connection(("127.0.0.1", live_portal.port)) as line:
            line.sendall(head + body)
            assert expected in line.recv(4096).split(b"\r\n")[0]
    assert VisitPhoto.objects.get().client_id.hex == photo_id.replace("-", "")


TOKEN = "a" * 32


def multipart(photo_id: str, content: bytes) -> bytes:
    return (
        (
            f'--cut\r\nContent-Disposition: form-data; name="id"\r\n\r\n{photo_id}\r\n'
            f'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        ).encode()
        + content
        + b"\r\n--cut--\r\n"
    )
