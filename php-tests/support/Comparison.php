<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\MalformedHeaderException;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;

/**
 * Random calls, and what comes out of them as a text: the same text from the extension and from the library.
 *
 * A seed and the number of a case give the same call in every process. Where a call is not given a nonce or the time,
 * only the lengths of what comes out are told.
 */
final class Comparison
{
    use Draws;

    private const FIELDS = [
        '{target}', '{url}', '{header:Host}', '{header:X-S}', '{header:X_Y}', '{canonical_path}', '{canonical_query}',
        '{canonical_headers}', '{signed_headers}', '{canonical_request_sha256}', '{body_sha1}',
        '{method}', '{path}', '{query}', '{timestamp}', '{nonce}', '{payload}', '{payload_sha256}', '{key_id}', '{signature}',
        '{body}', '{}', '{', '}',
    ];
    private const LITERALS = [
        '', '.', ':', "\n", '; ', ';', ', ', ',', ' ', '=', 't=', 'v1=', 'a', '-', 'x=y', "\0", 'é', "\xff", '...', ',...', ' ...', '; ...',
        '"', 'v1,', 'HMAC ', 'k="', '",', '//',
    ];
    private const WORDS = [
        '', '0', '-1', '1800000000', '1800000000000', '9223372036854775807', '9223372036854775808', 'POST', 'get', 'HEAD', '/',
        '/a?b=c&b=%20+', 'https://host/p?q', '/%0a', '#', 'uuid', ':', '[a-z]{1,9}', 'X-S', 'custom', 'huawei-push', 'nextcloud',
        '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80', 'c2VjcmV0', '736563726574', 'whsec_c2VjcmV0', "\0", "\xff\xfe", "\r\n", 'strlen',
        'timestamp=1;nonce=:;value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=', 'a,b', 'a b', 'é', '"', '\\',
    ];
    private const NONCES = [
        'uuid', 'UUID', ':', '', '[a-z]{3}', '[0-9a-f]{32}', '[A-Za-z0-9+/]{64}', '[A-Za-z0-9._-]{8,128}', '[a-]{1,4}',
        '[a-z-9]{2}', '[z-a]{2}', '[!-~]{3,4}', '[!-+]{3,4}', '[a]{0,2}', '[a]{03}', '[a]{3,2}', '[a]{256}', '[a]{257}', '[a]{1,2,3}',
        '[]{3}', '[^a]{3}', '[a\\]{3}', '[]{]{3}', '[a}]{3}', '[a', 'a*', 'é', "[\xff]{2}", 'n1',
    ];
    private const TIMES = [
        0, 1, self::NOW, self::NOW - 60, self::NOW + 61, self::NOW * 1000, self::NOW * 1000 + 999, -1, PHP_INT_MAX, PHP_INT_MIN,
        253_402_300_799, 253_402_300_800, 999_999_999, 1_000_000_000, 99_999_999_999, 100_000_000_000, 999_999_999_999, 100_000_000_000_000,
    ];

    /** Whether what comes out depends on a random nonce, or on the time. */
    private bool $varies;

    public function __construct(private int $seed)
    {
    }

    /** The call of that number, and what came out of it. */
    public function outcome(int $case): string
    {
        $this->start($this->seed, $case);
        $this->varies = false;
        set_error_handler(static function (int $level, string $message): bool {
            throw new \ErrorException($message, 0, $level);
        });
        $steps = [];
        try {
            foreach ($this->scenario() as $name => $result) {
                $steps[] = "$name = " . (new Outcome($this->varies))->text($result);
            }
        } catch (\Throwable $thrown) {
            $steps[] = (new Outcome($this->varies))->thrown($thrown);
        } finally {
            restore_error_handler();
        }
        return implode('; ', $steps);
    }

