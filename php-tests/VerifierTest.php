<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Sample;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

use const HwSignature\ANY_AGE;

final class VerifierTest extends TestCase
{
    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testAnAuthenticRequest(string $profile): void
    {
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $sample = Sample::random($profile);
            $verifier = self::verifier($sample, [$sample->keyObject()]);
            $verified = $verifier->verify($sample->signInUserland(), $sample->payload, $sample->method, $sample->target, Sample::NOW);
            self::assertSame(
                [$sample->keyId, 0, $sample->timestamp, $sample->nonce],
                [$verified->keyId, $verified->keyIndex, $verified->timestamp, $verified->nonce],
            );
            self::assertReason(Reason::SignatureMismatch, $verifier, $sample, $sample->withFlippedDigest($sample->sign(), mt_rand(0, 255)));
        }
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testEveryKeyIsTried(string $profile): void
    {
        $sample = Sample::of($profile);
        foreach ([0, 1, 4] as $position) {
            $keys = [];
            for ($index = 0; $index < 5; $index++) {
                $keys[] = Key::fromBytes($index === $position ? $sample->key : "other $index", $sample->keyId);
            }
            $verified = self::verify(self::verifier($sample, $keys), $sample, $sample->sign());
            self::assertSame([$position, $sample->keyId], [$verified->keyIndex, $verified->keyId]);
            unset($keys[$position]);
            self::assertReason(Reason::SignatureMismatch, self::verifier($sample, $keys), $sample, $sample->sign());
        }
    }

    public function testThePositionIsCountedWhateverTheKeysOfTheArray(): void
    {
        $sample = Sample::of('django');
        $keys = ['old' => Key::fromBytes('old'), 7 => Key::fromBytes($sample->key, 'new')];
        $verified = self::verify(self::verifier($sample, $keys), $sample, $sample->sign());
        self::assertSame([1, 'new'], [$verified->keyIndex, $verified->keyId]);
    }

    public function testOfEqualKeysTheFirstIsReported(): void
    {
        $sample = Sample::of('django');
        $keys = [Key::fromBytes($sample->key, 'first'), Key::fromBytes($sample->key, 'second')];
        self::assertSame('first', self::verify(self::verifier($sample, $keys), $sample, $sample->sign())->keyId);
    }

    public function testAListInOneStringIsOneKey(): void
    {
        $sample = Sample::of('django')->with(['key' => 'new']);
        $both = [Key::fromBytes('old,new')];
        self::assertReason(Reason::SignatureMismatch, self::verifier($sample, $both), $sample, $sample->sign());
        $sample->key = 'old,new';
        self::assertSame(0, self::verify(self::verifier($sample, $both), $sample, $sample->sign())->keyIndex);
    }

    public function testTheRequestNamesTheKeyWhereTheProfileSendsAnId(): void
    {
        $sample = Sample::of('nextcloud')->with(['keyId' => 'b']);
        $headers = $sample->sign();
        $key = static fn (?string $id, string $bytes = Sample::KEY): Key => Key::fromBytes($bytes, $id);

        $verified = self::verify(self::verifier($sample, [$key('a'), $key('b')]), $sample, $headers);
        self::assertSame([1, 'b'], [$verified->keyIndex, $verified->keyId]);
        // The right bytes under another id are another key.
        self::assertReason(Reason::SignatureMismatch, self::verifier($sample, [$key('a'), $key('b', 'other')]), $sample, $headers);
        self::assertReason(Reason::SignatureMismatch, self::verifier($sample, [$key('b', 'other'), $key('a')]), $sample, $headers);
        self::assertReason(Reason::UnknownKey, self::verifier($sample, [$key('a'), $key('c')]), $sample, $headers);
        self::assertReason(Reason::UnknownKey, self::verifier($sample, [$key('B')]), $sample, $headers);
        // A key without an id takes any.
        self::assertNull(self::verify(self::verifier($sample, [$key(null)]), $sample, $headers)->keyId);
        // Two keys of one client, while it changes from one to the other.
        self::assertSame(1, self::verify(self::verifier($sample, [$key('b', 'old'), $key('b')]), $sample, $headers)->keyIndex);
    }

    public function testAnIdDoesNotMatterWhereTheProfileSendsNone(): void
    {
        $sample = Sample::of('django');
        self::assertSame('any', self::verify(self::verifier($sample, [Key::fromBytes($sample->key, 'any')]), $sample, $sample->sign())->keyId);
    }

