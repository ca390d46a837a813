<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Profile;
use HwSignature\Tests\Support\Dumps;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\Sample;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\TestCase;

use const HwSignature\VERSION;

/** bin/hw-signature, as its users run it. */
final class CommandTest extends TestCase
{
    private const TOOL = __DIR__ . '/../bin/hw-signature';
    private const KEY = 'correct horse battery staple';
    private const BODY = '{"from":"token","data":"eWVz"}';
    private const RECEIVER = <<<'PHP'
        <?php
        $valid = hw_verify($_SERVER, file_get_contents('php://input'), 'correct horse battery staple', $_SERVER['HTTP_X_PROFILE'] ?? 'django', $_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI']);
        http_response_code($valid ? 200 : 401);
        echo $valid ? 'genuine' : 'forged', ' ', $_SERVER['REQUEST_METHOD'], ' ', $_SERVER['REQUEST_URI'];
        PHP;

    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/hw_signature-command-' . bin2hex(random_bytes(6));
        mkdir($this->directory);
        $this->file('key', self::KEY);
        $this->file('body.json', self::BODY);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("$this->directory/*"));
        rmdir($this->directory);
    }

    private function file(string $name, string $contents): string
    {
        file_put_contents("$this->directory/$name", $contents);
        return "$this->directory/$name";
    }

    /**
     * Runs the tool, whose every output must be free of the key.
     *
     * @param list<string> $arguments
     * @param array<string, string> $environment
     *
     * @return array{int, string, string} exit code, output, error output
     */
    private function execute(array $arguments, string $input = '', array $environment = []): array
    {
        $result = Php::run(Php::command([self::TOOL, ...$arguments]), $input, $environment);
        foreach ([self::KEY, base64_encode(self::KEY), bin2hex(self::KEY)] as $spelling) {
            self::assertStringNotContainsString($spelling, $result[1] . $result[2]);
        }
        return $result;
    }

    /**
     * Runs the tool with the key and the payload of this test.
     *
     * @return array{int, string, string}
     */
    private function tool(string $command, string ...$arguments): array
    {
        return $this->execute([$command, '--key-file', "$this->directory/key", ...$arguments]);
    }

    /** A signed request that is valid at the second 1700000000. */
    private function dump(string $lineEnd = "\r\n", string $body = self::BODY, string ...$moreLines): string
    {
        $headers = hw_sign($body, self::KEY, timestamp: 1_700_000_000_000);
        $lines = ['POST /hook?a=1 HTTP/1.1', 'Host: example.test', ...$moreLines];
        foreach ($headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        return $this->file('dump.http', implode($lineEnd, [...$lines, '', $body]));
    }

    private function body(): string
    {
        return "$this->directory/body.json";
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
    public function testWhatSignPrintsVerifyAccepts(string $profile): void
    {
        $id = isset(Profile::named($profile)->describe()['headers']['X-NC-CLIENT-ID']) ? ['--key-id', 'client-1'] : [];
        $options = ['--profile', $profile, '--key-file', "$this->directory/key", '--method', 'POST', '--target', '/', ...$id];
        [$exitCode, $headers] = $this->execute(['sign', ...$options, $this->body()]);
        self::assertSame(0, $exitCode);

        $verify = ['verify', ...$options, '--request', '-', $this->body()];
        self::assertSame([0, "valid\n", ''], $this->execute($verify, $headers));
        self::assertSame([0, "valid\n", ''], $this->execute($verify, str_replace("\n", "\r\n", $headers)));

        file_put_contents($this->body(), ' ', FILE_APPEND);
        [$exitCode, $output] = $this->execute($verify, $headers);
        self::assertSame(1, $exitCode);
        self::assertStringStartsWith('not valid: the signature does not match', $output);
    }

    public function testSignPrintsWhatTheExtensionSigns(): void
    {
        $expected = hw_sign(self::BODY, self::KEY, 'nextcloud', 'PUT', '/a?b=1', 'client-1', 'nonce-1234', 1_700_000_000);
        $options = ['--profile=nextcloud', '--method=PUT', '--target', '/a?b=1', '--key-id', 'client-1', '--nonce', 'nonce-1234', '--timestamp', '1700000000'];
        [$exitCode, $output, $errors] = $this->tool('sign', ...$options, ...['--payload', $this->body()]);
        $lines = array_map(static fn(string $name): string => "$name: $expected[$name]\n", array_keys($expected));
        self::assertSame([0, implode('', $lines), ''], [$exitCode, $output, $errors]);

        [$exitCode, $json] = $this->tool('sign', '--json', ...$options, ...[$this->body()]);
        self::assertSame([0, ['headers' => $expected]], [$exitCode, json_decode($json, true)]);
    }

    public function testThePayloadMayComeFromStandardInput(): void
    {
        [$exitCode, $output] = $this->execute(['sign', '--key-file', "$this->directory/key", '--timestamp', '5', '-'], "a\0b\n");
        self::assertSame(0, $exitCode);
        self::assertStringContainsString(hw_sign("a\0b\n", self::KEY, timestamp: 5)['X-HW-SIGNATURE'], $output);
    }

    public function testWhereNoPayloadIsSignedNoneIsAskedFor(): void
    {
        self::assertSame(0, $this->tool('sign', '--profile', 'nextcloud', '--method', 'get', '--target', '/', '--key-id', 'client-1')[0]);
        $this->assertUsageError('Name a file with the payload, or - for standard input', $this->tool('sign'));
    }

    /** @return iterable<string, array{string, string, list<string>}> */
    public static function writtenKeys(): iterable
    {
        yield 'raw' => [self::KEY, '', []];
        yield 'base64' => [base64_encode(self::KEY), '', ['--key-encoding', 'base64']];
        yield 'base64 with a prefix' => ['whsec_' . base64_encode(self::KEY), '', ['--key-encoding', 'base64']];
        yield 'hex' => [bin2hex(self::KEY), '', ['--key-encoding', 'hex']];
        yield 'trimmed' => [self::KEY . "\n", '', ['--trim-key']];
        yield 'hex, trimmed' => [bin2hex(self::KEY) . "\r\n", '', ['--trim-key', '--key-encoding', 'hex']];
    }

    /**
     * @dataProvider writtenKeys
     *
     * @param list<string> $options
     */
    #[DataProvider('writtenKeys')]
    public function testAKeyComesFromAFileOrAVariable(string $written, string $errors, array $options): void
    {
        $expected = 'X-HMAC-Timestamp: 5';
        $signature = hw_sign(self::BODY, self::KEY, 'django', timestamp: 5)['X-HMAC-Signature'];
        $sign = ['sign', '--profile', 'django', '--timestamp', '5', ...$options, $this->body()];
        foreach ([['--key-file', $this->file('written', $written)], ['--key-env', 'HW_TEST_KEY']] as $source) {
            $result = $this->execute([...$sign, ...$source], '', ['HW_TEST_KEY' => $written]);
            self::assertSame([0, "$expected\nX-HMAC-Signature: $signature\n", $errors], $result);
        }
    }

    public function testALineBreakAtTheEndOfTheKeyIsSigned(): void
    {
        $this->file('key', self::KEY . "\n");
        [$exitCode, $output, $errors] = $this->tool('sign', '--timestamp', '5', $this->body());
        self::assertSame(0, $exitCode);
        self::assertStringContainsString(hw_sign(self::BODY, self::KEY . "\n", timestamp: 5)['X-HW-SIGNATURE'], $output);
        self::assertStringContainsString('warning: The key ends in a line break, which is part of the key; --trim-key', $errors);
    }

    /** @return iterable<string, array{list<string>}> */
    public static function keysOnTheCommandLine(): iterable
    {
        yield 'as the next argument' => [['--key', self::KEY]];
        yield 'in the same argument' => [['--key=' . self::KEY]];
        yield 'short' => [['-k', self::KEY]];
        yield 'short, in the same argument' => [['-k' . self::KEY]];
        yield 'by another name' => [['--secret', self::KEY]];
        yield 'misspelt' => [['--keys=' . self::KEY]];
        yield 'all in one word' => [['--secret' . self::KEY]];
    }

    /**
     * @dataProvider keysOnTheCommandLine
     *
     * @param list<string> $arguments
     */
    #[DataProvider('keysOnTheCommandLine')]
    public function testAKeyOnTheCommandLineIsRefused(array $arguments): void
    {
        foreach (['sign', 'verify', 'diagnose'] as $command) {
            $this->assertUsageError('shell writes it into its history: use --key-file FILE or --key-env NAME', $this->tool($command, $this->body(), ...$arguments));
        }
        $this->assertUsageError('shell writes it into its history', $this->execute([...$arguments, 'sign']));
    }

    /** @return iterable<string, array{string, list<string>}> */
    public static function wrongUses(): iterable
    {
        $key = ['--key-file', 'DIR/key'];
        $all = [...$key, 'DIR/body.json'];
        $commands = 'Commands: sign, verify, diagnose, profiles, export, check.';
        yield 'unknown command' => ["Unknown command \"frobnicate\". $commands", ['frobnicate']];
        yield 'misspelt command' => ["Unknown command \"signn\". Did you mean sign? $commands", ['signn']];
        yield 'help for an unknown command' => ['Unknown command "frobnicate"', ['help', 'frobnicate']];
        yield 'the payload as text' => ['The payload is the name of a file, not its text: save it, or pipe it in', ['sign', ...$key, '--body', '{"a":1}']];
        yield 'the payload with an @' => ['The payload is always a file: write @DIR/body.json without the @.', ['sign', ...$key, '-d', '@DIR/body.json']];
        yield 'no headers' => ['There are no headers: give each with -H, or name a file', ['verify', ...$all]];
        yield 'options first' => ["A command comes before the options. $commands", ['--profile', 'django', 'sign']];
        yield 'unknown option' => ['sign has no option --frobnicate; "sign --help" lists', ['sign', '--frobnicate=1']];
        yield 'misspelt option' => ['sign has no option --nonc. Did you mean --nonce?', ['sign', '--nonc', 'x']];
        yield 'misspelt key file' => ['verify has no option --keyfile. Did you mean --key-file?', ['verify', '--keyfile', 'x']];
        yield 'one dash' => ['Did you mean --key-file?', ['sign', '-key-file', 'x']];
        yield 'a short option that another one ends in' => ['sign has no option -acurl. Did you mean --curl?', ['sign', '-acurl', 'x']];
        yield 'option of another command' => ['sign has no option --request; verify and diagnose have.', ['sign', ...$all, '--request', 'x']];
        yield 'option of one other command' => ['verify has no option --nonce; sign has.', ['verify', ...$all, '--nonce', 'x']];
        yield 'empty file name' => ['The argument FILE is empty and names no file.', ['sign', ...$key, '']];
        yield 'empty payload' => ['--payload names no file.', ['sign', ...$key, '--payload', '']];
        yield 'empty request' => ['--request names no file.', ['verify', ...$key, '--request=']];
        yield 'empty key file' => ['--key-file names no file.', ['sign', '--key-file', '', 'DIR/body.json']];
        yield 'empty key variable' => ['--key-env names no environment variable.', ['sign', '--key-env=', 'DIR/body.json']];
        yield 'option without value' => ['--nonce needs a value', ['sign', ...$all, '--nonce']];
        yield 'flag with value' => ['--json takes no value', ['sign', ...$all, '--json=1']];
        yield 'option twice' => ['--nonce is there twice', ['sign', ...$all, '--nonce', 'a', '--nonce', 'b']];
        yield 'two files' => ['sign takes one file', ['sign', ...$all, 'DIR/key']];
        yield 'a file for profiles' => ['profiles takes no file', ['profiles', 'x']];
        yield 'payload twice' => ['The payload is named twice', ['sign', ...$all, '--payload', 'DIR/key']];
        yield 'no key' => ['Say where the key is', ['sign', 'DIR/body.json']];
        yield 'two keys' => ['Say where the key is', ['sign', ...$all, '--key-env', 'HOME']];
        yield 'variable not set' => ['The environment variable HW_NO_SUCH is not set', ['sign', 'DIR/body.json', '--key-env', 'HW_NO_SUCH']];
        yield 'key from standard input' => ['--key-file takes no standard input', ['sign', 'DIR/body.json', '--key-file', '-']];
        yield 'empty key' => ['/dev/null is empty.', ['sign', 'DIR/body.json', '--key-file', '/dev/null']];
        yield 'nothing but white space' => ['the key must not be empty', ['sign', 'DIR/body.json', '--trim-key', '--key-env', 'HW_BLANK']];
        yield 'unknown encoding' => ['--key-encoding must be raw, base64 or hex', ['sign', ...$all, '--key-encoding', 'rot13']];
        yield 'key not hex' => ['With --key-encoding hex, the key must be', ['sign', ...$all, '--key-encoding', 'hex']];
        yield 'no such file' => ['DIR/nothing cannot be read: No such file or directory.', ['sign', ...$key, 'DIR/nothing']];
        yield 'no such key file' => ['DIR/nothing cannot be read: No such file', ['sign', '--key-file', 'DIR/nothing', 'DIR/body.json']];
        yield 'a directory' => ['DIR cannot be read: Is a directory.', ['sign', ...$key, 'DIR']];
        yield 'unknown profile' => ['--profile must be one of "huawei-push"', ['sign', ...$all, '--profile', 'x']];
        yield 'misspelt profile' => ['There is no profile "gihub". Did you mean github?', ['sign', ...$all, '--profile', 'gihub']];
        yield 'misspelt profile to export' => ['Did you mean huawei-push?', ['export', 'huawei-psh']];
        yield 'unknown profile for verify' => ['must be one of "huawei-push"', ['verify', ...$all, '-H', 'A: b', '--profile', 'x']];
        yield 'nonce outside the grammar' => ['--nonce does not fit', ['sign', ...$all, '--nonce', 'x']];
        yield 'key id for no header' => ['--key-id must be left out, because', ['sign', ...$all, '--key-id', 'x']];
        yield 'no key id' => ['--key-id is needed, because', ['sign', ...$all, '--profile', 'nextcloud', '-X', 'PUT', '--target', '/']];
        yield 'no method' => ['--method must be given, because the profile signs it.', ['sign', ...$all, '--profile', 'nextcloud']];
        yield 'no target' => ['--target must be given, because the profile signs it.', ['sign', ...$all, '--profile', 'nextcloud', '-X', 'PUT']];
        yield 'no method, diagnosed' => ['--method must be given, because the profile signs it.', ['diagnose', ...$all, '--profile', 'nextcloud', '-H', 'A: b']];
        yield 'two contracts' => ['Name the contract with either --profile or --profile-file.', ['sign', ...$all, '--profile', 'django', '--profile-file', 'DIR/key']];
        yield 'no such contract' => ['DIR/nothing cannot be read: No such file', ['sign', ...$all, '--profile-file', 'DIR/nothing']];
        yield 'a contract that is none' => ['DIR/key: the contract cannot be used: it is not JSON (line 1, byte 1).', ['sign', ...$all, '--profile-file', 'DIR/key']];
        yield 'key id for no header to hold' => ['--key-id must be 1 to 128', ['verify', ...$all, '-H', 'A: b', '--key-id', 'a,b']];
        yield 'key id for no header to hold, diagnosed' => ['--key-id must be 1 to 128', ['diagnose', ...$all, '-H', 'A: b', '--key-id', 'a,b']];
        yield 'nonce for no header' => ['--nonce must be left out, because', ['sign', ...$all, '--profile', 'django', '--nonce', 'x']];
        yield 'timestamp in words' => ['--timestamp must be a whole number', ['sign', ...$all, '--timestamp', 'today']];
        $seconds = '--tolerance must be a whole number of seconds, or any.';
        yield 'negative tolerance' => [$seconds, ['diagnose', ...$all, '-H', 'A: b', '--tolerance', '-5']];
        yield 'tolerance of minus one' => [$seconds, ['verify', ...$all, '-H', 'A: b', '--tolerance', '-1']];
        yield 'tolerance in words' => [$seconds, ['verify', ...$all, '-H', 'A: b', '--tolerance', 'much']];
        yield 'curl with target' => ['leave --target out', ['sign', ...$all, '--curl', 'http://a/', '--target', '/']];
        yield 'curl without a URL' => ['begins with http:// or https://', ['sign', ...$all, '--curl', '/path']];
        yield 'curl without a scheme' => ['begins with http:// or https://', ['sign', ...$all, '--curl', 'example.org']];
        yield 'curl from standard input' => ['the payload must be a file', ['sign', ...$key, '--curl', 'http://a/', '-']];
        yield 'header without colon' => ['header 2 is not of the form Name: value', ['verify', ...$all, '-H', 'A: b', '-H', 'x']];
        yield 'header with a line break' => ['header 1 has a line break inside', ['verify', ...$all, '-H', "A: b\nC: d"]];
        yield 'header with a carriage return' => ['header 1 has a line break inside', ['diagnose', ...$all, '-H', "A: b\r"]];
        yield 'everything from standard input' => ['cannot both come from standard input', ['verify', ...$key, '--request', '-', '-']];
    }

    /**
     * @dataProvider wrongUses
     *
     * @param list<string> $arguments
     */
    #[DataProvider('wrongUses')]
    public function testWrongUseIsExplained(string $sentence, array $arguments): void
    {
        $here = fn(string $text): string => str_replace('DIR', $this->directory, $text);
        $this->assertUsageError($here($sentence), $this->execute(array_map($here, $arguments), '', ['HW_BLANK' => " \n"]));
    }

    public function testAnEmptyVariableIsNotAMissingOne(): void
    {
        // proc_open() passes no empty variable on.
        $result = Php::run(['env', 'HW_EMPTY=', ...Php::command([self::TOOL, 'sign', '--key-env', 'HW_EMPTY', $this->body()])]);
        $this->assertUsageError('The environment variable HW_EMPTY is empty.', $result);
    }

    /** @return list<string> the commands that take a request, of those that there are */
    private static function receiving(): array
    {
        return Implementation::isLibrary() ? ['verify'] : ['verify', 'diagnose'];
    }

    /** @param array{int, string, string} $result */
    private function assertUsageError(string $sentence, array $result): void
    {
        [$exitCode, $output, $errors] = $result;
        self::assertStringContainsString($sentence, $errors);
        self::assertSame([2, ''], [$exitCode, $output]);
        self::assertMatchesRegularExpression('/^hw-signature: [^\n]+\.\n\z/', $errors);
    }

    public function testWithoutTheExtensionOneSentenceSaysWhatToDo(): void
    {
        $result = Php::run([PHP_BINARY, '-n', self::TOOL, 'diagnose']);

        $this->assertUsageError('PHP has not loaded the extension hw_signature: install it, or run php -d extension=', $result);
    }

    public function testWithoutTheExtensionTheLibrarySignsAndVerifies(): void
    {
        $key = "$this->directory/key";
        $tool = [PHP_BINARY, '-n', self::TOOL];
        $arguments = ['--key-file', $key, '--profile', 'django', $this->body()];
        $signed = Php::run([...$tool, 'sign', ...$arguments, '--timestamp', (string) time()]);
        $headers = array_merge(...array_map(static fn (string $line): array => ['--header', $line], explode("\n", trim($signed[1]))));

        self::assertSame([0, "valid\n", ''], Php::run([...$tool, 'verify', ...$arguments, ...$headers]));
        self::assertSame(0, Php::run([...$tool, 'profiles'])[0]);
    }

    public function testWithoutTheExtensionTheModuleIsNamedWhereItIs(): void
    {
        $copy = "$this->directory/tree";
        $module = "$copy/modules/hw_signature.so";
        array_map(mkdir(...), [$copy, "$copy/bin", "$copy/bin/lib", "$copy/modules"]);
        foreach (['hw-signature', ...array_map(fn(string $file): string => 'lib/' . basename($file), glob(dirname(self::TOOL) . '/lib/*'))] as $file) {
            copy(dirname(self::TOOL) . "/$file", "$copy/bin/$file");
        }
        try {
            $advice = fn(): string => Php::run([PHP_BINARY, '-n', "$copy/bin/hw-signature", 'diagnose'])[2];
            self::assertStringContainsString('php -d extension=/path/to/hw_signature.so ', $advice());
            touch($module);
            self::assertStringContainsString('php -d extension=' . realpath($module) . ' ', $advice());
        } finally {
            Php::run(['rm', '-r', $copy]);
        }
    }

    public function testTheVersionIsThatOfTheExtension(): void
    {
        foreach (['--version', '-v'] as $option) {
            self::assertSame([0, 'hw-signature ' . VERSION . "\n", ''], $this->execute([$option]));
        }
    }

    /** @return iterable<string, array{string, string}> */
    public static function bodies(): iterable
    {
        foreach (['CRLF' => "\r\n", 'LF' => "\n"] as $name => $lineEnd) {
            yield "$name, JSON" => [$lineEnd, self::BODY];
            yield "$name, NUL bytes and bytes that are not UTF-8" => [$lineEnd, "\0\xff\r\n\r\n\n\n\0"];
            yield "$name, no body" => [$lineEnd, ''];
        }
    }

    /** @dataProvider bodies */
    #[DataProvider('bodies')]
    public function testADumpIsReadToTheByte(string $lineEnd, string $body): void
    {
        $dump = ['--request', $this->dump($lineEnd, $body), '--now', '1700000000'];
        self::assertSame([0, "valid\n", ''], $this->tool('verify', ...$dump));
        foreach (self::receiving() as $command) {
            self::assertSame(0, $this->tool($command, ...$dump)[0]);
        }
        [$exitCode, $output] = $this->tool('verify', '--json', ...$dump, ...['-H', 'X-HW-TIMESTAMP: 1700000000000']);
        self::assertSame([1, 'repeated-header'], [$exitCode, json_decode($output, true)['reason']]);
    }

    public function testMethodAndTargetComeFromTheDump(): void
    {
        $headers = hw_sign('x', self::KEY, 'nextcloud', 'PUT', '/a%20b?z=1&a=2', 'client-1');
        $lines = array_map(static fn(string $name): string => "$name: $headers[$name]", array_keys($headers));
        $dump = $this->file('dump.http', "PUT /a%20b?z=1&a=2 HTTP/1.1\n" . implode("\n", $lines) . "\n\nx");
        $verify = ['--profile', 'nextcloud', '--request', $dump];
        self::assertSame(0, $this->tool('verify', ...$verify)[0]);
        self::assertSame(1, $this->tool('verify', ...$verify, ...['--method', 'POST'])[0]);
        self::assertSame(1, $this->tool('verify', ...$verify, ...['--target', '/'])[0]);
    }

    public function testARepeatedHeaderIsRejected(): void
    {
        $dump = $this->dump("\n", self::BODY, 'x-hw-signature: timestamp=1;nonce=:;value=x');
        [$exitCode, $output] = $this->tool('verify', '--json', '--request', $dump, '--now', '1700000000');
        self::assertSame([1, 'repeated-header'], [$exitCode, json_decode($output, true)['reason']]);
    }

    public function testWhatIsNoRequestIsRefused(): void
    {
        $folded = $this->dump("\r\n", self::BODY, 'X-Long: begins', ' and goes on');
        $this->assertUsageError('line 4 begins with white space', $this->tool('verify', '--request', $folded));
        $wordsOnly = $this->file('dump.http', "Hello, world\n\n");
        $this->assertUsageError('line 1 is not of the form Name: value, and not a request line such as', $this->tool('verify', '--request', $wordsOnly));
        $empty = $this->file('dump.http', '');
        $this->assertUsageError('This is no request: it is empty.', $this->tool('verify', '--request', $empty));
        $this->assertUsageError('There are no headers: give each with -H', $this->tool('verify', $this->body()));
    }

    public function testAPayloadGoesBeforeTheBodyOfTheRequest(): void
    {
        $headers = hw_sign('the callback user', self::KEY, 'huawei-receipt', timestamp: 1_700_000_000_000);
        $dump = $this->file('dump.http', "POST / HTTP/1.1\nContent-Length: 2\nX-HUAWEI-CALLBACK-ID: {$headers['X-HUAWEI-CALLBACK-ID']}\n\n{}");
        $name = $this->file('name', 'the callback user');
        $result = $this->tool('verify', '--profile', 'huawei-receipt', '--now', '1700000000', '--request', $dump, $name);
        self::assertSame([0, "valid\n", "hw-signature: note: The payload is $name; the body of the request is not looked at.\n"], $result);
    }

    private const CONTRACT = [
        '$schema' => 'contract.schema.json',
        'contract_version' => 1,
        'name' => 'ours',
        'title' => 'Ours',
        'source' => 'our wiki',
        'string_to_sign' => "{method}\n{path}\n{timestamp}\n{payload}",
        'headers' => ['X-Time' => '{timestamp}', 'X-Sign' => 'v1={signature}'],
        'encoding' => 'hex',
        'timestamp_format' => 'seconds',
        'tolerance' => 60,
        'nonce' => null,
        'methods_without_payload' => ['GET'],
        'ambiguous' => false,
        'canonical_request' => null,
        'signed_headers' => [],
        'rules' => [],
        'vectors' => [],
    ];

    public function testAContractOfAFile(): void
    {
        $contract = ['--profile-file', $this->file('contract.json', json_encode(self::CONTRACT))];
        $request = ['--method', 'PUT', '--target', '/a?b', $this->body()];
        [$exitCode, $headers, $errors] = $this->tool('sign', ...$contract, ...['--timestamp', '1700000000'], ...$request);
        $signature = hash_hmac('sha256', "PUT\n/a\n1700000000\n" . self::BODY, self::KEY);
        self::assertSame([0, "X-Time: 1700000000\nX-Sign: v1=$signature\n", ''], [$exitCode, $headers, $errors]);

        $dump = fn(string $headers): array => [...$contract, '--now', '1700000000', '--request', $this->file('signed', $headers), ...$request];
        self::assertSame([0, "valid\n", ''], $this->tool('verify', ...$dump($headers)));
        self::assertStringStartsWith("hw_signature: the request is valid\n", $this->tool('diagnose', ...$dump($headers))[1]);
        [$exitCode, $report] = $this->tool('diagnose', ...$dump(strtr($headers, [$signature => base64_encode(hex2bin($signature))])));
        self::assertSame(1, $exitCode);
        self::assertStringContainsString('1. digest-is-base64', $report);
        self::assertStringContainsString("  profile         ours\n", $report);
        self::assertStringContainsString('string to sign  PUT\n/a\n1700000000\n{payload}', $report);
        self::assertSame(0, $this->tool('sign', ...$contract, ...['--method', 'GET', '--target', '/'])[0]);
    }

    /** @return iterable<string, array{string, array<string, mixed>}> */
    public static function wrongContracts(): iterable
    {
        yield 'an unknown field' => ['the contract cannot be used: the field "tollerance" is unknown', ['tollerance' => 5]];
        yield 'no name' => ['the contract cannot be used: name is missing', ['name' => null]];
        yield 'a field that the language does not have' => ['the contract cannot be used: string_to_sign has an unknown field "{payloa}"', ['string_to_sign' => '{payloa}']];
        yield 'a header too few' => ['the contract cannot be used: headers ', ['headers' => ['X-Sign' => '{signature}']]];
    }

    /**
     * @dataProvider wrongContracts
     *
     * @param array<string, mixed> $fields
     */
    #[DataProvider('wrongContracts')]
    public function testAContractThatCannotBeUsedIsRefused(string $sentence, array $fields): void
    {
        $file = $this->file('contract.json', json_encode($fields + self::CONTRACT));
        $this->assertUsageError("$file: $sentence", $this->tool('verify', '--profile-file', $file, '-H', 'A: b', $this->body()));
    }

    public function testWhatOtherToolsCallTheSame(): void
    {
        self::assertSame($this->execute(['profiles']), $this->execute(['list']));
        self::assertSame($this->execute(['sign', '--help']), $this->execute(['help', 'sign']));
        self::assertSame($this->execute(['profiles', '-h']), $this->execute(['help', 'list']));
        self::assertSame($this->execute(['--version']), $this->execute(['version']));
        $sign = fn(string ...$arguments): array => $this->tool('sign', '--profile', 'nextcloud', '--key-id', 'c', '--nonce', 'nonce-1234', '--timestamp', '5', ...$arguments);
        $expected = $sign('--method', 'PUT', '--target', 'http://h/a', '--payload', $this->body());
        self::assertSame(0, $expected[0]);
        foreach (['--body', '--data', '-d'] as $option) {
            self::assertSame($expected, $sign('-X', 'PUT', '--url', 'http://h/a', $option, $this->body()));
        }
    }

    /** @return iterable<string, array{string, string, list<string>}> */
    public static function manyBytes(): iterable
    {
        yield '300,000 line breaks before it' => [str_repeat("\n", 300_000), '', []];
        yield '300,000 CR LF before it' => [str_repeat("\r\n", 300_000), '', []];
        yield '300,000 line breaks in the body' => ['', '', [str_repeat("\n", 300_000)]];
        yield '60,000 spaces in a value' => ['', 'X-Long: a' . str_repeat(' ', 60_000) . 'b', []];
        yield '60,000 spaces around a value' => ['', 'X-Long:' . str_repeat(' ', 60_000) . 'b' . str_repeat("\t", 60_000), []];
        yield '300,000 headers' => ['', rtrim(str_repeat("X-A: b\r\n", 300_000)), []];
    }

    /**
     * @group bulk
     *
     * @dataProvider manyBytes
     *
     * @param list<string> $body
     */
    #[Group('bulk')]
    #[DataProvider('manyBytes')]
    public function testManyBytesAreReadAsFewAre(string $before, string $header, array $body): void
    {
        $dump = $before . file_get_contents($this->dump("\r\n", $body[0] ?? self::BODY, ...($header === '' ? [] : [$header])));
        foreach (self::receiving() as $command) {
            [$exitCode, $output, $errors] = $this->tool($command, '--request', $this->file('dump.http', $dump), '--now', '1700000000');
            self::assertSame([0, ''], [$exitCode, $errors]);
            self::assertStringContainsString('valid', $output);
        }
        // Nor do PCRE's limits matter.
        $php = Php::command(['-d', 'pcre.jit=0', '-d', 'pcre.backtrack_limit=1', '-d', 'pcre.recursion_limit=1', self::TOOL]);
        $verify = ['verify', '--key-file', "$this->directory/key", '--request', "$this->directory/dump.http", '--now', '1700000000'];
        self::assertSame([0, "valid\n", ''], Php::run([...$php, ...$verify]));
        foreach (self::receiving() as $command) {
            $verify[0] = $command;
            self::assertSame([0, ''], array_values(array_diff_key(Php::run([...$php, ...$verify]), [1 => 0])));
        }
    }

    /** Whatever is a word of the report may be the key. */
    public function testAShortKeyDoesNotGarbleTheReport(): void
    {
        $headers = ['X-HMAC-Timestamp: 1700000000', 'X-HMAC-Signature: ' . str_repeat('ab', 32)];
        $body = $this->file('body.json', '{"a":"signature of the key"}');
        $report = fn(string $key): string => Php::run(Php::command([self::TOOL, 'diagnose', '--profile', 'django', '--tolerance', 'any',
            '-H', $headers[0], '-H', $headers[1], '--key-file', $this->file('short', $key), $body]))[1];
        $aboutTheRequest = static fn(string $text): string => explode("\n  key  ", $text)[0];
        $expected = $aboutTheRequest($report(self::KEY));
        self::assertStringContainsString('string to sign  1700000000.{payload}', $expected);
        foreach (['a', '1', '.', 'key', 'e', 'SHA-256', 'django', ' ', '"'] as $key) {
            self::assertSame($expected, $aboutTheRequest($report($key)), $key);
        }
    }

    public function testEmptyLinesBeforeTheRequestDoNotCount(): void
    {
        foreach (["\n", "\r\n", "\r\n\n"] as $empty) {
            $dump = $empty . file_get_contents($this->dump());
            foreach (self::receiving() as $command) {
                self::assertSame(0, $this->tool($command, '--request', $this->file('dump.http', $dump), '--now', '1700000000')[0]);
            }
        }
        $broken = $this->file('dump.http', "\n\nPOST / HTTP/1.1\nbroken\n\n");
        $this->assertUsageError('line 4 is not of the form Name: value', $this->tool('verify', '--request', $broken));
    }

    /** @return iterable<string, array{string}> */
    public static function aroundATrace(): iterable
    {
        $notes = "Note: Unnecessary use of -X or --request, POST is already inferred.\n";
        $meter = "  % Total    % Received\n                 Dload  Upload\n\r  0     0 --:--:-- 0*   Trying 127.0.0.1:80...\n";
        yield 'nothing' => [''];
        yield 'an empty line' => ["\n"];
        yield 'what curl says' => ["*   Trying 127.0.0.1:80...\n* Connected to 127.0.0.1\n"];
        yield 'TLS' => ["* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n} [512 bytes data]\n"];
        yield 'all of it' => ["\n\n$notes$meter"];
    }

    /** @dataProvider aroundATrace */
    #[DataProvider('aroundATrace')]
    public function testWhatCurlPrintsIsADump(string $before): void
    {
        $lines = explode("\r\n", rtrim(file_get_contents($this->dump(body: '')), "\r\n"));
        $sent = implode('', array_map(static fn(string $line): string => "> $line\r\n", [...$lines, 'Content-Length: 0', '']));
        $answer = "} [30 bytes data]\n< HTTP/1.1 200 OK\r\n< Content-Length: 24\r\n<\r\n\n{\"errno\":0}";
        $trace = $this->file('trace', $before . $sent . $answer);
        $now = ['--now', '1700000000'];
        foreach (self::receiving() as $command) {
            self::assertSame([0, ''], array_values(array_diff_key($this->tool($command, '--request', $trace, ...$now), [1 => 0])));
        }

        $trace = $this->file('trace', str_replace('Content-Length: 0', 'Content-Length: 9', $before . $sent));
        $this->assertUsageError('The request had a body, and curl shows no body with -v, nor with CURLOPT_VERBOSE: name the file', $this->tool('verify', '--request', $trace, ...$now));
        $twice = $this->file('trace', "$before$sent$answer\n$sent");
        $this->assertUsageError('curl sent more than one request', $this->tool('verify', '--request', $twice));
    }

    /** @return iterable<string, array{string, bool, bool}> */
    public static function dumps(): iterable
    {
        return Dumps::all();
    }

    /** @dataProvider dumps */
    #[DataProvider('dumps')]
    public function testEverySpellingOfARequestVerifies(string $name, bool $hasBody, bool $hasTarget): void
    {
        $file = __DIR__ . "/dumps/$name";
        $body = $hasBody ? [] : [$this->file('dumped.json', Dumps::BODY)];
        $options = ['--profile', 'nextcloud', '--now', (string) Dumps::NOW, ...$hasTarget ? [] : ['-X', 'POST', '--target', Dumps::TARGET]];
        self::assertSame([0, "valid\n"], array_slice($this->tool('verify', ...$options, ...['--request', $file], ...$body), 0, 2));
        if (!$hasBody) {
            $this->assertUsageError('The request had a body, and ', $this->tool('verify', ...$options, ...['--request', $file]));
        }
    }

    public function testATraceInsideABodyIsABody(): void
    {
        $dump = $this->dump("\n", "> POST / HTTP/1.1\n> A: b\n");
        self::assertSame([0, "valid\n", ''], $this->tool('verify', '--request', $dump, '--now', '1700000000'));
    }

    public function testABodyOfAnotherLengthThanDeclaredIsPointedOut(): void
    {
        $dump = $this->dump("\n", self::BODY, 'Content-Length: 31');
        [$exitCode, $output, $errors] = $this->tool('verify', '--request', $dump, '--now', '1700000000');
        self::assertSame([0, "valid\n"], [$exitCode, $output]);
        self::assertSame("hw-signature: warning: Content-Length says 31 bytes, and the payload has 30.\n", $errors);
    }

    public function testToleranceAndClock(): void
    {
        $dump = ['--request', $this->dump()];
        [$exitCode, $output] = $this->tool('verify', '--json', ...$dump);
        self::assertSame([1, 'stale'], [$exitCode, json_decode($output, true)['reason']]);
        self::assertSame(0, $this->tool('verify', '--tolerance', 'any', ...$dump)[0]);
        foreach (self::receiving() as $command) {
            self::assertSame(0, $this->tool($command, '--tolerance=any', ...$dump)[0]);
        }
        self::assertSame(0, $this->tool('verify', '--now=1700000300', ...$dump)[0]);
        self::assertSame(1, $this->tool('verify', '--now=1700000300', '--tolerance=299', ...$dump)[0]);
    }

    public function testVerifyAsJson(): void
    {
        [, $output] = $this->tool('verify', '--json', '--request', $this->dump(), '--now', '1700000000');
        self::assertSame(['valid' => true, 'timestamp' => 1_700_000_000_000, 'nonce' => ':', 'keyId' => null], json_decode($output, true));
    }

    public function testDiagnoseSaysWhatIsWrong(): void
    {
        $value = base64_encode(hash_hmac('sha256', '1700000000000:' . self::BODY, self::KEY));
        $request = ['-H', "X-HW-SIGNATURE: timestamp=1700000000000; nonce=:; value=$value", '--now', '1700000000', $this->body()];
        $expected = hw_diagnose(['X-HW-SIGNATURE' => substr($request[1], 16)], self::BODY, self::KEY, now: 1_700_000_000);

        self::assertSame([1, (string) $expected, ''], $this->tool('diagnose', ...$request));
        self::assertStringContainsString('1. digest-is-base64-of-hex', (string) $expected);

        [$exitCode, $json] = $this->tool('diagnose', '--json', ...$request);
        self::assertSame(1, $exitCode);
        self::assertSame(json_decode(json_encode($expected), true), json_decode($json, true));

        [$exitCode, $output] = $this->tool('diagnose', '--request', $this->dump(), '--now', '1700000000');
        self::assertSame(0, $exitCode);
        self::assertStringStartsWith("hw_signature: the request is valid\n", $output);
    }

    public function testDiagnoseTakesAKeyId(): void
    {
        $request = function (string ...$arguments): array {
            $options = ['--profile', 'nextcloud', '--method', 'POST', '--target', '/', '--key-id', 'client-1', ...$arguments];
            return [...$options, '--request', "$this->directory/signed", $this->body()];
        };
        $this->file('signed', $this->tool('sign', '--profile', 'nextcloud', '--method', 'POST', '--target', '/', '--key-id', 'client-1', $this->body())[1]);
        self::assertSame(0, $this->tool('diagnose', ...$request())[0]);
        // Without an id, the key is that of any sender.
        self::assertSame(0, $this->tool('diagnose', ...array_diff($request(), ['--key-id', 'client-1']))[0]);

        foreach ([[], ['--timestamp', '1700000000']] as $time) {
            $this->file('signed', $this->tool('sign', '--profile', 'nextcloud', '--method', 'POST', '--target', '/', '--key-id', 'client-2', ...$time, ...[$this->body()])[1]);
            [$exitCode, $output, $errors] = $this->tool('diagnose', ...$request());
            self::assertSame([1, ''], [$exitCode, $errors]);
            self::assertStringContainsString(" 1. key-id-unknown\n", $output);
            self::assertStringContainsString("id client-1\n", $output);
            [$exitCode, $json] = $this->tool('diagnose', '--json', ...$request());
            $causes = array_column(json_decode($json, true)['findings'], 'cause');
            self::assertSame([1, ['key-id-unknown', ...$time === [] ? [] : ['timestamp-stale']]], [$exitCode, $causes]);
        }
        // A profile that sends no key id: verify takes any, and so does diagnose.
        self::assertSame(0, $this->tool('diagnose', '--key-id', 'x', '--request', $this->dump(), '--now', '1700000000')[0]);
    }

    public function testARequestCannotWriteToTheTerminal(): void
    {
        $hostile = ['-H', "X-HW-SIGNATURE: timestamp=1\e[2J; nonce=\x9b31m; value=\u{202e}", '-H', "X-HW-TIMESTAMP: \e]0;x\x07"];
        foreach (self::receiving() as $command) {
            [$exitCode, $output, $errors] = $this->tool($command, ...$hostile, ...['--target', "/\e", $this->body()]);
            self::assertSame([1, ''], [$exitCode, $errors]);
            self::assertMatchesRegularExpression('/^[\n -~…≠±]+$/u', $output);
        }
    }

    public function testProfilesAreListed(): void
    {
        [$exitCode, $output] = $this->execute(['profiles']);
        self::assertSame(0, $exitCode);
        [$exitCode, $json] = $this->execute(['profiles', '--json']);
        self::assertSame(0, $exitCode);
        $rows = array_map(static fn(string $name): array => Profile::named($name)->describe(), Profile::names());
        self::assertSame(json_decode(json_encode($rows), true), json_decode($json, true));
        foreach ($rows as $row) {
            foreach ([$row['name'], str_replace("\n", '\n', $row['stringToSign']), ...array_keys($row['headers']), ...$row['headers']] as $text) {
                self::assertStringContainsString($text, $output);
            }
        }
    }

    public function testHelpFitsAScreen(): void
    {
        foreach ([['--help'], ['-h'], ['help'], [], ['sign', '--help'], ['verify', '--help'], ['diagnose', '-h'], ['profiles', '--help']] as $arguments) {
            [$exitCode, $output] = Php::run([PHP_BINARY, '-n', self::TOOL, ...$arguments]);
            self::assertSame(0, $exitCode);
            $lines = explode("\n", rtrim($output));
            self::assertLessThanOrEqual(23, count($lines), 'one line is left for the prompt');
            self::assertLessThanOrEqual(80, max(array_map(static fn(string $line): int => preg_match_all('/./u', $line), $lines)));
            self::assertStringStartsWith('hw-signature ' . (preg_grep('/^-|help/', array_slice($arguments, 0, 1)) || $arguments === [] ? 'COMMAND' : $arguments[0]), $output);
        }
    }

    public function testHelpListsTheOptionsOfTheCommand(): void
    {
        foreach (['sign' => 'curl', 'verify' => 'tolerance', 'diagnose' => 'request', 'profiles' => 'json'] as $command => $option) {
            $help = Php::run([PHP_BINARY, '-n', self::TOOL, $command, '--help'])[1];
            self::assertStringContainsString("  --$option ", $help);
            self::assertSame($command === 'sign', str_contains($help, '--curl'));
        }
    }

    public function testColourOnlyOnATerminal(): void
    {
        $verify = ['verify', '--key-file', "$this->directory/key", '--tolerance', 'any', '--request', $this->dump()];
        self::assertSame("valid\n", $this->execute($verify)[1]);
        if (!is_executable('/usr/bin/script')) {
            self::markTestSkipped('There is no terminal to test on: install bsdutils.');
        }
        $command = implode(' ', array_map('escapeshellarg', Php::command([self::TOOL, ...$verify])));
        $onATerminal = ['script', '-qec', $command, '/dev/null'];
        $environment = ['TERM' => 'xterm', 'SHELL' => '/bin/sh'];
        self::assertStringContainsString("\e[1;32mvalid\e[0m", Php::run($onATerminal, '', $environment)[1]);
        self::assertStringNotContainsString("\e", Php::run($onATerminal, '', ['NO_COLOR' => '1'] + $environment)[1]);
        self::assertStringNotContainsString("\e", Php::run($onATerminal, '', ['TERM' => 'dumb'] + $environment)[1]);
    }

    /** @return iterable<string, array{string, string, string}> */
    public static function curlRequests(): iterable
    {
        yield 'plain' => ['POST', '', 'django'];
        yield 'what a shell would read' => ['POST', "it's/\$HOME`id`?a=\"b\"&c=;d", 'django'];
        yield 'what curl would read' => ['PUT', 'a/../[1-3]/{b,c}?x[]=1&y=@', 'nextcloud'];
        yield 'without a payload' => ['GET', 'list?b=2&a=1', 'nextcloud'];
    }

    /** @dataProvider curlRequests */
    #[DataProvider('curlRequests')]
    public function testTheCurlCommandRuns(string $method, string $path, string $profile): void
    {
        if (Php::run(['curl', '--version'])[0] !== 0) {
            self::markTestSkipped('There is no curl: install curl.');
        }
        $server = new Server($this->file('receiver.php', self::RECEIVER));
        try {
            $payload = $method === 'GET' ? [] : [$this->file("it's \$HOME \xe9.json", self::BODY)];
            $options = ['--profile', $profile, '--method', $method, ...($profile === 'django' ? [] : ['--key-id', "o'hara"])];
            [$exitCode, $command, $errors] = $this->tool('sign', ...$options, ...$payload, ...['--curl', $server->url() . $path]);
            self::assertSame([0, ''], [$exitCode, $errors]);

            $run = static fn(string $command): array => Php::run(['bash', '-c', str_replace('curl ', "curl -s --noproxy '*' -H 'X-Profile: $profile' ", $command)]);
            self::assertSame([0, "genuine $method /$path", ''], $run($command));
            self::assertSame([0, "forged $method /$path", ''], $run(preg_replace('/Signature: .{8}|SIGNATURE: .{8}/', '$0AAAA', $command)));
            self::assertSame('', $server->errors());
        } finally {
            $server->stop();
        }
    }
}
