<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\Tests\Support\ChildPhp;
use HwSignature\Tests\Support\Sample;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use HwSignature\VerifyingStream;
use PHPUnit\Framework\TestCase;

final class StreamsTest extends TestCase
{
    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testPiecesOfAnySizeEqualTheWhole(string $profile): void
    {
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $sample = Sample::random($profile);
            $signing = $sample->signer()->stream($sample->method, $sample->target, $sample->nonce, $sample->timestamp);
            $verifying = self::verifying($sample, $sample->signInUserland());
            for ($offset = 0; $offset < strlen($sample->payload); $offset += $length) {
                $length = mt_rand(0, 3) === 0 ? mt_rand(1, 3) : mt_rand(1, 130);
                $piece = substr($sample->payload, $offset, $length);
                foreach (mt_rand(0, 4) === 0 ? ['', $piece] : [$piece] as $bytes) {
                    $signing->update($bytes);
                    $verifying->update($bytes);
                }
            }
            self::assertSame($sample->signInUserland(), $signing->finish(), "seed $seed");
            $verified = $verifying->finish();
            self::assertSame(
                [$sample->keyId, 0, $sample->timestamp, $sample->nonce],
                [$verified->keyId, $verified->keyIndex, $verified->timestamp, $verified->nonce],
            );
        }
    }

    public function testFieldsThatStandAfterThePayload(): void
    {
        foreach (['{payload}' => "body\n", '{payload_sha256}' => hash('sha256', "body\n")] as $field => $text) {
            $profile = new Profile(
                'trailer',
                "{method} $field\n{timestamp}",
                ['X-Time' => '{timestamp}', 'X-Mac' => '{signature}'],
                Encoding::Hex,
                TimestampFormat::Seconds,
            );
            $key = Key::fromBytes('k');
            $signing = (new Signer($profile, $key))->stream('POST', timestamp: 1);
            $verifier = new Verifier($profile, [$key]);
            $headers = ['X-Time' => '1', 'X-Mac' => hash_hmac('sha256', "POST $text\n1", 'k')];
            $verifying = $verifier->stream($headers, 'POST', now: 1);
            foreach (['bo', "dy\n"] as $piece) {
                $signing->update($piece);
                $verifying->update($piece);
            }
            self::assertSame($headers, $signing->finish());
            self::assertSame(1, $verifying->finish()->timestamp);
        }
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testNoPieceAtAllIsTheEmptyPayload(string $profile): void
    {
        $sample = Sample::of($profile)->with(['payload' => '']);
        $signing = $sample->signer()->stream($sample->method, $sample->target, $sample->nonce, $sample->timestamp);
        self::assertSame($sample->signInUserland(), $signing->finish());
        self::assertSame(0, self::verifying($sample, $sample->sign())->finish()->keyIndex);
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testAnyOfSeveralKeys(string $profile): void
    {
        $sample = Sample::of($profile);
        $keys = [Key::fromBytes('old', $sample->keyId), $sample->keyObject(), Key::fromBytes('older', $sample->keyId)];
        $stream = self::verifying($sample, $sample->sign(), $keys);
        $stream->update($sample->payload);
        self::assertSame(1, $stream->finish()->keyIndex);
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testOrderAndNumberOfBytesCount(string $profile): void
    {
        $sample = Sample::of($profile)->with(['payload' => 'one two']);
        foreach ([['two', 'one '], ['one ', 'two', ' '], ['one '], ['one ', 'one ', 'two'], []] as $pieces) {
            $stream = self::verifying($sample, $sample->sign());
            array_map([$stream, 'update'], $pieces);
            self::assertRejected(Reason::SignatureMismatch, static fn () => $stream->finish());
        }
    }

    public function testStreamsDoNotDisturbEachOther(): void
    {
        $sample = Sample::of('django');
        $signer = $sample->signer();
        [$a, $b] = [$signer->stream(timestamp: 1), $signer->stream(timestamp: 1)];
        $a->update('a');
        $b->update('b');
        $a->update('a');
        self::assertSame($signer->sign('aa', timestamp: 1), $a->finish());
        self::assertSame($signer->sign('b', timestamp: 1), $b->finish());
    }

    /** Nothing that is wrong in the headers needs to wait for the payload. */
    public function testWhatCanBeRejectedBeforeThePayloadIs(): void
    {
        $sample = Sample::of('nextcloud');
        $early = [
            [Reason::MissingHeader, $sample, ['X-NC-NONCE' => null]],
            [Reason::RepeatedHeader, $sample, ['HTTP_X_NC_NONCE' => 'x']],
            [Reason::MalformedSignature, $sample, ['X-NC-SIGNATURE' => 'x']],
            [Reason::MalformedRequest, $sample->with(['method' => '']), []],
            [Reason::Stale, $sample, ['X-NC-TIMESTAMP' => '1']],
            [Reason::FromFuture, $sample, ['X-NC-TIMESTAMP' => '2000000000']],
        ];
        foreach ($early as [$reason, $request, $headers]) {
            self::assertRejected($reason, static fn () => self::verifying($request, $headers + $sample->sign()));
        }
        $late = [
            [Reason::SignatureMismatch, $sample, $sample->withFlippedDigest($sample->sign())],
            [Reason::UnknownKey, $sample, ['X-NC-CLIENT-ID' => 'other'] + $sample->sign()],
            [Reason::UnsignedPayload, $sample->with(['method' => 'HEAD']), $sample->sign()],
        ];
        foreach ($late as [$reason, $request, $headers]) {
            $stream = self::verifying($request, $headers);
            $stream->update($sample->payload);
            $stream->update('');
            self::assertRejected($reason, static fn () => $stream->finish());
        }
    }

    public function testAStreamGivesOneResult(): void
    {
        $sample = Sample::of('django');
        $signing = $sample->signer()->stream();
        $signing->finish();
        $verifying = self::verifying($sample, $sample->sign());
        $verifying->update($sample->payload);
        $verifying->finish();
        $rejected = self::verifying($sample, $sample->sign());
        self::assertRejected(Reason::SignatureMismatch, static fn () => $rejected->finish());

        foreach ([$signing, $verifying, $rejected] as $stream) {
            foreach (['finish' => [], 'update' => ['x']] as $method => $arguments) {
                try {
                    $stream->$method(...$arguments);
                    self::fail('finished twice');
                } catch (HwSignatureException $exception) {
                    $name = get_class($stream) . "::$method()";
                    self::assertSame(HwSignatureException::class, get_class($exception));
                    self::assertSame("$name: the stream is finished; start a new one for each request", $exception->getMessage());
                }
            }
        }
    }

    public function testAStreamOutlivesItsVerifierAndItsHeaders(): void
    {
        $sample = Sample::of('nextcloud');
        $headers = $sample->sign();
        $stream = self::verifying($sample, $headers);
        foreach ($headers as $name => $value) {
            $headers[$name] = str_repeat('x', strlen($value));
        }
        unset($headers);
        gc_collect_cycles();
        $stream->update($sample->payload);
        self::assertSame($sample->nonce, $stream->finish()->nonce);
    }

    /**
     * @group bulk
     *
     * @dataProvider streams
     */
    #[\PHPUnit\Framework\Attributes\Group('bulk')]
    #[\PHPUnit\Framework\Attributes\DataProvider('streams')]
    public function testAGibibyteLeavesMemoryFlat(string $profile): void
    {
        self::requireProcStatus();
        $growth = self::measure(self::PARTIES . <<<PHP
            // A machine that is busy takes longer for it than a request may be old.
            \$clock = fn (): int => 1_800_000_000;
            \$signer = new Signer(Profile::named('$profile'), \$key, \$clock);
            \$verifier = new Verifier(Profile::named('$profile'), [\$key, Key::fromBytes('other')], clock: \$clock);
            \$piece = str_repeat('0123456789abcdef', 4096);
            function run(Signer \$signer, Verifier \$verifier, string \$piece, int \$pieces): void {
                \$signing = \$signer->stream('POST', '/');
                for (\$count = 0; \$count < \$pieces; \$count++) {
                    \$signing->update(\$piece);
                }
                \$verifying = \$verifier->stream(\$signing->finish(), 'POST', '/');
                for (\$count = 0; \$count < \$pieces; \$count++) {
                    \$verifying->update(\$piece);
                }
                \$verifying->finish();
            }
            run(\$signer, \$verifier, \$piece, 1 << 7);
            \$before = memory();
            run(\$signer, \$verifier, \$piece, 1 << 14);
            report(\$before);
            PHP);
        self::assertFlat($growth);
    }

    /** @return array<string, array{string}> */
    public static function streams(): array
    {
        // One whose payload goes into the MAC, and one whose payload goes into a hash first.
        return ['django' => ['django'], 'nextcloud' => ['nextcloud']];
    }

    public function testAPayloadOf256MebibytesIsNotCopied(): void
    {
        self::requireProcStatus();
        self::assertFlat(self::measure(self::PARTIES . <<<'PHP'
            $signer = new Signer(Profile::named('django'), $key);
            $verifier = new Verifier(Profile::named('django'), [$key]);
            function run(Signer $signer, Verifier $verifier, string $payload): void {
                if (!hw_verify(hw_sign($payload, 'key', 'django'), $payload, 'key', 'django')) {
                    exit(1);
                }
                $verifier->verify($signer->sign($payload), $payload);
            }
            run($signer, $verifier, str_repeat('x', 1 << 23));
            $payload = str_repeat('x', 1 << 28);
            $before = memory();
            run($signer, $verifier, $payload);
            report($before);
            PHP));
    }

    private const PARTIES = <<<'PHP'
        use HwSignature\{Key, Profile, Signer, Verifier};
        function memory(): array {
            preg_match('/VmHWM:\s+(\d+) kB/', file_get_contents('/proc/self/status'), $found);
            return [memory_get_peak_usage(true), 1024 * $found[1]];
        }
        function report(array $before): void {
            [$php, $process] = memory();
            echo $php - $before[0], ' ', $process - $before[1];
        }
        memory(); // what it takes itself
        $key = Key::fromBytes('key', 'id');

        PHP;

    /**
     * The code first does the same on a small scale: what the process keeps for good counts before, such as that of an
     * emulator, which translates each instruction once.
     *
     * @return array{int, int} how far PHP's and the process's peak of memory grew, in bytes
     */
    private static function measure(string $code): array
    {
        $child = ChildPhp::run("<?php\n$code", ['memory_limit=-1']);
        self::assertSame([0, ''], [$child->exitCode, $child->errors]);
        self::assertMatchesRegularExpression('/\A-?\d+ -?\d+\z/', $child->output);
        return array_map('intval', explode(' ', $child->output));
    }

    /** @param array{int, int} $growth */
    private static function assertFlat(array $growth): void
    {
        self::assertLessThan(1 << 20, $growth[0], "PHP's peak");
        self::assertLessThan(1 << 20, $growth[1], "the process's peak");
    }

    private static function requireProcStatus(): void
    {
        if (!is_readable('/proc/self/status')) {
            self::markTestSkipped('needs /proc (Linux)');
        }
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }

    /** @param list<Key>|null $keys */
    private static function verifying(Sample $sample, array $headers, ?array $keys = null): VerifyingStream
    {
        return (new Verifier(Profile::named($sample->profile), $keys ?? [$sample->keyObject()]))
            ->stream($headers, $sample->method, $sample->target, Sample::NOW);
    }

    private static function assertRejected(Reason $reason, callable $call): void
    {
        try {
            $call();
            self::fail('accepted');
        } catch (SignatureRejectedException $exception) {
            self::assertSame($reason, $exception->getReason());
        }
    }
}
