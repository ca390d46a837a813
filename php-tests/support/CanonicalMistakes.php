<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Cause;

/**
 * Mistakes in a canonical request, made by hand as the document has it but for what is changed. A line is a mistake.
 *
 * @phpstan-import-type Row from Mistakes
 */
final class CanonicalMistakes
{
    public const ACCESS = 'QTWAOYTTINDUT2QVKYUC';
    private const TARGET = '/v1/caf%C3%A9/a%20b?z=1&10=x&9=y&k=&%7B=2&q=a+b';
    private const PATH = '/v1/caf%C3%A9/a%20b/';
    private const QUERY = '10=x&9=y&k=&q=a%20b&z=1&%7B=2';
    private const DATE = '20270115T080000Z';
    private const BODY = "{\"name\": \"vpc-1\", \"cidr\": \"192.168.0.0/16\"}";

    /** @return array<string, Row> */
    public static function all(): array
    {
        $all = [];
        foreach (['path' => self::paths(), 'query' => self::queries(), 'host' => self::hosts(), 'type' => self::types(), 'headers' => self::headers(),
            'date' => self::dates(), 'body' => self::bodies(), 'lines' => self::lines(), 'key' => self::keys(), 'arrived' => self::arrivals()] as $family => $rows) {
            foreach ($rows as $name => [$causes, $changed]) {
                $words = $rows[$name][2] ?? [];
                $causes = is_array($causes) ? $causes : [$causes];
                $all["canonical request, $family: $name"] = [$causes, static fn (): Sent => self::sent(...$changed), (array) $words];
            }
        }
        return $all;
    }

    /**
     * A request whose sender signed what is said here, and which arrived as is said behind.
     *
     * @param array<string, string> $signed the values of the signed headers
     * @param ?\Closure(string, string, string): string $lines writes the canonical lines of headers, from name, value and the name as sent
     * @param ?\Closure(string): string $request changes the canonical request
     * @param ?\Closure(string, string): string $text the string to sign, from the canonical request and the date
     * @param array<string, string> $headers what arrived, where it is not what was signed; null for nothing
     */
    public static function sent(
        string $method = 'POST',
        string $path = self::PATH,
        string $query = self::QUERY,
        array $signed = [],
        ?\Closure $line = null,
        string $end = "\n",
        ?string $list = null,
        ?string $listSigned = null,
        ?string $hash = null,
        ?\Closure $request = null,
        ?\Closure $text = null,
        string $date = self::DATE,
        ?string $dateSigned = null,
        string $key = Sent::KEY,
        ?string $keySigned = null,
        string $access = self::ACCESS,
        array $headers = [],
        string $target = self::TARGET,
        string $body = self::BODY,
        ?string $authorization = null,
        ?string $keyId = self::ACCESS,
        string $extra = '',
    ): Sent {
        $signed += ['content-type' => 'application/json', 'host' => 'api.example', 'x-sdk-date' => $date];
        $order = explode(';', $listSigned ?? $list ?? implode(';', self::sorted(array_keys($signed))));
        $line ??= static fn (string $name, string $value): string => "$name:$value\n";
        $lines = '';
        foreach (array_filter($order, static fn (string $name): bool => isset($signed[$name])) as $name) {
            $lines .= $line($name, $signed[$name]);
        }
        $list ??= implode(';', $order);
        $canonical = "$method\n$path\n$query\n$extra$lines$end" . ($listSigned ?? $list) . "\n" . ($hash ?? hash('sha256', $body));
        $canonical = $request === null ? $canonical : $request($canonical);
        $dateSigned ??= $date;
        $text = $text === null ? "SDK-HMAC-SHA256\n$dateSigned\n" . hash('sha256', $canonical) : $text($canonical, $dateSigned);
        $signature = hash_hmac('sha256', $text, $keySigned ?? Sent::KEY);
        $authorization ??= 'SDK-HMAC-SHA256 Access={access}, SignedHeaders={list}, Signature={signature}';
        $authorization = strtr($authorization, ['{access}' => $access, '{list}' => $list, '{signature}' => $signature]);
        $arrived = ['Host' => $signed['host'], 'X-Sdk-Date' => $date, 'Authorization' => $authorization];
        foreach ($signed as $name => $value) {
            $arrived += [ucwords($name, '-') => $value];
        }
        $arrived = array_filter($headers + $arrived, static fn (?string $value): bool => $value !== null);
        return Sent::canonical($arrived, $body, $key, 'POST', $target, $keyId, $keySigned ?? Sent::KEY);
    }

