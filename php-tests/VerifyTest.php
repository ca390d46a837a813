<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Sample;
use PHPUnit\Framework\TestCase;

use const HwSignature\ANY_AGE;

final class VerifyTest extends TestCase
{
    /**
     * @dataProvider rows
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rows')]
    public function testAgreesWithHashHmacOnRandomRequests(string $profile): void
    {
        for ($seed = 1; $seed <= 200; $seed++) {
            mt_srand($seed);
            $sample = Sample::random($profile);
            $headers = $sample->signInUserland();
            self::assertTrue($sample->verify($headers), "seed $seed");

            foreach (self::mutations($sample, $headers) as $what => [$mutant, $mutated]) {
                self::assertFalse($mutant->verify($mutated), "seed $seed: $what");
                self::assertFalse($mutant->verifyInUserland($mutated), "seed $seed: $what, in userland");
            }
        }
    }

    /**
     * @param array<string, string> $headers
     * @return iterable<string, array{Sample, array<string, string>}>
     */
    private static function mutations(Sample $sample, array $headers): iterable
    {
        $payload = $sample->payload === '' ? "\0" : Sample::flip($sample->payload, mt_rand(0, 8 * strlen($sample->payload) - 1));
        yield 'payload' => [$sample->with(['payload' => $payload]), $headers];
        yield 'payload with a byte more' => [$sample->with(['payload' => "$sample->payload\n"]), $headers];
        $key = Sample::flip($sample->key, mt_rand(0, 8 * strlen($sample->key) - 1));
        yield 'key' => [$sample->with(['key' => $key]), $headers];
        yield 'digest' => [$sample, $sample->withFlippedDigest($headers, mt_rand(0, 255))];
        if ($sample->timestamp !== null) {
            $other = $sample->timestamp > Sample::NOW * (Sample::UNITS[$sample->profile] ?? 1) ? -1 : 1;
            $replace = [(string) $sample->timestamp => (string) ($sample->timestamp + $other)];
            yield 'timestamp' => [$sample, array_map(static fn (string $text): string => strtr($text, $replace), $headers)];
        }
        if (isset($sample->nonce)) {
            $nonce = $sample->nonce === ':' ? '.' : (($sample->nonce[0] === 'a' ? 'b' : 'a') . substr($sample->nonce, 1));
            yield 'nonce' => [$sample, array_map(static fn (string $text): string => strtr($text, [$sample->nonce => $nonce]), $headers)];
        }
        if ($sample->profile === 'nextcloud') {
            yield 'method' => [$sample->with(['method' => "X$sample->method"]), $headers];
            $path = strtok($sample->target, '?');
            yield 'path' => [$sample->with(['target' => $path . 'x' . substr($sample->target, strlen($path))]), $headers];
            $separator = str_contains($sample->target, '?') ? '&' : '?';
            yield 'query' => [$sample->with(['target' => "$sample->target{$separator}x"]), $headers];
        } elseif ($sample->profile === 'square') {
            yield 'URL' => [$sample->with(['target' => "{$sample->target}x"]), $headers];
            yield 'no URL' => [$sample->with(['target' => '/']), $headers];
        }
    }

    /**
     * @dataProvider rows
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rows')]
    public function testMethodAndTargetCountOnlyWhereTheyAreSigned(string $profile): void
    {
        $sample = Sample::of($profile);
        $other = $sample->with(['method' => 'PUT', 'target' => '/other']);
        self::assertSame(!in_array($profile, ['nextcloud', 'square'], true), $other->verify($sample->sign()));
    }

    /**
     * @dataProvider rows
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rows')]
    public function testAMegabyte(string $profile): void
    {
        $sample = Sample::of($profile)->with(['payload' => str_repeat("\0\xffab", 1 << 18)]);
        $headers = $sample->signInUserland();
        self::assertTrue($sample->verify($headers));
        self::assertFalse($sample->with(['payload' => Sample::flip($sample->payload, (8 << 20) - 1)])->verify($headers));
    }

    /**
     * @dataProvider rows
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rows')]
    public function testEveryHeaderThatCarriesSomethingNewIsNeeded(string $profile): void
    {
        $sample = Sample::of($profile);
        $headers = $sample->sign();
        foreach (array_keys($headers) as $name) {
            $optional = in_array($name, ['X-HW-TIMESTAMP', 'OCS-APIRequest'], true);
            self::assertSame($optional, $sample->verify(array_diff_key($headers, [$name => 0])), $name);
        }
        self::assertFalse($sample->verify([]));
    }

    /**
     * @dataProvider windows
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('windows')]
    public function testTheWindowIncludesBothItsEnds(string $profile, int $unit, int $tolerance, ?int $given): void
    {
        foreach ([-1 => 'past', 1 => 'future'] as $sign => $side) {
            // Whole seconds are compared, so that the last second of the window counts to its last millisecond.
            $edge = (Sample::NOW + $sign * $tolerance) * $unit + ($sign > 0 ? $unit - 1 : 0);
            $inside = $tolerance > 0 || $unit > 1;
            foreach ([$edge => true, $edge - $sign => $inside, $edge + $sign => false] as $timestamp => $expected) {
                $sample = Sample::of($profile)->with(['timestamp' => $timestamp]);
                $what = "$side edge, " . ($timestamp - $edge) . ' units from it';
                self::assertSame($expected, $sample->verify($sample->sign(), $given), $what);
            }
        }
    }

    /** @return iterable<string, array{string, int, int, ?int}> */
    public static function windows(): iterable
    {
        foreach (Sample::UNITS as $profile => $unit) {
            yield "$profile, its own" => [$profile, $unit, Sample::TOLERANCES[$profile], null];
            foreach ([0, 1, 300, 86_400] as $tolerance) {
                yield "$profile, $tolerance s" => [$profile, $unit, $tolerance, $tolerance];
            }
        }
    }

