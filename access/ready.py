"""Whether the app may start: what would let in the wrong people, and which setting or command mends it."""

from urllib.parse import urlsplit

from sqlalchemy import Engine, exists, select

from access.sign_in import accounts, oidc
from data_model.settings import Mode, Settings
from data_model.store import reading
from data_model.uploads import uploads

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NotReady(SystemExit):
    """The app may not start. The message says why, and what to do, in a sentence for each reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("The dashboard did not start.\n" + "\n".join(f" * {reason}" for reason in reasons))
        self.reasons = reasons


def refuse_unless_ready(engine: Engine, settings: Settings, listens_on: str | None) -> None:
    """Do nothing where the app may start. `listens_on` is the address, None for every one. Raises NotReady."""
    reasons = _live(engine, settings) if settings.is_live else _demonstration(engine, listens_on)
    if reasons:
        raise NotReady(reasons)


def _live(engine: Engine, settings: Settings) -> list[str]:
    reasons = oidc.faults_of_settings()
    if settings.secret_is_default:
        reasons.append(
            "OUTREACH_SECRET_KEY has its default value. Set it to 32 or more random characters: "
            '`python -c "import secrets; print(secrets.token_urlsafe(48))"` prints some.'
        )
    elif len(set(settings.secret_key.get_secret_value())) < 10:
        reasons.append("OUTREACH_SECRET_KEY repeats a few characters. Set it to 32 or more random ones.")
    public = urlsplit(settings.public_url)
    if public.scheme != "https" and public.hostname not in _LOOPBACK:
        reasons.append("OUTREACH_PUBLIC_URL must start with https://: sign-in cookies may not travel in the clear.")
    return reasons + _in_the_database(engine)


def _in_the_database(engine: Engine) -> list[str]:
    reasons = []
    with reading(engine) as connection:
        if connection.execute(select(exists().where(uploads.c.is_sample, uploads.c.undone_at.is_(None)))).scalar():
            reasons.append(
                "The database holds the fictional LA, which must not stand beside real children. Set "
                "OUTREACH_DATABASE_URL to a new database, or remove it on the Upload page of the demonstration."
            )
        if not oidc.is_configured() and not accounts.somebody_can_administer(connection):
            reasons.append(
                "Nobody could sign in. Add the first administrator: `python -m access create-user NAME --full-name "
                '"FULL NAME" --role admin`. Or set OUTREACH_OIDC_ISSUER and what belongs to it.'
            )
    return reasons


def _demonstration(engine: Engine, listens_on: str | None) -> list[str]:
    reasons = []
    if listens_on not in _LOOPBACK:
        reasons.append(
            "The demonstration has no sign-in, so it listens on 127.0.0.1 alone. Set --server.address 127.0.0.1, or "
            f"OUTREACH_MODE={Mode.LIVE} to ask everybody to sign in."
        )
    with reading(engine) as connection:
        if accounts.how_many(connection):
            reasons.append(
                f"This database has accounts: it is for live mode. Set OUTREACH_MODE={Mode.LIVE}, or "
                "OUTREACH_DATABASE_URL to another database for the demonstration."
            )
    return reasons
