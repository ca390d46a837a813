"""A sender with requests: signs with both contracts and posts to PHP."""

import base64
import json
import time
import uuid
from pathlib import Path
from urllib.parse import unquote_to_bytes

import requests
from django.conf import settings
from django.utils.encoding import repercent_broken_unicode

settings.configure()

from mixin import headers as mixin_headers
from mixin import serialize
from nextcloud import signature
from peer import serve

KEYS = json.loads((Path(__file__).parent.parent / "keys.json").read_text("utf-8"))


def send(method, url, headers, body):
    request = requests.Request(method, url, headers=headers, data=body or None).prepare()
    # requests would spell the target anew.
    request.url = url
    answer = requests.Session().send(request, timeout=10)
    return {"status": answer.status_code, "json": answer.json()}


def django(url, body=None, data=None, age=0, tamper=False):
    body = serialize(data) if body is None else base64.b64decode(body)
    headers = mixin_headers(KEYS["django"], body, int(time.time()) - age)
    return send("POST", url, headers, body + b"!" if tamper else body)


def nextcloud(origin, method, path, query="", body="", age=0):
    body = base64.b64decode(body)
    timestamp, nonce = str(int(time.time()) - age), str(uuid.uuid4())
    key = base64.b64decode(KEYS["nextcloud"])
    decoded_path = repercent_broken_unicode(unquote_to_bytes(path)).decode()
    headers = {
        "X-NC-CLIENT-ID": "nextcloud-app",
        "X-NC-TIMESTAMP": timestamp,
        "X-NC-NONCE": nonce,
        "X-NC-SIGNATURE": signature(key, method, decoded_path, query, timestamp, nonce, body),
    }
    return send(method, origin + path + ("?" + query if query else ""), headers, body)


serve(django, nextcloud)
