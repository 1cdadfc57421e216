/** A sheet from the foot of the screen: a real <dialog>, so that focus, Escape and readers behave. */

import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { inWords } from "../core/locale";
import { Icon } from "./icon";

const words = inWords({ vi: { close: "Đóng" }, en: { close: "Close" } });

export function Sheet({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close(); // out of the page already, so that the browser gives the focus back to nobody
      if (document.activeElement === document.body) giveBack(before);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="sheet-inner">
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" class="icon-button" aria-label={words().close} onClick={onClose}>
            <Icon of={X} size={24} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** The focus returns to what opened the sheet. */
function giveBack(opener: Element | null): void {
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
}
