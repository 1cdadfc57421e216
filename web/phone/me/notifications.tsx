/** How news reaches me: pushes to this phone, what I hear of by which way, quiet hours, e-mail, texts. */

import { ChevronRight } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { city } from "../core/city";
import { useKept } from "../core/kept";
import { locale } from "../core/locale";
import { Link } from "../core/router";
import { ME, callAs } from "../core/session";
import type { Me } from "../core/types";
import { Instead, WhyNoPush, pushTrouble } from "../push/ask-push";
import { pushState, turnOff, turnOn } from "../push/push";
import { Icon } from "../ui/icon";
import { KeptLine, SkeletonCards, Trouble } from "../ui/states";
import { toast } from "../ui/toast";
import { Top } from "../ui/top";
import { useAccount } from "./me-hooks";
import { words } from "./news-words";
import { Switch } from "./switch";
import { sentenceOf } from "./trouble";

type Way = "push" | "email" | "sms";
type Choice = "always" | "otherwise" | "never";

interface Preferences {
  choices: Record<string, Record<Way, Choice>>;
  quiet_hours: { since: string; until: string } | null;
  groups: { group: string; name: string }[];
  ways: Way[];
}

/** What concerns residents; the rest is officials' work. */
const GROUPS = ["my_reports", "comments", "nearby", "other"];
const NIGHT = { since: "22:00", until: "06:00" };

export function NotificationsScreen() {
  const w = words();
  const account = useAccount();
  const kept = useKept<Preferences>(account.session ? "/me/preferences" : null);
  const [told, tell] = useState<Preferences | null>(null);
  useEffect(() => tell(kept.value), [kept.value]);

  const put = async (wish: object) => {
    try {
      const json = wish;
      tell(await callAs<Preferences>(ME, "/me/preferences", { method: "PUT", json, locale: locale.value }));
    } catch (error) {
      toast(sentenceOf(error));
    }
  };

  return (
    <>
      <Top title={w.title} backTo="/me" />
      <div class="body">
        <ThisPhone known={Boolean(account.session)} />
        {account.session === null && <p class="muted">{w.none}</p>}
        {account.session && (
          <>
            <KeptLine at={kept.at} error={kept.error} />
            <Elsewhere me={account.value} again={account.again} />
            {told ? (
              <>
                <Matrix told={told} me={account.value} put={put} />
                <Quiet told={told} put={put} />
              </>
            ) : kept.state === "none" ? (
              <Trouble error={kept.error} again={kept.again} />
            ) : (
              <SkeletonCards count={2} />
            )}
          </>
        )}
      </div>
    </>
  );
}

/** `known`: somebody is here already, and finds e-mail and texts below. */
function ThisPhone({ known }: { known: boolean }) {
  const w = words();
  const state = pushState();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const turn = async (on: boolean) => {
    setBusy(true);
    setTrouble(null);
    await (on ? turnOn() : turnOff()).catch((error) => on && setTrouble(pushTrouble(error)));
    setBusy(false);
  };
  if (state === "denied" || state === "impossible") {
    return (
      <section class="panel me-part" aria-labelledby="me-push">
        <h2 id="me-push">{w.push}</h2>
        <WhyNoPush />
        {!known && (
          <div class="me-buttons">
            <Instead />
          </div>
        )}
      </section>
    );
  }
  return (
    <section class="panel me-part">
      <Switch
        label={w.push}
        hint={state === "on" ? w.pushOn : w.pushOff}
        on={state === "on"}
        busy={busy}
        onChange={(on) => void turn(on)}
      />
      {trouble && (
        <p class="field-error" role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}

interface Chosen {
  told: Preferences;
  put: (wish: object) => Promise<void>;
}

/** Groups by ways, as plain switches: those ways that the city has and that lead to me. */
function Matrix({ told, me, put }: Chosen & { me: Me | null }) {
  const w = words();
  const open: Record<Way, boolean> = { push: true, email: Boolean(me?.email), sms: Boolean(me?.sms) };
  const ways = told.ways.filter((way) => open[way]);
  const groups = told.groups.filter(({ group }) => GROUPS.includes(group));
  const letters = ways.some((way) => way !== "push");
  return (
    <section class="panel me-part" aria-labelledby="me-what">
      <h2 id="me-what">{w.what}</h2>
      <p class="muted">{letters ? w.otherwise : w.onYourPhones}</p>
      {groups.map(({ group, name }) =>
        ways.length === 1 ? (
          ways.map((way) => <WaySwitch key={group} label={name} told={told} put={put} group={group} way={way} />)
        ) : (
          <fieldset class="me-group" key={group}>
            <legend>{name}</legend>
            {ways.map((way) => (
              <WaySwitch key={way} label={w.ways[way]} told={told} put={put} group={group} way={way} />
            ))}
          </fieldset>
        ),
      )}
    </section>
  );
}

function WaySwitch({ label, told, put, group, way }: Chosen & { label: string; group: string; way: Way }) {
  return (
    <Switch
      label={label}
      on={told.choices[group]?.[way] !== "never"}
      onChange={(on) => void put({ choices: { [group]: { [way]: chosen(way, on) } } })}
    />
  );
}

function chosen(way: Way, on: boolean): Choice {
  if (!on) return "never";
  return way === "push" ? "always" : "otherwise";
}

function Quiet({ told, put }: Chosen) {
  const w = words();
  const hours = told.quiet_hours;
  return (
    <section class="panel me-part">
      <Switch
        label={w.quiet}
        hint={w.quietText}
        on={hours !== null}
        onChange={(on) => void put({ quiet_hours: on ? NIGHT : null })}
      />
      {hours && (
        <div class="me-hours">
          {(["since", "until"] as const).map((end) => (
            <label class="field" key={end}>
              <span class="label">{w[end]}</span>
              <input
                type="time"
                value={hours[end]}
                onChange={(event) => {
                  const at = event.currentTarget.value;
                  if (at) void put({ quiet_hours: { ...hours, [end]: at } });
                }}
              />
            </label>
          ))}
        </div>
      )}
    </section>
  );
}

/** E-mail for everybody, texts for who has a number here; as far as the city sends them. */
function Elsewhere({ me, again }: { me: Me | null; again: () => void }) {
  const w = words();
  const ways = city.value?.ways ?? [];
  const text = async (on: boolean) => {
    try {
      await callAs(ME, "/me", { method: "PATCH", json: { sms: on }, locale: locale.value });
      again();
      toast(w.saved);
    } catch (error) {
      toast(sentenceOf(error));
    }
  };
  if (!ways.includes("email") && !ways.includes("sms")) return null;
  return (
    <section class="panel me-part" aria-labelledby="me-elsewhere">
      <h2 id="me-elsewhere">{w.elsewhere}</h2>
      {ways.includes("email") && (
        <Link to="/me/email" class="me-row">
          <span>
            {w.email}
            <span class="muted">{me?.email ?? w.noEmail}</span>
          </span>
          <Icon of={ChevronRight} />
        </Link>
      )}
      {ways.includes("sms") && (
        <Switch
          label={w.sms}
          hint={me?.phone ? w.smsText(me.phone) : w.smsNeeds}
          on={me?.sms ?? false}
          disabled={!me?.phone}
          onChange={(on) => void text(on)}
        />
      )}
    </section>
  );
}
