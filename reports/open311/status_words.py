"""What a status is called elsewhere: among FixMyStreet's clients, and in CitySDK."""

from collections.abc import Mapping

from reports.statuses import Outcome, Rejection, Status

#: GeoReport knows open and closed alone; these are the words that FixMyStreet's clients share.
WORDS = {
    Status.SUBMITTED: "open",
    Status.ACCEPTED: "open",
    Status.IN_PROGRESS: "in_progress",
    Status.WAITING: "investigating",
    Status.RETURNED: "for_triage",
    Status.MERGED: "duplicate",
    Status.WITHDRAWN: "cancelled",
}
OUTCOMES = {
    Outcome.FIXED: "fixed",
    Outcome.PLANNED: "planned",
    Outcome.EXPLAINED: "no_further_action",
    Outcome.NOT_FOUND: "no_further_action",
}
REJECTIONS = {
    Rejection.OUTSIDE_SCOPE: "not_councils_responsibility",
    Rejection.ALREADY_ANSWERED: "no_further_action",
}
CLOSED = "closed"

#: CitySDK's words.
DETAILED: Mapping[Status, str] = {
    Status.SUBMITTED: "PENDING",
    Status.ACCEPTED: "RECEIVED",
    Status.IN_PROGRESS: "IN_PROCESS",
    Status.WAITING: "IN_PROCESS",
    Status.RETURNED: "IN_PROCESS",
    Status.RESOLVED: "PROCESSED",
    Status.CLOSED: "PROCESSED",
    Status.MERGED: "PROCESSED",
    Status.REJECTED: "REJECTED",
    Status.WITHDRAWN: "REJECTED",
}


def status_word(status: Status, outcome: str | None, rejection: str | None) -> str:
    """GeoReport's word for where a report stands, with how it was resolved or why rejected."""
    match status:
        case Status.RESOLVED:
            return OUTCOMES[Outcome(outcome or Outcome.EXPLAINED)]
        case Status.CLOSED:
            return OUTCOMES[Outcome.FIXED] if outcome == Outcome.FIXED else CLOSED
        case Status.REJECTED:
            return REJECTIONS.get(Rejection(rejection or Rejection.OTHER), CLOSED)
    return WORDS[status]
