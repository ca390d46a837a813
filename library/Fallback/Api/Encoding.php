<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

namespace HwSignature;

enum Encoding: string
{
    case Base64 = 'base64';
    case Base64Url = 'base64-url';
    case Hex = 'hex';
}
