<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Project Wycheproof's HMAC-SHA-256 set: the tags that are right are made and accepted, and the others are not. */
final class WycheproofTest extends TestCase
{
    private const VECTORS = __DIR__ . '/../tests/vectors/wycheproof.txt';
    /** The set has tags of 16 bytes too, which are the beginning of the digest. */
    private const LENGTHS = [16, 32];

    public function testTheSet(): void
    {
        $profile = new Profile('wycheproof', '{payload}', ['X-Tag' => '{signature}'], Encoding::Hex);
        $counts = ['valid' => 0, 'invalid' => 0];
        foreach (preg_grep('/^[^#]/', file(self::VECTORS, FILE_IGNORE_NEW_LINES)) as $line) {
            [$id, $key, $message, $tag, $result] = explode(' ', $line);
            $key = Key::fromHex($key);
            $message = (string) hex2bin(trim($message, "'"));
            $made = (new Signer($profile, $key))->sign($message)['X-Tag'];
            self::assertContains(strlen($tag) / 2, self::LENGTHS);
            self::assertSame($result === 'valid', str_starts_with($made, $tag), "case $id");
            if (strlen($tag) === 64) {
                $isValid = (new Verifier($profile, [$key]))->isValid(['X-Tag' => $tag], $message);
                self::assertSame($result === 'valid', $isValid, "case $id");
            }
            ++$counts[$result];
        }
        self::assertGreaterThanOrEqual(174, array_sum($counts));
        self::assertGreaterThan(50, min($counts));
    }
}
