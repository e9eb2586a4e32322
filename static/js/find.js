// The station finder. Where the phone is, is asked for only at a tap, told to a hundred metres and kept nowhere; the map comes when somebody opens it.
import * as submitOnce from "./modules/submit-once.js";

const REFUSED = 1; // GeolocationPositionError.PERMISSION_DENIED

for (const form of document.querySelectorAll('[data-module~="submit-once"]')) submitOnce.start(form);
for (const box of document.querySelectorAll("[data-locate-box]")) offerPlace(box);
for (const button of document.querySelectorAll("[data-map-open]")) offerMap(button, document.querySelector("[data-map]"));

function offerPlace(box) {
  if (!navigator.geolocation || !isSecureContext) return;
  const note = box.querySelector("[data-locate-note]");
  box.hidden = false;
  box.querySelector("[data-locate]").addEventListener("click", () => {
    note.textContent = "正在定位…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => look(box.closest("form"), coords),
      ({ code }) => {
        note.textContent =
          code === REFUSED ? "没有定位权限。可以在下面按镇街查找，或搜名称、地址。" : "暂时定不了位。请稍后再试，或按镇街、地址查找。";
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}

// The same list, by distance from here: a third decimal is a hundred metres.
function look(form, { longitude, latitude }) {
  const asked = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && name !== "at"));
  asked.set("at", `${longitude.toFixed(3)},${latitude.toFixed(3)}`);
  location.assign(`${form.action.split("?")[0]}?${asked}`);
}

function offerMap(button, box) {
  let started = false;
  button.hidden = false;
  button.addEventListener("click", async () => {
    box.hidden = !box.hidden;
    button.textContent = box.hidden ? "看地图" : "收起地图";
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (started || box.hidden) return;
    started = true;
    const { start } = await import("./map/map.js");
    start(box);
  });
}
