"""Nextcloud Talk's server and its backends, from the rules; nc-py-api, somebody else's bot; and a client of the real signaling
server."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import string
import warnings
from pathlib import Path

import requests
from websockets.sync.client import connect

from peer import serve

KEYS = json.loads((Path(__file__).parent.parent / "keys.json").read_text("utf-8"))
SECRET = KEYS["nextcloud-talk"].encode()
ALPHABET = string.ascii_letters + string.digits + "+/"


def digest(random, data, secret=SECRET):
    return hmac.new(secret, random.encode() + data, hashlib.sha256).hexdigest()


def verify(random, checksum, data, secret=SECRET):
    if len(random) < 32 or not checksum:
        return 400
    return 200 if hmac.compare_digest(digest(random, data, secret), checksum.lower()) else 401


def message_to_bot(message, upper_case=False, tamper=False):
    """The server tells a bot what was said: it signs the raw body, as PHP serializes it."""
    body = json.dumps({"type": "Create", "object": {"content": message}}, separators=(",", ":")).replace("/", "\\/").encode()
    random = "".join(secrets.choice(ALPHABET) for _ in range(64))
    signature = digest(random, body)
    headers = {
        "X-Nextcloud-Talk-Random": random,
        "X-Nextcloud-Talk-Signature": signature.upper() if upper_case else signature,
        "X-Nextcloud-Talk-Backend": "https://cloud.example/",
    }
    url = os.environ["INTEROP_HTTP"] + "/nextcloud-talk/bot"
    return requests.post(url, headers=headers, data=body + b" " if tamper else body, timeout=10).status_code


def reply_from_bot(headers, body):
    """The server hears from a bot: what is signed is the message, not the body."""
    if headers.get("OCS-APIRequest") != "true":
        return 400
    message = json.loads(base64.b64decode(body))["message"]
    random, signature = headers["X-Nextcloud-Talk-Bot-Random"], headers["X-Nextcloud-Talk-Bot-Signature"]
    return verify(random, signature, message.encode())


def backend(prefix, secret, data):
    """The SIP bridge asks Talk about a conversation (its token) or about a number that somebody has dialled; the recording server
    tells it something, in a body."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(secrets.choice((32, 64, 128))))
    checksum = digest(random, data.encode(), secret.encode())
    return {f"{prefix}-Random": random, f"{prefix}-Checksum": checksum.upper() if secrets.randbits(1) else checksum}


def talk_hears_backend(prefix, secret, data, headers):
    """What Talk answers to that."""
    return verify(headers[f"{prefix}-Random"], headers[f"{prefix}-Checksum"], data.encode(), secret.encode())


def nc_py_api_bot(message):
    """nc-py-api's bot speaks."""
    callback = "bot"
    os.environ.update(APP_ID="interop", APP_VERSION="1", APP_SECRET="x", AA_VERSION="1")
    os.environ["NEXTCLOUD_URL"] = os.environ["INTEROP_HTTP"]
    os.environ[hashlib.sha1(f"interop_{callback}".encode()).hexdigest()] = KEYS["nextcloud-talk-bot"]
    from nc_py_api.talk_bot import TalkBot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It is deprecated in favour of the asynchronous one, which signs alike.
        answer, _ = TalkBot(callback, "Bot").send_message(message, "", token="room")
    return answer.status_code


def join_signaling():
    """A client connects to the signaling server, which asks PHP whether to let it in."""
    with connect(f"ws://{os.environ['INTEROP_SIGNALING']}/spreed") as socket:
        url = os.environ["INTEROP_HTTP"] + "/ocs/v2.php/apps/spreed/api/v3/signaling/backend"
        hello = {"version": "1.0", "auth": {"url": url, "params": {"ticket": "é/"}}}
        socket.send(json.dumps({"id": "1", "type": "hello", "hello": hello}))
        while True:
            answer = json.loads(socket.recv(timeout=10))
            if answer.get("id") == "1":
                return answer


serve(message_to_bot, reply_from_bot, backend, talk_hears_backend, nc_py_api_bot, join_signaling)
