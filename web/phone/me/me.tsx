/** "Tôi": who I am here, and everything that can be set, read or taken along. */

import {
  Bell,
  ChartLine,
  ChevronRight,
  CircleCheck,
  Database,
  Eye,
  Languages,
  LogOut,
  Mail,
  Phone,
  PhoneOff,
  ShieldCheck,
  Smartphone,
  Trash2,
  UserRound,
} from "lucide";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FollowSheet } from "../around/follow-sheet";
import { Following } from "../around/following";
import { boot } from "../core/boot";
import { city } from "../core/city";
import { forgetAnswersOf } from "../core/kept";
import { type Locale, locale, setLocale } from "../core/locale";
import { Link, place } from "../core/router";
import { ME, callAs, sessionOf } from "../core/session";
import type { Me } from "../core/types";
import { isApplePhone, isInstalled } from "../push/browser";
import { pushState } from "../push/push";
import { drafts } from "../sending/drafts";
import { Button, ButtonLink } from "../ui/button";
import { TextField } from "../ui/field";
import { Icon, type IconNode } from "../ui/icon";
import { Sheet } from "../ui/sheet";
import { toast } from "../ui/toast";
import { Top } from "../ui/top";
import { EmailScreen, NumberLostScreen, PhoneScreen } from "./contacts";
import { DataScreen } from "./data";
import { install, installOffer } from "./install";
import { LeaveScreen } from "./leave";
import { isResident, useAccount } from "./me-hooks";
import { NotificationsScreen } from "./notifications";
import { SignInScreen } from "./sign-in";
import { sentenceOf } from "./trouble";
import { words } from "./words";

function FollowingScreen() {
  const [open, setOpen] = useState(false);
  const [turn, setTurn] = useState(0); // what was followed in the sheet is listed afterwards
  const close = () => {
    setOpen(false);
    setTurn(turn + 1);
  };
  return (
    <>
      <Top title={words().following} backTo="/me" />
      <div class="body">
        <Following key={turn} begin={() => setOpen(true)} />
      </div>
      {open && <FollowSheet area={null} category={null} close={close} />}
    </>
  );
}

const screens: Record<string, ComponentType> = {
  "sign-in": SignInScreen,
  following: FollowingScreen,
  notifications: NotificationsScreen,
  data: DataScreen,
  leave: LeaveScreen,
  phone: PhoneScreen,
  email: EmailScreen,
  "number-lost": NumberLostScreen,
};

export function MeScreen({ rest }: { rest: string }) {
  const Screen = screens[rest] ?? Overview;
  return <Screen />;
}

function Overview() {
  const w = words();
  const { session, value: me, again } = useAccount();
  const resident = isResident(session);
  const push = pushState();
  return (
    <>
      <Top title={w.title} />
      <div class="body me">
        <Left />
        {session !== undefined &&
          (resident ? <Who me={me} phone={session?.phone} again={again} /> : <Guest keeps={session !== null} />)}

        <Group title={w.settings}>
          <Row to="/me/notifications" icon={Bell} detail={push === "on" ? w.on : push === "denied" ? w.denied : w.off}>
            {w.notifications}
          </Row>
          <Row to="/me/following" icon={Eye}>
            {w.following}
          </Row>
          <LanguageRow />
        </Group>

        <InstallHint />

        <Group title={w.city}>
          <a href="/figures" class="me-row">
            <Icon of={ChartLine} />
            <span class="me-row-text">
              <span>{w.figures}</span>
            </span>
            <Icon of={ChevronRight} />
          </a>
        </Group>

        <Group title={w.mine}>
          {resident && (
            <Row to="/me/phone" icon={Phone} detail={me?.phone ?? session?.phone}>
              {w.phone}
            </Row>
          )}
          {session && (
            <Row to="/me/email" icon={Mail} detail={me?.email ?? undefined}>
              {w.email}
            </Row>
          )}
          <Row to="/me/data" icon={Database}>
            {w.data}
          </Row>
          <Row to="/privacy" icon={ShieldCheck}>
            {w.privacy}
          </Row>
          {!resident && (
            <Row to="/me/number-lost" icon={PhoneOff}>
              {w.lostNumber}
            </Row>
          )}
          <Row to="/me/leave" icon={resident ? LogOut : Trash2} look="danger">
            {resident ? w.signOut : w.wipe}
          </Row>
        </Group>

        <About />
      </div>
    </>
  );
}

/** What was just done, after the app began anew. */
function Left() {
  const told = words().left[place.value.query.get("left") ?? ""];
  // An answer that was on its way while the phone forgot may have been kept after all.
  useEffect(() => {
    if (told) void sessionOf(ME).then((session) => (session ? undefined : forgetAnswersOf(ME)));
  }, []);
  if (!told) return null;
  return (
    <section class="panel panel-wash me-left" role="status">
      <Icon of={CircleCheck} size={24} />
      <div>
        <strong>{told[0]}</strong>
        <p>{told[1]}</p>
      </div>
    </section>
  );
}

