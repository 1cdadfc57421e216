/** Taking a waiting report back to change it, from whichever screen: what stands in the way is said. */

import type { Draft } from "../core/db";
import { inWords } from "../core/locale";
import { keptOrSaid } from "../sending/aloud";
import { editDraft } from "../sending/drafts";
import { toast } from "../ui/toast";

const words = inWords({
  vi: { onItsWay: "Phản ánh đang trên đường gửi, không sửa được nữa." },
  en: { onItsWay: "It is on its way already and can no longer be changed." },
});

/** Null: it stays as it is, and a toast has said why. */
export async function takenToChange(id: string): Promise<Draft | null> {
  let draft = null as Draft | null;
  const done = await keptOrSaid(async () => (draft = await editDraft(id)));
  if (done && !draft) toast(words().onItsWay);
  return draft;
}
