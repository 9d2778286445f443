"""Signing in and out: a page for each step, at an address of its own; the page that was wanted is kept through all."""

from collections.abc import Callable

from anyio import CapacityLimiter
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from access import audit
from access.audit import Action
from access.door.pages_before import Fault, asset, message, page
from access.door.visitor import address_of
from access.noting import moment, noting
from access.people import Person
from access.seal import Unsealable, seal, unseal
from access.sign_in import (
    accounts,
    enrolling,
    oidc,
    own_way_in,
    passwords,
    rules_of_use,
    second_factor,
    sessions,
    throttle,
)
from access.sign_in.enrolling import FIRST
from access.sign_in.sessions import Session, Started, Step
from access.sign_in.steps import (
    Form,
    Shown,
    Taken,
    account_in,
    account_named,
    address_of_step,
    lead,
    next_of,
    onward_or_back,
    onward_to,
    sent_form,
    session_of,
    with_cookie,
)
from access.sign_in.throttle import TooMany
from data_model.accounts import accounts as table
from data_model.settings import settings
from data_model.store import database

_ASKED = "outreach_asked"
_WRONG = (
    "The sign-in name or the password is wrong. Both must be as your administrator gave them, or as you chose them."
)


def routes() -> list[Route]:
    """The routes of signing in and out."""
    forms: tuple[tuple[str, Shown, Taken], ...] = (
        ("/sign-in", show_sign_in, sign_in),
        ("/sign-in/code", show_code, check_code),
        ("/sign-in/recovery", show_recovery, check_recovery),
        ("/sign-in/enrol", show_enrol, enrol),
        ("/sign-in/password", show_password, change_password),
        ("/sign-in/rules", show_rules, accept_rules),
        ("/sign-out", show_sign_out, sign_out),
        *own_way_in.FORMS,
    )
    at_once = CapacityLimiter(4)  # a flood of guesses may not keep the gate from looking at everybody else's requests
    return [
        *(Route(path, shown, methods=["GET"]) for path, shown, _ in forms),
        *(Route(path, sent_form(taken, at_once), methods=["POST"]) for path, _, taken in forms),
        Route("/sign-in/provider", to_provider),
        Route(oidc.CALLBACK, back_from_provider),
        Route("/sign-in/still", still),
        Route("/sign-in/stay", sent_form(stay, at_once), methods=["POST"]),
        Route("/sign-in/sign_in.css", lambda request: asset("sign_in.css")),
        Route("/sign-in/watch.js", lambda request: asset("watch.js")),
        Route("/sign-out/done", lambda request: _signed_out()),
    ]


# The password


def show_sign_in(request: Request) -> Response:
    """Ask for a name and a password; lead on somebody who is signed in."""
    session = session_of(request)
    if session:
        return onward_to(session.step, next_of(request.query_params))
    notice = (
        "You were signed out: you signed out in another tab, nothing happened for 30 minutes, or 8 hours had passed."
        if "ended" in request.query_params
        else ""
    )
    return _ask_password(next_of(request.query_params), notice=notice)


def sign_in(request: Request, form: Form) -> Response:
    """Start a session for whoever has the password; the second factor is asked next."""
    name, password, onward = accounts.one_form(form.get("name", "")), form.get("password", ""), next_of(form)
    faults = [
        (field, f"Enter your {words}")
        for field, words in (("name", "sign-in name"), ("password", "password"))
        if not form.get(field, "").strip()
    ]
    if faults:
        return _ask_password(onward, faults, name, 400)
    try:
        guess = throttle.attempt(database(), name, address_of(request), moment())
    except TooMany as refused:
        return _ask_password(onward, [("", str(refused))], name, 429)
    account = account_named(name)
    # The same work whether there is such an account or not: the time it takes tells nobody who has one.
    is_right = passwords.matches(account.password_hash if account else None, password)
    with noting(database()) as connection:
        # Comparing takes a while, in which the password may have been changed, or the account disabled.
        present = account_in(connection, name) if is_right else None
        if account is None or present is None or present.password_hash != account.password_hash:
            audit.record(connection, account.sign_in_name if account else "somebody", Action.SIGN_IN_REFUSED, None)
            return _ask_password(onward, [("password", _WRONG)], name, 401)
        ended = _end_present(connection, request)
        started = sessions.start(connection, account.account_id, moment(), is_complete=False)
    throttle.forgive(database(), guess)
    sessions.close_tabs(ended)
    return with_cookie(onward_to(Step.CODE if account.second_factor else Step.ENROL, onward), started)


