"""Signing in through the authority's own provider (OpenID Connect): code flow with PKCE, by discovery."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from requests import RequestException

from access.identity import role_named
from access.roles import Role
from access.seal import Unsealable, seal, unseal
from data_model.settings import settings

CALLBACK = "/sign-in/provider/back"
PATIENCE = 600
"""Seconds that somebody may take at the provider."""
_TIMEOUT = 10
_LONGEST_COOKIE = 4000
"""Browsers drop one that has more than 4,096 bytes with its name."""
_ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class ProviderFault(Exception):
    """The provider could not be asked, or did not answer as it must. The message is a sentence for people."""


class NoRole(Exception):
    """The provider vouches for somebody who has no role here. The message is a sentence for people."""


@dataclass(frozen=True)
class Asked:
    """What was asked of the provider: sealed into a cookie until it answers, so that no other answer will do."""

    state: str
    nonce: str
    verifier: str
    next: str

    def sealed(self) -> str:
        """As the value of a cookie; without the page that was wanted where its address is too long for one."""
        cookie = seal(json.dumps(asdict(self)), "asked of the provider")
        return cookie if len(cookie) <= _LONGEST_COOKIE else replace(self, next="/").sealed()

    @classmethod
    def unsealed(cls, cookie: str) -> "Asked":
        """What the cookie holds. Raises ProviderFault where it is not ours, or too old."""
        try:
            return cls(**json.loads(unseal(cookie, "asked of the provider", within=PATIENCE)))
        except Unsealable:
            raise ProviderFault("Signing in took too long, or was begun in another browser. Start again.") from None


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    sign_in_name: str
    full_name: str
    role: Role
    id_token: str


def is_configured() -> bool:
    """Whether there is a provider to sign in with."""
    return bool(settings().oidc_issuer and settings().oidc_client_id)


def faults_of_settings() -> list[str]:
    """What is wrong with the settings of the provider, as sentences; none where there is no provider."""
    chosen = settings()
    if not chosen.oidc_issuer:
        return []
    faults = []
    if not _may_be_asked(chosen.oidc_issuer):
        faults.append("OUTREACH_OIDC_ISSUER must start with https://.")
    if not chosen.oidc_client_id:
        faults.append("OUTREACH_OIDC_CLIENT_ID is missing: the provider names it where this app is registered.")
    unknown = [role for role in chosen.oidc_roles.values() if role_named(role) is None]
    if unknown or not chosen.oidc_roles:
        faults.append(
            'OUTREACH_OIDC_ROLES must be a JSON object from claim values to roles, such as {"group": "leader"}. '
            f"The roles are {', '.join(Role)}."
        )
    return faults


def ask(next_path: str) -> tuple[str, Asked]:
    """The provider's address to send a browser to, and what to remember until it comes back. Raises ProviderFault."""
    asked = Asked(secrets.token_urlsafe(24), secrets.token_urlsafe(24), generate_token(64), next_path)
    address, _ = _client().create_authorization_url(
        _metadata()["authorization_endpoint"], state=asked.state, nonce=asked.nonce, code_verifier=asked.verifier
    )
    return str(address), asked


def answered(asked: Asked, query: Mapping[str, str]) -> Vouched:
    """Whom the provider vouches for in its answer. Raises ProviderFault, and NoRole for somebody who has none here."""
    # As bytes: of text that is not ASCII, compare_digest makes an error, and anybody may write anything there.
    if not secrets.compare_digest(query.get("state", "").encode(), asked.state.encode()):
        raise ProviderFault("The answer was not to the question that this browser asked. Start again.")
    if "code" not in query or query.get("iss", settings().oidc_issuer) != _metadata()["issuer"]:
        raise ProviderFault("Your provider did not let you in. Start again, or ask your IT team.")
    try:
        client = _client()
        token = client.fetch_token(_metadata()["token_endpoint"], code=query["code"], code_verifier=asked.verifier)
        claims = _claims(str(token["id_token"]), asked.nonce)
        return _vouched(_with_userinfo(client, claims), str(token["id_token"]))
    except (OAuthError, JoseError, RequestException, KeyError, ValueError) as fault:
        raise ProviderFault(
            f"Your provider's answer could not be used ({type(fault).__name__}). Start again, or ask your IT team."
        ) from None


