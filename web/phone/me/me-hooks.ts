/** What the screens of "Tôi" ask again and again: who I am, here and to the server. */

import { call } from "../core/api";
import { database, type Session } from "../core/db";
import { type Kept, useKept } from "../core/kept";
import { locale } from "../core/locale";
import { ME, sessionOf } from "../core/session";
import type { Me } from "../core/types";
import { useMe } from "./use-me";

/** Who I am to the server; `value` stays null for a phone that has sent nothing yet. */
export function useAccount(): Kept<Me> & { session: Session | null | undefined } {
  const session = useMe();
  return { ...useKept<Me>(session ? "/me" : null), session };
}

export function isResident(session: Session | null | undefined): boolean {
  return session?.account.kind === "resident" || session?.account.kind === "official";
}

/** The masked number is kept with the session, to be shown when it has run out. */
export async function rememberNumber(phone: string | null): Promise<void> {
  const session = await sessionOf(ME);
  if (session) await (await database()).put("sessions", { ...session, phone: phone ?? undefined });
}

/** A code is good for one thing alone: to sign in, or to change the number. */
export function sendPhoneCode(phone: string, purpose: "sign-in" | "number" = "sign-in"): Promise<unknown> {
  return call("/auth/otp", { method: "POST", json: { phone, purpose }, locale: locale.value });
}
