/** Sends what waits on this phone: reports and acts, oldest first, one sender among all tabs and the
 * service worker. Never twice: every id was made here, and the server tells a repeat by it. Never
 * lost: nothing is taken off the phone before the server has said, by that id, that it has it.
 *
 *     queued ──claim──▶ sending ──the server has it──▶ sent
 *        ▲                 ├── no network, busy, sign-in ──▶ queued (with a reason and a moment)
 *        │                 └── the server says no ────────▶ refused (with its words; editable)
 *        │                 ├── another has signed in ─────▶ writing (an act: refused)
 *        └── "sending" without a holder of the lock: whoever sent it died
 *
 * May be killed at any line. No signals and no document here: the service worker runs it too. */

import { Busy, NoNetwork, Problem } from "../core/api";
import { type Act, type Draft, type Session, type Trouble, alone, database, isUnderWay, onChange } from "../core/db";
import { ME, markExpired, ownerOf, sessionOf } from "../core/session";
import { APART, apartMoment, isTooNear, ownFirst } from "./apart";
import { delay, isDue } from "./backoff";
import { Anothers, NeedsSignIn, Refused, Vanished, sendAct, sendReport, sessionToSend } from "./delivery";
import { type Job, asRemembered, edit, reread } from "./jobs";
import { LEAVING, breakOff } from "./leaving";
import { OTHER_ACCOUNT, isAnothers, takeUpAgain } from "./owner";
import { StorageFull } from "./store";

/** Which back-offs to pass over: none; those for want of a network, since it may be back; all. */
export type Hurry = "none" | "network" | "all";

export interface Wish {
  hurry: Hurry;
  locale: string; // of the server's sentences
}

type Item = Draft | Act;

onChange((what) => what === "leaving" && breakOff());

export function sendAll(wish: Wish): Promise<void> {
  return alone("sending", async () => {
    if (!(await isUnderWay(LEAVING))) await round(wish);
  });
}

/** When something is to be tried next (ms), or null: nothing waits, or all of it for a sign-in. */
export async function nextMoment(): Promise<number | null> {
  const ahead = new Map<string, number>(); // what is said about one report waits for what was said before
  for (const { item } of await waitingJobs()) {
    const own = item.trouble?.code === "sign-in" ? Infinity : item.nextTryAt;
    const report = reportOf(item);
    ahead.set(report, Math.max(own, ahead.get(report) ?? 0));
  }
  const soonest = Math.min(...ahead.values());
  return Number.isFinite(soonest) ? soonest : null;
}

async function round(wish: Wish): Promise<void> {
  await takeUpAgain().catch(() => undefined); // on a full phone they wait for the next round
  await takeBack(wish.hurry);
  const tried = new Set<string>();
  const spoken = new Set<string>(); // the sessions in whose names something was sent
  for (;;) {
    const job = await nextJob(tried);
    if (!job) return;
    tried.add(job.id);
    const item = await reread(job);
    if (item && isTooNear(item, spoken)) {
      await putBack(job, { code: APART, detail: "" }, apartMoment(Date.now()));
      continue;
    }
    if (item) spoken.add(item.session);
    if ((await attempt(job, wish.locale)) === "stop") return;
  }
}

/** Holding the lock, nobody else is sending: what says so was left by one who died. */
async function takeBack(hurry: Hurry): Promise<void> {
  for (const { job, item } of await waitingJobs()) {
    const passed = hurry === "all" || (hurry === "network" && item.trouble?.code === "no-network");
    const early = passed && (item.nextTryAt > 0 || item.tries > 0);
    if (item.state !== "sending" && !early) continue;
    await edit(job, (row) => {
      row.state = "queued";
      if (early) row.tries = row.nextTryAt = 0;
    });
  }
}

interface Waiting {
  job: Job;
  item: Item;
}

/** All that waits, the person's own before anonymous reports, oldest first. */
async function waitingJobs(): Promise<Waiting[]> {
  const db = await database();
  const [reports, others] = await Promise.all([db.getAll("drafts"), db.getAll("acts")]);
  const all: Waiting[] = [
    ...reports.map((item) => ({ job: { store: "drafts" as const, id: item.id }, item })),
    ...others.map((item) => ({ job: { store: "acts" as const, id: item.id }, item })),
  ];
  return all
    .map((one) => ({ ...one, item: asRemembered(one.item) }))
    .filter(({ item }) => item.state === "queued" || item.state === "sending")
    .sort((a, b) => ownFirst(a.item, b.item));
}

/** The oldest that is due. What is said about one report goes in the order it was said. */
async function nextJob(tried: Set<string>): Promise<Job | null> {
  const behind = new Set<string>();
  for (const { job, item } of await waitingJobs()) {
    const report = reportOf(item);
    const free = !tried.has(job.id) && !behind.has(report) && (await mayTry(item));
    if (free) return job;
    behind.add(report);
  }
  return null;
}

function reportOf(item: Item): string {
  return "report" in item ? item.report : item.id;
}

async function mayTry(item: Item): Promise<boolean> {
  if (item.trouble?.code === "sign-in") return !(await sessionOf(item.session))?.expired;
  return isDue(item.nextTryAt, Date.now());
}

