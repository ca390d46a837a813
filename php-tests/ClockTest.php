<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\Tests\Support\Sample;
use HwSignature\Tests\Support\Thrown;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** `$clock` of Signer and Verifier. */
final class ClockTest extends TestCase
{
    public function testASignerSignsTheTimeOfItsClockInTheUnitOfItsProfile(): void
    {
        foreach (Sample::UNITS as $profile => $unit) {
            $sample = Sample::of($profile);
            $signer = new Signer(Profile::named($profile), $sample->keyObject(), static fn (): int => Sample::NOW);
            $request = [$sample->method, $sample->target, $sample->nonce];

            self::assertSame($sample->sign(), $signer->sign($sample->payload, ...$request), $profile);
            $stream = $signer->stream(...$request);
            $stream->update($sample->payload);
            self::assertSame($sample->sign(), $stream->finish(), $profile);

            $later = $sample->with(['timestamp' => (Sample::NOW + 1) * $unit]);
            self::assertSame($later->sign(), $signer->sign($sample->payload, ...[...$request, $later->timestamp]), $profile);
        }
    }

    public function testASignerAsksOnlyForATimeThatItSends(): void
    {
        $never = static fn () => throw new \LogicException('asked');
        $talk = new Signer(Profile::named('nextcloud-talk'), Key::fromBytes('k'), $never);
        $django = new Signer(Profile::named('django'), Key::fromBytes('k'), $never);

        self::assertCount(2, $talk->sign('x'));
        self::assertCount(2, $django->sign('x', timestamp: Sample::NOW));
        self::assertSame('asked', Thrown::by(static fn () => $django->sign('x'))->getMessage());
    }

    public function testAVerifierTakesTheTimeOfItsClock(): void
    {
        $sample = Sample::of('django');
        $now = Sample::NOW;
        $verifier = self::verifier($sample, static function () use (&$now): int {
            return $now;
        });
        foreach ([[-60, true], [60, true], [61, false], [-61, false]] as [$offset, $fresh]) {
            $now = Sample::NOW + $offset;
            self::assertSame($fresh, $verifier->isValid($sample->sign(), $sample->payload));
            self::assertTrue($verifier->isValid($sample->sign(), $sample->payload, now: Sample::NOW));
        }
        $now = Sample::NOW + 60;
        self::assertSame(60, $verifier->verify($sample->sign(), $sample->payload)->age);
    }

    public function testTheEndOfAStreamHasATimeOfItsOwn(): void
    {
        $sample = Sample::of('django');
        $now = Sample::NOW;
        $claims = [];
        $verifier = new Verifier(
            Profile::named('django'),
            [$sample->keyObject()],
            claim: static function (string $id, int $ttl) use (&$claims): bool {
                $claims[] = $ttl;
                return true;
            },
            clock: static function () use (&$now): int {
                return $now;
            },
        );
        $finish = static function (int $seconds, ?int $given = null) use ($verifier, $sample, &$now): object {
            $now = Sample::NOW;
            $stream = $verifier->stream($sample->sign(), now: $given);
            $stream->update($sample->payload);
            $now += $seconds;
            return $stream->finish();
        };

        self::assertSame([60, 61], [$finish(60)->age, $finish(60)->claimSeconds]);
        self::assertSame([61, 61], $claims, 'a claim is counted from the end');
        $rejected = Thrown::by(static fn () => $finish(61));
        self::assertInstanceOf(SignatureRejectedException::class, $rejected);
        self::assertSame(Reason::Stale, $rejected->getReason());
        self::assertSame('the timestamp is 61 s behind this clock, 60 s are allowed', $rejected->getMessage());
        self::assertSame(Reason::FromFuture, Thrown::by(static fn () => $finish(-61))->getReason(), 'a clock set back');
        self::assertCount(2, $claims, 'a stale request claims nothing');
        self::assertSame(0, $finish(1_000_000, Sample::NOW)->age, 'the time that was given');
    }

    public function testWhatAClockThrowsPassesThrough(): void
    {
        $sample = Sample::of('django');
        $cause = new \DomainException('no time');
        foreach (self::calls($sample, static fn () => throw $cause) as $name => $call) {
            self::assertSame($cause, Thrown::by($call), $name);
        }
        $broken = false;
        $stream = self::verifier($sample, static function () use (&$broken, $cause): int {
            return $broken ? throw $cause : Sample::NOW;
        })->stream($sample->sign());
        $stream->update($sample->payload);
        $broken = true;
        self::assertSame($cause, Thrown::by($stream->finish(...)));
        self::assertStringContainsString('the stream is finished', Thrown::by($stream->finish(...))->getMessage());
    }

