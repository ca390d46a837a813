<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Fpm;
use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\Server;
use HwSignature\Tests\Support\Wire;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** The example receiver and the example sender, over HTTP. */
final class ReceiverTest extends TestCase
{
    private const EXAMPLES = __DIR__ . '/../examples';
    private const KEY = 'the key of the receiver';
    private const ACCEPTED = "200\n{\"errno\":0,\"errmsg\":\"\"}\n";
    private const REFUSED = "401\nUnauthorized\n";

    private ?Server $server = null;

    protected function tearDown(): void
    {
        $this->server?->stop();
    }

    /** @return array<string, array{0: string, 1: string, 2?: string, 3?: string}> answer, what the request shows, what is tampered with, body */
    public static function requests(): array
    {
        return [
            'genuine' => [self::ACCEPTED, '/^X-HW-SIGNATURE: timestamp=\d{13}; nonce=:; value=\S{44}$/m'],
            'empty body' => [self::ACCEPTED, '/\n\n$/', '', ''],
            'without spaces' => [self::ACCEPTED, '/^X-HW-SIGNATURE: timestamp=\d{13};nonce=:;value=\S{44}$/m', 'nospace'],
            'lower-case names' => [self::ACCEPTED, '/^x-hw-signature: .*\nx-hw-timestamp: /m', 'lower-case'],
            'tampered body' => [self::REFUSED, '/"data":"bm8K"/', 'body'],
            'without the header' => [self::REFUSED, '/^POST \S+\n\n/', 'no-header'],
            'the header twice' => [self::REFUSED, '/^(X-HW-SIGNATURE: .*)\n(?:.*\n)*\1$/m', 'twice'],
        ];
    }

    /** @dataProvider requests */
    #[DataProvider('requests')]
    public function testTheSignatureDecides(string $answer, string $shows, string $tamper = '', ?string $body = null): void
    {
        if ($tamper === 'twice') {
            Server::needsRepeatedHeaders();
        }
        $options = $tamper === '' ? [] : ["--tamper=$tamper"];

        [$request, $response] = $this->send($options, body: $body);

        self::assertMatchesRegularExpression($shows, $request);
        self::assertSame($answer, $response);
        self::assertSame('', $this->server?->errors());
    }

    /** @return array<string, array{string, int}> answer, age in seconds */
    public static function ages(): array
    {
        return [
            'four minutes old' => [self::ACCEPTED, 240],
            'four minutes ahead' => [self::ACCEPTED, -240],
            'stale' => [self::REFUSED, 360],
            'from the future' => [self::REFUSED, -360],
        ];
    }

    /** @dataProvider ages */
    #[DataProvider('ages')]
    public function testTheWindowIsFiveMinutesEitherWay(string $answer, int $age): void
    {
        [, $response] = $this->send(['--timestamp=' . (time() - $age) * 1000]);

        self::assertSame($answer, $response);
        self::assertSame('', $this->server?->errors());
    }

    public function testAFormIsRefusedWhereAnEmptyBodyWasSigned(): void
    {
        $this->server = new Server(self::EXAMPLES . '/receiver.php', ['HUAWEI_PUSH_KEY' => self::KEY]);
        $form = ['Content-Type' => 'multipart/form-data; boundary=b'];
        $body = "--b\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1000\r\n--b--\r\n";

        self::assertSame([401, "Unauthorized\n"], Wire::send($this->server->url(), 'POST /', $form + hw_sign('', self::KEY), $body));
        self::assertSame('', $this->server->errors());
    }

    public function testAnotherKeyIsRefused(): void
    {
        [, $response] = $this->send([], key: 'another key');

        self::assertSame(self::REFUSED, $response);
        self::assertSame('', $this->server?->errors());
    }

    public function testAReceiverWithoutKeyAcceptsNothing(): void
    {
        [, $response] = $this->send([], receiverKey: '');

        self::assertSame("500\n\n", $response);
        self::assertStringContainsString('HUAWEI_PUSH_KEY is not set', (string) $this->server?->errors());
    }

