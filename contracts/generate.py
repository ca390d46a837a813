#!/usr/bin/env python3
"""Writes a contract file: the row of a profile as `hw-signature export --row` gives it, its rules in words, and vectors.

    contracts/generate.py                       contracts/NAME.json for every built-in profile
    contracts/generate.py --check               says whether they are what it would write
    contracts/generate.py row.json >full.json   the same for a contract of one's own

The vectors are computed by `python/contract.py`, which knows the rules from the public documents and shares no line with the
crate; the tests then run them against the crate. A copy of this file finds that one beside itself. Everything follows from the row, so that a new one needs nothing here.
"""

import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER / "python"), str(FOLDER)]  # in the source tree, or beside a copy of the reader
sys.dont_write_bytecode = True

from contract import Contract, Header, Key, Rejected  # noqa: E402

NOW = 1766666666
SCHEMA = "contract.schema.json"
LONG_KEY = bytes((7 * index + 3) % 256 for index in range(200))
KEY = b"test-shared-secret"
KEY_ID = "client-1"
OTHER_KEY = b"another-shared-secret"
UUID = "550e8400-e29b-41d4-a716-446655440000"
BODY = '{"event":"created","name":"Café","url":"https://a.example/b","n":1.0}'.encode()
# What a program writes that decodes JSON and encodes it again.
REWRITTEN = json.dumps(json.loads(BODY)).encode()
ORIGIN = "https://receiver.example"

ENCODINGS = {
    "hex": "64 hex digits: written in lower case, read in either case.",
    "base64": "Base64 of the 32 raw bytes (not of their hex text): 44 characters, the standard alphabet with + and /, one = at the end. "
    "The one canonical spelling, so that the last character has no bits to spare.",
    "base64-url": "Base64 of the 32 raw bytes with the URL-safe alphabet, - and _: 43 characters written without padding, read with or "
    "without it.",
}
TIMESTAMPS = {
    "seconds": "Unix time in whole seconds, as {digits}. What is signed is the text as it is sent, leading zeros included.",
    "milliseconds": "Unix time in whole milliseconds, as {digits}. What is signed is the text as it is sent. Its age is counted in whole seconds, "
    "rounded down.",
    "rfc3339": "RFC 3339 with upper-case T, Z or an offset such as +02:00, no fraction or one of 1 to 9 digits, years 1970 to 9999, no leap "
    "second. What is signed is the text as it is sent. Its age is counted in whole seconds, rounded down.",
    "iso8601-basic": "YYYYMMDDThhmmssZ, in UTC, years 1970 to 9999, no leap second. What is signed is the text as it is sent.",
}
FIELDS = {
    "method": "The HTTP method in upper case.",
    "path": "The path of the request target without the query, percent-decoded once as UTF-8; bytes that are not UTF-8 are %XX in upper "
    "case again. The slash at the end counts. A control character in it makes the request malformed.",
    "query": "Split the query at &, leave out empty parts, split each at the first =, read + as a space, percent-decode once. Encode names and "
    "values again: A-Z a-z 0-9 - . _ ~ stay, every other byte is %XX in upper case (a space is %20). Sort by encoded name, then by "
    "encoded value, bytewise. Join as name=value with & in between; duplicates and empty values stay. No query is an empty text.",
    "target": "Path and query as they were sent, byte for byte.",
    "url": "The absolute URL of the request, byte for byte. A receiver takes scheme and host from its configuration and never from the request.",
    "payload": "The payload byte for byte, as it came: never decoded and encoded again.",
    "payload_sha256": "The SHA-256 of the payload, in lower-case hex; that of nothing for an empty payload. Always computed, never taken from a header.",
    "key_id": "The id of the key as it is sent: 1 to 128 visible ASCII characters without , and ;.",
    "canonical_request_sha256": "The SHA-256 of the canonical request, in lower-case hex.",
    "canonical_path": "The path percent-decoded once, split at /, each segment encoded again (A-Z a-z 0-9 - . _ ~ stay, every other byte is %XX in "
    "upper case), joined with /; a / is appended where it does not end in one.",
    "canonical_query": "Names and values decoded as usual (+ is a space), sorted by decoded name, then by decoded value, bytewise; both encoded "
    "(A-Z a-z 0-9 - . _ ~ stay, every other byte is %XX in upper case); joined as name=value with & in between.",
    "canonical_headers": "For each signed header, in the order of the list: its name in lower case, a colon, its value without spaces and tabs at both "
    "ends, a line feed.",
    "signed_headers": "The names of the signed headers in lower case, joined by ;. A receiver takes the list that was sent, in the order in which it was "
    "sent; each name once.",
    "header": "The value of the header {name} of the request, without spaces and tabs at both ends.",
}


def main(arguments):
    if arguments[:1] not in ([], ["--check"]):
        sys.stdout.write(written(json.loads(Path(arguments[0]).read_text("utf-8"))))
        return 0
    stale = []
    files = {f"{row['name']}.json": written(row) for row in built_in_rows()}
    for name, text in files.items():
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not arguments:
                path.write_text(text, "utf-8")
    left = sorted({path.name for path in FOLDER.glob("*.json")} - {*files, SCHEMA})
    if arguments:
        for name in stale + left:
            print(f"contracts/{name} is stale: make contracts", file=sys.stderr)
        return 1 if stale + left else 0
    for name in left:
        (FOLDER / name).unlink()
    print(f"{len(files)} contracts, {len(stale)} written, {len(left)} removed")
    return 0


def built_in_rows():
    tool = [str(FOLDER.parent / "scripts/php"), str(FOLDER.parent / "bin/hw-signature")]
    profiles = subprocess.run([*tool, "profiles", "--json"], check=True, capture_output=True).stdout
    for profile in json.loads(profiles):
        yield json.loads(subprocess.run([*tool, "export", "--row", profile["name"]], check=True, capture_output=True).stdout)


