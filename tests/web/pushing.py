"""What a browser's push client and other services do to a page's service worker, by DevTools."""

from typing import Any

from playwright.sync_api import Page, Worker

from tests.web.site import Site
from tests.web.waiting import controlled, until

#: Counts what the worker has shown, from the first time it is asked for.
_COUNTED = """
() => {
  if (self.shown !== undefined) return self.shown;
  self.shown = 0;
  const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = async function (...said) {
    await show.apply(this, said);
    self.shown += 1;
  };
  return 0;
}
"""
_SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
    ({ title, body, tag, lang, data, requireInteraction, icon, badge }) =>
    ({ title, body, tag, lang, data, requireInteraction, icon, badge }))"""


class ServiceWorkerTools:
    """The service worker that has taken a page over, from the browser's side."""

    def __init__(self, page: Page, site: Site) -> None:
        controlled(page)
        self.page, self.origin = page, site.url
        self.devtools = page.context.new_cdp_session(page)
        found: list[str] = []
        self.devtools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
        )
        self.devtools.send("ServiceWorker.enable")
        until(page, lambda: found)
        self.registration = found[-1]

    @property
    def worker(self) -> Worker:
        found: list[Worker] = until(self.page, lambda: self.page.context.service_workers)
        [worker] = found
        return worker

    def send(self, what: str, **more: Any) -> None:
        """A command of DevTools' domain ServiceWorker."""
        named = {"origin": self.origin, "registrationId": self.registration}
        self.devtools.send(f"ServiceWorker.{what}", named | more)

    def push(self, data: str) -> None:
        """Hand over what a push service has sent, and wait until something is shown for it.

        Who asks what is shown (`getNotifications`) while a notification is being put there makes
        Chromium forget it: it takes it for one that the person has closed."""
        worker = self.worker
        before = worker.evaluate(_COUNTED)
        self.send("deliverPushMessage", data=data)
        until(self.page, lambda: worker.evaluate(_COUNTED) > before)


def notifications(page: Page) -> list[dict[str, Any]]:
    """What is shown now."""
    found: list[dict[str, Any]] = page.evaluate(_SHOWN)
    return found