    /**
     * @dataProvider rejections
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rejections')]
    public function testARejectionSaysWhy(string $profile, Reason $reason, string $message, array $headers, array $changes = []): void
    {
        $sample = Sample::of($profile)->with($changes);
        $headers += Sample::of($profile)->sign();
        $claims = 0;
        $verifier = self::verifier($sample, [Sample::of($profile)->keyObject()], null, static function () use (&$claims): bool {
            return ++$claims > 0;
        });
        $request = [$sample->method, $sample->target, Sample::NOW];
        self::assertFalse($verifier->isValid($headers, $sample->payload, ...$request));
        foreach (['verify', 'stream'] as $method) {
            try {
                if ($method === 'verify') {
                    $verifier->verify($headers, $sample->payload, ...$request);
                } else {
                    $stream = $verifier->stream($headers, ...$request);
                    $stream->update($sample->payload);
                    $stream->finish();
                }
                self::fail('accepted');
            } catch (SignatureRejectedException $exception) {
                self::assertSame([$reason, $message], [$exception->getReason(), $exception->getMessage()]);
                self::assertSame([0, null], [$exception->getCode(), $exception->getPrevious()]);
                self::assertSame(Implementation::place(__FILE__, $exception), $exception->getFile());
            }
        }
        self::assertSame(0, $claims, 'the replay guard was asked');
        $byFunction = hw_verify($headers, $sample->payload, $sample->key, $profile, $sample->method, $sample->target, null, Sample::NOW);
        // The function has a key without an id.
        self::assertSame($reason === Reason::UnknownKey, $byFunction);
    }

    /** @return iterable<string, array{0: string, 1: Reason, 2: string, 3: array<string, mixed>, 4?: array<string, mixed>}> */
    public static function rejections(): iterable
    {
        $mismatch = 'the signature does not match';
        $time = static fn (int $offset): array => ['X-HMAC-Timestamp' => (string) (Sample::NOW + $offset)];
        $milliseconds = static function (int $offset): array {
            $sample = Sample::of('huawei-push');
            return $sample->with(['timestamp' => $sample->timestamp + $offset])->sign();
        };
        $push = static fn (string $header): array => ['X-HW-SIGNATURE' => $header];
        $pushSample = Sample::of('huawei-push')->sign()['X-HW-SIGNATURE'];
        $digits = 'X-HMAC-Timestamp: the timestamp must be 1 to 19 digits, and at most 9223372036854775807';
        $target = 'the target must not contain white space or control characters';

        yield 'missing' => ['django', Reason::MissingHeader, 'X-HMAC-Signature is missing', ['X-HMAC-Signature' => null]];
        yield 'first missing' => ['django', Reason::MissingHeader, 'X-HMAC-Timestamp is missing', ['X-HMAC-Timestamp' => []]];
        yield 'key id missing' => ['nextcloud', Reason::MissingHeader, 'X-NC-CLIENT-ID is missing', ['X-NC-CLIENT-ID' => null]];
        yield 'repeated' => ['django', Reason::RepeatedHeader, 'X-HMAC-Signature stands more than once', ['x-hmac-signature' => 'x']];
        yield 'no text' => ['django', Reason::MalformedHeader, 'X-HMAC-Signature is not a string', ['X-HMAC-Signature' => 1]];
        yield 'empty header' => ['huawei-push', Reason::MalformedHeader, 'X-HW-SIGNATURE: expected "name=value" (byte 0)', $push('')];
        yield 'part missing' => ['huawei-push', Reason::MalformedHeader, 'X-HW-SIGNATURE: "nonce" is missing (byte 11)', $push('timestamp=1')];
        yield 'part twice' => ['huawei-push', Reason::MalformedHeader, 'X-HW-SIGNATURE: a parameter stands twice (byte 25)', $push("timestamp=1800000000000; $pushSample")];
        yield 'too long' => ['django', Reason::MalformedHeader, 'X-HMAC-Signature: the header is longer than 4096 bytes (byte 4096)', ['X-HMAC-Signature' => str_repeat('a', 4097)]];
        yield 'control byte' => ['huawei-push', Reason::MalformedHeader, 'X-HW-SIGNATURE: a line break is not allowed (byte 11)', $push("timestamp=1\n")];
        yield 'timestamp with a space' => ['django', Reason::MalformedTimestamp, 'X-HMAC-Timestamp: the timestamp must be 1 to 19 digits, and at most 9223372036854775807 (byte 10)', ['X-HMAC-Timestamp' => '1800000000 ']];
        yield 'contradiction' => ['huawei-push', Reason::MalformedHeader, 'X-HW-TIMESTAMP contradicts another header of the request', ['X-HW-TIMESTAMP' => '1800000000001']];
        yield 'key id' => ['nextcloud', Reason::MalformedHeader, 'X-NC-CLIENT-ID: the key id must be 1 to 128 visible ASCII characters without "," and ";" (byte 0)', ['X-NC-CLIENT-ID' => 'a,b']];
        yield 'long key id' => ['nextcloud', Reason::MalformedHeader, 'X-NC-CLIENT-ID: the key id must be 1 to 128 visible ASCII characters without "," and ";" (byte 0)', ['X-NC-CLIENT-ID' => str_repeat('a', 129)]];
        yield 'timestamp with sign' => ['django', Reason::MalformedTimestamp, "$digits (byte 0)", ['X-HMAC-Timestamp' => '-1']];
        yield 'timestamp with point' => ['django', Reason::MalformedTimestamp, "$digits (byte 10)", ['X-HMAC-Timestamp' => '1800000000.0']];
        yield 'timestamp of 20 digits' => ['django', Reason::MalformedTimestamp, "$digits (byte 19)", ['X-HMAC-Timestamp' => '01234567890123456789']];
        yield 'timestamp beyond 63 bits' => ['django', Reason::MalformedTimestamp, "$digits (byte 0)", ['X-HMAC-Timestamp' => '9223372036854775808']];
        yield 'empty timestamp' => ['django', Reason::MalformedTimestamp, "$digits (byte 0)", ['X-HMAC-Timestamp' => '']];
        yield 'nonce' => ['huawei-push', Reason::MalformedNonce, 'X-HW-SIGNATURE: the nonce does not fit the profile\'s grammar (byte 31)', $push(strtr($pushSample, ['nonce=:' => 'nonce=x']))];
        yield 'short nonce' => ['nextcloud-talk', Reason::MalformedNonce, 'X-Nextcloud-Talk-Random: the nonce does not fit the profile\'s grammar (byte 0)', ['X-Nextcloud-Talk-Random' => str_repeat('a', 63)]];
        yield 'long nonce' => ['nextcloud', Reason::MalformedNonce, 'X-NC-NONCE: the nonce does not fit the profile\'s grammar (byte 0)', ['X-NC-NONCE' => str_repeat('a', 129)]];
        yield 'digest cut' => ['django', Reason::MalformedSignature, 'X-HMAC-Signature: the signature must be 64 characters long, 63 found (byte 0)', ['X-HMAC-Signature' => str_repeat('a', 63)]];
        yield 'digest with another letter' => ['django', Reason::MalformedSignature, 'X-HMAC-Signature: the signature has a character that does not belong there (byte 63)', ['X-HMAC-Signature' => str_repeat('a', 63) . 'g']];
        yield 'digest in hex' => ['nextcloud', Reason::MalformedSignature, 'X-NC-SIGNATURE: the signature must be 44 characters long, 64 found (byte 0)', ['X-NC-SIGNATURE' => str_repeat('a', 64)]];
        yield 'digest with spare bits' => ['nextcloud', Reason::MalformedSignature, 'X-NC-SIGNATURE: the signature has a character that does not belong there (byte 42)', ['X-NC-SIGNATURE' => str_repeat('A', 42) . 'B=']];
        yield 'digest of 31 bytes' => ['nextcloud', Reason::MalformedSignature, 'X-NC-SIGNATURE: the signature must end in exactly one "=" (byte 0)', ['X-NC-SIGNATURE' => str_repeat('A', 42) . '==']];
        yield 'method' => ['django', Reason::MalformedRequest, 'the method must be an HTTP method', [], ['method' => '']];
        yield 'target' => ['django', Reason::MalformedRequest, 'the target must be "/path?query" or "https://host/path?query"', [], ['target' => 'path']];
        yield 'fragment' => ['django', Reason::MalformedRequest, 'the target must not contain a fragment (byte 1)', [], ['target' => '/#']];
        yield 'NUL in the target' => ['django', Reason::MalformedRequest, "$target (byte 1)", [], ['target' => "/\0"]];
        yield 'line feed in the path' => ['nextcloud', Reason::MalformedRequest, "$target (byte 1)", [], ['target' => '/%0A']];
        yield 'payload on GET' => ['nextcloud', Reason::UnsignedPayload, 'the profile signs no payload for this method, and the request has one', [], ['method' => 'GET']];
        yield 'stale' => ['django', Reason::Stale, 'the timestamp is 61 s behind this clock, 60 s are allowed', $time(-61)];
        yield 'from the epoch' => ['django', Reason::Stale, 'the timestamp is 1800000000 s behind this clock, 60 s are allowed', $time(-Sample::NOW)];
        yield 'stale by a millisecond' => ['huawei-push', Reason::Stale, 'the timestamp is 301 s behind this clock, 300 s are allowed', $milliseconds(-300_001)];
        yield 'from the future' => ['django', Reason::FromFuture, 'the timestamp is 61 s ahead of this clock, 60 s are allowed', $time(61)];
        yield 'ahead by a millisecond' => ['huawei-push', Reason::FromFuture, 'the timestamp is 301 s ahead of this clock, 300 s are allowed', $milliseconds(301_000)];
        yield 'milliseconds for seconds' => ['django', Reason::FromFuture, 'the timestamp is 1798200000000 s ahead of this clock, 60 s are allowed', ['X-HMAC-Timestamp' => '1800000000000']];
        yield 'seconds for milliseconds' => ['huawei-receipt', Reason::Stale, 'the timestamp is 1798200000 s behind this clock, 300 s are allowed', array_map(static fn (string $text): string => strtr($text, ['timestamp=1800000000000' => 'timestamp=1800000000']), Sample::of('huawei-receipt')->sign())];
        yield 'other client' => ['nextcloud', Reason::UnknownKey, 'no key has the id that the request names', ['X-NC-CLIENT-ID' => 'other-app']];
        yield 'other timestamp' => ['django', Reason::SignatureMismatch, $mismatch, $time(1)];
        yield 'other nonce' => ['nextcloud-talk', Reason::SignatureMismatch, $mismatch, ['X-Nextcloud-Talk-Random' => str_repeat('a', 64)]];
        yield 'other digest' => ['nextcloud-recording', Reason::SignatureMismatch, $mismatch, ['Talk-Recording-Checksum' => str_repeat('0', 64)]];
        yield 'other payload' => ['nextcloud-signaling', Reason::SignatureMismatch, $mismatch, [], ['payload' => 'other']];
        yield 'other method' => ['nextcloud', Reason::SignatureMismatch, $mismatch, [], ['method' => 'PUT']];
        yield 'other path' => ['nextcloud', Reason::SignatureMismatch, $mismatch, [], ['target' => '/api/v1/fields?b=2&a=1']];
        yield 'other query' => ['nextcloud', Reason::SignatureMismatch, $mismatch, [], ['target' => '/api/v1/fields/?b=2&a=2']];
        yield 'other user name' => ['huawei-receipt', Reason::SignatureMismatch, $mismatch, [], ['payload' => 'mallory']];
        yield 'text for body' => ['nextcloud-talk-bot', Reason::SignatureMismatch, $mismatch, [], ['payload' => 'Hello']];
    }

