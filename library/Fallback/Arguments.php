<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Key;

use const HwSignature\ANY_AGE;

/**
 * What PHP says of arguments. Strings and booleans are not declared as such, because PHP would convert to them in files
 * without `strict_types`, and `null` would become an empty key.
 *
 * @internal
 */
final class Arguments
{
    /** @param string $expected a type, as PHP writes it */
    public static function type(
        string $function,
        int $number,
        string $parameter,
        string $expected,
        #[\SensitiveParameter] mixed $given,
    ): \TypeError {
        $type = self::typeOf($given);
        return new \TypeError("$function(): Argument #$number (\$$parameter) must be $expected, $type given");
    }

    public static function value(string $function, int $number, string $parameter, string $message): \ValueError
    {
        // As the extension does it, whose messages would end there.
        return new \ValueError(str_replace("\0", '\0', "$function(): Argument #$number (\$$parameter) $message"));
    }

    /** @param list<string> $parameters the names of the function's parameters */
    public static function refused(string $function, array $parameters, Refusal $refusal): \ValueError
    {
        $number = array_search($refusal->parameter, $parameters, true) + 1;
        return self::value($function, $number, $refusal->parameter, $refusal->getMessage());
    }

    /** A string, or null. */
    public static function requireText(
        string $function,
        int $number,
        string $parameter,
        #[\SensitiveParameter] mixed $given,
        bool $isNullable = false,
    ): void {
        if (!is_string($given) && !($isNullable && $given === null)) {
            throw self::type($function, $number, $parameter, $isNullable ? 'of type ?string' : 'of type string', $given);
        }
    }

    /**
     * `$method` and `$target`. Whoever leaves one out that the contract signs has forgotten it; otherwise it makes no
     * difference.
     *
     * @param int $number of `$method`; that of `$target` comes next
     *
     * @throws \TypeError
     * @throws \ValueError
     */
    public static function requireRequest(
        string $function,
        int $number,
        Contract $contract,
        mixed $method,
        mixed $target,
    ): void {
        self::requireText($function, $number, 'method', $method, true);
        self::requireText($function, $number + 1, 'target', $target, true);
        $missing = 'must be given, because the profile signs it';
        if ($method === null && $contract->stringToSign->signsMethod) {
            throw self::value($function, $number, 'method', $missing);
        }
        if ($target === null && $contract->stringToSign->signsTarget) {
            throw self::value($function, $number + 1, 'target', $missing);
        }
    }

    /**
     * @param array<mixed> $keys
     *
     * @return list<Key> without the references that the array may hold
     */
    public static function keys(string $function, int $number, #[\SensitiveParameter] array $keys): array
    {
        $list = [];
        foreach ($keys as $key) {
            if (!$key instanceof Key) {
                throw new \TypeError("$function(): Argument #$number (\$keys) must be a list of HwSignature\Key objects");
            }
            $list[] = $key;
        }
        return $list;
    }

    /** Says which profiles there are. */
    public static function unknown(string $function, int $number, string $parameter): \ValueError
    {
        return self::value($function, $number, $parameter, 'must be one of "' . implode('", "', Contract::names()) . '"');
    }

    public static function requireTolerance(string $function, int $number, Contract $contract, ?int $tolerance): void
    {
        if ($tolerance === null || $tolerance === ANY_AGE) {
            return;
        }
        if ($contract->tolerance === null) {
            $message = 'must be null or HwSignature\ANY_AGE, because the profile has no timestamp';
            throw self::value($function, $number, 'tolerance', $message);
        }
        if ($tolerance < 0 || $tolerance > Freshness::MAX_TOLERANCE) {
            $message = 'must be between 0 and ' . Freshness::MAX_TOLERANCE . ', or HwSignature\ANY_AGE';
            throw self::value($function, $number, 'tolerance', $message);
        }
    }

    /** @param array<mixed> $headers */
    public static function requireNames(string $function, int $number, array $headers): void
    {
        foreach ($headers as $name => $value) {
            if (!is_string($name)) {
                throw new \TypeError("$function(): Argument #$number (\$headers) must be an array of strings, keyed by header name");
            }
        }
    }

    public static function requireNow(string $function, int $number, ?int $now): void
    {
        $mistake = $now === null ? null : Clock::mistake($now);
        if ($mistake !== null) {
            throw self::value($function, $number, 'now', $mistake);
        }
    }

    /**
     * Binds a callable to where it was passed: a private method can be named there, and not where it is called.
     *
     * @param string $function that it was passed to
     */
    public static function closure(string $function, int $number, string $parameter, mixed $callable): ?\Closure
    {
        if ($callable === null || $callable instanceof \Closure) {
            return $callable;
        }
        $bind = fn (mixed $callable): \Closure => \Closure::fromCallable($callable);
        $caller = debug_backtrace(DEBUG_BACKTRACE_PROVIDE_OBJECT | DEBUG_BACKTRACE_IGNORE_ARGS, 3)[2] ?? [];
        if (isset($caller['class']) && !(new \ReflectionClass($caller['class']))->isInternal()) {
            $bind = \Closure::bind($bind, $caller['object'] ?? null, $caller['class']);
        }
        try {
            return $bind($callable);
        } catch (\TypeError $error) {
            $reason = substr($error->getMessage(), strlen('Failed to create closure from callable: '));
            $message = "$function(): Argument #$number (\$$parameter) must be a valid callback or null, $reason";
            throw new \TypeError($message);
        }
    }

    private static function typeOf(mixed $given): string
    {
        return match (true) {
            is_bool($given) && PHP_VERSION_ID >= 80300 => $given ? 'true' : 'false',
            is_object($given) || is_scalar($given) || is_array($given) || $given === null => get_debug_type($given),
            default => 'resource',
        };
    }
}
