/** Whose a thing on this phone is. What somebody signed in left waiting goes in nobody else's name: when
 * another signs in, a report turns back into a draft and an act is refused, until a person decides. */

import { type Act, type Draft, type Session, type SessionKey, changed, database } from "../core/db";
import { ME, ownerOf, sessionOf } from "../core/session";
import { write } from "./store";

/** Why such an act is refused. */
export const OTHER_ACCOUNT = "other-account";

type Owned = Pick<Draft | Act, "session" | "owner">;

/** What is kept now is this account's; undefined: a guest's, or an anonymous session's. */
export async function ownerNow(key: SessionKey = ME): Promise<string | undefined> {
  return key === ME ? ownerOf(await sessionOf(ME)) : undefined;
}

export function isAnothers(item: Owned, me: Session | null): boolean {
  return item.session === ME && item.owner !== undefined && item.owner !== me?.account.id;
}

export interface Left {
  drafts: Draft[];
  acts: Act[];
}

/** What lies on this phone unsent and is not of whoever is signed in. */
export async function leftByOthers(): Promise<Left> {
  const [db, me] = [await database(), await sessionOf(ME)];
  const theirs = (item: Draft | Act) => item.state !== "sent" && isAnothers(item, me);
  return {
    drafts: (await db.getAll("drafts")).filter(theirs),
    acts: (await db.getAll("acts")).filter(theirs),
  };
}

/** Whoever it was is signed in again: what was refused for their absence waits to be sent. */
export async function takeUpAgain(): Promise<void> {
  const me = await sessionOf(ME);
  const back = (act: Act) => act.trouble?.code === OTHER_ACCOUNT && !isAnothers(act, me);
  if (!(await (await database()).getAll("acts")).some(back)) return;
  await write(["acts"], async (tx) => {
    for (const act of (await tx.store.getAll()).filter(back)) {
      await tx.store.put({ ...act, state: "queued", tries: 0, nextTryAt: 0, trouble: null });
    }
  });
  changed("queue");
}
