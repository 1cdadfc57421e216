"""What fits the API's description and may be refused all the same; and words that mean something in
the town of these tests.
"""

from datetime import timedelta

from app.clock import now
from tests.api.machine import Words

LISTS = "bad-cursor unknown-category unknown-area unknown-status"
FIGURES = (
    "unknown-area unknown-category unknown-office not-in-public-figures whole-months-only "
    "no-such-period one-at-a-time month-not-published unknown-figure "
    "invalid"  # a day before 2000 or after 2200
)
WEBHOOKS = "webhook-name-unknown bad-webhook-url unknown-office unknown-webhook-event"
ANYWHERE = ["bad-number", "bad-character"]  # of free JSON: beyond 2^53, half of a character
#: What fits the description may still be refused, for reasons that no schema can tell: these.
REASONS = {
    "POST /api/v1/auth/otp": "not-a-mobile-number",
    "POST /api/v1/auth/otp/verify": "not-a-mobile-number no-live-code wrong-code code-used-up",
    "PUT /api/v1/me/phone": "not-a-mobile-number",
    "POST /api/v1/notices": "unknown-area notice-wordless notice-over notice-too-long",
    "POST /api/v1/me/messages/read": "invalid",  # neither of two optional fields was given
    "PUT /api/v1/devices/{installation_id}": "bad-address",
    "POST /api/v1/reports/{report_id}/reporter": "invalid",  # a reason of five control characters
    "GET /api/v1/areas": "outside-city",
    "POST /api/v1/places/name": "outside-city",
    "POST /api/v1/places/search": "invalid",  # a text of control characters alone
    "GET /api/v1/reports": f"{LISTS} bad-bbox bad-point not-together",
    "GET /api/v1/reports/points": "unknown-category unknown-area unknown-status bad-bbox",
    "GET /api/v1/reports/similar": "unknown-category",
    "GET /api/v1/heatmap": (
        f"{LISTS} unknown-office bad-bbox map-too-wide days-backward frames-need-days "
        "too-many-frames too-fine-for-public not-in-public-figures whole-months-only "
        "no-such-period month-not-published"
    ),
    "GET /api/v1/hotspots": f"{LISTS} unknown-office days-backward",
    "GET /api/v1/indicators": FIGURES,
    "GET /api/v1/indicators/trend": FIGURES,
    "GET /api/v1/indicators/news": f"{FIGURES} empty-period",
    "POST /api/v1/figures/links": f"{FIGURES} empty-period",
    "GET /api/v1/queue": f"{LISTS} unknown-office bad-person bad-point bad-cell",
    "GET /api/v1/webhooks": "bad-cursor",
    "POST /api/v1/webhooks": WEBHOOKS,
    "PUT /api/v1/webhooks/{webhook_id}": WEBHOOKS,
    "GET /api/v1/webhooks/{webhook_id}/deliveries": "bad-cursor",
    "POST /api/v1/api-clients": "not-an-email unknown-office",
    "PATCH /api/v1/api-clients/{client_id}": "not-an-email unknown-office",
    "POST /api/v1/api-clients/{client_id}/keys": "key-ends-in-the-past",
    "PATCH /api/v1/api-clients/{client_id}/keys/{key_id}": "key-ends-in-the-past",
    "GET /api/v1/admin/dead-letters": "bad-cursor",
    "POST /api/v1/figure-report-readers": "nameless-reader not-an-email nothing-wanted",
    "POST /api/v1/figure-reports": "not-a-period",
    "GET /api/v1/queue.csv": f"{LISTS} unknown-office bad-person bad-point bad-cell",
    "GET /feeds/reports.atom": f"{LISTS} bad-point",
    "GET /feeds/reports.csv": f"{LISTS} bad-bbox bad-point",
    "GET /feeds/reports.geojson": f"{LISTS} bad-bbox bad-point",
    "GET /api/v1/me/reports": "bad-cursor",
    "GET /api/v1/me/supported": "bad-cursor",
    "GET /api/v1/me/messages": "bad-cursor",
    "PUT /api/v1/me/subscriptions/{subscription_id}": (
        "unknown-area unknown-category circle-incomplete nothing-to-follow"
    ),
    "PUT /api/v1/photos/{photo_id}": "bad-photo photo-kind",
    "POST /api/v1/reports": (
        "unknown-category outside-city nothing-said missing-photos answer-missing "
        "answer-not-offered legal-channel anonymous-account"
    ),
    "POST /api/v1/reports/{report_id}/steps": (
        "step-needs step-does-not-take date-not-later nothing-to-amend bad-version"
    ),
    "POST /api/v1/reports/{report_id}/comments": "comment-missing",
    "POST /api/v1/reports/{report_id}/complaints": "complaint-missing not-part-of-it",
    "POST /api/v1/reports/{report_id}/notes": "comment-missing",
}
#: Words that mean something in this town, put where they belong in most of the requests.
WORDS: Words = {
    "body.category": ["khac", "den-duong", "ngap-nuoc", "thu-tuc", "thai-do", "tham-nhung"],
    "body.area": ["19789", "19753"],
    "body.ends_at": [(now() + timedelta(hours=6)).isoformat()],
    "body.kind": ["fcm_token", "fcm_fid"],
    "body.address": ["a-token-of-an-app", "another-one"],
    "body.radius": [500],
    "path.code": ["19789", "ubnd-19789"],
    "body.office": ["ubnd-19789", "so-y-te", "hue-ioc"],
    "body.lat": [16.4675, 16.47],
    "body.lng": [107.5885, 107.59],
    "body.url": ["http://127.0.0.1:9/xom"],
    "body.step": ["withdraw", "accept", "hide", "publish", "amend", "join", "reject"],
    "query.category": ["khac", "den-duong"],
    "query.area": ["19789"],
    "query.office": ["ubnd-19789"],
    "query.status": ["open", "all", "submitted,accepted"],
    "query.bbox": ["107.5,16.4,107.7,16.5"],
    "query.near": ["16.4675,107.5885"],
    "query.lat": [16.4675],
    "query.lng": [107.5885],
    "header.If-Match": ['"v1"', '"v2"', '"v3"'],
}
#: What nobody here can do, and why.
NOT_DONE: dict[str, str] = dict.fromkeys(
    ("POST /api/v1/auth/otp/verify", "PUT /api/v1/me/phone", "PUT /api/v1/me/email"),
    "takes a code that was sent to a telephone or a mailbox",
) | dict.fromkeys(
    ("GET /api/v1/unsubscribe/{token}", "POST /api/v1/unsubscribe/{token}",
     "GET /feeds/calendar/{token}.ics"),
    "takes a token that stands in a letter, or was shown once",
) | dict.fromkeys(
    ("GET /api/v1/open-data/{name}", "POST /api/v1/figure-reports",
     "GET /api/v1/figure-reports/{period}", "GET /api/v1/figure-reports/{period}/{number}",
     "GET /api/v1/figure-reports/{period}.{form}",
     "GET /api/v1/figure-reports/{period}/{number}.{form}"),
    "no month is over, so that none is published",
) | {
    "POST /api/v1/auth/firebase": "nobody signs tokens here as Google does",
    "POST /api/v1/auth/password": "nobody here has a password",
    "POST /api/v1/me/email": "no letters are sent from here",
    "GET /api/v1/push/webpush-key": "no key for Web Push is set",
    "POST /api/v1/admin/dead-letters/{delivery_id}/retry": "nothing was given up",
}  # fmt: skip
