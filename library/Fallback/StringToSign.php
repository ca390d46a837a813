<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * The template of a string to sign, cut in two where the payload goes, so that a payload can also be streamed. In place of
 * the payload, it may have the hash of a canonical request that has the payload's hash.
 *
 * @internal
 */
final class StringToSign
{
    private const MIDDLE = [Field::Payload, Field::PayloadSha256, Field::CanonicalRequestSha256];
    private const OF_TARGET = [
        Field::Path, Field::Query, Field::Target, Field::Url, Field::CanonicalPath, Field::CanonicalQuery,
    ];

    /** Whether a hash stands for the payload. */
    public readonly bool $isHashed;
    public readonly bool $signsMethod;
    /** Whether something of the target is signed. */
    public readonly bool $signsTarget;
    /** Whether a list of headers is signed. */
    public readonly bool $signsHeaderList;
    /** Whether headers are signed besides what those of the contract carry. */
    public readonly bool $signsHeaders;
    /** Whether something of the request is signed: its method, its target, or other headers. */
    public readonly bool $signsRequest;
    /** @var list<string|Field|OtherHeader> what stands before the payload */
    private readonly array $before;
    /** @var list<string|Field|OtherHeader> what stands after the payload */
    private readonly array $after;
    /** @var list<string|Field|OtherHeader> what stands before the payload's hash in the canonical request, and after it */
    private readonly array $canonicalBefore;
    private readonly array $canonicalAfter;

    /**
     * @param list<string|Field|OtherHeader> $pieces
     * @param list<string|Field|OtherHeader> $canonicalPieces
     * @param list<OtherHeader> $otherHeaders that the templates name
     */
    private function __construct(
        public readonly string $text,
        public readonly ?string $canonicalRequest,
        private readonly array $pieces,
        private readonly array $canonicalPieces,
        public readonly array $otherHeaders,
        int $payload,
    ) {
        $this->isHashed = $pieces[$payload] !== Field::Payload;
        $this->before = array_slice($pieces, 0, $payload);
        $this->after = array_slice($pieces, $payload + 1);
        $hash = (int) array_search(Field::PayloadSha256, $canonicalPieces, true);
        $this->canonicalBefore = array_slice($canonicalPieces, 0, $hash);
        $this->canonicalAfter = array_slice($canonicalPieces, $hash + 1);
        $this->signsMethod = $this->has(Field::Method);
        $this->signsTarget = array_filter(self::OF_TARGET, $this->has(...)) !== [];
        $this->signsHeaderList = $this->has(Field::CanonicalHeaders) || $this->has(Field::SignedHeaders);
        $this->signsHeaders = $this->signsHeaderList || $otherHeaders !== [];
        $this->signsRequest = $this->signsMethod || $this->signsTarget || $this->signsHeaders;
    }

    /** @throws Refusal */
    public static function parse(string $template, ?string $canonicalRequest): self
    {
        $others = [];
        try {
            $pieces = Template::parseSigned($template, Field::SIGNED, $others);
            $payloads = self::places($pieces, self::MIDDLE);
            if (count($payloads) !== 1) {
                throw new Refusal(
                    'stringToSign',
                    'must have {payload}, {payload_sha256} or {canonical_request_sha256}, one of them and once, or the payload '
                        . 'would not be protected',
                );
            }
            Template::requireOnce($pieces);
        } catch (\DomainException $exception) {
            throw new Refusal('stringToSign', "has {$exception->getMessage()}");
        }
        $isWanted = $pieces[$payloads[0]] === Field::CanonicalRequestSha256;
        if ($isWanted !== ($canonicalRequest !== null)) {
            throw new Refusal('canonicalRequest', $isWanted
                ? 'must not be null, because the string to sign has {canonical_request_sha256}'
                : 'must be null, because the string to sign has no {canonical_request_sha256}');
        }
        $canonicalPieces = $canonicalRequest === null ? [] : self::parseCanonical($canonicalRequest, $others);
        return new self($template, $canonicalRequest, $pieces, $canonicalPieces, array_values($others), $payloads[0]);
    }

    /** Whether the template, or that of the canonical request, has the field. */
    public function has(Field $field): bool
    {
        return in_array($field, $this->pieces, true) || in_array($field, $this->canonicalPieces, true);
    }

