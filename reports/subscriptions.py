"""Following a place or a kind of problem: a resident hears of each report published there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from app.database import db
from app.errors import Conflict, Forbidden, Invalid
from reports import ownership
from reports.city.models import Subscription

MOST = 20
FARTHEST_M = 5000


class NothingToFollow(Invalid):
    code = "nothing-to-follow"
    vi = "Chọn một phường xã, một lĩnh vực, hoặc một vòng tròn trên bản đồ."
    en = "Choose a ward, a category, or a circle on the map."


class CircleIncomplete(Invalid):
    code = "circle-incomplete"
    vi = "Vòng tròn cần đủ tâm (lat, lng) và bán kính (radius)."
    en = "A circle needs its centre (lat, lng) and its radius."
    field = "radius"


class TooManySubscriptions(Forbidden):
    code = "too-many-subscriptions"
    vi = "Theo dõi tối đa {most} nơi. Bỏ bớt rồi thêm."
    en = "At most {most} can be followed. Remove one first."


class SameIdOtherSubscription(Conflict):
    code = "same-id-other-subscription"
    vi = "Mã này đã dùng rồi. Tạo mã mới."
    en = "This id is taken. Make a new one."


def follow(
    subscription_id: UUID,
    account_id: UUID,
    *,
    area_id: int | None = None,
    category_id: int | None = None,
    circle: tuple[float | None, float | None, int | None] = (None, None, None),
    at: datetime,
) -> Subscription:
    """Follow an area, a category, a circle (lat, lng in degrees, metres), or what they share."""
    lat, lng, radius = circle
    given = [part is not None for part in circle]
    if any(given) and not all(given):
        raise CircleIncomplete
    if area_id is None and category_id is None and radius is None:
        raise NothingToFollow
    row = db.session.get(Subscription, subscription_id)
    if row is None:
        _refuse_too_many(account_id)
        mine = ownership.now_of(account_id)
        row = Subscription(id=subscription_id, account_id=mine, created_at=at)
        db.session.add(row)
    elif row.account_id != account_id:
        raise SameIdOtherSubscription
    row.area_id, row.category_id = area_id, category_id
    row.lat, row.lng, row.radius_m = lat, lng, radius
    db.session.flush()
    return row


def unfollow(subscription_id: UUID, account_id: UUID) -> None:
    """Follow it no longer; harmless when there is nothing."""
    db.session.execute(
        delete(Subscription).where(
            Subscription.id == subscription_id, Subscription.account_id == account_id
        )
    )


def followed(account_id: UUID) -> list[Subscription]:
    mine = Subscription.account_id == account_id
    return list(
        db.session.scalars(select(Subscription).where(mine).order_by(Subscription.created_at))
    )


def _refuse_too_many(account_id: UUID) -> None:
    mine = Subscription.account_id == account_id
    if (db.session.scalar(select(func.count()).where(mine)) or 0) >= MOST:
        raise TooManySubscriptions(most=MOST)
