<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * The template of a string to sign, cut in two where the payload goes, so that a payload can also be streamed.
 *
 * @internal
 */
final class StringToSign
{
    private const OF_REQUEST = [Field::Method, Field::Path, Field::Query];

    /** Whether the hash of the payload stands for the payload. */
    public readonly bool $isHashed;
    /** Whether the method, the path or the query is signed. */
    public readonly bool $signsRequest;
    public readonly bool $signsMethod;
    /** Whether something of the target is signed. */
    public readonly bool $signsTarget;
    /** @var list<string|Field> what stands before the payload */
    private readonly array $before;
    /** @var list<string|Field> what stands after the payload */
    private readonly array $after;

    /** @param list<string|Field> $pieces */
    private function __construct(public readonly string $text, private readonly array $pieces, int $payload)
    {
        $this->isHashed = $pieces[$payload] === Field::PayloadSha256;
        $this->before = array_slice($pieces, 0, $payload);
        $this->after = array_slice($pieces, $payload + 1);
        $this->signsMethod = $this->has(Field::Method);
        $this->signsTarget = $this->has(Field::Path) || $this->has(Field::Query);
        $this->signsRequest = $this->signsMethod || $this->signsTarget;
    }

    /** @throws Refusal */
    public static function parse(string $template): self
    {
        try {
            $pieces = Template::parse($template, Field::SIGNED);
        } catch (\DomainException $exception) {
            throw new Refusal('stringToSign', "has {$exception->getMessage()}");
        }
        $payloads = array_keys(array_filter(
            $pieces,
            static fn (string|Field $piece): bool => $piece === Field::Payload || $piece === Field::PayloadSha256,
        ));
        if (count($payloads) !== 1) {
            $message = 'must have {payload} or {payload_sha256}, one of them and once, or the payload would not be protected';
            throw new Refusal('stringToSign', $message);
        }
        return new self($template, $pieces, $payloads[0]);
    }

    public function has(Field $field): bool
    {
        return in_array($field, $this->pieces, true);
    }

    /**
     * The canonical forms of what is signed of a request, by the name of the field.
     *
     * @return array<string, string>
     *
     * @throws RequestError when the decoded path has a control byte
     */
    public function valuesOf(Request $request): array
    {
        $values = [];
        foreach (array_filter(self::OF_REQUEST, $this->has(...)) as $field) {
            $values[$field->value] = match ($field) {
                Field::Method => $request->method(),
                Field::Path => $request->path(),
                Field::Query => $request->query(),
            };
        }
        return $values;
    }

    /**
     * Two fields that could trade bytes, if there are any.
     *
     * @return array{Field, Field}|null
     */
    public function ambiguity(Grammars $grammars): ?array
    {
        $cuts = Cuts::of(array_map(
            static fn (string|Field $piece): Shape => is_string($piece) ? Shape::literal($piece) : $piece->shape($grammars),
            $this->pieces,
        ));
        // What trades bytes has no fixed length, so it is no literal.
        return $cuts instanceof Cuts ? null : [$this->pieces[$cuts[0]], $this->pieces[$cuts[1]]];
    }

    /**
     * What stands before the payload.
     *
     * @param array<string, string> $values by the name of the field
     */
    public function before(array $values): string
    {
        return self::fill($this->before, $values);
    }

    /**
     * What stands after the payload.
     *
     * @param array<string, string> $values by the name of the field
     */
    public function after(array $values): string
    {
        return self::fill($this->after, $values);
    }

    /**
     * @param array<string, string> $values by the name of the field
     *
     * @return list<string> its pieces
     */
    public function pieces(array $values, string $payload): array
    {
        return [
            $this->before($values),
            $this->isHashed ? hash('sha256', $payload) : $payload,
            $this->after($values),
        ];
    }

    /**
     * The template with the numbers of captures for its fields: what stands before the payload and after it, each as
     * literals with the captures that follow them, and what literal is left.
     *
     * @param array<string, int> $captures by the name of the field
     *
     * @return array{list<array{string, int}>, string, list<array{string, int}>, string}
     */
    public function captured(array $captures): array
    {
        $result = [];
        foreach ([$this->before, $this->after] as $pieces) {
            $pairs = [];
            $literal = '';
            foreach ($pieces as $piece) {
                if (is_string($piece)) {
                    $literal = $piece;
                } else {
                    $pairs[] = [$literal, $captures[$piece->value]];
                    $literal = '';
                }
            }
            array_push($result, $pairs, $literal);
        }
        return $result;
    }

    /**
     * @param list<string|Field> $pieces
     * @param array<string, string> $values
     */
    private static function fill(array $pieces, array $values): string
    {
        $text = '';
        foreach ($pieces as $piece) {
            $text .= is_string($piece) ? $piece : $values[$piece->value];
        }
        return $text;
    }
}
