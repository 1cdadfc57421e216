"""What the key of an API client is for. A key enters the views that name one of its scopes, and
what is open to all; nothing else of the house opens to it, whatever roles its client holds.
"""

from enum import StrEnum


class Scope(StrEnum):
    REPORTS_CREATE = "reports:create"  # send reports: POST /open311/v2/requests
    UPDATES_READ = "updates:read"  # of updates also the office's own; public ones need no key
    UPDATES_WRITE = "updates:write"  # tell how work goes on: POST /open311/v2/servicerequestupdates
    OFFICES_READ = "offices:read"  # an office's own lists, feeds and exports
    WEBHOOKS_MANAGE = "webhooks:manage"  # where news is sent