    /**
     * @dataProvider unitsAndProfiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('unitsAndProfiles')]
    public function testAWindowWithoutEnd(string $profile): void
    {
        foreach ([0, 1, Sample::of($profile)->timestamp, PHP_INT_MAX] as $timestamp) {
            $sample = Sample::of($profile)->with(['timestamp' => $timestamp]);
            foreach ([0, Sample::NOW, PHP_INT_MAX] as $now) {
                self::assertTrue($sample->verify($sample->sign(), ANY_AGE, $now));
                self::assertFalse($sample->verify($sample->withFlippedDigest($sample->sign()), ANY_AGE, $now));
            }
        }
    }

    public function testTheClockIsUsedWhenNowIsLeftOut(): void
    {
        $sample = Sample::of('django');
        self::assertTrue($sample->verify($sample->with(['timestamp' => time()])->sign(), now: null));
        self::assertFalse($sample->verify($sample->with(['timestamp' => time() - 3600])->sign(), now: null));
        self::assertFalse($sample->verify($sample->with(['timestamp' => time() + 3600])->sign(), now: null));
    }

    /**
     * @dataProvider misuse
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('misuse')]
    public function testMisuseNamesTheArgument(array $arguments, string $message): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("hw_verify(): Argument $message");
        hw_verify(...$arguments + ['headers' => [], 'payload' => '', 'key' => 'k']);
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function misuse(): array
    {
        $tolerance = '#7 ($tolerance) must be between 0 and 604800, or HwSignature\ANY_AGE';
        return [
            'empty key' => [['key' => ''], '#3 ($key) must not be empty'],
            'unknown profile' => [['profile' => 'huawei'], '#4 ($profile) must be one of "huawei-push", '],
            'negative tolerance' => [['tolerance' => -2], $tolerance],
            'smallest tolerance' => [['tolerance' => PHP_INT_MIN], $tolerance],
            'negative now' => [['now' => -1], '#8 ($now) must be greater than or equal to 0'],
        ];
    }

    /**
     * @dataProvider digestSpellings
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('digestSpellings')]
    public function testTheSpellingOfADigest(string $profile, callable $spell, bool $expected): void
    {
        $sample = Sample::of($profile);
        for ($count = 0; $count < 50; $count++) {
            $sample->payload = "payload $count";
            $headers = $sample->sign();
            $spelled = $sample->withDigest($headers, $spell);
            self::assertNotSame($headers, $spelled);
            self::assertSame($expected, $sample->verify($spelled), json_encode($spelled));
        }
    }

    /** @return iterable<string, array{string, callable(string): string, bool}> */
    public static function digestSpellings(): iterable
    {
        $alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
        $nextCharacter = static fn (string $text, int $step): string
            => substr($text, 0, 42) . $alphabet[strpos($alphabet, $text[42]) + $step] . '=';
        $everywhere = [
            'space before' => static fn (string $text): string => " $text",
            'space after' => static fn (string $text): string => "$text ",
            'tab after' => static fn (string $text): string => "$text\t",
            'line feed after' => static fn (string $text): string => "$text\n",
            'NUL after' => static fn (string $text): string => "$text\0",
            'quoted' => static fn (string $text): string => "\"$text\"",
            'cut by one' => static fn (string $text): string => substr($text, 0, -1),
            'a byte more' => static fn (string $text): string => "{$text}A",
            'empty' => static fn (): string => '',
            'twice' => static fn (string $text): string => $text . $text,
        ];
        $base64 = $everywhere + [
            // PHP's base64_decode() takes these for the same 32 bytes, strict mode or not.
            'spare bits 1' => static fn (string $text): string => $nextCharacter($text, 1),
            'spare bits 2' => static fn (string $text): string => $nextCharacter($text, 2),
            'spare bits 3' => static fn (string $text): string => $nextCharacter($text, 3),
            'padding missing' => static fn (string $text): string => rtrim($text, '='),
            'padding doubled' => static fn (string $text): string => "$text=",
            'in hex' => static fn (string $text): string => bin2hex(base64_decode($text, true)),
            'of the hex text' => static fn (string $text): string => base64_encode(bin2hex(base64_decode($text, true))),
            'lower case' => strtolower(...),
            'percent-encoded' => rawurlencode(...),
            'line folded' => static fn (string $text): string => substr($text, 0, 20) . "\r\n" . substr($text, 20),
        ];
        $hex = $everywhere + [
            'prefix' => static fn (string $text): string => "0x$text",
            'in base64' => static fn (string $text): string => base64_encode(hex2bin($text)),
        ];
        foreach (Sample::PROFILES as $profile) {
            $isHex = Sample::of($profile)->isHex();
            foreach ($isHex ? $hex : $base64 as $what => $spell) {
                yield "$profile: $what" => [$profile, $spell, false];
            }
            if ($isHex) {
                yield "$profile: upper case" => [$profile, strtoupper(...), true];
                yield "$profile: mixed case" => [$profile, static fn (string $text): string => ucfirst(strtr($text, 'bdf', 'BDF')), true];
            }
        }
    }

