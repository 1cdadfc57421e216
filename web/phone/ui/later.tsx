/** A screen, or a part of one, that is fetched when it is first shown. */

import { type ComponentType, Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork } from "../core/api";
import { Trouble } from "./states";

interface Meanwhile {
  wait?: ComponentType; // what stands in its place until it is there
  frame?: ComponentType; // what stands around the trouble when it cannot be fetched
  shown?: () => void; // called when it has been drawn
}

export function later<Props extends object>(
  fetch: () => Promise<ComponentType<Props>>,
  { wait, frame: Frame = Fragment, shown }: Meanwhile = {},
) {
  let there: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const [state, tell] = useState<"waiting" | "there" | "failed">(there ? "there" : "waiting");
    useEffect(() => {
      if (state === "there") shown?.();
      if (state !== "waiting") return;
      void fetch().then(
        (part) => {
          there = part;
          tell("there");
        },
        () => tell("failed"),
      );
    }, [state]);
    if (state === "failed") {
      return (
        <Frame>
          <Trouble error={new NoNetwork()} again={() => tell("waiting")} />
        </Frame>
      );
    }
    const Shown = there ?? wait;
    return Shown ? <Shown {...(props as Props & object)} /> : null;
  };
}
