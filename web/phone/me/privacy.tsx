/** What is done with people's data, in plain words, each right with the way to use it. */

import { ChevronRight } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { boot } from "../core/boot";
import { city } from "../core/city";
import { Link } from "../core/router";
import { spokenDay } from "../core/time";
import { Icon } from "../ui/icon";
import { Top } from "../ui/top";
import { type Consent, NOTICE, consented } from "./consent";
import { CentreContacts } from "./contacts";
import { notice } from "./privacy-words";

export function PrivacyScreen(_: { rest: string }) {
  const w = notice();
  const retention = city.value?.privacy?.retention;
  return (
    <>
      <Top title={w.title} backTo="/me" />
      <article class="body me-notice">
        <p class="me-notice-short">{w.short}</p>
        {w.parts.map(({ title, text, points }, at) => {
          const told = [...(points ?? []), ...(at === w.parts.length - 1 ? outsiders() : [])];
          return (
            <section key={title}>
              <h2>{title}</h2>
              {text && <p>{text}</p>}
              {told.length > 0 && (
                <ul class="me-points">
                  {told.map((point) => (
                    <li key={point}>{point}</li>
                  ))}
                </ul>
              )}
            </section>
          );
        })}
        {retention && (
          <section>
            <h2>{w.howLong}</h2>
            <p>{retention}</p>
          </section>
        )}
        <section>
          <h2>{w.ground}</h2>
          <p>{w.groundText}</p>
        </section>
        <Rights />
        <section>
          <h2>{w.who}</h2>
          <CentreContacts />
        </section>
        <ConsentLine />
      </article>
    </>
  );
}

/** Whom this city lets carry or look up something: told among those who see it. */
function outsiders(): string[] {
  const w = notice();
  const push = boot.firebase ? w.pushByGoogle : boot.webpush_key ? w.pushEncrypted : null;
  const host = boot.tiles && new URL(boot.tiles.url.replace(/[{}]/g, ""), location.href).host;
  const tiles = host && host !== location.host ? w.tiles(host) : null;
  const told = [push, city.value?.streets ? w.streets : null, tiles, city.value?.privacy?.recipients];
  return told.filter((said): said is string => Boolean(said));
}

/** Each right leads to where it is used. */
function Rights() {
  const w = notice();
  return (
    <section>
      <h2>{w.rights}</h2>
      <div class="card me-rows">
        {w.rightsList.map(({ to, title, text }) => (
          <Link to={to} class="me-row" key={title}>
            <span>
              {title}
              {text && <span class="muted">{text}</span>}
            </span>
            <Icon of={ChevronRight} />
          </Link>
        ))}
      </div>
      <p>{w.complain}</p>
    </section>
  );
}

function ConsentLine() {
  const w = notice();
  const [consent, tell] = useState<Consent | null>(null);
  useEffect(() => void consented().then(tell, () => undefined), []);
  return (
    <p class="muted">
      {w.version(NOTICE)} {consent && w.consentSince(spokenDay(new Date(consent.at)), consent.version)}
    </p>
  );
}
