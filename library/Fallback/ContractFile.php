<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Encoding;
use HwSignature\TimestampFormat;

/**
 * A contract as a file: the row of a profile as JSON, for the other side to read, whatever that is written in.
 *
 * @internal
 */
final class ContractFile
{
    /** The version of the file format, and the only one that is read. */
    private const VERSION = 1;
    private const SCHEMA = 'contract.schema.json';
    /** Deepest nesting that is read. */
    private const MAX_DEPTH = 127;
    private const NEEDED = ['contract_version', 'name', 'string_to_sign', 'headers', 'encoding'];
    private const OTHERS = [
        '$schema', 'title', 'source', 'payload', 'timestamp_format', 'timestamp_digits', 'tolerance', 'nonce',
        'methods_without_payload', 'ambiguous', 'canonical_request', 'signed_headers', 'rules', 'vectors',
    ];
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS | JSON_THROW_ON_ERROR;

    /** @param array<mixed> $file */
    private function __construct(private readonly array $file)
    {
    }

    /**
     * Reads one object of JSON. What is not said in it is as in a row without it.
     *
     * @throws Refusal that says where in the file, and what is wrong there
     */
    public static function read(string $json): Contract
    {
        try {
            $file = json_decode($json, false, self::MAX_DEPTH, JSON_THROW_ON_ERROR);
        } catch (\JsonException) {
            throw self::wrong('it is not JSON');
        }
        if (!$file instanceof \stdClass) {
            throw self::wrong('it is not an object of JSON');
        }
        return (new self(get_object_vars($file)))->contract();
    }

    /** Writes the row, without rules and vectors. */
    public static function write(Contract $contract): string
    {
        $json = json_encode([
            '$schema' => self::SCHEMA,
            'contract_version' => self::VERSION,
            'name' => $contract->name,
            'title' => $contract->about()['title'] ?? null,
            'source' => $contract->about()['source'] ?? null,
            'payload' => $contract->about()['payload'] ?? null,
            'string_to_sign' => $contract->stringToSign->text,
            'headers' => (object) array_column($contract->headers, 'text', 'name'),
            'encoding' => $contract->encoding->value,
            'timestamp_format' => $contract->timestamp?->format->value,
            'timestamp_digits' => $contract->timestamp?->digits,
            'tolerance' => $contract->tolerance,
            'nonce' => $contract->nonceGrammar,
            'methods_without_payload' => $contract->methodsWithoutPayload,
            'ambiguous' => $contract->isAmbiguous,
            'canonical_request' => $contract->stringToSign->canonicalRequest,
            'signed_headers' => $contract->signedHeaders,
        ], self::FLAGS | JSON_PRETTY_PRINT);
        // Two spaces in place of four.
        return preg_replace('/^( *)\1/m', '$1', $json);
    }

    private function contract(): Contract
    {
        foreach (array_keys($this->file) as $name) {
            if (!in_array((string) $name, [...self::NEEDED, ...self::OTHERS], true)) {
                throw self::wrong('the field ' . json_encode((string) $name, self::FLAGS) . ' is unknown');
            }
        }
        foreach (self::NEEDED as $name) {
            isset($this->file[$name]) || throw self::wrong("$name is missing");
        }
        if ($this->file['contract_version'] !== self::VERSION) {
            throw self::wrong('contract_version must be ' . self::VERSION . ', the one that is known here');
        }
        $this->checkIgnored();
        $headers = $this->headers();
        $methods = $this->texts('methods_without_payload');
        $signedHeaders = $this->texts('signed_headers');
        $row = [
            'name' => $this->text('name'),
            'about' => ['title' => $this->text('title'), 'source' => $this->text('source'), 'payload' => $this->text('payload')],
            'stringToSign' => $this->text('string_to_sign'),
            'encoding' => $this->case('encoding', Encoding::class),
            'timestampFormat' => $this->case('timestamp_format', TimestampFormat::class),
            'timestampDigits' => $this->number('timestamp_digits', Contract::wrongDigits()),
            'tolerance' => $this->number('tolerance', Contract::wrongTolerance()),
            'nonce' => $this->text('nonce'),
            'ambiguous' => $this->get('ambiguous', 'true or false', is_bool(...)) ?? false,
            'canonicalRequest' => $this->text('canonical_request'),
        ];
        try {
            return Contract::of(...$row, headers: $headers, methodsWithoutPayload: $methods, signedHeaders: $signedHeaders);
        } catch (Refusal $refusal) {
            throw self::ofRow($refusal);
        }
    }

    /** What the other side reads: it changes nothing here, and has to be what it should be. */
    private function checkIgnored(): void
    {
        if (array_key_exists('$schema', $this->file) && !is_string($this->file['$schema'])) {
            throw self::wrong('$schema must be a text');
        }
        $rules = array_key_exists('rules', $this->file) ? $this->file['rules'] : [];
        if (!$rules instanceof \stdClass && $rules !== []) {
            throw self::wrong('rules must be an object of texts');
        }
        foreach (is_array($rules) ? [] : get_object_vars($rules) as $name => $rule) {
            is_string($rule) || throw self::wrong("rules.$name must be a text");
        }
        $vectors = array_key_exists('vectors', $this->file) ? $this->file['vectors'] : [];
        if (!is_array($vectors)) {
            throw self::wrong('vectors must be a list of objects');
        }
        foreach ($vectors as $index => $vector) {
            $vector instanceof \stdClass || throw self::wrong("vectors[$index] must be an object");
        }
    }

    /**
     * A field that is right. A null says no more than a field that is not there.
     *
     * @param \Closure(mixed): bool $isRight
     */
    private function get(string $name, string $expected, \Closure $isRight): mixed
    {
        $value = $this->file[$name] ?? null;
        return $value === null || $isRight($value) ? $value : throw self::wrong("$name must be $expected");
    }

    private function text(string $name): ?string
    {
        return $this->get($name, 'a text', is_string(...));
    }

    /** @return list<string> */
    private function texts(string $name): array
    {
        $areTexts = static fn (mixed $list): bool => is_array($list) && array_filter($list, is_string(...)) === $list;
        return $this->get($name, 'a list of texts', $areTexts) ?? [];
    }

    /** @return array<string, string> */
    private function headers(): array
    {
        $areTexts = static fn (mixed $headers): bool => $headers instanceof \stdClass
            && array_filter(get_object_vars($headers), is_string(...)) === get_object_vars($headers);
        return get_object_vars($this->get('headers', 'an object of texts', $areTexts));
    }

    private function number(string $name, Refusal $outOfRange): ?int
    {
        $number = $this->get($name, 'a whole number', is_int(...));
        return $number === null || $number >= 0 ? $number : throw self::ofRow($outOfRange);
    }

    /**
     * @template T of \BackedEnum
     *
     * @param class-string<T> $enum
     *
     * @return T|null
     */
    private function case(string $name, string $enum): ?\BackedEnum
    {
        $choices = implode(', ', array_column($enum::cases(), 'value'));
        $isCase = static fn (mixed $value): bool => is_string($value) && $enum::tryFrom($value) !== null;
        $value = $this->get($name, "one of $choices", $isCase);
        return $value === null ? null : $enum::from($value);
    }

    /** The parameters of a profile's constructor are the fields of the file, spelled otherwise. */
    private static function ofRow(Refusal $refusal): Refusal
    {
        $field = strtolower(preg_replace('/[A-Z]/', '_$0', $refusal->parameter));
        return self::wrong("$field {$refusal->getMessage()}");
    }

    private static function wrong(string $what): Refusal
    {
        return new Refusal('json', "must be a contract: $what");
    }
}
