/** A part of the screen that is fetched when it is first shown. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork } from "../core/api";
import { Trouble } from "../ui/states";

type Part<Props> = ComponentType<Props>;

/** `wait`: what stands in its place until it is there. */
export function later<Props extends object>(fetch: () => Promise<Part<Props>>, wait?: ComponentType) {
  let there: Part<Props> | null = null;
  return function Later(props: Props) {
    const [state, tell] = useState<"waiting" | "there" | "failed">(there ? "there" : "waiting");
    useEffect(() => {
      if (state !== "waiting") return;
      void fetch().then(
        (part) => {
          there = part;
          tell("there");
        },
        () => tell("failed"),
      );
    }, [state]);
    if (state === "failed") return <Trouble error={new NoNetwork()} again={() => tell("waiting")} />;
    const Shown = there ?? wait;
    return Shown ? <Shown {...(props as Props & object)} /> : null;
  };
}
