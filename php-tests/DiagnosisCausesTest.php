<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Finding;
use HwSignature\Tests\Support\Mistakes;
use HwSignature\Tests\Support\Sent;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class DiagnosisCausesTest extends TestCase
{
    public static function mistakes(): array
    {
        return Mistakes::single();
    }

    public static function pairs(): array
    {
        return Mistakes::pairs();
    }

    /**
     * @dataProvider mistakes
     * @param list<Cause> $causes
     * @param \Closure(): Sent $make
     * @param list<string> $words
     */
    #[DataProvider('mistakes')]
    public function testAMistakeIsNamed(array $causes, \Closure $make, array $words): void
    {
        $this->assertExplained($causes, $make(), $words);
    }

    /**
     * @dataProvider pairs
     * @param list<Cause> $causes
     * @param \Closure(): Sent $make
     * @param list<string> $words
     */
    #[DataProvider('pairs')]
    public function testTwoMistakesAreNamed(array $causes, \Closure $make, array $words): void
    {
        $this->assertGreaterThanOrEqual(2, count($causes));
        $this->assertExplained($causes, $make(), $words);
    }

    public function testEveryCauseHasAMistake(): void
    {
        $tested = [];
        foreach (Mistakes::single() as [[$cause]]) {
            $tested[$cause->value] = true;
        }
        $all = array_column(Cause::cases(), 'value');
        $this->assertSame([], array_diff($all, array_keys($tested)));
    }

    public function testWhatTheReceiverCannotKnowIsNotMadeUp(): void
    {
        // php://input is empty for multipart/form-data: the bytes that were signed are nowhere to be had.
        $diagnosis = Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud')), '')->diagnose();
        $this->assertSame(Verdict::Unexplained, $diagnosis->verdict);
        $this->assertSame([], $diagnosis->findings);
        $this->assertStringContainsString('No payload was passed.', (string) $diagnosis);
    }

    public function testTwoMistakesInTheSamePayloadAreTooMany(): void
    {
        $signed = '"' . base64_decode(json_decode(Sent::BODY)->data) . '"';
        $diagnosis = Sent::to('huawei-push', Sent::sign('huawei-push', Sent::text('huawei-push', $signed)))->diagnose();
        $this->assertSame(Verdict::Unexplained, $diagnosis->verdict);
    }

    /**
     * @param list<Cause> $causes
     * @param list<string> $words
     */
    private function assertExplained(array $causes, Sent $sent, array $words): void
    {
        $diagnosis = $sent->diagnose();
        $report = (string) $diagnosis;
        $this->assertFalse($sent->verifies(), 'the mistake is none');
        $this->assertSame(
            array_column($causes, 'value'),
            array_map(static fn (Finding $finding): string => $finding->cause->value, $diagnosis->findings),
            $report,
        );
        $this->assertSame(Verdict::Explained, $diagnosis->verdict, $report);
        $messages = '';
        foreach ($diagnosis->findings as $finding) {
            $messages .= $finding->message . "\n";
            foreach ([$finding->message, $finding->fix] as $text) {
                $this->assertMatchesRegularExpression('/\A[A-Z][^\n]{20,}\.\z/u', $text);
                $this->assertStringNotContainsString('{}', $text);
                $this->assertStringNotContainsString('..', str_replace('...', '', $text));
                $this->assertLessThanOrEqual(300, mb_strlen($text), $text);
            }
        }
        foreach ($words as $word) {
            $this->assertStringContainsString($word, $messages);
        }
    }
}
