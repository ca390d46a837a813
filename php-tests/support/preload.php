<?php

// opcache.preload: runs once, before any request, and uses the extension at that time.

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Tests\Support\EntryPoints;

require_once __DIR__ . '/EntryPoints.php';

/** Inherits from a class, and names cases of enums, where opcache keeps them for all requests. */
final class Preloaded extends SignatureRejectedException
{
    public const ENCODING = Encoding::Hex;

    public static int $calls = 0;

    public function __construct(public readonly Encoding $encoding = self::ENCODING, public readonly ?Key $key = null)
    {
        parent::__construct('preloaded', reason: Reason::Stale);
    }
}

foreach (EntryPoints::all() as $call) {
    $call();
    Preloaded::$calls++;
}
if ((new Preloaded())->getReason() !== Reason::Stale) {
    throw new \LogicException('The reason is lost while preloading.');
}
