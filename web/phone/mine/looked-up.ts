/** The codes looked up last, remembered on this phone alone. */

import { useEffect, useState } from "preact/hooks";
import { remember, remembered } from "../core/db";

export interface LookedUp {
  code: string;
  title: string;
}

const NAME = "looked-up";
const MOST = 8;

export async function noteLookedUp(one: LookedUp): Promise<void> {
  const before = (await remembered<LookedUp[]>(NAME)) ?? [];
  const others = before.filter(({ code }) => code !== one.code);
  await remember(NAME, [one, ...others].slice(0, MOST));
}

export function useLookedUp(): { all: LookedUp[]; forget: () => void } {
  const [all, tell] = useState<LookedUp[]>([]);
  useEffect(() => void remembered<LookedUp[]>(NAME).then((found) => tell(found ?? []), () => undefined), []);
  const forget = () => {
    tell([]);
    void remember(NAME, []).catch(() => undefined);
  };
  return { all, forget };
}