def written(row):
    """The file: a line for each field of a vector, so that a difference can be read."""
    row = {name: value for name, value in row.items() if name not in ("rules", "vectors")}
    made = Vectors(row).all()
    head = json.dumps({**row, "rules": rules(row)}, indent=2, ensure_ascii=False)
    one = lambda vector: ",\n".join(f"      {json.dumps(name)}: {json.dumps(value)}" for name, value in vector.items())
    vectors = ",\n".join(f"    {{\n{one(vector)}\n    }}" for vector in made)
    return f'{head[:-2]},\n  "vectors": [\n{vectors}\n  ]\n}}\n'


# --- rules ---


def rules(row):
    """For each field that the contract uses, its rule in words."""
    templates = [row["string_to_sign"], row["canonical_request"] or "", *row["headers"].values()]
    fields = list(dict.fromkeys(field for template in templates for field in re.findall(r"\{([^{}]+)\}", template)))
    texts = {
        "string_to_sign": "Replace each {field} by its text. What stands between the fields, line feeds included, stands as it is; nothing is "
        "added at the end.",
        "signature": "HMAC-SHA-256 of the string to sign under the bytes of the key. " + ENCODINGS[row["encoding"]] + " Decode what came and compare "
        "the 32 bytes in constant time.",
        "headers": "Names in any letter case. Each may come once. A header whose fields another one has already carried may be missing, but must not "
        "say otherwise. A header without a field is sent and not looked at. At most 4096 bytes.",
    }
    forms = {header.form for header in map(lambda item: Header(*item), row["headers"].items()) if header.fields}
    lists = {
        "named": "Parts name=value in any order and any letter case of the name, each exactly once, spaces and tabs around the separator and nowhere else; "
        "split at the first =; nothing is percent-decoded, and + stays +. Parts with names of their own are skipped. A part that always has the same "
        "value may be missing.",
        "positional": "The parts stand in the order of the template; parts behind them that do not begin as the last one does are skipped.",
    }
    for form in sorted(forms & lists.keys()):
        texts[f"headers_{form}_list"] = lists[form]
    if any(template.endswith("...") and "{" in template for template in row["headers"].values()):
        texts["headers_repetition"] = "\"...\" is not sent: it says that the part with {signature} may come up to 16 times. Any of the signatures may match any key, "
        texts["headers_repetition"] += "and one that does not decode is skipped while another decodes."
    for field in fields:
        name, _, argument = field.partition(":")
        if name == "timestamp":
            digits = f"exactly {row['timestamp_digits']} digits" if row["timestamp_digits"] else "1 to 19 digits, at most 9223372036854775807"
            texts[name] = TIMESTAMPS[row["timestamp_format"]].replace("{digits}", digits)
        elif name == "nonce":
            texts[name] = nonce_rule(row["nonce"])
        elif name != "signature":
            texts[field] = FIELDS[name].replace("{name}", argument)
    if row.get("payload"):
        texts["payload"] = f"The payload is {row['payload']}. Byte for byte."
    if row["tolerance"] is not None:
        texts["tolerance"] = f"The timestamp may be up to {row['tolerance']} seconds behind the receiver's clock and as many ahead of it, both ends included."
    if row["methods_without_payload"]:
        texts["methods_without_payload"] = f"With {' and '.join(row['methods_without_payload'])} the payload is empty; a request that has one is refused."
    if row["ambiguous"]:
        texts["ambiguous"] = "Neighbouring fields of the string to sign can trade bytes: other texts of them give the same signature. Only what follows the rules of "
        texts["ambiguous"] += "each field is accepted; do not sign anything else under the same key."
    if row["signed_headers"]:
        texts["signed_headers"] = FIELDS["signed_headers"] + f" At least {' and '.join(row['signed_headers'])} must be in it."
    return texts


def nonce_rule(grammar):
    if grammar == "uuid":
        return "A UUID in its usual form, 8-4-4-4-12 hex digits in either case; signed as it is sent. Fresh for each request."
    if not grammar.startswith("["):
        return f"Always {grammar}"
    inside, length = grammar[1:-1].rsplit("]{", 1)
    return f"{length.replace(',', ' to ')} characters of {inside}; signed as it is sent. Fresh for each request."


# --- vectors ---


