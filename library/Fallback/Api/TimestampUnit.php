<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

namespace HwSignature;

enum TimestampUnit: string
{
    case Seconds = 'seconds';
    case Milliseconds = 'milliseconds';
}
