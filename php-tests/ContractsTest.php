<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Profile;
use HwSignature\Tests\Support\ContractVectors;
use HwSignature\TimestampFormat;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use ValueError;

/** Contracts as files: what is written and read, and the vectors that the other side runs too. */
final class ContractsTest extends TestCase
{
    private const CONTRACTS = __DIR__ . '/../contracts';
    private const LEAST = [
        'contract_version' => 1, 'name' => 'ours', 'string_to_sign' => '{payload}', 'headers' => ['X-S' => '{signature}'], 'encoding' => 'hex',
    ];
    /** Debian's, which has the validator that make deps installs. */
    private const PYTHON = '/usr/bin/python3';

    public function testEveryBuiltInProfileHasItsFile(): void
    {
        $names = Profile::names();
        sort($names, SORT_STRING);
        self::assertSame($names, array_keys(ContractVectors::files()));
    }

    public function testTheFilesAreWhatTheGeneratorWrites(): void
    {
        if (shell_exec('command -v python3') === null) {
            self::markTestSkipped('There is no python3: make deps installs it.');
        }
        exec(escapeshellarg(self::CONTRACTS . '/generate.py') . ' --check 2>&1', $output, $code);
        self::assertSame([0, []], [$code, $output]);
    }

    /** @return array<string, array{string}> */
    public static function files(): array
    {
        return array_map(static fn (string $path): array => [$path], ContractVectors::files());
    }

    /** @dataProvider files */
    #[DataProvider('files')]
    public function testTheVectors(string $path): void
    {
        $contract = ContractVectors::read($path);
        $profile = Profile::fromContract(file_get_contents($path));
        $expected = $found = [];
        foreach ($contract['vectors'] as $vector) {
            $expected[$vector['id']] = $vector['result'];
            $found[$vector['id']] = ContractVectors::result($profile, $vector);
        }
        self::assertSame($expected, $found);
        self::assertCount(count($contract['vectors']), $expected, 'An id stands twice.');
        $valid = count(array_keys($expected, 'valid', true));
        self::assertGreaterThanOrEqual(12, $valid);
        self::assertGreaterThanOrEqual(20, count($expected) - $valid);
    }

    /** Contracts that are not built in, for what no built-in one has. */
    public function testTheVectorsOfTheWholeLanguage(): void
    {
        if (shell_exec('command -v python3') === null) {
            self::markTestSkipped('There is no python3: make deps installs it.');
        }
        $file = (string) tempnam(sys_get_temp_dir(), 'hw_signature-');
        foreach (json_decode((string) file_get_contents(__DIR__ . '/../tests/contracts.json'), true) as $row) {
            $profile = Profile::fromContract(json_encode($row));
            file_put_contents($file, $profile->toContract());
            $contract = shell_exec('python3 ' . escapeshellarg(self::CONTRACTS . '/generate.py') . ' ' . escapeshellarg($file));
            $expected = $found = [];
            foreach (json_decode((string) $contract, true)['vectors'] as $vector) {
                $expected[$vector['id']] = $vector['result'];
                $found[$vector['id']] = ContractVectors::result($profile, $vector);
            }
            self::assertSame($expected, $found, $row['name']);
        }
        unlink($file);
    }

    /** @dataProvider files */
    #[DataProvider('files')]
    public function testTheStringToSignIsWhatWasSigned(string $path): void
    {
        $contract = ContractVectors::read($path);
        foreach ($contract['vectors'] as $vector) {
            if ($vector['result'] !== 'valid') {
                continue;
            }
            $digest = hash_hmac('sha256', base64_decode($vector['string_to_sign_base64'], true), base64_decode($vector['key_base64'], true), true);
            $headers = implode("\n", array_column($vector['headers'], 1));
            $text = match ($contract['encoding']) {
                'hex' => bin2hex($digest),
                'base64' => base64_encode($digest),
                'base64-url' => rtrim(strtr(base64_encode($digest), '+/', '-_'), '='),
            };
            self::assertStringContainsString($text, $contract['encoding'] === 'hex' ? strtolower($headers) : $headers, $vector['id']);
        }
    }

