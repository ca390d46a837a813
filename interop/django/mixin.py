"""Both sides of the mixin's contract, from the protocol."""

import hashlib
import hmac
import json
import re
import time

from rest_framework.exceptions import NotAuthenticated

WINDOW = 60


def serialize(data):
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def signature(secret, timestamp, body):
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def headers(secret, body, timestamp=None):
    timestamp = str(int(time.time()) if timestamp is None else timestamp)
    return {"X-HMAC-Timestamp": timestamp, "X-HMAC-Signature": signature(secret, timestamp, body)}


class HmacMixin:
    secret = ""

    def initial(self, request, *args, **kwargs):
        timestamp = request.headers.get("X-HMAC-Timestamp", "")
        received = request.headers.get("X-HMAC-Signature", "")
        if not re.fullmatch("[0-9]{1,19}", timestamp) or abs(time.time() - int(timestamp)) > WINDOW:
            raise NotAuthenticated("timestamp")
        if not hmac.compare_digest(signature(self.secret, timestamp, request.body).encode(), received.encode()):
            raise NotAuthenticated("signature")
        super().initial(request, *args, **kwargs)
