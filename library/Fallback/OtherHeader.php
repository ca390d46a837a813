<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * A field that stands for the value of another header, without white space at its ends.
 *
 * @internal
 */
final class OtherHeader
{
    /** The key of its value among those of the fields. */
    public readonly string $value;

    /** @param string $name in lower case */
    public function __construct(public readonly string $name)
    {
        $this->value = "header:$name";
    }

    public function inBraces(): string
    {
        return '{' . $this->value . '}';
    }

    public function shape(Grammars $grammars): Shape
    {
        return Shape::run(Bytes::text(), 0);
    }
}
