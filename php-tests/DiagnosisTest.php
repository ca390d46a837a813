<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Finding;
use HwSignature\Profile;
use HwSignature\Tests\Support\DiagnosisCost;
use HwSignature\Tests\Support\Sample;
use HwSignature\Tests\Support\Sent;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\TestCase;

final class DiagnosisTest extends TestCase
{
    /** As in src/diagnosis/search.rs. */
    private const MAX_DIGESTS = 10_000;
    private const MAX_BYTES = 512 << 20;

    public static function profiles(): array
    {
        return Sample::profiles();
    }

    /**
     * @dataProvider profiles
     */
    #[DataProvider('profiles')]
    public function testAValidRequestIsValid(string $profile): void
    {
        foreach (['', 'text', Sent::BODY, "\0\xff"] as $payload) {
            $sent = Sent::to($profile, Sent::sign($profile, Sent::text($profile, $payload)), $payload);
            $this->assertTrue($sent->verifies());
            $diagnosis = $sent->diagnose();
            $this->assertSame(Verdict::Valid, $diagnosis->verdict);
            $this->assertSame([], $diagnosis->findings);
            $this->assertSame($profile, $diagnosis->profile);
            $nonce = Sent::nonce($profile);
            $shown = strlen($nonce) > 36 ? substr($nonce, 0, 8) . str_repeat('*', strlen($nonce) - 16) . substr($nonce, -8) : $nonce;
            $text = str_replace(Sent::BODY, '{payload}', Sent::text($profile));
            $text = $nonce === '' ? $text : str_replace($nonce, $shown, $text);
            $this->assertSame($text, stripcslashes(Sent::to($profile, 'x')->diagnose()->stringToSign));
            $this->assertSame(0, $diagnosis->digestsComputed);
            $this->assertStringStartsWith("hw_signature: the request is valid\n", (string) $diagnosis);
        }
    }

    /**
     * @dataProvider profiles
     */
    #[DataProvider('profiles')]
    public function testWhatWasSignedHereIsValid(string $profile): void
    {
        $id = $profile === 'nextcloud' ? 'farm' : null;
        $headers = hw_sign('payload', Sent::KEY, $profile, 'PUT', '/a?b=c', $id);
        $this->assertSame(Verdict::Valid, hw_diagnose($headers, 'payload', Sent::KEY, $profile, 'PUT', '/a?b=c')->verdict);
    }

    /**
     * @dataProvider profiles
     */
    #[DataProvider('profiles')]
    public function testRandomSignaturesAreNotExplained(string $profile): void
    {
        // Ten thousand more are in tests/diagnosis.rs.
        for ($i = 0; $i < 63; $i++) {
            $payload = match ($i % 3) {
                0 => random_bytes(random_int(1, 100)),
                1 => json_encode(['data' => base64_encode(random_bytes(9)), 'url' => 'a/b', "\u{e9}" => [1.5, new \stdClass()]]),
                2 => http_build_query(['a' => bin2hex(random_bytes(3)), 'b' => ' +']),
            };
            $key = [random_bytes(32), bin2hex(random_bytes(16)), 'whsec_' . base64_encode(random_bytes(24)), "text\n"][$i % 4];
            $raw = random_bytes(32);
            $own = Sent::isBase64($profile) ? base64_encode($raw) : bin2hex($raw);
            $signature = [$own, bin2hex($raw), base64_encode($raw), base64_encode(bin2hex($raw)), substr(base64_encode($raw), 0, random_int(1, 43))][$i % 5];
            $sent = Sent::to($profile, $signature, $payload, $key, target: '/a/b/?c=d+e&a');
            $diagnosis = $sent->diagnose();
            $this->assertSame(Verdict::Unexplained, $diagnosis->verdict, print_r($sent, true) . $diagnosis);
            foreach ($diagnosis->findings as $finding) {
                // True, and no explanation: it cannot be a signature at all.
                $this->assertSame(Cause::HeaderMalformed, $finding->cause, (string) $diagnosis);
                $this->assertNotSame($own, $signature);
            }
        }
    }

