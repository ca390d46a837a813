<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\MalformedHeaderException;
use HwSignature\Profile;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;

/** What came out of a call, as a text: the same from the extension and from the library. */
final class Outcome
{
    /** @param bool $varies whether it depends on a random nonce, or on the time: then only lengths are told */
    public function __construct(private readonly bool $varies)
    {
    }

    public function text(mixed $value): string
    {
        return match (true) {
            $value instanceof \UnitEnum => $value::class . "::$value->name",
            $value instanceof \Throwable => $this->thrown($value),
            $value instanceof Profile => $this->text($value->describe()),
            is_object($value) => $value::class . $this->text(get_object_vars($value)),
            is_array($value) => '[' . implode(', ', array_map(
                fn (mixed $item, int|string $key): string => $this->text($key) . ' => ' . $this->text($item),
                $value,
                array_keys($value),
            )) . ']',
            $this->varies && (is_string($value) || is_int($value)) => '<' . strlen((string) $value) . '>',
            is_string($value) => '"' . addcslashes($value, "\0..\37\"\\\177..\377") . '"',
            default => var_export($value, true),
        };
    }

    public function thrown(\Throwable $thrown): string
    {
        // PHP does not say where a text is no JSON.
        $message = preg_replace('/it is not JSON\K \(.*\)/', '', explode(', called in ', $thrown->getMessage())[0]);
        $message = $this->varies ? preg_replace('/\d+ s (?=ahead|behind)/', '… s ', $message) : $message;
        $text = $thrown::class . '("' . addcslashes($message, "\0..\37\"\\\177..\377") . "\", {$thrown->getCode()}";
        if ($thrown instanceof MalformedHeaderException) {
            $text .= ", {$thrown->getReason()->name}, {$thrown->getOffset()}";
        } elseif ($thrown instanceof SignatureRejectedException) {
            $text .= ", {$thrown->getReason()->name}";
        } elseif ($thrown instanceof ReplayGuardException) {
            $text .= ', ' . $this->text($thrown->replayIds);
        }
        return $text . ($thrown->getPrevious() === null ? '' : ', ' . $this->thrown($thrown->getPrevious())) . ')';
    }
}
