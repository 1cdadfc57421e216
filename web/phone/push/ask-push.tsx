/** The question about notifications, at the right moment: after a report was sent, supported or
 * followed, never at the door. "Not now" holds for thirty days. Where no push can be had it says why,
 * and offers e-mail or text messages. */

import { BellOff, BellRing, Mail, MessageSquareText } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Busy, Problem } from "../core/api";
import { city } from "../core/city";
import { type SessionKey, remember, remembered } from "../core/db";
import { locale } from "../core/locale";
import { ME, callAs } from "../core/session";
import { useMe } from "../me/use-me";
import { Button, ButtonLink } from "../ui/button";
import { Icon, type IconNode } from "../ui/icon";
import { toast } from "../ui/toast";
import { pushKnown, pushState, turnOn, whyImpossible } from "./push";
import { words } from "./words";

const LATER = "push-later";
const LATER_MS = 30 * 24 * 3600 * 1000;

/** `session`: of the report that this is about; an anonymous one has no way to reach anybody. */
export function AskPush({ session = ME }: { session?: SessionKey }) {
  const [asked, later] = useLater();
  if (session !== ME) return <Told icon={BellOff}>{words().anonymous}</Told>;
  if (!pushKnown() || asked === null) return null;
  const state = pushState();
  if (state === "on") return <Told icon={BellRing}>{words().on}</Told>;
  if (asked) return null;
  if (state === "off") return <Question later={later} />;
  return <OtherWays later={later} />;
}

/** Whether it was put off lately (null: not read yet), and putting it off. */
function useLater(): [boolean | null, () => void] {
  const [asked, tell] = useState<boolean | null>(null);
  useEffect(() => {
    void remembered<number>(LATER)
      .then((at) => tell(Date.now() - (at ?? 0) < LATER_MS))
      .catch(() => tell(false));
  }, []);
  const later = () => {
    tell(true);
    void remember(LATER, Date.now()).catch(() => undefined);
  };
  return [asked, later];
}

function Told({ icon, children }: { icon: IconNode; children: ComponentChildren }) {
  return (
    <p class="push-told muted">
      <Icon of={icon} />
      <span>{children}</span>
    </p>
  );
}

function Question({ later }: { later: () => void }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const w = words();
  const yes = async () => {
    setBusy(true);
    setTrouble(null);
    await turnOn().catch((error) => setTrouble(pushTrouble(error)));
    setBusy(false);
  };
  return (
    <section class="panel panel-wash push-ask" aria-labelledby="push-ask">
      <h2 id="push-ask">{w.askTitle}</h2>
      <p>{w.askText}</p>
      {trouble && (
        <p class="field-error" role="alert">
          {trouble}
        </p>
      )}
      <div class="push-buttons">
        <Button icon={BellRing} busy={busy} onClick={() => void yes()}>
          {w.turnOn}
        </Button>
        <Button look="quiet" onClick={later}>
          {w.later}
        </Button>
      </div>
    </section>
  );
}

/** Why it could not be turned on, as a sentence. */
export function pushTrouble(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  if (error instanceof Busy && error.detail) return error.detail;
  return words().notNow; // no network, or the browser's own push service could not be reached
}

/** Denied, or impossible here: why, what can be done, and what there is instead. */
function OtherWays({ later }: { later: () => void }) {
  const w = words();
  const denied = pushState() === "denied";
  return (
    <section class="panel push-ask" aria-labelledby="push-ask">
      <h2 id="push-ask">{denied ? w.deniedTitle : w.otherTitle}</h2>
      <WhyNoPush />
      <div class="push-buttons">
        <Instead />
        <Button look="quiet" onClick={later}>
          {w.later}
        </Button>
      </div>
    </section>
  );
}

/** In words: why this phone shows no notifications, and how it could. */
export function WhyNoPush() {
  const w = words();
  if (pushState() === "denied") return <p>{w.deniedHow}</p>;
  const why = whyImpossible();
  if (why === "install") {
    return (
      <>
        <p>{w.install}</p>
        <p class="muted">{w.installFirst}</p>
      </>
    );
  }
  return <p>{why === "no-key" ? w.noKey : w.browser}</p>;
}

/** E-mail for everybody, text messages for who signed in with a number; as far as the city has them. */
export function Instead() {
  const session = useMe();
  const ways = city.value?.ways ?? [];
  const w = words();
  const resident = session?.account.kind === "resident";
  return (
    <>
      {ways.includes("email") && (
        <ButtonLink to="/me/email" icon={Mail}>
          {w.byEmail}
        </ButtonLink>
      )}
      {ways.includes("sms") && resident && (
        <Button icon={MessageSquareText} onClick={() => void bySms()}>
          {w.bySms}
        </Button>
      )}
      {!ways.includes("email") && !(ways.includes("sms") && resident) && <p class="muted">{w.onlyHere}</p>}
    </>
  );
}

async function bySms(): Promise<void> {
  try {
    await callAs(ME, "/me", { method: "PATCH", json: { sms: true }, locale: locale.value });
    toast(words().smsOn);
  } catch (error) {
    toast(pushTrouble(error));
  }
}
