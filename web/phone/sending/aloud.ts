/** For what is done with one tap: when the phone cannot keep it, a toast says so. */

import { toast } from "../ui/toast";
import { StorageFull } from "./store";
import { words } from "./words";

/** True: it is kept. */
export async function keptOrSaid(deed: () => Promise<unknown>): Promise<boolean> {
  try {
    await deed();
    return true;
  } catch (error) {
    const full = error instanceof StorageFull;
    if (!full) console.error(error);
    toast(full ? words().deedFull : words().deedFailed);
    return false;
  }
}
