<?php

declare(strict_types=1);

namespace HwSignature\Testing;

/**
 * The headers of a contract, as `Signer` writes them: where each field stands in their texts.
 *
 * @internal
 */
final class Headers
{
    /** What a field may be, where that is needed to tell it from its neighbours. */
    private const FIELDS = ['signature' => '[A-Za-z0-9+\/=_-]+', 'timestamp' => '[0-9TZ:.+-]+'];

    /** @param array<string, string> $templates name => template */
    public function __construct(private readonly array $templates)
    {
    }

    /** @return list<string> the headers that carry something */
    public function names(): array
    {
        $hasField = static fn (string $template): bool => str_contains($template, '{');

        return array_keys(array_filter($this->templates, $hasField));
    }

    public function has(string $field): bool
    {
        return str_contains(implode("\n", $this->templates), "{{$field}}");
    }

    /** Whether other headers carry all that this one does, so that a request does without it. */
    public function onlyRepeats(string $name): bool
    {
        $others = new self(array_diff_key($this->templates, [$name => null]));
        preg_match_all('/\{([^}]+)\}/', $this->templates[$name], $fields);

        return array_filter($fields[1], static fn (string $field): bool => !$others->has($field)) === [];
    }

    /** Whether the contract allows that a part of the header comes several times. */
    public function mayHaveMore(string $name): bool
    {
        return str_ends_with($this->templates[$name], '...');
    }

    /** The first header that carries a field. */
    public function nameOf(string $field): string
    {
        foreach ($this->templates as $name => $template) {
            if (str_contains($template, "{{$field}}")) {
                return $name;
            }
        }
        throw new \LogicException("No header carries {{$field}}.");
    }

    public function read(SignedRequest $request, string $field): string
    {
        $name = $this->nameOf($field);
        preg_match($this->pattern($name, $field), (string) $request->headers[$name], $match);

        return $match['field'];
    }

    /** @param \Closure(string): string $change */
    public function replace(SignedRequest $request, string $field, \Closure $change): SignedRequest
    {
        foreach ($this->templates as $name => $template) {
            if (str_contains($template, "{{$field}}")) {
                preg_match($this->pattern($name, $field), (string) $request->headers[$name], $part);
                $request = $request->withHeader($name, $part['before'] . $change($part['field']) . $part['after']);
            }
        }

        return $request;
    }

    private function pattern(string $name, string $wanted): string
    {
        // A signer with one key writes no further part.
        $template = (string) preg_replace('/[,; ]\.\.\.\z/', '', $this->templates[$name]);
        $parts = preg_split('/\{([^}]+)\}/', $template, -1, PREG_SPLIT_DELIM_CAPTURE) ?: [];
        $pattern = '(?<before>';
        foreach ($parts as $index => $part) {
            $text = $index % 2 === 0 ? preg_quote($part, '/') : (self::FIELDS[$part] ?? '.+?');
            $pattern .= $index % 2 === 1 && $part === $wanted ? ")(?<field>$text)(?<after>" : $text;
        }

        return "/\\A$pattern)\\z/s";
    }
}
