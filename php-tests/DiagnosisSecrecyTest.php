<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Diagnosis;
use HwSignature\Profile;
use HwSignature\Tests\Support\Sent;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What no report may show: the key, what the search makes of it, the signature, and anything of the payload.
 */
final class DiagnosisSecrecyTest extends TestCase
{
    /** So many characters in a row are no accident. */
    private const RUN = 7;

    public static function profiles(): array
    {
        // Those that Sent can put together by hand.
        $names = preg_grep('/^(?:huawei-(?:push|receipt)|nextcloud(?:-talk|-talk-bot|-signaling|-recording)?|django)$/', Profile::names());
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    /**
     * @dataProvider profiles
     */
    #[DataProvider('profiles')]
    public function testNothingOfThePayloadIsShown(string $profile): void
    {
        foreach (self::bodies() as $name => [$body, $parts]) {
            $secret = implode('', $parts);
            foreach (['is signed' => $body, ...$parts, 'is another' => 'x'] as $what => $signed) {
                $id = str_contains(implode(Profile::named($profile)->describe()['headers']), '{key_id}') ? 'farm' : null;
                $url = 'https://host.example' . Sent::TARGET;
                $headers = hw_sign($signed, Sent::KEY, $profile, 'POST', $url, $id) + ['Host' => 'host.example'];
                $diagnosis = hw_diagnose($headers, $body, Sent::KEY, $profile, 'POST', $url);
                self::assertSame($body === $signed, $diagnosis->verdict === Verdict::Valid, (string) $diagnosis);
                $shown = self::everythingShown($diagnosis);
                foreach (self::runs($secret) as $run) {
                    self::assertFalse(stripos($shown, $run), "$name, $what: $run\n$shown");
                }
            }
        }
    }

    /** @return iterable<string, array{string, array<string, string>}> a body, and the parts of it that somebody may sign */
    private static function bodies(): iterable
    {
        $word = static fn (): string => strtr(base64_encode(random_bytes(15)), '+/', 'xy');
        $parts = ['name' => $word(), 'value' => $word(), 'other' => $word()];
        yield 'text' => [implode(' ', $parts), $parts];
        yield 'text in lines' => [implode("\r\n", $parts) . "\n", $parts];
        yield 'JSON' => [json_encode([$parts['name'] => $parts['value'], 'data' => $parts['other']]), $parts];
        yield 'JSON of numbers' => ['{"a":1234567890123,"b":[9876543210987]}', ['a' => '1234567890123', 'b' => '9876543210987']];
        $inner = json_encode([$parts['name'] => $parts['value']]);
        yield 'JSON in JSON' => [json_encode(['object' => [$parts['other'] => $inner]]), [...$parts, 'inner' => $inner]];
        yield 'base64 in JSON' => [json_encode(['data' => base64_encode($parts['value'])]), ['value' => $parts['value'], 'text' => base64_encode($parts['value'])]];
        yield 'form' => [http_build_query([$parts['name'] => $parts['value'], 'b' => $parts['other']]), $parts];
        yield 'accents' => [json_encode(['x' => "\u{e9}\u{fc}$parts[value]/"], JSON_UNESCAPED_UNICODE), ['value' => "\u{e9}\u{fc}$parts[value]/"]];
    }

    public static function keys(): iterable
    {
        $random = static fn (): string => strtr(base64_encode(random_bytes(24)), '+/', 'xy');
        $hex = bin2hex(random_bytes(24));
        $base64 = base64_encode(random_bytes(31));
        foreach ([
            'text' => [$text = $random(), $text],
            'a line break at its end' => [($text = $random()) . "\n", $text],
            'spaces around it' => ['  ' . ($text = $random()) . ' ', $text],
            'a byte order mark' => ["\u{feff}" . ($text = $random()), $text],
            'a line of .env' => ['WEBHOOK_SECRET=' . ($text = $random()), $text],
            'a line of .env, in quotation marks' => ['WEBHOOK_SECRET="' . ($text = $random()) . '"', $text],
            'quotation marks' => ['"' . ($text = $random()) . '"', $text],
            'whsec_' => ["whsec_$base64", base64_decode($base64)],
            'whsec_ as text' => ["whsec_$base64", $base64],
            'base64 text' => [$base64, base64_decode($base64)],
            'base64:' => ["base64:$base64", base64_decode($base64)],
            'hex text' => [$hex, hex2bin($hex)],
            'decoded hex' => [hex2bin($hex), $hex],
            'decoded base64' => [base64_decode($base64), $base64],
            'with signs' => ['pass/word+with "all" & <signs>', 'pass/word+with "all" & <signs>'],
        ] as $name => [$held, $real]) {
            yield $name => [$held, $real];
        }
    }

    /**
     * The key that was passed, and the one that the search finds, in each spelling and at each place of the request.
     *
     * @dataProvider keys
     */
    #[DataProvider('keys')]
    public function testAKeyThatTheRequestHoldsIsNotShown(string $held, string $real): void
    {
        foreach (array_unique([$held, trim($held), $real]) as $secret) {
            foreach (self::spellings($secret) as $how => $spelled) {
                // At the ends, base64 has bits of the neighbours; and the names that people give to secrets are words of ours.
                // The names that people give to secrets are words of ours.
                $secretive = preg_replace('/WEBHOOK_SECRET|whsec_|base64|signs/', '~', $spelled);
                $runs = self::runs(str_contains($how, 'behind') ? substr($spelled, 8, -4) : $secretive);
                foreach (self::placesOf($spelled) as $where => $request) {
                    // Each of these for some kinds of keys: all of them for all would take minutes.
                    $turn = crc32("$held $how $where") % 6;
                    $signers = [$real, 'another key, which explains nothing'];
                    foreach ($turn < 2 ? [$signers[$turn]] : [] as $signer) {
                        $diagnosis = self::nextcloud($request, $held, $signer);
                        $shown = self::everythingShown($diagnosis);
                        foreach ($runs as $run) {
                            self::assertFalse(stripos($shown, $run), "$how, $where: $run\n$shown");
                        }
                    }
                }
            }
        }
    }

    public static function shortKeys(): array
    {
        return ['four bytes' => ['q7Zx', 'q7Zx'], 'with signs' => ['w9&Zx/', 'w9&Zx/'], 'a line break at its end' => ["q7Zxw\n", 'q7Zxw'], 'quotation marks' => ['"q7Zxw"', 'q7Zxw']];
    }

    /**
     * A key that is shorter than a run of letters that says anything: the whole of it is not shown.
     *
     * @dataProvider shortKeys
     */
    #[DataProvider('shortKeys')]
    public function testAShortKeyThatTheRequestHoldsIsNotShown(string $held, string $real): void
    {
        foreach (self::spellings($real) as $how => $spelled) {
            // Behind other bytes, base64 has letters that hold bits of both.
            foreach (str_contains($how, 'behind') ? [] : self::placesOf($spelled) as $where => $request) {
                foreach ([$real, 'another key, which explains nothing'] as $signer) {
                    $shown = self::everythingShown(self::nextcloud($request, $held, $signer));
                    self::assertFalse(stripos($shown, $spelled), "$how, $where: $spelled\n$shown");
                }
            }
        }
    }

    /** @return iterable<string, string> */
    private static function spellings(string $secret): iterable
    {
        $each = static fn (callable $escape): string => implode('', array_map($escape, str_split($secret)));
        yield 'as it is' => $secret;
        yield 'in base64' => base64_encode($secret);
        yield 'in base64url' => rtrim(strtr(base64_encode($secret), '+/', '-_'), '=');
        yield 'in base64, wrapped' => rtrim(chunk_split(base64_encode($secret), 16));
        foreach (['a', 'ab', 'user:'] as $before) {
            yield "in base64 behind $before" => base64_encode("$before$secret");
        }
        yield 'in hex' => bin2hex($secret);
        yield 'in upper-case hex' => strtoupper(bin2hex($secret));
        yield 'in a URL' => rawurlencode($secret);
        yield 'in a form' => urlencode($secret);
        yield 'in a URL, twice' => rawurlencode(rawurlencode($secret));
        if (mb_check_encoding($secret, 'UTF-8')) {
            yield 'in JSON' => substr(json_encode($secret), 1, -1);
            yield 'in HTML' => htmlspecialchars($secret, ENT_QUOTES);
        }
        yield 'as \uXXXX' => $each(static fn (string $byte): string => sprintf('\u%04x', ord($byte)));
        yield 'as \xXX' => $each(static fn (string $byte): string => sprintf('\x%02x', ord($byte)));
        yield 'as %XX' => $each(static fn (string $byte): string => sprintf('%%%02X', ord($byte)));
        yield 'as &#…;' => $each(static fn (string $byte): string => sprintf('&#%d;', ord($byte)));
    }

    /** @return iterable<string, array<string, mixed>> */
    private static function placesOf(string $text): iterable
    {
        yield 'in the query' => ['target' => '/x?secret=' . rawurlencode($text)];
        yield 'as a name in the query' => ['target' => '/x?' . rawurlencode($text) . '=1'];
        yield 'in the path' => ['target' => '/hooks/' . rawurlencode($text) . '/'];
        yield 'in the payload' => ['payload' => json_encode(['message' => $text], JSON_INVALID_UTF8_SUBSTITUTE)];
        yield 'as a name in the payload' => ['payload' => json_encode([mb_scrub($text) => 'x'], JSON_INVALID_UTF8_SUBSTITUTE)];
        yield 'as the key id' => ['X-NC-CLIENT-ID' => $text];
        yield 'as the timestamp' => ['X-NC-TIMESTAMP' => $text];
        yield 'as the nonce' => ['X-NC-NONCE' => $text];
        yield 'as the signature' => ['X-NC-SIGNATURE' => $text];
        yield 'as the method' => ['method' => $text];
        if (preg_match('~\A[\w/+=.%-]+\z~', $text) === 1) {
            yield 'in the query, as it is' => ['target' => "/x?secret=$text"];
        }
    }

    /** @param array<string, mixed> $request */
    private static function nextcloud(array $request, string $key, string $signer): Diagnosis
    {
        $request += ['payload' => '{}', 'target' => '/x', 'method' => 'POST', 'X-NC-CLIENT-ID' => 'app'];
        $request += ['X-NC-TIMESTAMP' => (string) Sent::NOW, 'X-NC-NONCE' => Sent::UUID];
        $text = implode("\n", ['POST', $request['target'], '', $request['X-NC-TIMESTAMP'], $request['X-NC-NONCE'], hash('sha256', $request['payload'])]);
        $request += ['X-NC-SIGNATURE' => base64_encode(hash_hmac('sha256', $text, $signer, true))];
        $headers = array_filter($request, static fn (string $name): bool => str_starts_with($name, 'X-'), ARRAY_FILTER_USE_KEY);
        return hw_diagnose($headers, $request['payload'], $key, 'nextcloud', $request['method'], $request['target'], null, Sent::NOW);
    }

    /**
     * What a request has a second time, in its body, its target or another header, is starred in every spelling.
     */
    public function testASignatureThatTheRequestRepeatsIsNotShown(): void
    {
        $key = 'the-secret-key/of-both+sides';
        $headers = hw_sign('{}', $key, 'nextcloud', 'POST', '/x', 'app');
        foreach (self::spellings(base64_decode($headers['X-NC-SIGNATURE'])) as $how => $text) {
            if (str_contains($how, 'behind')) {
                continue;
            }
            foreach (self::placesOf($text) as $where => $request) {
                $request += ['payload' => '{}', 'method' => 'POST', 'target' => '/x'];
                $shown = self::everythingShown(hw_diagnose(
                    [...$headers, ...array_filter($request, static fn (string $name): bool => str_starts_with($name, 'X-NC-C'), ARRAY_FILTER_USE_KEY)],
                    $request['payload'],
                    $key,
                    'nextcloud',
                    $request['method'],
                    $request['target'],
                ));
                foreach (self::runs($text) as $run) {
                    // Its beginning is shown, to tell it by.
                    if (!str_starts_with($headers['X-NC-SIGNATURE'], $run) && !str_starts_with(substr($headers['X-NC-SIGNATURE'], 1), $run)) {
                        self::assertFalse(stripos($shown, $run), "$how, $where: $run\n$shown");
                    }
                }
            }
        }
    }

    public function testAnExceptionShowsNothingEither(): void
    {
        $secret = 'a secret that nobody sees';
        foreach ([
            static fn () => hw_diagnose([], 'x', $secret, 'unknown'),
            static fn () => hw_diagnose([], $secret, ''),
            static fn () => hw_diagnose([], $secret, $secret, 'nextcloud'),
            static fn () => hw_diagnose([], $secret, $secret, 'django', $secret, $secret, -7),
        ] as $call) {
            try {
                $call();
                self::fail('nothing was thrown');
            } catch (\ValueError $error) {
                // Arguments of the trace are PHP's own, and only the key is marked as sensitive.
                self::assertStringNotContainsString('nobody sees', $error->getMessage());
            }
        }
    }

    public function testWhatIsNotSecretIsStillShown(): void
    {
        $diagnosis = self::nextcloud(['target' => '/apps/weather/?city=Nairobi&units=metric'], 'a key of thirty-two characters..', 'another');
        self::assertSame(Verdict::Unexplained, $diagnosis->verdict);
        self::assertStringContainsString('/apps/weather/\ncity=Nairobi&units=metric\n', $diagnosis->stringToSign);
    }

    /** @return list<string> every run of that many letters */
    private static function runs(string $secret): array
    {
        $runs = [];
        for ($start = 0; $start + self::RUN <= strlen($secret); $start++) {
            $runs[] = substr($secret, $start, self::RUN);
        }
        // What is punctuation for the most part stands in any JSON: ":"vali begins the value of "verdict".
        return preg_grep('/[A-Za-z0-9\x80-\xff]{5}/', $runs);
    }

    private static function everythingShown(Diagnosis $diagnosis): string
    {
        ob_start();
        var_dump($diagnosis);
        $shown = $diagnosis . ob_get_clean() . print_r((array) $diagnosis, true) . var_export($diagnosis, true);
        return $shown . json_encode($diagnosis, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }
}
