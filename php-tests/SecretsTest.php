<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\ArgumentTable;
use HwSignature\Tests\Support\ChildPhp;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Thrown;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * No byte of a key comes out of the object that holds it, or out of the call that it was passed to.
 */
final class SecretsTest extends TestCase
{
    /** Neither base64 nor hex. */
    private const SECRET = 'Zebra!crossing#under%the~moon-42';

    /** Settings that show as much as PHP can show. */
    private const TALKATIVE = [
        'zend.exception_ignore_args=0',
        'zend.exception_string_param_max_len=100000',
        'log_errors=1',
    ];

    /**
     * @dataProvider dumps
     */
    #[DataProvider('dumps')]
    public function testNoDumpShowsTheKey(\Closure $dump): void
    {
        foreach (self::holders() as $class => $holder) {
            ob_start();
            $returned = $dump($holder);
            $text = ob_get_clean() . print_r($returned, true);

            self::assertNotSame('', $text, $class);
            self::assertNoSecret($text);
        }
    }

    /** @return array<string, array{\Closure}> */
    public static function dumps(): array
    {
        return [
            'var_dump' => [static fn (object $holder) => var_dump($holder)],
            'print_r' => [static fn (object $holder) => print_r($holder, true)],
            'var_export' => [static fn (object $holder) => var_export($holder, true)],
            'debug_zval_dump' => [static fn (object $holder) => debug_zval_dump($holder)],
            'json_encode' => [static fn (object $holder) => json_encode($holder)],
            '(array)' => [static fn (object $holder) => (array) $holder],
            'get_object_vars' => [static fn (object $holder) => get_object_vars($holder)],
            'get_mangled_object_vars' => [static fn (object $holder) => get_mangled_object_vars($holder)],
            'foreach' => [static function (object $holder): array {
                $seen = [];
                foreach ($holder as $name => $value) {
                    $seen[$name] = $value;
                }
                return $seen;
            }],
            'http_build_query' => [static fn (object $holder) => 'q=' . http_build_query(['holder' => $holder])],
            'reflection' => [static fn (object $holder) => (string) new \ReflectionObject($holder)],
            'settings' => [static fn (object $holder) => print_r([$holder, ini_get_all('hw_signature')], true)],
        ];
    }

    public function testAKeyCanBeNeitherSerializedNorCloned(): void
    {
        foreach (self::holders() as $class => $holder) {
            $serialized = Thrown::by(static fn () => serialize([$holder]));
            $cloned = Thrown::by(static fn () => clone $holder);

            self::assertSame("Serialization of '$class' is not allowed", $serialized->getMessage());
            self::assertSame("Trying to clone an uncloneable object of class $class", $cloned->getMessage());
        }
    }

    /**
     * @dataProvider calls
     */
    #[DataProvider('calls')]
    public function testNoTraceShowsTheKey(string $call): void
    {
        $run = self::child(
            'try {
                (function () use ($secret) { ' . $call . ' })();
                echo "NOT THROWN";
            } catch (Throwable $thrown) {
                echo $thrown->getMessage(), $thrown->getTraceAsString(), $thrown;
                print_r($thrown->getTrace());
                var_dump($thrown);
                debug_zval_dump($thrown);
            }',
        );

