"""The kinds of news, the group that a person chooses them by, and what each payload must carry.

A kind is a free string with a folder of templates; one that is missing here belongs to `OTHER`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What a person can switch as one."""

    MY_REPORTS = "my_reports"  # reports they sent or follow
    COMMENTS = "comments"
    NEARBY = "nearby"  # public reports in a subscribed place
    WORK = "work"  # officials: what lands on the desk
    DEADLINES = "deadlines"  # officials: the reminder ladder
    DUTY = "duty"  # officials on call
    OTHER = "other"


#: Group, as its name stands on the settings page, in Vietnamese and in English.
GROUP_NAMES: dict[Group, tuple[str, str]] = {
    Group.MY_REPORTS: (
        "Phản ánh bạn gửi hoặc theo dõi",
        "Reports that you sent or follow",
    ),
    Group.COMMENTS: ("Bình luận", "Comments"),
    Group.NEARBY: ("Phản ánh mới ở nơi bạn theo dõi", "New reports where you follow"),
    Group.WORK: ("Việc của đơn vị", "Your office's work"),
    Group.DEADLINES: ("Nhắc hạn", "Deadline reminders"),
    Group.DUTY: ("Trực việc khẩn", "On call for urgent reports"),
    Group.OTHER: ("Tin khác", "Other news"),
}

#: These wait for the morning unless the person says otherwise: nobody is waiting for them.
WAITS_BY_DEFAULT = frozenset({Group.COMMENTS, Group.NEARBY})


@dataclass(frozen=True, slots=True)
class Kind:
    """`needs` names the payload's fields that the texts use (`category` stands for the pair
    `category_vi`, `category_en`; `due` for `due_at`); all others may be missing.
    """

    group: Group
    needs: tuple[str, ...] = ("code", "category", "area")


_PLACE = ("code", "category", "area")
_OFFICE = (*_PLACE, "office")
_TERM = (*_OFFICE, "due")

KINDS: dict[str, Kind] = {
    # to the reporter, the reporters merged into it, and supporters
    "accepted": Kind(Group.MY_REPORTS, _OFFICE),
    "forwarded": Kind(Group.MY_REPORTS, _OFFICE),
    "started": Kind(Group.MY_REPORTS, _OFFICE),
    "asked": Kind(Group.MY_REPORTS, _OFFICE),
    "resumed": Kind(Group.MY_REPORTS, _OFFICE),
    "extended": Kind(Group.MY_REPORTS, _TERM),
    "late": Kind(Group.MY_REPORTS, _OFFICE),
    "resolved": Kind(Group.MY_REPORTS, (*_OFFICE, "outcome")),
    "closed": Kind(Group.MY_REPORTS),
    "rejected": Kind(Group.MY_REPORTS),
    "taken_up_again": Kind(Group.MY_REPORTS),
    "merged": Kind(Group.MY_REPORTS),
    "unmerged": Kind(Group.MY_REPORTS),
    "reopened": Kind(Group.MY_REPORTS, _OFFICE),  # officials hear it too
    "calendar_moved": Kind(Group.MY_REPORTS, (*_PLACE, "due")),
    "commented": Kind(Group.COMMENTS),
    "complaint_upheld": Kind(Group.OTHER),  # to whoever complained
    "complaint_refused": Kind(Group.OTHER),
    "published_nearby": Kind(Group.NEARBY),
    # to officials
    "new_work": Kind(Group.WORK),
    "assigned": Kind(Group.WORK),
    "mentioned": Kind(Group.WORK),
    "answered": Kind(Group.WORK),
    "returned": Kind(Group.WORK, _OFFICE),
    "sent_back": Kind(Group.WORK),
    "withdrawn": Kind(Group.WORK),
    "reconsidered": Kind(Group.WORK),
    "extension_asked": Kind(Group.WORK, _OFFICE),
    "extension_refused": Kind(Group.WORK),
    "noted": Kind(Group.COMMENTS),
    "recurring": Kind(Group.WORK),
    "due_soon": Kind(Group.DEADLINES, _TERM),
    "due_now": Kind(Group.DEADLINES, _TERM),
    "overdue_leaders": Kind(Group.DEADLINES, _TERM),
    "centre_late": Kind(Group.DEADLINES),
    "webhook_off": Kind(Group.OTHER, ("webhook",)),  # to whoever answers for it
    "webhook_made": Kind(Group.OTHER, ("webhook",)),  # to the office's heads
    "webhook_left": Kind(Group.OTHER, ("webhook",)),  # to them and the administrators
    "client_works": Kind(Group.OTHER, ("office",)),  # to the office's heads
    "submitted_urgent": Kind(Group.DUTY),
    "escalated": Kind(Group.DUTY),
}
#: Kinds that say nothing of how their subject stands, and so make no older news stale.
ASIDES = frozenset(name for name, kind in KINDS.items() if kind.group in WAITS_BY_DEFAULT)


#: The mail that an official may have gathered into one letter a day (`digest`).
GATHERED = (Group.WORK, Group.DEADLINES)
#: That letter. It stands in no group: whoever asked for it turns it off where it was asked for.
DIGEST = "digest"


def groups_by_kind() -> dict[str, list[str]]:
    """`kinds` and their `groups`, side by side, as statements take them."""
    groups = [str(kind.group) for kind in KINDS.values()]
    return {"kinds": [*KINDS, DIGEST], "groups": [*groups, DIGEST]}


def group_of(kind: str) -> Group:
    """The group that a kind is switched by."""
    known = KINDS.get(kind)
    return known.group if known else Group.OTHER
