<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use DOMDocument;
use DOMElement;
use DOMXPath;
use HwSignature\Profile;
use HwSignature\Tests\Support\Browser;
use HwSignature\Tests\Support\Dumps;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\Sample;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** examples/inspector.php, over HTTP and in a browser. */
final class InspectorTest extends TestCase
{
    private const PAGE = __DIR__ . '/../examples/inspector.php';
    private const KEY = 'correct horse battery staple';

    private static ?Server $server = null;

    public static function setUpBeforeClass(): void
    {
        self::$server = new Server(self::PAGE);
    }

    public static function tearDownAfterClass(): void
    {
        self::$server->stop();
        self::$server = null;
    }

    /**
     * @param list<string> $headers
     *
     * @return array{int, string, string} status, header lines, body
     */
    private function request(string $method, string $path = '', string $body = '', array $headers = []): array
    {
        $errorsBefore = self::$server->errors();
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => $headers,
            'content' => $body,
            'ignore_errors' => true,
            'timeout' => 20,
        ]]);
        $response = fopen(self::$server->url() . $path, 'r', false, $context);
        $lines = stream_get_meta_data($response)['wrapper_data'];
        $text = stream_get_contents($response);
        self::assertSame($errorsBefore, self::$server->errors());
        return [(int) explode(' ', $lines[0])[1], implode("\n", $lines), $text];
    }

    /**
     * Sends the form, whose answer must be free of the key.
     *
     * @param array<string, mixed> $fields
     */
    private function post(array $fields, ?string $file = null, string $fileField = 'dump'): DOMXPath
    {
        if ($file === null) {
            $type = 'application/x-www-form-urlencoded';
            $body = http_build_query($fields);
        } else {
            $boundary = bin2hex(random_bytes(12));
            $type = "multipart/form-data; boundary=$boundary";
            $body = "--$boundary\r\nContent-Disposition: form-data; name=\"$fileField\"; filename=\"dump.http\"\r\n\r\n$file\r\n";
            foreach ($fields as $name => $value) {
                $body .= "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";
            }
            $body .= "--$boundary--\r\n";
        }
        [$status, , $html] = $this->request('POST', '', $body, ["Content-Type: $type"]);
        self::assertSame(200, $status);
        foreach ([self::KEY, base64_encode(self::KEY), bin2hex(self::KEY)] as $spelling) {
            self::assertStringNotContainsString($spelling, $html);
        }
        return self::parse($html);
    }

    private static function parse(string $html): DOMXPath
    {
        $document = new DOMDocument();
        libxml_use_internal_errors(true);
        $document->loadHTML($html);
        libxml_clear_errors();
        return new DOMXPath($document);
    }

    /** @return list<string> the texts of what was found */
    private static function texts(DOMXPath $page, string $query): array
    {
        $texts = [];
        foreach ($page->query($query) as $node) {
            $texts[] = trim($node->textContent);
        }
        return $texts;
    }

    private static function verdict(DOMXPath $page): string
    {
        return self::texts($page, '//section/h2')[0];
    }

    /** @param array<string, string> $headers */
    private static function dump(array $headers, string $body, string $lineEnd = "\n"): string
    {
        $lines = ['POST / HTTP/1.1'];
        foreach ($headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        return implode($lineEnd, [...$lines, '', $body]);
    }

    public function testThePageComesWithoutAnythingFromElsewhere(): void
    {
        [$status, $headers, $html] = $this->request('GET');
        self::assertSame(200, $status);
        self::assertStringContainsString("\nCache-Control: no-store\n", $headers);
        self::assertStringContainsString("\nReferrer-Policy: no-referrer\n", $headers);
        self::assertStringContainsString("\nX-Content-Type-Options: nosniff", $headers);
        self::assertSame(1, preg_match('/^Content-Security-Policy: (.*)$/m', $headers, $policy));
        $hash = "'sha256-[A-Za-z0-9+\/]{43}='";
        $expected = "/^default-src 'none'; style-src $hash; script-src $hash; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/";
        self::assertMatchesRegularExpression($expected, $policy[1]);

        $page = self::parse($html);
        self::assertSame([], self::texts($page, '//section'));
        self::assertSame(['data:,'], self::texts($page, '//link/@href'));
        self::assertSame([], self::texts($page, '//@src | //@style | //@*[starts-with(name(), "on")]'));
        self::assertSame(['post'], self::texts($page, '//form/@method'));
        self::assertSame(['/'], self::texts($page, '//form/@action'));
    }

    public function testEveryFieldHasALabelAndTheHeadingsHaveAnOrder(): void
    {
        $page = $this->post(['example' => '1']);
        foreach ($page->query('//form//input | //form//select | //form//textarea') as $field) {
            \assert($field instanceof DOMElement);
            self::assertCount(1, $page->query("//label[@for='{$field->getAttribute('id')}']"), $field->getAttribute('name'));
        }
        self::assertSame(['password'], self::texts($page, '//input[@name="key"]/@type'));
        self::assertSame([], self::texts($page, '//input[@name="key"]/@value'));
        self::assertSame('#form', self::texts($page, '//body/*[1]/@href')[0]);
        self::assertCount(1, $page->query('//h1'));
        $levels = [];
        foreach ($page->query('//h1 | //h2 | //h3 | //h4') as $heading) {
            $levels[] = (int) $heading->nodeName[1];
        }
        foreach (array_slice($levels, 1) as $index => $level) {
            self::assertLessThanOrEqual($levels[$index] + 1, $level);
        }
    }

    public function testTheExampleShowsTwoFindings(): void
    {
        $page = $this->post(['example' => '1']);
        self::assertSame('✗Rejected, for 2 reasons at once', self::verdict($page));
        self::assertSame(['digest-is-base64-of-hex', 'payload-field-only'], self::texts($page, '//ol//code'));
        self::assertSame(['Signature≠ finding 1', 'Payload≠ finding 2'], self::texts($page, '//tr[@class="differs"]/th'));
        self::assertStringContainsString('Its key is "example-secret"', self::texts($page, '//section')[0]);

        $again = $this->post(['request' => self::texts($page, '//textarea')[0], 'profile' => 'huawei-push', 'key' => 'example-secret']);
        self::assertSame(self::texts($page, '//ol//h3'), self::texts($again, '//ol//h3'));
    }

    public function testTheDiagnosisIsThatOfTheExtension(): void
    {
        $body = '{"from":"token"}';
        $headers = ['X-HW-SIGNATURE' => 'timestamp=1700000000000; nonce=:; value=' . hash_hmac('sha256', "1700000000000:$body", self::KEY)];
        $fields = ['request' => self::dump($headers, $body), 'profile' => 'huawei-push', 'key' => self::KEY, 'any_age' => '1'];
        $page = $this->post($fields);
        $expected = hw_diagnose($headers, $body, self::KEY, tolerance: \HwSignature\ANY_AGE);

        self::assertSame('✗Rejected, for one reason', self::verdict($page));
        self::assertSame([$expected->findings[0]->message], self::texts($page, '//ol//h3'));
        self::assertSame(['Fix: ' . $expected->findings[0]->fix], self::texts($page, '//ol//p'));
        self::assertSame([trim((string) $expected)], self::texts($page, '//pre[@id="report"]'));
        self::assertSame([$expected->stringToSign], self::texts($page, '//pre[@class="wrap"]'));
        self::assertSame(['Signature≠ finding 1'], self::texts($page, '//tr[@class="differs"]/th'));
        self::assertSame(['1'], self::texts($page, '//ol/li[@id="finding-1"]/span'));
        self::assertCount(1, $page->query('//ol/following::table'), 'findings first');
        self::assertSame([$body], array_map(static fn(string $text): string => explode("\n\n", str_replace("\r", '', $text))[1], self::texts($page, '//textarea[@id="request"]')));

        $stale = $this->post(array_diff_key($fields, ['any_age' => 0]));
        self::assertStringContainsString('tick “do not check its age”', self::texts($stale, '//section')[0]);
        self::assertStringContainsString('Its age was not checked.', self::texts($page, '//section')[0]);
        self::assertSame(['Timestamp≠ finding 2', 'Signature≠ finding 1'], self::texts($stale, '//tr[@class="differs"]/th'));
    }

    /** @return iterable<string, array{string}> */
    public static function profiles(): iterable
    {
        foreach (Sample::PROFILES as $name) {
            yield $name => [$name];
        }
    }

    /** @dataProvider profiles */
    #[DataProvider('profiles')]
    public function testAValidRequestIsValidAndAForgedOneDoesNotMatch(string $profile): void
    {
        $id = isset(Profile::named($profile)->describe()['headers']['X-NC-CLIENT-ID']) ? 'client-1' : null;
        $request = self::dump(hw_sign('body', self::KEY, $profile, 'POST', '/', $id), 'body');
        $page = $this->post(['request' => $request, 'profile' => $profile, 'key' => self::KEY]);
        self::assertSame('✓Valid', self::verdict($page));
        self::assertSame(['Signature= matches'], self::texts($page, '//tr[@class="same"]/th'));
        self::assertSame([$profile], self::texts($page, '//option[@selected][1][ancestor::select/@id="profile"]/@value'));

        $page = $this->post(['request' => $request, 'profile' => $profile, 'key' => 'another']);
        self::assertSame('?The signature does not match', self::verdict($page));
        self::assertSame(['Signature≠ does not match'], self::texts($page, '//tr[@class="differs"]/th'));
    }

    public function testAKeyMayBeEncoded(): void
    {
        $request = self::dump(hw_sign('body', self::KEY), 'body');
        foreach (['base64' => base64_encode(self::KEY), 'hex' => bin2hex(self::KEY)] as $encoding => $key) {
            $page = $this->post(['request' => $request, 'key' => $key, 'encoding' => $encoding]);
            self::assertSame('✓Valid', self::verdict($page));
        }
        $page = $this->post(['request' => $request, 'key' => 'not hex', 'encoding' => 'hex']);
        self::assertSame('!Not understood', self::verdict($page));
        self::assertSame(['The key must be an even number of hexadecimal digits.'], self::texts($page, '//section//a[@href="#key"]'));
        self::assertCount(1, $page->query('//input[@id="key"][@aria-invalid="true"]'));
    }

    public function testWhatIsMissingIsSaid(): void
    {
        $page = $this->post([]);
        self::assertSame(['The key must not be empty.', 'The request cannot be read: there is none, or the form was larger than post_max_size.'], self::texts($page, '//section//a'));
        $page = $this->post(['request' => "POST / HTTP/1.1\nA: b\n folded", 'key' => self::KEY]);
        self::assertStringContainsString('line 3 begins with white space', self::texts($page, '//section//a[@href="#request"]')[0]);
    }

    public function testAFileKeepsEveryByte(): void
    {
        $body = "\0\xff\r\n\r\n--\n\n";
        $page = $this->post(['request' => 'ignored', 'key' => self::KEY], self::dump(hw_sign($body, self::KEY), $body, "\r\n"));
        self::assertSame('✓Valid', self::verdict($page));
        self::assertContains('The request was read from the file, byte for byte.', self::texts($page, '//section/p'));
    }

    public function testLineBreaksOfATextFieldAreReadAsTheLengthSays(): void
    {
        $pasted = static fn(string $body, array $headers): string => str_replace("\n", "\r\n", str_replace("\r\n", "\n", self::dump(hw_sign($body, self::KEY) + $headers, $body)));
        foreach ([["a\nb\n", []], ["a\nb\n", ['Content-Length' => '4']], ["a\r\nb\r\n", ['Content-Length' => '6']]] as [$body, $headers]) {
            $page = $this->post(['request' => $pasted($body, $headers), 'key' => self::KEY]);
            self::assertSame('✓Valid', self::verdict($page));
        }
        $page = $this->post(['request' => $pasted("a\nb", ['Content-Length' => '7']), 'key' => self::KEY]);
        self::assertStringContainsString('Content-Length says 7 bytes and the body has 3', self::texts($page, '//section')[0]);
    }

    public function testARequestWithoutItsRequestLineIsAnsweredUnderEveryContract(): void
    {
        foreach (Profile::names() as $profile) {
            $page = $this->post(['request' => "A: b\n\n{}", 'profile' => $profile, 'key' => self::KEY]);
            $signed = Profile::named($profile)->describe();
            $signsRequestLine = preg_match('/\{(method|path|query|target|url|canonical_path)\}/', $signed['stringToSign'] . $signed['canonicalRequest']) === 1;
            self::assertSame($signsRequestLine ? '!Not understood' : '✗Rejected, for one reason', self::verdict($page), $profile);
        }
        $page = $this->post(['request' => "POST /path HTTP/1.1\nA: b\n\n{}", 'profile' => 'square', 'key' => self::KEY]);
        self::assertStringStartsWith('This contract signs the whole URL', self::texts($page, '//section//a[@href="#request"]')[0]);
    }

    /** @return iterable<string, array{string, bool, bool}> */
    public static function dumps(): iterable
    {
        return Dumps::all();
    }

    /** @dataProvider dumps */
    #[DataProvider('dumps')]
    public function testEverySpellingOfARequestIsDiagnosed(string $name, bool $hasBody, bool $hasTarget): void
    {
        $pasted = static fn(string $text): string => str_replace("\n", "\r\n", str_replace("\r\n", "\n", $text));
        $fields = ['request' => $pasted(Dumps::text($name)), 'profile' => 'nextcloud', 'key' => self::KEY, 'any_age' => '1'];
        $fields += ['body' => $hasBody ? '' : Dumps::BODY];
        if (!$hasTarget) {
            $page = $this->post($fields);
            self::assertStringStartsWith('There is no request line, and this contract signs it', self::texts($page, '//section//a[@href="#request"]')[0]);
            $fields['request'] = 'POST ' . Dumps::TARGET . " HTTP/1.1\r\n$fields[request]";
        }
        self::assertSame('✓Valid', self::verdict($this->post($fields)));
        if (!$hasBody) {
            $page = $this->post(['body' => ''] + $fields);
            self::assertStringStartsWith('The request had a body, and ', self::texts($page, '//section//a[@href="#body"]')[0]);
            self::assertCount(1, $page->query('//details[@open]//textarea[@aria-invalid="true"]'));
        }
    }

    public function testThePayloadMayStandByItself(): void
    {
        $headers = hw_sign("the callback user\n", self::KEY, 'huawei-receipt');
        $fields = ['request' => self::dump($headers, '{"status":0}'), 'profile' => 'huawei-receipt', 'key' => self::KEY];
        $page = $this->post($fields + ['body' => "the callback user\r\n"]);
        self::assertSame('✓Valid', self::verdict($page));
        self::assertContains('The payload was given by itself; the body of the request is not looked at.', self::texts($page, '//section/p'));
        self::assertSame("the callback user", trim(self::texts($page, '//details[@open]//textarea')[0]));
        self::assertSame('?The signature does not match', self::verdict($this->post($fields)));
        $page = $this->post($fields + ['body' => 'ignored'], "the callback user\n", 'body_file');
        self::assertSame('✓Valid', self::verdict($page));
    }

    public function testManyBytesAreReadAsFewAre(): void
    {
        $many = ["\n" => 300_000, "\r\n" => 300_000];
        foreach ($many as $byte => $count) {
            $page = $this->post(['request' => str_repeat($byte, $count) . self::dump(hw_sign('body', self::KEY), 'body'), 'key' => self::KEY]);
            self::assertSame('✓Valid', self::verdict($page));
        }
        $body = str_repeat("\n", 300_000);
        $page = $this->post(['request' => self::dump(hw_sign($body, self::KEY), $body), 'key' => self::KEY]);
        self::assertSame('✓Valid', self::verdict($page));
        $page = $this->post(['request' => self::dump(hw_sign('body', self::KEY) + ['X-Long' => 'a' . str_repeat(' ', 60_000) . 'b'], 'body'), 'key' => self::KEY]);
        self::assertSame('✓Valid', self::verdict($page));
    }

    public function testHeadersWithoutARequestLineWillDo(): void
    {
        $headersOnly = static fn(array $headers): string => substr(self::dump($headers, 'body'), strlen("POST / HTTP/1.1\n"));
        $page = $this->post(['request' => $headersOnly(hw_sign('body', self::KEY, 'django')), 'profile' => 'django', 'key' => self::KEY]);
        self::assertSame('✓Valid', self::verdict($page));
        $headers = hw_sign('body', self::KEY, 'nextcloud', 'POST', '/', 'client-1');
        $page = $this->post(['request' => $headersOnly($headers), 'profile' => 'nextcloud', 'key' => self::KEY]);
        self::assertStringContainsString('There is no request line, and this contract signs it: write it before the headers', self::texts($page, '//section')[0]);
    }

    public function testAContractMayBePasted(): void
    {
        $contract = ['contract_version' => 1, 'name' => 'ours', 'title' => 'Ours', 'string_to_sign' => '{timestamp}.{payload}', 'encoding' => 'hex']
            + ['headers' => ['X-Time' => '{timestamp}', 'X-Sign' => 'v1={signature}'], 'timestamp_format' => 'seconds', 'tolerance' => 60];
        $signature = hash_hmac('sha256', '1700000000.body', self::KEY);
        $fields = ['key' => self::KEY, 'any_age' => '1', 'contract' => json_encode($contract)];
        $page = $this->post($fields + ['request' => self::dump(['X-Time' => '1700000000', 'X-Sign' => "v1=$signature"], 'body')]);
        self::assertSame('✓Valid', self::verdict($page));
        self::assertSame(['1700000000.{payload}'], self::texts($page, '//pre[@class="wrap"]'));
        self::assertSame($contract, json_decode(self::texts($page, '//details[@open]//textarea[@id="contract"]')[0], true));

        $page = $this->post($fields + ['request' => self::dump(['X-Time' => '1700000000', 'X-Sign' => 'v1=' . base64_encode(hex2bin($signature))], 'body')]);
        self::assertSame(['digest-is-base64'], self::texts($page, '//ol//code'));

        $page = $this->post(['contract' => '{"contract_version":1,"nam":""}'] + $fields + ['request' => 'A: b']);
        self::assertSame(['The contract cannot be used: the field "nam" is unknown.'], self::texts($page, '//section//a[@href="#contract"]'));
    }

    public function testAHeaderHasARowWhereItsFieldHasNone(): void
    {
        $headers = hw_sign('body', self::KEY, 'nextcloud', 'POST', '/', 'client-1');
        $rows = function (array $headers, string $more = ''): array {
            $dump = str_replace("HTTP/1.1\n", "HTTP/1.1\n$more", self::dump($headers, 'body'));
            return self::texts($this->post(['request' => $dump, 'profile' => 'nextcloud', 'key' => self::KEY]), '//tbody//th');
        };
        self::assertSame(['Request', 'Key id', 'Timestamp', 'Nonce', 'Signature= matches', 'Payload', 'String to sign', 'Key'], $rows($headers));
        self::assertContains('X-NC-SIGNATURE≠ finding 1', $rows(array_diff_key($headers, ['X-NC-SIGNATURE' => 0])));
        self::assertContains('X-NC-NONCE≠ finding 1', $rows(['X-NC-NONCE' => 'no'] + $headers));
        self::assertContains('X-NC-NONCE≠ finding 1', $rows($headers, "x-nc-nonce: another-nonce\n"));
    }

    public function testWhatWasNotReceivedStandsOnTheOtherSide(): void
    {
        $page = $this->post(['example' => '1']);
        $cells = static fn(string $row): array => self::texts($page, "//tr[starts-with(th, '$row')]/td");
        [$received, $computed] = $cells('String to sign');
        self::assertSame('', $received);
        self::assertMatchesRegularExpression('/^{timestamp}{nonce}{payload}\d+ bytes/', $computed);
        [$received, $computed] = $cells('Key');
        self::assertSame('', $received);
        self::assertStringStartsWith('Text, used as it is14 bytes', $computed);
        self::assertSame('Received', self::texts($page, "//tr[starts-with(th, 'Payload')]/td[1]/@data-label")[0]);
        self::assertSame([], self::texts($page, "//tr[starts-with(th, 'Key')]/td[1]/@data-label"));
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function hostileForms(): iterable
    {
        $markup = '</textarea></pre></style><script>alert(1)</script><img src=x onerror=alert(1)>"\'';
        $inHeaders = "POST /$markup HTTP/1.1\nX-HW-SIGNATURE: timestamp=1$markup; nonce=$markup; value=$markup\nX-HW-TIMESTAMP: $markup\nContent-Length: $markup\n\n";
        yield 'markup everywhere' => [['request' => $inHeaders . $markup, 'profile' => $markup, 'encoding' => $markup, 'key' => $markup, 'any_age' => $markup]];
        yield 'markup in a target' => [['request' => "POST /<script>alert(1)</script> HTTP/1.1\nX-HW-SIGNATURE: <img/src=x/onerror=alert(1)>\n\n", 'key' => 'k']];
        yield 'markup in a signed body' => [['request' => self::dump(hw_sign($markup, 'k', 'django'), $markup), 'profile' => 'django', 'key' => 'k']];
        yield 'markup in the name of a field' => [['request' => self::dump(hw_sign('x', 'k', 'django'), json_encode(["<script>alert(1)</script>" => 'x'])), 'profile' => 'django', 'key' => 'k']];
        yield 'bytes that are not UTF-8' => [['request' => "POST /\xff HTTP/1.1\nX-HW-SIGNATURE: \xc3(\xff\0; nonce=:\n\n\xf0\x28\0\x1b[31m", 'key' => "\xff"]];
        yield 'arrays' => [['request' => ['a' => 'b'], 'profile' => ['x'], 'encoding' => ['y'], 'key' => ['z'], 'any_age' => ['1']]];
        yield 'a long header' => [['request' => 'X-HW-SIGNATURE: ' . str_repeat('<', 100_000) . "\n\n", 'key' => 'k']];
        yield 'deep JSON' => [['request' => self::dump(hw_sign('x', 'k'), str_repeat('[', 100_000)), 'key' => 'k']];
        yield 'a time beyond all times' => [['request' => "X-HW-SIGNATURE: timestamp=9999999999999999999; nonce=:; value=x\n\n", 'key' => 'k']];
    }

    /**
     * @dataProvider hostileForms
     *
     * @param array<string, mixed> $fields
     */
    #[DataProvider('hostileForms')]
    public function testHostileInputStaysText(array $fields): void
    {
        $body = http_build_query($fields);
        [$status, , $html] = $this->request('POST', '', $body, ['Content-Type: application/x-www-form-urlencoded']);
        self::assertSame(200, $status);
        self::assertSame(1, preg_match('//u', $html));
        self::assertStringNotContainsString("\0", $html);
        self::assertStringNotContainsString("\e", $html);
        self::assertSame(1, substr_count($html, '<script'));
        self::assertSame(0, substr_count($html, '<img'));
        self::assertSame(3, substr_count($html, '</textarea>'));
        $page = self::parse($html);
        self::assertCount(1, $page->query('//section'));
        self::assertSame([], self::texts($page, '//@*[starts-with(name(), "on")]'));
        self::assertLessThan(40_000 + 5 * strlen($body), strlen($html));
    }

    public function testAFileMayBeHostileToo(): void
    {
        $page = $this->post(['key' => self::KEY], "\xff\xfe<script>\0");
        self::assertSame('!Not understood', self::verdict($page));
        self::assertCount(1, $page->query('//script'));
    }

    /** @return iterable<string, array{int, string, string, string, list<string>}> */
    public static function otherRequests(): iterable
    {
        yield 'a query string' => [400, 'The inspector reads no query string', 'GET', '?key=secret', []];
        yield 'a query string with POST' => [400, 'The inspector reads no query string', 'POST', '?key=secret', []];
        yield 'another path' => [404, 'There is one page, at /', 'GET', 'favicon.ico', []];
        yield 'a path on the disk' => [404, 'There is one page, at /', 'GET', 'README.md', []];
        yield 'another method' => [405, 'The page takes GET and POST', 'PUT', '', []];
        yield 'a name that was bent to this machine' => [403, 'loopback interface alone', 'GET', '', ['Host: evil.example']];
        yield 'through a proxy' => [403, 'loopback interface alone', 'GET', '', ['X-Forwarded-For: 192.0.2.1']];
    }

    /**
     * @dataProvider otherRequests
     *
     * @param list<string> $headers
     */
    #[DataProvider('otherRequests')]
    public function testOtherRequestsAreRefusedInASentence(int $status, string $sentence, string $method, string $path, array $headers): void
    {
        $response = $this->request($method, $path, '', $headers);
        self::assertSame($status, $response[0]);
        self::assertStringContainsString($sentence, $response[2]);
        self::assertStringNotContainsString('<form', $response[2]);
        self::assertStringContainsString('Content-Type: text/plain', $response[1]);
    }

    /** @return iterable<string, array{int, string, string}> */
    public static function addresses(): iterable
    {
        yield 'loopback' => [200, '127.0.0.1', '127.0.0.1'];
        yield 'another loopback address' => [200, '127.0.0.53', 'localhost'];
        yield 'loopback of IPv6' => [200, '::1', '[::1]'];
        yield 'another machine' => [403, '192.0.2.1', '127.0.0.1'];
        yield 'a private network' => [403, '10.0.0.1', '127.0.0.1'];
        yield 'bound to every interface' => [403, '127.0.0.1', '0.0.0.0'];
        yield 'bound to every interface of IPv6' => [403, '::1', '[::]'];
        yield 'bound to a name' => [403, '127.0.0.1', '127.example.test'];
        yield 'no address' => [403, '', '127.0.0.1'];
    }

    /** @dataProvider addresses */
    #[DataProvider('addresses')]
    public function testOnlyTheLoopbackInterfaceIsAnswered(int $status, string $remoteAddress, string $boundAddress): void
    {
        $server = ['REMOTE_ADDR' => $remoteAddress, 'SERVER_NAME' => $boundAddress, 'HTTP_HOST' => '127.0.0.1:80', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
        [$answered, $output] = $this->include(Php::command([]), $server);
        self::assertSame($status, $answered);
        self::assertSame($status === 200, str_contains($output, '<form'));
        self::assertSame($status === 403, str_contains($output, 'answers on the loopback interface alone'));
    }

    public function testWithoutTheExtensionASentenceSaysWhatToDo(): void
    {
        $server = ['REMOTE_ADDR' => '127.0.0.1', 'SERVER_NAME' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
        [$status, $output] = $this->include([PHP_BINARY, '-n'], $server);
        self::assertSame(500, $status);
        self::assertStringContainsString('PHP has not loaded the extension hw_signature: start the server with', $output);
    }

    /**
     * Runs the page for a request that no test server could have received.
     *
     * @param list<string> $php
     * @param array<string, string> $server
     *
     * @return array{int, string} status, body
     */
    private function include(array $php, array $server): array
    {
        $code = '$_SERVER = ' . var_export($server, true) . ' + $_SERVER; http_response_code(200); include ' . var_export(self::PAGE, true)
            . '; fwrite(STDERR, (string) http_response_code());';
        [, $output, $status] = Php::run([...$php, '-r', $code]);
        return [(int) $status, $output];
    }

    public function testColoursContrast(): void
    {
        preg_match_all('/--([a-z-]+): (#[0-9a-f]{6})/', file_get_contents(dirname(self::PAGE) . '/inspector/style.css'), $colours, PREG_SET_ORDER);
        $schemes = array_chunk($colours, intdiv(count($colours), 2));
        self::assertCount(2, $schemes);
        $luminance = static function (string $colour): float {
            $linear = static fn(int $value): float => $value <= 10 ? $value / 255 / 12.92 : (($value / 255 + 0.055) / 1.055) ** 2.4;
            [$red, $green, $blue] = array_map($linear, array_map('hexdec', str_split(substr($colour, 1), 2)));
            return 0.2126 * $red + 0.7152 * $green + 0.0722 * $blue;
        };
        $contrast = static function (string $one, string $other) use ($luminance): float {
            $both = [$luminance($one), $luminance($other)];
            return (max($both) + 0.05) / (min($both) + 0.05);
        };
        foreach ($schemes as $scheme) {
            $scheme = array_column($scheme, 2, 1);
            foreach (['ink', 'muted', 'accent', 'bad', 'good', 'open'] as $text) {
                self::assertGreaterThanOrEqual(4.5, $contrast($scheme[$text], $scheme['paper']), $text);
                self::assertGreaterThanOrEqual(4.5, $contrast($scheme[$text], $scheme['raised']), "$text, raised");
            }
            self::assertGreaterThanOrEqual(4.5, $contrast($scheme['on-accent'], $scheme['accent']));
            self::assertGreaterThanOrEqual(3, $contrast($scheme['edge'], $scheme['paper']), 'the edge of a field');
        }
    }

    private function browse(bool $withScripts, callable $steps): void
    {
        $missing = Browser::missingPackage();
        if ($missing !== null) {
            self::markTestSkipped("The page is not tested in a browser: install $missing.");
        }
        $browser = new Browser($withScripts);
        try {
            $steps($browser);
        } finally {
            $browser->close();
        }
    }

    private function waitForTitle(Browser $browser, string $title): void
    {
        for ($attempt = 0; $attempt < 100 && $browser->title() !== $title; ++$attempt) {
            usleep(50_000);
        }
        self::assertSame($title, $browser->title());
    }

    /** @return iterable<string, array{bool}> */
    public static function scripts(): iterable
    {
        yield 'with scripts' => [true];
        yield 'without scripts' => [false];
    }

    /** @dataProvider scripts */
    #[DataProvider('scripts')]
    public function testAKeyboardIsEnough(bool $withScripts): void
    {
        $this->browse($withScripts, function (Browser $browser) use ($withScripts): void {
            $body = '{"a":1}';
            $signature = base64_encode(hash_hmac('sha256', "1700000000.$body", self::KEY, true));
            $browser->open(self::$server->url());
            $tab = function (string $focus) use ($browser): void {
                $browser->press(Browser::TAB);
                self::assertSame($focus, $browser->focus());
                self::assertSame('solid', $browser->run('return getComputedStyle(document.activeElement).outlineStyle'), 'the focus can be seen');
            };
            $tab('Skip to the form');
            $browser->press(Browser::ENTER);
            $tab('request');
            $browser->press("X-HMAC-Timestamp: 1700000000\nX-HMAC-Signature: $signature\n\n$body");
            $tab('dump');
            $tab('The payload by itself');
            $tab('profile');
            $browser->press('django');
            $tab('A contract of your own');
            $tab('key');
            $browser->press(self::KEY);
            if ($withScripts) {
                $tab('Show');
                $browser->press(' ');
                self::assertSame('text', $browser->run('return document.getElementById("key").type'));
            }
            $tab('encoding');
            $tab('any_age');
            $browser->press(' ');
            $tab('Diagnose');
            $browser->press(Browser::ENTER);

            $this->waitForTitle($browser, 'Rejected, for one reason · Signature inspector');
            self::assertSame('✗Rejected, for one reason', $browser->focus());
            self::assertSame('digest-is-base64', $browser->run('return document.querySelector("ol code").innerText'));
            self::assertSame('', $browser->run('return document.getElementById("key").value'));
            self::assertSame('password', $browser->run('return document.getElementById("key").type'));
            $tab('finding 1');
            $browser->press(Browser::ENTER);
            self::assertSame('finding-1', $browser->run('return document.querySelector(":target").id'));
        });
    }

    public function testItLooksWellInLightAndDarkAndOnAPhone(): void
    {
        $this->browse(true, function (Browser $browser): void {
            $papers = [];
            foreach ([['light', 1280], ['dark', 1280], ['light', 360], ['dark', 360]] as [$scheme, $width]) {
                $browser->look($scheme, $width, 800);
                $browser->open(self::$server->url());
                $browser->run('document.querySelector("[name=example]").click()');
                $this->waitForTitle($browser, 'Rejected, for 2 reasons at once · Signature inspector');
                $papers[$scheme] = $browser->run('return getComputedStyle(document.body).backgroundColor');
                self::assertLessThanOrEqual($width, $browser->run('return document.documentElement.scrollWidth'), 'nothing to scroll sideways');
                $small = 'return [...document.querySelectorAll("form button, select, input:not([type=checkbox])")].filter(e => !e.hidden && e.getBoundingClientRect().height < 44).map(e => e.id || e.textContent)';
                self::assertSame([], $browser->run($small), 'big enough for a finger');
            }
            $browser->open(self::$server->url());
            $browser->run('document.querySelector("button.primary").click()');
            $this->waitForTitle($browser, 'Not understood · Signature inspector');
            self::assertSame('!Not understood', $browser->focus());
            self::assertSame(['light' => 'rgb(253, 253, 251)', 'dark' => 'rgb(21, 23, 26)'], $papers);
        });
    }
}