    public function testTheTimeIsJudgedByTheGivenClockAndTolerance(): void
    {
        $sent = Sent::to('django', 'x');
        $cause = static fn (?int $tolerance, int $now): ?Cause => array_values(array_filter(
            hw_diagnose($sent->headers, '', 'k', 'django', 'POST', '/', $tolerance, $now)->findings,
            static fn (Finding $finding): bool => $finding->cause !== Cause::HeaderMalformed,
        ))[0]->cause ?? null;
        $this->assertNull($cause(null, Sent::NOW + 60));
        $this->assertSame(Cause::TimestampStale, $cause(null, Sent::NOW + 61));
        $this->assertSame(Cause::TimestampFromFuture, $cause(null, Sent::NOW - 61));
        $this->assertNull($cause(61, Sent::NOW - 61));
        $this->assertNull($cause(\HwSignature\ANY_AGE, 0));
        $this->assertSame(Cause::TimestampStale, $cause(0, Sent::NOW + 1));
    }

    public function testTheFactsAreThoseOfTheRequest(): void
    {
        $diagnosis = Sent::to('nextcloud', 'none', "a\nb", 'the key', target: '/a?c=1&b=2')->diagnose();
        $text = Sent::text('nextcloud', "a\nb", path: '/a', query: 'b=2&c=1');
        $this->assertSame(strtr($text, ["\n" => '\n']), $diagnosis->stringToSign);
        $this->assertSame(strlen($text), $diagnosis->stringToSignLength);
        $this->assertSame(hash('sha256', $text), $diagnosis->stringToSignSha256);
        $this->assertSame(3, $diagnosis->payloadLength);
        $this->assertSame(hash('sha256', "a\nb"), $diagnosis->payloadSha256);
        $this->assertSame(7, $diagnosis->keyLength);
        $this->assertSame(\HwSignature\Key::fromBytes('the key')->fingerprint, $diagnosis->keyFingerprint);
        $this->assertSame(['key id', 'timestamp', 'nonce', 'signature'], array_keys($diagnosis->header));
        $this->assertSame(Sent::UUID, $diagnosis->header['nonce']);
    }

    public function testAMalformedSignatureThatNothingExplainsIsStillCalledMalformed(): void
    {
        $diagnosis = Sent::to('nextcloud', 'unreadable')->diagnose();
        $this->assertSame(Verdict::Unexplained, $diagnosis->verdict);
        $this->assertSame([Cause::HeaderMalformed], array_column($diagnosis->findings, 'cause'));
        $this->assertStringContainsString('44 characters', $diagnosis->findings[0]->message);
    }

    public function testAPlusThatBecameASpaceAtTheBeginningIsNamed(): void
    {
        for ($number = 0, $found = 0; $found < 3; $number++) {
            $payload = "{\"n\":$number}";
            $headers = hw_sign($payload, Sent::KEY, 'nextcloud-talk', nonce: str_repeat('n', 64));
            $name = array_key_last($headers);
            $signature = base64_encode((string) hex2bin($headers[$name]));
            if ($signature[0] !== '+') {
                continue;
            }
            $found++;
            $profile = Profile::named('nextcloud-talk')->withEncoding(\HwSignature\Encoding::Base64);
            $spaces = strtr($signature, '+', ' ');
            foreach ([$spaces, ltrim($spaces)] as $text) {
                $diagnosis = hw_diagnose([$name => $text] + $headers, $payload, Sent::KEY, $profile);
                self::assertSame([Cause::DigestPlusBecameSpace], array_column($diagnosis->findings, 'cause'), "$signature\n$diagnosis");
            }
        }
    }

    public function testTheObjectsAreValues(): void
    {
        $diagnosis = Sent::to('django', 'x')->diagnose();
        foreach ([$diagnosis, $diagnosis->findings[0]] as $object) {
            $class = new \ReflectionClass($object);
            $this->assertTrue($class->isFinal());
            $this->assertFalse($class->isInstantiable());
            foreach ($class->getProperties() as $property) {
                $this->assertTrue($property->isPublic() && $property->isReadOnly(), $property->getName());
                $this->assertThrows(\Error::class, static fn () => $object->{$property->getName()} = null);
            }
            $this->assertThrows(\Error::class, static fn () => $object->more = 1);
            $this->assertThrows(\Exception::class, static fn () => serialize($object));
            $name = $class->getName();
            $this->assertThrows(\Exception::class, static fn () => unserialize(sprintf('O:%d:"%s":0:{}', strlen($name), $name)));
        }
        $this->assertThrows(\Error::class, static fn () => $diagnosis->findings[] = 1);
        $this->assertThrows(\Error::class, static fn () => clone $diagnosis);
        $this->assertEquals($diagnosis->findings[0], clone $diagnosis->findings[0]);
        $this->assertInstanceOf(\Stringable::class, $diagnosis);
        $this->assertSame((string) $diagnosis, (string) $diagnosis);
    }

