"""Signing in and out: a page for each step, at an address of its own; the page that was wanted is kept through all."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy import Connection, Row, select
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from access import accounts, audit, oidc, passwords, rules_of_use, second_factor, sessions, throttle
from access.audit import Action
from access.local_path import local_path
from access.noting import moment, noting
from access.pages_before import Fault, asset, message, page
from access.people import Person
from access.seal import Unsealable, seal, unseal
from access.sessions import Session, Started, Step
from access.throttle import TooMany
from access.visitor import address_of, is_our_form
from data_model.accounts import accounts as table
from data_model.settings import settings
from data_model.store import database, reading

Form = Mapping[str, str]
_LARGEST_FORM = 16_384
_ACCOUNT = "/your_account"
_ENROLLING = "enrolling"
_ASKED = "outreach_asked"
_WRONG = (
    "The sign-in name or the password is wrong. Both must be as your administrator gave them, or as you chose them."
)


def routes() -> list[Route]:
    """The routes of signing in and out."""
    forms: tuple[tuple[str, Callable[[Request], Response], Callable[[Request, Form], Response]], ...] = (
        ("/sign-in", show_sign_in, sign_in),
        ("/sign-in/code", show_code, check_code),
        ("/sign-in/recovery", show_recovery, check_recovery),
        ("/sign-in/enrol", show_enrol, enrol),
        ("/sign-in/password", show_password, change_password),
        ("/sign-in/change-password", show_own_password, change_own_password),
        ("/sign-in/rules", show_rules, accept_rules),
        ("/sign-out", show_sign_out, sign_out),
    )
    at_once = CapacityLimiter(4)  # a flood of guesses may not keep the gate from looking at everybody else's requests
    return [
        *(Route(path, shown, methods=["GET"]) for path, shown, _ in forms),
        *(Route(path, _sent(taken, at_once), methods=["POST"]) for path, _, taken in forms),
        Route("/sign-in/provider", to_provider),
        Route(oidc.CALLBACK, back_from_provider),
        Route("/sign-in/still", still),
        Route("/sign-in/stay", _sent(stay, at_once), methods=["POST"]),
        Route("/sign-in/sign_in.css", lambda request: asset("sign_in.css")),
        Route("/sign-in/watch.js", lambda request: asset("watch.js")),
        Route("/sign-out/done", lambda request: _signed_out()),
    ]


def _sent(taken: Callable[[Request, Form], Response], at_once: CapacityLimiter) -> Callable[[Request], Any]:
    """An endpoint that takes a small form from our own pages, and does the work in a thread."""

    async def endpoint(request: Request) -> Response:
        if not is_our_form(request):
            return message("This form came from elsewhere", "Nothing was done. Start again from the dashboard.", 403)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _LARGEST_FORM:
                return message("This form is too large", "Nothing was done. Start again from the dashboard.", 413)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return await run_sync(taken, request, form, limiter=at_once)

    return endpoint


# The password


def show_sign_in(request: Request) -> Response:
    """Ask for a name and a password; lead on somebody who is signed in."""
    session = _session(request)
    if session:
        return _onward(session.step, _next(request.query_params))
    notice = (
        "You were signed out: you signed out in another tab, nothing happened for 30 minutes, or 8 hours had passed."
        if "ended" in request.query_params
        else ""
    )
    return _ask_password(_next(request.query_params), notice=notice)


def sign_in(request: Request, form: Form) -> Response:
    """Start a session for whoever has the password; the second factor is asked next."""
    name, password, onward = accounts.one_form(form.get("name", "")), form.get("password", ""), _next(form)
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
    account = _account(name)
    # The same work whether there is such an account or not: the time it takes tells nobody who has one.
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        with noting(database()) as connection:
            audit.record(connection, account.sign_in_name if account else "somebody", Action.SIGN_IN_REFUSED, None)
        return _ask_password(onward, [("password", _WRONG)], name, 401)
    throttle.forgive(database(), guess)
    with noting(database()) as connection:
        ended = _end_present(connection, request)
        started = sessions.start(connection, account.account_id, moment(), is_complete=False)
    sessions.close_tabs(ended)
    return _with_cookie(_onward(Step.CODE if account.second_factor else Step.ENROL, onward), started)


def _account(name: str) -> Row[Any] | None:
    """Somebody who may sign in with a password."""
    may = (table.c.sign_in_name == name) & table.c.disabled_at.is_(None) & table.c.password_hash.is_not(None)
    with reading(database()) as connection:
        return connection.execute(select(table).where(may)).one_or_none()


def _ask_password(
    onward: str, faults: list[Fault] | None = None, name: str = "", status: int = 200, notice: str = ""
) -> Response:
    provider = settings().oidc_name if oidc.is_configured() else ""
    return page("sign_in", "Sign in", faults or [], status, next=onward, name=name, provider=provider, notice=notice)


# The second factor


def show_code(request: Request) -> Response:
    """Ask for a code from the app."""
    return _at(request, Step.CODE, lambda session: _ask_code("code", "Enter your code", _next(request.query_params)))


def check_code(request: Request, form: Form) -> Response:
    """Sign in whoever has the app."""
    wrong = "This code is wrong, or was used already. Wait for your app to show the next one."
    return _second("code", "Enter your code", request, form, second_factor.use_code, wrong)


def show_recovery(request: Request) -> Response:
    """Ask for a recovery code."""
    onward = _next(request.query_params)
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
    session, onward, code = _session(request), _next(form), form.get("code", "")
    if session is None or session.step is not Step.CODE:
        return _onward_or_back(session, onward)
    if not code.strip():
        return _ask_code(name, title, onward, [("code", "Enter the code")], 400)
    try:
        guess = throttle.attempt(database(), session.sign_in_name, address_of(request), moment())
    except TooMany as refused:
        return _ask_code(name, title, onward, [("", str(refused))], 429)
    with noting(database()) as connection:
        if not use(connection, session.account_id, code, moment()):
            audit.record(connection, session.person, Action.SECOND_FACTOR_REFUSED, None, kind=name)
            return _ask_code(name, title, onward, [("code", wrong)], 401)
        started = _complete(connection, session, name)
    throttle.forgive(database(), guess)
    return _with_cookie(_lead(started, onward), started)


def _ask_code(name: str, title: str, onward: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    return page(name, title, faults or [], status, next=onward)


def show_enrol(request: Request) -> Response:
    """Show a new secret for the app, and ask for the code that proves it arrived."""
    onward = _next(request.query_params)
    return _at(request, Step.ENROL, lambda session: _ask_enrol(session, second_factor.new_secret(), onward))


def enrol(request: Request, form: Form) -> Response:
    """Keep the secret once a code proves it, sign in, and show the recovery codes."""
    session, onward = _session(request), _next(form)
    if session is None or session.step is not Step.ENROL:
        return _onward_or_back(session, onward)
    try:
        owner, secret = unseal(form.get("sealed", ""), _ENROLLING).split(" ")
    except Unsealable:
        owner, secret = "", ""
    if owner != session.session_id:
        return _onward(Step.ENROL, onward)
    step = second_factor.step_of(secret, form.get("code", ""), moment())
    if step is None:
        wrong = "This code is wrong. Type the six digits that the app shows now. Is the time on your phone right?"
        return _ask_enrol(session, secret, onward, [("code", wrong)], 401)
    with noting(database()) as connection:
        codes = second_factor.enrol(connection, session.account_id, secret, step)
        audit.record(connection, session.person, Action.SECOND_FACTOR_SET_UP, None)
        started = _complete(connection, session, "code")
    shown = page("recovery_codes", "Keep these recovery codes", codes=codes, onward=_address(Step.RULES, onward))
    return _with_cookie(shown, started)


def _ask_enrol(
    session: Session, secret: str, onward: str, faults: list[Fault] | None = None, status: int = 200
) -> Response:
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    picture = second_factor.picture_of(second_factor.address_of(secret, session.sign_in_name))
    sealed = seal(f"{session.session_id} {secret}", _ENROLLING)
    title = "Set up your second factor"
    return page("enrol", title, faults or [], status, next=onward, picture=picture, spaced=spaced, sealed=sealed)


# What is still to do once both are right


def show_password(request: Request) -> Response:
    """Ask for a password of one's own."""
    return _at(request, Step.PASSWORD, lambda session: _ask_new(session, _next(request.query_params)))


