/** Signing in with a number and a code. What a guest sent from this phone comes along; what was sent
 * anonymous does not. */

import { CircleCheck } from "lucide";
import { useState } from "preact/hooks";
import { ask, forgetAnswersOf } from "../core/kept";
import { locale } from "../core/locale";
import { Link, go, place } from "../core/router";
import { ME, allSessions, callAs, sessionOf, signInByCode } from "../core/session";
import type { Card, Me, Page } from "../core/types";
import { type Left, leftByOthers } from "../sending/owner";
import { within } from "../core/within";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { Top } from "../ui/top";
import { ByCode, forgetTyped } from "./by-code";
import { rememberNumber, sendPhoneCode } from "./me-hooks";
import { useMe } from "./use-me";
import { LeftByOthers, type LeftWish, discardLeft } from "./sign-in-others";
import { words } from "./sign-in-words";

/** What came along: how many (null: could not be counted), whether there were more, how many stayed. */
interface Joined {
  guest: boolean;
  came: number | null;
  more: boolean;
  anonymous: number;
  left: Left; // what another account had not sent yet
  who: string; // … its masked number
}

const COUNTED = 100;

export function SignInScreen() {
  const w = words();
  const session = useMe();
  const [joined, setJoined] = useState<Joined | null>(null);
  const signedIn = session && session.account.kind !== "guest" && !session.expired;

  return (
    <>
      <Top title={joined ? w.done : w.title} backTo="/me" />
      <div class="body">
        {joined ? (
          <Welcome joined={joined} />
        ) : signedIn ? (
          <p>{w.already(session.phone ?? "")}</p>
        ) : (
          <>
            <ByCode purpose="sign-in" send={sendPhoneCode} verify={(to, code) => signIn(to, code).then(setJoined)}>
              <p>{w.why}</p>
            </ByCode>
            <p class="muted">{w.withoutSignIn}</p>
            <Link to="/me/number-lost" class="me-line-link">
              {w.lost}
            </Link>
          </>
        )}
      </div>
    </>
  );
}

async function signIn(phone: string, code: string): Promise<Joined> {
  const before = await sessionOf(ME);
  const guest = before?.account.kind === "guest" && !before.expired;
  const mine = guest ? await countReports() : { came: 0, more: false };
  await signInByCode(phone, code, locale.value);
  const left = await leftByOthers();
  const anonymous = (await allSessions()).filter((session) => session.key !== ME).length;
  forgetTyped("sign-in");
  await forgetAnswersOf(ME).catch(() => undefined);
  await ask<Me>("/me").then((me) => rememberNumber(me.phone), () => undefined);
  return { guest, ...mine, anonymous, left, who: before?.phone ?? "" };
}

/** How many reports the guest has sent; a count that fails does not keep anybody from signing in. */
async function countReports(): Promise<{ came: number | null; more: boolean }> {
  try {
    const page = await callAs<Page<Card>>(ME, `/me/reports?limit=${COUNTED}`);
    return { came: page.items.length, more: page.next !== null };
  } catch {
    return { came: null, more: false };
  }
}

function Welcome({ joined }: { joined: Joined }) {
  const [wish, choose] = useState<LeftWish | null>(null);
  const [missing, setMissing] = useState(false);
  const { left, who } = joined;
  const any = left.drafts.length + left.acts.length > 0;
  const goOn = async () => {
    if (any && !wish) return setMissing(true);
    if (wish === "discard") await discardLeft(left);
    go(backTo(), { replace: true });
  };
  const w = words();
  return (
    <section class="me-done" role="status">
      <span class="me-done-icon">
        <Icon of={CircleCheck} size={28} />
      </span>
      {joined.came === null && <p>{w.cameSome}</p>}
      {joined.came ? <p>{w.came(joined.came, joined.more)}</p> : null}
      {joined.anonymous > 0 && <p>{w.anonymousStay(joined.anonymous)}</p>}
      {any && <LeftByOthers left={left} who={who} wish={wish} choose={choose} missing={missing && !wish} />}
      <Button look="primary" wide onClick={() => void goOn()}>
        {w.goOn}
      </Button>
    </section>
  );
}

/** Where one was before being asked to sign in; never another site. */
function backTo(): string {
  const wanted = place.value.query.get("back") ?? "";
  return within(wanted) ? wanted : "/me";
}