    /**
     * The canonical forms of what is signed of a request, by the name of the field.
     *
     * @param list<string> $required the headers that must be in the list of those that are signed
     *
     * @return array<string, string>
     *
     * @throws RequestError
     */
    public function valuesOf(Request $request, array $required): array
    {
        $values = [];
        $of = [
            'method' => $request->method(...), 'path' => $request->path(...), 'query' => $request->query(...),
            'target' => $request->target(...), 'url' => $request->url(...),
        ];
        foreach ($of as $name => $value) {
            if ($this->has(Field::from($name))) {
                $values[$name] = $value();
            }
        }
        foreach ($this->otherHeaders as $header) {
            $values[$header->value] = $request->headers->find($header->name, $header->name);
        }
        if ($this->has(Field::CanonicalPath)) {
            $values['canonical_path'] = $request->canonicalPath();
        }
        if ($this->has(Field::CanonicalQuery)) {
            $values['canonical_query'] = $request->canonicalQuery();
        }
        if ($this->signsHeaderList) {
            $values['canonical_headers'] = $request->canonicalHeaders($required);
            $values['signed_headers'] = $request->signedHeaders();
        }
        return $values;
    }

    /**
     * Two fields of one template that could trade bytes, if there are any.
     *
     * @return array{string, string, bool}|null the fields as the template has them, and whether they stand in the canonical
     *     request
     */
    public function ambiguity(Grammars $grammars): ?array
    {
        foreach ([$this->pieces, $this->canonicalPieces] as $isCanonical => $pieces) {
            $cuts = Cuts::of(array_map(
                static fn (string|Field|OtherHeader $piece): Shape
                    => is_string($piece) ? Shape::literal($piece) : $piece->shape($grammars),
                $pieces,
            ));
            if (!$cuts instanceof Cuts) {
                // What trades bytes has no fixed length, so it is no literal.
                return [$pieces[$cuts[0]]->inBraces(), $pieces[$cuts[1]]->inBraces(), (bool) $isCanonical];
            }
        }
        return null;
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
     * What stands for a payload of that hash: the hash itself, or that of the canonical request.
     *
     * @param array<string, string> $values by the name of the field
     */
    public function wrapped(array $values, string $payloadSha256): string
    {
        if ($this->canonicalRequest === null) {
            return $payloadSha256;
        }
        $before = self::fill($this->canonicalBefore, $values);
        return hash('sha256', $before . $payloadSha256 . self::fill($this->canonicalAfter, $values));
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
            $this->isHashed ? $this->wrapped($values, hash('sha256', $payload)) : $payload,
            $this->after($values),
        ];
    }

    /**
     * What stands before the payload and after it, with the numbers of captures in place of the fields.
     *
     * @param array<string, int> $captures by the name of the field
     *
     * @return array{list<string|int>, list<string|int>}
     */
    public function captured(array $captures): array
    {
        $capture = static fn (string|Field $piece): string|int => is_string($piece) ? $piece : $captures[$piece->value];
        return [array_map($capture, $this->before), array_map($capture, $this->after)];
    }

    /**
     * @param array<string, OtherHeader> $others
     *
     * @return list<string|Field|OtherHeader>
     */
    private static function parseCanonical(string $template, array &$others): array
    {
        try {
            $pieces = Template::parseSigned($template, Field::CANONICAL, $others);
            if (count(self::places($pieces, [Field::PayloadSha256])) !== 1) {
                $message = 'must have {payload_sha256} once, or the payload would not be protected';
                throw new Refusal('canonicalRequest', $message);
            }
            Template::requireOnce($pieces);
        } catch (\DomainException $exception) {
            throw new Refusal('canonicalRequest', "has {$exception->getMessage()}");
        }
        return $pieces;
    }

    /**
     * @param list<string|Field|OtherHeader> $pieces
     * @param list<Field> $fields
     *
     * @return list<int>
     */
    private static function places(array $pieces, array $fields): array
    {
        return array_keys(array_filter($pieces, static fn (mixed $piece): bool => in_array($piece, $fields, true)));
    }

    /**
     * @param list<string|Field|OtherHeader> $pieces
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