    /** @return array<string, \Closure> a way to make arguments that mostly fit, for everything that can be called */
    public function callables(): array
    {
        $key = fn (): string|Key => $this->pick([fn () => 'secret', fn () => $this->string(), $this->key(...)])();
        $profile = fn (): string|Profile => $this->pick([$this->name(...), $this->string(...), $this->profile(...)])();
        $keyId = fn (): ?string => $this->pick([null, 'id', $this->string()]);
        return [
            'hw_sign' => fn (): array => [
                $this->payload(), $key(), $profile(), $this->method(), $this->target(), $keyId(), $this->nonce(), $this->time(), $this->more(),
            ],
            'hw_verify' => fn (): array => [
                $this->headers(), $this->payload(), $key(), $profile(), $this->method(), $this->target(), $this->tolerance(),
                $this->now(),
            ],
            'hw_parse_header' => fn (): array => [$this->edited($this->pick(self::WORDS))],
            MalformedHeaderException::class . '::__construct' => fn (): array => [
                $this->string(), $this->below(9), $this->pick([null, new \Exception('before')]), $this->pick(Reason::cases()), $this->below(99),
            ],
            SignatureRejectedException::class . '::__construct' => fn (): array => [
                $this->string(), $this->below(9), $this->pick([null, new \Exception('before')]), $this->pick(Reason::cases()),
            ],
            ReplayGuardException::class . '::__construct' => fn (): array => [
                $this->string(), $this->below(9), $this->pick([null, new \Exception('before')]), [$this->string()],
            ],
            Key::class . '::fromBytes' => fn (): array => [$this->string(), $keyId()],
            Key::class . '::fromBase64' => fn (): array => [
                $this->pick([$this->string(), base64_encode($this->string()), 'whsec_' . base64_encode($this->string())]), $keyId(),
            ],
            Key::class . '::fromHex' => fn (): array => [$this->pick([$this->string(), bin2hex($this->string())]), $keyId()],
            Profile::class . '::__construct' => $this->row(...),
            Profile::class . '::named' => fn (): array => [$this->pick([$this->name(), $this->string()])],
            Profile::class . '::fromContract' => fn (): array => [$this->file()],
            Profile::class . '::toContract' => static fn (): array => [],
            Profile::class . '::names' => static fn (): array => [],
            Profile::class . '::withEncoding' => fn (): array => [$this->pick(Encoding::cases())],
            Profile::class . '::describe' => static fn (): array => [],
            Signer::class . '::__construct' => fn (): array => [
                $this->profile(), $this->pick([$this->key(), [$this->key()], [$this->key(), $this->key()], [], ['key']]), $this->clock(),
            ],
            Signer::class . '::sign' => fn (): array => [
                $this->payload(), $this->method(), $this->target(), $this->nonce(), $this->time(), $this->more(),
            ],
            Signer::class . '::stream' => fn (): array => [$this->method(), $this->target(), $this->nonce(), $this->time(), $this->more()],
            Verifier::class . '::__construct' => fn (): array => [
                $this->profile(), $this->pick([[$this->key()], [$this->key(), 'k' => $this->key()], [], ['key']]), $this->tolerance(),
                $this->guard(), $this->clock(),
            ],
            Verifier::class . '::verify' => fn (): array => [
                $this->headers(), $this->payload(), $this->method(), $this->target(), $this->now(),
            ],
            Verifier::class . '::isValid' => fn (): array => [
                $this->headers(), $this->payload(), $this->method(), $this->target(), $this->now(),
            ],
            Verifier::class . '::stream' => fn (): array => [$this->headers(), $this->method(), $this->target(), $this->now()],
        ];
    }

    /** @return \Generator<string, mixed> what is called, and its result */
    private function scenario(): \Generator
    {
        return match (true) {
            $this->chance(30) => $this->oneCall(),
            $this->chance(65) => $this->exchange(),
            $this->chance(60) => $this->contract(),
            $this->chance(30) => $this->contractFile(),
            default => $this->read(),
        };
    }

    /** A contract that can be kept, or why it cannot. */
    private function contract(): \Generator
    {
        yield 'contract' => new Profile(...$this->row());
    }

