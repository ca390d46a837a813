<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\ChildPhp;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * The stub is a claim, the binary is the witness.
 */
final class StubTest extends TestCase
{
    private const STUB = __DIR__ . '/../stubs/hw_signature.php';

    public function testReflectionOfTheStubAndOfTheExtensionAreTheSame(): void
    {
        $claim = self::ask('ReflectionDump', 'ofFile', realpath(self::STUB), false);
        $witness = self::ask('ReflectionDump', 'ofExtension', 'hw_signature', true);

        self::assertSame([], array_values(array_diff($claim, $witness)), 'in the stub, not in the extension');
        self::assertSame([], array_values(array_diff($witness, $claim)), 'in the extension, not in the stub');
        self::assertSame($witness, $claim);
    }

    public function testTheReferenceIsWhatTheStubSays(): void
    {
        [$status, , $errors] = Php::run([PHP_BINARY, '-n', __DIR__ . '/../scripts/reference.php', '--check']);

        self::assertSame([0, ''], [$status, $errors]);
    }

    /** A dump that loses symbols would compare nothing with nothing. */
    public function testTheDumpHasWhatTheExtensionIsFor(): void
    {
        $dump = implode("\n", self::ask('ReflectionDump', 'ofExtension', 'hw_signature', true));

        self::assertStringContainsString("const HwSignature\\ANY_AGE = -1\n", $dump);
        self::assertStringContainsString('#[SensitiveParameter] HwSignature\\Key|string $key', $dump);
        self::assertStringContainsString('final class HwSignature\\Key ', $dump);
        self::assertStringContainsString('private readonly mixed HwSignature\\Verifier::$claim', $dump);
        self::assertStringContainsString("case #0 HwSignature\\Encoding::Base64 = 'base64'", $dump);
        self::assertStringContainsString('Reason $reason = HwSignature\\Reason::MalformedHeader', $dump);
    }

    /**
     * @dataProvider symbols
     *
     * @param array<string, bool> $parameters
     */
    #[DataProvider('symbols')]
    public function testEverySymbolIsDocumented(string $doc, array $parameters, bool $returns, bool $example): void
    {
        [$description, $tags] = preg_split('/^(?=@)/m', "$doc\n", 2) + [1 => ''];

        self::assertMatchesRegularExpression('/^[A-Z`0-9].*[.:]$/ms', $description, 'a sentence comes first');

        preg_match_all('/^@param +(.*?) +\$(\w+) +\S/m', $tags, $documented, PREG_SET_ORDER);
        self::assertSame(array_keys($parameters), array_column($documented, 2), 'every parameter, in order');
        foreach ($documented as [, $type, $name]) {
            self::assertSame($parameters[$name], str_contains($type, '|null'), "\$$name: $type");
        }
        self::assertSame($returns, preg_match('/^@return (?!void$)\S+/m', $tags) === 1, '@return');
        if ($example) {
            self::assertStringContainsString('```php', $description, 'an example');
        }
    }

    /**
     * @dataProvider docs
     */
    #[DataProvider('docs')]
    public function testEveryExceptionThatIsNamedExists(string $doc): void
    {
        preg_match_all('/^@throws +(\S+) +when/m', $doc, $thrown);
        self::assertSame(substr_count($doc, '@throws'), count($thrown[1]), '@throws says when');

        foreach ($thrown[1] as $class) {
            $known = class_exists($class) || class_exists("HwSignature\\$class");
            self::assertTrue($known, $class);
        }
    }

    /**
     * @dataProvider examples
     */
    #[DataProvider('examples')]
    public function testEveryExampleRuns(string $code): void
    {
        self::assertMatchesRegularExpression('/^ *assert\(/m', $code, 'an example states its result');

        $run = ChildPhp::run("<?php\n$code", ['zend.assertions=1', 'assert.exception=1']);

        self::assertSame('', $run->output . $run->errors, $code);
        self::assertSame(0, $run->exitCode, $code);
    }

    /** @return array<string, array{string, array<string, bool>, bool, bool}> */
    public static function symbols(): array
    {
        return array_map(array_values(...), self::ask('StubDocs', 'symbols', realpath(self::STUB), false));
    }

    /** @return array<string, array{string}> */
    public static function docs(): array
    {
        return array_map(static fn (array $symbol): array => [$symbol[0]], self::symbols());
    }

    /** @return array<string, array{string}> */
    public static function examples(): array
    {
        $examples = [];
        foreach (self::docs() as $symbol => [$doc]) {
            preg_match_all('/^```php\n(.*?)^```$/ms', $doc, $blocks);
            foreach ($blocks[1] as $number => $code) {
                $examples["$symbol #$number"] = [$code];
            }
        }
        return $examples;
    }

    /** Asks a support class in a process of its own, where the stub and the extension do not meet. */
    private static function ask(string $class, string $method, string $argument, bool $withExtension): array
    {
        $file = var_export(__DIR__ . "/support/$class.php", true);
        $argument = var_export($argument, true);
        $run = ChildPhp::run(
            "<?php require $file; echo serialize(HwSignature\\Tests\\Support\\$class::$method($argument));",
            withExtension: $withExtension,
        );
        $answer = @unserialize($run->output);
        return is_array($answer) ? $answer : throw new \RuntimeException($run->output . $run->errors);
    }
}
