/** The console's scripts. Every page works without them; with them it is quicker, and tells by itself
 * what is new. */

import htmx from "htmx.org/dist/htmx.esm.js";
import { keepTyped } from "./drafts";
import { listenToKeys } from "./keys";
import { watchLists } from "./live";
import { watchReport } from "./present";
import { foldSide } from "./side";
import { fillTemplates } from "./templates";
import { showPictures } from "./viewer";

window.htmx = htmx;
foldSide();
listenToKeys();
keepTyped();
fillTemplates();
showPictures();
watchLists();
watchReport();