    /** Anything, and perhaps with one argument that does not fit. */
    private function oneCall(): \Generator
    {
        $callables = $this->callables();
        $name = $this->pick(array_keys($callables));
        [$class, $method] = explode('::', $name) + [1 => null];
        $arguments = $callables[$name]();
        if ($arguments !== [] && $this->chance(30)) {
            $value = $this->value();
            $arguments[$this->below(count($arguments))] = $value;
            $this->varies = $this->varies || $value === null;
        }
        $callee = match (true) {
            $method === null => $name(...),
            $method === '__construct' => $class,
            (new \ReflectionMethod($class, $method))->isStatic() => $class::$method(...),
            $class === Signer::class => (new Signer($this->profile(), $this->key()))->$method(...),
            $class === Verifier::class => (new Verifier($this->profile(), [$this->key()], null, $this->guard()))->$method(...),
            default => $this->profile()->$method(...),
        };
        yield $name => $this->callWith($callee, $arguments, !$this->chance(50));
    }

    /** A request that is signed, perhaps changed on its way, and verified in each of the ways there are. */
    private function exchange(): \Generator
    {
        $profile = $this->profile();
        $row = $profile->describe();
        $unit = $row['timestampFormat'] === TimestampFormat::Milliseconds ? 1000 : 1;
        $at = self::NOW + $this->pick([0, 0, 0, -60, 60, -61, 61, -300, 300, -301, 301, $this->below(700) - 350]);
        $timestamp = $row['timestampFormat'] === null ? null : $at * $unit + $this->below($unit);
        $nonce = $row['nonce'] === null ? null : $this->matching($row['nonce']);
        $key = $this->key();
        $request = [$this->pick(['POST', 'get', 'HEAD', 'PUT']), $this->chance(90) ? $this->originForm() : ($this->target() ?? '/')];
        if (preg_match('/\{(?:method|path|query|target|url|header:|canonical_[phq]|signed_)/', $row['stringToSign'] . $row['canonicalRequest']) === 0
            && $this->chance(60)) {
            $request = [null, null];
        }
        $payload = $this->payload();
        $more = $this->more();
        $signers = $this->pick([$key, $key, $key, [$key, $this->key()], [$this->key(), $this->key(), $key], array_fill(0, 17, $key)]);
        $headers = yield from $this->step('sign', static fn () => (new Signer($profile, $signers))->sign($payload, ...[...$request, $nonce, $timestamp, $more]));
        if (!is_array($headers)) {
            return;
        }
        $headers += $this->chance(80) ? $more + $this->pick([[], ['HTTP_HOST' => 'h'], ['Host' => 'h']]) : [];
        $headers = $this->chance(45) ? $this->hostile($headers) : $headers;
        if ($this->chance(12)) {
            $request = [$this->method(), $this->target()];
        }
        $received = $this->chance(10) ? $this->edited($payload) : $payload;
        $tolerance = $this->pick([null, null, null, 0, 60, 604_800, \HwSignature\ANY_AGE]);
        $tolerance = $tolerance > 0 && $timestamp === null ? null : $tolerance;
        $keys = $this->pick([[$key], [$this->key(), $key], [$key, $key], [$this->key()]]);
        $guard = $this->guard();
        $verifier = yield from $this->step('verifier', static fn () => new Verifier($profile, $keys, $tolerance, $guard, static fn (): int => self::NOW));
        if (!$verifier instanceof Verifier) {
            return;
        }
        yield from $this->step('verify', static fn () => $verifier->verify($headers, $received, ...$request));
        yield from $this->step('isValid', static fn () => $verifier->isValid($headers, $received, ...$request));
        yield from $this->step('stream', function () use ($verifier, $headers, $received, $request) {
            $stream = $verifier->stream($headers, ...$request);
            foreach (str_split($received, 1 + $this->below(9)) as $bytes) {
                $stream->update($bytes);
            }
            return $stream->finish();
        });
        $secret = $this->chance(50) ? 'secret' : $keys[0];
        $rest = $timestamp === null && $request === [null, null] && $this->chance(50) ? [] : [...$request, $tolerance, self::NOW];
        yield from $this->step('hw_verify', static fn () => hw_verify($headers, $received, $secret, $profile, ...$rest));
    }

    private function contractFile(): \Generator
    {
        $profile = Profile::fromContract($this->file());
        yield 'fromContract' => $profile;
        yield 'toContract' => $profile->toContract();
    }