class Vectors:
    """All requests for one contract, good ones first. Every result is computed, and has to be the one that was meant."""

    def __init__(self, row):
        self.row = row
        self.contract = Contract(row)
        self.made = {}
        self.templates = " ".join([row["string_to_sign"], row["canonical_request"] or "", *row["headers"].values()])
        self.carries = {field: header for header in reversed(self.contract.headers) for field in header.fields}
        self.signature_header = self.carries["signature"]

    def has(self, *fields):
        return any(f"{{{field}}}" in self.templates for field in fields)

    def all(self):
        self.good()
        self.bad()
        valid = sum(vector["result"] == "valid" for vector in self.made.values())
        assert valid >= 12, f"{self.row['name']}: {valid} valid vectors"
        assert len(self.made) - valid >= 20, f"{self.row['name']}: {len(self.made) - valid} invalid vectors"
        return list(self.made.values())

    # --- making one ---

    def request(self, **changes):
        """What a request is made from."""
        target = ORIGIN + "/hook/?b=2&a=1" if self.has("url") else "/hook/?b=2&a=1"
        return {
            "method": "POST", "target": target, "payload": BODY, "key": KEY, "key_id": KEY_ID if self.has("key_id") else None,
            "timestamp": self.stamp(NOW), "nonce": self.nonce(), "others": self.others(), "signed": None, **changes,
        }

    def others(self):
        """The other headers, where some are signed."""
        names = [name for name in self.row["signed_headers"] if not any(header.is_named(name) for header in self.contract.headers)]
        values = {"host": "receiver.example", "content-type": "application/json"}
        names += re.findall(r"\{header:([^{}]+)\}", self.templates)
        return [[name, values.get(name.lower(), f"value of {name}")] for name in names]

    def stamp(self, seconds):
        form = self.row["timestamp_format"]
        if form in (None, "seconds", "milliseconds"):
            return form and str(seconds if form == "seconds" else seconds * 1000 + 261)
        at = datetime.fromtimestamp(seconds, timezone.utc)
        return at.strftime("%Y%m%dT%H%M%SZ" if form == "iso8601-basic" else "%Y-%m-%dT%H:%M:%SZ")

    def nonce_set(self):
        grammar = self.row["nonce"] or ""
        if not grammar.startswith("["):
            return None
        inside, length = grammar[1:-1].rsplit("]{", 1)
        fewest, _, most = length.partition(",")
        return [chr(code) for code in range(33, 127) if re.fullmatch(f"[{inside}]", chr(code))], int(fewest), int(most or fewest)

    def nonce(self, length=None):
        grammar = self.row["nonce"]
        if grammar == "uuid":
            return UUID
        if self.nonce_set() is None:
            return grammar
        alphabet, fewest, most = self.nonce_set()
        if length is None:
            length = max(fewest, min(32, most))
        return "".join(alphabet[(7 * index + 5) % len(alphabet)] for index in range(length))

    def fields(self, r):
        more = [name.lower() for name, _ in r["others"] if "signed_headers" in self.carries]
        names = r["signed"] or ";".join(sorted({*self.row["signed_headers"], *more}))
        return {"timestamp": r["timestamp"], "nonce": r["nonce"], "key_id": r["key_id"], "signed_headers": names}

    def message(self, r):
        sent = r["others"] + [list(pair) for pair in self.contract.write(self.fields(r), [])]
        return self.contract.string_to_sign(r["payload"], self.fields(r), method=r["method"], target=r["target"], headers=sent)

    def digest(self, r):
        return hmac.new(r["key"], self.message(r), hashlib.sha256).digest()

    def sent(self, r, signatures=None):
        """The headers of a request; without a signature, the right one."""
        signatures = [self.contract.encode(self.digest(r))] if signatures is None else signatures
        return r["others"] + [list(pair) for pair in self.contract.write(self.fields(r), signatures)]

    def add(self, id, comment, result, r, headers=None, now=NOW):
        headers = self.sent(r) if headers is None else headers
        if id in self.made or not all(re.fullmatch("[ -~\t]*", value) for _, value in headers):
            return
        known = Key(r["key"], r["key_id"])
        try:
            self.contract.verify([known], headers, r["payload"], method=r["method"], target=r["target"], now=now)
            computed = "valid"
        except Rejected as rejected:
            computed = rejected.reason
        assert computed == result, f"{self.row['name']} {id}: {computed}, and {result} was meant"
        signed = canonical = None
        if result in ("valid", "signature-mismatch"):
            fields, _ = self.contract._read([tuple(pair) for pair in headers])
            request = {"method": r["method"], "target": r["target"], "headers": headers}
            signed = self.contract.string_to_sign(r["payload"], fields, **request)
            canonical = self.contract.canonical_request(r["payload"], fields, **request)
        text = lambda value: None if value is None else base64.b64encode(value).decode()
        vector = {
            "id": id, "comment": comment, "key_base64": text(r["key"]), "key_id": r["key_id"], "method": r["method"], "target": r["target"],
            "headers": headers, "payload_base64": text(r["payload"]), "now": now, "string_to_sign_base64": text(signed), "result": result,
        }
        if self.row["canonical_request"] is not None:
            vector["canonical_request_base64"] = text(canonical)
        self.made[id] = vector

    def valid(self, id, comment, headers=None, now=NOW, **changes):
        self.add(id, comment, "valid", self.request(**changes), headers, now)

    def forged(self, id, comment, result="signature-mismatch", now=NOW, received=None, headers=None, **changes):
        """A request that was signed with these changes, and of which something else is received."""
        sent = self.request(**changes)
        headers = self.sent(sent) if headers is None else headers
        self.add(id, comment, result, {**sent, **(received or {})}, headers, now)

    # --- good ones ---

    def good(self):
        self.valid("plain", "a JSON payload with characters beyond ASCII and slashes that are not escaped")
        for id, payload in [
            ("empty-payload", b""), ("one-zero-byte", b"\0"), ("every-byte", bytes(range(256))), ("trailing-line-feed", b"Hello\r\n"),
            ("beyond-ascii", "回执用户".encode()), ("byte-order-mark", b"\xef\xbb\xbf{}"), ("form", b"a=1&b=%20+c"),
            ("separators", b"; nonce=:; value=.\n,{payload}"),
        ]:
            self.valid(f"payload-{id}", "the payload byte for byte", payload=payload)
        for id, key in [("long", LONG_KEY), ("one-byte", b"k"), ("block-sized", LONG_KEY[:64]), ("zero-byte-inside", b"te\0st\xff")]:
            self.valid(f"key-{id}", "the key byte for byte; what is longer than 64 bytes is hashed first", key=key)
        for id, spell in [("lower-case", str.lower), ("upper-case", str.upper)]:
            headers = [[spell(name), value] for name, value in self.sent(self.request())]
            self.valid(f"header-names-in-{id}", "the letter case of a header's name says nothing", headers)
        self.valid("another-header", "headers that the contract does not know are not looked at", [["X-Other", "1"], *self.sent(self.request())])
        constants = [header.name for header in self.contract.headers if not header.fields]
        if constants:
            headers = [pair for pair in self.sent(self.request()) if pair[0] not in constants]
            self.valid("constant-header-missing", "a header without a field is sent, and nobody signs it", headers)
        for header in self.contract.headers:
            earlier = {field for other in self.contract.headers[: self.contract.headers.index(header)] for field in other.fields}
            if header.fields and set(header.fields) <= earlier and "signature" not in header.fields:
                headers = [pair for pair in self.sent(self.request()) if pair[0] != header.name]
                self.valid("repeating-header-missing", "another header has said it already", headers)
        self.good_digests()
        self.good_times()
        self.good_nonces_and_ids()
        self.good_lists()
        self.good_targets()

    def good_digests(self):
        text = self.contract.encode(self.digest(self.request()))
        if self.row["encoding"] == "hex":
            self.valid("digest-in-upper-case", "hex digits are read in either letter case", self.sent(self.request(), [text.upper()]))
        if self.row["encoding"] == "base64-url":
            self.valid("digest-padded", "the padding may be there", self.sent(self.request(), [text + "="]))

    def good_times(self):
        if not self.row["timestamp_format"]:
            self.valid("years-later", "the contract has no timestamp, so that a request never gets too old", now=NOW + 10**8)
            return
        tolerance = self.row["tolerance"]
        self.valid("end-of-window", "the last second of the window", now=NOW + tolerance)
        self.valid("start-of-window", "the first second of the window, which is ahead of the clock", now=NOW - tolerance)
        if self.row["timestamp_format"] in ("seconds", "milliseconds") and not self.row["timestamp_digits"]:
            self.valid("leading-zeros", "what is signed is the text, zeros included", timestamp="000" + self.stamp(NOW))
            self.valid("largest-timestamp", "the largest number of 63 bits", timestamp=str(2**63 - 1),
                       now=(2**63 - 1) // (1000 if self.row["timestamp_format"] == "milliseconds" else 1))
        if self.row["timestamp_format"] == "rfc3339":
            self.valid("fraction", "a fraction is signed as it is sent, and not counted", timestamp=self.stamp(NOW)[:-1] + ".999999999Z", now=NOW + tolerance)
            ahead = datetime.fromtimestamp(NOW, timezone(timedelta(hours=5, minutes=45))).isoformat()
            self.valid("offset", "an offset in place of Z", timestamp=ahead)

    def good_nonces_and_ids(self):
        if self.nonce_set():
            _, fewest, most = self.nonce_set()
            self.valid("shortest-nonce", f"{fewest} characters", nonce=self.nonce(fewest))
            self.valid("longest-nonce", f"{most} characters", nonce=self.nonce(most))
        if self.row["nonce"] == "uuid":
            self.valid("nonce-in-upper-case", "a UUID in either letter case, signed as it is sent", nonce=UUID.upper())
        if self.has("key_id"):
            self.valid("shortest-key-id", "one character", key_id="~")
            self.valid("longest-key-id", "128 characters", key_id="aZ09.-_:" * 16)

    def good_lists(self):
        """What a list allows."""
        header = self.signature_header
        r = self.request()
        if header.form == "named":
            parts = [part for part in header.parts]
            texts = [f"{part.name}={part.template}" for part in parts]
            spell = lambda texts, joint: header.scheme + joint.join(texts)
            joint = header.separator
            for id, comment, template in [
                ("list-in-another-order", "names stand in any order", spell(texts[::-1], joint + " ")),
                ("list-without-spaces", "spaces around the separator may be missing", spell(texts, joint)),
                ("list-with-spaces", "spaces and tabs around the separator", spell(texts, f" {joint} \t")),
                ("list-names-in-upper-case", "names in either letter case", spell([text[: len(part.name)].upper() + text[len(part.name):] for part, text in zip(parts, texts)], joint)),
                ("list-with-another-part", "parts with names of their own are skipped", spell([*texts, "version=2"], joint)),
            ]:
                self.valid(id, comment, self.respelled(r, template))
            if header.scheme:
                self.valid("scheme-in-lower-case", "a scheme in either letter case", self.respelled(r, spell(texts, joint + " ").replace(header.scheme, header.scheme.lower())))
            constants = [text for part, text in zip(parts, texts) if part.field]
            if constants != texts:
                self.valid("list-without-its-constant", "a part that always has the same value may be missing", self.respelled(r, spell(constants, joint)))
        if header.repeats:
            good = self.contract.encode(self.digest(r))
            other = self.contract.encode(hmac.new(OTHER_KEY, self.message(r), hashlib.sha256).digest())
            self.valid("second-of-two-signatures", "while a secret is being changed, a sender signs with both", self.sent(r, [other, good]))
            self.valid("first-of-two-signatures", "any of them may match", self.sent(r, [good, other]))
            self.valid("beside-one-that-does-not-decode", "a signature that does not decode is skipped while another decodes", self.sent(r, ["zzzz", good]))
            self.valid("sixteen-signatures", "as many as there may be", self.sent(r, [other] * 15 + [good]))
            headers = self.sent(r)
            for pair in headers:
                if pair[0] == header.name:
                    last = header.parts[-1]
                    foreign = "v0=00" if header.form == "named" else "v0" + ("," if header.parts[-1].prefix.endswith(",") else "=") + "00"
                    pair[1] += header.joint + (foreign if header.form == "named" or not foreign.startswith(last.prefix or "\0") else "x" + foreign)
            self.valid("signature-of-another-scheme", "parts of another kind are skipped", headers)
        if self.contract.several_carriers:
            carriers = [other.name for other in self.contract.headers if "signature" in other.fields]
            for index, name in enumerate(carriers):
                headers = self.sent(r, ["" for _ in range(index)] + [self.contract.encode(self.digest(r))])
                headers = [pair for pair in headers if pair[0] not in carriers or pair[0] == name]
                self.valid(f"signature-only-in-{name.lower()}", "all but one header with a signature may be missing", headers)

    def respelled(self, r, template):
        """The header with the signature written by another template."""
        values = {**self.fields(r), "signature": self.contract.encode(self.digest(r))}
        value = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], template)
        return [[name, value if name == self.signature_header.name else old] for name, old in self.sent(r)]

    def good_targets(self):
        origin = ORIGIN if self.has("url") else ""
        if not self.signs_method():
            self.valid("another-method", "the contract does not sign the method", method="PUT")
        else:
            self.valid("method-in-lower-case", "the method in upper case is signed", method="patch")
        for method in self.row["methods_without_payload"]:
            self.valid(f"{method.lower()}-without-payload", "the payload is empty", method=method, payload=b"")
        if not self.signs_target():
            self.valid("another-target", "the contract does not sign the target", target="/elsewhere?x=1")
            return
        for id, target in [
            ("trailing-slash-missing", "/hook"), ("no-query", "/hook/"), ("root", "/"), ("empty-query", "/hook/?"),
            ("query-order", "/hook/?z=1&b=2&a=1&b=1"), ("query-duplicates-and-blanks", "/hook/?b&a=&a=1&a=1&&=x"),
            ("query-plus", "/hook/?q=a+b&r=a%20b&s=%2B"), ("query-escapes", "/hook/?a=%7e%2d%c3%a9&%zz=%4"),
            ("query-sorted-encoded", "/hook/?z=1&%C3%A9=2&k=z&k=%C3%A9&%7B=3"), ("query-not-escaped", "/hook/?é=ü"),
            ("path-escaped", "/caf%C3%A9/a%2Fb%20c+d%2520/"), ("path-not-escaped", "/café/東京/"), ("path-dots", "/a/../b/./c//d/"),
            ("path-not-utf-8", "/%ff/%FE/?a=%ff"), ("numbers-as-names", "/hook/?10=a&9=b&1=c"),
        ]:
            if not (origin and not target.isascii()):
                self.valid(f"target-{id}", "path and query by their rules", target=origin + target)
        if not origin:
            self.valid("target-absolute", "of an absolute target, path and query are used", target=f"{ORIGIN}:8443/hook/?b=2&a=1")

    def signs_method(self):
        return self.has("method")

    def signs_target(self):
        return self.has("path", "query", "target", "url", "canonical_path", "canonical_query")

    # --- bad ones ---

    def bad(self):
        flipped = bytes([BODY[0] ^ 1]) + BODY[1:]
        for id, comment, payload in [
            ("payload-changed", "one bit of the payload", flipped), ("payload-emptied", "no payload at all", b""),
            ("payload-extended", "a line feed more", BODY + b"\n"), ("payload-truncated", "a byte less", BODY[:-1]),
            ("payload-rewritten", "JSON that was decoded and encoded again: other spaces, and é as \\u00e9", REWRITTEN),
            ("payload-with-escaped-slashes", "JSON as PHP writes it", BODY.replace(b"/", b"\\/")),
            ("payload-with-mark", "a byte order mark in front", b"\xef\xbb\xbf" + BODY),
        ]:
            self.forged(id, comment, received={"payload": payload})
        for id, comment, key in [
            ("key-of-another", "another key", OTHER_KEY), ("key-with-line-feed", "the line feed of a secret file", KEY + b"\n"),
            ("key-as-hex", "the hex text of the key", KEY.hex().encode()), ("key-as-base64", "the base64 text of the key", base64.b64encode(KEY)),
            ("key-empty", "an empty key, which is a configuration that was not found", b""),
        ]:
            self.forged(id, comment, key=key, received={"key": KEY})
        self.bad_digests()
        self.bad_headers()
        self.bad_times()
        self.bad_nonces_and_ids()
        self.bad_lists()
        self.bad_targets()

    def bad_digests(self):
        r = self.request()
        digest, message = self.digest(r), self.message(r)
        flipped = bytes([digest[0] ^ 0x80]) + digest[1:]
        text = self.contract.encode(digest)
        standard = base64.b64encode(digest).decode()
        mismatches = [
            ("digest-one-bit", "one bit of the digest", flipped), ("digest-of-nothing", "32 zero bytes", bytes(32)),
            ("digest-without-hmac", "a plain SHA-256 of the string to sign and the key", hashlib.sha256(message + KEY).digest()),
            ("digest-without-key", "a plain SHA-256 of the string to sign", hashlib.sha256(message).digest()),
            ("digest-of-payload-alone", "an HMAC of the payload alone", hmac.new(KEY, BODY, hashlib.sha256).digest()),
            ("digest-of-digest", "an HMAC of the hash of the string to sign", hmac.new(KEY, hashlib.sha256(message).digest(), hashlib.sha256).digest()),
            ("digest-key-and-payload-swapped", "the string to sign as the key", hmac.new(message, KEY, hashlib.sha256).digest()),
            ("digest-with-line-feed", "a line feed behind the string to sign, as echo writes it", hmac.new(KEY, message + b"\n", hashlib.sha256).digest()),
        ]
        for id, comment, forged in mismatches:
            if forged != digest:
                self.forged(id, comment, headers=self.sent(r, [self.contract.encode(forged)]))
        hexadecimal = self.row["encoding"] == "hex"
        malformed = [
            ("digest-empty", "an empty signature", ""), ("digest-truncated", "a character less", text[:-1]), ("digest-longer", "a character more", text + "A"),
            ("digest-in-the-other-encoding", "base64 for hex, or hex for base64", standard if hexadecimal else digest.hex()),
            ("digest-base64-of-hex", "base64 of the hex text: 88 characters", base64.b64encode(digest.hex().encode()).decode()),
            ("digest-with-prefix", "a prefix in front", "sha256:" + text), ("digest-of-sha-512", "SHA-512", base64.b64encode(hmac.new(KEY, message, hashlib.sha512).digest()).decode()),
            ("digest-of-sha-1", "SHA-1", hmac.new(KEY, message, hashlib.sha1).hexdigest()), ("digest-no-characters-of-it", "44 characters of no encoding", "!" * 44),
        ]
        if hexadecimal:
            malformed.append(("digest-with-0x", "0x in front", "0x" + text))
        elif self.row["encoding"] == "base64":
            malformed += [
                ("digest-without-padding", "the padding lost", text.rstrip("=")), ("digest-url-safe", "the URL-safe alphabet", self.url_safe(text)),
                ("digest-other-spelling", "a second spelling of the last character, whose spare bits are not zero", self.respelled_last(text)),
                ("digest-with-space", "a + that became a space", self.plus_lost(text)),
            ]
        else:
            malformed += [
                ("digest-other-spelling", "a second spelling of the last character, whose spare bits are not zero", self.respelled_last(text)),
                ("digest-standard-alphabet", "the standard alphabet", self.url_safe(text, back=True)),
            ]
        for id, comment, forged in malformed:
            if forged != text:
                self.malformed_signature(id, comment, forged)
        if not hexadecimal:
            self.forged_or_malformed("digest-in-lower-case", "base64 whose letters became lower case", text.lower())

    def malformed_signature(self, id, comment, text):
        """Some texts break the form of the header before they break that of the digest, or move where a field ends."""
        self.forged_or_malformed(id, comment, text, ("malformed-signature", "malformed-header", "unknown-key"))

    def forged_or_malformed(self, id, comment, text, reasons=("malformed-signature", "signature-mismatch")):
        r = self.request()
        headers = self.sent(r, [text])
        try:
            self.contract.verify([Key(r["key"], r["key_id"])], headers, r["payload"], method=r["method"], target=r["target"], now=NOW)
        except Rejected as rejected:
            assert rejected.reason in reasons, f"{id}: {rejected.reason}"
            self.add(id, comment, rejected.reason, r, headers)
        else:
            raise AssertionError(f"{self.row['name']} {id} is accepted")

    def url_safe(self, text, back=False):
        # Not every digest has a character that differs.
        if back:
            return text.replace("-", "+").replace("_", "/") if re.search("[-_]", text) else "+" + text[1:]
        return text.replace("+", "-").replace("/", "_") if re.search("[+/]", text) else "-" + text[1:]

    def respelled_last(self, text):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + ("-_" if self.row["encoding"] == "base64-url" else "+/")
        digits = text.rstrip("=")
        return digits[:-1] + alphabet[alphabet.index(digits[-1]) + 1] + text[len(digits):]

    def plus_lost(self, text):
        return text.replace("+", " ") if "+" in text[1:] else text[:9] + " " + text[10:]

    def bad_headers(self):
        r = self.request()
        sent = self.sent(r)
        position = 0
        for header in self.contract.headers:
            earlier = {field for other in self.contract.headers[:position] for field in other.fields}
            position += 1
            if not header.fields:
                continue
            name = header.name.lower()
            only = len([other for other in self.contract.headers if "signature" in other.fields]) == 1 or "signature" not in header.fields
            if only and not set(header.fields) <= earlier:
                self.forged(f"missing-{name}", "a header is missing", "missing-header", headers=[pair for pair in sent if pair[0] != header.name])
            value = next((value for other, value in sent if other == header.name), None)
            if value is None:
                continue
            self.forged(f"repeated-{name}", "a header stands twice, with the same value", "repeated-header", headers=[*sent, [header.name, value]])
            self.forged(f"repeated-{name}-with-another-value", "a header stands twice, with two values", "repeated-header", headers=[[name, "0"], *sent])
            self.computed(f"empty-{name}", "an empty header", [[other, "" if other == header.name else old] for other, old in sent])
            self.computed(f"too-long-{name}", "a header of more than 4096 bytes", [[other, old + "0" * 4096 if other == header.name else old] for other, old in sent])
            prefix = header.template.partition("{")[0]
            if header.form == "sequence" and prefix:
                self.computed(f"unframed-{name}", "what stands in front of the field is missing", [[other, old.removeprefix(prefix) if other == header.name else old] for other, old in sent])
                self.computed(f"framed-otherwise-{name}", "another text in front of the field", [[other, "X" + old if other == header.name else old] for other, old in sent])
            if set(header.fields) <= earlier and "signature" not in header.fields:
                forged = [[other, old[:-1] + ("0" if old[-1:] != "0" else "1") if other == header.name else old] for other, old in sent]
                self.forged(f"contradiction-{name}", "a header that repeats a field and says otherwise", "malformed-header", headers=forged)

    def computed(self, id, comment, headers, received=None, now=NOW, **changes):
        """A forgery whose reason follows from where its header breaks."""
        r = {**self.request(**changes), **(received or {})}
        try:
            self.contract.verify([Key(r["key"], r["key_id"])], headers, r["payload"], method=r["method"], target=r["target"], now=now)
        except Rejected as rejected:
            self.add(id, comment, rejected.reason, r, headers, now)
        else:
            raise AssertionError(f"{self.row['name']} {id} is accepted")

    def replaced(self, r, field, text):
        """The headers of a good request, with the text of a field replaced wherever it stands."""
        fields = {**self.fields(r), field: text}
        return r["others"] + [list(pair) for pair in self.contract.write(fields, [self.contract.encode(self.digest(r))])]

    def bad_times(self):
        form, tolerance = self.row["timestamp_format"], self.row["tolerance"]
        if not form:
            return
        self.forged("stale", "a second after the window", "stale", now=NOW + tolerance + 1)
        self.forged("from-future", "a second before the window", "from-future", now=NOW - tolerance - 1)
        self.forged("recorded-yesterday", "signed a day ago", "stale", timestamp=self.stamp(NOW - 86_400))
        r = self.request(timestamp=self.stamp(NOW - 86_400))
        self.forged("timestamp-refreshed", "a recorded signature with the time of today", timestamp=r["timestamp"], headers=self.replaced(r, "timestamp", self.stamp(NOW)), received={"timestamp": self.stamp(NOW)})
        if form in ("seconds", "milliseconds"):
            other = str(NOW * 1000 if form == "seconds" else NOW)
            self.computed("timestamp-in-the-other-unit", "milliseconds for seconds, or seconds for milliseconds", self.sent(self.request(timestamp=other)), timestamp=other)
            good = self.stamp(NOW)
            spellings = [("signed", "+" + good), ("negative", "-" + good), ("fraction", good + ".0"), ("hex", hex(int(good))), ("exponent", "1.766666666e9"),
                         ("too-large", str(2**63)), ("twenty-digits", "0" * (20 - len(good)) + good), ("empty", ""), ("letters", "now"), ("date", "2025-12-25T12:44:26Z")]
            if self.row["timestamp_digits"]:
                spellings.append(("a-zero-more", "0" + good))
        else:
            good = self.stamp(NOW)
            spellings = [("digits", str(NOW)), ("empty", ""), ("local", good[:-1]), ("lower-case", good.lower()), ("no-such-day", good.replace("1225", "0230").replace("12-25", "02-30")),
                         ("leap-second", good[:-3] + "60Z"), ("before-1970", "1969" + good[4:]), ("with-zone", good[:-1] + "+0000")]
            if form == "rfc3339":
                spellings += [("with-space", good.replace("T", "t")), ("fraction-empty", good[:-1] + ".Z"), ("fraction-of-ten-digits", good[:-1] + ".0123456789Z")]
            else:
                spellings += [("fraction", good[:-1] + ".5Z"), ("extended", "2025-12-25T12:44:26Z")]
        for id, text in spellings:
            self.computed(f"timestamp-{id}", "a timestamp that does not have the format, and is signed", self.sent(self.request(timestamp=text)), timestamp=text)

    def bad_nonces_and_ids(self):
        grammar = self.row["nonce"]
        if grammar:
            wrong = []
            if self.nonce_set():
                alphabet, fewest, most = self.nonce_set()
                foreign = next(character for character in "!~%=|" if character not in alphabet)
                wrong = [("too-short", self.nonce(fewest - 1)), ("too-long", self.nonce(most + 1)), ("of-another-character", foreign + self.nonce()[1:])]
                changed = self.nonce()[::-1]
            elif grammar == "uuid":
                wrong = [("not-a-uuid", UUID.replace("-", "")), ("of-another-character", "g" + UUID[1:]), ("empty", "")]
                changed = UUID[:-1] + "1"
            else:
                wrong, changed = [("another", "x"), ("longer", grammar + "x"), ("empty", "")], None
            for id, text in wrong:
                self.computed(f"nonce-{id}", "a nonce outside the grammar, and signed", self.sent(self.request(nonce=text)), nonce=text)
            if changed and changed != self.nonce():
                self.forged("nonce-changed", "a recorded signature with another nonce", headers=self.replaced(self.request(), "nonce", changed))
        if self.has("key_id"):
            self.forged("key-id-of-nobody", "an id that no key of the receiver has", "unknown-key", received={"key_id": "client-2"})
            for id, text in [("empty", ""), ("too-long", "a" * 129), ("with-space", "a b"), ("with-comma", "a,b")]:
                self.computed(f"key-id-{id}", "a key id that is not one", self.sent(self.request(key_id=text)), key_id=text, received={"key_id": KEY_ID})

    def bad_lists(self):
        header = self.signature_header
        r = self.request()
        if header.form == "named":
            texts = [f"{part.name}={part.template}" for part in header.parts]
            joint = header.separator + " "
            spell = lambda texts: header.scheme + joint.join(texts)
            for part, text in zip(header.parts, texts):
                if part.field:
                    self.computed(f"list-without-{part.name.lower()}", "a part is missing", self.respelled(r, spell([other for other in texts if other != text])))
                    self.computed(f"list-{part.name.lower()}-empty", "a part without a value", self.respelled(r, spell([f"{part.name}=" if other == text else other for other in texts])))
                    if part.field != "signature" or not header.repeats:
                        self.computed(f"list-{part.name.lower()}-twice", "a part twice, with the same value", self.respelled(r, spell([*texts, text])))
            for id, comment, template in [
                ("list-with-space-inside", "white space around =", spell([texts[0].replace("=", " = ", 1), *texts[1:]])),
                ("list-in-quotes", "values in quotation marks", spell([re.sub("=(.*)", r'="\1"', text) for text in texts])),
                ("list-with-another-separator", "another separator", (header.scheme + ("|").join(texts))),
                ("list-ending-in-separator", "a separator at the end", spell(texts) + header.separator),
                ("list-percent-encoded", "= as %3D", spell(texts).replace("=", "%3D")),
                ("list-of-33-parts", "more than 32 parts", spell([*texts, *(f"x{index}=1" for index in range(33 - len(texts)))])),
            ]:
                self.computed(id, comment, self.respelled(r, template))
            if header.scheme:
                self.computed("list-without-scheme", "the scheme is missing", self.respelled(r, joint.join(texts)))
                self.computed("list-with-another-scheme", "another scheme", self.respelled(r, "Bearer " + joint.join(texts)))
            if not all(part.field for part in header.parts):
                self.computed("list-with-another-constant", "another value of a part that always has the same", self.respelled(r, spell([text if part.field else f"{part.name}=x" for part, text in zip(header.parts, texts)])))
        if header.repeats:
            other = self.contract.encode(hmac.new(OTHER_KEY, self.message(r), hashlib.sha256).digest())
            self.computed("two-signatures-of-others", "none of the signatures matches", self.sent(r, [other, self.contract.encode(bytes(32))]))
            self.computed("seventeen-signatures", "more than 16, the last of which is right", self.sent(r, [other] * 16 + [self.contract.encode(self.digest(r))]))
            self.computed("no-signature-decodes", "two signatures, of which none decodes", self.sent(r, ["zzzz", "0"]))

    def bad_targets(self):
        origin = ORIGIN if self.has("url") else ""
        if self.signs_method():
            self.forged("method-changed", "another method", received={"method": "DELETE"})
            self.forged("method-malformed", "a method that is not one", "malformed-request", received={"method": "PO ST"})
        for method in self.row["methods_without_payload"]:
            self.forged(f"{method.lower()}-with-payload", "a payload where none is signed", "unsigned-payload", method=method, payload=b"", received={"payload": BODY})
        if self.signs_target():
            if self.has("path", "target", "url", "canonical_path"):
                self.forged("path-changed", "another path", received={"target": origin + "/other/?b=2&a=1"})
                self.forged("path-in-upper-case", "the letter case of the path", received={"target": origin + "/Hook/?b=2&a=1"})
                self.forged("path-double-slash", "a slash more", received={"target": origin + "/hook//?b=2&a=1"})
                self.forged("path-encoded-once-more", "a percent sign encoded again, as proxies do", target=origin + "/caf%C3%A9/", received={"target": origin + "/caf%25C3%25A9/"})
            if self.has("path", "target", "url"):
                self.forged("path-without-its-slash", "the slash at the end", received={"target": origin + "/hook?b=2&a=1"})
            if self.has("query", "target", "url", "canonical_query"):
                self.forged("query-changed", "another value", received={"target": origin + "/hook/?b=2&a=2"})
                self.forged("query-extended", "a parameter more", received={"target": origin + "/hook/?b=2&a=1&c=3"})
                self.forged("query-shortened", "a parameter less", received={"target": origin + "/hook/?b=2"})
                self.forged("query-duplicate", "a parameter twice", received={"target": origin + "/hook/?b=2&a=1&a=1"})
                self.forged("query-plus-for-space", "a plus sign that was meant as itself", target=origin + "/hook/?q=a%2Bb", received={"target": origin + "/hook/?q=a+b"})
            self.forged("target-with-fragment", "a fragment, which is never sent", "malformed-request", received={"target": origin + "/hook/?b=2&a=1#x"})
            self.forged("target-with-space", "white space", "malformed-request", received={"target": origin + "/hook/ ?b=2&a=1"})
            self.forged("target-without-slash", "neither /path nor https://host/path", "malformed-request", received={"target": "hook/?b=2&a=1"})
            if self.has("path"):
                self.forged("path-with-line-feed", "an encoded line feed could pass for the end of the path", "malformed-request", received={"target": "/hook%0A/?b=2&a=1"})
            if self.has("url"):
                self.forged("url-of-another-host", "another host", received={"target": "https://evil.example/hook/?b=2&a=1"})
                self.forged("url-of-another-scheme", "http for https", received={"target": "http://receiver.example/hook/?b=2&a=1"})
                self.forged("url-with-user", "a user in front of the host", "malformed-request", received={"target": "https://u@receiver.example/hook/?b=2&a=1"})
                self.forged("url-without-origin", "path and query alone", "malformed-request", received={"target": "/hook/?b=2&a=1"})
        for name in self.row["signed_headers"] + re.findall(r"\{header:([^{}]+)\}", self.templates):
            if any(header.is_named(name) for header in self.contract.headers):
                continue
            sent = self.sent(self.request())
            others = [pair for pair in sent if pair[0] != name]
            self.forged(f"signed-{name.lower()}-changed", "a signed header was changed", headers=[[name, "evil.example"], *others])
            self.computed(f"signed-{name.lower()}-missing", "a signed header is missing", others)
            self.computed(f"signed-{name.lower()}-repeated", "a signed header stands twice", [[name, "evil.example"], *sent])
        if "signed_headers" in self.carries:
            self.bad_signed_headers()

    def bad_signed_headers(self):
        r = self.request()
        good = self.fields(r)["signed_headers"]
        for id, comment, names in [
            ("signed-headers-empty", "an empty list", ""), ("signed-headers-in-upper-case", "names in upper case", good.upper()),
            ("signed-headers-twice", "a name twice", good + ";" + good.split(";")[0]), ("signed-headers-shortened", "one that must be signed is not in the list", ";".join(good.split(";")[1:]) or "x"),
            ("signed-headers-with-the-signature", "the header with the signature cannot sign itself", good + ";" + self.signature_header.name.lower()),
            ("signed-headers-with-an-underscore", "servers take _ and - for the same", good + ";x_more"),
            ("signed-headers-with-a-missing-one", "the list names a header that did not come", good + ";x-missing"),
        ]:
            self.computed(id, comment, self.replaced(r, "signed_headers", names))
        self.valid("signed-headers-in-another-order", "the list in the order in which it was sent", signed=";".join(good.split(";")[::-1]))
        self.valid("signed-headers-with-another", "more headers may be signed", others=[*r["others"], ["X-More", "  a  b "]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
