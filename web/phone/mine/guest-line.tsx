/** A quiet word on whether these reports stay: a guest's live on this phone. */

import { Smartphone } from "lucide";
import type { Session } from "../core/db";
import { Link } from "../core/router";
import { ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { words } from "./words";

export function GuestLine({ me, any }: { me: Session | null | undefined; any: boolean }) {
  const w = words();
  if (me?.expired && me.account.kind === "guest") {
    // of a resident's session the frame tells, above every screen
    return (
      <section class="panel panel-wash mine-expired">
        <p>{w.expired}</p>
        <ButtonLink to="/me/sign-in?back=/mine" look="primary">
          {w.signInAgain}
        </ButtonLink>
      </section>
    );
  }
  if (!any || me?.account.kind !== "guest") return null;
  return (
    <p class="mine-guest">
      <Icon of={Smartphone} size={16} />
      <span>
        {w.guest} <Link to="/me/sign-in?back=/mine">{w.signIn}</Link>
      </span>
    </p>
  );
}
