/** After sending: the code, what happens next, where it stands truly; and only then the question about
 * notifications. */

import { Check, CloudOff, Copy, LoaderCircle, PencilLine, Share2 } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { categoryOf } from "../core/city";
import type { Draft } from "../core/db";
import { go } from "../core/router";
import { ME } from "../core/session";
import type { Category } from "../core/types";
import { takenToChange } from "../mine/change";
import { AskPush } from "../push/ask-push";
import { SendState } from "../sending/state";
import { Button, ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { reportPath } from "../ui/report-card";
import { toast } from "../ui/toast";
import { Top } from "../ui/top";
import { dangerOf } from "./danger";
import { words } from "./words";

export function Sent({ draft, onEdit }: { draft: Draft; onEdit: (draft: Draft) => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const w = words();
  const category = categoryOf(draft.category) ?? null;
  const sent = draft.state === "sent";
  const [icon, title] = sent
    ? [Check, w.sentTitle]
    : draft.state === "sending"
      ? [LoaderCircle, w.sendingTitle]
      : [CloudOff, w.queuedTitle];
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  const edit = () => void takenToChange(draft.id).then((back) => back && onEdit(back));
  return (
    <>
      <Top title={title} close={{ word: w.mine, act: () => go("/mine") }} />
      <div class="body submit-sent">
        <div class="submit-sent-head">
          <span class={`state-icon${sent ? " submit-sent-done" : ""}`}>
            <Icon of={icon} size={28} />
          </span>
          <h2 tabIndex={-1} ref={heading}>
            {title}
          </h2>
          <SendState item={draft} />
        </div>
        <Code draft={draft} />
        <Next draft={draft} category={category} />
        <div class="submit-sent-acts">
          {draft.code && (
            <ButtonLink to={reportPath(draft.code)} look="primary" wide replace>
              {w.see}
            </ButtonLink>
          )}
          {draft.state === "queued" && !draft.posted && (
            <Button icon={PencilLine} wide onClick={edit}>
              {w.editAgain}
            </Button>
          )}
          <ButtonLink to="/new" wide>
            {w.another}
          </ButtonLink>
          {!draft.code && (
            <ButtonLink to="/mine" look="quiet" wide>
              {w.mine}
            </ButtonLink>
          )}
        </div>
        <AskPush session={draft.identity === "anonymous" ? draft.id : ME} />
      </div>
    </>
  );
}

/** The place for the code is there from the start, so that nothing jumps when it comes. */
function Code({ draft }: { draft: Draft }) {
  const w = words();
  const { code } = draft;
  return (
    <section class="panel submit-code" aria-live="polite" aria-label={w.code}>
      <p class="muted">{w.code}</p>
      {code ? <p class="submit-code-big">{code}</p> : <p class="submit-code-later">{w.codeLater}</p>}
      <div class="submit-row">
        <Button icon={Copy} disabled={!code} onClick={() => code && void copy(code, w.copied)}>
          {w.copy}
        </Button>
        <Button icon={Share2} disabled={!code} onClick={() => code && void share(code)}>
          {w.share}
        </Button>
      </div>
    </section>
  );
}

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    getSelection()?.selectAllChildren(document.querySelector(".submit-code-big") ?? document.body);
  }
}

async function share(code: string): Promise<void> {
  const url = location.origin + reportPath(code);
  const w = words();
  if (!navigator.share) return copy(url, w.linkCopied);
  await navigator.share({ title: w.shareText(code), url }).catch(() => undefined); // closed without sharing
}

function Next({ draft, category }: { draft: Draft; category: Category | null }) {
  const w = words();
  const urgent = dangerOf("", category, draft.answers).of !== "";
  const steps = [
    ...(draft.state === "sent" ? [] : [w.nextQueued]),
    w.nextSeen,
    ...(urgent ? [w.nextUrgent] : termOf(category)),
    draft.identity === "anonymous" ? w.nextAnonymous : w.nextYou,
  ];
  return (
    <section aria-labelledby="next-title">
      <h3 id="next-title" class="section-title">
        {w.next}
      </h3>
      <ol class="submit-next">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}

function termOf(category: Category | null): string[] {
  const w = words();
  if (category?.deadline_hours) return [w.nextHours(category.deadline_hours)];
  return category?.deadline_days ? [w.nextDays(category.deadline_days)] : [];
}
