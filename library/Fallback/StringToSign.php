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
    /** @var list<string|Field> */
    private readonly array $before;
    /** @var list<string|Field> */
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

    /** What stands for the payload: itself, or its hash. */
    public function payload(string $payload): string
    {
        return $this->isHashed ? hash('sha256', $payload) : $payload;
    }

    /**
     * Two fields that could trade bytes, if there are any.
     *
     * @return array{Field, Field}|null
     */
    public function ambiguity(?Nonce $nonce): ?array
    {
        $shape = static fn (string|Field $piece): Shape
            => is_string($piece) ? Shape::literal($piece) : $piece->shape($nonce);
        $indices = Shape::ambiguity(array_map($shape, $this->pieces));
        if ($indices === null) {
            return null;
        }
        [$first, $second] = [$this->pieces[$indices[0]], $this->pieces[$indices[1]]];
        return is_string($first) || is_string($second) ? null : [$first, $second];
    }

    /**
     * What stands before the payload, and what stands after it.
     *
     * @param array<string, string> $values by the name of the field
     *
     * @return array{string, string}
     */
    public function around(array $values): array
    {
        return [self::write($this->before, $values), self::write($this->after, $values)];
    }

    /**
     * @param list<string|Field> $pieces
     * @param array<string, string> $values
     */
    private static function write(array $pieces, array $values): string
    {
        $text = '';
        foreach ($pieces as $piece) {
            $text .= is_string($piece) ? $piece : $values[$piece->value];
        }
        return $text;
    }
}
