<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use RuntimeException;

/** What the caller of the tool got wrong, or what it cannot read. */
final class UsageError extends RuntimeException
{
}
