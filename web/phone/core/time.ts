/** Moments as a person says them, in the city's zone: "hôm nay 10:42", "17:00 thứ Ba 1/12". */

import { inWords, locale } from "./locale";

const words = inWords({
  vi: {
    days: ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"],
    today: "hôm nay",
    yesterday: "hôm qua",
    tomorrow: "ngày mai",
    now: "vừa xong",
    minutes: (n: number) => `${n} phút trước`,
    hours: (n: number) => `${n} giờ trước`,
    by: (moment: string) => `trước ${moment}`,
  },
  en: {
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    today: "today",
    yesterday: "yesterday",
    tomorrow: "tomorrow",
    now: "just now",
    minutes: (n: number) => (n === 1 ? "a minute ago" : `${n} minutes ago`),
    hours: (n: number) => (n === 1 ? "an hour ago" : `${n} hours ago`),
    by: (moment: string) => `by ${moment}`,
  },
});

let zone = "Asia/Ho_Chi_Minh";

/** The zone in which the city lives (an IANA name). */
export function useZone(name: string): void {
  zone = name;
}

interface Local {
  year: number;
  month: number;
  day: number;
  weekday: number;
  clock: string;
  dayNumber: number;
}

function local(at: Date): Local {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const [year, month, day] = [value("year"), value("month"), value("day")];
  const midnight = Date.UTC(year, month - 1, day);
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    year,
    month,
    day,
    weekday: new Date(midnight).getUTCDay(),
    clock: `${two(value("hour"))}:${two(value("minute"))}`,
    dayNumber: midnight / 86_400_000,
  };
}

/** The day by its name when it is near, else by its date. */
export function spokenDay(at: string | Date, now = new Date()): string {
  const [then, today] = [local(new Date(at)), local(now)];
  const ahead = then.dayNumber - today.dayNumber;
  const w = words();
  if (ahead === 0) return w.today;
  if (ahead === -1) return w.yesterday;
  if (ahead === 1) return w.tomorrow;
  const year = then.year === today.year ? "" : locale.value === "vi" ? `/${then.year}` : ` ${then.year}`;
  if (ahead < -1 && ahead > -7) return w.days[then.weekday] ?? "";
  if (locale.value === "vi") return `${w.days[then.weekday]} ${then.day}/${then.month}${year}`;
  const month = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" }).format(
    Date.UTC(then.year, then.month - 1, 1),
  );
  return `${w.days[then.weekday]} ${then.day} ${month}${year}`;
}

/** When something happened: "hôm nay 10:42", "thứ Sáu 14:05". */
export function spokenPast(at: string | Date, now = new Date()): string {
  return `${spokenDay(at, now)} ${local(new Date(at)).clock}`;
}

/** How long ago, for what is fresh; the day for the rest. */
export function ago(at: string | Date, now = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(at).getTime()) / 60_000);
  if (minutes < 1) return words().now;
  if (minutes < 60) return words().minutes(minutes);
  if (minutes < 12 * 60) return words().hours(Math.floor(minutes / 60));
  return spokenDay(at, now);
}

/** A deadline: "trước 17:00 thứ Ba 1/12", "by 17:00 Tuesday 1 Dec". */
export function spokenDeadline(at: string | Date, now = new Date()): string {
  return words().by(`${local(new Date(at)).clock} ${spokenDay(at, now)}`);
}

/** The moment itself, without "by". */
export function spokenMoment(at: string | Date, now = new Date()): string {
  return `${local(new Date(at)).clock} ${spokenDay(at, now)}`;
}

/** The time of day alone, under a heading that names the day. */
export function spokenClock(at: string | Date): string {
  return local(new Date(at)).clock;
}
