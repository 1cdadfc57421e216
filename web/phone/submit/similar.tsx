/** Open reports of the same kind close by: "me too" in one tap instead of sending another. */

import { Users } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { call } from "../core/api";
import { categoryOf } from "../core/city";
import type { Pin } from "../core/db";
import { locale } from "../core/locale";
import { online } from "../core/online";
import { Link } from "../core/router";
import type { Card, Category, Page } from "../core/types";
import { metresBetween } from "../map/metres";
import { queueAct } from "../sending/acts";
import { Button } from "../ui/button";
import { categoryIcon } from "../ui/category-icons";
import { Icon } from "../ui/icon";
import { Picture } from "../ui/photo";
import { distance, reportPath } from "../ui/report-card";
import { StatusChip } from "../ui/status";
import { words } from "./words";

const SHOWN = 3;

type Near = Card & { metres: number };

/** What is open of this kind around the pin, nearest first; nothing while that cannot be asked. The server
 * is told the spot to a hundred metres; how far each is, the phone works out. */
export function useSimilar(pin: Pin | null, category: Category | null): Near[] {
  const [told, tell] = useState<{ path: string; cards: Card[] }>({ path: "", cards: [] });
  const at = pin && `lat=${pin.lat.toFixed(3)}&lng=${pin.lng.toFixed(3)}`;
  const asks = at && category && !category.private && !category.legal_channel;
  const path = asks ? `/reports/similar?${at}&category=${category.code}` : null;
  const connected = online.value;
  const language = locale.value;
  useEffect(() => {
    if (!path || !connected) return;
    let mine = true;
    void call<Page<Card>>(path, { locale: language })
      .then((page) => mine && tell({ path, cards: page.items }))
      .catch(() => undefined); // a report can be sent without knowing of others
    return () => {
      mine = false;
    };
  }, [path, connected, language]);
  if (!pin || told.path !== path) return [];
  return told.cards
    .map((card) => ({ ...card, metres: metresBetween(pin, card) }))
    .sort((a, b) => a.metres - b.metres)
    .slice(0, SHOWN);
}

export function SimilarPart({ cards, onMeToo }: { cards: Near[]; onMeToo: (card: Card) => void }) {
  const w = words();
  return (
    <section class="submit-part submit-similar" aria-live="polite" aria-labelledby="similar-title">
      {cards.length > 0 && (
        <>
          <h2 id="similar-title">{cards.length === 1 ? w.similarOne : w.similar(cards.length)}</h2>
          <p class="muted">{w.similarText}</p>
          <div class="cards">
            {cards.map((card) => (
              <Similar key={card.id} card={card} onMeToo={() => onMeToo(card)} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function Similar({ card, onMeToo }: { card: Near; onMeToo: () => void }) {
  const w = words();
  return (
    <article class="card submit-same">
      <Link to={reportPath(card.code)} class="card-link">
        <span class="card-photo">
          {card.photo ? (
            <Picture photo={card.photo} alt="" />
          ) : (
            <Icon of={categoryIcon(categoryOf(card.category.code)?.icon)} size={28} />
          )}
        </span>
        <span class="card-text">
          <strong class="card-title">{card.description || card.category.name}</strong>
          <span class="card-facts">
            {card.metres < 5 ? w.here : w.away(distance(card.metres))}
          </span>
          <span class="card-row">
            <StatusChip status={card.status} />
            {card.supporters > 0 && (
              <span class="card-also">
                <Icon of={Users} size={16} />
                {w.also(card.supporters)}
              </span>
            )}
          </span>
        </span>
      </Link>
      <div class="submit-same-act">
        <Button icon={Users} wide onClick={onMeToo}>
          {w.meToo} <span class="unseen">{card.code}</span>
        </Button>
      </div>
    </article>
  );
}

/** Be counted with somebody's report, now or when there is a network. */
export async function meToo(card: Card): Promise<void> {
  await queueAct({
    kind: "support",
    report: card.id,
    code: card.code,
    method: "PUT",
    path: `/reports/${card.id}/support`,
    body: undefined,
  });
}