        self::assertSame(0, $run->exitCode);
        self::assertStringNotContainsString('NOT THROWN', $run->output);
        self::assertStringContainsString('#0 ', $run->output);
        self::assertNoSecret($run->output . $run->errors);
    }

    /**
     * @dataProvider calls
     */
    #[DataProvider('calls')]
    public function testAnUncaughtExceptionDoesNotShowTheKey(string $call): void
    {
        $run = self::child("(function () use (\$secret) { $call })();");

        self::assertSame(255, $run->exitCode);
        self::assertStringContainsString('Uncaught ', $run->output . $run->errors);
        self::assertNoSecret($run->output . $run->errors);
    }

    /** @return array<string, array{string}> */
    public static function calls(): array
    {
        return array_map(static fn (string $call): array => [$call], [
            'hw_sign' => 'hw_sign("payload", $secret, "no such profile");',
            'hw_sign by name' => 'hw_sign(key: $secret, profile: "no such profile", payload: "payload");',
            'hw_sign with a number for a string' => 'hw_sign("payload", $secret, 7);',
            'hw_sign with too many arguments' => 'hw_sign("", $secret, "django", "GET", "/", null, null, 1, [], 2);',
            'hw_sign with an error handler' => 'hw_sign("payload", $secret, timestamp: 1.5);',
            'hw_verify' => 'hw_verify([], "payload", $secret, "no such profile");',
            'hw_verify with null for headers' => 'hw_verify(null, "payload", $secret);',
            'Key::fromBytes' => 'Key::fromBytes($secret, "not an id");',
            'Key::fromBytes with an object for an id' => 'Key::fromBytes($secret, new stdClass());',
            'Key::fromBase64 with other text' => 'Key::fromBase64($secret);',
            'Key::fromBase64' => 'Key::fromBase64(base64_encode($secret), "not an id");',
            'Key::fromBase64 without padding' => 'Key::fromBase64(rtrim(base64_encode($secret), "="));',
            'Key::fromHex with other text' => 'Key::fromHex($secret);',
            'Key::fromHex' => 'Key::fromHex(bin2hex($secret), "not an id");',
            'Key::fromHex with an odd digit' => 'Key::fromHex(bin2hex($secret) . "0");',
            'Signer' => 'new Signer(Profile::named("nextcloud"), Key::fromBytes($secret));',
            'Verifier' => 'new Verifier(Profile::named("django"), [Key::fromBytes($secret)], -9);',
            'Verifier with bytes for a key' => 'new Verifier(Profile::named("django"), [$secret]);',
            'Signer with bytes for a key' => 'new Signer(Profile::named("django"), $secret);',
            'Signer with bytes in a list' => 'new Signer(Profile::named("django"), [$secret]);',
            'SigningStream' => '$stream = signer($secret)->stream(); $stream->finish(); $stream->finish();',
            'replay guard' => 'verifier($secret, fn () => throw new Exception("down"))->verify(headers($secret), "");',
            'rejected' => 'verifier($secret, null)->verify([], "");',
        ]);
    }

    public function testABacktraceFromWithinDoesNotShowTheKey(): void
    {
        $run = self::child(
            'set_error_handler(function () { print_r(debug_backtrace()); debug_print_backtrace(); return true; });
             hw_sign("payload", $secret, timestamp: 1.5);
             verifier($secret, function () { print_r(debug_backtrace()); debug_print_backtrace(); return true; })
                 ->verify(headers($secret), "");',
        );

        self::assertStringContainsString('[function] => hw_sign', $run->output);
        self::assertStringContainsString('[function] => verify', $run->output);
        self::assertNoSecret($run->output . $run->errors);
    }

    public function testPhpinfoDoesNotShowTheKey(): void
    {
        $run = self::child('$key = Key::fromBytes($secret); hw_sign("", $secret); phpinfo();');

        self::assertStringContainsString('hw_signature support => enabled', $run->output);
        self::assertNoSecret($run->output . $run->errors);
    }

    public function testEveryKeyIsASensitiveParameter(): void
    {
        $sensitive = [];
        foreach (ArgumentTable::reflection() as $name => $function) {
            foreach ($function->getParameters() as $parameter) {
                if ($parameter->getAttributes(\SensitiveParameter::class) !== []) {
                    $sensitive[] = "$name \${$parameter->getName()}";
                } else {
                    $isString = (string) $parameter->getType() === 'string';
                    self::assertFalse($isString && str_contains($parameter->getName(), 'key'), $name);
                }
            }
        }
        $diagnosis = Implementation::isLibrary() ? [] : ['hw_diagnose $key'];
        self::assertSame([
            'hw_sign $key',
            'hw_verify $key',
            ...$diagnosis,
            'HwSignature\Key::fromBytes $bytes',
            'HwSignature\Key::fromBase64 $text',
            'HwSignature\Key::fromHex $text',
            'HwSignature\Signer::__construct $keys',
            'HwSignature\Verifier::__construct $keys',
        ], $sensitive);
    }

    /**
     * Without this, a search that finds nothing would look like a secret that is kept.
     *
     * @dataProvider leaks
     */
    #[DataProvider('leaks')]
    public function testTheSearchFindsAKeyThatIsShown(string $code): void
    {
        $run = self::child('function leak($value) { throw new Exception("thrown"); }' . $code);

        $this->expectException(\PHPUnit\Framework\ExpectationFailedException::class);
        self::assertNoSecret($run->output . $run->errors);
    }

    /** @return array<string, array{string}> */
    public static function leaks(): array
    {
        return [
            'raw' => ['echo "key: $secret";'],
            'cut short' => ['echo substr($secret, 0, 15), "...";'],
            'hex' => ['echo bin2hex($secret);'],
            'HEX' => ['echo strtoupper(bin2hex($secret));'],
            'base64' => ['echo base64_encode($secret);'],
            'trace' => ['try { leak($secret); } catch (Exception $thrown) { print_r($thrown->getTrace()); }'],
            'uncaught' => ['leak($secret);'],
        ];
    }

    /** @return array<class-string, object> */
    private static function holders(): array
    {
        $key = Key::fromBytes(self::SECRET, 'id');
        $profile = Profile::named('django');
        $signer = new Signer($profile, $key);
        $verifier = new Verifier($profile, [$key]);
        $holders = [$key, $signer, $signer->stream(), $verifier, $verifier->stream($signer->sign(''))];
        return array_combine(array_map(get_class(...), $holders), $holders);
    }

    private static function child(string $code): ChildPhp
    {
        return ChildPhp::run(
            '<?php
            use HwSignature\{Key, Profile, Signer, Verifier};
            set_error_handler(function ($level, $message) { throw new ErrorException($message); });
            function signer(#[SensitiveParameter] $secret) {
                return new Signer(Profile::named("django"), Key::fromBytes($secret));
            }
            function headers(#[SensitiveParameter] $secret) { return signer($secret)->sign(""); }
            function verifier(#[SensitiveParameter] $secret, $claim) {
                return new Verifier(Profile::named("django"), [Key::fromBytes($secret)], claim: $claim);
            }
            $secret = rawurldecode("' . rawurlencode(self::SECRET) . '");
            ' . $code,
            self::TALKATIVE,
        );
    }

    /** Looks for the beginning of the key: a trace may be cut short. */
    private static function assertNoSecret(string $text): void
    {
        $start = substr(self::SECRET, 0, 6);
        foreach ([$start, bin2hex($start), base64_encode($start), base64_encode(bin2hex($start))] as $form) {
            self::assertStringNotContainsStringIgnoringCase($form, $text);
        }
    }
}