function Guest({ keeps }: { keeps: boolean }) {
  const w = words();
  return (
    <section class="panel me-who" aria-labelledby="me-who">
      <span class="me-face">
        <Icon of={UserRound} size={28} />
      </span>
      <div>
        <h2 id="me-who">{w.notSignedIn}</h2>
        <p class="muted">{keeps || drafts.value.length > 0 ? w.onThisPhone : w.noneHere}</p>
      </div>
      <ButtonLink to="/me/sign-in" look="primary" wide>
        {w.signIn}
      </ButtonLink>
    </section>
  );
}

function Who({ me, phone, again }: { me: Me | null; phone?: string; again: () => void }) {
  const w = words();
  const [editing, setEditing] = useState(false);
  return (
    <section class="panel me-who" aria-labelledby="me-who">
      <span class="me-face">
        <Icon of={UserRound} size={28} />
      </span>
      <div>
        <h2 id="me-who">{me?.name || (me ? w.noName : "…")}</h2>
        <p class="muted">{me?.phone ?? phone}</p>
      </div>
      <Button wide onClick={() => setEditing(true)} disabled={!me}>
        {me?.name ? w.changeName : w.giveName}
      </Button>
      {editing && <NameSheet name={me?.name ?? ""} onClose={() => setEditing(false)} onSaved={again} />}
    </section>
  );
}

function NameSheet({ name, onClose, onSaved }: { name: string; onClose: () => void; onSaved: () => void }) {
  const w = words();
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    try {
      await callAs(ME, "/me", { method: "PATCH", json: { name: text.trim() }, locale: locale.value });
      onSaved();
      onClose();
      toast(w.saved);
    } catch (trouble) {
      setError(sentenceOf(trouble));
      setBusy(false);
    }
  };
  return (
    <Sheet title={w.name} onClose={onClose}>
      <form
        class="me-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={w.name}
          value={text}
          onText={setText}
          hint={w.nameHint}
          error={error}
          maxLength={120}
          autoComplete="name"
        />
        <Button type="submit" look="primary" wide busy={busy}>
          {w.save}
        </Button>
      </form>
    </Sheet>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="me-group-of-rows">
      <h2 class="section-title">{title}</h2>
      <div class="card me-rows">{children}</div>
    </section>
  );
}

interface RowProps {
  to: string;
  icon: IconNode;
  detail?: string;
  look?: "danger";
  children: string;
}

function Row({ to, icon, detail, look, children }: RowProps) {
  return (
    <Link to={to} class={look ? `me-row me-row-${look}` : "me-row"}>
      <Icon of={icon} />
      <span class="me-row-text">
        <span>{children}</span>
        {detail && <span class="muted">{detail}</span>}
      </span>
      <Icon of={ChevronRight} />
    </Link>
  );
}

/** The whole app changes at once; letters to me change too, once the server knows. */
function LanguageRow() {
  const w = words();
  return (
    <fieldset class="me-row me-language">
      <legend class="unseen">{w.language}</legend>
      <Icon of={Languages} />
      <span aria-hidden="true">{w.language}</span>
      <span class="me-segments">
        {(["vi", "en"] as const).map((code) => (
          <label key={code} lang={code}>
            <input type="radio" name="language" checked={locale.value === code} onChange={() => void speak(code)} />
            <span>{w.languages[code]}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}

async function speak(wanted: Locale): Promise<void> {
  setLocale(wanted);
  if (!(await sessionOf(ME))) return;
  await callAs(ME, "/me", { method: "PATCH", json: { locale: wanted }, locale: wanted }).catch(() => undefined);
}

function InstallHint() {
  const w = words();
  const apple = isApplePhone();
  if (isInstalled() || (!installOffer.value && !apple)) return null;
  return (
    <section class="panel me-install" aria-labelledby="me-install">
      <Icon of={Smartphone} size={24} />
      <div>
        <h2 id="me-install">{w.installTitle}</h2>
        <p class="muted">
          {w.installText} {apple && w.installApple}
        </p>
      </div>
      {installOffer.value && <Button onClick={() => void install()}>{w.install}</Button>}
    </section>
  );
}

function About() {
  const w = words();
  const facts = city.value;
  return (
    <section class="me-about muted" aria-labelledby="me-about">
      <h2 id="me-about">{w.about}</h2>
      <p>{w.aboutText(facts?.name ?? boot.city.name)}</p>
      {facts && <p>{w.answersFor(facts.centre.name)}</p>}
      <p>{w.version(boot.build)}</p>
    </section>
  );
}
