<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\MalformedHeaderException;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Thrown;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class ExceptionsTest extends TestCase
{
    private const VALUE = 'E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=';
    private const HEADER = 'timestamp=1563105451261; nonce=:; value=' . self::VALUE;

    private const PARENTS = [
        HwSignatureException::class => \Exception::class,
        MalformedHeaderException::class => HwSignatureException::class,
        SignatureRejectedException::class => HwSignatureException::class,
        ReplayGuardException::class => HwSignatureException::class,
    ];

    public function testTheFamily(): void
    {
        foreach (self::PARENTS as $class => $parent) {
            $reflection = new \ReflectionClass($class);
            self::assertSame($parent, $reflection->getParentClass()->getName());
            self::assertFalse($reflection->isFinal());
            self::assertTrue($reflection->isInstantiable());
        }
        $ours = array_filter(
            Implementation::classes(),
            static fn (\ReflectionClass $class): bool => $class->isSubclassOf(\Throwable::class),
        );
        self::assertEqualsCanonicalizing(array_keys(self::PARENTS), array_keys($ours));
    }

    /**
     * @dataProvider thrown
     */
    #[DataProvider('thrown')]
    public function testWhatIsThrownSaysWhere(string $class, \Closure $throw, int $line): void
    {
        $thrown = Thrown::by($throw);

        self::assertSame($class, get_class($thrown));
        self::assertSame(__FILE__, $thrown->getFile());
        self::assertSame($line, $thrown->getLine());
        self::assertSame(0, $thrown->getCode());
        self::assertNotSame('', $thrown->getMessage());
        self::assertSame('HwSignature\Tests\ExceptionsTest', $thrown->getTrace()[1]['class']);
        self::assertStringContainsString('#0 ' . __FILE__ . "($line): ", $thrown->getTraceAsString());
        self::assertStringContainsString(__FILE__ . ":$line", (string) $thrown);
    }

    /** @return array<string, array{class-string, \Closure, int}> */
    public static function thrown(): array
    {
        $verifier = self::verifier();
        $guarded = self::verifier(self::bad(...));
        $finished = self::signer()->stream();
        $finished->finish();
        return [
            'malformed' => [MalformedHeaderException::class, static fn () => hw_parse_header(''), __LINE__],
            'rejected' => [SignatureRejectedException::class, static fn () => $verifier->verify([], ''), __LINE__],
            'rejected stream' => [SignatureRejectedException::class, static fn () => $verifier->stream([]), __LINE__],
            'guard' => [ReplayGuardException::class, static fn () => $guarded->verify(self::signer()->sign(''), ''), __LINE__],
            'finished' => [HwSignatureException::class, static fn () => $finished->finish(), __LINE__],
        ];
    }

    public function testWhatTheReplayGuardThrewIsThePreviousException(): void
    {
        $thrown = Thrown::by(static fn () => self::verifier(self::bad(...))->isValid(self::signer()->sign(''), ''));

        self::assertInstanceOf(ReplayGuardException::class, $thrown);
        self::assertSame('the replay guard failed', $thrown->getMessage());
        self::assertInstanceOf(\DomainException::class, $thrown->getPrevious());
        self::assertSame('the store is down', $thrown->getPrevious()->getMessage());
        self::assertNull($thrown->getPrevious()->getPrevious());
    }

    /**
     * @dataProvider classes
     */
    #[DataProvider('classes')]
    public function testAnyoneCanMakeOneAndThrowIt(string $class): void
    {
        $previous = new \LogicException('cause');
        $line = __LINE__ + 1;
        $exception = new $class(previous: $previous, message: 'text', code: 7);

        self::assertSame('text', $exception->getMessage());
        self::assertSame(7, $exception->getCode());
        self::assertSame($previous, $exception->getPrevious());
        self::assertSame([__FILE__, $line], [$exception->getFile(), $exception->getLine()]);
        self::assertSame($exception, Thrown::by(static fn () => throw $exception));

        $empty = new $class();
        self::assertSame(['', 0, null], [$empty->getMessage(), $empty->getCode(), $empty->getPrevious()]);
    }

    /** @return array<string, array{class-string}> */
    public static function classes(): array
    {
        $classes = array_keys(self::PARENTS);
        return array_combine($classes, array_map(static fn (string $class): array => [$class], $classes));
    }

    public function testReasonAndOffsetOfOnesOwn(): void
    {
        $malformed = new MalformedHeaderException('text', reason: Reason::MalformedNonce, offset: 12);
        self::assertSame([Reason::MalformedNonce, 12], [$malformed->getReason(), $malformed->getOffset()]);

        $onlyOffset = new MalformedHeaderException(offset: PHP_INT_MAX);
        self::assertSame([Reason::MalformedHeader, PHP_INT_MAX], [$onlyOffset->getReason(), $onlyOffset->getOffset()]);

        $rejected = new SignatureRejectedException('text', 0, null, Reason::Replayed);
        self::assertSame(Reason::Replayed, $rejected->getReason());
        self::assertSame(Reason::SignatureMismatch, (new SignatureRejectedException())->getReason());
    }

    public function testHeirsThatCallTheParentsConstructor(): void
    {
        $malformed = new class ('text') extends MalformedHeaderException {
            public string $ours = 'ours';

            public function __construct(string $message)
            {
                parent::__construct($message, offset: 3, reason: Reason::MalformedTimestamp);
            }
        };
        $rejected = new class () extends SignatureRejectedException {
            public array $ours = ['ours'];
        };

        self::assertSame(['text', 3, 'ours'], [$malformed->getMessage(), $malformed->getOffset(), $malformed->ours]);
        self::assertSame(Reason::MalformedTimestamp, $malformed->getReason());
        self::assertSame([Reason::SignatureMismatch, ['ours']], [$rejected->getReason(), $rejected->ours]);
    }

    public function testHeirsThatDoNotCallTheParentsConstructor(): void
    {
        $malformed = new class () extends MalformedHeaderException {
            public string $ours = 'ours';

            public function __construct()
            {
            }
        };
        $rejected = new class () extends SignatureRejectedException {
            public function __construct()
            {
            }
        };

        self::assertSame([Reason::MalformedHeader, 0], [$malformed->getReason(), $malformed->getOffset()]);
        self::assertSame(Reason::SignatureMismatch, $rejected->getReason());
        self::assertSame([__FILE__, 'ours'], [$malformed->getFile(), $malformed->ours]);
        self::assertSame($malformed, Thrown::by(static fn () => throw $malformed));
    }

    public function testHeirsThatSetThePropertiesThemselves(): void
    {
        $malformed = new class () extends MalformedHeaderException {
            protected Reason $reason = Reason::Stale;

            public function __construct()
            {
                $this->offset = 5;
            }

            public function forget(): void
            {
                unset($this->reason, $this->offset);
            }
        };

        self::assertSame([Reason::Stale, 5], [$malformed->getReason(), $malformed->getOffset()]);
        $malformed->forget();
        self::assertSame([Reason::MalformedHeader, 0], [$malformed->getReason(), $malformed->getOffset()]);
    }

    /**
     * @dataProvider malformedHeaders
     */
    #[DataProvider('malformedHeaders')]
    public function testAMalformedHeaderSaysWhatAndAtWhichByte(
        string $header,
        int $offset,
        string $message,
        Reason $reason = Reason::MalformedHeader,
    ): void {
        $thrown = Thrown::by(static fn () => hw_parse_header($header));

        self::assertInstanceOf(MalformedHeaderException::class, $thrown);
        self::assertSame("$message (byte $offset)", $thrown->getMessage());
        self::assertSame([$offset, $reason], [$thrown->getOffset(), $thrown->getReason()]);
    }

    /** @return array<string, array{0: string, 1: int, 2: string, 3?: Reason}> */
    public static function malformedHeaders(): array
    {
        $parameter = 'expected "name=value"';
        $twice = 'a parameter stands twice';
        $digits = ['the timestamp must be 1 to 19 digits, and at most 9223372036854775807', Reason::MalformedTimestamp];
        $length = static fn (int $found): array
            => ["the signature must be 44 characters long, $found found", Reason::MalformedSignature];
        $character = ['the signature has a character that does not belong there', Reason::MalformedSignature];
        $timestamp = static fn (string $text): string => str_replace('1563105451261', $text, self::HEADER);
        $value = static fn (string $text): string => str_replace(self::VALUE, $text, self::HEADER);
        $byte = static fn (string $byte): string => match ($byte) {
            ' ' => 'a space',
            "\t" => 'a tab',
            "\r", "\n" => 'a line break',
            default => 'byte 0x' . strtoupper(bin2hex($byte)),
        } . ' is not allowed';

        return [
            'empty' => ['', 0, $parameter],
            'no equals sign' => ['timestamp', 9, $parameter],
            'no name' => ['=1', 0, $parameter],
            'no value' => ['timestamp=; nonce=:; value=' . self::VALUE, 10, $parameter],
            'name that is no token' => ['t(=1', 1, $parameter],
            'semicolon at the end' => [self::HEADER . ';', 85, $parameter],
            'timestamp missing' => ['nonce=:; value=x', 16, '"timestamp" is missing'],
            'nonce missing' => ['timestamp=1; value=x', 20, '"nonce" is missing'],
            'value missing' => ['timestamp=1; nonce=:', 20, '"value" is missing'],
            'timestamp twice' => ['timestamp=1; ' . self::HEADER, 13, $twice],
            'nonce twice, in another letter case' => [self::HEADER . '; Nonce=:', 86, $twice],
            'unknown name twice' => [self::HEADER . '; x=1; X=1', 91, $twice],
            'header twice, joined by a comma' => [self::HEADER . ', ' . self::HEADER, 85, $byte(' ')],
            'white space at the start' => [' ' . self::HEADER, 0, $byte(' ')],
            'white space at the end' => [self::HEADER . "\t", 84, $byte("\t")],
            'white space before the equals sign' => ['timestamp =1; nonce=:', 9, $byte(' ')],
            'zero byte' => ["timestamp=1\0; nonce=:", 11, $byte("\0")],
            'line feed' => [self::HEADER . "\r\nX: y", 84, $byte("\r")],
            'delete' => ["timestamp=1; nonce=\x7f", 19, $byte("\x7f")],
            'beyond ASCII' => ["timestamp=1; nonce=\u{e9}", 19, $byte("\xc3")],
            'negative timestamp' => [$timestamp('-1'), 10, ...$digits],
            'fraction' => [$timestamp('1.5'), 11, ...$digits],
            'hexadecimal timestamp' => [$timestamp('0x1'), 11, ...$digits],
            '20 digits' => [$timestamp('12345678901234567890'), 29, ...$digits],
            'padding lost' => [$value(substr(self::VALUE, 0, 43)), 40, ...$length(43)],
            'padding doubled' => [$value(self::VALUE . '='), 40, ...$length(45)],
            'hex' => [$value(str_repeat('ab', 32)), 40, ...$length(64)],
            'spare bits' => [$value(substr(self::VALUE, 0, 42) . 'd='), 82, ...$character],
            'base64url' => [$value(strtr(self::VALUE, '+', '-')), 66, ...$character],
            'percent-encoded' => [$value(strtr(self::VALUE, ['+' => '%2B'])), 40, ...$length(48)],
            '4097 bytes' => [str_pad(self::HEADER . '; x=', 4097, 'y'), 4096, 'the header is longer than 4096 bytes'],
            '33 parameters' => [
                self::HEADER . implode('', array_map(static fn (int $n): string => ";p$n=1", range(10, 39))),
                strlen(self::HEADER) + 29 * strlen(';p10=1') + 1,
                'the header has more than 32 parts',
            ],
        ];
    }

    public function testNoMessageQuotesWhatWasSent(): void
    {
        $poison = 'poison';
        $headers = [
            $poison,
            "$poison=1; $poison=2",
            "timestamp=$poison; nonce=:; value=x",
            "timestamp=1; nonce=:; value=$poison",
        ];
        foreach ($headers as $header) {
            $malformed = Thrown::by(static fn () => hw_parse_header($header));
            $rejected = Thrown::by(static fn () => (new Verifier(Profile::named('huawei-push'), [Key::fromBytes('k')]))
                ->verify(['X-HW-SIGNATURE' => $header], '', $poison, "/$poison"));

            self::assertStringNotContainsString($poison, $malformed->getMessage());
            self::assertStringNotContainsString($poison, $rejected->getMessage());
        }
    }

    private static function signer(): Signer
    {
        return new Signer(Profile::named('django'), Key::fromBytes('secret'));
    }

    private static function verifier(?\Closure $claim = null): Verifier
    {
        return new Verifier(Profile::named('django'), [Key::fromBytes('secret')], claim: $claim);
    }

    private static function bad(): bool
    {
        throw new \DomainException('the store is down');
    }
}
