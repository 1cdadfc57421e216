/** Buttons and links that look like them. One primary a screen. */

import type { ComponentChildren } from "preact";
import { Link } from "../core/router";
import { Icon, type IconNode } from "./icon";

export type Look = "primary" | "plain" | "quiet" | "danger";

interface ButtonProps {
  look?: Look;
  icon?: IconNode;
  busy?: boolean;
  wide?: boolean;
  type?: "button" | "submit";
  disabled?: boolean;
  pressed?: boolean; // of a button that stays down
  describedBy?: string;
  onClick?: () => void;
  children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { look = "plain", icon, busy, wide, type = "button", pressed, describedBy } = props;
  return (
    <button
      type={type}
      disabled={props.disabled}
      class={`button button-${look}${wide ? " wide" : ""}`}
      aria-pressed={pressed}
      aria-busy={busy || undefined}
      aria-describedby={describedBy}
      onClick={busy ? undefined : () => props.onClick?.()}
    >
      {icon && <Icon of={icon} />}
      <span>{props.children}</span>
    </button>
  );
}

export function ButtonLink({
  to,
  look = "plain",
  icon,
  wide,
  replace,
  children,
}: {
  to: string;
  look?: Look;
  icon?: IconNode;
  wide?: boolean;
  replace?: boolean; // without a step back to where it stands
  children: ComponentChildren;
}) {
  return (
    <Link to={to} replace={replace} class={`button button-${look}${wide ? " wide" : ""}`}>
      {icon && <Icon of={icon} />}
      <span>{children}</span>
    </Link>
  );
}
