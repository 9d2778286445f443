"""The second factor: a code from an app on a phone that works once, and recovery codes for when the phone is lost."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from sqlalchemy import Connection, delete, insert, or_, select, update

from access.seal import Unsealable, digest, seal, unseal
from data_model.accounts import accounts, recovery_codes

_STEP = 30  # seconds, as every app expects
PURPOSE = "second factor"
_HOW_MANY = 10
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"


def new_secret() -> str:
    """A secret for an app, in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, sign_in_name: str) -> str:
    """The otpauth:// address that tells an app the secret."""
    return pyotp.TOTP(secret, interval=_STEP).provisioning_uri(name=sign_in_name, issuer_name="Outreach dashboard")


def picture_of(address: str) -> str:
    """The address as a QR code: SVG to stand in a page, dark on light in any theme."""
    svg: str = segno.make(address, micro=False).svg_inline(scale=5, light="#ffffff", dark="#000000", omitsize=True)
    return svg


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is: the present one, or the one before or after; None where it is none of them."""
    digits = "".join(code.split())
    present = int(now.timestamp()) // _STEP
    app = pyotp.TOTP(secret, interval=_STEP)
    right = [
        step
        for step in (present - 1, present, present + 1)
        if compare_digest(app.at(step * _STEP), digits.encode("ascii", "replace").decode())
    ]
    return right[0] if right else None


def enrol(connection: Connection, account_id: int, secret: str, step: int) -> list[str]:
    """Keep the secret of an account and the step that proved it; return new recovery codes, which are not kept."""
    kept = {"second_factor": seal(secret, PURPOSE), "second_factor_step": step}
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(kept))
    return replace_codes(connection, account_id)


def replace_codes(connection: Connection, account_id: int) -> list[str]:
    """New recovery codes in place of all that an account has; they are not kept."""
    codes = [_new_code() for _ in range(_HOW_MANY)]
    _replace_codes(connection, account_id, codes)
    return codes


def use_code(connection: Connection, account_id: int, code: str, now: datetime) -> bool:
    """Whether a code from the app is right and was not used; it is used from now on, even if two come at once."""
    sealed = connection.execute(select(accounts.c.second_factor).where(accounts.c.account_id == account_id)).scalar()
    step = step_of(_secret(sealed), code, now) if sealed else None
    if step is None:
        return False
    used = accounts.c.second_factor_step
    not_yet = (accounts.c.account_id == account_id) & or_(used.is_(None), used < step)
    return connection.execute(update(accounts).where(not_yet).values(second_factor_step=step)).rowcount == 1


def use_recovery_code(connection: Connection, account_id: int, code: str, now: datetime) -> bool:
    """Whether a recovery code is right and was not used; it is used from now on."""
    kept = recovery_codes.c
    this = (kept.account_id == account_id) & (kept.code_hash == _hash(account_id, code)) & kept.used_at.is_(None)
    return connection.execute(update(recovery_codes).where(this).values(used_at=now)).rowcount == 1


def forget(connection: Connection, account_id: int) -> None:
    """Take the second factor and the recovery codes away: a new one must be set up at the next sign-in."""
    gone = {"second_factor": None, "second_factor_step": None}
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(gone))
    _replace_codes(connection, account_id, ())


def _secret(sealed: str) -> str:
    try:
        return unseal(sealed, PURPOSE)
    except Unsealable:
        # The secret key was changed without resetting anybody: no code can be right.
        return pyotp.random_base32()


def _replace_codes(connection: Connection, account_id: int, codes: Iterable[str]) -> None:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": _hash(account_id, code)} for code in codes]
    if rows:
        connection.execute(insert(recovery_codes), rows)


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _hash(account_id: int, code: str) -> str:
    return digest(f"{account_id} {''.join(filter(str.isalnum, code.lower()))}", "recovery code")
