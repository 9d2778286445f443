"""What the secret key protects: digests that cannot be made without it, and text that cannot be read without it."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from data_model.settings import settings


class Unsealable(ValueError):
    """The text was not sealed with this key for this purpose, or was changed, or is too old."""


def digest(text: str, purpose: str) -> str:
    """HMAC-SHA-256 of a text as 64 hexadecimal digits. Equal texts have equal digests within one purpose alone."""
    return hmac.digest(_key(f"digest {purpose}"), text.encode(), sha256).hex()


def seal(text: str, purpose: str) -> str:
    """The text encrypted and authenticated, as ASCII; another each time."""
    return _lock(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str, within: int | None = None) -> str:
    """The text that was sealed for this purpose, at most `within` seconds ago. Raises Unsealable."""
    try:
        return _lock(purpose).decrypt(sealed.encode(), ttl=within).decode()
    except InvalidToken:
        raise Unsealable("This was not sealed with OUTREACH_SECRET_KEY, or it was changed, or it is too old.") from None


def sealed_again(sealed: str, purpose: str) -> str:
    """A text that this key or the one before sealed for this purpose, sealed with this one. Raises Unsealable."""
    try:
        return _lock(purpose).rotate(sealed.encode()).decode()
    except InvalidToken:
        raise Unsealable("This was sealed with neither key, or it was changed.") from None


def _lock(purpose: str) -> MultiFernet:
    """Seals with the key that is set, and opens what the key before sealed as well."""
    keys = filter(None, (settings().secret_key, settings().secret_key_before))
    secrets = (derived(key.get_secret_value(), f"seal {purpose}") for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(secret)) for secret in secrets])


def _key(purpose: str) -> bytes:
    return derived(settings().secret_key.get_secret_value(), purpose)


@lru_cache(maxsize=64)  # a file of pupils asks for the same key for each of them
def derived(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, from a secret of ours."""
    return HKDF(SHA256(), length=32, salt=None, info=f"outreach {purpose}".encode()).derive(secret.encode())
