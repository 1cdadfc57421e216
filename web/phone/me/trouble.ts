/** What went wrong, as a sentence beside the thing that was tried. */

import { Busy, NoNetwork, Problem } from "../core/api";
import { words } from "./words";

/** The server's own sentence where it has one: of the field that was wrong, else of the whole. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.fields[0]?.detail ?? error.detail;
  if (error instanceof Busy) return error.detail || words().notNow;
  if (error instanceof NoNetwork) return words().offline;
  throw error;
}
