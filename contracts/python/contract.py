"""Signs and verifies HTTP requests by a contract file. One file, standard library only: copy it, read it, change it.

    contract = Contract.load("nextcloud.json")
    headers = contract.sign(Key(secret, "client-1"), body, method="POST", target="/api/?a=1")
    contract.verify([Key(secret, "client-1")], request.headers, request.body, method="POST", target="/api/?a=1")

`verify` returns what was verified, or raises `Rejected`, whose reason belongs into the receiver's log and not into its answer.

Limits. It knows nothing of replay: remember `Verified.digest` for as long as the window is open, and refuse what comes
again. It leaves secrets in memory. Signatures are compared in constant time (`hmac.compare_digest`); the rest is not
secret. It believes that the file is a contract which can be kept: `hw-signature export` writes no other.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

VERSION = 1
FIELDS = {
    "$schema", "contract_version", "name", "title", "source", "payload", "string_to_sign", "headers", "encoding", "timestamp_format",
    "timestamp_digits", "tolerance", "nonce", "methods_without_payload", "ambiguous", "canonical_request", "signed_headers",
    "rules", "vectors",
}
MAX_HEADER_LENGTH = 4096
MAX_PARTS = 32
MAX_SIGNATURES = 16
MAX_SIGNED_HEADERS = 64

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
PLAIN = r"[!-+\--:<-~]"  # visible ASCII without "," and ";"
UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
SIGNED_NAME = r"[!#$%&'*+\-.^`|~0-9a-z]+"
RFC3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"


class Rejected(Exception):
    """A request that is not accepted. `reason` is one of the values that the contract files have as `result`."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


class Key(NamedTuple):
    """The bytes of a secret, and its id where the contract sends one."""

    secret: bytes
    id: str | None = None

    def __repr__(self):
        return f"Key(id={self.id!r})"


class Verified(NamedTuple):
    key: Key
    digest: bytes
    timestamp: str | None
    nonce: str | None


