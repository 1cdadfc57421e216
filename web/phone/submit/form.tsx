/** The form itself: one scroll from danger to identity, and the bar to send with. */

import { CloudOff, FilePenLine, TriangleAlert } from "lucide";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Draft, Pin } from "../core/db";
import { online } from "../core/online";
import { Link, go } from "../core/router";
import type { Card } from "../core/types";
import { categories } from "../core/city";
import { NOTICE, noteConsent } from "../me/consent";
import { keptOrSaid } from "../sending/aloud";
import { drafts, queueDraft } from "../sending/drafts";
import { SendState } from "../sending/state";
import { Icon } from "../ui/icon";
import { toast } from "../ui/toast";
import { Top } from "../ui/top";
import { CategoryPart, type Kind, LegalPanel, useKind } from "./category-part";
import { DangerPanel, dangerOf } from "./danger";
import { IdentityPart } from "./identity";
import { Notices } from "./notices";
import { PhotosPart, type Taking, taking } from "./photos-part";
import { type Whereabouts, likelier, useSpot, whereabouts } from "./place";
import { PlacePart } from "./place-part";
import { noteUsed, unsorted } from "./proposals";
import { Questions } from "./questions";
import { SendBar, type Sending, goTo } from "./send-bar";
import { SimilarPart, meToo, useSimilar } from "./similar";
import { type Writing, answersFor, beginWriting, hasSubstance, missing } from "./state";
import { words } from "./words";
import { WordsPart } from "./words-part";

interface FormProps {
  first: Draft;
  stored: boolean;
  onQueued: (id: string) => void;
  onSupported: (card: Card, undo: () => Promise<void>) => void;
}

export function Form({ first, stored, onQueued, onSupported }: FormProps) {
  const writing = useMemo(() => beginWriting(first, stored), []);
  const where = useMemo(whereabouts, []);
  const taken = useMemo(() => taking(writing), []);
  usePhotosPlace(writing, where, taken);
  const setPin = usePin(writing, where);
  useKeeping(writing);
  const kind = useKind(writing);
  const draft = writing.draft.value;
  const spot = useSpot(draft.pin);
  const similar = useSimilar(draft.pin, kind.category);
  const { send, sending, lacks, tried } = useSending(writing, kind, where, taken, spot.refused !== null, onQueued);
  const support = async (card: Card) => {
    if (await keptOrSaid(() => meToo(card))) onSupported(card, await writing.drop());
  };
  const w = words();
  return (
    <>
      <Top title={w.title} close={{ word: w.close, act: () => void close(writing) }} />
      <div class="body submit">
        <First writing={writing} kind={kind} area={spot.area?.code ?? null} />
        <PhotosPart writing={writing} taking={taken} />
        <PlacePart writing={writing} where={where} spot={spot} onPin={setPin} />
        <CategoryPart writing={writing} kind={kind} />
        {kind.category?.legal_channel ? (
          <LegalPanel category={kind.category} />
        ) : (
          kind.category && <Questions writing={writing} category={kind.category} tried={tried} />
        )}
        <WordsPart writing={writing} hidden={kind.category?.private ?? false} />
        <SimilarPart cards={similar} onMeToo={(card) => void support(card)} />
        <IdentityPart writing={writing} />
      </div>
      {!kind.category?.legal_channel && (
        <SendBar sending={sending} lacks={lacks} keeping={writing.keeping.value} onSend={send} />
      )}
    </>
  );
}

/** What comes before the form: danger, a refusal, notices, the truth about the network. */
function First({ writing, kind, area }: { writing: Writing; kind: Kind; area: string | null }) {
  const draft = writing.draft.value;
  const danger = dangerOf(draft.description, kind.category, draft.answers);
  const [asked, ask] = useState(false);
  const [passed, pass] = useState("");
  const open = asked || (danger.of !== "" && danger.of !== passed);
  const goOn = () => {
    ask(false);
    pass(danger.of);
  };
  const w = words();
  const others = drafts.value.filter((one) => one.state === "writing" && one.id !== draft.id).length;
  return (
    <>
      <div class="submit-first">
        <span class="submit-network" role="status">
          {!online.value && (
            <>
              <Icon of={CloudOff} />
              {w.offline}
            </>
          )}
        </span>
        <button type="button" class="submit-ask-danger" aria-expanded={open} onClick={() => ask(true)}>
          <Icon of={TriangleAlert} />
          {w.danger}
        </button>
      </div>
      {open && <DangerPanel danger={danger} asked={asked} onGoOn={goOn} />}
      {draft.state === "refused" && <Refused draft={draft} />}
      <Notices area={area} />
      {others > 0 && !hasSubstance(draft) && (
        <Link to="/mine" class="submit-line">
          <Icon of={FilePenLine} />
          <span>{w.unfinished(others)}</span>
        </Link>
      )}
    </>
  );
}

