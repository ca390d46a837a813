<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\ChildPhp;
use PHPUnit\Framework\TestCase;

/**
 * A call that is cut short, by a time limit or by what a signal handler throws, leaves nothing behind: the objects that it
 * used are of use afterwards.
 */
final class InterruptedCallsTest extends TestCase
{
    private const PARTIES = <<<'PHP'
        <?php
        use HwSignature\{Key, Profile, Signer, Verifier};
        $interrupt = static fn () => null;
        $interruptible = static function () use (&$interrupt): int {
            $interrupt();
            return time();
        };
        $profile = Profile::named('nextcloud');
        $key = Key::fromBytes('secret', 'client-7');
        $signer = new Signer($profile, $key, $interruptible);
        $verifier = new Verifier($profile, [$key], claim: static fn () => $interruptible() > 0, clock: time(...));
        $timed = new Verifier($profile, [$key], clock: $interruptible);
        $headers = $signer->sign('body', 'POST', '/');
        $signing = $signer->stream('POST', '/');
        $verifying = $verifier->stream($headers, 'POST', '/');
        foreach ([$signing, $verifying] as $stream) {
            $stream->update('body');
        }
        $calls = [
            'VerifyingStream::finish' => static fn () => $verifying->finish(),
            'Signer::sign' => static fn () => $signer->sign('body', 'POST', '/'),
            'Signer::stream' => static fn () => $signer->stream('POST', '/'),
            'Verifier::verify, in the guard' => static fn () => $verifier->verify($headers, 'body', 'POST', '/'),
            'Verifier::isValid, in the guard' => static fn () => $verifier->isValid($headers, 'body', 'POST', '/'),
            'Verifier::verify, in the clock' => static fn () => $timed->verify($headers, 'body', 'POST', '/'),
            'Verifier::isValid, in the clock' => static fn () => $timed->isValid($headers, 'body', 'POST', '/'),
            'Verifier::stream' => static fn () => $timed->stream($headers, 'POST', '/'),
        ];
        /** Whether all that was there before the interruption works; a stream gives its one result, or says that it is finished. */
        $works = static function () use ($calls, $signing, &$interrupt): string {
            $interrupt = static fn () => null;
            foreach ([...$calls, 'SigningStream::finish' => static fn () => $signing->finish()] as $name => $call) {
                try {
                    $result = $call();
                } catch (\Throwable $thrown) {
                    $result = str_contains($thrown->getMessage(), 'the stream is finished');
                }
                if ($result === false || $result === null) {
                    return "$name: " . ($thrown ?? var_export($result, true));
                }
            }
            return 'works';
        };

        PHP;

    public function testWhatASignalHandlerThrowsInACallbackComesThrough(): void
    {
        if (!function_exists('pcntl_async_signals')) {
            self::markTestSkipped('needs pcntl');
        }
        $run = ChildPhp::run(self::PARTIES . <<<'PHP'
            pcntl_async_signals(true);
            pcntl_signal(SIGUSR1, static fn () => throw new RuntimeException('too late'));
            foreach ($calls as $name => $call) {
                $interrupt = static function (): void {
                    exec('kill -USR1 ' . getmypid());
                    for ($i = 0; $i < 1_000_000; $i++); // until the signal is there
                };
                try {
                    $call();
                    echo "$name: nothing was thrown\n";
                } catch (Exception $thrown) {
                    echo "$name: ", ($thrown->getPrevious() ?? $thrown)->getMessage(), ', and ', $works(), "\n";
                }
            }
            PHP);

        self::assertSame([0, ''], [$run->exitCode, $run->errors]);
        self::assertSame(8, preg_match_all('/^[^\n]+: too late, and works$/m', $run->output), $run->output);
        self::assertSame(8, substr_count($run->output, "\n"), $run->output);
    }

    /** A signal that comes while the extension computes is heeded when the call returns. */
    public function testASignalDuringALongCallWaitsForItsEnd(): void
    {
        if (!function_exists('pcntl_async_signals')) {
            self::markTestSkipped('needs pcntl');
        }
        $run = ChildPhp::run(self::PARTIES . <<<'PHP'
            pcntl_async_signals(true);
            $payload = str_repeat('0123456789abcdef', 1 << 22);
            // What they return is dropped: PHP leaks a result that it was about to take up, with any function.
            $long = [
                static function () use ($signer, $payload): void {
                    $signer->sign($payload, 'POST', '/');
                },
                static function () use ($verifier, $headers, $payload): void {
                    $verifier->isValid($headers, $payload, 'POST', '/');
                },
                static function () use ($signing, $payload): void {
                    $signing->update($payload);
                },
            ];
            $armed = false;
            pcntl_signal(SIGUSR1, static function () use (&$armed): void {
                if ($armed) {
                    $armed = false;
                    throw new RuntimeException('too late');
                }
            });
            // Not for ever, and without the pipe that whoever started this reads to its end.
            $signals = 'for i in $(seq 2000); do kill -USR1 ' . getmypid() . ' || exit; sleep 0.01; done >/dev/null 2>&1';
            $sender = proc_open(['sh', '-c', $signals], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
            foreach ($long as $call) {
                try {
                    $armed = true;
                    for ($i = 0; $i < 1_000; $i++) {
                        $call();
                    }
                    $armed = false;
                } catch (RuntimeException $thrown) {
                    echo $thrown->getMessage(), "\n";
                }
            }
            proc_terminate($sender);
            echo $works();
            PHP, ['memory_limit=-1']);

        self::assertSame([0, '', "too late\ntoo late\ntoo late\nworks"], [$run->exitCode, $run->errors, $run->output]);
    }

    /**
     * @dataProvider callbacks
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('callbacks')]
    public function testATimeLimitEndsACallbackAndShutdownFunctionsGoOn(string $call): void
    {
        $run = ChildPhp::run(self::PARTIES . <<<PHP
            register_shutdown_function(static function () use (\$works): void {
                echo \$works();
            });
            \$interrupt = static function (): void {
                set_time_limit(1);
                while (true);
            };
            \$calls['$call']();
            PHP);

        self::assertSame(255, $run->exitCode, $run->output . $run->errors);
        self::assertStringContainsString('Maximum execution time of 1 second exceeded', $run->output);
        self::assertStringEndsWith('works', $run->output);
    }

    /** @return array<string, array{string}> */
    public static function callbacks(): array
    {
        $calls = ['Signer::sign', 'Verifier::isValid, in the guard', 'VerifyingStream::finish'];
        return array_combine($calls, array_map(static fn (string $call): array => [$call], $calls));
    }
}
