/** A map whose files did not come is tried again when the network returns, and every so often: phones say
 * that they are on line a moment before they are. What stands in its place stays until they are there. */

import { useEffect, useRef } from "preact/hooks";
import { returns } from "../core/online";
import { isHere, loadMap } from "./load";

const EVERY_MS = 10_000;

export function useAgain(missing: boolean, again: () => void): void {
  const latest = useRef({ missing, again });
  latest.current = { missing, again };
  const look = () => {
    if (!latest.current.missing) return;
    void loadMap().then(() => latest.current.missing && latest.current.again(), () => undefined);
  };
  useEffect(look, [returns.value]);
  useEffect(() => {
    if (!missing) return;
    const timer = setInterval(() => !document.hidden && !isHere() && look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [missing]);
}
