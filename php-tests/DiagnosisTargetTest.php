<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Verdict;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** What a contract that signs the whole target or the whole URL is diagnosed with. */
final class DiagnosisTargetTest extends TestCase
{
    private const SECRET = 'a secret of thirty-three letters!';
    private const BODY = '{"id":7}';

    /** @return iterable<string, array{string, string, string, Cause}> field, what was signed, what was passed */
    public static function mistakes(): iterable
    {
        $url = 'https://shop.example.com/hooks/order?b=2&a=x%2Fy+z';
        foreach ([
            'http' => [str_replace('https:', 'http:', $url), Cause::TargetDiffers],
            'a port' => [str_replace('.com', '.com:8080', $url), Cause::TargetDiffers],
            'the port of the scheme' => [str_replace('.com', '.com:443', $url), Cause::TargetDiffers],
            'www.' => [str_replace('shop.', 'www.shop.', $url), Cause::TargetDiffers],
            'a host in capitals' => [str_replace('shop.example.com', 'Shop.Example.com', $url), Cause::TargetDiffers],
            'a slash at the end' => [str_replace('order?', 'order/?', $url), Cause::PathTrailingSlash],
            'two slashes' => [str_replace('/hooks/', '/hooks//', $url), Cause::PathSlashesMerged],
            'a prefix' => [str_replace('/hooks', '/api/hooks', $url), Cause::PathPrefix],
        ] as $name => [$other, $cause]) {
            // Capitals cannot be guessed where the host has none.
            if ($name !== 'a host in capitals') {
                yield "url, $name at the sender" => ['{url}', $other, $url, $cause];
            }
            yield "url, $name at the receiver" => ['{url}', $url, $other, $cause];
        }
        $target = substr($url, strlen('https://shop.example.com'));
        $path = '/hooks/order';
        foreach ([
            'without the query' => [$path, Cause::QueryNotCanonical],
            'with a sorted query' => ["$path?a=x%2Fy+z&b=2", Cause::QueryNotCanonical],
            'with %20 for +' => ["$path?a=x%2Fy%20z&b=2", Cause::QueryNotCanonical],
            'without one parameter' => ["$path?b=2", Cause::QueryNotCanonical],
            'decoded' => ["$path?b=2&a=x/y z", Cause::QueryNotCanonical],
            'with its delimiters decoded' => ["$path?b=2&a=x/y+z", Cause::QueryNotCanonical],
            'with a slash at the end' => ["$path/?b=2&a=x%2Fy+z", Cause::PathTrailingSlash],
            'without the first slash' => [substr($target, 1), Cause::PathPrefix],
            'behind a prefix' => ["/api$target", Cause::PathPrefix],
            'in lower case' => [$target, Cause::TargetDiffers, '/Hooks/Order?b=2&a=x%2Fy+z'],
            'without dots' => [$target, Cause::TargetDiffers, '/hooks/x/../order?b=2&a=x%2Fy+z'],
            'without a session' => [$target, Cause::TargetDiffers, '/hooks/order;jsessionid=1?b=2&a=x%2Fy+z'],
            'decoded, with a letter in the path' => ['/é', Cause::TargetDiffers, '/%C3%A9'],
            'encoded, with a letter in the path' => ['/%C3%A9', Cause::TargetDiffers, '/é'],
            'with a question mark and nothing behind' => ['/hooks?', Cause::TargetDiffers, '/hooks'],
        ] as $name => $row) {
            [$signed, $cause, $passed] = [...$row, $target];
            yield "target, $name" => ['{target}', $signed, $passed, $cause];
            $origin = 'https://shop.example.com';
            if ($signed[0] === '/') {
                yield "url, $name" => ['{url}', $origin . $signed, $origin . $passed, $cause];
            }
        }
        yield 'target, with the host' => ['{target}', $url, $target, Cause::TargetDiffers];
        yield 'url, without the host' => ['{url}', $target, $url, Cause::TargetDiffers];
        yield 'url, without the scheme' => ['{url}', substr($url, 8), $url, Cause::TargetDiffers];
    }

    /** @dataProvider mistakes */
    #[DataProvider('mistakes')]
    public function testAnotherTargetIsNamed(string $field, string $signed, string $passed, Cause $cause): void
    {
        $profile = new Profile('ours', "{method}\n$field\n{payload}", ['X-Signature' => '{signature}'], Encoding::Hex, ambiguous: true);
        $digest = hash_hmac('sha256', "POST\n$signed\n" . self::BODY, self::SECRET);
        $headers = ['X-Signature' => $digest, 'Host' => 'shop.example.com'];
        $verifier = new Verifier($profile, [Key::fromBytes(self::SECRET)]);
        $diagnosis = $verifier->diagnose($headers, self::BODY, 'POST', $passed);
        self::assertSame(Verdict::Explained, $diagnosis->verdict, (string) $diagnosis);
        self::assertSame([$cause], array_column($diagnosis->findings, 'cause'), (string) $diagnosis);
    }

    public function testAUrlIsNeverLookedForInTheRequest(): void
    {
        $verifier = new Verifier(Profile::named('square'), [Key::fromBytes(self::SECRET)]);
        $headers = ['HTTP_X_SQUARE_HMACSHA256_SIGNATURE' => base64_encode(hash('sha256', '', true)), 'REQUEST_URI' => '/hook'];
        $relative = $verifier->diagnose($headers, self::BODY, 'POST', '/hook');
        self::assertSame([Cause::RequestMalformed], array_column($relative->findings, 'cause'));
        self::assertStringContainsString('from the configuration, never from Host', $relative->findings[0]->fix);
        $whole = (string) $verifier->diagnose($headers, self::BODY, 'POST', 'https://shop.example.com/hook');
        self::assertStringContainsString('the URL that is registered with the sender', (string) preg_replace('/\s+/', ' ', $whole));
        self::assertStringNotContainsString("\$_SERVER['REQUEST_URI']", $whole);
    }
}
