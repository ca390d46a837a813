<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use GuzzleHttp\Client;
use HwSignature\Tests\Support\Dumps;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\Server;
use HwSignature\Tool\Chunks;
use HwSignature\Tool\CurlCommand;
use HwSignature\Tool\RequestDump;
use InvalidArgumentException;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/../bin/lib/load.php';

/** What the tool and the inspector read as a request: bin/lib/RequestDump.php and its readers. */
final class RequestDumpTest extends TestCase
{
    /** A receiver that answers with what it got. */
    private const MIRROR = <<<'PHP'
        <?php
        echo json_encode([$_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], array_change_key_case(getallheaders()), base64_encode(file_get_contents('php://input'))]);
        PHP;

    /** @return iterable<string, array{string, bool, bool}> */
    public static function dumps(): iterable
    {
        return Dumps::all();
    }

    /** @dataProvider dumps */
    #[DataProvider('dumps')]
    public function testEverySpellingIsTheSameRequest(string $name, bool $hasBody, bool $hasTarget): void
    {
        $this->assertSameRequest(RequestDump::parse(Dumps::text($name)), $hasBody, $hasTarget);
    }

    /** @dataProvider dumps */
    #[DataProvider('dumps')]
    public function testATextFieldsLineEndsDoNotMatter(string $name, bool $hasBody, bool $hasTarget): void
    {
        $crlf = str_replace("\n", "\r\n", str_replace("\r\n", "\n", Dumps::text($name)));
        $this->assertSameRequest(RequestDump::parse("\xef\xbb\xbf\r\n$crlf"), $hasBody, $hasTarget);
    }

    private function assertSameRequest(RequestDump $dump, bool $hasBody, bool $hasTarget = true): void
    {
        self::assertSame($hasBody ? Dumps::BODY : null, $dump->body);
        self::assertSame(!$hasBody, $dump->bodyIsElsewhere !== '');
        self::assertSame($hasTarget ? Dumps::TARGET : null, $dump->target);
        self::assertSame($dump->header('REQUEST_METHOD')[0] ?? ($hasTarget ? 'POST' : null), $dump->method);
        self::assertSame(['it\'s a "quoted" \\ value'], $dump->header('X-Note'));
        self::assertTrue(hw_verify($dump->headers, Dumps::BODY, Dumps::KEY, 'nextcloud', 'POST', Dumps::TARGET, now: Dumps::NOW));
    }

    public function testEveryRecordedFileIsTested(): void
    {
        $files = array_map('basename', glob(__DIR__ . '/dumps/*'));
        $tested = [...array_keys(iterator_to_array(Dumps::all())), 'curl-trace-ascii.txt', 'guzzle-debug-stream.txt', 'chromium-copy-as-curl-cmd.txt', 'README.md'];
        self::assertEqualsCanonicalizing($files, $tested);
    }

    public function testWhatTraceAsciiCannotShowIsSaid(): void
    {
        $dump = RequestDump::parse(Dumps::text('curl-trace-ascii.txt'));
        self::assertSame(str_replace('ü', '..', Dumps::BODY), $dump->body);
        self::assertStringContainsString('--trace shows what --trace-ascii does not', $dump->notes[0]);
        self::assertSame([], RequestDump::parse(strtr(Dumps::text('curl-trace-ascii.txt'), ['..ber' => 'xxber']))->notes);
    }

    /** @return iterable<string, array{string, string}> sentence, text */
    public static function noRequests(): iterable
    {
        yield 'nothing' => ['this is no request: it is empty', "\r\n\n"];
        yield 'a response' => ['this is no request: it is a response', "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\nno"];
        yield 'curl that reached nobody' => ['this is no request: curl printed it', "*   Trying 127.0.0.1:1...\n* connect to 127.0.0.1 port 1 failed\n"];
        yield 'a response as curl shows it' => ['this is no request: curl printed it', "< HTTP/1.1 401 Unauthorized\n< \n"];
        yield 'a trace that reached nobody' => ['this is no request: curl printed it', "== Info:   Trying 127.0.0.1:1...\n== Info: Failed\n"];
        yield 'Guzzle without curl' => ['this is no request: Guzzle prints no headers when it sends without curl', Dumps::text('guzzle-debug-stream.txt')];
        yield 'a body' => ['this is no request: there are no headers in it', '{"from":"token","data":"eWVz"}'];
        yield 'a list' => ['this is no request: there are no headers in it', '[{"a":1}]'];
        yield 'JSON cut off' => ['this is no request: there are no headers in it', '{"from":"tok'];
        yield 'an array of something else' => ['this is no request: there are no headers in it', "array (\n  'a' => 'b',\n)"];
        yield 'what PowerShell saved' => ['it is in UTF-16, as PowerShell saves', "\xff\xfe" . implode("\0", str_split('> GET / HTTP/1.1')) . "\0"];
        yield 'a page' => ['this is no request: line 1 is not of the form Name: value', "<!DOCTYPE html>\n<title>x</title>"];
        yield 'a value without its name' => ['this is no request: line 1 is not of the form Name: value', 'timestamp=1; nonce=:; value=x'];
        yield 'words' => ['this is no request: line 3 is not of the form Name: value', "\n\nHello, world\n\n"];
        yield 'a broken header' => ['the request cannot be read: line 2 is not of the form Name: value', "POST / HTTP/1.1\nbroken\n\n"];
        yield 'a broken header in a trace' => ['the request cannot be read: line 2 is not of the form Name: value', "> POST / HTTP/1.1\n> broken\n> \n"];
        yield 'two requests' => ['curl sent more than one request', str_repeat("> GET / HTTP/1.1\r\nA: b\r\n\r\n", 2)];
        yield 'two requests in a trace' => ['curl sent more than one request', str_repeat(Dumps::text('curl-trace.txt'), 2)];
        yield 'a trace cut off' => ['curl sent 356 bytes at once, of which 64 are here', substr(Dumps::text('curl-trace.txt'), 0, strpos(Dumps::text('curl-trace.txt'), '0010: '))];
        yield 'an archive of two' => ['there are 2 in the archive', self::archive(2)];
        yield 'a command of cmd' => ['choose "Copy as cURL (bash)"', Dumps::text('chromium-copy-as-curl-cmd.txt')];
        yield 'a variable' => ['what the shell puts in place of $SIG is not known here', 'curl -H "X-Sig: $SIG" http://h/'];
        yield 'a variable in braces' => ['in place of ${…} is not known', 'curl -H X-Sig:${SIG} http://h/'];
        yield 'a command in it' => ['in place of $(…) is not known', 'curl -H "X-Time: $(date +%s)" http://h/'];
        yield 'backquotes' => ['in place of `…` is not known', 'curl -H "X-Time: `date`" http://h/'];
        yield 'a form' => ['only curl knows the body that --form makes', 'curl -F a=b http://h/'];
        yield 'an unknown option' => ['the option --frobnicate is not known here', 'curl --frobnicate http://h/'];
        yield 'an unknown short option' => ['the option -Y is not known here', 'curl -sY 1 http://h/'];
        yield 'no URL' => ['there is no URL in it', 'curl -X POST'];
        yield 'two URLs' => ['there is more than one URL in it', 'curl http://h/ http://i/'];
        yield 'a pattern' => ['as a pattern for several', 'curl http://h/[1-3]'];
        yield 'dots in the path' => ['curl takes /./ and /../ out of the path', 'curl http://h/a/../b'];
        yield 'a quotation mark too few' => ["a quotation mark (') is not closed", "curl 'http://h/"];
        yield 'an option at the end' => ['--header needs a value', 'curl http://h/ -H'];
        yield 'headers in a file' => ['the headers are in the file h.txt', 'curl http://h/ -H @h.txt'];
    }

    private static function archive(int $requests): string
    {
        $archive = json_decode(Dumps::text('chromium.har'), true);
        $archive['log']['entries'] = array_fill(0, $requests, $archive['log']['entries'][0]);
        return json_encode($archive);
    }

    /** @dataProvider noRequests */
    #[DataProvider('noRequests')]
    public function testWhatIsNoRequestIsCalledThat(string $sentence, string $text): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage($sentence);
        RequestDump::parse($text);
    }

    public function testAnEntryOfAnArchiveWillDo(): void
    {
        $entry = json_decode(Dumps::text('chromium.har'), true)['log']['entries'][0];
        $this->assertSameRequest(RequestDump::parse(json_encode($entry)), true);
        $this->assertSameRequest(RequestDump::parse(json_encode($entry['request'])), true);
        unset($entry['request']['postData']);
        $this->assertSameRequest(RequestDump::parse(json_encode($entry)), false);
    }

    public function testTheTunnelOfAProxyIsNotTheRequest(): void
    {
        $trace = "> CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n< HTTP/1.1 200 Connection established\r\n< \r\n" . Dumps::text('guzzle-debug.txt');
        $this->assertSameRequest(RequestDump::parse($trace), false);
    }

    public function testTheResponseBehindTheBodyIsCutOff(): void
    {
        $dump = RequestDump::parse(Dumps::text('raw.http') . "HTTP/1.1 200 OK\r\n\r\nok");
        $this->assertSameRequest($dump, true);
        self::assertSame(['What follows the body, by its Content-Length, is the response.'], $dump->notes);
        self::assertSame('HTTP/1.1', RequestDump::parse("POST / HTTP/1.1\nA: b\n\nHTTP/1.1")->body);
    }

    /** @return iterable<string, array{?string, string}> */
    public static function chunks(): iterable
    {
        yield 'one' => ['abc', "3\r\nabc\r\n0\r\n\r\n"];
        yield 'several' => ["abc\r\n\0", "3\r\nabc\r\n3\r\n\r\n\0\r\n0\r\n\r\n"];
        yield 'with LF' => ['abc', "3\nabc\n0\n\n"];
        yield 'with an extension' => ['abc', "3;name=value\r\nabc\r\n0\r\n\r\n"];
        yield 'with a trailer' => ['abc', "003\r\nabc\r\n0\r\nX-Checksum: 1\r\n\r\n"];
        yield 'in capitals' => [str_repeat('x', 26), "1A\r\n" . str_repeat('x', 26) . "\r\n0\r\n\r\n"];
        yield 'none' => ['', "0\r\n\r\n"];
        yield 'put together already' => [null, '{"a":1}'];
        yield 'put together, and begins with a digit' => [null, '3 blind mice'];
        yield 'a length too short' => [null, "2\r\nabc\r\n0\r\n\r\n"];
        yield 'a length too long' => [null, "9\r\nabc\r\n0\r\n\r\n"];
        yield 'no end' => [null, "3\r\nabc\r\n"];
        yield 'a length beyond all lengths' => [null, "ffffffffffffffff\r\nabc\r\n0\r\n\r\n"];
    }

    /** @dataProvider chunks */
    #[DataProvider('chunks')]
    public function testChunksAreJoined(?string $expected, string $text): void
    {
        self::assertSame($expected, Chunks::join($text));
        $dump = RequestDump::parse("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n$text");
        self::assertSame($expected ?? $text, $dump->body);
        self::assertStringContainsString($expected === null ? 'is not in chunks' : 'came in chunks', $dump->notes[0]);
        self::assertSame([$text, []], [RequestDump::parse("POST / HTTP/1.1\r\n\r\n$text")->body, RequestDump::parse("POST / HTTP/1.1\r\n\r\n$text")->notes]);
    }

    /** @return iterable<string, array{string}> what stands between curl and the URL */
    public static function commands(): iterable
    {
        yield 'GET' => ['URL?a=1'];
        yield 'no path' => ['URL'];
        yield 'a fragment' => ['URLp#fragment'];
        yield 'HEAD' => ['-I URLx'];
        yield 'data' => ["-d a=1 URLx"];
        yield 'data in one word' => ['-da=1 URLx'];
        yield 'data twice' => ["--data 'a=1 & 2' -d b=3 URLx"];
        yield 'data with line breaks' => ["--data-binary \$'a\\r\\nb\\n' URLx"];
        yield 'raw data with @' => ["--data-raw @name URLx"];
        yield 'data that is encoded' => ["--data-urlencode 'a=ü &' --data-urlencode '=x/y' --data-urlencode 'z z' URLx"];
        yield 'JSON' => ["--json '{\"a\":' --json '1}' URLx"];
        yield 'an empty body' => ["-d '' URLx"];
        yield 'another method' => ["-sSXPUT -d x URLx"];
        yield 'flags in one word' => ["-skLv -XDELETE URLx"];
        yield 'GET with data' => ["-G -d a=1 -d b=2 'URLx?c=3'"];
        yield 'GET with data and no query' => ["-Gd a=1 URLx"];
        yield 'headers' => ["-H 'X-A: 1' -H 'X-Empty;' -H 'Accept:' -H'Content-Type:  text/plain' -d x URLx"];
        yield 'an agent and a cookie' => ["-A me -e http://from/ -b a=b URLx"];
        yield 'another host' => ["-H 'Host: example.test' URLx"];
        yield 'quotation marks' => ["-H \"X-A: it's \\\"q\\\" \\\\ \\n\" -H X-B:\\ '\$HOME'\\'\\\"x URLx"];
        yield 'ANSI quotation marks' => ["--data-raw \$'\\u00fc\\x41\\101\\t\\e\\'\\\\\\q' URLx"];
        yield 'code points' => ["--data-raw \$'\\u0001\\u0009\\u007f\\u85\\u00fc\\u20ac\\U0001f600\\u0021' URLx"];
        yield 'lines' => ["-H 'X-A: 1' \\\n  -H 'X-B: 2' \\\n  URLx"];
        yield 'a pipe' => ['-s URLx | cat'];
        yield 'a redirection' => ['URLx 2>/dev/null'];
        yield 'a comment' => ["URLx # says 'hello"];
        yield 'a URL as an option' => ['--url URLx'];
        yield 'dots as they are' => ['--path-as-is URLa/../b'];
        yield 'brackets' => ["-g 'URLx?a[]=1&b={c}'"];
        yield 'a user' => ['-u name:secret URLx'];
    }

    public function testACommandIsReadAsCurlReadsIt(): void
    {
        if (Php::run(['curl', '--version'])[0] !== 0) {
            self::markTestSkipped('There is no curl: install curl.');
        }
        $script = (string) tempnam(sys_get_temp_dir(), 'hw_signature-mirror-');
        file_put_contents($script, self::MIRROR);
        $server = new Server($script);
        try {
            foreach (self::commands() as $name => [$arguments]) {
                $command = 'curl ' . str_replace('URL', $server->url(), $arguments);
                [$exitCode, $output] = Php::run(['bash', '-c', "curl -s --noproxy '*' --no-progress-meter " . substr($command, 5)], '', ['LC_ALL' => 'C.UTF-8']);
                self::assertSame(0, $exitCode, $name);
                $head = str_contains($arguments, '-I');
                [$method, $target, $headers, $body] = $head ? ['HEAD', '/x', [], ''] : json_decode(substr($output, strpos($output, '[')), true);
                $dump = CurlCommand::read("\$ $command");
                self::assertSame([$method, $target, base64_decode($body)], [$dump->method, $dump->target, $dump->body], $name);
                // What curl adds by itself is not in the command, but for these.
                $ours = array_map(static fn(array $values): string => implode(',', $values), $dump->headers);
                self::assertSame([], array_diff_assoc($ours, $head ? $ours : $headers), $name);
                $added = array_diff_key($headers, $ours, ['user-agent' => 0, 'accept' => 0, 'authorization' => 0, 'connection' => 0]);
                self::assertSame([], $added, $name);
            }
            self::assertSame('', $server->errors());
        } finally {
            $server->stop();
            unlink($script);
        }
    }

    public function testABodyInAFileIsNamed(): void
    {
        $elsewhere = static fn(string $arguments): array => [CurlCommand::read("curl $arguments http://h/")->body, CurlCommand::read("curl $arguments http://h/")->bodyIsElsewhere];
        self::assertSame([null, 'the command takes it from the file b.json'], $elsewhere('--data-binary @b.json'));
        self::assertSame([null, 'the command takes it from the file b.json, and --data changes it on the way: --data-binary does not'], $elsewhere('-d @b.json'));
        self::assertSame([null, 'the command takes it from the file b.json'], $elsewhere('-T b.json'));
        self::assertSame('', RequestDump::parse("> GET / HTTP/1.1\nA: b\n\n")->body);
    }

    public function testTheProgramsOfThisMachineAreRead(): void
    {
        $script = (string) tempnam(sys_get_temp_dir(), 'hw_signature-mirror-');
        file_put_contents($script, self::MIRROR);
        $server = new Server($script);
        $headers = hw_sign(Dumps::BODY, Dumps::KEY, 'nextcloud', 'POST', Dumps::TARGET, 'client-1', timestamp: Dumps::NOW) + ['X-Note' => 'it\'s a "quoted" \\ value'];
        $lines = array_map(static fn(string $name): string => "$name: $headers[$name]", array_keys($headers));
        $url = rtrim($server->url(), '/') . Dumps::TARGET;
        try {
            if (Php::run(['curl', '--version'])[0] === 0) {
                $arguments = array_merge(...array_map(static fn(string $line): array => ['-H', $line], $lines));
                foreach (['-v' => false, '--trace' => true] as $option => $hasBody) {
                    $trace = Php::run(['curl', '-s', '--noproxy', '*', ...[$option, ...$hasBody ? ['-'] : []], ...$arguments, '--data-raw', Dumps::BODY, $url]);
                    $this->assertSameRequest(RequestDump::parse($hasBody ? $trace[1] : $trace[2]), $hasBody);
                }
            }
            if (extension_loaded('curl')) {
                $log = tmpfile();
                $request = curl_init($url);
                curl_setopt_array($request, [CURLOPT_VERBOSE => true, CURLOPT_STDERR => $log, CURLOPT_NOPROXY => '*', CURLOPT_RETURNTRANSFER => true]);
                curl_setopt_array($request, [CURLOPT_POSTFIELDS => Dumps::BODY, CURLOPT_HTTPHEADER => $lines]);
                curl_exec($request);
                rewind($log);
                $this->assertSameRequest(RequestDump::parse(stream_get_contents($log)), false);
            }
            if (is_file('/usr/share/php/GuzzleHttp/autoload.php') && extension_loaded('curl')) {
                require_once '/usr/share/php/GuzzleHttp/autoload.php';
                $log = tmpfile();
                (new Client(['proxy' => '']))->post($url, ['headers' => $headers, 'body' => Dumps::BODY, 'debug' => $log]);
                rewind($log);
                $this->assertSameRequest(RequestDump::parse(stream_get_contents($log)), false);
            }
            self::assertSame('', $server->errors());
        } finally {
            $server->stop();
            unlink($script);
        }
    }

    public function testArraysComeBackAsTheyWerePrinted(): void
    {
        mt_srand(12);
        $pieces = ["'", '"', '\\', "\0", '$x', ' => ', '] => ', 'ü', "\xff", ',', ')', 'array (', '\\n', '  ', 'a', '[1]', '0'];
        for ($case = 0; $case < 500; ++$case) {
            $array = ['REQUEST_METHOD' => 'POST', 'REQUEST_TIME' => 5, 'argv' => ['x']];
            for ($header = 0; $header < 4; ++$header) {
                $text = '';
                for ($length = mt_rand(0, 6); $length > 0; --$length) {
                    $text .= $pieces[mt_rand(0, count($pieces) - 1)];
                }
                $array["HTTP_X_$header"] = $text;
                $array["X-List-$header"] = [$text, "$text."];
            }
            $expected = array_map(static fn(mixed $value): array => (array) $value, array_diff_key($array, ['REQUEST_TIME' => 0]));
            ob_start();
            var_dump($array);
            $dumped = ob_get_clean();
            $short = strtr(var_export($array, true), ['array (' . "\n" => "[\n"]);
            self::assertSame($expected, RequestDump::parse(var_export($array, true))->headers, "case $case");
            self::assertSame($expected, RequestDump::parse('$_SERVER = ' . var_export($array, true) . ';')->headers, "case $case");
            self::assertSame($expected, RequestDump::parse($dumped)->headers, "case $case");
            $json = json_encode($array);
            self::assertSame($json === false ? [] : $expected, $json === false ? [] : RequestDump::parse($json)->headers, "case $case");
        }
    }
}