def sign_out_address(id_token: str | None) -> str | None:
    """The provider's address that ends the session there too; None where it has none, or cannot be asked."""
    try:
        there = _metadata().get("end_session_endpoint") if is_configured() and id_token else None
    except ProviderFault:
        return None
    if not there:
        return None
    back = (("post_logout_redirect_uri", f"{_public_url()}/sign-out/done"), ("client_id", settings().oidc_client_id))
    return str(add_params_to_uri(there, (("id_token_hint", id_token), *back)))


def _client() -> OAuth2Session:
    secret = settings().oidc_client_secret
    return OAuth2Session(
        settings().oidc_client_id,
        secret.get_secret_value() if secret else None,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope="openid profile email",
        redirect_uri=f"{_public_url()}{CALLBACK}",
        code_challenge_method="S256",
        default_timeout=_TIMEOUT,
        leeway=0,  # used at once: some last no longer than the minute that is kept otherwise
    )


def _public_url() -> str:
    return settings().public_url.rstrip("/")


def _metadata() -> dict[str, Any]:
    issuer = settings().oidc_issuer
    assert issuer
    found = _discovered(issuer)
    if found["issuer"].rstrip("/") != issuer.rstrip("/"):
        raise ProviderFault("The provider calls itself by another name than OUTREACH_OIDC_ISSUER. Ask your IT team.")
    return found


@cache
def _discovered(issuer: str) -> dict[str, Any]:
    found = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(isinstance(found.get(name), str) for name in needed):
        raise ProviderFault("The provider does not describe itself as OpenID Connect asks. Ask your IT team.")
    addresses = (value for name, value in found.items() if name.endswith(("_endpoint", "_uri")))
    if not all(_may_be_asked(str(address)) for address in addresses):
        raise ProviderFault("The provider names an address that is not https://. Ask your IT team.")
    return found


def _fetched(address: str) -> dict[str, Any]:
    if not _may_be_asked(address):
        raise ProviderFault("The provider's address must start with https://. Ask your IT team.")
    try:
        with OAuth2Session(default_timeout=_TIMEOUT) as session:
            answer = session.get(address, withhold_token=True)
            answer.raise_for_status()
            found = answer.json()
    except (RequestException, ValueError):
        raise ProviderFault("Your provider cannot be reached. Try again in a minute, or ask your IT team.") from None
    if not isinstance(found, dict):
        raise ProviderFault("Your provider's answer could not be read. Ask your IT team.")
    return found


def _may_be_asked(address: str) -> bool:
    """Through TLS, or at this very machine, as in a test."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})


def _claims(id_token: str, nonce: str) -> dict[str, Any]:
    # The keys are fetched each time: providers change theirs, and people sign in a few times a day.
    keys = KeySet.import_key_set(_fetched(_metadata()["jwks_uri"]))  # type: ignore[arg-type]
    token = jwt.decode(id_token, keys, algorithms=list(_ASYMMETRIC))
    client_id = settings().oidc_client_id
    JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": _metadata()["issuer"]},
        aud={"essential": True, "value": client_id or ""},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(token.claims)
    if token.claims.get("azp", client_id) != client_id:
        raise ProviderFault("The provider's answer was meant for another app. Ask your IT team.")
    return token.claims


def _with_userinfo(client: OAuth2Session, claims: dict[str, Any]) -> dict[str, Any]:
    """The claims, with those that the ID token lacks from the provider's userinfo if it is about the same person."""
    wanted = {"name", settings().oidc_role_claim}
    there = _metadata().get("userinfo_endpoint")
    if wanted <= claims.keys() or not there:
        return claims
    answer = client.get(there)
    answer.raise_for_status()
    more = answer.json()
    return {**more, **claims} if more.get("sub") == claims["sub"] else claims


def _vouched(claims: dict[str, Any], id_token: str) -> Vouched:
    subject = str(claims["sub"])
    name = next((str(claims[key]) for key in ("email", "preferred_username", "upn") if claims.get(key)), subject)
    role = _role(claims.get(settings().oidc_role_claim))
    return Vouched(str(claims["iss"]), subject, name, str(claims.get("name") or name), role, id_token)


def _role(claim: object) -> Role:
    """The role of the first entry of OUTREACH_OIDC_ROLES that the claim has."""
    values: Iterable[object] = claim if isinstance(claim, list) else [claim]
    held = {str(value) for value in values}
    for value, name in settings().oidc_roles.items():
        role = role_named(name)
        if value in held and role:
            return role
    raise NoRole(
        "Your account has no role in this dashboard. Ask your IT team to add you to a group that has one, or ask the "
        "dashboard's administrator whom to ask."
    )
