/** What a screen shows when there is nothing, nothing yet, or something went wrong. */

import { CloudOff, RotateCw, TriangleAlert } from "lucide";
import type { ComponentChildren } from "preact";
import { Busy, NoNetwork, Problem } from "../core/api";
import { inWords } from "../core/locale";
import { spokenPast } from "../core/time";
import { Button } from "./button";
import { Icon, type IconNode } from "./icon";

const words = inWords({
  vi: {
    noNetwork: "Chưa có mạng",
    noNetworkSafe: "Những gì bạn đã viết vẫn nằm trong máy. Có sóng là tự tải lại.",
    busy: "Máy chủ đang bận",
    busySafe: "Chưa tải được lúc này. Những gì bạn đã viết vẫn nằm trong máy.",
    refused: "Không mở được",
    again: "Tải lại",
    kept: (moment: string) => `Chưa có mạng. Đây là những gì máy lưu lúc ${moment}.`,
    keptBusy: (moment: string) => `Máy chủ đang bận. Đây là những gì máy lưu lúc ${moment}.`,
    loading: "Đang tải",
  },
  en: {
    noNetwork: "No network",
    noNetworkSafe: "What you wrote is still on this phone. This loads by itself once there is signal.",
    busy: "The server is busy",
    busySafe: "It could not be loaded now. What you wrote is still on this phone.",
    refused: "This cannot be opened",
    again: "Load again",
    kept: (moment: string) => `No network. This is what the phone kept at ${moment}.`,
    keptBusy: (moment: string) => `The server is busy. This is what the phone kept at ${moment}.`,
    loading: "Loading",
  },
});

export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconNode;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="state">
      <span class="state-icon">
        <Icon of={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What happened, what to do, what is safe. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const w = words();
  const [icon, title, text] =
    error instanceof Problem
      ? [TriangleAlert, w.refused, error.detail]
      : error instanceof Busy
        ? [TriangleAlert, w.busy, error.detail || w.busySafe]
        : [CloudOff, w.noNetwork, w.noNetworkSafe];
  return (
    <div class="state" role="alert">
      <span class="state-icon">
        <Icon of={icon} size={28} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {again && (
        <Button icon={RotateCw} onClick={again}>
          {w.again}
        </Button>
      )}
    </div>
  );
}

/** Told above a list that is from before. */
export function KeptLine({ at, error }: { at: number | null; error: unknown }) {
  if (!at || !(error instanceof NoNetwork || error instanceof Busy)) return null;
  const w = words();
  const moment = spokenPast(new Date(at));
  return (
    <p class="kept-line" role="status">
      <Icon of={CloudOff} size={16} />
      {error instanceof Busy ? w.keptBusy(moment) : w.kept(moment)}
    </p>
  );
}

/** Cards as they will be, before they are there. */
export function SkeletonCards({ count = 4 }: { count?: number }) {
  return (
    <div class="cards" aria-busy="true">
      <span class="unseen">{words().loading}</span>
      {Array.from({ length: count }, (_, index) => (
        <div class="card skeleton-card" key={index} aria-hidden="true">
          <span class="skeleton skeleton-photo" />
          <span class="skeleton-lines">
            <span class="skeleton skeleton-line" />
            <span class="skeleton skeleton-line short" />
            <span class="skeleton skeleton-line shorter" />
          </span>
        </div>
      ))}
    </div>
  );
}
