/** Shown above every screen while my session is known to have run out: what waits on this phone stays
 * there, and one comes back to where one was. Part of the frame, so it brings its own few words. */

import { KeyRound } from "lucide";
import { inWords } from "../core/locale";
import { place } from "../core/router";
import { waitingCount } from "../sending/outbox";
import { ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { useMe } from "./use-me";

const words = inWords({
  vi: {
    title: "Phiên đăng nhập đã hết hạn",
    why: (who: string) => `Đăng nhập lại${who ? ` bằng số ${who}` : ""} để xem và gửi tiếp.`,
    waiting: (n: number) => `${n} mục chưa gửi vẫn nằm trong máy, đăng nhập xong sẽ tự gửi.`,
    again: "Đăng nhập lại",
  },
  en: {
    title: "Your session has ended",
    why: (who: string) => `Sign in again${who ? ` with ${who}` : ""} to read and send on.`,
    waiting: (n: number) =>
      n === 1
        ? "One thing not sent yet is still on this phone, and is sent once you have signed in."
        : `${n} things not sent yet are still on this phone, and are sent once you have signed in.`,
    again: "Sign in again",
  },
});

export function SignInAgain() {
  const session = useMe();
  const { path, query } = place.value;
  if (!session?.expired || session.account.kind === "guest" || path === "/me/sign-in") return null;
  const w = words();
  const here = query.toString() ? `${path}?${query}` : path;
  return (
    <aside class="sign-in-again" aria-labelledby="sign-in-again">
      <Icon of={KeyRound} size={24} />
      <div>
        <strong id="sign-in-again">{w.title}</strong>
        <p>
          {w.why(session.phone ?? "")} {waitingCount.value > 0 && w.waiting(waitingCount.value)}
        </p>
        <ButtonLink to={`/me/sign-in?back=${encodeURIComponent(here)}`}>{w.again}</ButtonLink>
      </div>
    </aside>
  );
}
