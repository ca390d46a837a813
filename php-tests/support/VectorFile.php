<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** A file of tests/vectors: records of "name: value" lines, see the README there. */
final class VectorFile
{
    /** Fields that stand several times in a record. */
    private const LISTS = ['expect'];

    public static function path(string $name): string
    {
        return dirname(__DIR__, 2) . "/tests/vectors/$name.txt";
    }

    /**
     * Fields by name; a list for those that stand several times.
     *
     * @param list<string> $lists
     * @return array<string, array<string, string|list<string>>> records by their id
     */
    public static function records(string $name, array $lists = self::LISTS): array
    {
        $records = [];
        foreach (preg_split('/\n{2,}/', trim(file_get_contents(self::path($name)), "\n")) as $text) {
            $record = array_fill_keys($lists, []);
            foreach (preg_grep('/^#/', explode("\n", $text), PREG_GREP_INVERT) as $line) {
                [$field, $value] = explode(': ', $line, 2);
                if (str_ends_with($field, '-hex')) {
                    [$field, $value] = [substr($field, 0, -4), hex2bin($value)];
                }
                if (in_array($field, $lists, true)) {
                    $record[$field][] = $value;
                } else {
                    $record[$field] = $value;
                }
            }
            $records[$record['id']] = $record;
        }
        return $records;
    }
}
