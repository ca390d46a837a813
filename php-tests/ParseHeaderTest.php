<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\HwSignatureException;
use HwSignature\MalformedHeaderException;
use HwSignature\Reason;
use HwSignature\Tests\Support\VectorFile;
use PHPUnit\Framework\TestCase;

final class ParseHeaderTest extends TestCase
{
    /** Huawei's own sample (HMS Core references V5). */
    private const VALUE = 'E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=';
    private const SAMPLE = 'timestamp=1563105451261; nonce=:; value=' . self::VALUE;

    public function testTheVectors(): void
    {
        $records = VectorFile::records('headers');
        self::assertNotEmpty($records);
        foreach ($records as $id => $record) {
            $header = $record['header'] ?? '';
            if (isset($record['refused'])) {
                self::assertRefused($header, Reason::from($record['refused']), (int) $record['offset'], null, $id);
                continue;
            }
            $parsed = hw_parse_header($header);
            self::assertSame($record['timestamp'], $parsed->timestamp, $id);
            self::assertSame($record['nonce'], $parsed->nonce, $id);
            self::assertSame($record['value'], $parsed->value, $id);
            self::assertSame($record['digest'], $parsed->digest(), $id);
        }
    }

    /**
     * @dataProvider accepted
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('accepted')]
    public function testAccepted(string $header, string $timestamp = '1563105451261', string $nonce = ':'): void
    {
        $parsed = hw_parse_header($header);
        self::assertSame([$timestamp, $nonce, self::VALUE], [$parsed->timestamp, $parsed->nonce, $parsed->value]);
        self::assertSame(base64_decode(self::VALUE, true), $parsed->digest());
        // Written as Huawei's current documents write it, and read back as itself.
        self::assertSame("timestamp=$timestamp; nonce=$nonce; value=" . self::VALUE, (string) $parsed);
        self::assertEquals($parsed, hw_parse_header((string) $parsed));
    }

    /** @return array<string, array{0: string, 1?: string, 2?: string}> */
    public static function accepted(): array
    {
        $value = self::VALUE;
        $longest = self::SAMPLE . '; x=' . str_repeat('y', 4096 - strlen(self::SAMPLE) - 4);
        return [
            'with spaces' => [self::SAMPLE],
            'without spaces' => [strtr(self::SAMPLE, ['; ' => ';'])],
            'spaces and tabs around the separator' => [strtr(self::SAMPLE, ['; ' => " \t;\t  "])],
            'any order' => ["value=$value; nonce=:; timestamp=1563105451261"],
            'any letter case' => ["TIMESTAMP=1563105451261; Nonce=:; vALUE=$value"],
            'a name of its own' => [self::SAMPLE . '; version=2'],
            'with "=" in it' => ['v==a=; ' . self::SAMPLE],
            'a plus stays a plus' => ["timestamp=1; nonce=a+b%2B; value=$value", '1', 'a+b%2B'],
            'split at the first "="' => ["timestamp=1; nonce==; value=$value", '1', '='],
            'leading zeros stay' => ["timestamp=0001; nonce=:; value=$value", '0001'],
            '19 digits' => ["timestamp=9999999999999999999; nonce=:; value=$value", '9999999999999999999'],
            '4096 bytes' => [$longest],
            '32 parameters' => [self::SAMPLE . ';' . implode('=1;', range(10, 38)) . '=1'],
        ];
    }

