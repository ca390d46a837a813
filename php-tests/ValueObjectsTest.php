<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Diagnosis;
use HwSignature\Encoding;
use HwSignature\Finding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureHeader;
use HwSignature\Signer;
use HwSignature\SigningStream;
use HwSignature\Tests\Support\ChildPhp;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Thrown;
use HwSignature\TimestampFormat;
use HwSignature\Verified;
use HwSignature\Verifier;
use HwSignature\VerifyingStream;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What an object of the extension is stays what it is.
 */
final class ValueObjectsTest extends TestCase
{
    private const HEADER = 'timestamp=1563105451261; nonce=:; value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=';
    private const HEADER_DATA = [
        'timestamp' => '1563105451261',
        'nonce' => ':',
        'value' => 'E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=',
    ];
    private const VERIFIED_DATA = [
        'keyId' => 'client-7',
        'keyIndex' => 1,
        'timestamp' => 1800000000,
        'nonce' => '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80',
        'replayIds' => ['d2782fd5426eff5d6759f0aaa2bb124f81b9f5315d70b1b978b2240e3009c4ec'],
        'claimSeconds' => 591,
        'age' => 10,
    ];
    private const KEY_DATA = ['id' => 'client-7', 'fingerprint' => '078fdd06b5eff157a4175916f9c33765'];

    public function testTheDataOfAHeader(): void
    {
        $header = hw_parse_header(self::HEADER);

        self::assertSame(self::HEADER_DATA, get_object_vars($header));
        self::assertSame(base64_decode($header->value, true), $header->digest());
        self::assertSame(self::HEADER, (string) $header);
        self::assertEquals($header, hw_parse_header((string) $header));
    }

    public function testTheDataOfAVerifiedRequest(): void
    {
        self::assertSame(self::VERIFIED_DATA, get_object_vars(self::verified()));
    }

    public function testWhatAProfileHasNotIsNull(): void
    {
        $profile = Profile::named('django');
        $key = Key::fromBytes('secret');
        $verified = (new Verifier($profile, [$key]))->verify((new Signer($profile, $key))->sign(''), '');

        self::assertNull($verified->keyId);
        self::assertNull($verified->nonce);
        self::assertSame(0, $verified->keyIndex);
    }

    public function testVarDumpShowsTheDataOfAValueObject(): void
    {
        $header = hw_parse_header(self::HEADER);
        $key = Key::fromBytes('secret', 'client-7');
        $objects = [[$header, self::HEADER_DATA], [self::verified(), self::VERIFIED_DATA], [$key, self::KEY_DATA]];
        foreach ($objects as [$object, $data]) {
            ob_start();
            var_dump($object);
            $dump = ob_get_clean();

            foreach ($data as $name => $value) {
                $shown = match (true) {
                    is_int($value) => "int($value)\n",
                    is_array($value) => "array(1) {\n    [0]=>\n    string(64) \"$value[0]\"\n",
                    default => 'string(' . strlen($value) . ") \"$value\"\n",
                };
                self::assertStringContainsString("[\"$name\"]=>\n  $shown", $dump);
            }
            self::assertSame($data, json_decode(json_encode($object), true));
        }
    }

    public function testVarDumpShowsNothingOfAnOpaqueObject(): void
    {
        foreach ([Signer::class, SigningStream::class] as $class) {
            self::assertSame([], (array) self::all()[$class]);
        }
    }

    public function testADumpOfAProfileShowsItsRow(): void
    {
        foreach (Profile::names() as $name) {
            $profile = Profile::named($name);
            self::assertSame($profile->describe(), (array) $profile);
            ob_start();
            var_dump($profile);
            $shown = ob_get_clean();
            ob_start();
            var_dump($profile->describe());
            $row = preg_replace('/\Aarray\(/', 'object(HwSignature\Profile)#' . spl_object_id($profile) . ' (', ob_get_clean());
            self::assertSame($row, $shown);
            self::assertSame(json_encode($profile->describe()), json_encode($profile));
        }
    }

