/** "Tôi cũng gặp": reports of others that I follow. */

import { BellRing } from "lucide";
import { useEffect } from "preact/hooks";
import type { Session } from "../core/db";
import type { Card } from "../core/types";
import { acts } from "../sending/acts";
import { ButtonLink } from "../ui/button";
import { Empty, KeptLine, SkeletonCards, Trouble } from "../ui/states";
import { MineCard } from "./card";
import { GuestLine } from "./guest-line";
import { type Pages, usePages } from "./more";
import { More } from "./sent";
import { Waiting, joining } from "./waiting";
import { words } from "./words";

export function Followed({ me }: { me: Session | null | undefined }) {
  const told = usePages<Card>(me && !me.expired ? "/me/supported" : null);
  const sentCount = acts.value.filter((act) => act.state === "sent").length;
  useEffect(() => void (sentCount && told.again()), [sentCount]);
  if (me === undefined) return <SkeletonCards count={3} />;
  const joins = joining(acts.value, me, told.at);
  const quiet = joins.length > 0 || Boolean(me?.expired);
  return (
    <>
      <GuestLine me={me} any={false} />
      <Waiting acts={joins} me={me} />
      <Listed told={told} loading={Boolean(me && !me.expired && told.state === "loading")} quiet={quiet} />
    </>
  );
}

/** `quiet`: an empty list is no news, since something stands above it. */
function Listed({ told, loading, quiet }: { told: Pages<Card>; loading: boolean; quiet: boolean }) {
  if (loading) return <SkeletonCards count={3} />;
  if (!told.items.length && told.error) return <Trouble error={told.error} again={told.again} />;
  if (!told.items.length) return quiet ? null : <None />;
  return (
    <>
      <KeptLine at={told.at} error={told.error} />
      <div class="cards">
        {told.items.map((card) => (
          <MineCard card={card} own={false} key={card.id} />
        ))}
      </div>
      <More told={told} />
    </>
  );
}

function None() {
  const w = words();
  return (
    <Empty icon={BellRing} title={w.noneFollowed}>
      <p>{w.noneFollowedText}</p>
      <ButtonLink to="/" look="primary">
        {w.around}
      </ButtonLink>
    </Empty>
  );
}
