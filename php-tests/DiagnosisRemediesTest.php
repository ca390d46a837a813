<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Tests\Support\Mistakes;
use HwSignature\Tests\Support\Remedies;
use HwSignature\Tests\Support\Sent;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * A remedy that a program can follow, followed: after that the request verifies.
 */
final class DiagnosisRemediesTest extends TestCase
{
    /** What a sender cannot mend by signing, and why. */
    private const NONE_FOR_SENDER = [
        'request-malformed' => 'such a target cannot be signed',
        'key-id-unknown' => 'the id is to be the one that the secret was issued with',
    ];

    public static function receivers(): array
    {
        return Remedies::ofReceiver();
    }

    /**
     * @dataProvider receivers
     * @param callable(): bool $verifies
     */
    #[DataProvider('receivers')]
    public function testAReceiverThatFollowsTheRemedyAccepts(Sent $sent, string $words, callable $verifies): void
    {
        $this->assertFalse($sent->verifies());
        $diagnosis = $sent->diagnose();
        $fixes = [];
        foreach ($diagnosis->findings as $finding) {
            $fixes[$finding->cause->value] = $finding->fix;
        }
        $this->assertArrayHasKey($this->dataName(), $fixes, (string) $diagnosis);
        $this->assertStringContainsString($words, $fixes[$this->dataName()]);
        $this->assertMatchesRegularExpression('/\b[Oo]n the receiver|\b[Oo]n both sides|\bverify with|\bmake a Profile/', $fixes[$this->dataName()]);
        $this->assertTrue($verifies(), (string) $diagnosis);
    }

    public static function senders(): array
    {
        $rows = [];
        foreach (Mistakes::single() as $name => [$causes, $make]) {
            // Where the other headers cannot be signed, there is nothing to sign anew.
            $canBeSigned = !str_starts_with($name, 'canonical request, arrived:');
            if ($canBeSigned && count($causes) === 1 && !isset(self::NONE_FOR_SENDER[$causes[0]->value])) {
                $rows[$name] = [$causes[0], $make];
            }
        }
        return $rows;
    }

    /**
     * Whatever the sender did: where the report names the sender, it signs what is sent with the library, and that is accepted.
     *
     * @dataProvider senders
     * @param \Closure(): Sent $make
     */
    #[DataProvider('senders')]
    public function testASenderThatFollowsTheRemedyIsAccepted(Cause $cause, \Closure $make): void
    {
        $sent = $make();
        $fix = $sent->diagnose()->findings[0]->fix;
        if (preg_match('/\b[Oo]n (?:the sender|both sides)|\blet the sender/', $fix) !== 1) {
            $this->assertArrayHasKey($cause->value, Remedies::ofReceiver() + Remedies::NONE_FOR_RECEIVER, $fix);
            return;
        }
        $this->assertTrue($sent->signedAnew()->verifies(), $fix);
    }

    public function testEveryCauseHasARemedyOrAReasonForNone(): void
    {
        $causes = array_column(Cause::cases(), 'value');
        $followed = array_keys(Remedies::ofReceiver());
        $none = array_keys(Remedies::NONE_FOR_RECEIVER);
        $this->assertSame([], array_values(array_diff($causes, $followed, $none)), 'no word about the receiver');
        $this->assertSame([], array_values(array_intersect($followed, $none)));
        $this->assertSame([], array_values(array_diff([...$followed, ...$none], $causes)));
        $sent = array_map(static fn (array $row): string => $row[0]->value, self::senders());
        $this->assertSame([], array_values(array_diff($causes, $sent, array_keys(self::NONE_FOR_SENDER))), 'no word about the sender');
    }
}
