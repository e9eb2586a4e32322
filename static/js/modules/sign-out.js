// Signing out leaves nothing of yours on a shared computer; with a draft left, it asks first.
import { draftsHere, forget } from "./draft.js";

export function start(form) {
  form.addEventListener("submit", (event) => {
    const drafts = draftsHere();
    if (drafts.length && !window.confirm(`本机还有 ${drafts.length} 份没有提交的草稿，退出登录会一并清除。确定退出吗？`)) {
      event.preventDefault();
      return;
    }
    forget(drafts);
  });
}
