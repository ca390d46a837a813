<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\ChildPhp;
use PHPUnit\Framework\TestCase;

/** What was made before pcntl_fork() is of use in both processes. */
final class ForkTest extends TestCase
{
    /** Forks in both(), and returns what the two processes have to say, the parent's first. */
    private const SETTING = <<<'PHP'
        <?php
        use HwSignature\{Key, Profile, Signer, Verifier};
        function both(Closure $report): array {
            $file = tempnam(sys_get_temp_dir(), 'hw_signature');
            $child = pcntl_fork();
            if ($child === 0) {
                file_put_contents($file, serialize($report('child')));
                exit(7);
            }
            $own = $report('parent');
            pcntl_waitpid($child, $status);
            $of = unserialize(file_get_contents($file));
            unlink($file);
            if (pcntl_wexitstatus($status) !== 7) {
                exit(1);
            }
            return [$own, $of];
        }
        $profile = Profile::named('nextcloud');
        $key = Key::fromBytes('secret', 'client-7');
        $signer = new Signer($profile, $key);

        PHP;

    protected function setUp(): void
    {
        if (!function_exists('pcntl_fork')) {
            self::markTestSkipped('needs pcntl');
        }
    }

    public function testNoncesOfParentAndChildDiffer(): void
    {
        self::assertSame('600 of 600 differ', self::said(<<<'PHP'
            $signer->sign('', 'GET', '/'); // so that what is drawn in advance would be drawn
            $nonces = both(static function () use ($signer): array {
                $nonces = [];
                for ($i = 0; $i < 100; $i++) {
                    $nonces[] = $signer->sign('', 'GET', '/')['X-NC-NONCE'];
                    $nonces[] = $signer->stream('GET', '/')->finish()['X-NC-NONCE'];
                    $nonces[] = hw_sign('', 'secret', 'nextcloud', 'GET', '/', 'client-7')['X-NC-NONCE'];
                }
                return $nonces;
            });
            $all = array_merge(...$nonces);
            echo count(array_unique($all)), ' of ', count($all), ' differ';
            PHP));
    }

    public function testStreamsGoOnInBoth(): void
    {
        self::assertSame('parent verified, child verified', self::said(<<<'PHP'
            $signing = $signer->stream('POST', '/', 'nonce-of-more-than-thirty-two-characters');
            $signing->update('said by the ');
            $headers = [];
            foreach (['parent', 'child'] as $name) {
                $headers[$name] = $signer->sign("said by the $name", 'POST', '/', 'nonce-of-more-than-thirty-two-characters');
            }
            $verifiers = array_map(static fn (array $headers) => (new Verifier($profile, [$key]))->stream($headers, 'POST', '/'), $headers);
            foreach ($verifiers as $verifying) {
                $verifying->update('said by the ');
            }
            echo implode(', ', both(static function (string $name) use ($signing, $headers, $verifiers): string {
                $signing->update($name);
                if ($signing->finish()['X-NC-SIGNATURE'] !== $headers[$name]['X-NC-SIGNATURE']) {
                    return "$name signed something else";
                }
                $verifiers[$name]->update($name);
                $verifiers[$name]->finish();
                return "$name verified";
            }));
            PHP));
    }

    public function testOfTwoProcessesThatShareAGuardOneAcceptsARequest(): void
    {
        self::assertSame('1 of 2, 1 of 2, 1 of 2, 1 of 2, 1 of 2', self::said(<<<'PHP'
            $store = tempnam(sys_get_temp_dir(), 'hw_signature');
            unlink($store);
            mkdir($store);
            $claim = static fn (string $id): bool => @fopen("$store/$id", 'x') !== false;
            $verifier = new Verifier($profile, [$key], claim: $claim);
            $requests = [];
            for ($i = 0; $i < 5; $i++) {
                $requests[] = $signer->sign("$i", 'POST', '/');
            }
            $accepted = both(static fn (): array => array_map(
                static fn (array $headers, int $i): int => (int) $verifier->isValid($headers, "$i", 'POST', '/'),
                $requests,
                array_keys($requests),
            ));
            array_map(unlink(...), glob("$store/*"));
            rmdir($store);
            echo implode(', ', array_map(static fn (int ...$both): string => array_sum($both) . ' of 2', ...$accepted));
            PHP));
    }

    /** In the middle of a call, with what that call has borrowed. */
    public function testAGuardMayFork(): void
    {
        self::assertSame('parent: true true, child: true true', self::said(<<<'PHP'
            $headers = $signer->sign('body', 'POST', '/');
            $reports = [];
            $child = null;
            $verifier = new Verifier($profile, [$key], claim: static function () use (&$child): bool {
                $child ??= pcntl_fork();
                return true;
            });
            $stream = $verifier->stream($headers, 'POST', '/');
            $stream->update('body');
            $verdicts = var_export($stream->finish()->keyId === 'client-7', true)
                . ' ' . var_export($verifier->isValid($headers, 'body', 'POST', '/'), true);
            if ($child === 0) {
                file_put_contents($argv[0] . '.child', "child: $verdicts");
                exit;
            }
            pcntl_waitpid($child, $status);
            echo "parent: $verdicts, ", file_get_contents($argv[0] . '.child');
            unlink($argv[0] . '.child');
            PHP));
    }

    private static function said(string $code): string
    {
        $run = ChildPhp::run(self::SETTING . $code);
        self::assertSame([0, ''], [$run->exitCode, $run->errors], $run->output);
        return $run->output;
    }
}
