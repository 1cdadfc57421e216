/** A map whose files did not come is tried again when the network returns, and every so often: phones say
 * that they are on line a moment before they are. What stands in its place stays until they are there. */

import { useEffect } from "preact/hooks";
import { returns } from "../core/online";
import { loadMap } from "./load";

const EVERY_MS = 10_000;

export function useAgain(missing: boolean, again: () => void): void {
  const came = returns.value;
  useEffect(() => {
    if (!missing) return;
    let mine = true;
    const look = () => void loadMap().then(() => mine && again(), () => undefined);
    if (came > 0) look();
    const timer = setInterval(() => !document.hidden && look(), EVERY_MS);
    return () => {
      mine = false;
      clearInterval(timer);
    };
  }, [missing, came]);
}