    /** A header that is no request's. */
    private function read(): \Generator
    {
        $header = "timestamp={$this->pick(['1', '1800000000000', $this->string()])}; nonce={$this->pick([':', 'n'])}; value="
            . base64_encode($this->random->getBytes($this->pick([32, 32, 32, 31, 33])));
        for ($edits = $this->below(4); $edits > 0; --$edits) {
            $header = $this->edited($header);
        }
        yield 'hw_parse_header' => hw_parse_header($header);
    }

    private function step(string $name, \Closure $call): \Generator
    {
        try {
            $result = $call();
        } catch (\Throwable $thrown) {
            $result = $thrown;
        }
        yield $name => $result;
        return $result;
    }

    /** @return list<mixed> the arguments of a profile: most are contracts that can be kept */
    private function row(): array
    {
        $canonical = $this->chance(3) ? $this->template() : null;
        $signed = $this->chance(3) ? $this->pick([['host'], ['Host'], [1]]) : [];
        if ($this->chance(50)) {
            $separator = $this->pick([".", "\n", ':', '|', '']);
            $fields = $this->random->shuffleArray([
                '{timestamp}', '{nonce}', '{key_id}', '{method}', '{path}', '{query}', $this->pick(['{target}', '{url}', '{header:Host}']),
            ]);
            $fields = array_slice($fields, 0, $this->below(4));
            $payload = $this->pick(['{payload}', '{payload_sha256}']);
            $sendsList = false;
            if ($this->chance(25)) {
                $payload = '{canonical_request_sha256}';
                $lines = [
                    '{canonical_path}', '{canonical_query}', '{canonical_headers}', '{signed_headers}', '{target}', '{header:X-Y}',
                    ...array_intersect($fields, ['{timestamp}', '{nonce}']),
                ];
                $lines = array_slice($this->random->shuffleArray($lines), 0, $this->below(7));
                $canonical = implode($this->pick(["\n", "\n", '']), [...$lines, '{payload_sha256}']);
                $sendsList = in_array('{signed_headers}', $lines, true) && $this->chance(80);
                $signed = array_intersect(['{signed_headers}', '{canonical_headers}'], $lines) === [] ? [] : $this->pick([['host'], ['host', 'x-s'], ['x-a', 'host']]);
            }
            $template = implode($separator, $this->pick([[...$fields, $payload], [$payload, ...$fields]]));
            $sent = array_values(array_intersect(['{timestamp}', '{nonce}', '{key_id}'], $fields));
            $list = $sendsList ? ['{signed_headers}'] : [];
            $headers = $this->chance(60)
                ? ['X-Sign' => $this->carrier([...$sent, ...$list, '{signature}'])]
                : array_combine(array_slice(['X-A', 'X-B', 'X-C', 'X-D'], 0, count($sent) + count($list)), [...$sent, ...$list])
                    + ['X-S' => $this->carrier(['{signature}'])] + $this->pick([[], [], ['X-R' => $this->carrier(['{signature}'])]]);
        } else {
            $template = $this->template();
            $headers = [];
            for ($count = $this->below(4); $count > 0; --$count) {
                $headers[$this->pick(['X-S', 'x-s', 'X_S', 'X-T', 'HTTP-X', 'Content-Type', 'X T', '', "X\0", 'É', '7'])] = $this->template();
            }
            $sent = array_filter(['{timestamp}', '{nonce}'], static fn (string $field): bool => str_contains(implode($headers), $field));
        }
        $has = fn (string $field): bool => in_array($field, $sent, true) !== $this->chance(5);
        return [
            $this->chance(5) ? $this->string() : 'custom', $template, $headers, $this->pick(Encoding::cases()),
            $has('{timestamp}') ? $this->pick(TimestampFormat::cases()) : null,
            $has('{timestamp}') && $this->chance(30) ? $this->pick([0, 60, 604_800, 604_801, -1, PHP_INT_MAX]) : null,
            $has('{nonce}') ? $this->pick(self::NONCES) : null,
            $this->pick([[], [], ['GET', 'head'], ['G T'], ['']]), $this->chance(30),
            $canonical, $signed, $this->chance(10) ? $this->pick([10, 13, 0, -1]) : null,
        ];
    }