    /**
     * @dataProvider wrongTimes
     */
    #[DataProvider('wrongTimes')]
    public function testAClockThatIsWrong(mixed $time, string $class, string $message): void
    {
        foreach (self::calls(Sample::of('django'), static fn (): mixed => $time) as $name => $call) {
            $thrown = Thrown::by($call);
            self::assertSame([$class, $message], [$thrown::class, $thrown->getMessage()], $name);
        }
    }

    /** @return array<string, array{mixed, class-string, string}> */
    public static function wrongTimes(): array
    {
        $type = 'the clock must return Unix time in seconds, as an int';
        $negative = 'what the clock returns must be greater than or equal to 0';
        $milliseconds = 'what the clock returns must be Unix time in seconds, and looks like milliseconds';
        return [
            'nothing' => [null, \TypeError::class, $type],
            'text' => [(string) Sample::NOW, \TypeError::class, $type],
            'microtime(true)' => [(float) Sample::NOW, \TypeError::class, $type],
            'an object' => [new \DateTimeImmutable(), \TypeError::class, $type],
            'before 1970' => [-1, \ValueError::class, $negative],
            'milliseconds' => [Sample::NOW * 1000, \ValueError::class, $milliseconds],
        ];
    }

    public function testAClockMayReturnByReferenceAndBeAPrivateMethod(): void
    {
        $sample = Sample::of('django');
        $application = new class () {
            private int $now = Sample::NOW;

            public function verifier(Sample $sample): Verifier
            {
                return new Verifier(Profile::named('django'), [$sample->keyObject()], clock: [$this, 'now']);
            }

            private function &now(): int
            {
                return $this->now;
            }
        };
        self::assertTrue($application->verifier($sample)->isValid($sample->sign(), $sample->payload));
    }

    /** A clock is PHP code, and runs before the headers are looked at. */
    public function testAClockMayChangeTheHeadersThatAreBeingVerified(): void
    {
        $sample = Sample::of('django');
        $headers = $sample->sign();
        $signature = $headers['X-HMAC-Signature'];
        $headers['X-HMAC-Signature'] = &$signature;
        $verifier = self::verifier($sample, static function () use (&$signature): int {
            $signature = null;
            return Sample::NOW;
        });
        $rejected = Thrown::by(static fn () => $verifier->verify($headers, $sample->payload));
        self::assertSame(Reason::MissingHeader, $rejected->getReason());
    }

    public function testWhatAClockHoldsIsCollected(): void
    {
        $sample = Sample::of('django');
        $holder = new \stdClass();
        $clock = static fn (): int => isset($holder->verifier) ? Sample::NOW : 0;
        $holder->verifier = self::verifier($sample, $clock);
        $holder->signer = new Signer(Profile::named('django'), $sample->keyObject(), $clock);
        $holder->stream = $holder->verifier->stream($sample->sign());
        $references = array_map(\WeakReference::create(...), [$holder, ...array_values((array) $holder)]);
        self::assertCount(4, $references);

        unset($holder, $clock);
        gc_collect_cycles();
        foreach ($references as $reference) {
            self::assertNull($reference->get());
        }
    }

    /** @return array<string, \Closure> every call that asks a clock */
    private static function calls(Sample $sample, \Closure $clock): array
    {
        $verifier = self::verifier($sample, $clock);
        $signer = new Signer(Profile::named('django'), $sample->keyObject(), $clock);
        return [
            'verify' => static fn () => $verifier->verify($sample->sign(), $sample->payload),
            'isValid' => static fn () => $verifier->isValid($sample->sign(), $sample->payload),
            'isValid, forged' => static fn () => $verifier->isValid([], ''),
            'stream' => static fn () => $verifier->stream($sample->sign()),
            'sign' => static fn () => $signer->sign(''),
            'signing stream' => static fn () => $signer->stream(),
        ];
    }

    private static function verifier(Sample $sample, callable $clock): Verifier
    {
        return new Verifier(Profile::named($sample->profile), [$sample->keyObject()], clock: $clock);
    }
}
