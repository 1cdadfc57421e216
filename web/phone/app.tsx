/** The frame of the app: which screen the address names, and the five places at its foot. */

import { Bell, ListChecks, Map as MapIcon, Plus, UserRound } from "lucide";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { inWords } from "./core/locale";
import { Link, place } from "./core/router";
import { SignInAgain } from "./me/sign-in-again";
import { unread } from "./messages/unread";
import { waitingCount } from "./sending/outbox";
import { AroundScreen } from "./around/around";
import { newVersion, takeOver } from "./sw/start";
import { Button } from "./ui/button";
import { Icon, type IconNode } from "./ui/icon";
import { later } from "./ui/later";
import { SkeletonCards } from "./ui/states";
import { Top } from "./ui/top";
import { Toasts } from "./ui/toast";

const words = inWords({
  vi: {
    places: "Các mục",
    around: "Quanh tôi",
    mine: "Của tôi",
    add: "Phản ánh",
    messages: "Thông báo",
    me: "Tôi",
    newer: "Có bản mới của Xóm.",
    takeOver: "Mở bản mới",
    unread: (n: number) => `${n} chưa đọc`,
    waiting: (n: number) => `${n} chưa gửi`,
    skip: "Đến nội dung",
  },
  en: {
    places: "Places",
    around: "Around me",
    mine: "Mine",
    add: "Report",
    messages: "Messages",
    me: "Me",
    newer: "A newer Xóm is here.",
    takeOver: "Open it",
    unread: (n: number) => `${n} unread`,
    waiting: (n: number) => `${n} not sent yet`,
    skip: "Skip to content",
  },
});

type Screen = ComponentType<{ rest: string }>;

const apart = (fetch: () => Promise<Screen>) =>
  later(fetch, { wait: Waiting, frame: Bare, shown: focusHeading });

/** The first part of the path → its screen. All but the first are fetched when first shown. */
const screens: Record<string, Screen> = {
  "": AroundScreen,
  new: apart(async () => (await import("./submit/submit")).SubmitScreen),
  mine: apart(async () => (await import("./mine/mine")).MineScreen),
  reports: apart(async () => (await import("./report/report")).ReportScreen),
  follow: apart(async () => (await import("./mine/follow")).FollowScreen),
  messages: apart(async () => (await import("./messages/messages")).MessagesScreen),
  me: apart(async () => (await import("./me/me")).MeScreen),
  privacy: apart(async () => (await import("./me/privacy")).PrivacyScreen),
};

export function App() {
  const [first = "", ...rest] = place.value.path.split("/").filter(Boolean);
  return (
    <>
      <a class="skip" href="#content">
        {words().skip}
      </a>
      <main id="content" class={`screen screen-${first || "around"}`} tabIndex={-1}>
        <SignInAgain />
        {newVersion.value && <Newer />}
        <Shown name={first in screens ? first : ""} rest={rest.join("/")} />
      </main>
      <Toasts />
      {first !== "new" && <Tabs first={first} />}
    </>
  );
}

function Shown({ name, rest }: { name: string; rest: string }) {
  const Screen = screens[name] ?? AroundScreen;
  useEffect(() => focusHeading(), [name, rest]);
  return <Screen rest={rest} key={name} />;
}

/** The bar with the city's line is there while a screen is fetched, and when it cannot be. */
function Bare({ children }: { children?: ComponentChildren }) {
  return (
    <>
      <Top title="Xóm" />
      <div class="body">{children}</div>
    </>
  );
}

function Waiting() {
  return (
    <Bare>
      <SkeletonCards />
    </Bare>
  );
}

function Newer() {
  const w = words();
  return (
    <p class="newer" role="status">
      <span>{w.newer}</span>
      <Button look="quiet" onClick={takeOver}>
        {w.takeOver}
      </Button>
    </p>
  );
}

let started = false;

/** After the first screen, each new one is told to a screen reader by its heading; but not to who writes
 * already, which would take the next letters from them. */
function focusHeading(): void {
  const writes = document.activeElement?.matches("main :is(input, textarea, select)");
  if (started && !writes) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  started = true;
}

function Tabs({ first }: { first: string }) {
  const w = words();
  return (
    <nav class="tabs" aria-label={w.places}>
      <Tab to="/" icon={MapIcon} name={w.around} here={first === ""} />
      <Tab
        to="/mine"
        icon={ListChecks}
        name={w.mine}
        here={first === "mine" || first === "reports" || first === "follow"}
        count={waitingCount.value}
        counted={w.waiting}
      />
      <Link to="/new" class="tab tab-add" aria-label={w.add}>
        <span class="tab-plus">
          <Icon of={Plus} size={28} />
        </span>
      </Link>
      <Tab
        to="/messages"
        icon={Bell}
        name={w.messages}
        here={first === "messages"}
        count={unread.value}
        counted={w.unread}
      />
      <Tab to="/me" icon={UserRound} name={w.me} here={first === "me" || first === "privacy"} />
    </nav>
  );
}

interface TabProps {
  to: string;
  icon: IconNode;
  name: string;
  here: boolean;
  count?: number;
  counted?: (n: number) => string;
}

function Tab({ to, icon, name, here, count = 0, counted }: TabProps) {
  return (
    <Link to={to} class={here ? "tab here" : "tab"} aria-current={here ? "page" : undefined}>
      <span class="tab-icon">
        <Icon of={icon} size={24} />
        {count > 0 && (
          <span class="badge">
            <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
            <span class="unseen">{counted?.(count)}</span>
          </span>
        )}
      </span>
      <span>{name}</span>
    </Link>
  );
}
