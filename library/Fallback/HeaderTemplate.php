<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * A header of a profile: what it looks like when it is sent, and how its fields are read back.
 *
 * @internal
 */
final class HeaderTemplate
{
    private const MAX_LENGTH = 1024;

    /** @var list<Field> the fields that the header carries; none in a constant, which is sent and not looked at */
    public readonly array $fields;
    /** The byte between the parameters of a list. */
    private readonly ?string $separator;
    /** @var list<string> the names of a list's parameters */
    private readonly array $names;
    /** Reads a list that is spelled as it is written, which is how nearly all of them come. */
    private readonly string $asWritten;
    /** What stands around the field, where there is one. */
    private readonly string $prefix;
    private readonly string $suffix;

    /** @param list<string|Field> $pieces */
    private function __construct(
        public readonly string $name,
        public readonly string $text,
        private readonly array $pieces,
    ) {
        $fields = array_values(array_filter($pieces, static fn (string|Field $piece): bool => !is_string($piece)));
        $this->fields = $fields;
        if (count($fields) < 2) {
            $at = array_search($fields[0] ?? null, $pieces, true);
            [$this->prefix, $this->suffix] = [
                implode('', array_slice($pieces, 0, (int) $at)),
                implode('', $at === false ? [] : array_slice($pieces, $at + 1)),
            ];
            $this->separator = null;
            return;
        }
        [$this->separator, $this->names] = self::list($pieces) ?? throw new Refusal(
            'headers',
            "has several fields in \"$name\" that could not be told apart again; write them as \"name={…}; name={…}\"",
        );
        // Visible ASCII without the separator.
        $value = $this->separator === ';' ? '([!-:<-~]+)' : '([!-+\--~]+)';
        $pattern = '';
        foreach ($pieces as $piece) {
            $pattern .= is_string($piece) ? preg_quote($piece, '/') : $value;
        }
        $this->asWritten = "/\\A$pattern\\z/";
    }

    /**
     * Parses a name and its template.
     *
     * @throws Refusal
     */
    public static function parse(string $name, string $template): self
    {
        if (!Bytes::isOf($name, Bytes::TOKEN)) {
            throw self::wrongName($name);
        }
        $visible = strspn($template, Bytes::VISIBLE . ' ');
        try {
            if (strlen($template) > self::MAX_LENGTH) {
                throw new \DomainException('more than 1024 bytes');
            }
            if ($visible < strlen($template)) {
                throw new \DomainException("a byte at $visible that cannot stand in a header");
            }
            return new self($name, $template, Template::parse($template, Field::SENT));
        } catch (\DomainException $exception) {
            throw new Refusal('headers', "has in \"$name\" {$exception->getMessage()}");
        }
    }

    public static function wrongName(string $name): Refusal
    {
        $message = 'must have HTTP field names as keys, each once, and for fields those that $_SERVER has with HTTP_ in front; '
            . "\"$name\" is not";
        return new Refusal('headers', $message);
    }

    /**
     * Writes the value that is sent.
     *
     * @param array<string, string> $values by the name of the field
     */
    public function write(array $values): string
    {
        $text = '';
        foreach ($this->pieces as $piece) {
            $text .= is_string($piece) ? $piece : $values[$piece->value];
        }
        return $text;
    }

    /**
     * Reads the fields back.
     *
     * @return list<array{string, int}> the text of each field, in their order, and where it starts in the header
     *
     * @throws HeaderError
     */
    public function read(string $header): array
    {
        if ($this->fields === []) {
            return [];
        }
        $length = strlen($header);
        if ($length > ParameterList::MAX_LENGTH) {
            throw HeaderError::tooLong();
        }
        if ($this->separator === null) {
            $around = strlen($this->prefix) + strlen($this->suffix);
            if ($length < $around || !str_starts_with($header, $this->prefix) || !str_ends_with($header, $this->suffix)) {
                throw HeaderError::frame();
            }
            return [[substr($header, strlen($this->prefix), $length - $around), strlen($this->prefix)]];
        }
        if (preg_match($this->asWritten, $header, $found, PREG_OFFSET_CAPTURE) === 1) {
            return array_slice($found, 1);
        }
        $list = ParameterList::parse($header, $this->separator);
        return array_map($list->require(...), $this->names);
    }

    /**
     * @param list<string|Field> $pieces
     *
     * @return array{string, list<string>}|null the separator and the names; null for what is no list
     */
    private static function list(array $pieces): ?array
    {
        $separator = null;
        $names = [];
        $fields = [];
        if (count($pieces) % 2 === 1) {
            return null;
        }
        foreach (array_chunk($pieces, 2) as $index => [$literal, $field]) {
            if (!is_string($literal) || is_string($field) || !str_ends_with($literal, '=')) {
                return null;
            }
            $name = substr($literal, 0, -1);
            if ($index > 0) {
                $separator ??= $name[0] ?? '';
                if (($separator !== ';' && $separator !== ',') || ($name[0] ?? '') !== $separator) {
                    return null;
                }
                $name = ltrim(substr($name, 1), ' ');
            }
            $key = strtolower($name);
            if (!Bytes::isOf($name, Bytes::TOKEN) || isset($names[$key]) || in_array($field, $fields, true)) {
                return null;
            }
            $names[$key] = $name;
            $fields[] = $field;
        }
        return [$separator, array_values($names)];
    }
}
