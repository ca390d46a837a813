// Package contract signs and verifies HTTP requests by a contract file. One file, standard library only: copy it, read it,
// change it.
//
//	c, err := contract.Load("nextcloud.json")
//	headers, err := c.Sign([]contract.Key{{Secret: secret, ID: "client-1"}}, body, contract.Request{Method: "POST", Target: "/api/?a=1"})
//	request := contract.Request{Method: r.Method, Target: r.RequestURI, Headers: contract.PairsOf(r)}
//	verified, err := c.Verify(keys, body, request, time.Now().Unix())
//
// Read the body before anything decodes it. Verify returns what was verified, or an error that is a *Rejected, whose Reason
// belongs into the receiver's log and not into its answer. Any other error is a mistake of the program.
//
// Limits. It knows nothing of replay: remember Verified.Digest for as long as the window is open, and refuse what comes again.
// It leaves secrets in memory. Signatures are compared in constant time (hmac.Equal); the rest is not secret. It believes that
// the file is a contract which can be kept: hw-signature export writes no other.
package contract

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	version          = 1
	maxHeaderLength  = 4096
	maxParts         = 32
	maxSignatures    = 16
	maxSignedHeaders = 64

	token      = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]"
	plain      = `[!-+\--:<-~]` // visible ASCII without "," and ";"
	uuid       = `[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`
	signedName = "[!#$%&'*+\\-.^`|~0-9a-z]+"
	rfc3339    = `[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})`
)

// Rejected is a request that is not accepted. Reason is one of the values that the contract files have as result.
type Rejected struct {
	Reason  string
	Message string
}

func (r *Rejected) Error() string { return r.Message }

func rejected(reason, format string, values ...any) error {
	return &Rejected{reason, fmt.Sprintf(format, values...)}
}

// Key has the bytes of a secret, and its id where the contract sends one.
type Key struct {
	Secret []byte
	ID     string
}

// String keeps the secret out of logs.
func (k Key) String() string { return "Key{ID: " + k.ID + "}" }

// GoString keeps the secret out of logs.
func (k Key) GoString() string { return k.String() }

// Request is what a contract may sign besides the payload. Target is "/path?query" as it was sent, or a URL.
type Request struct {
	Method  string
	Target  string
	Headers [][2]string
}

// Stamp is what a signature is made with: texts that are sent as they stand. An empty one is made anew.
type Stamp struct {
	Timestamp string
	Nonce     string
}

// Verified is a request that was accepted.
type Verified struct {
	Key       Key
	Digest    []byte
	Timestamp string
	Nonce     string
}

// Contract is a contract file.
type Contract struct {
	ContractVersion       int             `json:"contract_version"`
	Name                  string          `json:"name"`
	StringToSign          string          `json:"string_to_sign"`
	HeaderTemplates       json.RawMessage `json:"headers"`
	Encoding              string          `json:"encoding"`
	TimestampFormat       string          `json:"timestamp_format"`
	TimestampDigits       int             `json:"timestamp_digits"`
	Tolerance             int64           `json:"tolerance"`
	Nonce                 string          `json:"nonce"`
	MethodsWithoutPayload []string        `json:"methods_without_payload"`
	CanonicalRequest      string          `json:"canonical_request"`
	SignedHeaders         []string        `json:"signed_headers"`

	// For people, and for tests.
	Schema    string          `json:"$schema"`
	Title     string          `json:"title"`
	Source    string          `json:"source"`
	Payload   string          `json:"payload"`
	Ambiguous bool            `json:"ambiguous"`
	Rules     json.RawMessage `json:"rules"`
	Vectors   json.RawMessage `json:"vectors"`

	headers         []*header
	severalCarriers bool
}

// Load reads a contract file.
func Load(path string) (*Contract, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

// Parse reads the text of a contract file. A field or a version that is not known here is an error.
func Parse(text []byte) (*Contract, error) {
	c := &Contract{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(c); err != nil {
		return nil, err
	}
	if c.ContractVersion != version {
		return nil, fmt.Errorf("contract_version %d is not understood here", c.ContractVersion)
	}
	pairs, err := orderedObject(c.HeaderTemplates)
	if err != nil {
		return nil, err
	}
	carriers := 0
	for _, pair := range pairs {
		h := newHeader(pair[0], pair[1])
		c.headers = append(c.headers, h)
		if h.has("signature") {
			carriers++
		}
	}
	c.severalCarriers = carriers > 1
	return c, nil
}

// orderedObject keeps the order of the headers, which a map would lose.
func orderedObject(text json.RawMessage) ([][2]string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	var pairs [][2]string
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		template := ""
		if err := decoder.Decode(&template); err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]string{fmt.Sprint(name), template})
	}
	return pairs, nil
}