    /** @dataProvider files */
    #[DataProvider('files')]
    public function testARowIsReadAndWrittenAsItself(string $path): void
    {
        $profile = Profile::named(basename($path, '.json'));
        $read = Profile::fromContract($profile->toContract());
        self::assertSame($profile->describe(), $read->describe());
        self::assertSame($profile->toContract(), $read->toContract());
        $file = ContractVectors::read($path);
        self::assertSame(json_decode($profile->toContract(), true), array_diff_key($file, ['rules' => 0, 'vectors' => 0]));
        self::assertSame($profile->toContract(), Profile::fromContract(file_get_contents($path))->toContract());
        self::assertNotSame('', (string) $file['title']);
        self::assertNotSame('', (string) $file['source']);
    }

    public function testRandomContractsComeBackAsThemselves(): void
    {
        mt_srand(17);
        $pick = static fn (array $choices): mixed => $choices[mt_rand(0, count($choices) - 1)];
        $made = 0;
        for ($attempt = 0; $attempt < 2000; $attempt++) {
            $fields = ['{method}', '{path}', '{query}', '{timestamp}', '{nonce}', '{key_id}'];
            shuffle($fields);
            $fields = [...array_slice($fields, 0, mt_rand(0, 5)), $pick(['{payload}', '{payload_sha256}'])];
            shuffle($fields);
            $carried = ['X-Time' => '{timestamp}', 'X-Nonce' => '{nonce}', 'X-Id' => '{key_id}', 'X-Constant' => 'a"\\/b'];
            $hasTime = in_array('{timestamp}', $fields, true);
            $row = [
                'name' => "a-$attempt",
                'stringToSign' => implode($pick(["\n", '', '.', ':', "é\"\\/\u{2028}\t\n"]), $fields),
                'headers' => array_intersect($carried, [...$fields, $pick(['', $carried['X-Constant']])])
                    + ['X-Sign' => $pick(['{signature}', 'v1={signature}', 'v=1,s={signature}', 's={signature},...'])],
                'encoding' => $pick(Encoding::cases()),
                'timestampFormat' => $hasTime ? $pick(TimestampFormat::cases()) : null,
                'tolerance' => $hasTime ? $pick([null, 0, 5, 604_800]) : null,
                'nonce' => in_array('{nonce}', $fields, true) ? $pick(['uuid', ':', '[A-Za-z0-9]{8,128}', '[a"/]{4}']) : null,
                'methodsWithoutPayload' => $pick([[], in_array('{method}', $fields, true) ? ['get', 'HEAD'] : []]),
                'ambiguous' => $pick([true, false]),
            ];
            try {
                $profile = new Profile(...$row);
            } catch (ValueError) {
                continue; // ambiguous
            }
            $made++;
            $read = Profile::fromContract($profile->toContract());
            self::assertSame($profile->describe(), $read->describe());
            self::assertSame($profile->toContract(), $read->toContract());
        }
        self::assertGreaterThan(500, $made);
    }

    /** @return iterable<string, array{string, array<string, mixed>|string}> */
    public static function wrongFiles(): iterable
    {
        yield 'no JSON' => ['/it is not JSON/', '{"name": x}'];
        yield 'a list' => ['/it is not an object of JSON$/', '[]'];
        yield 'an unknown field' => ['/the field "tollerance" is unknown$/', ['tollerance' => 5]];
        yield 'no name' => ['/name is missing$/', ['name' => null]];
        yield 'another version' => ['/contract_version must be 1, the one that is known here$/', ['contract_version' => 2]];
        yield 'a version as text' => ['/contract_version must be 1, /', ['contract_version' => '1']];
        yield 'an unknown encoding' => ['/encoding must be one of base64, base64-url, hex$/', ['encoding' => 'rot13']];
        yield 'an unknown format' => ['/timestamp_format must be one of seconds, milliseconds, /', ['timestamp_format' => 'days']];
        yield 'another type' => ['/tolerance must be a whole number$/', ['tolerance' => '60 s']];
        yield 'a fraction' => ['/tolerance must be a whole number$/', ['tolerance' => 1.5]];
        yield 'a negative tolerance' => ['/tolerance must be between 0 and 604800$/', ['tolerance' => -1]];
        yield 'headers that are a list' => ['/headers must be an object of texts$/', ['headers' => ['a']]];
        yield 'a header that is no text' => ['/headers must be an object of texts$/', ['headers' => ['X-S' => 1]]];
        yield 'methods that are no list' => ['/methods_without_payload must be a list of texts$/', ['methods_without_payload' => 'GET']];
        yield 'no flag' => ['/ambiguous must be true or false$/', ['ambiguous' => 'no']];
        yield 'a title that is no text' => ['/title must be a text$/', ['title' => 5]];
        yield 'a rule that is no text' => ['/rules\.payload must be a text$/', ['rules' => ['payload' => 1]]];
        yield 'rules that are a list' => ['/rules must be an object of texts$/', ['rules' => ['a']]];
        yield 'a vector that is none' => ['/vectors\[1\] must be an object$/', ['vectors' => [['id' => 'a'], 'b']]];
        yield 'an unknown field of the language' => ['/string_to_sign has an unknown field "\{payloa\}"/', ['string_to_sign' => '{payloa}']];
        yield 'a header too few' => ['/headers must carry \{nonce\}, /', ['string_to_sign' => '{nonce}.{payload}']];
        yield 'a row that cannot be kept' => ['/name must be 1 to 64 characters of a-z, 0-9 and -$/', ['name' => 'A']];
    }