    public function testTheOrderOfTheChecks(): void
    {
        // Each request has all faults from its own on; the earliest check speaks.
        $sample = Sample::of('django');
        $keys = [Key::fromBytes('other')];
        $verifier = self::verifier($sample, $keys);
        $wrong = $sample->withFlippedDigest($sample->with(['timestamp' => 1])->sign());
        self::assertReason(Reason::MalformedSignature, $verifier, $sample, ['X-HMAC-Signature' => 'x'] + $wrong);
        self::assertReason(Reason::Stale, $verifier, $sample, $wrong);
        self::assertReason(Reason::SignatureMismatch, $verifier, $sample, ['X-HMAC-Timestamp' => (string) Sample::NOW] + $wrong);
        $seen = self::verifier($sample, [$sample->keyObject()], null, static fn (): bool => false);
        self::assertReason(Reason::SignatureMismatch, $seen, $sample, $sample->withFlippedDigest($sample->sign()));
        self::assertReason(Reason::Replayed, $seen, $sample, $sample->sign());
    }

    public function testToleranceTakesThePlaceOfTheProfiles(): void
    {
        $sample = Sample::of('django')->with(['timestamp' => Sample::NOW - 100]);
        $keys = [$sample->keyObject()];
        self::assertReason(Reason::Stale, self::verifier($sample, $keys), $sample, $sample->sign());
        self::assertReason(Reason::Stale, self::verifier($sample, $keys, 99), $sample, $sample->sign());
        self::assertReason(Reason::Stale, self::verifier($sample, $keys, 0), $sample, $sample->sign());
        foreach ([100, 604_800, ANY_AGE] as $tolerance) {
            self::assertSame($sample->timestamp, self::verify(self::verifier($sample, $keys, $tolerance), $sample, $sample->sign())->timestamp);
        }
        $wrong = $sample->withFlippedDigest($sample->sign());
        self::assertReason(Reason::SignatureMismatch, self::verifier($sample, $keys, ANY_AGE), $sample, $wrong);
    }

