/** My data: a file with all of it, and being forgotten. */

import { Database, Download, UserX } from "lucide";
import { useState } from "preact/hooks";
import { NoNetwork, Problem } from "../core/api";
import type { Session } from "../core/db";
import { fold } from "../core/guessing";
import { locale } from "../core/locale";
import { ME, allSessions, callAs } from "../core/session";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { Empty } from "../ui/states";
import { Top } from "../ui/top";
import { words } from "./leaving-words";
import { useMe } from "./use-me";
import { sentenceOf } from "./trouble";
import { useAtStake } from "./unsent";
import { wipe, withNothingSent } from "./wipe";

export function DataScreen() {
  const w = words();
  const session = useMe();
  const stake = useAtStake();
  if (session === undefined || !stake) return <Top title={w.dataTitle} backTo="/me" />;
  const known = session || stake.anonymous.length;
  return (
    <>
      <Top title={w.dataTitle} backTo="/me" />
      <div class="body">
        {known ? (
          <>
            <DownloadPart />
            <ErasePart session={session} anonymous={stake.anonymous.length} />
          </>
        ) : (
          <Empty icon={Database} title={w.noneTitle}>
            <p>{w.none}</p>
          </Empty>
        )}
      </div>
    </>
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
      tell({ wrong: false, text: `${w.downloaded} ${offer(await everything())}.` });
    } catch (error) {
      tell({ wrong: true, text: sentenceOf(error) });
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

/** What the server keeps of each of this phone's sessions: mine, and of each anonymous report. */
async function everything(): Promise<unknown> {
  const sessions = await allSessions();
  const told = await Promise.all(
    sessions.map(({ key }) => callAs(key, "/me/export", { locale: locale.value })),
  );
  const mine = sessions.findIndex(({ key }) => key === ME);
  const anonymous = told.filter((_, at) => at !== mine);
  return anonymous.length ? { me: told[mine] ?? null, anonymous } : told[mine];
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

function ErasePart({ session, anonymous }: { session: Session | null; anonymous: number }) {
  const w = words();
  const [typed, setTyped] = useState("");
  const [too, setToo] = useState(!session);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const forget = async () => {
    if (fold(typed.trim()) !== fold(w.word)) return setWrong(w.wrongWord(w.word));
    setBusy(true);
    setWrong(null);
    try {
      await withNothingSent(async () => {
        await eraseAll(too);
        await wipe();
      });
      location.replace("/me?left=erased");
    } catch (error) {
      setBusy(false);
      setWrong(`${sentenceOf(error)} ${w.partly}`);
    }
  };

  return (
    <section class="panel me-part" aria-labelledby="me-erase">
      <h2 id="me-erase">{w.erase}</h2>
      <Listed title={w.goes} items={w.goesList} />
      <Listed title={w.stays} items={w.staysList} />
      <p class="muted">{w.newPerson}</p>
      {anonymous > 0 && session && (
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
  const keys = (await allSessions()).map(({ key }) => key);
  const others = anonymousToo ? keys.filter((key) => key !== ME) : [];
  for (const key of [...others, ...keys.filter((key) => key === ME)]) await eraseOne(key);
}

/** Asked, but the answer got lost: a session that is gone at the next try means that it was done. */
const unheard = new Set<string>();

async function eraseOne(key: string): Promise<void> {
  try {
    await callAs(key, "/me", { method: "DELETE", locale: locale.value });
  } catch (error) {
    if (error instanceof NoNetwork) unheard.add(key);
    if (!(error instanceof Problem && error.status === 401 && unheard.has(key))) throw error;
  }
}