    /**
     * A header that carries the fields, in one of its forms, or in nearly one.
     *
     * @param list<string> $fields
     */
    private function carrier(array $fields): string
    {
        $separator = $this->pick([', ', ',', '; ', ';', ' ', ':', '.']);
        $isNamed = $this->chance(60);
        $parts = array_map(function (string $field) use ($isNamed): string {
            $quote = $this->chance(15) ? '"' : '';
            $prefix = $isNamed ? $this->pick(['t', 'v1', 'n', 'X', 'key', 'sig']) . '=' : $this->pick(['', '', '', 'v1,', 'sha256=', 'k:']);
            return $prefix . $quote . $this->pick(['', '', '', 'a.']) . $field . $quote;
        }, $this->chance(80) ? $fields : $this->random->shuffleArray($fields));
        $constant = $isNamed && $this->chance(20) ? [$this->pick(['alg=hmac', 'alg=', 'x'])] : [];
        return $this->pick(['', '', '', '', 'HMAC ', 'sha256=']) . implode($separator, [...$parts, ...$constant])
            . $this->pick(['', '', "$separator...", rtrim($separator) . '...', ' ...', '...']);
    }

    /** Other headers of a request. */
    private function more(): array
    {
        $names = ['Host', 'host', 'HTTP_HOST', 'X-S', 'X-Y', 'X_Y', 'Content-Type', 'CONTENT_TYPE', 'HTTP_CONTENT_TYPE', 'X-Sign', 'X-A', 'É'];
        $headers = [];
        for ($count = $this->below(4); $count > 0; --$count) {
            $value = $this->pick(['h', ' h ', "a\tb", '', "a\n", ['h'], ['h', 'i'], [], null, 7, 'application/json']);
            $this->chance(3) ? $headers[] = $value : $headers[$this->pick($names)] = $value;
        }
        return $headers;
    }

    /** A contract file, or nearly one. */
    private function file(): string
    {
        $file = json_decode($this->profile()->toContract(), true);
        for ($edits = $this->below(4); $edits > 0; --$edits) {
            $name = $this->pick([...array_keys($file), 'rules', 'vectors', 'other']);
            switch ($this->below(4)) {
                case 0: unset($file[$name]); break;
                case 1: $file[$name] = $this->pick([null, 5, -1, 1.5, 'x', true, [], ['a'], ['a' => 'b'], ['a' => 1], [['a' => 1]], 10, 13]); break;
                case 2: $file[$name] = $this->pick(['hex', 'seconds', '{payload}', '{timestamp}.{payload}', 'uuid', "a\u{2028}\"\\/\t"]); break;
                case 3: $file['headers'] = $this->pick([['X-S' => '{signature}'], ['X-S' => 't={timestamp},v1={signature}'], []]); break;
            }
        }
        $json = json_encode($file, $this->pick([0, JSON_PRETTY_PRINT, JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION]));
        return $this->chance(5) ? $this->edited($json) : $json;
    }

    private function template(): string
    {
        $template = '';
        for ($pieces = $this->below(7); $pieces > 0; --$pieces) {
            $template .= $this->chance(60) ? $this->pick(self::FIELDS) : $this->pick(self::LITERALS);
        }
        return $this->chance(2) ? $template . str_repeat('x', 1020 + $this->below(9)) : $template;
    }

    private function profile(): Profile
    {
        if ($this->chance(50)) {
            $profile = Profile::named($this->name());
            return $this->chance(20) ? $profile->withEncoding($this->pick(Encoding::cases())) : $profile;
        }
        for ($tries = 0; $tries < 20; ++$tries) {
            try {
                return new Profile(...$this->row());
            } catch (\ValueError | \TypeError) {
                // Not a contract that can be kept.
            }
        }
        return Profile::named('django');
    }

    private function name(): string
    {
        return $this->pick(Profile::names());
    }

    private function key(): Key
    {
        return Key::fromBytes($this->pick(['secret', 'secret', 'other', str_repeat('k', 65), "k\0"]), $this->pick([null, 'id', 'id']));
    }

    /** A nonce that the grammar takes, or nearly. */
    private function matching(string $grammar): string
    {
        $uuid = '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80';
        $nonce = match (true) {
            $grammar === 'uuid' => $this->pick([$uuid, strtoupper($uuid)]),
            $grammar[0] === '[' => str_repeat($this->pick(['a', '3', 'f']), (int) substr($grammar, strrpos($grammar, '{') + 1)),
            default => $grammar,
        };
        return $this->chance(5) ? $this->edited($nonce) : $nonce;
    }