    /**
     * @dataProvider refused
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('refused')]
    public function testRefused(string $header, Reason $reason, int $offset, string $message): void
    {
        self::assertRefused($header, $reason, $offset, $message, $header);
    }

    /** @return iterable<string, array{string, Reason, int, string}> */
    public static function refused(): iterable
    {
        [$sample, $value] = [self::SAMPLE, self::VALUE];
        $malformed = static fn (string $header, int $offset, string $message): array
            => [$header, Reason::MalformedHeader, $offset, $message];
        $timestamp = static fn (string $text, int $offset): array
            => ["timestamp=$text; nonce=:; value=$value", Reason::MalformedTimestamp, 10 + $offset, 'the timestamp must be 1 to 19 digits, and at most 9223372036854775807'];
        $digest = static fn (string $text, int $offset, string $message): array
            => ["timestamp=1; nonce=:; value=$text", Reason::MalformedSignature, 28 + $offset, "the signature $message"];
        $end = strlen($sample);
        $pair = 'expected "name=value"';
        $twice = 'a parameter stands twice';
        $letter = 'has a character that does not belong there';

        yield 'empty' => $malformed('', 0, $pair);
        yield 'text' => $malformed('Bearer', 6, $pair);
        yield 'separator only' => $malformed(';', 0, $pair);
        yield 'separator at the end' => $malformed("$sample;", $end + 1, $pair);
        yield 'separator at the start' => $malformed(";$sample", 0, $pair);
        yield 'no name' => $malformed("=1;$sample", 0, $pair);
        yield 'no value' => $malformed("$sample; x=", $end + 4, $pair);
        yield 'no "="' => $malformed("$sample; x", $end + 3, $pair);
        yield 'name that is no token' => $malformed("$sample; x(y=1", $end + 3, $pair);
        yield 'timestamp twice' => $malformed("timestamp=1; $sample", 13, $twice);
        yield 'nonce twice, equal' => $malformed("$sample; nonce=:", $end + 2, $twice);
        yield 'value twice, other case' => $malformed("$sample;VALUE=$value", $end + 1, $twice);
        yield 'own name twice' => $malformed("x=1;$sample;X=1", $end + 5, $twice);
        yield 'timestamp missing' => $malformed("nonce=:; value=$value", 15 + 44, '"timestamp" is missing');
        yield 'nonce missing' => $malformed("timestamp=1; value=$value", 19 + 44, '"nonce" is missing');
        yield 'value missing' => $malformed('timestamp=1; nonce=:', 20, '"value" is missing');
        yield '4097 bytes' => $malformed(str_pad("$sample; x=", 4097, 'y'), 4096, 'the header is longer than 4096 bytes');
        yield 'a megabyte' => $malformed(str_repeat('a', 1 << 20), 4096, 'the header is longer than 4096 bytes');
        yield '33 parameters' => $malformed(
            $sample . ';' . implode('=1;', range(10, 39)) . '=1',
            $end + 29 * 5 + 1,
            'the header has more than 32 parts',
        );
        yield 'space before' => $malformed(" $sample", 0, 'a space is not allowed');
        yield 'space after' => $malformed("$sample ", $end, 'a space is not allowed');
        yield 'space before "="' => $malformed(strtr($sample, ['nonce=' => 'nonce =']), 30, 'a space is not allowed');
        yield 'space after "="' => $malformed(strtr($sample, ['nonce=' => 'nonce= ']), 31, 'a space is not allowed');
        yield 'a plus that became a space' => $malformed(strtr($sample, '+', ' '), 66, 'a space is not allowed');
        yield 'two headers joined' => $malformed("$sample, $sample", $end + 1, 'a space is not allowed');
        foreach ([...range(0x00, 0x08), ...range(0x0a, 0x1f), ...range(0x7f, 0xff)] as $byte) {
            $header = strtr($sample, ['nonce=:' => 'nonce=' . chr($byte)]);
            $what = in_array($byte, [0x0a, 0x0d], true) ? 'a line break' : sprintf('byte 0x%02X', $byte);
            yield sprintf('byte 0x%02X', $byte) => $malformed($header, 31, "$what is not allowed");
        }

        yield 'timestamp with sign' => $timestamp('+1', 0);
        yield 'negative timestamp' => $timestamp('-1', 0);
        yield 'fraction' => $timestamp('1.5', 1);
        yield 'exponent' => $timestamp('1e3', 1);
        yield 'hexadecimal' => $timestamp('0x1', 1);
        yield 'quoted' => $timestamp('"1"', 0);
        yield '20 digits' => $timestamp('12345678901234567890', 19);

        yield 'padding missing' => $digest(rtrim($value, '='), 0, 'must be 44 characters long, 43 found');
        yield 'one "=" more' => $digest("$value=", 0, 'must be 44 characters long, 45 found');
        yield '31 bytes' => $digest(base64_encode(str_repeat("\0", 31)), 0, 'must end in exactly one "="');
        yield 'no "=" but 44 characters' => $digest(substr($value, 0, 43) . 'A', 0, 'must end in exactly one "="');
        yield 'spare bits' => $digest(substr($value, 0, 42) . 'd=', 42, $letter);
        yield 'base64url' => $digest(strtr($value, '+', '-'), strpos($value, '+'), $letter);
        yield 'hex' => $digest(bin2hex(base64_decode($value, true)), 0, 'must be 44 characters long, 64 found');
        yield 'base64 of hex' => $digest(base64_encode(bin2hex(base64_decode($value, true))), 0, 'must be 44 characters long, 88 found');
    }

    private static function assertRefused(string $header, Reason $reason, int $offset, ?string $message, string $what): void
    {
        try {
            hw_parse_header($header);
            self::fail("accepted: $what");
        } catch (MalformedHeaderException $exception) {
            self::assertInstanceOf(HwSignatureException::class, $exception);
            self::assertSame($reason, $exception->getReason(), $what);
            self::assertSame($offset, $exception->getOffset(), $what);
            self::assertStringEndsWith(" (byte $offset)", $exception->getMessage());
            if ($message !== null) {
                self::assertSame("$message (byte $offset)", $exception->getMessage());
            }
        }
    }
}
