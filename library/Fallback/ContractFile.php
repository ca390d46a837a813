<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Encoding;
use HwSignature\TimestampFormat;
use JsonException;
use WeakMap;

/**
 * A contract as a file: the row of a profile as JSON, for the other side to read.
 *
 * @internal
 */
final class ContractFile
{
    private const VERSION = 1;
    private const FIELDS = [
        '$schema', 'contract_version', 'name', 'title', 'source', 'payload', 'string_to_sign', 'headers', 'encoding', 'timestamp_format',
        'timestamp_digits', 'tolerance', 'nonce', 'methods_without_payload', 'ambiguous', 'canonical_request', 'signed_headers',
        'rules', 'vectors',
    ];
    private const NEEDED = ['contract_version', 'name', 'string_to_sign', 'headers', 'encoding'];
    private const NOTHING = ['title' => null, 'source' => null, 'payload' => null];

    /** @var WeakMap<Contract, array<string, ?string>>|null what a contract is, in words, where it is not built in */
    private static ?WeakMap $about = null;

    /** @throws Refusal of the parameter `json` */
    public static function read(string $json): Contract
    {
        try {
            $file = json_decode($json, false, flags: JSON_THROW_ON_ERROR);
        } catch (JsonException) {
            throw self::refused('it is not JSON');
        }
        if (!$file instanceof \stdClass) {
            throw self::refused('it is not an object of JSON');
        }
        $file = (array) $file;
        foreach (array_keys($file) as $name) {
            if (!in_array($name, self::FIELDS, true)) {
                throw self::refused('the field ' . self::json((string) $name) . ' is unknown');
            }
        }
        foreach (self::NEEDED as $name) {
            if (!isset($file[$name])) {
                throw self::refused("$name is missing");
            }
        }
        if ($file['contract_version'] !== self::VERSION) {
            throw self::refused('contract_version must be ' . self::VERSION . ', the one that is known here');
        }
        self::checkIgnored($file);
        $row = [
            'headers' => self::texts($file, 'headers', true),
            'methodsWithoutPayload' => self::texts($file, 'methods_without_payload', false),
        ];
        $signedHeaders = self::texts($file, 'signed_headers', false);
        $row['name'] = self::text($file, 'name');
        $about = array_map(static fn (string $name): ?string => self::text($file, $name), array_combine(array_keys(self::NOTHING), array_keys(self::NOTHING)));
        $row += [
            'stringToSign' => self::text($file, 'string_to_sign'),
            'encoding' => self::oneOf($file, 'encoding', Encoding::cases()),
            'timestampFormat' => self::oneOf($file, 'timestamp_format', TimestampFormat::cases()),
            'timestampDigits' => self::number($file, 'timestamp_digits', 'must be 10 for seconds or 13 for milliseconds'),
            'tolerance' => self::number($file, 'tolerance', Contract::wrongTolerance()->getMessage()),
            'nonce' => self::text($file, 'nonce'),
        ];
        if (!is_bool($row['ambiguous'] = $file['ambiguous'] ?? false)) {
            throw self::refused('ambiguous must be true or false');
        }
        $canonicalRequest = self::text($file, 'canonical_request');
        if ($canonicalRequest !== null || $signedHeaders !== []) {
            $row += ['canonicalRequest' => $canonicalRequest, 'signedHeaders' => $signedHeaders];
        }
        try {
            $contract = Contract::of(...$row);
        } catch (Refusal $refusal) {
            throw self::refused(strtolower((string) preg_replace('/[A-Z]/', '_$0', $refusal->parameter)) . " {$refusal->getMessage()}");
        }
        return self::describe($contract, $about);
    }

