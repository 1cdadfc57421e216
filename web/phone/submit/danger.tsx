/** Danger first: whom to call, before anything else, as soon as the words, the kind or an answer speak
 * of danger. It works with no network. */

import { Phone, TriangleAlert, X } from "lucide";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { boot } from "../core/boot";
import { city, hotline } from "../core/city";
import { dangerIn } from "../core/guessing";
import type { Answer, Category, Hotline, Question } from "../core/types";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { words } from "./words";

const FIRST = ["113", "114", "115"];

interface Line {
  name: string;
  number: string;
}

function linesKnown(): Hotline[] {
  return city.value?.hotlines ?? boot.hotlines ?? [];
}

export interface Danger {
  /** What it is about: a new one shows the panel again. Empty: no danger was spoken of. */
  of: string;
  concerned: Line[];
}

/** Whether this report speaks of danger, and whom that concerns. */
export function dangerOf(text: string, category: Category | null, answers: Record<string, Answer>): Danger {
  const said = dangerIn(text, linesKnown());
  const urgent = category?.urgent ? linesOfKind(category) : [];
  const answer = category ? dangerousAnswer(category, answers) : null;
  const concerned = [...new Set([...said, ...urgent])];
  const of = [
    ...said.map((line) => line.number),
    ...(category?.urgent ? [category.code] : []),
    ...(answer ? [answer] : []),
  ];
  return { of: of.join(" "), concerned };
}

/** Those whose dangerous words are among a kind's own, whom most of these words concern first. */
function linesOfKind(category: Category): Hotline[] {
  const found = category.keywords.flatMap((word) => dangerIn(word, linesKnown()));
  const times = (line: Hotline) => found.filter((one) => one === line).length;
  return linesKnown()
    .filter((line) => found.includes(line))
    .sort((a, b) => times(b) - times(a));
}

function dangerousAnswer(category: Category, answers: Record<string, Answer>): string | null {
  const found = category.questions.find((question) => isDangerous(question, answers[question.code]));
  return found ? `${category.code}.${found.code}` : null;
}

function isDangerous(question: Question, answer: Answer | undefined): boolean {
  if (question.kind === "yes_no") return answer === true && question.urgent;
  const chosen = Array.isArray(answer) ? answer : [answer];
  return question.options.some((option) => option.urgent && chosen.includes(option.code));
}

/** The line concerned first, then police, fire, ambulance, and the city's own. */
function linesToCall(concerned: Line[]): Line[] {
  const known = linesKnown();
  const general = FIRST.flatMap((number) => known.filter((line) => line.number === number));
  const all = [...concerned, ...general, hotline()].filter((line) => line?.number);
  return all.filter((line, index) => all.findIndex((one) => one.number === line.number) === index);
}

interface PanelProps {
  danger: Danger;
  asked: boolean; // opened by hand
  onGoOn: () => void;
}

export function DangerPanel({ danger, asked, onGoOn }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const seen = useSeen(panel);
  const w = words();
  const lines = linesToCall(danger.concerned);
  const show = () => {
    panel.current?.scrollIntoView({ block: "start" });
    heading.current?.focus({ preventScroll: true });
  };
  useEffect(() => {
    if (asked) show();
  }, [asked]);
  return (
    <>
      <section class="submit-danger" ref={panel} role="alert" aria-labelledby="danger-title">
        <h2 id="danger-title" tabIndex={-1} ref={heading}>
          <Icon of={TriangleAlert} size={24} />
          {w.dangerTitle}
        </h2>
        <p>{w.dangerText}</p>
        <ul>
          {lines.map((line, index) => (
            <li key={line.number}>
              <CallLink line={line} first={index === 0 && danger.concerned.length > 0} />
            </li>
          ))}
        </ul>
        <Button look="plain" wide onClick={onGoOn}>
          {w.dangerGo}
        </Button>
      </section>
      {!seen && lines[0] && <Strip line={lines[0]} onShow={show} onGoOn={onGoOn} />}
    </>
  );
}

function CallLink({ line, first }: { line: Line; first: boolean }) {
  return (
    <a class={`submit-call${first ? " submit-call-first" : ""}`} href={`tel:${line.number}`}>
      <Icon of={Phone} size={24} />
      <strong>{line.number}</strong>
      <span>{line.name}</span>
    </a>
  );
}

/** The same, under the bar above, while the panel is scrolled out of sight. */
function Strip({ line, onShow, onGoOn }: { line: Line; onShow: () => void; onGoOn: () => void }) {
  const w = words();
  return (
    <div class="submit-strip">
      <CallLink line={line} first />
      <button type="button" class="submit-strip-more" onClick={onShow}>
        {w.dangerShow}
      </button>
      <button type="button" class="icon-button" aria-label={w.dangerHide} onClick={onGoOn}>
        <Icon of={X} />
      </button>
    </div>
  );
}

function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, tell] = useState(true);
  useEffect(() => {
    if (!element.current || typeof IntersectionObserver === "undefined") return;
    const watch = new IntersectionObserver(([entry]) => entry && tell(entry.isIntersecting), {
      rootMargin: "-56px 0px 0px 0px",
    });
    watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return seen;
}
