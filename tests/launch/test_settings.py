"""Settings: read from the environment, and refused in a sentence when they are not safe."""

import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from app.config import ROOT, Config, Environment, UnsafeConfig
from app.embedded.server import free_port
from tests.launch.conftest import bare_environment

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
SAFE = {
    "XOM_ENV": "production",
    "DATABASE_URL": "postgresql://xom:pw@db.example/xom",
    "SECRET_KEY": "Vq7rN2-a-long-random-secret-of-a-city-8s",
    "XOM_IDENTITY_KEY": KEY,
    "XOM_BASE_URL": "https://phananh.example",
    "XOM_OTP_SENDER": "sms",
    "XOM_SMS_URL": "https://gateway.example/send",
    "XOM_SMS_TOKEN": "token",
}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a safe production, for each test to spoil."""
    for name in Config.__dataclass_fields__:
        monkeypatch.delenv(f"XOM_{name.upper()}", raising=False)
    for name in ("FLASK_DEBUG", "CRASH_AT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_safe_production_settings_are_read(environ: pytest.MonkeyPatch) -> None:
    config = Config.from_env()

    assert config.environment is Environment.PRODUCTION
    assert config.database_url == "postgresql+psycopg://xom:pw@db.example/xom"
    assert config.identity_key == b"0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY needs at least 32"),
        ("SECRET_KEY", "short", "SECRET_KEY needs at least 32"),
        ("SECRET_KEY", "a" * 40, "SECRET_KEY is not random"),
        ("XOM_IDENTITY_KEY", "", "XOM_IDENTITY_KEY is not set"),
        ("XOM_IDENTITY_KEY", "A" * 43, "XOM_IDENTITY_KEY is not random"),
        ("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099", "EMULATOR_HOST"),
        ("FIRESTORE_EMULATOR_HOST", "127.0.0.1:8080", "EMULATOR_HOST"),
        ("FLASK_DEBUG", "1", "FLASK_DEBUG is on"),
        ("FLASK_DEBUG", "true", "FLASK_DEBUG is on"),
        ("CRASH_AT", "after_commit", "CRASH_AT is set"),
        ("XOM_FCM_URL", "http://127.0.0.1:9000", "XOM_FCM_URL is for rehearsals"),
        ("XOM_OTP_SENDER", "console", "prints sign-in codes"),
        ("XOM_BASE_URL", "http://phananh.example", "public https:// address"),
        ("XOM_BASE_URL", "", "public https:// address"),
        ("XOM_SMS_URL", "http://gateway.example/send", "in the clear"),
        ("XOM_SMS_URL", "HTTP://gateway.example/send", "in the clear"),
        ("XOM_SMS_URL", " http://gateway.example/send", "in the clear"),
        ("XOM_SMS_URL", "https:///send", "in the clear"),
        ("XOM_NOMINATIM_URL", "http://places.example", "in the clear"),
        ("XOM_NOMINATIM_URL", "http://[", "in the clear"),
        ("XOM_NOMINATIM_URL", "https://places.example/?key=1", "no address of a host"),
        ("XOM_BASE_URL", "https://", "public https:// address"),
        ("XOM_BASE_URL", "https://[", "public https:// address"),
        ("SECRET_KEY", "change-me" * 4, "SECRET_KEY is not random"),
        ("SECRET_KEY", KEY, "are the same"),
        ("SECRET_KEY", KEY.rstrip("="), "are the same"),
        ("XOM_IDENTITY_KEY", urlsafe_b64encode(b"abcd" * 8).decode(), "IDENTITY_KEY is not random"),
        ("XOM_METRICS_TOKEN", "short", "XOM_METRICS_TOKEN needs at least 16"),
    ],
)
def test_production_refuses_what_is_only_safe_on_a_desk(
    environ: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    environ.setenv(name, value)

    with pytest.raises(UnsafeConfig, match=words):
        Config.from_env()


def test_production_sends_no_codes_by_mail_in_the_clear(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("XOM_OTP_SENDER", "email")
    environ.setenv("XOM_SMTP_URL", "smtp://mail.example")

    with pytest.raises(UnsafeConfig, match="in the clear"):
        Config.from_env()


@pytest.mark.parametrize("url", ["https://places.example/nominatim", "http://127.0.0.1:8080"])
def test_places_are_asked_for_where_nobody_reads_along(
    environ: pytest.MonkeyPatch, url: str
) -> None:
    environ.setenv("XOM_NOMINATIM_URL", f" {url}")

    assert Config.from_env().nominatim_url == url


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:pw@mail.example",  # a password is said only after STARTTLS
        "smtps://mail.example",
        "smtp://localhost:25",
    ],
)
def test_production_sends_codes_by_mail_where_nobody_reads_along(
    environ: pytest.MonkeyPatch, url: str
) -> None:
    environ.setenv("XOM_OTP_SENDER", "email")
    environ.setenv("XOM_SMTP_URL", url)

    assert Config.from_env().smtp_url == url


def test_production_refuses_the_console_sender_that_is_the_default(
    environ: pytest.MonkeyPatch,
) -> None:
    environ.delenv("XOM_OTP_SENDER")

    with pytest.raises(UnsafeConfig, match="prints sign-in codes"):
        Config.from_env()


def test_no_environment_named_means_production(environ: pytest.MonkeyPatch) -> None:
    environ.delenv("XOM_ENV")

    assert Config.from_env().is_production


def test_debug_switched_off_in_words_is_off(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("FLASK_DEBUG", "false")

    assert Config.from_env().is_production


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("XOM_ENV", "prod", "none of production, demo, test"),
        ("DATABASE_URL", "", "DATABASE_URL is not set"),
        ("DATABASE_URL", "mysql://x/y", "must be a PostgreSQL address"),
        ("DATABASE_URL", "nonsense", "must be a PostgreSQL address"),
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("XOM_IDENTITY_KEY", "zz", "32 random bytes"),
        ("XOM_IDENTITY_KEY", "ồ" * 43, "32 random bytes"),
        ("XOM_TRUSTED_HOPS", "two", "XOM_TRUSTED_HOPS"),
        ("XOM_TRUSTED_HOPS", "-1", "from 0 to 10"),
        ("XOM_PHOTO_PROCESSES", "0", "from 1 to 64"),
        ("XOM_PHOTO_PROCESSES", "1.5", "XOM_PHOTO_PROCESSES"),
        ("XOM_LOG_JSON", "perhaps", "XOM_LOG_JSON"),
        ("XOM_LOG_REQUESTS", "perhaps", "XOM_LOG_REQUESTS"),
        ("XOM_STORAGE_URL", "var/files", "no place for files"),
        ("XOM_STORAGE_URL", "file://relative/folder", "no place for files"),
        ("XOM_STORAGE_URL", "s3://", "no place for files"),
        ("XOM_SMTP_URL", "mail.example:587", "must be smtp://"),
        ("XOM_SMTP_URL", "http://mail.example", "must be smtp://"),
        ("XOM_VAPID_PRIVATE_KEY", "zz", "must be a P-256 key"),
        ("XOM_VAPID_PRIVATE_KEY", urlsafe_b64encode(b"\xff" * 32).decode(), "must be a P-256 key"),
        ("XOM_VAPID_PRIVATE_KEY", urlsafe_b64encode(b"\x01" * 31).decode(), "must be a P-256 key"),
        ("XOM_FIREBASE_CREDENTIALS", "/no/such/file.json", "cannot be read: No such file"),
        ("XOM_FIREBASE_CREDENTIALS", str(ROOT / "README.md"), "no service account's key"),
        ("XOM_PHONE_REGION", "Vietnam", "no country's two letters"),
        ("XOM_PHONE_COUNTRIES", "VN,VNM", "must be countries' two letters"),
    ],
)
def test_an_unreadable_setting_is_told_in_a_sentence(
    environ: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    environ.setenv("XOM_ENV", "demo")
    environ.setenv(name, value)

    with pytest.raises(UnsafeConfig, match=words):
        Config.from_env()


def test_the_channels_settings_are_read_as_given(
    environ: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    credentials = tmp_path / "service-account.json"
    credentials.write_text('{"type": "service_account", "project_id": "xom"}')
    environ.setenv("XOM_FIREBASE_CREDENTIALS", str(credentials))
    environ.setenv("XOM_VAPID_PRIVATE_KEY", "eg" + "A" * 40 + "E")
    environ.setenv("XOM_SMTP_URL", "smtp://user:pw@mail.example:587")
    environ.setenv("XOM_PHONE_COUNTRIES", "VN, la")

    config = Config.from_env()

    assert config.firebase_credentials == str(credentials)
    assert config.vapid_private_key.startswith("eg")
    assert config.smtp_url == "smtp://user:pw@mail.example:587"
    assert config.phone_countries == ("VN", "LA")


@pytest.mark.parametrize("content", ['{"type": "authorized_user"}', "[]", "{", ""])
def test_a_file_that_is_no_service_accounts_key_is_told(
    environ: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    credentials = tmp_path / "credentials.json"
    credentials.write_text(content)
    environ.setenv("XOM_FIREBASE_CREDENTIALS", str(credentials))

    with pytest.raises(UnsafeConfig, match="no service account's key"):
        Config.from_env()


def test_codes_go_to_the_citys_own_country_unless_told_otherwise(
    environ: pytest.MonkeyPatch,
) -> None:
    environ.setenv("XOM_PHONE_REGION", "LA")

    assert Config.from_env().phone_countries == ("LA",)


def test_secrets_do_not_show_when_settings_are_printed(environ: pytest.MonkeyPatch) -> None:
    shown = repr(Config.from_env())

    assert "Vq7rN2" not in shown
    assert "0123456789abcdef" not in shown


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-m", "flask", "--app", "wsgi", "routes"],
        [sys.executable, "-m", "app.server", "--one-process"],
        [sys.executable, "-c", "import wsgi"],
    ],
)
def test_a_refusal_is_one_sentence_and_an_exit_code(command: list[str]) -> None:
    refused = {**bare_environment(), **SAFE, "CRASH_AT": "before_commit", "PORT": f"{free_port()}"}

    told = subprocess.run(
        command, env=refused, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )

    assert told.returncode == 1
    assert told.stderr.strip() == (
        "Refusing to start in production. CRASH_AT is set: it kills the server on purpose. "
        "Unset it."
    )


def test_every_setting_is_in_the_operators_table() -> None:
    table = (ROOT / "docs" / "operating.md").read_text()
    environments_own = {"environment": "XOM_ENV", "database_url": "DATABASE_URL"}
    named = {**environments_own, "secret_key": "SECRET_KEY"}

    missing = [
        variable
        for field in Config.__dataclass_fields__
        if f"`{(variable := named.get(field, f'XOM_{field.upper()}'))}`" not in table
    ]

    assert missing == []


@pytest.mark.parametrize("armed", ["before_commit", "after_fsync,before_commit"])
def test_an_armed_crash_point_kills_the_process_there(armed: str) -> None:
    script = "from app.crash import crash_point; crash_point('before_commit'); print('alive')"

    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**bare_environment(), "CRASH_AT": armed},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert told.returncode == -9
    assert told.stdout == b""


def test_a_crash_point_that_is_not_armed_does_nothing() -> None:
    script = "from app.crash import crash_point; crash_point('before_commit'); print('alive')"

    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**bare_environment(), "CRASH_AT": "after_commit"},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert told.stdout == b"alive\n"
