/** A quiet word on whether these reports stay: a guest's live on this phone. */

import { Search, Smartphone } from "lucide";
import type { Session } from "../core/db";
import { Link } from "../core/router";
import { ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { words } from "./words";

export function GuestLine({ me, any }: { me: Session | null | undefined; any: boolean }) {
  const w = words();
  if (me?.expired && me.account.kind === "guest") {
    // Of a resident's session the frame tells, above every screen. To a guest's nothing leads back.
    return (
      <section class="panel panel-wash mine-expired">
        <p>{w.ended}</p>
        <ButtonLink to="/follow" icon={Search} look="primary">
          {w.lookUpByCode}
        </ButtonLink>
        <Link to="/me/sign-in?back=/mine">{w.keepLater}</Link>
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