/** One item, once. "stop": the rest would fare no better now. */
async function attempt(job: Job, locale: string): Promise<"on" | "stop"> {
  try {
    const item = await edit(job, (row) => Object.assign(row, { state: "sending", tried: true }));
    if (item) await deliver(job, item, locale);
    return "on";
  } catch (error) {
    return settle(job, error);
  }
}

/** With a session; a guest's that the server knows no longer is replaced, and what waits goes on. */
async function deliver(job: Job, item: Item, locale: string): Promise<void> {
  for (let turn = 0; ; turn++) {
    const session = await sessionFor(job, item, locale);
    try {
      if (job.store === "drafts") await sendReport(job, session, locale);
      else await sendAct(job, session, locale);
      return;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error;
      await markExpired(session.key, session.token);
      if (turn > 0) throw new Busy(401, 0, error.detail); // a new session is refused too: not ours to mend
    }
  }
}

async function sessionFor(job: Job, item: Item, locale: string): Promise<Session> {
  const known = await sessionOf(item.session);
  // An anonymous report is answered by the one session that sent it: a new one would not be it.
  if ("report" in item && item.session === item.report && (!known || known.expired)) {
    throw new Refused({ code: "session-lost", detail: "" });
  }
  if (isAnothers(item, known)) throw new Anothers();
  const session = await sessionToSend(item.session, locale);
  await note(job, item, session);
  if (session.expired) throw new NeedsSignIn();
  return session;
}

/** From its first try under somebody's sign-in on, it is theirs. */
async function note(job: Job, item: Item, session: Session): Promise<void> {
  const owner = ownerOf(session);
  if (!owner || item.owner || session.key !== ME) return;
  item.owner = owner;
  await edit(job, (row) => (row.owner = owner));
}

/** What became of a failed try, said on the item itself. */
async function settle(job: Job, error: unknown): Promise<"on" | "stop"> {
  if (error instanceof Vanished) return "on"; // thrown away, or taken back, meanwhile
  if (error instanceof Problem) return refuse(job, error);
  if (error instanceof Refused) return refuse(job, error);
  if (error instanceof Anothers) return giveBack(job);
  if (error instanceof NeedsSignIn) return putBack(job, { code: "sign-in", detail: "" }, 0);
  if (error instanceof NoNetwork) return wait(job, { code: "no-network", detail: "" }, 0, true);
  if (error instanceof StorageFull) return wait(job, { code: "storage-full", detail: "" }, 0, false);
  if (error instanceof Busy) {
    const alone = error.status === 500 || error.status === 507; // this item's own trouble, perhaps
    return wait(job, { code: "busy", detail: error.detail }, error.retryAfter, !alone);
  }
  console.error(error);
  return wait(job, { code: "unexpected", detail: "" }, 0, false);
}

async function refuse(job: Job, told: Pick<Trouble, "code" | "detail" | "fields">): Promise<"on"> {
  const { code, detail, fields } = told;
  await edit(job, (row) => {
    row.state = "refused";
    row.trouble = { code, detail, fields, at: Date.now() };
    row.posted = false; // an answer came, and it was no
  });
  return "on";
}

/** It goes in nobody's name by itself: whoever it was signs in again, or the person sends it by hand. */
async function giveBack(job: Job): Promise<"on"> {
  const isReport = job.store === "drafts";
  await edit(job, (row) => {
    row.state = isReport ? "writing" : "refused";
    row.tries = row.nextTryAt = 0;
    row.trouble = isReport ? null : { code: OTHER_ACCOUNT, detail: "", fields: [], at: Date.now() };
  });
  return "on";
}

type Why = Pick<Trouble, "code" | "detail">;

async function putBack(job: Job, why: Why, nextTryAt: number): Promise<"on"> {
  await edit(job, (row) => {
    row.state = "queued";
    row.nextTryAt = nextTryAt;
    row.trouble = { ...why, fields: [], at: Date.now() };
  });
  return "on";
}

/** Back in the queue for a while; `all`: so is everything else, each for the shortest while, so that an
 * item which the server cannot digest does not hold up the others for ever. What is dangerous does not
 * wait as long as the server asked another to: it is tried in this very round. */
async function wait(job: Job, why: Why, asked: number, all: boolean): Promise<"on" | "stop"> {
  const item = await reread(job);
  const tries = (item?.tries ?? 0) + 1;
  const now = Date.now();
  await edit(job, (row) => (row.tries = tries));
  await putBack(job, why, now + delay(tries, asked));
  if (!all) return "on";
  const busy = why.code === "busy";
  const others = now + delay(1, busy ? asked : 0);
  let urgent = false;
  for (const { job: other, item: waits } of await waitingJobs()) {
    if (other.id === job.id || !isDue(waits.nextTryAt, now) || waits.trouble?.code === "sign-in") continue;
    if (busy && isDangerous(waits)) urgent = true;
    else await putBack(other, why, others);
  }
  return urgent ? "on" : "stop";
}

function isDangerous(item: Item): boolean {
  return "dangerous" in item && item.dangerous === true;
}

