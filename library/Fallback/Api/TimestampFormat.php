<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

namespace HwSignature;

enum TimestampFormat: string
{
    case Seconds = 'seconds';
    case Milliseconds = 'milliseconds';
    case Rfc3339 = 'rfc3339';
    case Iso8601Basic = 'iso8601-basic';
}
