<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * What a profile says of the fields whose texts are not the same in all profiles.
 *
 * @internal
 */
final class Grammars
{
    public function __construct(public readonly ?Nonce $nonce, public readonly ?Timestamp $timestamp)
    {
    }
}
