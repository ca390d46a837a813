<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\ChildPhp;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Race;
use HwSignature\Tests\Support\Sample;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

use const HwSignature\ANY_AGE;

final class ReplayTest extends TestCase
{
    private const DAY = 86_400;
    private const SIGN_AS_TALK_DOES = [
        'nextcloud-talk', 'nextcloud-talk-bot', 'nextcloud-signaling', 'nextcloud-recording',
    ];

    /** @var list<array<mixed>> the arguments of each call of guard() */
    private array $claims = [];

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testTheGuardIsAskedOnceForEachAuthenticRequest(string $profile): void
    {
        $sample = Sample::of($profile);
        $guard = $this->guard();
        foreach (self::ways() as $way => $accepts) {
            $this->claims = [];
            self::assertTrue($accepts(self::verifier($sample, $guard), $sample, $sample->sign()), $way);
            self::assertCount(1, $this->claims, $way);
            self::assertCount(2, $this->claims[0]);
            self::assertMatchesRegularExpression('/\A[0-9a-f]{64}\z/', $this->claims[0][0]);
            self::assertIsInt($this->claims[0][1]);

            self::assertFalse($accepts(self::verifier($sample, $guard), $sample, $sample->withFlippedDigest($sample->sign())));
            self::assertFalse($accepts(self::verifier($sample, $guard), $sample, []));
            self::assertCount(1, $this->claims, "$way: asked for a forged request");
        }
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testTheSecondTimeIsAReplay(string $profile): void
    {
        $sample = Sample::of($profile);
        foreach (self::ways() as $way => $accepts) {
            $seen = [];
            $verifier = self::verifier($sample, static function (string $id) use (&$seen): bool {
                $isNew = !isset($seen[$id]);
                $seen[$id] = true;
                return $isNew;
            });
            self::assertTrue($accepts($verifier, $sample, $sample->sign()), $way);
            self::assertFalse($accepts($verifier, $sample, $sample->sign()), $way);
            $other = $sample->with(['payload' => 'other', 'nonce' => self::otherNonce($profile), 'timestamp' => $sample->timestamp]);
            self::assertTrue($accepts($verifier, $other, $other->sign()), $way);
        }
        self::assertReason(Reason::Replayed, 'the request was accepted before', $verifier, $sample);
    }

    /** The formula, for peers and stores in other languages. */
    public function testTheIdIsAHashOfALabelAndTheDigest(): void
    {
        foreach (Sample::PROFILES as $profile) {
            $sample = Sample::of($profile);
            $text = null;
            $sample->withDigest($sample->signInUserland(), static function (string $found) use (&$text): string {
                return $text = $found;
            });
            $digest = $sample->isHex() ? hex2bin($text) : base64_decode($text, true);
            self::assertSame(hash('sha256', "hw_signature replay\n$digest"), $this->id($sample), $profile);
        }
    }

    public function testTheIdTellsRequestsApart(): void
    {
        $samples = [];
        foreach (array_diff(Sample::PROFILES, self::SIGN_AS_TALK_DOES) as $profile) {
            $sample = Sample::of($profile);
            $samples[] = $sample;
            $samples[] = $sample->with(['key' => 'other', 'keyId' => $sample->keyId === null ? null : 'other-app']);
            $samples[] = $sample->with(['payload' => 'other']);
            if (self::otherNonce($profile) !== $sample->nonce) {
                $samples[] = $sample->with(['nonce' => self::otherNonce($profile)]);
            }
            if ($sample->timestamp !== null) {
                $samples[] = $sample->with(['timestamp' => $sample->timestamp + 1]);
            }
        }
        $ids = array_map($this->id(...), $samples);
        self::assertSame(array_unique($ids), $ids);
    }

    /**
     * Four contracts sign the same bytes: what a guard has seen under one of them, it knows under the others.
     *
     * @dataProvider talkPairs
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('talkPairs')]
    public function testARequestUnderAnotherContractThatSignsTheSameBytesIsAReplay(string $profile, string $other): void
    {
        $seen = [];
        $claim = static function (string $id) use (&$seen): bool {
            return !isset($seen[$id]) && $seen[$id] = true;
        };
        $sample = Sample::of($profile);
        $headers = $sample->sign();
        self::assertTrue(self::ways()['isValid'](self::verifier($sample, $claim), $sample, $headers));

        $reflected = Sample::of($other);
        // The first two headers of each carry the nonce and the signature.
        $names = array_slice(array_keys($reflected->sign()), 0, 2);
        $headers = array_combine($names, array_slice(array_values($headers), 0, 2));
        $withoutMemory = self::verifier($reflected, static fn (): bool => true);
        self::assertTrue(self::ways()['isValid']($withoutMemory, $reflected, $headers), 'the signature is good');
        self::assertReason(Reason::Replayed, 'the request was accepted before', self::verifier($reflected, $claim), $reflected, $headers);
    }

    /** @return iterable<string, array{string, string}> */
    public static function talkPairs(): iterable
    {
        foreach (self::SIGN_AS_TALK_DOES as $profile) {
            foreach (array_diff(self::SIGN_AS_TALK_DOES, [$profile]) as $other) {
                yield "$profile as $other" => [$profile, $other];
            }
        }
    }

    /** What is signed decides, not how the sender writes it. */
    public function testTheIdDoesNotDependOnTheSpelling(): void
    {
        $django = Sample::of('django');
        $upper = $django->withDigest($django->sign(), strtoupper(...));
        self::assertSame($this->id($django), $this->id($django, $upper));

        $push = Sample::of('huawei-push');
        $value = $push->sign()['X-HW-SIGNATURE'];
        $respelled = 'v=1;' . preg_replace('/(timestamp=\d+); (nonce=:); (value=.*)/', '$3;NONCE=:;$1', $value);
        self::assertSame($this->id($push), $this->id($push, ['x-hw-signature' => $respelled]));

        $talk = Sample::of('nextcloud-talk');
        $upper = $talk->withDigest($talk->sign(), strtoupper(...));
        self::assertSame($this->id($talk), $this->id($talk, array_change_key_case($upper)));

        // Two encodings of one contract.
        $base64 = Profile::named('django')->withEncoding(\HwSignature\Encoding::Base64);
        $headers = $django->withDigest($django->sign(), static fn (string $text): string => base64_encode(hex2bin($text)));
        (new Verifier($base64, [$django->keyObject()], null, $this->guard()))->verify($headers, $django->payload, now: Sample::NOW);
        [$inBase64] = end($this->claims);
        self::assertSame($this->id($django), $inBase64);
    }

    /**
     * The id of a client travels unsigned: whoever caught a request can write another one over it.
     *
     * @param list<Key> $keys
     *
     * @dataProvider keysThatComputeTheSame
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('keysThatComputeTheSame')]
    public function testAnotherClientIdIsNoOtherRequest(array $keys): void
    {
        $sample = Sample::of('nextcloud')->with(['key' => 'key', 'keyId' => 'a']);
        $seen = [];
        $verifier = new Verifier(Profile::named('nextcloud'), $keys, null, static function (string $id) use (&$seen): bool {
            return !isset($seen[$id]) && $seen[$id] = true;
        });
        $isValid = static fn (string $client): bool => $verifier->isValid(
            ['X-NC-CLIENT-ID' => $client] + $sample->sign(),
            $sample->payload,
            $sample->method,
            $sample->target,
            Sample::NOW,
        );
        self::assertTrue($isValid('a'));
        self::assertFalse($isValid('a'));
        self::assertFalse($isValid('b'));
    }

    public static function keysThatComputeTheSame(): iterable
    {
        $a = Key::fromBytes('key', 'a');
        yield 'with an id and without' => [[$a, Key::fromBytes('key')]];
        yield 'with two ids' => [[$a, Key::fromBytes('key', 'b')]];
        yield 'with a zero byte at the end' => [[$a, Key::fromBytes("key\0", 'b')]];
        yield 'without an id' => [[Key::fromBytes('key')]];
    }

    /** While a secret changes, a provider sends two signatures: who strips one off has no second try. */
    public function testOfSeveralSignaturesEachIsClaimed(): void
    {
        $profile = new Profile(
            'mine',
            '{timestamp}.{payload}',
            ['X-S' => 't={timestamp},v1={signature},...'],
            Encoding::Hex,
            TimestampFormat::Seconds,
        );
        $keys = ['old' => Key::fromBytes('old'), 'new' => Key::fromBytes('new'), 'new too' => Key::fromBytes("new\0")];
        $digest = static fn (string $key): string => hash_hmac('sha256', Sample::NOW . '.body', $key, true);
        $header = static fn (string ...$by): array => [
            'X-S' => 't=' . Sample::NOW . ',v1=' . implode(',v1=', array_map(bin2hex(...), array_map($digest, $by))),
        ];
        $ids = array_map(static fn (string $key): string => hash('sha256', "hw_signature replay\n" . $digest($key)), ['old', 'new']);
        sort($ids);
        $seen = $asked = [];
        $claim = static function (string $id, int $ttl) use (&$seen, &$asked): bool {
            $asked[] = $id;
            return !isset($seen[$id]) && $seen[$id] = true;
        };
        $verifier = new Verifier($profile, array_values($keys), claim: $claim);

        $verified = $verifier->verify($header('new', 'stranger', 'old'), 'body', now: Sample::NOW);
        self::assertSame([0, $ids], [$verified->keyIndex, $verified->replayIds]);
        self::assertSame($ids, $asked, 'one after the other, in bytewise order, equal ones once');
        foreach ([['old'], ['new'], ['stranger', 'new'], ['old', 'new']] as $stripped) {
            $asked = [];
            self::assertFalse($verifier->isValid($header(...$stripped), 'body', now: Sample::NOW));
            self::assertCount(1, $asked, 'until one is refused');
        }

        // What was claimed before one was refused stays claimed.
        $seen = [$ids[1] => true];
        self::assertFalse($verifier->isValid($header('old', 'new'), 'body', now: Sample::NOW));
        self::assertSame([$ids[1], $ids[0]], array_keys($seen));

        $broken = new Verifier($profile, array_values($keys), claim: static function (string $id) use ($ids): bool {
            return $id === $ids[0] ?: throw new \RuntimeException('down');
        });
        try {
            $broken->verify($header('old', 'new'), 'body', now: Sample::NOW);
            self::fail('accepted');
        } catch (ReplayGuardException $exception) {
            self::assertSame($ids, $exception->replayIds);
        }
    }

    /** A provider that tries again signs anew: that is no replay. */
    public function testTheSameNonceWithALaterTimestampIsAnotherRequest(): void
    {
        $sample = Sample::of('nextcloud');
        $again = $sample->with(['timestamp' => $sample->timestamp + 5]);
        self::assertNotSame($this->id($sample), $this->id($again));
    }

    public function testWhatWasClaimedIsSaidToBeReleased(): void
    {
        foreach (Sample::PROFILES as $profile) {
            $sample = Sample::of($profile);
            $request = [$sample->payload, $sample->method, $sample->target, Sample::NOW + 10];
            $verified = self::verifier($sample, $this->guard())->verify($sample->sign(), ...$request);
            self::assertSame([[$verified->replayIds[0], $verified->claimSeconds]], $this->claims, $profile);
            self::assertSame($sample->timestamp === null ? null : 10, $verified->age, $profile);
            $without = new Verifier(Profile::named($profile), [$sample->keyObject()]);
            self::assertEquals($verified, $without->verify($sample->sign(), ...$request), $profile);
            $this->claims = [];
        }
        $early = self::verifier($sample = Sample::of('huawei-push'), $this->guard());
        self::assertSame(-7, $early->verify($sample->sign(), $sample->payload, now: Sample::NOW - 7)->age);
    }

    /**
     * @dataProvider lifetimes
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('lifetimes')]
    public function testAClaimLastsAsLongAsTheRequestIsFresh(string $profile, int $offset, ?int $tolerance, int $expected): void
    {
        $sample = Sample::of($profile);
        $sample->timestamp = $sample->timestamp === null ? null : $sample->timestamp + $offset;
        foreach (self::ways() as $way => $accepts) {
            self::assertTrue($accepts(self::verifier($sample, $this->guard(), $tolerance), $sample, $sample->sign()));
            self::assertSame($expected, end($this->claims)[1], $way);
        }
    }

    /** One second more than the window, which includes its last moment; and the tolerance again, but at least a minute. */
    public static function lifetimes(): iterable
    {
        foreach (Sample::UNITS as $profile => $unit) {
            $own = Sample::TOLERANCES[$profile];
            foreach ([null => $own, 10 => 10, 0 => 0, 7 * self::DAY => 7 * self::DAY] as $given => $tolerance) {
                $given = $given === '' ? null : $given;
                $name = "$profile, " . ($given ?? 'its own') . ' s';
                $margin = max($tolerance, 60);
                yield "$name, past edge" => [$profile, -$tolerance * $unit, $given, 1 + $margin];
                yield "$name, now" => [$profile, 0, $given, $tolerance + 1 + $margin];
                yield "$name, future edge" => [$profile, $tolerance * $unit, $given, 2 * $tolerance + 1 + $margin];
            }
            yield "$profile, any age" => [$profile, 0, ANY_AGE, self::DAY];
            yield "$profile, any age, long ago" => [$profile, -Sample::NOW, ANY_AGE, self::DAY];
        }
        yield 'a millisecond ahead' => ['huawei-push', 1, null, 601];
        yield 'a millisecond ago, in the second before' => ['huawei-push', -1, null, 600];
        foreach (self::SIGN_AS_TALK_DOES as $profile) {
            yield "$profile, its own" => [$profile, 0, null, self::DAY];
            yield "$profile, any age" => [$profile, 0, ANY_AGE, self::DAY];
        }
    }

    /** From thirty days on, Memcached and others read a life as a date; and APCu adds it to the time, in 32 bits once. */
    public function testNoClaimLastsForAMonth(): void
    {
        foreach (self::lifetimes() as [, , , $seconds]) {
            self::assertLessThan(30 * self::DAY, $seconds);
        }
    }

    /**
     * The clocks of two receivers differ, and a second copy waits for the lock of the store.
     *
     * @dataProvider laterReceivers
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('laterReceivers')]
    public function testAStoreThatIsSharedRemembersForReceiversWhoseClocksDiffer(int $difference, int $delay): void
    {
        $sample = Sample::of('django');
        $real = Sample::NOW + 60;
        $expires = [];
        $claim = static function (string $id, int $ttl) use (&$expires, &$real): bool {
            $new = ($expires[$id] ?? 0) <= $real;
            $expires[$id] = $real + $ttl;
            return $new;
        };
        $verifier = static fn (int $offset): Verifier => new Verifier(
            Profile::named('django'),
            [$sample->keyObject()],
            claim: $claim,
            clock: static function () use (&$real, $offset): int {
                return $real + $offset;
            },
        );
        self::assertTrue($verifier(0)->isValid($sample->sign(), $sample->payload), 'in its last fresh second');
        $real += $delay;
        self::assertFalse($verifier(-$difference)->isValid($sample->sign(), $sample->payload));
    }

    /** @return array<string, array{int, int}> seconds */
    public static function laterReceivers(): array
    {
        return ['a second behind' => [1, 1], 'two behind' => [2, 2], 'the whole tolerance behind' => [60, 60], 'a long lock' => [3, 3]];
    }

    /**
     * @dataProvider answersOtherThanTrue
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('answersOtherThanTrue')]
    public function testWhateverIsNotTrueIsARejection(mixed $answer): void
    {
        $sample = Sample::of('django');
        $verifier = self::verifier($sample, static fn (): mixed => $answer);
        $message = $answer === false ? 'the request was accepted before' : 'the replay guard returned neither true nor false';
        self::assertReason(Reason::Replayed, $message, $verifier, $sample);
    }

    /** @return array<string, array{mixed}> */
    public static function answersOtherThanTrue(): array
    {
        return [
            'false' => [false], 'null' => [null], 'one' => [1], 'one in a string' => ['1'], 'true in a string' => ['true'], 'OK' => ['OK'],
            'zero' => [0], 'float' => [1.0], 'empty list' => [[]], 'list of true' => [[true]], 'object' => [new \stdClass()],
            'closure' => [static fn (): bool => true],
        ];
    }

    public function testAGuardThatReturnsNothingIsARejection(): void
    {
        $sample = Sample::of('django');
        $verifier = self::verifier($sample, static function (): void {
        });
        self::assertReason(Reason::Replayed, 'the replay guard returned neither true nor false', $verifier, $sample);
    }

    public function testAGuardThatThrows(): void
    {
        $sample = Sample::of('django');
        foreach ([new \RuntimeException('store is down'), new \Error('bug'), new \TypeError('type')] as $cause) {
            $verifier = self::verifier($sample, static fn () => throw $cause);
            foreach (self::ways() as $way => $accepts) {
                try {
                    $accepts($verifier, $sample, $sample->sign());
                    self::fail("$way: nothing thrown");
                } catch (ReplayGuardException $exception) {
                    self::assertSame($cause, $exception->getPrevious(), $way);
                    self::assertSame(['the replay guard failed', 0], [$exception->getMessage(), $exception->getCode()]);
                    self::assertSame(Implementation::place(__FILE__, $exception), $exception->getFile());
                    self::assertInstanceOf(HwSignatureException::class, $exception);
                    self::assertSame([$this->id($sample)], $exception->replayIds);
                }
                self::assertFalse($accepts($verifier, $sample, $sample->withFlippedDigest($sample->sign())), $way);
            }
        }
    }

    public function testAGuardWithOtherParameters(): void
    {
        $sample = Sample::of('django');
        $this->expectException(ReplayGuardException::class);
        self::ways()['isValid'](self::verifier($sample, static fn (string $id, int $ttl, string $more): bool => true), $sample, $sample->sign());
    }

    /**
     * @dataProvider exits
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('exits')]
    public function testAGuardMayEndTheScript(string $exit, int $exitCode, string $call): void
    {
        $code = <<<PHP
            use HwSignature\\{Key, Profile, Signer, Verifier};
            \$key = Key::fromBytes('k');
            \$headers = (new Signer(Profile::named('django'), \$key))->sign('x');
            \$verifier = new Verifier(Profile::named('django'), [\$key], claim: function () { $exit; });
            try {
                $call;
                echo 'still here';
            } catch (Throwable \$throwable) {
                echo get_class(\$throwable);
            } finally {
                echo 'finally';
            }
            PHP;
        $child = ChildPhp::run("<?php\n$code");
        self::assertSame([$exitCode, '', ''], [$child->exitCode, $child->output, $child->errors]);
    }

    /** @return iterable<string, array{string, int, string}> */
    public static function exits(): iterable
    {
        $calls = [
            'verify' => '$verifier->verify($headers, "x")',
            'isValid' => '$verifier->isValid($headers, "x")',
            'finish' => '$stream = $verifier->stream($headers); $stream->update("x"); $stream->finish()',
        ];
        foreach ($calls as $name => $call) {
            yield "exit() in $name" => ['exit()', 0, $call];
            yield "exit(7) in $name" => ['exit(7)', 7, $call];
        }
    }

    public function testAGuardMayUseTheVerifierThatAsksIt(): void
    {
        $sample = Sample::of('django');
        $depth = 0;
        $verifier = self::verifier($sample, static function () use (&$verifier, &$depth, $sample): bool {
            return ++$depth >= 20 || self::ways()['isValid']($verifier, $sample, $sample->sign());
        });
        self::assertTrue(self::ways()['isValid']($verifier, $sample, $sample->sign()));
        self::assertSame(20, $depth);
    }

    public function testAGuardCannotFinishTheStreamThatAsksIt(): void
    {
        $sample = Sample::of('django');
        foreach (['finish' => [], 'update' => ['x']] as $method => $arguments) {
            $calls = 0;
            $verifier = self::verifier($sample, static function () use (&$stream, &$calls, $method, $arguments): bool {
                $calls++;
                $stream->$method(...$arguments);
                return true;
            });
            $stream = $verifier->stream($sample->sign(), now: Sample::NOW);
            $stream->update($sample->payload);
            try {
                $stream->finish();
                self::fail('accepted');
            } catch (ReplayGuardException $exception) {
                self::assertStringContainsString('the stream is finished', $exception->getPrevious()->getMessage());
            }
            self::assertSame(1, $calls);
        }
    }

    public static function staticGuard(string $id, int $ttl): bool
    {
        return $id !== '' && $ttl > 0;
    }

    public function instanceGuard(string $id, int $ttl): bool
    {
        return self::staticGuard($id, $ttl);
    }

    public function __invoke(string $id, int $ttl): bool
    {
        return self::staticGuard($id, $ttl);
    }

    public function testEveryKindOfCallable(): void
    {
        $sample = Sample::of('django');
        $guards = [
            'closure' => fn (string $id, int $ttl): bool => self::staticGuard($id, $ttl),
            'object and method' => [$this, 'instanceGuard'],
            'class and method' => [self::class, 'staticGuard'],
            'Class::method' => self::class . '::staticGuard',
            'first-class callable' => $this->instanceGuard(...),
            'static first-class callable' => self::staticGuard(...),
            'invokable object' => $this,
            'Closure::fromCallable' => \Closure::fromCallable([$this, 'instanceGuard']),
            'a function' => __NAMESPACE__ . '\accept_all',
        ];
        foreach ($guards as $kind => $guard) {
            foreach (self::ways() as $way => $accepts) {
                self::assertTrue($accepts(self::verifier($sample, $guard), $sample, $sample->sign()), "$kind, $way");
            }
        }
    }

    public function testAVerifierAndAGuardThatHoldEachOtherAreCollected(): void
    {
        $sample = Sample::of('django');
        $holder = new \stdClass();
        $holder->verifier = self::verifier($sample, static fn (): bool => isset($holder->verifier));
        $holder->stream = $holder->verifier->stream($sample->sign(), now: Sample::NOW);
        $references = array_map(\WeakReference::create(...), [$holder, $holder->verifier, $holder->stream]);
        self::assertTrue(self::ways()['isValid']($holder->verifier, $sample, $sample->sign()));

        unset($holder);
        gc_collect_cycles();
        foreach ($references as $reference) {
            self::assertNull($reference->get());
        }
    }

    public function testAGuardLivesAsLongAsItsVerifier(): void
    {
        $sample = Sample::of('django');
        $object = new class {
            public function claim(): bool
            {
                return true;
            }
        };
        $reference = \WeakReference::create($object);
        $verifier = self::verifier($sample, [$object, 'claim']);
        $stream = $verifier->stream($sample->sign(), now: Sample::NOW);
        unset($object);
        self::assertTrue(self::ways()['isValid']($verifier, $sample, $sample->sign()));
        unset($verifier);
        self::assertNotNull($reference->get());
        $stream->update($sample->payload);
        self::assertSame(0, $stream->finish()->keyIndex);
        unset($stream);
        self::assertNull($reference->get());
    }

    public function testTheGuardForSqliteInARace(): void
    {
        if (!extension_loaded('pdo_sqlite')) {
            self::markTestSkipped('needs the Debian package php-sqlite3');
        }
        $file = tempnam(sys_get_temp_dir(), 'hw_signature_replay_');
        putenv("REPLAY_SQLITE=$file");
        try {
            self::assertSame(1, Race::run('PDO (SQLite)', Race::oneRequest()));
            self::assertSame(20, Race::run('PDO (SQLite)', Race::sameForAll(20)));
            $requests = Race::manyRequests(3);
            self::assertSame(24, Race::run('PDO (SQLite)', $requests));
            self::assertSame(0, Race::run('PDO (SQLite)', $requests));

            // Expired claims do not stay.
            $database = new \PDO("sqlite:$file");
            $count = static fn (): int => (int) $database->query('SELECT COUNT(*) FROM replay')->fetchColumn();
            self::assertSame(1 + 20 + 24, $count());
            $database->exec('UPDATE replay SET expires = 1');
            Race::run('PDO (SQLite)', [Race::oneRequest(1)[0]]);
            self::assertSame(1, $count());
        } finally {
            putenv('REPLAY_SQLITE');
            array_map('unlink', glob("$file*"));
        }
    }

    public function testTheExampleRuns(): void
    {
        [$exitCode, $output, $errors] = Child::script(dirname(__DIR__) . '/examples/replay.php')->finish();
        self::assertSame([0, ''], [$exitCode, $errors]);
        $lines = explode("\n", trim($output));
        self::assertCount(4, $lines);
        foreach ($lines as $line) {
            self::assertMatchesRegularExpression('/\A\S.*: (the first time accepted, the second time rejected, and once it was given back accepted|not available, .+)\z/', $line);
        }
        foreach (['APCu' => 'apcu', 'PDO (SQLite)' => 'pdo_sqlite'] as $name => $extension) {
            if (extension_loaded($extension)) {
                self::assertStringContainsString("$name: the first time accepted", $output);
            }
        }
    }

    public function testAGuardGivesBackWhatItHasClaimedAndNothingElse(): void
    {
        [$exitCode, $output, $errors] = Child::script(__DIR__ . '/support/release.php')->finish();
        self::assertSame([0, ''], [$exitCode, $errors]);
        self::assertNotSame('', $output);
        foreach (explode("\n", trim($output)) as $line) {
            self::assertMatchesRegularExpression('/: (as it should be|not available, .+)\z/', $line);
        }
        foreach (['APCu' => 'apcu', 'PDO (SQLite)' => 'pdo_sqlite'] as $name => $extension) {
            if (extension_loaded($extension)) {
                self::assertStringContainsString("$name: as it should be\n", $output);
            }
        }
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }

    /**
     * The three ways to verify a request.
     *
     * @return array<string, callable(Verifier, Sample, array<string, string>): bool>
     */
    private static function ways(): array
    {
        return [
            'isValid' => static fn (Verifier $verifier, Sample $sample, array $headers): bool
                => $verifier->isValid($headers, $sample->payload, $sample->method, $sample->target, Sample::NOW),
            'verify' => static function (Verifier $verifier, Sample $sample, array $headers): bool {
                try {
                    $verifier->verify($headers, $sample->payload, $sample->method, $sample->target, Sample::NOW);
                    return true;
                } catch (SignatureRejectedException) {
                    return false;
                }
            },
            'stream' => static function (Verifier $verifier, Sample $sample, array $headers): bool {
                try {
                    $stream = $verifier->stream($headers, $sample->method, $sample->target, Sample::NOW);
                    $stream->update($sample->payload);
                    $stream->finish();
                    return true;
                } catch (SignatureRejectedException) {
                    return false;
                }
            },
        ];
    }

    private static function verifier(Sample $sample, callable $claim, ?int $tolerance = null): Verifier
    {
        return new Verifier(Profile::named($sample->profile), [$sample->keyObject()], $tolerance, $claim);
    }

    private static function otherNonce(string $profile): ?string
    {
        return match ($profile) {
            'huawei-push' => ':',
            'django' => null,
            'huawei-receipt', 'nextcloud' => '550e8400-e29b-41d4-a716-446655440001',
            default => str_repeat('Az09+/zB', 8),
        };
    }

    private function guard(): callable
    {
        return function (mixed ...$arguments): bool {
            $this->claims[] = $arguments;
            return true;
        };
    }

    /** What a request is claimed by. */
    private function id(Sample $sample, ?array $headers = null): string
    {
        self::assertTrue(self::ways()['isValid'](self::verifier($sample, $this->guard()), $sample, $headers ?? $sample->sign()));
        return end($this->claims)[0];
    }

    private static function assertReason(Reason $reason, string $message, Verifier $verifier, Sample $sample, ?array $headers = null): void
    {
        $headers ??= $sample->sign();
        foreach (self::ways() as $way => $accepts) {
            self::assertFalse($accepts($verifier, $sample, $headers), $way);
        }
        try {
            $verifier->verify($headers, $sample->payload, $sample->method, $sample->target, Sample::NOW);
            self::fail('accepted');
        } catch (SignatureRejectedException $exception) {
            self::assertSame([$reason, $message], [$exception->getReason(), $exception->getMessage()]);
        }
    }
}

function accept_all(): bool
{
    return true;
}
