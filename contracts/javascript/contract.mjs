/*
 * Signs and verifies HTTP requests by a contract file. One file, Node's standard library only: copy it, read it, change it.
 *
 *     const contract = Contract.load("nextcloud.json");
 *     const headers = contract.sign({ secret, id: "client-1" }, body, { method: "POST", target: "/api/?a=1" });
 *     contract.verify([{ secret, id: "client-1" }], pairsOf(request.rawHeaders), body, { method: request.method, target: request.url });
 *
 * A key is an object with its bytes, `secret`, and its `id` where the contract sends one. A payload is a Buffer: read the body
 * before anything decodes it. `verify` returns what was verified, or throws `Rejected`, whose reason belongs into the
 * receiver's log and not into its answer. Take `rawHeaders`: `headers` has joined those that came twice.
 *
 * Limits. It knows nothing of replay: remember the digest for as long as the window is open, and refuse what comes again. It
 * leaves secrets in memory. Signatures are compared in constant time (`timingSafeEqual`); the rest is not secret. It
 * believes that the file is a contract which can be kept: `hw-signature export` writes no other.
 */

import { createHash, createHmac, randomInt, randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

const VERSION = 1;
const FIELDS = new Set([
  "$schema", "contract_version", "name", "title", "source", "payload", "string_to_sign", "headers", "encoding", "timestamp_format",
  "timestamp_digits", "tolerance", "nonce", "methods_without_payload", "ambiguous", "canonical_request", "signed_headers",
  "rules", "vectors",
]);
const MAX_HEADER_LENGTH = 4096;
const MAX_PARTS = 32;
const MAX_SIGNATURES = 16;
const MAX_SIGNED_HEADERS = 64;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";
const PLAIN = "[!-+\\--:<-~]"; // visible ASCII without "," and ";"
const UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
const SIGNED_NAME = "[!#$%&'*+\\-.^`|~0-9a-z]+";
const RFC3339 = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)";

/** A request that is not accepted. `reason` is one of the values that the contract files have as `result`. */
export class Rejected extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

export class Contract {
  constructor(file) {
    const unknown = Object.keys(file).filter((field) => !FIELDS.has(field));
    if (unknown.length > 0 || file.contract_version !== VERSION) {
      throw new Error(`not a contract that is understood here: ${unknown.join(", ") || file.contract_version}`);
    }
    this.file = { methods_without_payload: [], signed_headers: [], ...file };
    this.headers = Object.entries(file.headers).map(([name, template]) => new Header(name, template));
    this.severalCarriers = this.headers.filter((header) => header.fields.includes("signature")).length > 1;
  }

  static load(path) {
    return new Contract(JSON.parse(readFileSync(path, "utf8")));
  }

  // --- signing ---

