/** Where the phone's app begins. */

import { render } from "preact";
import { App } from "./app";
import { loadCity } from "./core/city";
import { listenToHistory } from "./core/router";
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
}
