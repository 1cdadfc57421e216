/** One to five stars and a few words, apart from confirming. What was given is remembered here: the
 * server tells nobody's rating back. */

import { Star } from "lucide";
import { useEffect, useId, useState } from "preact/hooks";
import { remember, remembered } from "../core/db";
import type { Report } from "../core/types";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { Icon } from "../ui/icon";
import type { Deeds } from "./deeds";
import { words } from "./words";

interface Given {
  stars: number;
  comment: string;
}

const FOR_MS = 30 * 86_400_000;

/** While the answer is fresh; later the server takes no rating any more. */
export function isRateable(report: Report, now = Date.now()): boolean {
  const answered = report.closed_at ?? report.resolved_at;
  const done = report.status === "resolved" || report.status === "closed";
  return done && answered !== null && now - Date.parse(answered) < FOR_MS;
}

export function Rating({ report, deeds, wash }: { report: Report; deeds: Deeds; wash: boolean }) {
  const name = `rating ${report.id}`;
  const [given, setGiven] = useState<Given | null | undefined>(undefined);
  const [anew, setAnew] = useState(false);
  const w = words();
  useEffect(() => {
    void remembered<Given>(name)
      .then((found) => setGiven(found ?? null))
      .catch(() => setGiven(null));
  }, [name]);

  const send = async (rating: Given) => {
    await deeds.rate(rating.stars, rating.comment);
    await remember(name, rating).catch(() => undefined);
    setGiven(rating);
    setAnew(false);
  };

  if (given === undefined) return null;
  return (
    <section class={`panel asked${wash && !given ? " panel-wash" : ""}`} aria-labelledby="rating">
      <h2 id="rating">{w.rate}</h2>
      {given && !anew ? (
        <div class="rated">
          <Stars stars={given.stars} />
          <p>{w.rated(given.stars)}</p>
          <Button look="quiet" onClick={() => setAnew(true)}>
            {w.rateAnew}
          </Button>
        </div>
      ) : (
        <RatingForm before={given} send={send} />
      )}
    </section>
  );
}

function Stars({ stars }: { stars: number }) {
  return (
    <span class="stars-shown" aria-hidden="true">
      {[1, 2, 3, 4, 5].map((n) => (
        <span class={n <= stars ? "star full" : "star"} key={n}>
          <Icon of={Star} size={20} />
        </span>
      ))}
    </span>
  );
}

function RatingForm({ before, send }: { before: Given | null; send: (given: Given) => Promise<void> }) {
  const [stars, choose] = useState(before?.stars ?? 0);
  const [comment, write] = useState(before?.comment ?? "");
  const [error, tell] = useState<string | null>(null);
  const group = useId();
  const w = words();
  const submit = () => {
    void send({ stars, comment }).catch(() => tell(w.notKept));
  };
  return (
    <form
      class="words-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset class="stars" aria-describedby={error ? `${group}-error` : undefined}>
        <legend class="unseen">{w.rate}</legend>
        {[1, 2, 3, 4, 5].map((n) => (
          <label class={n <= stars ? "star full" : "star"} key={n}>
            <input
              type="radio"
              name={group}
              value={n}
              checked={stars === n}
              onChange={() => {
                choose(n);
                tell(null);
              }}
            />
            <Icon of={Star} size={32} />
            <span class="unseen">{w.starsChosen(n, w.starWords[n - 1] ?? "")}</span>
          </label>
        ))}
        <span class="star-word" aria-hidden="true">
          {stars ? w.starWords[stars - 1] : ""}
        </span>
      </fieldset>
      {error && (
        <p class="field-error" id={`${group}-error`} role="alert">
          {error}
        </p>
      )}
      {stars > 0 && (
        <>
          <TextArea label={w.rateWords} value={comment} rows={2} maxLength={1000} onText={write} />
          <div class="asked-buttons">
            <Button type="submit" look="primary">
              {w.sendRating}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