  /**
   * The headers to send with the request. `keys` is one key, or a list while a secret is being changed; `timestamp` is Unix time
   * in the unit of the contract, or a text that is sent as it stands; `headers` are the other headers of the request, as
   * pairs, where the contract signs some.
   */
  sign(keys, payload, { method, target, nonce, timestamp, headers = [] } = {}) {
    keys = [keys].flat();
    keys = keys.filter((key, index) => keys.findIndex((other) => Buffer.from(other.secret).equals(Buffer.from(key.secret))) === index);
    if (payload.length > 0 && this.file.methods_without_payload.includes((method ?? "").toUpperCase())) {
      throw new Error("the contract signs no payload for this method");
    }
    const fields = { timestamp: this.#stamp(timestamp), nonce: nonce ?? this.#newNonce(), key_id: keys[0].id };
    const others = [...headers];
    if (this.file.signed_headers.length > 0) {
      const origin = /^(https?):\/\/([^/?#]+)/i.exec(target ?? "");
      if (origin && !others.some(([name]) => name.toLowerCase() === "host")) {
        const port = origin[1].toLowerCase() === "https" ? /:443$/ : /:80$/;
        others.push(["host", origin[2].toLowerCase().replace(port, "")]);
      }
      const isSent = this.headers.some((header) => header.fields.includes("signed_headers"));
      const names = new Set([...this.file.signed_headers, ...(isSent ? others : []).map(([name]) => name.toLowerCase())]);
      fields.signed_headers = [...names].sort(byBytes).join(";");
    }
    for (const field of new Set(this.headers.flatMap((header) => header.fields))) {
      if (field !== "signature") this.#check(field, fields[field] ?? "");
    }
    const message = this.stringToSign(payload, fields, { method, target, headers: [...others, ...this.#write(fields, [])] });
    const signatures = keys.map((key) => this.encode(createHmac("sha256", key.secret).update(message).digest()));
    const room = this.headers.reduce((sum, header) => sum + header.room(), 0);
    if (keys.length > room) throw new Error("the contract has no place for so many signatures");
    return Object.fromEntries(this.#write(fields, signatures));
  }

  /** The headers with these fields and signatures; without those for which no signature is left. */
  #write(fields, signatures) {
    const sent = [];
    for (const header of this.headers) {
      const room = header.room();
      if (signatures.length > 0 || room === 0) sent.push([header.name, header.write(fields, signatures.slice(0, room))]);
      signatures = signatures.slice(room);
    }
    return sent;
  }

  // --- verifying ---

  /** Checks a request. `headers` are all that came, as pairs; `now` is Unix time in seconds. Throws `Rejected`. */
  verify(keys, headers, payload, { method, target, now, tolerance } = {}) {
    const { fields, digests } = this.#read(headers);
    this.#checkTime(fields.timestamp, now ?? Math.floor(Date.now() / 1000), tolerance ?? this.file.tolerance);
    if (payload.length > 0 && this.file.methods_without_payload.includes((method ?? "").toUpperCase())) {
      throw new Rejected("unsigned-payload", "the contract signs no payload for this method, and the request has one");
    }
    const message = this.stringToSign(payload, fields, { method, target, headers });
    let found = null;
    let named = false;
    for (const key of keys) {
      const meant = fields.key_id === undefined || key.id == null || fields.key_id === key.id;
      named ||= meant;
      const expected = createHmac("sha256", key.secret).update(message).digest();
      // All are compared, so that the time says nothing.
      const matches = digests.map((digest) => timingSafeEqual(expected, digest));
      if (meant && matches.includes(true)) {
        found ??= { key, digest: expected, timestamp: fields.timestamp ?? null, nonce: fields.nonce ?? null };
      }
    }
    if (found === null && !named) throw new Rejected("unknown-key", "no key has the id that the request names");
    if (found === null) throw new Rejected("signature-mismatch", "the signature does not match");
    return found;
  }

  /** What the headers of the contract say, and the signatures. */
  #read(headers) {
    const fields = {};
    const digests = [];
    let undecodable = null;
    let leftOut = null;
    for (const header of this.headers) {
      if (header.fields.length === 0) continue; // a constant, which nobody signs
      const values = headers.filter(([name]) => name.toLowerCase() === header.name.toLowerCase());
      if (values.length > 1) throw new Rejected("repeated-header", `${header.name} stands more than once`);
      if (values.length === 0) {
        if (this.severalCarriers && header.fields.includes("signature")) {
          leftOut ??= header.name;
          continue;
        }
        if (header.fields.every((field) => field in fields)) continue; // it only repeats what another header said
        throw new Rejected("missing-header", `${header.name} is missing`);
      }
      const before = { ...fields };
      for (const [field, text] of header.read(values[0][1])) {
        if (field === "signature") {
          const digest = this.decode(text);
          if (digest === null) {
            undecodable ??= `the signature is not 32 bytes in ${this.file.encoding}`;
          } else {
            digests.push(digest);
          }
        } else if (field in before) {
          if (before[field] !== text) throw new Rejected("malformed-header", `${header.name} contradicts another header`);
        } else {
          this.#check(field, text);
          fields[field] = text;
        }
      }
    }
    if (digests.length === 0) {
      throw undecodable === null ? new Rejected("missing-header", `${leftOut} is missing`) : new Rejected("malformed-signature", undecodable);
    }
    return { fields, digests };
  }

  #check(field, text) {
    if (field === "timestamp") {
      this.#seconds(text);
    } else if (field === "nonce" && !whole(noncePattern(this.file.nonce), text)) {
      throw new Rejected("malformed-nonce", "the nonce does not fit the grammar");
    } else if (field === "key_id" && !whole(`${PLAIN}{1,128}`, text)) {
      throw new Rejected("malformed-header", "the key id must be 1 to 128 visible ASCII characters without , and ;");
    } else if (field === "signed_headers") {
      const names = text.split(";");
      const fine = names.length === new Set(names).size && names.length <= MAX_SIGNED_HEADERS && names.every((name) => whole(SIGNED_NAME, name));
      const own = this.headers.filter((header) => header.fields.includes("signature")).map((header) => header.name.toLowerCase());
      if (!fine || !this.file.signed_headers.every((name) => names.includes(name)) || own.some((name) => names.includes(name))) {
        throw new Rejected("malformed-header", "the list of signed headers is not one, or lacks one that must be signed");
      }
    }
  }

  // --- time ---

  /** The timestamp in whole seconds. */
  #seconds(text) {
    const malformed = new Rejected("malformed-timestamp", "the timestamp does not have the format of the contract");
    const { timestamp_format: format, timestamp_digits: digits } = this.file;
    if (format === "seconds" || format === "milliseconds") {
      if (!whole(`[0-9]{${digits ?? "1,19"}}`, text) || BigInt(text) >= 2n ** 63n) throw malformed;
      return Number(BigInt(text) / (format === "milliseconds" ? 1000n : 1n));
    }
    const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
    const extended = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/;
    const match = (format === "iso8601-basic" ? basic : extended).exec(text);
    if (match === null || text.endsWith("\n")) throw malformed;
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
    const [sign, hours, minutes] = [match[7], Number(match[8] ?? 0), Number(match[9] ?? 0)];
    const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
    // Date would make March 2 of February 30.
    const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
    const seconds = date.getTime() / 1000 - (hours * 3600 + minutes * 60) * (sign === "-" ? -1 : 1);
    if (!isReal || year < 1970 || seconds < 0 || hours > 23 || minutes > 59) throw malformed;
    return seconds;
  }

  #checkTime(timestamp, now, allowed) {
    if (timestamp === undefined) return;
    const age = now - this.#seconds(timestamp);
    if (age > allowed) throw new Rejected("stale", `the timestamp is ${age} s behind this clock, ${allowed} s are allowed`);
    if (age < -allowed) throw new Rejected("from-future", `the timestamp is ${-age} s ahead of this clock, ${allowed} s are allowed`);
  }

  #stamp(timestamp) {
    const format = this.file.timestamp_format ?? null;
    if (format === null || typeof timestamp === "string") return timestamp;
    if (format === "milliseconds") return String(timestamp ?? Date.now());
    const seconds = timestamp ?? Math.floor(Date.now() / 1000);
    if (format === "seconds") return String(seconds);
    const text = new Date(seconds * 1000).toISOString().replace(/\.\d+/, "");
    return format === "iso8601-basic" ? text.replace(/[-:]/g, "") : text;
  }

  /** A UUID wherever the grammar takes one, else 64 random characters, or as many as it allows. */
  #newNonce() {
    const grammar = this.file.nonce ?? null;
    if (grammar === null) return undefined;
    const uuid = randomUUID();
    if (whole(noncePattern(grammar), uuid)) return uuid;
    if (!grammar.startsWith("[")) return grammar;
    const { set, fewest, most } = nonceSet(grammar);
    const alphabet = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((character) => whole(set, character));
    return Array.from({ length: Math.max(fewest, Math.min(64, most)) }, () => alphabet[randomInt(alphabet.length)]).join("");
  }

