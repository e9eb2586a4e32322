"""A cadre logs visits on a phone whose network goes and comes back: nothing is lost, nothing is stored twice."""

from typing import Any
from uuid import uuid4

import pytest

from tests.people import PASSWORD, sign_in
from visits.models import Visit

pytestmark = pytest.mark.browser
MANY = 100
OUTBOX = "/visits/outbox/"
STORE = "/static/js/offline/store.js"


@pytest.fixture
def cadre(phone, district):
    phone.set_default_timeout(20_000)
    district.enterprise(1, name="光典芯元微电子（演示）", is_key=True)
    district.enterprise(2, name="越城第二机械有限公司（演示）")
    user = district.cadre(name="陈示例")
    sign_in(phone, user)
    installed(phone)
    return user


def installed(page: Any) -> None:
    """Wait until the worker has the page and the kept data are there."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function(
        f"import('{STORE}').then(async (store) => Boolean(await store.facts({page.evaluate('Number(document.body.dataset.user)')})))"
    )


def queue(page: Any, user: Any, count: int, enterprise: Any) -> list[str]:
    """Visits as the form puts them into the queue, many at once."""
    ids = [str(uuid4()) for _ in range(count)]
    page.evaluate(
        f"""async ([user, ids, code]) => {{
          const {{ keep }} = await import("{STORE}");
          for (const [n, id] of ids.entries()) await keep(user, {{
            id, state: "waiting", label: `走访 ${{n}}`, day: "2024-09-12", photos: [],
            values: {{ id: [id], target_kind: ["enterprise"], enterprise: [code], visited_on: ["2024-09-12"], kind: ["routine"],
              mode: ["on_site"], headcount: ["1"], narrative: [`第 ${{n}} 次`], "issues-TOTAL_FORMS": ["0"] }},
          }});
        }}""",
        [user.pk, ids, enterprise.credit_code],
    )
    return ids


def wait_sent(page: Any, count: int) -> None:
    page.wait_for_function(f"document.querySelectorAll('[data-state=sent]').length === {count}", timeout=120_000)


def fill_in(page: Any, narrative: str) -> None:
    page.get_by_role("combobox", name="走访单位").tap()
    page.keyboard.type("gdxy")
    page.locator("[role=option] mark").first.wait_for()
    page.get_by_role("option").first.tap()
    page.get_by_label("走访情况").fill(narrative)


def test_the_form_opens_without_signal_and_what_was_filled_in_goes_out_by_itself(phone, cadre):
    phone.context.set_offline(True)
    phone.goto("/issues/")
    phone.get_by_role("heading", name="现在没有网络").wait_for()
    phone.goto("/visits/new/")
    fill_in(phone, "车间没有信号")
    phone.get_by_role("button", name="存好并发送").tap()
    phone.wait_for_url(f"**{OUTBOX}")
    phone.locator("[data-state=waiting]").wait_for()
    assert not Visit.objects.exists()
    phone.context.set_offline(False)
    wait_sent(phone, 1)
    visit = Visit.objects.get()
    assert (visit.cadre, visit.target_label, visit.narrative) == (cadre, "光典芯元微电子（演示）", "车间没有信号")


def test_a_hundred_visits_survive_everything_and_are_stored_once_each(phone, cadre, district, live_portal):
    phone.context.set_offline(True)
    phone.goto(OUTBOX)
    ids = queue(phone, cadre, MANY, district.enterprise(1))
    phone.context.set_offline(False)
    stored(10)
    phone.context.set_offline(True)
    phone.context.set_offline(False)
    stored(20)
    phone.close()  # the tab is killed in the middle of sending
    page = phone.context.new_page()
    page.goto(OUTBOX)
    stored(40)
    live_portal.restart()
    stored(60)
    page.context.clear_cookies(name="sessionid")
    page.get_by_text("重新登录").wait_for()
    page.get_by_role("link", name="重新登录").tap()
    page.get_by_label("用户名").fill(cadre.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").tap()
    page.wait_for_url(f"**{OUTBOX}")
    wait_sent(page, MANY)
    assert sorted(str(pk) for pk in Visit.objects.values_list("pk", flat=True)) == sorted(ids)


def stored(count: int) -> None:
    """Wait until so many have arrived."""
    from unionportal.embedded.process import wait_until

    assert wait_until(lambda: Visit.objects.count() >= count, seconds=120, interval=0.02), Visit.objects.count()