    public function testBehindFpmThePoolNamesTheKey(): void
    {
        if (Fpm::binary() === null) {
            self::markTestSkipped('There is no php-fpm: install php-fpm.');
        }
        $page = (string) file_get_contents(__DIR__ . '/../docs/nginx-php-fpm.md');
        self::assertSame(1, preg_match('/^```ini\n(.*?)^```$/ms', $page, $pool));
        $body = '{"from":"token"}';
        foreach (['' => "", $pool[1] => "{\"errno\":0,\"errmsg\":\"\"}\n"] as $lines => $answer) {
            $fpm = Fpm::start($lines, ['HUAWEI_PUSH_KEY' => self::KEY]);
            try {
                self::assertSame([$answer], $fpm->post(realpath(self::EXAMPLES . '/receiver.php'), [[hw_sign($body, self::KEY), $body]]));
            } finally {
                $fpm->stop();
            }
        }
    }

    public function testTheReceiverOfThePageBehindFpm(): void
    {
        if (Fpm::binary() === null || !extension_loaded('apcu')) {
            self::markTestSkipped('There is no php-fpm or no APCu: make deps installs both.');
        }
        $page = (string) file_get_contents(__DIR__ . '/../docs/nginx-php-fpm.md');
        self::assertSame(1, preg_match('/^```php norun\n(.*?)^```$/ms', $page, $receiver));
        self::assertSame(1, preg_match('/^```ini\n(.*?)^```$/ms', $page, $pool));
        $directory = sys_get_temp_dir() . '/hw_signature-' . bin2hex(random_bytes(8));
        mkdir("$directory/vendor", recursive: true);
        file_put_contents("$directory/receiver.php", "<?php\n\n$receiver[1]");
        file_put_contents("$directory/vendor/autoload.php", "<?php require '" . realpath(__DIR__ . '/../library/autoload.php') . "';");
        $fpm = Fpm::start($pool[1], ['HUAWEI_PUSH_KEY' => self::KEY]);
        try {
            $good = [hw_sign('{"from":"token"}', self::KEY), '{"from":"token"}'];
            $forged = [$good[0] + ['X-HTTP-Method-Override' => 'DELETE'], $good[1]];
            $answers = array_map(static fn (array $request): string => $fpm->post("$directory/receiver.php", [$request])[0], [$forged, $good, $good]);
            $log = $fpm->log();
        } finally {
            $fpm->stop();
            Php::run(['rm', '-r', $directory]);
        }

        self::assertSame(['', '{"errno":0,"errmsg":""}', ''], $answers);
        self::assertStringNotContainsString('PHP ', $log);
    }

    public function testTheSenderExplainsItsUse(): void
    {
        foreach ([['--tamper=foo', 'http://127.0.0.1:1/'], ['--tamper=body', '--tamper=twice', 'http://127.0.0.1:1/'], []] as $arguments) {
            [$status, $output, $errors] = Php::run(
                Php::command([self::EXAMPLES . '/send.php', ...$arguments]),
                '',
                ['HUAWEI_PUSH_KEY' => self::KEY],
            );
            self::assertSame([2, ''], [$status, $output]);
            self::assertStringStartsWith('usage: ', $errors);
            self::assertStringEndsWith("\nKIND is one of body, no-header, twice, nospace, lower-case.\n", $errors);
        }
    }

    /**
     * @param list<string> $options
     * @return array{string, string} the request and the response, as examples/send.php shows them
     */
    private function send(array $options, string $key = self::KEY, ?string $body = null, string $receiverKey = self::KEY): array
    {
        $this->server = new Server(self::EXAMPLES . '/receiver.php', ['HUAWEI_PUSH_KEY' => $receiverKey]);
        $arguments = [...Module::arguments(), self::EXAMPLES . '/send.php', ...$options, $this->server->url()];
        $process = proc_open(
            [PHP_BINARY, ...$arguments, ...($body === null ? [] : [$body])],
            [1 => ['pipe', 'w']],
            $pipes,
            null,
            ['HUAWEI_PUSH_KEY' => $key] + getenv(),
        );
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        proc_close($process);
        self::assertMatchesRegularExpression('/\A(> .*\n)+(< .*\n)+\z/', $output);
        [$request, $response] = explode("\n< ", $output, 2);

        return [str_replace("\n> ", "\n", substr($request, 2)), str_replace("\n< ", "\n", $response)];
    }
}