  // --- what is signed ---

  /** The bytes under the signature. `fields` has the texts of timestamp, nonce and key_id as they are sent. */
  stringToSign(payload, fields, request) {
    const values = this.#values(payload, fields, request);
    if (this.file.canonical_request) {
      values.canonical_request_sha256 = () => sha256(fill(this.file.canonical_request, values));
    }
    return fill(this.file.string_to_sign, values);
  }

  /** What is hashed for {canonical_request_sha256}, where the contract has it. */
  canonicalRequest(payload, fields, request) {
    return this.file.canonical_request ? fill(this.file.canonical_request, this.#values(payload, fields, request)) : null;
  }

  /** Each field is computed when a template names it: a request that nobody signs need not be one. */
  #values(payload, fields, { method, target, headers = [] }) {
    // Where the list is not sent, it is that of the contract.
    const listed = fields.signed_headers ?? [...this.file.signed_headers].sort(byBytes).join(";");
    const encoded = (pairs) => pairs.map((pair) => pair.map(encode));
    return {
      method: () => checkedMethod(method),
      path: () => decodedPath(split(target).path),
      query: () => joined(encoded(parameters(split(target).query)).sort(byPair)),
      target: () => split(target).asSent,
      url: () => checkedUrl(target),
      timestamp: () => fields.timestamp,
      nonce: () => fields.nonce,
      key_id: () => fields.key_id,
      payload: () => payload,
      payload_sha256: () => sha256(payload),
      header: (name) => headerValue(headers, name),
      canonical_path: () => canonicalPath(split(target).path),
      canonical_query: () => joined(encoded(parameters(split(target).query).sort((a, b) => Buffer.compare(a[0], b[0]) || Buffer.compare(a[1], b[1])))),
      canonical_headers: () => Buffer.concat(listed.split(";").flatMap((name) => [Buffer.from(`${name}:`), headerValue(headers, name), Buffer.from("\n")])),
      signed_headers: () => listed,
    };
  }

