"""Reports over HTTP. A view is five moves: parse, permit, act, commit, answer; rules live
elsewhere."""

from reports.api.api_clients import blueprint as api_clients
from reports.api.catalogue import blueprint as catalogue
from reports.api.complaints import blueprint as complaints
from reports.api.feeds import blueprint as feeds
from reports.api.figure_reports import blueprint as figure_reports
from reports.api.figures import blueprint as figures
from reports.api.indicators import blueprint as indicators
from reports.api.notices import blueprint as notices
from reports.api.open_data import blueprint as open_data
from reports.api.photos import blueprint as photos
from reports.api.places import blueprint as places
from reports.api.queue import blueprint as queue
from reports.api.reports import blueprint as reports
from reports.api.steps import blueprint as steps
from reports.api.subscriptions import blueprint as subscriptions
from reports.api.voices import blueprint as voices
from reports.api.webhooks import blueprint as webhooks

blueprints = (
    reports,
    steps,
    voices,
    complaints,
    subscriptions,
    queue,
    photos,
    catalogue,
    places,
    notices,
    figures,
    figure_reports,
    indicators,
    open_data,
    feeds,
    api_clients,
    webhooks,
)