    /** What an application that compares its parts in tests would take for the same. */
    public function testKeysAndProfilesThatDifferAreNotEqual(): void
    {
        $django = Profile::named('django');
        $custom = static fn (int $tolerance): Profile => new Profile(...['tolerance' => $tolerance] + $django->describe());
        $pairs = [
            [Key::fromBytes('a'), Key::fromBytes('b')],
            [Key::fromBytes('a', 'x'), Key::fromBytes('a', 'y')],
            [Key::fromBytes('a', 'x'), Key::fromBytes('a')],
            [$django, Profile::named('nextcloud')],
            [$django, $django->withEncoding(Encoding::Base64)],
            [$django, $custom(59)],
        ];
        foreach ($pairs as [$one, $other]) {
            try {
                self::assertEquals($one, $other);
            } catch (\PHPUnit\Framework\ExpectationFailedException) {
                continue;
            }
            self::fail('taken for equal: ' . print_r([$one, $other], true));
        }
        self::assertEquals(Key::fromBytes('a', 'x'), Key::fromHex('61', 'x'));
        self::assertEquals($django, $custom(60));
    }

    /**
     * @dataProvider classes
     */
    #[DataProvider('classes')]
    public function testNothingCanBeWritten(string $class): void
    {
        $object = self::all()[$class];
        foreach (get_object_vars($object) as $name => $value) {
            $message = "readonly property $class::\$$name";
            self::assertRefused($message, static function () use ($object, $name): void {
                $object->$name = 'other';
            });
            // PHP hands out a reference to a copy of what is an object already, and so does not complain.
            $refer = static function () use ($object, $name): void {
                $reference = &$object->$name;
                $reference = 'other';
            };
            is_object($value) ? $refer() : self::assertRefused($message, $refer);
            self::assertRefused($message, static function () use ($object, $name): void {
                unset($object->$name);
            });
            self::assertRefused($message, static function () use ($class, $object, $name, $value): void {
                (new \ReflectionProperty($class, $name))->setValue($object, $value);
            });
        }
        if (get_object_vars($object) !== []) {
            self::assertRefused("readonly property $class::\$", static function () use ($object): void {
                foreach ($object as &$value) {
                    $value = 'other';
                }
            });
        }
        self::assertRefused("Cannot create dynamic property $class::\$other", static function () use ($object): void {
            $object->other = 'value';
        });
        self::assertEquals(get_object_vars(self::all()[$class]), get_object_vars($object));
    }

    /** PHP itself lets some of its functions past `readonly`: objects of the extension are no weaker than others. */
    public function testFunctionsThatReachPastReadonlyReachNoFurtherHere(): void
    {
        $reach = [
            'array_walk' => static fn (object $object) => array_walk($object, static function (mixed &$value): void {
                $value = 'other';
            }),
            'ArrayObject' => static function (object $object): void {
                $array = @new \ArrayObject($object); // deprecated since PHP 8.5
                $array['nonce'] = 'other';
            },
        ];
        foreach ($reach as $name => $action) {
            $plain = new class (...self::HEADER_DATA) {
                public function __construct(
                    public readonly string $timestamp,
                    public readonly string $nonce,
                    public readonly string $value,
                ) {
                }
            };
            $header = hw_parse_header(self::HEADER);
            $thrown = [];
            foreach ([$plain, $header] as $object) {
                try {
                    $action($object);
                    $thrown[] = 'nothing';
                } catch (\Error $error) {
                    $thrown[] = str_replace(get_class($object), 'it', $error->getMessage());
                }
            }

            self::assertSame($thrown[0], $thrown[1], $name);
            self::assertSame(get_object_vars($plain), get_object_vars($header), $name);
        }
    }

