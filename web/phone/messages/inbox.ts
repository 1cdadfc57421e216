/** The inbox: my messages by pages, and those of this phone's anonymous reports among them. */

import { useEffect, useState } from "preact/hooks";
import { onChange, type SessionKey } from "../core/db";
import { ask, recall } from "../core/kept";
import { locale } from "../core/locale";
import { returns } from "../core/online";
import { ME } from "../core/session";
import type { Message, Page } from "../core/types";
import { useMe } from "../me/use-me";
import { type Pages, usePages } from "../mine/more";
import { anonymousSessions } from "../report/whose";
import { type Read, readHere } from "./reading";
import { heardUnread } from "./unread";

export interface Told {
  key: SessionKey;
  message: Message;
  unread: boolean;
}

export interface Inbox {
  pages: Pages<Message>;
  told: Told[];
  newest: Read[]; // of each session
  loading: boolean;
}

interface Answer extends Page<Message> {
  unread: number;
}

const PATH = "/me/messages?limit=30";

export function useInbox(): Inbox {
  const me = useMe();
  const pages = usePages<Message>(me && !me.expired ? PATH : null, ME);
  const hidden = useHidden();
  useEffect(() => onChange((what) => what === "messages" && pages.again()), []);

  useEffect(() => {
    if (pages.state === "fresh" && pages.value) heardUnread(ME, (pages.value as Answer).unread);
  }, [pages.value, pages.state]);

  const last = pages.items[pages.items.length - 1];
  const within = pages.next && last ? last.at : "";
  const mine = pages.items.map((message) => ({ key: ME, message }));
  const all = [...mine, ...hidden];
  const told = all
    .filter(({ message }) => message.at >= within)
    .sort((a, b) => (a.message.at < b.message.at ? 1 : a.message.at > b.message.at ? -1 : 0))
    .map((one) => ({ ...one, unread: !one.message.read_at && !readHere.value.has(one.message.id) }));
  const loading = me === undefined || Boolean(me && !me.expired && pages.state === "loading");
  return { pages, told, newest: newestOf(all), loading };
}

/** The first of each session: the server tells the newest first. */
function newestOf(all: Hidden[]): Read[] {
  const found = new Map<SessionKey, string>();
  for (const { key, message } of all) if (!found.has(key)) found.set(key, message.id);
  return [...found].map(([key, id]) => ({ key, id }));
}

type Hidden = Omit<Told, "unread">;

function useHidden(): Hidden[] {
  const [told, tell] = useState<Hidden[]>([]);
  useEffect(() => {
    let mine = true;
    const read = () => void readAll((all) => mine && tell(all));
    read();
    const off = onChange((what) => (what === "messages" || what === "session") && read());
    return () => {
      mine = false;
      off();
    };
  }, [locale.value, returns.value]);
  return told;
}

async function readAll(tell: (all: Hidden[]) => void): Promise<void> {
  const sessions = await anonymousSessions().catch(() => []);
  const of = async ({ key }: { key: SessionKey }): Promise<Hidden[]> => {
    const kept = () => recall<Page<Message>>(PATH, key).then((found) => found?.value ?? null, () => null);
    const page = await ask<Answer>(PATH, key).then((told) => {
      heardUnread(key, told.unread);
      return told;
    }, kept);
    return (page?.items ?? []).map((message) => ({ key, message }));
  };
  tell((await Promise.all(sessions.map(of))).flat());
}
