/** The truth about one thing on this phone, in words: where it is, what happens next, what to do. */

import { Check, CloudOff, Clock, LoaderCircle, PencilLine, TriangleAlert } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Act, Draft } from "../core/db";
import { online } from "../core/online";
import { Link } from "../core/router";
import { spokenPast } from "../core/time";
import { Icon, type IconNode } from "../ui/icon";
import { APART } from "./apart";
import { progress, sendNow } from "./outbox";
import { OTHER_ACCOUNT } from "./owner";
import { words } from "./words";

type Item = Draft | Act;

export function SendState({ item }: { item: Item }) {
  useTicking(item.state === "queued" && item.nextTryAt > 0);
  const { icon, look, text, more } = told(item);
  return (
    <div class={`send-state send-state-${look}`}>
      <Icon of={icon} size={16} />
      <p>
        {text}
        {more && <> {more}</>}
      </p>
      <Spoken text={text} news={`${item.state} ${item.trouble?.code ?? ""} ${look}`} />
    </div>
  );
}

/** What a reader hears when it changes: the sentence once, and not each time that its seconds go down. */
function Spoken({ text, news }: { text: string; news: string }) {
  const said = useRef({ text, news });
  if (said.current.news !== news) said.current = { text, news };
  return (
    <p class="unseen" role="status">
      {said.current.text}
    </p>
  );
}

interface Told {
  icon: IconNode;
  look: "quiet" | "moving" | "trouble" | "done";
  text: string;
  more?: ComponentChildren;
}

function told(item: Item): Told {
  const w = words();
  switch (item.state) {
    case "writing":
      return { icon: PencilLine, look: "quiet", text: w.writing };
    case "queued":
      return waiting(item);
    case "sending":
      return { icon: LoaderCircle, look: "moving", text: going(item) };
    case "refused":
      return refused(item);
    case "sent":
      return { icon: Check, look: "done", text: w.sent(spokenPast(new Date(item.sentAt ?? Date.now()))) };
  }
}

function going(item: Item): string {
  const { id, photosDone, photosTotal } = progress.value ?? { id: "", photosDone: 0, photosTotal: 0 };
  const photos = id === item.id && photosDone < photosTotal;
  return photos ? words().photo(photosDone + 1, photosTotal) : words().sending;
}

/** It left, and nothing is known. */
const UNHEARD = new Set(["no-network", "busy"]);

function waiting(item: Item): Told {
  const w = words();
  const wait = spokenWait(item.nextTryAt - Date.now());
  const more = "body" in item ? <Again /> : undefined; // beside a report stands a button for it
  const unsure = item.posted && UNHEARD.has(item.trouble?.code ?? "");
  if (unsure) return { icon: CloudOff, look: "quiet", text: w.perhaps(online.value ? wait : null), more };
  switch (item.trouble?.code) {
    case "sign-in":
      return { icon: TriangleAlert, look: "trouble", text: w.signIn, more: <ToSignIn /> };
    case "storage-full":
      return { icon: TriangleAlert, look: "trouble", text: w.full, more };
    case APART:
      return { icon: Clock, look: "quiet", text: w.apart(wait) };
    case "busy":
      return { icon: Clock, look: "quiet", text: w.busy(wait), more };
    case "unexpected":
      return { icon: Clock, look: "quiet", text: w.unexpected(wait), more };
    case "no-network":
      if (online.value) return { icon: CloudOff, look: "quiet", text: w.weak(wait), more };
  }
  return online.value
    ? { icon: Clock, look: "quiet", text: w.queued }
    : { icon: CloudOff, look: "quiet", text: w.noNetwork };
}

function refused(item: Item): Told {
  const w = words();
  const final = item.trouble?.code === "arrived-unseen";
  const kept = "body" in item ? w.keptAct : w.kept;
  const text = [final ? "" : w.refused, why(item), final ? "" : kept].filter(Boolean).join(" ");
  return { icon: TriangleAlert, look: "trouble", text };
}

/** The server's own sentences; this phone's, where the server did not speak. */
function why(item: Item): string {
  const w = words();
  const ours: Record<string, string> = {
    "http-413": w.tooLarge,
    "photo-lost": w.lostPhoto,
    "session-lost": w.lostSession,
    "arrived-unseen": w.arrivedUnseen,
    "named-already": w.namedAlready,
    [OTHER_ACCOUNT]: w.otherAccount,
  };
  const { code = "", detail = "", fields = [] } = item.trouble ?? {};
  const said = [detail, ...fields.map((field) => field.detail)].filter(Boolean);
  return ours[code] ?? ([...new Set(said)].join(" ") || w.unexplained);
}

/** "40 giây", "3 phút": to five seconds, so that the words do not flicker. */
function spokenWait(ms: number): string {
  const seconds = Math.max(5, Math.ceil(ms / 5000) * 5);
  return seconds < 60 ? words().seconds(seconds) : words().minutes(Math.round(seconds / 60));
}

function Again() {
  return (
    <button type="button" class="send-state-act" onClick={() => void sendNow()}>
      {words().again}
    </button>
  );
}

function ToSignIn() {
  return (
    <Link to="/me/sign-in" class="send-state-act">
      {words().toSignIn}
    </Link>
  );
}

function useTicking(on: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => tick((n) => n + 1), 5000);
    return () => clearInterval(timer);
  }, [on]);
}
