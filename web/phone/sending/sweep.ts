/** Takes away what this phone need not keep: what was sent long ago, and photos that nothing mentions. */

import { changed } from "../core/db";
import { write } from "./store";

const DAY_MS = 86_400_000;
const SENT_REPORTS_MS = 7 * DAY_MS; // by then the server's list has surely been seen
const SENT_ACTS_MS = 10 * 60_000;
const LOOSE_PHOTOS_MS = DAY_MS; // longer than anybody writes without it being saved

export async function sweep(now = Date.now()): Promise<void> {
  const any = await write(["drafts", "acts", "photos"], async (tx) => {
    let gone = 0;
    const needed = new Set<string>();
    for (const draft of await tx.objectStore("drafts").getAll()) {
      if (draft.state === "sent" && isPast(draft.sentAt, SENT_REPORTS_MS, now)) {
        await tx.objectStore("drafts").delete(draft.id);
        gone += 1;
      } else draft.photos.forEach((id) => needed.add(id));
    }
    for (const act of await tx.objectStore("acts").getAll()) {
      if (act.state === "sent" && isPast(act.sentAt, SENT_ACTS_MS, now)) {
        await tx.objectStore("acts").delete(act.id);
        gone += 1;
      } else act.photos.forEach((id) => needed.add(id));
    }
    for (const photo of await tx.objectStore("photos").getAll()) {
      if (needed.has(photo.id) || !isPast(photo.keptAt, LOOSE_PHOTOS_MS, now)) continue;
      await tx.objectStore("photos").delete(photo.id);
      gone += 1;
    }
    return gone > 0;
  });
  if (any) changed("queue");
}

/** A phone's clock that was put back makes a moment lie ahead: then it is kept. */
function isPast(at: number | undefined, after: number, now: number): boolean {
  return at !== undefined && now - at > after;
}
