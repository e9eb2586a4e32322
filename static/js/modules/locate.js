// Fills in where the phone stands, which is WGS-84, and keeps it beside what is typed later, so that a mixed-up grid is noticed.
import { askPlace } from "./photo-facts.js";

export function start(root) {
  const button = root.querySelector("[data-locate]");
  const state = root.querySelector("[data-locate-state]");
  const field = (name) => root.querySelector(`[name="${name}"]`);
  if (!navigator.geolocation) return;
  button.hidden = false;

  function say(words) {
    state.textContent = words;
    state.hidden = false;
  }

  button.addEventListener("click", async () => {
    say("正在定位…");
    const { longitude, latitude } = await askPlace();
    if (!longitude) {
      say("手机没有给出位置。请允许定位后再试，或从地图上查到坐标填写。");
      return;
    }
    field("phone_longitude").value = longitude;
    field("phone_latitude").value = latitude;
    field("longitude").value = longitude;
    field("latitude").value = latitude;
    field("system").value = "wgs84";
    field("system").dispatchEvent(new Event("change", { bubbles: true }));
    say("已填入手机现在的位置，请站在驿站门口定位。");
  });
}
