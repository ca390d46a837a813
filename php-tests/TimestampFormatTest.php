<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** How a timestamp is written, read, and kept apart from its neighbours. */
final class TimestampFormatTest extends TestCase
{
    private const NOW = 1573789015;

    private static function profile(TimestampFormat $format, string $stringToSign = '{timestamp}.{payload}', mixed ...$rest): Profile
    {
        $headers = ['X-Time' => '{timestamp}', 'X-Signature' => '{signature}'];
        return new Profile('timed', $stringToSign, $headers, Encoding::Hex, $format, ...$rest);
    }

    /**
     * @dataProvider texts
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('texts')]
    public function testATimestampIsWrittenAndSignedInItsFormat(TimestampFormat $format, int $given, string $text): void
    {
        [$profile, $key] = [self::profile($format), Key::fromBytes('secret')];
        $headers = (new Signer($profile, $key))->sign('body', timestamp: $given);
        self::assertSame(['X-Time' => $text, 'X-Signature' => hash_hmac('sha256', "$text.body", 'secret')], $headers);
        $verified = (new Verifier($profile, [$key]))->verify($headers, 'body', now: self::NOW);
        self::assertSame($given, $verified->timestamp);
        self::assertFalse((new Verifier($profile, [$key]))->isValid($headers, 'body', now: self::NOW + 301));
    }

    /** @return array<string, array{TimestampFormat, int, string}> */
    public static function texts(): array
    {
        return [
            'seconds' => [TimestampFormat::Seconds, self::NOW, '1573789015'],
            'milliseconds' => [TimestampFormat::Milliseconds, self::NOW * 1000 + 7, '1573789015007'],
            'RFC 3339' => [TimestampFormat::Rfc3339, self::NOW, '2019-11-15T03:36:55Z'],
            'ISO 8601' => [TimestampFormat::Iso8601Basic, self::NOW, '20191115T033655Z'],
        ];
    }

    public function testTheClockIsWrittenInEveryFormat(): void
    {
        foreach (TimestampFormat::cases() as $format) {
            [$profile, $key] = [self::profile($format), Key::fromBytes('secret')];
            $headers = (new Signer($profile, $key))->sign('body');
            $seconds = match ($format) {
                TimestampFormat::Seconds => (int) $headers['X-Time'],
                TimestampFormat::Milliseconds => intdiv((int) $headers['X-Time'], 1000),
                default => strtotime($headers['X-Time']),
            };
            self::assertLessThanOrEqual(60, abs(time() - $seconds), $format->value);
            self::assertTrue((new Verifier($profile, [$key]))->isValid($headers, 'body'), $format->value);
        }
    }

    public function testTheTextOfADateIsSignedAsItCame(): void
    {
        [$profile, $key] = [self::profile(TimestampFormat::Rfc3339), Key::fromBytes('secret')];
        $verifier = new Verifier($profile, [$key]);
        foreach (['2019-11-15T03:36:55Z', '2019-11-15T03:36:55.123456789Z', '2019-11-15T04:36:55.9+01:00', '2019-11-14T23:36:55-04:00'] as $text) {
            $headers = ['X-Time' => $text, 'X-Signature' => hash_hmac('sha256', "$text.body", 'secret')];
            // The second that has begun: a fraction is left out.
            self::assertSame(self::NOW, $verifier->verify($headers, 'body', now: self::NOW)->timestamp, $text);
            self::assertTrue($verifier->isValid($headers, 'body', now: self::NOW + 300), $text);
            self::assertFalse($verifier->isValid($headers, 'body', now: self::NOW + 301), $text);
            self::assertFalse($verifier->isValid($headers, 'body', now: self::NOW - 301), $text);
        }
        // The same moment in another spelling is another text, and was not signed.
        $headers = ['X-Time' => '2019-11-15T03:36:55Z', 'X-Signature' => hash_hmac('sha256', '2019-11-15T03:36:55.0Z.body', 'secret')];
        self::assertFalse($verifier->isValid($headers, 'body', now: self::NOW));
    }

