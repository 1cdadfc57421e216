/** "Tôi cũng gặp": reports of others that I follow. */

import { BellRing } from "lucide";
import type { Session } from "../core/db";
import type { Card } from "../core/types";
import { ButtonLink } from "../ui/button";
import { Empty, KeptLine, SkeletonCards, Trouble } from "../ui/states";
import { MineCard } from "./card";
import { usePages } from "./more";
import { More } from "./sent";
import { words } from "./words";

export function Followed({ me }: { me: Session | null | undefined }) {
  const told = usePages<Card>(me && !me.expired ? "/me/supported" : null);
  const w = words();
  if (me === undefined || (me && !me.expired && told.state === "loading")) return <SkeletonCards count={3} />;
  if (!told.items.length && told.error) return <Trouble error={told.error} again={told.again} />;
  if (!told.items.length) {
    return (
      <Empty icon={BellRing} title={w.noneFollowed}>
        <p>{w.noneFollowedText}</p>
        <ButtonLink to="/" look="primary">
          {w.around}
        </ButtonLink>
      </Empty>
    );
  }
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
