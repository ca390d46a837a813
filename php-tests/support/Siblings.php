<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Cause;
use HwSignature\Encoding;
use HwSignature\Profile;
use HwSignature\TimestampFormat;

/**
 * Mistakes that people met, and those beside them: for every place, and in both directions. A line is a mistake.
 *
 * @phpstan-import-type Row from Mistakes
 */
final class Siblings
{
    private const SECRET = 'Vb7+qK/2mXw$RT9_pl&uE4<n8';
    private const HEX = '9f1c04ab77e2d35860bd1f2a4c8e90d7360b5ac1f8e24d7793ab60c15de2f489';
    private const JSON = '{"id":"evt_9","url":"https://shop.example/o/9","name":"Zoë & Jo","total":136.0,"note":"","tags":[]}';

    /** @return array<string, Row> */
    public static function all(): array
    {
        return [
            ...self::rows('key', self::keys(), self::key(...)),
            ...self::rows('payload', self::payloads(), self::payload(...)),
            ...self::rows('signature', self::signatures(), self::signature(...)),
            ...self::rows('string to sign', self::texts(), self::text(...)),
            ...self::rows('no HMAC-SHA-256', self::digests(), self::digest(...)),
            ...self::rows('target', self::targets(), self::target(...)),
            ...self::rows('URL', self::urls(), self::url(...)),
            ...self::rows('target as it is sent', self::sentTargets(), self::sentTarget(...)),
            ...self::rows('nonce', self::nonces(), self::nonce(...)),
            ...self::rows('time', self::times(), self::time(...)),
            ...self::rows('header', self::headers(), self::header(...)),
        ];
    }

    /**
     * @param array<string, list<mixed>> $rows the cause, and what the maker takes
     * @return array<string, Row>
     */
    private static function rows(string $family, array $rows, \Closure $make): array
    {
        $all = [];
        foreach ($rows as $name => [$causes, $first]) {
            $causes = is_array($causes) ? $causes : [$causes];
            $all["$family: $name"] = [$causes, static fn (): Sent => $make(...array_slice($rows[$name], 1)), []];
        }
        return $all;
    }

