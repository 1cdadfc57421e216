/** What I follow: wards, kinds, circles; each can be let go, and taken back. Shown here and at /me. */

import { Bell, BellOff, BellPlus, X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork, Problem } from "../core/api";
import { loadOutlines } from "../core/city";
import { onChange } from "../core/db";
import { useKept } from "../core/kept";
import { locale } from "../core/locale";
import { ME, callAs, ensured, sessionOf } from "../core/session";
import type { Named, Page } from "../core/types";
import { areaAt } from "../map/places";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { distance } from "../ui/report-card";
import { Empty, KeptLine, Trouble } from "../ui/states";
import { toast } from "../ui/toast";
import { words } from "./follow-words";

export interface Wish {
  area: string | null;
  category: string | null;
  lat: number | null;
  lng: number | null;
  radius: number | null;
}

export interface Followed extends Omit<Wish, "area" | "category"> {
  id: string;
  area: Named | null;
  category: Named | null;
}

export const FOLLOWED = "/me/subscriptions";

/** Follow it; a guest's session is made when there is none. Throws like `call`. */
export async function follow(id: string, wish: Wish): Promise<Followed> {
  await ensured(ME, locale.value);
  return callAs<Followed>(ME, `${FOLLOWED}/${id}`, { method: "PUT", json: wish, locale: locale.value });
}

/** `begin`: follow a place, or one more; offered where it is not at hand already. */
export function Following({ begin }: { begin?: () => void }) {
  const someone = useSomeone();
  const kept = useKept<Page<Followed>>(someone ? FOLLOWED : null);
  const circles = kept.value?.items.some((one) => one.radius !== null);
  useEffect(() => {
    if (circles) void loadOutlines(); // they name the ward in which a circle lies
  }, [circles]);
  const w = words();
  const none = <NothingFollowed begin={begin} />;
  if (someone === false) return none;
  if (kept.error instanceof Problem && kept.error.status === 401) return none;
  if (kept.state === "loading") return <div class="skeleton around-followed-wait" aria-busy="true" />;
  if (!kept.value) return <Trouble error={kept.error} again={kept.again} />;
  if (!kept.value.items.length) return none;
  return (
    <section class="around-following" aria-label={w.followed}>
      <KeptLine at={kept.at} error={kept.error} />
      <ul class="around-followed">
        {kept.value.items.map((one) => (
          <FollowedRow key={one.id} one={one} again={kept.again} />
        ))}
      </ul>
      {begin && (
        <Button icon={BellPlus} wide onClick={begin}>
          {w.another}
        </Button>
      )}
    </section>
  );
}

/** Whether this phone has a session at all (null: not looked yet): nobody follows nothing. */
function useSomeone(): boolean | null {
  const [someone, tell] = useState<boolean | null>(null);
  useEffect(() => {
    const look = () => void sessionOf(ME).then((session) => tell(session !== null), () => tell(false));
    look();
    return onChange((what) => what === "session" && look());
  }, []);
  return someone;
}

function NothingFollowed({ begin }: { begin?: () => void }) {
  const w = words();
  return (
    <Empty icon={Bell} title={w.nothing}>
      <p>{w.nothingText}</p>
      {begin && (
        <Button look="primary" icon={BellPlus} onClick={begin}>
          {w.title}
        </Button>
      )}
    </Empty>
  );
}

function FollowedRow({ one, again }: { one: Followed; again: () => void }) {
  const [busy, setBusy] = useState(false);
  const w = words();
  const back = () => void follow(one.id, wishOf(one)).then(again, (error) => toast(troubleOf(error)));
  const remove = async () => {
    setBusy(true);
    try {
      await callAs(ME, `${FOLLOWED}/${one.id}`, { method: "DELETE", locale: locale.value });
      toast(w.removed(nameOf(one)), { label: w.undo, do: back });
      again();
    } catch (error) {
      toast(troubleOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <Icon of={Bell} />
      <span>{nameOf(one)}</span>
      <button
        type="button"
        class="icon-button"
        disabled={busy}
        aria-label={w.remove(nameOf(one))}
        onClick={() => void remove()}
      >
        <Icon of={busy ? BellOff : X} />
      </button>
    </li>
  );
}

function wishOf({ area, category, lat, lng, radius }: Followed): Wish {
  return { area: area?.code ?? null, category: category?.code ?? null, lat, lng, radius };
}

/** "Ngập úng, thoát nước, Phường Thuận Hóa"; "Trong vòng 1 km, Phường Phú Xuân". */
export function nameOf(one: Followed): string {
  const w = words();
  const parts = [one.category?.name, one.area?.name];
  if (one.radius !== null && one.lat !== null && one.lng !== null) {
    const around = areaAt(one.lat, one.lng)?.name;
    parts.push(around ? w.circleIn(distance(one.radius), around) : w.circle(distance(one.radius)));
  }
  return parts.filter(Boolean).join(" · ");
}

/** What went wrong, in a sentence, and what it means here. */
export function troubleOf(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  return error instanceof NoNetwork ? words().noNetwork : words().busy;
}
