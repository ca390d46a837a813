<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Tests\Support\Sample;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** One request in every shape in which PHP people hold its headers. */
final class HeaderShapesTest extends TestCase
{
    /** What else stands in $_SERVER behind a web server. */
    private const SERVER = [
        'USER' => 'www-data', 'HOME' => '/var/www', 'SCRIPT_FILENAME' => '/var/www/html/index.php', 'QUERY_STRING' => 'a=1',
        'REQUEST_METHOD' => 'POST', 'CONTENT_TYPE' => 'application/json', 'CONTENT_LENGTH' => '19', 'SCRIPT_NAME' => '/index.php',
        'REQUEST_URI' => '/hook?a=1', 'DOCUMENT_URI' => '/index.php', 'DOCUMENT_ROOT' => '/var/www/html',
        'SERVER_PROTOCOL' => 'HTTP/2.0', 'REQUEST_SCHEME' => 'https', 'HTTPS' => 'on', 'GATEWAY_INTERFACE' => 'CGI/1.1',
        'SERVER_SOFTWARE' => 'nginx/1.22.1', 'REMOTE_ADDR' => '192.0.2.7', 'REMOTE_PORT' => '54321', 'REMOTE_USER' => '',
        'SERVER_ADDR' => '192.0.2.1', 'SERVER_PORT' => '443', 'SERVER_NAME' => 'hook.example', 'REDIRECT_STATUS' => '200',
        'PATH_INFO' => '', 'PATH_TRANSLATED' => '/var/www/html', 'SSL_PROTOCOL' => 'TLSv1.3', 'HTTP_HOST' => 'hook.example',
        'HTTP_USER_AGENT' => 'okhttp/4.9', 'HTTP_ACCEPT' => '*/*', 'HTTP_ACCEPT_ENCODING' => 'gzip', 'HTTP_ACCEPT_LANGUAGE' => 'en',
        'HTTP_CACHE_CONTROL' => 'no-cache', 'HTTP_CONNECTION' => 'keep-alive', 'HTTP_CONTENT_TYPE' => 'application/json',
        'HTTP_CONTENT_LENGTH' => '19', 'HTTP_COOKIE' => 'a=b', 'HTTP_REFERER' => '', 'HTTP_VIA' => '1.1 proxy',
        'HTTP_X_FORWARDED_FOR' => '192.0.2.7', 'HTTP_X_FORWARDED_PROTO' => 'https', 'HTTP_X_REQUEST_ID' => '4711',
        'HTTP_X_SIGNATURE' => 'not ours', 'HTTP_X_HW' => 'not ours', 'HTTP_X_NC_SIGNATURES' => 'not ours', 'PHP_SELF' => '/index.php',
        'REQUEST_TIME_FLOAT' => 1800000000.25, 'REQUEST_TIME' => 1800000000, 'argv' => ['a=1'], 'argc' => 1, 'FCGI_ROLE' => 'RESPONDER',
    ];
    private const OTHERS = ['Host' => 'hook.example', 'User-Agent' => 'okhttp/4.9', 'Content-Type' => 'application/json', 'Accept' => '*/*'];

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testEveryShapeIsUnderstood(string $profile): void
    {
        $sample = Sample::of($profile);
        foreach (self::shapes($sample->sign()) as $shape => $headers) {
            self::assertTrue($sample->verify($headers), $shape);
            self::assertFalse($sample->with(['payload' => 'other'])->verify($headers), $shape);
        }
    }

    /**
     * @param array<string, string> $headers
     * @return iterable<string, array<mixed>>
     */
    private static function shapes(array $headers): iterable
    {
        $upper = array_change_key_case($headers, CASE_UPPER);
        $lower = array_change_key_case($headers);
        $list = static fn (string $value): array => [$value];
        yield 'as sent' => $headers;
        yield 'getallheaders()' => self::OTHERS + $headers;
        yield 'getallheaders() in upper case' => $upper + array_change_key_case(self::OTHERS, CASE_UPPER);
        yield 'getallheaders() in lower case' => $lower + array_change_key_case(self::OTHERS);
        yield 'getallheaders() under FPM' => self::rename($headers, static fn (string $name): string => ucwords(strtolower($name), '-'));
        yield '$_SERVER' => self::server($headers) + self::SERVER;
        yield '$_SERVER, ours last' => self::SERVER + self::server($headers);
        yield 'PSR-7' => array_map($list, self::OTHERS + $headers);
        yield 'Symfony' => array_map($list, array_change_key_case(self::OTHERS) + $lower);
        $underscores = self::rename($lower, static fn (string $name): string => strtr($name, '-', '_'));
        yield 'WordPress' => array_map($list, $underscores + ['content_type' => 'application/json']);
        yield 'underscores in upper case' => array_change_key_case($underscores, CASE_UPPER) + self::SERVER;
        yield 'a list with a key' => array_map(static fn (string $value): array => ['a' => $value], $headers);
        yield 'list for one, text for the other' => array_merge($headers, array_slice(array_map($list, $headers), 0, 1));
        yield '$_SERVER for one, its name for the other' => self::server(array_slice($headers, 0, 1)) + array_slice($headers, 1);
    }

