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

/**
 * Arrays with keys that are no text, and with references: PHP code that runs while a call is under way may change what
 * those refer to.
 */
final class HostileArraysTest extends TestCase
{
    public function testTheKeysOfAListAreNotLookedAt(): void
    {
        $profile = Profile::named('django');
        $key = Key::fromBytes('secret');
        $headers = (new Signer($profile, $key))->sign('payload');
        $lists = array_map(static fn (string $value): array => ["\xff\xfe" => $value], $headers);

        self::assertTrue(hw_verify($lists, 'payload', 'secret', 'django'));
        self::assertTrue((new Verifier($profile, ["\xff\xfe" => $key]))->isValid($lists, 'payload'));
        $methods = ["\xff" => 'GET'];
        $signature = ['X' => '{signature}'];
        $custom = new Profile('mine', "{method}\n{payload}", $signature, Encoding::Hex, methodsWithoutPayload: $methods);
        self::assertSame(['GET'], $custom->describe()['methodsWithoutPayload']);
    }

    public function testAReplayGuardThatChangesAHeaderChangesNothing(): void
    {
        $profile = Profile::named('nextcloud');
        $key = Key::fromBytes('secret', 'id');
        for ($length = 8; $length <= 128; $length += 8) {
            $headers = (new Signer($profile, $key))->sign('payload', 'POST', '/', str_repeat('n', $length));
            $nonce = $headers['X-NC-NONCE'];
            unset($headers['X-NC-NONCE']);
            $headers['X-NC-NONCE'] = &$nonce;
            $overwrite = self::overwrite($nonce, $length);
            $verifier = new Verifier($profile, [$key], claim: static function () use ($overwrite): bool {
                $overwrite();
                return true;
            });

            self::assertSame(str_repeat('n', $length), $verifier->verify($headers, 'payload', 'POST', '/')->nonce);
            self::assertNull($nonce);
            unset($nonce);
        }
    }

    public function testAnErrorHandlerThatChangesATemplateChangesNoneThatWasRead(): void
    {
        $call = require __DIR__ . '/support/weak_call.php';
        $template = strrev('}erutangis{' . str_repeat('-', 40) . ',}pmatsemit{');
        $headers = ['X-Signature' => &$template];
        $overwrite = self::overwrite($template, strlen($template));
        set_error_handler(static function () use ($overwrite): bool {
            $overwrite();
            return true;
        });
        try {
            // A float with a fraction is deprecated as an int, which is where the handler comes in.
            $this->expectException(\TypeError::class);
            $this->expectExceptionMessage('must be an array of strings, keyed by header name');
            $call(Profile::class, [
                'custom', '{timestamp}.{payload}', $headers, Encoding::Hex, TimestampFormat::Seconds, 60.5,
            ]);
        } finally {
            restore_error_handler();
        }
    }

    /** Frees a string, and puts others of its size where it was. */
    private static function overwrite(?string &$string, int $length): \Closure
    {
        return static function () use (&$string, $length): void {
            $string = null;
            for ($others = []; count($others) < 9; ) {
                $others[] = str_repeat('X', $length);
            }
        };
    }
}
