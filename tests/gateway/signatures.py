"""How both gateways sign, in both directions."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable


def sign_twilio(auth_token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """Over the address without its fragment and the fields, sorted, each value once."""
    told = url.partition("#")[0] + "".join(key + value for key, value in sorted(set(fields)))
    digest = hmac.new(auth_token.encode(), told.encode(errors="replace"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def sign_json(key: str, timestamp: str, payload: bytes) -> str:
    """The payload is the body or, where there is none, the path with its query."""
    told = timestamp.encode() + b"." + payload
    return hmac.new(key.encode(), told, hashlib.sha256).hexdigest()


def signed_headers(key: str, payload: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "X-Hotline-Timestamp": timestamp,
        "X-Hotline-Signature": sign_json(key, timestamp, payload),
    }