    /**
     * @dataProvider malformed
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('malformed')]
    public function testATextOutsideTheFormatIsRejectedWhateverItsSignature(TimestampFormat $format, string $text): void
    {
        $verifier = new Verifier(self::profile($format), [Key::fromBytes('secret')], \HwSignature\ANY_AGE);
        $headers = ['X-Time' => $text, 'X-Signature' => hash_hmac('sha256', "$text.body", 'secret')];
        try {
            $verifier->verify($headers, 'body');
            self::fail($text);
        } catch (SignatureRejectedException $exception) {
            self::assertSame(Reason::MalformedTimestamp, $exception->getReason());
            self::assertStringContainsString($format === TimestampFormat::Rfc3339 ? 'RFC 3339' : 'such as 20260131T235959Z', $exception->getMessage());
        }
    }

    /** @return iterable<string, array{TimestampFormat, string}> */
    public static function malformed(): iterable
    {
        $texts = ['1573789015', '2019-11-15', '2019-11-15T03:36:55', '2019-11-15t03:36:55z', '2019-02-29T00:00:00Z', '2016-12-31T23:59:60Z',
            '2019-11-15T03:36:55.Z', '2019-11-15T03:36:55.1234567890Z', '1969-12-31T23:59:59Z', '10000-01-01T00:00:00Z', '2019-11-15T03:36:55+0100'];
        foreach ($texts as $text) {
            yield "rfc3339 $text" => [TimestampFormat::Rfc3339, $text];
        }
        foreach (['1573789015', '2019-11-15T03:36:55Z', '20191115T033655', '20191115T033660Z', '20190229T000000Z', '20191115T033655.5Z'] as $text) {
            yield "iso8601 $text" => [TimestampFormat::Iso8601Basic, $text];
        }
    }

    /**
     * @dataProvider unwritable
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('unwritable')]
    public function testANumberThatHasNoTextIsRefused(Profile $profile, int $timestamp, string $message): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("HwSignature\\Signer::sign(): Argument #5 (\$timestamp) $message");
        (new Signer($profile, Key::fromBytes('secret')))->sign('body', timestamp: $timestamp);
    }

    /** @return iterable<string, array{Profile, int, string}> */
    public static function unwritable(): iterable
    {
        foreach ([TimestampFormat::Rfc3339, TimestampFormat::Iso8601Basic] as $format) {
            yield "$format->value in milliseconds" => [self::profile($format), self::NOW * 1000, 'must be Unix time in seconds, and looks like milliseconds'];
            yield "$format->value beyond 9999" => [self::profile($format), 253402300800, 'must be at most 253402300799, the last second of the year 9999'];
            yield "$format->value before 1970" => [self::profile($format), -1, 'must be greater than or equal to 0'];
        }
        $fixed = self::profile(TimestampFormat::Seconds, '{timestamp}{payload}');
        yield 'nine digits' => [$fixed, 999999999, 'must have exactly 10 digits, as the profile has it'];
        $fixed = self::profile(TimestampFormat::Milliseconds, '{payload}{timestamp}');
        yield 'twelve digits' => [$fixed, 999999999999, 'must have exactly 13 digits, as the profile has it'];
    }

    public function testTheDigitsAreFixedWhereNothingElseShowsWhereTheTimestampEnds(): void
    {
        $digits = static fn (TimestampFormat $format, string $stringToSign): ?int => self::profile($format, $stringToSign)->describe()['timestampDigits'];
        self::assertNull($digits(TimestampFormat::Seconds, '{timestamp}.{payload}'));
        self::assertSame(10, $digits(TimestampFormat::Seconds, '{timestamp}{payload}'));
        self::assertSame(13, $digits(TimestampFormat::Milliseconds, '{payload}{timestamp}'));
        self::assertNull($digits(TimestampFormat::Rfc3339, '{timestamp}{payload}'));

        $profile = self::profile(TimestampFormat::Seconds, '{timestamp}{payload}');
        self::assertFalse($profile->describe()['ambiguous']);
        self::assertSame($profile->describe(), (new Profile(...$profile->describe()))->describe());
        $verifier = new Verifier($profile, [Key::fromBytes('secret')], \HwSignature\ANY_AGE);
        $digest = hash_hmac('sha256', '15737890151body', 'secret');
        self::assertTrue($verifier->isValid(['X-Time' => '1573789015', 'X-Signature' => $digest], '1body'));
        // The same bytes with the border moved.
        self::assertFalse($verifier->isValid(['X-Time' => '15737890151', 'X-Signature' => $digest], 'body'));
        self::assertFalse($verifier->isValid(['X-Time' => '157378901', 'X-Signature' => $digest], '51body'));
    }

    public function testARowCanAskForTheDigits(): void
    {
        self::assertSame(10, self::profile(TimestampFormat::Seconds, timestampDigits: 10)->describe()['timestampDigits']);
        foreach ([[TimestampFormat::Seconds, 13], [TimestampFormat::Milliseconds, 10], [TimestampFormat::Rfc3339, 10], [TimestampFormat::Seconds, -1]] as [$format, $digits]) {
            try {
                self::profile($format, timestampDigits: $digits);
                self::fail("$format->value $digits");
            } catch (\ValueError $error) {
                self::assertStringContainsString('($timestampDigits) must be null, or 10 for a timestamp in seconds, or 13 for one in milliseconds', $error->getMessage());
            }
        }
    }
}