    public static function expensive(): array
    {
        $huawei = "['X-HW-SIGNATURE' => 'timestamp=1800000000000; nonce=:; value=' . base64_encode(str_repeat('x', 32))]";
        $nextcloud = "['X-NC-CLIENT-ID' => 'farm', 'X-NC-TIMESTAMP' => '1800000000', 'X-NC-NONCE' => 'abcdefgh', "
            . "'X-NC-SIGNATURE' => base64_encode(str_repeat('x', 32))]";
        $talk = static fn (string $nonce, string $signature): string
            => "['Spreed-Signaling-Random' => $nonce, 'Spreed-Signaling-Checksum' => $signature]";
        $body = static fn (string $payload): string
            => "[$huawei, $payload, 'key', 'huawei-push', 'POST', '/', null, 1800000000]";
        return [
            'ten random mebibytes' => [$body('$random(10 << 20)')],
            'ten mebibytes of JSON' => [$body('json_encode(array_fill(0, 440_000, ["name" => "Jos\u{e9}"]))')],
            'ten mebibytes in one line' => [$body('str_repeat("x", 10 << 20)')],
            'ten mebibytes in lines' => [$body('str_repeat("\r\n", 5 << 20)')],
            'ten mebibytes of escapes' => [$body('str_repeat("%41+", (10 << 20) / 4)')],
            'a mebibyte of JSON that indentation blows up' => [$body('str_repeat("[", 120) . str_repeat("1,", 500_000) . "1" . str_repeat("]", 120)')],
            'a mebibyte of accents' => [$body('json_encode(["a" => str_repeat("\u{e9}", 500_000)], JSON_UNESCAPED_UNICODE)')],
            'JSON of depth 100 000' => [$body('str_repeat("[", 100_000) . str_repeat("]", 100_000)')],
            'JSON objects of depth 100 000' => [$body('str_repeat("{\"a\":", 100_000) . "1" . str_repeat("}", 100_000)')],
            'a million keys in JSON' => [$body('json_encode(array_fill_keys(array_map(static fn ($i) => "k$i", range(1, 1_000_000)), "v"))')],
            'as many keys as are read in JSON' => [$body('json_encode(array_fill_keys(array_map(static fn ($i) => "k$i", range(1, 75_000)), "v"))')],
            'many objects in JSON' => [$body('json_encode(array_fill(0, 130_000, ["" => 1]))')],
            'a million keys in a form' => [$body('implode("&", array_map(static fn ($i) => "k$i=v$i", range(1, 1_000_000)))')],
            'a signature of 4 KiB, which none can be' => ['[' . $talk("str_repeat('a', 128)", "str_repeat('ab', 2048)") . ', "body", "key", "nextcloud-signaling"]', 0],
            'a signature of 1 MiB, which none can be' => ['[' . $talk("str_repeat('a', 128)", "str_repeat('ab', 1 << 19)") . ', "body", "key", "nextcloud-signaling"]', 0],
            'a nonce of 4 KiB' => ['[' . $talk("str_repeat('a', 4096)", "str_repeat('ab', 32)") . ', "body", "key", "nextcloud-signaling"]'],
            'a nonce of 1 MiB' => ['[' . $talk("str_repeat('a', 1 << 20)", "str_repeat('ab', 32)") . ', "body", "key", "nextcloud-signaling"]'],
            'a mebibyte of % in the path' => ["[$nextcloud, 'body', 'key', 'nextcloud', 'POST', '/' . str_repeat('%', 1 << 20), null, 1800000000]"],
            'a mebibyte of % in the query' => ["[$nextcloud, 'body', 'key', 'nextcloud', 'POST', '/?' . str_repeat('%', 1 << 20), null, 1800000000]"],
            'a mebibyte of slashes' => ["[$nextcloud, 'body', 'key', 'nextcloud', 'POST', str_repeat('/', 1 << 20), null, 1800000000]"],
            'a million parameters' => ["[$nextcloud, 'body', 'key', 'nextcloud', 'POST', '/?' . str_repeat('&a=1', 1 << 18), null, 1800000000]"],
            'a key of 1 MiB' => ["[$huawei, 'body', str_repeat('ab', 1 << 19), 'huawei-push', 'POST', '/', null, 1800000000]"],
        ];
    }

