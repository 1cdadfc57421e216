/** One to five stars and a few words, apart from confirming. What I gave is told with the report; what is
 * on its way stands here until then. */

import { Star } from "lucide";
import { useId, useState } from "preact/hooks";
import type { Act, Session } from "../core/db";
import type { Rated, Report } from "../core/types";
import { useMe } from "../me/use-me";
import { discardAct } from "../sending/acts";
import { SendState } from "../sending/state";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { Icon } from "../ui/icon";
import type { Deeds } from "./deeds";
import { words } from "./words";

const FOR_MS = 30 * 86_400_000;

/** While the answer is fresh; later the server takes no rating any more. */
export function isRateable(report: Report, now = Date.now()): boolean {
  const answered = report.closed_at ?? report.resolved_at;
  const done = report.status === "resolved" || report.status === "closed";
  return done && answered !== null && now - Date.parse(answered) < FOR_MS;
}

export function Rating({ report, deeds, wash }: { report: Report; deeds: Deeds; wash: boolean }) {
  const me = useMe();
  const { going, refused } = ratingsOf(me, deeds);
  const given = report.my_rating ?? null;
  const [anew, setAnew] = useState(false);
  const w = words();

  const send = async (rating: Rated) => {
    await deeds.rate(rating.stars, rating.comment);
    setAnew(false);
    if (refused) await discardAct(refused.id);
  };

  if (me === undefined) return null;
  const arrived = going?.state === "sent";
  const shown = going && !(anew && arrived) ? givenIn(going) : refused || anew ? null : given;
  return (
    <section class={`panel asked${wash && !shown ? " panel-wash" : ""}`} aria-labelledby="rating">
      <h2 id="rating">{w.rate}</h2>
      {refused && !going && <SendState item={refused} />}
      {shown ? (
        <div class="rated">
          <Stars stars={shown.stars} />
          <p>{going && !arrived ? w.ratingGoes(shown.stars) : w.rated(shown.stars)}</p>
          {(!going || arrived) && (
            <Button look="quiet" onClick={() => setAnew(true)}>
              {w.rateAnew}
            </Button>
          )}
        </div>
      ) : (
        <RatingForm key={refused?.id} before={refused ? givenIn(refused) : going ? givenIn(going) : given} send={send} />
      )}
    </section>
  );
}

/** My newest rating that the report, as it was read, does not tell yet; one that the server did not take. */
function ratingsOf(me: Session | null | undefined, { pending }: Deeds) {
  const mine = pending
    .filter((act) => act.kind === "rating" && (act.owner === undefined || act.owner === me?.account.id))
    .reverse();
  const newest = (...states: Act["state"][]) => mine.find((act) => states.includes(act.state)) ?? null;
  return { going: newest("queued", "sending", "sent"), refused: newest("refused") };
}

function givenIn(act: Act): Rated {
  const { stars = 0, comment = "" } = (act.body ?? {}) as Partial<Rated>;
  return { stars, comment };
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

function RatingForm({ before, send }: { before: Rated | null; send: (given: Rated) => Promise<void> }) {
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
