"""What somebody who is signed in changes about their own way in: the password, the app on the phone, recovery codes.

Whoever finds a computer unlocked can do none of it: each asks for the password, and but for the password itself for a
code as well. Each ends the other sessions and puts a new one in the place of this, which lasts no longer.
"""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from access import audit
from access.audit import Action
from access.door.pages_before import Fault, message, page
from access.door.visitor import address_of
from access.noting import moment, noting
from access.sign_in import accounts, enrolling, passwords, second_factor, throttle
from access.sign_in.enrolling import ANEW
from access.sign_in.sessions import Session
from access.sign_in.steps import Form, Shown, Taken, account_named, onward_or_back, session_of, with_cookie
from access.sign_in.throttle import TooMany
from data_model.store import database

_ACCOUNT = "/your_account"
_CHANGE = "/sign-in/change-second-factor"
_CODES = "/sign-in/new-recovery-codes"
_TITLES = {_CHANGE: "Change your second factor", _CODES: "Make new recovery codes"}
_NOT_THE_PASSWORD = "This is not the password that you have."  # noqa: S105
_NOT_A_CODE = (
    "This code is wrong, or was used already. Wait for your app to show the next one, or use another recovery code."
)


class _NotProven(Exception):
    """Somebody did not show who they are: the fault to show, and the status of the answer."""

    def __init__(self, field: str, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.faults: list[Fault] = [(field, sentence)]
        self.status = status


def show_own_password(request: Request) -> Response:
    """Ask somebody who is signed in for the password that they have and the one that they want."""
    return _at_home(request, _ask_own)


def change_own_password(request: Request, form: Form) -> Response:
    """Change the password of somebody who knows it."""

    def change(session: Session) -> Response:
        password = form.get("password", "")
        try:
            _prove_password(request, session, form)
            if password != form.get("again", ""):
                return _ask_own(session, [("again", "Type the same password twice.")], 400)
            started = accounts.choose_password(database(), session, password)
        except _NotProven as refused:
            return _ask_own(session, refused.faults, refused.status)
        except accounts.Refused as refused:
            return _ask_own(session, [("password", str(refused))], 400)
        return with_cookie(onward_or_back(session, _ACCOUNT), started)

    return _at_home(request, change)


def _ask_own(session: Session, faults: Sequence[Fault] = (), status: int = 200) -> Response:
    name = session.sign_in_name
    return page("own_password", "Change your password", faults, status, next=_ACCOUNT, name=name)


def show_change(request: Request) -> Response:
    """Ask for the password and a code before the app on the phone is changed."""
    return _at_home(request, lambda session: _ask_proof(_CHANGE, session))


def begin_change(request: Request, form: Form) -> Response:
    """Show the key for the new app to somebody who has both factors. The old one holds until the new one is proven."""

    def begin(session: Session) -> Response:
        return enrolling.ask(ANEW, session, second_factor.new_secret(), _ACCOUNT)

    return _once_proven(_CHANGE, request, form, begin)


def change(request: Request, form: Form) -> Response:
    """Put the new app in place of the old one, once a code proves that it has the key; show new recovery codes."""

    def enrol(session: Session) -> Response:
        proof = enrolling.proof_in(ANEW, session, form)
        if proof is None:
            again = "That took more than ten minutes. Give your password and a code again."
            return _ask_proof(_CHANGE, session, [("", again)], 400)
        if proof.step is None:
            return enrolling.ask_again(ANEW, session, proof.secret, _ACCOUNT)
        codes, started = accounts.change_second_factor(database(), session, proof.secret, proof.step)
        return with_cookie(enrolling.show_codes(codes, _ACCOUNT), started)

    return _at_home(request, enrol)


def show_new_codes(request: Request) -> Response:
    """Ask for the password and a code before recovery codes are replaced."""
    return _at_home(request, lambda session: _ask_proof(_CODES, session))


def make_new_codes(request: Request, form: Form) -> Response:
    """Replace the recovery codes of somebody who has both factors."""

    def make(session: Session) -> Response:
        codes, started = accounts.replace_recovery_codes(database(), session)
        return with_cookie(enrolling.show_codes(codes, _ACCOUNT), started)

    return _once_proven(_CODES, request, form, make)


FORMS: tuple[tuple[str, Shown, Taken], ...] = (
    ("/sign-in/change-password", show_own_password, change_own_password),
    (_CHANGE, show_change, begin_change),
    (ANEW.address, show_change, change),
    (_CODES, show_new_codes, make_new_codes),
)
"""Each form by its address: what shows it, and what takes it."""


def _at_home(request: Request, shown: Callable[[Session], Response]) -> Response:
    """The page for somebody who is signed in, by a password of this dashboard."""
    session = session_of(request)
    if session is None or session.step:
        return onward_or_back(session, _ACCOUNT)
    if account_named(session.sign_in_name) is None:
        return message("You have no password here", "Change it where you sign in with your work account.", 400)
    return shown(session)


def _once_proven(address: str, request: Request, form: Form, done: Callable[[Session], Response]) -> Response:
    def prove(session: Session) -> Response:
        try:
            _prove_both(request, session, form)
        except _NotProven as refused:
            return _ask_proof(address, session, refused.faults, refused.status)
        return done(session)

    return _at_home(request, prove)


def _ask_proof(address: str, session: Session, faults: Sequence[Fault] = (), status: int = 200) -> Response:
    name = session.sign_in_name
    return page("proof", _TITLES[address], faults, status, address=address, name=name, makes_codes=address == _CODES)


def _prove_password(request: Request, session: Session, form: Form) -> None:
    """Raises _NotProven for another password than the present one, and for the eleventh guess."""
    throttle.forgive(database(), _guess(request, session, form))


def _prove_both(request: Request, session: Session, form: Form) -> None:
    """Raises _NotProven as for the password, and for a code that is wrong. A code is used up by the right password."""
    guess = _guess(request, session, form)
    code = form.get("code", "")
    with noting(database()) as connection:
        about = (connection, session.account_id, code, moment())
        is_right = second_factor.use_code(*about) or second_factor.use_recovery_code(*about)
        if not is_right:
            audit.record(connection, session.person, Action.SECOND_FACTOR_REFUSED, None)
    if not is_right:
        raise _NotProven("code", _NOT_A_CODE if code.strip() else "Enter the code", 401)
    throttle.forgive(database(), guess)


def _guess(request: Request, session: Session, form: Form) -> int:
    """The number of a guess at the password that was right. Raises _NotProven for a wrong one, and for too many."""
    try:
        guess = throttle.attempt(database(), session.sign_in_name, address_of(request), moment())
    except TooMany as refused:
        raise _NotProven("", str(refused), 429) from None
    account = account_named(session.sign_in_name)
    if account is None or not passwords.matches(account.password_hash, form.get("present", "")):
        with noting(database()) as connection:
            audit.record(connection, session.person, Action.PASSWORD_REFUSED, None)
        raise _NotProven("present", _NOT_THE_PASSWORD, 401)
    return guess
