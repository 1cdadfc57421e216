/** Where the phone's app begins. */

import { render } from "preact";
import { App } from "./app";
import { loadCity } from "./core/city";
import { onChange } from "./core/db";
import { listenToHistory } from "./core/router";
import { watchInstall } from "./me/install";
import { watchUnread } from "./messages/unread";
import { startSending } from "./sending/outbox";
import { startWorker } from "./sw/start";

const root = document.getElementById("app");
if (root) {
  root.replaceChildren(); // the skeleton that the server drew
  listenToHistory();
  loadCity();
  render(<App />, root);
  startSending();
  watchUnread();
  startWorker();
  watchInstall();
  void import("./push/push"); // keeps what the server knows of this phone's pushes right
  watchForWipes();
  onChange((what) => what === "wiped" && location.replace("/")); // nothing read before may stay on a screen
}

/** A page that the browser kept whole while another one wiped this phone begins anew when it is gone back
 * to: the wipe took the mark that it was opened under. */
function watchForWipes(): void {
  const MARK = "opened-under";
  const mark = localStorage.getItem(MARK) ?? String(Math.random());
  localStorage.setItem(MARK, mark);
  addEventListener("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted && localStorage.getItem(MARK) !== mark) location.replace("/");
  });
}