    /** The row, without rules and vectors. */
    public static function write(Contract $contract): string
    {
        $row = $contract->describe();
        $file = self::json([
            '$schema' => 'contract.schema.json',
            'contract_version' => self::VERSION,
            'name' => $row['name'],
            ...self::about($contract),
            'string_to_sign' => $row['stringToSign'],
            'headers' => (object) $row['headers'],
            'encoding' => $row['encoding']->value,
            'timestamp_format' => $row['timestampFormat']?->value,
            'timestamp_digits' => $row['timestampDigits'],
            'tolerance' => $row['tolerance'],
            'nonce' => $row['nonce'],
            'methods_without_payload' => $row['methodsWithoutPayload'],
            'ambiguous' => $row['ambiguous'],
            'canonical_request' => $row['canonicalRequest'] ?? null,
            'signed_headers' => $row['signedHeaders'] ?? [],
        ]);
        // Two spaces, as the extension writes it.
        return (string) preg_replace_callback('/^ +/m', static fn (array $spaces): string => substr($spaces[0], strlen($spaces[0]) >> 1), $file);
    }

    /** The words that one contract has for another. */
    public static function inherit(Contract $from, Contract $to): Contract
    {
        return self::describe($to, self::about($from));
    }

    /** @param array<string, ?string> $about */
    private static function describe(Contract $contract, array $about): Contract
    {
        self::$about ??= new WeakMap();
        self::$about[$contract] = $about;
        return $contract;
    }

    /** @return array<string, ?string> */
    private static function about(Contract $contract): array
    {
        $isBuiltIn = Contract::named($contract->name) === $contract;
        return self::$about[$contract] ?? ($isBuiltIn ? (require __DIR__ . '/about.php')[$contract->name] : self::NOTHING);
    }

    /** @param array<string, mixed> $file */
    private static function checkIgnored(array $file): void
    {
        if (array_key_exists('$schema', $file) && !is_string($file['$schema'])) {
            throw self::refused('$schema must be a text');
        }
        if (array_key_exists('rules', $file) && $file['rules'] !== []) {
            if (!$file['rules'] instanceof \stdClass) {
                throw self::refused('rules must be an object of texts');
            }
            foreach ((array) $file['rules'] as $name => $rule) {
                is_string($rule) || throw self::refused("rules.$name must be a text");
            }
        }
        if (array_key_exists('vectors', $file) && !is_array($file['vectors'])) {
            throw self::refused('vectors must be a list of objects');
        }
        foreach ($file['vectors'] ?? [] as $index => $vector) {
            $vector instanceof \stdClass || throw self::refused("vectors[$index] must be an object");
        }
    }

    /** @param array<string, mixed> $file */
    private static function text(array $file, string $name): ?string
    {
        $text = $file[$name] ?? null;
        return $text === null || is_string($text) ? $text : throw self::refused("$name must be a text");
    }

    /** @param array<string, mixed> $file */
    private static function number(array $file, string $name, string $outOfRange): ?int
    {
        $number = $file[$name] ?? null;
        if ($number !== null && !is_int($number)) {
            throw self::refused("$name must be a whole number");
        }
        return $number === null || $number >= 0 ? $number : throw self::refused("$name $outOfRange");
    }

    /**
     * @param array<string, mixed> $file
     *
     * @return array<string>
     */
    private static function texts(array $file, string $name, bool $isObject): array
    {
        $texts = $file[$name] ?? [];
        $fits = $isObject ? $texts instanceof \stdClass : is_array($texts);
        if (!$fits || array_filter((array) $texts, static fn (mixed $text): bool => !is_string($text)) !== []) {
            throw self::refused("$name must be " . ($isObject ? 'an object of texts' : 'a list of texts'));
        }
        return (array) $texts;
    }

    /**
     * @param array<string, mixed> $file
     * @param list<\BackedEnum> $cases
     */
    private static function oneOf(array $file, string $name, array $cases): ?\BackedEnum
    {
        if (!isset($file[$name])) {
            return null;
        }
        $case = current(array_filter($cases, static fn (\BackedEnum $case): bool => $case->value === $file[$name]));
        return $case !== false ? $case : throw self::refused("$name must be one of " . implode(', ', array_column($cases, 'value')));
    }

    private static function json(mixed $value): string
    {
        return json_encode($value, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS | JSON_THROW_ON_ERROR);
    }

    private static function refused(string $message): Refusal
    {
        return new Refusal('json', "must be a contract: $message");
    }
}
