/** The bar above: close, the title, and the city's line. */

import { Phone, X } from "lucide";
import { hotline } from "../core/city";
import { useTitle } from "../core/screen";
import { Icon } from "../ui/icon";
import { words } from "./words";

interface TopProps {
  title: string;
  closeWord: string;
  onClose: () => void;
}

export function SubmitTop({ title, closeWord, onClose }: TopProps) {
  useTitle(title);
  const line = hotline();
  const w = words();
  return (
    <header class="top">
      <button type="button" class="icon-button" aria-label={closeWord} onClick={onClose}>
        <Icon of={X} size={24} />
      </button>
      <h1 tabIndex={-1}>{title}</h1>
      <a class="hotline" href={`tel:${line.number}`} aria-label={`${w.call(line.name)}, ${line.number}`}>
        <Icon of={Phone} />
        <span>{w.hotline}</span>
      </a>
    </header>
  );
}
