"""How a finger feels the map: from a movement until what it moved is on the glass, with the stations of a whole province loaded."""

import statistics

from playwright.sync_api import Page

MAP = "/find/"
MOVES = 40
#: Zooms at which it is moved, by taps on 放大 from the whole province: circles only, circles and stations, stations with names.
TAPS = (0, 3, 4)
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


def open_map(page: Page) -> None:
    """The finder with its map open and all it asked for drawn."""
    page.goto(MAP, wait_until="networkidle")
    page.get_by_role("button", name="看地图").tap()
    page.wait_for_load_state("networkidle")


def panned(page: Page) -> dict[int, tuple[float, float]]:
    """Median and slowest milliseconds of a movement, by how often 放大 was tapped."""
    found = {}
    tapped = 0
    for taps in TAPS:
        for _ in range(taps - tapped):
            page.get_by_role("button", name="放大").tap()
        tapped = taps
        page.wait_for_timeout(500)  # tiles are asked for once the map rests
        page.wait_for_load_state("networkidle")
        taken = page.evaluate(PAN, [MOVES])
        found[taps] = statistics.median(taken), max(taken)
    return found
