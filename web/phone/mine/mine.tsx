/** /mine: what became of my reports; /mine?tab=followed: of those I follow. */

import { Search } from "lucide";
import { Link, go, place } from "../core/router";
import { useMe } from "../me/use-me";
import { Icon } from "../ui/icon";
import { Top } from "../ui/top";
import { Followed } from "./followed";
import { Sent } from "./sent";
import { words } from "./words";

type View = "sent" | "followed";
const PATHS: Record<View, string> = { sent: "/mine", followed: "/mine?tab=followed" };

export function MineScreen(_: { rest: string }) {
  const view: View = place.value.query.get("tab") === "followed" ? "followed" : "sent";
  const me = useMe();
  const w = words();
  return (
    <>
      <Top title={w.title} />
      <div class="mine-bar">
        <Views view={view} />
        <Link to="/follow" class="mine-lookup">
          <Icon of={Search} />
          {w.lookUp}
        </Link>
      </div>
      <div class="body" role="tabpanel" id="mine-panel" aria-labelledby={`mine-tab-${view}`}>
        {view === "sent" ? <Sent me={me} /> : <Followed me={me} />}
      </div>
    </>
  );
}

function Views({ view }: { view: View }) {
  const w = words();
  const names: Record<View, string> = { sent: w.sent, followed: w.followed };
  const turn = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = view === "sent" ? "followed" : "sent";
    go(PATHS[other], { replace: true });
    document.getElementById(`mine-tab-${other}`)?.focus();
  };
  return (
    <div class="mine-views" role="tablist" aria-label={w.views} onKeyDown={turn}>
      {(["sent", "followed"] as const).map((one) => (
        <button
          type="button"
          role="tab"
          key={one}
          id={`mine-tab-${one}`}
          class="mine-view"
          aria-selected={one === view}
          aria-controls="mine-panel"
          tabIndex={one === view ? 0 : -1}
          onClick={() => go(PATHS[one], { replace: true })}
        >
          {names[one]}
        </button>
      ))}
    </div>
  );
}
