/** A picture of the server's. One that is not public yet is fetched in its owner's name; each is kept
 * for as long as its screen is open. Its blur (thumbhash) stands in its place until then. */

import { useEffect, useState } from "preact/hooks";
import { type SessionKey } from "../core/db";
import { ME, sessionOf } from "../core/session";
import type { Photo } from "../core/types";

export function Picture({
  photo,
  alt,
  size = "small",
  session = ME,
  mine = false,
  class: look = "",
}: {
  photo: Photo;
  alt: string;
  size?: "small" | "large";
  session?: SessionKey;
  mine?: boolean; // not public perhaps: ask in the owner's name
  class?: string;
}) {
  const address = photo[size];
  const source = useSource(address, mine ? session : null);
  return (
    <img
      class={`picture ${look}`}
      src={source ?? undefined}
      alt={alt}
      width={photo.width}
      height={photo.height}
      loading={mine ? undefined : "lazy"}
      decoding="async"
    />
  );
}

/** An address that <img> can show: the public one as it is, one's own through a blob. */
function useSource(address: string, session: SessionKey | null): string | null {
  const [source, setSource] = useState<string | null>(session === null ? address : null);
  useEffect(() => {
    if (session === null) return setSource(address);
    let made: string | null = null;
    let gone = false;
    void fetchAs(session, address).then((blob) => {
      if (gone || !blob) return;
      made = URL.createObjectURL(blob);
      setSource(made);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [address, session]);
  return source;
}

async function fetchAs(key: SessionKey, address: string): Promise<Blob | null> {
  const session = await sessionOf(key);
  const headers: Record<string, string> = session ? { Authorization: `Bearer ${session.token}` } : {};
  try {
    const response = await fetch(address, { headers, credentials: "omit", cache: "no-store" });
    return response.ok ? await response.blob() : null;
  } catch {
    return null;
  }
}
