#!/usr/bin/env python3
"""Writes the vector files that lie beside it; with --check, says whether they are what it would write.

An implementation of its own, with nothing but the standard library, written from the public documents of each contract:
the crate is measured against it, so it must never be derived from the crate. Published values are not computed but
copied from where they are printed, and the computation has to agree with them.
"""

import base64
import hashlib
import hmac
import re
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlsplit

FOLDER = Path(__file__).parent
FILES = {}

UUID = "550e8400-e29b-41d4-a716-446655440000"
RANDOM_64 = "afb6b872ab03e3376b31bf0af601067222ff7990335ca02d327071b73c0119c6"
EVERY_BYTE = bytes(range(256))
LONG_KEY = bytes((7 * index + 3) % 256 for index in range(200))


def split_target(target):
    """The path as Django has it, where bytes that are not UTF-8 are %XX again, and the canonical query, where
    `surrogateescape` keeps them."""
    parts = urlsplit(target.decode("utf-8", "surrogateescape"))
    path = unquote_to_bytes((parts.path or "/").encode("utf-8", "surrogateescape"))
    path = re.sub("[\udc80-\udcff]", lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", path.decode("utf-8", "surrogateescape"))
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    encoded = [[quote(part, safe="-_.~", errors="surrogateescape") for part in pair] for pair in pairs]
    return path.encode(), "&".join(f"{name}={value}" for name, value in sorted(encoded)).encode()


def nextcloud(r):
    path, query = split_target(r.target)
    body = b"" if r.method.upper() in (b"GET", b"HEAD") else r.payload
    lines = [r.method.upper(), path, query, r.timestamp, r.nonce, hashlib.sha256(body).hexdigest().encode()]
    return b"\n".join(lines)


def audit(r):
    path, query = split_target(r.target)
    return b"\n".join([r.payload, r.key_id, r.method.upper(), path, query])


def apig(r):
    """The three lines that are signed, of which the third is the hash of six others."""
    target = r.target if r.target.startswith(b"/") else b"/" + r.target.split(b"/", 3)[3]
    path, _, query = target.partition(b"?")
    path = "/".join(quote(unquote_to_bytes(segment), safe="-_.~") for segment in path.split(b"/"))
    # What a decoded slash divides is divided.
    path = path.replace("%2F", "/")
    pairs = [pair.partition(b"=")[::2] for pair in query.replace(b"+", b" ").split(b"&") if pair]
    pairs = sorted([unquote_to_bytes(name), unquote_to_bytes(value)] for name, value in pairs)
    query = "&".join("=".join(quote(part, safe="-_.~") for part in pair) for pair in pairs)
    headers = {name.lower(): value.strip(" \t") for name, value in r.others} | {"x-sdk-date": r.timestamp.decode()}
    lines = [r.method.decode().upper(), path if path.endswith("/") else path + "/", query]
    lines += ["".join(f"{name}:{headers[name]}\n" for name in sorted(headers)), signed_headers(r.others)]
    lines.append(hashlib.sha256(r.payload).hexdigest())
    canonical = "\n".join(lines).encode()
    return b"\n".join([b"SDK-HMAC-SHA256", r.timestamp, hashlib.sha256(canonical).hexdigest().encode()])


def signed_headers(others):
    return ";".join(sorted([name.lower() for name, _ in others] + ["x-sdk-date"]))


def nonce_payload(r):
    return r.nonce + r.payload


def stamped(r):
    return r.timestamp + r.nonce + r.payload


def dotted(r):
    return r.timestamp + b"." + r.payload


def delivery(r):
    return r.nonce + b"." + r.timestamp + b"." + r.payload


def payload_alone(r):
    return r.payload


HUAWEI = "timestamp={timestamp}; nonce={nonce}; value={signature}"

# What is signed, how the digest is written, how many units of the timestamp make a second, and the headers.
CONTRACTS = {
    "huawei-push": (stamped, "base64", 1000, [("X-HW-SIGNATURE", HUAWEI), ("X-HW-TIMESTAMP", "{timestamp}")]),
    "huawei-receipt": (stamped, "base64", 1000, [("X-HUAWEI-CALLBACK-ID", HUAWEI)]),
    "nextcloud": (
        nextcloud,
        "base64",
        1,
        [
            ("X-NC-CLIENT-ID", "{key_id}"),
            ("X-NC-TIMESTAMP", "{timestamp}"),
            ("X-NC-NONCE", "{nonce}"),
            ("X-NC-SIGNATURE", "{signature}"),
        ],
    ),
    "nextcloud-talk": (
        nonce_payload,
        "hex",
        None,
        [("X-Nextcloud-Talk-Random", "{nonce}"), ("X-Nextcloud-Talk-Signature", "{signature}")],
    ),
    "nextcloud-talk-bot": (
        nonce_payload,
        "hex",
        None,
        [
            ("X-Nextcloud-Talk-Bot-Random", "{nonce}"),
            ("X-Nextcloud-Talk-Bot-Signature", "{signature}"),
            ("OCS-APIRequest", "true"),
        ],
    ),
    "nextcloud-signaling": (
        nonce_payload,
        "hex",
        None,
        [("Spreed-Signaling-Random", "{nonce}"), ("Spreed-Signaling-Checksum", "{signature}")],
    ),
    "nextcloud-recording": (
        nonce_payload,
        "hex",
        None,
        [("Talk-Recording-Random", "{nonce}"), ("Talk-Recording-Checksum", "{signature}")],
    ),
    "huawei-apig": (
        apig,
        "hex",
        1,
        [
            ("X-Sdk-Date", "{timestamp}"),
            ("Authorization", "SDK-HMAC-SHA256 Access={key_id}, SignedHeaders={signed_headers}, Signature={signature}"),
        ],
    ),
    "nextcloud-sip": (
        nonce_payload,
        "hex",
        None,
        [("Talk-SIPBridge-Random", "{nonce}"), ("Talk-SIPBridge-Checksum", "{signature}")],
    ),
    "django": (dotted, "hex", 1, [("X-HMAC-Timestamp", "{timestamp}"), ("X-HMAC-Signature", "{signature}")]),
    # Of the contracts with several signatures, what a sender with one key writes.
    "standard-webhooks": (
        delivery,
        "base64",
        1,
        [("webhook-id", "{nonce}"), ("webhook-timestamp", "{timestamp}"), ("webhook-signature", "v1,{signature}")],
    ),
    "svix": (
        delivery,
        "base64",
        1,
        [("svix-id", "{nonce}"), ("svix-timestamp", "{timestamp}"), ("svix-signature", "v1,{signature}")],
    ),
    "stripe": (dotted, "hex", 1, [("Stripe-Signature", "t={timestamp},v1={signature}")]),
    "github": (payload_alone, "hex", None, [("X-Hub-Signature-256", "sha256={signature}")]),
    "slack": (
        lambda r: b"v0:" + r.timestamp + b":" + r.payload,
        "hex",
        1,
        [("X-Slack-Request-Timestamp", "{timestamp}"), ("X-Slack-Signature", "v0={signature}")],
    ),
    "shopify": (payload_alone, "base64", None, [("X-Shopify-Hmac-Sha256", "{signature}")]),
    "paddle": (
        lambda r: r.timestamp + b":" + r.payload,
        "hex",
        1,
        [("Paddle-Signature", "ts={timestamp};h1={signature}")],
    ),
    "line": (payload_alone, "base64", None, [("x-line-signature", "{signature}")]),
    "square": (lambda r: r.target + r.payload, "base64", None, [("x-square-hmacsha256-signature", "{signature}")]),
    "razorpay": (payload_alone, "hex", None, [("X-Razorpay-Signature", "{signature}")]),
}

# The same for contracts that are no built-in profile, and the rows that a profile is made of.
CUSTOM = {
    "audit": (audit, "hex", None, [("X-Key", "{key_id}"), ("X-Signature", "{signature}")]),
    "trailer": (
        lambda r: r.payload + b"\n" + r.timestamp + r.nonce,
        "base64",
        1000,
        [("Authorization", "{signature}"), ("X-Stamp", "time={timestamp}, nonce={nonce}")],
    ),
}
ROWS = {
    "audit": [("string-to-sign-hex", b"{payload}\n{key_id}\n{method}\n{path}\n{query}".hex())],
    "trailer": [
        ("string-to-sign-hex", b"{payload}\n{timestamp}{nonce}".hex()),
        ("tolerance", "5"),
        ("nonce-grammar", "uuid"),
    ],
}


def line(name, value):
    """A field as `name: value`, or as `name-hex: value` where the value is not one line of plain text."""
    value = value.encode() if isinstance(value, str) else value
    text = value.decode("utf-8", "replace")
    if not value:
        return []
    if text.isprintable() and "\ufffd" not in text and text == text.strip():
        return [f"{name}: {text}"]
    return [f"{name}-hex: {value.hex()}"]


def add(file, comment, lines):
    records = FILES.setdefault(file, [])
    records.append("\n".join([f"# {comment}", *lines]) + "\n")


def vector(id, contract, comment="self-made", *, key="test-shared-secret", key_field="key", key_id="", method="",
           target="", nonce="", timestamp="", payload=b"", others=(), now=None, encoding="", printed=None):
    custom = contract in CUSTOM
    signed, own_encoding, per_second, headers = (CUSTOM if custom else CONTRACTS)[contract]
    fields = {"key_id": key_id, "nonce": nonce, "timestamp": timestamp, "payload": payload}
    fields |= {"method": method or "POST", "target": target or "/"}
    as_bytes = {name: value.encode() if isinstance(value, str) else value for name, value in fields.items()}
    message = signed(SimpleNamespace(**as_bytes, others=others))
    secret = base64.b64decode(key) if key_field == "key-base64" else key.encode() if isinstance(key, str) else key
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    signature = digest.hex() if (encoding or own_encoding) == "hex" else base64.b64encode(digest).decode()
    assert printed in (None, signature), f"{id}: printed {printed}, computed {signature}"

    lines = line("id", id)
    if custom:
        for row in ROWS[contract]:
            lines.append(f"{row[0]}: {row[1]}")
        lines += [f"header: {name} = {template}" for name, template in headers]
        lines.append(f"encoding: {own_encoding}")
        if per_second:
            lines.append(f"timestamp-format: {'seconds' if per_second == 1 else 'milliseconds'}")
    else:
        lines += line("profile", contract) + line("encoding", encoding)
    lines += line(key_field, key) + line("key-id", key_id) + line("method", method) + line("target", target)
    lines += line("nonce", nonce) + line("timestamp", timestamp) + line("payload", payload)
    lines += [f"other: {name}: {value}" for name, value in others]
    if per_second and now is None:
        now = int(timestamp) // per_second if timestamp.isdigit() else seconds(timestamp)
    if per_second:
        lines += line("now", str(now))
    lines += line("signed", message)
    for name, template in headers:
        lines.append(f"expect: {name}: " + template.format(**fields, signature=signature, signed_headers=signed_headers(others)))
    add("custom.txt" if custom else f"{contract}.txt", comment, lines)


def seconds(timestamp):
    """Unix time of a date in ISO 8601's basic format."""
    return int(datetime.strptime(timestamp, "%Y%m%dT%H%M%S%z").timestamp())


def edges(contract, **fields):
    """What every contract has to get right."""
    vector("empty-payload", contract, **fields)
    vector("one-zero-byte", contract, payload=b"\0", **fields)
    vector("every-byte", contract, payload=EVERY_BYTE, **fields)
    vector("trailing-line-feed", contract, payload=b"Hello\r\n", **fields)
    vector("long-key", contract, key=LONG_KEY, payload="Hello", **fields)
    vector("one-byte-key", contract, key="k", payload="Hello", **fields)
    vector("block-sized-key", contract, key=LONG_KEY[:64], payload="Hello", **fields)
    vector("zero-byte-inside-key", contract, key=b"te\0st\xff", payload="Hello", **fields)


def huawei():
    sample = {"timestamp": "1563105451261", "nonce": ":"}
    vector("json", "huawei-push", "self-made: Huawei prints a header but no key", key="test-hmac-key",
           payload='{"key":"value"}', printed="r5/SFblOEZoDM+6xzVH8i9PF+OQUQ2LEm0ektlR88TQ=", **sample)
    vector("end-of-window", "huawei-push", payload="Hello", now=1563105751, **sample)
    vector("start-of-window", "huawei-push", payload="Hello", now=1563105152, **sample)
    vector("method-and-target-are-not-signed", "huawei-push", method="GET", target="/a?b", payload="Hello", **sample)
    vector("payload-like-a-header", "huawei-push", payload="; nonce=:; value=", **sample)
    edges("huawei-push", **sample)

    receipt = {"timestamp": "1563105451261", "nonce": UUID}
    vector("user-name", "huawei-receipt", payload="callback-user", **receipt)
    vector("user-name-beyond-ascii", "huawei-receipt", payload="回执用户", **receipt)
    vector("upper-case-nonce", "huawei-receipt", payload="callback-user", timestamp="1563105451261",
           nonce=UUID.upper())
    vector("decoded-key", "huawei-receipt", "self-made: new receipt configurations decode the secret", key_field="key-base64",
           key="dGVzdC1zaGFyZWQtc2VjcmV0LXdpdGgtMzItYnl0ZXM=", payload="callback-user", **receipt)
    edges("huawei-receipt", **receipt)


def nextcloud_app():
    stamp = {"key_id": "nextcloud-app", "timestamp": "1766666666", "nonce": UUID}
    ping = {"method": "GET", "target": "/api/v1/integrations/nextcloud/ping/?a=2&b=two%20words&plus=%2B&a=1"}
    vector("ping", "nextcloud", "published: rahim8050/weather-apis, docs/security/nextcloud-hmac.md (the client id is ours)",
           encoding="hex", printed="60a6b6568842ac371ba78655d6788e841d61b251dc75157d0dfe4a39f57cc362", **ping, **stamp)
    vector("ping-base64", "nextcloud", "self-made: the published one, digest in base64", **ping, **stamp)
    vector("ping-absolute", "nextcloud", "self-made: the published one, target in absolute form", encoding="hex",
           method="GET", target="https://backend.example:8443" + ping["target"],
           printed="60a6b6568842ac371ba78655d6788e841d61b251dc75157d0dfe4a39f57cc362", **stamp)
    vector("head", "nextcloud", method="HEAD", target="/api/", **stamp)
    vector("post", "nextcloud", method="POST", target="/api/v1/fields/", payload='{"name":"Koshi"}', **stamp)
    vector("lower-case-method", "nextcloud", method="patch", target="/api/v1/fields/", payload='{"a":1}', **stamp)
    vector("trailing-slash-missing", "nextcloud", method="POST", target="/api/v1/fields", payload='{"name":"Koshi"}',
           **stamp)
    vector("path-and-query-escaped", "nextcloud", method="POST", target="/caf%C3%A9/a%2Fb%20c+d%2520/?z=1&%c3%a9=2&q=a+b&k=z&k=%C3%A9",
           payload="Hello", **stamp)
    vector("path-and-query-not-escaped", "nextcloud", method="POST", target="/café/東京/?é=2&z=ü&b&=&&a==", payload="Hello", **stamp)
    vector("path-and-query-not-utf-8", "nextcloud", method="POST", target=b"/%ff/\xfe/?%fe=\xff&a=%zz%4", payload="Hello", **stamp)
    vector("absolute-without-path", "nextcloud", method="DELETE", target="https://backend.example?b=1", **stamp)
    vector("eight-character-nonce", "nextcloud", method="PUT", payload="Hello", key_id="~", timestamp="1766666666",
           nonce="aZ0._-9z", now=1766666966)
    edges("nextcloud", method="POST", target="/api/?a=1", **stamp)


def talk():
    vector("hello", "nextcloud-talk-bot", "self-made: the message text is signed, not the body",
           key="0123456789abcdef0123456789abcdef01234567", nonce=RANDOM_64, payload="Hello",
           printed="93edc515b1f1c45d97ec77dc68fe871d4944d74172026cec62d91102ace31486")
    vector("reaction", "nextcloud-talk-bot", nonce=RANDOM_64, payload="👍")
    edges("nextcloud-talk-bot", nonce=RANDOM_64)

    activity = r'{"type":"Create","object":{"name":"message","content":"{\"message\":\"caf\u00e9 https:\/\/example.org\"}"}}'
    slashes = "+/" * 31 + "aZ"
    vector("activity", "nextcloud-talk", "self-made: escaped as PHP's json_encode escapes", nonce=slashes, payload=activity)
    edges("nextcloud-talk", nonce=RANDOM_64)

    room = r'{"type":"invite","invite":{"userids":["alice"],"alluserids":["alice"]}}'
    vector("shortest-nonce", "nextcloud-signaling", nonce=RANDOM_64[:32], payload=room)
    vector("longest-nonce", "nextcloud-signaling", nonce="Az09+/=_-" * 14 + "Az", payload=room)
    edges("nextcloud-signaling", nonce=RANDOM_64)

    started = r'{"type":"started","started":{"token":"abcdef12","owner":"alice","status":2}}'
    url_safe = "Az09_-" * 14 + "Az"
    vector("started", "nextcloud-recording", "self-made: the recorder's nonce has 86 URL-safe characters", nonce=url_safe,
           payload=started)
    vector("room-token", "nextcloud-recording", "self-made: a multipart upload signs the room token", nonce=url_safe,
           payload="abcdef12")
    edges("nextcloud-recording", nonce=url_safe)

    vector("conversation-token", "nextcloud-sip", "self-made: the token is signed, not the body", nonce=RANDOM_64, payload="abcdef12")
    vector("phone-number", "nextcloud-sip", "self-made: a direct dial-in signs the number", nonce=RANDOM_64, payload="+4915112345678")
    edges("nextcloud-sip", nonce=RANDOM_64)


def apig_requests():
    doc = "published: Huawei Cloud, API signing algorithm, part 5"
    stamp = {"key_id": "QTWAOYTTINDUT2QVKYUC", "timestamp": "20191115T033655Z"}
    host = ("Host", "service.region.example.com")
    vpcs = "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    key = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
    for id, target in ("vpcs", vpcs), ("vpcs-absolute", f"https://service.region.example.com{vpcs}"):
        vector(id, "huawei-apig", doc, key=key, method="GET", target=target, others=[host, ("Content-Type", "application/json")],
               printed="7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe", **stamp)
    stamp = {"key_id": "AccessKey", "timestamp": "20060102T150405Z", "others": [host]}
    for id, target in {
        "path-decoded-and-encoded-again": "/caf%c3%a9/%7euser/a+b%20c/%25",
        "escaped-slash-is-a-slash": "/a%2Fb",
        "slash-at-the-end": "/a/",
        "empty-segments": "//a//",
        "path-not-utf-8": b"/%ff/\xfe",
        "query-sorted-decoded": "/?z=1&%7B=2&%C3%A9=3",
        "query-of-numbers": "/?10=a&9=b&1=c",
        "query-duplicates-and-blanks": "/?a=2&a=1&a&b=&&=",
        "query-plus": "/?q=a+b&p=%2B",
        "query-respelled": "/?a=%7e%2f~/&b=c=d",
    }.items():
        vector(id, "huawei-apig", method="GET", target=target, **stamp)
    vector("more-headers", "huawei-apig", method="POST", target="/", payload="{}", key_id="AccessKey", timestamp="20060102T150405Z",
           others=[("X-Z", "last"), host, ("x-project-id", "a  b"), ("Content-Type", "application/json; charset=utf-8"), ("X-Empty", "")])
    vector("end-of-window", "huawei-apig", method="GET", now=seconds("20060102T151905Z"), **stamp)
    vector("start-of-window", "huawei-apig", method="GET", now=seconds("20060102T144905Z"), **stamp)
    edges("huawei-apig", method="PUT", target="/v1/x?a=1", **stamp)


def django():
    vector("tags", "django", "published: a public Laravel test suite, whose rule is the same",
           key="a-test-secret-that-is-long-enough", timestamp="1800000000",
           payload='{"tags":["place:koshi/sunsari/example","index"]}',
           printed="2f55c0578b4423cd637598ef922fe15333525560c91d37ae9d6099e235582731")
    vector("end-of-window", "django", timestamp="1800000000", payload="{}", now=1800000060)
    vector("start-of-window", "django", timestamp="1800000000", payload="{}", now=1799999940)
    vector("epoch", "django", timestamp="0", payload="{}")
    vector("largest-timestamp", "django", timestamp="9223372036854775807", payload="{}")
    edges("django", timestamp="1800000000")


def webhooks():
    message = {"nonce": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": "1614265330"}
    for contract, comment in {
        "standard-webhooks": "published: standard-webhooks/standard-webhooks, libraries/go/webhook_test.go",
        "svix": "published for Standard Webhooks, which is the same but for the names of the headers",
    }.items():
        vector("message", contract, comment, key_field="key-base64", key="MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
               payload='{"test": 2432232314}', printed="g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", **message)
        vector("longest-id", contract, nonce="Az09_:=+/@~-" * 10 + "Az09_:=+", timestamp="1614265330", payload="{}")
        stamped_edges(contract, tolerance=300, **message)

    stripe_stamp = {"timestamp": "1492774577"}
    vector("event", "stripe", "self-made: Stripe publishes the rule and no value; the key is the secret's text, its prefix included",
           key="whsec_test_secret", payload='{"id":"evt_test_webhook","object":"event"}', **stripe_stamp)
    stamped_edges("stripe", tolerance=300, **stripe_stamp)

    vector("hello", "github", "published: GitHub, Validating webhook deliveries", key="It's a Secret to Everybody",
           payload="Hello, World!", printed="757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    edges("github")

    slack_stamp = {"timestamp": "1531420618"}
    vector("command", "slack", "published: Slack, Verifying requests from Slack", key="8f742231b10e8888abcd99yyyzzz85a5",
           printed="a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
           payload="token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
           "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
           "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
           "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c", **slack_stamp)
    stamped_edges("slack", tolerance=300, **slack_stamp)

    vector("hello", "paddle", "published: PaddleHQ/paddle-php-sdk, tests/Unit/Notifications/VerifierTest.php, behind one that is no digest",
           key="pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh", timestamp="1696195954", payload="hello-world",
           printed="d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02")
    stamped_edges("paddle", tolerance=5, timestamp="1696195954")

    square_url = {"target": "https://example.com/webhook"}
    vector("hello", "square", "published: the example in Square's documentation", key="asdf1234", payload='{"hello":"world"}',
           printed="2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=", **square_url)
    vector("port-and-query", "square", target="https://example.com:8443/a%2Fb?z=1&a=2", payload="{}")
    edges("square", **square_url)

    for contract in "shopify", "line", "razorpay":
        vector("json", contract, payload='{"id":1,"name":"caf\\u00e9","url":"https:\\/\\/example.org"}')
        edges(contract)


def stamped_edges(contract, *, tolerance, timestamp, **fields):
    vector("end-of-window", contract, timestamp=timestamp, payload="{}", now=int(timestamp) + tolerance, **fields)
    vector("start-of-window", contract, timestamp=timestamp, payload="{}", now=int(timestamp) - tolerance, **fields)
    edges(contract, timestamp=timestamp, **fields)


def custom():
    for contract, fields in {
        "audit": {"key_id": "key-1", "method": "PUT", "target": "/caf%C3%A9%3F/?b=2&a=1+1"},
        "trailer": {"timestamp": "1563105451261", "nonce": UUID},
    }.items():
        for id, payload in ("empty", b""), ("every-byte", EVERY_BYTE), ("text", "Hello\n1563105451261"):
            vector(f"{contract}-{id}", contract, "self-made: the payload stands first", payload=payload, **fields)


SAMPLE_VALUE = "E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c="
SAMPLE = f"timestamp=1563105451261; nonce=:; value={SAMPLE_VALUE}"


def headers():
    published = "published: Huawei HMS Core references V5, https-uplink-api"

    def accepted(id, header, timestamp="1563105451261", nonce=":", comment="self-made"):
        lines = line("id", id) + line("header", header) + line("timestamp", timestamp) + line("nonce", nonce)
        digest = base64.b64decode(SAMPLE_VALUE).hex()
        add("headers.txt", comment, lines + line("value", SAMPLE_VALUE) + [f"digest-hex: {digest}"])

    def refused(id, marked, reason="malformed-header"):
        """`marked` has a `^` before the byte that is wrong."""
        header = marked.encode() if isinstance(marked, str) else marked
        before, after = header.split(b"^")
        lines = line("id", id) + line("header", before + after) + line("refused", reason)
        add("headers.txt", "self-made", lines + line("offset", str(len(before))))

    accepted("with-spaces", SAMPLE, comment=published)
    accepted("without-spaces", SAMPLE.replace(" ", ""), comment="published: Huawei's older references, push-https-uplink-api")
    accepted("any-order", f"value={SAMPLE_VALUE}; nonce=:; timestamp=1563105451261")
    accepted("any-letter-case", f"TimeStamp=1563105451261; NONCE=:; Value={SAMPLE_VALUE}")
    accepted("white-space-around-separators", f"timestamp=1563105451261 \t ;\t\tnonce=:   ;  value={SAMPLE_VALUE}")
    accepted("uuid", f"timestamp=1563105451261; nonce={UUID}; value={SAMPLE_VALUE}", nonce=UUID)
    accepted("equals-signs-in-nonce", f"timestamp=1563105451261; nonce==a=b=; value={SAMPLE_VALUE}", nonce="=a=b=")
    accepted("nothing-is-percent-decoded", f"timestamp=1563105451261; nonce=%3A+; value={SAMPLE_VALUE}", nonce="%3A+")
    accepted("comma-in-nonce", f"timestamp=1563105451261; nonce=a,b; value={SAMPLE_VALUE}", nonce="a,b")
    accepted("one-digit", f"timestamp=0; nonce=:; value={SAMPLE_VALUE}", timestamp="0")
    accepted("nineteen-digits", f"timestamp=0000001563105451261; nonce=:; value={SAMPLE_VALUE}", timestamp="0000001563105451261")
    accepted("a-parameter-of-the-senders-own-first", f"v=2; {SAMPLE}")
    accepted("a-parameter-of-the-senders-own-last", f"{SAMPLE}; x-y=a=b=c")
    more = "".join(f";p{index}=1" for index in range(29))
    accepted("thirty-two-parameters", SAMPLE + more)

    refused("empty", "^")
    refused("no-parameter", "^;")
    refused("name-only", "timestamp^")
    refused("empty-name", f"^=1; {SAMPLE}")
    refused("empty-timestamp", f"timestamp=^; nonce=:; value={SAMPLE_VALUE}")
    refused("empty-nonce", f"timestamp=1; nonce=^; value={SAMPLE_VALUE}")
    refused("empty-value", "timestamp=1; nonce=:; value=^")
    refused("trailing-separator", f"{SAMPLE};^")
    refused("doubled-separator", SAMPLE.replace("; nonce", ";^; nonce"))
    refused("commas", f"timestamp=1,^ nonce=:, value={SAMPLE_VALUE}")
    refused("commas-without-spaces", f"timestamp=1,nonce=:,value={SAMPLE_VALUE}^")
    refused("thirty-three-parameters", SAMPLE + more + ";^q=1")
    refused("timestamp-missing", f"nonce=:; value={SAMPLE_VALUE}^")
    refused("nonce-missing", f"timestamp=1; value={SAMPLE_VALUE}^")
    refused("value-missing", "timestamp=1; nonce=:^")
    refused("timestamp-twice", f"timestamp=1563105451261; ^{SAMPLE}")
    refused("nonce-twice", f"{SAMPLE}; ^nonce=:")
    refused("value-twice-in-other-letters", f"{SAMPLE}; ^VALUE={SAMPLE_VALUE}")
    refused("two-headers-in-one", f"{SAMPLE},^ {SAMPLE}")
    refused("leading-space", f"^ {SAMPLE}")
    refused("trailing-space", f"{SAMPLE}^ ")
    refused("trailing-line-feed", f"{SAMPLE}^\n")
    refused("space-before-equals", SAMPLE.replace("nonce=", "nonce^ ="))
    refused("space-after-equals", SAMPLE.replace("nonce=", "nonce=^ "))
    refused("line-feed-inside", SAMPLE.replace("nonce=:", "nonce=^\n:"))
    refused("zero-byte-inside", SAMPLE.replace("nonce=:", "nonce=^\0"))
    refused("delete-inside", SAMPLE.replace("nonce=:", "nonce=^\x7f"))
    refused("not-ascii", SAMPLE.replace("nonce=:", "nonce=^é"))
    refused("not-utf-8", SAMPLE.encode().replace(b"nonce=:", b"nonce=^\xff"))
    refused("quoted-name", SAMPLE.replace("nonce=:", '^"nonce"=:'))
    refused("negative-timestamp", SAMPLE.replace("=156", "=^-156"), "malformed-timestamp")
    refused("signed-timestamp", SAMPLE.replace("=156", "=^+156"), "malformed-timestamp")
    refused("fraction", SAMPLE.replace("1563105451261", "1563105451^.261"), "malformed-timestamp")
    refused("exponent", SAMPLE.replace("1563105451261", "1^e12"), "malformed-timestamp")
    refused("twenty-digits", SAMPLE.replace("1563105451261", "1234567890123456789^0"), "malformed-timestamp")
    for id, value in {
        "padding-missing": "^" + SAMPLE_VALUE[:-1],
        "padding-doubled": "^" + SAMPLE_VALUE + "=",
        "hex-digest": "^" + base64.b64decode(SAMPLE_VALUE).hex(),
        "thirty-one-bytes": "^" + base64.b64encode(bytes(31)).decode(),
        "spare-bits": SAMPLE_VALUE.replace("c=", "^d="),
        "url-safe": SAMPLE_VALUE.replace("+H", "^-H"),
        "percent-encoded": "^" + SAMPLE_VALUE.replace("=", "%3D"),
    }.items():
        refused(id, f"timestamp=1; nonce=:; value={value}", "malformed-signature")
    refused("plus-became-space", SAMPLE.replace("+H", "^ H"))


def queries():
    def query(id, target, comment="self-made", printed=None):
        target = target.encode() if isinstance(target, str) else target
        _, canonical = split_target(target)
        assert printed in (None, canonical.decode()), f"{id}: computed {canonical}"
        add("queries.txt", comment, line("id", id) + line("target", target) + line("canonical", canonical))

    app = "published: rahim8050/weather-apis"
    query("ping", "/?a=2&b=two%20words&plus=%2B&a=1", app, "a=1&a=2&b=two%20words&plus=%2B")
    query("plus", "/?q=a+b", app, "q=a%20b")
    query("sorted-by-encoded-name", "/?z=1&%C3%A9=2", app, "%C3%A9=2&z=1")
    query("sorted-by-encoded-value", "/?k=z&k=%C3%A9", app, "k=%C3%A9&k=z")
    query("none", "/path")
    query("empty", "/path?")
    query("only-separators", "/?&&&")
    query("blanks", "/?b&a=&=&c")
    query("duplicates", "/?a=1&a=1&a=0")
    query("name-before-value", "/?a-=1&a=2&a%00=3&a%3D=4")
    query("equals-in-value", "/?a=b=c==")
    query("question-marks", "/?a?b=c?d")
    query("semicolon-is-no-separator", "/?a=1;b=2")
    query("slash-and-colon", "/?to=https://host:80/a")
    query("unreserved-unescaped", "/?a=%7e%2d%5f%2E%41%30")
    query("lower-case-escapes", "/?a=%c3%a9%2f")
    query("not-escapes", "/?a=%zz%4&%=%&b=%%41")
    query("encoded-twice", "/?a=%2520%252B")
    query("escaped-separators", "/?a=%26b%3Dc&d=%2B")
    query("raw-utf-8", "/?é=ü&東京=1")
    query("raw-and-escaped", b"/?a=%c3\xa9\xc3%a9")
    query("not-utf-8", b"/?a=%ff&b=\xfe&c=%c3")
    query("astral", "/?a=👍")
    query("controls", "/?a=%0A%00%7F")
    query("reserved", "/?a=!$'()*,:;@/?[]")
    query("name-is-prefix", "/?ab=1&a=2&a=&aa")
    query("absolute", "https://host/path?b=2&a=1")
    query("absolute-without-path", "https://host?b=2&a=1")


def main():
    for section in huawei, nextcloud_app, talk, apig_requests, django, webhooks, custom, headers, queries:
        section()
    stale = []
    for name, records in FILES.items():
        path, text = FOLDER / name, "\n".join(records)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    print("changed: " + ", ".join(stale) if stale else "all files are what they should be")
    sys.exit("--check" in sys.argv and bool(stale))


if __name__ == "__main__":
    main()
