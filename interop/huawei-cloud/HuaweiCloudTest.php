<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Peer;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Huawei Cloud's own SDKs as the other side of `huawei-apig`: they sign, and what they sign says whether PHP signs the same. */
final class HuaweiCloudTest extends TestCase
{
    private const REQUESTS = 400;
    private const HOST = 'service.region.example.com';
    private const ACCESS = 'QTWAOYTTINDUT2QVKYUC';
    private const SECRET = 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc';
    /** Node's SDK reads the path with `url.parse()`, which escapes some letters, and then escapes what was escaped. */
    private const PATHS = [
        'python' => ['a', 'Z0', '-._~', 'é', '東京', '👍', ' ', '+', '%', '%2F', '%25', '!$&\'()*,;=:@', '"<>[]\\^`{|}', '?', '#', '//'],
        'node' => ['a', 'Z0', '-._~', 'é', '東京', '👍', '+', '!$&()*,;=:@', '//'],
    ];
    private const QUERY = ['a', 'A', '10', '9', '1', '', 'é', '{', '~', '+', ' ', '%', '&', '=', '/', '?', '#', '東京', 'a=b', 'a-', "'*("];

    /** @dataProvider peers */
    #[\PHPUnit\Framework\Attributes\DataProvider('peers')]
    public function testEachSignsWhatTheOtherVerifies(string $name, string $language): void
    {
        $peer = self::peer($language);
        [$signer, $verifier] = self::parties();
        mt_srand(20260102);
        for ($number = 1; $number <= self::REQUESTS; $number++) {
            $request = self::request($language);
            [$method, $target, $body] = [$request['method'], $request['target'], $request['body']];
            $case = "request $number, $method $target";

            $signed = $peer->call('sign', self::arguments($request, $language));
            Cases::check($name, 'the SDK signs, PHP verifies', $case, $verifier->isValid($signed['headers'], $body, $method, $target));
            $forged = [
                $verifier->isValid($signed['headers'], "$body ", $method, $target),
                $verifier->isValid($signed['headers'], $body, "X$method", $target),
                $verifier->isValid($signed['headers'], $body, $method, str_replace('/v1', '/v2', $target)),
                $verifier->isValid($signed['headers'], $body, $method, $target . (str_contains($target, '?') ? '&' : '?') . 'zz'),
                $verifier->isValid(['host' => 'other.example'] + array_change_key_case($signed['headers']), $body, $method, $target),
            ];
            Cases::check($name, 'the SDK signs, PHP refuses what was changed', $case, !in_array(true, $forged, true));

            $ours = $signer->sign($body, $method, 'https://' . self::HOST . $target, headers: $request['headers']);
            $date = ['X-Sdk-Date' => $ours['X-Sdk-Date']];
            $theirs = $peer->call('sign', self::arguments(['headers' => $request['headers'] + $date] + $request, $language));
            Cases::check($name, 'PHP signs, the SDK signs the same', $case, self::signature($theirs) === self::signature(['headers' => $ours]));
        }
    }

    /** Where they do not agree, the document is followed; each of these inputs is the whole difference. */
    public function testWhereTheSdksDoNotFollowTheDocument(): void
    {
        $base = ['method' => 'POST', 'path' => '/v1/a', 'target' => '/v1/a', 'query' => [], 'headers' => [], 'body' => '{}'];
        foreach ([
            ['node', 'a space in the path is encoded twice', ['path' => '/v1/a b', 'target' => '/v1/a%20b']],
            ['node', 'a quotation mark in the path is encoded twice', ['path' => '/v1/a"', 'target' => '/v1/a%22']],
            ['node', 'names beyond the BMP are sorted by UTF-16', ['query' => [["\u{ffee}", '1'], ['👍', '2']]]],
            ['python', 'a path that is not UTF-8 is replaced', ['target' => '/v1/%ff']],
            ['python', 'a body that is no JSON is not signed', ['headers' => ['Content-Type' => 'text/plain']]],
        ] as [$language, $case, $changes]) {
            $request = $changes + $base;
            $verifier = self::parties()[1];
            $target = $request['target'] . ($request['query'] === [] ? '' : '?' . self::query($request['query']));
            $signed = self::peer($language)->call('sign', self::arguments(['target' => $target] + $request, $language));
            $refused = !$verifier->isValid($signed['headers'], $request['body'], $request['method'], $target);
            Cases::check(self::peers()[$language][0], 'they differ', $case, $refused);
        }
    }

    /** @return array<string, array{string, string}> */
    public static function peers(): array
    {
        return ['python' => ['huaweicloudsdkcore (PyPI)', 'python'], 'node' => ['@huaweicloud/huaweicloud-sdk-core (npm)', 'node']];
    }

    private static function peer(string $language): Peer
    {
        return $language === 'node' ? Peer::node(__DIR__ . '/sdk.mjs') : Peer::python(__DIR__ . '/sdk.py');
    }

    /** @return array{Signer, Verifier} */
    private static function parties(): array
    {
        [$profile, $key] = [Profile::named('huawei-apig'), Key::fromBytes(self::SECRET, self::ACCESS)];
        return [new Signer($profile, $key), new Verifier($profile, [$key])];
    }

    private static function request(string $language): array
    {
        $path = '/v1';
        for ($count = mt_rand(0, 4); $count > 0; $count--) {
            $path .= '/' . self::pick(self::PATHS[$language]) . self::pick(self::PATHS[$language]);
        }
        $path .= mt_rand(0, 1) === 1 ? '/' : '';
        $query = [];
        for ($count = mt_rand(0, 5); $count > 0; $count--) {
            $query[] = [self::pick(self::QUERY) . self::pick(['', '', '1']), self::pick(self::QUERY) . self::pick(self::QUERY)];
        }
        $headers = mt_rand(0, 1) === 1 ? ['content-type' => 'application/json'] : [];
        $headers += mt_rand(0, 1) === 1 ? ['X-Project-Id' => 'a  b'] : [];
        $body = mt_rand(0, 2) === 0 ? '' : json_encode(['name' => self::pick(self::QUERY), 'id' => mt_rand()], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        $escaped = implode('/', array_map(rawurlencode(...), explode('/', $path)));
        // A slash may come escaped: it is signed like one that is not.
        $escaped = $language === 'python' && mt_rand(0, 3) === 0 ? "$escaped/x%2Fy" : $escaped;
        $target = $escaped . ($query === [] ? '' : '?' . self::query($query));
        return ['method' => self::pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH']), 'path' => $path, 'target' => $target] + compact('query', 'headers', 'body');
    }

    /** @param list<array{string, string}> $pairs */
    private static function query(array $pairs): string
    {
        return implode('&', array_map(static fn (array $pair): string => rawurlencode($pair[0]) . '=' . rawurlencode($pair[1]), $pairs));
    }

    private static function arguments(array $request, string $language): array
    {
        return [
            'access' => self::ACCESS,
            'secret' => self::SECRET,
            'host' => self::HOST,
            'path' => $language === 'node' ? $request['path'] : explode('?', $request['target'])[0],
            'headers' => (object) $request['headers'],
        ] + array_intersect_key($request, ['method' => 1, 'query' => 1, 'body' => 1]);
    }

    private static function signature(array $signed): string
    {
        return $signed['headers']['Authorization'];
    }

    private static function pick(array $choices): string
    {
        return $choices[mt_rand(0, count($choices) - 1)];
    }
}
