<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Profile;
use HwSignature\Tests\Support\Sample;
use PHPUnit\Framework\TestCase;

final class SignTest extends TestCase
{
    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testAgreesWithHashHmacOnRandomRequests(string $profile): void
    {
        for ($seed = 1; $seed <= 300; $seed++) {
            mt_srand($seed);
            $sample = Sample::random($profile);
            self::assertSame($sample->signInUserland(), $sample->sign(), "seed $seed");
        }
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testAnyBytesCanBeAPayloadOrAKey(string $profile): void
    {
        $megabyte = str_repeat("\0\xff{\"é\":1}\r\n", 1 << 20);
        $payloads = ['', "\0", "a\0b", "\xff\xfe", "\xed\xa0\x80", "\r\n", substr($megabyte, 0, 1 << 20)];
        $keys = ["\0", ' ', "\xff", str_repeat('k', 63), str_repeat('k', 64), str_repeat('k', 65), "whsec_\n"];
        foreach ($payloads as $payload) {
            foreach ($keys as $key) {
                $sample = Sample::of($profile)->with(['payload' => $payload, 'key' => $key]);
                self::assertSame($sample->signInUserland(), $sample->sign());
            }
        }
    }

    /**
     * @dataProvider noncesAndProfiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('noncesAndProfiles')]
    public function testANonceThatIsLeftOutIsMade(string $profile, string $grammar): void
    {
        $sample = Sample::of($profile)->with(['nonce' => null]);
        $nonces = [];
        for ($count = 0; $count < 50; $count++) {
            $headers = $sample->sign();
            self::assertTrue($sample->verify($headers));
            $text = $headers['X-NC-NONCE'] ?? reset($headers);
            $nonces[] = preg_match('/nonce=([^;]*)/', $text, $found) ? $found[1] : $text;
            self::assertMatchesRegularExpression($grammar, end($nonces));
        }
        self::assertCount($profile === 'huawei-push' ? 1 : 50, array_unique($nonces));
    }

    /**
     * @dataProvider unitsAndProfiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('unitsAndProfiles')]
    public function testATimestampThatIsLeftOutIsNowInTheUnitOfTheProfile(string $profile, int $unit): void
    {
        $sample = Sample::of($profile)->with(['timestamp' => null]);
        $before = (int) floor(microtime(true) * $unit);
        $headers = $sample->sign();
        $after = (int) ceil(microtime(true) * $unit);

        preg_match('/\b\d{10,13}\b/', $headers['X-NC-TIMESTAMP'] ?? reset($headers), $found);
        self::assertGreaterThanOrEqual($before, (int) $found[0]);
        self::assertLessThanOrEqual($after, (int) $found[0]);
        self::assertTrue($sample->verify($headers, now: null));
    }

    /**
     * @dataProvider misuse
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('misuse')]
    public function testMisuseNamesTheArgument(array $changes, string $message, string $profile = 'nextcloud'): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("hw_sign(): Argument $message");
        Sample::of($profile)->with($changes)->sign();
    }

    /** @return array<string, array{array<string, mixed>, string, 2?: string}> */
    public static function misuse(): array
    {
        $names = implode(', ', array_map(static fn (string $name): string => "\"$name\"", Profile::names()));
        $id = '#6 ($key_id) must be 1 to 128 visible ASCII characters without "," and ";"';
        $nonce = '#7 ($nonce) does not fit the nonce grammar of the profile';
        $method = '#4 ($method) must be an HTTP method';
        return [
            'payload on GET' => [['method' => 'GET'], '#1 ($payload) must be empty, because the profile signs no payload for this method'],
            'payload on head' => [['method' => 'head'], '#1 ($payload) must be empty, because the profile signs no payload for this method'],
            'empty key' => [['key' => ''], '#2 ($key) must not be empty'],
            'unknown profile' => [['profile' => 'nextCloud'], "#3 (\$profile) must be one of $names"],
            'binary profile' => [['profile' => "\xff\0"], "#3 (\$profile) must be one of $names"],
            'empty method' => [['method' => ''], $method],
            'two methods' => [['method' => 'GET POST'], $method],
            'method with line feed' => [['method' => "POST\n"], $method],
            'fragment' => [['target' => '/a#b'], '#5 ($target) must not contain a fragment (byte 2)'],
            'empty target' => [['target' => ''], '#5 ($target) must be "/path?query" or "https://host/path?query"'],
            'relative target' => [['target' => 'a/b'], '#5 ($target) must be "/path?query" or "https://host/path?query"'],
            'space in target' => [['target' => '/a b'], '#5 ($target) must not contain white space or control characters (byte 2)'],
            'NUL in target' => [['target' => "/a\0"], '#5 ($target) must not contain white space or control characters (byte 2)'],
            'line feed hidden in path' => [['target' => '/a%0Ab'], '#5 ($target) must not contain white space or control characters (byte 2)'],
            'no key id' => [['keyId' => null], '#6 ($key_id) must not be null, because the profile sends a key id'],
            'empty key id' => [['keyId' => ''], $id],
            'long key id' => [['keyId' => str_repeat('a', 129)], $id],
            'line feed in key id' => [['keyId' => "a\r\nX-Evil: 1"], $id],
            'key id unused' => [['keyId' => 'app'], '#6 ($key_id) must be null, because the profile sends no key id', 'django'],
            'short nonce' => [['nonce' => '1234567'], $nonce],
            'long nonce' => [['nonce' => str_repeat('a', 129)], $nonce],
            'line feed in nonce' => [['nonce' => "12345678\n"], $nonce],
            'binary nonce' => [['nonce' => "12345678\xff"], $nonce],
            'nonce that is no UUID' => [['nonce' => '12345678'], $nonce, 'huawei-receipt'],
            'nonce other than ":"' => [['nonce' => '::'], $nonce, 'huawei-push'],
            'nonce of 63' => [['nonce' => str_repeat('a', 63)], $nonce, 'nextcloud-talk'],
            'nonce unused' => [['nonce' => 'a'], '#7 ($nonce) must be null, because the profile has no nonce', 'django'],
            'negative timestamp' => [['timestamp' => -1], '#8 ($timestamp) must be greater than or equal to 0'],
            'timestamp unused' => [['timestamp' => 0], '#8 ($timestamp) must be null, because the profile has no timestamp', 'nextcloud-talk'],
        ];
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }

    /** @return array<string, array{string, string}> */
    public static function noncesAndProfiles(): array
    {
        return self::table(Sample::NONCES);
    }

    /** @return array<string, array{string, int}> */
    public static function unitsAndProfiles(): array
    {
        return self::table(Sample::UNITS);
    }

    private static function table(array $values): array
    {
        $rows = [];
        foreach ($values as $profile => $value) {
            $rows[$profile] = [$profile, $value];
        }
        return $rows;
    }
}
