<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\ArgumentTable;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Thrown;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

use const HwSignature\ANY_AGE;

/**
 * Every function and method with every kind of argument, and PHP's own words for every mistake.
 */
final class ArgumentsTest extends TestCase
{
    private const KEY_ID = 'must be 1 to 128 visible ASCII characters without "," and ";"';
    private const CONTROL = 'must not contain white space or control characters';
    private const ENCODING = 'HwSignature\Profile::withEncoding(): Argument #1 ($encoding) '
        . 'must be of type HwSignature\Encoding, ';
    private const SIGNED = '{method}, {path}, {query}, {target}, {url}, {header:Name}, {timestamp}, {nonce}, {payload}, {payload_sha256}, {key_id}, '
        . '{canonical_path}, {canonical_query}, {canonical_headers}, {signed_headers}, {canonical_request_sha256}';

    protected function setUp(): void
    {
        set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
            throw new \ErrorException($message, 0, $level, $file, $line);
        });
    }

    protected function tearDown(): void
    {
        restore_error_handler();
    }

    public function testTheTableHasEverythingThatCanBeCalled(): void
    {
        self::assertEqualsCanonicalizing(
            array_keys(ArgumentTable::reflection()),
            array_keys(ArgumentTable::callables()),
        );
    }

    /**
     * @dataProvider callables
     */
    #[DataProvider('callables')]
    public function testTheArgumentsOfTheTableAreTaken(string $name): void
    {
        [$callee, $arguments] = ArgumentTable::callables()[$name];

        self::assertCount(ArgumentTable::reflection()[$name]->getNumberOfParameters(), $arguments);
        self::assertNotFalse(self::call($callee, $arguments));
    }

    /**
     * Nothing but a result or a clear error, whatever is passed.
     *
     * @dataProvider callables
     */
    #[DataProvider('callables')]
    public function testEveryParameterTakesOrRefusesEveryValue(string $name): void
    {
        [, $valid] = ArgumentTable::callables()[$name];
        foreach (array_keys($valid) as $index) {
            foreach (self::values() as $kind => $value) {
                self::assertClear($name, $index, $kind, $value, true);
                self::assertClear($name, $index, $kind, $value, false);
            }
        }
        self::assertNotEmpty(self::values());
    }

    /**
     * @dataProvider callables
     */
    #[DataProvider('callables')]
    public function testTheNumberOfArguments(string $name): void
    {
        [$callee, $arguments] = ArgumentTable::callables()[$name];
        $min = ArgumentTable::reflection()[$name]->getNumberOfRequiredParameters();
        $max = count($arguments);
        $bound = static fn (string $word, int $number, int $given): string
            => sprintf(
                '%s() expects %s %d argument%s, %d given',
                $name,
                $min === $max ? 'exactly' : $word,
                $number,
                $number === 1 ? '' : 's',
                $given,
            );

        $tooMany = self::thrown(static fn () => self::call($callee, [...$arguments, 'one more']));
        self::assertSame([\ArgumentCountError::class, $bound('at most', $max, $max + 1)], $tooMany);
        if ($min > 0) {
            $tooFew = self::thrown(static fn () => self::call($callee, array_slice($arguments, 0, $min - 1)));
            self::assertSame([\ArgumentCountError::class, $bound('at least', $min, $min - 1)], $tooFew);
        }
    }

    /**
     * @dataProvider callables
     */
    #[DataProvider('callables')]
    public function testAWrongTypeIsNamedInPhpsOwnWords(string $name): void
    {
        [$callee, $valid] = ArgumentTable::callables()[$name];
        foreach (ArgumentTable::reflection()[$name]->getParameters() as $index => $parameter) {
            $type = Implementation::typeOf($parameter);
            $expected = $type === '?callable'
                ? 'a valid callback or null, no array or string given'
                : "of type $type, stdClass given";
            $number = $index + 1;

            self::assertSame(
                [\TypeError::class, "$name(): Argument #$number (\${$parameter->getName()}) must be $expected"],
                self::thrown(static fn () => self::call($callee, array_replace($valid, [$index => new \stdClass()]))),
            );
        }
        self::assertIsArray($valid);
    }

    /**
     * @dataProvider mistakes
     */
    #[DataProvider('mistakes')]
    public function testAMistakeIsNamedInFull(string $message, \Closure $call, string $class = \ValueError::class): void
    {
        self::assertSame([$class, $message], self::thrown($call));
    }

    /** @return array<string, array{0: string, 1: \Closure, 2?: class-string}> */
    public static function mistakes(): array
    {
        $key = static fn (?string $id = null): Key => Key::fromBytes('k', $id);
        $signer = static fn (string $profile): Signer => new Signer(Profile::named($profile), $key('id'));
        $verifier = static fn (mixed ...$more): Verifier => new Verifier(Profile::named('django'), [$key()], ...$more);
        $sign = static fn (mixed ...$more): \Closure => static fn () => hw_sign('p', 'k', ...$more);
        $verify = static fn (mixed ...$more): \Closure => static fn () => hw_verify([], 'p', 'k', ...$more);
        $unknown = 'must be one of ' . implode(', ', array_map(static fn (string $name): string => "\"$name\"", Profile::names()));
        $fragment = 'must not contain a fragment (byte 2)';
        $noTarget = 'must be "/path?query" or "https://host/path?query"';
        $outside = 'does not fit the nonce grammar of the profile';
        $unsigned = 'must be empty, because the profile signs no payload for this method';
        $window = 'must be between 0 and 604800, or HwSignature\ANY_AGE';
        $nextcloud = static fn (): Verifier => new Verifier(Profile::named('nextcloud'), [$key()]);
        $timeless = 'must be null or HwSignature\ANY_AGE, because the profile has no timestamp';
        $seconds = 'must be Unix time in seconds, and looks like milliseconds';
        $keyList = 'HwSignature\Verifier::__construct(): Argument #2 ($keys) must be a list of HwSignature\Key objects';
        $id128 = str_repeat('x', 129);

        return [
            'empty key' => ['hw_sign(): Argument #2 ($key) must not be empty', static fn () => hw_sign('p', '')],
            'empty key when verifying'
                => ['hw_verify(): Argument #3 ($key) must not be empty', static fn () => hw_verify([], 'p', '')],
            'unknown profile' => ["hw_sign(): Argument #3 (\$profile) $unknown", $sign('huawei')],
            'unknown profile when verifying' => ["hw_verify(): Argument #4 (\$profile) $unknown", $verify('')],
            'profile in another letter case' => ["hw_sign(): Argument #3 (\$profile) $unknown", $sign('Django')],
            'profile with a zero byte' => ["hw_sign(): Argument #3 (\$profile) $unknown", $sign("django\0")],
            'profile that is no UTF-8' => ["hw_sign(): Argument #3 (\$profile) $unknown", $sign("\xff")],
            'named' => [
                "HwSignature\\Profile::named(): Argument #1 (\$name) $unknown",
                static fn () => Profile::named('nope'),
            ],

            'method with a space'
                => ['hw_sign(): Argument #4 ($method) must be an HTTP method', $sign('django', 'PO ST')],
            'empty method' => ['hw_sign(): Argument #4 ($method) must be an HTTP method', $sign('django', '')],
            'method with a line feed'
                => ['hw_sign(): Argument #4 ($method) must be an HTTP method', $sign('django', "GET\n")],
            'method of a signer' => [
                'HwSignature\Signer::sign(): Argument #2 ($method) must be an HTTP method',
                static fn () => $signer('django')->sign('p', ''),
            ],
            'method of a signing stream' => [
                'HwSignature\Signer::stream(): Argument #1 ($method) must be an HTTP method',
                static fn () => $signer('django')->stream(''),
            ],
            'fragment' => ["hw_sign(): Argument #5 (\$target) $fragment", $sign('django', 'GET', '/a#b')],
            'fragment for a signer' => [
                "HwSignature\\Signer::sign(): Argument #3 (\$target) $fragment",
                static fn () => $signer('django')->sign('p', 'GET', '/a#b'),
            ],
            'fragment for a signing stream' => [
                "HwSignature\\Signer::stream(): Argument #2 (\$target) $fragment",
                static fn () => $signer('django')->stream('GET', '/a#b'),
            ],
            'zero byte in the target'
                => ['hw_sign(): Argument #5 ($target) ' . self::CONTROL . ' (byte 2)', $sign(target: "/a\0b")],
            'space in the target'
                => ['hw_sign(): Argument #5 ($target) ' . self::CONTROL . ' (byte 1)', $sign(target: '/ b')],
            'line feed in the decoded path' => [
                'hw_sign(): Argument #5 ($target) ' . self::CONTROL . ' (byte 2)',
                $sign('nextcloud', 'POST', '/a%0Ab', 'id'),
            ],
            'relative target' => ["hw_sign(): Argument #5 (\$target) $noTarget", $sign(target: 'a/b')],
            'empty target' => ["hw_sign(): Argument #5 (\$target) $noTarget", $sign(target: '')],
            'target without host' => ["hw_sign(): Argument #5 (\$target) $noTarget", $sign(target: 'https:///a')],

            'no key id' => [
                'hw_sign(): Argument #6 ($key_id) must not be null, because the profile sends a key id',
                $sign('nextcloud', 'POST', '/'),
            ],
            'key without id' => [
                'HwSignature\Signer::__construct(): Argument #2 ($keys) must have an id, because the profile sends one',
                static fn () => new Signer(Profile::named('nextcloud'), $key()),
            ],
            'superfluous key id' => [
                'hw_sign(): Argument #6 ($key_id) must be null, because the profile sends no key id',
                $sign(key_id: 'id'),
            ],
            'empty key id' => ['hw_sign(): Argument #6 ($key_id) ' . self::KEY_ID, $sign('nextcloud', 'POST', '/', key_id: '')],
            'key id with a comma' => [
                'hw_sign(): Argument #6 ($key_id) ' . self::KEY_ID,
                $sign('nextcloud', 'POST', '/', key_id: 'a,b'),
            ],
            'key id with a line feed'
                => ['hw_sign(): Argument #6 ($key_id) ' . self::KEY_ID, $sign('nextcloud', 'POST', '/', key_id: "a\n")],
            'key id of 129 bytes' => [
                'hw_sign(): Argument #6 ($key_id) ' . self::KEY_ID,
                $sign('nextcloud', 'POST', '/', key_id: $id128),
            ],

            'nonce outside the grammar'
                => ["hw_sign(): Argument #7 (\$nonce) $outside", $sign('nextcloud', 'POST', '/', key_id: 'id', nonce: 'short')],
            'nonce other than the one text' => ["hw_sign(): Argument #7 (\$nonce) $outside", $sign(nonce: '::')],
            'nonce that is no UUID' => [
                "hw_sign(): Argument #7 (\$nonce) $outside",
                $sign('huawei-receipt', nonce: ':'),
            ],
            'nonce that is no UTF-8' => [
                "hw_sign(): Argument #7 (\$nonce) $outside",
                $sign('nextcloud-talk', nonce: str_repeat("\xff", 64)),
            ],
            'nonce of a signer outside the grammar' => [
                "HwSignature\\Signer::sign(): Argument #4 (\$nonce) $outside",
                static fn () => $signer('nextcloud')->sign('p', 'POST', '/', ''),
            ],
            'nonce of a signing stream outside the grammar' => [
                "HwSignature\\Signer::stream(): Argument #3 (\$nonce) $outside",
                static fn () => $signer('nextcloud')->stream('POST', '/', "12345678\n"),
            ],
            'superfluous nonce' => [
                'hw_sign(): Argument #7 ($nonce) must be null, because the profile has no nonce',
                $sign('django', nonce: 'n'),
            ],
            'superfluous timestamp' => [
                'hw_sign(): Argument #8 ($timestamp) must be null, because the profile has no timestamp',
                $sign('nextcloud-talk', timestamp: 1),
            ],
            'negative timestamp'
                => ['hw_sign(): Argument #8 ($timestamp) must be greater than or equal to 0', $sign(timestamp: -1)],
            'seconds for milliseconds' => [
                'hw_sign(): Argument #8 ($timestamp) must be Unix time in milliseconds, and looks like seconds',
                $sign(timestamp: 1_800_000_000),
            ],
            'milliseconds for seconds' => [
                'HwSignature\Signer::stream(): Argument #4 ($timestamp) must be Unix time in seconds, and looks like milliseconds',
                static fn () => $signer('django')->stream(timestamp: 1_800_000_000_000),
            ],
            'negative timestamp of a signer' => [
                'HwSignature\Signer::sign(): Argument #5 ($timestamp) must be greater than or equal to 0',
                static fn () => $signer('django')->sign('p', timestamp: PHP_INT_MIN),
            ],
            'payload with GET' => [
                "hw_sign(): Argument #1 (\$payload) $unsigned",
                $sign('nextcloud', 'GET', '/', 'id'),
            ],
            'payload with get' => [
                "HwSignature\\Signer::sign(): Argument #1 (\$payload) $unsigned",
                static fn () => $signer('nextcloud')->sign('p', 'get', '/'),
            ],
            'payload with HEAD, in a stream' => [
                "HwSignature\\SigningStream::update(): Argument #1 (\$bytes) $unsigned",
                static fn () => $signer('nextcloud')->stream('HEAD', '/')->update('p'),
            ],

            'no method' => [
                'hw_sign(): Argument #4 ($method) must be given, because the profile signs it',
                $sign('nextcloud', key_id: 'id'),
            ],
            'null for a method' => [
                'hw_verify(): Argument #5 ($method) must be given, because the profile signs it',
                $verify('nextcloud', null, '/'),
            ],
            'no target' => [
                'hw_verify(): Argument #6 ($target) must be given, because the profile signs it',
                $verify('nextcloud', 'POST'),
            ],
            'no method in a diagnosis' => [
                'hw_diagnose(): Argument #5 ($method) must be given, because the profile signs it',
                static fn () => hw_diagnose([], 'p', 'k', 'nextcloud', target: '/'),
            ],
            'no target in a diagnosis' => [
                'hw_diagnose(): Argument #6 ($target) must be given, because the profile signs it',
                static fn () => hw_diagnose(['REQUEST_URI' => '/'], 'p', 'k', 'nextcloud', 'POST'),
            ],
            'no target for a signer' => [
                'HwSignature\Signer::sign(): Argument #3 ($target) must be given, because the profile signs it',
                static fn () => $signer('nextcloud')->sign('p', 'POST'),
            ],
            'no method for a signing stream' => [
                'HwSignature\Signer::stream(): Argument #1 ($method) must be given, because the profile signs it',
                static fn () => $signer('nextcloud')->stream(),
            ],
            'no method for verify()' => [
                'HwSignature\Verifier::verify(): Argument #3 ($method) must be given, because the profile signs it',
                static fn () => $nextcloud()->verify([], ''),
            ],
            'no target for isValid()' => [
                'HwSignature\Verifier::isValid(): Argument #4 ($target) must be given, because the profile signs it',
                static fn () => $nextcloud()->isValid([], '', 'GET'),
            ],
            'no target for a verifying stream' => [
                'HwSignature\Verifier::stream(): Argument #3 ($target) must be given, because the profile signs it',
                static fn () => $nextcloud()->stream([], 'GET'),
            ],
            'no method where only that is signed' => [
                'hw_sign(): Argument #4 ($method) must be given, because the profile signs it',
                $sign(self::profile(stringToSign: "{method}\n{payload}"), target: '/'),
            ],
            'no target where only the query is signed' => [
                'hw_sign(): Argument #5 ($target) must be given, because the profile signs it',
                $sign(self::profile(stringToSign: "{query}\n{payload}")),
            ],
            'another key id than that of the key' => [
                'hw_sign(): Argument #6 ($key_id) must be null or the id of the key, which has another',
                static fn () => hw_sign('p', $key('a'), 'nextcloud', 'POST', '/', 'b'),
            ],
            'key id of a key where none is sent' => [
                'hw_sign(): Argument #6 ($key_id) must be null, because the profile sends no key id',
                static fn () => hw_sign('p', $key('a'), key_id: 'a'),
            ],
            'key without an id, and none given' => [
                'hw_sign(): Argument #6 ($key_id) must not be null, because the profile sends a key id',
                static fn () => hw_sign('p', $key(), 'nextcloud', 'POST', '/'),
            ],

            'negative tolerance' => ["hw_verify(): Argument #7 (\$tolerance) $window", $verify(tolerance: -2)],
            'least tolerance' => ["hw_verify(): Argument #7 (\$tolerance) $window", $verify(tolerance: PHP_INT_MIN)],
            'tolerance of more than seven days'
                => ["hw_verify(): Argument #7 (\$tolerance) $window", $verify(tolerance: 604_801)],
            'tolerance that a store reads as a date' => [
                "HwSignature\\Verifier::__construct(): Argument #3 (\$tolerance) $window",
                static fn () => $verifier(2 ** 31),
            ],
            'tolerance without end'
                => ["hw_diagnose(): Argument #7 (\$tolerance) $window", static fn () => hw_diagnose([], '', 'k', tolerance: PHP_INT_MAX)],
            'tolerance where there is no timestamp' => [
                "hw_verify(): Argument #7 (\$tolerance) $timeless",
                $verify('nextcloud-talk', tolerance: 600),
            ],
            'tolerance of a verifier where there is no timestamp' => [
                "HwSignature\\Verifier::__construct(): Argument #3 (\$tolerance) $timeless",
                static fn () => new Verifier(Profile::named('nextcloud-talk'), [$key()], 0),
            ],
            'negative tolerance of a verifier' => [
                "HwSignature\\Verifier::__construct(): Argument #3 (\$tolerance) $window",
                static fn () => $verifier(-2),
            ],
            'now in milliseconds' => ["hw_verify(): Argument #8 (\$now) $seconds", $verify(now: 1_800_000_000_000)],
            'now in milliseconds, in a diagnosis' => [
                "hw_diagnose(): Argument #8 (\$now) $seconds",
                static fn () => hw_diagnose([], '', 'k', now: 1_800_000_000_000),
            ],
            'now of verify() in milliseconds' => [
                "HwSignature\\Verifier::verify(): Argument #5 (\$now) $seconds",
                static fn () => $verifier()->verify([], '', now: 1_800_000_000_000),
            ],
            'now of isValid() in milliseconds' => [
                "HwSignature\\Verifier::isValid(): Argument #5 (\$now) $seconds",
                static fn () => $verifier()->isValid([], '', now: 1_000_000_000_000),
            ],
            'now of stream() in milliseconds' => [
                "HwSignature\\Verifier::stream(): Argument #4 (\$now) $seconds",
                static fn () => $verifier()->stream([], now: 99_999_999_999_999),
            ],
            'negative now'
                => ['hw_verify(): Argument #8 ($now) must be greater than or equal to 0', $verify(now: -1)],
            'negative now of verify()' => [
                'HwSignature\Verifier::verify(): Argument #5 ($now) must be greater than or equal to 0',
                static fn () => $verifier()->verify([], '', now: -1),
            ],
            'negative now of isValid()' => [
                'HwSignature\Verifier::isValid(): Argument #5 ($now) must be greater than or equal to 0',
                static fn () => $verifier()->isValid([], '', now: -1),
            ],
            'negative now of stream()' => [
                'HwSignature\Verifier::stream(): Argument #4 ($now) must be greater than or equal to 0',
                static fn () => $verifier()->stream([], now: -1),
            ],

            'empty bytes' => [
                'HwSignature\Key::fromBytes(): Argument #1 ($bytes) must not be empty',
                static fn () => Key::fromBytes(''),
            ],
            'empty base64' => [
                'HwSignature\Key::fromBase64(): Argument #1 ($text) must not be empty',
                static fn () => Key::fromBase64('whsec_'),
            ],
            'base64 without padding' => [
                'HwSignature\Key::fromBase64(): Argument #1 ($text) must be canonical base64 with padding',
                static fn () => Key::fromBase64('YQ'),
            ],
            'base64 with spare bits' => [
                'HwSignature\Key::fromBase64(): Argument #1 ($text) must be canonical base64 with padding',
                static fn () => Key::fromBase64('YR=='),
            ],
            'base64 with a line feed' => [
                'HwSignature\Key::fromBase64(): Argument #1 ($text) must be canonical base64 with padding',
                static fn () => Key::fromBase64("YWJj\n"),
            ],
            'base64url' => [
                'HwSignature\Key::fromBase64(): Argument #1 ($text) must be canonical base64 with padding',
                static fn () => Key::fromBase64('__--'),
            ],
            'empty hex' => [
                'HwSignature\Key::fromHex(): Argument #1 ($text) must not be empty',
                static fn () => Key::fromHex(''),
            ],
            'odd hex' => [
                'HwSignature\Key::fromHex(): Argument #1 ($text) must be an even number of hexadecimal digits',
                static fn () => Key::fromHex('abc'),
            ],
            'hex with a prefix' => [
                'HwSignature\Key::fromHex(): Argument #1 ($text) must be an even number of hexadecimal digits',
                static fn () => Key::fromHex('0xab'),
            ],
            'id of a key'
                => ['HwSignature\Key::fromBytes(): Argument #2 ($id) ' . self::KEY_ID, static fn () => $key('a b')],

            'no keys' => [
                'HwSignature\Verifier::__construct(): Argument #2 ($keys) must not be empty',
                static fn () => new Verifier(Profile::named('django'), []),
            ],
            'a string among the keys' => [
                $keyList,
                static fn () => new Verifier(Profile::named('django'), [$key(), 'old']),
                \TypeError::class,
            ],
            'a profile among the keys' => [
                $keyList,
                static fn () => new Verifier(Profile::named('django'), [Profile::named('django')]),
                \TypeError::class,
            ],
            'a key that is no list' => [
                'HwSignature\Verifier::__construct(): Argument #2 ($keys) must be of type array, HwSignature\Key given',
                static fn () => new Verifier(Profile::named('django'), $key()),
                \TypeError::class,
            ],

            'the name of no function' => [
                'HwSignature\Verifier::__construct(): Argument #4 ($claim) must be a valid callback or null, '
                    . 'function "nope" not found or invalid function name',
                static fn () => $verifier(claim: 'nope'),
                \TypeError::class,
            ],
            'null for an integer' => [
                'HwSignature\MalformedHeaderException::__construct(): Argument #5 ($offset) must be of type int, null given',
                static fn () => new \HwSignature\MalformedHeaderException(offset: null),
                \TypeError::class,
            ],

            'null for a string' => [
                'hw_sign(): Argument #2 ($key) must be of type HwSignature\Key|string, null given',
                static fn () => hw_sign('p', null),
                \TypeError::class,
            ],
            'an integer for a string' => [
                'hw_sign(): Argument #2 ($key) must be of type HwSignature\Key|string, int given',
                static fn () => hw_sign('p', 123),
                \TypeError::class,
            ],
            'an array for a string' => [
                'hw_parse_header(): Argument #1 ($header) must be of type string, array given',
                static fn () => hw_parse_header([]),
                \TypeError::class,
            ],
            'a number for a string or null' => [
                'hw_sign(): Argument #6 ($key_id) must be of type ?string, int given',
                $sign('nextcloud', 'POST', '/', key_id: 7),
                \TypeError::class,
            ],
            'a string for headers' => [
                'hw_verify(): Argument #1 ($headers) must be of type array, string given',
                static fn () => hw_verify('timestamp=1', 'p', 'k'),
                \TypeError::class,
            ],
            'a string for a profile' => [
                'HwSignature\Signer::__construct(): Argument #1 ($profile) must be of type HwSignature\Profile, string given',
                static fn () => new Signer('django', $key()),
                \TypeError::class,
            ],
            'a string for a key' => [
                'HwSignature\Signer::__construct(): Argument #2 ($keys) must be of type HwSignature\Key|array, string given',
                static fn () => new Signer(Profile::named('django'), 'k'),
                \TypeError::class,
            ],
            'a string for an encoding' => [
                self::ENCODING . 'string given',
                static fn () => Profile::named('django')->withEncoding('hex'),
                \TypeError::class,
            ],
            'another enum for an encoding' => [
                self::ENCODING . 'HwSignature\TimestampFormat given',
                static fn () => Profile::named('django')->withEncoding(TimestampFormat::Seconds),
                \TypeError::class,
            ],
            'null for an encoding' => [
                self::ENCODING . 'null given',
                static fn () => Profile::named('django')->withEncoding(null),
                \TypeError::class,
            ],
            'a string for a unit' => [
                'HwSignature\Profile::__construct(): Argument #5 ($timestampFormat) must be of type ?HwSignature\TimestampFormat, string given',
                static fn () => self::profile(timestampFormat: 'seconds'),
                \TypeError::class,
            ],
        ] + self::contractsThatCannotBeKept();
    }

    /** @return array<string, array{0: string, 1: \Closure, 2?: class-string}> */
    private static function contractsThatCannotBeKept(): array
    {
        $time = ['X-T' => '{timestamp}', 'X-S' => '{signature}'];
        $random = ['X-N' => '{nonce}', 'X-S' => '{signature}'];
        $arrayOfStrings = 'must be an array of strings, keyed by header name';
        $name = 'must be 1 to 64 characters of a-z, 0-9 and -';
        $grammar = 'must be "uuid", a set with a length such as "[A-Za-z0-9]{8,128}", or the one text that is sent';
        $noPayload = 'must have {payload}, {payload_sha256} or {canonical_request_sha256}, one of them and once, or the payload would not be protected';
        $once = 'must have {signature}';
        $fieldName = 'must have HTTP field names as keys, each once, and for fields those that $_SERVER has with HTTP_ in front; ';
        $ambiguous = static fn (string $first, string $second): string
            => "is ambiguous: $first and $second can trade bytes and give the same string to sign; "
                . 'put a separator between them that cannot occur in one of them, or pass ambiguous: true';

        // Argument, message, constructor's arguments that differ from a profile that works.
        $rows = [
            'empty name' => ['#1 ($name)', $name, ['name' => '']],
            'name in upper case' => ['#1 ($name)', $name, ['name' => 'Custom']],
            'name of 65 characters' => ['#1 ($name)', $name, ['name' => str_repeat('n', 65)]],
            'name that is no UTF-8' => ['#1 ($name)', 'must be valid UTF-8', ['name' => "\xff"]],
            'ambiguous' => [
                '#2 ($stringToSign)',
                $ambiguous('{nonce}', '{payload}'),
                ['stringToSign' => '{nonce}{payload}', 'headers' => $random, 'nonce' => '[a-z]{32,64}'],
            ],
            'ambiguous path and query' => [
                '#2 ($stringToSign)',
                $ambiguous('{path}', '{query}'),
                ['stringToSign' => '{path}{query}.{payload_sha256}'],
            ],
            'timestamp that is not signed' => [
                '#2 ($stringToSign)',
                'must have {timestamp}, because a header carries it and it would not be protected',
                ['headers' => $time, 'timestampFormat' => TimestampFormat::Seconds],
            ],
            'nonce that is not signed' => [
                '#2 ($stringToSign)',
                'must have {nonce}, because a header carries it and it would not be protected',
                ['headers' => $random, 'nonce' => 'uuid'],
            ],
            'no payload' => ['#2 ($stringToSign)', $noPayload, ['stringToSign' => 'constant']],
            'payload twice' => ['#2 ($stringToSign)', $noPayload, ['stringToSign' => '{payload}.{payload_sha256}']],
            'unpaired brace' => [
                '#2 ($stringToSign)',
                'has an unpaired brace at byte 9',
                ['stringToSign' => '{payload}{'],
            ],
            'unknown field' => [
                '#2 ($stringToSign)',
                'has an unknown field "{nothing}"; there are ' . self::SIGNED,
                ['stringToSign' => '{nothing}'],
            ],
            'signature in the string to sign' => [
                '#2 ($stringToSign)',
                'has an unknown field "{signature}"; there are ' . self::SIGNED,
                ['stringToSign' => '{payload}{signature}'],
            ],
            'string to sign that is no UTF-8'
                => ['#2 ($stringToSign)', 'must be valid UTF-8', ['stringToSign' => "\xff{payload}"]],
            'unknown field in a header' => [
                '#3 ($headers)',
                'has in "X-S" an unknown field "{payload}"; there are {timestamp}, {nonce}, {signature}, {key_id}, {signed_headers}',
                ['headers' => ['X-S' => '{payload}']],
            ],
            'unpaired brace in a header' => [
                '#3 ($headers)',
                'has in "X-S" an unpaired brace at byte 11',
                ['headers' => ['X-S' => '{signature}}']],
            ],
            'line feed in a header' => [
                '#3 ($headers)',
                'has in "X-S" a byte at 11 that cannot stand in a header',
                ['headers' => ['X-S' => "{signature}\n"]],
            ],
            'header name with a space'
                => ['#3 ($headers)', $fieldName . '"X S" is not', ['headers' => ['X S' => '{signature}']]],
            'header name with a zero byte'
                => ['#3 ($headers)', $fieldName . '"X\0" is not', ['headers' => ["X\0" => '{signature}']]],
            'header name twice' => [
                '#3 ($headers)',
                $fieldName . '"x-s" is not',
                ['headers' => ['X-S' => '{signature}', 'x-s' => 'constant']],
            ],
            'several fields that are no list' => [
                '#3 ($headers)',
                'has in "X-S" {timestamp} and {signature}, which could not be told apart again; put a separator between them that '
                    . 'cannot occur in one of them, or write them as "name={…}; name={…}"',
                ['headers' => ['X-S' => '{timestamp}{signature}'], 'timestampFormat' => TimestampFormat::Seconds],
            ],
            'timestamp that is not carried' => [
                '#3 ($headers)',
                'must carry {timestamp}, because the string to sign has it and a receiver could not know it',
                ['stringToSign' => '{timestamp}.{payload}', 'timestampFormat' => TimestampFormat::Seconds],
            ],
            'nonce that is not carried' => [
                '#3 ($headers)',
                'must carry {nonce}, because the string to sign has it and a receiver could not know it',
                ['stringToSign' => '{nonce}.{payload}', 'nonce' => 'uuid'],
            ],
            'key id that is not carried' => [
                '#3 ($headers)',
                'must carry {key_id}, because the string to sign has it and a receiver could not know it',
                ['stringToSign' => "{key_id}\n{payload}"],
            ],
            'no signature' => ['#3 ($headers)', $once, ['headers' => ['X-S' => 'constant']]],
            'no headers' => ['#3 ($headers)', $once, ['headers' => []]],
            'field that not every header with a signature carries' => [
                '#3 ($headers)',
                'must carry {timestamp} in every header that has {signature}, because all but one of them may be missing',
                [
                    'stringToSign' => '{timestamp}.{payload}',
                    'headers' => ['X-S' => 't={timestamp},v1={signature}', 'X-T' => '{signature}'],
                    'timestampFormat' => TimestampFormat::Seconds,
                ],
            ],
            'nine headers' => [
                '#3 ($headers)',
                'must have at most 8 headers',
                ['headers' => ['X-S' => '{signature}'] + array_fill_keys(str_split('abcdefgh'), 'constant')],
            ],
            'headers without names' => [
                '#3 ($headers)',
                $arrayOfStrings,
                ['headers' => ['{signature}']],
                \TypeError::class,
            ],
            'header that is a number' => [
                '#3 ($headers)',
                $arrayOfStrings,
                ['headers' => ['X-S' => '{signature}', 'X' => 1]],
                \TypeError::class,
            ],
            'header that is no UTF-8'
                => ['#3 ($headers)', $arrayOfStrings, ['headers' => ['X-S' => "\xff{signature}"]], \TypeError::class],
            'timestamp without unit' => [
                '#5 ($timestampFormat)',
                'must not be null, because the profile has a {timestamp}',
                ['stringToSign' => '{timestamp}.{payload}', 'headers' => $time],
            ],
            'unit without timestamp' => [
                '#5 ($timestampFormat)',
                'must be null, because the profile has no {timestamp}',
                ['timestampFormat' => TimestampFormat::Seconds],
            ],
            'negative tolerance of a profile'
                => ['#6 ($tolerance)', 'must be between 0 and 604800', ['tolerance' => ANY_AGE]],
            'tolerance without timestamp' => [
                '#6 ($tolerance)',
                'must be null, because the profile has no {timestamp}',
                ['tolerance' => 0],
            ],
            'nonce without grammar' => [
                '#7 ($nonce)',
                'must not be null, because the profile has a {nonce}',
                ['stringToSign' => '{nonce}.{payload}', 'headers' => $random],
            ],
            'grammar without nonce'
                => ['#7 ($nonce)', 'must be null, because the profile has no {nonce}', ['nonce' => 'uuid']],
            'empty grammar' => ['#7 ($nonce)', $grammar, ['nonce' => '']],
            'grammar without length' => ['#7 ($nonce)', $grammar, ['nonce' => '[a-z]']],
            'grammar with a length of 0' => ['#7 ($nonce)', $grammar, ['nonce' => '[a-z]{0,8}']],
            'grammar with lengths the wrong way round' => ['#7 ($nonce)', $grammar, ['nonce' => '[a-z]{8,7}']],
            'grammar that is no UTF-8' => ['#7 ($nonce)', 'must be valid UTF-8', ['nonce' => "\xff"]],
            'method that is none' => [
                '#8 ($methodsWithoutPayload)',
                'must be a list of HTTP methods',
                ['methodsWithoutPayload' => ['GE T']],
            ],
            'method that is no string' => [
                '#8 ($methodsWithoutPayload)',
                'must be a list of strings',
                ['methodsWithoutPayload' => [1]],
                \TypeError::class,
            ],
        ];
        return array_map(
            static fn (array $row): array => [
                "HwSignature\\Profile::__construct(): Argument $row[0] $row[1]",
                static fn () => self::profile(...$row[2]),
                $row[3] ?? \ValueError::class,
            ],
            $rows,
        );
    }

    public function testNamedArgumentsAndSkippedOnes(): void
    {
        $expected = hw_sign('p', 'k', 'django', 'POST', '/', null, null, 1800000000);

        self::assertSame($expected, hw_sign(timestamp: 1800000000, profile: 'django', key: 'k', payload: 'p'));
        self::assertTrue(hw_verify($expected, now: 1800000000, key: 'k', payload: 'p', profile: 'django'));
        self::assertFalse(hw_verify($expected, now: 1800000061, key: 'k', payload: 'p', profile: 'django'));
        self::assertSame('Error: Unknown named parameter $secret', implode(': ', self::thrown(
            static fn () => hw_sign('p', secret: 'k'),
        )));
    }

    public function testReferencesAreFollowed(): void
    {
        $payload = 'p';
        $secret = 'k';
        $headers = hw_sign($payload, $secret, 'django', timestamp: 1800000000);
        $byReference = [&$headers, &$payload, &$secret];
        $key = Key::fromBytes($secret);
        $keys = [&$key];
        $list = [&$headers['X-HMAC-Signature']];
        $lists = ['X-HMAC-Signature' => &$list, 'X-HMAC-Timestamp' => &$headers['X-HMAC-Timestamp']];
        $template = '{signature}';
        $method = 'GET';
        $profile = self::profile(stringToSign: "{method}\n{payload}", headers: ['X-S' => &$template], methodsWithoutPayload: [&$method]);

        self::assertTrue(hw_verify(...$byReference, profile: 'django', now: 1800000000));
        $verifier = new Verifier(Profile::named('django'), $keys);
        self::assertTrue($verifier->isValid($lists, $payload, now: 1800000000));
        self::assertSame(['GET'], $profile->describe()['methodsWithoutPayload']);
        self::assertSame(['p', 'k', 'GET', '{signature}'], [$payload, $secret, $method, $template]);
    }

    public function testStringsAreNeverConvertedTo(): void
    {
        $weakCall = require __DIR__ . '/support/weak_call.php';
        $type = 'must be of type string,';
        $keyType = 'must be of type HwSignature\Key|string,';

        $null = self::thrown(static fn () => $weakCall(hw_sign(...), [null, 'k']));
        $number = self::thrown(static fn () => $weakCall(hw_sign(...), ['p', 123]));
        $stringable = self::thrown(static fn () => $weakCall(hw_sign(...), ['p', new \Exception()]));

        self::assertSame([\TypeError::class, "hw_sign(): Argument #1 (\$payload) $type null given"], $null);
        self::assertSame([\TypeError::class, "hw_sign(): Argument #2 (\$key) $keyType int given"], $number);
        self::assertSame([\TypeError::class, "hw_sign(): Argument #2 (\$key) $keyType Exception given"], $stringable);
    }

    public function testNumbersAreConvertedToWithoutStrictTypesOnly(): void
    {
        $weakCall = require __DIR__ . '/support/weak_call.php';
        $arguments = ['p', 'k', 'django', 'POST', '/', null, null, '123'];

        self::assertSame('123', $weakCall(hw_sign(...), $arguments)['X-HMAC-Timestamp']);
        self::assertSame(\TypeError::class, self::thrown(static fn () => hw_sign(...$arguments))[0]);
        self::assertSame(\TypeError::class, self::thrown(static fn () => $weakCall(
            hw_sign(...),
            array_replace($arguments, [7 => '123 s']),
        ))[0]);
    }

    /** The text "false" would convert to true. */
    public function testBooleansAreNeverConvertedTo(): void
    {
        $weakCall = require __DIR__ . '/support/weak_call.php';
        $arguments = ['mine', '{payload}', ['X' => '{signature}'], Encoding::Hex, null, null, null, []];

        self::assertTrue($weakCall(Profile::class, [...$arguments, true])->describe()['ambiguous']);
        self::assertSame(
            [\TypeError::class, 'HwSignature\Profile::__construct(): Argument #9 ($ambiguous) must be of type bool, string given'],
            self::thrown(static fn () => $weakCall(Profile::class, [...$arguments, 'false'])),
        );
    }

    /** @return array<string, array{string}> */
    public static function callables(): array
    {
        $names = array_keys(ArgumentTable::reflection());
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    /** @return array<string, mixed> */
    private static function values(): array
    {
        $closed = fopen('php://memory', 'r');
        fclose($closed);
        return [
            'null' => null,
            'int' => 7,
            'float' => 1.5,
            'true' => true,
            'empty array' => [],
            'list' => [['x'], null, 1],
            'map' => ["\0" => "\xff", 'X-HMAC-Signature' => new \stdClass()],
            'object' => new \stdClass(),
            'stringable' => new \Exception(),
            'closure' => static fn () => null,
            'enum' => TimestampFormat::Milliseconds,
            'closed resource' => $closed,
            'NaN' => NAN,
            'infinity' => INF,
            'least int' => PHP_INT_MIN,
            'greatest int' => PHP_INT_MAX,
            'empty' => '',
            'zero byte' => "\0",
            'no UTF-8' => "\xff\xc0\x80",
            '1 MiB' => str_repeat('x', 1 << 20),
        ];
    }

    private static function assertClear(string $name, int $index, string $kind, mixed $value, bool $strict): void
    {
        [$callee, $valid] = ArgumentTable::callables()[$name];
        $arguments = array_replace($valid, [$index => $value]);
        $call = $strict ? self::call(...) : require __DIR__ . '/support/weak_call.php';
        try {
            $call($callee, $arguments);
        } catch (\TypeError | \ValueError | HwSignatureException) {
            // A clear error.
        } catch (\Throwable $thrown) {
            // What PHP says of its own functions too when it converts.
            $conversion = '/^Implicit conversion from float|Passing null to parameter #/';
            if ($strict || preg_match($conversion, $thrown->getMessage()) === 0) {
                self::fail("$name, argument $index, $kind: " . get_class($thrown) . ": {$thrown->getMessage()}");
            }
        }
    }

    /**
     * @param \Closure|class-string $callee
     * @param list<mixed> $arguments
     */
    private static function call(\Closure|string $callee, array $arguments): mixed
    {
        return is_string($callee) ? new $callee(...$arguments) : $callee(...$arguments);
    }

    /** A profile that works, but for what is given. */
    private static function profile(mixed ...$given): Profile
    {
        return new Profile(...$given + [
            'name' => 'custom',
            'stringToSign' => '{payload}',
            'headers' => ['X-S' => '{signature}'],
            'encoding' => Encoding::Hex,
        ]);
    }

    /** @return array{class-string, string} */
    private static function thrown(\Closure $call): array
    {
        $thrown = Thrown::by($call);
        return [get_class($thrown), explode(', called in ', $thrown->getMessage())[0]];
    }
}
