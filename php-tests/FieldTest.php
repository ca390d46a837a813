<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Diagnosis;
use HwSignature\Finding;
use HwSignature\Tests\Support\FieldCases;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What people met, as public bug reports tell it: php-tests/data/field.json.
 */
final class FieldTest extends TestCase
{
    public static function cases(): array
    {
        return array_map(static fn (array $case): array => [$case], FieldCases::all());
    }

    /**
     * @dataProvider cases
     * @param array<string, mixed> $case
     */
    #[DataProvider('cases')]
    public function testWhatPeopleMetIsNamed(array $case): void
    {
        $diagnosis = FieldCases::diagnose($case);
        $verdict = ['valid' => Verdict::Valid, 'explained' => Verdict::Explained, 'unknowable' => Verdict::Unexplained];
        $this->assertSame($verdict[$case['expect']], $diagnosis->verdict, "$case[met]\n$diagnosis");
        $this->assertSame($case['causes'], self::causes($diagnosis), "$case[met]\n$diagnosis");
    }

    public function testTheShareThatIsExplained(): void
    {
        $families = [];
        foreach (FieldCases::all() as $case) {
            $families[$case['family']] ??= ['named' => 0, 'computable' => 0, 'beyond' => 0];
            $known = $case['expect'] !== 'unknowable';
            ++$families[$case['family']][$known ? 'computable' : 'beyond'];
            if ($known && $case['causes'] === self::causes($diagnosis = FieldCases::diagnose($case))) {
                $families[$case['family']]['named'] += (int) ($diagnosis->verdict !== Verdict::Unexplained);
            }
        }
        if (getenv('HW_SIGNATURE_FIGURES') !== false) {
            foreach ($families as $family => ['named' => $named, 'computable' => $computable, 'beyond' => $beyond]) {
                fwrite(STDERR, sprintf("\n%-15s %3d of %3d, and %d that cannot be computed", $family, $named, $computable, $beyond));
            }
        }
        $named = array_sum(array_column($families, 'named'));
        $this->assertGreaterThanOrEqual(0.95 * array_sum(array_column($families, 'computable')), $named);
    }

    /** @return list<string> */
    private static function causes(Diagnosis $diagnosis): array
    {
        return array_map(static fn (Finding $finding): string => $finding->cause->value, $diagnosis->findings);
    }
}
