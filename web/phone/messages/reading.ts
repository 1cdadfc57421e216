/** Which messages were read: told to the server, or remembered on this phone until it can be told. */

import { signal } from "@preact/signals";
import { Problem } from "../core/api";
import { type SessionKey, alone, changed, remember, remembered } from "../core/db";
import { callAs } from "../core/session";

const NAME = "messages-read";
const MOST = 100; // ids the server takes at once

type Untold = Record<SessionKey, string[]>;

/** Read on this phone, though the server may not know it yet. */
export const readHere = signal<ReadonlySet<string>>(new Set());

export async function markRead(of: { key: SessionKey; id: string }[]): Promise<void> {
  if (!of.length) return;
  readHere.value = new Set([...readHere.value, ...of.map(({ id }) => id)]);
  await alone("reading", async () => {
    const untold = (await remembered<Untold>(NAME)) ?? {};
    for (const { key, id } of of) untold[key] = [...new Set([...(untold[key] ?? []), id])];
    await remember(NAME, untold);
  });
  await tellRead();
}

/** Tell the server of what was read without it; again at the next start, when it cannot be told now. */
export async function tellRead(): Promise<void> {
  const told = await alone("reading", async () => {
    const untold = (await remembered<Untold>(NAME)) ?? {};
    const keys = Object.keys(untold);
    if (!keys.length) return false;
    readHere.value = new Set([...readHere.value, ...Object.values(untold).flat()]);
    for (const key of keys) if (await telling(key, untold[key] ?? [])) delete untold[key];
    await remember(NAME, untold);
    return true;
  });
  if (told) changed("messages");
}

/** Whether there is nothing more to tell for this session: also when the server will never take it. */
async function telling(key: SessionKey, ids: string[]): Promise<boolean> {
  try {
    for (let start = 0; start < ids.length; start += MOST) {
      const json = { ids: ids.slice(start, start + MOST) };
      await callAs(key, "/me/messages/read", { method: "POST", json });
    }
    return true;
  } catch (error) {
    return error instanceof Problem;
  }
}
