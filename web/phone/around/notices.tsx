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
export function Danger({ brief = false }: { brief?: boolean }) {
  const w = words();
  const lines = (city.value?.hotlines ?? boot.hotlines ?? []).slice(0, 3);
  if (!lines.length) return null;
  return (
    <p class="around-danger">
      <span>{brief ? w.emergency : w.danger}</span>
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
  const { live, mine, hide } = useLive(area);
  const [all, setAll] = useState(false);
  const w = words();
  if (!live.length) return null;
  const shown = all ? live : mine.slice(0, most);
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

/** All of it in one row, above a map: the numbers to call, and the notices behind their count. */
export function Brief({ area }: { area: string | null }) {
  const { live, hide } = useLive(area);
  const [open, setOpen] = useState(false);
  const w = words();
  return (
    <>
      <div class="around-brief">
        <Danger brief />
        {live[0] && (
          <button type="button" class="around-chip" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon of={iconOf(live[0])} />
            <span>{w.told(live.length)}</span>
          </button>
        )}
      </div>
      {open && live.length > 0 && (
        <section class="around-notices" aria-label={w.notices}>
          {live.map((notice) => (
            <NoticeCard key={notice.id} notice={notice} hide={() => hide(notice)} />
          ))}
        </section>
      )}
    </>
  );
}

/** What the centre tells now and was not hidden here, this area's own first. */
function useLive(area: string | null) {
  const [hidden, setHidden] = useState(readHidden);
  useMinutes();
  const seen = (notice: Notice) => !(notice.id in hidden);
  const mine = liveNotices(area).filter(seen);
  const others = liveNotices().filter((notice) => seen(notice) && !mine.includes(notice));
  const hide = (notice: Notice) => setHidden(writeHidden({ ...hidden, [notice.id]: notice.ends_at }));
  return { live: [...mine, ...others], mine, hide };
}

function iconOf(notice: Notice): IconNode {
  return icons[notice.kind] ?? Megaphone;
}

function NoticeCard({ notice, hide }: { notice: Notice; hide: () => void }) {
  const w = words();
  return (
    <article class="around-notice">
      <span class="around-notice-icon">
        <Icon of={iconOf(notice)} />
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
