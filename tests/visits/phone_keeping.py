"""What the tests of a phone without signal share: the kept things looked at, filled and waited for."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.people import PASSWORD
from unionportal.embedded.process import wait_until
from visits.models import Visit

OUTBOX = "/visits/outbox/"
#: A second copy of the module, for the tests alone; what it keeps is the same database.
STORE = "/static/js/offline/store.js"


def installed(page: Any) -> None:
    """Wait until the worker serves the page and the form's data are kept."""
    page.evaluate(
        f"""async () => {{
          const {{ facts }} = await import("{STORE}");
          const user = Number(document.body.dataset.user);
          const last = Date.now() + 30_000;
          while (!navigator.serviceWorker.controller || !(await facts(user))) {{
            if (Date.now() > last) throw new Error("the phone keeps nothing yet");
            await new Promise((resolve) => setTimeout(resolve, 20));
          }}
        }}"""
    )


def queue(page: Any, user: Any, count: int, enterprise: Any, **facts: str) -> list[str]:
    """Visits as the form puts them into the queue, many at once."""
    ids = [str(uuid4()) for _ in range(count)]
    typed = {"visited_on": "2024-09-12", "enterprise": enterprise.credit_code, "target_kind": "enterprise"}
    typed |= {"kind": "routine", "mode": "on_site", "headcount": "1", "issues-TOTAL_FORMS": "0", **facts}
    page.evaluate(
        f"""async ([user, ids, typed]) => {{
          const {{ keep }} = await import("{STORE}");
          const lists = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, [value]]));
          for (const [n, id] of ids.entries()) {{
            const values = {{ narrative: [`第 ${{n}} 次`], ...lists, id: [id] }};
            await keep(user, {{ id, state: "waiting", label: `走访 ${{n}}`, day: typed.visited_on, photos: [], values }});
          }}
        }}""",
        [user.pk, ids, typed],
    )
    return ids


def wait_sent(page: Any, count: int) -> None:
    """Until the page shows so many as delivered."""
    expect(page.locator("[data-state=sent]")).to_have_count(count, timeout=120_000)


def stored(count: int) -> None:
    """Wait until so many have arrived."""
    assert wait_until(lambda: Visit.objects.count() >= count, seconds=120, interval=0.01), Visit.objects.count()


def sign_in_again(page: Any, user: Any) -> None:
    """Through the link of the notice, back to where it stands."""
    page.get_by_role("link", name="重新登录").tap()
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").tap()
    page.wait_for_url(f"**{OUTBOX}")