    /** Whatever stands in the properties then, the methods answer or throw. */
    public function testAHeaderWhoseDataWasOverwrittenDoesNoHarm(): void
    {
        foreach (['other', 7, null, [], new \stdClass()] as $other) {
            $header = hw_parse_header(self::HEADER);
            try {
                array_walk($header, static function (mixed &$value) use ($other): void {
                    $value = $other;
                });
            } catch (\Error) {
                // Refused by a PHP that guards its readonly properties better.
            }
            foreach ([$header->digest(...), $header->__toString(...)] as $method) {
                try {
                    self::assertIsString($method());
                } catch (\Error $error) {
                    self::assertSame('The object has not been initialized', $error->getMessage());
                }
            }
        }
    }

    /**
     * @dataProvider classes
     */
    #[DataProvider('classes')]
    public function testTheClassCannotBeExtended(string $class): void
    {
        self::assertTrue((new \ReflectionClass($class))->isFinal());

        $run = ChildPhp::run("<?php eval('class Heir extends $class {}');");

        self::assertSame(255, $run->exitCode);
        self::assertMatchesRegularExpression('/Heir (may not inherit from|cannot extend) final class/', $run->output);
    }

    /**
     * @dataProvider classes
     */
    #[DataProvider('classes')]
    public function testItCannotBeSerialized(string $class): void
    {
        $object = self::all()[$class];

        self::assertRefused("Serialization of '$class' is not allowed", static fn () => serialize($object));
        $formats = ['O:%d:"%s":0:{}', 'O:%d:"%s":1:{s:5:"nonce";s:1:"x";}', 'C:%d:"%s":0:{}'];
        // PHP makes an object without its data of the last one, and warns, when the class is written in PHP.
        foreach (Implementation::isLibrary() ? array_slice($formats, 0, 2) : $formats as $format) {
            $text = sprintf($format, strlen($class), $class);
            self::assertRefused("Unserialization of '$class' is not allowed", static fn () => unserialize($text));
        }
    }

    /**
     * @dataProvider madeElsewhere
     */
    #[DataProvider('madeElsewhere')]
    public function testNewIsRefusedWhereTheExtensionMakesTheObjects(string $class): void
    {
        $scope = self::class;
        self::assertRefused("Call to private $class::__construct() from scope $scope", static fn () => new $class());
        self::assertFalse((new \ReflectionClass($class))->isInstantiable());
    }

    /** @return array<string, array{class-string}> */
    public static function madeElsewhere(): array
    {
        $classes = [SignatureHeader::class, Verified::class, Key::class, SigningStream::class, VerifyingStream::class];
        return array_combine($classes, array_map(static fn (string $class): array => [$class], $classes));
    }

    public function testACloneOfAValueObjectIsTheSameAndNothingElseCanBeCloned(): void
    {
        foreach (self::all() as $class => $object) {
            if (!($object instanceof Diagnosis || $object instanceof Key) && self::isValueObject($object)) {
                $clone = clone $object;
                self::assertNotSame($object, $clone);
                self::assertSame(get_object_vars($object), get_object_vars($clone));
                $name = array_key_last(get_object_vars($clone));
                self::assertRefused('readonly property', static function () use ($clone, $name): void {
                    $clone->$name = 'other';
                });
            } else {
                $message = "Trying to clone an uncloneable object of class $class";
                self::assertRefused($message, static fn () => clone $object);
            }
        }
    }