  // --- digests ---

  encode(digest) {
    const { encoding } = this.file;
    return digest.toString(encoding === "base64-url" ? "base64url" : encoding);
  }

  /** Strict: hex in either letter case, base64 with its padding, base64-url with it or without; no other spelling of the same
   * bytes. `null` for anything else, since Node decodes whatever it gets. */
  decode(text) {
    const { encoding } = this.file;
    const digest = Buffer.from(text, encoding === "hex" ? "hex" : "base64");
    const spelling = this.encode(digest);
    const isCanonical = encoding === "hex" ? text.toLowerCase() === spelling : text === spelling || (encoding === "base64-url" && text === `${spelling}=`);
    return digest.length === 32 && isCanonical ? digest : null;
  }
}

/**
 * A header of the contract: a name and a template, which has one of three forms.
 *
 *     named list   [scheme SP] name=value, name=value     in any order, with "," or ";" in between
 *     positional   v1,{signature},...                     only with "..." at the end
 *     sequence     anything else: literals and fields
 *
 * "..." at the end of a list says that the part with {signature} may come several times.
 */
class Header {
  constructor(name, template) {
    this.name = name;
    this.template = template;
    this.fields = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]);
    this.repeats = this.fields.length > 0 && template.endsWith("...");
    this.form = "sequence";
    this.scheme = "";
    this.joint = "";
    this.body = template;
    if (this.fields.length === 0) return;
    let separators = [",", ";"];
    if (this.repeats) {
      const list = template.slice(0, -3);
      const last = list.trimEnd().slice(-1);
      this.separator = last === "," || last === ";" ? last : " ";
      this.body = list.replace(/[,; ]+$/, "");
      this.joint = list.slice(this.body.length);
      separators = this.separator === " " ? [] : [this.separator];
    }
    for (const separator of separators) {
      const scheme = new RegExp(`^${TOKEN}* `).exec(this.body)?.[0] ?? "";
      const parts = this.body.slice(scheme.length).split(separator).map((text) => Part.named(text.trim()));
      if (!parts.includes(null) && (this.repeats || parts.length > 1)) {
        Object.assign(this, { scheme, separator, parts, form: "named" });
        return;
      }
    }
    if (this.repeats) {
      this.form = "positional";
      this.parts = this.body.split(this.separator).map((text) => new Part("", text.trim()));
    }
  }

  /** How many signatures it may carry. */
  room() {
    if (!this.fields.includes("signature")) return 0;
    return this.repeats ? MAX_SIGNATURES : 1;
  }

  write(fields, signatures) {
    let signature = signatures[0] ?? "";
    if (this.repeats) {
      const { name, prefix, suffix } = this.parts.find((part) => part.field === "signature");
      signature = signatures.join(`${suffix}${this.joint}${name === "" ? "" : `${name}=`}${prefix}`);
    }
    return this.body.replace(/\{(\w+)\}/g, (_, field) => (field === "signature" ? signature : fields[field]));
  }

  /** The fields and their texts, in the order in which they stand: what breaks first is what is told. */
  *read(value) {
    if (value.length > MAX_HEADER_LENGTH) throw this.malformed("is longer than 4096 bytes");
    let signatures = 0;
    const read = { named: this.#readNamed, positional: this.#readPositional, sequence: this.#readSequence }[this.form];
    for (const [field, text] of read.call(this, value)) {
      if (field === "signature") signatures++;
      if (signatures > MAX_SIGNATURES) throw this.malformed("has more than 16 signatures");
      if (field === "key_id" && this.template.includes('"{key_id}"') && /["\\]/.test(text)) {
        throw this.malformed("has a key id that would have to be escaped");
      }
      yield [field, text];
    }
  }

  *#readNamed(value) {
    if (value.slice(0, this.scheme.length).toLowerCase() !== this.scheme.toLowerCase()) {
      throw this.malformed(`does not begin with ${this.scheme}`);
    }
    const seen = new Set();
    for (const text of this.#split(value.slice(this.scheme.length))) {
      const equals = text.indexOf("=");
      const name = text.slice(0, Math.max(equals, 0)).toLowerCase();
      if (!whole(`${TOKEN}+`, name) || equals === text.length - 1) throw this.malformed("has a part that is not name=value");
      const part = this.parts.find((other) => other.name.toLowerCase() === name);
      const repeats = this.repeats && (part === undefined || part.field === "signature");
      if (seen.has(name) && !repeats) throw this.malformed("has a part twice");
      seen.add(name);
      if (part !== undefined) yield* part.read(text.slice(equals + 1), this);
    }
    if (!this.parts.every((part) => part.field === null || seen.has(part.name.toLowerCase()))) throw this.malformed("lacks a part");
  }

  *#readPositional(value) {
    const texts = this.#split(value);
    if (texts.includes("") || texts.length < this.parts.length) throw this.malformed("lacks a part");
    const before = this.parts.slice(0, -1);
    const repeated = this.parts.at(-1);
    for (const [index, part] of before.entries()) yield* part.read(texts[index], this);
    const signatures = texts.slice(before.length).filter((text) => text.startsWith(repeated.prefix));
    if (signatures.length === 0) throw this.malformed("has no signature of this kind");
    for (const text of signatures) yield* repeated.read(text, this);
  }

  *#readSequence(value) {
    // Strictly by the alphabets, which leave one way to take it apart; and if that fails, so that the reason names the part.
    const strict = { timestamp: `${RFC3339}|[0-9]{8}T[0-9]{6}Z|[0-9]+`, signature: "[A-Za-z0-9+/=_-]+", signed_headers: "[!-:;<-~]+" };
    for (const pattern of [(field) => strict[field] ?? `${PLAIN}+`, () => "[^]*?"]) {
      const pieces = this.template.split(/\{(\w+)\}/);
      const regex = pieces.map((piece, index) => (index % 2 ? `(${pattern(piece)})` : escapeRegExp(piece))).join("");
      const match = new RegExp(`^${regex}$`).exec(value);
      if (match !== null) {
        for (const [index, field] of this.fields.entries()) yield [field, match[index + 1]];
        return;
      }
    }
    throw this.malformed("is not framed as the contract frames it");
  }

  /** The parts of a list, with white space around the separator and nowhere else. */
  #split(value) {
    let parts = value.split(this.separator);
    if (this.separator !== " ") {
      const last = parts.length - 1;
      parts = parts.map((part, index) => (index > 0 ? part.replace(/^[ \t]+/, "") : part));
      parts = parts.map((part, index) => (index < last ? part.replace(/[ \t]+$/, "") : part));
    }
    if (parts.length > MAX_PARTS || !parts.every((part) => whole("[!-~]*", part))) {
      throw this.malformed("is no list of visible characters, or has more than 32 parts");
    }
    return parts;
  }

  malformed(what) {
    return new Rejected("malformed-header", `${this.name} ${what}`);
  }
}