    /**
     * @dataProvider repetitions
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('repetitions')]
    public function testAHeaderThatIsThereTwiceIsRefused(string $profile, string $name, array $headers): void
    {
        self::assertRejected($profile, $headers, Reason::RepeatedHeader, "$name stands more than once");
    }

    /** @return iterable<string, array{string, string, array<mixed>}> */
    public static function repetitions(): iterable
    {
        foreach (Sample::PROFILES as $profile) {
            $headers = Sample::of($profile)->sign();
            unset($headers['OCS-APIRequest']);
            foreach ($headers as $name => $value) {
                $server = key(self::server([$name => '']));
                $spellings = [$name, strtolower($name), ucwords(strtolower($name), '-'), strtoupper($name), $server, strtr($name, '-', '_')];
                $spellings = array_values(array_unique($spellings));
                $others = array_diff_key($headers, [$name => 0]);
                foreach ($spellings as $index => $first) {
                    foreach (array_slice($spellings, $index + 1) as $second) {
                        yield "$profile: $first and $second" => [$profile, $name, [$first => $value, $second => $value] + $others];
                    }
                    yield "$profile: $first, and $name in a list" => [
                        $profile, $name, [$first => [$value, $value]] + $others,
                    ];
                    yield "$profile: $first and others" => [$profile, $name, [$first => [$value, 'other', null]] + $others];
                }
                yield "$profile: $name three times" => [
                    $profile, $name, [$name => $value, $server => [$value], strtr(strtolower($name), '-', '_') => $value] + $others,
                ];
                yield "$profile: $name, text and number" => [$profile, $name, [$name => $value, $server => 1] + $others];
            }
        }
    }

    /**
     * @dataProvider missing
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('missing')]
    public function testNothingIsMissing(mixed $nothing): void
    {
        $headers = ['X-HMAC-Signature' => $nothing] + Sample::of('django')->sign();
        self::assertRejected('django', $headers, Reason::MissingHeader, 'X-HMAC-Signature is missing');
    }

    /** @return array<string, array{mixed}> */
    public static function missing(): array
    {
        return ['null' => [null], 'empty list' => [[]]];
    }

    /**
     * @dataProvider noText
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('noText')]
    public function testWhatIsNoTextIsRefused(mixed $value): void
    {
        foreach ([$value, [$value]] as $wrong) {
            $headers = ['X-HMAC-Timestamp' => $wrong] + Sample::of('django')->sign();
            self::assertRejected('django', $headers, Reason::MalformedHeader, 'X-HMAC-Timestamp is not a string');
        }
    }

    /** @return array<string, array{mixed}> */
    public static function noText(): array
    {
        $text = new class {
            public function __toString(): string
            {
                return (string) Sample::NOW;
            }
        };
        return [
            'int' => [Sample::NOW], 'float' => [(float) Sample::NOW], 'true' => [true], 'false' => [false],
            'object' => [new \stdClass()], 'stringable' => [$text], 'list in a list' => [[[]]],
        ];
    }

    public function testNamesThatOnlyLookAlikeAreOtherNames(): void
    {
        $sample = Sample::of('huawei-push');
        $headers = $sample->sign();
        $value = $headers['X-HW-SIGNATURE'];
        $alike = ['http_x_hw_signature', 'Http_X_Hw_Signature', 'HTTP_X_HW_SIGNATURe', 'HTTP-X-HW-SIGNATURE', 'HTTP_X-HW-SIGNATURE', 'X-HW-SIGNATURE ', ' X-HW-SIGNATURE', 'X-HW-SIGNATUR',
            'HTTP_HTTP_X_HW_SIGNATURE', 'REDIRECT_HTTP_X_HW_SIGNATURE', "X-HW-SIGNATURE\0", 'HTTP_',
            "X-HW-SIGNATURE\n", "\nX-HW-SIGNATURE", "a\nX-HW-SIGNATURE\nHTTP_X_HW_SIGNATURE", "X-HW-SIGNATURE\r"];
        foreach ($alike as $name) {
            self::assertFalse($sample->verify([$name => $value]), $name);
            self::assertTrue($sample->verify([$name => 'x'] + $headers), $name);
        }
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }

    private static function assertRejected(string $profile, array $headers, Reason $reason, string $message): void
    {
        $sample = Sample::of($profile);
        self::assertFalse($sample->verify($headers));
        $verifier = new Verifier(Profile::named($profile), [$sample->keyObject()]);
        try {
            $verifier->verify($headers, $sample->payload, $sample->method, $sample->target, Sample::NOW);
            self::fail('accepted');
        } catch (SignatureRejectedException $exception) {
            self::assertSame($reason, $exception->getReason());
            self::assertSame($message, $exception->getMessage());
        }
    }

    /** @param array<string, string> $headers */
    private static function server(array $headers): array
    {
        return self::rename($headers, static fn (string $name): string => 'HTTP_' . strtr(strtoupper($name), '-', '_'));
    }

    private static function rename(array $headers, callable $rename): array
    {
        return array_combine(array_map($rename, array_keys($headers)), $headers);
    }
}
