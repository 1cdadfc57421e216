/** How I am reached: another number, an e-mail address; and whom to ask when the number is lost. */

import { Mail, MapPin, Phone } from "lucide";
import { useState } from "preact/hooks";
import { city, hotline } from "../core/city";
import { locale } from "../core/locale";
import { Link } from "../core/router";
import { ME, callAs, ensured, installation } from "../core/session";
import type { Me } from "../core/types";
import { Button, ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { Empty, Trouble } from "../ui/states";
import { toast } from "../ui/toast";
import { Top } from "../ui/top";
import { ByCode, forgetTyped } from "./by-code";
import { isResident, rememberNumber, sendPhoneCode, useAccount } from "./me-hooks";
import { words } from "./sign-in-words";
import { sentenceOf } from "./trouble";

export function PhoneScreen() {
  const w = words();
  const { session, value: me, again } = useAccount();
  const [changed, setChanged] = useState(false);
  const verify = async (phone: string, code: string) => {
    const headers = await installation();
    const now = await callAs<Me>(ME, "/me/phone", {
      method: "PUT",
      json: { phone, code },
      headers,
      locale: locale.value,
    });
    await rememberNumber(now.phone);
    forgetTyped("phone");
    setChanged(true);
    again();
  };
  return (
    <>
      <Top title={w.newNumber} backTo="/me" />
      <div class="body">
        {changed && (
          <p class="panel panel-wash" role="status">
            {w.changed}
          </p>
        )}
        {session === undefined ? null : isResident(session) ? (
          !changed && (
            <ByCode purpose="phone" label={w.newPhone} send={(phone) => sendPhoneCode(phone, "number")} verify={verify}>
              <p>{w.newWhy(me?.phone ?? session?.phone ?? "…")}</p>
            </ByCode>
          )
        ) : (
          <>
            <p>{w.needSignIn}</p>
            <ButtonLink to="/me/sign-in" look="primary" wide>
              {w.title}
            </ButtonLink>
          </>
        )}
        <Link to="/me/number-lost" class="me-line-link">
          {w.lost}
        </Link>
      </div>
    </>
  );
}

export function EmailScreen() {
  const w = words();
  const { value: me, again, session, error } = useAccount();
  const [anew, setAnew] = useState(false);
  const offered = city.value?.ways?.includes("email") ?? true;

  const send = async (email: string) => {
    await ensured(ME, locale.value);
    return callAs(ME, "/me/email", { method: "POST", json: { email }, locale: locale.value });
  };
  const verify = async (email: string, code: string) => {
    await callAs(ME, "/me/email", { method: "PUT", json: { email, code }, locale: locale.value });
    forgetTyped("email");
    setAnew(false);
    again();
    toast(w.emailKept);
  };
  const forget = async () => {
    try {
      await callAs(ME, "/me/email", { method: "DELETE", locale: locale.value });
      again();
      toast(w.emailForgotten);
    } catch (trouble) {
      toast(sentenceOf(trouble));
    }
  };

  return (
    <>
      <Top title={w.emailTitle} backTo="/me" />
      <div class="body">
        {!offered ? (
          <Empty icon={Mail} title={w.noMail}>
            <p>{w.noMailText}</p>
          </Empty>
        ) : session && !me && error ? (
          <Trouble error={error} again={again} />
        ) : me?.email && !anew ? (
          <>
            <p>{w.emailIs(me.email)}</p>
            <div class="me-buttons">
              <Button onClick={() => setAnew(true)}>{w.otherEmail}</Button>
              <Button look="danger" onClick={() => void forget()}>
                {w.forgetEmail}
              </Button>
            </div>
          </>
        ) : (
          <ByCode purpose="email" send={send} verify={verify}>
            <p>{w.emailWhy}</p>
          </ByCode>
        )}
      </div>
    </>
  );
}

export function NumberLostScreen() {
  const w = words();
  return (
    <>
      <Top title={w.lostTitle} backTo="/me" />
      <div class="body">
        <ol class="me-steps">
          {w.lostText.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ol>
        <section class="panel me-contacts" aria-labelledby="me-centre">
          <h2 id="me-centre">{w.centre}</h2>
          <CentreContacts />
        </section>
      </div>
    </>
  );
}

/** Who runs this, and how they are reached: as the city tells it. */
export function CentreContacts() {
  const centre = city.value?.centre;
  const privacy = city.value?.privacy;
  const phone = privacy?.phone ?? centre?.phone ?? hotline().number;
  const email = privacy?.email ?? centre?.email;
  const address = privacy?.address ?? centre?.address;
  return (
    <ul class="me-contact-list">
      <li>
        <strong>{privacy?.controller ?? centre?.name}</strong>
      </li>
      {phone && (
        <li>
          <Icon of={Phone} />
          <a href={`tel:${phone}`}>{phone}</a>
        </li>
      )}
      {email && (
        <li>
          <Icon of={Mail} />
          <a href={`mailto:${email}`}>{email}</a>
        </li>
      )}
      {address && (
        <li>
          <Icon of={MapPin} />
          <span>{address}</span>
        </li>
      )}
    </ul>
  );
}