    /** @param array<string, string> $headers */
    private function hostile(array $headers): array
    {
        for ($turns = 1 + $this->below(3); $turns > 0; --$turns) {
            $name = $headers === [] ? 'X' : $this->pick(array_keys($headers));
            $value = $headers[$name] ?? null;
            $other = $this->pick([
                strtolower((string) $name), strtoupper((string) $name), strtr((string) $name, '-', '_'),
                'HTTP_' . strtoupper(strtr((string) $name, '-', '_')), 'http_' . strtr((string) $name, '-', '_'), "$name ",
            ]);
            switch ($this->below(9)) {
                case 0: unset($headers[$name]); break;
                case 1: $headers[$name] = $this->value(); break;
                case 2: $headers[$name] = [$value]; break;
                case 3: $headers[$name] = [$value, $this->value()]; break;
                case 4: $headers[$other] = $value; break;
                case 5: unset($headers[$name]); $headers[$other] = &$value; break;
                case 6: $headers[$this->pick([$this->string(), $this->below(9)])] = $this->value(); break;
                case 7: $headers[$name] = is_string($value) ? $this->edited($value) : $value; break;
                case 8: $headers[$name] = is_string($value) ? $this->respelled($value) : $value; break;
            }
            unset($value);
        }
        return $headers;
    }

    /** A header in another spelling, which may mean the same. */
    private function respelled(string $value): string
    {
        $parts = preg_split('/(?<=[,;])| /', $value);
        $last = end($parts);
        return match ($this->below(18)) {
            8 => "$value,$last",
            9 => "$value;$last",
            10 => "$value $last",
            11 => $value . str_repeat(',' . $last, 14 + $this->below(20)),
            0 => strtoupper($value),
            1 => strtolower($value),
            2 => str_replace(['; ', ', '], [';', ','], $value),
            3 => str_replace([';', ','], [" ;\t", ' , '], $value),
            4 => implode(';', array_reverse(explode('; ', $value))),
            5 => implode(',', array_reverse(explode(',', $value))),
            6 => "$value; x=1",
            7 => "x=1,$value",
            12 => str_replace('Z', $this->pick(['+00:00', '-01:30', '+25:00', '.5Z', '.1234567890Z', 'z', '.Z', '+00:0']), $value),
            13 => preg_replace('/\d(?=\D|$)/', (string) $this->below(10), $value, 1),
            14 => preg_replace('/\d\d-\d\dT|\d{4}T/', $this->pick(['02-29T', '0230T', '13-01T', '0631T', '00-00T', '0229T']), $value),
            15 => strtr($value, '+/', '-_'),
            16 => "$value=",
            17 => rtrim($value, '='),
        };
    }

    /** @return array<mixed> */
    private function headers(): array
    {
        $name = $this->name();
        $row = Profile::named($name)->describe();
        $timestamp = $row['timestampFormat'] === null ? null : self::NOW * ($row['timestampFormat'] === TimestampFormat::Milliseconds ? 1000 : 1);
        $nonce = $row['nonce'] === null ? null : $this->matching($row['nonce']);
        try {
            $headers = hw_sign('', 'secret', $name, 'POST', '/', $name === 'nextcloud' ? 'id' : null, $nonce, $timestamp);
        } catch (\ValueError) {
            $headers = [];
        }
        return $this->chance(50) ? $headers : $this->hostile($headers);
    }

    private function payload(): string
    {
        return $this->chance(40) ? '' : $this->string();
    }

    private function method(): ?string
    {
        return $this->pick([null, 'POST', 'POST', 'get', 'HEAD', 'p', 'P T', '', "\xff"]);
    }

    private function target(): ?string
    {
        return match ($this->below(6)) {
            0 => null,
            1, 2 => $this->pick(['/', '/a?b=c&b=%20+', 'https://host/p?q', 'HTTP://h', 'http://', '*', '/a#b', '/ ', '//x']),
            3 => 'https://h' . $this->originForm(),
            default => $this->originForm(),
        };
    }

