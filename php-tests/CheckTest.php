<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\ContractVectors;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** `hw-signature check`, against receivers with one mistake each. */
final class CheckTest extends TestCase
{
    private const TOOL = __DIR__ . '/../bin/hw-signature';
    /** PHP has taken it apart before any of the receivers is called. */
    private const FORM = 'payload moved into a form';

    private static string $directory;
    private static ?Server $receivers = null;

    public static function setUpBeforeClass(): void
    {
        self::$directory = sys_get_temp_dir() . '/hw_signature-check-' . bin2hex(random_bytes(6));
        mkdir(self::$directory);
        file_put_contents(self::$directory . '/key', 'test-shared-secret');
        self::$receivers = new Server(__DIR__ . '/support/wrong_receiver.php', ['WRONG_RECEIVER_MEMORY' => self::$directory . '/memory']);
    }

    public static function tearDownAfterClass(): void
    {
        self::$receivers->stop();
        array_map('unlink', glob(self::$directory . '/*'));
        rmdir(self::$directory);
    }

    /** @return array<string, array{string, string, list<string>}> contract, receiver, what it accepts besides forms */
    public static function receivers(): array
    {
        return [
            'without a mistake' => ['django', 'hasNoMistake', []],
            // What makes == wrong is no text, and HTTP has texts only.
            'comparing with ==' => ['django', 'comparesWithEqualSigns', []],
            'ignoring the time' => ['django', 'ignoresTheTime', ['stale', 'from the future']],
            'reading the wrong body' => ['django', 'readsTheWrongBody', ['payload extended', 'payload written otherwise']],
            'trusting a missing header' => ['django', 'trustsAMissingHeader', ['X-HMAC-Signature missing', 'not signed']],
            'going on after an exception' => ['huawei-push', 'skipsOnException', [
                'timestamp spelled "+…"', 'timestamp spelled "….0"', 'timestamp spelled "…x"', 'X-HW-SIGNATURE missing', 'X-HW-SIGNATURE empty',
                'X-HW-SIGNATURE twice', 'X-HW-SIGNATURE twice, forged first', 'X-HW-SIGNATURE twice, forged last', 'not signed',
                'signature of half its length', 'signature without its last character', 'signature with a character more',
                'signature in another encoding', 'signature with a character that is no base64', 'signature with spare bits set',
            ]],
            'without a memory' => ['django', 'hasNoReplayCheck', ['replayed']],
            'decoding leniently' => ['nextcloud', 'decodesLeniently', [
                'another method asked for', 'a parameter more', 'signature without its last character', 'signature with a character that is no base64',
                'signature with spare bits set',
            ]],
        ];
    }

    /**
     * @dataProvider receivers
     *
     * @param list<string> $accepted
     */
    #[DataProvider('receivers')]
    public function testWhatAWrongReceiverAcceptsIsNamed(string $contract, string $receiver, array $accepted): void
    {
        Server::needsRepeatedHeaders();
        $url = self::$receivers->url() . "$contract/$receiver/";
        [$code, $output, $errors] = self::check($contract, '--url', $url, '--except', self::FORM);
        self::assertSame('', $errors);
        preg_match_all('/^(.+?) {2,}200  wrong: ./m', $output, $lines);
        self::assertSame($accepted, array_map(rtrim(...), $lines[1]), $output);
        self::assertSame($accepted === [] ? 0 : 1, $code);
        self::assertMatchesRegularExpression('/^the good request +200  right$/m', $output);
        $count = count($accepted) . (count($accepted) === 1 ? ' wrong answer' : ' wrong answers');
        self::assertMatchesRegularExpression("/^\\d+ requests, $count$/m", $output);

        [$code, $json] = self::check($contract, '--url', $url, '--except', self::FORM, '--json');
        $bad = array_filter(json_decode($json, true), static fn (array $result): bool => !$result['good']);
        self::assertSame($accepted, array_column($bad, 'name'));
        self::assertSame($accepted === [] ? 0 : 1, $code);
    }

    public function testAReceiverThatIsTooStrictIsNamed(): void
    {
        Server::needsRepeatedHeaders();
        $strict = new Server($this->script(<<<'PHP'
            $header = $_SERVER['HTTP_X_HW_SIGNATURE'] ?? '';
            $valid = hw_verify($_SERVER, file_get_contents('php://input'), 'test-shared-secret') && preg_match('/^timestamp=\d+; nonce=/', $header) === 1;
            http_response_code($valid ? 200 : 401);
            PHP));
        try {
            [$code, $output] = self::check('huawei-push', '--url', $strict->url(), '--except', self::FORM, '--except', 'replayed');
            self::assertSame(1, $code);
            preg_match_all('/^(.+?) {2,}\d+  wrong: it must be accepted: ./m', $output, $lines);
            $refused = ['list-in-another-order', 'list-without-spaces', 'list-with-spaces', 'list-names-in-upper-case', 'list-with-another-part'];
            self::assertSame(array_map(static fn (string $id): string => "good: $id", $refused), $lines[1], $output);
            self::assertStringContainsString(' requests, 5 wrong answers', $output);
            self::assertMatchesRegularExpression('/^good: header-names-in-upper-case +200  right$/m', $output);
        } finally {
            $strict->stop();
        }
    }

