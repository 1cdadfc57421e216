"""Jobs of sign-in: the worker imports this, the web process never does."""

from datetime import timedelta

from sqlalchemy import delete

from app.auth import issuing, tries
from app.auth.client_models import ApiKeyUse
from app.auth.models import Counter, OneTimeCode, PasswordLetter, SignInPlace, Token
from app.clock import now
from app.database import db
from app.jobs import queue


@queue.periodic(cron="23 3 * * *")
@queue.task(name="auth.sweep", queueing_lock="auth.sweep")
def sweep(timestamp: int) -> None:
    """Forget codes, counters, tokens, places and use of keys that can no longer matter. Once a
    night: so no count of a network address, of a day at most, lives for two days."""
    at = now()
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.expires_at < at - timedelta(days=2)))
    db.session.execute(delete(Counter).where(Counter.window_start < at - timedelta(days=1)))
    db.session.execute(delete(Token).where(Token.expires_at < at - timedelta(days=30)))
    db.session.execute(delete(SignInPlace).where(SignInPlace.seen_at < at - tries.REMEMBERED))
    db.session.execute(delete(PasswordLetter).where(PasswordLetter.expires_at < at))
    forgotten = (at - issuing.USE_REMEMBERED).date()
    db.session.execute(delete(ApiKeyUse).where(ApiKeyUse.day < forgotten))
    db.session.commit()