    /** The key of the sender, and that of the receiver. @return array<string, array{Cause, string, string}> */
    private static function keys(): array
    {
        $secret = self::SECRET;
        $binary = hex2bin(self::HEX);
        $base64 = base64_encode($binary);
        $rows = [];
        foreach (["\n" => 'LF', "\r\n" => 'CR LF', ' ' => 'a space', "\t" => 'a tab'] as $end => $name) {
            $rows["$name at the end of the sender's"] = [Cause::KeyHasWhitespace, "$secret$end", $secret];
            $rows["$name at the end of the receiver's"] = [Cause::KeyHasWhitespace, $secret, "$secret$end"];
        }
        foreach ([' ' => 'a space', "\t" => 'a tab', "\n" => 'LF'] as $start => $name) {
            $rows["$name in front of the sender's"] = [Cause::KeyHasWhitespace, "$start$secret", $secret];
            $rows["$name in front of the receiver's"] = [Cause::KeyHasWhitespace, $secret, "$start$secret"];
        }
        foreach (['200B', 'A0', '200E', '200F', '2060', '200C', 'AD', '3000', '202A'] as $code) {
            $letter = mb_chr(hexdec($code), 'UTF-8');
            $rows["U+$code in front of the sender's"] = [Cause::KeyHasInvisible, "$letter$secret", $secret];
            $rows["U+$code at the end of the sender's"] = [Cause::KeyHasInvisible, "$secret$letter", $secret];
            $rows["U+$code in front of the receiver's"] = [Cause::KeyHasInvisible, $secret, "$letter$secret"];
            $rows["U+$code at the end of the receiver's"] = [Cause::KeyHasInvisible, $secret, "$secret$letter"];
            $rows["U+$code within the receiver's"] = [Cause::KeyHasInvisible, $secret, substr($secret, 0, 9) . $letter . substr($secret, 9)];
        }
        foreach (['double' => '""', 'single' => "''", 'back' => '``'] as $name => $pair) {
            $rows["$name quotation marks around the receiver's"] = [Cause::KeyHasQuotes, $secret, $pair[0] . $secret . $pair[1]];
            $rows["$name quotation marks around the sender's"] = [Cause::KeyHasQuotes, $pair[0] . $secret . $pair[1], $secret];
        }
        return $rows + [
            'a byte order mark in front of the sender\'s' => [Cause::KeyHasBom, "\xef\xbb\xbf$secret", $secret],
            'a byte order mark in front of the receiver\'s' => [Cause::KeyHasBom, $secret, "\xef\xbb\xbf$secret"],
            'UTF-16LE with a mark' => [Cause::KeyHasBom, $secret, "\xff\xfe" . mb_convert_encoding($secret, 'UTF-16LE', 'UTF-8')],
            'UTF-16LE with a mark, and a line break' => [[Cause::KeyHasBom, Cause::KeyHasWhitespace], $secret, "\xff\xfe" . mb_convert_encoding("$secret\r\n", 'UTF-16LE', 'UTF-8')],
            'UTF-16BE with a mark' => [Cause::KeyHasBom, $secret, "\xfe\xff" . mb_convert_encoding($secret, 'UTF-16BE', 'UTF-8')],
            'UTF-16LE without a mark' => [Cause::KeyCharsetDiffers, $secret, mb_convert_encoding($secret, 'UTF-16LE', 'UTF-8')],
            'typographic quotation marks' => [Cause::KeyHasQuotes, $secret, "\u{201c}$secret\u{201d}"],
            'a comment in .env' => [Cause::KeyHasQuotes, $secret, "$secret # for the shop"],
            'quotation marks and a comment in .env' => [Cause::KeyHasQuotes, $secret, "'$secret'  # for the shop"],
            'a comma out of an array' => [Cause::KeyHasQuotes, $secret, "'$secret',"],
            'a semicolon out of code' => [Cause::KeyHasQuotes, $secret, "$secret;"],
            'a line of YAML' => [Cause::KeyHasPrefix, $secret, "webhook_secret: $secret"],
            'a line of YAML with quotation marks' => [[Cause::KeyHasPrefix, Cause::KeyHasQuotes], $secret, "webhook_secret: \"$secret\""],
            'a line of .env in lower case' => [Cause::KeyHasPrefix, $secret, "webhook_secret=$secret"],
            'a line of .env' => [Cause::KeyHasPrefix, $secret, "WEBHOOK_SECRET=$secret"],
            'export in front' => [Cause::KeyHasPrefix, $secret, "export WEBHOOK_SECRET=$secret"],
            'a line of .ini' => [Cause::KeyHasPrefix, $secret, "secret = $secret"],
            'whsec_ and base64' => [Cause::KeyHasPrefix, $binary, "whsec_$base64"],
            'v1,whsec_ and base64' => [Cause::KeyHasPrefix, $binary, "v1,whsec_$base64"],
            'whsec_ used as it is by the sender' => [Cause::KeyHasPrefix, "whsec_$base64", $base64],
            'whsec_ used as it is by the sender, decoded here' => [Cause::KeyHasPrefix, "whsec_$base64", $binary],
            'Bearer' => [Cause::KeyHasPrefix, $secret, "Bearer $secret"],
            'base64 used as text by the receiver' => [Cause::KeyIsBase64Text, $binary, $base64],
            'base64 used as text by the sender' => [Cause::KeyWasDecoded, $base64, $binary],
            'base64url used as text by the sender' => [Cause::KeyWasDecoded, rtrim(strtr($base64, '+/', '-_'), '='), $binary],
            'hex used as text by the receiver' => [Cause::KeyIsHexText, $binary, self::HEX],
            'hex used as text by the sender' => [Cause::KeyWasDecoded, self::HEX, $binary],
            'hex in upper case used as text by the sender' => [Cause::KeyWasDecoded, strtoupper(self::HEX), $binary],
            'lenient base64_decode()' => [Cause::KeyIsBase64Text, base64_decode('no-strict base64, this'), 'no-strict base64, this'],
            'HTML in the receiver\'s' => [Cause::KeyIsEscaped, $secret, htmlspecialchars($secret)],
            'HTML in the sender\'s' => [Cause::KeyIsEscaped, htmlspecialchars($secret), $secret],
            'HTML of Python in the sender\'s' => [Cause::KeyIsEscaped, 'it&#x27;s &lt;a&gt; secret', "it's <a> secret"],
            'HTML of Go in the receiver\'s' => [Cause::KeyIsEscaped, "it's \"a\" secret", 'it&#39;s &#34;a&#34; secret'],
            'rawurlencode() in the receiver\'s' => [Cause::KeyIsEscaped, $secret, rawurlencode($secret)],
            'rawurlencode() in the sender\'s' => [Cause::KeyIsEscaped, rawurlencode($secret), $secret],
            'urlencode() of a space in the sender\'s' => [Cause::KeyIsEscaped, urlencode('a secret/with both'), 'a secret/with both'],
            'urldecode() in the receiver\'s' => [Cause::KeyIsEscaped, $secret, urldecode($secret)],
            'urldecode() in the sender\'s' => [Cause::KeyIsEscaped, urldecode($secret), $secret],
            '%xx that the sender decoded' => [Cause::KeyIsEscaped, rawurldecode('ab%41cd%2Fef'), 'ab%41cd%2Fef'],
            'json_encode() in the receiver\'s' => [Cause::KeyIsEscaped, $secret, trim(json_encode($secret), '"')],
            'json_encode() in the sender\'s' => [Cause::KeyIsEscaped, trim(json_encode($secret), '"'), $secret],
            'addslashes() in the receiver\'s' => [Cause::KeyIsEscaped, "it's secret", "it\\'s secret"],
            'addslashes() in the sender\'s' => [Cause::KeyIsEscaped, "it\\'s secret", "it's secret"],
            '$NAME in .env of the sender' => [Cause::KeyWasExpanded, 'Vb7+qK/2mXw&uE4<n8', $secret],
            '${NAME} in .env of the sender' => [Cause::KeyWasExpanded, 'abcd-efgh', 'abcd${x}-efgh'],
            '$1 in a shell of the sender' => [Cause::KeyWasExpanded, 'abcd23efgh', 'abcd$123efgh'],
            '$$ of Compose in the receiver\'s' => [Cause::KeyIsEscaped, 'ab$cd$ef-gh', 'ab$$cd$$ef-gh'],
            '$$ of Compose in the sender\'s' => [Cause::KeyIsEscaped, 'ab$cd-efgh', 'ab$$cd-efgh'],
            '# in .env of the sender' => [Cause::KeyTruncated, 'abcdefgh', 'abcdefgh#ijkl'],
            'a space in .env of the sender' => [Cause::KeyTruncated, 'correct', 'correct horse battery staple'],
            'the first line only' => [Cause::KeyTruncated, 'first line of it', "first line of it\nsecond line of it"],
            'both lines at the receiver, joined at the sender' => [Cause::KeyHasWhitespace, 'first-line-second-line', "first-line-\nsecond-line"],
            '32 of 64 characters' => [Cause::KeyTruncated, substr(self::HEX, 0, 32), self::HEX],
            '16 of 64 characters' => [Cause::KeyTruncated, substr(self::HEX, 0, 16), self::HEX],
            '255 of 300 characters' => [Cause::KeyTruncated, str_repeat('key', 85), str_repeat('key', 100)],
            'the last character was not copied' => [Cause::KeyTruncated, substr($secret, 0, -1), $secret],
            'the first character was not copied' => [Cause::KeyTruncated, substr($secret, 1), $secret],
            'utf8_encode() by the sender' => [Cause::KeyCharsetDiffers, mb_convert_encoding('Schlüssel-größer', 'UTF-8', 'ISO-8859-1'), 'Schlüssel-größer'],
            'Latin-1 at the sender' => [Cause::KeyCharsetDiffers, mb_convert_encoding('Schlüssel-größer', 'ISO-8859-1', 'UTF-8'), 'Schlüssel-größer'],
            'Latin-1 at the receiver' => [Cause::KeyCharsetDiffers, 'Schlüssel-größer', mb_convert_encoding('Schlüssel-größer', 'ISO-8859-1', 'UTF-8')],
            'a binary key as text in JavaScript' => [Cause::KeyCharsetDiffers, mb_convert_encoding($binary, 'UTF-8', 'ISO-8859-1'), $base64],
            'a binary key as text in Java' => [Cause::KeyCharsetDiffers, mb_convert_encoding($binary, 'UTF-8', 'ISO-8859-1'), $binary],
            'Encoding.Unicode at the sender' => [Cause::KeyCharsetDiffers, mb_convert_encoding($secret, 'UTF-16LE', 'UTF-8'), $secret],
            'sha256 of the secret' => [Cause::KeyWasHashed, hash('sha256', $secret), $secret],
            'sha256 of the secret, raw' => [Cause::KeyWasHashed, hash('sha256', $secret, true), $secret],
            'sha256 of the secret, base64' => [Cause::KeyWasHashed, base64_encode(hash('sha256', $secret, true)), $secret],
            'md5 of the secret' => [Cause::KeyWasHashed, md5($secret), $secret],
            'sha1 of the secret, raw' => [Cause::KeyWasHashed, sha1($secret, true), $secret],
            'no secret at the sender' => [Cause::KeyIsPlaceholder, '', $secret],
            'undefined at the sender' => [Cause::KeyIsPlaceholder, 'undefined', $secret],
            'None at the sender' => [Cause::KeyIsPlaceholder, 'None', $secret],
            '%env()% at the receiver' => [Cause::KeyIsPlaceholder, $secret, '%env(WEBHOOK_SECRET)%'],
            '${…} at the receiver' => [Cause::KeyIsPlaceholder, $secret, '${WEBHOOK_SECRET}'],
            'code at the receiver' => [Cause::KeyIsPlaceholder, $secret, 'process.env.WEBHOOK_SECRET'],
            'an example at the receiver' => [Cause::KeyIsPlaceholder, $secret, 'your-webhook-secret'],
            'NFD at the sender' => [Cause::KeyCharsetDiffers, "Schlu\u{308}ssel", 'Schlüssel'],
            'NFD at the receiver' => [Cause::KeyCharsetDiffers, 'Schlüssel', "Schlu\u{308}ssel"],
            'wide letters at the receiver' => [Cause::KeyCharsetDiffers, 'secret-1', "\u{ff53}ecret-\u{ff11}"],
            'Windows-1252 at the sender' => [Cause::KeyCharsetDiffers, "100\x80-\x93secret\x94", '100€-“secret”'],
            'Windows-1252 at the receiver' => [Cause::KeyCharsetDiffers, '100€-“secret”', "100\x80-\x93secret\x94"],
            'dashes of a word processor at the receiver' => [Cause::KeyCharsetDiffers, 'ab-cd-"ef"', 'ab–cd–“ef”'],
            'a no-break space within the receiver\'s' => [Cause::KeyHasInvisible, 'two words', "two\u{a0}words"],
            'base32 at the receiver' => [Cause::KeyIsBase64Text, hex2bin('00443214c74254b635cf84653a56d7c675be77df'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'],
            'base32 at the receiver, in groups' => [Cause::KeyIsBase64Text, hex2bin('00443214c74254b635cf84653a56d7c675be77df'), 'abcd efgh ijkl mnop qrst uvwx yz23 4567'],
            'base32 at the sender' => [Cause::KeyWasDecoded, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', hex2bin('00443214c74254b635cf84653a56d7c675be77df')],
            'base64url for base64 at the receiver' => [Cause::KeyIsEscaped, 'ab+c/def+ghi', 'ab-c_def-ghi'],
            'base64url for base64 at the sender' => [Cause::KeyIsEscaped, 'ab-c_def-ghi', 'ab+c/def+ghi'],
            'hexadecimal with colons at the receiver' => [Cause::KeyIsHexText, $binary, implode(':', str_split(self::HEX, 2))],
            'hexadecimal with 0x at the sender' => [Cause::KeyWasDecoded, '0x' . self::HEX, $binary],
            'hexadecimal as far as it goes' => [Cause::KeyIsHexText, hex2bin(substr(self::HEX, 0, 32)), substr(self::HEX, 0, 32) . '-and-more'],
            'a UUID as bytes at the sender' => [Cause::KeyIsHexText, hex2bin(str_replace('-', '', Sent::UUID)), Sent::UUID],
            'a UUID as bytes at the receiver' => [Cause::KeyWasDecoded, Sent::UUID, hex2bin(str_replace('-', '', Sent::UUID))],
            'a UUID without hyphens at the sender' => [Cause::KeyIsEscaped, str_replace('-', '', Sent::UUID), Sent::UUID],
            'a UUID without hyphens at the receiver' => [Cause::KeyIsEscaped, Sent::UUID, str_replace('-', '', Sent::UUID)],
            'pasted twice at the sender' => [Cause::KeyHasPrefix, $secret . $secret, $secret],
            'pasted twice at the receiver' => [Cause::KeyHasPrefix, $secret, $secret . $secret],
            'brackets around the receiver\'s' => [Cause::KeyHasQuotes, $secret, "[$secret]"],
            'brackets around the sender\'s' => [Cause::KeyHasQuotes, "[$secret]", $secret],
            'JSON of a secrets manager at the receiver' => [Cause::KeyHasQuotes, $secret, '{"WEBHOOK_SECRET":"' . $secret . '"}'],
            'serialize() at the receiver' => [Cause::KeyHasQuotes, $secret, serialize($secret)],
            'serialize() at the sender' => [Cause::KeyHasQuotes, serialize($secret), $secret],
            'XML at the receiver' => [Cause::KeyHasQuotes, 'the-secret-text', '<secret>the-secret-text</secret>'],
            'Bearer at the sender' => [Cause::KeyHasPrefix, "Bearer $secret", $secret],
            'a line of .env at the sender' => [Cause::KeyHasPrefix, "WEBHOOK_SECRET=$secret", $secret],
            'sk_live_ at the receiver' => [Cause::KeyHasPrefix, 'Ab12Cd34Ef56', 'sk_live_Ab12Cd34Ef56'],
            'SDK at the sender' => [Cause::KeyHasPrefix, "SDK$secret", $secret],
            '\n that is written out at the receiver' => [Cause::KeyHasWhitespace, $secret, $secret . '\n'],
            '\n that is written out at the sender' => [Cause::KeyHasWhitespace, $secret . '\n', $secret],
            '\u0026 at the sender' => [Cause::KeyIsEscaped, str_replace(['&', '<'], ['\u0026', '\u003c'], $secret), $secret],
            '%% at the sender' => [Cause::KeyWasExpanded, 'ab%%cd-efgh', 'ab%cd-efgh'],
            'a backslash before ! at the sender' => [Cause::KeyWasExpanded, 'ab\!cd-efgh', 'ab!cd-efgh'],
            'digits taken for a float' => [Cause::KeyWasExpanded, '1.23456789e+09', '1234567890'],
            'zeros in front taken off a number' => [Cause::KeyWasExpanded, '1234', '001234'],
            'a zero byte ends it' => [Cause::KeyTruncated, 'abcd', "abcd\0efgh"],
            'zero bytes dropped' => [Cause::KeyTruncated, "\xffbcdefgh", "\xffbcd\0efgh\0"],
            'the first word' => [Cause::KeyTruncated, 'It', 'It is a secret'],
            'what stands behind the last dot' => [Cause::KeyTruncated, 'secret-part', 'app17.secret-part'],
            'the key of a Mini App' => [Cause::KeyWasHashed, hash_hmac('sha256', $secret, 'WebAppData', true), $secret],
            'an example at the sender' => [Cause::KeyIsPlaceholder, 'your-webhook-secret', $secret],
            'the name of a variable at the sender' => [Cause::KeyIsPlaceholder, 'process.env.WEBHOOK_SECRET', $secret],
            '${…} at the sender' => [Cause::KeyIsPlaceholder, '${WEBHOOK_SECRET}', $secret],
            '%env()% at the sender' => [Cause::KeyIsPlaceholder, '%env(WEBHOOK_SECRET)%', $secret],
            'the first of two, with a comma' => [Cause::KeyTruncated, $secret, "$secret,another-that-was-used-before"],
            'the second of two, with a line break' => [Cause::KeyTruncated, $secret, "another-that-was-used-before\n$secret\n"],
            'the second of three, with semicolons' => [Cause::KeyTruncated, $secret, "first-secret; $secret; third-secret"],
            'HTML twice in the receiver\'s' => [Cause::KeyIsEscaped, $secret, htmlspecialchars(htmlspecialchars($secret))],
            'HTML twice in the sender\'s' => [Cause::KeyIsEscaped, htmlspecialchars(htmlspecialchars($secret)), $secret],
            'entities as numbers in the receiver\'s' => [Cause::KeyIsEscaped, $secret, strtr($secret, ['&' => '&#38;', '<' => '&#x3c;'])],
            'entities of WordPress in the sender\'s' => [Cause::KeyIsEscaped, strtr($secret, ['&' => '&#038;']), $secret],
            'rawurlencode() twice in the receiver\'s' => [Cause::KeyIsEscaped, $secret, rawurlencode(rawurlencode($secret))],
            '%NAME% of Windows at the sender' => [Cause::KeyWasExpanded, 'abcd-efgh', 'abcd%x%-efgh'],
            'a command between backticks at the sender' => [Cause::KeyWasExpanded, 'abcd-efgh', 'abcd`x`-efgh'],
            'a command in $() at the sender' => [Cause::KeyWasExpanded, 'abcd-efgh', 'abcd$(x)-efgh'],
            '@ in a connection URL of the sender' => [Cause::KeyTruncated, 'abcdefgh', 'abcdefgh@ijkl'],
            '/ in a connection URL of the sender' => [Cause::KeyTruncated, 'abcdefgh', 'abcdefgh/ijkl'],
            'an & of OAuth 1 at the sender' => [Cause::KeyHasQuotes, "$secret&", $secret],
            'an & of OAuth 1 at the receiver' => [Cause::KeyHasQuotes, $secret, "$secret&"],
            'base64 at the sender, hexadecimal at the receiver' => [Cause::KeyWasDecoded, $base64, self::HEX],
            'hexadecimal at the sender, base64 at the receiver' => [Cause::KeyWasDecoded, self::HEX, $base64],
            'base64 twice at the receiver' => [Cause::KeyIsBase64Text, $binary, base64_encode($base64)],
            'base64 twice at the sender' => [Cause::KeyWasDecoded, base64_encode($base64), $binary],
            'the credentials of Basic at the receiver' => [Cause::KeyHasPrefix, 'Ab12Cd34Ef56', base64_encode('shop:Ab12Cd34Ef56')],
            'sha384 of the secret' => [Cause::KeyWasHashed, hash('sha384', $secret), $secret],
            'HMAC of the secret under itself, raw' => [Cause::KeyWasHashed, hash_hmac('sha256', $secret, $secret, true), $secret],
            'dots of a page at the receiver' => [Cause::KeyIsPlaceholder, $secret, '••••••••'],
            'asterisks of a page at the sender' => [Cause::KeyIsPlaceholder, '************', $secret],
            'in upper case at the receiver' => [Cause::KeyCaseDiffers, 'a-secret-in-lower-case', 'A-SECRET-IN-LOWER-CASE'],
        ];
    }

    private static function key(string $senders, string $receivers): Sent
    {
        $signature = Sent::sign('django', Sent::text('django'), $senders);
        // What stands in examples is no secret.
        $isPublic = strlen($senders) < 12 || preg_match('/^(?:\*+|your-webhook-secret|.*WEBHOOK_SECRET[})%]*)$/', $senders) === 1;
        return Sent::to('django', $signature, key: $receivers, sendersKey: $isPublic ? $receivers : $senders);
    }

    /** What was signed, and what arrived. @return array<string, array{Cause, string, string}> */
    private static function payloads(): array
    {
        $json = self::JSON;
        $data = json_decode($json);
        $all = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
        $hex = JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT;
        $pretty = "{\n    \"action\": \"paid\",\n    \"lines\": [\n        1,\n        2\n    ]\n}";
        return [
            'json_encode() with its flags for HTML' => [Cause::PayloadReserialized, json_encode($data, $hex), $json],
            'one space behind each colon' => [Cause::PayloadReserialized, '{"a": 1,"b": [1,2]}', '{"a":1,"b":[1,2]}'],
            'JSON_NUMERIC_CHECK' => [Cause::PayloadReserialized, '{"id":42,"s":"x"}', '{"id":"42","s":"x"}'],
            'numbers as texts' => [Cause::PayloadReserialized, '{"id":"42","s":"x"}', '{"id":42,"s":"x"}'],
            'null in place of an empty text' => [Cause::PayloadReserialized, '{"a":1,"n":null}', '{"a":1,"n":""}'],
            'an empty text in place of null' => [Cause::PayloadReserialized, '{"a":1,"n":""}', '{"a":1,"n":null}'],
            'fields that are null left out' => [Cause::PayloadReserialized, '{"a":1}', '{"a":1,"n":null}'],
            'a large integer through JavaScript' => [Cause::PayloadReserialized, '{"id":9007199254740992000}', '{"id":9007199254740991999}'],
            'a large integer through PHP' => [Cause::PayloadReserialized, '{"id":1.8446744073709552e+19}', '{"id":18446744073709551615}'],
            'serialize_precision = 17' => [Cause::PayloadReserialized, '{"a":0.10000000000000001}', '{"a":0.1}'],
            'a JSON column' => [Cause::PayloadReserialized, '{"id": 1, "note": "x", "amount": 2}', '{"amount":2,"id":1,"note":"x"}'],
            'JSON of .NET' => [Cause::PayloadReserialized, '{"a":"caf\u00E9 \u0026 \u002B"}', '{"a":"café & +"}'],
            'JSON of Gson' => [Cause::PayloadReserialized, '{"a":"x\u003dy \u0026"}', '{"a":"x=y &"}'],
            'json_encode() twice by the sender' => [Cause::PayloadReserialized, json_encode('{"a":"b"}'), '{"a":"b"}'],
            'json_encode() twice on the way' => [Cause::PayloadReserialized, '{"a":"b"}', json_encode('{"a":"b"}')],
            'a form with %20' => [Cause::PayloadReserialized, 'text=hello%20world&user=U1', 'text=hello+world&user=U1'],
            'a form with +' => [Cause::PayloadReserialized, 'text=hello+world&user=U1', 'text=hello%20world&user=U1'],
            'a sorted form' => [Cause::PayloadReserialized, 'a=1&b=2&c=3', 'c=3&a=1&b=2'],
            'JSON signed, a form sent' => [Cause::PayloadReserialized, '{"text":"hello world","user":"U1"}', 'text=hello+world&user=U1'],
            'a form signed, JSON sent' => [Cause::PayloadReserialized, 'text=hello+world&user=U1', '{"text":"hello world","user":"U1"}'],
            'U+2028 escaped' => [Cause::PayloadReserialized, '{"p":"a\u2028b"}', "{\"p\":\"a\u{2028}b\"}"],
            'the body signed, the message passed' => [Cause::PayloadFieldOnly, '{"message":"hello"}', 'hello'],
            'the body signed with spaces, the message passed' => [Cause::PayloadFieldOnly, '{"message": "hello"}', 'hello'],
            'the body signed by PHP, the message passed' => [Cause::PayloadFieldOnly, '{"message":"\u00e9 a\/b"}', 'é a/b'],
            'the body signed with silent, the message passed' => [Cause::PayloadFieldOnly, '{"message":"hello","silent":false}', 'hello'],
            'the reaction passed' => [Cause::PayloadFieldOnly, '{"reaction":"👍"}', '👍'],
            'data signed within' => [Cause::PayloadFieldOnly, '{"id":1,"s":"x"}', '{"type":"t","data":{"id":1,"s":"x"}}'],
            'the object passed, the whole signed' => [Cause::PayloadFieldOnly, '{"data":{"id":1}}', '{"id":1}'],
            'an element of a list' => [Cause::PayloadFieldOnly, 'sku-77', '{"items":[{"sku":"sku-77"}]}'],
            'the first object of a list' => [Cause::PayloadFieldOnly, '{"a":1}', '[{"a":1},{"a":2}]'],
            'a boolean' => [Cause::PayloadFieldOnly, 'true', '{"ok":true}'],
            'the form signed, its field passed' => [Cause::PayloadFieldOnly, 'payload=' . urlencode('{"a":"b c"}'), '{"a":"b c"}'],
            'the field signed, the form passed' => [Cause::PayloadFieldOnly, '{"a":"b c"}', 'payload=' . urlencode('{"a":"b c"}')],
            'a part of a multipart signed' => [Cause::PayloadFieldOnly, 'one', "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b--\r\n"],
            'gzip on the way' => [Cause::PayloadEncoded, $json, gzencode($json)],
            'deflate on the way' => [Cause::PayloadEncoded, $json, gzcompress($json)],
            'raw deflate on the way' => [Cause::PayloadEncoded, $json, gzdeflate($json)],
            'base64 on the way' => [Cause::PayloadFieldOnly, $json, base64_encode($json)],
            'base64 signed' => [Cause::PayloadEncoded, base64_encode($json), $json],
            'hexadecimal signed' => [Cause::PayloadEncoded, bin2hex($json), $json],
            'slashes of WordPress' => [Cause::PayloadEscaped, '{"a":"it\'s"}', addslashes('{"a":"it\'s"}')],
            'addslashes() by the sender' => [Cause::PayloadEscaped, addslashes('{"a":"b"}'), '{"a":"b"}'],
            'htmlspecialchars() on the way' => [Cause::PayloadEscaped, '{"a":"<b>"}', htmlspecialchars('{"a":"<b>"}')],
            'htmlspecialchars() by the sender' => [Cause::PayloadEscaped, htmlspecialchars('{"a":"<b>"}'), '{"a":"<b>"}'],
            'urlencode() by the sender' => [Cause::PayloadEscaped, urlencode('{"a":"b c"}'), '{"a":"b c"}'],
            'rawurlencode() on the way' => [Cause::PayloadEscaped, '{"a":"b c"}', rawurlencode('{"a":"b c"}')],
            'curl -d took the line breaks, as an encoder does without JSON_PRETTY_PRINT' => [Cause::PayloadReserialized, $pretty, str_replace("\n", '', $pretty)],
            'curl -d took the line breaks, also the last' => [Cause::PayloadLinesJoined, "$pretty\n", str_replace("\n", '', $pretty)],
            'curl -d took the line breaks of Windows' => [Cause::PayloadLinesJoined, str_replace("\n", "\r\n", $pretty), str_replace("\n", '', $pretty)],
            'the sender signed without line breaks' => [Cause::PayloadLinesJoined, "one\u{a0}two", "one\u{a0}\ntwo"],
            'str() of a dict' => [Cause::PayloadIsObjectText, "{'id': 'evt', 'ok': True, 'n': None}", '{"id":"evt","ok":true,"n":null}'],
            'to_s of a Hash' => [Cause::PayloadIsObjectText, '{"id"=>"evt", "ok"=>true, "n"=>nil}', '{"id":"evt","ok":true,"n":null}'],
            'toString() of a Map' => [Cause::PayloadIsObjectText, '{id=evt, ok=true, n=null}', '{"id":"evt","ok":true,"n":null}'],
            'Array' => [Cause::PayloadIsObjectText, 'Array', $json],
            '[object Object]' => [Cause::PayloadIsObjectText, '[object Object]', $json],
            'str() of bytes' => [Cause::PayloadIsObjectText, "b'{\"a\":\"b\"}'", '{"a":"b"}'],
            'print_r()' => [Cause::PayloadIsObjectText, print_r(['a' => 1, 'b' => ['x']], true), '{"a":1,"b":["x"]}'],
            'implode()' => [Cause::PayloadIsObjectText, '1|two|3', '{"a":1,"b":"two","c":3}'],
            'ASCII' => [Cause::PayloadCharsetDiffers, '{"t":"caf? ??"}', '{"t":"café 😀"}'],
            'UTF-16' => [Cause::PayloadCharsetDiffers, mb_convert_encoding('{"t":"x"}', 'UTF-16LE', 'UTF-8'), '{"t":"x"}'],
            'UTF-8 twice on the way' => [Cause::PayloadCharsetDiffers, '{"t":"é"}', mb_convert_encoding('{"t":"é"}', 'UTF-8', 'ISO-8859-1')],
            'NFD by the sender' => [Cause::PayloadCharsetDiffers, "{\"t\":\"u\u{308}\"}", '{"t":"ü"}'],
            'NFD on the way' => [Cause::PayloadCharsetDiffers, '{"t":"ü"}', "{\"t\":\"u\u{308}\"}"],
            'Windows-1252' => [Cause::PayloadCharsetDiffers, "{\"t\":\"5 \x80\"}", '{"t":"5 €"}'],
            'Windows-1252 taken for UTF-8, and encoded again' => [Cause::PayloadCharsetDiffers, '{"t":"5 €"}', '{"t":"5 â‚¬"}'],
            'data as it stands within' => [Cause::PayloadFieldOnly, '{ "id": 1.50 }', '{"type":"t","data":{ "id": 1.50 }}'],
            'the object passed as it stands in the whole' => [Cause::PayloadFieldOnly, '{"data":{ "id": 1.50 }}', '{ "id": 1.50 }'],
            'the only element of a list passed' => [Cause::PayloadFieldOnly, '[{ "id": 1.50 }]', '{ "id": 1.50 }'],
            'JSON without its signature' => [Cause::PayloadReserialized, '{"a":1}', '{"a":1,"signature":"abc"}'],
            'a form without its signature' => [Cause::PayloadReserialized, 'a=1&b=2', 'a=1&b=2&sign=abc'],
            'lines without their hash' => [Cause::PayloadReserialized, "a=1\nb=2", "a=1\nb=2\nhash=abc"],
            'lines in place of a form' => [Cause::PayloadReserialized, "a=1\nb=2", 'b=2&a=1'],
            'texts trimmed' => [Cause::PayloadReserialized, '{"a":"x y"}', '{"a":" x y "}'],
            'no white space at all' => [Cause::PayloadReserialized, '{"a":"xy"}', '{"a": "x y"}'],
            'white space of XML' => [Cause::PayloadReserialized, '<a><b>c d</b></a>', "<a>\n  <b>c d</b>\n</a>"],
            'XML without its first line' => [Cause::PayloadReserialized, '<a/>', '<?xml version="1.0"?><a/>'],
            'doubles of Java' => [Cause::PayloadReserialized, '{"a":1.0E7}', '{"a":10000000}'],
            'escapes of Shopify' => [Cause::PayloadReserialized, '{"a":"\u003cp\u003eHot\u003c\/p\u003e"}', '{"a":"<p>Hot</p>"}'],
            'escapes of Meta' => [Cause::PayloadReserialized, '{"a":"me\u0040x.test \u00e4"}', '{"a":"me@x.test ä"}'],
            'only emoji escaped' => [Cause::PayloadUnicodeEscaped, '{"a":"ä \ud83d\ude00"}', '{"a":"ä 😀"}'],
            'control characters escaped' => [Cause::PayloadUnicodeEscaped, '{"a":"\u001b[0m"}', "{\"a\":\"\x1b[0m\"}"],
            'quotation marks lost in a shell' => [Cause::PayloadEscaped, '{a:1}', '{"a":1}'],
            'one space for white space in a shell' => [Cause::PayloadLinesJoined, 'a b', "a\n  b"],
            'a Buffer of Node' => [Cause::PayloadIsObjectText, '{"type":"Buffer","data":[123,125]}', '{}'],
            'var_export()' => [Cause::PayloadIsObjectText, var_export(['a' => 1, 'b' => ['x' => null]], true), '{"a":1,"b":{"x":null}}'],
            'serialize() of data' => [Cause::PayloadIsObjectText, serialize(['a' => 1, 'b' => true]), '{"a":1,"b":true}'],
            'base64 in lines' => [Cause::PayloadEncoded, chunk_split(base64_encode(str_repeat($json, 2))), str_repeat($json, 2)],
            'base64 in lines on the way' => [Cause::PayloadFieldOnly, $json, chunk_split(base64_encode($json), 64, "\n")],
            'a zero byte at the end' => [Cause::PayloadTrimmed, 'hello', "hello\0"],
            'a line break in front' => [Cause::PayloadTrimmed, "\nhello", 'hello'],
            'null where there is no payload' => [Cause::PayloadEmpty, 'null', ''],
            '{} where there is no payload' => [Cause::PayloadEmpty, '{}', ''],
            'a byte order mark and line ends of Windows' => [[Cause::PayloadBom, Cause::PayloadCrlf], "a\nb\n", "\u{feff}a\r\nb\r\n"],
            '{} for no data' => [Cause::PayloadEmpty, '{}', '{"a":1}'],
            'a body for an empty one' => [Cause::PayloadEmpty, '', '{"a":1}'],
            'the white space at the end' => [Cause::PayloadTrimmed, ' hello', " hello \n"],
            'the white space in front' => [Cause::PayloadTrimmed, 'hello ', "\n hello "],
            'GBK at the sender' => [Cause::PayloadCharsetDiffers, mb_convert_encoding('{"t":"测试"}', 'GB18030', 'UTF-8'), '{"t":"测试"}'],
            'GBK that was converted here' => [Cause::PayloadCharsetDiffers, '{"t":"测试"}', mb_convert_encoding('{"t":"测试"}', 'GB18030', 'UTF-8')],
            'Shift_JIS at the sender' => [Cause::PayloadCharsetDiffers, mb_convert_encoding('{"t":"テスト"}', 'SJIS', 'UTF-8'), '{"t":"テスト"}'],
            'EUC-KR at the sender' => [Cause::PayloadCharsetDiffers, mb_convert_encoding('{"t":"한국"}', 'EUC-KR', 'UTF-8'), '{"t":"한국"}'],
            'Windows-1251 at the sender' => [Cause::PayloadCharsetDiffers, mb_convert_encoding('{"t":"Привет"}', 'Windows-1251', 'UTF-8'), '{"t":"Привет"}'],
            'emoji of CESU-8 at the sender' => [Cause::PayloadCharsetDiffers, "{\"t\":\"\xed\xa0\xbd\xed\xb8\xad\"}", '{"t":"😭"}'],
            'emoji of CESU-8 on the way' => [Cause::PayloadCharsetDiffers, '{"t":"😭"}', "{\"t\":\"\xed\xa0\xbd\xed\xb8\xad\"}"],
            'the low byte of each letter, as Node had it' => [Cause::PayloadCharsetDiffers, "{\"t\":\"a \x14 b\"}", '{"t":"a — b"}'],
            'the sizes of chunks left in' => [Cause::PayloadEncoded, '{"a":1}', "7\r\n{\"a\":1}\r\n0\r\n\r\n"],
            'several chunks' => [Cause::PayloadEncoded, $json, dechex(20) . "\r\n" . substr($json, 0, 20) . "\r\n" . dechex(strlen($json) - 20) . ";a=b\r\n" . substr($json, 20) . "\r\n0\r\n\r\n"],
            'HTML twice on the way' => [Cause::PayloadEscaped, '{"a":"<b>"}', htmlspecialchars(htmlspecialchars('{"a":"<b>"}'))],
            'entities as numbers on the way' => [Cause::PayloadEscaped, '{"a":"b"}', '{&#34;a&#34;:&#x22;b&#x22;}'],
            'rawurlencode() twice on the way' => [Cause::PayloadEscaped, '{"a":"b c"}', rawurlencode(rawurlencode('{"a":"b c"}'))],
            'to_s of a Hash with symbols' => [Cause::PayloadIsObjectText, '{:id=>"evt", :ok=>true, :n=>nil}', '{"id":"evt","ok":true,"n":null}'],
            'to_s of a Hash with symbols in Ruby 3.4' => [Cause::PayloadIsObjectText, '{id: "evt", ok: true, n: nil}', '{"id":"evt","ok":true,"n":null}'],
            'util.inspect() of an object' => [Cause::PayloadIsObjectText, "{ id: 'evt', n: null }", '{"id":"evt","n":null}'],
            'ToString() of an anonymous object' => [Cause::PayloadIsObjectText, '{ id = 7, state = paid }', '{"id":7,"state":"paid"}'],
            'ToString() of a dictionary' => [Cause::PayloadIsObjectText, 'System.Collections.Generic.Dictionary`2[System.String,System.Object]', '{"id":7}'],
            'YAML in one line' => [Cause::PayloadIsObjectText, '{id: 7, state: paid}', '{"id":7,"state":"paid"}'],
            'str() of a dict with other quotation marks' => [Cause::PayloadIsObjectText, '{"a": True, "b": None}', '{"a":true,"b":null}'],
            'str() of a dict at the receiver' => [Cause::PayloadReserialized, '{"a": true, "b": null, "c": "it\'s"}', '{\'a\': True, \'b\': None, \'c\': "it\'s"}'],
            'to_s of a Hash at the receiver' => [Cause::PayloadReserialized, '{"a":true,"b":null}', '{"a"=>true, "b"=>nil}'],
            'str() of bytes at the receiver' => [Cause::PayloadEscaped, '{"t":"ü"}', 'b\'{"t":"\xc3\xbc"}\''],
            'one float of several numbers' => [Cause::PayloadReserialized, '{"id":7,"score":0.0,"w":0.5}', '{"id":7,"score":0,"w":0.5}'],
            'names of .NET on the way' => [Cause::PayloadReserialized, '{"update_id":7,"list":[{"order_no":1}]}', '{"UpdateId":7,"List":[{"OrderNo":1}]}'],
            'names of JavaScript on the way' => [Cause::PayloadReserialized, '{"update_id":7}', '{"updateId":7}'],
            'json.MarshalIndent() of Go' => [Cause::PayloadReserialized, "{\n  \"a\": \"\\u003cb\\u003e\"\n}", '{"a":"<b>"}'],
            'indented by three spaces' => [Cause::PayloadReserialized, "{\n   \"a\": 2\n}", '{"a":2}'],
            'emoji of LINE' => [Cause::PayloadUnicodeEscaped, '{"a":"ä \uD83D\uDE00 ✋"}', '{"a":"ä 😀 ✋"}'],
            'emoji escaped, also those of the first plane' => [Cause::PayloadUnicodeEscaped, '{"a":"ä \ud83d\ude00 \u270b"}', '{"a":"ä 😀 ✋"}'],
            'a form with semicolons' => [Cause::PayloadReserialized, 'a=1;b=2', 'a=1&b=2'],
            'a form with semicolons on the way' => [Cause::PayloadReserialized, 'a=1&b=2', 'a=1;b=2'],
            'a form without its empty parameters' => [Cause::PayloadReserialized, 'a=1&c=3', 'a=1&b=&c=3'],
            'a form that was encoded twice' => [Cause::PayloadReserialized, 'a=b%2520c', 'a=b%20c'],
            'pairs joined with nothing' => [Cause::PayloadReserialized, 'a=1b=x y', 'b=x+y&a=1'],
            'JSON as sorted pairs' => [Cause::PayloadReserialized, 'amount=100&note=a b', '{"note":"a b","amount":100}'],
            'JSON as sorted pairs without its signature' => [Cause::PayloadReserialized, 'amount=100&note=a b', '{"note":"a b","sign":"abc","amount":100}'],
            'the time and the token of Mailgun' => [Cause::PayloadFieldOnly, '1800000000a8ce0edb2dd8', '{"signature":{"timestamp":"1800000000","token":"a8ce0edb2dd8"},"event-data":{}}'],
            'a text in an element of XML' => [Cause::PayloadFieldOnly, 'a < b', '<text>a &lt; b</text>'],
            'JSON by hand, with spaces inside the braces' => [Cause::PayloadReserialized, '{ "a": 1, "b": [1, 2] }', '{"a":1,"b":[1,2]}'],
            'JSON by hand, with escaped slashes' => [Cause::PayloadReserialized, '{ "a": "b\/c" }', '{"a":"b/c"}'],
            'gzip and base64 on the way' => [Cause::PayloadEncoded, $json, base64_encode(gzencode($json))],
            'ksort(), which leaves what is within as it is' => [Cause::PayloadReserialized, '{"a":{"d":1,"c":2},"b":3}', '{"b":3,"a":{"d":1,"c":2}}'],
            'JSON.stringify() with a list of names' => [Cause::PayloadReserialized, '{"a":{"b":2},"b":3}', '{"b":3,"a":{"d":1,"b":2}}'],
            'one field more on the way' => [Cause::PayloadReserialized, '{"a":1,"b":"x"}', '{"a":1,"tenant":"t-1","b":"x"}'],
            'milliseconds in dates lost' => [Cause::PayloadReserialized, '{"at":"2026-01-02T03:04:05.000Z"}', '{"at":"2026-01-02T03:04:05Z"}'],
            'milliseconds in dates gained' => [Cause::PayloadReserialized, '{"at":"2026-01-02T03:04:05Z"}', '{"at":"2026-01-02T03:04:05.000Z"}'],
            '+00:00 in place of Z' => [Cause::PayloadReserialized, '{"at":"2026-01-02T03:04:05+00:00"}', '{"at":"2026-01-02T03:04:05Z"}'],
            'Z in place of +00:00' => [Cause::PayloadReserialized, '{"at":"2026-01-02T03:04:05Z"}', '{"at":"2026-01-02T03:04:05+00:00"}'],
            'two decimals, of which one is lost' => [Cause::PayloadReserialized, '{"id":7,"sum":10.50}', '{"id":7,"sum":10.5}'],
            'two decimals that are lost' => [Cause::PayloadReserialized, '{"id":7,"sum":10.00}', '{"id":7,"sum":10}'],
            'emoji taken out' => [Cause::PayloadCharsetDiffers, '{"t":"hi é"}', '{"t":"hi😀 é"}'],
            'emoji of a column without room for them' => [Cause::PayloadCharsetDiffers, '{"t":"hi ???? é"}', '{"t":"hi 😀 é"}'],
            'line ends in a text of JSON' => [Cause::PayloadCrlf, '{"t":"a\r\nb"}', '{"t":"a\nb"}'],
            'line ends in a text of JSON, the other way' => [Cause::PayloadCrlf, '{"t":"a\nb"}', '{"t":"a\r\nb"}'],
            'values in the order of their names' => [Cause::PayloadIsObjectText, '1|x', '{"b":"x","a":1}'],
            'names and values with nothing between' => [Cause::PayloadReserialized, 'a1bx', '{"b":"x","a":1}'],
            'a form of axios signed, JSON sent' => [Cause::PayloadReserialized, 'a%5B%5D=x&a%5B%5D=y&b=1', '{"a":["x","y"],"b":1}'],
            'a form of Python signed, JSON sent' => [Cause::PayloadReserialized, 'a=x&a=y&b=1', '{"a":["x","y"],"b":1}'],
            'XML with its first line' => [Cause::PayloadReserialized, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>", '<a/>'],
            'two line breaks at the end' => [Cause::PayloadTrimmed, "hello\n\n", 'hello'],
            'other quotation marks in JSON' => [Cause::PayloadIsObjectText, "{'a':'x'}", '{"a":"x"}'],
            'without JSON_UNESCAPED_SLASHES on one side' => [Cause::PayloadSlashesEscaped, '{"u":"https:\/\/a"}', '{"u":"https://a"}'],
            'with it on one side' => [Cause::PayloadReserialized, json_encode($data, $all | JSON_PRESERVE_ZERO_FRACTION), json_encode($data, JSON_PRESERVE_ZERO_FRACTION)],
        ];
    }

    private static function payload(string $signed, string $arrived): Sent
    {
        return Sent::to('django', Sent::sign('django', Sent::text('django', $signed)), $arrived);
    }

    /** How the 32 bytes are written. @return array<string, array{Cause|list<Cause>, callable(string): string}> */
    private static function signatures(): array
    {
        $hex = bin2hex(...);
        $bytes = static fn (string $raw): array => array_values(unpack('C*', $raw));
        $rows = [];
        foreach (['(stdin)= ', 'SHA2-256(stdin)= ', 'HMAC-SHA256 ', 'Signature=', 'hmac ', 'sha256:', 'sha256-', 'sha256 ', '0x', 'v1:', 't=1800000000,v1=', 'Bearer ', 'Signature keyId="a",signature=', 'sig1=:', '# '] as $before) {
            $rows["\"$before\" in front"] = [Cause::DigestHasPrefix, static fn (string $raw): string => $before . bin2hex($raw)];
            $rows["\"$before\" in front of base64"] = [[Cause::DigestIsBase64, Cause::DigestHasPrefix], static fn (string $raw): string => $before . base64_encode($raw)];
        }
        foreach (['"' => '"', "'" => "'", "b'" => "'", '<' => '>', '{"signature":"' => '"}', '[' => ']', '' => ' -', ' ' => ' '] as $before => $after) {
            $cause = $before === ' ' ? [] : [Cause::DigestHasPrefix];
            if ($cause !== []) {
                $rows["\"$before\" and \"$after\" around"] = [$cause, static fn (string $raw): string => $before . bin2hex($raw) . $after];
            }
        }
        foreach (['-', ':', ' ', ', '] as $between) {
            $rows["\"$between\" between the bytes"] = [Cause::HeaderMalformed, static fn (string $raw): string => strtoupper(implode($between, str_split(bin2hex($raw), 2)))];
        }
        return $rows + [
            'a comma and another one' => [Cause::HeaderRepeated, static fn (string $raw): string => hash('sha256', 'old') . ', ' . bin2hex($raw)],
            'a comma and the same one' => [Cause::HeaderRepeated, static fn (string $raw): string => bin2hex($raw) . ',' . bin2hex($raw)],
            '0x in front of each byte' => [Cause::HeaderMalformed, static fn (string $raw): string => '0x' . implode(', 0x', str_split(bin2hex($raw), 2))],
            'a list of numbers' => [Cause::HeaderMalformed, static fn (string $raw): string => json_encode($bytes($raw))],
            'a list of Java\'s bytes' => [Cause::HeaderMalformed, static fn (string $raw): string => '[' . implode(', ', unpack('c*', $raw)) . ']'],
            'raw bytes' => [Cause::HeaderMalformed, static fn (string $raw): string => $raw],
            'raw bytes through Latin-1' => [Cause::HeaderMalformed, static fn (string $raw): string => mb_convert_encoding($raw, 'UTF-8', 'ISO-8859-1')],
            'one digit for a small byte' => [Cause::HeaderMalformed, static fn (string $raw): string => implode('', array_map(dechex(...), $bytes($raw)))],
            'Integer.toHexString() of signed bytes' => [Cause::HeaderMalformed, static fn (string $raw): string => implode('', array_map(static fn (int $byte): string => $byte > 127 ? 'ffffff' . dechex($byte) : dechex($byte), $bytes($raw)))],
            'in lines' => [[Cause::HeaderMalformed, Cause::DigestIsBase64], static fn (string $raw): string => chunk_split(base64_encode($raw), 20, "\r\n ")],
            'escaped as in JSON' => [[Cause::HeaderMalformed, Cause::DigestIsBase64], static fn (string $raw): string => json_encode(base64_encode($raw))],
            'escaped as in HTML' => [[Cause::HeaderMalformed, Cause::DigestIsBase64], static fn (string $raw): string => str_replace('+', '&#43;', base64_encode($raw))],
            'base32' => [Cause::HeaderMalformed, self::base32(...)],
            '63 of 64 digits' => [Cause::DigestTruncated, static fn (string $raw): string => substr(bin2hex($raw), 0, 63)],
            'without the first seven digits' => [Cause::DigestTruncated, static fn (string $raw): string => substr(bin2hex($raw), 7)],
            'what openssl prints, in base64' => [Cause::DigestIsBase64OfHex, static fn (string $raw): string => base64_encode('(stdin)= ' . bin2hex($raw) . "\n")],
            'hexadecimal and a line break, in base64' => [Cause::DigestIsBase64OfHex, static fn (string $raw): string => base64_encode(bin2hex($raw) . "\n")],
            'an array of Java' => [Cause::HeaderMalformed, static fn (): string => '[B@6d06d69c'],
            '[object Object]' => [Cause::HeaderMalformed, static fn (): string => '[object Object]'],
            'a WordArray of CryptoJS' => [Cause::HeaderMalformed, static fn (string $raw): string => json_encode(['words' => array_map(static fn (int $word): int => $word > 0x7fffffff ? $word - 0x100000000 : $word, array_values(unpack('N*', $raw))), 'sigBytes' => 32])],
            'percent-encoded twice' => [[Cause::HeaderMalformed, Cause::DigestIsBase64], static fn (string $raw): string => rawurlencode(rawurlencode(base64_encode($raw)))],
            'a JSON Web Token' => [Cause::HeaderMalformed, static fn (string $raw): string => 'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.' . rtrim(strtr(base64_encode($raw), '+/', '-_'), '=')],
            'hexadecimal twice' => [Cause::DigestEncodedTwice, static fn (string $raw): string => bin2hex(bin2hex($raw))],
            'base64 twice' => [Cause::DigestEncodedTwice, static fn (string $raw): string => base64_encode(base64_encode($raw))],
            'base64 of base64 as hexadecimal' => [Cause::DigestEncodedTwice, static fn (string $raw): string => bin2hex(base64_encode($raw))],
            'percent-encoded base64' => [[Cause::HeaderMalformed, Cause::DigestIsBase64], static fn (string $raw): string => str_replace('%2F', '%2f', rawurlencode(base64_encode($raw)))],
        ];
    }

    private static function base32(string $raw): string
    {
        $text = '';
        foreach (str_split(str_pad(implode('', array_map(static fn (string $byte): string => sprintf('%08b', ord($byte)), str_split($raw))), 260, '0'), 5) as $bits) {
            $text .= 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[bindec($bits)];
        }
        return $text;
    }

    /** @param callable(string): string $write */
    private static function signature(callable $write): Sent
    {
        // A digest with a + and a / in its base64 text, a small byte and a large one, and no white space at its ends.
        for ($number = 0; ; ++$number) {
            $payload = "{\"n\":$number}";
            $raw = hash_hmac('sha256', Sent::text('django', $payload), Sent::KEY, true);
            if (preg_match('~\+.*/|/.*\+~', base64_encode($raw)) && preg_match('/[\x01-\x08]/', $raw) && trim($raw) === $raw) {
                return Sent::to('django', $write($raw), $payload);
            }
        }
    }

    /** The profile, and the string to sign. @return array<string, array{Cause, string, string}> */
    private static function texts(): array
    {
        $body = Sent::BODY;
        $now = Sent::NOW;
        $random = Sent::RANDOM;
        $own = "$now.$body";
        $rows = [];
        foreach (['', ':', "\n", '|', '-', '_', '&', '/', "\t", ', ', "\r\n", '\n', '::'] as $separator) {
            $name = json_encode($separator);
            $rows["$name in place of the dot"] = [Cause::SeparatorDiffers, 'django', "$now$separator$body"];
            $rows["the payload first, and $name"] = [Cause::OrderDiffers, 'django', "$body$separator$now"];
        }
        return $rows + [
            'echo -n of dash' => [Cause::SeparatorDiffers, 'nextcloud-talk', "-n $random$body\n"],
            'echo -n of dash, without a line break' => [Cause::SeparatorDiffers, 'django', "-n $own"],
            'echo -e of dash' => [Cause::SeparatorDiffers, 'django', "-e $own\n"],
            'quotation marks around' => [Cause::SeparatorDiffers, 'django', "\"$own\""],
            'v0: of Slack' => [Cause::OtherProfile, 'django', "v0:$now:$body"],
            'v1. in front' => [Cause::OtherProfile, 'django', "v1.$now.$body"],
            'str(time.time())' => [Cause::TimestampDiffers, 'django', "$now.0.$body"],
            'a date' => [Cause::TimestampDiffers, 'django', "2027-01-15T08:00:00Z.$body"],
            'a date of JavaScript' => [Cause::TimestampDiffers, 'django', "2027-01-15T08:00:00.000Z.$body"],
            'a date of HTTP' => [Cause::TimestampDiffers, 'django', "Fri, 15 Jan 2027 08:00:00 GMT.$body"],
            'milliseconds' => [Cause::TimestampDiffers, 'django', "{$now}000.$body"],
            'microseconds' => [Cause::TimestampDiffers, 'django', "{$now}000000.$body"],
            'the target and then the payload' => [Cause::OtherProfile, 'django', Sent::TARGET . $body],
            'the target between' => [Cause::OtherProfile, 'django', "$now." . Sent::TARGET . ".$body"],
            'method and target in front' => [Cause::OtherProfile, 'django', "POST" . Sent::TARGET . "$now.$body"],
            'the hash of the payload' => [Cause::PayloadHashDiffers, 'django', "$now." . hash('sha256', $body)],
            'the hash of the payload, raw' => [Cause::PayloadHashDiffers, 'django', "$now." . hash('sha256', $body, true)],
            'the hash of the payload, base64' => [Cause::PayloadHashDiffers, 'django', "$now." . base64_encode(hash('sha256', $body, true))],
            't= of the header in front' => [Cause::SeparatorDiffers, 'django', "t=$own"],
            'method, timestamp and body' => [Cause::OtherProfile, 'django', "POST.$now.$body"],
            'method, target, timestamp and body with colons' => [Cause::OtherProfile, 'django', 'POST:' . Sent::TARGET . ":$now:$body"],
            'MD5 of the payload in base64' => [Cause::PayloadHashDiffers, 'django', "$now." . base64_encode(md5($body, true))],
            'MD5 of the payload in place of its SHA-256' => [Cause::PayloadHashDiffers, 'nextcloud', implode("\n", ['POST', Sent::TARGET, '', $now, Sent::UUID, md5($body)])],
            'the path in front of the method' => [Cause::OrderDiffers, 'nextcloud', implode("\n", [Sent::TARGET, 'POST', '', $now, Sent::UUID, hash('sha256', $body)])],
            'the timestamp in front of all' => [Cause::OrderDiffers, 'nextcloud', implode("\n", [$now, 'POST', Sent::TARGET, '', Sent::UUID, hash('sha256', $body)])],
            'the key id in front of all' => [Cause::OtherProfile, 'nextcloud', implode("\n", ['farm', 'POST', Sent::TARGET, '', $now, Sent::UUID, hash('sha256', $body)])],
            'without the method' => [Cause::MethodDiffers, 'nextcloud', implode("\n", [Sent::TARGET, '', $now, Sent::UUID, hash('sha256', $body)])],
            'a segment of the path' => [Cause::PayloadIsElsewhere, 'nextcloud-talk', "{$random}weather"],
        ];
    }

    private static function text(string $profile, string $text): Sent
    {
        return Sent::to($profile, Sent::sign($profile, $text));
    }

    /** What makes the signature of the string to sign. @return array<string, array{Cause, callable(string): string}> */
    private static function digests(): array
    {
        $rows = [];
        foreach (['sha256', 'sha1', 'md5', 'sha512'] as $hash) {
            $key = Sent::KEY;
            $rows["$hash of the text and the key"] = [Cause::AlgorithmPlainHash, static fn (string $text): string => hash($hash, $text . $key)];
            $rows["$hash of the key and the text"] = [Cause::AlgorithmPlainHash, static fn (string $text): string => hash($hash, $key . $text)];
            $rows["$hash of the body and the key"] = [Cause::AlgorithmPlainHash, static fn (): string => hash($hash, Sent::BODY . $key)];
            $rows["$hash of body, timestamp and key"] = [Cause::AlgorithmPlainHash, static fn (): string => hash($hash, Sent::BODY . Sent::NOW . $key)];
            $rows["$hash of key, timestamp and body"] = [Cause::AlgorithmPlainHash, static fn (): string => hash($hash, $key . Sent::NOW . Sent::BODY)];
            $rows["$hash of timestamp, key and body with dots"] = [Cause::AlgorithmPlainHash, static fn (): string => hash($hash, Sent::NOW . ".$key." . Sent::BODY)];
            $rows["$hash of the text alone"] = [Cause::AlgorithmHasNoKey, static fn (string $text): string => hash($hash, $text)];
            $rows["$hash of the body alone"] = [Cause::AlgorithmHasNoKey, static fn (): string => hash($hash, Sent::BODY)];
        }
        return $rows + [
            'HMAC-MD5' => [Cause::AlgorithmMd5, static fn (string $text): string => hash_hmac('md5', $text, Sent::KEY)],
            'HMAC-SHA-224' => [Cause::AlgorithmSha224, static fn (string $text): string => hash_hmac('sha224', $text, Sent::KEY)],
            'the text hashed first' => [Cause::AlgorithmHashedTwice, static fn (string $text): string => hash_hmac('sha256', hash('sha256', $text), Sent::KEY)],
            'the text hashed first, raw' => [Cause::AlgorithmHashedTwice, static fn (string $text): string => hash_hmac('sha256', hash('sha256', $text, true), Sent::KEY)],
            'the digest signed again' => [Cause::AlgorithmHashedTwice, static fn (string $text): string => hash_hmac('sha256', hash_hmac('sha256', $text, Sent::KEY), Sent::KEY)],
            'the digest signed again, raw' => [Cause::AlgorithmHashedTwice, static fn (string $text): string => hash_hmac('sha256', hash_hmac('sha256', $text, Sent::KEY, true), Sent::KEY)],
            'the digest hashed again, raw' => [Cause::AlgorithmHashedTwice, static fn (string $text): string => hash('sha256', hash_hmac('sha256', $text, Sent::KEY, true))],
            'SHA-512, over JSON with spaces' => [[Cause::PayloadReserialized, Cause::AlgorithmSha512], static fn (): string => hash_hmac('sha512', Sent::NOW . '.' . strtr(Sent::BODY, [':' => ': ', ',' => ', ']), Sent::KEY)],
            'SHA-512, under a key with a line break' => [[Cause::KeyHasWhitespace, Cause::AlgorithmSha512], static fn (string $text): string => hash_hmac('sha512', $text, Sent::KEY . "\n")],
            'payload and key exchanged' => [Cause::AlgorithmArgumentsSwapped, static fn (): string => hash_hmac('sha256', Sent::NOW . '.' . Sent::KEY, Sent::BODY)],
            'mac.Sum(message) of Go' => [[Cause::DigestHasPrefix, Cause::PayloadEmpty], static fn (string $text): string => bin2hex($text) . hash_hmac('sha256', '', Sent::KEY)],
            'the key on both ends' => [Cause::AlgorithmPlainHash, static fn (string $text): string => hash('sha256', Sent::KEY . $text . Sent::KEY)],
            'the digest hashed again' => [Cause::AlgorithmHashedTwice, static fn (string $text): string => hash('sha256', hash_hmac('sha256', $text, Sent::KEY))],
        ];
    }

    /** @param callable(string): string $digest */
    private static function digest(callable $digest): Sent
    {
        return Sent::to('django', $digest(Sent::text('django')));
    }

    /** The path and the query that were signed, the target that was passed. @return array<string, array{Cause, string, string, string}> */
    private static function targets(): array
    {
        return [
            'two slashes became one' => [Cause::PathSlashesMerged, '/apps//weather/', '', '/apps/weather/'],
            'two slashes in front became one' => [Cause::PathSlashesMerged, '//apps/weather/', '', '/apps/weather/'],
            'one slash became two' => [Cause::PathSlashesMerged, '/apps/weather/', '', '/apps//weather/'],
            'without a slash in front' => [Cause::PathPrefix, 'apps/weather/', '', '/apps/weather/'],
            'index.php at the end' => [Cause::PathPrefix, '/apps/index.php', '', '/apps/'],
            'escapes in lower case' => [Cause::PathDecoded, '/caf%c3%a9/', '', '/caf%C3%A9/'],
            'encoded twice' => [Cause::PathDecoded, '/caf%25C3%25A9/', '', '/caf%C3%A9/'],
            'dots that the client resolved' => [Cause::TargetDiffers, '/x/b/', '', '/x/a/../b/'],
            'in lower case' => [Cause::TargetDiffers, '/api/sync/', '', '/API/Sync/'],
            'without what stands behind a semicolon' => [Cause::TargetDiffers, '/api/b', '', '/api/b;jsessionid=1A'],
            '&amp; out of HTML' => [Cause::QueryNotCanonical, '/', 'a=1&amp;b=2', '/?a=1&b=2'],
            'the query in the path, and once more' => [Cause::QueryNotCanonical, '/?a=1&b=2', 'a=1&b=2', '/?a=1&b=2'],
            '+ taken for a space' => [Cause::PathDecoded, '/a b/', '', '/a+b/'],
            '+ taken for itself' => [Cause::QueryNotCanonical, '/', 'q=a%2Bb', '/?q=a+b'],
            'one parameter more' => [Cause::QueryNotCanonical, '/', 'a=1&b=2', '/?a=1&b=2&utm=x'],
            'one slash fewer' => [Cause::TargetDiffers, '/v3groups/x/', '', '/v3/groups/x/'],
            'host and path without the scheme' => [Cause::PathPrefix, 'api.example/v1/a/', '', 'https://api.example/v1/a/'],
            'http in place of https in front' => [Cause::PathPrefix, 'http://api.example/v1/a/', '', 'https://api.example/v1/a/'],
            '; between the parameters' => [Cause::QueryNotCanonical, '/', 'a=1;b=2', '/?a=1&b=2'],
            'the query encoded twice' => [Cause::QueryNotCanonical, '/', 'q=a%2520b', '/?q=a%20b'],
            'parameters of a mailing tool put behind' => [Cause::QueryNotCanonical, '/', 'a=1', '/?a=1&utm_source=x&utm_medium=y&fbclid=z'],
            'empty parameters left out' => [Cause::QueryNotCanonical, '/', 'b=2', '/?a=&b=2'],
        ];
    }

    private static function target(string $path, string $query, string $target): Sent
    {
        $text = Sent::text('nextcloud', path: $path, query: $query);
        return Sent::to('nextcloud', Sent::sign('nextcloud', $text), target: $target);
    }

    /** The URL that was signed, that which was passed, and what the headers know. @return array<string, list<mixed>> */
    private static function urls(): array
    {
        $url = Cause::TargetDiffers;
        $own = 'https://shop.example/hooks/in?a=b&c=%2Fd';
        return [
            'http, behind a proxy that ends TLS' => [$url, $own, 'http://shop.example/hooks/in?a=b&c=%2Fd'],
            'https, where http is registered' => [$url, 'http://shop.example/hooks/in', 'https://shop.example/hooks/in'],
            'the port of the container' => [$url, $own, 'https://shop.example:8080/hooks/in?a=b&c=%2Fd'],
            'the port of the container, and http' => [$url, $own, 'http://shop.example:8080/hooks/in?a=b&c=%2Fd'],
            'a port that was registered' => [$url, 'https://shop.example:443/hooks/in', 'https://shop.example/hooks/in'],
            'www. at the receiver' => [$url, $own, 'https://www.shop.example/hooks/in?a=b&c=%2Fd'],
            'www. at the sender' => [$url, 'https://www.shop.example/hooks/in', 'https://shop.example/hooks/in'],
            'a host in capitals' => [$url, 'https://shop.example/hooks/in', 'https://Shop.Example/hooks/in'],
            'the host of the backend' => [$url, $own, 'http://10.0.0.7:9000/hooks/in?a=b&c=%2Fd', ['X-Forwarded-Host' => 'shop.example']],
            'another Host' => [$url, $own, 'https://localhost/hooks/in?a=b&c=%2Fd', ['Host' => 'shop.example']],
            'a slash at its end at the sender' => [Cause::PathTrailingSlash, 'https://shop.example/hooks/in/', 'https://shop.example/hooks/in'],
            'a slash at its end at the receiver' => [Cause::PathTrailingSlash, 'https://shop.example/hooks/in', 'https://shop.example/hooks/in/'],
            'no query' => [Cause::QueryNotCanonical, 'https://shop.example/hooks/in', $own],
            'a parameter more at the receiver' => [Cause::QueryNotCanonical, 'https://shop.example/hooks/in?a=b', 'https://shop.example/hooks/in?a=b&utm=x'],
            'decoded' => [Cause::QueryNotCanonical, rawurldecode($own), $own],
            'some of it decoded, as HubSpot does' => [$url, 'https://shop.example/h?u=a:b/c%20d', 'https://shop.example/h?u=a%3Ab%2Fc%20d'],
            'the query sorted' => [Cause::QueryNotCanonical, 'https://shop.example/h?a=1&b=2', 'https://shop.example/h?b=2&a=1'],
            'path and query alone' => [$url, '/hooks/in?a=b&c=%2Fd', $own],
            'the path alone' => [$url, '/hooks/in', $own],
            'http behind a proxy, and no slash at its end' => [[Cause::TargetDiffers, Cause::PathTrailingSlash], 'https://shop.example/hooks/in/', 'http://shop.example/hooks/in'],
            'http behind a proxy, and no query' => [[Cause::TargetDiffers, Cause::QueryNotCanonical], 'https://shop.example/hooks/in', 'http://shop.example/hooks/in?a=b'],
            'the parameters sorted here' => [Cause::QueryNotCanonical, 'https://shop.example/h?b=2&c=3&a=1', 'https://shop.example/h?a=1&b=2&c=3'],
            'what a mailing tool put behind' => [Cause::QueryNotCanonical, 'https://shop.example/h?u=1&e=2', 'https://shop.example/h?u=1&e=2&utm_source=x&fbclid=y'],
            'left out' => [$url, '', $own],
            'what the web server has' => [$url, 'https://shop.example/real?x=1', 'https://shop.example/', ['REQUEST_URI' => '/real?x=1']],
        ];
    }

    /** @param array<string, string> $headers */
    private static function url(string $signed, string $passed, array $headers = []): Sent
    {
        $profile = new Profile('url', '{timestamp}{url}{payload_sha256}', ['X-Time' => '{timestamp}', 'X-Sign' => '{signature}'], Encoding::Hex, TimestampFormat::Seconds, ambiguous: true);
        $text = Sent::NOW . $signed . hash('sha256', Sent::BODY);
        return Sent::under($profile, ['X-Time' => (string) Sent::NOW, 'X-Sign' => '{signature}'] + $headers, $text, $passed);
    }

    /** The target that was signed, and that which was passed. @return array<string, list<mixed>> */
    private static function sentTargets(): array
    {
        $target = Cause::TargetDiffers;
        return [
            'a slash at its end' => [Cause::PathTrailingSlash, '/hook/', '/hook'],
            'no slash at its end' => [Cause::PathTrailingSlash, '/hook', '/hook/'],
            'two slashes in front' => [Cause::PathSlashesMerged, '/v1/a', '//v1/a'],
            'one slash in front' => [Cause::PathSlashesMerged, '//v1/a', '/v1/a'],
            'no query' => [Cause::QueryNotCanonical, '/fills', '/fills?limit=10'],
            'the whole URL' => [$target, 'https://api.example/v1/a', '/v1/a', ['Host' => 'api.example']],
            'a slash of a name that a proxy decoded' => [$target, '/files/a%2Fb/x?y=1', '/files/a/b/x?y=1'],
            'decoded' => [$target, '/a b?c=d/e', '/a%20b?c=d%2Fe'],
            'the query sorted' => [Cause::QueryNotCanonical, '/a?b=1&c=2', '/a?c=2&b=1'],
            'dots that the client resolved' => [$target, '/x/b/', '/x/a/../b/'],
            'in lower case' => [$target, '/api/sync', '/API/Sync'],
            'what the web server has' => [$target, '/real?x=1', '/', ['REQUEST_URI' => '/real?x=1']],
            'left out' => [$target, null, '/a'],
            'the method left out' => [Cause::MethodDiffers, '/a', '/a', [], null],
            'a capital in the method' => [Cause::MethodDiffers, '/a', '/a', [], 'Post'],
        ];
    }

    /** @param array<string, string> $headers */
    private static function sentTarget(?string $signed, string $passed, array $headers = [], ?string $method = 'POST'): Sent
    {
        $profile = new Profile('target', "{method}\n{target}\n{timestamp}\n{payload}", ['X-Time' => '{timestamp}', 'X-Sign' => '{signature}'], Encoding::Hex, TimestampFormat::Seconds);
        $text = implode("\n", array_filter([$method, $signed, (string) Sent::NOW, Sent::BODY], is_string(...)));
        return Sent::under($profile, ['X-Time' => (string) Sent::NOW, 'X-Sign' => '{signature}'] + $headers, $text, $passed);
    }

    /** The nonce that was sent, and that which was signed. @return array<string, array{Cause, string, string}> */
    private static function nonces(): array
    {
        $differs = Cause::NonceDiffers;
        $hex = hash('sha256', 'a nonce');
        return [
            'in lower case' => [$differs, Sent::RANDOM, strtolower(Sent::RANDOM)],
            'in upper case' => [$differs, Sent::RANDOM, strtoupper(Sent::RANDOM)],
            'the bytes of hexadecimal' => [$differs, $hex, hex2bin($hex)],
            'the bytes of base64' => [$differs, Sent::RANDOM, base64_decode(Sent::RANDOM)],
            'hexadecimal once more' => [$differs, Sent::RANDOM, bin2hex(Sent::RANDOM)],
            'percent-encoded' => [$differs, Sent::RANDOM, rawurlencode(Sent::RANDOM)],
            'each + a space' => [$differs, Sent::RANDOM, strtr(Sent::RANDOM, '+', ' ')],
        ];
    }

    private static function nonce(string $sent, string $signed): Sent
    {
        $profile = Profile::named('nextcloud-talk');
        return Sent::under($profile, ['X-Nextcloud-Talk-Random' => $sent, 'X-Nextcloud-Talk-Signature' => '{signature}'], $signed . Sent::BODY, '/');
    }

    /** The profile and the timestamp. @return array<string, array{Cause, string, string}> */
    private static function times(): array
    {
        return [
            'microseconds for milliseconds' => [Cause::TimestampFromFuture, 'huawei-push', Sent::NOW . '000123'],
            'microseconds for seconds' => [Cause::TimestampFromFuture, 'django', Sent::NOW . '000123'],
            'nanoseconds for seconds' => [Cause::TimestampFromFuture, 'django', Sent::NOW . '000000123'],
            'ticks of .NET' => [Cause::TimestampFromFuture, 'django', '639356544000000000'],
            '32 bits' => [Cause::TimestampFromFuture, 'django', '2147483647'],
            'no clock' => [Cause::TimestampStale, 'django', '0'],
        ];
    }

    private static function time(string $profile, string $timestamp): Sent
    {
        $text = Sent::text($profile, timestamp: $timestamp);
        return Sent::to($profile, Sent::sign($profile, $text), timestamp: $timestamp);
    }

    /** The headers in place of those that were sent. @return array<string, array{Cause, callable(array<string, string>): array<array-key, mixed>}> */
    private static function headers(): array
    {
        $renamed = static fn (callable $rename): callable => static function (array $headers) use ($rename): array {
            return array_combine(array_map($rename, array_keys($headers)), $headers);
        };
        $variable = static fn (string $name): string => 'HTTP_' . strtr(strtoupper($name), '-', '_');
        return [
            'REDIRECT_ in front' => [Cause::HeaderMissing, $renamed(static fn (string $name): string => 'REDIRECT_' . $variable($name))],
            'REDIRECT_REDIRECT_ in front' => [Cause::HeaderMissing, $renamed(static fn (string $name): string => 'REDIRECT_REDIRECT_' . $variable($name))],
            'without X-' => [Cause::HeaderMissing, $renamed(static fn (string $name): string => substr($name, 2))],
            'without X- in $_SERVER' => [Cause::HeaderMissing, $renamed(static fn (string $name): string => $variable(substr($name, 2)))],
            'lines of text' => [Cause::HeaderMissing, static fn (array $headers): array => array_map(static fn (string $name): string => "$name: $headers[$name]", array_keys($headers))],
            'a letter that is another' => [Cause::HeaderMissing, $renamed(static fn (string $name): string => strtr($name, ['HMAC' => 'HNAC']))],
            'a colon at the end of a name' => [Cause::HeaderMissing, $renamed(static fn (string $name): string => "$name:")],
            'an empty signature' => [Cause::HeaderMissing, static fn (array $headers): array => ['X-HMAC-Signature' => ''] + $headers],
            'an empty timestamp' => [Cause::HeaderMissing, static fn (array $headers): array => ['X-HMAC-Timestamp' => ' '] + $headers],
        ];
    }

    /** @param callable(array<string, string>): array<array-key, mixed> $change */
    private static function header(callable $change): Sent
    {
        $sent = Sent::to('django', Sent::sign('django', Sent::text('django')));
        return $sent->withHeaders($change($sent->headers));
    }
}