    /**
     * @dataProvider wrongFiles
     *
     * @param array<string, mixed>|string $file
     */
    #[DataProvider('wrongFiles')]
    public function testWhatIsNoContractIsRefusedWithItsPlace(string $message, array|string $file): void
    {
        $json = is_string($file) ? $file : json_encode($file + self::LEAST, JSON_PRESERVE_ZERO_FRACTION);
        try {
            Profile::fromContract($json);
            self::fail('It was read.');
        } catch (ValueError $error) {
            self::assertStringStartsWith('HwSignature\Profile::fromContract(): Argument #1 ($json) must be a contract: ', $error->getMessage());
            self::assertMatchesRegularExpression($message, $error->getMessage());
        }
    }

    public function testWhatIsNotSaidIsTheDefault(): void
    {
        $profile = Profile::fromContract(json_encode(self::LEAST));
        self::assertSame((new Profile('ours', '{payload}', ['X-S' => '{signature}'], Encoding::Hex))->describe(), $profile->describe());
        $spelledOut = json_decode($profile->toContract(), true);
        self::assertSame([null, null, []], [$spelledOut['title'], $spelledOut['tolerance'], $spelledOut['methods_without_payload']]);
    }

    public function testATitleAndASourceStay(): void
    {
        $about = ['title' => 'Ours', 'source' => 'the wiki', 'payload' => 'the room token'];
        $read = json_decode(Profile::fromContract(json_encode($about + self::LEAST))->toContract(), true);
        self::assertSame($about, array_intersect_key($read, $about));
        $rehashed = Profile::named('huawei-receipt')->withEncoding(Encoding::Hex)->toContract();
        self::assertSame('the callback user name, and not the body', json_decode($rehashed, true)['payload']);
    }

    public function testTheSchemaTakesTheFilesAndNothingElse(): void
    {
        exec(self::PYTHON . ' -c "import jsonschema" 2>&1', $output, $code);
        if ($code !== 0) {
            self::markTestSkipped('There is no validator: make deps installs python3-jsonschema.');
        }
        $wrong = ['tolerance' => '5', 'nam' => 'x', 'encoding' => 'base32', 'headers' => [], 'vectors' => [['id' => 'a']], 'contract_version' => 2];
        $files = [];
        foreach (ContractVectors::files() as $name => $path) {
            $files[$name] = file_get_contents($path);
        }
        $files['written'] = Profile::fromContract(json_encode(self::LEAST))->toContract();
        $files['least'] = json_encode(self::LEAST);
        foreach ($wrong as $field => $value) {
            $files["wrong $field"] = json_encode([$field => $value] + self::LEAST);
        }
        $program = <<<'PYTHON'
            import json, sys, jsonschema
            schema, files = json.load(open(sys.argv[1])), json.load(sys.stdin)
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            print(json.dumps({name: next((error.message for error in validator.iter_errors(json.loads(text))), "") for name, text in files.items()}))
            PYTHON;
        $process = proc_open([self::PYTHON, '-c', $program, self::CONTRACTS . '/contract.schema.json'], [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
        fwrite($pipes[0], json_encode($files));
        fclose($pipes[0]);
        $errors = json_decode((string) stream_get_contents($pipes[1]), true);
        self::assertSame(0, proc_close($process));
        self::assertSame(array_keys($files), array_keys($errors));
        foreach ($errors as $name => $error) {
            self::assertSame(!str_starts_with($name, 'wrong '), $error === '', "$name: $error");
        }
    }
}