class Contract:
    def __init__(self, file):
        unknown = set(file) - FIELDS
        if unknown or file.get("contract_version") != VERSION:
            raise ValueError(f"not a contract that is understood here: {sorted(unknown) or file.get('contract_version')}")
        self.name = file["name"]
        self.string_to_sign_template = file["string_to_sign"]
        self.headers = [Header(name, template) for name, template in file["headers"].items()]
        self.encoding = file["encoding"]
        self.timestamp_format = file.get("timestamp_format")
        self.timestamp_digits = file.get("timestamp_digits")
        self.tolerance = file.get("tolerance")
        self.nonce = file.get("nonce")
        self.methods_without_payload = file.get("methods_without_payload") or []
        self.canonical_request_template = file.get("canonical_request")
        self.signed_headers = file.get("signed_headers") or []
        carriers = [header for header in self.headers if "signature" in header.fields]
        self.several_carriers = len(carriers) > 1

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    # --- signing ---

    def sign(self, keys, payload, *, method=None, target=None, nonce=None, timestamp=None, headers=()):
        """The headers to send with the request. `keys` is one key, or several while a secret is being changed; `timestamp`
        is Unix time in the unit of the contract, or a text that is sent as it stands; `headers` are the other headers of
        the request, where the contract signs some."""
        keys = [keys] if isinstance(keys, Key) else list(dict.fromkeys(keys))
        if payload and (method or "").upper() in self.methods_without_payload:
            raise ValueError("the contract signs no payload for this method")
        fields = {"timestamp": self._stamp(timestamp), "nonce": nonce or self._new_nonce(), "key_id": keys[0].id}
        others = _pairs(headers)
        if self.signed_headers:
            origin = re.match(r"(https?)://([^/?#]+)", target or "", re.IGNORECASE)
            if origin and not any(name.lower() == "host" for name, _ in others):
                port = ":443" if origin[1].lower() == "https" else ":80"
                others.append(("host", origin[2].lower().removesuffix(port)))
            more = (name.lower() for name, _ in others if any("signed_headers" in header.fields for header in self.headers))
            fields["signed_headers"] = ";".join(sorted({*self.signed_headers, *more}))
        for field in {field for header in self.headers for field in header.fields} - {"signature"}:
            self._check(field, fields[field])
        message = self.string_to_sign(payload, fields, method=method, target=target, headers=others + self.write(fields, []))
        signatures = [self.encode(hmac.new(key.secret, message, hashlib.sha256).digest()) for key in keys]
        sent = dict(self.write(fields, signatures))
        if len(keys) > sum(MAX_SIGNATURES if header.repeats else "signature" in header.fields for header in self.headers):
            raise ValueError("the contract has no place for so many signatures")
        return sent

    def write(self, fields, signatures):
        """The headers with these fields and signatures; without those for which no signature is left."""
        signatures = list(signatures)
        sent = []
        for header in self.headers:
            room = (MAX_SIGNATURES if header.repeats else 1) if "signature" in header.fields else 0
            if signatures or not room:
                sent.append((header.name, header.write(fields, signatures[:room])))
            signatures = signatures[room:]
        return sent

    # --- verifying ---

    def verify(self, keys, headers, payload, *, method=None, target=None, now=None, tolerance=None):
        """Checks a request. `headers` is a mapping or a list of pairs, with all headers that came; `now` is Unix time in
        seconds. Raises `Rejected`."""
        headers = _pairs(headers)
        fields, digests = self._read(headers)
        self._check_time(fields.get("timestamp"), time.time() if now is None else now, tolerance)
        if payload and (method or "").upper() in self.methods_without_payload:
            raise Rejected("unsigned-payload", "the contract signs no payload for this method, and the request has one")
        message = self.string_to_sign(payload, fields, method=method, target=target, headers=headers)
        found, named = None, False
        for key in keys:
            meant = "key_id" not in fields or key.id is None or fields["key_id"] == key.id
            named = named or meant
            expected = hmac.new(key.secret, message, hashlib.sha256).digest()
            # All are compared, so that the time says nothing.
            matches = [hmac.compare_digest(expected, digest) for digest in digests]
            if meant and any(matches) and found is None:
                found = Verified(key, expected, fields.get("timestamp"), fields.get("nonce"))
        if found is None and not named:
            raise Rejected("unknown-key", "no key has the id that the request names")
        if found is None:
            raise Rejected("signature-mismatch", "the signature does not match")
        return found

    def _read(self, headers):
        """What the headers of the contract say, and the signatures."""
        fields, digests, undecodable, left_out = {}, [], None, None
        for header in self.headers:
            if not header.fields:
                continue  # a constant, which nobody signs
            values = [value for name, value in headers if header.is_named(name)]
            if len(values) > 1:
                raise Rejected("repeated-header", f"{header.name} stands more than once")
            if not values:
                if self.several_carriers and "signature" in header.fields:
                    left_out = left_out or header.name
                    continue
                if all(field in fields for field in header.fields):
                    continue  # it only repeats what another header said
                raise Rejected("missing-header", f"{header.name} is missing")
            before = dict(fields)
            for field, text in header.read(values[0]):
                if field == "signature":
                    try:
                        digests.append(self.decode(text))
                    except ValueError as error:
                        undecodable = undecodable or error
                elif field in before:
                    if before[field] != text:
                        raise Rejected("malformed-header", f"{header.name} contradicts another header")
                else:
                    self._check(field, text)
                    fields[field] = text
        if not digests and undecodable is not None:
            raise Rejected("malformed-signature", str(undecodable))
        if not digests:
            raise Rejected("missing-header", f"{left_out} is missing")
        return fields, digests

    def _check(self, field, text):
        if field == "timestamp":
            self._seconds(text)
        elif field == "nonce" and not re.fullmatch(_nonce_pattern(self.nonce), text):
            raise Rejected("malformed-nonce", "the nonce does not fit the grammar")
        elif field == "key_id" and not re.fullmatch(PLAIN + "{1,128}", text):
            raise Rejected("malformed-header", "the key id must be 1 to 128 visible ASCII characters without , and ;")
        elif field == "signed_headers":
            names = text.split(";")
            fine = len(names) == len(set(names)) <= MAX_SIGNED_HEADERS and all(re.fullmatch(SIGNED_NAME, name) for name in names)
            own = {header.name.lower() for header in self.headers if "signature" in header.fields}
            if not fine or not set(self.signed_headers) <= set(names) or own & set(names):
                raise Rejected("malformed-header", "the list of signed headers is not one, or lacks one that must be signed")

    # --- time ---

    def _seconds(self, text):
        """The timestamp in whole seconds."""
        malformed = Rejected("malformed-timestamp", "the timestamp does not have the format of the contract")
        if self.timestamp_format in ("seconds", "milliseconds"):
            length = f"{{{self.timestamp_digits or '1,19'}}}"
            if not re.fullmatch("[0-9]" + length, text) or int(text) >= 2**63:
                raise malformed
            return int(text) // (1000 if self.timestamp_format == "milliseconds" else 1)
        basic = r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)()()Z"
        extended = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-]\d\d):(\d\d))"
        match = re.fullmatch(basic if self.timestamp_format == "iso8601-basic" else extended, text, re.ASCII)
        if not match:
            raise malformed
        *parts, hours, minutes = match.groups(default="") if match else ()
        try:
            local = datetime(*map(int, parts), tzinfo=timezone.utc)
            if hours and (int(hours[1:]) > 23 or int(minutes) > 59):
                raise malformed
        except ValueError:
            raise malformed from None
        seconds = (local - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
        if hours:
            seconds -= (int(hours[1:]) * 3600 + int(minutes) * 60) * (-1 if hours[0] == "-" else 1)
        if local.year < 1970 or seconds < 0:
            raise malformed
        return seconds

    def _check_time(self, timestamp, now, tolerance):
        if timestamp is None:
            return
        allowed = self.tolerance if tolerance is None else tolerance
        age = int(now) - self._seconds(timestamp)
        if age > allowed:
            raise Rejected("stale", f"the timestamp is {age} s behind this clock, {allowed} s are allowed")
        if age < -allowed:
            raise Rejected("from-future", f"the timestamp is {-age} s ahead of this clock, {allowed} s are allowed")

    def _stamp(self, timestamp):
        if self.timestamp_format is None or isinstance(timestamp, str):
            return timestamp
        if self.timestamp_format == "milliseconds":
            return str(int(time.time() * 1000) if timestamp is None else timestamp)
        if self.timestamp_format == "seconds":
            return str(int(time.time()) if timestamp is None else timestamp)
        form = "%Y%m%dT%H%M%SZ" if self.timestamp_format == "iso8601-basic" else "%Y-%m-%dT%H:%M:%SZ"
        return datetime.fromtimestamp(time.time() if timestamp is None else timestamp, timezone.utc).strftime(form)

    def _new_nonce(self):
        """A UUID wherever the grammar takes one, else 64 random characters, or as many as it allows."""
        if self.nonce is None:
            return None
        if not self.nonce.startswith("[") and self.nonce != "uuid":
            return self.nonce
        text = str(uuid.uuid4())
        if re.fullmatch(_nonce_pattern(self.nonce), text):
            return text
        _, fewest, most = _nonce_set(self.nonce)
        alphabet = [chr(code) for code in range(33, 127) if re.fullmatch(_nonce_set(self.nonce)[0], chr(code))]
        return "".join(secrets.choice(alphabet) for _ in range(max(fewest, min(64, most))))

    # --- what is signed ---

    def string_to_sign(self, payload, fields, *, method=None, target=None, headers=()):
        """The bytes under the signature. `fields` has the texts of timestamp, nonce and key_id as they are sent."""
        values = self._values(payload, fields, method, target, headers)
        if self.canonical_request_template is not None:
            canonical = _fill(self.canonical_request_template, values)
            values["canonical_request_sha256"] = lambda: hashlib.sha256(canonical).hexdigest()
        return _fill(self.string_to_sign_template, values)

    def canonical_request(self, payload, fields, *, method=None, target=None, headers=()):
        """What is hashed for {canonical_request_sha256}, where the contract has it."""
        values = self._values(payload, fields, method, target, headers)
        return None if self.canonical_request_template is None else _fill(self.canonical_request_template, values)

    def _values(self, payload, fields, method, target, headers):
        """Each field is computed when a template names it: a request that nobody signs need not be one."""
        headers = _pairs(headers)
        # Where the list is not sent, it is that of the contract.
        listed = fields.get("signed_headers") or ";".join(sorted(self.signed_headers))
        return {
            "method": lambda: _method(method),
            "path": lambda: _decoded_path(_split(target)[0]),
            "query": lambda: _joined(sorted((_encode(name), _encode(value)) for name, value in _parameters(_split(target)[1]))),
            "target": lambda: "?".join(_split(target, keep_mark=True)),
            "url": lambda: _url(target),
            "timestamp": lambda: fields["timestamp"],
            "nonce": lambda: fields["nonce"],
            "key_id": lambda: fields["key_id"],
            "payload": lambda: payload,
            "payload_sha256": lambda: hashlib.sha256(payload).hexdigest(),
            "header": lambda name: _header(headers, name),
            "canonical_path": lambda: _canonical_path(_split(target)[0]),
            "canonical_query": lambda: _joined((_encode(name), _encode(value)) for name, value in sorted(_parameters(_split(target)[1]))),
            "canonical_headers": lambda: b"".join(name.encode() + b":" + _header(headers, name) + b"\n" for name in listed.split(";")),
            "signed_headers": lambda: listed,
        }

    # --- digests ---

    def encode(self, digest):
        if self.encoding == "hex":
            return digest.hex()
        if self.encoding == "base64-url":
            return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return base64.b64encode(digest).decode()

    def decode(self, text):
        """Strict: hex in either letter case, base64 with its padding, base64-url with it or without; no other spelling of
        the same bytes."""
        digest = b""
        try:
            if self.encoding == "hex":
                digest = bytes.fromhex(text) if re.fullmatch("[0-9A-Fa-f]{64}", text) else b""
            elif self.encoding == "base64-url":
                digest = base64.urlsafe_b64decode(text + "=") if len(text) == 43 else base64.urlsafe_b64decode(text)
            else:
                digest = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            pass
        spellings = {self.encode(digest), self.encode(digest) + ("=" if self.encoding == "base64-url" else "")}
        if len(digest) != 32 or (text.lower() if self.encoding == "hex" else text) not in spellings:
            raise ValueError(f"the signature is not 32 bytes in {self.encoding}")
        return digest


class Header:
    """A header of the contract: a name and a template, which has one of three forms.

    named list   [scheme SP] name=value, name=value     in any order, with "," or ";" in between
    positional   v1,{signature},...                     only with "..." at the end
    sequence     anything else: literals and fields

    "..." at the end of a list says that the part with {signature} may come several times.
    """

    def __init__(self, name, template):
        self.name = name
        self.template = template
        self.fields = re.findall(r"\{([^{}]*)\}", template)
        self.repeats = bool(self.fields) and template.endswith("...")
        self.scheme, self.separator, self.parts, self.joint, self.form = "", "", [], "", "sequence"
        if not self.fields:
            return
        body = template.removesuffix("...").rstrip(" ") if self.repeats else template
        if self.repeats:
            self.separator = body[-1] if body[-1] in ",;" else " "
            body = body.rstrip(self.separator + " ")
            self.joint = template.removesuffix("...")[len(body):]
            separators = [self.separator] if self.separator != " " else []
        else:
            separators = [",", ";"]
        for separator in separators:
            scheme = re.match(f"{TOKEN}* ", body)
            start = scheme.end() if scheme else 0
            parts = [_Part.named(text.strip(" ")) for text in body[start:].split(separator)]
            if all(parts) and (self.repeats or len(parts) > 1):
                self.scheme, self.separator, self.parts, self.form = body[:start], separator, parts, "named"
                return
        if self.repeats:
            self.form = "positional"
            self.parts = [_Part("", text.strip(" ")) for text in body.split(self.separator)]

    def is_named(self, name):
        """Whether a header that came goes by this name."""
        return name.lower() == self.name.lower()

    def write(self, fields, signatures):
        body = self.template
        if self.repeats:
            body = body.removesuffix(self.joint + "...")
            repeated = next(part for part in self.parts if part.field == "signature")
            between = repeated.suffix + self.joint + (f"{repeated.name}=" if repeated.name else "") + repeated.prefix
            signatures = [between.join(signatures)]
        values = {**fields, "signature": signatures[0] if signatures else ""}
        return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], body)

    def read(self, value):
        """The fields and their texts, in the order in which they stand: what breaks first is what is told."""
        if len(value) > MAX_HEADER_LENGTH:
            raise self._malformed("is longer than 4096 bytes")
        read = {"named": self._read_named, "positional": self._read_positional, "sequence": self._read_sequence}[self.form]
        signatures = 0
        for field, text in read(value):
            signatures += field == "signature"
            if signatures > MAX_SIGNATURES:
                raise self._malformed("has more than 16 signatures")
            if field == "key_id" and '"{key_id}"' in self.template and re.search(r'["\\]', text):
                raise self._malformed("has a key id that would have to be escaped")
            yield field, text

    def _read_named(self, value):
        if value[: len(self.scheme)].lower() != self.scheme.lower():
            raise self._malformed(f"does not begin with {self.scheme}")
        seen = set()
        for text in self._split(value[len(self.scheme):]):
            name, equals, rest = text.partition("=")
            if not re.fullmatch(TOKEN + "+", name) or not equals or not rest:
                raise self._malformed("has a part that is not name=value")
            part = next((part for part in self.parts if part.name.lower() == name.lower()), None)
            repeats = self.repeats and (part is None or part.field == "signature")
            if name.lower() in seen and not repeats:
                raise self._malformed("has a part twice")
            seen.add(name.lower())
            if part is not None:
                yield from part.read(rest, self._malformed)
        if not all(part.name.lower() in seen for part in self.parts if part.field):
            raise self._malformed("lacks a part")

    def _read_positional(self, value):
        texts = self._split(value)
        if "" in texts or len(texts) < len(self.parts):
            raise self._malformed("lacks a part")
        *before, repeated = self.parts
        for part, text in zip(before, texts):
            yield from part.read(text, self._malformed)
        signatures = [text for text in texts[len(before):] if text.startswith(repeated.prefix)]
        if not signatures:
            raise self._malformed("has no signature of this kind")
        for text in signatures:
            yield from repeated.read(text, self._malformed)

    def _read_sequence(self, value):
        # Strictly by the alphabets, which leave one way to take it apart; and if that fails, so that the reason names the part.
        strict = {
            "timestamp": f"{RFC3339}|[0-9]{{8}}T[0-9]{{6}}Z|[0-9]+", "signature": r"[A-Za-z0-9+/=_-]+", "signed_headers": r"[!-:;<-~]+",
        }
        for pattern in (lambda field: strict.get(field, PLAIN + "+"), lambda field: ".*?"):
            pieces = re.split(r"\{(\w+)\}", self.template)
            regex = "".join(f"({pattern(piece)})" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
            match = re.fullmatch(regex, value, re.DOTALL)
            if match:
                return zip(self.fields, match.groups())
        raise self._malformed("is not framed as the contract frames it")

    def _split(self, value):
        """The parts of a list, with white space around the separator and nowhere else."""
        parts = value.split(self.separator)
        if self.separator != " ":
            last = len(parts) - 1
            parts = [part.lstrip(" \t") if index else part for index, part in enumerate(parts)]
            parts = [part.rstrip(" \t") if index < last else part for index, part in enumerate(parts)]
        if len(parts) > MAX_PARTS or any(not re.fullmatch("[!-~]*", part) for part in parts):
            raise self._malformed("is no list of visible characters, or has more than 32 parts")
        return parts

    def _malformed(self, what):
        return Rejected("malformed-header", f"{self.name} {what}")


class _Part(NamedTuple):
    """`name=` and a field between two literals, or a constant."""

    name: str
    template: str

    @classmethod
    def named(cls, text):
        name, equals, template = text.partition("=")
        fits = re.fullmatch(TOKEN + "+", name) and re.fullmatch(r"[!-z|~]*(\{\w+\}[!-z|~]*)?", template)
        return cls(name, template) if equals and template and fits else None

    @property
    def field(self):
        match = re.search(r"\{(\w+)\}", self.template)
        return match[1] if match else None

    @property
    def prefix(self):
        return self.template.partition("{")[0]

    @property
    def suffix(self):
        return self.template.partition("}")[2]

    def read(self, text, malformed):
        if self.field is None:
            if text != self.template:
                raise malformed("has another value than the contract")
            return
        if not text.startswith(self.prefix) or not text.endswith(self.suffix) or len(text) < len(self.prefix + self.suffix):
            raise malformed("is not framed as the contract frames it")
        yield self.field, text[len(self.prefix): len(text) - len(self.suffix)]


def _pairs(headers):
    """Names and values; values are texts of which each character is a byte, as WSGI has them."""
    pairs = headers.items() if hasattr(headers, "items") else headers
    return [(name, value.decode("latin-1") if isinstance(value, bytes) else value) for name, value in pairs]


def _header(headers, name):
    """The one value of a header, without spaces and tabs at its ends."""
    values = [value for other, value in headers if other.lower().replace("_", "-") == name.lower().replace("_", "-")]
    if len(values) != 1:
        raise Rejected("repeated-header" if values else "missing-header", f"{name} is missing or repeated")
    value = values[0].strip(" \t")
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise Rejected("malformed-header", f"{name} has a control character")
    return value.encode("latin-1")


def _fill(template, values):
    """Fills a template. A field with a colon, {header:Name}, has an argument."""
    filled = b""
    for index, piece in enumerate(re.split(r"\{([^{}]+)\}", template)):
        if index % 2:
            field, *argument = piece.split(":", 1)
            piece = values[field](*argument)
        filled += piece.encode() if isinstance(piece, str) else piece
    return filled


def _method(method):
    if method is None:
        raise ValueError("method must be given, because the contract signs it")
    if not re.fullmatch(TOKEN + "+", method):
        raise Rejected("malformed-request", "the method is not one")
    return method.upper()


def _split(target, keep_mark=False):
    """Path and query of a target: "/path?query" or "https://host/path?query"."""
    if target is None:
        raise ValueError("target must be given, because the contract signs it")
    if re.search(r"[\x00- \x7f#]", target):
        raise Rejected("malformed-request", "the target has white space, a control character or a fragment")
    if not target.startswith("/"):
        match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?]+", target)
        if not match:
            raise Rejected("malformed-request", "the target is neither /path nor https://host/path")
        target = target[match.end():]
    path, mark, query = target.partition("?")
    return (path or "/", query) if mark or not keep_mark else (path or "/",)


