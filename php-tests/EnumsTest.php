<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Encoding;
use HwSignature\Reason;
use HwSignature\Tests\Support\ChildPhp;
use HwSignature\Tests\Support\Implementation;
use HwSignature\TimestampFormat;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class EnumsTest extends TestCase
{
    /** Programs store the values and branch on the cases: neither may change. */
    private const CASES = [
        Encoding::class => ['Base64' => 'base64', 'Base64Url' => 'base64-url', 'Hex' => 'hex'],
        TimestampFormat::class => ['Seconds' => 'seconds', 'Milliseconds' => 'milliseconds', 'Rfc3339' => 'rfc3339', 'Iso8601Basic' => 'iso8601-basic'],
        Reason::class => [
            'MissingHeader' => 'missing-header',
            'RepeatedHeader' => 'repeated-header',
            'MalformedHeader' => 'malformed-header',
            'MalformedTimestamp' => 'malformed-timestamp',
            'MalformedNonce' => 'malformed-nonce',
            'MalformedSignature' => 'malformed-signature',
            'MalformedRequest' => 'malformed-request',
            'UnsignedPayload' => 'unsigned-payload',
            'Stale' => 'stale',
            'FromFuture' => 'from-future',
            'UnknownKey' => 'unknown-key',
            'SignatureMismatch' => 'signature-mismatch',
            'Replayed' => 'replayed',
        ],
        Verdict::class => ['Valid' => 'valid', 'Explained' => 'explained', 'Unexplained' => 'unexplained'],
        Cause::class => [
            'HeaderMissing' => 'header-missing',
            'HeaderRepeated' => 'header-repeated',
            'HeaderMalformed' => 'header-malformed',
            'KeyIdUnknown' => 'key-id-unknown',
            'RequestMalformed' => 'request-malformed',
            'DigestIsHex' => 'digest-is-hex',
            'DigestIsBase64' => 'digest-is-base64',
            'DigestIsBase64OfHex' => 'digest-is-base64-of-hex',
            'DigestEncodedTwice' => 'digest-encoded-twice',
            'DigestIsBase64url' => 'digest-is-base64url',
            'DigestHasPrefix' => 'digest-has-prefix',
            'DigestPaddingMissing' => 'digest-padding-missing',
            'DigestPlusBecameSpace' => 'digest-plus-became-space',
            'DigestCaseFolded' => 'digest-case-folded',
            'DigestTruncated' => 'digest-truncated',
            'KeyHasWhitespace' => 'key-has-whitespace',
            'KeyHasBom' => 'key-has-bom',
            'KeyHasInvisible' => 'key-has-invisible',
            'KeyHasPrefix' => 'key-has-prefix',
            'KeyHasQuotes' => 'key-has-quotes',
            'KeyCaseDiffers' => 'key-case-differs',
            'KeyIsBase64Text' => 'key-is-base64-text',
            'KeyIsHexText' => 'key-is-hex-text',
            'KeyWasDecoded' => 'key-was-decoded',
            'KeyIsEscaped' => 'key-is-escaped',
            'KeyWasExpanded' => 'key-was-expanded',
            'KeyTruncated' => 'key-truncated',
            'KeyCharsetDiffers' => 'key-charset-differs',
            'KeyWasHashed' => 'key-was-hashed',
            'KeyIsKeyId' => 'key-is-key-id',
            'KeyIsDerived' => 'key-is-derived',
            'KeyIsPlaceholder' => 'key-is-placeholder',
            'PayloadTrailingNewline' => 'payload-trailing-newline',
            'PayloadTrimmed' => 'payload-trimmed',
            'PayloadBom' => 'payload-bom',
            'PayloadCrlf' => 'payload-crlf',
            'PayloadEmpty' => 'payload-empty',
            'PayloadFieldOnly' => 'payload-field-only',
            'PayloadSlashesEscaped' => 'payload-slashes-escaped',
            'PayloadUnicodeEscaped' => 'payload-unicode-escaped',
            'PayloadCharsetDiffers' => 'payload-charset-differs',
            'PayloadReserialized' => 'payload-reserialized',
            'PayloadLinesJoined' => 'payload-lines-joined',
            'PayloadEscaped' => 'payload-escaped',
            'PayloadEncoded' => 'payload-encoded',
            'PayloadIsObjectText' => 'payload-is-object-text',
            'PayloadHashDiffers' => 'payload-hash-differs',
            'PayloadIsElsewhere' => 'payload-is-elsewhere',
            'NonceOmitted' => 'nonce-omitted',
            'NonceDiffers' => 'nonce-differs',
            'TimestampOmitted' => 'timestamp-omitted',
            'TimestampDiffers' => 'timestamp-differs',
            'MethodDiffers' => 'method-differs',
            'TargetDiffers' => 'target-differs',
            'PathTrailingSlash' => 'path-trailing-slash',
            'PathSlashesMerged' => 'path-slashes-merged',
            'PathDecoded' => 'path-decoded',
            'PathNotCanonical' => 'path-not-canonical',
            'PathPrefix' => 'path-prefix',
            'QueryNotCanonical' => 'query-not-canonical',
            'HeaderDiffers' => 'header-differs',
            'HeadersNotCanonical' => 'headers-not-canonical',
            'CanonicalRequestDiffers' => 'canonical-request-differs',
            'NumericAddition' => 'numeric-addition',
            'SeparatorDiffers' => 'separator-differs',
            'OrderDiffers' => 'order-differs',
            'AlgorithmPlainHash' => 'algorithm-plain-hash',
            'AlgorithmArgumentsSwapped' => 'algorithm-arguments-swapped',
            'AlgorithmSha1' => 'algorithm-sha1',
            'AlgorithmSha384' => 'algorithm-sha384',
            'AlgorithmSha512' => 'algorithm-sha512',
            'AlgorithmMd5' => 'algorithm-md5',
            'AlgorithmSha224' => 'algorithm-sha224',
            'AlgorithmHashedTwice' => 'algorithm-hashed-twice',
            'AlgorithmHasNoKey' => 'algorithm-has-no-key',
            'OtherProfile' => 'other-profile',
            'TimestampSecondsNotMilliseconds' => 'timestamp-seconds-not-milliseconds',
            'TimestampMillisecondsNotSeconds' => 'timestamp-milliseconds-not-seconds',
            'TimestampStale' => 'timestamp-stale',
            'TimestampFromFuture' => 'timestamp-from-future',
        ],
    ];

    public function testTheListHasEveryEnum(): void
    {
        $classes = Implementation::classes();
        $enums = array_filter($classes, static fn (\ReflectionClass $class): bool => $class->isEnum());

        self::assertEqualsCanonicalizing(array_keys(self::CASES), array_keys($enums));
    }

    /**
     * @dataProvider enums
     *
     * @param class-string<\BackedEnum> $enum
     * @param array<string, string> $cases
     */
    #[DataProvider('enums')]
    public function testCasesAndValues(string $enum, array $cases): void
    {
        self::assertSame($cases, array_column($enum::cases(), 'value', 'name'));
        foreach ($cases as $name => $value) {
            $case = constant("$enum::$name");
            self::assertSame($case, $enum::from($value));
            self::assertSame($case, unserialize(serialize($case)));
            self::assertSame("\"$value\"", json_encode($case));
            self::assertSame("\\$enum::$name", var_export($case, true));
        }
    }

    /**
     * @dataProvider names
     *
     * @param class-string<\BackedEnum> $enum
     */
    #[DataProvider('names')]
    public function testNothingElseIsACase(string $enum): void
    {
        foreach (['', 'nope', 'BASE64', 'Stale', "stale\0", ' stale'] as $value) {
            self::assertNull($enum::tryFrom($value));
        }
        $this->expectException(\ValueError::class);
        $enum::from('nope');
    }

    /**
     * @dataProvider names
     *
     * @param class-string<\BackedEnum> $enum
     */
    #[DataProvider('names')]
    public function testAnEnumCannotBeMadeClonedOrExtended(string $enum): void
    {
        $case = $enum::cases()[0];
        $attempts = [
            static fn () => new $enum(),
            static fn () => (new \ReflectionClass($enum))->newInstanceWithoutConstructor(),
            static function () use ($case): void {
                $case->other = 1;
            },
            static function () use ($case): void {
                $case->value = 'other';
            },
        ];
        if (!self::letsItsOwnBeCloned()) {
            $attempts[] = static fn () => clone $case;
        }
        foreach ($attempts as $attempt) {
            try {
                $attempt();
                self::fail('not refused');
            } catch (\Error $error) {
                self::assertStringContainsString($enum, $error->getMessage());
            }
        }
        self::assertSame(255, ChildPhp::run("<?php class Heir extends $enum {}")->exitCode);
    }

    /** Whether this PHP lets the enums of extensions be cloned, as 8.3 does, and 8.4 did. */
    private static function letsItsOwnBeCloned(): bool
    {
        $own = 'Random\IntervalBoundary::ClosedOpen';
        try {
            return defined($own) && clone constant($own) instanceof \UnitEnum;
        } catch (\Error) {
            return false;
        }
    }

    /** @return array<class-string, array{class-string, array<string, string>}> */
    public static function enums(): array
    {
        return array_combine(array_keys(self::CASES), array_map(null, array_keys(self::CASES), self::CASES));
    }

    /** @return array<class-string, array{class-string}> */
    public static function names(): array
    {
        return array_map(static fn (array $enum): array => [$enum[0]], self::enums());
    }
}
