<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** PHP code that runs in the middle of a call: replay guards, error handlers. */
final class ReentrancyTest extends TestCase
{
    /** Long enough to be memory of its own, and to be given to the next one who asks once it is free. */
    private const LENGTH = 60;

    /** @var list<string> */
    private array $overwritten = [];

    public function testAReplayGuardMayChangeTheHeadersThatAreBeingVerified(): void
    {
        [$profile, $key] = [Profile::named('nextcloud'), Key::fromBytes('secret', 'id')];
        $nonce = str_repeat('n', self::LENGTH);
        $headers = (new Signer($profile, $key))->sign('', 'POST', '/', $nonce);
        $held = strrev($nonce);
        $headers['X-NC-NONCE'] = &$held;
        $verifier = new Verifier($profile, [$key], claim: function () use (&$held): bool {
            $held = null;
            $this->reuseMemory();

            return true;
        });

        $verified = $verifier->verify($headers, '', 'POST', '/');

        self::assertNull($held);
        self::assertSame($nonce, $verified->nonce);
    }

    public function testAnErrorHandlerMayChangeTheArraysOfAProfile(): void
    {
        $weakCall = require __DIR__ . '/support/weak_call.php';
        $prefix = str_repeat('p', self::LENGTH);
        $template = "$prefix{signature}";
        $method = strrev('TEG');
        set_error_handler(function () use (&$template, &$method): bool {
            $template = $method = null;
            $this->reuseMemory();

            return true;
        });
        try {
            $arguments = [
                'mine',
                '{timestamp}.{payload}',
                ['X-Time' => '{timestamp}', 'X-Signature' => &$template],
                Encoding::Hex,
                TimestampFormat::Seconds,
                300.5, // deprecated where an int is expected, which the error handler hears of
                null,
                [&$method],
            ];
            $weakCall(Profile::class, $arguments);
            self::fail('A profile without {signature} was made.');
        } catch (\TypeError $error) {
            self::assertStringContainsString('Argument #3 ($headers) must be an array of strings', $error->getMessage());
        } finally {
            restore_error_handler();
        }
    }

    public function testElementsMayBeReferences(): void
    {
        [$template, $method] = ['{signature}', 'GET'];

        $profile = new Profile('mine', "{method}\n{payload}", ['X' => &$template], Encoding::Hex, methodsWithoutPayload: [&$method]);

        self::assertSame(['X' => '{signature}'], $profile->describe()['headers']);
        self::assertSame(['GET'], $profile->describe()['methodsWithoutPayload']);
    }

    /** An asynchronous guard waits for its store in a fiber, and the request may be given up meanwhile. */
    public function testAFiberMayBeDestroyedWhileAReplayGuardWaits(): void
    {
        [$profile, $key] = [Profile::named('django'), Key::fromBytes('secret')];
        $headers = (new Signer($profile, $key))->sign('body');
        $verifier = new Verifier($profile, [$key], claim: static fn () => \Fiber::suspend());
        $left = new \ArrayObject();
        $fiber = new \Fiber(static function () use ($verifier, $headers, $left): void {
            try {
                $verifier->isValid($headers, 'body');
                $left[] = 'returned';
            } catch (\Throwable) {
                $left[] = 'caught';
            } finally {
                $left[] = 'finally';
            }
        });
        $fiber->start();

        unset($fiber);
        gc_collect_cycles();

        self::assertSame(['finally'], $left->getArrayCopy());
    }

    private function reuseMemory(): void
    {
        for ($i = 0; $i < 50; $i++) {
            $this->overwritten[] = str_repeat('Q', self::LENGTH);
        }
    }
}
