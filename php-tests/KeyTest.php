<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Key;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Sample;
use PHPUnit\Framework\TestCase;

final class KeyTest extends TestCase
{
    public function testTheThreeFactoriesAgree(): void
    {
        for ($length = 1; $length <= 200; $length++) {
            $bytes = substr(str_repeat(hash('sha512', (string) $length, true), 4), 0, $length);
            $expected = self::fingerprint($bytes);
            self::assertSame($expected, Key::fromBytes($bytes)->fingerprint);
            self::assertSame($expected, Key::fromBase64(base64_encode($bytes))->fingerprint);
            self::assertSame($expected, Key::fromBase64('whsec_' . base64_encode($bytes))->fingerprint);
            self::assertSame($expected, Key::fromHex(bin2hex($bytes))->fingerprint);
            self::assertSame($expected, Key::fromHex(strtoupper(bin2hex($bytes)))->fingerprint);
        }
    }

    /** First half of the key's HMAC over a label and the key's length in decimal. */
    private static function fingerprint(string $bytes): string
    {
        return substr(hash_hmac('sha256', "hw_signature key fingerprint\n" . strlen($bytes), $bytes), 0, 32);
    }

    public function testTheFingerprintTellsKeysApartThatHmacCannot(): void
    {
        $long = str_repeat('k', 65);
        foreach ([['k', "k\0"], ["k\0", "k\0\0"], [$long, hash('sha256', $long, true)]] as [$a, $b]) {
            self::assertSame(hash_hmac('sha256', 'm', $a), hash_hmac('sha256', 'm', $b));
            self::assertNotSame(Key::fromBytes($a)->fingerprint, Key::fromBytes($b)->fingerprint);
        }
    }

    public function testTheFingerprintIsThatOfTheBytesAlone(): void
    {
        self::assertSame(Key::fromBytes('k')->fingerprint, Key::fromBytes('k', 'id')->fingerprint);
        self::assertSame('72a394ff854ded8c5a312e1d91bed263', Key::fromBytes('test-shared-secret')->fingerprint);
    }

    public function testBytesAreTakenAsTheyAre(): void
    {
        // What looks encoded is not decoded, and nothing is trimmed.
        $spellings = ['6b', 'aw==', 'whsec_aw==', "k\n", ' k', "\u{feff}k", 'old,new', 'k'];
        $fingerprints = array_map(static fn (string $bytes): string => Key::fromBytes($bytes)->fingerprint, $spellings);
        self::assertCount(count($spellings), array_unique($fingerprints));
    }

    /**
     * @dataProvider refused
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('refused')]
    public function testRefused(string $factory, string $text, string $message): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("HwSignature\\Key::$factory(): Argument #1 $message");
        Key::$factory($text);
    }

    /** @return iterable<string, array{string, string, string}> */
    public static function refused(): iterable
    {
        yield 'no bytes' => ['fromBytes', '', '($bytes) must not be empty'];
        yield 'no base64' => ['fromBase64', '', '($text) must not be empty'];
        yield 'a prefix alone' => ['fromBase64', 'whsec_', '($text) must not be empty'];
        yield 'no hex' => ['fromHex', '', '($text) must not be empty'];

        $base64 = [
            'spare bits' => 'aw=b', 'spare bits at the end' => 'ax==', 'spare bits of two' => 'a2v=', 'unpadded' => 'aw', 'half padded' => 'aw=',
            'padding alone' => '==', 'padded too much' => 'a2tr=', 'url-safe minus' => '-_-_', 'url-safe underscore' => 'a2t_', 'space before' => ' aw==',
            'space after' => 'aw== ', 'line feed after' => "aw==\n", 'line feed inside' => "a2tr\na2tr", 'tab' => "aw==\t", 'NUL' => "aw==\0",
            'two texts' => 'aw==aw==', 'prefix in capitals' => 'WHSEC_aw==', 'prefix twice' => 'whsec_whsec_aw==', 'other prefix' => 'whpk_aw==',
            'quoted' => '"aw=="', 'binary' => "\xff\xff\xff\xff", 'one character' => 'a',
        ];
        foreach ($base64 as $what => $text) {
            yield "base64: $what" => ['fromBase64', $text, '($text) must be canonical base64 with padding'];
        }
        $hex = [
            'odd' => '6b6', 'one digit' => '6', 'prefix' => '0x6b', 'letter' => '6g', 'space' => '6b 6b', 'line feed' => "6b\n", 'colon' => '6b:6b',
            'NUL' => "6b6b\0\0", 'binary' => "\xff\xff", 'base64' => 'aw==',
        ];
        foreach ($hex as $what => $text) {
            yield "hex: $what" => ['fromHex', $text, '($text) must be an even number of hexadecimal digits'];
        }
    }

