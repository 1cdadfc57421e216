/** The console's scripts. Every page works without them; with them it is quicker, and tells by itself
 * what is new. */

import htmx from "htmx.org/dist/htmx.esm.js";
import { pickRows } from "./bulk";
import { showChosen } from "./chosen";
import { offerCopying } from "./copying";
import { keepTyped } from "./drafts";
import { helpEntering } from "./entering";
import { tellFailures } from "./failing";
import { listenToKeys } from "./keys";
import { keepOverLanguages } from "./language";
import { landWell } from "./landing";
import { watchLists } from "./live";
import { offerNames } from "./mentions";
import { watchReport } from "./present";
import { offerPush, unlinkAtSignOut } from "./push";
import { offerPrinting } from "./printing";
import { drawBoxes } from "./redact";
import { foldSide } from "./side";
import { fillTemplates } from "./templates";
import { workTriage } from "./triage";
import { showPictures } from "./viewer";

window.htmx = htmx;
tellFailures();
foldSide();
pickRows();
offerPrinting();
offerCopying();
listenToKeys();
landWell();
helpEntering(); // before what was typed comes back: a category that does asks its questions
keepTyped();
keepOverLanguages();
fillTemplates();
showPictures();
showChosen();
watchLists();
watchReport();
workTriage();
drawBoxes();
offerPush();
unlinkAtSignOut();
offerNames();
