<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * Fields and literals one after the other: what a string to sign may be too, judged and taken apart in the same way.
 *
 * @internal
 */
final class Sequence implements HeaderForm
{
    /** @param list<string|Field> $pieces */
    private function __construct(private readonly array $pieces, private readonly Cuts $cuts)
    {
    }

    /**
     * @param list<string|Field> $pieces
     *
     * @throws \DomainException when two fields could trade bytes
     */
    public static function of(array $pieces, Grammars $grammars): self
    {
        $isQuoted = HeaderTemplate::isQuoted($pieces, Field::KeyId);
        $cuts = Cuts::of(array_map(static fn (string|Field $piece): Shape => match (true) {
            is_string($piece) => Shape::literal($piece),
            $piece === Field::KeyId && $isQuoted
                => Shape::run(str_replace(str_split(HeaderTemplate::UNQUOTABLE), '', Bytes::PLAIN), 1),
            default => $piece->shape($grammars),
        }, $pieces));
        if ($cuts instanceof Cuts) {
            return new self($pieces, $cuts);
        }
        // What trades bytes has no fixed length, so it is no literal.
        [$first, $second] = [$pieces[$cuts[0]]->inBraces(), $pieces[$cuts[1]]->inBraces()];
        throw new \DomainException(
            "$first and $second, which could not be told apart again; put a separator between them that cannot occur in one "
                . 'of them, or write them as "name={…}; name={…}"',
        );
    }

    public function between(string $joint): string
    {
        return $joint;
    }

    public function read(string $header): \Generator
    {
        $texts = $this->cuts->split($header);
        foreach ($this->pieces as $index => $piece) {
            [$text, $start] = $texts[$index];
            if (!is_string($piece)) {
                yield [$piece, $text, $start];
            } elseif ($piece !== $text) {
                throw HeaderError::frame($start);
            }
        }
    }
}
