<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Diagnosis;
use HwSignature\Encoding;
use HwSignature\Finding;
use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureHeader;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\SigningStream;
use HwSignature\TimestampFormat;
use HwSignature\Verified;
use HwSignature\Verifier;
use HwSignature\VerifyingStream;

/**
 * Calls everything that the extension has, with arguments that fit and others that do not, and says when something
 * comes out that is neither the declared result nor a documented exception. A seed and the number of a case give the
 * case again, but for the nonces that signing makes, and the time.
 */
final class Fuzzer
{
    use Draws;

    /** What PHP says of its own functions too when it converts an argument. */
    private const CONVERSION = '/^Implicit conversion from float|^unexpected NAN value was coerced|Passing null to parameter #/';
    private const WORDS = [
        '', '0', '-1', '1800000000', '1800000000000', '99999999999999999999', 'POST', 'get', 'HEAD', '/',
        '/a?b=c&b=%20+', 'https://host/p?q', '/%0a', '#', 'uuid', ':', '[a-z]{1,9}', '{payload}',
        '{timestamp}.{payload}', '{timestamp}{nonce}{payload}', '{signature}', 't={timestamp},v1={signature}', 'X-S',
        'custom', 'huawei-push', 'nextcloud', 'django', 'nextcloud-talk', '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80',
        'c2VjcmV0', '736563726574', 'whsec_c2VjcmV0', 'base64', 'hex', "\0", "\xff\xfe", "\r\n",
        'timestamp=1;nonce=:;value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=', '{"a":[1,{"b":"\u00e9/"}]}', 'strlen',
        'HwSignature\Key::fromBytes',
    ];

    /** What a parameter of that name is likely to take. */
    private const FITTING = [
        'profile' => ['huawei-push', 'django', 'nextcloud-talk', 'huawei-receipt', 'nextcloud'],
        'method' => ['POST', 'get'],
        'target' => ['/', '/a?b=c&b=%20+', 'https://host/p?q'],
        'key' => ['secret'],
        'key_id' => [null, 'id'],
        'nonce' => [null, ':', 'uuid', '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80'],
        'timestamp' => [null, self::NOW],
        'now' => [null, self::NOW],
        'tolerance' => [null, 0, 300, \HwSignature\ANY_AGE],
        'stringToSign' => ['{payload}', '{timestamp}.{payload}', '{timestamp}.{nonce}.{payload}'],
        'name' => ['custom', 'django'],
        'header' => ['timestamp=1;nonce=:;value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c='],
        'headers' => [
            ['X-S' => '{signature}'], ['X-T' => '{timestamp}', 'X-S' => '{signature}'],
            ['X-S' => 't={timestamp},v1={signature}', 'X-N' => '{nonce}'],
        ],
    ];

    private int $misfits = 0;
    /** @var list<array{string, \ReflectionFunctionAbstract}> a class, or none, and what to call */
    private array $callables = [];

