<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

namespace HwSignature;

enum Verdict: string
{
    case Valid = 'valid';
    case Explained = 'explained';
    case Unexplained = 'unexplained';
}