def _url(target):
    _split(target)
    if not re.match(r"https?://[^/?@]+(?:[/?]|$)", target):
        raise Rejected("malformed-request", "the target must be an absolute URL without user and password")
    return target


def _bytes(text):
    return text.encode("utf-8", "surrogateescape")


def _decoded_path(path):
    """Percent-decoded once; bytes that are not UTF-8 are %XX again. This is Django's `request.path`."""
    decoded = unquote_to_bytes(_bytes(path))
    if re.search(rb"[\x00-\x1f\x7f]", decoded):
        raise Rejected("malformed-request", "the path has a control character")
    text = decoded.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", text)


def _canonical_path(path):
    encoded = "/".join(_encode(segment) for segment in unquote_to_bytes(_bytes(path)).split(b"/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _parameters(query):
    """Names and values: split at "&", empty parts left out, "+" is a space, percent-decoded once."""
    for part in _bytes(query).split(b"&"):
        if part:
            name, _, value = part.replace(b"+", b" ").partition(b"=")
            yield unquote_to_bytes(name), unquote_to_bytes(value)


def _encode(text):
    """RFC 3986: A-Z a-z 0-9 - . _ ~ stay, every other byte is %XX in upper case."""
    return quote(text, safe="-._~")


def _joined(pairs):
    return "&".join(f"{name}={value}" for name, value in pairs)


def _nonce_set(grammar):
    """The set, the fewest and the most characters of "[A-Za-z0-9]{8,128}"."""
    inside, length = grammar[1:-1].rsplit("]{", 1)
    fewest, _, most = length.partition(",")
    classes = []
    while inside:
        width = 3 if len(inside) > 2 and inside[1] == "-" else 1
        classes.append(re.escape(inside[0]) + ("-" + re.escape(inside[2]) if width == 3 else ""))
        inside = inside[width:]
    return f"[{''.join(classes)}]", int(fewest), int(most or fewest)


def _nonce_pattern(grammar):
    if grammar == "uuid":
        return UUID
    if not grammar.startswith("["):
        return re.escape(grammar)
    inside, fewest, most = _nonce_set(grammar)
    return f"{inside}{{{fewest},{most}}}"
