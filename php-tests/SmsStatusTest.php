<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Fpm;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\Server;
use HwSignature\Tests\Support\Wire;
use PHPUnit\Framework\TestCase;

/** The example receiver for canonical requests, over HTTP. */
final class SmsStatusTest extends TestCase
{
    private const SCRIPT = __DIR__ . '/../examples/sms_status.php';
    private const KEYS = ['SMS_ACCESS_KEY' => 'access', 'SMS_SECRET_KEY' => 'secret'];
    private const BODY = 'status=DELIVRD&smsMsgId=1';

    /** @return array<string, string> */
    private static function signed(string $target, array $headers): array
    {
        $signer = new Signer(Profile::named('huawei-apig'), Key::fromBytes('secret', 'access'));
        return $headers + $signer->sign(self::BODY, 'POST', $target, headers: $headers);
    }

    public function testTheSignatureDecidesInPhpsOwnServer(): void
    {
        $server = new Server(self::SCRIPT, self::KEYS);
        try {
            $this->requireAnswers($server->url());
            self::assertSame('', $server->errors());
        } finally {
            $server->stop();
        }
    }

    /** There, `CONTENT_TYPE` and `HTTP_CONTENT_TYPE` stand side by side, and the first one is there even when it is empty. */
    public function testTheSignatureDecidesBehindNginxAndFpm(): void
    {
        $nginx = Child::find('nginx');
        if ($nginx === null || Fpm::binary() === null) {
            self::markTestSkipped('There is no nginx or no php-fpm: make deps installs both.');
        }
        $fpm = Fpm::start("clear_env = no\n", self::KEYS);
        $directory = sys_get_temp_dir() . '/hw_signature-' . bin2hex(random_bytes(8));
        mkdir($directory, 0700);
        $port = Child::freePort();
        file_put_contents("$directory/nginx.conf", self::nginx($directory, $port, $fpm->port()));
        $process = new Child([$nginx, '-p', $directory, '-c', "$directory/nginx.conf", '-e', "$directory/log"], []);
        try {
            for ($attempt = 0; $attempt < 500 && @stream_socket_client("tcp://127.0.0.1:$port") === false; $attempt++) {
                usleep(10_000);
            }
            $this->requireAnswers("http://127.0.0.1:$port/");
            self::assertStringNotContainsString('PHP ', $fpm->log());
        } finally {
            $process->stop();
            $fpm->stop();
            Php::run(['rm', '-r', $directory]);
        }
    }

    private function requireAnswers(string $url): void
    {
        // Without a port, which Debian's configuration of nginx does not hand on.
        [$host, $base] = ['backend.example', 'https://backend.example'];
        $send = static fn (array $headers, string $target = '/status?b=%7B&a=%C3%A9', string $body = self::BODY): array
            => Wire::send($url, "POST $target", $headers, $body);
        [$accepted, $refused] = [[200, "DELIVRD\n"], [401, "Unauthorized\n"]];
        $form = ['Host' => $host, 'Content-Type' => 'application/x-www-form-urlencoded'];
        $good = self::signed("$base/status?b=%7B&a=%C3%A9", $form);
        self::assertSame($accepted, $send($good));
        self::assertSame($accepted, $send($good, '/status/?a=%c3%a9&b={'));
        self::assertSame($refused, $send($good, '/other?b=%7B&a=%C3%A9'));
        self::assertSame($refused, $send($good, body: 'status=REJECTD'));
        self::assertSame($refused, $send(['Content-Type' => 'text/plain'] + $good));
        self::assertSame($refused, $send(array_diff_key($good, ['Content-Type' => 1])));
        self::assertSame($refused, $send(['Host' => 'other.example'] + $good));
        self::assertSame($refused, $send(array_diff_key($good, ['Authorization' => 1])));
        // Without a Content-Type, none is signed.
        $bare = self::signed("$base/status?b=%7B&a=%C3%A9", ['Host' => $host]);
        self::assertSame($accepted, $send($bare));
        self::assertSame($accepted, $send($bare + ['X-Sdk-Content-Sha256' => 'UNSIGNED-PAYLOAD']));
    }

    private static function nginx(string $directory, int $port, int $fpm): string
    {
        $script = realpath(self::SCRIPT);
        $paths = '';
        foreach (['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi'] as $name) {
            $paths .= "{$name}_temp_path $directory/$name;\n";
        }
        return <<<NGINX
            daemon off;
            pid $directory/pid;
            error_log $directory/log;
            events {}
            http {
                access_log off;
                $paths
                server {
                    listen 127.0.0.1:$port;
                    location / {
                        include /etc/nginx/fastcgi_params;
                        fastcgi_param SCRIPT_FILENAME $script;
                        fastcgi_pass 127.0.0.1:$fpm;
                    }
                }
            }
            NGINX;
    }
}
