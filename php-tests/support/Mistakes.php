<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Cause;

/**
 * Mistakes, made the way people make them. Each row: the causes to find, the request, and words that the findings must
 * hold.
 *
 * @phpstan-type Row array{list<Cause>, \Closure(): Sent, list<string>}
 */
final class Mistakes
{
    private const KEY = Sent::KEY;
    private const BODY = Sent::BODY;
    private const ORDER = "{\"order\":\"42\",\n \"url\":\"https://example.org/a\",\n \"name\":\"Jos\u{e9}\",\n \"list\":{}}";
    private const PROFILES = [
        'huawei-push',
        'huawei-receipt',
        'nextcloud',
        'nextcloud-talk',
        'nextcloud-talk-bot',
        'nextcloud-signaling',
        'nextcloud-recording',
        'django',
    ];

    /** @return array<string, Row> */
    public static function single(): array
    {
        return [
            ...self::headers(),
            ...self::digests(),
            ...self::keys(),
            ...self::payloads(),
            ...self::json(),
            ...self::stringsToSign(),
            ...self::requests(),
            ...self::algorithms(),
            ...self::times(),
            ...Siblings::all(),
            ...CanonicalMistakes::all(),
        ];
    }

    /** @return array<string, Row> */
    private static function headers(): array
    {
        $rows = [];
        foreach (self::PROFILES as $profile) {
            $sent = static fn (): Sent => Sent::to($profile, Sent::sign($profile, Sent::text($profile)));
            $last = static function () use ($sent): array {
                $headers = array_diff_key($sent()->headers, ['X-HW-TIMESTAMP' => 0, 'OCS-APIRequest' => 0]);
                return [array_key_last($headers), end($headers), $headers];
            };
            [$name] = $last();
            $rows["$profile: a proxy drops the header"] = [
                [Cause::HeaderMissing],
                static function () use ($sent, $last): Sent {
                    [$name, , $headers] = $last();
                    unset($headers[$name]);
                    return $sent()->withHeaders($headers);
                },
                [$name],
            ];
            $rows["$profile: the header twice, in two letter cases"] = [
                [Cause::HeaderRepeated],
                static function () use ($sent, $last): Sent {
                    [$name, $value] = $last();
                    return $sent()->withHeaders([...$sent()->headers, strtolower($name) . '' => $value]);
                },
                [$name],
            ];
            $rows["$profile: a list of two values, as PSR-7 has it"] = [
                [Cause::HeaderRepeated],
                static function () use ($sent, $last): Sent {
                    [$name, $value] = $last();
                    return $sent()->withHeaders([...$sent()->headers, $name => [$value, $value]]);
                },
                [$name],
            ];
        }
        foreach (['huawei-push', 'nextcloud'] as $profile) {
            $rows["$profile: a base64 text that only lenient decoders take"] = [
                [Cause::HeaderMalformed],
                static function () use ($profile): Sent {
                    $digest = Sent::sign($profile, Sent::text($profile));
                    $alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
                    $digest[42] = $alphabet[strpos($alphabet, $digest[42]) + 1];
                    return Sent::to($profile, $digest);
                },
                ['spare bits'],
            ];
        }
        foreach (self::PROFILES as $index => $profile) {
            $other = self::PROFILES[($index + 1) % count(self::PROFILES)];
            $rows["$profile is passed in place of $other"] = [
                [Cause::OtherProfile],
                static fn (): Sent => Sent::to($other, Sent::sign($other, Sent::text($other)))->takenFor($profile),
                ["These are the headers of the profile \"$other\", not of \"$profile\", and "],
            ];
        }
        $rows['huawei-push is passed in place of nextcloud, and the key is another one'] = [
            [Cause::OtherProfile],
            static fn (): Sent => Sent::to('nextcloud', Sent::sign('nextcloud', 'x'))->takenFor('huawei-push'),
            ['These are the headers of the profile "nextcloud", not of "huawei-push".'],
        ];
        foreach ([',' => 'digits', ' ' => 'a space is not allowed', '&' => 'digits'] as $separator => $words) {
            $rows["huawei-push: \"$separator\" in place of semicolons"] = [
                [Cause::HeaderMalformed],
                static function () use ($separator): Sent {
                    $sent = Sent::to('huawei-push', Sent::sign('huawei-push', Sent::text('huawei-push')));
                    return $sent->withHeaders(str_replace('; ', $separator, $sent->headers));
                },
                [$words],
            ];
        }
        return [
            'nextcloud: the key of another id' => [
                [Cause::KeyIdUnknown],
                static fn (): Sent => Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud')))->heldAs('barn'),
                [],
            ],
            'huawei-push: colons in place of equals signs' => [
                [Cause::HeaderMalformed],
                static fn (): Sent => Sent::to('huawei-push', '')->withHeaders([
                    'X-HW-SIGNATURE' => 'timestamp:1800000000000; nonce::; value:' . base64_encode(random_bytes(32)),
                ]),
                ['X-HW-SIGNATURE', 'name=value'],
            ],
            'huawei-push: X-HW-TIMESTAMP says otherwise' => [
                [Cause::HeaderMalformed],
                static function (): Sent {
                    $sent = Sent::to('huawei-push', Sent::sign('huawei-push', Sent::text('huawei-push')));
                    return $sent->withHeaders([...$sent->headers, 'X-HW-TIMESTAMP' => '1800000000001']);
                },
                ['X-HW-TIMESTAMP', 'contradicts'],
            ],
            'nextcloud: a nonce that the profile does not take' => [
                [Cause::HeaderMalformed],
                static function (): Sent {
                    $text = strtr(Sent::text('nextcloud'), [Sent::UUID => 'short']);
                    $sent = Sent::to('nextcloud', Sent::sign('nextcloud', $text));
                    return $sent->withHeaders([...$sent->headers, 'X-NC-NONCE' => 'short']);
                },
                ['X-NC-NONCE', 'grammar'],
            ],
            'django: a timestamp with a fraction' => [
                [Cause::HeaderMalformed],
                static fn (): Sent => Sent::to(
                    'django',
                    Sent::sign('django', Sent::text('django', timestamp: '1800000000.25')),
                    timestamp: '1800000000.25',
                ),
                ['X-HMAC-Timestamp', 'digits'],
            ],
            'nextcloud: the target was decoded' => [
                [Cause::RequestMalformed],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    Sent::sign('nextcloud', Sent::text('nextcloud', path: '/two words')),
                    target: urldecode('/two%20words'),
                ),
                ['target', 'white space'],
            ],
            'nextcloud: the method is empty' => [
                [Cause::RequestMalformed],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    Sent::sign('nextcloud', Sent::text('nextcloud')),
                    method: (string) ($_SERVER['REQUEST_METHOD'] ?? ''),
                ),
                ['method'],
            ],
        ] + $rows;
    }

    /** @return array<string, Row> */
    private static function digests(): array
    {
        $rows = [];
        foreach (self::PROFILES as $profile) {
            $raw = static fn (string $payload = self::BODY): string
                => hash_hmac('sha256', Sent::text($profile, $payload), self::KEY, true);
            $rows["$profile: base64_encode(hash_hmac())"] = [
                [Cause::DigestIsBase64OfHex],
                static fn (): Sent => Sent::to(
                    $profile,
                    base64_encode(hash_hmac('sha256', Sent::text($profile), self::KEY)),
                ),
                ['base64_encode(hash_hmac'],
            ];
            foreach (['sha256=', 'hmac-sha256 ', 'v1=', 'v0='] as $prefix) {
                $rows["$profile: \"$prefix\" in front of the digest"] = [
                    [Cause::DigestHasPrefix],
                    static fn (): Sent => Sent::to($profile, $prefix . Sent::sign($profile, Sent::text($profile))),
                    ["\"$prefix\" in front of the digest"],
                ];
            }
            $rows["$profile: substr() keeps half of it"] = [
                [Cause::DigestTruncated],
                static function () use ($profile): Sent {
                    $digest = Sent::sign($profile, Sent::text($profile));
                    return Sent::to($profile, substr($digest, 0, 22));
                },
                ['22 characters'],
            ];
            if (!Sent::isBase64($profile)) {
                $rows["$profile: base64"] = [
                    [Cause::DigestIsBase64],
                    static fn (): Sent => Sent::to($profile, base64_encode($raw())),
                    ['base64_encode()'],
                ];
                continue;
            }
            $rows["$profile: hash_hmac() without true"] = [
                [Cause::DigestIsHex],
                static fn (): Sent => Sent::to($profile, hash_hmac('sha256', Sent::text($profile), self::KEY)),
                ['without true'],
            ];
            $rows["$profile: upper-case hex"] = [
                [Cause::DigestIsHex],
                static fn (): Sent => Sent::to($profile, strtoupper(bin2hex($raw()))),
                [],
            ];
            $rows["$profile: base64url"] = [
                [Cause::DigestIsBase64url],
                static function () use ($profile, $raw): Sent {
                    $payload = self::payloadWhoseSignatureHas('/', $raw);
                    return Sent::to($profile, rtrim(strtr(base64_encode($raw($payload)), '+/', '-_'), '='), $payload);
                },
                ['URL-safe'],
            ];
            $rows["$profile: rtrim(…, '=')"] = [
                [Cause::DigestPaddingMissing],
                static fn (): Sent => Sent::to($profile, rtrim(base64_encode($raw()), '=')),
                ["rtrim"],
            ];
            $rows["$profile: explode('=')"] = [
                [Cause::DigestPaddingMissing],
                static fn (): Sent => Sent::to($profile, explode('=', 'value=' . base64_encode($raw()))[1]),
                ['first'],
            ];
            $rows["$profile: parse_str()"] = [
                [Cause::DigestPlusBecameSpace],
                static function () use ($profile, $raw): Sent {
                    $payload = self::payloadWhoseSignatureHas('+', $raw);
                    parse_str('value=' . base64_encode($raw($payload)), $fields);
                    return Sent::to($profile, $fields['value'], $payload);
                },
                ['parse_str()'],
            ];
            $rows["$profile: strtolower()"] = [
                [Cause::DigestCaseFolded],
                static fn (): Sent => Sent::to($profile, strtolower(base64_encode($raw()))),
                ['lower case'],
            ];
            $rows["$profile: strtoupper()"] = [
                [Cause::DigestCaseFolded],
                static fn (): Sent => Sent::to($profile, strtoupper(base64_encode($raw()))),
                ['upper case'],
            ];
            $rows["$profile: half of the bytes, then base64"] = [
                [Cause::DigestTruncated],
                static fn (): Sent => Sent::to($profile, base64_encode(substr($raw(), 0, 16))),
                ['24 characters'],
            ];
        }
        $rows['huawei-push: parse_str() where the signature begins with +'] = [
            [Cause::DigestPlusBecameSpace],
            static function (): Sent {
                $raw = static fn (string $payload): string
                    => hash_hmac('sha256', Sent::text('huawei-push', $payload), self::KEY, true);
                for ($i = 0; base64_encode($raw("{\"n\":$i}"))[0] !== '+';) {
                    $i++;
                }
                parse_str('value=' . base64_encode($raw("{\"n\":$i}")), $fields);
                return Sent::to('huawei-push', $fields['value'], "{\"n\":$i}");
            },
            [],
        ];
        return $rows;
    }

    /** @return array<string, Row> */
    private static function keys(): array
    {
        $binary = hash('sha256', 'any 32 bytes', true);
        $base64 = base64_encode($binary);
        // cause, what the receiver takes for the key, what the sender signs with, words
        $pairs = [
            'a line feed at the end of secret.txt' => [Cause::KeyHasWhitespace, self::file(self::KEY . "\n"), self::KEY, 'taken off'],
            'CR LF at the end of secret.txt' => [Cause::KeyHasWhitespace, self::file(self::KEY . "\r\n"), self::KEY, 'taken off'],
            'a space copied along' => [Cause::KeyHasWhitespace, ' ' . self::KEY, self::KEY, 'taken off'],
            'a line feed in the secret.txt of the sender' => [Cause::KeyHasWhitespace, self::KEY, self::file(self::KEY . "\n"), 'at its end'],
            'CR LF in the secret.txt of the sender' => [Cause::KeyHasWhitespace, self::KEY, self::file(self::KEY . "\r\n"), 'at its end'],
            'a BOM in secret.txt' => [Cause::KeyHasBom, self::file("\xEF\xBB\xBF" . self::KEY), self::KEY, 'byte order mark'],
            'whsec_ left on' => [Cause::KeyHasPrefix, "whsec_$base64", base64_decode(substr("whsec_$base64", 6)), '"whsec_", with base64'],
            'whsec_ left on, text behind it' => [Cause::KeyHasPrefix, 'whsec_' . self::KEY, self::KEY, '"whsec_"'],
            'base64: left on, as in an .env of Laravel' => [Cause::KeyHasPrefix, "base64:$base64", $binary, '"base64:"'],
            'a line of .env' => [Cause::KeyHasPrefix, 'APP_SECRET=' . self::KEY, self::KEY, '"APP_SECRET="'],
            'a line of a shell' => [Cause::KeyHasPrefix, 'export APP_SECRET=' . self::KEY, self::KEY, '"export APP_SECRET="'],
            '0x in front of hex' => [Cause::KeyHasPrefix, '0x' . bin2hex($binary), $binary, '"0x", with hexadecimal'],
            'the quotation marks of .env' => [Cause::KeyHasQuotes, '"' . self::KEY . '"', self::KEY, 'they are taken off'],
            'single quotation marks' => [Cause::KeyHasQuotes, "'" . self::KEY . "'", self::KEY, 'they are taken off'],
            'the quotation marks of .env, at the sender' => [Cause::KeyHasQuotes, self::KEY, '"' . self::KEY . '"', 'put around it'],
            'DEADBEEF where it is deadbeef' => [Cause::KeyCaseDiffers, strtoupper(bin2hex($binary)), bin2hex($binary), 'in lower case'],
            'deadbeef where it is DEADBEEF' => [Cause::KeyCaseDiffers, bin2hex($binary), strtoupper(bin2hex($binary)), 'in upper case'],
            'base64 that was to be decoded' => [Cause::KeyIsBase64Text, $base64, base64_decode($base64), 'is base64 text'],
            'base64 without padding that was to be decoded' => [Cause::KeyIsBase64Text, rtrim($base64, '='), base64_decode($base64), 'is unpadded base64 text'],
            'base64url that was to be decoded' => [Cause::KeyIsBase64Text, strtr($base64, '+/', '-_'), $binary, 'is URL-safe base64 text'],
            'hex that was to be decoded' => [Cause::KeyIsHexText, bin2hex($binary), hex2bin(bin2hex($binary)), 'hexadecimal'],
            'base64 decoded against the contract' => [Cause::KeyWasDecoded, base64_decode($base64), $base64, 'its base64 text'],
            'hex decoded against the contract' => [Cause::KeyWasDecoded, hex2bin(bin2hex($binary)), bin2hex($binary), 'its hexadecimal text'],
        ];
        $rows = [];
        foreach (self::PROFILES as $profile) {
            foreach ($pairs as $name => [$cause, $receivers, $senders, $words]) {
                $rows["$profile: the key: $name"] = [
                    [$cause],
                    static fn (): Sent => Sent::to(
                        $profile,
                        Sent::sign($profile, Sent::text($profile), $senders),
                        key: $receivers,
                        sendersKey: $senders,
                    ),
                    [$words],
                ];
            }
        }
        return $rows;
    }

    /** @return array<string, Row> */
    private static function payloads(): array
    {
        $form = 'from=me&text=two+words&data=' . urlencode(base64_encode('from a phone'));
        $talk = '{"type":"Create","object":{"id":"7","content":"hello there"}}';
        $order = self::ORDER;
        // cause, what arrived, what was signed, words
        $pairs = [
            'PHP_EOL is sent and not signed' => [Cause::PayloadTrailingNewline, self::BODY . PHP_EOL, self::BODY, 'taken off'],
            'CR LF is sent and not signed' => [Cause::PayloadTrailingNewline, self::BODY . "\r\n", self::BODY, 'taken off'],
            'PHP_EOL is signed and not sent' => [Cause::PayloadTrailingNewline, self::BODY, self::BODY . PHP_EOL, 'is put there'],
            'trim() before signing' => [Cause::PayloadTrimmed, "  $order \n\n", trim("  $order \n\n"), 'white space'],
            'a BOM is sent and not signed' => [Cause::PayloadBom, "\xEF\xBB\xBF" . self::BODY, self::BODY, 'taken off'],
            'a BOM is signed and not sent' => [Cause::PayloadBom, self::BODY, "\xEF\xBB\xBF" . self::BODY, 'put in front'],
            'LF becomes CR LF on the way' => [Cause::PayloadCrlf, strtr($order, ["\n" => "\r\n"]), $order, 'CR LF becomes LF'],
            'CR LF becomes LF on the way' => [Cause::PayloadCrlf, $order, strtr($order, ["\n" => "\r\n"]), 'LF becomes CR LF'],
            'a stream that was read before is empty' => [Cause::PayloadEmpty, self::BODY, self::secondReadOf(self::BODY), 'empty payload'],
            'only data' => [Cause::PayloadFieldOnly, self::BODY, json_decode(self::BODY)->data, 'only the text of the field "data"'],
            'only data, decoded' => [Cause::PayloadFieldOnly, self::BODY, base64_decode(json_decode(self::BODY)->data), 'only the field "data", base64-decoded'],
            'only a field of an object' => [Cause::PayloadFieldOnly, $talk, json_decode($talk, true)['object']['content'], 'only the text of the field "object.content"'],
            'only a number' => [Cause::PayloadFieldOnly, '{"id":17,"a":"b"}', (string) json_decode('{"id":17,"a":"b"}')->id, 'only the text of the field "id"'],
            'only a field of a form' => [Cause::PayloadFieldOnly, $form, self::field($form, 'text'), 'only the text of the field "text"'],
            'only a field of a form, decoded' => [Cause::PayloadFieldOnly, $form, base64_decode(self::field($form, 'data')), 'only the field "data", base64-decoded'],
            'str_replace("\\/", "/") after signing' => [Cause::PayloadSlashesEscaped, $order, str_replace('/', '\/', $order), 'written as \/'],
            'str_replace("\\/", "/") before signing' => [Cause::PayloadSlashesEscaped, str_replace('/', '\/', $order), $order, 'written as /'],
            'accents as \\u00e9 when it was signed' => [Cause::PayloadUnicodeEscaped, $order, str_replace("\u{e9}", '\u00e9', $order), 'four digits'],
            'accents as \\u00e9 when it arrives' => [Cause::PayloadUnicodeEscaped, str_replace("\u{e9}", '\u00e9', $order), $order, 'the letter itself'],
            'utf8_decode() before signing' => [Cause::PayloadCharsetDiffers, $order, mb_convert_encoding($order, 'ISO-8859-1', 'UTF-8'), 'from UTF-8 to ISO-8859-1'],
            'utf8_encode() before signing' => [Cause::PayloadCharsetDiffers, $order, mb_convert_encoding($order, 'UTF-8', 'ISO-8859-1'), 'from ISO-8859-1 to UTF-8'],
            'json_encode() escapes the slashes of what JavaScript sent' => [Cause::PayloadSlashesEscaped, '{"u":"https://a/b"}', json_encode(json_decode('{"u":"https://a/b"}')), 'written as \/'],
        ];
        $rows = self::signedOtherwise($pairs, self::PROFILES);
        $rows['nextcloud: a body by GET'] = [
            [Cause::PayloadEmpty],
            static fn (): Sent => Sent::to(
                'nextcloud',
                Sent::sign('nextcloud', Sent::text('nextcloud', '', method: 'GET')),
                method: 'GET',
            ),
            ['signs no payload for this method'],
        ];
        $body = json_encode(['message' => 'hello', 'replyTo' => 3]);
        $rows['nextcloud-talk-bot: the body is passed where the message is signed'] = [
            [Cause::PayloadFieldOnly],
            static fn (): Sent => Sent::to(
                'nextcloud-talk-bot',
                Sent::sign('nextcloud-talk-bot', Sent::text('nextcloud-talk-bot', 'hello')),
                $body,
            ),
            ['only the text of the field "message"'],
        ];
        return $rows;
    }

    /** @return array<string, Row> */
    private static function json(): array
    {
        $python = '{"url": "https://example.org/a", "name": "Jos\u00e9", "total": 1.0, "empty": {}, "b": 1, "a": "<&>"}';
        $javascript = '{"url":"https://example.org/a","name":"José","total":1,"empty":{},"b":1,"a":"<&>","list":[1,[]]}';
        $indented = <<<'JSON'
            {
              "url": "https://example.org/a",
              "name": "José",
              "total": 1,
              "empty": {},
              "b": 1,
              "a": "<&>",
              "list": [
                1,
                []
              ]
            }
            JSON;
        // what arrived, what was signed, the style
        $styles = [
            [$python, json_encode(json_decode($python)), 'json_encode(json_decode($body)) writes'],
            [$python, json_encode(json_decode($python, true)), 'json_encode(json_decode($body, true)) writes'],
            [$python, json_encode(json_decode($python), JSON_UNESCAPED_SLASHES), 'json_encode(…, JSON_UNESCAPED_SLASHES) writes'],
            [$python, json_encode(json_decode($python), JSON_UNESCAPED_UNICODE), 'json_encode(…, JSON_UNESCAPED_UNICODE) writes'],
            [$python, json_encode(json_decode($python), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), 'json_encode(…, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), writes'],
            [$python, json_encode(json_decode($python, true), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), 'json_encode(json_decode($body, true), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) writes'],
            [$python, json_encode(json_decode($python), JSON_PRETTY_PRINT), 'json_encode(…, JSON_PRETTY_PRINT) writes'],
            [$python, json_encode(json_decode($python), JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), 'JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) writes'],
            [$indented, $javascript, 'JavaScript\'s JSON.stringify(data), or'],
            [$javascript, $indented, 'JavaScript\'s JSON.stringify(data, null, 2), writes'],
            [$javascript, '{"url": "https://example.org/a", "name": "Jos\u00e9", "total": 1, "empty": {}, "b": 1, "a": "<&>", "list": [1, []]}', 'Python\'s json.dumps(data) writes'],
            [$javascript, '{"a": "<&>", "b": 1, "empty": {}, "list": [1, []], "name": "Jos\u00e9", "total": 1, "url": "https://example.org/a"}', 'Python\'s json.dumps(data, sort_keys=True) writes'],
            [$indented, '{"url":"https://example.org/a","name":"Jos\u00e9","total":1,"empty":{},"b":1,"a":"<&>","list":[1,[]]}', 'JSON_UNESCAPED_SLASHES) writes'],
            [$python, '{"url":"https://example.org/a","name":"Jos\u00e9","total":1.0,"empty":{},"b":1,"a":"<&>"}', 'Python\'s json.dumps(data, separators=(\',\', \':\')) writes'],
            [$javascript, '{"a":"<&>","b":1,"empty":{},"list":[1,[]],"name":"Jos\u00e9","total":1,"url":"https://example.org/a"}', 'Python\'s json.dumps(data, sort_keys=True, separators=(\',\', \':\')) writes'],
            [$javascript, '{"url": "https://example.org/a", "name": "José", "total": 1, "empty": {}, "b": 1, "a": "<&>", "list": [1, []]}', 'Python\'s json.dumps(data, ensure_ascii=False) writes'],
            [$javascript, strtr($indented, ['é' => '\u00e9']), 'Python\'s json.dumps(data, indent=2) writes'],
            [$javascript, strtr($indented, ['é' => '\u00e9', '  ' => '    ']), 'Python\'s json.dumps(data, indent=4) writes'],
            [$python, '{"url":"https://example.org/a","name":"José","total":1.0,"empty":{},"b":1,"a":"<&>"}', 'an encoder that adds no spaces writes'],
            [$javascript, '{"a":"<&>","b":1,"empty":{},"list":[1,[]],"name":"José","total":1,"url":"https://example.org/a"}', 'an encoder that sorts the keys and adds no spaces writes'],
            [$javascript, '{"a":"\u003c\u0026\u003e","b":1,"empty":{},"list":[1,[]],"name":"José","total":1,"url":"https://example.org/a"}', 'Go\'s json.Marshal(data) writes'],
        ];
        $flat = '{"a":"b c~","n":1,"t":true,"z":null}';
        $styles[] = [$flat, http_build_query(json_decode($flat, true)), 'http_build_query(json_decode($body, true)) writes'];
        $pairs = [];
        foreach ($styles as $index => [$arrived, $signed, $style]) {
            $pairs["JSON style $index: $style"] = [Cause::PayloadReserialized, $arrived, $signed, $style];
        }
        return self::signedOtherwise($pairs, ['huawei-push', 'nextcloud', 'django']);
    }

    /** @return array<string, Row> */
    private static function stringsToSign(): array
    {
        $ms = Sent::timestamp('huawei-push');
        $s = Sent::timestamp('nextcloud');
        $uuid = Sent::UUID;
        $random = Sent::RANDOM;
        $body = self::BODY;
        $hash = hash('sha256', $body);
        $nextcloud = ['POST', Sent::TARGET, '', $s, $uuid, $hash];
        // profile, cause, what was signed, words, payload
        $texts = [
            'huawei-push: the nonce left out' => ['huawei-push', Cause::NonceOmitted, $ms . $body, 'nonce'],
            'huawei-receipt: the nonce left out' => ['huawei-receipt', Cause::NonceOmitted, $ms . $body, 'nonce'],
            'nextcloud: the nonce left out' => ['nextcloud', Cause::NonceOmitted, "POST\n" . Sent::TARGET . "\n\n$s\n$hash", 'nonce'],
            'nextcloud-talk: the random left out' => ['nextcloud-talk', Cause::NonceOmitted, $body, 'nonce'],
            'huawei-push: the timestamp left out' => ['huawei-push', Cause::TimestampOmitted, ':' . $body, 'timestamp'],
            'huawei-receipt: the timestamp left out' => ['huawei-receipt', Cause::TimestampOmitted, $uuid . $body, 'timestamp'],
            'nextcloud: the timestamp left out' => ['nextcloud', Cause::TimestampOmitted, "POST\n" . Sent::TARGET . "\n\n$uuid\n$hash", 'timestamp'],
            'django: the timestamp left out' => ['django', Cause::TimestampOmitted, $body, 'timestamp'],
            'huawei-push: the clock is read twice' => ['huawei-push', Cause::TimestampDiffers, ($ms + 1) . ':' . $body, '1800000000001'],
            'huawei-push: the clock is read twice, a second apart' => ['huawei-push', Cause::TimestampDiffers, ($ms - 1000) . ':' . $body, '1799999999000'],
            'huawei-push: seconds are signed' => ['huawei-push', Cause::TimestampDiffers, "$s:$body", 'in seconds'],
            'django: the clock is read twice' => ['django', Cause::TimestampDiffers, ($s + 1) . ".$body", '1800000001'],
            'django: milliseconds are signed' => ['django', Cause::TimestampDiffers, "$ms.$body", 'in milliseconds'],
            'nextcloud: the clock is read twice' => ['nextcloud', Cause::TimestampDiffers, implode("\n", ['POST', Sent::TARGET, '', $s - 2, $uuid, $hash]), '1799999998'],
            'huawei-push: the payload first' => ['huawei-push', Cause::OrderDiffers, "$body$ms:", '{payload}{timestamp}{nonce}'],
            'huawei-receipt: the nonce first' => ['huawei-receipt', Cause::OrderDiffers, "$uuid$ms$body", '{nonce}{timestamp}{payload}'],
            'nextcloud: the nonce before the timestamp' => ['nextcloud', Cause::OrderDiffers, implode("\n", ['POST', Sent::TARGET, '', $uuid, $s, $hash]), '{nonce}\n{timestamp}'],
            'nextcloud-talk: the payload first' => ['nextcloud-talk', Cause::OrderDiffers, $body . $random, '{payload}{nonce}'],
            'django: the payload first' => ['django', Cause::OrderDiffers, "$body.$s", '{payload}.{timestamp}'],
            'nextcloud: the body in place of its hash' => ['nextcloud', Cause::PayloadHashDiffers, implode("\n", ['POST', Sent::TARGET, '', $s, $uuid, $body]), 'the payload itself'],
            'nextcloud: the hash in upper case' => ['nextcloud', Cause::PayloadHashDiffers, implode("\n", ['POST', Sent::TARGET, '', $s, $uuid, strtoupper($hash)]), 'upper-case'],
            'nextcloud: the hash in base64' => ['nextcloud', Cause::PayloadHashDiffers, implode("\n", ['POST', Sent::TARGET, '', $s, $uuid, base64_encode(hex2bin($hash))]), 'in base64'],
            'django: the hash in place of the body' => ['django', Cause::PayloadHashDiffers, "$s.$hash", 'in place of the payload itself'],
            'huawei-push: dots between the parts' => ['huawei-push', Cause::SeparatorDiffers, implode('.', [$ms, ':', $body]), 'a dot'],
            'huawei-push: plus signs, as the documents print them' => ['huawei-push', Cause::SeparatorDiffers, "$ms+:+$body", 'a plus sign'],
            'huawei-receipt: line feeds between the parts' => ['huawei-receipt', Cause::SeparatorDiffers, "$ms\n$uuid\n$body", 'a line feed'],
            'nextcloud: nothing between the parts' => ['nextcloud', Cause::SeparatorDiffers, implode('', $nextcloud), 'nothing'],
            'nextcloud: "\n" in single quotes is not, bars are' => ['nextcloud', Cause::SeparatorDiffers, implode('|', $nextcloud), 'a bar'],
            'nextcloud: CR LF between the parts' => ['nextcloud', Cause::SeparatorDiffers, implode("\r\n", $nextcloud), 'CR LF'],
            'nextcloud: \'\n\' in single quotes' => ['nextcloud', Cause::SeparatorDiffers, implode('\n', $nextcloud), 'backslash'],
            'nextcloud-talk: a colon between the parts' => ['nextcloud-talk', Cause::SeparatorDiffers, "$random:$body", 'a colon'],
            'django: no dot' => ['django', Cause::SeparatorDiffers, $s . $body, 'nothing'],
            'nextcloud: a line break at the end' => ['nextcloud', Cause::SeparatorDiffers, implode("\n", $nextcloud) . "\n", 'a line break at the end of'],
            'huawei-receipt: + in place of the first dot' => ['huawei-receipt', Cause::NumericAddition, @((string) ($ms + $uuid)) . $body, 'arithmetic'],
            'huawei-receipt: + throughout' => ['huawei-receipt', Cause::NumericAddition, @(string) ($ms + $uuid + '4915'), 'arithmetic', '4915'],
            // To PHP 7, ":" was the number 0, so that adding it is leaving it out.
            'huawei-push: + as PHP 7 took it' => ['huawei-push', Cause::NonceOmitted, (int) $ms + (int) ':' . $body, 'nonce'],
            'django: + between numbers' => ['django', Cause::NumericAddition, (string) ($s + '4915'), 'arithmetic', '4915'],
            'huawei-push: Django\'s contract' => ['huawei-push', Cause::OtherProfile, "$ms.$body", '"django"'],
            'huawei-receipt: Django\'s contract' => ['huawei-receipt', Cause::OtherProfile, "$ms.$body", '"django"'],
            'nextcloud: Huawei\'s contract' => ['nextcloud', Cause::OtherProfile, $s . $uuid . $body, '"huawei-push"'],
            'nextcloud: Talk\'s contract' => ['nextcloud', Cause::OtherProfile, $uuid . $body, '"nextcloud-talk"'],
            'nextcloud: Django\'s contract' => ['nextcloud', Cause::OtherProfile, "$s.$body", '"django"'],
            'nextcloud: the body alone, as GitHub does' => ['nextcloud', Cause::OtherProfile, $body, 'the payload alone'],
            'huawei-push: the body alone, as GitHub does' => ['huawei-push', Cause::OtherProfile, $body, 'the payload alone'],
        ];
        $rows = [];
        foreach ($texts as $name => $row) {
            [$profile, $cause, $text, $words] = $row;
            $payload = $row[4] ?? self::BODY;
            $rows[$name] = [
                [$cause],
                static fn (): Sent => Sent::to($profile, Sent::sign($profile, $text), $payload),
                [$words],
            ];
        }
        return $rows;
    }

    /** @return array<string, Row> */
    private static function requests(): array
    {
        $query = 'b=two+words&a=%7e1&b=1';
        parse_str('b=two+words&a=%7e1', $fields);
        ksort($fields);
        // cause, the target that arrived, what was signed, words
        $requests = [
            'strtolower($method)' => [Cause::MethodDiffers, Sent::TARGET, ['method' => strtolower('POST')], 'post'],
            'GET is signed and POST is sent' => [Cause::MethodDiffers, Sent::TARGET, ['method' => 'GET'], 'GET'],
            'rtrim($path, "/")' => [Cause::PathTrailingSlash, Sent::TARGET, ['path' => rtrim(Sent::TARGET, '/')], '/apps/weather.'],
            'the slash that Django adds' => [Cause::PathTrailingSlash, '/apps/weather', ['path' => '/apps/weather/'], '/apps/weather/.'],
            'parse_url() without rawurldecode()' => [Cause::PathDecoded, '/caf%C3%A9/two%20words', ['path' => parse_url('https://host/caf%C3%A9/two%20words', PHP_URL_PATH)], 'percent-encoded'],
            '/index.php is signed and not requested' => [Cause::PathPrefix, '/apps/weather/', ['path' => '/index.php/apps/weather/'], '/index.php/apps/weather/'],
            '/index.php is requested and not signed' => [Cause::PathPrefix, '/index.php/apps/weather/', ['path' => '/apps/weather/'], 'signed /apps/weather/'],
            'a sub-folder is cut off by a proxy' => [Cause::PathPrefix, '/cloud/nc/apps/weather/', ['path' => '/apps/weather/'], '/apps/weather/'],
            '/api is cut off by a proxy' => [Cause::PathPrefix, '/apps/weather/', ['path' => '/api/apps/weather/'], '/api/apps/weather/'],
            '/nextcloud is cut off by a proxy' => [Cause::PathPrefix, '/apps/weather/', ['path' => '/nextcloud/apps/weather/'], '/nextcloud/apps/weather/'],
            'the full URL as path' => [Cause::PathPrefix, 'https://cloud.example/apps/weather/', ['path' => 'https://cloud.example/apps/weather/'], 'https://cloud.example/apps/weather/'],
            'the query in the order of the URL' => [Cause::QueryNotCanonical, '/a?b=two+words&a=%7e1', ['path' => '/a', 'query' => 'b=two%20words&a=~1'], 'encoded again, but not sorted'],
            'the query as it stands' => [Cause::QueryNotCanonical, "/a?$query", ['path' => '/a', 'query' => parse_url("/a?$query", PHP_URL_QUERY)], 'as it stands in the URL'],
            'the query sorted by explode() and sort()' => [Cause::QueryNotCanonical, "/a?$query", ['path' => '/a', 'query' => self::sorted($query)], 'sorted, and each parameter as it stands'],
            'the query by ksort() and http_build_query()' => [Cause::QueryNotCanonical, '/a?b=two+words&a=%7e1', ['path' => '/a', 'query' => http_build_query($fields)], 'as http_build_query() writes it'],
            'the query as Python\'s urlencode() writes it' => [Cause::QueryNotCanonical, '/a?b=two+words&a=%7e1', ['path' => '/a', 'query' => 'a=~1&b=two+words'], '+ in place of %20'],
            'the query by urldecode()' => [Cause::QueryNotCanonical, "/a?$query", ['path' => '/a', 'query' => urldecode($query)], 'decoded'],
            'the query left out' => [Cause::QueryNotCanonical, "/a?$query", ['path' => '/a'], 'as if it were empty'],
            'the query with its question mark' => [Cause::QueryNotCanonical, "/a?$query", ['path' => '/a', 'query' => "?$query"], 'question mark'],
            'REQUEST_URI as path' => [Cause::QueryNotCanonical, "/a?$query", ['path' => "/a?$query"], 'as part of the path'],
        ];
        $rows = [];
        foreach ($requests as $name => [$cause, $target, $signed, $words]) {
            $rows["nextcloud: $name"] = [
                [$cause],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    Sent::sign('nextcloud', Sent::text('nextcloud', ...$signed)),
                    target: $target,
                ),
                [$words],
            ];
        }
        $rows['nextcloud: no line for the empty query'] = [
            [Cause::QueryNotCanonical],
            static fn (): Sent => Sent::to('nextcloud', Sent::sign('nextcloud', implode("\n", [
                'POST',
                Sent::TARGET,
                Sent::timestamp('nextcloud'),
                Sent::UUID,
                hash('sha256', self::BODY),
            ]))),
            ['without the line'],
        ];
        // What $_SERVER knows, the arguments left out or wrong, what was signed, words
        $servers = [
            '$method forgotten' => [Cause::MethodDiffers, ['REQUEST_METHOD' => 'PUT'], Sent::TARGET, ['method' => 'PUT'], "PUT, which is \$_SERVER['REQUEST_METHOD']"],
            'a method of its own forgotten' => [Cause::MethodDiffers, ['REQUEST_METHOD' => 'REPORT'], Sent::TARGET, ['method' => 'REPORT'], 'REPORT, which is'],
            '$target forgotten' => [Cause::TargetDiffers, ['REQUEST_URI' => '/a/?b=c'], '/', ['path' => '/a/', 'query' => 'b=c'], "/a/?b=c, which is \$_SERVER['REQUEST_URI']"],
            '$target without its query' => [Cause::TargetDiffers, ['REQUEST_URI' => '/a?b=c'], '/a', ['path' => '/a', 'query' => 'b=c'], '/a?b=c'],
            'the full URL as path, of which only the host is known' => [Cause::PathPrefix, ['HTTP_HOST' => 'cloud.example'], Sent::TARGET, ['path' => 'https://cloud.example' . Sent::TARGET], 'https://cloud.example' . Sent::TARGET],
        ];
        foreach ($servers as $name => [$cause, $server, $target, $signed, $words]) {
            $rows["nextcloud: $name"] = [
                [$cause],
                static function () use ($server, $target, $signed): Sent {
                    $sent = Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud', ...$signed)), target: $target);
                    return $sent->withHeaders([...$sent->headers, ...$server]);
                },
                [$words],
            ];
        }
        return $rows;
    }

    /** @return array<string, Row> */
    private static function algorithms(): array
    {
        $rows = [];
        foreach (self::PROFILES as $profile) {
            foreach (['sha1' => Cause::AlgorithmSha1, 'sha384' => Cause::AlgorithmSha384, 'sha512' => Cause::AlgorithmSha512] as $algorithm => $cause) {
                $rows["$profile: hash_hmac('$algorithm', …)"] = [
                    [$cause],
                    static fn (): Sent => Sent::to(
                        $profile,
                        Sent::sign($profile, Sent::text($profile), algorithm: $algorithm),
                    ),
                    ['SHA-' . substr($algorithm, 3)],
                ];
            }
            $text = Sent::text($profile);
            $rows["$profile: the arguments of hash_hmac() swapped"] = [
                [Cause::AlgorithmArgumentsSwapped],
                static fn (): Sent => Sent::to($profile, Sent::sign($profile, self::KEY, $text)),
                ['the key as the data'],
            ];
            $plain = [
                'hash() of string to sign and secret' => [hash('sha256', $text . self::KEY, true), 'the string to sign and then the key'],
                'hash() of secret and string to sign' => [hash('sha256', self::KEY . $text, true), 'the key and then the string to sign'],
                'hash() of body and secret' => [hash('sha256', self::BODY . self::KEY, true), 'the payload alone and then the key'],
                'hash() of secret and body' => [hash('sha256', self::KEY . self::BODY, true), 'the key and then the payload alone'],
            ];
            foreach ($plain as $name => [$digest, $words]) {
                $rows["$profile: $name"] = [
                    [Cause::AlgorithmPlainHash],
                    static fn (): Sent => Sent::to(
                        $profile,
                        Sent::isBase64($profile) ? base64_encode($digest) : bin2hex($digest),
                    ),
                    [$words],
                ];
            }
        }
        return $rows;
    }

    /** @return array<string, Row> */
    private static function times(): array
    {
        $now = Sent::NOW;
        // cause, profiles, timestamp, words
        $times = [
            'time() where milliseconds are due' => [Cause::TimestampSecondsNotMilliseconds, ['huawei-push', 'huawei-receipt'], "$now", 'seconds'],
            'milliseconds where time() is due' => [Cause::TimestampMillisecondsNotSeconds, ['nextcloud', 'django'], "{$now}000", 'milliseconds'],
            'ten minutes old, in milliseconds' => [Cause::TimestampStale, ['huawei-push', 'huawei-receipt'], ($now - 600) . '000', 'by 600 s (300 s are allowed).'],
            'ten minutes old' => [Cause::TimestampStale, ['nextcloud'], (string) ($now - 600), 'by 600 s (300 s are allowed).'],
            'two minutes old' => [Cause::TimestampStale, ['django'], (string) ($now - 120), 'by 120 s (60 s are allowed).'],
            'a request out of a log' => [Cause::TimestampStale, ['nextcloud', 'django'], (string) ($now - 9999), 'The signature matches; only the age is wrong. The timestamp is behind this clock by 2 h 46 min ('],
            'a request of last week' => [Cause::TimestampStale, ['nextcloud'], (string) ($now - 604_900), 'by 7 days ('],
            'local time taken for Unix time, west' => [Cause::TimestampStale, ['nextcloud', 'django'], (string) ($now - 5 * 3600 + 2), 'which may come from a time zone'],
            'local time taken for Unix time, east' => [Cause::TimestampFromFuture, ['nextcloud', 'django'], (string) ($now + 2 * 3600), 'which may come from a time zone'],
            'ten minutes ahead, in milliseconds' => [Cause::TimestampFromFuture, ['huawei-push', 'huawei-receipt'], ($now + 600) . '000', 'by 600 s (300 s are allowed).'],
            'ten minutes ahead' => [Cause::TimestampFromFuture, ['nextcloud'], (string) ($now + 600), 'by 600 s (300 s are allowed).'],
        ];
        $rows = [];
        foreach ($times as $name => [$cause, $profiles, $timestamp, $words]) {
            foreach ($profiles as $profile) {
                $rows["$profile: $name"] = [
                    [$cause],
                    static fn (): Sent => Sent::to(
                        $profile,
                        Sent::sign($profile, Sent::text($profile, timestamp: $timestamp)),
                        timestamp: $timestamp,
                    ),
                    [$words],
                ];
            }
        }
        return $rows;
    }

    /**
     * Two mistakes at once, and sometimes a third that needs no search.
     *
     * @return array<string, Row>
     */
    public static function pairs(): array
    {
        $binary = hash('sha256', 'any 32 bytes', true);
        $base64 = base64_encode($binary);
        $data = base64_decode(json_decode(self::BODY)->data);
        $reencoded = json_encode(json_decode(self::ORDER, true));
        $seconds = Sent::timestamp('django');
        $text = static fn (string $profile, mixed ...$parts): string => Sent::text($profile, ...$parts);
        $hex = static fn (string $text, string $key = self::KEY): string => hash_hmac('sha256', $text, $key);

        return [
            'base64 of hex over the decoded data field' => [
                [Cause::DigestIsBase64OfHex, Cause::PayloadFieldOnly],
                static fn (): Sent => Sent::to('huawei-push', base64_encode($hex($text('huawei-push', $data)))),
                ['"data", base64-decoded'],
            ],
            'a hex digest with a base64-decoded key' => [
                [Cause::DigestIsHex, Cause::KeyIsBase64Text],
                static fn (): Sent => Sent::to('nextcloud', $hex($text('nextcloud'), $binary), key: $base64, sendersKey: $binary),
                [],
            ],
            'a hex digest with a key that is not to be decoded' => [
                [Cause::DigestIsHex, Cause::KeyWasDecoded],
                static fn (): Sent => Sent::to('nextcloud', $hex($text('nextcloud'), $base64), key: $binary, sendersKey: $base64),
                ['its base64 text'],
            ],
            'milliseconds in seconds with a re-encoded body' => [
                [Cause::PayloadReserialized, Cause::TimestampSecondsNotMilliseconds],
                static fn (): Sent => Sent::to(
                    'huawei-push',
                    Sent::sign('huawei-push', $text('huawei-push', $reencoded, timestamp: $seconds)),
                    self::ORDER,
                    timestamp: $seconds,
                ),
                ['json_encode(json_decode($body, true))'],
            ],
            'a line feed in the secret, and a hex digest' => [
                [Cause::DigestIsHex, Cause::KeyHasWhitespace],
                static fn (): Sent => Sent::to('nextcloud', $hex($text('nextcloud')), key: self::file(self::KEY . "\n")),
                [],
            ],
            'the query as it stands, and a hex digest' => [
                [Cause::DigestIsHex, Cause::QueryNotCanonical],
                static fn (): Sent => Sent::to('nextcloud', $hex($text('nextcloud', path: '/a', query: 'b=1&a=2')), target: '/a?b=1&a=2'),
                ['as it stands'],
            ],
            'sha1, in hex' => [
                [Cause::DigestIsHex, Cause::AlgorithmSha1],
                static fn (): Sent => Sent::to('huawei-push', hash_hmac('sha1', $text('huawei-push'), self::KEY)),
                [],
            ],
            'sha512, in base64 where hex is due' => [
                [Cause::DigestIsBase64, Cause::AlgorithmSha512],
                static fn (): Sent => Sent::to('nextcloud-talk', base64_encode(hash_hmac('sha512', $text('nextcloud-talk'), self::KEY, true))),
                [],
            ],
            'sha512, cut to 64 hex digits' => [
                [Cause::DigestTruncated, Cause::AlgorithmSha512],
                static fn (): Sent => Sent::to('django', substr(hash_hmac('sha512', $text('django'), self::KEY), 0, 64)),
                ['64 characters'],
            ],
            '$method and $target forgotten' => [
                [Cause::MethodDiffers, Cause::TargetDiffers],
                static function () use ($text): Sent {
                    $sent = Sent::to('nextcloud', Sent::sign('nextcloud', $text('nextcloud', method: 'PUT', path: '/a', query: 'b=c')), target: '/');
                    return $sent->withHeaders([...$sent->headers, 'REQUEST_METHOD' => 'PUT', 'REQUEST_URI' => '/a?b=c']);
                },
                ['PUT', '/a?b=c'],
            ],
            'a line of .env, with its quotation marks' => [
                [Cause::KeyHasPrefix, Cause::KeyHasQuotes],
                static fn (): Sent => Sent::to('django', Sent::sign('django', $text('django')), key: 'SECRET="' . self::KEY . '"'),
                ['"SECRET="'],
            ],
            'sha256= and base64 where hex is due' => [
                [Cause::DigestIsBase64, Cause::DigestHasPrefix],
                static fn (): Sent => Sent::to('django', 'sha256=' . base64_encode(hash_hmac('sha256', $text('django'), self::KEY, true))),
                [],
            ],
            'another method, and no trailing slash' => [
                [Cause::MethodDiffers, Cause::PathTrailingSlash],
                static fn (): Sent => Sent::to('nextcloud', Sent::sign('nextcloud', $text('nextcloud', method: 'PUT', path: '/apps/weather'))),
                ['PUT', '/apps/weather.'],
            ],
            'path and query as they stand in the URL' => [
                [Cause::PathDecoded, Cause::QueryNotCanonical],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    Sent::sign('nextcloud', $text('nextcloud', path: '/caf%C3%A9', query: 'q=a+b')),
                    target: '/caf%C3%A9?q=a+b',
                ),
                ['as it stands'],
            ],
            'a proxy that takes the prefix off, and an unsorted query' => [
                [Cause::PathPrefix, Cause::QueryNotCanonical],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    Sent::sign('nextcloud', $text('nextcloud', path: '/index.php/a', query: 'b=1&a=2')),
                    target: '/a?b=1&a=2',
                ),
                ['/index.php/a'],
            ],
            'base64url where hex is due' => [
                [Cause::DigestIsBase64, Cause::DigestIsBase64url],
                static function () use ($text): Sent {
                    $raw = static fn (string $payload): string => hash_hmac('sha256', $text('django', $payload), self::KEY, true);
                    $payload = self::payloadWhoseSignatureHas('+', $raw);
                    return Sent::to('django', strtr(base64_encode($raw($payload)), '+/', '-_'), $payload);
                },
                [],
            ],
            'parse_str() on the header, and a line feed in the secret' => [
                [Cause::DigestPlusBecameSpace, Cause::KeyHasWhitespace],
                static function () use ($text): Sent {
                    $raw = static fn (string $payload): string => hash_hmac('sha256', $text('huawei-receipt', $payload), self::KEY, true);
                    $payload = self::payloadWhoseSignatureHas('+', $raw);
                    parse_str('value=' . base64_encode($raw($payload)), $fields);
                    return Sent::to('huawei-receipt', $fields['value'], $payload, self::file(self::KEY . "\n"));
                },
                [],
            ],
            'hash("sha256", $body . $secret), in hex' => [
                [Cause::DigestIsHex, Cause::AlgorithmPlainHash],
                static fn (): Sent => Sent::to('huawei-push', hash('sha256', self::BODY . self::KEY)),
                ['the payload alone'],
            ],
            'a re-encoded body, and a key that is not to be decoded' => [
                [Cause::KeyWasDecoded, Cause::PayloadReserialized],
                static fn (): Sent => Sent::to(
                    'django',
                    Sent::sign('django', $text('django', $reencoded), $base64),
                    self::ORDER,
                    $binary,
                    sendersKey: $base64,
                ),
                [],
            ],
            'the nonce left out, and a hex digest' => [
                [Cause::DigestIsHex, Cause::NonceOmitted],
                static fn (): Sent => Sent::to('huawei-push', $hex(Sent::timestamp('huawei-push') . self::BODY)),
                [],
            ],
            'nonce and timestamp left out' => [
                [Cause::NonceOmitted, Cause::TimestampOmitted],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    Sent::sign('nextcloud', "POST\n" . Sent::TARGET . "\n\n" . hash('sha256', self::BODY)),
                ),
                [],
            ],
            'Notepad: a BOM and a line break in secret.txt' => [
                [Cause::KeyHasWhitespace, Cause::KeyHasBom],
                static fn (): Sent => Sent::to('django', Sent::sign('django', $text('django')), key: self::file("\xEF\xBB\xBF" . self::KEY . "\r\n")),
                [],
            ],
            'whsec_ and a line feed in secret.txt' => [
                [Cause::KeyHasWhitespace, Cause::KeyHasPrefix],
                static fn (): Sent => Sent::to('django', Sent::sign('django', $text('django'), $binary), key: self::file("whsec_$base64\n"), sendersKey: $binary),
                [],
            ],
            'both of Huawei\'s open questions: the decoded data, and the decoded key' => [
                [Cause::KeyIsBase64Text, Cause::PayloadFieldOnly],
                static fn (): Sent => Sent::to('huawei-push', Sent::sign('huawei-push', $text('huawei-push', $data), $binary), key: $base64, sendersKey: $binary),
                [],
            ],
            'base64 of hex in a column of 64 characters' => [
                [Cause::DigestIsBase64OfHex, Cause::DigestTruncated],
                static fn (): Sent => Sent::to('nextcloud', substr(base64_encode($hex($text('nextcloud'))), 0, 64)),
                ['64 characters'],
            ],
            'base64 of hex, split at every =' => [
                [Cause::DigestIsBase64OfHex, Cause::DigestPaddingMissing],
                static fn (): Sent => Sent::to('huawei-push', explode('=', 'value=' . base64_encode($hex($text('huawei-push'))))[1]),
                [],
            ],
            'dots between the parts, and a hex digest' => [
                [Cause::DigestIsHex, Cause::SeparatorDiffers],
                static fn (): Sent => Sent::to('huawei-push', $hex(Sent::timestamp('huawei-push') . '.:.' . self::BODY)),
                ['a dot'],
            ],
            'Django\'s contract, in hex' => [
                [Cause::DigestIsHex, Cause::OtherProfile],
                static fn (): Sent => Sent::to('huawei-push', $hex(Sent::timestamp('huawei-push') . '.' . self::BODY)),
                ['"django"'],
            ],
            'a stale request with a hex digest' => [
                [Cause::DigestIsHex, Cause::TimestampStale],
                static fn (): Sent => Sent::to('nextcloud', $hex($text('nextcloud')), now: Sent::NOW + 1000),
                ['by 1000 s'],
            ],
            'an X-HW-TIMESTAMP of its own, and a hex digest' => [
                [Cause::HeaderMalformed, Cause::DigestIsHex],
                static function () use ($hex, $text): Sent {
                    $sent = Sent::to('huawei-push', $hex($text('huawei-push')));
                    return $sent->withHeaders([...$sent->headers, 'X-HW-TIMESTAMP' => '1']);
                },
                ['contradicts'],
            ],
            'lower-cased base64 of a trimmed body, too early' => [
                [Cause::DigestCaseFolded, Cause::PayloadTrimmed, Cause::TimestampFromFuture],
                static fn (): Sent => Sent::to(
                    'nextcloud',
                    strtolower(Sent::sign('nextcloud', $text('nextcloud', trim("  a body\n\n")))),
                    "  a body\n\n",
                    now: Sent::NOW - 1000,
                ),
                ['by 1000 s'],
            ],
        ];
    }

    /** Reads a real file, as people read their secret. */
    private static function file(string $contents): string
    {
        $file = tempnam(sys_get_temp_dir(), 'hw_');
        try {
            file_put_contents($file, $contents);
            return file_get_contents($file);
        } finally {
            unlink($file);
        }
    }

    private static function secondReadOf(string $body): string
    {
        $stream = fopen('php://memory', 'w+');
        fwrite($stream, $body);
        rewind($stream);
        stream_get_contents($stream);
        return stream_get_contents($stream);
    }

    private static function field(string $form, string $name): string
    {
        parse_str($form, $fields);
        return $fields[$name];
    }

    private static function sorted(string $query): string
    {
        $parts = explode('&', $query);
        sort($parts);
        return implode('&', $parts);
    }

    /** Not every signature has a + or a /: looks for a payload whose signature has. */
    private static function payloadWhoseSignatureHas(string $letter, callable $raw): string
    {
        for ($i = 0; ; $i++) {
            $payload = "{\"number\":$i}";
            if (str_contains(base64_encode($raw($payload)), $letter)) {
                return $payload;
            }
        }
    }

    /**
     * @param array<string, array{Cause, string, string, string}> $pairs
     * @param list<string> $profiles
     * @return array<string, Row>
     */
    private static function signedOtherwise(array $pairs, array $profiles): array
    {
        $rows = [];
        foreach ($profiles as $profile) {
            foreach ($pairs as $name => [$cause, $arrived, $signed, $words]) {
                $rows["$profile: $name"] = [
                    [$cause],
                    static fn (): Sent => Sent::to($profile, Sent::sign($profile, Sent::text($profile, $signed)), $arrived),
                    [$words],
                ];
            }
        }
        return $rows;
    }
}
