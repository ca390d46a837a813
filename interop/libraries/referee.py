"""Other people's libraries, from PyPI: each says whether a signature of PHP is right, and signs where it can.

A signer takes several keys, as they are while a secret is being changed, and writes a signature for each."""

import base64
import hashlib
import time
import uuid
from datetime import datetime, timezone
from types import SimpleNamespace

import hubspot.utils.signature
import itsdangerous
import linebot.v3.webhook
import paddle_billing.Notifications
import razorpay.errors
import razorpay.utility
import slack_sdk.signature
import square.utils.webhooks_helper
import standardwebhooks
import stripe
import svix.webhooks

from peer import serve


class WebhookLibrary:
    """standardwebhooks, and svix with its own header names. A text, always."""

    def __init__(self, webhook, error, prefix):
        self.webhook, self.error, self.prefix = webhook, error, prefix

    def sign(self, keys, payload, url):
        now, message_id = int(time.time()), "msg_" + uuid.uuid4().hex
        # The library reads the time as if it were in UTC.
        moment = datetime.fromtimestamp(now, tz=timezone.utc)
        signatures = [self.of(key).sign(message_id, moment, payload.decode()) for key in keys]
        return {f"{self.prefix}-id": message_id, f"{self.prefix}-timestamp": str(now), f"{self.prefix}-signature": " ".join(signatures)}

    def verify(self, key, payload, headers, url):
        try:
            options = {"json_parse": False} if self.prefix == "webhook" else {}
            self.of(key).verify(payload, headers, **options)
            return True
        except self.error:
            return False

    def of(self, key):
        return self.webhook("whsec_" + base64.b64encode(key).decode())


class Slack:
    """A text, always. One key."""

    def sign(self, keys, payload, url):
        timestamp = str(int(time.time()))
        signature = slack_sdk.signature.SignatureVerifier(keys[0].decode()).generate_signature(timestamp=timestamp, body=payload)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    def verify(self, key, payload, headers, url):
        return slack_sdk.signature.SignatureVerifier(key.decode()).is_valid_request(payload, headers)


class Stripe:
    """A text, always."""

    def sign(self, keys, payload, url):
        now = int(time.time())
        header = lambda key: stripe.WebhookSignature.generate_signature_header(payload.decode(), key.decode(), now)
        return {"Stripe-Signature": ",".join([header(keys[0]), *(header(key).split(",")[1] for key in keys[1:])])}

    def verify(self, key, payload, headers, url):
        try:
            return stripe.WebhookSignature.verify_header(payload, headers["Stripe-Signature"], key.decode(), 300)
        except stripe.SignatureVerificationError:
            return False


class Paddle:
    """A text, always. It has a function for the digest and none for the header."""

    def sign(self, keys, payload, url):
        now = int(time.time())
        digest = lambda key: paddle_billing.Notifications.PaddleSignature.calculate_hmac(key.decode(), b"%d:%s" % (now, payload)).hexdigest()
        return {"Paddle-Signature": ";".join([f"ts={now}", *(f"h1={digest(key)}" for key in keys)])}

    def verify(self, key, payload, headers, url):
        request = SimpleNamespace(headers=headers, body=payload)
        secret = paddle_billing.Notifications.Secret(key.decode())
        return paddle_billing.Notifications.Verifier().verify(request, secret)


class Line:
    """A text, always. It does not sign."""

    def verify(self, key, payload, headers, url):
        return linebot.v3.webhook.SignatureValidator(key.decode()).validate(payload.decode(), headers["x-line-signature"])


class Razorpay:
    """A text, always. It does not sign."""

    def verify(self, key, payload, headers, url):
        try:
            razorpay.utility.Utility().verify_webhook_signature(payload.decode(), headers["X-Razorpay-Signature"], key.decode())
            return True
        except razorpay.errors.SignatureVerificationError:
            return False


class Square:
    """A text, always. It does not sign."""

    def verify(self, key, payload, headers, url):
        return square.utils.webhooks_helper.verify_signature(
            request_body=payload.decode(),
            signature_header=headers["x-square-hmacsha256-signature"],
            signature_key=key.decode(),
            notification_url=url,
        )


class HubSpot:
    """A text, always. Milliseconds."""

    def sign(self, keys, payload, url):
        timestamp = str(int(time.time() * 1000))
        signature = hubspot.utils.signature.Signature.get_signature(keys[0].decode(), payload.decode(), "v3", url, "POST", timestamp)
        return {"X-HubSpot-Request-Timestamp": timestamp, "X-HubSpot-Signature-v3": signature}

    def verify(self, key, payload, headers, url):
        return hubspot.utils.signature.Signature.is_valid(
            headers["X-HubSpot-Signature-v3"], key.decode(), payload.decode(), url, "POST", "v3", headers["X-HubSpot-Request-Timestamp"]
        )


class ItsDangerous:
    """Any bytes. Its signatures are base64url without padding, which no profile writes: here they are spelled anew."""

    def signer(self, key):
        return itsdangerous.Signer(key, key_derivation="none", digest_method=hashlib.sha256)

    def sign(self, keys, payload, url):
        signature = self.signer(keys[0]).sign(payload)[len(payload) + 1 :]
        return {"X-Signature": base64.b64encode(base64.urlsafe_b64decode(signature + b"=")).decode()}

    def verify(self, key, payload, headers, url):
        signature = base64.urlsafe_b64encode(base64.b64decode(headers["X-Signature"])).rstrip(b"=")
        try:
            return self.signer(key).unsign(payload + b"." + signature) == payload
        except itsdangerous.BadSignature:
            return False


LIBRARIES = {
    "standardwebhooks": WebhookLibrary(standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError, "webhook"),
    "svix": WebhookLibrary(svix.webhooks.Webhook, svix.webhooks.WebhookVerificationError, "svix"),
    "slack_sdk": Slack(),
    "stripe": Stripe(),
    "paddle-python-sdk": Paddle(),
    "line-bot-sdk": Line(),
    "razorpay": Razorpay(),
    "squareup": Square(),
    "hubspot-api-client": HubSpot(),
    "itsdangerous": ItsDangerous(),
}


def sign(library, keys, payload, url):
    return LIBRARIES[library].sign([base64.b64decode(key) for key in keys], base64.b64decode(payload), url)


def verify(library, key, payload, headers, url):
    return bool(LIBRARIES[library].verify(base64.b64decode(key), base64.b64decode(payload), headers, url))


serve(sign, verify)
