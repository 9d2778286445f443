"""Setting up a second factor: the key that an app is told, and the code that proves that it arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from access.door.pages_before import Fault, page
from access.noting import moment
from access.seal import Unsealable, seal, unseal
from access.sign_in import second_factor
from access.sign_in.sessions import HALF_WAY, Session

_WRONG = "This code is wrong. Type the six digits that the app shows now. Is the time on your phone right?"


@dataclass(frozen=True)
class Enrolling:
    """One way to come to it: the address of its form, and its title."""

    address: str
    title: str


FIRST = Enrolling("/sign-in/enrol", "Set up your second factor")
ANEW = Enrolling("/sign-in/new-second-factor", "Set up your new second factor")


@dataclass(frozen=True)
class Proof:
    """The key that somebody was shown, and the time step of their code; no step where the code is wrong."""

    secret: str
    step: int | None


def ask(
    way: Enrolling, session: Session, secret: str, onward: str, faults: Sequence[Fault] = (), status: int = 200
) -> Response:
    """Show a new key for the app, and ask for the code that proves that it arrived."""
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    picture = second_factor.picture_of(second_factor.address_of(secret, session.sign_in_name))
    sealed = seal(f"{session.session_id} {secret}", way.address)
    shown = {"picture": picture, "spaced": spaced, "sealed": sealed, "next": onward}
    return page("enrol", way.title, faults, status, address=way.address, is_anew=way is ANEW, **shown)


def ask_again(way: Enrolling, session: Session, secret: str, onward: str) -> Response:
    """Show the same key after a wrong code."""
    return ask(way, session, secret, onward, [("code", _WRONG)], 401)


def proof_in(way: Enrolling, session: Session, form: Mapping[str, str]) -> Proof | None:
    """What a form proves; None where the key in it was not shown in this session in this way, or too long ago."""
    try:
        sealed = unseal(form.get("sealed", ""), way.address, within=int(HALF_WAY.total_seconds()))
    except Unsealable:
        return None
    owner, secret = sealed.split(" ")
    if owner != session.session_id:
        return None
    return Proof(secret, second_factor.step_of(secret, form.get("code", ""), moment()))


def show_codes(codes: Sequence[str], onward: str) -> Response:
    """The only sight of new recovery codes, and the way on."""
    return page("recovery_codes", "Keep these recovery codes", codes=codes, onward=onward)