    /**
     * @dataProvider factories
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('factories')]
    public function testIds(string $factory, string $text): void
    {
        self::assertNull(Key::$factory($text)->id);
        self::assertNull(Key::$factory($text, null)->id);
        foreach (['a', 'nextcloud-app', '0', '~', '!"#$%&\'()*+-./:<=>?@[\\]^_`{|}', str_repeat('a', 128)] as $id) {
            self::assertSame($id, Key::$factory($text, $id)->id);
            self::assertSame($id, Key::$factory($text, id: $id)->id);
        }
        foreach (['', ' ', 'a b', "a\n", "a\0", 'a,b', 'a;b', 'é', "\xff", "\x7f", str_repeat('a', 129)] as $id) {
            try {
                Key::$factory($text, $id);
                self::fail($id);
            } catch (\ValueError $error) {
                self::assertSame(
                    "HwSignature\\Key::$factory(): Argument #2 (\$id) must be 1 to 128 visible ASCII characters without \",\" and \";\"",
                    $error->getMessage(),
                );
            }
        }
    }

    /** @return array<string, array{string, string}> */
    public static function factories(): array
    {
        return ['fromBytes' => ['fromBytes', 'k'], 'fromBase64' => ['fromBase64', 'aw=='], 'fromHex' => ['fromHex', '6b']];
    }

    public function testAFailureDoesNotQuoteTheKey(): void
    {
        foreach ([['fromBase64', 'hunter2-hunter2', null], ['fromHex', 'hunter2-hunter2', null], ['fromBytes', 'hunter2-hunter2', 'a b']] as [$factory, $text, $id]) {
            try {
                Key::$factory($text, $id);
                self::fail($factory);
            } catch (\ValueError $error) {
                self::assertStringNotContainsString('hunter2', (string) $error);
            }
        }
    }

    public function testTheFunctionsTakeAKeyInPlaceOfItsBytes(): void
    {
        foreach (Sample::PROFILES as $profile) {
            $sample = Sample::of($profile);
            $rest = [$profile, $sample->method, $sample->target];
            $named = Key::fromHex(bin2hex($sample->key), $sample->keyId);
            $unnamed = Key::fromBase64(base64_encode($sample->key));

            $headers = hw_sign($sample->payload, $named, ...[...$rest, null, $sample->nonce, $sample->timestamp]);
            self::assertSame($sample->sign(), $headers, $profile);
            $withId = [...$rest, $sample->keyId, $sample->nonce, $sample->timestamp];
            self::assertSame($headers, hw_sign($sample->payload, $unnamed, ...$withId), $profile);
            self::assertSame($headers, hw_sign($sample->payload, $named, ...$withId), 'the same id twice');

            foreach ([$named, $unnamed] as $key) {
                self::assertTrue(hw_verify($headers, $sample->payload, $key, ...[...$rest, null, Sample::NOW]), $profile);
                $now = [...$rest, null, Sample::NOW];
                self::assertFalse(hw_verify($headers, 'other', $key, ...$now), $profile);
                if (!Implementation::isLibrary()) {
                    $text = (string) hw_diagnose($headers, $sample->payload, $sample->key, ...$now);
                    // Only a key has an id to show.
                    $id = $key->id === null ? '' : "                  id $key->id\n";
                    self::assertSame("$text$id", (string) hw_diagnose($headers, $sample->payload, $key, ...$now), $profile);
                }
            }
            self::assertFalse(hw_verify($headers, $sample->payload, Key::fromBytes('other'), ...$now), $profile);
        }
    }

    /** As in a verifier: an id that the request does not name is another key. */
    public function testTheIdOfAKeyCountsInTheFunctionsToo(): void
    {
        $sample = Sample::of('nextcloud');
        $verify = static fn (?string $id): bool => hw_verify(
            $sample->sign(),
            $sample->payload,
            Key::fromBytes($sample->key, $id),
            'nextcloud',
            $sample->method,
            $sample->target,
            now: Sample::NOW,
        );
        self::assertTrue($verify($sample->keyId));
        self::assertTrue($verify(null));
        self::assertFalse($verify('other'));
    }

    /** A diagnosis varies the bytes of the key, so a key has to have them still. */
    public function testADiagnosisFindsWhatIsWrongWithAKey(): void
    {
        $headers = hw_sign('body', 'the secret', 'django', timestamp: Sample::NOW);
        foreach ([Key::fromBytes("the secret\n"), Key::fromBase64(base64_encode("the secret\n"))] as $key) {
            $diagnosis = hw_diagnose($headers, 'body', $key, 'django', now: Sample::NOW);
            self::assertSame([Cause::KeyHasWhitespace], array_column($diagnosis->findings, 'cause'));
        }
    }

    public function testASideWithoutPhpComputesTheFingerprintAsThePageShows(): void
    {
        if (shell_exec('command -v python3') === null) {
            self::markTestSkipped('There is no python3: make deps installs it.');
        }
        $page = (string) file_get_contents(__DIR__ . '/../docs/rotating-keys.md');
        self::assertSame(1, preg_match('/^```python\n(.*?)^```$/ms', $page, $block));
        $file = (string) tempnam(sys_get_temp_dir(), 'hw_signature');
        file_put_contents($file, "$block[1]\nimport sys\nprint(fingerprint(bytes.fromhex(sys.argv[1])), end='')\n");
        foreach (['k', "a key\0with zero bytes\0\0", str_repeat("\xff", 200)] as $key) {
            $printed = shell_exec('python3 ' . escapeshellarg($file) . ' ' . bin2hex($key));
            self::assertSame(Key::fromBytes($key)->fingerprint, $printed);
        }
        unlink($file);
    }
}
