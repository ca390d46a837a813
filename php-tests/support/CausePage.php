<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Cause;
use HwSignature\Finding;

/**
 * The table of causes in docs/diagnosis.md: each with what a diagnosis says of the first mistake that has it alone.
 */
final class CausePage
{
    public const FILE = __DIR__ . '/../../docs/diagnosis.md';

    /** The table as it has to be. */
    public static function table(): string
    {
        $rows = "| cause | what is wrong, for example | what to change |\n|---|---|---|\n";
        foreach (Cause::cases() as $cause) {
            $finding = self::firstOf($cause);
            $cells = ["`$cause->value`", self::markdown($finding->message), self::markdown($finding->fix)];
            $rows .= '| ' . implode(' | ', $cells) . " |\n";
        }
        return $rows;
    }

    /** Writes it into the page. */
    public static function write(): void
    {
        $page = file_get_contents(self::FILE);
        file_put_contents(self::FILE, strstr($page, '| cause |', true) . self::table());
    }

    private static function firstOf(Cause $cause): Finding
    {
        foreach (Mistakes::single() as [$causes, $make]) {
            if ($causes === [$cause]) {
                return $make()->diagnose()->findings[0];
            }
        }
        throw new \LogicException("no mistake for $cause->value");
    }

    private static function markdown(string $text): string
    {
        return addcslashes($text, '\\|*<`');
    }
}
