// A summary of errors or a conflict takes the focus, so that nobody has to find it.
export function start(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}
