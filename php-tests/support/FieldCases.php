<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Diagnosis;

/**
 * The data set of what people met. Bytes that are no UTF-8 stand in it as {"base64": "…"}.
 */
final class FieldCases
{
    /** @return array<string, array<string, mixed>> the cases, by their ids */
    public static function all(): array
    {
        $json = file_get_contents(__DIR__ . '/../data/field.json');
        return array_column(json_decode($json, true, flags: JSON_THROW_ON_ERROR), null, 'id');
    }

    /** @param array<string, mixed> $case */
    public static function diagnose(array $case): Diagnosis
    {
        $bytes = static fn (mixed $value): mixed => is_array($value) && isset($value['base64']) ? base64_decode($value['base64']) : $value;
        $headers = array_map($bytes, $case['headers']);
        [$payload, $key] = [$bytes($case['payload']), $bytes($case['key'])];
        return hw_diagnose($headers, $payload, $key, $case['profile'], $case['method'], $case['target'], null, $case['now']);
    }
}