    /** @param list<string> $names @return list<string> */
    private static function sorted(array $names): array
    {
        sort($names, SORT_STRING);
        return $names;
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function paths(): array
    {
        $path = Cause::PathNotCanonical;
        $slash = Cause::PathTrailingSlash;
        return [
            'no slash at the end' => [$slash, ['path' => rtrim(self::PATH, '/')], '/v1/caf%C3%A9/a%20b.'],
            'a slash that was sent and not signed' => [$slash, ['path' => '/a', 'target' => '/a/?' . self::QUERY]],
            'encoded twice' => [$path, ['path' => '/v1/caf%25C3%25A9/a%2520b/'], 'encoded twice'],
            'encoded twice, no slash' => [[$slash, $path], ['path' => '/v1/caf%25C3%25A9/a%2520b']],
            'decoded' => [$path, ['path' => '/v1/café/a b/'], 'decoded'],
            'decoded, no slash' => [[$slash, $path], ['path' => '/v1/café/a b']],
            'as it stands in the URL' => [$path, ['path' => "/a(b)'c/", 'target' => "/a(b)'c?" . self::QUERY], 'as it stands in the URL'],
            '%2F left as it is' => [$path, ['path' => '/a%2Fb/', 'target' => '/a%2Fb?' . self::QUERY]],
            'its slashes encoded' => [$path, ['path' => '%2Fa%2Fb/', 'target' => '/a/b?' . self::QUERY]],
            'urlencode()' => [$path, ['path' => '/v1/caf%C3%A9/a+b/']],
            '~ encoded' => [$path, ['path' => '/%7Ea/', 'target' => '/~a/?' . self::QUERY]],
            'encodeURIComponent()' => [$path, ['path' => "/a(b)*%20c/", 'target' => '/a%28b%29*%20c?' . self::QUERY]],
            'encodeURI()' => [$path, ['path' => '/a:b@c,%20d/', 'target' => '/a%3Ab%40c,%20d?' . self::QUERY]],
            'escapes in lower case' => [$path, ['path' => '/v1/caf%c3%a9/a%20b/']],
            'dots taken out' => [$path, ['path' => '/a/c/', 'target' => '/a/./b/../c?' . self::QUERY]],
            'slashes merged' => [Cause::PathSlashesMerged, ['path' => '/a/b/', 'target' => '/a//b?' . self::QUERY]],
            'a prefix taken off by the gateway' => [Cause::PathPrefix, ['path' => '/api/v1/a/', 'target' => '/v1/a?' . self::QUERY]],
            'a prefix that the gateway puts on' => [Cause::PathPrefix, ['path' => '/v1/a/', 'target' => '/backend/v1/a?' . self::QUERY]],
            'the query as part of it' => [Cause::QueryNotCanonical, ['path' => self::TARGET, 'query' => '']],
            'lower-case method' => [Cause::MethodDiffers, ['method' => 'post']],
            'another method' => [Cause::MethodDiffers, ['method' => 'PUT']],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function queries(): array
    {
        $query = Cause::QueryNotCanonical;
        $rows = [];
        foreach ([
            'sorted after encoding' => ['%7B=2&10=x&9=y&k=&q=a%20b&z=1', 'sorted after'],
            'sorted as numbers' => ['9=y&10=x&k=&q=a%20b&z=1&%7B=2', 'as numbers'],
            'not sorted' => ['z=1&10=x&9=y&k=&%7B=2&q=a%20b', 'not sorted'],
            'as it stands in the URL' => ['z=1&10=x&9=y&k=&%7B=2&q=a+b', 'as it stands'],
            '+ for a space' => ['10=x&9=y&k=&q=a+b&z=1&%7B=2', '+ in place of %20'],
            '+ as itself' => ['10=x&9=y&k=&q=a%2Bb&z=1&%7B=2', '+ as itself'],
            'empty values without =' => ['10=x&9=y&k&q=a%20b&z=1&%7B=2', 'without the = of'],
            'empty parameters left out' => ['10=x&9=y&q=a%20b&z=1&%7B=2', 'no value'],
            'decoded' => ['z=1&10=x&9=y&k=&{=2&q=a b', 'decoded'],
            'left out' => ['', 'as if it were empty'],
            'with its question mark' => ['?' . self::QUERY, 'question mark'],
            'escapes in lower case' => ['10=x&9=y&k=&q=a%20b&z=1&%7b=2', 'lower case'],
            'one parameter less' => ['10=x&9=y&k=&q=a%20b&%7B=2', 'without one of its parameters'],
        ] as $name => [$signed, $words]) {
            $rows[$name] = [$query, ['query' => $signed], $words];
        }
        return $rows + [
            'values of one name in the order in which they came' => [$query, ['query' => 'a=2&a=1', 'target' => '/v1/caf%C3%A9/a%20b?a=2&a=1']],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function hosts(): array
    {
        $differs = Cause::HeaderDiffers;
        return [
            'without the port that arrived' => [$differs, ['headers' => ['Host' => 'api.example:8443']], '"api.example"'],
            'with the port that did not arrive' => [$differs, ['signed' => ['host' => 'api.example:443'], 'headers' => ['Host' => 'api.example']], '"api.example:443"'],
            'with port 80' => [$differs, ['signed' => ['host' => 'api.example:80'], 'headers' => ['Host' => 'api.example']]],
            'in upper case where lower arrived' => [$differs, ['signed' => ['host' => 'API.EXAMPLE'], 'headers' => ['Host' => 'api.example']]],
            'in lower case where upper arrived' => [$differs, ['headers' => ['Host' => 'API.Example']], '"api.example"'],
            'the public one before a proxy' => [$differs, ['headers' => ['Host' => 'backend.internal', 'X-Forwarded-Host' => 'api.example']], 'X-Forwarded-Host'],
            'that of the URL that was passed' => [$differs, ['headers' => ['Host' => 'backend.internal'], 'target' => 'https://api.example' . self::TARGET], '"api.example"'],
            'with its scheme' => [$differs, ['signed' => ['host' => 'https://api.example'], 'headers' => ['Host' => 'api.example']]],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function types(): array
    {
        $differs = Cause::HeaderDiffers;
        $rows = [];
        foreach ([
            'a charset added on the way' => ['application/json', 'application/json; charset=utf-8'],
            'a charset taken off on the way' => ['application/json; charset=utf-8', 'application/json'],
            'a charset in other letters' => ['application/json;charset=UTF-8', 'application/json; charset=utf-8'],
            'a form' => ['application/x-www-form-urlencoded', 'application/json'],
            'text' => ['text/plain', 'application/json'],
            'none where one arrived' => ['', 'application/octet-stream'],
        ] as $name => [$signed, $arrived]) {
            $rows[$name] = [$differs, ['signed' => ['content-type' => $signed], 'headers' => ['Content-Type' => $arrived]], $signed === '' ? 'empty text' : "\"$signed\""];
        }
        foreach ([
            'the encodings that a proxy takes' => ['accept-encoding', 'gzip, deflate', 'gzip'],
            'the length before a proxy' => ['content-length', (string) strlen(self::BODY), '0'],
            'the connection' => ['connection', 'keep-alive', 'close'],
        ] as $name => [$header, $signed, $arrived]) {
            $rows[$name] = [$differs, ['signed' => [$header => $signed], 'headers' => [ucwords($header, '-') => $arrived]], [$header, "\"$signed\""]];
        }
        return $rows;
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function headers(): array
    {
        $headers = Cause::HeadersNotCanonical;
        return [
            'a space behind each colon' => [$headers, ['line' => static fn (string $name, string $value): string => "$name: $value\n"]],
            'names as they are sent' => [$headers, ['line' => static fn (string $name, string $value): string => ucwords($name, '-') . ":$value\n"]],
            'names as they are sent, and a space' => [$headers, ['line' => static fn (string $name, string $value): string => ucwords($name, '-') . ": $value\n"]],
            'a value with its white space' => [$headers, ['signed' => ['content-type' => ' application/json  ']], 'white space'],
            'values in lower case' => [$headers, ['signed' => ['content-type' => 'Application/JSON'], 'line' => static fn (string $name, string $value): string => "$name:" . strtolower($value) . "\n"]],
            'spaces within a value merged' => [$headers, ['signed' => ['user-agent' => 'a  b'], 'line' => static fn (string $name, string $value): string => "$name:" . str_replace('  ', ' ', $value) . "\n"]],
            'no empty line behind them' => [$headers, ['end' => ''], 'empty line'],
            'two empty lines behind them' => [$headers, ['end' => "\n\n"]],
            'CR LF' => [$headers, ['line' => static fn (string $name, string $value): string => "$name:$value\r\n"]],
            'values alone' => [$headers, ['line' => static fn (string $name, string $value): string => "$value\n"]],
            'none at all' => [$headers, ['line' => static fn (): string => '']],
            'sorted, where the list is not' => [$headers, ['listSigned' => 'content-type;host;x-sdk-date', 'list' => 'x-sdk-date;host;content-type'], 'sorted by name'],
            'commas in the list' => [$headers, ['request' => static fn (string $text): string => strtr($text, ['content-type;host;x-sdk-date' => 'content-type,host,x-sdk-date'])]],
            'a semicolon at the end of the list' => [$headers, ['request' => static fn (string $text): string => strtr($text, [";x-sdk-date\n" => ";x-sdk-date;\n"])]],
            'the list as names are sent' => [$headers, ['request' => static fn (string $text): string => strtr($text, ['content-type;host;x-sdk-date' => 'Content-Type;Host;X-Sdk-Date'])]],
            'one of the list was not signed' => [$headers, ['line' => static fn (string $name, string $value): string => $name === 'content-type' ? '' : "$name:$value\n"], 'content-type'],
            'one more than the list was signed' => [$headers, ['extra' => "accept:*/*\n", 'headers' => ['Accept' => '*/*']], 'accept'],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function dates(): array
    {
        $differs = Cause::TimestampDiffers;
        $malformed = Cause::HeaderMalformed;
        return [
            'seconds in the string to sign' => [$differs, ['dateSigned' => (string) Sent::NOW], 'seconds'],
            'milliseconds in the string to sign' => [$differs, ['dateSigned' => Sent::NOW . '000'], 'milliseconds'],
            'dashes in the string to sign' => [$differs, ['dateSigned' => '2027-01-15T08:00:00Z']],
            'a clock that was read twice' => [$differs, ['dateSigned' => '20270115T080001Z']],
            'local time in the string to sign' => [$differs, ['dateSigned' => '20270115T160000Z'], 'time zone'],
            'local time in both, east' => [Cause::TimestampFromFuture, ['date' => '20270115T160000Z'], 'time zone'],
            'local time in both, west' => [Cause::TimestampStale, ['date' => '20270115T030000Z'], 'time zone'],
            'seconds in both' => [$malformed, ['date' => (string) Sent::NOW], 'Unix time in seconds'],
            'milliseconds in both' => [$malformed, ['date' => Sent::NOW . '000'], 'Unix time in milliseconds'],
            'dashes in both' => [$malformed, ['date' => '2027-01-15T08:00:00Z'], 'with dashes'],
            'without Z in both' => [$malformed, ['date' => '20270115T160000'], 'local time'],
            'a date of HTTP in both' => [$malformed, ['date' => 'Fri, 15 Jan 2027 08:00:00 GMT'], 'HTTP'],
            'a clock that was read twice, and the header signed' => [$differs, ['dateSigned' => '20270115T080001Z', 'line' => static fn (string $name, string $value): string => "$name:" . strtr($value, [self::DATE => '20270115T080001Z']) . "\n"]],
            'left out of the string to sign' => [Cause::TimestampOmitted, ['text' => static fn (string $request): string => "SDK-HMAC-SHA256\n" . hash('sha256', $request)]],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function bodies(): array
    {
        $differs = Cause::PayloadHashDiffers;
        $other = hash('sha256', 'another body');
        return [
            'the hash of an empty body' => [Cause::PayloadEmpty, ['hash' => hash('sha256', '')]],
            'UNSIGNED-PAYLOAD' => [$differs, ['hash' => 'UNSIGNED-PAYLOAD', 'headers' => ['X-Sdk-Content-Sha256' => 'UNSIGNED-PAYLOAD']], 'UNSIGNED-PAYLOAD'],
            'UNSIGNED-PAYLOAD, and the header is signed' => [$differs, ['hash' => 'UNSIGNED-PAYLOAD', 'signed' => ['x-sdk-content-sha256' => 'UNSIGNED-PAYLOAD']]],
            'the hash of another body in a header' => [$differs, ['hash' => $other, 'headers' => ['X-Sdk-Content-Sha256' => $other]], ['x-sdk-content-sha256', 'another body']],
            'in upper case' => [$differs, ['hash' => strtoupper(hash('sha256', self::BODY))], 'upper-case'],
            'in base64' => [$differs, ['hash' => base64_encode(hash('sha256', self::BODY, true))]],
            'raw' => [$differs, ['hash' => hash('sha256', self::BODY, true)]],
            'the body itself' => [$differs, ['hash' => self::BODY]],
            'encoded again' => [Cause::PayloadReserialized, ['hash' => hash('sha256', json_encode(json_decode(self::BODY), JSON_UNESCAPED_SLASHES))]],
            'slashes escaped' => [Cause::PayloadSlashesEscaped, ['hash' => hash('sha256', strtr(self::BODY, ['/' => '\/']))]],
            'a line break at its end' => [Cause::PayloadTrailingNewline, ['hash' => hash('sha256', self::BODY . "\n")]],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function lines(): array
    {
        $differs = Cause::CanonicalRequestDiffers;
        $without = static fn (int $number): array => ['request' => static function (string $text) use ($number): string {
            $lines = explode("\n", $text);
            array_splice($lines, $number, 1);
            return implode("\n", $lines);
        }];
        return [
            'no hash of the body' => [$differs, ['request' => static fn (string $text): string => substr($text, 0, -65)], 'the hash of the body'],
            'no method' => [$differs, $without(0), 'the method'],
            'no path' => [$differs, $without(1), 'the path'],
            'no empty query' => [$differs, ['query' => '', 'target' => '/v1/caf%C3%A9/a%20b'] + $without(2), 'the query'],
            'no names' => [$differs, $without(7), 'the names'],
            'CR LF' => [$differs, ['line' => static fn (string $name, string $value): string => "$name:$value\n", 'request' => static fn (string $text): string => preg_replace(
                ['/\APOST\n/', '/' . preg_quote(self::PATH, '/') . '\n/', '/' . preg_quote(self::QUERY, '/') . '\n/', '/(\n)\n(content-type;.*)\n/'],
                ["POST\r\n", self::PATH . "\r\n", self::QUERY . "\r\n", "\$1\r\n\$2\r\n"],
                $text,
            )]],
            '\n of single quotes' => [$differs, ['request' => static fn (string $text): string => preg_replace(
                ['/\APOST\n/', '/' . preg_quote(self::PATH, '/') . '\n/', '/' . preg_quote(self::QUERY, '/') . '\n/', '/(\n)\n(content-type;.*)\n/'],
                ['POST\n', self::PATH . '\n', self::QUERY . '\n', '$1\n$2\n'],
                $text,
            )]],
            'a line break at the end' => [$differs, ['request' => static fn (string $text): string => "$text\n"], 'a line break'],
            'signed itself' => [$differs, ['text' => static fn (string $request, string $date): string => "SDK-HMAC-SHA256\n$date\n$request"], 'itself'],
            'signed alone' => [$differs, ['text' => static fn (string $request): string => $request], 'alone'],
            'its hash signed alone' => [$differs, ['text' => static fn (string $request): string => hash('sha256', $request)], 'alone'],
            'not signed at all' => [$differs, ['text' => static fn (string $request, string $date): string => "SDK-HMAC-SHA256\n$date"], 'not in'],
            'its hash in upper case' => [$differs, ['text' => static fn (string $request, string $date): string => "SDK-HMAC-SHA256\n$date\n" . strtoupper(hash('sha256', $request))]],
            'its hash in base64' => [$differs, ['text' => static fn (string $request, string $date): string => "SDK-HMAC-SHA256\n$date\n" . base64_encode(hash('sha256', $request, true))]],
            'a line break behind its hash' => [Cause::SeparatorDiffers, ['text' => static fn (string $request, string $date): string => "SDK-HMAC-SHA256\n$date\n" . hash('sha256', $request) . "\n"]],
            'V11 in the string to sign alone' => [Cause::SeparatorDiffers, ['text' => static fn (string $request, string $date): string => "V11-HMAC-SHA256\n$date\n" . hash('sha256', $request)], 'V11-HMAC-SHA256'],
            'AWS4 in the string to sign alone' => [Cause::SeparatorDiffers, ['text' => static fn (string $request, string $date): string => "AWS4-HMAC-SHA256\n$date\n" . hash('sha256', $request)]],
            'V11 in the header alone' => [Cause::HeaderMalformed, ['authorization' => 'V11-HMAC-SHA256 Access={access}, SignedHeaders={list}, Signature={signature}'], 'V11-HMAC-SHA256'],
        ];
    }

    /** @return array<string, array{mixed, array<string, mixed>}> */
    private static function keys(): array
    {
        $scope = '20270115/cn-north-4/vpc';
        $derived = bin2hex(hash_hkdf('sha256', Sent::KEY, 32, $scope, self::ACCESS));
        return [
            'the access key' => [Cause::KeyIsKeyId, ['keySigned' => self::ACCESS]],
            'the access key, where the receiver\'s has no id' => [Cause::KeyIsKeyId, ['keySigned' => self::ACCESS, 'keyId' => null]],
            'both swapped' => [[Cause::KeyIdUnknown, Cause::KeyIsKeyId], ['keySigned' => self::ACCESS, 'access' => str_replace([' ', ':'], ['-', ''], Sent::KEY), 'key' => str_replace([' ', ':'], ['-', ''], Sent::KEY)]],
            'a derived one, and the scope in the key id' => [
                Cause::KeyIsDerived,
                ['keySigned' => $derived, 'keyId' => null, 'authorization' => "SDK-HMAC-SHA256 Access={access}/$scope, SignedHeaders={list}, Signature={signature}"],
                ['hash_hkdf', $scope],
            ],
            'a derived one, with the string to sign of V11' => [
                [Cause::HeaderMalformed, Cause::KeyIsDerived, Cause::SeparatorDiffers],
                [
                    'keySigned' => $derived,
                    'authorization' => "V11-HMAC-SHA256 Credential={access}/$scope, SignedHeaders={list}, Signature={signature}",
                    'text' => static fn (string $request, string $date): string => "V11-HMAC-SHA256\n$date\n$scope\n" . hash('sha256', $request),
                ],
                ['hash_hkdf', 'V11-HMAC-SHA256'],
            ],
        ];
    }

    /** What is wrong before anything is computed. @return array<string, array{mixed, array<string, mixed>}> */
    private static function arrivals(): array
    {
        $malformed = Cause::HeaderMalformed;
        $missing = Cause::HeaderMissing;
        return [
            'no Authorization' => [$missing, ['headers' => ['Authorization' => null]], 'Authorization'],
            'no host' => [$missing, ['headers' => ['Host' => null]], 'host'],
            'a header that a proxy dropped' => [$missing, ['signed' => ['x-trace' => '1'], 'headers' => ['X-Trace' => null]], 'x-trace'],
            'two that a proxy dropped' => [$missing, ['signed' => ['x-trace' => '1', 'x-span' => '2'], 'headers' => ['X-Trace' => null, 'X-Span' => null]], '"x-span", "x-trace", though signed'],
            'a type that a proxy dropped' => [$missing, ['headers' => ['Content-Type' => null]], 'with which the signature matches: content-type, signed as "application/json"'],
            'a length that a proxy dropped' => [$missing, ['signed' => ['content-length' => (string) strlen(self::BODY)], 'headers' => ['Content-Length' => null]], 'the length of the payload'],
            'a connection that a proxy dropped' => [$missing, ['signed' => ['connection' => 'keep-alive'], 'headers' => ['Connection' => null]], 'keep-alive'],
            'a header under another name' => [$missing, ['headers' => ['Content-Type' => null, 'REDIRECT_HTTP_CONTENT_TYPE' => 'application/json']], 'REDIRECT_HTTP_CONTENT_TYPE'],
            'a header twice' => [Cause::HeaderRepeated, ['headers' => ['HOST' => 'api.example']], 'host'],
            'CONTENT_TYPE and its twin' => [Cause::HeaderRepeated, ['headers' => ['Content-Type' => null, 'CONTENT_TYPE' => 'text/plain', 'HTTP_CONTENT_TYPE' => 'application/json']], 'content-type'],
            'a control byte in a header' => [$malformed, ['headers' => ['Content-Type' => "application/json\x01"]], 'content-type'],
            'a list without the host' => [$malformed, ['list' => 'content-type;x-sdk-date'], 'lacks host'],
            'a list without both' => [$malformed, ['list' => 'content-type'], 'lacks host and x-sdk-date'],
            'a list in upper case' => [$malformed, ['list' => 'Content-Type;Host;X-Sdk-Date', 'listSigned' => 'content-type;host;x-sdk-date'], 'lower case'],
            'a name twice in the list' => [$malformed, ['list' => 'host;host;x-sdk-date'], 'host stands twice'],
            'an underscore in the list' => [$malformed, ['list' => 'host;x_trace;x-sdk-date', 'signed' => ['x_trace' => '1']], 'x_trace has a _'],
            'colons in the list' => [$malformed, ['list' => 'content-type:host:x-sdk-date'], 'between the names'],
            'an empty name in the list' => [$malformed, ['list' => 'host;;x-sdk-date'], 'empty name'],
            'the signature itself in the list' => [[$malformed, Cause::HeadersNotCanonical], ['list' => 'authorization;host;x-sdk-date'], 'the signature itself'],
        ];
    }
}