    private function originForm(): string
    {
        $path = ['a', '/', 'é', '%C3%A9', '%2F', '%20', '%25', '%', '%zz', '+', ';', '.', "\xff", '%fe', '%ED%A0%80'];
        $query = [
            'a', 'b', '1', '10', '=', '=', '&', '&', '+', '%20', '%2B', '%00', '%7e', 'é', '%', '?', "\xff", '%26', '~', '*',
        ];
        $control = $this->chance(3) ? $this->pick(['%0a', '%7F', '%00']) : '';
        return '/' . $this->joined($path, 6) . $control . $this->pick(['', '?' . $this->joined($query, 10)]);
    }

    /** @param list<string> $pieces */
    private function joined(array $pieces, int $most): string
    {
        $text = '';
        for ($count = $this->below($most); $count > 0; --$count) {
            $text .= $this->pick($pieces);
        }
        return $text;
    }

    private function nonce(): ?string
    {
        $nonce = $this->pick([null, ':', '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80', str_repeat('n', 64), $this->string()]);
        $this->varies = $this->varies || $nonce === null;
        return $nonce;
    }

    private function time(): ?int
    {
        $time = $this->pick([null, self::NOW, self::NOW * 1000, $this->pick(self::TIMES)]);
        $this->varies = $this->varies || $time === null;
        return $time;
    }

    private function now(): ?int
    {
        $now = $this->pick([null, self::NOW, self::NOW, $this->pick(self::TIMES)]);
        $this->varies = $this->varies || $now === null;
        return $now;
    }

    private function tolerance(): ?int
    {
        return $this->pick([null, null, 0, 300, 604_800, 604_801, \HwSignature\ANY_AGE, -2, PHP_INT_MAX, PHP_INT_MIN]);
    }

    private function clock(): mixed
    {
        $answer = $this->pick([self::NOW, self::NOW, self::NOW * 1000, -1, '7', null, 1.5]);
        return $this->pick([null, static fn (): mixed => $answer, static fn () => throw new OfTheArgument('clock'), 'nope']);
    }

    private function guard(): ?\Closure
    {
        $answer = $this->pick([true, true, true, false, null, 1]);
        return $this->pick([null, static fn (): mixed => $answer, static fn () => throw new OfTheArgument('guard')]);
    }

    private function value(int $depth = 2): mixed
    {
        return match ($this->below(12)) {
            0 => null,
            1 => $this->chance(50),
            2 => $this->pick(self::TIMES),
            3 => $this->pick([0.0, 1.0, 1.5, NAN, INF, 1e300, (float) self::NOW]),
            4, 5 => $this->string(),
            6, 7 => $depth === 0 ? [] : $this->array($depth - 1),
            8 => $this->pick([new \stdClass(), new OfTheArgument(), new \ArrayObject(['X' => 'y'])]),
            9 => $this->pick([TimestampFormat::Seconds, Encoding::Hex, Reason::Stale]),
            10 => $this->pick([static fn () => null, 'strlen', [Key::class, 'fromBytes'], 'nope', [$this, 'nope']]),
            11 => $this->pick([$this->key(...), $this->profile(...), fn () => fopen('php://memory', 'r')])(),
        };
    }

    private function array(int $depth): array
    {
        $array = [];
        for ($count = $this->below(4); $count > 0; --$count) {
            $this->chance(30) ? $array[$this->string()] = $this->value($depth) : $array[] = $this->value($depth);
        }
        return $array;
    }

    private function string(): string
    {
        return match (true) {
            $this->chance(60) => $this->pick(self::WORDS),
            $this->chance(60) => $this->edited($this->pick(self::WORDS)),
            $this->chance(95) => $this->random->getBytes(1 + $this->below(80)),
            default => str_repeat($this->pick(['a', "\0", '{', 'p=1;', "\xff"]), 1 + $this->below(5000)),
        };
    }

    private function edited(string $text): string
    {
        $insert = $this->pick(['', $this->random->getBytes(1), $this->pick(self::WORDS), ' ', ';', ',', '=']);
        return substr_replace($text, $insert, $this->below(strlen($text) + 1), $this->below(3));
    }
}
