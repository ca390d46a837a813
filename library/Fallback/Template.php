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
    /**
     * Takes a template apart. Braces stand for fields only: there is no way to write one as itself.
     *
     * @param list<Field> $known
     *
     * @return list<string|Field>
     *
     * @throws \DomainException for what is no template, with the rest of a sentence that begins with "has"
     */
    public static function parse(string $template, array $known): array
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
            $name = substr($template, $at + 1, $end - $at - 1);
            $field = Field::tryFrom($name);
            if ($field === null || !in_array($field, $known, true)) {
                $names = implode(', ', array_map(static fn (Field $field): string => $field->inBraces(), $known));
                throw new \DomainException("an unknown field \"{{$name}}\"; there are $names");
            }
            $pieces[] = $field;
            $at = $end + 1;
        }
        return $pieces;
    }
}
