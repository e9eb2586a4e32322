"""How a finger feels the map: from a movement until what it moved is on the glass, with the stations of a whole province loaded."""

import statistics

from playwright.sync_api import Page

MOVES = 40
#: Where it is moved: name, address, and how often 缩小 is tapped first. Circles only; circles and single stations; single stations.
PLACES = (
    ("the province", "/find/", 0),
    ("a town", "/find/?at=120.580,30.000", 3),
    ("a quarter", "/find/?at=120.580,30.000", 0),
)
#: Waits for the frame after a movement and for the task after that frame: by then it is painted.
PAN = """async ([moves]) => {
  const canvas = document.querySelector("[data-map] canvas");
  const box = canvas.getBoundingClientRect();
  const middle = [box.left + box.width / 2, box.top + box.height / 2];
  const send = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name, {
    pointerId: 1, pointerType: "touch", isPrimary: true, bubbles: true, clientX: middle[0] + x, clientY: middle[1] + y,
  }));
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  canvas.setPointerCapture = () => undefined;
  send("pointerdown", 0, 0);
  send("pointermove", 20, 0);
  const taken = [];
  for (let step = 1; step <= moves; step++) {
    const away = step <= moves / 2 ? step : moves - step;
    const started = performance.now();
    send("pointermove", 20 + away * 12, away * 7);
    await painted();
    taken.push(performance.now() - started);
  }
  send("pointerup", 0, 0);
  return taken;
}"""


def panned(page: Page, address: str, taps: int) -> tuple[float, float]:
    """Median and slowest milliseconds of a movement of the map that opens at an address."""
    page.goto(address, wait_until="networkidle")
    page.get_by_role("button", name="看地图").tap()
    for _ in range(taps):
        page.get_by_role("button", name="缩小").tap()
    page.wait_for_timeout(500)  # tiles are asked for once the map rests
    page.wait_for_load_state("networkidle")
    taken = page.evaluate(PAN, [MOVES])
    return statistics.median(taken), max(taken)