/** The server said no, and why; all of it is still here. */
function Refused({ draft }: { draft: Draft }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const w = words();
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section class="panel submit-refused" role="alert">
      <h2 tabIndex={-1} ref={heading}>
        {w.refused}
      </h2>
      <SendState item={draft} />
    </section>
  );
}

/** The place of the first photo that tells one, of those that are still there. */
function usePhotosPlace(writing: Writing, where: Whereabouts, { origins }: Taking): void {
  const places = writing.draft.value.photos.map((id) => origins.value[id]?.place ?? null);
  const first = places.find((place) => place !== null) ?? null;
  useEffect(() => {
    where.photo.value = first;
  }, [first]);
}

/** The pin follows the phone and the photo until the resident has put it. */
function usePin(writing: Writing, where: Whereabouts): (pin: Pin) => void {
  const [settled, settle] = useState(writing.draft.value.pin !== null);
  useEffect(() => {
    if (!settled) where.look();
    return where.stop;
  }, []);
  const [fix, photo] = [where.fix.value, where.photo.value];
  useEffect(() => {
    if (settled) return;
    const pin = likelier(fix, photo);
    if (pin || writing.draft.value.pin?.from === "photo") writing.change({ pin }); // that photo may be gone
  }, [fix, photo, settled]);
  return (pin) => {
    settle(true);
    writing.change({ pin });
  };
}

/** What was written is kept when the page is left, by whichever way. */
function useKeeping(writing: Writing): void {
  useEffect(() => {
    const keep = () => void writing.keep();
    const hidden = () => document.hidden && keep();
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      removeEventListener("pagehide", keep);
      document.removeEventListener("visibilitychange", hidden);
      keep();
    };
  }, []);
}

async function close(writing: Writing): Promise<void> {
  const worth = hasSubstance(writing.draft.value);
  if (!worth) void (await writing.drop());
  else if (!(await writing.keep())) {
    const w = words();
    return toast(w.closeLoses, { label: w.closeAnyway, do: () => go("/") });
  }
  go("/");
  if (worth && writing.keeping.value === "kept") toast(words().kept, { label: words().discard, do: () => void discard(writing) });
}

async function discard(writing: Writing): Promise<void> {
  const undo = await writing.drop();
  toast(words().discarded, { label: words().undo, do: () => void undo() });
}

/** Sending: what is missing is told; what is not ready yet (a photo, the place) is waited for. */
function useSending(
  writing: Writing,
  kind: Kind,
  where: Whereabouts,
  taken: Taking,
  outside: boolean,
  onQueued: (id: string) => void,
) {
  const [asked, ask] = useState(false);
  const [saving, save] = useState(false);
  const [tried, setTried] = useState(false);
  const draft = writing.draft.value;
  const category = kind.category ?? unsorted(categories.value);
  const open = missing(draft, category, outside);
  const photos = taken.working.value > 0;
  const finding = !draft.pin && where.finding.value === "asking";
  useEffect(() => {
    if (!asked || photos || finding) return;
    ask(false);
    setTried(true);
    const lack = open[0];
    if (lack) return goTo(lack);
    save(true);
    void queue(writing, category?.code ?? "").then((queued) => {
      save(false);
      if (queued) onQueued(queued);
    });
  }, [asked, photos, finding]);
  const sending: Sending = saving ? "saving" : asked ? (photos ? "photos" : "place") : "no";
  return { send: () => ask(true), sending, lacks: tried ? open : [], tried };
}

/** The id that it goes under; null: it could not be kept. */
async function queue(writing: Writing, code: string): Promise<string | null> {
  const category = categories.value.find((one) => one.code === code);
  if (category) writing.change({ category: code, answers: answersFor(writing.draft.value, category) });
  if (!(await writing.keep())) return null;
  const { id, description, answers } = writing.draft.value;
  const dangerous = dangerOf(description, category ?? null, answers).of !== "";
  const queued = await queueDraft(id, { dangerous, consent: NOTICE }).catch(() => null);
  if (queued === null) {
    writing.keeping.value = "full";
    return null;
  }
  await Promise.all([noteUsed(code), noteConsent()]).catch(() => undefined); // a full phone: it is sent all the same
  return queued;
}

