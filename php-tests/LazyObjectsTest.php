<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\ReplayGuardException;
use HwSignature\Signer;
use HwSignature\Tests\Support\EntryPoints;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** PHP can put off the making of an object, but not of one whose class is built in. */
final class LazyObjectsTest extends TestCase
{
    protected function setUp(): void
    {
        if (PHP_VERSION_ID < 80400) {
            self::markTestSkipped('needs lazy objects (PHP 8.4)');
        }
    }

    /**
     * @dataProvider classes
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('classes')]
    public function testNoObjectOfTheExtensionIsMadeLazily(string $name): void
    {
        $class = new \ReflectionClass($name);
        foreach (['newLazyGhost', 'newLazyProxy'] as $make) {
            self::assertRefused(static fn () => $class->$make(static fn () => self::fail('called')));
        }
    }

    public function testNoObjectOfTheExtensionIsMadeLazyAfterwards(): void
    {
        $seen = [];
        foreach (EntryPoints::all() as $call) {
            $object = $call();
            if (!is_object($object) || isset($seen[$object::class]) || !str_starts_with($object::class, 'HwSignature\\')) {
                continue;
            }
            $seen[$object::class] = true;
            $class = new \ReflectionClass($object);
            foreach (['resetAsLazyGhost', 'resetAsLazyProxy'] as $reset) {
                self::assertRefused(static fn () => $class->$reset($object, static fn () => self::fail('called')));
            }
        }
        self::assertGreaterThan(8, count($seen));
    }

    /** Nor when only what it inherits is built in. */
    public function testAnHeirOfAnExceptionIsNoOther(): void
    {
        $heir = new \ReflectionClass(new class ('no') extends ReplayGuardException {
        });
        self::assertRefused(static fn () => $heir->newLazyGhost(static fn () => self::fail('called')));
    }

    /** A guard or a clock of the application's may well be lazy: it is made in the middle of a call. */
    public function testALazyGuardIsMadeWhenItIsAsked(): void
    {
        [$profile, $keys] = [Profile::named('django'), [Key::fromBytes('secret')]];
        $headers = (new Signer($profile, $keys[0]))->sign('body');
        $class = new \ReflectionClass(LazyGuard::class);
        foreach (['newLazyGhost', 'newLazyProxy'] as $make) {
            $guard = $class->$make(static function (object $ghost) use ($make): ?object {
                return $make === 'newLazyProxy' ? new LazyGuard(true) : $ghost->__construct(true);
            });
            $verifier = new Verifier($profile, $keys, claim: [$guard, 'claim'], clock: [$guard, 'time']);
            self::assertTrue($class->isUninitializedLazyObject($guard));
            self::assertTrue($verifier->isValid($headers, 'body'));
            self::assertFalse($class->isUninitializedLazyObject($guard));

            $broken = $class->$make(static fn () => throw new \RuntimeException('no store'));
            $verifier = new Verifier($profile, $keys, claim: [$broken, 'claim']);
            for ($i = 0; $i < 2; $i++) {
                try {
                    $verifier->isValid($headers, 'body');
                    self::fail('accepted');
                } catch (ReplayGuardException $exception) {
                    self::assertSame('no store', $exception->getPrevious()->getMessage());
                }
            }
        }
    }

    /** @return array<string, array{string}> */
    public static function classes(): array
    {
        $names = array_map(static fn (\ReflectionClass $class): string => $class->getName(), array_values(Implementation::classes()));
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    private static function assertRefused(callable $make): void
    {
        try {
            $make();
        } catch (\Error $error) {
            self::assertMatchesRegularExpression('/\b(internal|enum)\b/', $error->getMessage());
            return;
        }
        self::fail('made lazily');
    }
}

final class LazyGuard
{
    public function __construct(private bool $new)
    {
    }

    public function claim(string $id, int $ttl): bool
    {
        return $this->new && $id !== '' && $ttl > 0;
    }

    public function time(): int
    {
        return $this->new ? time() : 0;
    }
}
