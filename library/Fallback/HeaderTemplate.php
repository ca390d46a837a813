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
    /** Longest header value in bytes. */
    public const MAX_HEADER_LENGTH = 4096;
    /** What a text between quotation marks does not have, since it would have to be escaped there. */
    public const UNQUOTABLE = '"\\';
    private const MAX_LENGTH = 1024;
    /** What stands at the end of a template, behind a separator, whose part with `{signature}` may come several times. */
    private const REPEAT = '...';
    /** Longest text between two signatures. */
    private const MAX_BETWEEN = 64;
    private const REPETITION = '"...", which repeats the part with {signature}: it stands behind a list whose parts have one '
        . 'field each, such as "t={timestamp},v1={signature},..." and "v1,{signature} ..."';

    /** @var list<Field> the fields that the header carries; none in a constant, which is sent and not looked at */
    public readonly array $fields;
    public readonly bool $hasSignature;
    /** How many signatures the header may carry. */
    public readonly int $maxSignatures;
    private readonly bool $quotesKeyId;

    /**
     * @param list<string|Field> $pieces what is written where there is one signature
     * @param string|null $between what is written between two signatures, where several may come
     */
    private function __construct(
        public readonly string $name,
        public readonly string $text,
        private readonly array $pieces,
        private readonly ?HeaderForm $form,
        private readonly ?string $between,
    ) {
        $this->fields = self::fieldsOf($pieces);
        $this->hasSignature = in_array(Field::Signature, $this->fields, true);
        $this->maxSignatures = $this->hasSignature ? ($between === null ? 1 : HeaderForm::MAX_SIGNATURES) : 0;
        $this->quotesKeyId = self::isQuoted($pieces, Field::KeyId);
    }

    /**
     * Parses a name and its template.
     *
     * @throws Refusal when the name is no HTTP field name, when the template is not valid, and when what it writes could
     *     not be read back
     */
    public static function parse(string $name, string $template, Grammars $grammars): self
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
            return self::of($name, $template, $grammars);
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
     * Whether a quotation mark stands on either side of the field.
     *
     * @param list<string|Field> $pieces
     */
    public static function isQuoted(array $pieces, Field $field): bool
    {
        $at = array_search($field, $pieces, true);
        [$before, $after] = $at === false ? ['', ''] : [$pieces[$at - 1] ?? '', $pieces[$at + 1] ?? ''];
        return is_string($before) && is_string($after) && str_ends_with($before, '"') && str_starts_with($after, '"');
    }

    /** Whether a key id can stand where the header has it, if it has one. */
    public function canSendKeyId(string $id): bool
    {
        return !$this->quotesKeyId || strpbrk($id, self::UNQUOTABLE) === false;
    }

    /**
     * Writes the value that is sent.
     *
     * @param array<string, string> $values by the name of the field, but for the signature
     * @param list<string> $signatures no more than the header may carry
     */
    public function write(array $values, array $signatures): string
    {
        $text = '';
        foreach ($this->pieces as $piece) {
            $text .= match (true) {
                is_string($piece) => $piece,
                $piece === Field::Signature => implode((string) $this->between, $signatures),
                default => $values[$piece->value],
            };
        }
        return $text;
    }

    /**
     * Reads the fields back, one after the other.
     *
     * @return iterable<array{Field, string, int}> each field, its text, and where that starts in the header. The signature
     *     may come several times
     *
     * @throws HeaderError when the header does not follow its template
     */
    public function read(string $header): iterable
    {
        if ($this->form === null) {
            return;
        }
        if (strlen($header) > self::MAX_HEADER_LENGTH) {
            throw HeaderError::tooLong();
        }
        foreach ($this->form->read($header) as $found) {
            if ($this->quotesKeyId && $found[0] === Field::KeyId) {
                $quotable = strcspn($found[1], self::UNQUOTABLE);
                if ($quotable < strlen($found[1])) {
                    throw HeaderError::forbiddenByte($found[1][$quotable], $found[2] + $quotable);
                }
            }
            yield $found;
        }
    }

    /**
     * What the header looks like when it is spelled as `write()` spells it for one key, which is how nearly all of them
     * come, as a regular expression. A field that is captured already has to be the same again.
     *
     * @param array<string, int> $captures the number of each field's capture, by its name
     */
    public function pattern(Contract $contract, array &$captures): string
    {
        $pattern = '';
        foreach ($this->pieces as $piece) {
            if (is_string($piece)) {
                $pattern .= preg_quote($piece, '/');
            } elseif (isset($captures[$piece->value])) {
                $pattern .= "\\g{{$captures[$piece->value]}}";
            } else {
                $captures[$piece->value] = count($captures) + 1;
                $pattern .= "({$piece->pattern($contract)})";
            }
        }
        return $pattern;
    }

    /** Takes a template apart. It has the first of the forms that fits: named, positional, sequence. */
    private static function of(string $name, string $template, Grammars $grammars): self
    {
        $pieces = Template::parse($template, Field::SENT);
        $fields = array_column(self::fieldsOf($pieces), 'value');
        foreach (array_diff_key($fields, array_unique($fields)) as $field) {
            throw new \DomainException("{{$field}} twice");
        }
        if (str_starts_with($template, ' ') || str_ends_with($template, ' ')) {
            throw new \DomainException('a space at an end, which HTTP takes off');
        }
        $between = null;
        if ($fields === []) {
            $form = null;
        } elseif (str_ends_with($template, self::REPEAT)) {
            [$pieces, $form, $between] = self::repeating(substr($template, 0, -strlen(self::REPEAT)), $grammars);
        } else {
            $form = NamedList::of($template, ',', false, $grammars) ?? NamedList::of($template, ';', false, $grammars)
                ?? Sequence::of($pieces, $grammars);
        }
        if (self::isQuoted($pieces, Field::Nonce) && $grammars->nonce?->shape()->hasAny(self::UNQUOTABLE) === true) {
            $message = '{nonce} between quotation marks, so that its grammar must not have " and \\';
            throw new \DomainException($message);
        }
        return new self($name, $template, $pieces, $form, $between);
    }

    /**
     * A list whose part with the signature may come several times; `$list` ends in the separator.
     *
     * @return array{list<string|Field>, HeaderForm, string} what is written where there is one signature, how it is read,
     *     and what is written between two
     */
    private static function repeating(string $list, Grammars $grammars): array
    {
        $trimmed = rtrim($list, ' ');
        $separator = substr($trimmed, -1);
        if ($separator === ',' || $separator === ';') {
            $body = rtrim(substr($trimmed, 0, -1), ' ');
        } elseif (strlen($list) === strlen($trimmed) + 1) {
            [$body, $separator] = [$trimmed, ' '];
        } else {
            throw new \DomainException(self::REPETITION);
        }
        $form = $separator === ' ' ? null : NamedList::of($body, $separator, true, $grammars);
        $form ??= PositionalList::of($body, $separator, $grammars) ?? throw new \DomainException(self::REPETITION);
        $between = $form->between(substr($list, strlen($body)));
        if (strlen($between) > self::MAX_BETWEEN) {
            throw new \DomainException('more than 64 bytes between two signatures');
        }
        return [Template::parse($body, Field::SENT), $form, $between];
    }

    /**
     * @param list<string|Field> $pieces
     *
     * @return list<Field>
     */
    private static function fieldsOf(array $pieces): array
    {
        return array_values(array_filter($pieces, static fn (string|Field $piece): bool => !is_string($piece)));
    }
}
