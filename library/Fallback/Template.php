<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * The template language: literals and `{field}`s.
 *
 * @internal
 */
final class Template
{
    /** Longest template of what is signed, in bytes. */
    public const MAX_LENGTH = 1024;
    /** What stands in front of the name of another header. */
    private const HEADER_PREFIX = 'header:';
    /** What the language leaves out, by parts of the name that somebody may try, and what to do instead. */
    private const LEFT_OUT = [
        'SHA-1 and MD5 are left out, because other payloads with the same hash can be made: sign {payload} or {payload_sha256}'
            => ['sha1', 'sha_1', 'md5'],
        'the only hash is SHA-256: sign {payload} or {payload_sha256}' => ['sha512', 'sha384', 'sha224'],
        'a payload that is not signed is left out, because anybody could change it: sign {payload} or {payload_sha256}'
            => ['unsigned'],
        'keys that are derived for a day or a region are left out: write a function that makes the Profile and the Key of a day, '
            . 'with what is fixed that day as literal text' => ['scope', 'region', 'service', 'derived', 'credential'],
        'fields of a form or of the query are left out: take the value out yourself, and pass it as a header'
            => ['form', 'param', 'post', 'cookie', 'query_'],
        'the time is {timestamp}, and the timestamp format says what it counts and how it is written'
            => ['time', 'date', 'stamp', 'epoch'],
        'what is signed of the body is {payload} or {payload_sha256}' => ['body', 'content', 'data', 'message', 'payload'],
        'the target is {path}, {query}, {target} or {url}, another header is {header:Name}' => ['uri', 'host', 'origin'],
        'what makes a request unique is {nonce}, what names the key is {key_id}' => ['nonce', 'id', 'random', 'salt'],
    ];

    /**
     * Takes a template apart. Braces stand for fields only: there is no way to write one as itself.
     *
     * @param list<Field> $known
     * @param array<string, OtherHeader> $others the other headers that are named, each once, by name
     *
     * @return list<string|Field|OtherHeader>
     *
     * @throws \DomainException for what is no template, with the rest of a sentence that begins with "has"
     */
    public static function parse(string $template, array $known, array &$others = []): array
    {
        $pieces = [];
        $at = 0;
        while ($at < strlen($template)) {
            $literal = strcspn($template, '{}', $at);
            if ($literal > 0) {
                $pieces[] = substr($template, $at, $literal);
                $at += $literal;
                continue;
            }
            $end = $template[$at] === '{' ? strpos($template, '}', $at) : false;
            if ($end === false) {
                throw new \DomainException("an unpaired brace at byte $at");
            }
            $pieces[] = self::field(substr($template, $at + 1, $end - $at - 1), $known, $others);
            $at = $end + 1;
        }
        return $pieces;
    }

    /**
     * Takes a template of what is signed apart.
     *
     * @param list<Field> $known
     * @param array<string, OtherHeader> $others
     *
     * @return list<string|Field|OtherHeader>
     *
     * @throws \DomainException
     */
    public static function parseSigned(string $template, array $known, array &$others): array
    {
        if (strlen($template) > self::MAX_LENGTH) {
            throw new \DomainException('more than 1024 bytes');
        }
        return self::parse($template, $known, $others);
    }

    /**
     * @param list<string|Field|OtherHeader> $pieces
     *
     * @throws \DomainException when a field stands twice
     */
    public static function requireOnce(array $pieces): void
    {
        $fields = array_values(array_filter($pieces, static fn (mixed $piece): bool => !is_string($piece)));
        foreach ($fields as $index => $field) {
            if (in_array($field, array_slice($fields, $index + 1), true)) {
                $name = $field instanceof OtherHeader ? Field::Header->inBraces() : $field->inBraces();
                throw new \DomainException("$name twice");
            }
        }
    }

    /**
     * @param list<Field> $known
     * @param array<string, OtherHeader> $others
     */
    private static function field(string $name, array $known, array &$others): Field|OtherHeader
    {
        if (str_starts_with($name, self::HEADER_PREFIX) && in_array(Field::Header, $known, true)) {
            $header = strtolower(substr($name, strlen(self::HEADER_PREFIX)));
            if (!Bytes::isOf($header, RequestHeaders::NAME)) {
                throw new \DomainException("\"{{$name}}\", which is no HTTP field name without _");
            }
            return $others[$header] ??= new OtherHeader($header);
        }
        $field = Field::tryFrom($name);
        if ($field !== null && in_array($field, $known, true)) {
            return $field;
        }
        $lower = strtolower($name);
        $meant = Field::tryFrom($lower);
        if ($meant !== null && in_array($meant, $known, true)) {
            throw new \DomainException("an unknown field \"{{$name}}\"; it is written {$meant->inBraces()}");
        }
        // What stands elsewhere is no other name for something.
        foreach ($meant === null ? self::LEFT_OUT : [] as $instead => $parts) {
            foreach ($parts as $part) {
                if (str_contains($lower, $part)) {
                    throw new \DomainException("an unknown field \"{{$name}}\"; $instead");
                }
            }
        }
        $names = implode(', ', array_map(static fn (Field $field): string => $field->inBraces(), $known));
        throw new \DomainException("an unknown field \"{{$name}}\"; there are $names");
    }
}
