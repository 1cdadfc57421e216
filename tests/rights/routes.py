"""One line for every route of the house: a right request, and what it answers to whom.

`TABLE` names methods, rules and answers; `REQUESTS` says what a right request carries. A route
that is missing here fails `test_who_may_do_what`.
"""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from app.clock import now
from app.config import Config
from notifications import preferences
from notifications.kinds import Group
from reports.masking import MASK
from tests.rights.world import CALLERS, JPEG, Case

RESIDENTS = ("owner", "other", "supporter", "merged")
OFFICERS = ("officer", "joined", "elsewhere", "accused")
OFFICIALS = (*OFFICERS, "dispatcher", "head", "leader", "admin")
GROUPS = {
    "all": CALLERS,
    "signed": tuple(who for who in CALLERS if who != "anybody"),
    "residents": RESIDENTS,
    "officers": OFFICERS,
    "officials": OFFICIALS,
}

NEIGHBOUR = "http://127.0.0.1:9/xom"

#: method rule | answers, each with those who get it; `rest` are those not named yet.
TABLE = """
GET /                                        | 200 all
GET /new                                     | 200 all
GET /mine                                    | 200 all
GET /messages                                | 200 all
GET /me                                      | 200 all
GET /me/<path:rest>                          | 200 all
GET /reports/<code>                          | 200 all
GET /follow                                  | 200 all
GET /privacy                                 | 200 all
GET /figures                                 | 200 all
GET /figures/<string:code>                   | 200 all
GET /built/<name>                            | 200 all
GET /icons/<name>                            | 200 all
GET /sw.js                                   | 200 all
GET /favicon.ico                             | 200 all
GET /manifest.webmanifest                    | 200 all
GET /map.pmtiles                             | 404 all
GET /healthz                                 | 200 all
GET /readyz                                  | 200 all
GET /metrics                                 | 404 all
GET /problems/<code>                         | 200 all
GET /api/docs                                | 200 all
GET /api/docs/<name>                         | 200 all
GET /api/openapi.json                        | 200 all
GET /api/v1/city                             | 200 all
GET /api/v1/categories                       | 200 all
POST /api/v1/categories/suggest              | 200 all
GET /api/v1/areas                            | 200 all
GET /api/v1/areas/outlines                   | 200 all
GET /api/v1/areas/<string:code>              | 200 all
GET /api/v1/offices/<string:code>            | 200 all
POST /api/v1/places/search                   | 200 all
POST /api/v1/places/name                     | 200 all
GET /api/v1/heatmap                          | 200 all
GET /api/v1/hotspots                         | 401 anybody / 200 head leader / 403 rest
GET /api/v1/indicators                       | 200 all
GET /api/v1/indicators/definitions           | 200 all
GET /api/v1/indicators/trend                 | 401 anybody / 200 head leader / 403 rest
GET /api/v1/indicators/news                  | 401 anybody / 200 head leader / 403 rest
POST /api/v1/figures/links                   | 401 anybody / 201 head leader / 403 rest
GET /api/v1/figures/links/<string:token>     | 401 anybody / 404 head leader / 403 rest
GET /api/v1/open-data                        | 200 all
GET /api/v1/open-data/<string:name>          | 404 all
GET /api/v1/figure-reports                   | 401 anybody / 200 leader / 403 rest
POST /api/v1/figure-reports                  | 401 anybody / 409 leader / 403 rest
GET /api/v1/figure-reports/<string:period>   | 401 anybody / 404 leader / 403 rest
GET /api/v1/figure-reports/<string:period>/<int:number> | 401 anybody / 404 leader / 403 rest
GET /api/v1/figure-reports/<string:period>.<any(pdf, xlsx, csv):form> | 401 anybody / 404 leader / 403 rest
GET /api/v1/figure-reports/<string:period>/<int:number>.<any(pdf, xlsx, csv):form> | 401 anybody / 404 leader / 403 rest
GET /api/v1/figure-report-readers            | 401 anybody / 200 leader / 403 rest
POST /api/v1/figure-report-readers           | 401 anybody / 201 leader / 403 rest
DELETE /api/v1/figure-report-readers/<uuid:reader_id> | 401 anybody / 404 leader / 403 rest
GET /feeds/reports.atom                      | 200 all
GET /feeds/reports.csv                       | 200 all
GET /feeds/reports.geojson                   | 200 all
GET /feeds/calendar/<string:token>.ics       | 404 all
GET /ogc                                     | 200 all
GET /ogc/api                                 | 200 all
GET /ogc/conformance                         | 200 all
GET /ogc/collections                         | 200 all
GET /ogc/collections/<string:name>           | 200 all
GET /ogc/collections/<string:name>/items     | 200 all
GET /ogc/collections/<string:name>/items/<string:feature_id> | 200 all
GET /api/v1/notices                          | 200 all
POST /api/v1/notices                         | 401 anybody / 201 dispatcher admin / 403 rest
DELETE /api/v1/notices/<uuid:notice_id>      | 401 anybody / 404 dispatcher admin / 403 rest
GET /api/v1/push/webpush-key                 | 404 all
GET /api/v1/unsubscribe/<token>              | 200 all
POST /api/v1/unsubscribe/<token>             | 200 all

POST /api/v1/auth/guest                      | 200 all
POST /api/v1/auth/otp                        | 200 all
POST /api/v1/auth/otp/verify                 | 422 all
POST /api/v1/auth/firebase                   | 403 all
POST /api/v1/auth/password                   | 401 all
DELETE /api/v1/auth/token                    | 401 anybody / 204 rest

GET /api/v1/me                               | 401 anybody / 200 rest
PATCH /api/v1/me                             | 401 anybody / 200 rest
DELETE /api/v1/me                            | 401 anybody / 204 residents / 403 rest
PUT /api/v1/me/phone                         | 401 anybody / 422 other supporter merged / 403 rest
POST /api/v1/me/email                        | 401 anybody / 403 rest
PUT /api/v1/me/email                         | 401 anybody / 403 rest
DELETE /api/v1/me/email                      | 401 anybody / 204 residents / 403 rest
GET /api/v1/me/export                        | 401 anybody / 200 rest
GET /api/v1/me/reports                       | 401 anybody / 200 rest
GET /api/v1/me/supported                     | 401 anybody / 200 rest
GET /api/v1/me/messages                      | 401 anybody / 200 rest
POST /api/v1/me/messages/read                | 401 anybody / 200 rest
GET /api/v1/me/preferences                   | 401 anybody / 200 rest
PUT /api/v1/me/preferences                   | 401 anybody / 200 rest
GET /api/v1/me/subscriptions                 | 401 anybody / 200 rest
PUT /api/v1/me/subscriptions/<uuid:subscription_id>    | 401 anybody / 200 rest
DELETE /api/v1/me/subscriptions/<uuid:subscription_id> | 401 anybody / 204 rest
PUT /api/v1/devices/<uuid:installation_id>             | 401 anybody / 200 rest
DELETE /api/v1/devices/<uuid:installation_id>          | 401 anybody / 204 rest

PUT /api/v1/photos/<uuid:photo_id>           | 401 anybody / 200 owner / 409 rest
DELETE /api/v1/photos/<uuid:photo_id>        | 401 anybody / 409 owner / 204 rest
GET /api/v1/photos/<uuid:photo_id>.jpg       | 200 all
GET /api/v1/photos/<uuid:photo_id>-400.jpg   | 200 all

POST /api/v1/reports                         | 401 anybody / 201 rest
GET /api/v1/reports                          | 200 all
GET /api/v1/reports/points                   | 200 all
GET /api/v1/reports/similar                  | 200 all
GET /api/v1/reports/<string:named>           | 200 all
GET /api/v1/reports/<string:named>/timeline  | 200 all
POST /api/v1/reports/<uuid:report_id>/steps  | 401 anybody / 200 officer head / 403 rest
PUT /api/v1/reports/<uuid:report_id>/support | 401 anybody / 409 owner / 200 rest
DELETE /api/v1/reports/<uuid:report_id>/support   | 401 anybody / 200 rest
PUT /api/v1/reports/<uuid:report_id>/rating       | 401 anybody / 200 owner supporter merged / 403 rest
POST /api/v1/reports/<uuid:report_id>/comments    | 401 anybody / 201 rest
POST /api/v1/reports/<uuid:report_id>/notes       | 401 anybody / 201 dispatcher officer joined head / 403 residents leader admin / 404 rest
POST /api/v1/reports/<uuid:report_id>/reporter    | 401 anybody / 200 dispatcher / 403 officer joined head leader / 404 rest
PUT /api/v1/comments/<uuid:comment_id>/<any(shown, hidden):state> | 401 anybody / 200 dispatcher / 403 rest

GET /api/v1/queue                            | 401 anybody / 403 residents admin / 200 rest
GET /api/v1/queue.csv                        | 401 anybody / 403 residents admin / 200 rest
GET /api/v1/admin/dead-letters               | 401 anybody / 200 admin / 403 rest
POST /api/v1/admin/dead-letters/<int:delivery_id>/retry | 401 anybody / 404 admin / 403 rest

GET /console/                                | 303 all
GET /console/sign-in                         | 303 officials / 200 rest
POST /console/sign-in                        | 401 all
POST /console/sign-out                       | 302 anybody / 303 rest
GET /console/queue                           | 302 anybody / 403 residents admin / 200 rest
GET /console/queue.csv                       | 302 anybody / 403 residents admin / 200 rest
GET /console/me/calendars                    | 302 anybody / 403 residents admin / 200 rest
POST /console/me/calendars                   | 302 anybody / 200 officer head / 403 rest
POST /console/me/calendars/<uuid:link_id>/withdraw | 302 anybody / 403 residents admin / 404 rest
GET /console/queue/length                    | 302 anybody / 403 residents admin / 200 rest
GET /console/counts                          | 302 anybody / 403 residents / 200 rest
GET /console/reports/<code>                  | 302 anybody / 403 residents admin / 404 elsewhere accused / 200 rest
GET /console/reports/<code>/state            | 302 anybody / 403 residents admin / 404 elsewhere accused / 200 rest
POST /console/reports/<code>/here            | 302 anybody / 403 residents admin / 404 elsewhere accused / 204 rest
POST /console/reports/<code>/notes           | 302 anybody / 403 residents leader admin / 404 elsewhere accused / 303 rest
POST /console/reports/<code>/reporter        | 302 anybody / 403 residents admin officer joined head leader / 404 elsewhere accused / 200 rest
POST /console/reports/<code>/steps/<step>    | 302 anybody / 403 residents admin joined leader dispatcher / 404 elsewhere accused / 303 rest
GET /console/photos/<uuid:photo_id>.jpg      | 302 anybody / 403 residents admin / 200 rest
GET /console/photos/<uuid:photo_id>-400.jpg  | 302 anybody / 403 residents admin / 200 rest
GET /console/reports/<code>/print            | 302 anybody / 403 residents admin / 404 elsewhere accused / 200 rest
GET /console/bulk                            | 302 anybody / 403 residents admin / 200 rest
POST /console/bulk                           | 302 anybody / 403 residents admin / 422 joined elsewhere accused dispatcher leader / 303 rest
POST /console/bulk/new                       | 302 anybody / 403 residents admin / 200 rest
GET /console/bulk/<uuid:run_id>              | 302 anybody / 403 residents admin / 404 rest
POST /console/bulk/<uuid:run_id>/stop        | 302 anybody / 403 residents admin / 404 rest
POST /console/bulk/<uuid:run_id>/go-on       | 302 anybody / 403 residents admin / 404 rest
POST /console/bulk/<uuid:run_id>/again       | 302 anybody / 403 residents admin / 404 rest
POST /console/bulk/<uuid:run_id>/undo        | 302 anybody / 403 residents admin / 404 rest
GET /console/filters                         | 302 anybody / 403 residents admin / 200 rest
GET /console/filters/new                     | 302 anybody / 403 residents admin / 200 rest
POST /console/filters                        | 302 anybody / 403 residents admin / 303 rest
POST /console/filters/<uuid:filter_id>       | 302 anybody / 403 residents admin / 404 rest
POST /console/filters/<uuid:filter_id>/<any(up, down):way> | 302 anybody / 403 residents admin / 404 rest
POST /console/filters/<uuid:filter_id>/delete | 302 anybody / 403 residents admin / 404 rest
GET /console/templates                       | 302 anybody / 403 residents admin / 200 rest
GET /console/templates/new                   | 302 anybody / 403 residents admin officers leader / 200 rest
POST /console/templates                      | 302 anybody / 403 residents admin officers leader head / 303 rest
GET /console/templates/<uuid:template_id>    | 302 anybody / 403 residents admin / 404 rest
POST /console/templates/<uuid:template_id>   | 302 anybody / 403 residents admin / 404 rest
POST /console/templates/<uuid:template_id>/<any(retire, restore):act> | 302 anybody / 403 residents admin / 404 rest
GET /console/inbox                           | 302 anybody / 403 residents / 200 rest
GET /console/inbox/<uuid:message_id>         | 302 anybody / 403 residents / 404 rest
POST /console/inbox/read                     | 302 anybody / 403 residents / 303 rest
GET /console/me/notifications                | 302 anybody / 403 residents / 200 rest
POST /console/me/notifications               | 302 anybody / 403 residents / 303 rest
POST /console/me/devices/<uuid:installation_id>   | 302 anybody / 403 residents / 404 rest
DELETE /console/me/devices/<uuid:installation_id> | 302 anybody / 403 residents / 204 rest
GET /console/reports/<code>/people           | 302 anybody / 403 residents leader admin / 404 elsewhere accused / 200 rest
POST /console/reports/<code>/office-links/<office_code>/send   | 302 anybody / 403 residents admin officer joined head leader / 404 elsewhere accused / 409 dispatcher
POST /console/reports/<code>/office-links/<office_code>/revoke | 302 anybody / 403 residents admin officer joined head leader / 404 elsewhere accused / 409 dispatcher
GET /console/office/<token>                  | 404 all
POST /console/office/<token>/steps/<step>    | 404 all
GET /console/office/<token>/photos/<uuid:photo_id>.jpg     | 404 all
GET /console/office/<token>/photos/<uuid:photo_id>-400.jpg | 404 all
GET /console/triage                          | 302 anybody / 200 dispatcher / 403 rest
POST /console/triage/<code>/<any(accept, reject, merge, undo, checked, send_back):act> | 302 anybody / 303 dispatcher / 403 rest
GET /console/around                          | 302 anybody / 403 residents admin / 200 rest
GET /console/reports/<code>/beside/<other>   | 302 anybody / 403 residents admin / 404 elsewhere accused / 200 rest
GET /console/reports/<code>/redact           | 302 anybody / 200 dispatcher / 403 rest
POST /console/reports/<code>/words           | 302 anybody / 303 dispatcher / 403 rest
GET /console/photos/<uuid:photo_id>/redact   | 302 anybody / 200 dispatcher / 403 rest
POST /console/photos/<uuid:photo_id>/redact  | 302 anybody / 409 dispatcher / 403 rest
POST /console/photos/<uuid:photo_id>/restore | 302 anybody / 409 dispatcher / 403 rest
GET /console/comments                        | 302 anybody / 200 dispatcher / 403 rest
POST /console/comments                       | 302 anybody / 303 dispatcher / 403 rest
POST /console/comments/undo                  | 302 anybody / 303 dispatcher / 403 rest
POST /console/reports/<code>/comments/<uuid:comment_id>/<any(publish, hide):act> | 302 anybody / 303 dispatcher / 403 rest
GET /console/complaints                      | 302 anybody / 200 dispatcher / 403 rest
POST /console/reports/<code>/replies/<uuid:change_id>/words | 302 anybody / 404 dispatcher / 403 rest
POST /console/complaints/<uuid:complaint_id>/<any(hide, redact, put_back, refuse):act> | 302 anybody / 422 dispatcher / 403 rest
GET /console/limits                          | 302 anybody / 200 dispatcher / 403 rest
POST /console/limits/<uuid:limit_id>/lift    | 302 anybody / 404 dispatcher / 403 rest
GET /console/reports/<code>/limit            | 302 anybody / 200 dispatcher / 403 rest
POST /console/reports/<code>/limit           | 302 anybody / 422 dispatcher / 403 rest
GET /console/enter                           | 302 anybody / 200 dispatcher / 403 rest
POST /console/enter                          | 302 anybody / 422 dispatcher / 403 rest
GET /console/enter/<code>                    | 302 anybody / 200 dispatcher / 403 rest
GET /open311/v2/discovery.<string:form>      | 200 all
GET /open311/v2/services.<string:form>       | 200 all
GET /open311/v2/services/<string:code>.<string:form>       | 200 all
GET /open311/v2/requests.<string:form>       | 200 all
GET /open311/v2/requests/<string:request_id>.<string:form> | 200 all
POST /open311/v2/requests.<string:form>      | 403 all
GET /open311/v2/tokens/<string:token>.<string:form>        | 404 all
GET /open311/v2/servicerequestupdates.<string:form>  | 200 all
POST /open311/v2/servicerequestupdates.<string:form> | 403 all
POST /api/v1/reports/<uuid:report_id>/complaints | 401 anybody / 201 rest
GET /api/v1/complaints/<uuid:complaint_id>   | 401 anybody / 200 other / 404 rest

GET /console/sign-in/code                    | 303 all
POST /console/sign-in/code                   | 303 all
GET /console/invitation/<secret>             | 404 all
POST /console/invitation/<secret>            | 404 all
GET /console/password/<secret>               | 404 all
POST /console/password/<secret>              | 404 all
GET /console/me                              | 302 anybody / 403 residents / 200 rest
POST /console/me/language                    | 302 anybody / 403 residents / 303 rest
POST /console/me/password                    | 302 anybody / 403 residents / 422 rest
POST /console/me/sign-out-elsewhere          | 302 anybody / 403 residents / 303 rest
GET /console/me/second-factor                | 302 anybody / 403 residents / 200 rest
POST /console/me/second-factor/begin         | 302 anybody / 403 residents / 303 rest
POST /console/me/second-factor/confirm       | 302 anybody / 403 residents / 422 rest
POST /console/me/second-factor/codes         | 302 anybody / 403 residents / 422 rest
POST /console/me/second-factor/off           | 302 anybody / 403 residents / 422 rest
GET /console/admin/accounts                  | 302 anybody / 200 head admin / 403 rest
GET /console/admin/accounts/invite           | 302 anybody / 200 head admin / 403 rest
POST /console/admin/accounts/invite          | 302 anybody / 422 head admin / 403 rest
POST /console/admin/invitations/<sha256>/again    | 302 anybody / 404 head admin / 403 rest
POST /console/admin/invitations/<sha256>/withdraw | 302 anybody / 404 head admin / 403 rest
GET /console/admin/accounts/<uuid:account_id>     | 302 anybody / 404 head admin / 403 rest
POST /console/admin/accounts/<uuid:account_id>/roles | 302 anybody / 404 head admin / 403 rest
POST /console/admin/accounts/<uuid:account_id>/roles/<int:grant_id>/end | 302 anybody / 404 head admin / 403 rest
POST /console/admin/accounts/<uuid:account_id>/disable  | 302 anybody / 404 head admin / 403 rest
POST /console/admin/accounts/<uuid:account_id>/enable   | 302 anybody / 404 head admin / 403 rest
POST /console/admin/accounts/<uuid:account_id>/password | 302 anybody / 404 head admin / 403 rest
POST /console/admin/accounts/<uuid:account_id>/second-factor | 302 anybody / 404 admin / 403 rest
GET /console/handover                        | 302 anybody / 200 head / 403 rest
POST /console/handover                       | 302 anybody / 422 head / 403 rest
GET /console/handover/<uuid:run_id>          | 302 anybody / 404 head / 403 rest

GET /console/notices                         | 302 anybody / 200 dispatcher head admin / 403 rest
POST /console/notices                        | 302 anybody / 303 dispatcher admin / 403 rest
POST /console/notices/<uuid:notice_id>/end   | 302 anybody / 404 dispatcher admin / 403 rest
GET /console/city/rules                      | 302 anybody / 200 admin / 403 rest
POST /console/city/rules                     | 302 anybody / 422 admin / 403 rest
GET /console/city/rules/<code>               | 302 anybody / 200 admin / 403 rest
POST /console/city/rules/<code>/office       | 302 anybody / 422 admin / 403 rest
POST /console/city/rules/<code>/end          | 302 anybody / 303 admin / 403 rest
GET /console/city/categories                 | 302 anybody / 200 admin / 403 rest
GET /console/city/categories/new             | 302 anybody / 200 admin / 403 rest
POST /console/city/categories/new            | 302 anybody / 422 admin / 403 rest
GET /console/city/categories/<code>          | 302 anybody / 200 admin / 403 rest
POST /console/city/categories/<code>         | 302 anybody / 422 admin / 403 rest
GET /console/city/categories/<code>/questions/<question>         | 302 anybody / 200 admin / 403 rest
POST /console/city/categories/<code>/questions/<question>        | 302 anybody / 422 admin / 403 rest
POST /console/city/categories/<code>/questions/<question>/retire | 302 anybody / 303 admin / 403 rest
POST /console/city/categories/<code>/questions/<question>/move   | 302 anybody / 303 admin / 403 rest
GET /console/city/offices                    | 302 anybody / 200 admin / 403 rest
GET /console/city/offices/new                | 302 anybody / 200 admin / 403 rest
POST /console/city/offices/new               | 302 anybody / 422 admin / 403 rest
GET /console/city/offices/<code>             | 302 anybody / 200 admin / 403 rest
POST /console/city/offices/<code>            | 302 anybody / 409 admin / 403 rest
POST /console/city/offices/<code>/succeed    | 302 anybody / 422 admin / 403 rest
GET /console/city/areas                      | 302 anybody / 200 admin / 403 rest
POST /console/city/areas/merge               | 302 anybody / 422 admin / 403 rest
GET /console/city/import                     | 302 anybody / 200 admin / 403 rest
POST /console/city/import                    | 302 anybody / 422 admin / 403 rest
GET /console/city/calendar                   | 302 anybody / 200 admin / 403 rest
POST /console/city/calendar/days             | 302 anybody / 422 admin / 403 rest
POST /console/city/calendar/days/<day>/remove | 302 anybody / 200 admin / 403 rest
POST /console/city/calendar/hours            | 302 anybody / 422 admin / 403 rest
POST /console/city/calendar/hours/<int:hours_id>/remove | 302 anybody / 404 admin / 403 rest
GET /console/city/duty                       | 302 anybody / 200 admin / 403 rest
POST /console/city/duty                      | 302 anybody / 422 admin / 403 rest
POST /console/city/duty/<int:shift_id>/remove | 302 anybody / 404 admin / 403 rest
GET /console/admin/webhooks                  | 302 anybody / 200 head admin / 403 rest
POST /console/admin/webhooks                 | 302 anybody / 422 head admin / 403 rest
GET /console/admin/webhooks/<uuid:webhook_id>         | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>        | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>/<any(on, off):act> | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>/secret | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>/test   | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>/replay | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/replay | 302 anybody / 404 head admin / 403 rest
POST /console/admin/webhooks/<uuid:webhook_id>/remove | 302 anybody / 404 head admin / 403 rest
GET /console/dead-letters                    | 302 anybody / 200 admin / 403 rest
POST /console/dead-letters/<int:delivery_id>/retry | 302 anybody / 404 admin / 403 rest
POST /console/dead-letters/retry             | 302 anybody / 404 admin / 403 rest
GET /api/v1/webhooks/events                  | 200 all
GET /api/v1/webhooks                         | 401 anybody / 200 head admin / 403 rest
POST /api/v1/webhooks                        | 401 anybody / 201 admin / 403 rest
GET /api/v1/webhooks/<uuid:webhook_id>       | 401 anybody / 404 head admin / 403 rest
PUT /api/v1/webhooks/<uuid:webhook_id>       | 401 anybody / 404 head admin / 403 rest
DELETE /api/v1/webhooks/<uuid:webhook_id>    | 401 anybody / 404 head admin / 403 rest
POST /api/v1/webhooks/<uuid:webhook_id>/secret     | 401 anybody / 404 head admin / 403 rest
POST /api/v1/webhooks/<uuid:webhook_id>/test       | 401 anybody / 404 head admin / 403 rest
GET /api/v1/webhooks/<uuid:webhook_id>/deliveries  | 401 anybody / 404 head admin / 403 rest
POST /api/v1/webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/replay | 401 anybody / 404 head admin / 403 rest
POST /api/v1/webhooks/<uuid:webhook_id>/replay     | 401 anybody / 404 head admin / 403 rest
GET /api/v1/api-clients                      | 401 anybody / 200 admin / 403 rest
POST /api/v1/api-clients                     | 401 anybody / 201 admin / 403 rest
GET /api/v1/api-clients/<uuid:client_id>     | 401 anybody / 404 admin / 403 rest
PATCH /api/v1/api-clients/<uuid:client_id>   | 401 anybody / 404 admin / 403 rest
GET /api/v1/api-clients/<uuid:client_id>/usage | 401 anybody / 404 admin / 403 rest
POST /api/v1/api-clients/<uuid:client_id>/keys | 401 anybody / 404 admin / 403 rest
PATCH /api/v1/api-clients/<uuid:client_id>/keys/<uuid:key_id>  | 401 anybody / 404 admin / 403 rest
DELETE /api/v1/api-clients/<uuid:client_id>/keys/<uuid:key_id> | 401 anybody / 404 admin / 403 rest
POST /api/v1/api-clients/<uuid:client_id>/keys/<uuid:key_id>/replacement | 401 anybody / 404 admin / 403 rest
POST /api/v1/api-clients/<uuid:client_id>/keys/<uuid:key_id>/put-back    | 401 anybody / 404 admin / 403 rest
GET /console/admin/api-clients               | 302 anybody / 200 admin / 403 rest
POST /console/admin/api-clients              | 302 anybody / 422 admin / 403 rest
GET /console/admin/api-clients/<uuid:client_id>  | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id> | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id>/<any(close, open):act> | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id>/keys | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id> | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>/replace  | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>/revoke   | 302 anybody / 404 admin / 403 rest
POST /console/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>/put-back | 302 anybody / 404 admin / 403 rest
GET /console/audit                           | 302 anybody / 200 admin / 403 rest
POST /console/audit/verify                   | 302 anybody / 200 admin / 403 rest
POST /console/audit.csv                      | 302 anybody / 200 admin / 403 rest
GET /dashboard                               | 303 anybody / 200 head leader / 403 rest
GET /dashboard/heat                          | 303 anybody / 200 head leader / 403 rest
GET /dashboard/figures.csv                   | 303 anybody / 200 head leader / 403 rest
POST /dashboard/links                        | 303 anybody / 303 head leader / 403 rest
GET /dashboard/links/<string:token>          | 303 anybody / 404 head leader / 403 rest
GET /dashboard/links/<string:token>/data     | 303 anybody / 404 head leader / 403 rest
GET /dashboard/reports                       | 303 anybody / 200 leader / 403 rest
POST /dashboard/reports                      | 303 anybody / 409 leader / 403 rest
GET /dashboard/reports/<string:period>/<int:number>.<any(pdf, xlsx, csv):form> | 303 anybody / 404 leader / 403 rest
POST /dashboard/readers                      | 303 anybody / 303 leader / 403 rest
POST /dashboard/readers/<uuid:reader_id>/end | 303 anybody / 404 leader / 403 rest
"""  # noqa: E501