    /**
     * @dataProvider base64Profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('base64Profiles')]
    public function testTheUrlSafeAlphabetIsNotBase64(string $profile): void
    {
        $tested = 0;
        for ($count = 0; $count < 50; $count++) {
            $sample = Sample::of($profile)->with(['payload' => "payload $count"]);
            $headers = $sample->sign();
            foreach ([['+', '-'], ['/', '_'], ['+', ' '], ['+', '%2B']] as [$from, $to]) {
                $spelled = $sample->withDigest($headers, static fn (string $text): string => strtr($text, [$from => $to]));
                if ($spelled !== $headers) {
                    $tested++;
                    self::assertFalse($sample->verify($spelled));
                }
            }
        }
        self::assertGreaterThan(20, $tested);
    }

    /** @return array<string, array{string}> */
    public static function base64Profiles(): array
    {
        return ['huawei-push' => ['huawei-push'], 'huawei-receipt' => ['huawei-receipt'], 'nextcloud' => ['nextcloud']];
    }

    public function testNextcloudHasNoPayloadOnGetAndHead(): void
    {
        foreach (['GET', 'get', 'HEAD', 'Head'] as $method) {
            $sample = Sample::of('nextcloud')->with(['method' => $method, 'payload' => '']);
            $headers = $sample->sign();
            self::assertTrue($sample->verify($headers));
            self::assertFalse($sample->with(['payload' => 'x'])->verify($headers));
            // Even with a signature that covers it.
            $signed = $sample->with(['payload' => 'x'])->signInUserland();
            self::assertFalse($sample->with(['payload' => 'x'])->verify($signed));
        }
    }

