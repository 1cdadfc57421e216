/** One message: what it says, when, whether it was read; a tap leads to what it is about. */

import { EyeOff, TriangleAlert } from "lucide";
import type { SessionKey } from "../core/db";
import { useKept } from "../core/kept";
import { Link } from "../core/router";
import { ME } from "../core/session";
import { spokenClock } from "../core/time";
import { Icon } from "../ui/icon";
import type { Told } from "./inbox";
import { markRead } from "./reading";
import { words } from "./words";

export function MessageRow({ told }: { told: Told }) {
  const { key, message, unread } = told;
  const w = words();
  const complaint = /^complaint:(.+)/.exec(message.subject)?.[1];
  const path = key === ME ? message.path : `${message.path}?as=${key}`;
  const read = () => unread && void markRead([{ key, id: message.id }]);
  return (
    <li class={unread ? "message unread" : "message"}>
      <Link to={path} class="message-link" onClick={read}>
        <span class="message-dot" aria-hidden="true" />
        <span class="message-words">
          <span class="message-head">
            <span class="message-title">
              {unread && <span class="unseen">{w.unread}: </span>}
              <Coded text={message.title} />
            </span>
            <time dateTime={message.at}>{spokenClock(message.at)}</time>
          </span>
          {message.urgent && (
            <span class="message-mark urgent">
              <Icon of={TriangleAlert} size={16} />
              {w.urgent}
            </span>
          )}
          <span class="message-body">
            <Coded text={message.body} />
          </span>
          {complaint && <Answered id={complaint} session={key} />}
          {key !== ME && (
            <span class="message-mark">
              <Icon of={EyeOff} size={16} />
              {w.anonymous}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

/** What the centre answered to a complaint of mine. Only here: no push or letter carries free words. */
function Answered({ id, session }: { id: string; session: SessionKey }) {
  const told = useKept<{ answer: string | null }>(`/complaints/${id}`, { key: session });
  if (!told.value?.answer) return null;
  return (
    <span class="message-answer">
      {words().answered}: {told.value.answer}
    </span>
  );
}

const CODE = /(\d{3}-\d{3}-\d{3}-[A-Z])/;

/** Words in which a report's code stays in one piece. */
function Coded({ text }: { text: string }) {
  return (
    <>
      {text.split(CODE).map((part) =>
        CODE.test(part) ? (
          <span class="message-code" key={part}>
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  );
}
