/** A number or an address, then the six digits that were sent there. What was typed outlives a lost
 * network and a look at another screen; how long to wait comes from the server. */

import { signal } from "@preact/signals";
import { ArrowRight, RotateCw } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Busy, NoNetwork, Problem } from "../core/api";
import { hotline } from "../core/city";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { spokenPhone } from "./number";
import { words } from "./sign-in-words";
import { sentenceOf } from "./trouble";

type Purpose = "sign-in" | "phone" | "email";

interface Props {
  purpose: Purpose;
  label?: string;
  send: (to: string) => Promise<unknown>;
  verify: (to: string, code: string) => Promise<void>;
  children?: ComponentChildren; // told above the first field
}

interface Typed {
  to: string;
  sent: boolean;
  code: string;
  mayResendAt: number;
}

const NOTHING: Typed = { to: "", sent: false, code: "", mayResendAt: 0 };
const DIGITS = 6;
const RESEND_MS = 30_000; // how long a message usually takes; the server's own limits come with a refusal
const typed = signal<Partial<Record<Purpose, Typed>>>({});

function change(purpose: Purpose, news: Partial<Typed>): void {
  typed.value = { ...typed.value, [purpose]: { ...NOTHING, ...typed.value[purpose], ...news } };
}

/** What was typed is of no use any more. */
export function forgetTyped(purpose: Purpose): void {
  typed.value = { ...typed.value, [purpose]: undefined };
}

export function ByCode(props: Props) {
  const now = typed.value[props.purpose] ?? NOTHING;
  return now.sent ? <CodeStep {...props} now={now} /> : <AddressStep {...props} now={now} />;
}

function AddressStep({ purpose, label, send, now, children }: Props & { now: Typed }) {
  const w = words();
  const kind = purpose === "email" ? "email" : "phone";
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const submit = async () => {
    if (busy) return;
    if (!now.to.trim()) return field.current?.focus();
    setBusy(true);
    setError(null);
    try {
      await send(now.to);
      change(purpose, { sent: true, code: "", mayResendAt: Date.now() + RESEND_MS });
    } catch (trouble) {
      setError(trouble instanceof NoNetwork ? w.offlineSend[kind] : sentenceOf(trouble));
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form onSubmit={submit}>
      {children}
      <TextField
        label={label ?? w[kind]}
        type={kind === "phone" ? "tel" : "email"}
        inputMode={kind === "phone" ? "tel" : "email"}
        autoComplete={kind === "phone" ? "tel" : "email"}
        value={now.to}
        hint={kind === "phone" ? w.phoneHint : w.emailHint}
        error={error}
        inputRef={field}
        onText={(text) => {
          const to = kind === "phone" ? spokenPhone(text, now.to) : text;
          if (field.current) field.current.value = to; // also where nothing changed
          change(purpose, { to });
        }}
      />
      <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
        {w.send}
      </Button>
    </Form>
  );
}

function CodeStep({ purpose, send, verify, now }: Props & { now: Typed }) {
  const w = words();
  const kind = purpose === "email" ? "email" : "phone";
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [news, setNews] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const check = async (code: string) => {
    if (busy || code.length !== DIGITS) return field.current?.focus();
    setBusy(true);
    setError(null);
    setNews("");
    try {
      await verify(now.to, code);
    } catch (trouble) {
      setError(trouble instanceof NoNetwork ? w.offlineCode : sentenceOf(trouble));
      if (trouble instanceof Problem) change(purpose, { code: "", ...isDead(trouble) });
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  const resend = async () => {
    setError(null);
    try {
      await send(now.to);
      change(purpose, { mayResendAt: Date.now() + RESEND_MS });
      setNews(w.resent);
    } catch (trouble) {
      setError(trouble instanceof NoNetwork ? w.offlineSend[kind] : sentenceOf(trouble));
      if (trouble instanceof Busy) change(purpose, { mayResendAt: Date.now() + trouble.retryAfter * 1000 });
    }
    field.current?.focus();
  };

  return (
    <Form onSubmit={() => check(now.code)}>
      <div>
        <p>{w.sentTo(now.to.trim())}</p>
        <button type="button" class="me-inline" onClick={() => change(purpose, { sent: false, code: "" })}>
          {w.other[kind]}
        </button>
      </div>
      <div class="me-code">
        <TextField
          label={w.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={now.code}
          error={error}
          inputRef={field}
          onText={(text) => {
            const code = text.replace(/\D/g, "").slice(0, DIGITS);
            const before = now.code;
            if (field.current) field.current.value = code; // also where nothing changed
            change(purpose, { code });
            if (code.length === DIGITS && code !== before) void check(code);
          }}
        />
      </div>
      <p class="unseen" role="status">
        {news}
      </p>
      <Button type="submit" look="primary" wide busy={busy}>
        {w.verify[purpose]}
      </Button>
      <Resend at={now.mayResendAt} onResend={resend} />
      <NotReceived kind={kind} />
    </Form>
  );
}

/** A code that no longer works is asked for anew at once. */
function isDead(trouble: Problem): Partial<Typed> {
  return ["code-used-up", "no-live-code"].includes(trouble.code) ? { mayResendAt: 0 } : {};
}

function Resend({ at, onResend }: { at: number; onResend: () => Promise<void> }) {
  const w = words();
  const left = useSecondsTo(at);
  const [busy, setBusy] = useState(false);
  const spoken = left < 100 ? w.seconds(left) : w.minutes(Math.ceil(left / 60));
  return (
    <Button
      look="quiet"
      wide
      icon={RotateCw}
      busy={busy}
      disabled={left > 0}
      onClick={() => {
        setBusy(true);
        void onResend().finally(() => setBusy(false));
      }}
    >
      {left > 0 ? w.resendIn(spoken) : w.resend}
    </Button>
  );
}

function useSecondsTo(at: number): number {
  const left = () => Math.max(0, Math.ceil((at - Date.now()) / 1000));
  const [seconds, tell] = useState(left);
  useEffect(() => {
    tell(left());
    const timer = setInterval(() => tell(left()), 1000);
    return () => clearInterval(timer);
  }, [at]);
  return seconds;
}

function NotReceived({ kind }: { kind: "phone" | "email" }) {
  const w = words();
  const line = hotline();
  return (
    <details class="me-help">
      <summary>{w.notReceived}</summary>
      <ul>
        {(kind === "phone" ? w.helpPhone : w.helpEmail).map((text) => (
          <li key={text}>{text}</li>
        ))}
        {line.number && (
          <li>
            <a href={`tel:${line.number}`}>{w.callLine(line.name, line.number)}</a>
          </li>
        )}
      </ul>
    </details>
  );
}

function Form({ onSubmit, children }: { onSubmit: () => unknown; children: ComponentChildren }) {
  return (
    <form
      class="me-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
