// The meeting-room screen: one slide at a time, each in its turn. htmx renews the slides; while the portal is away the old ones go on and the screen says so.
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

export function start(wall) {
  const [lost, lostAt, time] = ["lost", "lost-at", "time"].map((name) => wall.querySelector(`[data-wall-${name}]`));
  const pause = wall.querySelector("[data-wall-pause]");
  const place = wall.querySelector("[data-wall-place]");
  let current = 0;

  function show(number) {
    const slides = [...wall.querySelectorAll("[data-slide]")];
    current = (number + slides.length) % slides.length;
    slides.forEach((slide, index) => {
      slide.inert = index !== current; // out of sight, yet laid out: its chart is drawn before its turn and nothing jumps
      slide.classList.toggle("is-shown", index === current);
    });
    place.textContent = `${current + 1} / ${slides.length} ${slides[current].dataset.slide}`;
  }

  let timer = null;
  function run(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => show(current + 1), Number(wall.dataset.seconds) * 1000) : null;
    pause.setAttribute("aria-pressed", String(!on));
    pause.textContent = on ? "暂停" : "继续";
  }

  function connected(yes) {
    if (yes) time.textContent = clock();
    else if (lost.hidden) lostAt.textContent = time.textContent;
    lost.hidden = yes;
  }

  const step = (by) => {
    show(current + by);
    if (timer) run(true); // a slide somebody asked for stays its whole time
  };
  for (const button of wall.querySelectorAll("[data-wall-step]")) button.addEventListener("click", () => step(Number(button.dataset.wallStep)));
  pause.addEventListener("click", () => run(timer === null));
  wall.querySelector("[data-wall-full]").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") step(1);
    if (event.key === "ArrowLeft") step(-1);
  });

  wall.addEventListener("htmx:afterSwap", () => show(current));
  wall.addEventListener("htmx:afterRequest", (event) => event.detail.successful && connected(true));
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    wall.addEventListener(name, (event) => {
      event.stopPropagation(); // said here once, not by a toast every minute
      connected(false);
    });
  }
  addEventListener("offline", () => connected(false));
  addEventListener("online", () => wall.querySelector("#wall-data").dispatchEvent(new Event("wall:refresh")));
  show(0);
  run(true);
}
