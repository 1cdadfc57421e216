/** The anonymous reports of this phone: each is asked for in its own name, and joined to nothing. */

import { useEffect, useState } from "preact/hooks";
import { onChange, type SessionKey } from "../core/db";
import { ask, recall } from "../core/kept";
import { locale } from "../core/locale";
import { returns } from "../core/online";
import type { Card, Report } from "../core/types";
import { anonymousSessions } from "../report/whose";

export interface Hidden {
  key: SessionKey;
  card: Card;
}

export function useAnonymous(): Hidden[] {
  const [told, tell] = useState<Hidden[]>([]);
  useEffect(() => {
    let mine = true;
    const read = () => void readAll((all) => mine && tell(all));
    read();
    const off = onChange((what) => what !== "locale" && read());
    return () => {
      mine = false;
      off();
    };
  }, [locale.value, returns.value]);
  return told;
}

async function readAll(tell: (all: Hidden[]) => void): Promise<void> {
  const sessions = await anonymousSessions().catch(() => []);
  const kept = await Promise.all(sessions.map(({ key }) => recall<Report>(pathOf(key), key).catch(() => null)));
  tell(sessions.flatMap(({ key }, index) => asCard(key, kept[index]?.value)));
  const fresh = await Promise.all(sessions.map(({ key }) => ask<Report>(pathOf(key), key).catch(() => null)));
  tell(sessions.flatMap(({ key }, index) => asCard(key, fresh[index] ?? kept[index]?.value)));
}

const pathOf = (key: SessionKey) => `/reports/${key}`;

/** A session whose report has not arrived yet has nothing to show: its draft is shown instead. */
function asCard(key: SessionKey, report: Report | null | undefined): Hidden[] {
  if (!report) return [];
  const asks = report.steps.some(({ step }) => step === "answer" || step === "confirm");
  const { description = "", lat = 0, lng = 0 } = report;
  return [{ key, card: { ...report, description, lat, lng, photo: report.photos?.[0] ?? null, asks_me: asks } }];
}
