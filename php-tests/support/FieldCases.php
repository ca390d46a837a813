<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Diagnosis;
use HwSignature\Encoding;
use HwSignature\Profile;
use HwSignature\TimestampFormat;

/**
 * The data set of what people met. Bytes that are no UTF-8 stand in it as {"base64": "…"}; a profile is the name of a built-in
 * one, or what `Profile` is constructed from.
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
        $profile = is_array($case['profile']) ? self::profile($case['profile']) : $case['profile'];
        return hw_diagnose($headers, $payload, $key, $profile, $case['method'], $case['target'], null, $case['now']);
    }

    /** @param array<string, mixed> $arguments of the constructor, by their names, with an enum's case as its value */
    private static function profile(array $arguments): Profile
    {
        $arguments['encoding'] = Encoding::from($arguments['encoding']);
        $format = $arguments['timestampFormat'] ?? null;
        $arguments['timestampFormat'] = $format === null ? null : TimestampFormat::from($format);
        return new Profile(...$arguments);
    }
}
