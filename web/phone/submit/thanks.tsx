/** After "me too": thanks, and still a way to send one's own. */

import { Heart } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { online } from "../core/online";
import { go } from "../core/router";
import type { Card } from "../core/types";
import { AskPush } from "../push/ask-push";
import { Button, ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { reportPath } from "../ui/report-card";
import { Top } from "../ui/top";
import { words } from "./words";

export function Thanks({ card, onOwn }: { card: Card; onOwn: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const w = words();
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <Top title={w.thanks} close={{ word: w.mine, act: () => go("/mine") }} />
      <div class="body submit-sent">
        <div class="submit-sent-head">
          <span class="state-icon">
            <Icon of={Heart} size={28} />
          </span>
          <h2 tabIndex={-1} ref={heading}>
            {w.thanks}
          </h2>
          <p>{online.value ? w.thanksText(card.code) : w.thanksQueued(card.code)}</p>
        </div>
        <div class="submit-sent-acts">
          <ButtonLink to={reportPath(card.code)} look="primary" wide replace>
            {w.see}
          </ButtonLink>
          <Button wide onClick={onOwn}>
            {w.ownAnyway}
          </Button>
        </div>
        <AskPush />
      </div>
    </>
  );
}
