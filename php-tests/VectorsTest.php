<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Sample;
use HwSignature\Tests\Support\Userland;
use HwSignature\Tests\Support\VectorFile;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** The text vectors that Rust and PHP share. */
final class VectorsTest extends TestCase
{
    public function testEveryBuiltInProfileHasVectors(): void
    {
        foreach (Profile::names() as $name) {
            self::assertFileExists(VectorFile::path($name));
            self::assertNotEmpty(VectorFile::records($name));
        }
    }

    /**
     * @dataProvider files
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('files')]
    public function testEveryRecordIsSignedAndVerified(string $file): void
    {
        $records = VectorFile::records($file, ['expect', 'header', 'other']);
        self::assertNotEmpty($records);
        foreach ($records as $id => $record) {
            [$signer, $verifier] = self::parties($record, self::key($record));
            [$request, $headers, $payload] = [self::request($record), self::headers($record), $record['payload'] ?? ''];

            $others = self::others($record);
            $signed = $signer->sign($payload, ...$request, ...self::stamp($record), headers: $others);
            self::assertSame($headers, $signed, "$file $id");
            self::assertTrue($verifier->isValid($headers + $others, $payload, ...$request, now: self::now($record)), "$file $id");
        }
    }

    /**
     * @dataProvider files
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('files')]
    public function testOneFlippedBitAnywhereIsRejected(string $file): void
    {
        foreach (VectorFile::records($file, ['expect', 'header', 'other']) as $id => $record) {
            $key = self::key($record);
            $payload = $record['payload'] ?? '';
            $headers = self::headers($record);
            $valid = static fn (array $headers, string $payload, string $key): bool => self::parties($record, $key)[1]
                ->isValid($headers + self::others($record), $payload, ...self::request($record), now: self::now($record));

            self::assertFalse($valid($headers, $payload, Sample::flip($key, 8 * strlen($key) - 1)), "$file $id: key");
            $other = $payload === '' ? "\0" : Sample::flip($payload, 0);
            self::assertFalse($valid($headers, $other, $key), "$file $id: payload");
            foreach ($headers as $name => $value) {
                if ($value === 'true') {
                    // A constant says nothing and nobody signs it.
                    continue;
                }
                for ($bit = 0; $bit < 8 * strlen($value); $bit++) {
                    $flipped = Sample::flip($value, $bit);
                    if (strcasecmp($flipped, $value) === 0) {
                        // Parameter names and hex digits may have either letter case.
                        continue;
                    }
                    $others = [$name => $flipped] + $headers;
                    self::assertFalse($valid($others, $payload, $key), "$file $id: $name, bit $bit");
                }
            }
        }
    }

    public function testTheCanonicalQueryAsTheIndependentImplementationHasIt(): void
    {
        $records = VectorFile::records('queries');
        self::assertNotEmpty($records);
        foreach ($records as $id => $record) {
            self::assertSame($record['canonical'] ?? '', Userland::canonicalQuery($record['target']), $id);
            $sample = Sample::of('nextcloud')->with(['target' => $record['target']]);
            self::assertSame($sample->signInUserland(), $sample->sign(), $id);
        }
    }

    /** @return array<string, array{string}> */
    public static function files(): array
    {
        $names = [...Profile::names(), 'custom'];
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    /** @return array{Signer, Verifier} */
    private static function parties(array $record, string $keyBytes): array
    {
        $key = Key::fromBytes($keyBytes, $record['key-id'] ?? null);
        return [new Signer(self::profile($record), $key), new Verifier(self::profile($record), [$key])];
    }

    private static function profile(array $record): Profile
    {
        $encoding = Encoding::tryFrom($record['encoding'] ?? '');
        if (isset($record['profile'])) {
            $profile = Profile::named($record['profile']);
            return $encoding === null ? $profile : $profile->withEncoding($encoding);
        }
        $templates = [];
        foreach ($record['header'] as $header) {
            [$name, $template] = explode(' = ', $header, 2);
            $templates[$name] = $template;
        }
        return new Profile(
            $record['id'],
            $record['string-to-sign'],
            $templates,
            $encoding,
            TimestampFormat::tryFrom($record['timestamp-format'] ?? ''),
            isset($record['tolerance']) ? (int) $record['tolerance'] : null,
            $record['nonce-grammar'] ?? null,
        );
    }

    private static function key(array $record): string
    {
        return $record['key'] ?? base64_decode($record['key-base64'], true);
    }

    /** @return array{method: string, target: string} */
    private static function request(array $record): array
    {
        return ['method' => $record['method'] ?? 'POST', 'target' => $record['target'] ?? '/'];
    }

    /** @return array{nonce: ?string, timestamp: ?int} */
    private static function stamp(array $record): array
    {
        $timestamp = $record['timestamp'] ?? null;
        if ($timestamp !== null) {
            $timestamp = ctype_digit($timestamp) ? (int) $timestamp : strtotime($timestamp);
        }
        return ['nonce' => $record['nonce'] ?? null, 'timestamp' => $timestamp];
    }

    /** @return array<string, string> the headers besides those of the profile */
    private static function others(array $record): array
    {
        $others = [];
        foreach ($record['other'] ?? [] as $header) {
            [$name, $value] = explode(': ', $header, 2);
            $others[$name] = $value;
        }
        return $others;
    }

    private static function now(array $record): int
    {
        return (int) ($record['now'] ?? 0);
    }

    /** @return array<string, string> */
    private static function headers(array $record): array
    {
        $headers = [];
        foreach ($record['expect'] as $header) {
            [$name, $value] = explode(': ', $header, 2);
            $headers[$name] = $value;
        }
        return $headers;
    }
}
