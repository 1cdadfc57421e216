/** Who I am to the server. A guest's account is made when it is first needed; signing in keeps what
 * the guest had. Each anonymous report has a session of its own, joined to nothing. */

import { call, Problem } from "./api";
import { type Session, type SessionKey, alone, changed, database, remember, remembered } from "./db";
import type { Account } from "./types";

export const ME: SessionKey = "me";
const SIGNED_IN = new Set<Account["kind"]>(["resident", "official"]);

interface SignedIn {
  token: string;
  account: Account;
}

export async function sessionOf(key: SessionKey = ME): Promise<Session | null> {
  return (await (await database()).get("sessions", key)) ?? null;
}

export async function allSessions(): Promise<Session[]> {
  return (await database()).getAll("sessions");
}

/** The account that somebody signed in to, also where that has run out; a guest has none to speak of. */
export function ownerOf(session: Session | null): string | undefined {
  return session && SIGNED_IN.has(session.account.kind) ? session.account.id : undefined;
}

/** A session to send with: the one there is, or a new guest's. `key` other than ME: an anonymous one.
 * Throws like `call`. */
export async function ensured(key: SessionKey, locale: string, signal?: AbortSignal): Promise<Session> {
  return alone(`session-${key}`, async () => {
    const known = await sessionOf(key);
    if (known && !known.expired) return known;
    if (known && ownerOf(known)) return known; // only they can sign in again
    const anonymous = key !== ME;
    const made = await call<SignedIn>("/auth/guest", {
      method: "POST",
      json: { anonymous, locale },
      headers: anonymous ? undefined : await installation(), // which would name this phone
      signal,
    });
    return keep({ key, ...made });
  });
}

/** Sign in with a code from a text message. With a guest's session at hand its reports come along. */
export async function signInByCode(phone: string, code: string, locale: string): Promise<Session> {
  const guest = await sessionOf(ME);
  const made = await call<SignedIn>("/auth/otp/verify", {
    method: "POST",
    json: { phone, code },
    token: guest?.expired ? null : guest?.token,
    locale,
  });
  return keep({ key: ME, ...made });
}

async function keep(session: Session): Promise<Session> {
  await (await database()).put("sessions", session);
  changed("session");
  return session;
}

/** The server knows this token no longer. What waits on this phone stays, and asks for a sign-in. */
export async function markExpired(key: SessionKey, token: string): Promise<void> {
  const known = await sessionOf(key);
  if (known && known.token === token && !known.expired) await keep({ ...known, expired: true });
}

/** One call in somebody's name; notes when the session has run out. Without a session: as nobody. */
export async function callAs<Body>(
  key: SessionKey,
  path: string,
  ask: Parameters<typeof call>[1] = {},
): Promise<Body> {
  const session = await sessionOf(key);
  const token = session && !session.expired ? session.token : null;
  try {
    return await call<Body>(path, { ...ask, token });
  } catch (error) {
    if (token && error instanceof Problem && error.status === 401) await markExpired(key, token);
    throw error;
  }
}

/** This installed app's own id, for devices and limits. */
export async function installationId(): Promise<string> {
  return alone("installation", async () => {
    const known = await remembered<string>("installation");
    if (known) return known;
    const made = uuid();
    await remember("installation", made);
    return made;
  });
}

export async function installation(): Promise<Record<string, string>> {
  return { "X-Installation-ID": await installationId() };
}

export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
