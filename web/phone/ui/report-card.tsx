/** A report in a list: its picture (or its category's icon), words, status, and by when. */

import { Users } from "lucide";
import type { ComponentChildren } from "preact";
import { categoryOf } from "../core/city";
import { inWords, number } from "../core/locale";
import type { SessionKey } from "../core/db";
import { Link } from "../core/router";
import { ago } from "../core/time";
import type { Card } from "../core/types";
import { categoryIcon } from "./category-icons";
import { Icon } from "./icon";
import { Picture } from "./photo";
import { StatusChip } from "./status";

const words = inWords({
  vi: { metres: (n: number) => (n < 5 ? "ngay đây" : `cách ${distance(n)}`), also: (n: number) => `${number(n)} người cùng gặp` },
  en: {
    metres: (n: number) => (n < 5 ? "right here" : `${distance(n)} away`),
    also: (n: number) => (n === 1 ? "1 other person" : `${number(n)} others`),
  },
});

/** 40 m; 1,2 km; 3 km. */
export function distance(metres: number): string {
  if (metres < 995) return `${number(Math.round(metres / 10) * 10)} m`;
  const km = Math.round(metres / 100) / 10;
  return `${number(km, Number.isInteger(km) ? 0 : 1)} km`;
}

export function reportPath(code: string): string {
  return `/reports/${code.replaceAll("-", "")}`;
}

export function ReportCard({
  card,
  mine = false,
  session,
  children,
}: {
  card: Card;
  mine?: boolean;
  session?: SessionKey; // whose picture it is, where it is not my own
  children?: ComponentChildren;
}) {
  const w = words();
  const facts = [
    card.area.name,
    card.metres === undefined ? ago(card.submitted_at) : w.metres(card.metres),
  ];
  return (
    <article class="card report-card">
      <Link to={reportPath(card.code)} class="card-link">
        <span class="card-photo">
          {card.photo ? (
            <Picture photo={card.photo} alt="" mine={mine} session={session} />
          ) : (
            <Icon of={categoryIcon(categoryOf(card.category.code)?.icon)} size={28} />
          )}
        </span>
        <span class="card-text">
          <strong class="card-title">{card.description || card.category.name}</strong>
          <span class="card-facts">
            {card.description ? `${card.category.name} · ` : ""}
            {facts.join(" · ")}
          </span>
          <span class="card-row">
            <StatusChip status={card.status} name={card.status_name} />
            {card.supporters > 0 && (
              <span class="card-also">
                <Icon of={Users} size={16} />
                {w.also(card.supporters)}
              </span>
            )}
          </span>
        </span>
      </Link>
      {children}
    </article>
  );
}
