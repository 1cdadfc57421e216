/** What the map shows of where it looks: asked for a moment after it has come to rest. */

import { useEffect, useRef, useState } from "preact/hooks";
import { locale } from "../core/locale";
import { returns } from "../core/online";
import { type Box, type Found, countIn, isOffline, look, lookBack, stillServes, widened } from "../map/points";
import { type Filters, asked, keptName } from "./filters";

const REST_MS = 180;

interface Points {
  found: Found | null;
  count: number;
  loading: boolean;
  error: "kept" | "offline" | "busy" | null;
  again: () => void;
}

export function usePoints(box: Box | null, filters: Filters): Points {
  const as = keptName("points", filters);
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<Points["error"]>(null);
  const [turn, setTurn] = useState(0);
  const [loading, setLoading] = useState(true);
  const known = useRef<{ as: string; found: Found } | null>(null);
  const lastTurn = useRef(0);
  const tell = (news: Found) => {
    known.current = { as, found: news };
    setFound(news);
  };

  useEffect(() => {
    if (!box) return;
    const mine = known.current?.as === as ? known.current.found : null;
    if (turn === lastTurn.current && stillServes(mine, box)) return;
    lastTurn.current = turn;
    const stop = new AbortController();
    const timer = setTimeout(() => void ask(stop.signal), mine ? REST_MS : 0);
    const ask = async (signal: AbortSignal) => {
      setLoading(true);
      const kept = mine ? null : await lookBack(as);
      if (kept && !signal.aborted) tell(kept);
      try {
        const news = await look(widened(box), asked(filters), as, signal);
        if (signal.aborted) return;
        tell(news);
        setError(null);
      } catch (trouble) {
        if (signal.aborted) return;
        setError(isOffline(trouble) ? (mine || kept ? "kept" : "offline") : "busy");
      }
      setLoading(false);
    };
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [box, as, turn, returns.value, locale.value]);

  const count = found && box ? countIn(found.pins, box) : 0;
  return { found, count, loading, error, again: () => setTurn(turn + 1) };
}