def _ask_password(
    onward: str, faults: list[Fault] | None = None, name: str = "", status: int = 200, notice: str = ""
) -> Response:
    provider = settings().oidc_name if oidc.is_configured() else ""
    return page("sign_in", "Sign in", faults or [], status, next=onward, name=name, provider=provider, notice=notice)


# The second factor


def show_code(request: Request) -> Response:
    """Ask for a code from the app."""
    return _at(request, Step.CODE, lambda session: _ask_code("code", "Enter your code", next_of(request.query_params)))


def check_code(request: Request, form: Form) -> Response:
    """Sign in whoever has the app."""
    wrong = "This code is wrong, or was used already. Wait for your app to show the next one."
    return _second("code", "Enter your code", request, form, second_factor.use_code, wrong)


def show_recovery(request: Request) -> Response:
    """Ask for a recovery code."""
    onward = next_of(request.query_params)
    return _at(request, Step.CODE, lambda session: _ask_code("recovery", "Use a recovery code", onward))


def check_recovery(request: Request, form: Form) -> Response:
    """Sign in whoever has an unused recovery code."""
    wrong = "This code is wrong, or was used already. Use another of your codes."
    return _second("recovery", "Use a recovery code", request, form, second_factor.use_recovery_code, wrong)


def _second(
    name: str,
    title: str,
    request: Request,
    form: Form,
    use: Callable[..., bool],
    wrong: str,
) -> Response:
    session, onward, code = session_of(request), next_of(form), form.get("code", "")
    if session is None or session.step is not Step.CODE:
        return onward_or_back(session, onward)
    if not code.strip():
        return _ask_code(name, title, onward, [("code", "Enter the code")], 400)
    try:
        guess = throttle.attempt(database(), session.sign_in_name, address_of(request), moment())
    except TooMany as refused:
        return _ask_code(name, title, onward, [("", str(refused))], 429)
    with noting(database()) as connection:
        sessions.hold(connection, session, moment())
        if not use(connection, session.account_id, code, moment()):
            audit.record(connection, session.person, Action.SECOND_FACTOR_REFUSED, None, kind=name)
            return _ask_code(name, title, onward, [("code", wrong)], 401)
        started = _complete(connection, session, name)
    throttle.forgive(database(), guess)
    return with_cookie(lead(started, onward), started)


