<?php

declare(strict_types=1);

namespace HwSignature;

class HwSignatureException extends \Exception
{
}
