/** Which messages were read: told to the server, or remembered on this phone until it can be told. Some
 * one by one; and all up to one, also those that this phone has not seen. */

import { signal } from "@preact/signals";
import { Problem } from "../core/api";
import { type SessionKey, alone, changed, remember, remembered } from "../core/db";
import { callAs } from "../core/session";

const NAME = "messages-read";
const NAME_UP_TO = "messages-read-up-to";
const MOST = 100; // ids the server takes at once

type Untold = Record<SessionKey, string[]>;
type UntoldUpTo = Record<SessionKey, string>;

export interface Read {
  key: SessionKey;
  id: string;
}

/** Read on this phone, though the server may not know it yet. */
export const readHere = signal<ReadonlySet<string>>(new Set());

/** `upTo`: of each session the newest that is read with all older ones. */
export async function markRead(of: Read[], upTo: Read[] = []): Promise<void> {
  if (!of.length && !upTo.length) return;
  readHere.value = new Set([...readHere.value, ...of.map(({ id }) => id)]);
  await alone("reading", async () => {
    const untold = (await remembered<Untold>(NAME)) ?? {};
    for (const { key, id } of of) untold[key] = [...new Set([...(untold[key] ?? []), id])];
    await remember(NAME, untold);
    const untoldUpTo = (await remembered<UntoldUpTo>(NAME_UP_TO)) ?? {};
    for (const { key, id } of upTo) untoldUpTo[key] = id;
    await remember(NAME_UP_TO, untoldUpTo);
  });
  await tellRead();
}

/** Tell the server of what was read without it; again at the next start, when it cannot be told now. */
export async function tellRead(): Promise<void> {
  const told = await alone("reading", async () => {
    const untold = (await remembered<Untold>(NAME)) ?? {};
    const upTo = (await remembered<UntoldUpTo>(NAME_UP_TO)) ?? {};
    const keys = new Set([...Object.keys(untold), ...Object.keys(upTo)]);
    if (!keys.size) return false;
    readHere.value = new Set([...readHere.value, ...Object.values(untold).flat()]);
    for (const key of keys) {
      if (!(await telling(key, untold[key] ?? [], upTo[key]))) continue;
      delete untold[key];
      delete upTo[key];
    }
    await remember(NAME, untold);
    await remember(NAME_UP_TO, upTo);
    return true;
  });
  if (told) changed("messages");
}

/** Whether there is nothing more to tell for this session: also when the server will never take it. */
async function telling(key: SessionKey, ids: string[], upTo?: string): Promise<boolean> {
  const tell = (json: unknown) => callAs(key, "/me/messages/read", { method: "POST", json });
  try {
    if (upTo) await tell({ up_to: upTo });
    for (let start = 0; start < ids.length; start += MOST) await tell({ ids: ids.slice(start, start + MOST) });
    return true;
  } catch (error) {
    return error instanceof Problem;
  }
}