def expected() -> dict[str, dict[str, int]]:
    """`METHOD rule` → caller → status."""
    lines = [line.split("|") for line in TABLE.splitlines() if line.strip()]
    table = {route.strip(): _answers(answers) for route, answers in lines}
    assert len(table) == len(lines), "a route stands twice in the table"
    return table


def _answers(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in text.split("/"):
        status, *named = part.split()
        for name in named:
            left = [who for who in CALLERS if who not in found]
            for who in GROUPS.get(name, left if name == "rest" else (name,)):
                assert who in left, f"{who} stands twice in {text}"
                found[who] = int(status)
    assert set(found) == set(CALLERS), f"somebody is missing in {text}"
    return found


#: Which case a route is asked about, where it is not `published`.
STATE = {
    "PUT /api/v1/reports/<uuid:report_id>/rating": "answered",
    "DELETE /api/v1/me": "leaving",
}


def fill(rule: str, case: Case, config: Config) -> str:
    """The rule with this case's own values."""
    values = {
        "<string:named>": str(case.report_id),
        "<uuid:report_id>": str(case.report_id),
        "<uuid:photo_id>": str(case.photo_id),
        "<uuid:comment_id>": str(case.comment_id),
        "<any(shown, hidden):state>": "shown",
        "<uuid:subscription_id>": str(uuid4()),
        "<uuid:installation_id>": str(uuid4()),
        "<uuid:notice_id>": str(uuid4()),
        "<uuid:client_id>": str(uuid4()),
        "<uuid:key_id>": str(uuid4()),
        "<any(close, open):act>": "close",
        "<uuid:webhook_id>": str(uuid4()),
        "<any(on, off):act>": "off",
        "<uuid:message_id>": str(uuid4()),
        "<int:delivery_id>": "999999999",
        "<office_code>": "ubnd-19789",
        "/areas/<string:code>": "/areas/19789",
        "/figures/<string:code>": "/figures/19789",
        "/services/<string:code>": "/services/ngap-nuoc",
        "<string:request_id>": case.code,
        "<string:form>": "json",
        "/offices/<string:code>": "/offices/ubnd-19789",
        "/collections/<string:name>": "/collections/reports",
        "<string:feature_id>": str(case.report_id),
        "<uuid:link_id>": str(uuid4()),
        "/open-data/<string:name>": "/open-data/2026-01.csv",
        "/me/<path:rest>": "/me/data",
        "/console/reports/<code>": f"/console/reports/{case.report_id}",
        "/city/rules/<code>": "/city/rules/giao-duc",
        "/city/categories/<code>": "/city/categories/ngap-nuoc",
        "/city/offices/<code>": "/city/offices/so-y-te",
        "<question>": "muc-nuoc",
        "<day>": "2026-08-22",
        "<int:hours_id>": "999999999",
        "<int:shift_id>": "999999999",
        "/triage/<code>": f"/triage/{case.report_id}",
        "/enter/<code>": f"/enter/{case.report_id}",
        "<any(accept, reject, merge, undo, checked, send_back):act>": "checked",
        "/beside/<other>": f"/beside/{case.report_id}",
        "<uuid:change_id>": str(uuid4()),
        "<uuid:complaint_id>": str(case.complaint_id),
        "<any(hide, redact, put_back, refuse):act>": "refuse",
        "<uuid:limit_id>": str(uuid4()),
        "/reports/<code>": "/reports/482-173-906-K",
        "<step>": "start",
        "<uuid:run_id>": str(uuid4()),
        "<uuid:filter_id>": str(uuid4()),
        "<uuid:template_id>": str(uuid4()),
        "<any(up, down):way>": "up",
        "<any(publish, hide):act>": "publish",
        "<any(retire, restore):act>": "retire",
        "/built/<name>": "/built/phone-AAAAAAAA.js",
        "/icons/<name>": "/icons/icon-192.png",
        "/problems/<code>": "/problems/not-found",
        "/docs/<name>": "/docs/swagger-ui.css",
        "<string:period>": "2026-10",
        "<int:number>": "1",
        "<any(pdf, xlsx, csv):form>": "pdf",
        "<uuid:reader_id>": str(uuid4()),
        "<string:token>": "a-link-that-there-is-not",
        "<token>": _letter(case, config),
        "<secret>": "x" * 43,
        "<sha256>": "0" * 64,
        "<uuid:account_id>": str(uuid4()),
        "<int:grant_id>": "999999999",
    }
    for pattern, value in values.items():
        rule = rule.replace(pattern, value)
    assert "<" not in rule, f"no value for {rule}"
    return rule


def _letter(case: Case, config: Config) -> str:
    """The token in the foot of a letter to the reporter."""
    url = preferences.leave_url(config, case.people["owner"], next(iter(Group)))
    return url.rpartition("/")[2]


def a_report() -> dict[str, Any]:
    return {"id": str(uuid4()), "category": "khac", "description": "Cây đổ.",
            "lat": 16.4675, "lng": 107.5885}  # fmt: skip


def a_notice() -> dict[str, Any]:
    until = (now() + timedelta(hours=6)).isoformat()
    return {"id": str(uuid4()), "kind": "flood", "text_vi": "Đường ngập.", "ends_at": until}


def some_words() -> dict[str, Any]:
    return {"id": str(uuid4()), "text": "Đã xem."}


Request = Callable[[Case], dict[str, Any]]

REQUESTS: dict[str, Request] = {
    "GET /api/v1/reports/similar": lambda _: {
        "query_string": {"lat": 16.4675, "lng": 107.5885, "category": "khac"}
    },
    "GET /api/v1/reports/points": lambda _: {"query_string": {"bbox": "107,16,108,17"}},
    "POST /api/v1/places/search": lambda _: {"json": {"text": "vỹ dạ"}},
    "POST /api/v1/figure-reports": lambda _: {"json": {"period": "2099-01"}},
    "POST /api/v1/figure-report-readers": lambda _: {"json": {"id": str(uuid4())}},
    "POST /api/v1/places/name": lambda _: {"json": {"lat": 16.4675, "lng": 107.5885}},
    "POST /api/v1/categories/suggest": lambda _: {"json": {"text": "đèn đường hỏng"}},
    "POST /api/v1/auth/guest": lambda _: {"json": {}},
    "POST /api/v1/auth/otp": lambda _: {"json": {"phone": "0905123456"}},
    "POST /api/v1/auth/otp/verify": lambda _: {"json": {"phone": "0905123456", "code": "1"}},
    "POST /api/v1/auth/firebase": lambda _: {"json": {"id_token": "x"}},
    "POST /api/v1/auth/password": lambda _: {"json": {"email": "a@hue.vn", "password": "?"}},
    "PATCH /api/v1/me": lambda _: {"json": {"sms": False}},
    "PUT /api/v1/me/phone": lambda _: {"json": {"phone": "0905123456", "code": "1"}},
    "POST /api/v1/me/email": lambda _: {"json": {"email": "lan@example.vn"}},
    "PUT /api/v1/me/email": lambda _: {"json": {"email": "lan@example.vn", "code": "1"}},
    "POST /api/v1/me/messages/read": lambda _: {"json": {"ids": [str(uuid4())]}},
    "PUT /api/v1/me/preferences": lambda _: {"json": {"quiet_hours": None}},
    "PUT /api/v1/me/subscriptions/<uuid:subscription_id>": lambda _: {"json": {"area": "19789"}},
    "PUT /api/v1/devices/<uuid:installation_id>": lambda _: {
        "json": {"kind": "fcm_token", "address": f"token-{uuid4()}"}
    },
    "PUT /api/v1/photos/<uuid:photo_id>": lambda _: {"data": JPEG},
    "POST /api/v1/notices": lambda _: {"json": a_notice()},
    "POST /api/v1/webhooks": lambda _: {"json": {"id": str(uuid4()), "url": NEIGHBOUR}},
    "PUT /api/v1/webhooks/<uuid:webhook_id>": lambda _: {"json": {"url": NEIGHBOUR}},
    "POST /api/v1/webhooks/<uuid:webhook_id>/secret": lambda _: {"json": {}},
    "POST /api/v1/webhooks/<uuid:webhook_id>/replay": lambda _: {
        "json": {"since": now().isoformat()}
    },
    "POST /api/v1/api-clients": lambda _: {
        "json": {"id": str(uuid4()), "name": "A client", "contact_email": "it@example.vn"}
    },
    "PATCH /api/v1/api-clients/<uuid:client_id>": lambda _: {"json": {"closed": True}},
    "POST /api/v1/api-clients/<uuid:client_id>/keys": lambda _: {
        "json": {"id": str(uuid4()), "scopes": ["updates:read"]}
    },
    "PATCH /api/v1/api-clients/<uuid:client_id>/keys/<uuid:key_id>": lambda _: {
        "json": {"label": "new"}
    },
    "POST /api/v1/api-clients/<uuid:client_id>/keys/<uuid:key_id>/replacement": lambda _: {
        "json": {"id": str(uuid4())}
    },
    "POST /api/v1/figures/links": lambda _: {"json": {}},
    "POST /api/v1/reports": lambda _: {"json": a_report()},
    "POST /api/v1/reports/<uuid:report_id>/steps": lambda case: {
        "json": {"id": str(uuid4()), "step": "start"},
        "headers": {"If-Match": f'"v{case.version}"'},
    },
    "PUT /api/v1/reports/<uuid:report_id>/rating": lambda _: {"json": {"stars": 4}},
    "POST /api/v1/reports/<uuid:report_id>/comments": lambda _: {"json": some_words()},
    "POST /api/v1/reports/<uuid:report_id>/complaints": lambda _: {"json": some_words()},
    "POST /api/v1/reports/<uuid:report_id>/notes": lambda _: {"json": some_words()},
    "POST /api/v1/reports/<uuid:report_id>/reporter": lambda _: {
        "json": {"reason": "Hỏi vị trí chính xác"}
    },
}


#: The forms of the console's pages, by the route that takes them.
FORMS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "POST /console/admin/webhooks/<uuid:webhook_id>": lambda _: {"url": NEIGHBOUR},
    "POST /console/admin/webhooks/<uuid:webhook_id>/replay": lambda _: {
        "since": "2026-11-20T08:00"
    },
    "POST /console/sign-in": lambda _: {"email": "a@hue.vn", "password": "?"},
    "POST /console/reports/<code>/notes": lambda _: some_words(),
    "POST /console/reports/<code>/reporter": lambda _: {"reason": "Hỏi vị trí chính xác"},
    "POST /console/reports/<code>/steps/<step>": lambda case: {
        "id": str(uuid4()),
        "seen": str(case.version),
    },
    "POST /console/bulk": lambda case: {
        "id": str(uuid4()),
        "step": "start",
        "picked": f"{case.report_id}.{case.version}",
    },
    "POST /console/bulk/new": lambda case: {"picked": f"{case.report_id}.{case.version}"},
    "POST /dashboard/reports": lambda _: {"period": "2099-01"},
    "POST /dashboard/readers": lambda _: {"months": "yes"},
    "POST /console/notices": lambda _: {
        "kind": "flood",
        "text_vi": "Đường ngập.",
        "ends_at": f"{now() + timedelta(hours=16):%Y-%m-%dT%H:%M}",
    },
    "POST /console/city/rules/<code>/end": lambda _: {"again": "yes"},
    "POST /console/city/categories/<code>/questions/<question>/retire": lambda _: {"again": "yes"},
    "POST /console/triage/<code>/<any(accept, reject, merge, undo, checked, send_back):act>": (
        lambda case: {"seen": str(case.version)}
    ),
    "POST /console/photos/<uuid:photo_id>/restore": lambda _: {"reason": "Che nhầm"},
    "POST /console/comments/undo": lambda case: {"publish": str(case.comment_id)},
    "POST /console/comments": lambda case: {"publish": str(case.comment_id)},
    "POST /console/reports/<code>/words": lambda _: {
        "words": "Cống nghẹt.",
        "seen": sha256(f"Cống nghẹt, gọi tôi {MASK}.".encode()).hexdigest()[:16],
    },
    "POST /console/me/calendars": lambda case: {"office": case.lead},
    "POST /console/filters": lambda _: {"name": "Quá hạn", "query": "due=overdue"},
    "POST /console/templates": lambda _: {"name": "Đã xong", "step": "resolve", "text_vi": "Xong."},
}


def a_request(route: str, case: Case) -> dict[str, Any]:
    # As a browser sends a form of our own page, or a script of it.
    if route.startswith(("POST /console/", "DELETE /console/", "POST /dashboard/")):
        form = FORMS.get(route, lambda _: {})(case)
        return {"data": form, "headers": {"Sec-Fetch-Site": "same-origin"}}
    return REQUESTS.get(route, lambda _: {})(case)