    /**
     * @group bulk
     *
     * @dataProvider expensive
     */
    #[Group('bulk')]
    #[DataProvider('expensive')]
    public function testTheWorkIsBounded(string $arguments, int $fewest = 1): void
    {
        $cost = new DiagnosisCost($arguments);
        $this->assertSame('unexplained', $cost->verdict);
        $this->assertGreaterThanOrEqual($fewest, $cost->digests);
        $this->assertLessThanOrEqual(self::MAX_DIGESTS, $cost->digests);
        $this->assertLessThanOrEqual(self::MAX_BYTES, $cost->bytes);
        $this->assertLessThan(192 << 20, $cost->memory);
        if (getenv('HW_SIGNATURE_FIGURES') !== false) {
            fwrite(STDERR, sprintf("\n%s: %s", $this->dataName(), json_encode($cost)));
        }
    }

    /**
     * What keeps a diagnosis within five milliseconds, where a clock cannot be asked.
     *
     * @dataProvider profiles
     */
    #[DataProvider('profiles')]
    public function testAKibibyteTakesAFewThousandVariants(string $profile): void
    {
        $item = static fn (int $number): array => ['name' => 'Größe M', 'price' => $number * 1.25, 'url' => "https://shop.example/a/$number"];
        $json = json_encode(['paid' => true, 'items' => array_map($item, range(1, 14))], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        foreach ([$json, str_repeat('The quick brown fox jumps over. ', 32)] as $payload) {
            $this->assertEqualsWithDelta(1024, strlen($payload), 64);
            [$digests, $bytes] = $this->counts(Sent::to($profile, str_repeat('5a', 32), $payload));
            $this->assertGreaterThan(1000, $digests);
            $this->assertLessThan(2400, $digests);
            $this->assertLessThan(2_200_000, $bytes);
        }
    }

    public function testEverythingThatIsHashedIsCounted(): void
    {
        // One digest is enough here: over the key, the string to sign, and the payload where that is hashed first.
        $hex = static fn (string $profile): string => hash_hmac('sha256', Sent::text($profile), Sent::KEY);
        $bytes = strlen(Sent::KEY) + strlen(Sent::text('huawei-push'));
        $this->assertSame([1, $bytes], $this->counts(Sent::to('huawei-push', $hex('huawei-push'))));
        $bytes = strlen(Sent::KEY) + strlen(Sent::text('nextcloud')) - 64 + strlen(Sent::BODY);
        $this->assertSame([1, $bytes], $this->counts(Sent::to('nextcloud', $hex('nextcloud'))));

        $none = base64_encode(str_repeat('x', 32));
        [$digests, $bytes] = $this->counts(Sent::to('huawei-push', $none, key: str_repeat('k', 10_000)));
        $this->assertGreaterThan(9000 * $digests, $bytes);
        [$digests, $bytes] = $this->counts(Sent::to('nextcloud', $none, target: '/?' . str_repeat('a', 10_000)));
        $this->assertGreaterThan(8000 * $digests, $bytes);
    }

    /** @return array{int, int} */
    private function counts(Sent $sent): array
    {
        $diagnosis = $sent->diagnose();
        return [$diagnosis->digestsComputed, $diagnosis->bytesHashed];
    }

    public function testABudgetThatRunsOutIsMentioned(): void
    {
        $long = str_repeat('x', 10 << 20);
        $none = str_repeat('ab', 32);
        $diagnosis = Sent::to('nextcloud-talk', $none, $long)->diagnose();
        $this->assertTrue($diagnosis->exhausted);
        $this->assertStringContainsString('stopped at its budget of 10000 digests and 512 MiB', (string) $diagnosis);
        $diagnosis = Sent::to('nextcloud-talk', $none)->diagnose();
        $this->assertFalse($diagnosis->exhausted);
        $this->assertStringNotContainsString('budget', (string) $diagnosis);
    }

    /** @param class-string<\Throwable> $class */
    private function assertThrows(string $class, callable $call): void
    {
        try {
            $call();
        } catch (\Throwable $thrown) {
            $this->assertInstanceOf($class, $thrown);
            return;
        }
        $this->fail("$class was not thrown");
    }
}
