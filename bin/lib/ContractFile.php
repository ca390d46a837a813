<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use HwSignature\Encoding;
use HwSignature\Profile;
use HwSignature\TimestampFormat;
use InvalidArgumentException;
use JsonException;
use TypeError;
use ValueError;

/** A contract as JSON: the row of a profile, and what the other side needs to test itself, which is not read here. */
final class ContractFile
{
    private const VERSION = 1;
    /** Field => the argument of Profile's constructor; those in NEEDED must be there. */
    private const FIELDS = [
        'name' => 'name', 'string_to_sign' => 'stringToSign', 'headers' => 'headers', 'encoding' => 'encoding', 'timestamp_format' => 'timestampFormat',
        'tolerance' => 'tolerance', 'nonce' => 'nonce', 'methods_without_payload' => 'methodsWithoutPayload', 'ambiguous' => 'ambiguous',
        'canonical_request' => 'canonicalRequest', 'signed_headers' => 'signedHeaders',
    ];
    private const NEEDED = ['contract_version', 'name', 'string_to_sign', 'headers', 'encoding'];
    private const NOT_READ = ['$schema', 'contract_version', 'title', 'source', 'rules', 'vectors'];

    /** @throws InvalidArgumentException a sentence without its end */
    public static function profile(string $json): Profile
    {
        try {
            $contract = json_decode($json, true, flags: JSON_THROW_ON_ERROR);
        } catch (JsonException $error) {
            throw new InvalidArgumentException('the contract is not JSON: ' . lcfirst($error->getMessage()));
        }
        if (!is_array($contract) || array_is_list($contract)) {
            throw new InvalidArgumentException('the contract is not an object of JSON');
        }
        $unknown = array_key_first(array_diff_key($contract, self::FIELDS, array_flip(self::NOT_READ)));
        if ($unknown !== null) {
            throw new InvalidArgumentException('the contract has an unknown field, ' . json_encode((string) $unknown, JSON_INVALID_UTF8_SUBSTITUTE));
        }
        foreach (self::NEEDED as $field) {
            if (!isset($contract[$field])) {
                throw new InvalidArgumentException("the contract has no $field");
            }
        }
        if ($contract['contract_version'] !== self::VERSION) {
            throw new InvalidArgumentException('the contract_version is another one than ' . self::VERSION . ', which is the one that is known here');
        }
        return self::build(array_intersect_key($contract, self::FIELDS));
    }

    /** @param array<string, mixed> $fields */
    private static function build(array $fields): Profile
    {
        // What is not said is the default of the constructor.
        $fields = array_filter($fields, static fn(mixed $value): bool => $value !== null && $value !== []);
        $fields['encoding'] = self::oneOf(Encoding::cases(), 'encoding', $fields['encoding']);
        if (isset($fields['timestamp_format'])) {
            $fields['timestamp_format'] = self::oneOf(TimestampFormat::cases(), 'timestamp_format', $fields['timestamp_format']);
        }
        $arguments = [];
        foreach ($fields as $field => $value) {
            $arguments[self::FIELDS[$field]] = $value;
        }
        try {
            return new Profile(...$arguments);
        } catch (ValueError|TypeError $error) {
            $message = explode('): ', $error->getMessage(), 2);
            throw new InvalidArgumentException('the contract cannot be used: ' . self::inFields($message[1] ?? $message[0]));
        } catch (\Error $error) {
            throw new InvalidArgumentException('the contract cannot be used: ' . lcfirst($error->getMessage()));
        }
    }

    /** @param list<\BackedEnum> $cases */
    private static function oneOf(array $cases, string $field, mixed $value): \BackedEnum
    {
        foreach ($cases as $case) {
            if ($case->value === $value) {
                return $case;
            }
        }
        throw new InvalidArgumentException("the $field of the contract must be one of " . implode(', ', array_column($cases, 'value')));
    }

    /** The extension's sentence about an argument, as one about a field. */
    private static function inFields(string $message): string
    {
        foreach (self::FIELDS as $field => $argument) {
            $beginning = "(\$$argument) ";
            $at = str_starts_with($message, 'Argument #') ? strpos($message, $beginning) : false;
            if ($at !== false) {
                return "$field " . substr($message, $at + strlen($beginning));
            }
        }
        return lcfirst($message);
    }
}
