<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

/** The administrator has something to do first. The message says what. */
final class NotReady extends \RuntimeException
{
}