def _ask_code(name: str, title: str, onward: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    return page(name, title, faults or [], status, next=onward)


def show_enrol(request: Request) -> Response:
    """Show a new secret for the app, and ask for the code that proves it arrived."""
    onward = next_of(request.query_params)
    return _at(request, Step.ENROL, lambda session: enrolling.ask(FIRST, session, second_factor.new_secret(), onward))


def enrol(request: Request, form: Form) -> Response:
    """Keep the secret once a code proves it, sign in, and show the recovery codes."""
    session, onward = session_of(request), next_of(form)
    if session is None or session.step is not Step.ENROL:
        return onward_or_back(session, onward)
    proof = enrolling.proof_in(FIRST, session, form)
    if proof is None:
        return onward_to(Step.ENROL, onward)
    if proof.step is None:
        return enrolling.ask_again(FIRST, session, proof.secret, onward)
    with noting(database()) as connection:
        sessions.hold(connection, session, moment())
        codes = second_factor.enrol(connection, session.account_id, proof.secret, proof.step)
        audit.record(connection, session.person, Action.SECOND_FACTOR_SET_UP, None)
        started = _complete(connection, session, "code")
    return with_cookie(enrolling.show_codes(codes, address_of_step(Step.RULES, onward)), started)


# What is still to do once both are right


def show_password(request: Request) -> Response:
    """Ask for a password of one's own."""
    return _at(request, Step.PASSWORD, lambda session: _ask_new(session, next_of(request.query_params)))


def change_password(request: Request, form: Form) -> Response:
    """Keep the password that somebody chose. It ends their other sessions, and starts this one anew."""
    session, onward, password = session_of(request), next_of(form), form.get("password", "")
    if session is None or session.step is not Step.PASSWORD:
        return onward_or_back(session, onward)
    if password != form.get("again", ""):
        return _ask_new(session, onward, [("again", "Type the same password twice.")], 400)
    try:
        started = accounts.choose_password(database(), session, password)
    except accounts.Refused as refused:
        return _ask_new(session, onward, [("password", str(refused))], 400)
    return with_cookie(lead(started, onward), started)


def _ask_new(session: Session, onward: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    return page("password", "Choose your password", faults or [], status, next=onward, name=session.sign_in_name)


def show_rules(request: Request) -> Response:
    """Show the rules of use."""
    return _at(request, Step.RULES, lambda session: _ask_rules(next_of(request.query_params)))


def accept_rules(request: Request, form: Form) -> Response:
    """Note that somebody will keep to the rules, and let them in."""
    session, onward = session_of(request), next_of(form)
    if session is None or session.step is not Step.RULES:
        return onward_or_back(session, onward)
    if form.get("accept") != "yes":
        return _ask_rules(onward, [("accept", "Tick the box if you will keep to this. Otherwise sign out.")], 400)
    accounts.accept_rules(database(), session.person, session.account_id)
    return onward_to(None, onward)


def _ask_rules(onward: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    return page("rules", rules_of_use.TITLE, faults or [], status, next=onward, rules=rules_of_use.RULES)


# The provider


def to_provider(request: Request) -> Response:
    """Send the browser to the provider."""
    if not oidc.is_configured():
        return RedirectResponse("/sign-in", 303)
    try:
        address, asked = oidc.ask(next_of(request.query_params))
    except oidc.ProviderFault as fault:
        return _provider_refused(str(fault), 502)
    answer = RedirectResponse(address, 303)
    name, secure = sessions.for_this_host(_ASKED), sessions.is_secure()
    answer.set_cookie(name, asked.sealed(), max_age=oidc.PATIENCE, secure=secure, httponly=True, samesite="lax")
    return answer


def back_from_provider(request: Request) -> Response:
    """Sign in whom the provider vouches for."""
    try:
        asked = oidc.Asked.unsealed(request.cookies.get(sessions.for_this_host(_ASKED), ""))
        vouched = oidc.answered(asked, request.query_params)
        with noting(database()) as connection:
            account_id = _account_of(connection, vouched)
            ended = _end_present(connection, request)
            kept = seal(vouched.id_token, "provider token")
            started = sessions.start(connection, account_id, moment(), is_complete=True, provider_token=kept)
            person = Person(account_id, accounts.one_form(vouched.sign_in_name), vouched.role, frozenset())
            audit.record(connection, person, Action.SIGNED_IN, f"account {account_id}", how="provider")
    except oidc.ProviderFault as fault:
        return _provider_refused(str(fault), 400)
    except (oidc.NoRole, accounts.Refused) as refused:
        _note_refusal()
        return _provider_refused(str(refused), 403)
    sessions.close_tabs(ended)
    answer = with_cookie(lead(started, asked.next), started)
    answer.delete_cookie(sessions.for_this_host(_ASKED), secure=sessions.is_secure(), httponly=True, samesite="lax")
    return answer


def _account_of(connection: Connection, vouched: oidc.Vouched) -> int:
    """The account of somebody whom the provider vouches for, with the role that the provider now gives them."""
    theirs = (table.c.issuer == vouched.issuer) & (table.c.subject == vouched.subject)
    row = connection.execute(select(table).where(theirs)).one_or_none()
    if row is None:
        return _new_account(connection, vouched)
    if row.disabled_at:
        raise accounts.Refused("Your account in this dashboard is disabled. Ask the dashboard’s administrator.")
    accounts.follow_provider(connection, row, vouched.role)
    account_id: int = row.account_id
    return account_id


def _new_account(connection: Connection, vouched: oidc.Vouched) -> int:
    about = (vouched.issuer, vouched.subject, vouched.sign_in_name, vouched.full_name, vouched.role)
    account_id = accounts.create_from_provider(connection, "the provider", *about)
    accounts.grant_in(connection, "the provider", account_id, sorted(settings().oidc_la_codes))
    return account_id


def _note_refusal() -> None:
    with noting(database()) as connection:
        audit.record(connection, "somebody", Action.SIGN_IN_REFUSED, None, how="provider")


def _provider_refused(sentence: str, status: int) -> Response:
    return message("You could not be signed in", sentence, status, "/sign-in", "Back to signing in")


# Signing out, and whether one still is in


def show_sign_out(request: Request) -> Response:
    """A button: a link elsewhere cannot sign anybody out."""
    if session_of(request) is None:
        return _signed_out()
    return page("sign_out", "Sign out")


def sign_out(request: Request, form: Form) -> Response:
    """End the session, in every tab, and where it came from a provider there too."""
    session = session_of(request)
    there = None
    if session:
        with noting(database()) as connection:
            ended = sessions.end_in(connection, sessions.named(session.session_id), moment())
            audit.record(connection, session.person, Action.SIGNED_OUT, None)
        sessions.close_tabs(ended)
        there = oidc.sign_out_address(_provider_token(session))
    answer = _leaving(there) if there else RedirectResponse("/sign-out/done", 303)
    answer.delete_cookie(sessions.cookie_name(), secure=sessions.is_secure(), httponly=True, samesite="lax")
    return answer


def _leaving(there: str) -> Response:
    """A page that goes on to the provider by itself.

    No redirect: a form's policy names every origin that its redirects pass, and nobody knows over which the provider
    leads (the authority's own servers may stand behind it).
    """
    return page("leaving", "You are signed out here", there=there, provider=settings().oidc_name)


def _provider_token(session: Session) -> str | None:
    try:
        return unseal(session.provider_token, "provider token") if session.provider_token else None
    except Unsealable:
        return None


def _signed_out() -> Response:
    return message(
        "You are signed out", "Close this window if others use this computer.", 200, "/sign-in", "Sign in again"
    )


def still(request: Request) -> Response:
    """How many seconds the session stands if nothing happens; 401 where it ended. Asking is not something happening."""
    session = session_of(request)
    if session is None or session.step:
        return JSONResponse({}, 401)
    return JSONResponse({"seconds": session.seconds_left(moment())})


def stay(request: Request, form: Form) -> Response:
    """Somebody is still there."""
    session = session_of(request)
    if session is None:
        return Response(status_code=401)
    sessions.seen_again(database(), session.session_id, moment())
    return Response(status_code=204)


# What the steps share


def _at(request: Request, step: Step, shown: Callable[[Session], Response]) -> Response:
    """The page of a step, for somebody at that step."""
    session = session_of(request)
    if session is None or session.step is not step:
        return onward_or_back(session, next_of(request.query_params))
    return shown(session)


def _complete(connection: Connection, session: Session, how: str) -> Started:
    """A new session with both factors in place of one, held, that lacked the second: its old cookie opens nothing."""
    sessions.end_in(connection, sessions.named(session.session_id), moment())
    audit.record(
        connection, session.person, Action.SIGNED_IN, f"account {session.account_id}", how=f"password and {how}"
    )
    return sessions.start(connection, session.account_id, moment(), is_complete=True)


def _end_present(connection: Connection, request: Request) -> list[str]:
    """End the session that the browser came with, in favour of a new one."""
    present = session_of(request)
    return sessions.end_in(connection, sessions.named(present.session_id), moment()) if present else []
