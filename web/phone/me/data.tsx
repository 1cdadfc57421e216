/** My data: a file with all of it, and being forgotten. */

import { Database, Download, UserX } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork, Problem } from "../core/api";
import { type Session, onChange } from "../core/db";
import { fold } from "../core/guessing";
import { locale } from "../core/locale";
import { ME, allSessions, callAs, ownerOf } from "../core/session";
import { Button, ButtonLink } from "../ui/button";
import { TextField } from "../ui/field";
import { Empty } from "../ui/states";
import { Top } from "../ui/top";
import { words } from "./leaving-words";
import { sentenceOf } from "./trouble";
import { wipe, withNothingSent } from "./wipe";

export function DataScreen() {
  const w = words();
  const sessions = useSessions();
  if (!sessions) return <Top title={w.dataTitle} backTo="/me" />;
  const open = sessions.filter((session) => !isEnded(session));
  const ended = open.length < sessions.length;
  return (
    <>
      <Top title={w.dataTitle} backTo="/me" />
      <div class="body">
        {ended && <Ended alone={!open.length} />}
        {open.length ? (
          <>
            <DownloadPart />
            <ErasePart open={open} />
          </>
        ) : (
          !ended && (
            <Empty icon={Database} title={w.noneTitle}>
              <p>{w.none}</p>
            </Empty>
          )
        )}
      </div>
    </>
  );
}

/** All of this phone; null: not read yet. */
function useSessions(): Session[] | null {
  const [told, tell] = useState<Session[] | null>(null);
  useEffect(() => {
    const look = () => void allSessions().then(tell, () => tell([]));
    look();
    return onChange((what) => what === "session" && look());
  }, []);
  return told;
}

/** Over for good: nobody can sign in to a guest's or an anonymous report's again. */
function isEnded(session: Session): boolean {
  return Boolean(session.expired) && !ownerOf(session);
}

/** `alone`: there is no other session, so that only this phone is left to be cleared. */
function Ended({ alone }: { alone: boolean }) {
  const w = words();
  return (
    <section class="panel panel-wash me-part" role="status">
      <p>{w.ended}</p>
      {alone && <ButtonLink to="/me/leave">{w.wipe}</ButtonLink>}
    </section>
  );
}

function DownloadPart() {
  const w = words();
  const [busy, setBusy] = useState(false);
  const [told, tell] = useState<{ wrong: boolean; text: string } | null>(null);
  const download = async () => {
    setBusy(true);
    tell(null);
    try {
      const name = offer(await everything());
      const leftOut = (await allSessions()).some(isEnded) ? ` ${w.endedLeftOut}` : "";
      tell({ wrong: false, text: `${w.downloaded} ${name}.${leftOut}` });
    } catch (error) {
      tell({ wrong: true, text: sentence(error) });
    }
    setBusy(false);
  };
  return (
    <section class="panel me-part" aria-labelledby="me-download">
      <h2 id="me-download">{w.download}</h2>
      <p>{w.downloadText}</p>
      <p class="muted">{w.drafts}</p>
      <Button icon={Download} busy={busy} onClick={() => void download()}>
        {w.downloadButton}
      </Button>
      {told && (
        <p class={told.wrong ? "field-error" : "muted"} role={told.wrong ? "alert" : "status"}>
          {told.text}
        </p>
      )}
    </section>
  );
}

/** What the server keeps of each of this phone's sessions: mine, and of each anonymous report; none of
 * those that have ended. */
async function everything(): Promise<unknown> {
  const sessions = (await allSessions()).filter((session) => !isEnded(session));
  const asked = sessions.map(async (session) => ({ key: session.key, data: await exported(session) }));
  const told = (await Promise.all(asked)).filter(({ data }) => data !== null);
  if (!told.length) throw new Over();
  const mine = told.find(({ key }) => key === ME)?.data ?? null;
  const anonymous = told.filter(({ key }) => key !== ME).map(({ data }) => data);
  return anonymous.length ? { me: mine, anonymous } : mine;
}

