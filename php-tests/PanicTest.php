<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\TestCase;

/**
 * A panic, which nobody foresaw by its nature: it ends the call as an Error that can be caught, gives no secret away, and
 * leaves everything in use as it was. Without an unwinder, it would end the process.
 */
final class PanicTest extends TestCase
{
    private const SECRET = 'a secret that nobody shall read';

    private const CALLS = <<<'PHP'
        use HwSignature\{Key, Profile, Signer, Verdict, Verifier};
        [, $secret] = $argv;
        $profile = Profile::named('nextcloud');
        $key = Key::fromBytes($secret, 'client');
        $signer = new Signer($profile, $key);
        $verifier = new Verifier($profile, [$key]);
        $of = ['body', $secret, 'nextcloud', 'POST', '/'];
        $headers = $signer->sign('body', 'POST', '/');
        $stream = $verifier->stream($headers, 'POST', '/');
        $stream->update('body');
        $calls = [
            'hw_sign' => static fn () => hw_sign(...$of, key_id: 'client'),
            'hw_verify' => static fn () => hw_verify($headers, ...$of),
            'hw_diagnose' => static fn () => hw_diagnose($headers, ...$of)->verdict === Verdict::Valid,
            'Signer::sign' => static fn () => $signer->sign('body', 'POST', '/'),
            'Signer::stream' => static fn () => $signer->stream('POST', '/'),
            'Verifier::verify' => static fn () => $verifier->verify($headers, 'body', 'POST', '/'),
            'Verifier::isValid' => static fn () => $verifier->isValid($headers, 'body', 'POST', '/'),
            'Verifier::diagnose' => static fn () => $verifier->diagnose($headers, 'body', 'POST', '/')->verdict === Verdict::Valid,
            'Verifier::stream' => static fn () => $verifier->stream($headers, 'POST', '/'),
            'VerifyingStream::finish' => static fn () => $stream->finish(),
        ];
        foreach ($calls as $name => $call) {
            putenv('NO_CLOCK=1');
            try {
                $call();
                echo "$name: nothing was thrown\n";
            } catch (\Error $error) {
                echo "$name: ", get_class($error), ' ', strtok($error->getMessage(), ':'), "\n";
            }
            putenv('NO_CLOCK');
        }
        foreach ($calls as $name => $call) {
            try {
                $works = $call();
            } catch (\Throwable $thrown) {
                $works = str_contains($thrown->getMessage(), 'the stream is finished');
            }
            echo $works ? '' : "$name: does not work any more\n";
        }
        PHP;

    private string $library;

    protected function setUp(): void
    {
        if (PHP_OS_FAMILY !== 'Linux' || Child::find('cc') === null) {
            self::markTestSkipped('needs a C compiler (Linux)');
        }
        $this->library = tempnam(sys_get_temp_dir(), 'hw_signature');
        $source = escapeshellarg(__DIR__ . '/support/failing_clock.c');
        exec("cc -shared -fPIC -Wall -Wextra -Werror -o $this->library $source 2>&1", $output, $exitCode);
        self::assertSame(0, $exitCode, implode("\n", $output));
    }

    protected function tearDown(): void
    {
        if (isset($this->library)) {
            unlink($this->library);
        }
    }

    public function testAPanicIsAnErrorAndEverythingWorksAfterwards(): void
    {
        // The module too: PHP would load it so that it asks the C library first.
        $preload = "LD_PRELOAD=$this->library " . Module::path();
        // Not in the environment of the tests: only PHP has what the module asks for.
        [$exitCode, $output, $errors] = Php::run(['env', $preload, ...Php::command(['-r', self::CALLS, '--', self::SECRET])]);
        self::assertSame(0, $exitCode, "$output$errors");

        preg_match_all("/'([\w:]+)' => static fn/", self::CALLS, $names);
        self::assertSame(array_map(static fn (string $name): string => "$name: Error Rust panic", $names[1]), explode("\n", trim($output)));
        self::assertSame(count($names[1]), preg_match_all('/ panicked at /', $errors));
        self::assertStringNotContainsString(self::SECRET, "$output$errors");
    }
}
