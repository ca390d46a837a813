"""Huawei Push Kit's side, from the documents: signs uplink messages and receipts, posts them, and checks what PHP signs."""

import base64
import hashlib
import hmac
import json
import os
import time
import uuid
from pathlib import Path

import httpx

from peer import serve

KEYS = json.loads((Path(__file__).parent.parent / "keys.json").read_text("utf-8"))
SPELLINGS = {"with spaces": "; ", "without spaces": ";"}


def digest(profile, timestamp, nonce, content):
    message = timestamp.encode() + nonce.encode() + content
    return base64.b64encode(hmac.new(KEYS[profile].encode(), message, hashlib.sha256).digest()).decode()


def sign(profile, content, spelling, age):
    timestamp = str(int((time.time() - age) * 1000))
    nonce = ":" if profile == "huawei-push" else str(uuid.uuid4())
    parts = [f"timestamp={timestamp}", f"nonce={nonce}", f"value={digest(profile, timestamp, nonce, content)}"]
    value = SPELLINGS[spelling].join(parts)
    if profile == "huawei-push":
        return {"X-HW-SIGNATURE": value, "X-HW-TIMESTAMP": timestamp}
    return {"X-HUAWEI-CALLBACK-ID": value}


def post(profile, http, body, spelling="with spaces", age=0, user=None, tamper=False, twice=False):
    body = base64.b64decode(body)
    content = body if user is None else user.encode()
    headers = list(sign(profile, content, spelling, age).items())
    if twice:
        headers.append((headers[0][0], "timestamp=1; nonce=:; value=" + "A" * 43 + "="))
    origin = os.environ["INTEROP_HTTPS" if http == "HTTP/2.0" else "INTEROP_HTTP"]
    with httpx.Client(http2=http == "HTTP/2.0", verify=os.environ["INTEROP_CERTIFICATE"]) as client:
        answer = client.post(f"{origin}/{profile}/callback", headers=headers, content=body + b"!" if tamper else body)
    return {"status": answer.status_code, "http": answer.http_version, "json": answer.json() if answer.content else None}


def verify(profile, header, payload):
    parts = dict(part.strip().split("=", 1) for part in header.split(";"))
    fresh = abs(time.time() * 1000 - int(parts["timestamp"])) <= 300_000
    expected = digest(profile, parts["timestamp"], parts["nonce"], base64.b64decode(payload))
    return fresh and hmac.compare_digest(expected, parts["value"])


serve(post, verify)
