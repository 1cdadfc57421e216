/** Signing out, or clearing a guest's phone. Asks about what was not sent, warns of anonymous reports
 * that nobody can follow afterwards, then leaves nothing behind. */

import { CloudOff, KeyRound, LogOut, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { categoryOf } from "../core/city";
import type { Act, Draft } from "../core/db";
import { online } from "../core/online";
import { Link, go } from "../core/router";
import { nameOf } from "../sending/named";
import { Button, ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { Top } from "../ui/top";
import { words } from "./leaving-words";
import { isResident } from "./me-hooks";
import { useMe } from "./use-me";
import { type AtStake, useAtStake } from "./unsent";
import { endSessions, wipe, withNothingSent } from "./wipe";

type Wish = "send" | "keep" | "discard";

export function LeaveScreen() {
  const w = words();
  const session = useMe();
  const stake = useAtStake();
  const [wish, setWish] = useState<Wish | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const resident = isResident(session);
  const title = resident ? w.signOut : w.wipe;
  if (!stake || session === undefined) return <Top title={title} backTo="/me" />;
  const unsent = stake.drafts.length + stake.acts.length;

  const leave = async () => {
    if (unsent && !wish) return setMissing(true);
    setBusy(true);
    await leaveNow(resident, wish === "keep" ? stake.drafts : []);
  };

  return (
    <>
      <Top title={title} backTo="/me" />
      <div class="body me-leave">
        <p>{resident ? w.signOutText : w.wipeText}</p>
        {!resident && session && (
          <div class="panel panel-wash me-part">
            <p>{w.wipeLoses}</p>
            <Link to="/me/sign-in" class="me-line-link">
              {w.signInFirst}
            </Link>
          </div>
        )}
        {unsent > 0 && <Unsent stake={stake} wish={wish} choose={setWish} missing={missing && !wish} />}
        {stake.anonymous.length > 0 && <Keys stake={stake} />}
        {!online.value && (
          <p class="kept-line">
            <Icon of={CloudOff} />
            {w.offline}
          </p>
        )}
        <div class="me-buttons">
          {wish === "send" ? (
            <ButtonLink to="/mine" look="primary">
              {w.toMine}
            </ButtonLink>
          ) : (
            <Button look="danger" icon={resident ? LogOut : Trash2} busy={busy} onClick={() => void leave()}>
              {title}
            </Button>
          )}
          <Button look="quiet" onClick={() => go("/me", { replace: true })}>
            {w.stay}
          </Button>
        </div>
        <p class="muted">{w.eraseToo}</p>
        <Link to="/me/data" class="me-line-link">
          {w.toData}
        </Link>
      </div>
    </>
  );
}

/** The server first, since afterwards nothing is left to tell it with; then this phone, heard or not. */
async function leaveNow(resident: boolean, keep: Draft[]): Promise<void> {
  const heard = await withNothingSent(async () => {
    const told = await endSessions().catch(() => false);
    await wipe(keep);
    return told;
  });
  location.replace(`/me?left=${!resident ? "wiped" : heard ? "out" : "out-unheard"}`);
}

interface UnsentProps {
  stake: AtStake;
  wish: Wish | null;
  choose: (wish: Wish) => void;
  missing: boolean;
}

function Unsent({ stake, wish, choose, missing }: UnsentProps) {
  const w = words();
  const ways: [Wish, string, string][] = [
    ["send", w.sendFirst, w.sendFirstText],
    ["keep", w.keep, stake.acts.length ? `${w.keepText} ${w.keepTextActs}` : w.keepText],
    ["discard", w.discard, w.discardText],
  ];
  return (
    <section class="panel me-unsent" aria-labelledby="me-unsent">
      <h2 id="me-unsent">{w.unsent(stake.drafts.length + stake.acts.length)}</h2>
      <ul class="me-unsent-list">
        {stake.drafts.map((draft) => (
          <UnsentDraft draft={draft} key={draft.id} />
        ))}
        {stake.acts.map((act) => (
          <UnsentAct act={act} key={act.id} />
        ))}
      </ul>
      <fieldset aria-describedby={missing ? "me-choose-first" : undefined}>
        <legend>{w.choose}</legend>
        {ways.map(([value, label, text]) => (
          <label class="me-way" key={value}>
            <input type="radio" name="unsent" checked={wish === value} onChange={() => choose(value)} />
            <span>
              <strong>{label}</strong>
              <span class="muted">{text}</span>
            </span>
          </label>
        ))}
        {missing && (
          <p class="field-error" id="me-choose-first" role="alert">
            {w.chooseFirst}
          </p>
        )}
      </fieldset>
    </section>
  );
}

function UnsentDraft({ draft }: { draft: Draft }) {
  const w = words();
  const title = draft.description.trim() || categoryOf(draft.category)?.name || w.noWords;
  const facts = [draft.state === "sent" ? "" : w.states[draft.state], draft.photos.length ? w.photos(draft.photos.length) : ""];
  return (
    <li>
      <span class="me-one-line">{title}</span>
      <span class="muted">{facts.filter(Boolean).join(" · ")}</span>
    </li>
  );
}

function UnsentAct({ act }: { act: Act }) {
  const w = words();
  return (
    <li>
      <span class="me-one-line">{nameOf(act)}</span>
      <span class="muted">
        {act.code} · {act.state === "sent" ? "" : w.states[act.state]}
      </span>
    </li>
  );
}

function Keys({ stake }: { stake: AtStake }) {
  const w = words();
  return (
    <section class="panel me-keys" aria-labelledby="me-keys">
      <h2 id="me-keys">
        <Icon of={KeyRound} />
        {w.anonymous(stake.anonymous.length)}
      </h2>
      <p>{w.anonymousText}</p>
      <ul>
        {stake.anonymous.map(({ id, code }) => (
          <li key={id}>{code ?? w.codeUnknown}</li>
        ))}
      </ul>
    </section>
  );
}
