/** What is done with people's data, in plain words, each right with the way to use it. */

import { useEffect, useState } from "preact/hooks";
import { city } from "../core/city";
import { Link } from "../core/router";
import { spokenDay } from "../core/time";
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
        {w.parts.map(({ title, text, points }) => (
          <section key={title}>
            <h2>{title}</h2>
            {text && <p>{text}</p>}
            {points && (
              <ul>
                {points.map((point) => (
                  <li key={point}>{point}</li>
                ))}
              </ul>
            )}
          </section>
        ))}
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

function Rights() {
  const w = notice();
  return (
    <section>
      <h2>{w.rights}</h2>
      <ul>
        <li>
          <Link to="/me/data">{w.see}</Link>
        </li>
        <li>
          {w.correct} <Link to="/me">{w.name}</Link>, <Link to="/me/phone">{w.number}</Link>,{" "}
          <Link to="/me/email">{w.mail}</Link>. {w.correctText}
        </li>
        <li>
          <Link to="/me/data">{w.erase}</Link>. {w.eraseText}
        </li>
        <li>
          <Link to="/me/notifications">{w.less}</Link>. {w.lessText}
        </li>
        <li>
          {w.complain}: {w.complainText}
        </li>
      </ul>
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
