/** A kind's own questions. What must be answered says so in words. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { number } from "../core/locale";
import type { Answer, Category, Question } from "../core/types";
import { TextField } from "../ui/field";
import { type Writing, answered } from "./state";
import { words } from "./words";

/** `tried`: it was to be sent, so what is missing is told at each question too. */
export function Questions({ writing, category, tried }: { writing: Writing; category: Category; tried: boolean }) {
  if (!category.questions.length) return null;
  return (
    <section class="submit-part submit-questions" aria-labelledby="questions-title">
      <h3 id="questions-title" class="unseen">
        {words().questions}
      </h3>
      {category.questions.map((question) => (
        <Asked key={`${category.code}.${question.code}`} question={question} writing={writing} tried={tried} />
      ))}
    </section>
  );
}

interface AskedProps {
  question: Question;
  writing: Writing;
  tried: boolean;
}

export function questionId(question: Question): string {
  return `question-${question.code}`;
}

function Asked({ question, writing, tried }: AskedProps) {
  const given = writing.draft.value.answers[question.code];
  const trouble = refusalOf(writing, question);
  const open = tried && question.required && !answered(given);
  const give = (answer: Answer | undefined) => {
    const answers = { ...writing.draft.value.answers };
    if (answer === undefined) delete answers[question.code];
    else answers[question.code] = answer;
    writing.change({ answers });
  };
  if (question.kind === "text" || question.kind === "number") {
    return <Typed question={question} given={given} give={give} open={open} trouble={trouble} />;
  }
  const several = question.kind === "choices";
  const error = trouble ?? (open ? words().answerIt : null);
  return (
    <Group question={question} error={error} hint={several ? words().severalHint : undefined}>
      {choicesOf(question).map(({ code, name }) => {
        const on = several ? Array.isArray(given) && given.includes(String(code)) : given === code;
        const set = () => {
          if (several) give(toggled(given, String(code)));
          else give(on && !question.required ? undefined : code);
        };
        return <Choice key={String(code)} question={question} name={name} on={on} several={several} set={set} />;
      })}
    </Group>
  );
}

/** What the server said about this answer, until the draft is changed and sent again. */
function refusalOf(writing: Writing, question: Question): string | null {
  const { trouble, state } = writing.draft.value;
  if (state !== "refused") return null;
  return trouble?.fields.find(({ field }) => field === `answers.${question.code}`)?.detail ?? null;
}

function choicesOf(question: Question): { code: string | boolean; name: string }[] {
  if (question.kind !== "yes_no") return question.options;
  return [
    { code: true, name: words().yes },
    { code: false, name: words().no },
  ];
}

function toggled(given: Answer | undefined, code: string): string[] | undefined {
  const before = Array.isArray(given) ? given : [];
  const after = before.includes(code) ? before.filter((one) => one !== code) : [...before, code];
  return after.length ? after : undefined;
}

interface GroupProps {
  question: Question;
  error: string | null;
  hint?: string;
  children: ComponentChildren;
}

function Group({ question, error, hint, children }: GroupProps) {
  const w = words();
  const id = questionId(question);
  const below = error || hint ? `${id}-below` : undefined;
  return (
    <fieldset class={`submit-question${error ? " wrong" : ""}`} id={id} aria-describedby={below}>
      <legend>
        {question.text} <span class="muted">{question.required ? w.required : w.optional}</span>
      </legend>
      <div class="choices">{children}</div>
      {(error || hint) && (
        <p class={error ? "field-error" : "field-hint"} id={below}>
          {error ?? hint}
        </p>
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  question: Question;
  name: string;
  on: boolean;
  several: boolean;
  set: () => void;
}

/** An optional answer is taken back by choosing it again. */
function Choice({ question, name, on, several, set }: ChoiceProps) {
  return (
    <label class="choice submit-choice">
      <input
        type={several ? "checkbox" : "radio"}
        name={questionId(question)}
        checked={on}
        onClick={several ? undefined : (event) => on && (event.preventDefault(), setTimeout(set))}
        onChange={() => (several || !on) && set()}
      />
      {name}
    </label>
  );
}

interface TypedProps {
  question: Question;
  given: Answer | undefined;
  give: (answer: Answer | undefined) => void;
  open: boolean;
  trouble: string | null;
}

function Typed({ question, given, give, open, trouble }: TypedProps) {
  const w = words();
  const numeric = question.kind === "number";
  const [text, setText] = useState(typeof given === "number" ? number(given, 0) : String(given ?? ""));
  const wrong = numeric && text.trim() !== "" && read(text) === undefined;
  useEffect(() => {
    if (given === undefined && !wrong) setText("");
  }, [given]);
  const typed = (value: string) => {
    setText(value);
    give(numeric ? read(value) : value.trim() ? value : undefined);
  };
  return (
    <div class="submit-question" id={questionId(question)}>
      <TextField
        label={`${question.text} (${question.required ? w.required : w.optional})`}
        value={text}
        onText={typed}
        maxLength={numeric ? 20 : 500}
        inputMode={numeric ? "numeric" : "text"}
        autoComplete="off"
        error={trouble ?? (wrong ? w.aNumber : open ? (numeric ? w.aNumber : w.writeIt) : null)}
      />
    </div>
  );
}

/** "1.200", "1200", "2,5" as Vietnamese people write them. */
function read(text: string): number | undefined {
  const plain = text.trim().replace(/[.\s](?=\d{3}\b)/g, "").replace(",", ".");
  const value = Number(plain);
  return plain !== "" && Number.isFinite(value) && Math.abs(value) <= 1e9 ? value : undefined;
}
