"""The backend's side of the Nextcloud contract, from the protocol: string to sign, key, window, nonce."""

import base64
import binascii
import hashlib
import hmac
import re
import time
from urllib.parse import parse_qsl, quote

from django.core.cache import cache
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

WINDOW = 300


def canonical_query(query):
    encode = lambda text: quote(text, safe="-._~")
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join("=".join(pair) for pair in sorted((encode(name), encode(value)) for name, value in pairs))


def string_to_sign(method, path, query, timestamp, nonce, body):
    if method in ("GET", "HEAD"):
        body = b""
    parts = [method.upper(), path, canonical_query(query), timestamp, nonce, hashlib.sha256(body).hexdigest()]
    return "\n".join(parts).encode()


def signature(key, *parts):
    return base64.b64encode(hmac.new(key, string_to_sign(*parts), hashlib.sha256).digest()).decode()


class NextcloudAuthentication(BaseAuthentication):
    clients = {}

    def authenticate(self, request):
        client, timestamp, nonce, received = (
            request.headers.get(f"X-NC-{name}", "") for name in ("CLIENT-ID", "TIMESTAMP", "NONCE", "SIGNATURE")
        )
        key = self.clients.get(client)
        if key is None:
            raise AuthenticationFailed("client")
        if not re.fullmatch("[0-9]{1,19}", timestamp) or abs(time.time() - int(timestamp)) > WINDOW:
            raise AuthenticationFailed("timestamp")
        if not re.fullmatch("[A-Za-z0-9._-]{8,128}", nonce):
            raise AuthenticationFailed("nonce")
        expected = signature(
            key, request.method, request.path, request.META["QUERY_STRING"], timestamp, nonce, request.body
        )
        if not self.is_same(expected, received):
            raise AuthenticationFailed("signature")
        # After the signature, so that nobody without the key can use up a nonce.
        if not cache.add(f"nonce:{client}:{nonce}", True, 2 * WINDOW):
            raise AuthenticationFailed("replay")
        return client, None

    def is_same(self, expected, received):
        # As text: the digest has one spelling, and anything else is a client's mistake.
        return hmac.compare_digest(expected.encode(), received.encode())

    def authenticate_header(self, request):
        return "X-NC"


class EitherEncodingAuthentication(NextcloudAuthentication):
    """Takes hex as well as base64, as the backend did for a while: hex clients had stopped working when it changed."""

    def is_same(self, expected, received):
        try:
            digest = bytes.fromhex(received) if len(received) == 64 else base64.b64decode(received)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(base64.b64decode(expected), digest)
