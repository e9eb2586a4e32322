// Signing out leaves nothing of yours on a shared computer or phone; with a draft or an unsent visit left, it asks first.
import { draftsHere, forget } from "./draft.js";
import { who } from "./who.js";

export function start(form) {
  let cleared = false;

  form.addEventListener("submit", async (event) => {
    if (cleared) return;
    event.preventDefault();
    const phone = who() ? await import("../offline/leaving.js") : null;
    const drafts = draftsHere();
    const unsent = (await phone?.unsentHere()) ?? 0;
    if (drafts.length + unsent && !window.confirm(`本机还有 ${drafts.length + unsent} 份没有提交的内容，退出登录会一并清除，无法找回。确定退出吗？`)) return;
    forget(drafts);
    await phone?.leave();
    cleared = true;
    form.submit();
  });
}
