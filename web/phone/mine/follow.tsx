/** /follow: anyone with a code looks its public side up. */

import { ChevronRight, Search } from "lucide";
import { useRef, useState } from "preact/hooks";
import { NoNetwork, Problem } from "../core/api";
import { ask, recall } from "../core/kept";
import { ME } from "../core/session";
import { Link, go, place } from "../core/router";
import type { Report } from "../core/types";
import { sessionFor } from "../report/whose";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { Icon } from "../ui/icon";
import { reportPath } from "../ui/report-card";
import { Top } from "../ui/top";
import { readCode, spokenCode } from "./code";
import { noteLookedUp, useLookedUp } from "./looked-up";
import { words } from "./words";

export function FollowScreen(_: { rest: string }) {
  const w = words();
  return (
    <>
      <Top title={w.lookUpTitle} backTo="/mine" />
      <div class="body follow">
        <CodeForm />
        <p class="muted">{w.shows}</p>
        <Lately />
      </div>
    </>
  );
}

function CodeForm() {
  const [text, write] = useState(place.value.query.get("code") ?? "");
  const [error, tell] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const w = words();

  const find = async () => {
    if (busy) return;
    setBusy(true);
    const said = await lookUp(text);
    setBusy(false);
    tell(said);
    if (said) input.current?.focus();
  };
  return (
    <form
      class="words-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <TextField
        label={w.code}
        hint={w.codeHint}
        error={error}
        value={text}
        autoComplete="off"
        inputRef={input}
        onText={(now) => {
          write(now);
          tell(null);
        }}
      />
      <Button type="submit" look="primary" icon={Search} busy={busy} wide>
        {w.find}
      </Button>
    </form>
  );
}

/** Goes to the report; else answers what is wrong, kindly. */
async function lookUp(typed: string): Promise<string | null> {
  const w = words();
  if (!typed.trim()) return w.codeEmpty;
  const code = readCode(typed);
  if (!code) return w.codeWrong;
  try {
    const report = await read(code);
    await noteLookedUp({ code, title: report.description || report.category.name }).catch(() => undefined);
    go(reportPath(code));
    return null;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return w.codeNone;
    if (error instanceof Problem) return error.detail;
    return error instanceof NoNetwork ? w.codeOffline : w.codeBusy;
  }
}

/** From the server; with no network, what this phone kept of it. */
async function read(code: string): Promise<Report> {
  const key = await sessionFor(code).catch(() => ME);
  try {
    return await ask<Report>(`/reports/${code}`, key);
  } catch (error) {
    const kept = error instanceof NoNetwork ? await recall<Report>(`/reports/${code}`, key).catch(() => null) : null;
    if (kept) return kept.value;
    throw error;
  }
}

function Lately() {
  const { all, forget } = useLookedUp();
  const w = words();
  if (!all.length) return null;
  return (
    <section class="follow-lately" aria-labelledby="lately">
      <h2 id="lately">{w.lately}</h2>
      <ul class="card">
        {all.map(({ code, title }) => (
          <li key={code}>
            <Link to={reportPath(code)} class="follow-row">
              <span class="follow-words">
                <strong>{title}</strong>
                <span class="muted">{spokenCode(code)}</span>
              </span>
              <Icon of={ChevronRight} />
            </Link>
          </li>
        ))}
      </ul>
      <Button look="quiet" onClick={forget}>
        {w.forget}
      </Button>
    </section>
  );
}
