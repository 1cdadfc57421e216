"""What somebody does with the generated client. Checked by mypy against it, and run against a
served house; the tests hand in the address and the tokens.
"""

from dataclasses import dataclass
from io import BytesIO
from uuid import UUID, uuid4

from xom_client import AuthenticatedClient, Client
from xom_client.api.api_clients import (
    api_clients_issue_key,
    api_clients_make_client,
    api_clients_read_usage,
)
from xom_client.api.auth import auth_be_guest
from xom_client.api.city import city_read_categories
from xom_client.api.photos import photos_put_photo
from xom_client.api.queue import queue_read_queue_csv
from xom_client.api.reports import reports_list_reports, reports_read, reports_submit
from xom_client.api.steps import steps_take_step
from xom_client.api.webhooks import webhooks_make_webhook, webhooks_read_deliveries
from xom_client.models.cards_out import CardsOut
from xom_client.models.categories_out import CategoriesOut
from xom_client.models.client_in import ClientIn
from xom_client.models.guest_in import GuestIn
from xom_client.models.issued_key_out import IssuedKeyOut
from xom_client.models.key_in import KeyIn
from xom_client.models.key_in_scopes_item import KeyInScopesItem
from xom_client.models.problem import Problem
from xom_client.models.put_photo_out import PutPhotoOut
from xom_client.models.report_out import ReportOut
from xom_client.models.signed_in_out import SignedInOut
from xom_client.models.step_in import StepIn
from xom_client.models.step_in_outcome_type_1 import StepInOutcomeType1
from xom_client.models.step_in_step import StepInStep
from xom_client.models.step_taken_out import StepTakenOut
from xom_client.models.submission_in import SubmissionIn
from xom_client.models.tellings_out import TellingsOut
from xom_client.models.usage_out import UsageOut
from xom_client.models.webhook_in import WebhookIn
from xom_client.models.webhook_made_out import WebhookMadeOut
from xom_client.types import UNSET, File, Unset


@dataclass
class Server:
    """Where the house is."""

    url: str

    def anybody(self) -> Client:
        return Client(base_url=self.url, raise_on_unexpected_status=True)

    def somebody(self, token: str) -> AuthenticatedClient:
        return AuthenticatedClient(
            base_url=self.url,
            token=token,
            headers={"Accept-Language": "en"},
            raise_on_unexpected_status=True,
        )

    def guest(self) -> AuthenticatedClient:
        """A phone that has just been unpacked."""
        welcome = auth_be_guest.sync(client=self.anybody(), body=GuestIn())
        assert isinstance(welcome, SignedInOut) and isinstance(welcome.token, str)
        return self.somebody(welcome.token)


def submission(report_id: UUID, *, photos: list[UUID] | Unset = UNSET) -> SubmissionIn:
    return SubmissionIn(
        id=report_id,
        category="khac",
        lat=16.46752,
        lng=107.58851,
        description="Cây đổ chắn ngang đường.",
        photos=photos,
    )


def report_with_a_photo(phone: AuthenticatedClient, picture: bytes) -> tuple[int, int, ReportOut]:
    """Put a picture, report with it, and send the report once more: both statuses, the report."""
    photo_id, report_id = uuid4(), uuid4()
    put = photos_put_photo.sync(photo_id, client=phone, body=File(payload=BytesIO(picture)))
    assert isinstance(put, PutPhotoOut), put
    body = submission(report_id, photos=[photo_id])
    first = reports_submit.sync_detailed(client=phone, body=body)
    again = reports_submit.sync_detailed(client=phone, body=body)
    assert isinstance(first.parsed, ReportOut) and isinstance(again.parsed, ReportOut)
    assert first.parsed.id == again.parsed.id == report_id
    return first.status_code, again.status_code, first.parsed


def take(
    by: AuthenticatedClient,
    report: ReportOut,
    step: StepInStep,
    *,
    note: str = "",
    outcome: StepInOutcomeType1 | Unset = UNSET,
) -> ReportOut:
    """One step of an official, at the version that they look at."""
    assert isinstance(report.id, UUID)
    answer = steps_take_step.sync(
        report.id,
        client=by,
        body=StepIn(id=uuid4(), step=step, note=note, outcome=outcome),
        if_match=f'"v{report.version}"',
    )
    assert isinstance(answer, StepTakenOut), answer
    assert isinstance(answer.report, ReportOut)
    return answer.report


def read(by: Client | AuthenticatedClient, named: str) -> ReportOut | Problem | None:
    return reports_read.sync(named, client=by)


def near(by: Client, *, metres: int) -> list[str]:
    """The codes of public reports around the spot."""
    found = reports_list_reports.sync(client=by, near="16.46752,107.58851", radius=metres)
    assert isinstance(found, CardsOut) and not isinstance(found.items, Unset)
    return [card.code for card in found.items if isinstance(card.code, str)]


def connect_a_neighbour(
    admin: AuthenticatedClient,
    *scopes: KeyInScopesItem,
    office: str | Unset = UNSET,
    per_minute: int | Unset = UNSET,
) -> tuple[UUID, str]:
    """An API client, perhaps an office's, and a key of these scopes: the client's id, the key."""
    client_id = uuid4()
    about = ClientIn(
        id=client_id, name="FixMyStreet", contact_email="it@fms.example", office=office
    )
    api_clients_make_client.sync(client=admin, body=about)
    issued = api_clients_issue_key.sync(
        client_id,
        client=admin,
        body=KeyIn(id=uuid4(), scopes=list(scopes), per_minute=per_minute),
    )
    assert isinstance(issued, IssuedKeyOut) and isinstance(issued.key, str)
    return client_id, issued.key


def ask_for_categories(by: AuthenticatedClient) -> CategoriesOut | Problem | None:
    return city_read_categories.sync(client=by)


def use_of(admin: AuthenticatedClient, client_id: UUID) -> list[tuple[int, int]]:
    """Day by day: requests let in, requests refused."""
    told = api_clients_read_usage.sync(client_id, client=admin)
    assert isinstance(told, UsageOut) and not isinstance(told.items, Unset)
    return [
        (day.requests, day.refused)
        for day in told.items
        if isinstance(day.requests, int) and isinstance(day.refused, int)
    ]


def listen(by: AuthenticatedClient, url: str, *, office: str) -> tuple[UUID, str]:
    """Have an office's news sent to an address: the webhook's id, and the secret that signs."""
    body = WebhookIn(id=uuid4(), url=url, office=office, events=["report.assigned"])
    made = webhooks_make_webhook.sync(client=by, body=body)
    assert isinstance(made, WebhookMadeOut), made
    assert isinstance(made.id, UUID) and isinstance(made.secret, str)
    return made.id, made.secret


def told(by: AuthenticatedClient, webhook_id: UUID) -> list[tuple[object, object]]:
    """Of each event for it: its kind, and which report."""
    found = webhooks_read_deliveries.sync(webhook_id, client=by)
    assert isinstance(found, TellingsOut) and not isinstance(found.items, Unset)
    return [(one.type_, one.report) for one in found.items]


def queue_as_csv(by: AuthenticatedClient) -> str | Problem | None:
    return queue_read_queue_csv.sync(client=by)