/** `name=` and a field between two literals, or a constant. */
class Part {
  constructor(name, template) {
    this.name = name;
    this.template = template;
    this.field = /\{(\w+)\}/.exec(template)?.[1] ?? null;
    this.prefix = template.split("{")[0];
    this.suffix = template.split("}")[1] ?? "";
  }

  static named(text) {
    const match = new RegExp(`^(${TOKEN}+)=([!-z|~]*(?:\\{\\w+\\}[!-z|~]*)?)$`).exec(text);
    return match === null || match[2] === "" ? null : new Part(match[1], match[2]);
  }

  *read(text, header) {
    if (this.field === null) {
      if (text !== this.template) throw header.malformed("has another value than the contract");
      return;
    }
    const frame = this.prefix.length + this.suffix.length;
    if (!text.startsWith(this.prefix) || !text.endsWith(this.suffix) || text.length < frame) {
      throw header.malformed("is not framed as the contract frames it");
    }
    yield [this.field, text.slice(this.prefix.length, text.length - this.suffix.length)];
  }
}

/** Node's `rawHeaders`, which alternate names and values, as pairs. */
export function pairsOf(rawHeaders) {
  return rawHeaders.flatMap((name, index) => (index % 2 ? [] : [[name, rawHeaders[index + 1]]]));
}

