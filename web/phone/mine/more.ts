/** Lists by pages: the first is kept on the phone, further ones are fetched when asked for. */

import { useEffect, useState } from "preact/hooks";
import type { SessionKey } from "../core/db";
import { type Kept, useKept } from "../core/kept";
import { locale } from "../core/locale";
import { ME, callAs } from "../core/session";
import type { Page } from "../core/types";

interface Further<Item> {
  items: Item[];
  next: string | null;
}

export interface Pages<Item> extends Kept<Page<Item>> {
  items: Item[];
  next: string | null;
  more: () => Promise<void>;
  busy: boolean;
  failed: boolean;
}

/** `path` null: nothing to ask for yet. */
export function usePages<Item extends { id: string }>(
  path: string | null,
  key: SessionKey = ME,
  every?: number,
): Pages<Item> {
  const first = useKept<Page<Item>>(path, { key, every });
  const [further, setFurther] = useState<Further<Item> | null>(null);
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  useEffect(() => setFurther(null), [path, key, locale.value]);

  const next = further ? further.next : (first.value?.next ?? null);
  const more = async () => {
    if (!path || !next || state === "busy") return;
    setState("busy");
    try {
      const after = `${path}${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(next)}`;
      const page = await callAs<Page<Item>>(key, after, { locale: locale.value });
      setFurther((before) => ({ items: [...(before?.items ?? []), ...page.items], next: page.next }));
      setState("ready");
    } catch {
      setState("failed");
    }
  };
  const known = new Set(first.value?.items.map((item) => item.id));
  const later = further?.items.filter((item) => !known.has(item.id)) ?? [];
  const items = [...(first.value?.items ?? []), ...later];
  return { ...first, items, next, more, busy: state === "busy", failed: state === "failed" };
}
