/** Reads that are kept on the phone: shown at once as they were, asked for anew, there without a network. */

import { useEffect, useState } from "preact/hooks";
import { NoNetwork } from "./api";
import { type SessionKey, database, onChange } from "./db";
import { locale } from "./locale";
import { returns, sawNetwork } from "./online";
import { ME, callAs, sessionOf } from "./session";

export interface Kept<Value> {
  value: Value | null;
  /** loading: nothing yet; fresh: from the server just now; kept: from before; none: nothing to show */
  state: "loading" | "fresh" | "kept" | "none";
  error: unknown; // what the last try threw, if it did
  at: number | null; // when the server was asked for `value` (ms): what it took before is in it
  again: () => void;
}

export interface Whose {
  key?: SessionKey | null; // null: the same for everybody
  every?: number; // ask again while shown (ms)
  as?: string; // kept under this name, for a path that changes with the day or with the phone's place
}

async function keyOf(path: string, key: SessionKey | null): Promise<string> {
  const who = key === null ? "" : ((await sessionOf(key))?.account.id ?? "nobody");
  return `${locale.value} ${who} ${path}`;
}

export async function recall<Value>(path: string, key: SessionKey | null = ME) {
  const found = await (await database()).get("answers", await keyOf(path, key));
  return found ? { value: found.value as Value, at: found.at } : null;
}

interface How {
  as?: string; // kept under this name
  signal?: AbortSignal;
}

/** Ask the server, and keep what it says. Throws like `call`. */
export async function ask<Value>(path: string, key: SessionKey | null = ME, how: How = {}): Promise<Value> {
  return (await answered<Value>(path, key, how)).value;
}

/** The same, with when it was asked. */
async function answered<Value>(path: string, key: SessionKey | null, { as = path, signal }: How) {
  const name = await keyOf(as, key);
  const at = Date.now();
  try {
    const value = await callAs<Value>(key ?? "nobody", path, { locale: locale.value, signal });
    sawNetwork(true);
    await (await database())
      .put("answers", { key: name, session: key, value, at })
      .catch(() => undefined); // a full disk must not hide the answer
    return { value, at };
  } catch (error) {
    if (error instanceof NoNetwork && !signal?.aborted) sawNetwork(false);
    throw error;
  }
}

/** A read for a screen; `path` null: not yet. Asks again when the network returns. */
export function useKept<Value>(path: string | null, { key = ME, every, as }: Whose = {}): Kept<Value> {
  const nothing = { value: null, state: "loading" as const, error: null, at: null };
  const [told, tell] = useState<Omit<Kept<Value>, "again">>(nothing);
  const [turn, setTurn] = useState(0);
  const again = () => setTurn((now) => now + 1);
  const language = locale.value;
  const came = returns.value;

  useEffect(() => tell(nothing), [path, key, language]);
  useEffect(() => {
    if (path === null) return;
    let mine = true;
    void read<Value>(path, as ?? path, key, (news) => mine && tell((before) => ({ ...before, ...news })));
    const timer = every && setInterval(() => !document.hidden && again(), every);
    return () => {
      mine = false;
      if (timer) clearInterval(timer);
    };
  }, [path, key, language, turn, came]);
  useEffect(() => onChange((what) => what === "session" && key !== null && again()), [key]);

  return { ...told, again };
}

async function read<Value>(
  path: string,
  as: string,
  key: SessionKey | null,
  tell: (news: Partial<Kept<Value>>) => void,
): Promise<void> {
  const before = await recall<Value>(as, key).catch(() => null);
  if (before) tell({ ...before, state: "kept" });
  try {
    tell({ ...(await answered<Value>(path, key, { as })), state: "fresh", error: null });
  } catch (error) {
    tell(before ? { error } : { error, state: "none" });
  }
}

/** Forget what was read in somebody's name. */
export async function forgetAnswersOf(key: SessionKey): Promise<void> {
  const db = await database();
  const rows = await db.getAll("answers");
  await Promise.all(
    rows.filter((row) => row.session === key).map((row) => db.delete("answers", row.key)),
  );
}
