/** /messages: what I was told, newest first, under the days. */

import { BellOff, CheckCheck, ChevronRight, Settings2 } from "lucide";
import { useEffect } from "preact/hooks";
import { Link } from "../core/router";
import { spokenDay } from "../core/time";
import { More } from "../mine/sent";
import { Button, ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { Empty, KeptLine, Trouble } from "../ui/states";
import { Top } from "../ui/top";
import { type Told, useInbox } from "./inbox";
import { MessageRow } from "./message-row";
import { markRead, tellRead } from "./reading";
import { SkeletonMessages } from "./skeleton";
import { hasUnread, heardUnread, unread } from "./unread";
import { words } from "./words";

export function MessagesScreen(_: { rest: string }) {
  const { pages, told, newest, loading } = useInbox();
  const shown = told.filter((one) => one.unread).map(({ key, message }) => ({ key, id: message.id }));
  const w = words();
  useEffect(() => void tellRead().catch(() => undefined), []);
  const readAll = () => {
    const upTo = newest.filter(({ key }) => hasUnread(key) || shown.some((one) => one.key === key));
    for (const { key } of upTo) heardUnread(key, 0);
    void markRead(shown, upTo);
  };

  return (
    <>
      <Top title={w.title} />
      <div class="body messages">
        <KeptLine at={pages.at} error={pages.error} />
        {(shown.length > 0 || (newest.length > 0 && unread.value > 0)) && (
          <Button look="quiet" icon={CheckCheck} onClick={readAll}>
            {w.readAll}
          </Button>
        )}
        {loading && <SkeletonMessages />}
        {!loading && !told.length && (pages.error ? <Trouble error={pages.error} again={pages.again} /> : <None />)}
        {days(told).map(([day, those]) => (
          <Day day={day} told={those} key={day} />
        ))}
        <More told={pages} />
        {!loading && (
          <Link to="/me/notifications" class="messages-settings">
            <Icon of={Settings2} />
            <span>{w.settings}</span>
            <Icon of={ChevronRight} />
          </Link>
        )}
      </div>
    </>
  );
}

/** Newest first, so that each day's stand together. */
function days(told: Told[]): [string, Told[]][] {
  const found = new Map<string, Told[]>();
  for (const one of told) {
    const day = spokenDay(one.message.at);
    found.set(day, [...(found.get(day) ?? []), one]);
  }
  return [...found];
}

function Day({ day, told }: { day: string; told: Told[] }) {
  return (
    <section aria-label={day}>
      <h2 class="messages-day">{day}</h2>
      <ul class="card">
        {told.map((one) => (
          <MessageRow told={one} key={`${one.key} ${one.message.id}`} />
        ))}
      </ul>
    </section>
  );
}

function None() {
  const w = words();
  return (
    <Empty icon={BellOff} title={w.none}>
      <p>{w.noneText}</p>
      <ButtonLink to="/new" look="primary">
        {w.report}
      </ButtonLink>
    </Empty>
  );
}
