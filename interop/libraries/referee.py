"""Other people's libraries, from PyPI: each signs, and each says whether a signature of PHP is right."""

import base64
import hashlib
import time
import uuid
from datetime import datetime, timezone

import itsdangerous
import slack_sdk.signature
import standardwebhooks
import svix.webhooks

from peer import serve


class WebhookLibrary:
    """standardwebhooks, and svix with its own header names. A text, always."""

    def __init__(self, webhook, error, prefix):
        self.webhook, self.error, self.prefix = webhook, error, prefix

    def sign(self, key, payload):
        now, message_id = int(time.time()), "msg_" + uuid.uuid4().hex
        webhook = self.webhook("whsec_" + base64.b64encode(key).decode())
        # The library reads the time as if it were in UTC.
        signature = webhook.sign(message_id, datetime.fromtimestamp(now, tz=timezone.utc), payload.decode())
        return {f"{self.prefix}-id": message_id, f"{self.prefix}-timestamp": str(now), f"{self.prefix}-signature": signature}

    def verify(self, key, payload, headers):
        try:
            options = {"json_parse": False} if self.prefix == "webhook" else {}
            self.webhook("whsec_" + base64.b64encode(key).decode()).verify(payload, headers, **options)
            return True
        except self.error:
            return False


class Slack:
    """A text, always."""

    def sign(self, key, payload):
        timestamp = str(int(time.time()))
        signature = slack_sdk.signature.SignatureVerifier(key.decode()).generate_signature(timestamp=timestamp, body=payload)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    def verify(self, key, payload, headers):
        return slack_sdk.signature.SignatureVerifier(key.decode()).is_valid_request(payload, headers)


class ItsDangerous:
    """Any bytes. Its signatures are base64url without padding, which no profile writes: here they are spelled anew."""

    def signer(self, key):
        return itsdangerous.Signer(key, key_derivation="none", digest_method=hashlib.sha256)

    def sign(self, key, payload):
        signature = self.signer(key).sign(payload)[len(payload) + 1 :]
        return {"X-Signature": base64.b64encode(base64.urlsafe_b64decode(signature + b"=")).decode()}

    def verify(self, key, payload, headers):
        signature = base64.urlsafe_b64encode(base64.b64decode(headers["X-Signature"])).rstrip(b"=")
        try:
            return self.signer(key).unsign(payload + b"." + signature) == payload
        except itsdangerous.BadSignature:
            return False


LIBRARIES = {
    "standardwebhooks": WebhookLibrary(standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError, "webhook"),
    "svix": WebhookLibrary(svix.webhooks.Webhook, svix.webhooks.WebhookVerificationError, "svix"),
    "slack_sdk": Slack(),
    "itsdangerous": ItsDangerous(),
}


def sign(library, key, payload):
    return LIBRARIES[library].sign(base64.b64decode(key), base64.b64decode(payload))


def verify(library, key, payload, headers):
    return LIBRARIES[library].verify(base64.b64decode(key), base64.b64decode(payload), headers)


serve(sign, verify)