    /** @return array<string, array{string}> */
    public static function contracts(): array
    {
        $names = array_keys(ContractVectors::files());
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    /** @dataProvider contracts */
    #[DataProvider('contracts')]
    public function testARightReceiverIsRightUnderEveryContract(string $contract): void
    {
        Server::needsRepeatedHeaders();
        $memory = self::$directory . "/memory-of-$contract";
        mkdir($memory);
        $receiver = new Server(__DIR__ . '/support/right_receiver.php', ['RIGHT_RECEIVER_MEMORY' => $memory]);
        try {
            [$code, $output, $errors] = self::check($contract, '--url', $receiver->url() . "$contract/");
            self::assertSame([0, ''], [$code, $errors], $output);
            self::assertMatchesRegularExpression('/^good: header-names-in-upper-case +200  right$/m', $output);
            self::assertMatchesRegularExpression('/^replayed +401  right$/m', $output);
            self::assertSame('', $receiver->errors());
        } finally {
            $receiver->stop();
            array_map('unlink', glob("$memory/*"));
            rmdir($memory);
        }
    }

    public function testAFormIsSentAsABrowserSendsIt(): void
    {
        [$code, $output] = self::check('django', '--url', self::$receivers->url() . 'django/verifiesAnEmptyBodyAndUsesTheForm/');
        self::assertSame(1, $code);
        self::assertMatchesRegularExpression('/^' . self::FORM . ' +200  wrong: PHP takes multipart/m', $output);
    }

    public function testAReceiverThatRefusesEverythingIsNotCalledRight(): void
    {
        $url = self::$receivers->url() . 'django/hasNoMistake/';
        file_put_contents(self::$directory . '/other', 'another secret');
        [$code, $output] = self::check('django', '--url', $url, '--key-file', self::$directory . '/other');
        self::assertSame(1, $code);
        self::assertSame("the good request  401  wrong: it must be accepted: the others say nothing\n\n1 request, 1 wrong answer\n", $output);
    }

    public function testNoOtherAddressIsCalled(): void
    {
        $log = self::$directory . '/called';
        $elsewhere = new Server($this->script("file_put_contents('$log', 'called');"));
        $redirecting = new Server($this->script("header('Location: {$elsewhere->url()}', true, 307);", 'redirecting.php'));
        try {
            [$code, $output] = self::check('django', '--url', $redirecting->url());
            self::assertSame(1, $code);
            self::assertStringContainsString('the good request  307  wrong: it must be accepted', $output);
            self::assertFileDoesNotExist($log);
        } finally {
            $elsewhere->stop();
            $redirecting->stop();
        }
    }

    public function testWhatDoesNotAnswerIsSaidPlainly(): void
    {
        $closed = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($closed, false);
        fclose($closed);
        [$code, $output, $errors] = self::check('django', '--url', "http://$address/");
        self::assertSame([2, '', "hw-signature: Nothing answers at $address: Connection refused.\n"], [$code, $output, $errors]);
    }

    /** @return iterable<string, array{string, list<string>}> */
    public static function wrongUses(): iterable
    {
        yield 'no contract' => ['Name the file of the contract.', ['--url', 'http://127.0.0.1/']];
        yield 'no URL' => ['Say where the receiver is, with --url URL.', ['CONTRACT']];
        yield 'no header' => ['The request cannot be read: header 1 is not of the form Name: value.', ['CONTRACT', '--url', 'http://127.0.0.1/', '-H', 'x']];
        yield 'no key' => ['The environment variable HW_SIGNATURE_NOT_SET is not set.', ['CONTRACT', '--url', 'http://127.0.0.1/', '--key-env', 'HW_SIGNATURE_NOT_SET']];
        foreach (['127.0.0.1', 'ftp://127.0.0.1/', 'http://user@127.0.0.1/', 'http://127.0.0.1/#a', "http://127.0.0.1/ a", 'http://'] as $url) {
            yield "not a URL: $url" => ['--url must be a URL such as http://127.0.0.1:8000/webhook.', ['CONTRACT', '--url', $url]];
        }
    }

    /**
     * @dataProvider wrongUses
     *
     * @param list<string> $arguments
     */
    #[DataProvider('wrongUses')]
    public function testWrongUseIsExplained(string $message, array $arguments): void
    {
        $contract = self::contract('django');
        $arguments = array_map(static fn (string $argument): string => $argument === 'CONTRACT' ? $contract : $argument, $arguments);
        $key = in_array('--key-env', $arguments, true) ? [] : ['--key-file', self::$directory . '/key'];
        [$code, $output, $errors] = Php::run(Php::command([self::TOOL, 'check', ...$key, ...$arguments]));
        self::assertSame([2, ''], [$code, $output]);
        self::assertStringContainsString($message, $errors);
    }

    public function testAForgeryThatThereIsNot(): void
    {
        [$code, , $errors] = self::check('django', '--url', self::$receivers->url() . 'django/hasNoMistake/', '--except', 'repayed');
        self::assertSame([2, "hw-signature: --except names no forgery of this contract: repayed.\n"], [$code, $errors]);
    }

    private function script(string $code, string $name = 'elsewhere.php'): string
    {
        file_put_contents(self::$directory . "/$name", "<?php $code");
        return self::$directory . "/$name";
    }

    private static function contract(string $name): string
    {
        return dirname(__DIR__) . "/contracts/$name.json";
    }

    /** @return array{int, string, string} exit code, output, error output */
    private static function check(string $contract, string ...$arguments): array
    {
        @unlink(self::$directory . '/memory');
        $key = in_array('--key-file', $arguments, true) ? [] : ['--key-file', self::$directory . '/key'];
        return Php::run(Php::command([self::TOOL, 'check', self::contract($contract), '--key-id', 'client-7', ...$key, ...$arguments]));
    }
}