// --- signing ---

// Sign gives the headers to send with the request, signed now. It takes one key, or several while a secret is being changed.
// Request.Headers are the other headers of the request, where the contract signs some.
func (c *Contract) Sign(keys []Key, payload []byte, request Request) ([][2]string, error) {
	return c.SignWith(keys, payload, request, Stamp{})
}

// SignWith does the same with a timestamp and a nonce of one's own.
func (c *Contract) SignWith(keys []Key, payload []byte, request Request, stamp Stamp) ([][2]string, error) {
	keys = distinct(keys)
	if len(keys) == 0 {
		return nil, errors.New("there is no key")
	}
	if len(payload) > 0 && contains(c.MethodsWithoutPayload, strings.ToUpper(request.Method)) {
		return nil, errors.New("the contract signs no payload for this method")
	}
	if stamp.Timestamp == "" && c.TimestampFormat != "" {
		stamp.Timestamp = c.timestamp(time.Now().UTC())
	}
	if stamp.Nonce == "" && c.Nonce != "" {
		nonce, err := newNonce(c.Nonce)
		if err != nil {
			return nil, err
		}
		stamp.Nonce = nonce
	}
	f := map[string]string{"timestamp": stamp.Timestamp, "nonce": stamp.Nonce, "key_id": keys[0].ID}
	others := append([][2]string{}, request.Headers...)
	if len(c.SignedHeaders) > 0 {
		f["signed_headers"], others = c.listHeaders(request.Target, others)
	}
	room := 0
	for _, h := range c.headers {
		room += h.room()
		for _, field := range h.fields {
			if field != "signature" {
				if err := c.check(field, f[field]); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(keys) > room {
		return nil, errors.New("the contract has no place for so many signatures")
	}
	request.Headers = append(others, c.write(f, nil)...)
	message, err := c.Message(payload, f, request)
	if err != nil {
		return nil, err
	}
	var signatures []string
	for _, key := range keys {
		signatures = append(signatures, c.encode(digest(key, message)))
	}
	return c.write(f, signatures), nil
}

func (c *Contract) listHeaders(target string, others [][2]string) (string, [][2]string) {
	names := append([]string{}, c.SignedHeaders...)
	isSent, hasHost := false, false
	for _, h := range c.headers {
		isSent = isSent || h.has("signed_headers")
	}
	for _, pair := range others {
		if isSent {
			names = append(names, strings.ToLower(pair[0]))
		}
		hasHost = hasHost || strings.EqualFold(pair[0], "host")
	}
	if origin := regexp.MustCompile(`^(?i:(https?))://([^/?#]+)`).FindStringSubmatch(target); origin != nil && !hasHost {
		port := map[string]string{"http": ":80", "https": ":443"}[strings.ToLower(origin[1])]
		others = append(others, [2]string{"host", strings.TrimSuffix(strings.ToLower(origin[2]), port)})
		if isSent {
			names = append(names, "host")
		}
	}
	sort.Strings(names)
	unique := names[:0]
	for index, name := range names {
		if index == 0 || name != names[index-1] {
			unique = append(unique, name)
		}
	}
	return strings.Join(unique, ";"), others
}

// write gives the headers with these fields and signatures; without those for which no signature is left.
func (c *Contract) write(f map[string]string, signatures []string) [][2]string {
	var sent [][2]string
	for _, h := range c.headers {
		room := h.room()
		if room > len(signatures) {
			room = len(signatures)
		}
		if len(signatures) > 0 || h.room() == 0 {
			sent = append(sent, [2]string{h.name, h.write(f, signatures[:room])})
		}
		signatures = signatures[room:]
	}
	return sent
}

// --- verifying ---

// Verify checks a request. Request.Headers are all headers that came; now is Unix time in seconds.
func (c *Contract) Verify(keys []Key, payload []byte, request Request, now int64) (*Verified, error) {
	f, digests, err := c.read(request.Headers)
	if err != nil {
		return nil, err
	}
	if err := c.checkTime(f, now); err != nil {
		return nil, err
	}
	if len(payload) > 0 && contains(c.MethodsWithoutPayload, strings.ToUpper(request.Method)) {
		return nil, rejected("unsigned-payload", "the contract signs no payload for this method, and the request has one")
	}
	message, err := c.Message(payload, f, request)
	if err != nil {
		return nil, err
	}
	var found *Verified
	named := false
	for _, key := range keys {
		id, sendsID := f["key_id"]
		meant := !sendsID || key.ID == "" || key.ID == id
		named = named || meant
		expected := digest(key, message)
		matches := false
		for _, received := range digests {
			// All are compared, so that the time says nothing.
			matches = hmac.Equal(expected, received) || matches
		}
		if meant && matches && found == nil {
			found = &Verified{key, expected, f["timestamp"], f["nonce"]}
		}
	}
	switch {
	case found != nil:
		return found, nil
	case named:
		return nil, rejected("signature-mismatch", "the signature does not match")
	default:
		return nil, rejected("unknown-key", "no key has the id that the request names")
	}
}

// read gives what the headers of the contract say, and the signatures.
func (c *Contract) read(received [][2]string) (map[string]string, [][]byte, error) {
	f := map[string]string{}
	var digests [][]byte
	var undecodable error
	leftOut := ""
	for _, h := range c.headers {
		if len(h.fields) == 0 {
			continue // a constant, which nobody signs
		}
		var values []string
		for _, pair := range received {
			if strings.EqualFold(pair[0], h.name) {
				values = append(values, pair[1])
			}
		}
		if len(values) > 1 {
			return nil, nil, rejected("repeated-header", "%s stands more than once", h.name)
		}
		if len(values) == 0 {
			if c.severalCarriers && h.has("signature") {
				leftOut = h.name
				continue
			}
			if h.onlyRepeats(f) {
				continue // it only repeats what another header said
			}
			return nil, nil, rejected("missing-header", "%s is missing", h.name)
		}
		before := map[string]string{}
		for field, text := range f {
			before[field] = text
		}
		err := h.read(values[0], func(field, text string) error {
			if field == "signature" {
				if digest := c.decode(text); digest != nil {
					digests = append(digests, digest)
				} else if undecodable == nil {
					undecodable = rejected("malformed-signature", "the signature is not 32 bytes in %s", c.Encoding)
				}
				return nil
			}
			if first, known := before[field]; known {
				if first != text {
					return h.malformed("contradicts another header")
				}
				return nil
			}
			f[field] = text
			return c.check(field, text)
		})
		if err != nil {
			return nil, nil, err
		}
	}
	if len(digests) == 0 && undecodable != nil {
		return nil, nil, undecodable
	}
	if len(digests) == 0 {
		return nil, nil, rejected("missing-header", "%s is missing", leftOut)
	}
	return f, digests, nil
}

func (c *Contract) check(field, text string) error {
	switch field {
	case "timestamp":
		_, err := c.seconds(text)
		return err
	case "nonce":
		if !whole(noncePattern(c.Nonce), text) {
			return rejected("malformed-nonce", "the nonce does not fit the grammar")
		}
	case "key_id":
		if !whole(plain+"{1,128}", text) {
			return rejected("malformed-header", "the key id must be 1 to 128 visible ASCII characters without , and ;")
		}
	case "signed_headers":
		seen := map[string]bool{}
		for _, name := range strings.Split(text, ";") {
			if seen[name] || !whole(signedName, name) || len(seen) == maxSignedHeaders {
				return rejected("malformed-header", "the list of signed headers is not one")
			}
			seen[name] = true
		}
		for _, name := range c.SignedHeaders {
			if !seen[name] {
				return rejected("malformed-header", "%s must be signed", name)
			}
		}
		for _, h := range c.headers {
			if h.has("signature") && seen[strings.ToLower(h.name)] {
				return rejected("malformed-header", "%s cannot sign itself", h.name)
			}
		}
	}
	return nil
}

// --- time ---

// seconds gives the timestamp in whole seconds.
func (c *Contract) seconds(text string) (int64, error) {
	malformed := rejected("malformed-timestamp", "the timestamp does not have the format of the contract")
	switch c.TimestampFormat {
	case "seconds", "milliseconds":
		length := "{1,19}"
		if c.TimestampDigits > 0 {
			length = fmt.Sprintf("{%d}", c.TimestampDigits)
		}
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil || !whole("[0-9]"+length, text) {
			return 0, malformed
		}
		if c.TimestampFormat == "milliseconds" {
			number /= 1000
		}
		return number, nil
	case "iso8601-basic":
		at, err := time.Parse("20060102T150405Z", text)
		if err != nil || !whole("[0-9]{8}T[0-9]{6}Z", text) || at.Unix() < 0 {
			return 0, malformed
		}
		return at.Unix(), nil
	default:
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || !whole(rfc3339, text) || at.Year() < 1970 || at.Unix() < 0 {
			return 0, malformed
		}
		// Older versions of Go take any offset.
		if len(text) >= 6 && text[len(text)-1] != 'Z' && (text[len(text)-5:len(text)-3] > "23" || text[len(text)-2:] > "59") {
			return 0, malformed
		}
		return at.Unix(), nil
	}
}

func (c *Contract) checkTime(f map[string]string, now int64) error {
	timestamp, sent := f["timestamp"]
	if !sent {
		return nil
	}
	at, err := c.seconds(timestamp)
	if err != nil {
		return err
	}
	// Neither is negative, so that the difference does not overflow.
	age := now - at
	if age > c.Tolerance {
		return rejected("stale", "the timestamp is %d s behind this clock, %d s are allowed", age, c.Tolerance)
	}
	if age < -c.Tolerance {
		return rejected("from-future", "the timestamp is %d s ahead of this clock, %d s are allowed", -age, c.Tolerance)
	}
	return nil
}

func (c *Contract) timestamp(at time.Time) string {
	switch c.TimestampFormat {
	case "seconds":
		return strconv.FormatInt(at.Unix(), 10)
	case "milliseconds":
		return strconv.FormatInt(at.UnixMilli(), 10)
	case "iso8601-basic":
		return at.Format("20060102T150405Z")
	default:
		return at.Format("2006-01-02T15:04:05Z")
	}
}

// --- what is signed ---

// Message gives the bytes under the signature. The fields are the texts of timestamp, nonce and key_id as they are sent.
func (c *Contract) Message(payload []byte, f map[string]string, request Request) ([]byte, error) {
	values := c.values(payload, f, request)
	values["canonical_request_sha256"] = func(string) ([]byte, error) {
		canonical, err := fill(c.CanonicalRequest, values)
		return sha256Hex(canonical), err
	}
	return fill(c.StringToSign, values)
}

// Canonical gives what is hashed for {canonical_request_sha256}, where the contract has it.
func (c *Contract) Canonical(payload []byte, f map[string]string, request Request) ([]byte, error) {
	return fill(c.CanonicalRequest, c.values(payload, f, request))
}

type value func(argument string) ([]byte, error)

// values computes each field when a template names it: a request that nobody signs need not be one.
func (c *Contract) values(payload []byte, f map[string]string, request Request) map[string]value {
	listed, sent := f["signed_headers"]
	if !sent {
		// Where the list is not sent, it is that of the contract.
		names := append([]string{}, c.SignedHeaders...)
		sort.Strings(names)
		listed = strings.Join(names, ";")
	}
	given := func(name string) value { return func(string) ([]byte, error) { return []byte(f[name]), nil } }
	ofTarget := func(read func(path, query string) ([]byte, error)) value {
		return func(string) ([]byte, error) {
			path, query, _, err := splitTarget(request.Target)
			if err != nil {
				return nil, err
			}
			return read(path, query)
		}
	}
	return map[string]value{
		"method": func(string) ([]byte, error) {
			if !whole(token+"+", request.Method) {
				return nil, rejected("malformed-request", "the method is not one")
			}
			return []byte(strings.ToUpper(request.Method)), nil
		},
		"path":            ofTarget(func(path, _ string) ([]byte, error) { return decodedPath(path) }),
		"query":           ofTarget(func(_, query string) ([]byte, error) { return []byte(canonicalQuery(query, true)), nil }),
		"canonical_path":  ofTarget(func(path, _ string) ([]byte, error) { return []byte(canonicalPath(path)), nil }),
		"canonical_query": ofTarget(func(_, query string) ([]byte, error) { return []byte(canonicalQuery(query, false)), nil }),
		"target": func(string) ([]byte, error) {
			_, _, asSent, err := splitTarget(request.Target)
			return []byte(asSent), err
		},
		"url": func(string) ([]byte, error) {
			if _, _, _, err := splitTarget(request.Target); err != nil {
				return nil, err
			}
			if !whole(`https?://[^/?@]+(?:[/?](?s:.*))?`, request.Target) {
				return nil, rejected("malformed-request", "the target must be an absolute URL without user and password")
			}
			return []byte(request.Target), nil
		},
		"timestamp":      given("timestamp"),
		"nonce":          given("nonce"),
		"key_id":         given("key_id"),
		"payload":        func(string) ([]byte, error) { return payload, nil },
		"payload_sha256": func(string) ([]byte, error) { return sha256Hex(payload), nil },
		"header":         func(name string) ([]byte, error) { return headerValue(request.Headers, name) },
		"signed_headers": func(string) ([]byte, error) { return []byte(listed), nil },
		"canonical_headers": func(string) ([]byte, error) {
			var lines []byte
			for _, name := range strings.Split(listed, ";") {
				text, err := headerValue(request.Headers, name)
				if err != nil {
					return nil, err
				}
				lines = append(lines, name+":"+string(text)+"\n"...)
			}
			return lines, nil
		},
	}
}

var fieldPattern = regexp.MustCompile(`\{([^{}]+)\}`)

// fill fills a template. A field with a colon, {header:Name}, has an argument.
func fill(template string, values map[string]value) ([]byte, error) {
	var filled []byte
	end := 0
	for _, at := range fieldPattern.FindAllStringSubmatchIndex(template, -1) {
		filled = append(filled, template[end:at[0]]...)
		end = at[1]
		field, argument, _ := strings.Cut(template[at[2]:at[3]], ":")
		compute, known := values[field]
		if !known {
			return nil, fmt.Errorf("the field {%s} is not known here", field)
		}
		text, err := compute(argument)
		if err != nil {
			return nil, err
		}
		filled = append(filled, text...)
	}
	return append(filled, template[end:]...), nil
}

// --- digests ---

func digest(key Key, message []byte) []byte {
	mac := hmac.New(sha256.New, key.Secret)
	mac.Write(message)
	return mac.Sum(nil)
}

func (c *Contract) encode(digest []byte) string {
	switch c.Encoding {
	case "hex":
		return hex.EncodeToString(digest)
	case "base64-url":
		return base64.RawURLEncoding.EncodeToString(digest)
	default:
		return base64.StdEncoding.EncodeToString(digest)
	}
}

// decode is strict: hex in either letter case, base64 with its padding, base64-url with it or without; no other spelling of
// the same bytes. It gives nil for anything else.
func (c *Contract) decode(text string) []byte {
	var digest []byte
	var err error
	switch c.Encoding {
	case "hex":
		digest, err = hex.DecodeString(text)
	case "base64-url":
		if len(text) == 44 {
			text = strings.TrimSuffix(text, "=")
		}
		digest, err = base64.RawURLEncoding.Strict().DecodeString(text)
	default:
		digest, err = base64.StdEncoding.Strict().DecodeString(text)
	}
	// Go skips line breaks in base64.
	if err != nil || len(digest) != sha256.Size || len(c.encode(digest)) != len(text) {
		return nil
	}
	return digest
}

func sha256Hex(payload []byte) []byte {
	sum := sha256.Sum256(payload)
	return []byte(hex.EncodeToString(sum[:]))
}

// --- headers ---

// header is a name and a template, which has one of three forms.
//
//	named list   [scheme SP] name=value, name=value     in any order, with "," or ";" in between
//	positional   v1,{signature},...                     only with "..." at the end
//	sequence     anything else: literals and fields
//
// "..." at the end of a list says that the part with {signature} may come several times.
type header struct {
	name, template, body string
	fields               []string
	form                 string
	scheme, separator    string
	parts                []part
	repeats              bool
	joint                string
}

func newHeader(name, template string) *header {
	h := &header{name: name, template: template, body: template, form: "sequence"}
	for _, match := range fieldPattern.FindAllStringSubmatch(template, -1) {
		h.fields = append(h.fields, match[1])
	}
	if len(h.fields) == 0 {
		return h
	}
	separators := []string{",", ";"}
	if h.repeats = strings.HasSuffix(template, "..."); h.repeats {
		list := strings.TrimSuffix(template, "...")
		h.separator = " "
		separators = nil
		if trimmed := strings.TrimRight(list, " "); strings.HasSuffix(trimmed, ",") || strings.HasSuffix(trimmed, ";") {
			h.separator = trimmed[len(trimmed)-1:]
			separators = []string{h.separator}
		}
		h.body = strings.TrimRight(list, h.separator+" ")
		h.joint = list[len(h.body):]
	}
	for _, separator := range separators {
		scheme := regexp.MustCompile("^" + token + "* ").FindString(h.body)
		parts, named := namedParts(h.body[len(scheme):], separator)
		if named && (h.repeats || len(parts) > 1) {
			h.scheme, h.separator, h.parts, h.form = scheme, separator, parts, "named"
			return h
		}
	}
	if h.repeats {
		h.form = "positional"
		for _, text := range strings.Split(h.body, h.separator) {
			h.parts = append(h.parts, newPart("", strings.Trim(text, " ")))
		}
	}
	return h
}

func namedParts(list, separator string) ([]part, bool) {
	pattern := regexp.MustCompile("^(" + token + `+)=([!-z|~]*(?:\{\w+\}[!-z|~]*)?)$`)
	var parts []part
	for _, text := range strings.Split(list, separator) {
		match := pattern.FindStringSubmatch(strings.Trim(text, " "))
		if match == nil || match[2] == "" {
			return nil, false
		}
		parts = append(parts, newPart(match[1], match[2]))
	}
	return parts, true
}

func (h *header) has(field string) bool { return contains(h.fields, field) }

func (h *header) onlyRepeats(f map[string]string) bool {
	for _, field := range h.fields {
		if _, known := f[field]; !known {
			return false
		}
	}
	return true
}

// room is how many signatures it may carry.
func (h *header) room() int {
	switch {
	case !h.has("signature"):
		return 0
	case h.repeats:
		return maxSignatures
	default:
		return 1
	}
}

func (h *header) write(f map[string]string, signatures []string) string {
	signature := ""
	if len(signatures) > 0 {
		signature = signatures[0]
	}
	for _, p := range h.parts {
		if h.repeats && p.field == "signature" {
			name := ""
			if p.name != "" {
				name = p.name + "="
			}
			signature = strings.Join(signatures, p.suffix+h.joint+name+p.prefix)
		}
	}
	return fieldPattern.ReplaceAllStringFunc(h.body, func(field string) string {
		if field == "{signature}" {
			return signature
		}
		return f[field[1:len(field)-1]]
	})
}

// read calls found with the fields and their texts, in the order in which they stand: what breaks first is what is told.
func (h *header) read(value string, found func(field, text string) error) error {
	if len(value) > maxHeaderLength {
		return h.malformed("is longer than 4096 bytes")
	}
	signatures := 0
	checked := func(field, text string) error {
		if field == "signature" {
			signatures++
		}
		if signatures > maxSignatures {
			return h.malformed("has more than 16 signatures")
		}
		if field == "key_id" && strings.Contains(h.template, `"{key_id}"`) && strings.ContainsAny(text, `"\`) {
			return h.malformed("has a key id that would have to be escaped")
		}
		return found(field, text)
	}
	switch h.form {
	case "named":
		return h.readNamed(value, checked)
	case "positional":
		return h.readPositional(value, checked)
	default:
		return h.readSequence(value, checked)
	}
}

func (h *header) readNamed(value string, found func(field, text string) error) error {
	if len(value) < len(h.scheme) || !strings.EqualFold(value[:len(h.scheme)], h.scheme) {
		return h.malformed("does not begin with its scheme")
	}
	texts, err := h.split(value[len(h.scheme):])
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, text := range texts {
		name, rest, _ := strings.Cut(text, "=")
		if !whole(token+"+", name) || rest == "" {
			return h.malformed("has a part that is not name=value")
		}
		name = strings.ToLower(name)
		var known *part
		for index := range h.parts {
			if strings.EqualFold(h.parts[index].name, name) {
				known = &h.parts[index]
			}
		}
		repeats := h.repeats && (known == nil || known.field == "signature")
		if seen[name] && !repeats {
			return h.malformed("has a part twice")
		}
		seen[name] = true
		if known != nil {
			if err := known.read(rest, h, found); err != nil {
				return err
			}
		}
	}
	for _, p := range h.parts {
		if p.field != "" && !seen[strings.ToLower(p.name)] {
			return h.malformed("lacks a part")
		}
	}
	return nil
}

func (h *header) readPositional(value string, found func(field, text string) error) error {
	texts, err := h.split(value)
	if err != nil {
		return err
	}
	if contains(texts, "") || len(texts) < len(h.parts) {
		return h.malformed("lacks a part")
	}
	last := len(h.parts) - 1
	for index, p := range h.parts[:last] {
		if err := p.read(texts[index], h, found); err != nil {
			return err
		}
	}
	signatures := 0
	for _, text := range texts[last:] {
		if strings.HasPrefix(text, h.parts[last].prefix) {
			signatures++
			if err := h.parts[last].read(text, h, found); err != nil {
				return err
			}
		}
	}
	if signatures == 0 {
		return h.malformed("has no signature of this kind")
	}
	return nil
}

func (h *header) readSequence(value string, found func(field, text string) error) error {
	strict := map[string]string{
		"timestamp": rfc3339 + "|[0-9]{8}T[0-9]{6}Z|[0-9]+", "signature": "[A-Za-z0-9+/=_-]+", "signed_headers": "[!-:;<-~]+",
	}
	// Strictly by the alphabets, which leave one way to take it apart; and if that fails, so that the reason names the part.
	for _, isStrict := range []bool{true, false} {
		regex, end := "(?s)^", 0
		for _, at := range fieldPattern.FindAllStringSubmatchIndex(h.template, -1) {
			pattern := ".*?"
			if isStrict {
				pattern = plain + "+"
				if own, known := strict[h.template[at[2]:at[3]]]; known {
					pattern = own
				}
			}
			regex += regexp.QuoteMeta(h.template[end:at[0]]) + "(" + pattern + ")"
			end = at[1]
		}
		match := regexp.MustCompile(regex + regexp.QuoteMeta(h.template[end:]) + "$").FindStringSubmatch(value)
		if match == nil {
			continue
		}
		for index, field := range h.fields {
			if err := found(field, match[index+1]); err != nil {
				return err
			}
		}
		return nil
	}
	return h.malformed("is not framed as the contract frames it")
}

// split gives the parts of a list, with white space around the separator and nowhere else.
func (h *header) split(value string) ([]string, error) {
	parts := strings.Split(value, h.separator)
	if len(parts) > maxParts {
		return nil, h.malformed("has more than 32 parts")
	}
	for index := range parts {
		if h.separator != " " && index > 0 {
			parts[index] = strings.TrimLeft(parts[index], " \t")
		}
		if h.separator != " " && index < len(parts)-1 {
			parts[index] = strings.TrimRight(parts[index], " \t")
		}
		if !whole("[!-~]*", parts[index]) {
			return nil, h.malformed("has a character that is not visible ASCII")
		}
	}
	return parts, nil
}

func (h *header) malformed(what string) error {
	return rejected("malformed-header", "%s %s", h.name, what)
}

// part is name= and a field between two literals, or a constant.
type part struct{ name, template, prefix, field, suffix string }

func newPart(name, template string) part {
	at := fieldPattern.FindStringSubmatchIndex(template)
	if at == nil {
		return part{name: name, template: template, prefix: template}
	}
	return part{name, template, template[:at[0]], template[at[2]:at[3]], template[at[1]:]}
}

func (p part) read(text string, h *header, found func(field, text string) error) error {
	if p.field == "" {
		if text != p.template {
			return h.malformed("has another value than the contract")
		}
		return nil
	}
	if !strings.HasPrefix(text, p.prefix) || !strings.HasSuffix(text, p.suffix) || len(text) < len(p.prefix)+len(p.suffix) {
		return h.malformed("is not framed as the contract frames it")
	}
	return found(p.field, text[len(p.prefix):len(text)-len(p.suffix)])
}

// PairsOf gives the headers of a request to a server as pairs. Go keeps Host apart.
func PairsOf(r *http.Request) [][2]string {
	pairs := [][2]string{{"Host", r.Host}}
	for name, values := range r.Header {
		for _, value := range values {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	return pairs
}

// headerValue gives the one value of a header, without spaces and tabs at its ends.
func headerValue(headers [][2]string, name string) ([]byte, error) {
	fold := func(text string) string { return strings.ReplaceAll(strings.ToLower(text), "_", "-") }
	var values []string
	for _, pair := range headers {
		if fold(pair[0]) == fold(name) {
			values = append(values, pair[1])
		}
	}
	switch {
	case len(values) == 0:
		return nil, rejected("missing-header", "%s is missing", name)
	case len(values) > 1:
		return nil, rejected("repeated-header", "%s stands more than once", name)
	}
	text := strings.Trim(values[0], " \t")
	for index := 0; index < len(text); index++ {
		if text[index] < 0x20 || text[index] == 0x7f {
			return nil, rejected("malformed-header", "%s has a control character", name)
		}
	}
	return []byte(text), nil
}

// --- the request ---

// splitTarget gives path and query of a target, "/path?query" or "https://host/path?query", and both as they were sent.
func splitTarget(target string) (path, query, asSent string, err error) {
	for index := 0; index < len(target); index++ {
		if target[index] <= ' ' || target[index] == 0x7f || target[index] == '#' {
			return "", "", "", rejected("malformed-request", "the target has white space, a control character or a fragment")
		}
	}
	if !strings.HasPrefix(target, "/") {
		origin := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^/?]+`).FindString(target)
		if origin == "" {
			return "", "", "", rejected("malformed-request", "the target is neither /path nor https://host/path")
		}
		target = target[len(origin):]
	}
	path, query, marked := strings.Cut(target, "?")
	if path == "" {
		path = "/"
	}
	asSent = path
	if marked {
		asSent += "?" + query
	}
	return path, query, asSent, nil
}

// percentDecode decodes %XX; a % without two hex digits stays as it is.
func percentDecode(text string) string {
	decoded := make([]byte, 0, len(text))
	for index := 0; index < len(text); index++ {
		if text[index] == '%' && index+2 < len(text) {
			if number, err := hex.DecodeString(text[index+1 : index+3]); err == nil {
				decoded = append(decoded, number...)
				index += 2
				continue
			}
		}
		decoded = append(decoded, text[index])
	}
	return string(decoded)
}

// decodedPath is percent-decoded once; bytes that are not UTF-8 are %XX again. This is Django's request.path.
func decodedPath(path string) ([]byte, error) {
	rest := percentDecode(path)
	var decoded []byte
	for rest != "" {
		character, size := utf8.DecodeRuneInString(rest)
		switch {
		case character < 0x20 || character == 0x7f:
			return nil, rejected("malformed-request", "the path has a control character")
		case character == utf8.RuneError && size == 1:
			decoded = append(decoded, fmt.Sprintf("%%%02X", rest[0])...)
		default:
			decoded = append(decoded, rest[:size]...)
		}
		rest = rest[size:]
	}
	return decoded, nil
}

func canonicalPath(path string) string {
	segments := strings.Split(percentDecode(path), "/")
	for index := range segments {
		segments[index] = encode(segments[index])
	}
	encoded := strings.Join(segments, "/")
	if !strings.HasSuffix(encoded, "/") {
		encoded += "/"
	}
	return encoded
}

// canonicalQuery splits at "&", leaves out empty parts, reads "+" as a space, percent-decodes once, encodes again and sorts:
// by what is encoded, or by what was decoded.
func canonicalQuery(query string, byEncoded bool) string {
	var pairs [][2]string
	for _, text := range strings.Split(query, "&") {
		if text == "" {
			continue
		}
		name, value, _ := strings.Cut(strings.ReplaceAll(text, "+", " "), "=")
		pair := [2]string{percentDecode(name), percentDecode(value)}
		if byEncoded {
			pair = [2]string{encode(pair[0]), encode(pair[1])}
		}
		pairs = append(pairs, pair)
	}
	sort.SliceStable(pairs, func(a, b int) bool {
		return pairs[a][0] < pairs[b][0] || pairs[a][0] == pairs[b][0] && pairs[a][1] < pairs[b][1]
	})
	var texts []string
	for _, pair := range pairs {
		if !byEncoded {
			pair = [2]string{encode(pair[0]), encode(pair[1])}
		}
		texts = append(texts, pair[0]+"="+pair[1])
	}
	return strings.Join(texts, "&")
}

// encode writes RFC 3986: A-Z a-z 0-9 - . _ ~ stay, every other byte is %XX in upper case.
func encode(text string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	encoded := strings.Builder{}
	for index := 0; index < len(text); index++ {
		if strings.IndexByte(unreserved, text[index]) >= 0 {
			encoded.WriteByte(text[index])
		} else {
			fmt.Fprintf(&encoded, "%%%02X", text[index])
		}
	}
	return encoded.String()
}

// --- nonces ---

// newNonce makes a UUID wherever the grammar takes one, else 64 random characters, or as many as it allows.
func newNonce(grammar string) (string, error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80
	text := fmt.Sprintf("%x-%x-%x-%x-%x", random[:4], random[4:6], random[6:8], random[8:10], random[10:])
	if whole(noncePattern(grammar), text) {
		return text, nil
	}
	if !strings.HasPrefix(grammar, "[") {
		return grammar, nil
	}
	set, length, most := nonceSet(grammar)
	alphabet := []byte{}
	for character := byte('!'); character <= '~'; character++ {
		if whole(set, string(rune(character))) {
			alphabet = append(alphabet, character)
		}
	}
	if length < 64 {
		length = 64
	}
	if length > most {
		length = most
	}
	nonce := make([]byte, length)
	for index := range nonce {
		at, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", err
		}
		nonce[index] = alphabet[at.Int64()]
	}
	return string(nonce), nil
}

// nonceSet gives the set, the fewest and the most characters of "[A-Za-z0-9]{8,128}".
func nonceSet(grammar string) (string, int, int) {
	end := strings.LastIndex(grammar, "]{")
	fewest, most, hasMost := strings.Cut(grammar[end+2:len(grammar)-1], ",")
	if !hasMost {
		most = fewest
	}
	set := ""
	for rest := grammar[1:end]; rest != ""; {
		width := 1
		set += `\x` + hex.EncodeToString([]byte{rest[0]})
		if len(rest) > 2 && rest[1] == '-' {
			width = 3
			set += `-\x` + hex.EncodeToString([]byte{rest[2]})
		}
		rest = rest[width:]
	}
	from, _ := strconv.Atoi(fewest)
	to, _ := strconv.Atoi(most)
	return "[" + set + "]", from, to
}

func noncePattern(grammar string) string {
	if grammar == "uuid" {
		return uuid
	}
	if !strings.HasPrefix(grammar, "[") {
		return regexp.QuoteMeta(grammar)
	}
	set, fewest, most := nonceSet(grammar)
	return fmt.Sprintf("%s{%d,%d}", set, fewest, most)
}

// --- small things ---

// whole says whether a pattern fits all of a text.
func whole(pattern, text string) bool {
	return regexp.MustCompile("^(?:" + pattern + ")$").MatchString(text)
}

func contains(texts []string, wanted string) bool {
	for _, text := range texts {
		if text == wanted {
			return true
		}
	}
	return false
}

func distinct(keys []Key) []Key {
	var found []Key
	for _, key := range keys {
		known := false
		for _, other := range found {
			known = known || bytes.Equal(key.Secret, other.Secret)
		}
		if !known {
			found = append(found, key)
		}
	}
	return found
}
