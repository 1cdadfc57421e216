/** The bar above every screen: a way back where there is one, the title, and the city's line, one tap
 * away wherever you are. */

import { ArrowLeft, Phone, X } from "lucide";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { hotline } from "../core/city";
import { inWords } from "../core/locale";
import { back } from "../core/router";
import { useTitle } from "../core/screen";
import { Icon } from "./icon";

const words = inWords({
  vi: { back: "Quay lại", line: "Tổng đài" },
  en: { back: "Back", line: "Call" },
});

interface TopProps {
  title: string;
  backTo?: string; // where "back" leads when this screen was opened first
  close?: { word: string; act: () => void }; // of a screen that is left by closing it
  children?: ComponentChildren;
}

export function Top({ title, backTo, close, children }: TopProps) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useHeldFocus(heading);
  const line = hotline();
  const w = words();
  return (
    <header class="top">
      {close && (
        <button type="button" class="icon-button" aria-label={close.word} onClick={close.act}>
          <Icon of={X} size={24} />
        </button>
      )}
      {backTo && (
        <button type="button" class="icon-button" aria-label={w.back} onClick={() => back(backTo)}>
          <Icon of={ArrowLeft} size={24} />
        </button>
      )}
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
      {line.number && (
        <a class="hotline" href={`tel:${line.number}`} aria-label={`${w.line}: ${line.name}, ${line.number}`}>
          <Icon of={Phone} />
          <span>{w.line}</span>
        </a>
      )}
    </header>
  );
}

let held = false;

/** A heading that had the focus may be replaced, as when a report has loaded: it goes on in the new
 * one, or a screen reader would start over. */
function useHeldFocus(heading: RefObject<HTMLHeadingElement | null>): void {
  useLayoutEffect(() => {
    const element = heading.current;
    if (held) element?.focus({ preventScroll: true });
    held = false;
    return () => {
      held = element !== null && document.activeElement === element;
    };
  }, []);
}
