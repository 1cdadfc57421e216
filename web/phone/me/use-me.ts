/** My session on this phone, as it is now; undefined: not read yet. */

import { useEffect, useState } from "preact/hooks";
import { type Session, onChange } from "../core/db";
import { ME, sessionOf } from "../core/session";

export function useMe(): Session | null | undefined {
  const [session, tell] = useState<Session | null | undefined>(undefined);
  useEffect(() => {
    const look = () => void sessionOf(ME).then(tell, () => tell(null));
    look();
    return onChange((what) => what === "session" && look());
  }, []);
  return session;
}
