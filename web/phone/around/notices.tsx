/** What stands first: whom to call in danger, and what the centre knows already. A notice can be hidden
 * on this phone; it ends by itself. */

import { ChevronDown, CloudRainWind, Construction, Droplet, Megaphone, X, Zap } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { boot } from "../core/boot";
import { areas, city, liveNotices, loadNotices } from "../core/city";
import { locale } from "../core/locale";
import { online } from "../core/online";
import { spokenDay, spokenMoment } from "../core/time";
import type { Notice } from "../core/types";
import { shortName } from "../map/names";
import { Icon, type IconNode } from "../ui/icon";
import { words } from "./words";

const HIDDEN = "xom-hidden-notices";
const EVERY_MS = 60_000;
const icons: Record<string, IconNode> = {
  flood: CloudRainWind,
  power: Zap,
  water: Droplet,
  road: Construction,
};

/** One line, always there: police, fire and rescue, ambulance. */
export function Danger() {
  const w = words();
  const lines = (city.value?.hotlines ?? boot.hotlines ?? []).slice(0, 3);
  if (!lines.length) return null;
  return (
    <p class="around-danger">
      <span>{w.danger}</span>
      <span class="around-danger-lines">
        {lines.map((line) => (
          <a key={line.number} href={`tel:${line.number}`} aria-label={w.call(line.name, line.number)}>
            {line.number}
          </a>
        ))}
      </span>
    </p>
  );
}

interface NoticesProps {
  area: string | null; // of interest: its own stand first
  most: number;
}

export function Notices({ area, most }: NoticesProps) {
  const [hidden, setHidden] = useState(readHidden);
  const [all, setAll] = useState(false);
  useMinutes();
  const w = words();
  const mine = liveNotices(area);
  const others = liveNotices().filter((notice) => !mine.includes(notice));
  const live = [...mine, ...others].filter((notice) => !(notice.id in hidden));
  if (!live.length) return null;
  const first = live.filter((notice) => mine.includes(notice)).slice(0, most);
  const shown = all ? live : first;
  const hide = (notice: Notice) => setHidden(writeHidden({ ...hidden, [notice.id]: notice.ends_at }));
  return (
    <section class="around-notices" aria-label={w.notices}>
      {shown.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} hide={() => hide(notice)} />
      ))}
      {live.length > shown.length && (
        <button type="button" class="around-more-notices" onClick={() => setAll(true)}>
          <Icon of={ChevronDown} size={16} />
          {shown.length ? w.moreNotices(live.length - shown.length) : w.elsewhere(live.length)}
        </button>
      )}
    </section>
  );
}

function NoticeCard({ notice, hide }: { notice: Notice; hide: () => void }) {
  const w = words();
  return (
    <article class="around-notice">
      <span class="around-notice-icon">
        <Icon of={icons[notice.kind] ?? Megaphone} />
      </span>
      <div>
        <p>{notice.text}</p>
        <p class="muted">{[...whereOf(notice), untilOf(notice)].join(" · ")}</p>
      </div>
      <button type="button" class="icon-button" aria-label={w.dismiss} onClick={hide}>
        <Icon of={X} />
      </button>
    </article>
  );
}

/** The wards that it is for, while there are few. */
function whereOf(notice: Notice): string[] {
  const names = notice.areas.map((code) => areas.value.find((area) => area.code === code)?.name);
  const known = names.flatMap((name) => (name ? [shortName(name)] : []));
  return known.length && known.length <= 3 ? [known.join(", ")] : [];
}

/** "Đến 14:08" today, with the day when it is another. */
function untilOf(notice: Notice): string {
  const moment = spokenMoment(notice.ends_at);
  const today = spokenDay(new Date());
  return words().until(moment.replace(` ${today}`, ""));
}

/** Notices come and end while the screen is open. */
function useMinutes(): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      tick((count) => count + 1);
      if (!document.hidden && online.value) void loadNotices();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [locale.value]);
}

/** Which notices were hidden here, until they would have ended. */
function readHidden(): Record<string, string> {
  try {
    return writeHidden(JSON.parse(localStorage.getItem(HIDDEN) ?? "{}") as Record<string, string>);
  } catch {
    return {};
  }
}

function writeHidden(hidden: Record<string, string>): Record<string, string> {
  const still = Object.entries(hidden).filter(([, ends]) => Date.parse(ends) > Date.now());
  const kept = Object.fromEntries(still);
  try {
    localStorage.setItem(HIDDEN, JSON.stringify(kept));
  } catch {
    // full or forbidden: hidden until the page is left
  }
  return kept;
}
