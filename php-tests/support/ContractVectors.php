<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

/** The vectors of the contract files. */
final class ContractVectors
{
    /** @return array<string, string> paths by the name of the contract */
    public static function files(): array
    {
        $files = glob(dirname(__DIR__, 2) . '/contracts/*.json');
        $names = array_map(static fn (string $path): string => basename($path, '.json'), $files);
        $files = array_diff_key(array_combine($names, $files), ['contract.schema' => '']);
        ksort($files);
        return $files;
    }

    /** @return array<string, mixed> */
    public static function read(string $path): array
    {
        return json_decode(file_get_contents($path), true, flags: JSON_THROW_ON_ERROR);
    }

    /** "valid", or the value of the reason. */
    public static function result(Profile $profile, array $vector): string
    {
        $headers = [];
        foreach ($vector['headers'] as [$name, $value]) {
            $headers[$name][] = $value;
        }
        $headers = array_map(static fn (array $values): array|string => count($values) === 1 ? $values[0] : $values, $headers);
        $key = Key::fromBase64($vector['key_base64'], $vector['key_id']);
        try {
            (new Verifier($profile, [$key]))
                ->verify($headers, base64_decode($vector['payload_base64'], true), $vector['method'], $vector['target'], $vector['now']);
        } catch (SignatureRejectedException $rejection) {
            return $rejection->getReason()->value;
        }
        return 'valid';
    }
}
