/** What the centre already tells about this area, above the form: perhaps nobody needs to write. */

import { Megaphone } from "lucide";
import { liveNotices } from "../core/city";
import { spokenMoment } from "../core/time";
import { Icon } from "../ui/icon";
import { words } from "./words";

export function Notices({ area }: { area: string | null }) {
  const w = words();
  // Without a place only what concerns the whole city: another ward's flood is not news here.
  const told = liveNotices(area).filter((notice) => area || !notice.areas.length);
  if (!told.length) return null;
  return (
    <section class="submit-notices" aria-label={w.notices}>
      {told.map((notice) => (
        <p key={notice.id}>
          <Icon of={Megaphone} />
          <span>
            {notice.text} <span class="muted">{w.until(spokenMoment(notice.ends_at))}</span>
          </span>
        </p>
      ))}
    </section>
  );
}