/** Null: it turns out to have ended. */
async function exported(session: Session): Promise<unknown> {
  try {
    return await callAs(session.key, "/me/export", { locale: locale.value });
  } catch (error) {
    if (isUnknown(error) && !ownerOf(session)) return null;
    throw error;
  }
}

/** A session turned out to have ended: from now on this phone knows, and leaves it out. */
class Over extends Error {}

/** The server knows this session no longer. */
function isUnknown(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

function sentence(error: unknown): string {
  return error instanceof Over ? words().ended : sentenceOf(error);
}

/** Hand a file to the browser; its name. */
function offer(data: unknown): string {
  const name = `xom-${new Date().toISOString().slice(0, 10)}.json`;
  const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return name;
}

/** `open`: the sessions that can still speak to the server. */
function ErasePart({ open }: { open: Session[] }) {
  const w = words();
  const me = open.some(({ key }) => key === ME);
  const anonymous = open.filter(({ key }) => key !== ME).length;
  const [typed, setTyped] = useState("");
  const [too, setToo] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const forget = async () => {
    if (fold(typed.trim()) !== fold(w.word)) return setWrong(w.wrongWord(w.word));
    setBusy(true);
    setWrong(null);
    try {
      const inPart = (await allSessions()).some(isEnded);
      await withNothingSent(async () => {
        await eraseAll(too || !me);
        await wipe();
      });
      location.replace(`/me?left=${inPart ? "erased-in-part" : "erased"}`);
    } catch (error) {
      setBusy(false);
      setWrong(`${sentence(error)} ${w.partly}`);
    }
  };

  return (
    <section class="panel me-part" aria-labelledby="me-erase">
      <h2 id="me-erase">{w.erase}</h2>
      <Listed title={w.goes} items={w.goesList} />
      <Listed title={w.stays} items={w.staysList} />
      <p class="muted">{w.newPerson}</p>
      {anonymous > 0 && me && (
        <label class="me-way">
          <input type="checkbox" checked={too} onChange={(event) => setToo(event.currentTarget.checked)} />
          <span>
            <strong>{w.alsoAnonymous(anonymous)}</strong>
            <span class="muted">{w.elseAnonymous}</span>
          </span>
        </label>
      )}
      <form
        class="me-form"
        onSubmit={(event) => {
          event.preventDefault();
          void forget();
        }}
      >
        <TextField label={w.type(w.word)} value={typed} onText={setTyped} error={wrong} autoComplete="off" />
        <Button type="submit" look="danger" icon={UserX} busy={busy}>
          {w.eraseButton}
        </Button>
      </form>
    </section>
  );
}

function Listed({ title, items }: { title: string; items: string[] }) {
  return (
    <div class="me-listed">
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}

/** The anonymous ones first: should one fail, my own session is still there to try again with. */
async function eraseAll(anonymousToo: boolean): Promise<void> {
  const open = (await allSessions()).filter((session) => !isEnded(session));
  const others = anonymousToo ? open.filter(({ key }) => key !== ME) : [];
  for (const session of [...others, ...open.filter(({ key }) => key === ME)]) await eraseOne(session);
}

/** The tokens of sessions that an earlier try erased … */
const erased = new Set<string>();
/** … or asked to be, but the answer got lost: that one is gone at the next try means that it was done. */
const unheard = new Set<string>();

async function eraseOne(session: Session): Promise<void> {
  const { key, token } = session;
  if (erased.has(token)) return;
  try {
    await callAs(key, "/me", { method: "DELETE", locale: locale.value });
  } catch (error) {
    if (error instanceof NoNetwork) unheard.add(token);
    if (!isUnknown(error)) throw error;
    if (!unheard.has(token)) throw ownerOf(session) ? error : new Over();
  }
  erased.add(token);
}