    public function __construct(private int $seed)
    {
        foreach (Implementation::functions() as $function) {
            $this->callables[] = ['', $function];
        }
        foreach (Implementation::classes() as $class) {
            foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if (Implementation::isPlumbing($method)) {
                    continue;
                }
                $this->callables[] = [$class->getName(), $method];
            }
        }
    }

    /** @throws \UnexpectedValueException when something comes out that should not */
    public function run(int $case): void
    {
        $this->start($this->seed, $case);
        set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
            throw new \ErrorException($message, 0, $level, $file, $line);
        });
        $what = 'making the arguments';
        try {
            $this->chance(40) ? $this->receive($what) : $this->call($what);
        } catch (\Throwable $thrown) {
            $message = sprintf(
                "%s: %s: %s\n%s\nSEED=%d, case %d",
                $what, $thrown::class, $thrown->getMessage(), $thrown->getTraceAsString(), $this->seed, $case,
            );
            throw new \UnexpectedValueException($message, 0, $thrown);
        } finally {
            restore_error_handler();
        }
    }

    /** Anything with any arguments. */
    private function call(string &$what): void
    {
        [$class, $function] = $this->pick($this->callables);
        $what = ltrim("$class::{$function->getName()}", ':');
        $this->misfits = $this->pick([0, 10, 40]);
        $constructs = $function->getName() === '__construct';
        $callee = match (true) {
            $constructs => $class,
            $class === '' => $function->getClosure(),
            $function->isStatic() => $function->getClosure(),
            default => $function->getClosure($this->instance($class)),
        };
        $arguments = array_map($this->argument(...), $function->getParameters());
        if ($this->chance(15)) {
            $arguments = array_slice($arguments, 0, $this->below(count($arguments) + 1));
        } elseif ($this->chance(5)) {
            $arguments[] = $this->value();
        } elseif ($this->chance(20)) {
            $names = array_column($function->getParameters(), 'name');
            $arguments = array_filter(array_combine($names, $arguments), fn (): bool => $this->chance(80));
        }
        $weak = $this->chance(50);
        try {
            $result = $this->callWith($callee, $arguments, !$weak);
        } catch (\TypeError | \ValueError | HwSignatureException | OfTheArgument $thrown) {
            self::expect(!str_contains($thrown->getMessage(), "\0"), 'a zero byte in a message');
            return;
        } catch (\ErrorException $thrown) {
            self::expect($weak && preg_match(self::CONVERSION, $thrown->getMessage()) === 1, $thrown->getMessage());
            return;
        }
        $fits = $constructs || self::fits($function, $result);
        self::expect($fits, get_debug_type($result) . ' came out');
    }

    /** A request from outside: the result is a verdict, whatever it holds. */
    private function receive(string &$what): void
    {
        $name = $this->pick(Sample::PROFILES);
        $profile = Profile::named($name);
        $key = Key::fromBytes('secret', $this->chance(50) ? 'id' : null);
        $payload = $name === 'nextcloud' && $this->chance(20) ? '' : $this->string();
        $genuine = hw_sign($payload, 'secret', $name, 'POST', '/', $name === 'nextcloud' ? 'id' : null);
        $headers = $this->hostile($genuine);
        [$sent, $method, $target] = $this->chance(60)
            ? [$payload, 'POST', '/']
            : [$this->string(), $this->string(), $this->string()];
        $verifier = new Verifier(
            $profile,
            [Key::fromBytes('another'), $key],
            claim: $this->guard($throws),
            clock: $this->chance(50) ? time(...) : null,
        );
        $what = "a request of $name";
        $accepted = hw_verify($headers, $sent, 'secret', $name, $method, $target);
        self::expect(is_bool($accepted), 'hw_verify() returned no bool');
        if ($headers === $genuine && [$sent, $method, $target] === [$payload, 'POST', '/']) {
            self::expect($accepted, 'a genuine request was rejected');
        }
        if ($this->chance(5) && !Implementation::isLibrary()) {
            $diagnosis = hw_diagnose($headers, $sent, 'secret', $name, $method, $target);
            self::expect(($diagnosis->verdict->value === 'valid') === $accepted, 'verdict and result differ');
            $printable = preg_match('/[^\x20-\x7e\n…]/u', (string) $diagnosis) === 0;
            self::expect($printable, 'a report that cannot be printed');
        }
        try {
            $valid = $verifier->isValid($headers, $sent, $method, $target);
            self::expect(is_bool($valid), 'isValid() returned no bool');
            $stream = $verifier->stream($headers, $method, $target);
            $stream->update($sent);
            $verified = $stream->finish();
            self::expect($verified instanceof Verified && $accepted, 'a stream accepts what hw_verify() does not');
        } catch (SignatureRejectedException) {
            // The answer to a hostile request, and to a replayed one.
        } catch (ReplayGuardException $thrown) {
            self::expect($throws, $thrown->getMessage());
        }
    }

    /** @param array<string, string> $headers */
    private function hostile(array $headers): array
    {
        for ($turns = $this->below(4); $turns > 0; --$turns) {
            $name = $headers === [] ? 'X' : $this->pick(array_keys($headers));
            $value = $headers[$name] ?? null;
            $other = $this->pick([
                (string) $name,
                strtolower((string) $name),
                'HTTP_' . strtoupper(strtr((string) $name, '-', '_')),
                "$name\0",
            ]);
            switch ($this->below(8)) {
                case 0: unset($headers[$name]); break;
                case 1: $headers[$name] = $this->value(); break;
                case 2: $headers[$name] = [$value]; break;
                case 3: $headers[$name] = [$value, $this->value()]; break;
                case 4: $headers[$other] = $value; break;
                case 5: unset($headers[$name]); $headers[$other] = &$value; break;
                case 6: $headers[$this->pick([$this->string(), $this->below(9), PHP_INT_MIN])] = $this->value(); break;
                case 7: $headers[$name] = is_string($value) ? $this->edited($value) : $value; break;
            }
            unset($value);
        }
        return $headers;
    }

    private function argument(\ReflectionParameter $parameter): mixed
    {
        if ($this->chance($this->misfits)) {
            return $this->value();
        }
        $type = $parameter->getType();
        // Of a union, any member will do.
        $type = $type instanceof \ReflectionUnionType ? $this->pick($type->getTypes()) : $type;
        $type = $type instanceof \ReflectionNamedType ? $type->getName() : 'mixed';
        return match (true) {
            class_exists($type) || interface_exists($type) => $this->instance($type),
            isset(self::FITTING[$parameter->name]) && $this->chance(80) => $this->pick(self::FITTING[$parameter->name]),
            $parameter->name === 'headers' => $this->hostile(hw_sign('', 'secret', 'django')),
            $parameter->name === 'keys' => [$this->instance(Key::class), $this->instance(Key::class)],
            $parameter->name === 'clock' => $this->clock(),
            $type === 'callable' => $this->guard($throws),
            $type === 'string' => $this->string(),
            $type === 'int' => $this->pick([0, 1, 300, self::NOW, -1, PHP_INT_MAX]),
            $type === 'bool' => $this->chance(50),
            $type === 'array' => array_map(fn (): string => $this->string(), range(0, $this->below(3))),
            default => $this->value(),
        };
    }

    private function instance(string $class): object
    {
        $profile = fn (): Profile => Profile::named($this->pick(Profile::names()));
        $key = fn (): Key => Key::fromBytes('secret', $this->pick([null, 'id']));
        $django = Profile::named('django');
        $signed = static fn (): array => (new Signer($django, $key()))->sign('', timestamp: self::NOW);
        $verifier = fn (): Verifier => new Verifier($django, [$key()], \HwSignature\ANY_AGE, $this->guard($throws));
        return match ($class) {
            Key::class => $key(),
            Profile::class => $profile(),
            Signer::class => new Signer($profile(), Key::fromBytes('secret', 'id'), $this->clock()),
            SigningStream::class => (new Signer($django, $key()))->stream(),
            Verifier::class => $verifier(),
            VerifyingStream::class => $verifier()->stream($signed()),
            Verified::class => (new Verifier($django, [$key()]))->verify($signed(), '', now: self::NOW),
            SignatureHeader::class => hw_parse_header(hw_sign('', 'secret')['X-HW-SIGNATURE']),
            Diagnosis::class => hw_diagnose([], '', 'secret'),
            Finding::class => hw_diagnose([], '', 'secret')->findings[0],
            \Throwable::class => new \Exception('previous'),
            default => is_a($class, \UnitEnum::class, true) ? $this->pick($class::cases()) : new $class(),
        };
    }

    /** A replay guard, or none. `$throws` says whether it does. */
    private function guard(?bool &$throws): ?\Closure
    {
        $throws = $this->chance(20);
        $answer = $this->pick([true, false, null, 1, 'yes', []]);
        return match (true) {
            $throws => static fn () => throw new OfTheArgument(),
            $this->chance(50) => null,
            default => static fn (string $id, int $ttl): mixed => $answer,
        };
    }

    /** A clock, or none. */
    private function clock(): ?\Closure
    {
        $time = $this->pick([self::NOW, 0, -1, self::NOW * 1000, (float) self::NOW, (string) self::NOW, null]);
        return match (true) {
            $this->chance(10) => static fn () => throw new OfTheArgument(),
            $this->chance(40) => null,
            default => fn (): mixed => $this->chance(50) ? self::NOW : $time,
        };
    }

    private function value(int $depth = 3): mixed
    {
        return match ($this->below(16)) {
            0 => null,
            1 => $this->chance(50),
            2 => $this->pick([0, 1, -1, 300, self::NOW, PHP_INT_MAX, PHP_INT_MIN, 1 << 62]),
            3 => $this->pick([0.0, -0.0, 1.0, 1.5, NAN, INF, -INF, 1e300, 9.3e18, (float) self::NOW]),
            4, 5, 6 => $this->string(),
            7, 8 => $depth === 0 ? [] : $this->array($depth - 1),
            9 => $this->recursive(),
            10 => $this->pick([new \stdClass(), new \ArrayObject(['X' => 'y']), new \EmptyIterator(), new \WeakMap()]),
            11 => new OfTheArgument(),
            12 => $this->pick([TimestampFormat::Seconds, Encoding::Hex, \HwSignature\Reason::Stale]),
            13 => $this->pick([static fn () => null, strlen(...), static fn () => throw new OfTheArgument()]),
            14 => $this->resource($this->chance(50)),
            15 => $this->instance($this->pick([Key::class, Profile::class, Signer::class, Verifier::class])),
        };
    }

    private function array(int $depth): array
    {
        $array = [];
        for ($count = $this->below(5); $count > 0; --$count) {
            $value = $this->value($depth);
            if ($this->chance(30)) {
                $array[$this->string()] = &$value;
            } else {
                $array[] = $value;
            }
            unset($value);
        }
        return $array;
    }

    private function recursive(): array
    {
        $array = ['X-HMAC-Signature' => 'x'];
        $array[$this->pick(['X-HMAC-Timestamp', 0])] = &$array;
        return $array;
    }

    /** @return resource */
    private function resource(bool $closed)
    {
        $resource = fopen('php://memory', 'r');
        if ($closed) {
            fclose($resource);
        }
        return $resource;
    }

    private function string(): string
    {
        return match (true) {
            $this->chance(70) => $this->pick(self::WORDS),
            $this->chance(60) => $this->edited($this->pick(self::WORDS)),
            $this->chance(90) => $this->random->getBytes(1 + $this->below(80)),
            default => str_repeat($this->pick(['a', "\0", '{', 'p=1;', "\xff"]), 1 + $this->below(5000)),
        };
    }

    private function edited(string $text): string
    {
        $insert = $this->chance(50) ? $this->pick(self::WORDS) : $this->random->getBytes(1);
        return substr_replace($text, $insert, $this->below(strlen($text) + 1), $this->below(3));
    }

    private static function fits(\ReflectionFunctionAbstract $function, mixed $result): bool
    {
        $type = $function->getReturnType() ?? $function->getTentativeReturnType();
        $types = $type instanceof \ReflectionUnionType ? $type->getTypes() : [$type];
        foreach ($types as $type) {
            $fits = match (true) {
                $type === null => true,
                $result === null => $type->allowsNull() || $type->getName() === 'void',
                in_array($type->getName(), ['self', 'static'], true) => is_object($result),
                default => $type->getName() === get_debug_type($result) || is_a($result, $type->getName()),
            };
            if ($fits) {
                return true;
            }
        }
        return false;
    }

    private static function expect(bool $holds, string $otherwise): void
    {
        if (!$holds) {
            throw new \LogicException($otherwise);
        }
    }
}