    public function testTheClockIsUsedWhenNowIsLeftOut(): void
    {
        $sample = Sample::of('django');
        $verifier = self::verifier($sample, [$sample->keyObject()]);
        self::assertTrue($verifier->isValid($sample->with(['timestamp' => time()])->sign(), $sample->payload));
        self::assertFalse($verifier->isValid($sample->sign(), $sample->payload));
        self::assertFalse($verifier->isValid($sample->with(['timestamp' => time() - 3600])->sign(), $sample->payload));
    }

    /**
     * @dataProvider misuse
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('misuse')]
    public function testMisuseNamesTheArgument(array $arguments, string $error, string $message): void
    {
        $this->expectException($error);
        $this->expectExceptionMessage("HwSignature\\Verifier::__construct(): Argument $message");
        new Verifier(...$arguments + ['profile' => Profile::named('django'), 'keys' => [Key::fromBytes('k')]]);
    }

    /** @return array<string, array{array<string, mixed>, string, string}> */
    public static function misuse(): array
    {
        $key = Key::fromBytes('k');
        $list = '#2 ($keys) must be a list of HwSignature\Key objects';
        return [
            'no keys' => [['keys' => []], \ValueError::class, '#2 ($keys) must not be empty'],
            'text as key' => [['keys' => ['k']], \TypeError::class, $list],
            'text among keys' => [['keys' => [$key, 'k']], \TypeError::class, $list],
            'null among keys' => [['keys' => [null, $key]], \TypeError::class, $list],
            'list in the list' => [['keys' => [[$key]]], \TypeError::class, $list],
            'another object' => [['keys' => [new \stdClass()]], \TypeError::class, $list],
            'a key without its list' => [['keys' => $key], \TypeError::class, '#2 ($keys) must be of type array, HwSignature\Key given'],
            'negative tolerance' => [['tolerance' => -2], \ValueError::class, '#3 ($tolerance) must be between 0 and 604800, or HwSignature\ANY_AGE'],
            'no such function' => [['claim' => 'no_such_function'], \TypeError::class, '#4 ($claim) must be '],
            'no callable' => [['claim' => 1], \TypeError::class, '#4 ($claim) must be '],
        ];
    }

    public function testAReferenceIsNoOtherKey(): void
    {
        $sample = Sample::of('django');
        $key = $sample->keyObject();
        $keys = [&$key];
        $verifier = self::verifier($sample, $keys);
        $key = null;
        self::assertSame(0, self::verify($verifier, $sample, $sample->sign())->keyIndex);
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }

    /** @param array<Key> $keys */
    private static function verifier(Sample $sample, array $keys, ?int $tolerance = null, ?callable $claim = null): Verifier
    {
        return new Verifier(Profile::named($sample->profile), $keys, $tolerance, $claim);
    }

    private static function verify(Verifier $verifier, Sample $sample, array $headers): \HwSignature\Verified
    {
        return $verifier->verify($headers, $sample->payload, $sample->method, $sample->target, Sample::NOW);
    }

    private static function assertReason(Reason $reason, Verifier $verifier, Sample $sample, array $headers): void
    {
        self::assertFalse($verifier->isValid($headers, $sample->payload, $sample->method, $sample->target, Sample::NOW));
        try {
            self::verify($verifier, $sample, $headers);
            self::fail('accepted');
        } catch (SignatureRejectedException $exception) {
            self::assertSame($reason, $exception->getReason());
        }
    }
}