function whole(pattern, text) {
  const match = new RegExp(`^(?:${pattern})`).exec(text);
  return match !== null && match[0].length === text.length;
}

function escapeRegExp(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The one value of a header, without spaces and tabs at its ends. */
function headerValue(headers, name) {
  const fold = (text) => text.toLowerCase().replaceAll("_", "-");
  const values = headers.filter(([other]) => fold(other) === fold(name));
  if (values.length !== 1) throw new Rejected(values.length > 1 ? "repeated-header" : "missing-header", `${name} is missing or repeated`);
  const value = values[0][1].replace(/^[ \t]+|[ \t]+$/g, "");
  if (/[\x00-\x1f\x7f]/.test(value)) throw new Rejected("malformed-header", `${name} has a control character`);
  return Buffer.from(value, "latin1");
}

/** Fills a template. A field with a colon, {header:Name}, has an argument. */
function fill(template, values) {
  const pieces = template.split(/\{([^{}]+)\}/).map((piece, index) => {
    const [field, argument] = piece.split(/:(.*)/s);
    return Buffer.from(index % 2 ? values[field](argument) : piece);
  });
  return Buffer.concat(pieces);
}

function checkedMethod(method) {
  if (method == null) throw new Error("method must be given, because the contract signs it");
  if (!whole(`${TOKEN}+`, method)) throw new Rejected("malformed-request", "the method is not one");
  return method.toUpperCase();
}

/** Path and query of a target: "/path?query" or "https://host/path?query". */
function split(target) {
  if (target == null) throw new Error("target must be given, because the contract signs it");
  if (/[\x00- \x7f#]/.test(target)) {
    throw new Rejected("malformed-request", "the target has white space, a control character or a fragment");
  }
  let rest = target;
  if (!rest.startsWith("/")) {
    const origin = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?]+/.exec(rest);
    if (origin === null) throw new Rejected("malformed-request", "the target is neither /path nor https://host/path");
    rest = rest.slice(origin[0].length);
  }
  const mark = rest.indexOf("?");
  const path = (mark < 0 ? rest : rest.slice(0, mark)) || "/";
  return { path, query: mark < 0 ? "" : rest.slice(mark + 1), asSent: path + (mark < 0 ? "" : rest.slice(mark)) };
}

function checkedUrl(target) {
  split(target);
  if (!/^https?:\/\/[^/?@]+(?:[/?]|$)/.test(target)) {
    throw new Rejected("malformed-request", "the target must be an absolute URL without user and password");
  }
  return target;
}

/** Decodes %XX; a % without two hex digits stays as it is. */
function percentDecode(text) {
  const latin = Buffer.from(text, "utf8").toString("latin1");
  return Buffer.from(latin.replace(/%([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16))), "latin1");
}

/** Percent-decoded once; bytes that are not UTF-8 are %XX again. This is Django's `request.path`. */
function decodedPath(path) {
  const decoded = percentDecode(path);
  if (decoded.some((byte) => byte < 0x20 || byte === 0x7f)) throw new Rejected("malformed-request", "the path has a control character");
  const characters = /[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|([^])/g;
  const text = decoded.toString("latin1").replace(characters, (character, broken) => (broken === undefined ? character : escapeByte(broken.charCodeAt(0))));
  return Buffer.from(text, "latin1");
}

function canonicalPath(path) {
  const segments = percentDecode(path).toString("latin1").split("/");
  const encoded = segments.map((segment) => encode(Buffer.from(segment, "latin1"))).join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

/** Names and values: split at "&", empty parts left out, "+" is a space, percent-decoded once. */
function parameters(query) {
  return query.split("&").filter((part) => part !== "").map((part) => {
    const [name, value = ""] = part.replaceAll("+", " ").split(/=(.*)/s);
    return [percentDecode(name), percentDecode(value)];
  });
}

/** RFC 3986: A-Z a-z 0-9 - . _ ~ stay, every other byte is %XX in upper case. */
function encode(bytes) {
  return bytes.toString("latin1").replace(/[^A-Za-z0-9\-._~]/g, (character) => escapeByte(character.charCodeAt(0)));
}

function escapeByte(byte) {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function joined(pairs) {
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function byBytes(a, b) {
  return a < b ? -1 : Number(a > b);
}

function byPair(a, b) {
  return byBytes(a[0], b[0]) || byBytes(a[1], b[1]);
}

/** The set, the fewest and the most characters of "[A-Za-z0-9]{8,128}". */
function nonceSet(grammar) {
  const end = grammar.lastIndexOf("]{");
  const [fewest, most] = grammar.slice(end + 2, -1).split(",");
  let set = "";
  for (let rest = grammar.slice(1, end); rest !== ""; ) {
    const isRange = rest.length > 2 && rest[1] === "-";
    set += escapeRegExp(rest[0]) + (isRange ? `-${escapeRegExp(rest[2])}` : "");
    rest = rest.slice(isRange ? 3 : 1);
  }
  return { set: `[${set}]`, fewest: Number(fewest), most: Number(most ?? fewest) };
}

function noncePattern(grammar) {
  if (grammar === "uuid") return UUID;
  if (!grammar.startsWith("[")) return escapeRegExp(grammar);
  const { set, fewest, most } = nonceSet(grammar);
  return `${set}{${fewest},${most}}`;
}
