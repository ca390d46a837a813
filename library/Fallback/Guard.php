<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;
use HwSignature\ReplayGuardException;

/**
 * Asks a replay guard.
 *
 * @internal
 */
final class Guard
{
    /**
     * Asks for one id after the other until it refuses one.
     *
     * @param list<string> $ids
     *
     * @throws Rejection when the guard refuses
     * @throws ReplayGuardException when the guard throws
     */
    public static function claim(\Closure $claim, array $ids, int $seconds): void
    {
        foreach ($ids as $id) {
            try {
                $answer = $claim($id, $seconds);
            } catch (\Throwable $thrown) {
                throw new ReplayGuardException('the replay guard failed', 0, $thrown, $ids);
            }
            if ($answer !== true) {
                throw new Rejection(Reason::Replayed, $answer === false
                    ? 'the request was accepted before'
                    : 'the replay guard returned neither true nor false');
            }
        }
    }
}
