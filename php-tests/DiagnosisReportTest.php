<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Diagnosis;
use HwSignature\Finding;
use HwSignature\Tests\Support\CausePage;
use HwSignature\Tests\Support\Mistakes;
use HwSignature\Tests\Support\Sent;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class DiagnosisReportTest extends TestCase
{
    private const COLUMNS = 100;

    public static function all(): array
    {
        // A data set has exactly the arguments that its test takes, or newer versions of PHPUnit warn.
        return array_map(static fn (array $set): array => array_slice($set, 0, 2), [...Mistakes::single(), ...Mistakes::pairs()]);
    }

    public static function reports(): array
    {
        $secret = 'nextcloud-and-django-share-this-secret';
        $text = Sent::text('nextcloud', '{"city":"Nairobi"}', path: '/api/v1/weather/');
        $request = ['payload' => '{"city":"Nairobi"}', 'key' => $secret, 'target' => '/api/v1/weather/'];
        return [
            'the article: hex against base64' => [
                Sent::to('nextcloud', hash_hmac('sha256', $text, $secret), ...$request),
                <<<'REPORT'
                    hw_signature: the request is rejected, for one reason

                     1. digest-is-hex
                        The signature is hexadecimal, and the profile writes base64: the sender called
                        hash_hmac('sha256', …) without true as its fourth argument.
                        Fix: On the sender, write base64_encode(hash_hmac('sha256', $stringToSign, $key, true)); if the
                             sender cannot change, verify with new
                             Verifier(Profile::named('nextcloud')->withEncoding(Encoding::Hex), [$key]).

                      profile         nextcloud
                      key id          farm
                      timestamp       1800000000
                      nonce           7d0e7a52-1a5c-4d5f-8c69-2f6f5f1f0d3a
                      signature       4bfd77cb… (64 characters)
                      string to sign  POST\n/api/v1/weather/\n\n1800000000\n7d0e7a52-1a5c-4d5f-8c69-2f6f5f1f0d3a\n2d517a
                                      9d381ba61b7fa3d323c13b6ed5c9e6226a4b6fce5321e1efd8684be0f0
                                      135 bytes
                                      SHA-256 6713f9380389ff5a9c2f5ecc9fc676f83b30ea44f322b09cef2deedcbecdc392
                      payload         18 bytes
                                      SHA-256 2d517a9d381ba61b7fa3d323c13b6ed5c9e6226a4b6fce5321e1efd8684be0f0
                      key             38 bytes, fingerprint bb911933eaf8bee23911ae2a0de94018
                      search          tried 1 variant over 127 bytes

                    REPORT,
            ],
            'php-hms: base64 of hex over data' => [
                Sent::to('huawei-push', base64_encode(hash_hmac(
                    'sha256',
                    '1800000000000:' . base64_decode(json_decode(Sent::BODY)->data),
                    $secret,
                )), key: $secret),
                <<<'REPORT'
                    hw_signature: the request is rejected, for 2 reasons at once

                     1. digest-is-base64-of-hex
                        The signature is base64 of the hexadecimal digest (88 characters): the sender called
                        base64_encode(hash_hmac('sha256', …)) without true, and encoded the text in place of the bytes.
                        Fix: On the sender, write base64_encode(hash_hmac('sha256', $stringToSign, $key, true)), or
                             leave base64_encode() out where the profile writes hexadecimal.

                     2. payload-field-only
                        The sender signed only the field "data", base64-decoded, not the whole body.
                        Fix: On the receiver, pass exactly that as $payload, where the contract signs that. Otherwise on
                             the sender, sign the raw body.

                      profile         huawei-push
                      timestamp       1800000000000
                      nonce           :
                      signature       YTcwYTk2… (88 characters)
                      string to sign  1800000000000:{payload}
                                      103 bytes
                                      SHA-256 29443e85ed9f4c369eeef1fe7060d20900a7cbbb80e0198879cb49ec0ba72a88
                      payload         89 bytes
                                      SHA-256 e5e1c5834e3a31a09ecc3ad9928a31c335f12b2b1baada5e47c776c2ffa53c2b
                      key             38 bytes, fingerprint bb911933eaf8bee23911ae2a0de94018
                      search          tried 547 variants over 78918 bytes

                    REPORT,
            ],
            'unexplained' => [
                Sent::to('nextcloud', base64_encode(hash('sha256', 'something else', true)), ...$request),
                <<<'REPORT'
                    hw_signature: the signature does not match, and no reason was found

                        Nothing that this search tries gives the received signature. What people meet most is another
                        secret: of another endpoint, of the test system or the live one, or from before it was changed.
                        Copy it again from where the sender shows it. Where both sides are yours, compare
                        Key::fromBytes($secret)->fingerprint, or its length at least. Then compare the bytes of the
                        payload (length and SHA-256), and the string to sign below, character by character, with the
                        sender's.
                        What cannot be computed here: the other secret, and which bytes were lost on the way. Give the
                        sender the figures below, and never ask for the secret.
                        It was computed for the method POST and the target /api/v1/weather/; pass
                        $_SERVER['REQUEST_METHOD'] and $_SERVER['REQUEST_URI'] where these are not the request's.

                      profile         nextcloud
                      key id          farm
                      timestamp       1800000000
                      nonce           7d0e7a52-1a5c-4d5f-8c69-2f6f5f1f0d3a
                      signature       9B8/piX/… (44 characters)
                      string to sign  POST\n/api/v1/weather/\n\n1800000000\n7d0e7a52-1a5c-4d5f-8c69-2f6f5f1f0d3a\n2d517a
                                      9d381ba61b7fa3d323c13b6ed5c9e6226a4b6fce5321e1efd8684be0f0
                                      135 bytes
                                      SHA-256 6713f9380389ff5a9c2f5ecc9fc676f83b30ea44f322b09cef2deedcbecdc392
                      payload         18 bytes
                                      SHA-256 2d517a9d381ba61b7fa3d323c13b6ed5c9e6226a4b6fce5321e1efd8684be0f0
                      key             38 bytes, fingerprint bb911933eaf8bee23911ae2a0de94018
                      search          tried 3190 variants over 378864 bytes

                    REPORT,
            ],
        ];
    }

    /**
     * @dataProvider reports
     */
    #[DataProvider('reports')]
    public function testTheReportReadsAsWritten(Sent $sent, string $report): void
    {
        $this->assertSame(self::uncounted($report), self::uncounted((string) $sent->diagnose()));
    }

    /**
     * @dataProvider all
     * @param \Closure(): Sent $make
     */
    #[DataProvider('all')]
    public function testNeitherTheKeyNorTheRightDigestIsShown(array $causes, \Closure $make): void
    {
        $sent = $make();
        $diagnosis = $sent->diagnose();
        $shown = $this->everythingShown($diagnosis);
        $secrets = $sent->secrets;
        $right = $sent->rightDigest();
        if ($right !== null) {
            $secrets[] = $right;
        }
        foreach ($secrets as $secret) {
            foreach (self::spellings($secret) as $spelling) {
                $this->assertStringNotContainsString($spelling, $shown);
            }
        }
    }

    public function testTheRightDigestOfTheTestIsTheRightOne(): void
    {
        // Guards the test above: it must look for the digest that verification expects.
        foreach (['huawei-push', 'huawei-receipt', 'nextcloud', 'nextcloud-talk', 'django'] as $profile) {
            $raw = hash_hmac('sha256', Sent::text($profile), Sent::KEY, true);
            $this->assertSame($raw, Sent::to($profile, 'none')->rightDigest());
        }
    }

    /**
     * @dataProvider all
     * @param \Closure(): Sent $make
     */
    #[DataProvider('all')]
    public function testTheReportFitsATerminal(array $causes, \Closure $make): void
    {
        $this->assertFits((string) $make()->diagnose());
    }

    /**
     * @dataProvider all
     * @param \Closure(): Sent $make
     */
    #[DataProvider('all')]
    public function testJsonHasTheSameData(array $causes, \Closure $make): void
    {
        $diagnosis = $make()->diagnose();
        $expected = get_object_vars($diagnosis);
        $expected['verdict'] = $diagnosis->verdict->value;
        $expected['findings'] = array_map(
            static fn (Finding $finding): array => [
                'cause' => $finding->cause->value,
                'message' => $finding->message,
                'fix' => $finding->fix,
            ],
            $diagnosis->findings,
        );
        $expected['others'] = array_map(static fn (array $causes): array => array_column($causes, 'value'), $diagnosis->others);
        $this->assertSame($expected, json_decode(json_encode($diagnosis, JSON_THROW_ON_ERROR), true));
    }

    /**
     * @dataProvider all
     * @param \Closure(): Sent $make
     */
    #[DataProvider('all')]
    public function testTheReportHasWhatTheObjectHas(array $causes, \Closure $make): void
    {
        $diagnosis = $make()->diagnose();
        // As it was before it was broken into lines.
        $words = preg_replace('/\s+/', ' ', (string) $diagnosis);
        $letters = str_replace(' ', '', $words);
        foreach ($diagnosis->findings as $finding) {
            $this->assertStringContainsString(' ' . $finding->cause->value . ' ' . $finding->message, $words);
            $this->assertStringContainsString('Fix: ' . $finding->fix, $words);
        }
        foreach ($diagnosis->header as $name => $text) {
            $this->assertStringContainsString(str_replace(' ', '', $name . $text), $letters);
        }
        $this->assertStringContainsString('profile ' . $diagnosis->profile, $words);
        $payload = "payload $diagnosis->payloadLength bytes SHA-256 $diagnosis->payloadSha256";
        $this->assertStringContainsString($payload, $words);
        $this->assertStringContainsString("key $diagnosis->keyLength bytes, fingerprint $diagnosis->keyFingerprint", $words);
        if ($diagnosis->stringToSign !== null) {
            $text = "stringtosign$diagnosis->stringToSign{$diagnosis->stringToSignLength}bytesSHA-256$diagnosis->stringToSignSha256";
            $this->assertStringContainsString(str_replace(' ', '', $text), $letters);
        }
    }

    public static function hostile(): array
    {
        $bytes = [
            'escape sequence' => "\e[31m\e]0;title\x07",
            'NUL' => "\0",
            'right-to-left override' => "\u{202E}gnp.exe",
            'line feeds' => "\n\n 1. digest-is-hex\n",
            'carriage return' => "\rhw_signature: the request is valid",
            'C1 control' => "\u{9b}31m",
            'invalid UTF-8' => "\xff\xc3",
            'all bytes' => implode('', array_map('chr', range(0, 255))),
            'very long' => str_repeat("\u{202E}\n", 5000),
        ];
        $cases = [];
        foreach ($bytes as $name => $text) {
            $cases["payload: $name"] = [Sent::to('huawei-push', 'x', $text)];
            $cases["signature: $name"] = [Sent::to('huawei-push', $text)];
            $cases["timestamp: $name"] = [Sent::to('django', 'x', timestamp: $text)];
            $cases["header: $name"] = [Sent::to('nextcloud', 'x')->withHeaders([
                'X-NC-CLIENT-ID' => $text,
                'X-NC-TIMESTAMP' => $text,
                'X-NC-NONCE' => $text,
                'X-NC-SIGNATURE' => $text,
            ])];
            $cases["header name: $name"] = [Sent::to('nextcloud', 'x')->withHeaders([$text => $text])];
            $cases["method: $name"] = [Sent::to('nextcloud', 'x', method: $text)];
            $cases["target: $name"] = [Sent::to('nextcloud', 'x', target: "/$text")];
            $cases["escaped target: $name"] = [Sent::to('nextcloud', 'x', target: '/' . rawurlencode($text) . '?' . rawurlencode($text))];
            $cases["key: $name"] = [Sent::to('nextcloud', 'x', key: $text)];
            $utf8 = mb_scrub($text);
            $body = json_encode([$utf8 => ['b' => 'the only part']]);
            $cases["field: $name"] = [Sent::to('django', Sent::sign('django', Sent::text('django', 'the only part')), $body)];
            $form = urlencode($text) . '=' . urlencode('the only part');
            $cases["form field: $name"] = [Sent::to('django', Sent::sign('django', Sent::text('django', 'the only part')), $form)];
        }
        $long = '/' . str_repeat('long', 50);
        $cases['long path'] = [Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud', path: "$long/")), target: $long)];
        return $cases;
    }

    /**
     * @dataProvider hostile
     */
    #[DataProvider('hostile')]
    public function testNothingThatWasSentCanForgeALine(Sent $sent): void
    {
        $diagnosis = $sent->diagnose();
        $report = (string) $diagnosis;
        $this->assertFits($report);
        $this->assertSame(1, preg_match_all('/^hw_signature: /m', $report));
        $this->assertSame(count($diagnosis->findings), preg_match_all('/^ ?\d+\. [a-z0-9-]+$/m', $report));
        foreach (explode("\n", $report) as $line) {
            $this->assertMatchesRegularExpression(
                '/\A(hw_signature: | ?\d+\. [a-z0-9-]+\z|    |  [a-z]|\z)/',
                $line,
                'a line that is none of ours',
            );
        }
        foreach ($diagnosis->findings as $finding) {
            $this->assertClean($finding->message);
        }
        $this->assertNotFalse(json_encode($diagnosis));
    }

    public function testTheFieldOfAHostileNameIsStillNamed(): void
    {
        $body = json_encode(["\e[31m\u{202E}" => 'the only part']);
        $sent = Sent::to('django', Sent::sign('django', Sent::text('django', 'the only part')), $body);
        $message = $sent->diagnose()->findings[0]->message;
        $this->assertStringContainsString('the field "number 1"', $message);
    }

    public function testThePageShowsTheReport(): void
    {
        [, $report] = self::reports()['php-hms: base64 of hex over data'];
        $this->assertStringContainsString(self::uncounted("\n```text\n$report```\n"), self::uncounted($this->page()));
    }

    public static function payloadsThatAreNoBody(): array
    {
        return [
            'a dict' => ["{'a': 1, 'b': None", 'not str() of it'],
            'bytes' => ["b'a\\zb'", 'not str() of them'],
            'no data' => ['[]', 'whether the body was read at all'],
            'an object' => ['[object Object]', 'pass the body as it came'],
            'letters beyond ASCII' => ['{"a":"ü"}', 'Try one that has none'],
        ];
    }

    /**
     * @dataProvider payloadsThatAreNoBody
     */
    #[DataProvider('payloadsThatAreNoBody')]
    public function testWhereNothingIsFoundThePayloadIsCalledWhatItLooksLike(string $payload, string $words): void
    {
        $diagnosis = Sent::to('django', hash('sha256', 'another'), $payload)->diagnose();
        $this->assertSame(Verdict::Unexplained, $diagnosis->verdict, (string) $diagnosis);
        $this->assertStringContainsString($words, implode("\n", $diagnosis->checks));
        $plain = Sent::to('django', hash('sha256', 'another'), '{"a":"b"}')->diagnose();
        $this->assertStringNotContainsString($words, implode("\n", $plain->checks));
    }

    public function testCausesOfAKeyStandInTheOrderInWhichTheyAreUndone(): void
    {
        $signature = Sent::sign('django', Sent::text('django'), 'text, and nothing else');
        $diagnosis = Sent::to('django', $signature, key: base64_encode("text, and nothing else\n"))->diagnose();
        $this->assertSame(['key-is-base64-text', 'key-has-whitespace'], array_map(static fn (Finding $finding): string => $finding->cause->value, $diagnosis->findings));
        $this->assertStringStartsWith('Once that is done: ', $diagnosis->findings[1]->message);
        $this->assertStringContainsString('a line feed at the end of this key', $diagnosis->findings[1]->message);
    }

    public function testASecretThatWasSentIsCalledThatAndNotShown(): void
    {
        $diagnosis = hw_diagnose(['X-Hub-Signature-256' => 'sha256=' . Sent::KEY], Sent::BODY, Sent::KEY, 'github');
        $this->assertSame(['header-malformed'], array_column(array_column($diagnosis->findings, 'cause'), 'value'));
        $this->assertStringContainsString('stands the secret itself', $diagnosis->findings[0]->message);
        $this->assertStringContainsString('take another secret', $diagnosis->findings[0]->fix);
        $this->assertStringNotContainsString(substr(Sent::KEY, 0, 8), $diagnosis . json_encode($diagnosis));
        $this->assertSame(0, $diagnosis->keyIndex);
    }

    public function testALengthThatIsThatOfAnotherHashIsCalledThat(): void
    {
        foreach (['sha1' => 'HMAC-SHA-1,', 'sha384' => 'HMAC-SHA-384,', 'sha512' => 'HMAC-SHA-512,'] as $hash => $name) {
            $diagnosis = Sent::to('django', hash($hash, 'another'))->diagnose();
            $this->assertSame(Verdict::Unexplained, $diagnosis->verdict);
            $this->assertStringContainsString($name, $diagnosis->findings[0]->fix);
        }
        $diagnosis = Sent::to('django', bin2hex(str_repeat('ab', 128)))->diagnose();
        $this->assertStringContainsString('RSA', $diagnosis->findings[0]->fix);
    }

    public function testThePageListsEveryCause(): void
    {
        $this->assertSame(CausePage::table(), strstr($this->page(), '| cause |'), 'run scripts/php scripts/causes.php');
    }

    /** How much a search takes changes with every alternative. */
    private static function uncounted(string $report): string
    {
        return preg_replace('/tried \d+ variants? over \d+ bytes/', 'tried … variants over … bytes', $report);
    }

    private function page(): string
    {
        return file_get_contents(__DIR__ . '/../docs/diagnosis.md');
    }

    private function assertFits(string $report): void
    {
        $this->assertClean(str_replace("\n", '', $report));
        foreach (explode("\n", $report) as $line) {
            $this->assertLessThanOrEqual(self::COLUMNS, mb_strlen($line), $line);
        }
        $this->assertStringEndsWith("\n", $report);
    }

    private function assertClean(string $text): void
    {
        // Printable ASCII, and the one other letter that our own words use.
        $this->assertMatchesRegularExpression('/\A[ -~\x{2026}]*\z/u', $text);
    }

    private function everythingShown(Diagnosis $diagnosis): string
    {
        ob_start();
        var_dump($diagnosis);
        $shown = ob_get_clean();
        $shown .= $diagnosis . print_r($diagnosis, true) . var_export($diagnosis, true);
        $shown .= json_encode($diagnosis, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        $shown .= serialize(array_map(static fn (Finding $finding): array => (array) $finding->message, $diagnosis->findings));
        try {
            $shown .= serialize($diagnosis);
        } catch (\Exception $refused) {
            $shown .= $refused;
        }
        return $shown . print_r((array) $diagnosis, true);
    }

    /** @return list<string> */
    private static function spellings(string $secret): array
    {
        $base64 = base64_encode($secret);
        $hex = bin2hex($secret);
        return [
            $secret,
            $hex,
            strtoupper($hex),
            rtrim($base64, '='),
            rtrim(strtr($base64, '+/', '-_'), '='),
            rtrim(base64_encode($hex), '='),
            rtrim(base64_encode(strtoupper($hex)), '='),
        ];
    }
}