def change_password(request: Request, form: Form) -> Response:
    """Keep the password that somebody chose. It ends their other sessions, and starts this one anew."""
    session, onward, password = _session(request), _next(form), form.get("password", "")
    if session is None or session.step is not Step.PASSWORD:
        return _onward_or_back(session, onward)
    if password != form.get("again", ""):
        return _ask_new(session, onward, [("again", "Type the same password twice.")], 400)
    try:
        accounts.set_password(database(), session.person, session.account_id, password, must_change=False)
    except accounts.Refused as refused:
        return _ask_new(session, onward, [("password", str(refused))], 400)
    with noting(database()) as connection:
        started = sessions.start(connection, session.account_id, moment(), is_complete=True)
    return _with_cookie(_lead(started, onward), started)


def _ask_new(session: Session, onward: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    return page("password", "Choose your password", faults or [], status, next=onward, name=session.sign_in_name)


def show_own_password(request: Request) -> Response:
    """Ask somebody who is signed in for the password that they have and the one that they want."""
    session = _session(request)
    return _ask_own(session) if session and session.step is None else _onward_or_back(session, _ACCOUNT)


def change_own_password(request: Request, form: Form) -> Response:
    """Change the password of somebody who knows it. It ends their other sessions, and starts this one anew."""
    session, password = _session(request), form.get("password", "")
    if session is None or session.step:
        return _onward_or_back(session, _ACCOUNT)
    account = _account(session.sign_in_name)
    if account is None:
        return message("You have no password here", "Change it where you sign in with your work account.", 400)
    try:
        guess = throttle.attempt(database(), session.sign_in_name, address_of(request), moment())
    except TooMany as refused:
        return _ask_own(session, [("", str(refused))], 429)
    if not passwords.matches(account.password_hash, form.get("present", "")):
        return _ask_own(session, [("present", "This is not the password that you have.")], 401)
    throttle.forgive(database(), guess)
    if password != form.get("again", ""):
        return _ask_own(session, [("again", "Type the same password twice.")], 400)
    try:
        accounts.set_password(database(), session.person, session.account_id, password, must_change=False)
    except accounts.Refused as refused:
        return _ask_own(session, [("password", str(refused))], 400)
    with noting(database()) as connection:
        started = sessions.start(connection, session.account_id, moment(), is_complete=True)
    return _with_cookie(_lead(started, _ACCOUNT), started)


def _ask_own(session: Session, faults: list[Fault] | None = None, status: int = 200) -> Response:
    name = session.sign_in_name
    return page("own_password", "Change your password", faults or [], status, next=_ACCOUNT, name=name)


def show_rules(request: Request) -> Response:
    """Show the rules of use."""
    return _at(request, Step.RULES, lambda session: _ask_rules(_next(request.query_params)))


def accept_rules(request: Request, form: Form) -> Response:
    """Note that somebody will keep to the rules, and let them in."""
    session, onward = _session(request), _next(form)
    if session is None or session.step is not Step.RULES:
        return _onward_or_back(session, onward)
    if form.get("accept") != "yes":
        return _ask_rules(onward, [("accept", "Tick the box if you will keep to this. Otherwise sign out.")], 400)
    accounts.accept_rules(database(), session.person, session.account_id)
    return _onward(None, onward)


def _ask_rules(onward: str, faults: list[Fault] | None = None, status: int = 200) -> Response:
    return page("rules", rules_of_use.TITLE, faults or [], status, next=onward, rules=rules_of_use.RULES)


# The provider


def to_provider(request: Request) -> Response:
    """Send the browser to the provider."""
    if not oidc.is_configured():
        return RedirectResponse("/sign-in", 303)
    try:
        address, asked = oidc.ask(_next(request.query_params))
    except oidc.ProviderFault as fault:
        return _provider_refused(str(fault), 502)
    answer = RedirectResponse(address, 303)
    secure = sessions.is_secure()
    answer.set_cookie(
        _ASKED, asked.sealed(), max_age=oidc.PATIENCE, path=oidc.CALLBACK, secure=secure, httponly=True, samesite="lax"
    )
    return answer


def back_from_provider(request: Request) -> Response:
    """Sign in whom the provider vouches for."""
    try:
        asked = oidc.Asked.unsealed(request.cookies.get(_ASKED, ""))
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
    answer = _with_cookie(_lead(started, asked.next), started)
    answer.delete_cookie(_ASKED, path=oidc.CALLBACK)
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
    if _session(request) is None:
        return _signed_out()
    return page("sign_out", "Sign out")


def sign_out(request: Request, form: Form) -> Response:
    """End the session, in every tab, and where it came from a provider there too."""
    session = _session(request)
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
    session = _session(request)
    if session is None or session.step:
        return JSONResponse({}, 401)
    return JSONResponse({"seconds": session.seconds_left(moment())})


def stay(request: Request, form: Form) -> Response:
    """Somebody is still there."""
    session = _session(request)
    if session is None:
        return Response(status_code=401)
    sessions.seen_again(database(), session.session_id, moment())
    return Response(status_code=204)


# What the steps share


def _session(request: Request) -> Session | None:
    return sessions.standing(database(), request.cookies.get(sessions.cookie_name()), moment())


def _next(given: Mapping[str, str]) -> str:
    wanted = local_path(given.get("next", "/"))
    return "/" if wanted.startswith(("/sign-in", "/sign-out")) else wanted


def _address(step: Step, onward: str) -> str:
    return f"/sign-in/{step}?next={quote(onward, safe='')}"


def _onward(step: Step | None, onward: str) -> Response:
    return RedirectResponse(_address(step, onward) if step else onward, 303)


def _onward_or_back(session: Session | None, onward: str) -> Response:
    """The page of the step that is due; the first page for somebody who has no session, or whose session ended."""
    if session is None:
        return RedirectResponse(f"/sign-in?ended=1&next={quote(onward, safe='')}", 303)
    return _onward(session.step, onward)


def _at(request: Request, step: Step, shown: Callable[[Session], Response]) -> Response:
    """The page of a step, for somebody at that step."""
    session = _session(request)
    if session is None or session.step is not step:
        return _onward_or_back(session, _next(request.query_params))
    return shown(session)


def _complete(connection: Connection, session: Session, how: str) -> Started:
    """A new session with both factors in place of one that lacked the second: its old cookie opens nothing."""
    sessions.end_in(connection, sessions.named(session.session_id), moment())
    audit.record(
        connection, session.person, Action.SIGNED_IN, f"account {session.account_id}", how=f"password and {how}"
    )
    return sessions.start(connection, session.account_id, moment(), is_complete=True)


def _end_present(connection: Connection, request: Request) -> list[str]:
    """End the session that the browser came with, in favour of a new one."""
    present = _session(request)
    return sessions.end_in(connection, sessions.named(present.session_id), moment()) if present else []


def _lead(started: Started, onward: str) -> Response:
    session = sessions.standing(database(), started.token, moment())
    return _onward_or_back(session, onward)


def _with_cookie(answer: Response, started: Started) -> Response:
    answer.set_cookie(
        sessions.cookie_name(), started.token, path="/", secure=sessions.is_secure(), httponly=True, samesite="lax"
    )
    return answer