    public function testASecondTimestampMustNotContradictTheFirst(): void
    {
        $sample = Sample::of('huawei-push');
        $headers = $sample->sign();
        $time = (string) $sample->timestamp;
        $contradictions = [(string) ($sample->timestamp + 1), "0$time", " $time", "$time ", '', '0', "+$time", "$time.0", $time . "\0"];
        foreach ($contradictions as $other) {
            self::assertFalse($sample->verify(['X-HW-TIMESTAMP' => $other] + $headers), $other);
        }
        self::assertTrue($sample->verify(['X-HW-TIMESTAMP' => $time] + $headers));
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testNothingInAHeaderMapThrowsOrWarns(string $profile): void
    {
        $diagnostics = [];
        set_error_handler(static function (int $level, string $message) use (&$diagnostics): bool {
            $diagnostics[] = $message;
            return true;
        });
        try {
            $sample = Sample::of($profile);
            foreach (array_keys($sample->sign()) as $name) {
                if ($name === 'OCS-APIRequest') {
                    // Nobody signs a constant, so that nobody reads it.
                    continue;
                }
                foreach (self::hostileValues() as $what => $value) {
                    $headers = [$name => $value] + $sample->sign();
                    $expected = match ($name) {
                        'X-HW-TIMESTAMP' => in_array($what, ['null', 'empty list'], true),
                        // A key without an id takes any, and the contract does not sign it.
                        'X-NC-CLIENT-ID' => in_array($what, ['format', 'overflow'], true),
                        default => false,
                    };
                    self::assertSame($expected, $sample->verify($headers), "$name: $what");
                }
            }
            foreach (self::hostileMaps($sample->sign()) as $what => [$headers, $expected]) {
                self::assertSame($expected, $sample->verify($headers), $what);
            }
            foreach (self::hostileRequests() as $what => $change) {
                $expected = $profile !== 'nextcloud' && $what === 'NUL in path';
                self::assertSame($expected, $sample->with($change)->verify($sample->sign()), $what);
            }
        } finally {
            restore_error_handler();
        }
        self::assertSame([], $diagnostics);
    }

    /** @return iterable<string, mixed> */
    private static function hostileValues(): iterable
    {
        $recursion = [];
        $recursion[] = &$recursion;
        $deep = [];
        for ($level = 0; $level < 10_000; $level++) {
            $deep = [$deep];
        }
        $stringable = new class {
            public function __toString(): string
            {
                throw new \LogicException('nobody may call this');
            }
        };
        yield from [
            'null' => null, 'true' => true, 'false' => false, 'zero' => 0, 'int' => PHP_INT_MIN, 'float' => NAN,
            'empty list' => [], 'empty' => '', 'NUL' => "\0", 'binary' => "\xff\xfe", 'long' => str_repeat('a', 1 << 20),
            'separators' => str_repeat(';', 4096), 'assignments' => str_repeat('a=', 2048), 'spaces' => str_repeat(' ', 4096),
            'object' => new \stdClass(), 'stringable' => $stringable, 'array access' => new \ArrayObject(['a']),
            'closure' => static fn () => throw new \LogicException('nobody may call this'), 'resource' => STDERR,
            'enum' => \HwSignature\Reason::Stale, 'list of int' => [1], 'list of null' => [null], 'list of lists' => [['a']],
            'list of an object' => [$stringable], 'two values' => ['a', 'b'], 'recursion' => $recursion, 'deep' => $deep,
            'format' => '%s%n%s%n', 'digits' => str_repeat('9', 4096), 'overflow' => '9223372036854775808',
        ];
    }

    /** @return iterable<string, array{array<mixed>, bool}> */
    private static function hostileMaps(array $headers): iterable
    {
        $self = $headers;
        $self['self'] = &$self;
        yield 'a map in itself' => [$self, true];
        $references = [];
        foreach ($headers as $name => $value) {
            $box = $value;
            $references[$name] = &$box;
            unset($box);
        }
        yield 'references' => [$references, true];
        $many = [];
        for ($count = 0; $count < 100_000; $count++) {
            $many["X-HW-SIGNATURE-$count"] = 'x';
        }
        yield '100 000 others' => [$many + $headers, true];
        yield 'a list' => [array_values($headers), false];
        $nul = [];
        foreach ($headers as $name => $value) {
            $nul["$name\0"] = $value;
            $nul["\0$name"] = $value;
            $nul["HTTP\0" . $name] = $value;
        }
        yield 'NUL in names' => [$nul, false];
        yield 'others with NUL in their names' => [$nul + $headers, true];
        $integers = $headers + [0 => 'x', -1 => 'x', PHP_INT_MAX => 'x', '' => 'x', "\xff" => 'x'];
        yield 'integers and nothing as names' => [$integers, true];
        $deleted = $headers + ['other' => 'x'];
        unset($deleted['other'], $deleted[array_key_first($headers)]);
        yield 'a header deleted' => [$deleted, false];
        $twice = $headers;
        foreach ($headers as $name => $value) {
            $twice['HTTP_' . strtr(strtoupper($name), '-', '_')] = $value;
        }
        yield 'both spellings of every name' => [$twice, false];
    }

    /** @return array<string, array<string, string>> */
    private static function hostileRequests(): array
    {
        return [
            'empty method' => ['method' => ''],
            'binary method' => ['method' => "\xff\0"],
            'empty target' => ['target' => ''],
            'asterisk' => ['target' => '*'],
            'fragment' => ['target' => '/a#b'],
            'line feed' => ['target' => "/a\nb"],
            'NUL' => ['target' => "/\0"],
            'NUL in path' => ['target' => '/%00'],
            'authority only' => ['target' => 'host:443'],
        ];
    }

    /** @return array<string, array{string}> */
    public static function rows(): array
    {
        return Sample::rows();
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }

    /** @return array<string, array{string}> */
    public static function unitsAndProfiles(): array
    {
        return array_intersect_key(Sample::profiles(), Sample::UNITS);
    }
}