    /**
     * @dataProvider classes
     */
    #[DataProvider('classes')]
    public function testAnObjectThatReflectionMadeWithoutItsDataThrows(string $class): void
    {
        $methods = [
            'isValid' => [[], ''], 'verify' => [[], ''], 'sign' => [''], 'update' => [''],
            'withEncoding' => [Encoding::Hex],
            'stream' => $class === Verifier::class ? [[]] : [],
        ];
        try {
            $empty = (new \ReflectionClass($class))->newInstanceWithoutConstructor();
        } catch (\ReflectionException $refused) {
            self::assertStringContainsString('cannot be instantiated without', $refused->getMessage());
            return;
        }
        foreach ((new \ReflectionClass($class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
            if (!$method->isStatic() && !$method->isConstructor() && !Implementation::isPlumbing($method)) {
                $call = static fn () => $method->invoke($empty, ...$methods[$method->getName()] ?? []);
                self::assertRefused('The object has not been initialized', $call);
            }
        }
        self::assertSame([], get_object_vars($empty));
        $property = (new \ReflectionClass($class))->getProperties()[0]->getName();
        $refusal = Implementation::isLibrary() ? '/before initialization|private property/' : '/before initialization/';
        self::assertMatchesRegularExpression($refusal, Thrown::by(static fn () => $empty->$property)->getMessage());
    }

    public function testOpaqueObjectsAreEqualToNothingButThemselves(): void
    {
        foreach (self::all() as $object) {
            // Profiles of the library are compared by their rows.
            if (!self::isValueObject($object) && !(Implementation::isLibrary() && $object instanceof Profile)) {
                $other = self::all()[get_class($object)];
                self::assertTrue($object == $object);
                self::assertFalse($object == $other);
                self::assertFalse(in_array($object, [$other]));
            }
        }
    }

    public function testNobodyReachesTheReplayGuardFromOutside(): void
    {
        $profile = Profile::named('django');
        $key = Key::fromBytes('secret');
        $verifier = new Verifier($profile, [$key], claim: static fn (): bool => false);
        try {
            array_walk($verifier, static function (mixed &$value): void {
                $value = null;
            });
        } catch (\Error) {
            // Refused is fine.
        }

        self::assertFalse($verifier->isValid((new Signer($profile, $key))->sign(''), ''));
    }

    public function testAPrivateMethodThatItsOwnClassGivesIsAReplayGuard(): void
    {
        $profile = Profile::named('django');
        $key = Key::fromBytes('secret');
        $application = new class () {
            public function verifier(Profile $profile, Key $key): Verifier
            {
                return new Verifier($profile, [$key], claim: [$this, 'claim']);
            }

            private function claim(string $id, int $ttl): bool
            {
                return true;
            }
        };

        self::assertTrue($application->verifier($profile, $key)->isValid((new Signer($profile, $key))->sign(''), ''));
    }

    public function testASecondConstructionIsRefusedAndChangesNothing(): void
    {
        $django = Profile::named('django');
        $key = Key::fromBytes('secret');
        $other = Key::fromBytes('other');
        $custom = new Profile('custom', '{payload}', ['X-S' => '{signature}'], Encoding::Hex);
        $signer = new Signer($django, $key);
        $claimed = [];
        $claim = static function (string $id) use (&$claimed): bool {
            $claimed[] = $id;
            return true;
        };
        $verifier = new Verifier($django, [$key], claim: $claim);
        $headers = $signer->sign('payload', timestamp: 1800000000);

        foreach ([$custom, Profile::named('nextcloud')] as $profile) {
            $before = $profile->describe();
            self::assertRefused(
                'Cannot construct an object of class HwSignature\Profile twice',
                static fn () => $profile->__construct('new', '{payload}', ['X-N' => '{signature}'], Encoding::Base64),
            );
            self::assertSame($before, $profile->describe());
        }

        self::assertRefused(
            'Cannot construct an object of class HwSignature\Signer twice',
            static fn () => $signer->__construct($custom, $other),
        );
        self::assertSame($headers, $signer->sign('payload', timestamp: 1800000000));

        self::assertRefused(
            'Cannot construct an object of class HwSignature\Verifier twice',
            static fn () => $verifier->__construct($custom, [$other], 1, static fn () => false),
        );
        self::assertTrue($verifier->isValid($headers, 'payload', now: 1800000000));
        self::assertCount(1, $claimed);
    }

    public function testAVerifierWhoseConstructionWasOvertakenKeepsWhatItHas(): void
    {
        $django = Profile::named('django');
        [$key, $other] = [Key::fromBytes('secret'), Key::fromBytes('other')];
        $headers = (new Signer($django, $key))->sign('payload');

        [$verifier, $late] = self::suspended(Verifier::class, [$django, [$other], 30.5, static fn (): bool => false]);
        // The late constructor comes to its end while the verifier is in use.
        $thrown = null;
        $verifier->__construct($django, [$key], claim: static function () use ($late, &$thrown): bool {
            $thrown ??= Thrown::by($late->resume(...));
            return true;
        });

        self::assertTrue($verifier->isValid($headers, 'payload'));
        self::assertSame('Cannot construct an object of class HwSignature\Verifier twice', $thrown?->getMessage());
        self::assertTrue($verifier->isValid($headers, 'payload'));
    }

    public function testAProfileWhoseConstructionWasOvertakenKeepsWhatItHas(): void
    {
        $headers = ['X-T' => '{timestamp}', 'X-S' => '{signature}'];
        $row = ['late', '{timestamp}.{payload}', $headers, Encoding::Hex, TimestampFormat::Seconds, 30.5];

        [$profile, $late] = self::suspended(Profile::class, $row);
        $profile->__construct('timely', '{payload}', ['X-S' => '{signature}'], Encoding::Hex);
        $before = $profile->describe();

        self::assertRefused('Cannot construct an object of class HwSignature\Profile twice', $late->resume(...));
        self::assertSame($before, $profile->describe());
    }

    /**
     * An object whose constructor waits in a fiber, in an error handler that a conversion of an argument has called.
     *
     * @return array{object, \Fiber}
     */
    private static function suspended(string $class, array $arguments): array
    {
        $weakCall = require __DIR__ . '/support/weak_call.php';
        $fiber = new \Fiber(static function () use ($weakCall, $class, $arguments): void {
            set_error_handler(static function (): bool {
                \Fiber::suspend(debug_backtrace()[1]['object']);
                return true;
            });
            try {
                $weakCall($class, $arguments);
            } finally {
                restore_error_handler();
            }
        });
        return [$fiber->start(), $fiber];
    }

    public function testTheConstructorOfAnObjectThatIsMadeElsewhereStaysPrivate(): void
    {
        foreach (array_keys(self::madeElsewhere()) as $class) {
            $object = self::all()[$class];
            $before = get_object_vars($object);
            self::assertRefused("Call to private method $class::__construct()", static fn () => $object->__construct());
            try {
                (new \ReflectionMethod($class, '__construct'))->invoke($object);
            } catch (\Error $error) {
                self::assertStringContainsString($class, $error->getMessage());
            }
            self::assertSame($before, get_object_vars($object));
        }
    }

    /** @return array<string, array{class-string}> */
    public static function classes(): array
    {
        $classes = array_keys(self::all());
        return array_combine($classes, array_map(static fn (string $class): array => [$class], $classes));
    }

    /** @return array<class-string, object> one object of every class that is neither enum nor exception */
    private static function all(): array
    {
        $key = Key::fromBytes('secret');
        $profile = Profile::named('django');
        $signer = new Signer($profile, $key);
        $verifier = new Verifier($profile, [$key]);
        $objects = [
            hw_parse_header(self::HEADER), self::verified(), $key, $profile, $signer, $signer->stream(), $verifier,
            $verifier->stream($signer->sign('')),
        ];
        if (!Implementation::isLibrary()) {
            array_push($objects, $diagnosis = hw_diagnose([], '', 'secret'), $diagnosis->findings[0]);
        }
        return array_combine(array_map(get_class(...), $objects), $objects);
    }

    private static function isValueObject(object $object): bool
    {
        return in_array($object::class, [SignatureHeader::class, Verified::class, Diagnosis::class, Finding::class, Key::class], true);
    }

    private static function verified(): Verified
    {
        $profile = Profile::named('nextcloud');
        $key = Key::fromBytes('secret', 'client-7');
        $headers = (new Signer($profile, $key))->sign('', 'POST', '/', self::VERIFIED_DATA['nonce'], 1800000000);
        return (new Verifier($profile, [Key::fromBytes('other'), $key]))->verify($headers, '', 'POST', '/', 1800000010);
    }

    private static function assertRefused(string $message, \Closure $action): void
    {
        self::assertStringContainsString($message, Thrown::by($action)->getMessage());
    }
}
