/** Which screen is shown: the address alone decides, so that links, pushes and the back button work. */

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { within } from "./within";

export interface Place {
  path: string;
  query: URLSearchParams;
}

export const place = signal<Place>(here());

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** Show another screen. `replace`: without a step back to this one. */
export function go(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"]({ inside: true }, "", within(to) ?? "/");
  show();
}

/** One step back, or to `otherwise` when this screen was the first. */
export function back(otherwise: string): void {
  if ((history.state as { inside?: boolean } | null)?.inside) history.back();
  else go(otherwise, { replace: true });
}

function show(): void {
  place.value = here();
  scrollTo(0, 0);
}

export function listenToHistory(): void {
  addEventListener("popstate", show);
}

interface LinkProps {
  to: string;
  children: ComponentChildren;
  class?: string;
  onClick?: () => void;
  replace?: boolean; // as of `go`
  "aria-label"?: string;
  "aria-current"?: "page";
}

/** A link within the app: a real one, so that it can be opened in a new tab or copied. */
export function Link({ to, children, onClick, replace, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    onClick?.();
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to, { replace });
  };
  return (
    <a href={to} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
